"""A probe: has a publisher said anything new? A few small requests, so that it can be daily.

What belongs here: a digest of what the headline series look like at their publishers now. What
does not: fetching or archiving anything (``refresh``). Dates in the answers are hashed with all
the rest and never compared: figures change without them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from pipeline.errors import SourceError
from pipeline.ingest.connectors import connector_of
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

    digest: str
    """The same while they say the same, byte for byte."""
    summary: str
    """One line: how many series of whom, and how the digest begins."""


def probe(catalog: "Catalog", settings: Settings, *, today: date | None = None) -> Probe:
    """Ask for the newest years of the headline series of the bloc's states and the world.

    Args:
        catalog: says which series; where no live one is a headline, any will do.
        settings: where to ask; its limits are tightened to ``LIMITS``.
        today: its year is the last asked for; the clock's by default.

    Raises:
        SourceError: a publisher could not be asked. A series that it refuses is no such error:
            the refusal is a part of what it says.
    """
    year = (today or datetime.now(UTC).date()).year
    economies = _economies(catalog)
    seen: list[tuple[str, str, list[str]]] = []
    for publisher in _live(catalog):
        connector = connector_of(publisher)
        with Client(_bounded(settings)) as client:
            for indicator in _headlines(catalog, publisher.id):
                try:
                    years = (year - YEARS + 1, year)
                    fetched = connector(client, settings, indicator, economies, years)
                    said = [digest(body) for body in fetched.bodies]
                except UnavailableError:
                    raise
                except SourceError as refusal:
                    said = [str(refusal)]
                seen.append((publisher.id, indicator.id, said))
    told = digest(canonical_json(seen))
    publishers = ", ".join(p.short_name for p in _live(catalog)) or "nobody"
    return Probe(told, f"{len(seen)} series of {publishers}, digest {told[:12]}")


def _live(catalog: "Catalog") -> list["Publisher"]:
    return sorted((p for p in catalog.publishers.values() if p.connector), key=lambda p: p.id)


def _economies(catalog: "Catalog") -> tuple[str, ...]:
    """The bloc's states, and the aggregates that publishers give: the world among them."""
    states = {membership.economy for membership in catalog.bloc.members}
    return tuple(sorted(states | {b.aggregate for b in catalog.blocs.values() if b.aggregate}))


def _headlines(catalog: "Catalog", publisher: str) -> tuple["Indicator", ...]:
    live = catalog.indicators_of(publisher, live=True)
    return (tuple(i for i in live if i.headline) or live)[:MAX_SERIES]


def _bounded(settings: Settings) -> Settings:
    own = {name: min(limit, getattr(settings, name)) for name, limit in LIMITS.items()}
    return settings.model_copy(update=own)
