"""Judging: every expectation holds of sound figures, and each can fail and names what is wrong.

All tests that need Great Expectations stand here, since each process pays seconds to import it.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.assets.project import PART, Project
from pipeline.catalog import Catalog
from pipeline.errors import ExpectationError, WarehouseError
from pipeline.settings import Settings
from pipeline.validation.generated import KEY_IS_UNIQUE, range_id
from pipeline.validation.kinds import KINDS
from pipeline.validation.model import Expectation, Suite
from pipeline.validation.page import render_validation
from pipeline.validation.results import (
    MAX_ROWS,
    ExpectationResult,
    Results,
    failed,
    from_json,
    has_critical_failure,
    to_json,
)
from pipeline.validation.run import judge, validate_tables
from tests.validation.damages import DAMAGES, Told

Con = duckdb.DuckDBPyConnection
Suites = Mapping[str, Suite]

REAL_EXTREMES = {
    ("TX.VAL.TECH.MF.ZS", "KAZ"): 43.4,
    ("IP.PAT.RESD", "TJK"): 1.0,
    ("BX.TRF.PWKR.DT.GD.ZS", "TJK"): 50.0,
    ("FP.CPI.TOTL.ZG", "BLR"): 169.0,
    ("IT.CEL.SETS.P2", "RUS"): 201.0,
}


PAGE_BUDGET_BYTES = 350_000


@pytest.fixture(scope="module")
def of_sound(sound: Path, suites: Suites) -> Results:
    """The results of the sound warehouse, before any damage."""
    return validate_tables(sound, suites.values())


def one(con: Con, suite: Suite, expectation: str) -> ExpectationResult:
    """Judge one expectation of a suite."""
    only = tuple(e for e in suite.expectations if e.id == expectation)
    (result,) = judge(con, [replace(suite, expectations=only)]).values()
    (verdict,) = result.results
    return verdict


def written(*expectations: Expectation, key: tuple[str, ...] = ("economy",)) -> Suite:
    return Suite("core.economies", expectations, "made up", key, "core.economies.yaml")


def expectation(kind: str, query: str | None = None, **kwargs: object) -> Expectation:
    return Expectation(kind[-20:], "core.economies", kind, kwargs, "critical", "made up", query)


def tells(result: ExpectationResult, told: Told) -> bool:
    """Whether an offending row says all that was told."""
    return any(told.items() <= row.items() for row in result.rows)


# --- The shipped suites


def test_everything_critical_holds_of_sound_figures(of_sound: Results) -> None:
    assert [r for r in failed(of_sound) if r.expectation.severity == "critical"] == []


def test_a_project_gives_the_same_results_part_by_part(
    sound: Path, suites: Suites, of_sound: Results
) -> None:
    some = dict(sorted(suites.items(), reverse=True)[: PART + 1])
    with closing(Project(Settings(second_process=False))) as project:
        parts = list(project.judge(sound, some.values()))

    assert [table for part in parts for table in part] == sorted(some)
    assert [len(part) for part in parts] == [PART, 1]
    assert all(result == of_sound[table] for part in parts for table, result in part.items())


@pytest.fixture(scope="module")
def of_bundled(bundled: Path, suites: Suites) -> Results:
    return validate_tables(bundled, suites.values())


@pytest.mark.slow
def test_everything_critical_holds_of_the_bundled_archive(of_bundled: Results) -> None:
    assert [r for r in failed(of_bundled) if r.expectation.severity == "critical"] == []


@pytest.mark.slow
def test_warnings_of_the_bundled_archive_can_be_read_one_by_one(of_bundled: Results) -> None:
    found = {r.expectation.id: (r.unexpected_count, len(r.rows)) for r in failed(of_bundled)}
    assert {name for name, (count, shown) in found.items() if count > shown} == set()


@pytest.mark.slow
def test_the_page_of_the_bundled_archive_is_small(of_bundled: Results) -> None:
    assert len(render_validation(of_bundled).encode()) < PAGE_BUDGET_BYTES


def test_each_expectation_of_the_shipped_suites_has_its_damage(
    suites: Suites, catalog: Catalog
) -> None:
    generated = {KEY_IS_UNIQUE, *map(range_id, catalog.indicators)}
    shipped = {f"{t}.{e.id}" for t, s in suites.items() for e in s.expectations}
    damaged_elsewhere = {"marts.theil_claim_grid.some_cell_is_near"}

    assert {name for name in shipped if name.split(".")[-1] not in generated} == {
        *DAMAGES,
        *damaged_elsewhere,
    }


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_seen_and_its_rows_are_named(
    name: str, con: Con, suites: Suites, of_sound: Results
) -> None:
    table, _, expectation_id = name.rpartition(".")
    (before,) = [r for r in of_sound[table].results if r.expectation.id == expectation_id]
    damage, told = DAMAGES[name]
    con.execute(damage)

    result = one(con, suites[table], expectation_id)

    assert (before.success, result.success) == (True, False)
    assert tells(result, told), result.rows


def test_a_grid_without_near_cells_is_seen(con: Con, suites: Suites) -> None:
    suite = suites["marts.theil_claim_grid"]
    con.execute("UPDATE marts.theil_claim_grid SET near = true, published = true")
    assert one(con, suite, "some_cell_is_near").success

    con.execute("UPDATE marts.theil_claim_grid SET near = false")
    result = one(con, suite, "some_cell_is_near")
    assert (result.success, result.observed) == (False, "0 rows")


def test_every_table_refuses_two_rows_of_one_key(con: Con, suites: Suites) -> None:
    for table, suite in suites.items():
        con.execute(f"INSERT INTO {table} FROM {table} LIMIT 1")

        result = one(con, suite, KEY_IS_UNIQUE)
        assert (result.success, result.unexpected_count) == (False, 1), table
        assert result.rows[0]["times"] == 2


def test_every_table_refuses_a_gap_in_its_key(con: Con, suites: Suites) -> None:
    for table, suite in suites.items():
        for column in suite.key:
            con.execute(f"UPDATE {table} SET {column} = NULL WHERE rowid = 0")
        result = one(con, suite, KEY_IS_UNIQUE)
        assert (result.success, result.unexpected_count) == (False, 1), table


@pytest.mark.slow
@pytest.mark.parametrize("bound", ["minimum", "maximum"])
def test_a_value_beyond_its_range_is_named_for_each_indicator(
    bound: str, con: Con, suites: Suites, catalog: Catalog
) -> None:
    indicators = [i for _, i in sorted(catalog.indicators.items())]
    beyond = {
        i.id: i.plausible.maximum * 1.5 + 1 if bound == "maximum" else i.plausible.minimum - 1
        for i in indicators
    }
    put(con, {(code, "KAZ"): value for code, value in beyond.items()})

    results = ranges_of(con, suites, *beyond)

    for indicator in indicators:
        result = results[indicator.id]
        told = {"economy": "KAZ", "year": 2024, indicator.id: beyond[indicator.id]}
        assert not result.success, indicator.id
        assert tells(result, told), indicator.id
        severity = "critical" if indicator.headline else "warning"
        assert result.expectation.severity == severity


def test_real_extremes_are_plausible(con: Con, suites: Suites) -> None:
    put(con, REAL_EXTREMES)

    results = ranges_of(con, suites, *(code for code, _ in REAL_EXTREMES))
    for (code, _), value in REAL_EXTREMES.items():
        assert (results[code].success, results[code].element_count) == (True, 1), (code, value)


def test_values_of_outsiders_are_not_held_to_the_range_of_members(con: Con, suites: Suites) -> None:
    put(con, {("IT.CEL.SETS.P2", "MAC"): 400.0, ("EGDI", "MAC"): 1.5})

    results = ranges_of(con, suites, "IT.CEL.SETS.P2", "EGDI")
    assert (results["IT.CEL.SETS.P2"].success, results["EGDI"].success) == (True, False)


def test_a_jump_across_a_break_of_the_catalogue_is_no_surprise(con: Con, suites: Suites) -> None:
    # The internet users of Tajikistan are broken from 2017 to 2021, those of Kazakhstan are not.
    con.execute(
        "UPDATE core.current SET value = value + 30 WHERE indicator = 'IT.NET.USER.ZS' "
        "AND economy IN ('KAZ', 'TJK') AND year >= 2019"
    )
    result = one(con, suites["core.current"], "no_jump_between_years")
    assert [row["economy"] for row in result.rows] == ["KAZ"]


def put(con: Con, values: Mapping[tuple[str, str], float]) -> None:
    """Set the value of 2024 by (indicator, economy), as if its publisher had said so."""
    for (indicator, economy), value in values.items():
        con.execute(
            "INSERT INTO core.current BY NAME SELECT publisher, indicator, ? AS economy, "
            "'_Z' AS counterpart, 2024 AS year, ? AS value FROM core.indicators "
            "WHERE indicator = ?",
            [economy, value, indicator],
        )


def ranges_of(con: Con, suites: Suites, *indicators: str) -> Mapping[str, ExpectationResult]:
    """The result of each indicator's range, by indicator."""
    suite = suites["core.current"]
    codes = {range_id(code): code for code in indicators}
    only = replace(suite, expectations=tuple(e for e in suite.expectations if e.id in codes))
    (result,) = judge(con, [only]).values()
    return {codes[r.expectation.id]: r for r in result.results}


