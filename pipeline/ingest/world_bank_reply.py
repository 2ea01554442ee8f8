"""The wire shape of the World Bank's v2 replies: the bytes of one page to its cells.

What belongs here: one body, by itself, strictly. What does not: how pages make a series
(``world_bank_series``) and whether it is the one that was asked for (``world_bank``).
"""

import re
from functools import lru_cache
from typing import Any, Final

from pipeline.errors import ReadError
from pipeline.ingest import tidy
from pipeline.ingest.json_wire import ECONOMY, INDICATOR, YEAR, count_in, matched, shown, value_in
from pipeline.ingest.sidecar import canonical_json
from pipeline.ingest.world_bank_wire import Cell, Page, day_updated, parse_json

_STATUS: Final = re.compile(r"[ !#-+\--~]{0,80}")
"""As in a tidy table: without comma or quote; and printable ASCII, as flags are."""
_SOURCE: Final = re.compile(r"[0-9]{1,9}")


@lru_cache(maxsize=8)
def parse(body: bytes) -> Page:
    """The page that a body is; a body of many series is parsed once for all that follow closely.

    Counts in the head may be numbers or text; a byte-order mark is tolerated, nothing else is.

    Raises:
        RefusalError: the body is the publisher's message, in JSON or in XML.
        ReadError: the body is not whole or not in the shape of a page; names row and field.
    """
    head, rows = _head_and_rows(body)
    return Page(
        number=count_in(head, "page"),
        pages=count_in(head, "pages"),
        per_page=count_in(head, "per_page"),
        total=count_in(head, "total"),
        source=_source(head.get("sourceid")),
        updated=day_updated(head),
        cells=tuple(_cell(number, row) for number, row in enumerate(rows, 1)),
    )


def _head_and_rows(body: bytes) -> tuple[dict[str, Any], list[Any]]:
    reply = parse_json(body)
    if not (isinstance(reply, list) and len(reply) == 2 and isinstance(reply[0], dict)):
        raise ReadError("expected a list of a head and rows")
    head, rows = reply
    if rows is None and count_in(head, "total") == 0:
        rows = []
    if not isinstance(rows, list):
        raise ReadError(f"rows are {shown(rows)}, expected a list")
    return head, rows


def rows_of(body: bytes, code: str) -> bytes:
    """All that a body says of one series: its rows with all their fields, in an order of our own.

    The head is no part of it: it counts the rows of all series, and its date moves without them.

    Raises:
        ReadError, RefusalError: see ``parse``.
    """
    return _rows_by_code(body).get(code, b"")


@lru_cache(maxsize=8)
def _rows_by_code(body: bytes) -> dict[str, bytes]:
    rows: dict[str, list[bytes]] = {}
    cells = parse(body).cells
    for cell, row in zip(cells, _head_and_rows(body)[1], strict=True):
        rows.setdefault(cell.indicator, []).append(canonical_json(row))
    return {code: b"\n".join(sorted(lines)) for code, lines in rows.items()}


def _source(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or _SOURCE.fullmatch(value) is None:
        raise ReadError(f"head: sourceid is {shown(value)}, expected a number")
    return str(value)


def _cell(number: int, row: Any) -> Cell:
    if not isinstance(row, dict):
        raise ReadError(f"row {number} is {shown(row)}, expected an object")
    indicator, economy, status = (
        row.get(n) for n in ("indicator", "countryiso3code", "obs_status")
    )
    code = indicator.get("id") if isinstance(indicator, dict) else None
    if economy == "":
        name = row["country"].get("value") if isinstance(row.get("country"), dict) else None
        raise ReadError(f"row {number}: {shown(name)} has no countryiso3code; it was not asked")
    return Cell(
        matched(number, "indicator.id", code, INDICATOR, "an indicator's code"),
        matched(number, "countryiso3code", economy, ECONOMY, tidy.EXPECTED["economy"]),
        int(matched(number, "date", row.get("date"), YEAR, tidy.EXPECTED["year"])),
        value_in(number, row),
        matched(number, "obs_status", "" if status is None else status, _STATUS, "a short flag"),
    )
