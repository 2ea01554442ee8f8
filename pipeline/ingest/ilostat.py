"""The ILO's ILOSTAT: which table to ask for, and what its rows say.

What belongs here: one explicit request for a yearly indicator, of both sexes and one class of a
breakdown (such as employment in one branch), and the strict reading of the table that comes.
Retries are ``http``'s. An indicator is asked for by a code that ends with its frequency (``_A``)
and comes back by the code without.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import pandas as pd

from pipeline.errors import ReadError
from pipeline.ingest import csv_wire, tidy
from pipeline.ingest.cells import found_once, to_frame
from pipeline.ingest.connectors import Fetched, Series, live_key
from pipeline.ingest.csv_wire import matched, table_of
from pipeline.ingest.http import Client
from pipeline.ingest.json_wire import ECONOMY, YEAR, shown
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import Settings

YEARLY: Final = "_A"
BOTH_SEXES: Final = "SEX_T"
COLUMNS: Final = frozenset({
    "ref_area", "source", "indicator", "sex", "classif1", "time", "obs_value", "obs_status",
})  # fmt: skip
"""Titles of a table. Notes may stand beside them; a further breakdown may not."""

_CODE: Final = r"[A-Z0-9_]+"
_URL: Final = re.compile(
    rf".*/data/indicator/\?id=(?P<indicator>{_CODE}){YEARLY}&ref_area=(?P<economies>[A-Z0-9+]+)"
    rf"&sex={BOTH_SEXES}&classif1=(?P<part>{_CODE})&timefrom=(?P<first>[0-9]{{4}})&format=\.csv"
)
_KEY: Final = re.compile(rf"(?P<indicator>{_CODE}){YEARLY}/(?P<part>{_CODE})")
_VALUE: Final = re.compile(tidy.PATTERNS["value"])
_FLAG: Final = re.compile(r"[A-Z]{0,3}")


@dataclass(frozen=True)
class Question:
    """What is asked: one class of a yearly indicator, of some economies, from a year on."""

    indicator: str
    """Without its frequency."""
    part: str
    """The class of the first breakdown."""
    economies: tuple[str, ...]
    first_year: int

    def url(self, base: str) -> str:
        return (
            f"{base}/data/indicator/?id={self.indicator}{YEARLY}"
            f"&ref_area={'+'.join(self.economies)}&sex={BOTH_SEXES}&classif1={self.part}"
            f"&timefrom={self.first_year}&format=.csv"
        )

    @classmethod
    def of(cls, url: str) -> Self | None:
        """The question that an archived request was; None where it is not one of ours."""
        found = _URL.fullmatch(url)
        if found is None:
            return None
        economies = tuple(found["economies"].split("+"))
        return cls(found["indicator"], found["part"], economies, int(found["first"]))


class Row(NamedTuple):
    """One row of the table that is of both sexes and the class asked for."""

    economy: str
    year: int
    value: str | None
    """The digits as sent; None where there is no value."""
    status: str
    """B: a break before it, I: imputed, U: unreliable, and so on."""


def plan(series: Series) -> Question:
    """The question for one series, whose live code is an indicator and a class.

    Raises:
        SourceError: the live code is no such pair.
    """
    expected = "a yearly indicator and a class such as EMP_TEMP_SEX_ECO_NB_A/ECO_ISIC4_J"
    found = live_key(series, _KEY, expected)
    economies = tuple(sorted(set(series.economies)))
    return Question(found["indicator"], found["part"], economies, series.years[0])


def fetch(client: Client, settings: Settings, series: Series) -> Fetched:
    """The table of one series. See ``connectors.Connector``.

    Raises:
        SourceError: the publisher could not be had.
    """
    base = settings.ilostat_url.rstrip("/")
    question = plan(series)
    url = question.url(base)

    def table(body: bytes) -> list[Row]:
        return parse(body, question)

    body, _ = client.get(url, table)
    return Fetched(
        bodies=(body,),
        requests=(url,),
        media_type="text/csv",
        source=f"{base}/data/indicator/?id={question.indicator}{YEARLY}",
        reader="ilostat",
        constants={"indicator": series.indicator.id},
        says="nothing of its date",
    )


def requests(settings: Settings, series: Series) -> Sequence[str]:
    """The one URL. See ``connectors.Planner``."""
    return [plan(series).url(settings.ilostat_url.rstrip("/"))]


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of an archived series, in the columns of ``observations.COLUMNS``.

    Rows of one sex or another class and rows without a value are left out.

    Raises:
        ReadError: the table is malformed, a row was not asked for, or two are of one economy and
            year, as from two surveys; names snapshot, row and column.
    """
    try:
        if len(bodies) != 1:
            raise ReadError(f"{len(bodies)} parts, expected one table")
        request = sidecar.parts[0].request or ""
        question = Question.of(request)
        if question is None:
            raise ReadError(f"part 1: {request!r} is not a request for a table")
        rows = parse(bodies[0], question)
        found_once(rows)
    except ReadError as error:
        raise ReadError(f"snapshot {sidecar.snapshot}, {error}") from error
    return to_frame(rows, sidecar.constants.get("indicator", sidecar.indicators[0]))


def parse(body: bytes, question: Question) -> list[Row]:
    """The rows of a body that are of both sexes and the class asked for.

    Raises:
        ReadError: it is no such table, or has a row that was not asked for; names row and column.
    """
    if not body.endswith(b"\n"):
        # A row that is cut within its last cell would pass for a whole one.
        raise ReadError(f"the last row, of {len(body)} bytes, does not end with a line end")
    head, lines = table_of(body)
    strange = [t for t in head if t not in COLUMNS and not t.startswith("note_")]
    if strange or COLUMNS.difference(head):
        raise ReadError(f"row 1: {shown(list(head), 200)}, expected {', '.join(sorted(COLUMNS))}")
    rows = (_row(number, cells, question) for number, cells in lines)
    return [row for row in rows if row is not None]


def _row(number: int, cells: csv_wire.Row, question: Question) -> Row | None:
    economy = matched(number, cells, "ref_area", ECONOMY, tidy.EXPECTED["economy"])
    year = int(matched(number, cells, "time", YEAR, tidy.EXPECTED["year"]))
    if cells["indicator"] != question.indicator:
        raise ReadError(
            f"row {number}: indicator is {shown(cells['indicator'])}, expected {question.indicator}"
        )
    if economy not in question.economies or year < question.first_year:
        raise ReadError(f"row {number}: {economy} {year} was not asked for")
    value = cells["obs_value"]
    if value and _VALUE.fullmatch(value) is None:
        raise ReadError(f"row {number}: obs_value is {shown(value)}, expected a number or nothing")
    status = matched(number, cells, "obs_status", _FLAG, "a flag or nothing")
    if (cells["sex"], cells["classif1"]) != (BOTH_SEXES, question.part):
        return None
    return Row(economy, year, value or None, status)
