"""The World Bank's Indicators API, version 2: which URLs to ask, and what a series' pages say.

What belongs here: explicit requests (never ``mrv``, ``gapfill`` and the like: the publisher's cache
leaves them out of its key and may answer with another query's figures), and the check that what
came is a full grid of economies × years. Which indicators share a request is
``world_bank_batches``', what one page looks like ``world_bank_reply``'s, how pages fit together
``world_bank_series``', retries are ``http``'s.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import pandas as pd

from pipeline.errors import ReadError, SourceError
from pipeline.ingest.cells import found_once, to_frame
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.sidecar import Sidecar
from pipeline.ingest.world_bank_reply import parse, rows_of
from pipeline.ingest.world_bank_series import check_asked, check_codes, check_full, check_pages
from pipeline.ingest.world_bank_wire import Cell, Page, RefusalError
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.catalog.models import Indicator

ROWS_PER_PAGE: Final = 20_000
"""Some nine series of sixty economies and thirty-odd years; the publisher gives about 32,500."""
MAX_PATH_SEGMENT: Final = 1500
"""Characters that the publisher takes between two slashes; of a whole URL it takes 4,000."""
WDI_SOURCE: Final = "2"
YEARS_BEHIND: Final = 2
"""The newest years asked may be missing whole: a database ends a year or two before today."""

_URL: Final = re.compile(
    r".*/country/(?P<economies>[^/?]+)/indicator/(?P<codes>[^/?]+)\?format=json"
    r"&date=(?P<first>[0-9]{4}):(?P<last>[0-9]{4})&per_page=(?P<per_page>[0-9]{1,6})"
    r"(?:&source=(?P<source>[0-9]{1,6}))?&page=(?P<page>[0-9]{1,6})"
)


@dataclass(frozen=True)
class Question:
    """What one batch of pages is asked: some indicators and economies, every year from … to."""

    codes: tuple[str, ...]
    """Of the publisher. Several need the number of their database."""
    economies: tuple[str, ...]
    first_year: int
    last_year: int
    source: int | None = None
    """The database's number, where it must be said."""
    per_page: int = ROWS_PER_PAGE

    @property
    def cells(self) -> int:
        """Rows that there can be at most."""
        years = self.last_year - self.first_year + 1
        return len(self.codes) * len(self.economies) * years

    def url(self, base: str, page: int) -> str:
        """The request for one page, from 1."""
        source = "" if self.source is None else f"&source={self.source}"
        return (
            f"{base}/country/{';'.join(self.economies)}/indicator/{';'.join(self.codes)}"
            f"?format=json&date={self.first_year}:{self.last_year}&per_page={self.per_page}{source}&page={page}"
        )

    @classmethod
    def of(cls, url: str) -> "tuple[Self, int] | None":
        """The question and the page that an archived request was for; None if it is not ours."""
        found = _URL.fullmatch(url)
        if found is None:
            return None
        question = cls(
            codes=tuple(found["codes"].split(";")),
            economies=tuple(found["economies"].split(";")),
            first_year=int(found["first"]),
            last_year=int(found["last"]),
            source=int(found["source"]) if found["source"] else None,
            per_page=int(found["per_page"]),
        )
        return question, int(found["page"])


class Answer(NamedTuple):
    """One page as it came."""

    url: str
    body: bytes
    page: Page


def live_code(indicator: "Indicator") -> str:
    """The publisher's code of an indicator of the catalogue."""
    return indicator.live_code or indicator.id


def plan(
    indicators: Sequence["Indicator"],
    economies: Sequence[str],
    years: tuple[int, int],
) -> tuple[Question, ...]:
    """The questions for indicators of one database: economies in batches that fit into a path.

    Args:
        indicators: of the catalogue; a recoded one is asked for by its live code.
        economies: ISO 3166 alpha-3 codes and the publisher's aggregates.
        years: first and last.
    """
    places = sorted(set(economies))
    # three letters and a semicolon each
    size = max((MAX_PATH_SEGMENT + 1) // 4, 1)
    source = indicators[0].live_source
    if len(indicators) > 1 and source is None:
        source = int(WDI_SOURCE)
    return tuple(
        Question(
            codes=tuple(live_code(indicator) for indicator in indicators),
            economies=tuple(places[start : start + size]),
            first_year=years[0],
            last_year=years[1],
            source=source,
            per_page=ROWS_PER_PAGE,
        )
        for start in range(0, len(places), size)
    )


def fetch(client: Client, settings: Settings, series: Series) -> Fetched:
    """All pages of one indicator. See ``connectors.Connector``.

    Raises:
        SourceError: the publisher could not be had, refused, or announces more rows than asked.
    """
    questions = plan([series.indicator], series.economies, series.years)
    return fetched_of(series, settings, ask(client, settings, questions))


def fetched_of(series: Series, settings: Settings, answers: Sequence[Answer]) -> Fetched:
    """What some pages hold of one series; they may hold others, too."""
    code = live_code(series.indicator)
    updated = sorted({str(answer.page.updated) for answer in answers if answer.page.updated})
    return Fetched(
        bodies=tuple(answer.body for answer in answers),
        requests=tuple(answer.url for answer in answers),
        media_type="application/json",
        source=f"{_base(settings)}/indicator/{code}",
        reader="world_bank_v2",
        constants={"indicator": series.indicator.id, "live_code": code},
        says=f"lastupdated {', '.join(updated)}" if updated else "no lastupdated",
        of_series=partial(rows_of, code=code),
    )


def requests(settings: Settings, series: Series) -> Sequence[str]:
    """The URLs of all pages, each of which is full. See ``connectors.Planner``."""
    return urls(settings, plan([series.indicator], series.economies, series.years))


def urls(settings: Settings, questions: Sequence[Question]) -> list[str]:
    """The URLs of all pages of some questions, each of which is full."""
    return [
        question.url(_base(settings), page)
        for question in questions
        for page in range(1, -(-question.cells // question.per_page) + 1)
    ]


def ask(client: Client, settings: Settings, questions: Sequence[Question]) -> list[Answer]:
    """All pages of some questions.

    Raises:
        SourceError: see ``fetch``.
    """
    return [answer for q in questions for answer in _ask(client, _base(settings), q)]


def _base(settings: Settings) -> str:
    return settings.world_bank_url.rstrip("/")


def _ask(client: Client, base: str, question: Question) -> Iterator[Answer]:
    """The pages of one question, as many as its rows need."""
    number, pages = 1, 1
    while number <= pages:
        url = question.url(base, number)
        body, page = client.get(url, parse)
        yield Answer(url, body, page)
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
    code = sidecar.constants.get("live_code", sidecar.indicators[0])
    asked = _asked(sidecar, pages)
    codes = asked[0].codes if asked else (code,)
    if code not in codes:
        raise ReadError(f"requests: they are for {', '.join(codes)}, expected {code}")
    check_pages(pages)
    check_codes(pages, codes)
    # other series of the same bodies have snapshots of their own
    cells = [cell for page in pages for cell in page.series.get(code, ())]
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
