"""Results: the questions asked of them, their JSON, and how they read."""

import datetime
import math

import pandas as pd
import pytest

from pipeline.errors import ExpectationError
from pipeline.validation.frames import Frame, cell
from pipeline.validation.kinds import NO_ROWS, Severity
from pipeline.validation.model import Expectation
from pipeline.validation.results import (
    ExpectationResult,
    SuiteResult,
    failed,
    from_json,
    has_critical_failure,
    merge,
    to_json,
    worst,
)
from pipeline.validation.words import number, observed

BETWEEN = "expect_column_values_to_be_between"


def result(
    severity: Severity = "critical", *, success: bool = False, name: str = "x", table: str = "a.b"
) -> ExpectationResult:
    asked = Expectation(
        name, table, NO_ROWS, {"value": 0}, severity, "Why – so.", "SELECT 1", ("n",)
    )
    return ExpectationResult(
        asked,
        success,
        "1 row of 2",
        2,
        int(not success),
        ({"n": 1, "s": "x", "f": 0.5, "m": None},),
    )


def of(*results: ExpectationResult, table: str = "a.b") -> dict[str, SuiteResult]:
    return {table: SuiteResult(table, results, "About.")}


def test_failures_stand_worst_first_across_tables() -> None:
    results = of(result("warning"), result("info", name="y")) | of(
        result("critical", table="c.d"), result("critical", success=True, name="z"), table="c.d"
    )
    assert [r.expectation.severity for r in failed(results)] == ["critical", "warning", "info"]


@pytest.mark.parametrize(
    ("severity", "success", "found", "blocks"),
    [
        ("critical", False, "critical", True),
        ("warning", False, "warning", False),
        ("info", False, "info", False),
        ("critical", True, None, False),
    ],
)
def test_only_a_critical_failure_blocks(
    severity: Severity, success: bool, found: str | None, blocks: bool
) -> None:
    results = of(result(severity, success=success))
    assert (worst(results), has_critical_failure(results)) == (found, blocks)


def test_results_of_several_steps_become_one() -> None:
    assert list(merge([of(result(), table="m.z"), of(result(), table="c.a")])) == ["c.a", "m.z"]


def test_json_gives_the_same_results_back() -> None:
    results = of(result(), result("warning", success=True, name="y"))
    assert from_json(to_json(results)) == results


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"suites": [{}]}', '{"suites": [{"table": 1}]}'])
def test_what_are_no_results_is_an_error(text: str) -> None:
    with pytest.raises(ExpectationError, match="these are not results of a validation"):
        from_json(text)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("x", "x"),
        (0.5, 0.5),
        (math.nan, None),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (pd.NaT, None),
        (pd.NA, None),
        (pd.Timestamp(2024, 7, 1), "2024-07-01"),
        (datetime.datetime(2024, 7, 1, 12, 30), "2024-07-01T12:30:00"),  # noqa: DTZ001
        (datetime.date(2024, 7, 1), "2024-07-01"),
    ],
)
def test_a_value_of_a_row_is_kept_as_json_can_hold_it(value: object, kept: object) -> None:
    assert cell(value) == kept


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (1234567.0, "1,234,567"),
        (0.123456789, "0.123457"),
        (-2.5, "−2.5"),
        (100.0, "100"),
        (math.inf, "∞"),
        (1e30, "1e+30"),
        (1.5e-12, "1.5e-12"),
    ],
)
def test_a_number_reads_at_six_significant_digits(value: float, shown: str) -> None:
    assert number(value) == shown


def test_more_digits_show_where_a_rounding_error_is_the_matter() -> None:
    assert number(0.9999999, 10) == "0.9999999"


def expectation(kind: str, query: str | None = None, **kwargs: object) -> Expectation:
    return Expectation("x", "a.b", kind, kwargs, "critical", "why", query)


@pytest.mark.parametrize(
    ("asked", "values", "unexpected", "said"),
    [
        (expectation(NO_ROWS, "SELECT 1", value=0), [], 0, "none in 1,000 rows"),
        (expectation(NO_ROWS, "SELECT 1", value=0), [1.0], 1, "1 row of 1,000"),
        (expectation(NO_ROWS, value=3), [1.0, 2.0], 1, "2 rows"),
        (expectation(BETWEEN, column="v", max_value=1), [0.5, 2.0], 1,
         "1,000 values from 0.5 to 2; 1 unexpected"),
        (expectation("expect_column_values_to_be_unique", column="v"), [1.0], 0, "1,000 values"),
    ],
)  # fmt: skip
def test_what_was_observed_is_said_in_a_line(
    asked: Expectation, values: list[float], unexpected: int, said: str
) -> None:
    frame = Frame(pd.DataFrame({"v": values}), len(values), 1000)
    assert observed(asked, frame, 1000, unexpected) == said


def test_a_column_without_values_has_none_to_judge() -> None:
    frame = Frame(pd.DataFrame({"v": [math.nan]}), 1, 1)
    asked = expectation(BETWEEN, column="v", max_value=1)
    assert observed(asked, frame, 0, 0) == "no values to judge"
