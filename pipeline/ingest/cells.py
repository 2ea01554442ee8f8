"""Cells of a yearly series as readers find them: each once, and those with a value as a table.

What belongs here: what holds of cells whoever published them. What a reply looks like, and which of
its cells speak, is the reader's.
"""

from collections.abc import Iterable
from typing import Protocol

import pandas as pd

from pipeline import observations
from pipeline.errors import ReadError


class Cell(Protocol):
    """One economy and year of a series, with a value or without."""

    @property
    def economy(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def value(self) -> str | None:
        """The digits as sent; None where the publisher has no value."""

    @property
    def status(self) -> str: ...


def found_once(cells: Iterable[Cell]) -> set[tuple[str, int]]:
    """The (economy, year) of all cells.

    Raises:
        ReadError: one stands there twice.
    """
    found: set[tuple[str, int]] = set()
    for cell in cells:
        if (cell.economy, cell.year) in found:
            raise ReadError(f"grid: {cell.economy} {cell.year} stands twice")
        found.add((cell.economy, cell.year))
    return found


def to_frame(cells: Iterable[Cell], indicator: str) -> pd.DataFrame:
    """Those cells that have a value, in the columns of ``observations.COLUMNS``."""
    kept = [cell for cell in cells if cell.value is not None]
    frame = pd.DataFrame(
        {
            "indicator": indicator,
            "economy": pd.Series([cell.economy for cell in kept], dtype="str"),
            "counterpart": observations.NOT_BILATERAL,
            "year": pd.Series([cell.year for cell in kept], dtype="int32"),
            "value": pd.Series([cell.value for cell in kept], dtype="str"),
            "status": pd.Series([cell.status for cell in kept], dtype="str"),
        }
    )
    return frame.astype(observations.empty().dtypes)[list(observations.COLUMNS)]