# --- The judge


def test_kinds_are_the_library_s_own(suites: Suites) -> None:
    from great_expectations.expectations.registry import get_expectation_impl

    for name, kind in KINDS.items():
        fields = get_expectation_impl(name).__fields__
        # The library lets a pattern be forgotten and takes one of its own; a suite must name it.
        needed = {f for f, field in fields.items() if field.required}
        assert needed | ({"regex"} & set(fields)) == kind.required, name
        assert set(fields) >= kind.optional, name


def test_results_stand_in_the_order_of_the_suite(of_sound: Results, suites: Suites) -> None:
    for table, suite in suites.items():
        assert [r.expectation for r in of_sound[table].results] == list(suite.expectations)


def test_the_same_warehouse_gives_the_same_results(
    con: Con, suites: Suites, of_sound: Results
) -> None:
    tables = ("core.snapshots", "marts.denominators")
    again = judge(con, [suites[t] for t in tables])
    assert to_json(again) == to_json({t: of_sound[t] for t in tables})


def test_results_survive_their_json(of_sound: Results) -> None:
    text = to_json(of_sound)
    assert to_json(from_json(text)) == text
    assert from_json(text) == dict(of_sound)


def test_expectations_of_one_frame_each_get_their_own_verdict(con: Con) -> None:
    query = "SELECT * FROM (VALUES ('a', 1.0), ('b', 2.0), ('c', NULL)) AS v (economy, value)"
    suite = written(
        expectation("expect_column_values_to_be_between", query, column="value", max_value=1.5),
        expectation("expect_column_values_to_not_be_null", query, column="value"),
        expectation("expect_column_values_to_be_unique", query, column="economy"),
    )
    between, not_null, unique = judge(con, [suite])["core.economies"].results

    assert (between.success, between.rows) == (False, ({"economy": "b", "value": 2.0},))
    assert between.observed == "2 values from 1 to 2; 1 unexpected"
    assert (not_null.success, not_null.rows) == (False, ({"economy": "c", "value": None},))
    assert (unique.success, unique.rows, unique.element_count) == (True, (), 3)


