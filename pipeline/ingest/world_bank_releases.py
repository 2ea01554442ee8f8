"""The World Bank's archived releases (its source 57): which there are, and a series as one said it.

What belongs here: the requests, the wire shape of source-scoped replies, and the check that nothing
that was asked for has been dropped, which the publisher does in silence. Which releases are asked
for and what becomes of them is ``release_backfill``'s. A release is told by its id, year and month
(202407); the labels beside the ids are wrong for some and are not read.
"""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NewType, Self

import pandas as pd

from pipeline.errors import ReadError, SourceError
from pipeline.ingest import tidy
from pipeline.ingest.cells import found_once, to_frame
from pipeline.ingest.connectors import Fetched
from pipeline.ingest.http import Client
from pipeline.ingest.json_wire import ECONOMY, INDICATOR, count_in, matched, shown, value_in
from pipeline.ingest.sidecar import Sidecar
from pipeline.ingest.world_bank_series import check_asked, check_codes, check_full, check_pages
from pipeline.ingest.world_bank_wire import Cell, Page, RefusalError, day_updated, parse_json
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.catalog.models import Indicator

SOURCE: Final = "57"
NO_DATA: Final = "160"
"""Number of the publisher's message that it has nothing of what was asked: the series was not yet,
or is no longer, in that release."""
ROWS_PER_PAGE: Final = 5000
"""A page of a release is as good as another on any later day, so they may be large."""
MAX_PATH_SEGMENT: Final = 1500
"""Characters that the publisher takes between two slashes; of a whole URL it takes 4,000."""
YEARS_BEHIND: Final = 2
"""The newest years asked may be missing whole: a release ends a year or two before its own."""

Release = NewType("Release", str)
"""Year and month of a release, as the publisher's id of it: "202407"."""

_RELEASE: Final = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])")
_TIME: Final = re.compile(r"YR[0-9]{4}")
_CONCEPTS: Final = {"Country", "Series", "Time", "Version"}
_URL: Final = re.compile(
    r".*/sources/57/series/(?P<code>[^/?]+)/country/(?P<economies>[^/?]+)"
    r"/time/(?P<years>YR[0-9]{4}(?:;YR[0-9]{4})*)/version/(?P<release>[0-9]{6})"
    r"\?format=json&per_page=(?P<per_page>[0-9]{1,6})&page=(?P<page>[0-9]{1,6})"
)


def release_of(text: str) -> Release:
    """The release that a text names.

    Raises:
        ReadError: it is no year and month.
    """
    if _RELEASE.fullmatch(text) is None:
        raise ReadError(f"release is {shown(text)}, expected year and month as 202407")
    return Release(text)


def last_day(release: Release) -> date:
    """The last day of the release's month: the release is of that day or before."""
    year, month = int(release[:4]), int(release[4:])
    return date(year, month, calendar.monthrange(year, month)[1])


# --- which releases there are


def fetch_releases(client: Client, settings: Settings) -> tuple[Release, ...]:
    """The ids of all archived releases, the oldest first.

    Raises:
        SourceError: the list could not be had, or is not whole.
    """
    base = settings.world_bank_url.rstrip("/")
    url = f"{base}/sources/{SOURCE}/version?format=json&per_page=1000&page=1"
    _, releases = client.get(url, parse_releases)
    return releases


def parse_releases(body: bytes) -> tuple[Release, ...]:
    """The ids in a list of releases, sorted; the labels beside them are not read.

    Raises:
        RefusalError: the body is the publisher's message.
        ReadError: the list is not whole, or not in the shape of one; names entry and field.
    """
    reply = _object(parse_json(body), "reply")
    total = count_in(reply, "total")
    entries: list[Any] = [reply]
    for name in ("source", "concept", "variable"):
        entries = _list(_object(entries[0], name), name)
    found = [release_of(str(_object(entry, "version").get("id", ""))) for entry in entries]
    if len(found) != total or len(set(found)) != total:
        raise ReadError(f"{len(set(found))} releases, expected {total} by the head")
    return tuple(sorted(found))


# --- what is asked of one


