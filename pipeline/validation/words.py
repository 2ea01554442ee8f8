"""The results in words: what was observed, in one short line.

The words only describe; whether an expectation holds is decided before.
"""

import math
from typing import TYPE_CHECKING

from pipeline.rounding import text
from pipeline.validation.frames import Frame
from pipeline.validation.kinds import BETWEEN
from pipeline.validation.model import Expectation

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT = 6
_TINY, _HUGE = -9, 18
"""Powers of ten between which a number is written out."""


def observed(expectation: Expectation, frame: Frame, judged: int, unexpected: int) -> str:
    """One line on what was found: how many were judged, from what to what, how many are wrong."""
    if expectation.lists_violations:
        return (
            f"{_many(unexpected, 'row')} of {whole(judged)}"
            if unexpected
            else (f"none in {_many(judged, 'row')}")
        )
    if expectation.type.startswith("expect_table_row_count"):
        return _many(frame.total, "row")
    if not judged:
        return "no values to judge"
    told = _many(judged, "value")
    if expectation.type == BETWEEN:
        told += _spread(frame.rows[expectation.kwargs["column"]])
    return f"{told}; {whole(unexpected)} unexpected" if unexpected else told


def number(value: float, significant: int = SIGNIFICANT) -> str:
    """A number at so many significant digits, without the zeros at its end.

    The very large and the very small, which only a mistake brings here, read as 1e+30.
    """
    if not math.isfinite(value) or value == 0:
        return text(value)
    magnitude = math.floor(math.log10(abs(value)))
    if not _TINY <= magnitude < _HUGE:
        return f"{value:.{significant}g}"
    digits = max(0, significant - 1 - magnitude)
    rounded = text(value, digits)
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded


def whole(count: int) -> str:
    """A count, thousands apart."""
    return text(count)


def _many(count: int, noun: str) -> str:
    return f"{whole(count)} {noun}" + ("" if count == 1 else "s")


def _spread(column: "pd.Series[float]") -> str:
    present = column.dropna()
    return f" from {number(float(present.min()))} to {number(float(present.max()))}"
