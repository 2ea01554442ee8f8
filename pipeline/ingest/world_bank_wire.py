"""What all replies of the World Bank's v2 API have in common: JSON with its digits, and refusals.

What belongs here: the publisher's messages, and the fields that heads and rows share. What a page
looks like is ``world_bank_reply``'s (the live series) and ``world_bank_releases``' (the archived
ones). Numbers stay the text that was sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from pipeline.errors import ReadError, RefusedError, SourceError
from pipeline.ingest.json_wire import json_of, shown, text_of

_XML_MESSAGE: Final = re.compile(
    r"<wb:message\s+id=\"([^\"]*)\"\s+key=\"([^\"]*)\"[^>]*>([^<]*)</wb:message>"
)


class RefusalError(RefusedError):
    """The publisher's own message, which comes with status 200 in the place of figures."""

    def __init__(self, number: str, key: str, said: str) -> None:
        number, key, said = (_printable(text) for text in (number, key, said))
        super().__init__(f"the publisher's message {number}, {key}: “{said}”")
        self.number = number


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

    @cached_property
    def series(self) -> Mapping[str, tuple[Cell, ...]]:
        """The cells by indicator: a page may have those of many."""
        series: dict[str, list[Cell]] = {}
        for cell in self.cells:
            series.setdefault(cell.indicator, []).append(cell)
        return {code: tuple(cells) for code, cells in series.items()}


def parse_json(body: bytes) -> Any:
    """The JSON that a body is, its numbers as ``Number``; a byte-order mark is tolerated.

    Raises:
        RefusalError: the body is the publisher's message, in JSON or in XML.
        ReadError: the body is not whole, or not JSON.
    """
    text = text_of(body)
    if text.lstrip()[:1] == "<":
        raise _xml_refusal(text)
    reply = json_of(text)
    if isinstance(reply, list) and reply and isinstance(reply[0], dict) and "message" in reply[0]:
        raise _json_refusal(reply[0]["message"])
    return reply


def _xml_refusal(text: str) -> SourceError | ReadError:
    """Calls with ``source=`` answer their errors in XML, whatever format was asked for."""
    found = _XML_MESSAGE.search(text)
    if found is None:
        return ReadError(f"expected JSON, it begins {shown(text[:60])}")
    number, key, said = found.groups()
    return RefusalError(number, key, said)


def _json_refusal(messages: Any) -> SourceError | ReadError:
    first = messages[0] if isinstance(messages, list) and messages else None
    if not isinstance(first, dict):
        return ReadError(f"message is {shown(messages)}, expected a list of messages")
    return RefusalError(*(str(first.get(name, "")) for name in ("id", "key", "value")))


def _printable(text: str, length: int = 160) -> str:
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:length]


def day_updated(head: Mapping[str, Any]) -> date | None:
    """The ``lastupdated`` of a head; None where it is not said."""
    value = head.get("lastupdated")
    if value is None:
        return None
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ReadError(f"head: lastupdated is {shown(value)}, expected a date")
