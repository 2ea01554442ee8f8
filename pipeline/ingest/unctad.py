"""UNCTADstat: which data set to ask for, and what the table in its archive says.

A data set comes whole, as a 7z archive with one CSV: all economies, groups of them, flows and parts
of the whole. What belongs here: the request, and the choice of the rows of one flow that are of the
whole. How an archive is opened is ``seven_zip``'s, retries are ``http``'s.

Economies are coded by the three digits of the United Nations' M49, groups of them by four digits;
the world is 0000. Values are millions of US dollars. Parts of the whole stand beside it in the same
columns, and no documented code tells them apart: the whole is the category that is all of the
world's.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import pandas as pd

from pipeline.errors import ReadError
from pipeline.ingest import tidy
from pipeline.ingest.cells import found_once, to_frame
from pipeline.ingest.connectors import Fetched, Series, live_key
from pipeline.ingest.csv_wire import matched, table_of
from pipeline.ingest.http import Client
from pipeline.ingest.json_wire import shown
from pipeline.ingest.seven_zip import only_member
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import Settings

MAX_TABLE_BYTES: Final = 64 * 1024 * 1024
"""The most that an archive may unpack to; the table itself has some megabytes."""
WORLD: Final[Mapping[str, str]] = {"WLD": "0000"}
"""The world by our code and the publisher's, which is not its M49."""
MEASURES: Final = frozenset({
    "US$ at current prices in millions", "US dollars at current prices in millions",
})  # fmt: skip
"""Titles of the column of values: the publisher has spelled it both ways."""
DIMENSIONS: Final = ("Year", "Economy", "Flow", "Flow Label")
PARTS: Final = ("Category", "Category Label")

_SHARE: Final = re.compile(r"Percentage of total digitally[- ]deliver(?:able|ed) services")
_KEY: Final = re.compile(r"(?P<data_set>US\.[A-Za-z0-9_]+)/(?P<flow>[A-Za-z]+)")
_YEAR: Final = re.compile(tidy.PATTERNS["year"])
_VALUE: Final = re.compile(tidy.PATTERNS["value"])
_ECONOMY: Final = re.compile(r"[0-9]{3,4}")
_FOOTNOTE: Final = re.compile(r"[^,\"\r\n]{0,200}")


@dataclass(frozen=True)
class Question:
    """What is asked: one flow of a data set, for some economies."""

    data_set: str
    flow: str
    """The label of the flow."""
    economies: Mapping[str, str]
    """Our codes by the publisher's."""

    def url(self, base: str) -> str:
        """The request for the data set, which is the same for all its flows."""
        return f"{base}/bulkdownload/{self.data_set}/{self.data_set.replace('.', '_')}"

    @property
    def table(self) -> str:
        """Name of the one file in the archive."""
        return f"{self.data_set.replace('.', '_')}.csv"


class Row(NamedTuple):
    """One row of the table that is of the flow and has an economy that was asked for."""

    economy: str
    year: int
    value: str | None
    """The digits as sent; None where there is no value."""
    status: str
    """The footnote."""
    category: str
    """Which part of the whole, or the whole; "" where the table has no parts."""
    share: str
    """Its share of the whole in percent; "" where the publisher gives none."""


def plan(series: Series) -> Question:
    """The question for one series of the catalogue, whose live code is data set and flow.

    Economies without a code of the United Nations, such as the European Union, are not asked for.

    Raises:
        SourceError: the live code is no such pair.
    """
    expected = "a data set and a flow such as US.DigitallyDeliverableServices/Exports"
    found = live_key(series, _KEY, expected)
    theirs = {**series.m49, **WORLD}
    economies = {theirs[e]: e for e in sorted(set(series.economies)) if e in theirs}
    return Question(found["data_set"], found["flow"], economies)


def fetch(client: Client, settings: Settings, series: Series) -> Fetched:
    """The archive of the data set of one series. See ``connectors.Connector``.

    Raises:
        SourceError: the publisher could not be had.
    """
    question = plan(series)
    url = question.url(settings.unctad_url.rstrip("/"))

    def unpacked(body: bytes) -> bytes:
        return only_member(body, question.table, MAX_TABLE_BYTES)

    body, _ = client.get(url, unpacked)
    return Fetched(
        bodies=(body,),
        requests=(url,),
        media_type="application/x-7z-compressed",
        source=url,
        reader="unctad",
        constants={
            "indicator": series.indicator.id,
            "live_code": f"{question.data_set}/{question.flow}",
            "economies": " ".join(f"{theirs}={e}" for theirs, e in question.economies.items()),
        },
        says="nothing of its date",
        # An archive is made anew at times, with new moments in it, around the same table.
        lasting=unpacked,
    )


