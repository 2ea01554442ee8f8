"""Charts: from plain numbers to SVG text, wide and narrow, with every label placed by us.

Nothing here reads the warehouse or knows what a figure means; that is the work of ``exhibits``.
Altair draws, vl-convert renders, and all text of a chart comes in as text that is already rounded.
"""
