"""Editions as a whole: made from the archive, found again, verified, made for days long past.

The steps of a run and the commands of the terminal call the same functions here. What an edition
says and how its files look is decided in ``pipeline.report``.
"""
