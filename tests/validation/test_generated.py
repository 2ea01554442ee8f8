"""What is added to suites: keys, the ranges of the catalogue and its breaks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from pipeline.catalog import Catalog
from pipeline.catalog.models import Break
from pipeline.validation.generated import (
    KEY_IS_UNIQUE,
    breaks_relation,
    complete,
    range_id,
    ranges,
)
from pipeline.validation.kinds import BETWEEN, NO_ROWS
from pipeline.validation.model import Expectation, Suite

USERS = "IT.NET.USER.ZS"


def suite(table: str, *expectations: Expectation) -> Suite:
    return Suite(table, expectations, "made up", ("economy", "year"), f"{table}.yaml")


def with_breaks(catalog: Catalog, *breaks: Break) -> Catalog:
    """The catalogue with no breaks but these, of the internet users."""
    bare = {c: i.model_copy(update={"breaks": ()}) for c, i in catalog.indicators.items()}
    bare[USERS] = bare[USERS].model_copy(update={"breaks": breaks})
    return catalog.model_copy(update={"indicators": bare})


def rows(sql: str) -> list[tuple[Any, ...]]:
    return duckdb.connect().execute(sql).fetchall()


def test_a_suite_is_held_to_its_key_first(catalog: Catalog) -> None:
    first, *rest = complete(suite("marts.outcomes"), catalog).expectations

    assert (first.id, first.severity, first.type) == (KEY_IS_UNIQUE, "critical", NO_ROWS)
    assert first.query is not None
    assert "GROUP BY economy, year" in first.query
    assert rest == []


def test_each_indicator_gets_a_range_and_only_current_values_are_asked(catalog: Catalog) -> None:
    made = complete(suite("core.current"), catalog).expectations[1:]

    assert sorted(e.id for e in made) == sorted(map(range_id, catalog.indicators))
    assert {e.type for e in made} == {BETWEEN}


def test_a_range_is_that_of_the_catalogue(catalog: Catalog) -> None:
    indicator = catalog.indicators[USERS]
    (made,) = [e for e in ranges(catalog) if e.id == "range_IT_NET_USER_ZS"]

    assert made.kwargs == {
        "column": USERS,
        "min_value": indicator.plausible.minimum,
        "max_value": indicator.plausible.maximum,
    }
    assert made.severity == ("critical" if indicator.headline else "warning")
    assert indicator.name in made.why


@pytest.mark.parametrize(("headline", "severity"), [(True, "critical"), (False, "warning")])
def test_only_a_headline_figure_stops_an_edition(
    headline: bool, severity: str, catalog: Catalog
) -> None:
    changed = catalog.indicators[USERS].model_copy(update={"headline": headline})
    other = catalog.model_copy(update={"indicators": {USERS: changed}})
    assert [e.severity for e in ranges(other)] == [severity]


def test_ranges_share_one_frame_for_each_circle_of_economies(catalog: Catalog) -> None:
    frames = {i.plausible_economies for i in catalog.indicators.values()}
    assert len({e.query for e in ranges(catalog)}) == len(frames)


def test_breaks_are_spelled_out_by_economy(catalog: Catalog) -> None:
    broken = with_breaks(
        catalog,
        Break(economies=("KAZ", "TJK"), years=(2017, 2021), reason="surveys"),
        Break(years=(2010, 2010), reason="all"),
    )
    assert rows(f"SELECT * FROM {breaks_relation(broken)} AS b ORDER BY ALL") == [
        (USERS, "", 2010, 2010),
        (USERS, "KAZ", 2017, 2021),
        (USERS, "TJK", 2017, 2021),
    ]


def test_a_catalogue_without_breaks_breaks_nothing(catalog: Catalog) -> None:
    relation = breaks_relation(with_breaks(catalog))
    assert rows(f"SELECT * FROM {relation} AS b WHERE indicator <> ''") == []


def test_breaks_are_filled_in_where_a_query_asks_for_them(catalog: Catalog) -> None:
    asks = Expectation(
        "x", "marts.outcomes", NO_ROWS, {"value": 0}, "warning", "y", "SELECT * FROM {breaks} AS b"
    )
    silent = replace(asks, id="z", query="SELECT 1")
    _, filled, left = complete(suite("marts.outcomes", asks, silent), catalog).expectations

    assert filled.query == f"SELECT * FROM {breaks_relation(catalog)} AS b"
    assert left == silent


def test_the_sql_of_breaks_agrees_with_the_catalogue(
    catalog: Catalog, suites: Mapping[str, Suite]
) -> None:
    """The condition of the shipped query is that of ``Catalog.break_between``."""
    (jump,) = [e for e in suites["core.current"].expectations if e.id == "no_jump_between_years"]
    condition = "s.year_before < b.last AND s.year > b.first"
    assert condition in (jump.query or "")
    broken = with_breaks(catalog, Break(economies=("TJK",), years=(2017, 2021), reason="x"))
    for year in range(2014, 2024):
        by_sql = rows(
            f"SELECT count(*) FROM {breaks_relation(broken)} AS b, "
            f"(SELECT {year - 1} AS year_before, {year} AS year) AS s WHERE {condition}"
        )
        by_catalog = broken.break_between(USERS, "TJK", year - 1, year)
        assert by_sql == [(0 if by_catalog is None else 1,)], year