def test_an_offending_row_of_a_table_shows_its_key_and_what_was_judged(con: Con) -> None:
    suite = written(
        expectation("expect_column_values_to_be_in_set", column="kind", value_set=["economy"])
    )
    (result,) = judge(con, [suite])["core.economies"].results
    assert {"economy": "WLD", "kind": "aggregate"} in result.rows


def test_all_violations_are_counted_though_few_are_kept(con: Con) -> None:
    suite = written(
        expectation(
            "expect_table_row_count_to_equal", "SELECT range AS n FROM range(5000)", value=0
        )
    )
    (result,) = judge(con, [suite])["core.economies"].results
    assert (result.unexpected_count, len(result.rows)) == (5000, MAX_ROWS)
    assert result.rows[:2] == ({"n": 0}, {"n": 1})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            expectation("expect_column_values_to_be_unique", "SELECT nonsense", column="x"),
            r"core\.economies\.yaml: .*: query: .*nonsense",
        ),
        (
            expectation("expect_column_values_to_be_unique", column="econmy"),
            r"column 'econmy' is not in the frame; did you mean 'economy'\?",
        ),
        (
            expectation("expect_column_values_to_be_between", column="name", min_value=1),
            r"core\.economies\.yaml: .*_be_between: ",
        ),
        (
            expectation("expect_column_values_to_match_regex", column="name", regex="("),
            r"core\.economies\.yaml: ",
        ),
    ],
)
def test_what_cannot_be_judged_is_an_error_and_no_verdict(
    wrong: Expectation, message: str, con: Con
) -> None:
    with pytest.raises(ExpectationError, match=message):
        judge(con, [written(wrong)])


def test_a_suite_of_a_table_that_is_not_there_is_an_error(con: Con, suites: Suites) -> None:
    con.execute("DROP TABLE marts.world_shares")
    with pytest.raises(ExpectationError, match=r"marts\.world_shares\.yaml: .*does not exist"):
        judge(con, [suites["marts.world_shares"]])


def test_a_warehouse_that_is_not_there_is_named(tmp_path: Path, suites: Suites) -> None:
    with pytest.raises(WarehouseError, match=r"none\.duckdb: there is no warehouse"):
        validate_tables(tmp_path / "none.duckdb", suites.values())


def test_a_critical_failure_is_what_blocks(con: Con, suites: Suites) -> None:
    con.execute("UPDATE marts.world_shares SET share_pct = -1 WHERE published")
    results = judge(con, [suites["marts.world_shares"]])

    assert has_critical_failure(results)
    assert [r.expectation.severity for r in failed(results)] == ["critical", "warning"]
