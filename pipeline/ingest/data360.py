"""The World Bank's Data360: which URLs to ask, and what the rows of a series say.

It hands on what others publish (the ITU's DataHub, the UN's e-government index, exchange points),
one database each. What belongs here: explicit requests for one series of one database, pages of
rows, and the choice of the rows that speak of everybody: a series comes with all its breakdowns by
sex, age and place. Retries are ``http``'s.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

import pandas as pd

from pipeline import observations
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import tidy
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.json_wire import (
    ECONOMY,
    INDICATOR,
    YEAR,
    count_in,
    json_of,
    matched,
    shown,
    text_of,
)
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import Settings

ROWS_PER_PAGE: Final = 1000
"""The most that the publisher gives at once; it does not say what a page holds."""

WHOLE: Final[Mapping[str, str]] = {
    "SEX": "_T", "AGE": "_T", "URBANISATION": "_T",
    "COMP_BREAKDOWN_1": "_Z", "COMP_BREAKDOWN_2": "_Z", "COMP_BREAKDOWN_3": "_Z",
}  # fmt: skip
"""The code of each breakdown in a row that is of the whole: total, or not applicable."""
MEANS: Final = frozenset({"WLD"})
"""Rows that nobody asked for: the unweighted mean of states, which would pass for the world."""
NORMAL: Final = "A"
"""The flag of a value that there is nothing to say about."""

_URL: Final = re.compile(
    r".*/data360/data\?DATABASE_ID=(?P<database>[A-Za-z0-9_]+)&INDICATOR=(?P<code>[A-Za-z0-9_.]+)"
    r"&REF_AREA=(?P<economies>[A-Z0-9,]+)&timePeriodFrom=(?P<first>[0-9]{4})"
    r"&skip=(?P<skip>[0-9]{1,7})"
)
_VALUE: Final = re.compile(tidy.PATTERNS["value"])
_FLAG: Final = re.compile(r"[A-Z0-9_]{0,10}")
_CODE: Final = re.compile(r"[A-Za-z0-9_.]{1,40}")


@dataclass(frozen=True)
class Question:
    """What the pages of a series are asked: some economies, every year from the first one on."""

    database: str
    code: str
    economies: tuple[str, ...]
    first_year: int

    def url(self, base: str, skip: int) -> str:
        """The request for the page that leaves out the first ``skip`` rows."""
        return (
            f"{base}/data360/data?DATABASE_ID={self.database}&INDICATOR={self.code}"
            f"&REF_AREA={','.join(self.economies)}&timePeriodFrom={self.first_year}&skip={skip}"
        )

    @classmethod
    def of(cls, url: str) -> "tuple[Self, int] | None":
        """The question and the rows left out that an archived request was for; None if not ours."""
        found = _URL.fullmatch(url)
        if found is None:
            return None
        economies = tuple(found["economies"].split(","))
        question = cls(found["database"], found["code"], economies, int(found["first"]))
        return question, int(found["skip"])


class Row(NamedTuple):
    """One row of a reply."""

    database: str
    indicator: str
    economy: str
    year: int
    value: str | None
    """The digits as sent; None where there is no value."""
    status: str
    unit: str
    whole: bool
    """Whether it is of everybody, and not of a part by sex, age or place."""


class Page(NamedTuple):
    """One body."""

    total: int
    """Rows of all pages together."""
    rows: tuple[Row, ...]


def plan(series: Series) -> Question:
    """The question for one series of the publisher's database.

    Raises:
        SourceError: the catalogue names no database.
    """
    if series.publisher.database is None:
        raise SourceError(f"publisher {series.publisher.id} has no database, expected its id")
    return Question(
        database=series.publisher.database,
        code=series.indicator.live_code or series.indicator.id,
        economies=tuple(sorted(set(series.economies))),
        first_year=series.years[0],
    )


def fetch(client: Client, settings: Settings, series: Series) -> Fetched:
    """All pages of one series. See ``connectors.Connector``.

    Raises:
        SourceError: the publisher could not be had, or has changed the number of rows meanwhile.
    """
    base = settings.data360_url.rstrip("/")
    question, indicator = plan(series), series.indicator
    answers = list(_ask(client, base, question))
    return Fetched(
        bodies=tuple(body for _, body in answers),
        requests=tuple(url for url, _ in answers),
        media_type="application/json",
        source=f"{base}/data360/data?DATABASE_ID={question.database}&INDICATOR={question.code}",
        reader="data360",
        constants={"indicator": indicator.id, "unit": indicator.live_unit or ""},
        says="nothing of its date",
    )


def requests(settings: Settings, series: Series) -> Sequence[str]:
    """The URL of the first page: how many there are is told by it. See ``connectors.Planner``."""
    return [plan(series).url(settings.data360_url.rstrip("/"), 0)]


def _ask(client: Client, base: str, question: Question) -> Iterator[tuple[str, bytes]]:
    held, total = 0, None
    while total is None or held < total:
        url = question.url(base, held)
        body, page = client.get(url, parse)
        if total is not None and page.total != total:
            raise SourceError(
                f"{page.total} rows, {total} on the page before: it changes meanwhile"
            )
        if not page.rows and page.total > held:
            raise SourceError(f"{held} of {page.total} rows, and then an empty page")
        yield url, body
        held, total = held + len(page.rows), page.total


def parse(body: bytes) -> Page:
    """The page that a body is.

    Raises:
        ReadError: it is not whole or not in the shape of a page; names row and field.
    """
    reply = json_of(text_of(body))
    if not isinstance(reply, dict):
        raise ReadError(f"expected an object with count and value, it is {shown(reply)}")
    rows = reply.get("value")
    if not isinstance(rows, list):
        raise ReadError(f"value is {shown(rows)}, expected a list of rows")
    if len(rows) > ROWS_PER_PAGE:
        raise ReadError(f"{len(rows)} rows, expected at most {ROWS_PER_PAGE} on a page")
    page = Page(count_in(reply, "count"), tuple(_row(n, row) for n, row in enumerate(rows, 1)))
    if len(page.rows) > page.total:
        raise ReadError(f"{len(page.rows)} rows, though count is {page.total}")
    return page


def _row(number: int, row: Any) -> Row:
    if not isinstance(row, dict):
        raise ReadError(f"row {number} is {shown(row)}, expected an object")
    _expect(number, row, "FREQ", ("A",), "A: yearly figures")
    # Of a yearly series no period may be a part of a year.
    year = int(matched(number, "TIME_PERIOD", row.get("TIME_PERIOD"), YEAR, tidy.EXPECTED["year"]))
    _expect(number, row, "UNIT_MULT", (None, "0"), "0: plain units")
    return Row(
        database=matched(number, "DATABASE_ID", row.get("DATABASE_ID"), _CODE, "a database's id"),
        indicator=matched(
            number, "INDICATOR", row.get("INDICATOR"), INDICATOR, "an indicator's code"
        ),
        economy=matched(number, "REF_AREA", row.get("REF_AREA"), ECONOMY, tidy.EXPECTED["economy"]),
        year=year,
        value=_value(number, row),
        status=_status(number, row),
        unit=matched(number, "UNIT_MEASURE", row.get("UNIT_MEASURE"), _CODE, "a unit's code"),
        whole={name: _breakdown(number, row, name) for name in WHOLE} == WHOLE,
    )


def _expect(
    number: int, row: Mapping[str, Any], name: str, allowed: Sequence[str | None], said: str
) -> None:
    if row.get(name) not in allowed:
        raise ReadError(f"row {number}: {name} is {shown(row.get(name))}, expected {said}")


def _breakdown(number: int, row: Mapping[str, Any], name: str) -> str:
    return matched(number, name, row.get(name), _CODE, "the code of a breakdown")


def _value(number: int, row: Mapping[str, Any]) -> str | None:
    if "OBS_VALUE" not in row:
        raise ReadError(f"row {number}: there is no OBS_VALUE, expected a number or null")
    value = row["OBS_VALUE"]
    # The publisher writes a missing value as null and, in some series, as the word.
    if value is None or value in ("", "null"):
        return None
    return matched(number, "OBS_VALUE", value, _VALUE, tidy.EXPECTED["value"])


def _status(number: int, row: Mapping[str, Any]) -> str:
    status = row.get("OBS_STATUS")
    if status is None or status == NORMAL:
        return ""
    return matched(number, "OBS_STATUS", status, _FLAG, "a flag")


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of an archived series, in the columns of ``observations.COLUMNS``.

    Rows of a part of the people, rows without a value and unweighted means of states are left out.

    Raises:
        ReadError: a page is malformed or missing, a row was not asked for, two rows are of one
            economy and year, or the unit is another; names snapshot, part and cell.
    """
    try:
        return _observations(sidecar, bodies)
    except ReadError as error:
        raise ReadError(f"snapshot {sidecar.snapshot}, {error}") from error


