"""The measures on figures that the method gives, and on distributions one can do in the head."""

import math

import numpy as np
import pytest

from pipeline.measures import inequality as m

ONE_TO_TEN = np.arange(1.0, 11.0)
WEIGHTS = np.array([1, 2, 3, 4, 5, 5, 4, 3, 2, 1.0])
HALVES = ["low"] * 5 + ["high"] * 5


def exactly(value: float) -> object:
    """Equal but for the last digits that a double holds."""
    return pytest.approx(value, rel=2e-15, abs=0)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("theil_t", 0.15130337234220975),
        ("theil_l", 0.1943068349308737),
        ("ge_2", 0.13636363636363635),
        ("gini", 0.3),
        ("gini_corrected", 1 / 3),
        ("atkinson_05", 0.08213904608608158),
        ("atkinson_1", 0.17659478397877004),
        ("atkinson_2", 0.37924154155017176),
        ("cv", 0.5222329678670935),
        ("max_min", 10),
        ("value_range", 9),
        ("herfindahl", 385 / 55**2),
        ("ceiling", math.log(10)),
    ],
)
def test_one_to_ten_unweighted(measure: str, expected: float) -> None:
    assert getattr(m.inequality(ONE_TO_TEN), measure) == exactly(expected)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("theil_t", 0.08796412280231675),
        ("theil_l", 0.10633825727703172),
        ("gini", 0.2288888888888889),
        ("atkinson_1", 0.10087953740705258),
        ("max_min", 10),
        ("value_range", 9),
        ("ceiling", math.log(30)),
    ],
)
def test_one_to_ten_per_head_weighted_by_heads(measure: str, expected: float) -> None:
    value = getattr(m.inequality(ONE_TO_TEN * WEIGHTS, WEIGHTS), measure)
    assert value == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(("aversion", "expected"), [(0.5, 0.06315), (1, 0.13161)])
def test_atkinson_of_ten_to_fifty(aversion: float, expected: float) -> None:
    assert m.atkinson([10, 20, 30, 40, 50], aversion) == pytest.approx(expected, abs=5e-6)


def test_halves_of_one_to_ten() -> None:
    parts = m.decompose(ONE_TO_TEN, HALVES)
    assert parts.between == pytest.approx(0.10719456, abs=5e-9)
    assert parts.within == pytest.approx(0.04410881, abs=5e-9)
    assert parts.theil_t == pytest.approx(m.theil_t(ONE_TO_TEN), abs=1e-15)
    assert [(p.group, p.n, p.outcome_share, p.reference_share) for p in parts.parts] == [
        ("high", 5, exactly(40 / 55), 0.5),
        ("low", 5, exactly(15 / 55), 0.5),
    ]
    assert parts.parts[1].theil_t == exactly(m.theil_t([1, 2, 3, 4, 5]))


def test_a_group_with_nothing_adds_nothing() -> None:
    parts = m.decompose([0, 0, 1, 3], ["a", "a", "b", "b"])
    nothing = parts.parts[0]
    assert (nothing.between, nothing.within, nothing.outcome_share) == (0, 0, 0)
    assert math.isnan(nothing.theil_t)
    assert parts.theil_t == pytest.approx(m.theil_t([0, 0, 1, 3]), abs=1e-15)


def test_one_who_has_everything() -> None:
    found = m.inequality([0] * 9 + [7])
    assert found.theil_t == exactly(math.log(10))
    assert found.theil_t == exactly(found.ceiling)
    assert found.gini == exactly(0.9)
    assert found.gini_corrected == exactly(1)
    assert found.atkinson_05 == exactly(0.9)
    assert (found.theil_l, found.max_min) == (math.inf, math.inf)
    assert (found.atkinson_1, found.atkinson_2, found.herfindahl) == (1, 1, 1)
    assert math.isnan(found.sd_logs)


def test_the_ceiling_of_a_weighted_index_is_reached_by_the_smallest() -> None:
    weights = [50, 30, 20]
    assert m.theil_t([0, 0, 9], weights) == exactly(math.log(5))
    assert m.ceiling(weights) == exactly(math.log(5))


@pytest.mark.parametrize("n", [1, 2, 7, 10])
def test_equals_have_no_inequality(n: int) -> None:
    found = m.inequality([3.7] * n)
    for measure in ("theil_t", "theil_l", "ge_2", "gini", "cv", "sd_logs", "value_range",
                    "atkinson_05", "atkinson_1", "atkinson_2"):  # fmt: skip
        assert getattr(found, measure) == pytest.approx(0, abs=5e-16), measure
    assert (found.max_min, found.herfindahl) == (1, exactly(1 / n))


def test_the_corrected_gini_is_for_unweighted_distributions_of_two_or_more() -> None:
    assert math.isnan(m.inequality([1, 2], [1, 3]).gini_corrected)
    assert math.isnan(m.inequality([5]).gini_corrected)
    assert m.inequality([1, 2], [4, 4]).gini_corrected == m.gini_corrected([1, 2])


def test_contributions_are_negative_below_the_mean_and_zero_for_nothing() -> None:
    parts = m.contributions([0, 1, 5])
    assert parts.tolist() == [0, exactly(math.log(0.5) / 6), exactly(5 / 6 * math.log(2.5))]
    assert parts.sum() == pytest.approx(m.theil_t([0, 1, 5]), abs=1e-15)


def test_leaving_one_out_is_the_index_of_the_others() -> None:
    *_, without_ten = m.leave_one_out(ONE_TO_TEN)
    assert without_ten.theil_t == pytest.approx(m.theil_t(ONE_TO_TEN[:-1]), abs=1e-15)
    assert without_ten.ceiling == exactly(math.log(9))


def test_leaving_out_who_has_nearly_everything_leaves_the_others_exact() -> None:
    without_giant, *_ = m.leave_one_out([1e17, 1, 2, 3], [1e9, 4, 5, 6])
    assert without_giant.theil_t == pytest.approx(m.theil_t([1, 2, 3], [4, 5, 6]), abs=1e-14)


def test_where_nothing_remains_there_is_no_index() -> None:
    (alone,) = m.leave_one_out([5])
    assert math.isnan(alone.theil_t)
    assert math.isnan(alone.ceiling)
    without_holder, without_other = m.leave_one_out([5, 0])
    assert math.isnan(without_holder.theil_t)
    assert (without_holder.ceiling, without_other.theil_t, without_other.ceiling) == (0, 0, 0)


@pytest.mark.parametrize(("a", "name"), [(0, "theil_l"), (1, "theil_t"), (2, "ge_2")])
def test_generalised_entropy_contains_both_theils(a: float, name: str) -> None:
    whole = m.inequality(ONE_TO_TEN * WEIGHTS, WEIGHTS)
    assert m.generalised_entropy(ONE_TO_TEN * WEIGHTS, a, WEIGHTS) == getattr(whole, name)


@pytest.mark.parametrize("a", [0, 1, 2])
def test_generalised_entropy_is_continuous_where_its_formula_is_not_defined(a: float) -> None:
    near = [m.generalised_entropy(ONE_TO_TEN, a + step) for step in (-1e-5, 1e-5)]
    assert m.generalised_entropy(ONE_TO_TEN, a) == pytest.approx(sum(near) / 2, abs=1e-9)


def test_a_zero_makes_entropies_of_order_zero_and_below_infinite() -> None:
    assert m.generalised_entropy([0, 1], 0) == math.inf
    assert m.generalised_entropy([0, 1], -1) == math.inf
    assert m.generalised_entropy([0, 1], 0.5) == exactly(4 * (1 - math.sqrt(0.5)))
