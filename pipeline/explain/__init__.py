"""Explaining: from a claim, a finding or a figure of the report back to the publisher's bytes.

``chain`` reads the links from the warehouse; ``shown`` says them on a terminal.
"""
