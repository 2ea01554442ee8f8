"""A probe: has a publisher said anything new? A few small requests, so that it can be daily.

What belongs here: a digest of what the headline series of each publisher look like now. What does
not: fetching or archiving anything (``refresh``). Dates in the answers are hashed with all the rest
and never compared: figures change without them. A publisher that is silent keeps no other's news.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from pipeline.errors import ProjectError, ShapeError
from pipeline.ingest.connectors import Series, batches_of, fetch_batch
from pipeline.ingest.http import Client, UnavailableError
from pipeline.ingest.sidecar import canonical_json, digest
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.catalog.models import Catalog, Indicator, Publisher

MAX_SERIES: Final = 6
"""Series asked of each publisher."""
YEARS: Final = 5
"""Years asked of each series, to this one: revisions of a release touch the newest first."""
LIMITS: Final = {
    "http_retries": 1,
    "connect_timeout_s": 5.0,
    "read_timeout_s": 10.0,
    "request_time_limit_s": 20.0,
    "refresh_time_limit_s": 40.0,
}
"""At most these: a sensor of Dagster has a minute."""


@dataclass(frozen=True)
class Probe:
    """What the publishers say now."""

    digests: Mapping[str, str]
    """By publisher; the same while it says the same, byte for byte."""
    silent: Mapping[str, str]
    """Publishers that gave no answer, or one that cannot be read, and why."""
    summary: str
    """One line: how many series of whom."""


def probe(catalog: "Catalog", settings: Settings, *, today: date | None = None) -> Probe:
    """Ask for the newest years of the headline series of the bloc's states and the world.

    Args:
        catalog: says which series; where no live one is a headline, any will do.
        settings: where to ask; its limits are tightened to ``LIMITS``.
        today: its year is the last asked for; the clock's by default.

    A series that a publisher refuses makes it not silent: the refusal is a part of what it says.
    """
    year = (today or datetime.now(UTC).date()).year
    years = (year - YEARS + 1, year)
    digests: dict[str, str] = {}
    silent: dict[str, str] = {}
    count = 0
    for publisher in _live(catalog):
        headlines = _headlines(catalog, publisher.id)
        economies = _economies(catalog, publisher)
        asked = [
            Series(publisher, indicator, economies, years, catalog.m49) for indicator in headlines
        ]
        try:
            digests[publisher.id] = digest(canonical_json(_said(asked, _bounded(settings))))
            count += len(asked)
        except (UnavailableError, ShapeError) as error:
            silent[publisher.id] = str(error)
    told = ", ".join(p.short_name for p in _live(catalog) if p.id in digests) or "nobody"
    return Probe(digests, silent, f"{count} series of {told}")


def _said(asked: Sequence[Series], settings: Settings) -> list[tuple[str, list[str]]]:
    """What a publisher says to each series: the digests of the bodies, or its refusal."""
    said: list[tuple[str, list[str]]] = []
    with Client(settings) as client:
        for batch in batches_of(settings, asked):
            for series, came in fetch_batch(client, settings, batch):
                match came:
                    case UnavailableError() | ShapeError():
                        raise came
                    case ProjectError():
                        said.append((series.indicator.id, [str(came)]))
                    case _:
                        said.append((series.indicator.id, came.digests(came.bodies)))
    return said


def _live(catalog: "Catalog") -> list["Publisher"]:
    live = [p for p in catalog.publishers.values() if p.connector and p.by_default]
    return sorted(live, key=lambda p: p.id)


def _economies(catalog: "Catalog", publisher: "Publisher") -> tuple[str, ...]:
    """The bloc's states, and the aggregates that the publisher gives: the world among them."""
    codes = {membership.economy for membership in catalog.bloc.members}
    codes |= {b.aggregate for b in catalog.blocs.values() if b.aggregate}
    return tuple(sorted(codes & set(catalog.economies_asked_of(publisher))))


def _headlines(catalog: "Catalog", publisher: str) -> tuple["Indicator", ...]:
    live = catalog.indicators_of(publisher, live=True)
    return (tuple(i for i in live if i.headline) or live)[:MAX_SERIES]


def _bounded(settings: Settings) -> Settings:
    own = {name: min(limit, getattr(settings, name)) for name, limit in LIMITS.items()}
    return settings.model_copy(update=own)
