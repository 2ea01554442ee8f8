"""UN Comtrade: what to ask of trade in goods by partner, and what the rows say.

A cross-check that is asked for by name only. What belongs here: explicit requests for the totals
between some economies, one flow at a time, and the choice of the rows that are of everything:
without three filters each pair comes once for every customs procedure, means of transport and
second partner. Retries are ``http``'s.

With a key (``SCO_COMTRADE_KEY``) a request is for many years. It goes into a header: a URL is
archived and shown. Without one there is a preview of a year at a time, which is cut after 500 rows
without a word; pairs of a dozen economies are fewer, and a page that is full is refused.

Russia and Belarus have reported nothing since 2021. What their partners report of trade with them
is there as those partners' own rows.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pandas as pd

from pipeline.errors import ReadError, SourceError
from pipeline.ingest import tidy
from pipeline.ingest.cells import to_frame
from pipeline.ingest.connectors import Fetched, Series, live_key
from pipeline.ingest.http import Client
from pipeline.ingest.json_wire import YEAR, Number, count_in, json_of, matched, shown, text_of
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import Settings

OWN_CODES: Final[Mapping[str, str]] = {"IND": "699", "WLD": "0"}
"""Of those that the publisher does not code by M49; India's 356 is of the time before 1975."""
WHOLE: Final[Mapping[str, str]] = {"partner2Code": "0", "motCode": "0", "customsCode": "C00"}
"""What a row of everything has: no second partner, all transport, all customs procedures."""
YEARS_AT_ONCE: Final = 12
"""Of a request with a key; without one it is a year."""
MOST_ROWS: Final[Mapping[str, int]] = {"public/v1/preview": 500, "data/v1/get": 100_000}
"""Rows of one answer by the beginning of its path: as many may be a part of more."""
KEY_HEADER: Final = "Ocp-Apim-Subscription-Key"

_TOTAL: Final = "TOTAL"
_FLOW: Final = re.compile("[MX]")
_KEY: Final = re.compile(r"[A-Za-z0-9]{1,100}")
_ELAPSED: Final = re.compile(rb'"elapsedTime"\s*:\s*"[^"]*"')
_URL: Final = re.compile(
    r".*/(?P<path>public/v1/preview|data/v1/get)/C/A/HS\?reporterCode=(?P<reporters>[0-9,]+)"
    r"&partnerCode=(?P<partners>[0-9,]+)&period=(?P<years>[0-9]{4}(?:,[0-9]{4})*)"
    rf"&flowCode=(?P<flow>[MX])&cmdCode={_TOTAL}"
    + "".join(f"&{name}={code}" for name, code in WHOLE.items())
)


@dataclass(frozen=True)
class Question:
    """What one request is for: a flow between some economies in some years."""

    path: str
    """Beginning of the path: with a key, or the preview."""
    flow: str
    reporters: tuple[str, ...]
    """By the publisher's codes, as the partners."""
    partners: tuple[str, ...]
    years: tuple[int, ...]

    def url(self, base: str) -> str:
        whole = "".join(f"&{name}={code}" for name, code in WHOLE.items())
        return (
            f"{base}/{self.path}/C/A/HS?reporterCode={','.join(self.reporters)}"
            f"&partnerCode={','.join(self.partners)}&period={','.join(map(str, self.years))}"
            f"&flowCode={self.flow}&cmdCode={_TOTAL}{whole}"
        )

    @classmethod
    def of(cls, url: str) -> "Question | None":
        """The question that an archived request was; None where it is not one of ours."""
        found = _URL.fullmatch(url)
        if found is None:
            return None
        reporters, partners = (tuple(found[n].split(",")) for n in ("reporters", "partners"))
        years = tuple(map(int, found["years"].split(",")))
        return cls(found["path"], found["flow"], reporters, partners, years)


class Row(NamedTuple):
    """One row of a reply that is of everything."""

    reporter: str
    """By the publisher's code, as the partner."""
    partner: str
    year: int
    value: str | None
    """US dollars; the digits as sent."""


class Cell(NamedTuple):
    """A row by our codes."""

    economy: str
    counterpart: str
    year: int
    value: str | None
    status: str = ""


