"""Arithmetic as text: it computes like arithmetic, and is nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.expressions import ExpressionError, expression

NUMBERS = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("2 ** 3 ** 2", 512.0),
        ("-2 ** 2", -4.0),
        ("7 - 2 - 1", 4.0),
        ("1e12 / 4", 2.5e11),
        ("+a / b", 1.5),
        ("100 * C07 * 1e12 / b", 2.3e15),
    ],
)
def test_it_is_computed_as_arithmetic_is(text: str, result: float) -> None:
    assert expression(text).value({"a": 6.0, "b": 4.0, "C07": 92.0}) == result


@given(NUMBERS, NUMBERS)
def test_names_stand_for_values(a: float, b: float) -> None:
    assert expression("(a + b) * (a - b)").value({"a": a, "b": b}) == (a + b) * (a - b)


def test_names_are_listed_once_and_sorted() -> None:
    assert expression("b + a * b - 3").names == ("a", "b")
    assert expression("1 + 1").names == ()


@pytest.mark.parametrize("values", [{"a": 1.0}, {"a": 1.0, "b": None}])
def test_what_rests_on_a_missing_value_is_missing(values: dict[str, float | None]) -> None:
    assert expression("a + b").value(values) is None


@pytest.mark.parametrize("text", ["a / (a - 1)", "(0 - a) ** 0.5", "1e300 ** 2 * a", "1e308 * 10"])
def test_what_is_no_finite_number_is_missing(text: str) -> None:
    assert expression(text).value({"a": 1.0}) is None


@pytest.mark.parametrize(
    "text",
    [
        "", "a +", "a b", "__import__('os')", "a.b", "a[0]", "'text'", "a if b else c", "a < b",
        "a and b", "lambda: 1", "[1]", "True", "1j", "a // b", "a % b", "~a", "not a", "f(a)",
        "x := 1",
        "(" * 500 + "a" + ")" * 500,
    ],
)  # fmt: skip
def test_whatever_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="expected"):
        expression(text)
