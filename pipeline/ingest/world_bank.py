"""The World Bank's Indicators API, version 2: which URLs to ask, and what a series' pages say.

What belongs here: explicit requests for one indicator (never ``mrv``, ``gapfill`` and the like: the
publisher's cache leaves them out of its key and may answer with another query's figures), and the
check that what came is a full grid of economies × years. What one page looks like is
``world_bank_reply``'s, retries and limits are ``http``'s.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Self

import pandas as pd

from pipeline import observations
from pipeline.errors import ReadError, SourceError
from pipeline.ingest.connectors import Fetched
from pipeline.ingest.http import Client
from pipeline.ingest.sidecar import Sidecar
from pipeline.ingest.world_bank_reply import Cell, Page, RefusalError, parse
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.catalog.models import Indicator

ROWS_PER_PAGE: Final = 1000
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


def fetch(
    client: Client,
    settings: Settings,
    indicator: "Indicator",
    economies: Sequence[str],
    years: tuple[int, int],
) -> Fetched:
    """All pages of one indicator. See ``connectors.Connector``.

    Raises:
        SourceError: the publisher could not be had, refused, or announces more rows than asked.
    """
    base = settings.world_bank_url.rstrip("/")
    answers = [
        a for question in plan(indicator, economies, years) for a in _ask(client, base, question)
    ]
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
    _check_pages(pages)
    cells = [cell for page in pages for cell in page.cells]
    code = sidecar.constants.get("live_code", sidecar.indicators[0])
    _check_codes(pages, code)
    _check_grid(cells, asked, {page.source for page in pages if page.total})
    kept = [cell for cell in cells if cell.value is not None]
    frame = pd.DataFrame(
        {
            "indicator": sidecar.constants.get("indicator", sidecar.indicators[0]),
            "economy": pd.Series([cell.economy for cell in kept], dtype="str"),
            "counterpart": observations.NOT_BILATERAL,
            "year": pd.Series([cell.year for cell in kept], dtype="int32"),
            "value": pd.Series([cell.value for cell in kept], dtype="str"),
            "status": pd.Series([cell.status for cell in kept], dtype="str"),
        }
    )
    return frame.astype(observations.empty().dtypes)[list(observations.COLUMNS)]


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


def _check_pages(pages: Sequence[Page]) -> None:
    """Pages count up to their total, row by row, and all speak of one state of one database.

    Raises:
        ReadError: names the part.
    """
    expected, held, total = 1, 0, 0
    for number, page in enumerate(pages, 1):
        if not page.total and not page.cells and expected == 1:
            continue
        if page.number != expected or (expected > 1 and page.total != total):
            raise ReadError(
                f"part {number}: is page {page.number} of {page.total} rows, expected page "
                f"{expected}" + (f" of {total}" if expected > 1 else "")
            )
        if page.per_page == 0 or page.pages != -(-page.total // page.per_page):
            raise ReadError(
                f"part {number}: says {page.pages} pages for {page.total} rows, "
                f"{page.per_page} a page"
            )
        rows = min(page.per_page, page.total - held)
        if len(page.cells) != rows:
            raise ReadError(f"part {number}: {len(page.cells)} rows, expected {rows} by its head")
        held, total = held + rows, page.total
        expected, held = (1, 0) if held == total else (expected + 1, held)
    if expected > 1:
        raise ReadError(f"part {len(pages)}: {held} of {total} rows, and no further part")
    _check_agree(pages)


def _check_agree(pages: Sequence[Page]) -> None:
    filled = [(number, page) for number, page in enumerate(pages, 1) if page.total]
    for (_, one), (number, other) in pairwise(filled):
        if one.source != other.source:
            raise ReadError(f"part {number}: is of source {other.source}, others of {one.source}")
        if one.updated != other.updated:
            raise ReadError(
                f"part {number}: lastupdated {other.updated}, in the part before {one.updated}: "
                "the publisher was at work meanwhile"
            )


def _check_codes(pages: Sequence[Page], code: str) -> None:
    for number, page in enumerate(pages, 1):
        for row, cell in enumerate(page.cells, 1):
            if cell.indicator != code:
                raise ReadError(
                    f"part {number}: row {row}: indicator is {cell.indicator!r}, expected {code!r}"
                )


def _check_grid(cells: Sequence[Cell], asked: Sequence[Question], sources: set[str]) -> None:
    """Every economy asked has every year exactly once, with a value or without.

    A year that no economy has is one that the database does not hold: at the end of the years
    asked that is usual (``YEARS_BEHIND``), elsewhere only in another database than the World
    Development Indicators, such as a survey of every third year.

    Raises:
        ReadError: names the first cell that is missing, twice there or was not asked for.
    """
    found: set[tuple[str, int]] = set()
    for cell in cells:
        if (cell.economy, cell.year) in found:
            raise ReadError(f"grid: {cell.economy} {cell.year} stands twice")
        found.add((cell.economy, cell.year))
    economies = {e for q in asked for e in q.economies} or {economy for economy, _ in found}
    years = {year for _, year in found}
    if asked:
        _check_asked(found, asked, economies)
        years |= _years_due(asked[0], years, sources)
    missing = sorted({(e, y) for e in economies for y in years} - found)
    if missing:
        economy, year = missing[0]
        raise ReadError(
            f"grid: no row for {economy} {year}; {len(found)} rows, "
            f"expected {len(economies)} economies × {len(years)} years"
        )


def _check_asked(
    found: Iterable[tuple[str, int]], asked: Sequence[Question], economies: set[str]
) -> None:
    first, last = asked[0].first_year, asked[0].last_year
    for economy, year in sorted(found):
        if economy not in economies or not first <= year <= last:
            raise ReadError(f"grid: a row for {economy} {year}, which was not asked for")


def _years_due(question: Question, held: set[int], sources: set[str]) -> set[int]:
    """Years that must be there, whatever is there."""
    if held and not sources <= {WDI_SOURCE, ""}:
        return set()
    last = question.last_year - YEARS_BEHIND
    return set(range(question.first_year, max([last, question.first_year, *held]) + 1))
