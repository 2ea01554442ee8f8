"""How units and short names of the catalogue read in the language that is in force.

In the catalogue and the warehouse a unit is its English text; only where it is shown it is said
otherwise.
"""

from math import log10
from typing import Final

from pipeline import rounding
from pipeline.errors import ReportError
from pipeline.language import ENGLISH, in_force
from pipeline.messages import messages, po_file

_FACTORS: Final = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
"""What the first word of a unit stands for."""
UNITS: Final = "units"
RIVALS: Final = "rivals"
"""Before them, and before the names of other sources, among the messages of the catalogue."""


def unit_text(unit: str, number: str = "") -> str:
    """The unit as it is shown, in the form that goes with a number where it has several.

    Raises:
        ReportError: it has no translation.
    """
    said = _said(UNITS, unit)
    forms = said.split("|")
    return in_force().plural(number, forms) if number and len(forms) > 1 else forms[-1]


def number_text(
    value: float | None, digits: int, unit: str, *, sign: bool = False, grouped: bool = True
) -> str:
    """A value that is given in a unit such as "million people", as a number without that unit.

    Where a language counts by other scales the number is one of these: 880 million is 8.8亿. What
    is to stand after it is ``unit_after``.
    """
    factor = _FACTORS.get(unit.partition(" ")[0])
    if value is not None and factor and in_force().scaled_units:
        for scale, word, _ in in_force().scales:
            if abs(value) * factor >= scale:
                digits = max(0, digits + round(log10(scale / factor)))
                number = rounding.half_up(value * factor / scale, digits).normalize()
                shown = max(0, -int(number.as_tuple().exponent))
                return rounding.text(float(number), shown, sign=sign) + word
    return rounding.text(value, digits, sign=sign, grouped=grouped)


def unit_after(unit: str, number: str) -> str:
    """The unit as it stands after ``number_text``, which may say its scale already."""
    said = unit_text(unit, number if number[-1:].isdigit() else "")
    scale = dict(in_force().scaled_units).get(unit.partition(" ")[0], "")
    return said if number[-1:].isdigit() else said.removeprefix(scale)


def rival_text(name: str) -> str:
    """How another source of a claim's figure is called, by its name in the catalogue.

    Raises:
        ReportError: it has no translation.
    """
    return _said(RIVALS, name.replace("_", " "))


def _said(kind: str, text: str) -> str:
    language = in_force()
    if language is ENGLISH or not text:
        return text
    path = po_file(language, "catalog")
    message = messages(path, language.locale_id).get(f"{kind}.{text}")
    if message is None or not message.text:
        raise ReportError(f"{path}: {kind}.{text}: missing: {text!r}")
    return message.text