def requests(settings: Settings, series: Series) -> Sequence[str]:
    """The one URL. See ``connectors.Planner``."""
    return [plan(series).url(settings.unctad_url.rstrip("/"))]


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of an archived flow, in the columns of ``observations.COLUMNS``.

    Values are millions of US dollars. Rows of parts, of other flows and economies, and those
    without a value are left out; a footnote is kept as the status.

    Raises:
        ReadError: archive or table are malformed, an economy is missing or stands twice, or it does
            not show which category is the whole; names snapshot, row and column.
    """
    try:
        question = _asked(sidecar)
        if len(bodies) != 1:
            raise ReadError(f"{len(bodies)} parts, expected one archive")
        rows = parse(only_member(bodies[0], question.table, MAX_TABLE_BYTES), question)
        whole = _whole(rows)
        kept = [row for row in rows if row.category == whole]
        missing = sorted(set(question.economies.values()) - {row.economy for row in kept})
        if missing:
            raise ReadError(f"{question.table}: no row for {', '.join(missing)}")
        found_once(kept)
    except ReadError as error:
        raise ReadError(f"snapshot {sidecar.snapshot}, {error}") from error
    return to_frame(kept, sidecar.constants.get("indicator", sidecar.indicators[0]))


def _asked(sidecar: Sidecar) -> Question:
    """The question that the constants of a sidecar tell."""
    key = _KEY.fullmatch(sidecar.constants.get("live_code", ""))
    pairs = [pair.split("=") for pair in sidecar.constants.get("economies", "").split()]
    if key is None or not pairs or any(len(pair) != 2 for pair in pairs):
        raise ReadError("constants: expected live_code and economies of a bulk data set")
    return Question(key["data_set"], key["flow"], dict(pairs))


def parse(table: bytes, question: Question) -> list[Row]:
    """The rows of a table that are of the flow and economies asked for.

    Raises:
        ReadError: it is no such table; names row and column.
    """
    head, rows = table_of(table)
    measure = _measure(head)
    read = (_row(number, row, measure, question) for number, row in rows)
    found = [row for row in read if row is not None]
    if not found:
        raise ReadError(f"no row of flow {question.flow} and the economies asked for")
    return found


def _measure(head: Sequence[str]) -> str:
    """The title of the values, once what stands before them is what a row is told apart by."""
    measures = [title for title in head if title in MEASURES]
    if len(measures) != 1:
        raise ReadError(f"row 1: {shown(list(head), 200)}, expected one column of {min(MEASURES)}")
    before = set(head[: head.index(measures[0])])
    wanted = {*DIMENSIONS, "Economy Label"}
    if before not in (wanted, wanted | set(PARTS)):
        raise ReadError(
            f"row 1: {shown(sorted(before), 200)} before the values, expected "
            f"{', '.join(sorted(wanted))}, and perhaps {' and '.join(PARTS)}"
        )
    return measures[0]


def _row(number: int, cells: Mapping[str, str], measure: str, question: Question) -> Row | None:
    economy = matched(number, cells, "Economy", _ECONOMY, "three or four digits")
    year = matched(number, cells, "Year", _YEAR, tidy.EXPECTED["year"])
    if cells["Flow Label"] != question.flow or economy not in question.economies:
        return None
    value = cells[measure]
    if value and _VALUE.fullmatch(value) is None:
        raise ReadError(f"row {number}: {measure} is {shown(value)}, expected a number or nothing")
    footnote = f"{measure} Footnote"
    share = next((cells[title] for title in cells if _SHARE.fullmatch(title)), "")
    if share and _VALUE.fullmatch(share) is None:
        raise ReadError(f"row {number}: a share is {shown(share)}, expected a number or nothing")
    return Row(
        economy=question.economies[economy],
        year=int(year),
        value=value or None,
        status=matched(number, {footnote: "", **cells}, footnote, _FOOTNOTE, "a short remark"),
        category=cells.get("Category", ""),
        share=share,
    )


def _whole(rows: Iterable[Row]) -> str:
    """The category that is the whole: of the world, 100 percent in every year.

    Raises:
        ReadError: there is none, or more than one.
    """
    categories: dict[str, list[str]] = {}
    for row in rows:
        shares = categories.setdefault(row.category, [])
        if row.economy in WORLD and row.value is not None:
            shares.append(row.share)
    if set(categories) == {""}:
        return ""
    whole = [
        c
        for c, shares in categories.items()
        if shares and all(s and float(s) == 100 for s in shares)
    ]
    if len(whole) != 1:
        raise ReadError(
            f"{len(whole)} of the categories {shown(sorted(categories), 200)} are 100 % of the "
            "world's, expected one: which of them is the whole is not told"
        )
    return whole[0]
