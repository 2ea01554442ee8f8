"""How units and short names of the catalogue read in the language that is in force.

In the catalogue and the warehouse a unit is its English text; only where it is shown it is said
otherwise.
"""

from typing import Final

from pipeline.errors import ReportError
from pipeline.language import ENGLISH, in_force
from pipeline.messages import messages, po_file

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
