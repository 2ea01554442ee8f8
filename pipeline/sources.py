"""How the publishers stand: last asked, last changed, age against cadence, failures, coverage.

It is for those who run the project, and speaks of today. What a reader must know of the age of
figures stands in the edition itself, which knows no today.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pipeline.errors import WarehouseError
from pipeline.ingest.asked import Asked, last_asked
from pipeline.warehouse.store import query

if TYPE_CHECKING:
    from pipeline.catalog.models import Catalog, Publisher
    from pipeline.ingest.archive import Archive
    from pipeline.settings import Settings

STALE_AFTER: int = 2
"""Cadences without a release, after which a source is called stale."""

Freshness = Literal["fresh", "due", "stale", "closed", "none"]


@dataclass(frozen=True)
class SourceStatus:
    """How one publisher stands on a day."""

    publisher: str
    name: str
    dataset: str
    connector: str | None
    series: int
    """In the catalogue."""
    live: int
    """Of them asked for by a refresh."""
    snapshots: int
    newest: date | None
    """Vintage of the newest snapshot."""
    cadence_days: int
    age_days: int | None
    freshness: Freshness
    """By the age of the newest: within a cadence, within two, older; closed where there will be no
    newer one; or nothing is there."""
    asked: Asked | None
    covered: int | None
    """Pairs of series and member state that have a figure; None where there is no warehouse."""
    pairs: int
    """Pairs that there could be."""

    def as_json(self) -> dict[str, Any]:
        asked = vars(self.asked) | {"failed": dict(self.asked.failed)} if self.asked else None
        return vars(self) | {"asked": asked}


def statuses(
    archive: "Archive", catalog: "Catalog", settings: "Settings", *, today: date
) -> tuple[SourceStatus, ...]:
    """How all publishers of the catalogue stand, by id.

    Raises:
        ArchiveError: the archive's index is damaged.
    """
    covered = _covered(catalog, settings)
    newest: dict[str, date] = {}
    counts: dict[str, int] = {}
    for sidecar in archive.snapshots():
        held = newest.get(sidecar.publisher, sidecar.vintage)
        newest[sidecar.publisher] = max(held, sidecar.vintage)
        counts[sidecar.publisher] = counts.get(sidecar.publisher, 0) + 1
    found = []
    for name, publisher in sorted(catalog.publishers.items()):
        last = newest.get(name)
        age = (today - last).days if last else None
        series = catalog.indicators_of(name)
        found.append(
            SourceStatus(
                publisher=name,
                name=publisher.short_name,
                dataset=publisher.dataset,
                connector=publisher.connector,
                series=len(series),
                live=len([i for i in series if i.live]),
                snapshots=counts.get(name, 0),
                newest=last,
                cadence_days=publisher.cadence_days,
                age_days=age,
                freshness=_freshness(publisher, age),
                asked=last_asked(settings, name),
                covered=None if covered is None else covered.get(name, 0),
                pairs=len(series) * len(catalog.members()),
            )
        )
    return tuple(found)


def _freshness(publisher: "Publisher", age_days: int | None) -> Freshness:
    if age_days is None:
        return "none"
    if publisher.closed:
        return "closed"
    if age_days <= publisher.cadence_days:
        return "fresh"
    return "due" if age_days <= STALE_AFTER * publisher.cadence_days else "stale"


def _covered(catalog: "Catalog", settings: "Settings") -> Mapping[str, int] | None:
    """Pairs with a figure by publisher, of the published warehouse if there is one."""
    states = ", ".join(f"'{code}'" for code in catalog.members())
    asked = (
        "FROM (FROM core.current SELECT DISTINCT publisher, indicator, economy"
        f" WHERE economy IN ({states})) SELECT publisher, count(*) GROUP BY publisher"
    )
    try:
        _, rows = query(settings.warehouse_path, asked)
    except WarehouseError:
        return None
    return {str(publisher): int(str(count)) for publisher, count in rows}
