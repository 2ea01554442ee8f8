"""Several indicators of the World Bank in one request, each of them a series of its own afterwards.

What belongs here: which indicators share a request, and what becomes of them when the request goes
wrong. What is asked of one is ``world_bank``'s.

A body of many series is archived once, as received. Each series that it says something new of has a
snapshot of its own, whose parts are that body and whose constants say which rows are meant; a
series that it says nothing new of keeps the snapshot it has, and so its vintage. What a body says
of a series is its rows (``world_bank_reply.rows_of``). The price is that one revised series keeps a
body with all that were asked along with it: a few megabytes, once.

The publisher answers a whole request with one message if a single code of it is wrong. A request
that came to nothing is therefore asked again in halves, down to single series, so that a bad one
costs a few requests more and no other series.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from pipeline.errors import ProjectError
from pipeline.ingest import world_bank
from pipeline.ingest.connectors import Answered, Series
from pipeline.ingest.http import Client
from pipeline.ingest.world_bank import MAX_PATH_SEGMENT, Answer, live_code, plan
from pipeline.ingest.world_bank_series import check_codes, check_pages
from pipeline.settings import Settings

MAX_INDICATORS: Final = 60
"""Indicators that the publisher takes in a request."""
MAX_URL: Final = 4000
"""Characters that it takes in a URL."""


def batches(settings: Settings, asked: Sequence[Series]) -> list[tuple[Series, ...]]:
    """Series of one database, economies and years, as many together as fit into a page.

    Pages are filled evenly, so that requests that are under way at once end at about one time.
    """
    found: list[tuple[Series, ...]] = []
    for _, group in groupby(sorted(asked, key=_sort_key), key=_shared):
        alike = list(group)
        size = _size(alike)
        number = -(-len(alike) // size)
        size = -(-len(alike) // number)
        for start in range(0, len(alike), size):
            found.extend(_that_fit(settings, tuple(alike[start : start + size])))
    return found


def requests(settings: Settings, batch: Sequence[Series]) -> list[str]:
    """The URLs of all pages, each of which is full."""
    return world_bank.urls(settings, _questions(batch))


def fetch(client: Client, settings: Settings, batch: Sequence[Series]) -> Iterator[Answered]:
    """Each series of a batch with what came of it, or why it could not be had."""
    if len(batch) == 1:
        yield _alone(client, settings, batch[0])
        return
    try:
        answers = _together(client, settings, batch)
    except ProjectError:
        half = len(batch) // 2
        yield from fetch(client, settings, batch[:half])
        yield from fetch(client, settings, batch[half:])
        return
    held = {code for answer in answers for code in answer.page.series}
    for series in batch:
        if live_code(series.indicator) in held:
            yield series, world_bank.fetched_of(series, settings, answers)
        else:  # asked for it alone the publisher says why
            yield _alone(client, settings, series)


def _alone(client: Client, settings: Settings, series: Series) -> Answered:
    try:
        return series, world_bank.fetch(client, settings, series)
    except ProjectError as error:
        return series, error


def _together(client: Client, settings: Settings, batch: Sequence[Series]) -> list[Answer]:
    """The pages of a batch, once they fit together.

    Raises:
        SourceError: the batch could not be had.
        ReadError: its pages do not belong together, or have rows of another indicator.
    """
    answers = world_bank.ask(client, settings, _questions(batch))
    pages = [answer.page for answer in answers]
    check_pages(pages)
    check_codes(pages, [live_code(series.indicator) for series in batch])
    return answers


def _questions(batch: Sequence[Series]) -> tuple[world_bank.Question, ...]:
    first = batch[0]
    return plan([series.indicator for series in batch], first.economies, first.years)


def _shared(series: Series) -> tuple[int, tuple[str, ...], tuple[int, int]]:
    """What series of one request have in common."""
    database = series.indicator.live_source or int(world_bank.WDI_SOURCE)
    return database, tuple(series.economies), series.years


def _sort_key(series: Series) -> tuple[tuple[int, tuple[str, ...], tuple[int, int]], str]:
    return _shared(series), series.indicator.id


def _size(alike: Sequence[Series]) -> int:
    """How many of some series fill a page; one, where a single one needs more."""
    first = alike[0]
    rows = len(set(first.economies)) * (first.years[1] - first.years[0] + 1)
    return max(min(world_bank.ROWS_PER_PAGE // rows, MAX_INDICATORS), 1)


def _that_fit(settings: Settings, batch: tuple[Series, ...]) -> list[tuple[Series, ...]]:
    """The batch, or parts of it, so that the publisher takes the URLs."""
    urls = requests(settings, batch)
    longest = max(len(segment) for url in urls for segment in url.split("/"))
    if len(batch) == 1 or (longest <= MAX_PATH_SEGMENT and max(map(len, urls)) <= MAX_URL):
        return [batch]
    half = len(batch) // 2
    return _that_fit(settings, batch[:half]) + _that_fit(settings, batch[half:])
