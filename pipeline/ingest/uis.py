"""UNESCO's Institute for Statistics: which URLs to ask, and what the records of a series say.

What belongs here: the choice of the published version, one explicit request for one indicator of
one version, and the strict reading of its records. Retries are ``http``'s. The publisher ignores
what it does not know (``startYear``) and answers a code that it does not know with a hint beside
status 200: a hint is an error here, whatever it says.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple, Self

import pandas as pd

from pipeline.errors import ReadError, SourceError
from pipeline.ingest import tidy
from pipeline.ingest.cells import found_once, to_frame
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.json_wire import (
    ECONOMY,
    INDICATOR,
    YEAR,
    Number,
    json_of,
    matched,
    shown,
    text_of,
    value_in,
)
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import Settings

MAX_RECORDS: Final = 100_000
"""The most that one request may be for: the publisher answers more with 400, not with a part."""
NO_FIGURE: Final = frozenset({"NA", "SUPP", "INCLUDED"})
"""Magnitudes of a record whose value, mostly 0, is none: not applicable, not shown, or counted
elsewhere. ``NIL`` is a figure: nothing, or next to nothing."""

_DATA: Final = "/api/public/data/indicators"
_VERSIONS: Final = "/api/public/versions"
_VERSION: Final = re.compile(r"[0-9]{8}-[0-9a-f]{8}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z"
)
_FLAG: Final = re.compile(r"[A-Z0-9_]{1,20}")
_URL: Final = re.compile(
    rf".*{_DATA}\?indicator=(?P<code>[A-Za-z0-9._]+)(?P<economies>(?:&geoUnit=[A-Z0-9]{{3}})+)"
    rf"&start=(?P<first>{tidy.PATTERNS['year']})&end=(?P<last>{tidy.PATTERNS['year']})"
    rf"&version=(?P<version>{_VERSION.pattern})"
)


class Version(NamedTuple):
    """One state of all the publisher's figures, which does not change any more."""

    published: datetime
    id: str


class Row(NamedTuple):
    """One record of a reply."""

    indicator: str
    economy: str
    year: int
    value: str | None
    """The digits as sent; None where there is no figure."""
    status: str
    """Qualifier and magnitude, with a space between where there are both."""


class Reply(NamedTuple):
    """One body."""

    hints: tuple[str, ...]
    """Code and message of what the publisher says of the request itself."""
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Question:
    """What a request is for: one indicator of some economies, all years from first to last."""

    code: str
    economies: tuple[str, ...]
    years: tuple[int, int]

    def url(self, base: str, version: str) -> str:
        """The request for this in one version."""
        places = "".join(f"&geoUnit={economy}" for economy in self.economies)
        first, last = self.years
        return (
            f"{base}{_DATA}?indicator={self.code}{places}"
            f"&start={first}&end={last}&version={version}"
        )

    @classmethod
    def of(cls, url: str) -> "Self | None":
        """The question that an archived request was for; None if it is not one of ours."""
        found = _URL.fullmatch(url)
        if found is None:
            return None
        economies = tuple(found["economies"].removeprefix("&geoUnit=").split("&geoUnit="))
        return cls(found["code"], economies, (int(found["first"]), int(found["last"])))


def plan(series: Series) -> Question:
    """The question for one series.

    Raises:
        SourceError: there could be more records than the publisher gives.
    """
    first, last = series.years
    economies = tuple(sorted(set(series.economies)))
    records = len(economies) * (last - first + 1)
    if records > MAX_RECORDS:
        raise SourceError(
            f"{series.indicator.id}: {len(economies)} economies from {first} to {last} are "
            f"{records} records, expected at most {MAX_RECORDS} in a request"
        )
    return Question(series.indicator.live_code or series.indicator.id, economies, series.years)


def fetch(client: Client, settings: Settings, series: Series) -> Fetched:
    """One series of the newest published version. See ``connectors.Connector``.

    Raises:
        SourceError: the publisher could not be had, or gives a hint in the place of figures.
    """
    base = settings.uis_url.rstrip("/")
    question = plan(series)
    _, version = client.get(base + _VERSIONS, newest_version)
    url = question.url(base, version.id)
    body, _ = client.get(url, _parse_without_hints)
    return Fetched(
        bodies=(body,),
        requests=(url,),
        media_type="application/json",
        source=f"{base}{_DATA}?indicator={question.code}",
        reader="uis",
        constants={"indicator": series.indicator.id},
        says=f"version {version.id}, published on {version.published:%Y-%m-%d}",
    )


def requests(settings: Settings, series: Series) -> Sequence[str]:
    """The request up to the version, which is asked for first. See ``connectors.Planner``."""
    return [plan(series).url(settings.uis_url.rstrip("/"), "")]


def newest_version(body: bytes) -> Version:
    """The version that was published last, of a body that lists them.

    Raises:
        ReadError: it is no such list, or none is published; names entry and field.
    """
    entries = json_of(text_of(body))
    if not isinstance(entries, list):
        raise ReadError(f"expected a list of versions, it is {shown(entries)}")
    found = [_version(number, entry) for number, entry in enumerate(entries, 1)]
    if not found:
        raise ReadError("expected a list of versions, it is empty")
    return max(found)


