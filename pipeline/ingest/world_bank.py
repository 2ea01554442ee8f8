"""The World Bank's Indicators API, version 2: which URLs to ask, and what a series' pages say.

What belongs here: explicit requests for one indicator (never ``mrv``, ``gapfill`` and the like: the
publisher's cache leaves them out of its key and may answer with another query's figures), and the
check that what came is a full grid of economies × years. What one page looks like is
``world_bank_reply``'s, how pages fit together ``world_bank_series``', retries are ``http``'s.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

import pandas as pd

from pipeline.errors import ReadError, SourceError
from pipeline.ingest.cells import found_once, to_frame
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.sidecar import Sidecar
from pipeline.ingest.world_bank_reply import parse
from pipeline.ingest.world_bank_series import check_asked, check_codes, check_full, check_pages
from pipeline.ingest.world_bank_wire import Cell, Page, RefusalError
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.catalog.models import Indicator

ROWS_PER_PAGE: Final = 5000
"""A series of sixty economies and thirty-odd years is one page, and so one request."""
MAX_PATH_SEGMENT: Final = 1500
"""Characters that the publisher takes between two slashes; of a whole URL it takes 4,000."""
WDI_SOURCE: Final = "2"
YEARS_BEHIND: Final = 2
"""The newest years asked may be missing whole: a database ends a year or two before today."""

_URL: Final = re.compile(
    r".*/country/(?P<economies>[^/?]+)/indicator/(?P<code>[^/?]+)\?format=json"
    r"&date=(?P<first>[0-9]{4}):(?P<last>[0-9]{4})&per_page=(?P<per_page>[0-9]{1,6})"
    r"(?:&source=(?P<source>[0-9]{1,6}))?&page=(?P<page>[0-9]{1,6})"
)


@dataclass(frozen=True)
class Question:
    """What one batch of pages is asked: one indicator, some economies, every year from … to."""

    code: str
    economies: tuple[str, ...]
    first_year: int
    last_year: int
    source: int | None = None
    """The database's number, where the code is not one of the World Development Indicators."""
    per_page: int = ROWS_PER_PAGE

    @property
    def cells(self) -> int:
        return len(self.economies) * (self.last_year - self.first_year + 1)

    def url(self, base: str, page: int) -> str:
        """The request for one page, from 1."""
        source = "" if self.source is None else f"&source={self.source}"
        return (
            f"{base}/country/{';'.join(self.economies)}/indicator/{self.code}?format=json"
            f"&date={self.first_year}:{self.last_year}&per_page={self.per_page}{source}&page={page}"
        )

    @classmethod
    def of(cls, url: str) -> "tuple[Self, int] | None":
        """The question and the page that an archived request was for; None if it is not ours."""
        found = _URL.fullmatch(url)
        if found is None:
            return None
        question = cls(
            code=found["code"],
            economies=tuple(found["economies"].split(";")),
            first_year=int(found["first"]),
            last_year=int(found["last"]),
            source=int(found["source"]) if found["source"] else None,
            per_page=int(found["per_page"]),
        )
        return question, int(found["page"])


