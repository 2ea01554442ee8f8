"""Exhibits: one function each, from the facts to a figure or table of the content model.

A function returns None where nothing may be published that it could show. It takes numbers from
``facts``, words from the wording and pictures from ``charts``; it computes no measure itself.
"""
