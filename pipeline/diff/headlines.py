"""The headline measures of any set of figures, and of an edition as it was published.

They are computed by the project's own SQL and measures from a small warehouse in which the figures
stand as if they had been released so: what a report would say of them. Comparing is not done here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.catalog.entry import PROJECT_SET
from pipeline.catalog.models import Catalog
from pipeline.diff.cells import Figures, Key
from pipeline.editions.standing import Edition
from pipeline.ingest.archive import Archive
from pipeline.ingest.sidecar import Sidecar, SidecarDraft
from pipeline.report.context import Context
from pipeline.report.facts import (
    GDP,
    MOST_PCT,
    PER_GDP,
    POPULATION,
    WORLD,
    Facts,
)
from pipeline.report.marts import Marts
from pipeline.warehouse.build import all_tables, fill_core, fill_marts
from pipeline.warehouse.quoting import quoted
from pipeline.warehouse.store import in_memory
from pipeline.wording import load_wording

if TYPE_CHECKING:
    import duckdb

NEEDED: Final = (
    "core.goods_series",
    "marts.inequality",
    "marts.inequality_contributions",
    "marts.inequality_leave_one_out",
    "marts.latest_values",
    "marts.world_shares",
)
"""What the measures are read from."""


@dataclass(frozen=True)
class Headline:
    """What is measured, in words, with its unit."""

    label: str
    unit: str


HEADLINES: Final[Mapping[str, Headline]] = {
    "theil_ict": Headline("Theil T, ICT service exports per GDP", "nats"),
    "theil_ict_without_one": Headline("the same without the state it rests on most", "nats"),
    "world_population": Headline("share of the world's people", "%"),
    "world_gdp": Headline("share of the world's GDP", "%"),
    "members_online": Headline(f"members above {MOST_PCT:g} % online", "members"),
    "people_offline": Headline("people offline", "persons"),
    "theil_offline": Headline("Theil T, people offline, states alike", "nats"),
}
"""Each of the newest year that may be published; a later year counts as new data."""

SAME_YEAR: Final = "theil_ict_in_"
"""Before a year: the first of them for that year, so that it is compared with itself."""


@dataclass(frozen=True)
class Measured:
    """A measure's value and the year it speaks of."""

    value: float
    year: int | None


def label_of(name: str) -> Headline:
    """The words for a measure's name, also for one of a given year."""
    if name.startswith(SAME_YEAR):
        first = HEADLINES["theil_ict"]
        return Headline(f"{first.label}, {name.removeprefix(SAME_YEAR)} both times", first.unit)
    return HEADLINES[name]


def series(catalog: Catalog) -> tuple[str, ...]:
    """The indicators that the measures rest on."""
    headline = {i.id for i in catalog.indicators.values() if i.headline}
    weights = {catalog.indicators[i].aggregation.weight for i in headline}
    return tuple(sorted(headline | {w for w in weights if w}))


def places(catalog: Catalog) -> tuple[str, ...]:
    """The economies that they rest on."""
    return (*sorted(catalog.member_sets[PROJECT_SET].economies), WORLD)


def prepare(sql_dir: Path) -> None:
    """Read the SQL that measuring needs once, before several threads would each read it."""
    all_tables(sql_dir, NEEDED)


def measure(
    cells: Mapping[Key, float], of: Figures, as_of: date, catalog: Catalog, sql_dir: Path
) -> dict[str, Measured]:
    """The headline measures of some figures, as a report as of the date would give them.

    Args:
        cells: the figures.
        of: whose they are: publisher and vintage of each series.
        as_of: decides which values are too old.
        catalog: the catalogue to read them by, corrections included.
        sql_dir: folder of the SQL.

    Returns:
        Those that may be published.
    """
    archive = _Released(cells, of)
    if not archive.snapshots():
        return {}
    with in_memory() as con:
        fill_core(con, archive, catalog, as_of, sql_dir, only=NEEDED)
        fill_marts(con, sql_dir, only=NEEDED)
        return _measures(con, catalog, as_of)


