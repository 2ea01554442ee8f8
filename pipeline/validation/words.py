"""The results in words: what was observed, in one short line of the language that is in force.

The words only describe; whether an expectation holds is decided before.
"""

import math

from pipeline.rounding import half_up, text
from pipeline.wording import said

SIGNIFICANT = 6
_TINY, _HUGE = -9, 18
"""Powers of ten between which a number is written out."""


def violations(unexpected: int, judged: int) -> str:
    """How many rows are there that must not be, of how many that were looked at."""
    if unexpected:
        return said("checks.observed", "broken", n=whole(unexpected), all=whole(judged))
    return said("checks.observed", "none_broken", n=whole(judged))


def row_count(rows: int) -> str:
    """How many rows a table or a query has."""
    return said("checks.observed", "rows", n=whole(rows))


def values(judged: int, unexpected: int, spread: tuple[float, float] | None) -> str:
    """How many values were judged, from what to what, and how many of them are wrong."""
    if not judged:
        return said("checks.observed", "nothing")
    if spread is None:
        told = said("checks.observed", "values", n=whole(judged))
    else:
        low, high = map(number, spread)
        told = said("checks.observed", "spread", n=whole(judged), low=low, high=high)
    if not unexpected:
        return told
    return said("checks.observed", "unexpected", values=told, n=whole(unexpected))


def number(value: float, significant: int = SIGNIFICANT) -> str:
    """A number at so many significant digits, without the zeros at its end.

    The very large and the very small, which only a mistake brings here, read as 1e+30.
    """
    if not math.isfinite(value) or value == 0:
        return text(value)
    magnitude = math.floor(math.log10(abs(value)))
    if not _TINY <= magnitude < _HUGE:
        return f"{value:.{significant}g}"
    rounded = half_up(value, max(0, significant - 1 - magnitude)).normalize()
    return text(value, max(0, -int(rounded.as_tuple().exponent)))


def whole(count: int) -> str:
    """A count, thousands apart."""
    return text(count)
