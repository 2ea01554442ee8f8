"""Flows of one data set of UNCTADstat in one request, each of them a series of its own afterwards.

An archive holds all flows, whichever was asked for. It is archived once, as received, by each flow
that it says something new of; one that it says nothing new of keeps the snapshot it has, and so its
vintage.
"""

from collections.abc import Iterator, Sequence

from pipeline.errors import ProjectError, SourceError
from pipeline.ingest import unctad
from pipeline.ingest.connectors import Answered, Series
from pipeline.ingest.http import Client
from pipeline.settings import Settings


def batches(_: Settings, asked: Sequence[Series]) -> list[tuple[Series, ...]]:
    """Series of one data set together; one that cannot be asked for stands alone, to be named."""
    found: dict[str, list[Series]] = {}
    for series in sorted(asked, key=lambda series: series.indicator.id):
        found.setdefault(_data_set(series), []).append(series)
    return [tuple(batch) for batch in found.values()]


def requests(settings: Settings, batch: Sequence[Series]) -> Sequence[str]:
    """The one URL."""
    return unctad.requests(settings, batch[0])


def fetch(client: Client, settings: Settings, batch: Sequence[Series]) -> Iterator[Answered]:
    """Each series of a batch with what came of it, or why it could not be had."""
    try:
        came = unctad.ask(client, settings, unctad.plan(batch[0]))
    except ProjectError as error:
        yield from ((series, error) for series in batch)
        return
    for series in batch:
        yield series, unctad.fetched_of(series, *came)


def _data_set(series: Series) -> str:
    try:
        return unctad.plan(series).data_set
    except SourceError:
        return series.indicator.id
