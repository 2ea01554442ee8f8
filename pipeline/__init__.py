"""The digital economy of the Shanghai Cooperation Organisation, from open data to an edition.

publishers → archive → observations → tables → measures → exhibits → edition. Everything right of
the archive is a function of (archive, catalogue, as-of date, date compared with, code) and of
nothing else.
"""

__version__ = "0.1.0"
