"""Tables that come from outside the warehouse: the catalogue's and the archive's.

Here they are declared, column by column, and filled with rows; ``core.*`` tables are kept in the
warehouse, ``staging.*`` exist only while it is built. What is computed from them is SQL's work.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from pipeline.catalog.models import Catalog
from pipeline.inputs import archive_hash, body_hashes
from pipeline.warehouse.tables import ColumnDoc, Table, TypedTable

if TYPE_CHECKING:
    from pipeline.ingest.sidecar import Sidecar

Row = tuple[object, ...]

FIRST_YEAR = 1990
"""Member sets are spelled out from this year on; aggregates and indices begin there."""


@dataclass(frozen=True)
class CatalogTable(TypedTable):
    """A table of the catalogue. ``rows`` yields its rows as of a date, in the table's order."""

    rows: Callable[[Catalog, date], Iterable[Row]]


def column_docs(text: str) -> tuple[tuple[ColumnDoc, ...], dict[str, str]]:
    """Columns and their DuckDB types from lines ``name | type | unit | description``."""
    docs: list[ColumnDoc] = []
    types: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, kind, unit, description = (part.strip() for part in line.split("|"))
        docs.append(ColumnDoc(name, description, unit))
        types[name] = kind
    return tuple(docs), types


def _catalog_table(
    name: str, description: str, columns: str, rows: Callable[[Catalog, date], Iterable[Row]]
) -> CatalogTable:
    docs, types = column_docs(columns)
    return CatalogTable(name, description, docs, (), {}, types, rows)


def _typed(name: str, description: str, columns: str) -> TypedTable:
    docs, types = column_docs(columns)
    return TypedTable(name, description, docs, (), {}, types)


BUILD = _typed(
    "core.build",
    "What this warehouse is a function of: one row.",
    """
    as_of          | DATE    | date | snapshots published after it do not speak
    catalog_sha256 | VARCHAR | –    | hash of all entries of the catalogue
    archive_sha256 | VARCHAR | –    | hash of the sidecars of all snapshots that speak
    code_sha256    | VARCHAR | –    | hash of code, SQL, expectations and wording
    """,
)


def build_rows(
    catalog: Catalog, as_of: date, sidecars: Iterable["Sidecar"], code_sha256: str
) -> Iterable[Row]:
    """The row of ``core.build``."""
    yield as_of, catalog.sha256, archive_hash(sidecars), code_sha256


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
            p.attribution, p.cadence_days,
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
                yield code, entry.bloc, year, economy


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


def _claims(catalog: Catalog, _: date) -> Iterable[Row]:
    for code in sorted(catalog.claims):
        c = catalog.claim(code)
        yield (
            code, c.section, c.text, " ".join(c.economies), c.unit, c.digits, c.kind, c.value,
            c.year, c.tolerance_pct, c.may_lag, c.expression, json.dumps(dict(c.rivals)),
            json.dumps(dict(c.beside)), c.read_as, c.caveat, c.remark, c.needs, c.repeats,
        )  # fmt: skip


def _claim_cells(catalog: Catalog, _: date) -> Iterable[Row]:
    for code in sorted(catalog.claims):
        claim = catalog.claim(code)
        for name, figure in sorted(claim.figures.items()):
            whom = figure.economies or claim.economies
            if figure.fact is not None:
                yield code, name, None, figure.fact, whom[0], "_Z", 0, 1
                continue
            partners = catalog.spelled_out(figure.partners) if figure.partners else ("_Z",)
            for economy, partner in product(catalog.spelled_out(whom), partners):
                if economy != partner:
                    yield (
                        code, name, figure.indicator, None, economy, partner, figure.shift,
                        figure.over,
                    )  # fmt: skip


