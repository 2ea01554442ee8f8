"""The shape that every reader yields and the warehouse takes: one row a cell, as published.

A reader turns the bytes of one snapshot into a table with these columns, in this order. Values
stay text here: the warehouse types them, and the published digits remain in the archive.
"""

from typing import Final

import pandas as pd

NOT_BILATERAL: Final = "_Z"
"""Counterpart of a series that has none (the SDMX code for "not applicable")."""

COLUMNS: Final = ("indicator", "economy", "counterpart", "year", "value", "status")
"""indicator and economy: catalogue codes; year: int; value: text as published, never empty;
status: the publisher's flag, "" where it gives none."""


def empty() -> pd.DataFrame:
    """A table of no observations, with the right columns and types."""
    frame = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    return frame.astype({"year": "int32"})