def plan(series: Series, *, keyed: bool) -> tuple[Question, ...]:
    """The questions for one series, whose live code is a flow.

    Args:
        series: economies without a code of the United Nations are not asked for.
        keyed: whether there is a key.

    Raises:
        SourceError: the live code is no flow.
    """
    flow = live_key(series, _FLOW, "M or X: a flow")[0]
    partners = tuple(_codes(series))
    first, last = series.years
    years, size = range(first, last + 1), YEARS_AT_ONCE if keyed else 1
    return tuple(
        Question(
            path="data/v1/get" if keyed else "public/v1/preview",
            flow=flow,
            reporters=tuple(code for code in partners if code != OWN_CODES["WLD"]),
            partners=partners,
            years=tuple(years[start : start + size]),
        )
        for start in range(0, len(years), size)
    )


def _codes(series: Series) -> dict[str, str]:
    """Our codes by the publisher's."""
    numbers = {e: str(int(code)) for e, code in series.m49.items()}
    theirs = {**numbers, **OWN_CODES}
    return {theirs[e]: e for e in sorted(set(series.economies)) if e in theirs}


def fetch(client: Client, settings: Settings, series: Series) -> Fetched:
    """All answers for one series. See ``connectors.Connector``.

    Raises:
        SourceError: the key is none, the publisher could not be had, refused, or has cut an answer.
    """
    base, key = settings.comtrade_url.rstrip("/"), _key_of(settings)
    headers = {KEY_HEADER: key} if key else {}
    questions = plan(series, keyed=bool(key))
    urls = [question.url(base) for question in questions]
    bodies = [
        _ask(client, url, headers, question) for url, question in zip(urls, questions, strict=True)
    ]
    if key and any(key.encode() in body for body in bodies):
        raise SourceError("an answer repeats the key, so that it cannot be archived")
    return Fetched(
        bodies=tuple(bodies),
        requests=tuple(urls),
        media_type="application/json",
        source=f"{base}/{questions[0].path}/C/A/HS?flowCode={questions[0].flow}&cmdCode={_TOTAL}",
        reader="comtrade",
        constants={
            "indicator": series.indicator.id,
            "economies": " ".join(f"{theirs}={e}" for theirs, e in _codes(series).items()),
        },
        says="nothing of its date",
        lasting=without_elapsed,
    )


def requests(settings: Settings, series: Series) -> Sequence[str]:
    """The URLs, in which there is no key. See ``connectors.Planner``."""
    base = settings.comtrade_url.rstrip("/")
    return [q.url(base) for q in plan(series, keyed=settings.comtrade_key is not None)]


def without_elapsed(body: bytes) -> bytes:
    """A body without the time that it took: else no two are the same."""
    return _ELAPSED.sub(b"", body, count=1)


def _key_of(settings: Settings) -> str:
    """The key, or "" where there is none; an error never shows it.

    Raises:
        SourceError: it cannot be a key.
    """
    key = settings.comtrade_key.get_secret_value() if settings.comtrade_key else ""
    if key and _KEY.fullmatch(key) is None:
        raise SourceError("SCO_COMTRADE_KEY has other characters than letters and digits")
    return key


def _ask(client: Client, url: str, headers: Mapping[str, str], question: Question) -> bytes:
    """The body of one answer.

    Raises:
        SourceError: see ``fetch``; without the key, whatever the publisher has said of it.
    """

    def accepted(body: bytes) -> list[Row]:
        reply = _reply(body)
        if reply.get("error"):
            raise SourceError(f"the publisher says: {shown(reply['error'], 200)}")
        rows = _list_of_rows(reply)
        if len(rows) >= MOST_ROWS[question.path]:
            raise SourceError(_cut(len(rows)))
        return parse(body, question)

    try:
        body, _ = client.get(url, accepted, headers)
    except SourceError as error:
        told = str(error)
        for secret in headers.values():
            told = told.replace(secret, "…")
        if told == str(error):
            raise
        raise type(error)(told) from None  # the same kind of failure
    return body


def _cut(rows: int) -> str:
    return f"{rows} rows, which is the most that one answer has: it may be cut"


def parse(body: bytes, question: Question) -> list[Row]:
    """The rows of a body that are of everything.

    Raises:
        ReadError: it is not whole, may be cut, is no list of rows (as where only their number was
            asked for), or has one that was not asked for; names row and field.
    """
    reply = _reply(body)
    if reply.get("error"):
        raise ReadError(f"error is {shown(reply['error'])}, expected none")
    found = _list_of_rows(reply)
    if len(found) >= MOST_ROWS[question.path]:
        raise ReadError(_cut(len(found)))
    rows = (_row(number, row, question) for number, row in enumerate(found, 1))
    return [row for row in rows if row is not None]


