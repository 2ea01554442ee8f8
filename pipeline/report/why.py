"""Why there is no value, as the marts say it, in the language that is in force.

The marts hold English sentences, made by SQL. The wording has each of them as a template below
``why``: by it the sentence is known again, and said in another language.
"""

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter
from typing import Final

from pipeline.errors import ReportError
from pipeline.language import ENGLISH, in_force
from pipeline.wording import load_wording, said

_KEY: Final = "why"


def in_words(reason: str) -> str:
    """A reason of the marts as it is shown.

    Raises:
        ReportError: the wording knows no such reason.
    """
    if in_force() is ENGLISH:
        return reason
    for name, pattern in _patterns().items():
        match = pattern.fullmatch(reason)
        if match is not None:
            return said(_KEY, name, **match.groupdict())
    raise ReportError(f"reason {reason!r}: no text below {_KEY!r} of the wording reads like it")


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {
        name: re.compile(_pattern(text.replace("\u00a0", " ")))
        for (key, name), text in load_wording().templates().items()
        if key == _KEY
    }


def _pattern(template: str) -> str:
    return "".join(
        re.escape(before) + (f"(?P<{name}>.+?)" if name else "")
        for before, name, _, _ in Formatter().parse(template)
    )