@dataclass(frozen=True)
class Question:
    """What one batch of pages is asked: one series of one release, some economies, all years."""

    code: str
    economies: tuple[str, ...]
    first_year: int
    last_year: int
    release: Release
    per_page: int = ROWS_PER_PAGE

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    @property
    def cells(self) -> int:
        return len(self.economies) * len(self.years)

    @property
    def pages(self) -> int:
        """Pages that an answer has at most."""
        return -(-self.cells // self.per_page)

    def url(self, base: str, page: int) -> str:
        """The request for one page, from 1."""
        years = ";".join(f"YR{year}" for year in self.years)
        return (
            f"{base}/sources/{SOURCE}/series/{self.code}/country/{';'.join(self.economies)}"
            f"/time/{years}/version/{self.release}"
            f"?format=json&per_page={self.per_page}&page={page}"
        )

    @classmethod
    def of(cls, url: str) -> "tuple[Self, int] | None":
        """The question and the page that an archived request was for; None if it is not ours."""
        found = _URL.fullmatch(url)
        if found is None:
            return None
        years = [int(year.removeprefix("YR")) for year in found["years"].split(";")]
        question = cls(
            code=found["code"],
            economies=tuple(found["economies"].split(";")),
            first_year=years[0],
            last_year=years[-1],
            release=Release(found["release"]),
            per_page=int(found["per_page"]),
        )
        return (question, int(found["page"])) if years == list(question.years) else None


def plan(
    indicator: "Indicator", economies: Sequence[str], first_year: int, release: Release
) -> tuple[Question, ...]:
    """The questions for one series of one release: economies in batches that fit into a path.

    A recoded indicator is asked for by its own code: that is what old releases know it by.

    Args:
        indicator: of the catalogue.
        economies: ISO 3166 alpha-3 codes and the publisher's aggregates.
        first_year: the years from this one to that of the release are asked for.
        release: as the publisher lists it.
    """
    codes = sorted(set(economies))
    # three letters and a semicolon each
    size = max((MAX_PATH_SEGMENT + 1) // 4, 1)
    return tuple(
        Question(
            code=indicator.id,
            economies=tuple(codes[start : start + size]),
            first_year=first_year,
            last_year=int(release[:4]),
            release=release,
            per_page=ROWS_PER_PAGE,
        )
        for start in range(0, len(codes), size)
    )


def fetch(
    client: Client,
    settings: Settings,
    indicator: "Indicator",
    economies: Sequence[str],
    first_year: int,
    release: Release,
) -> Fetched:
    """All pages of one series as a release has it.

    Raises:
        RefusalError: the publisher's message, such as ``NO_DATA``.
        SourceError: the publisher could not be had, or announces more rows than asked.
    """
    base = settings.world_bank_url.rstrip("/")
    answers = [
        answer
        for question in plan(indicator, economies, first_year, release)
        for answer in _ask(client, base, question)
    ]
    return Fetched(
        bodies=tuple(body for body, _ in answers),
        requests=tuple(url for _, url in answers),
        media_type="application/json",
        source=f"{base}/sources/{SOURCE}/series/{indicator.id}/version/{release}",
        reader="world_bank_releases",
        constants={"indicator": indicator.id, "release": release},
        says=f"release {release}",
    )


def _ask(client: Client, base: str, question: Question) -> Iterator[tuple[bytes, str]]:
    """The pages of one question, as many as its rows need."""
    number, pages = 1, 1
    while number <= pages:
        url = question.url(base, number)
        body, page = client.get(url, partial(parse, release=question.release))
        yield body, url
        if page.total > question.cells:
            raise SourceError(f"{page.total} rows, where at most {question.cells} were asked for")
        pages = -(-page.total // question.per_page)
        number += 1


# --- what one says


def parse(body: bytes, release: Release) -> Page:
    """The page that a body is, every row of it of ``release``.

    Raises:
        RefusalError: the body is the publisher's message, which comes in XML.
        ReadError: the body is not whole or not in the shape of a page; names row and field.
    """
    head = _object(parse_json(body), "reply")
    source = _object(head.get("source"), "source")
    if source.get("id") != SOURCE:
        raise ReadError(f"source.id is {shown(source.get('id'))}, expected {SOURCE!r}")
    rows = source.get("data")
    if not isinstance(rows, list):
        raise ReadError(f"source.data is {shown(rows)}, expected a list")
    return Page(
        number=count_in(head, "page"),
        pages=count_in(head, "pages"),
        per_page=count_in(head, "per_page"),
        total=count_in(head, "total"),
        source=SOURCE,
        updated=day_updated(head),
        cells=tuple(_cell(number, row, release) for number, row in enumerate(rows, 1)),
    )


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ReadError(f"{name} is {shown(value)}, expected an object")
    return value


def _list(owner: Mapping[str, Any], name: str) -> list[Any]:
    value = owner.get(name)
    if not isinstance(value, list) or not value:
        raise ReadError(f"{name} is {shown(value)}, expected a list")
    return value


def _cell(number: int, row: Any, release: Release) -> Cell:
    row = _object(row, f"row {number}")
    ids = _concepts(number, row.get("variable"))
    if ids["Version"] != release:
        raise ReadError(f"row {number}: Version is {shown(ids['Version'])}, expected {release!r}")
    year = matched(number, "Time", ids["Time"], _TIME, "a year as YR2020")
    return Cell(
        matched(number, "Series", ids["Series"], INDICATOR, "an indicator's code"),
        matched(number, "Country", ids["Country"], ECONOMY, tidy.EXPECTED["economy"]),
        int(year.removeprefix("YR")),
        value_in(number, row),
        "",
    )


def _concepts(number: int, variables: Any) -> Mapping[str, Any]:
    """The id of each of the four concepts of a row, in whatever order they stand."""
    if not isinstance(variables, list):
        raise ReadError(f"row {number}: variable is {shown(variables)}, expected a list")
    ids: dict[str, Any] = {}
    for variable in variables:
        entry = _object(variable, f"row {number}: variable")
        ids[str(entry.get("concept"))] = entry.get("id")
    if set(ids) != _CONCEPTS or len(variables) != len(_CONCEPTS):
        raise ReadError(
            f"row {number}: concepts are {shown(', '.join(sorted(ids)))}, "
            f"expected {', '.join(sorted(_CONCEPTS))}, once each"
        )
    return ids


# --- back from the archive


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of an archived release's series, in ``observations.COLUMNS``.

    The publisher leaves out members that it does not know and says nothing. So the grid is held
    against the requests: every economy that was asked for is there, with all years but those at
    the end that the release does not have for anyone.

    Raises:
        ReadError: a page is malformed, missing or of another release, or the grid is not full;
            names snapshot and part, and the cell where there is one.
    """
    try:
        return _observations(sidecar, bodies)
    except ReadError as error:
        raise ReadError(f"snapshot {sidecar.snapshot}, {error}") from error


def _observations(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    release = release_of(sidecar.constants.get("release", ""))
    code = sidecar.constants.get("indicator", sidecar.indicators[0])
    pages = [_page(number, body, release) for number, body in enumerate(bodies, 1)]
    asked = _asked(sidecar, pages, release, code)
    check_pages(pages)
    check_codes(pages, [code])
    cells = [cell for page in pages for cell in page.cells]
    found = found_once(cells)
    economies = {economy for question in asked for economy in question.economies}
    first, last = asked[0].first_year, asked[0].last_year
    check_asked(found, economies, (first, last))
    _check_known(found, economies, release)
    newest = max([last - YEARS_BEHIND, first, *(year for _, year in found)])
    check_full(found, economies, set(range(first, newest + 1)))
    return to_frame(cells, code)


def _page(part: int, body: bytes, release: Release) -> Page:
    try:
        return parse(body, release)
    except (ReadError, RefusalError) as error:
        raise ReadError(f"part {part}: {error}") from error


def _asked(
    sidecar: Sidecar, pages: Sequence[Page], release: Release, code: str
) -> tuple[Question, ...]:
    """What the requests were, each answered by its own page."""
    questions: list[Question] = []
    for number, (part, page) in enumerate(zip(sidecar.parts, pages, strict=True), 1):
        found = Question.of(part.request or "")
        if found is None:
            raise ReadError(f"part {number}: {part.request!r} is not a request for a release")
        question, asked_page = found
        if (question.release, question.code) != (release, code):
            raise ReadError(
                f"part {number}: was asked for {question.code} of {question.release}, "
                f"expected {code} of {release}"
            )
        if (page.number, page.per_page) != (asked_page, question.per_page):
            raise ReadError(
                f"part {number}: is page {page.number} with {page.per_page} rows a page, "
                f"expected page {asked_page} with {question.per_page}"
            )
        questions.append(question)
    if len({replace(question, economies=()) for question in questions}) > 1:
        raise ReadError("requests: they differ in more than economies and page")
    return tuple(questions)


def _check_known(found: set[tuple[str, int]], economies: set[str], release: Release) -> None:
    """No economy was dropped.

    Raises:
        ReadError: names those that were.
    """
    dropped = sorted(economies - {economy for economy, _ in found})
    if dropped:
        raise ReadError(f"grid: release {release} left out {', '.join(dropped)} without a word")