def _reply(body: bytes) -> dict[str, Any]:
    reply = json_of(text_of(body))
    if not isinstance(reply, dict):
        raise ReadError(f"expected an object with data, it is {shown(reply)}")
    return reply


def _list_of_rows(reply: Mapping[str, Any]) -> list[Any]:
    rows = reply.get("data")
    if not isinstance(rows, list):
        raise ReadError(f"data is {shown(rows)}, expected a list of rows")
    if "count" in reply and count_in(reply, "count") != len(rows):
        raise ReadError(f"{len(rows)} rows, though count is {reply['count']}")
    return rows


def _row(number: int, row: Any, question: Question) -> Row | None:
    if not isinstance(row, dict):
        raise ReadError(f"row {number} is {shown(row)}, expected an object")
    expected = {"typeCode": "C", "freqCode": "A", "flowCode": question.flow, "cmdCode": _TOTAL}
    for name, code in expected.items():
        if row.get(name) != code:
            raise ReadError(f"row {number}: {name} is {shown(row.get(name))}, expected {code}")
    reporter = _code(number, row, "reporterCode", question.reporters)
    partner = _code(number, row, "partnerCode", question.partners)
    year = int(matched(number, "period", row.get("period"), YEAR, tidy.EXPECTED["year"]))
    if year not in question.years or row.get("refYear") != str(year):
        raise ReadError(
            f"row {number}: period {year} of refYear {shown(row.get('refYear'))} was not asked for"
        )
    value = _value(number, row)
    for name, code in WHOLE.items():
        kind = Number if code.isdigit() else str
        if type(row.get(name)) is not kind:
            raise ReadError(f"row {number}: {name} is {shown(row.get(name))}, expected a code")
    if any(row[name] != code for name, code in WHOLE.items()):
        return None
    return Row(reporter, partner, year, value)


def _code(number: int, row: Mapping[str, Any], name: str, asked: Sequence[str]) -> str:
    code = row.get(name)
    if not isinstance(code, Number) or code not in asked:
        raise ReadError(f"row {number}: {name} is {shown(code)}, which was not asked for")
    return str(code)


def _value(number: int, row: Mapping[str, Any]) -> str | None:
    value = row.get("primaryValue", "")
    if value is None:
        return None
    if not isinstance(value, Number) or not 0 <= float(value) < math.inf:
        raise ReadError(
            f"row {number}: primaryValue is {shown(value)}, expected a number from 0 or null"
        )
    return str(value)


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of an archived flow, in the columns of ``observations.COLUMNS``.

    Values are US dollars. Rows of parts and what an economy trades with itself are left out.

    Raises:
        ReadError: a body is malformed or cut, the requests do not belong together, or a pair stands
            twice in a year; names snapshot, part and row.
    """
    try:
        cells = list(_cells(sidecar, bodies))
        _check_once(cells)
    except ReadError as error:
        raise ReadError(f"snapshot {sidecar.snapshot}, {error}") from error
    kept = [c for c in cells if c.value is not None and c.economy != c.counterpart]
    frame = to_frame(kept, sidecar.constants.get("indicator", sidecar.indicators[0]))
    return frame.assign(counterpart=pd.Series([c.counterpart for c in kept], dtype="str"))


def _cells(sidecar: Sidecar, bodies: Sequence[bytes]) -> Iterator[Cell]:
    pairs = [pair.split("=") for pair in sidecar.constants.get("economies", "").split()]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise ReadError("constants: expected economies by the publisher's codes")
    ours = dict(pairs)
    flows: set[str] = set()
    years: list[int] = []
    for number, (part, body) in enumerate(zip(sidecar.parts, bodies, strict=True), 1):
        question = Question.of(part.request or "")
        if question is None or not set(question.partners) <= set(ours):
            raise ReadError(f"part {number}: {part.request!r} is not a request for these totals")
        flows.add(question.flow)
        years += question.years
        try:
            rows = parse(body, question)
        except ReadError as error:
            raise ReadError(f"part {number}: {error}") from error
        for row in rows:
            yield Cell(ours[row.reporter], ours[row.partner], row.year, row.value)
    if len(flows) > 1 or len(years) > len(set(years)):
        raise ReadError("requests: expected one flow, and each year once")


def _check_once(cells: Iterable[Cell]) -> None:
    found: set[tuple[str, str, int]] = set()
    for cell in cells:
        key = (cell.economy, cell.counterpart, cell.year)
        if key in found:
            raise ReadError(f"{' '.join(map(str, key))} stands twice")
        found.add(key)