def _version(number: int, entry: Any) -> Version:
    if not isinstance(entry, dict):
        raise ReadError(f"row {number} is {shown(entry)}, expected an object")
    name = matched(number, "version", entry.get("version"), _VERSION, "a date and 8 hex digits")
    when = entry.get("publicationDate")
    moment = matched(number, "publicationDate", when, _MOMENT, "a moment in UTC")
    try:
        return Version(datetime.fromisoformat(moment), name)
    except ValueError as error:
        raise ReadError(f"row {number}: publicationDate is {moment}: {error}") from error


def _parse_without_hints(body: bytes) -> Reply:
    reply = parse(body)
    if reply.hints:
        # the same would come again: a refusal, and no reason to ask once more
        raise SourceError(f"the publisher hints: {'; '.join(reply.hints)}")
    return reply


def parse(body: bytes) -> Reply:
    """The reply that a body is.

    Raises:
        ReadError: it is not whole or not in the shape of a reply; names row and field.
    """
    reply = json_of(text_of(body))
    if not isinstance(reply, dict):
        raise ReadError(f"expected an object with hints and records, it is {shown(reply)}")
    hints, rows = (_list_in(reply, name) for name in ("hints", "records"))
    return Reply(
        tuple(map(_hint, hints)), tuple(_row(number, row) for number, row in enumerate(rows, 1))
    )


def _list_in(reply: Mapping[str, Any], name: str) -> list[Any]:
    found = reply.get(name)
    if not isinstance(found, list):
        raise ReadError(f"{name} is {shown(found)}, expected a list")
    return found


def _hint(hint: Any) -> str:
    """What a hint says: it is shown whatever form it has."""
    parts = [hint.get("code"), hint.get("message")] if isinstance(hint, dict) else []
    told = [part for part in parts if isinstance(part, str)]
    return shown(" ".join(told) if told else hint, 200)


def _row(number: int, row: Any) -> Row:
    if not isinstance(row, dict):
        raise ReadError(f"row {number} is {shown(row)}, expected an object")
    indicator = matched(
        number, "indicatorId", row.get("indicatorId"), INDICATOR, "an indicator's code"
    )
    economy = matched(number, "geoUnit", row.get("geoUnit"), ECONOMY, tidy.EXPECTED["economy"])
    year = _year(number, row.get("year"))
    magnitude, qualifier = (_flag(number, row, name) for name in ("magnitude", "qualifier"))
    value = value_in(number, row)
    return Row(
        indicator=indicator,
        economy=economy,
        year=year,
        value=None if magnitude in NO_FIGURE else value,
        status=" ".join(flag for flag in (qualifier, magnitude) if flag),
    )


def _year(number: int, year: Any) -> int:
    if not isinstance(year, Number) or YEAR.fullmatch(year) is None:
        raise ReadError(f"row {number}: year is {shown(year)}, expected {tidy.EXPECTED['year']}")
    return int(year)


def _flag(number: int, row: Mapping[str, Any], name: str) -> str:
    """A flag of a record, which has the field even where it says nothing: "" for null."""
    if name not in row:
        raise ReadError(f"row {number}: there is no {name}, expected a flag or null")
    flag = row[name]
    return "" if flag is None else matched(number, name, flag, _FLAG, "a flag or null")


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of an archived series, in the columns of ``observations.COLUMNS``.

    Records without a figure are left out.

    Raises:
        ReadError: the body is malformed or has a hint, a record was not asked for, or two are of
            one economy and year; names snapshot and cell.
    """
    try:
        return _observations(sidecar, bodies)
    except ReadError as error:
        raise ReadError(f"snapshot {sidecar.snapshot}, {error}") from error


def _observations(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    if len(bodies) != 1:
        raise ReadError(f"it has {len(bodies)} parts, expected one")
    request = sidecar.parts[0].request or ""
    question = Question.of(request)
    if question is None:
        raise ReadError(f"part 1: {request!r} is not a request for a series of a version")
    try:
        reply = parse(bodies[0])
    except ReadError as error:
        raise ReadError(f"part 1: {error}") from error
    if reply.hints:
        raise ReadError(f"part 1: the publisher hints: {'; '.join(reply.hints)}")
    _check(reply.rows, question)
    return to_frame(reply.rows, sidecar.constants.get("indicator", sidecar.indicators[0]))


def _check(rows: Sequence[Row], question: Question) -> None:
    """Every record is of the series, of an economy and year that was asked, and there once."""
    wanted, (first, last) = set(question.economies), question.years
    for row in rows:
        where = f"{row.economy} {row.year}"
        if row.indicator != question.code:
            raise ReadError(f"{where}: is of {row.indicator}, expected {question.code}")
        if row.economy not in wanted or not first <= row.year <= last:
            raise ReadError(f"a row for {where}, which was not asked for")
    found_once(rows)