def plan(
    indicator: "Indicator",
    economies: Sequence[str],
    years: tuple[int, int],
) -> tuple[Question, ...]:
    """The questions for one indicator: economies in batches that fit into a path.

    Args:
        indicator: of the catalogue; a recoded one is asked for by its live code.
        economies: ISO 3166 alpha-3 codes and the publisher's aggregates.
        years: first and last.
    """
    codes = sorted(set(economies))
    # three letters and a semicolon each
    size = max((MAX_PATH_SEGMENT + 1) // 4, 1)
    return tuple(
        Question(
            code=indicator.live_code or indicator.id,
            economies=tuple(codes[start : start + size]),
            first_year=years[0],
            last_year=years[1],
            source=indicator.live_source,
            per_page=ROWS_PER_PAGE,
        )
        for start in range(0, len(codes), size)
    )


def fetch(client: Client, settings: Settings, series: Series) -> Fetched:
    """All pages of one indicator. See ``connectors.Connector``.

    Raises:
        SourceError: the publisher could not be had, refused, or announces more rows than asked.
    """
    base = settings.world_bank_url.rstrip("/")
    indicator = series.indicator
    questions = plan(indicator, series.economies, series.years)
    answers = [answer for question in questions for answer in _ask(client, base, question)]
    code = indicator.live_code or indicator.id
    updated = sorted({str(page.updated) for _, _, page in answers if page.updated})
    return Fetched(
        bodies=tuple(body for _, body, _ in answers),
        requests=tuple(url for url, _, _ in answers),
        media_type="application/json",
        source=f"{base}/indicator/{code}",
        reader="world_bank_v2",
        constants={"indicator": indicator.id, "live_code": code},
        says=f"lastupdated {', '.join(updated)}" if updated else "no lastupdated",
    )


def requests(settings: Settings, series: Series) -> Sequence[str]:
    """The URLs of all pages, each of which is full. See ``connectors.Planner``."""
    base = settings.world_bank_url.rstrip("/")
    return [
        question.url(base, page)
        for question in plan(series.indicator, series.economies, series.years)
        for page in range(1, -(-question.cells // question.per_page) + 1)
    ]


def _ask(client: Client, base: str, question: Question) -> Iterator[tuple[str, bytes, Page]]:
    """The pages of one question, as many as its rows need."""
    number, pages = 1, 1
    while number <= pages:
        url = question.url(base, number)
        body, page = client.get(url, parse)
        yield url, body, page
        if page.total > question.cells:
            raise SourceError(f"{page.total} rows, where at most {question.cells} were asked for")
        # of what the head says only the total can be checked, so it alone decides
        pages = -(-page.total // question.per_page)
        number += 1


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of an archived series, in the columns of ``observations.COLUMNS``.

    Cells without a value are checked and left out. The requests in the sidecar say what the grid
    must be; without them it is that of the economies and years that are there.

    Raises:
        ReadError: a page is malformed or missing, the pages do not belong together, or the grid
            is not full; names snapshot and part, and the cell where there is one.
    """
    try:
        return _observations(sidecar, bodies)
    except ReadError as error:
        raise ReadError(f"snapshot {sidecar.snapshot}, {error}") from error


def _observations(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    pages = [_page(number, body) for number, body in enumerate(bodies, 1)]
    asked = _asked(sidecar, pages)
    check_pages(pages)
    cells = [cell for page in pages for cell in page.cells]
    code = sidecar.constants.get("live_code", sidecar.indicators[0])
    check_codes(pages, code)
    _check_grid(cells, asked, {page.source for page in pages if page.total})
    return to_frame(cells, sidecar.constants.get("indicator", sidecar.indicators[0]))


def _page(part: int, body: bytes) -> Page:
    try:
        return parse(body)
    except (ReadError, RefusalError) as error:
        raise ReadError(f"part {part}: {error}") from error


def _asked(sidecar: Sidecar, pages: Sequence[Page]) -> tuple[Question, ...]:
    """What the requests were, each answered by its own page; none where there were no requests."""
    questions: list[Question] = []
    for number, (part, page) in enumerate(zip(sidecar.parts, pages, strict=True), 1):
        if part.request is None:
            continue
        found = Question.of(part.request)
        if found is None:
            raise ReadError(f"part {number}: {part.request!r} is not a request for an indicator")
        question, asked_page = found
        if page.total and (page.number, page.per_page) != (asked_page, question.per_page):
            raise ReadError(
                f"part {number}: is page {page.number} with {page.per_page} rows a page, "
                f"expected page {asked_page} with {question.per_page}"
            )
        if page.source and question.source and page.source != str(question.source):
            raise ReadError(
                f"part {number}: is of source {page.source}, expected {question.source}"
            )
        questions.append(question)
    if len({replace(question, economies=()) for question in questions}) > 1:
        raise ReadError("requests: they differ in more than economies and page")
    return tuple(questions)


def _check_grid(cells: Sequence[Cell], asked: Sequence[Question], sources: set[str]) -> None:
    """Every economy asked has every year exactly once, with a value or without.

    A year that no economy has is one that the database does not hold: at the end of the years
    asked that is usual (``YEARS_BEHIND``), elsewhere only in another database than the World
    Development Indicators, such as a survey of every third year.

    Raises:
        ReadError: names the first cell that is missing, twice there or was not asked for.
    """
    found = found_once(cells)
    economies = {e for q in asked for e in q.economies} or {economy for economy, _ in found}
    years = {year for _, year in found}
    if asked:
        check_asked(found, economies, (asked[0].first_year, asked[0].last_year))
        years |= _years_due(asked[0], years, sources)
    check_full(found, economies, years)


def _years_due(question: Question, held: set[int], sources: set[str]) -> set[int]:
    """Years that must be there, whatever is there."""
    if held and not sources <= {WDI_SOURCE, ""}:
        return set()
    last = question.last_year - YEARS_BEHIND
    return set(range(question.first_year, max([last, question.first_year, *held]) + 1))