def published(edition: Edition, catalog: Catalog) -> dict[str, Measured] | None:
    """The measures that an edition was published with, from the tables of its data package.

    None where only its manifest is at hand, or its tables are of a form that is not known today.
    """
    import duckdb

    if edition.folder is None:
        return None
    with duckdb.connect(":memory:") as con:
        con.execute("CREATE SCHEMA core; CREATE SCHEMA marts")
        try:
            for path in sorted((edition.folder / "data").glob("*.*.parquet")):
                con.execute(f"CREATE VIEW {path.stem} AS FROM read_parquet({quoted(path)})")
            return _measures(con, catalog, edition.manifest.inputs.as_of)
        except duckdb.Error:
            return None


def _measures(
    con: "duckdb.DuckDBPyConnection", catalog: Catalog, as_of: date
) -> dict[str, Measured]:
    facts = Facts(Context(Marts(con, PROJECT_SET), catalog, as_of, load_wording()))
    return dict(_each(facts))


def _each(facts: Facts) -> Iterator[tuple[str, Measured]]:
    found = facts.concentration
    if found is not None:
        yield "theil_ict", Measured(found.theil_t, found.cell.year)
        if found.decisive is not None:
            yield "theil_ict_without_one", Measured(found.decisive.theil_t, found.cell.year)
    for cell in facts.ict_indices:
        if cell.published and cell.weighting == PER_GDP and cell.theil_t is not None:
            yield f"{SAME_YEAR}{cell.year}", Measured(cell.theil_t, cell.year)
    for name, indicator in (("world_population", POPULATION), ("world_gdp", GDP)):
        shares = facts.context.marts.shares([indicator])
        if shares:
            yield name, Measured(shares[-1].share, shares[-1].year)
    if facts.online.recent:
        yield "members_online", Measured(float(len(facts.online.above(MOST_PCT))), None)
    if facts.offline is not None:
        yield "people_offline", Measured(facts.offline.total, facts.offline.cell.year)
    offline = [c for c in facts.sides.offline if c.theil_t is not None]
    if offline and offline[-1].theil_t is not None:
        yield "theil_offline", Measured(offline[-1].theil_t, offline[-1].year)


class _Released(Archive):
    """Figures as an archive in memory: each series one snapshot of its vintage."""

    def __init__(self, cells: Mapping[Key, float], of: Figures) -> None:
        super().__init__(None)
        self._bodies: dict[str, bytes] = {}
        self._sidecars = tuple(
            self._release(indicator, rows, of) for indicator, rows in _by_series(cells).items()
        )

    def snapshots(self) -> tuple[Sidecar, ...]:
        return self._sidecars

    def read_many(self, sidecars: Iterable[Sidecar]) -> Iterator[tuple[Sidecar, tuple[bytes, ...]]]:
        for sidecar in sidecars:
            yield sidecar, (self._bodies[sidecar.snapshot],)

    def _release(self, indicator: str, rows: Sequence[str], of: Figures) -> Sidecar:
        body = "\n".join(("economy,year,value", *rows, "")).encode()
        draft = SidecarDraft(
            publisher=of.publishers[indicator],
            indicators=(indicator,),
            vintage=of.vintages[indicator],
            vintage_basis="that of the figures it is made of",
            licence="not published",
            attribution="not published",
            source="memory",
            reader="tidy_csv",
            constants={"indicator": indicator},
        )
        sidecar = draft.with_bodies([body])
        self._bodies[sidecar.snapshot] = body
        return sidecar


def _by_series(cells: Mapping[Key, float]) -> dict[str, list[str]]:
    """Lines of a tidy table by indicator; ``repr`` keeps every bit of a value."""
    lines: dict[str, list[str]] = {}
    for (indicator, economy, year), value in sorted(cells.items()):
        lines.setdefault(indicator, []).append(f"{economy},{year},{value!r}")
    return lines
