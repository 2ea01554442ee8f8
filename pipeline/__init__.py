"""The digital economy of the Shanghai Cooperation Organisation, from open data to an edition.

publishers → archive → observations → tables → measures → exhibits → edition. Everything right of
the archive is a function of (archive, catalogue, as-of date, date compared with, code) and of
nothing else.
"""

import os

__version__ = "0.1.0"

# A workbook is to have the same bytes whether lxml is installed, as for the tests, or not; its
# library asks once, when it is imported.
os.environ["OPENPYXL_LXML"] = "False"
