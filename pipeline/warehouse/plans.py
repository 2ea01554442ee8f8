"""Tables of what the catalogue asks and plans: claims, targets, the index, declared sizes.

Here they are declared, column by column, and filled with rows. What becomes of them is computed in
``claim_tables``, ``target_tables``, ``index_tables`` and SQL; registers stand in ``reference``.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product

from pipeline.catalog.models import Catalog
from pipeline.warehouse.catalog_table import CatalogTable, Row, catalog_table


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


PLAN_TABLES: Sequence[CatalogTable] = (
    catalog_table(
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
    catalog_table(
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
    catalog_table(
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
    catalog_table(
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
    catalog_table(
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
    catalog_table(
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