def _observations(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    pages = [_page(number, body) for number, body in enumerate(bodies, 1)]
    question = _asked(sidecar, pages)
    rows = [row for page in pages for row in page.rows]
    _check_series(rows, question, sidecar.constants.get("unit", ""))
    kept = [row for row in rows if row.whole and row.economy not in MEANS]
    _check_once(kept)
    return _frame(kept, sidecar.constants.get("indicator", sidecar.indicators[0]))


def _page(part: int, body: bytes) -> Page:
    try:
        return parse(body)
    except ReadError as error:
        raise ReadError(f"part {part}: {error}") from error


def _asked(sidecar: Sidecar, pages: Sequence[Page]) -> Question:
    """What the requests were, each answered by its own page, and all pages there."""
    held, questions = 0, []
    for number, (part, page) in enumerate(zip(sidecar.parts, pages, strict=True), 1):
        found = Question.of(part.request or "")
        if found is None:
            raise ReadError(f"part {number}: {part.request!r} is not a request for a series")
        question, skip = found
        if skip != held:
            raise ReadError(f"part {number}: leaves out {skip} rows, expected {held}")
        if page.total != pages[0].total:
            raise ReadError(f"part {number}: of {page.total} rows, expected {pages[0].total}")
        held += len(page.rows)
        questions.append(question)
    if not questions or len(set(questions)) > 1:
        raise ReadError("requests: expected one series, and they differ in more than the page")
    if held != pages[0].total:
        raise ReadError(f"part {len(pages)}: {held} of {pages[0].total} rows, and no further part")
    return questions[0]


def _check_series(rows: Iterable[Row], question: Question, unit: str) -> None:
    """Every row is of the series, of an economy and year that was asked, and in one unit."""
    wanted = set(question.economies) | MEANS
    for row in rows:
        where = f"{row.economy} {row.year}"
        if (row.database, row.indicator) != (question.database, question.code):
            raise ReadError(
                f"{where}: is of {row.database} {row.indicator}, "
                f"expected {question.database} {question.code}"
            )
        if row.economy not in wanted or row.year < question.first_year:
            raise ReadError(f"a row for {where}, which was not asked for")
        unit = unit or row.unit
        if row.unit != unit:
            raise ReadError(f"{where}: unit is {row.unit}, expected {unit}")


def _check_once(rows: Iterable[Row]) -> None:
    found: set[tuple[str, int]] = set()
    for row in rows:
        if (row.economy, row.year) in found:
            raise ReadError(f"{row.economy} {row.year} stands twice")
        found.add((row.economy, row.year))


def _frame(rows: Iterable[Row], indicator: str) -> pd.DataFrame:
    kept = [row for row in rows if row.value is not None]
    frame = pd.DataFrame(
        {
            "indicator": indicator,
            "economy": pd.Series([row.economy for row in kept], dtype="str"),
            "counterpart": observations.NOT_BILATERAL,
            "year": pd.Series([row.year for row in kept], dtype="int32"),
            "value": pd.Series([row.value for row in kept], dtype="str"),
            "status": pd.Series([row.status for row in kept], dtype="str"),
        }
    )
    return frame.astype(observations.empty().dtypes)[list(observations.COLUMNS)]
