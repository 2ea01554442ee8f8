"""Results: the questions asked of them, their JSON, and how they read."""

import datetime
import math

import pandas as pd
import pytest

from pipeline.errors import ExpectationError
from pipeline.language import RUSSIAN, speaking
from pipeline.validation.frames import cell
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
from pipeline.validation.words import number

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
        2,
        int(not success),
        ({"n": 1, "s": "x", "f": 0.5, "m": None},),
        (-math.inf, 0.5),
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


def test_a_number_has_the_signs_of_the_language() -> None:
    with speaking(RUSSIAN):
        assert [number(v) for v in (1234567.5, 100.0, 0.25)] == [
            "1\u00a0234\u00a0568",
            "100",
            "0,25",
        ]


def test_more_digits_show_where_a_rounding_error_is_the_matter() -> None:
    assert number(0.9999999, 10) == "0.9999999"


def expectation(kind: str, query: str | None = None, **kwargs: object) -> Expectation:
    return Expectation("x", "a.b", kind, kwargs, "critical", "why", query)


@pytest.mark.parametrize(
    ("asked", "judged", "unexpected", "spread", "english", "russian"),
    [
        (expectation(NO_ROWS, "SELECT 1", value=0), 1000, 0, None,
         "none in 1,000 rows", "ни одной, проверено: 1\u00a0000 строк"),
        (expectation(NO_ROWS, "SELECT 1", value=0), 1000, 1, None,
         "1 row of 1,000", "1 строка из 1\u00a0000"),
        (expectation(NO_ROWS, value=3), 2, 1, None, "2 rows", "2 строки"),
        (expectation(BETWEEN, column="v", max_value=1), 1000, 1, (0.5, 2.0),
         "1,000 values from 0.5 to 2; 1 unexpected",
         "1\u00a0000 значений от 0,5 до 2; неожиданных: 1"),
        (expectation("expect_column_values_to_be_unique", column="v"), 1, 0, None,
         "1 value", "1 значение"),
        (expectation(BETWEEN, column="v", max_value=1), 0, 0, None,
         "no values to judge", "нет значений для проверки"),
    ],
)  # fmt: skip
def test_what_was_observed_is_said_in_a_line(
    asked: Expectation,
    judged: int,
    unexpected: int,
    spread: tuple[float, float] | None,
    english: str,
    russian: str,
) -> None:
    found = ExpectationResult(asked, not unexpected, judged, unexpected, spread=spread)
    assert found.observed == english
    with speaking(RUSSIAN):
        assert found.observed == russian
