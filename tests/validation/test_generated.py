"""What is added to suites: keys and the ranges of the catalogue."""

from collections.abc import Mapping

import duckdb
import pytest

from pipeline.catalog import Catalog
from pipeline.validation.generated import KEY_IS_UNIQUE, complete, range_id, ranges
from pipeline.validation.kinds import BETWEEN, NO_ROWS
from pipeline.validation.model import Expectation, Suite

USERS = "IT.NET.USER.ZS"


def suite(table: str, *expectations: Expectation) -> Suite:
    return Suite(table, expectations, "made up", ("economy", "year"), f"{table}.yaml")


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


def test_what_is_written_stays_as_it_is_between_the_key_and_the_ranges(catalog: Catalog) -> None:
    asks = Expectation("x", "core.current", NO_ROWS, {"value": 0}, "warning", "y", "SELECT 1")
    assert complete(suite("core.current", asks), catalog).expectations[1] == asks


def test_the_sql_of_breaks_agrees_with_the_catalogue(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, suites: Mapping[str, Suite]
) -> None:
    """The shipped query leaves out the very steps that ``Catalog.break_between`` calls broken."""
    (jump,) = [e for e in suites["core.current"].expectations if e.id == "no_jump_between_years"]
    _, _, condition = (jump.query or "").partition("ANTI JOIN core.breaks AS b\n")
    condition, _, _ = condition.partition("WHERE")
    steps = (
        "SELECT i.indicator, m.economy, m.year - 1 AS year_before, m.year "
        "FROM core.indicators AS i, core.member_sets AS m WHERE m.member_set = 'sco_10'"
    )
    broken = con.execute(
        f"SELECT s.* FROM ({steps}) AS s SEMI JOIN core.breaks AS b {condition}"
    ).fetchall()

    assert len(broken) > 0
    assert set(broken) == {
        step for step in con.execute(steps).fetchall() if catalog.break_between(*step)
    }
