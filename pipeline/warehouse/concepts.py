"""Tables of what several publishers give: the concepts of the catalogue and their figures.

Here they are declared, column by column, and filled with rows. How far the publishers agree is
computed in ``sql/marts/publisher_agreement.sql``.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from pipeline.catalog.models import Catalog
from pipeline.warehouse.catalog_table import CatalogTable, Row, catalog_table

PARTNERS: Final = {None: "_Z", "world": "WLD", "each": "each"}
"""What ``core.concept_series`` calls the partner of a series."""


def _concepts(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, c in sorted(catalog.concepts.items()):
        yield (
            code, c.name, c.short_name, c.unit, c.digits, c.first_year, c.preferred,
            c.preferred_why, c.tolerance.measure, c.tolerance.value, c.tolerance.why, c.differ,
        )  # fmt: skip


def _series(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, c in sorted(catalog.concepts.items()):
        for part in c.series:
            times = catalog.indicators[part.times].publisher if part.times else None
            yield (
                code, catalog.indicators[part.indicator].publisher, part.indicator,
                part.indicator == c.preferred, part.factor, times, part.times,
                PARTNERS[part.partner],
            )  # fmt: skip


def _figures(catalog: Catalog, _: date) -> Iterable[Row]:
    for code, c in sorted(catalog.concepts.items()):
        for f in c.declared:
            yield code, f.id, f.economy, f.year, f.value, f.by, f.source, str(f.url), f.note


CONCEPT_TABLES: Sequence[CatalogTable] = (
    catalog_table(
        "core.concepts",
        "What several publishers give: which series the report uses, and how far the others may be "
        "from it.",
        """
        concept           | VARCHAR  | code | id in the catalogue
        name              | VARCHAR  | –    | full name
        short_name        | VARCHAR  | –    | name in charts and tables
        unit              | VARCHAR  | –    | unit in which figures are compared
        digits            | TINYINT  | digits | decimals with which they are said
        first_year        | SMALLINT | year | earlier years are not compared
        preferred         | VARCHAR  | code | indicator that the report uses
        preferred_why     | VARCHAR  | –    | why that one
        tolerance_measure | VARCHAR  | code | percent (of the preferred figure) or units
        tolerance         | DOUBLE   | as the measure | distance within which figures agree
        tolerance_why     | VARCHAR  | –    | why so far
        differ            | VARCHAR  | –    | why figures differ, as far as it is known
        """,
        _concepts,
    ),
    catalog_table(
        "core.concept_series",
        "The series of each concept, one a publisher, and how each comes to the concept's unit.",
        """
        concept         | VARCHAR | code  | id in the catalogue
        publisher       | VARCHAR | code  | publisher in the catalogue
        indicator       | VARCHAR | code  | the publisher's own code
        preferred       | BOOLEAN | –     | whether it is the one that the report uses
        factor          | DOUBLE  | ratio | the concept's unit per unit of the series
        times_publisher | VARCHAR | code  | publisher of that indicator
        times_indicator | VARCHAR | code  | indicator that values are multiplied by; empty: none
        counterpart     | VARCHAR | code  | _Z; WLD for all partners; each for one by one
        """,
        _series,
    ),
    catalog_table(
        "core.concept_figures",
        "Figures of a concept that come in no series, as somebody tells them.",
        """
        concept   | VARCHAR  | code | id in the catalogue
        figure    | VARCHAR  | code | id in the catalogue
        economy   | VARCHAR  | code | state that it is about
        year      | SMALLINT | year | year that it speaks of
        value     | DOUBLE   | as the concept | the figure
        said_by   | VARCHAR  | –    | whose figure it is
        source    | VARCHAR  | –    | who says so to us, and when
        url       | VARCHAR  | –    | where
        note      | VARCHAR  | –    | what it counts
        """,
        _figures,
    ),
)