def _targets(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, t in sorted(catalog.targets.items()):
        yield (
            code, t.name, t.wording, t.issuer, t.published, t.citation, str(t.url), t.deadline,
            t.level, t.unit, t.direction, t.indicator, t.relative_to, t.nearest,
            t.counts.level if t.counts else None, t.counts.basis if t.counts else None,
            t.counts.why if t.counts else None, t.ceiling,
        )  # fmt: skip


def _index_plans(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, p in sorted(catalog.index.items()):
        yield (
            code, p.name, p.note, p.member_set, p.first_year, p.coverage, p.weight_cv, p.draws,
            p.sobol_base, p.seed,
        )  # fmt: skip


def _index_indicators(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, p in sorted(catalog.index.items()):
        for position, part in enumerate(p.indicators, start=1):
            pillar = catalog.indicators[part.indicator].pillar
            yield (
                code, position, part.indicator, pillar, p.pillars[pillar], part.worst, part.best,
                part.scale, part.per, part.times, part.weight, part.why,
            )  # fmt: skip


def _digital_economy_sizes(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, s in sorted(catalog.digital_economy_sizes.items()):
        yield (
            code, s.economy, s.band, s.value, s.unit, s.bound, s.year, s.definition, s.reported_by,
            s.note,
        )  # fmt: skip


CATALOG_TABLES: Sequence[CatalogTable] = (
    _catalog_table(
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
    _catalog_table(
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
        """,
        _publishers,
    ),
    _catalog_table(
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
    _catalog_table(
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
    _catalog_table(
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
    _catalog_table(
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
    _catalog_table(
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
    _catalog_table(
        "core.member_sets",
        "The sets of states that aggregates and indices are about, year by year from 1990.\n\n"
        "A fixed set has the same states in every year, a dated one those of the year's end.",
        """
        member_set | VARCHAR  | code | id in the catalogue
        bloc       | VARCHAR  | code | bloc it is a set of
        year       | SMALLINT | year | year that it is valid for
        economy    | VARCHAR  | code | state
        """,
        _member_sets,
    ),
    _catalog_table(
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
    _catalog_table(
        "core.claims",
        "What the article says in numbers, and how the warehouse is asked about it.\n\n"
        "What became of each stands in marts.claims. A claim that repeats another has its fields.",
        """
        claim_id      | VARCHAR  | code | id in the catalogue
        section       | VARCHAR  | code | part of the article
        claim         | VARCHAR  | –    | what is said, in our words
        economies     | VARCHAR  | codes | whom it is about: economies, groups or member sets
        unit          | VARCHAR  | –    | unit of the value
        digits        | TINYINT  | digits | decimals of what is found
        kind          | VARCHAR  | code | equals, at_least, at_most, rises, falls; empty: no number
        value         | DOUBLE   | as unit says | value claimed, or by which the claim is read
        year          | SMALLINT | year | year that it speaks of; empty: the newest there is
        tolerance_pct | DOUBLE   | %    | distance within which it is met
        may_lag       | TINYINT  | years | years by which a figure may be older than the claim
        expression    | VARCHAR  | –    | arithmetic of what is found; empty: no open figure can say
        rivals        | VARCHAR  | JSON | the same by other sources, by name
        beside        | VARCHAR  | JSON | arithmetic of numbers that the texts say, by name
        read_as       | VARCHAR  | –    | how a claim without a number is read as one
        caveat        | VARCHAR  | –    | what must be said even if it holds
        remark        | VARCHAR  | –    | what is said whatever the verdict
        needs         | VARCHAR  | –    | what would be needed to check it
        repeats       | VARCHAR  | code | claim that says the same
        """,
        _claims,
    ),
    _catalog_table(
        "core.claim_cells",
        "The cells of published series, and the facts, that make the figures of a claim.\n\n"
        "A figure is their sum, or over several years the mean of the sums.",
        """
        claim_id    | VARCHAR  | code | id in the catalogue
        figure      | VARCHAR  | code | name in the claim's arithmetic
        indicator   | VARCHAR  | code | series, by catalogue id; empty for a fact
        fact        | VARCHAR  | code | fact of marts.claim_facts; empty for a series
        economy     | VARCHAR  | code | economy; of a fact also a member set
        counterpart | VARCHAR  | code | partner of a bilateral series; _Z where there is none
        year_shift  | TINYINT  | years | from the year that is looked at to the last one meant
        over_years  | TINYINT  | years | years of which the mean is taken, that one the last
        """,
        _claim_cells,
    ),
    _catalog_table(
        "core.targets",
        "What states are to reach by a year, by whose word, and the indicator that is nearest.",
        """
        target       | VARCHAR  | code | id in the catalogue
        name         | VARCHAR  | –    | name in charts and tables
        wording      | VARCHAR  | –    | what is asked for
        issuer       | VARCHAR  | –    | who asks for it
        published_on | DATE     | date | day on which it was set
        citation     | VARCHAR  | –    | where it stands
        url          | VARCHAR  | –    | address of that
        deadline     | SMALLINT | year | year whose value is to be at the level
        level        | DOUBLE   | as unit says | level of the target itself
        unit         | VARCHAR  | –    | unit of that level
        direction    | VARCHAR  | code | at_least or at_most
        indicator    | VARCHAR  | code | nearest published indicator; empty where there is none
        relative_to  | VARCHAR  | code | indicator that it is divided by
        nearest      | VARCHAR  | –    | how that differs from the target, or why there is none
        counts_from  | DOUBLE   | as the indicator | level of the indicator that counts as reached
        counts_basis | VARCHAR  | code | target where it names the level, ours where we do
        counts_why   | VARCHAR  | –    | why that level
        ceiling      | DOUBLE   | as the indicator | what the indicator cannot exceed
        """,
        _targets,
    ),
    _catalog_table(
        "core.index_plans",
        "How each composite index is put together and shaken.",
        """
        index_id    | VARCHAR  | code  | id in the catalogue
        name        | VARCHAR  | –     | name in charts and tables
        note        | VARCHAR  | –     | what it is
        member_set  | VARCHAR  | code  | states that are ranked, see core.member_sets
        first_year  | SMALLINT | year  | first year of its history
        coverage    | DOUBLE   | share | share of its indicators that a pillar needs
        weight_cv   | DOUBLE   | ratio | how far pillar weights vary in the simulation
        draws       | INTEGER  | draws | draws of the simulation behind each interval
        sobol_base  | INTEGER  | draws | samples behind the Sobol shares
        seed        | BIGINT   | –     | seed of both
        """,
        _index_plans,
    ),
    _catalog_table(
        "core.index_indicators",
        "The indicators of each composite index, with their goalposts.",
        """
        index_id      | VARCHAR  | code | id in the catalogue
        position      | SMALLINT | –    | place in the index, from 1
        indicator     | VARCHAR  | code | catalogue id
        pillar        | VARCHAR  | code | pillar that it stands in
        pillar_weight | DOUBLE   | –    | weight of that pillar, relative to the others
        worst         | DOUBLE   | as the indicator | value that scores 0
        best          | DOUBLE   | as the indicator | value that scores 100
        scale         | VARCHAR  | code | linear or log
        per           | VARCHAR  | code | indicator that the value is divided by
        times         | DOUBLE   | –    | factor after the division
        weight        | DOUBLE   | –    | weight within its pillar, relative to the others there
        why           | VARCHAR  | –    | why these goalposts
        """,
        _index_indicators,
    ),
    _catalog_table(
        "core.digital_economy_sizes",
        "Sizes of national digital economies as they are reported; never to be added or ranked.",
        """
        size        | VARCHAR  | code | id in the catalogue
        economy     | VARCHAR  | code | state
        band        | VARCHAR  | code | core, narrow, broad or undefined
        value       | DOUBLE   | as unit says | size as reported
        unit        | VARCHAR  | –    | billion US$, trillion yuan or % of GDP
        bound       | VARCHAR  | code | exactly, about or above
        year        | SMALLINT | year | year that it speaks of
        definition  | VARCHAR  | –    | what is counted
        reported_by | VARCHAR  | –    | who says so
        note        | VARCHAR  | –    | what to know before using it
        """,
        _digital_economy_sizes,
    ),
)

STAGED_CORRECTIONS = _typed(
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


STAGED_SNAPSHOTS = _typed(
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
    """,
)

STAGED_OBSERVATIONS = _typed(
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
    """The rows of ``staging.snapshots``."""
    for s in sidecars:
        retrieved_at = s.retrieved_at.replace(tzinfo=None) if s.retrieved_at else None
        for indicator in sorted(s.indicators):
            yield (
                s.snapshot, s.publisher, indicator, s.vintage, s.vintage_basis, retrieved_at,
                s.source, s.licence, s.attribution, body_hashes(s),
            )  # fmt: skip


SOURCES: Sequence[Table] = (
    BUILD,
    *CATALOG_TABLES,
    STAGED_CORRECTIONS,
    STAGED_SNAPSHOTS,
    STAGED_OBSERVATIONS,
)
