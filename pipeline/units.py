"""How a unit of the catalogue reads in the language that is in force.

In the catalogue and the warehouse a unit is its English text; only where it is shown it is said
otherwise.
"""

from typing import Final

from pipeline.errors import ReportError
from pipeline.language import ENGLISH, in_force
from pipeline.messages import messages, po_file

UNITS: Final = "units"
"""Before the units among the messages of the catalogue."""


def unit_text(unit: str, number: str = "") -> str:
    """The unit as it is shown, in the form that goes with a number where it has several.

    Raises:
        ReportError: it has no translation.
    """
    language = in_force()
    if language is ENGLISH or not unit:
        return unit
    path = po_file(language, "catalog")
    message = messages(path, language.locale_id).get(f"{UNITS}.{unit}")
    if message is None or not message.text:
        raise ReportError(f"{path}: {UNITS}.{unit}: missing: {unit!r}")
    forms = message.text.split("|")
    return language.plural(number, forms) if number and len(forms) > 1 else forms[-1]
