"""The wire shape of the World Bank's v2 replies: the bytes of one page to its cells.

What belongs here: one body, by itself, strictly. What does not: how pages make a series and
whether it is the one that was asked for (``world_bank``). Numbers stay the text that was sent.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, NoReturn

from pipeline.errors import ReadError, SourceError
from pipeline.ingest import tidy

_ECONOMY: Final = re.compile(tidy.PATTERNS["economy"])
_YEAR: Final = re.compile(tidy.PATTERNS["year"])
_INDICATOR: Final = re.compile(tidy.PATTERNS["indicator"])
_STATUS: Final = re.compile(r"[ !#-+\--~]{0,80}")
"""As in a tidy table: without comma or quote; and printable ASCII, as flags are."""
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_XML_MESSAGE: Final = re.compile(
    r"<wb:message\s+id=\"([^\"]*)\"\s+key=\"([^\"]*)\"[^>]*>([^<]*)</wb:message>"
)


class RefusalError(SourceError):
    """The publisher's own message, which comes with status 200 in the place of figures."""


class Cell(NamedTuple):
    """One row of a reply; there are tens of thousands, and a tuple is made fastest."""

    indicator: str
    """The publisher's code, which need not be the catalogue's."""
    economy: str
    year: int
    value: str | None
    """The digits as sent; None where the publisher has no value."""
    status: str


@dataclass(frozen=True)
class Page:
    """One body: its head, and its cells in the order of the publisher."""

    number: int
    pages: int
    per_page: int
    total: int
    """Rows on all pages together."""
    source: str
    """Number of the database that answered, "" where it is not named."""
    updated: date | None
    """The publisher's ``lastupdated``; figures change under it without it moving."""
    cells: tuple[Cell, ...]


class _Number(str):
    """A JSON number, as its text."""

    __slots__ = ()


def parse(body: bytes) -> Page:
    """The page that a body is.

    Counts in the head may be numbers or text; a byte-order mark is tolerated, nothing else is.

    Raises:
        RefusalError: the body is the publisher's message, in JSON or in XML.
        ReadError: the body is not whole or not in the shape of a page; names row and field.
    """
    text = _text(body)
    if text.lstrip()[:1] == "<":
        raise _xml_refusal(text)
    reply = _json(text)
    if isinstance(reply, list) and reply and isinstance(reply[0], dict) and "message" in reply[0]:
        raise _json_refusal(reply[0]["message"])
    if not (isinstance(reply, list) and len(reply) == 2 and isinstance(reply[0], dict)):
        raise ReadError("expected a list of a head and rows")
    head, rows = reply
    if rows is None and _count(head, "total") == 0:
        rows = []
    if not isinstance(rows, list):
        raise ReadError(f"rows are {_shown(rows)}, expected a list")
    return Page(
        number=_count(head, "page"),
        pages=_count(head, "pages"),
        per_page=_count(head, "per_page"),
        total=_count(head, "total"),
        source=_source(head.get("sourceid")),
        updated=_day(head.get("lastupdated")),
        cells=tuple(_cell(number, row) for number, row in enumerate(rows, 1)),
    )


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"not UTF-8 at byte {error.start}") from error


def _json(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_float=_Number,
            parse_int=_Number,
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


def _xml_refusal(text: str) -> SourceError | ReadError:
    """Calls with ``source=`` answer their errors in XML, whatever format was asked for."""
    found = _XML_MESSAGE.search(text)
    if found is None:
        return ReadError(f"expected JSON, it begins {_shown(text[:60])}")
    number, key, said = found.groups()
    return _refusal(number, key, said)


def _json_refusal(messages: Any) -> SourceError | ReadError:
    first = messages[0] if isinstance(messages, list) and messages else None
    if not isinstance(first, dict):
        return ReadError(f"message is {_shown(messages)}, expected a list of messages")
    return _refusal(*(str(first.get(name, "")) for name in ("id", "key", "value")))


def _refusal(number: str, key: str, said: str) -> RefusalError:
    words = (_printable(text) for text in (number, key, said))
    return RefusalError("the publisher's message {}, {}: “{}”".format(*words))


def _printable(text: str, length: int = 160) -> str:
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:length]


def _count(head: Mapping[str, Any], name: str) -> int:
    value = head.get(name)
    if not isinstance(value, str) or _COUNT.fullmatch(value) is None:
        raise ReadError(f"head: {name} is {_shown(value)}, expected a count")
    return int(value)


def _source(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or _COUNT.fullmatch(value) is None:
        raise ReadError(f"head: sourceid is {_shown(value)}, expected a number")
    return str(value)


def _day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ReadError(f"head: lastupdated is {_shown(value)}, expected a date")


def _cell(number: int, row: Any) -> Cell:
    if not isinstance(row, dict):
        raise ReadError(f"row {number} is {_shown(row)}, expected an object")
    indicator, economy, status = (
        row.get(n) for n in ("indicator", "countryiso3code", "obs_status")
    )
    code = indicator.get("id") if isinstance(indicator, dict) else None
    if economy == "":
        name = row["country"].get("value") if isinstance(row.get("country"), dict) else None
        raise ReadError(f"row {number}: {_shown(name)} has no countryiso3code; it was not asked")
    return Cell(
        _matched(number, "indicator.id", code, _INDICATOR, "an indicator's code"),
        _matched(number, "countryiso3code", economy, _ECONOMY, tidy.EXPECTED["economy"]),
        int(_matched(number, "date", row.get("date"), _YEAR, tidy.EXPECTED["year"])),
        _value(number, row),
        _matched(number, "obs_status", "" if status is None else status, _STATUS, "a short flag"),
    )


def _matched(number: int, name: str, value: Any, pattern: "re.Pattern[str]", expected: str) -> str:
    # a number is text, too, of a class of its own
    if type(value) is not str or pattern.fullmatch(value) is None:
        raise ReadError(f"row {number}: {name} is {_shown(value)}, expected {expected}")
    return value


def _value(number: int, row: Mapping[str, Any]) -> str | None:
    if "value" not in row:
        raise ReadError(f"row {number}: there is no value, expected a number or null")
    value = row["value"]
    if value is None:
        return None
    if not isinstance(value, _Number) or not math.isfinite(float(value)):
        raise ReadError(f"row {number}: value is {_shown(value)}, expected a number or null")
    return str(value)


def _shown(value: Any, length: int = 80) -> str:
    """A value in an error: as it is, but short and in printable characters."""
    shown = ascii(value)
    return shown if len(shown) <= length else shown[:length] + "…"
