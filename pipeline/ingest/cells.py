"""Cells of a yearly series as readers find them: each once, and those with a value as a table.

What belongs here: what holds of cells whoever published them. What a reply looks like, and which of
its cells speak, is the reader's.
"""

from collections.abc import Iterable
from typing import Final, Protocol

import pandas as pd

from pipeline import observations
from pipeline.errors import ReadError

_TYPES: Final = dict(observations.empty().dtypes)


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
    columns = {
        "indicator": [indicator] * len(kept),
        "economy": [cell.economy for cell in kept],
        "counterpart": [observations.NOT_BILATERAL] * len(kept),
        "year": [cell.year for cell in kept],
        "value": [cell.value for cell in kept],
        "status": [cell.status for cell in kept],
    }
    # typed one by one: there are hundreds of small tables, and a cast of a whole one is slow
    return pd.DataFrame(
        {name: pd.Series(columns[name], dtype=_TYPES[name]) for name in observations.COLUMNS},
        copy=False,
    )
