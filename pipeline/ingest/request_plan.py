"""What a refresh would ask: per publisher its series, and the requests that are known beforehand.

Nothing is asked here. A publisher that does not say how many rows a series has may need more pages
than the one that is planned, so counts of requests are at least that many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipeline.ingest.connectors import Series, batches_of, requests_of
from pipeline.ingest.refresh import FIRST_YEAR, named
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.catalog.models import Catalog


@dataclass(frozen=True)
class PublisherPlan:
    """The requests to one publisher. ``economies`` and ``years`` are the same for all series."""

    publisher: str
    series: tuple[str, ...]
    economies: tuple[str, ...]
    years: tuple[int, int]
    partners: int
    """Partners of each economy; 1 where a series is not bilateral."""
    requests: tuple[str, ...]
    """URLs; by batch of series, each batch's in order."""

    @property
    def cells(self) -> int:
        """Values that there can be at most."""
        first, last = self.years
        return len(self.series) * len(self.economies) * self.partners * (last - first + 1)


def plan_refresh(
    catalog: "Catalog", settings: Settings, *, today: date, publishers: Sequence[str] = ()
) -> tuple[PublisherPlan, ...]:
    """The plan of a refresh on a day.

    Args:
        catalog: says which series, of which economies.
        settings: where the publishers are.
        today: the last year asked for is its year.
        publishers: whom to ask; all that are asked by default when empty.

    Raises:
        SourceError: a publisher named is not in the catalogue or has no connector.
    """
    years = (FIRST_YEAR, today.year)
    plans = []
    for publisher in named(catalog, publishers):
        economies = catalog.economies_asked_of(publisher)
        live = catalog.indicators_of(publisher.id, live=True)
        asked = [Series(publisher, indicator, economies, years, catalog.m49) for indicator in live]
        requests = [
            url for batch in batches_of(settings, asked) for url in requests_of(settings, batch)
        ]
        codes = tuple(indicator.id for indicator in live)
        partners = len(economies) if publisher.bilateral else 1
        plans.append(
            PublisherPlan(publisher.id, codes, economies, years, partners, tuple(requests))
        )
    return tuple(plans)
