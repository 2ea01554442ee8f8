"""Which past days get an edition: the last of every period, and the newest of all."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final


class Every(StrEnum):
    """How far the days of a backfill are apart."""

    YEAR = "year"
    HALF_YEAR = "half-year"
    QUARTER = "quarter"
    MONTH = "month"


_MONTHS: Final = {Every.YEAR: 12, Every.HALF_YEAR: 6, Every.QUARTER: 3, Every.MONTH: 1}


def days(first_year: int, every: Every, newest: date) -> tuple[date, ...]:
    """The last day of every period from the beginning of a year to ``newest``, and that day too."""
    step, found = _MONTHS[every], []
    for month in range(step, (newest.year - first_year + 1) * 12 + 1, step):
        years, months = divmod(month, 12)
        day = date(first_year + years, months + 1, 1) - timedelta(days=1)
        if day < newest:
            found.append(day)
    return (*found, newest)
