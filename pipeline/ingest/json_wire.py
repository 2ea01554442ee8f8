"""JSON from a publisher, strictly: whole, unambiguous, with its digits; and fields as expected.

What belongs here: what is the same whoever sends JSON. What a publisher's replies look like is told
by its own module. Numbers stay the text that was sent.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from pipeline.errors import ReadError
from pipeline.ingest import tidy

ECONOMY: Final = re.compile(tidy.PATTERNS["economy"])
YEAR: Final = re.compile(tidy.PATTERNS["year"])
INDICATOR: Final = re.compile(tidy.PATTERNS["indicator"])
_COUNT: Final = re.compile(r"[0-9]{1,9}")


class Number(str):
    """A JSON number, as its text."""

    __slots__ = ()


def text_of(body: bytes) -> str:
    """The text of a body; a byte-order mark is tolerated.

    Raises:
        ReadError: it is not UTF-8.
    """
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"not UTF-8 at byte {error.start}") from error


def json_of(text: str) -> Any:
    """The JSON that a text is, its numbers as ``Number``.

    Raises:
        ReadError: it is not whole, or a key stands twice in an object.
    """
    try:
        return json.loads(
            text,
            parse_float=Number,
            parse_int=Number,
            parse_constant=_no_constant,
            object_pairs_hook=_unambiguous,
        )
    except RecursionError as error:
        raise ReadError("not a reply: nested too deeply") from error
    except ValueError as error:
        raise ReadError(f"not whole JSON: {error}") from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _unambiguous(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a key stands twice among {', '.join(name for name, _ in pairs)}")
    return found


def count_in(head: Mapping[str, Any], name: str) -> int:
    """A count of a head, which may be a number or text.

    Raises:
        ReadError: it is not there or no count; so do the functions below for theirs.
    """
    value = head.get(name)
    if not isinstance(value, str) or _COUNT.fullmatch(value) is None:
        raise ReadError(f"head: {name} is {shown(value)}, expected a count")
    return int(value)


def matched(number: int, name: str, value: Any, pattern: "re.Pattern[str]", expected: str) -> str:
    """The text of a field of row ``number``, in the form expected."""
    # a number is text, too, of a class of its own
    if type(value) is not str or pattern.fullmatch(value) is None:
        raise ReadError(f"row {number}: {name} is {shown(value)}, expected {expected}")
    return value


def value_in(number: int, row: Mapping[str, Any]) -> str | None:
    """The digits of a row's value; None where the publisher has none."""
    if "value" not in row:
        raise ReadError(f"row {number}: there is no value, expected a number or null")
    value = row["value"]
    if value is None:
        return None
    if not isinstance(value, Number) or not math.isfinite(float(value)):
        raise ReadError(f"row {number}: value is {shown(value)}, expected a number or null")
    return str(value)


def shown(value: Any, length: int = 80) -> str:
    """A value in an error: as it is, but short and in printable characters."""
    text = ascii(value)
    return text if len(text) <= length else text[:length] + "…"
