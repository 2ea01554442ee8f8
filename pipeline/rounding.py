"""The one rounding helper: half-up decimal, so that a figure reads the same everywhere.

Python's ``round`` and ``format`` round halves to even on the binary value; JavaScript does
something else again. Text, tables, charts and PDF all call these functions instead. Which signs
group and divide digits is the language's that is in force.
"""

import math
from decimal import ROUND_HALF_UP, Decimal

from pipeline import language

MINUS = "−"
NO_VALUE = "–"
HYPHEN = "-"
"""The minus of a number that is quoted with every digit."""


def half_up(value: float, digits: int = 0) -> Decimal:
    """Round the shortest decimal text of ``value`` half-up (away from zero) to ``digits``.

    Raises:
        ValueError: ``value`` is NaN or infinite.
    """
    if not math.isfinite(value):
        raise ValueError(f"cannot round {value}: not a finite number")
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded


def text(
    value: float | None,
    digits: int = 0,
    *,
    sign: bool = False,
    unit: str = "",
    grouped: bool = True,
) -> str:
    """``value`` as it stands in the report: half-up, thousands grouped, true minus.

    ``None`` and NaN read as an en dash (missing stays missing), infinity as ∞.
    """
    if value is None or math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return ("∞" if value > 0 else MINUS + "∞") + unit
    rounded = half_up(value, digits)
    shown = language.in_force().digits(abs(rounded), grouped=grouped)
    lead = MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
    return lead + shown + unit


def in_words(n: int) -> str:
    """Small numbers in words where the language has it so, others in digits; 0 is "none"."""
    return language.in_force().count(n, text(n))
