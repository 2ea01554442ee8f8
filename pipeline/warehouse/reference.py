"""Tables that come from outside the warehouse: the catalogue's and the archive's.

Here they are declared, column by column, and filled with rows; ``core.*`` tables are kept in the
warehouse, ``staging.*`` exist only while it is built. What is computed from them is SQL's work.
What the catalogue asks and plans (claims, targets, the index, sizes) stands in ``plans``.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from pipeline.catalog.models import Catalog
from pipeline.inputs import archive_hash, body_hashes
from pipeline.warehouse.catalog_table import CatalogTable, Row, catalog_table, typed
from pipeline.warehouse.concepts import CONCEPT_TABLES
from pipeline.warehouse.plans import PLAN_TABLES
from pipeline.warehouse.tables import Table

if TYPE_CHECKING:
    from pipeline.ingest.sidecar import Sidecar


FIRST_YEAR = 1990
"""Member sets are spelled out from this year on; aggregates and indices begin there."""


BUILD = typed(
    "core.build",
    "What this warehouse is a function of: one row.",
    """
    as_of          | DATE    | date | snapshots published after it do not speak
    since          | DATE    | date | as-of date of the edition compared with; empty: a year before
    catalog_sha256 | VARCHAR | –    | hash of all entries of the catalogue
    archive_sha256 | VARCHAR | –    | hash of the sidecars of all snapshots that speak
    code_sha256    | VARCHAR | –    | hash of code, SQL, expectations and wording
    """,
)


def build_rows(
    catalog: Catalog,
    as_of: date,
    since: date | None,
    sidecars: Iterable["Sidecar"],
    code_sha256: str,
) -> Iterable[Row]:
    """The row of ``core.build``."""
    yield as_of, since, catalog.sha256, archive_hash(sidecars), code_sha256


def _economies(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, e in sorted(catalog.economies.items()):
        yield code, e.name, e.kind, e.iso2, e.m49


def _indicators(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, i in sorted(catalog.indicators.items()):
        yield (
            code, i.publisher, i.name, i.short_name, i.unit, i.pillar, i.kind, i.direction,
            i.plausible.minimum, i.plausible.maximum, i.plausible_economies, i.max_jump,
            i.max_age_years, i.aggregation.method, i.aggregation.weight,
            i.complement.id if i.complement else None, i.headline, i.live, i.note,
        )  # fmt: skip


def _weightings(catalog: Catalog, _: date) -> Iterable[Row]:
    rows: list[tuple[str, str, bool, str]] = []
    for code, i in catalog.indicators.items():
        for weighting in i.weightings:
            rows.append((code, code, False, weighting))
            if i.complement:
                rows.append((i.complement.id, code, True, weighting))
    return sorted(rows)


def _publishers(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, p in sorted(catalog.publishers.items()):
        yield (
            code, p.name, p.short_name, p.dataset, str(p.url), p.licence.name,
            str(p.licence.url) if p.licence.url else None, p.licence.redistributable,
            p.attribution, p.cadence_days, p.closed,
        )  # fmt: skip


def _blocs(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, b in sorted(catalog.blocs.items()):
        yield code, b.name, b.short_name, b.founded, b.aggregate


def _memberships(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, b in sorted(catalog.blocs.items()):
        for m in sorted(b.members, key=lambda m: (m.economy, m.since)):
            yield code, m.economy, m.since, m.until


def _member_sets(catalog: Catalog, as_of: date) -> Iterable[Row]:
    for code, entry in sorted(catalog.member_sets.items()):
        for year in range(FIRST_YEAR, as_of.year + 1):
            for economy in catalog.members(code, year):
                yield code, entry.bloc, year, economy, code == catalog.reported


def _groups(catalog: Catalog, _: date) -> Iterable[Row]:
    rows = [
        (g.scheme, g.id, g.name, g.bloc, economy)
        for g in catalog.groups.values()
        for economy in g.economies
    ]
    return sorted(rows)


def _breaks(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, i in sorted(catalog.indicators.items()):
        for b in i.breaks:
            for economy in sorted(b.economies) or (None,):
                yield code, economy, *b.years, b.reason, b.source


CATALOG_TABLES: Sequence[CatalogTable] = (
    catalog_table(
        "core.economies",
        "States, territories and aggregates that the catalogue names.",
        """
        economy | VARCHAR | code | ISO 3166 alpha-3, or the code of an aggregate
        name    | VARCHAR | –    | name in running text
        kind    | VARCHAR | –    | "economy" or "aggregate"
        iso2    | VARCHAR | code | ISO 3166 alpha-2
        m49     | VARCHAR | code | UN M49, three digits
        """,
        _economies,
    ),
    catalog_table(
        "core.publishers",
        "Who publishes the figures, and on what terms.",
        """
        publisher       | VARCHAR | code | id in the catalogue
        name            | VARCHAR | –    | full name
        short_name      | VARCHAR | –    | name in a source line
        dataset         | VARCHAR | –    | name of the data set
        url             | VARCHAR | –    | where it is published
        licence         | VARCHAR | –    | licence of the figures
        licence_url     | VARCHAR | –    | text of the licence
        redistributable | BOOLEAN | –    | whether the figures may stand in the data package
        attribution     | VARCHAR | –    | how they are credited
        cadence_days    | INTEGER | days | time between releases
        closed          | BOOLEAN | –    | whether the data set is no longer made
        """,
        _publishers,
    ),
    catalog_table(
        "core.indicators",
        "What is measured: the catalogue's indicators.",
        """
        indicator          | VARCHAR | code | the publisher's own code
        publisher          | VARCHAR | code | publisher in the catalogue
        name               | VARCHAR | –    | full name
        short_name         | VARCHAR | –    | name in charts and tables
        unit               | VARCHAR | –    | unit of the values
        pillar             | VARCHAR | code | part of the digital economy it belongs to
        kind               | VARCHAR | code | stock, flow, share, per_head, ratio, index or growth
        direction          | VARCHAR | code | which way is better
        plausible_minimum  | DOUBLE  | as unit says | least plausible value
        plausible_maximum  | DOUBLE  | as unit says | greatest plausible value
        plausible_economies | VARCHAR | code | whom the plausible range is for: all or members
        max_jump           | DOUBLE  | points or factor | greatest plausible change in a year
        max_age_years      | TINYINT | years | oldest age at which a value may be published
        aggregation        | VARCHAR | code | sum, weighted_mean or none
        aggregation_weight | VARCHAR | code | indicator that weighs a mean
        complement         | VARCHAR | code | id of what is left to 100
        headline           | BOOLEAN | –    | whether it may lead the report
        live               | BOOLEAN | –    | whether a refresh asks for it
        note               | VARCHAR | –    | what to know before using it
        """,
        _indicators,
    ),
    catalog_table(
        "core.weightings",
        "The inequality weightings that the catalogue declares, complements spelled out.",
        """
        indicator      | VARCHAR | code | catalogue id, or the id of a complement
        base_indicator | VARCHAR | code | catalogue id whose values are used
        is_complement  | BOOLEAN | –    | whether 100 less the value is meant
        weighting      | VARCHAR | code | which outcome against which reference
        """,
        _weightings,
    ),
    catalog_table(
        "core.breaks",
        "Changes of method that the catalogue declares; a change across one is never called growth."
        "\n\nTwo years of a series cannot be compared where the earlier lies before last_year and "
        "the later after first_year.",
        """
        indicator  | VARCHAR  | code | catalogue id
        economy    | VARCHAR  | code | economy whose series breaks; empty: all of them
        first_year | SMALLINT | year | last year of the old method, or the first that is in doubt
        last_year  | SMALLINT | year | first year of the new method, or the last that is in doubt
        reason     | VARCHAR  | –    | what changed
        source     | VARCHAR  | –    | where that is said
        """,
        _breaks,
    ),
    catalog_table(
        "core.blocs",
        "The organisation, the blocs it is compared with, and the world.",
        """
        bloc       | VARCHAR | code | id in the catalogue
        name       | VARCHAR | –    | full name
        short_name | VARCHAR | –    | abbreviation
        founded    | DATE    | date | day of foundation
        aggregate  | VARCHAR | code | code under which publishers give the bloc's own value
        """,
        _blocs,
    ),
    catalog_table(
        "core.memberships",
        "Who has been a member of what, from which day to which.",
        """
        bloc    | VARCHAR | code | id in the catalogue
        economy | VARCHAR | code | state
        since   | DATE    | date | day of accession
        until   | DATE    | date | first day of no longer being one; empty while it lasts
        """,
        _memberships,
    ),
    catalog_table(
        "core.member_sets",
        "The sets of states that aggregates and indices are about, year by year from 1990.\n\n"
        "A fixed set has the same states in every year, a dated one those of the year's end.",
        """
        member_set | VARCHAR  | code | id in the catalogue
        bloc       | VARCHAR  | code | bloc it is a set of
        year       | SMALLINT | year | year that it is valid for
        economy    | VARCHAR  | code | state
        reported   | BOOLEAN  | –    | whether it is the set that the warehouse is about
        """,
        _member_sets,
    ),
    catalog_table(
        "core.groups",
        "Groups of members, for decomposition: those of one scheme partition the members.",
        """
        scheme     | VARCHAR | code | the partition
        group_id   | VARCHAR | code | id in the catalogue
        group_name | VARCHAR | –    | name in charts and tables
        bloc       | VARCHAR | code | whose members
        economy    | VARCHAR | code | state
        """,
        _groups,
    ),
    *PLAN_TABLES,
    *CONCEPT_TABLES,
)

STAGED_CORRECTIONS = typed(
    "staging.corrections",
    "The corrections of the catalogue, one row a value; only while building.",
    """
    correction   | VARCHAR  | code | id in the catalogue
    publisher    | VARCHAR  | code | publisher in the catalogue
    indicator    | VARCHAR  | code | catalogue id
    economy      | VARCHAR  | code | economy whose value is wrong
    counterpart  | VARCHAR  | code | partner of a bilateral series, _Z where there is none
    year         | SMALLINT | year | year that the value speaks of
    expected     | DOUBLE   | as unit says | wrong value, as the publisher has it
    value        | DOUBLE   | as unit says | value used in its place; empty where none is
    reason       | VARCHAR  | –    | what is wrong
    evidence     | VARCHAR  | –    | what shows it
    corrected_by | VARCHAR  | –    | who decided it
    since        | DATE     | date | first as-of date that the correction speaks for
    until        | DATE     | date | vintage of the first release without the mistake
    """,
)


def correction_rows(catalog: Catalog) -> Iterable[Row]:
    """The rows of ``staging.corrections``."""
    for code, k in sorted(catalog.corrections.items()):
        publisher = catalog.indicators[k.indicator].publisher
        for cell in sorted(k.cells, key=lambda c: c.year):
            yield (
                code, publisher, k.indicator, k.economy, k.counterpart, cell.year, cell.expect,
                cell.value, k.reason, k.evidence, k.by, k.since, k.until,
            )  # fmt: skip


STAGED_GOODS = typed(
    "staging.goods_series",
    "The series of goods trade by partner that the catalogue declares; only while building.",
    """
    publisher   | VARCHAR | code | publisher in the catalogue
    indicator   | VARCHAR | code | catalogue id
    flow        | VARCHAR | code | exports or imports
    per_million | DOUBLE  | units | the series' units in a million US$
    preference  | INTEGER | –    | the publisher's: the higher, the rather
    """,
)


def goods_rows(catalog: Catalog) -> Iterable[Row]:
    """The rows of ``staging.goods_series``."""
    for code, i in sorted(catalog.indicators.items()):
        if i.goods is not None:
            yield i.publisher, code, i.goods.flow, i.goods.per_million, i.goods.preference


STAGED_SNAPSHOTS = typed(
    "staging.snapshots",
    "The sidecars of the archive, one row a snapshot and indicator; only while building.",
    """
    snapshot      | VARCHAR   | code | publisher/slug/vintage/hash
    publisher     | VARCHAR   | code | publisher in the catalogue
    indicator     | VARCHAR   | code | the publisher's own code
    vintage       | DATE      | date | day of the release, or its upper bound
    vintage_basis | VARCHAR   | –    | how the vintage is known
    retrieved_at  | TIMESTAMP | –    | when the bytes were fetched (UTC)
    source        | VARCHAR   | –    | where the copy stood
    licence       | VARCHAR   | –    | licence of the figures
    attribution   | VARCHAR   | –    | how the figures are credited
    sha256        | VARCHAR   | –    | hash of the bodies, joined by a space
    place         | INTEGER   | –    | place in the order of publisher, indicator, vintage, snapshot
    """,
)

STAGED_OBSERVATIONS = typed(
    "staging.observations",
    "Observations as the readers give them, a batch of snapshots at a time; only while building.",
    """
    indicator   | VARCHAR | code | the publisher's own code
    economy     | VARCHAR | code | code of the economy
    counterpart | VARCHAR | code | partner of a bilateral series, _Z where there is none
    year        | INTEGER | year | year that the value speaks of
    value       | VARCHAR | as unit says | value as published, as text
    status      | VARCHAR | code | the publisher's flag
    snapshot    | VARCHAR | code | snapshot that says so
    """,
)


def snapshot_rows(sidecars: Iterable["Sidecar"]) -> Iterable[Row]:
    """The rows of ``staging.snapshots``, by place."""
    series = [(s.publisher, indicator, s) for s in sidecars for indicator in s.indicators]
    series.sort(key=lambda found: (*found[:2], found[2].vintage, found[2].snapshot))
    for place, (publisher, indicator, s) in enumerate(series):
        retrieved_at = s.retrieved_at.replace(tzinfo=None) if s.retrieved_at else None
        yield (
            s.snapshot, publisher, indicator, s.vintage, s.vintage_basis, retrieved_at,
            s.source, s.licence, s.attribution, body_hashes(s), place,
        )  # fmt: skip


SOURCES: Sequence[Table] = (
    BUILD,
    *CATALOG_TABLES,
    STAGED_CORRECTIONS,
    STAGED_GOODS,
    STAGED_SNAPSHOTS,
    STAGED_OBSERVATIONS,
)
