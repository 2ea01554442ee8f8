"""The composite index: a case by hand, what must always hold, and what its ranks are worth."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import MeasureError
from pipeline.measures.composite import (
    AGGREGATIONS,
    IMPUTATIONS,
    NORMALISATIONS,
    Aggregation,
    IndexIndicator,
    Normalisation,
    Plan,
    impute,
    normalise,
    profiles,
)
from pipeline.measures.composite_ranks import (
    leave_indicators_out,
    uncertainty,
)
from pipeline.measures.formulas import Array

calm = settings(deadline=None, max_examples=40)
aggregations = st.sampled_from(AGGREGATIONS)

# Three units and four indicators, worked out by hand in TestByHand.
UNITS = ("X", "Y", "Z")
PLAN = Plan(
    (
        IndexIndicator("users", "access", worst=0, best=10),
        IndexIndicator("price", "access", worst=100, best=0),
        IndexIndicator("exports", "trade", worst=0, best=50),
        IndexIndicator("services", "trade", worst=20, best=60),
    )
)
VALUES = np.array([[5.0, 20, 40, 60], [8, 50, 10, 30], [12, 100, 25, 40]])


def plan_of(sizes: list[int], weights: tuple[tuple[str, float], ...] = ()) -> Plan:
    """Pillars of these sizes; every other indicator is better when lower."""
    names = [(f"i{p}{j}", f"p{p}") for p, size in enumerate(sizes) for j in range(size)]
    posts = [(0.0, 100.0), (100.0, 0.0)]
    return Plan(tuple(IndexIndicator(n, p, *posts[i % 2]) for i, (n, p) in enumerate(names)),
                weights)  # fmt: skip


@st.composite
def cases(draw: st.DrawFn, *, holes: bool = False) -> tuple[Array, tuple[str, ...], Plan]:
    """Values of some units, some of them missing where there may be holes."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    plan, n = plan_of(sizes), draw(st.integers(2, 6))
    value: st.SearchStrategy[float] = st.integers(-20, 120).map(float)
    if holes:
        value = st.one_of(value, value, value, st.just(math.nan))
    row = st.lists(value, min_size=sum(sizes), max_size=sum(sizes))
    values = np.array(draw(st.lists(row, min_size=n, max_size=n)))
    return values, tuple(f"u{i}" for i in range(n)), plan


def scores_of(values: Array, plan: Plan, how: Aggregation = "arithmetic") -> list[float | None]:
    units = [f"u{i}" for i in range(len(values))]
    return [p.score for p in profiles(values, units, plan, how)]


def some_case(seed: int = 5, n: int = 8, holes: float = 0.1) -> tuple[Array, list[str], Plan]:
    rng = np.random.default_rng(seed)
    plan = plan_of([5, 5, 5])
    values = rng.uniform(5, 95, (n, 15))
    values[rng.random(values.shape) < holes] = np.nan
    return values, [f"u{i}" for i in range(n)], plan


class TestByHand:
    def test_scores_against_the_goalposts(self) -> None:
        expected = [[50, 80, 80, 100], [80, 50, 20, 25], [100, 0, 50, 50]]
        assert normalise(VALUES, PLAN) == pytest.approx(np.array(expected))

    def test_pillars_and_the_arithmetic_index(self) -> None:
        found = profiles(VALUES, UNITS, PLAN)
        by_pillar = [[p.score for p in profile.pillars] for profile in found]
        assert by_pillar == [[65, 90], [65, 22.5], [50, 50]]
        assert [p.score for p in found] == [77.5, 43.75, 50]

    def test_the_geometric_index(self) -> None:
        found = [p.score for p in profiles(VALUES, UNITS, PLAN, "geometric")]
        assert found == pytest.approx([math.sqrt(65 * 90), math.sqrt(65 * 22.5), 50])

    def test_weights_of_pillars_and_of_indicators(self) -> None:
        heavy = replace(PLAN.indicators[0], weight=3.0)
        plan = Plan((heavy, *PLAN.indicators[1:]), (("trade", 3.0), ("access", 1.0)))
        # X: access (3·50 + 80)/4 = 57.5, trade 90.
        assert scores_of(VALUES, plan)[0] == pytest.approx(0.25 * 57.5 + 0.75 * 90)

    def test_a_pillar_with_half_of_its_indicators_has_no_score(self) -> None:
        values = VALUES.copy()
        values[2, 1] = np.nan
        found = profiles(values, UNITS, PLAN)[2]
        assert found.score is None
        assert found.reason == "access: 1 of 2 indicators have a value, 60% are needed"
        assert [(p.score, p.present, p.total) for p in found.pillars] == [(None, 1, 2), (50, 2, 2)]

    def test_three_of_five_are_enough(self) -> None:
        values = np.full((1, 5), 50.0)
        values[0, 3:] = np.nan
        assert scores_of(values, plan_of([5])) == [50]
        values[0, 2] = np.nan
        assert scores_of(values, plan_of([5])) == [None]

    def test_leaving_out_the_users_lifts_y_above_z(self) -> None:
        users = leave_indicators_out(VALUES, UNITS, PLAN)[0]
        assert users.indicator == "users"
        # X: 80 and 90; Y: 50 and 22.5; Z: 0 and 50.
        assert [unit for unit, _, _ in users.changes] == ["X", "Y", "Z"]
        expected = [85 - 77.5, 36.25 - 43.75, 25 - 50]
        assert [change for _, change, _ in users.changes] == pytest.approx(expected)
        assert [places for _, _, places in users.changes] == [0, -1, 1]
        assert users.mean_shift == pytest.approx(2 / 3)

    def test_z_scores_and_ranks_for_the_simulation(self) -> None:
        z = (5 - 25 / 3) / np.std([5, 8, 12])
        assert normalise(VALUES, PLAN, "z_scores")[0, 0] == pytest.approx(50 + 10 * z)
        ranks = normalise(VALUES, PLAN, "ranks")
        assert ranks[:, 0] == pytest.approx([100 / 6, 50, 500 / 6])
        assert ranks[:, 1] == pytest.approx([500 / 6, 50, 100 / 6])

    def test_median_and_nearest_fill_a_hole_and_flag_it(self) -> None:
        scores = np.array([[50.0, 80], [80, np.nan], [60, 90]])
        median, nearest = impute(scores, "median"), impute(scores, "nearest")
        assert (median.scores[1, 1], nearest.scores[1, 1]) == (85, 90)
        assert np.argwhere(median.flags).tolist() == np.argwhere(nearest.flags).tolist() == [[1, 1]]
        assert np.isnan(scores[1, 1])


class TestNormalisation:
    @calm
    @given(cases(holes=True), st.sampled_from(NORMALISATIONS))
    def test_scores_lie_between_0_and_100_and_holes_stay(
        self, case: tuple[Array, tuple[str, ...], Plan], how: Normalisation
    ) -> None:
        values, _, plan = case
        scores = normalise(values, plan, how)
        assert np.array_equal(np.isnan(scores), np.isnan(values))
        there = scores[~np.isnan(scores)]
        assert ((there >= 0) & (there <= 100)).all()

    def test_goalposts_do_not_depend_on_who_else_is_there(self) -> None:
        assert np.array_equal(normalise(VALUES, PLAN)[:1], normalise(VALUES[:1], PLAN))

    def test_units_that_are_all_alike_are_in_the_middle(self) -> None:
        values, plan = np.full((4, 2), 3.0), plan_of([2])
        assert (normalise(values, plan, "z_scores") == 50).all()
        assert (normalise(values, plan, "ranks") == 50).all()

    def test_an_indicator_that_nobody_has_stays_empty(self) -> None:
        values = np.array([[1.0, np.nan], [2.0, np.nan]])
        for how in NORMALISATIONS:
            scores = normalise(values, plan_of([2]), how)
            for imputation in IMPUTATIONS:
                found = impute(scores, imputation)
                assert np.isnan(found.scores[:, 1]).all()
                assert not found.flags.any()


class TestProperties:
    @calm
    @given(cases(), aggregations, st.data())
    def test_a_better_value_never_lowers_the_score(
        self, case: tuple[Array, tuple[str, ...], Plan], how: Aggregation, data: st.DataObject
    ) -> None:
        values, _, plan = case
        column = data.draw(st.integers(0, values.shape[1] - 1))
        indicator = plan.indicators[column]
        better = values.copy()
        better[0, column] += data.draw(st.floats(0, 200)) * np.sign(
            indicator.best - indicator.worst
        )
        before, after = scores_of(values, plan, how)[0], scores_of(better, plan, how)[0]
        assert before is not None
        assert after is not None
        assert after >= before - 1e-9

    @calm
    @given(cases(holes=True))
    def test_the_geometric_index_is_never_above_the_arithmetic_one(
        self, case: tuple[Array, tuple[str, ...], Plan]
    ) -> None:
        values, _, plan = case
        both = zip(scores_of(values, plan), scores_of(values, plan, "geometric"), strict=True)
        for arithmetic, geometric in both:
            assert (arithmetic is None) == (geometric is None)
            assert (geometric or 0) <= (arithmetic or 0) + 1e-9

    @calm
    @given(cases(holes=True), aggregations, st.data())
    def test_with_equal_weights_the_order_of_indicators_does_not_matter(
        self, case: tuple[Array, tuple[str, ...], Plan], how: Aggregation, data: st.DataObject
    ) -> None:
        values, _, plan = case
        order = data.draw(st.permutations(range(values.shape[1])))
        shuffled = Plan(tuple(plan.indicators[i] for i in order))
        expected = scores_of(values, plan, how)
        found = scores_of(values[:, order], shuffled, how)
        for a, b in zip(found, expected, strict=True):
            assert a == (None if b is None else pytest.approx(b))

    @calm
    @given(cases(holes=True))
    def test_a_published_score_rests_on_published_values_only(
        self, case: tuple[Array, tuple[str, ...], Plan]
    ) -> None:
        values, units, plan = case
        together = profiles(values, units, plan)
        alone = [profiles(values[i : i + 1], units[i : i + 1], plan)[0] for i in range(len(units))]
        assert list(together) == alone


class TestRefusals:
    @pytest.mark.parametrize(
        ("worst", "best", "weight"), [(1, 1, 1), (0, math.inf, 1), (0, 1, 0), (0, 1, math.nan)]
    )
    def test_an_indicator_without_goalposts_or_weight(
        self, worst: float, best: float, weight: float
    ) -> None:
        with pytest.raises(MeasureError, match="users"):
            IndexIndicator("users", "access", worst, best, weight)

    def test_indicators_named_twice(self) -> None:
        with pytest.raises(MeasureError, match="different ones"):
            Plan((PLAN.indicators[0], PLAN.indicators[0]))

    def test_weights_of_other_pillars(self) -> None:
        with pytest.raises(MeasureError, match="innovation"):
            replace(PLAN, pillar_weights=(("innovation", 1.0),))

    def test_a_coverage_that_the_loss_of_one_indicator_would_undo(self) -> None:
        with pytest.raises(MeasureError, match=r"above 0\.5"):
            replace(PLAN, coverage=0.5)

    def test_weights_that_vary_more_than_weights_can(self) -> None:
        with pytest.raises(MeasureError, match=r"weight_cv is 1\.0"):
            replace(PLAN, weight_cv=1.0)

    def test_values_of_another_shape(self) -> None:
        with pytest.raises(MeasureError, match=r"\(3, 3\)"):
            profiles(VALUES[:, :3], UNITS, PLAN)

    def test_an_infinite_value_by_name(self) -> None:
        values = VALUES.copy()
        values[1, 2] = np.inf
        with pytest.raises(MeasureError, match="exports in row 1"):
            profiles(values, UNITS, PLAN)

    def test_units_that_repeat(self) -> None:
        with pytest.raises(MeasureError, match="all different"):
            profiles(VALUES, ("X", "X", "Z"), PLAN)

    def test_an_index_in_which_nobody_has_a_score(self) -> None:
        with pytest.raises(MeasureError, match="no unit has a score; X: access"):
            uncertainty(np.full((3, 4), np.nan), UNITS, PLAN, draws=1)

    def test_no_draws(self) -> None:
        with pytest.raises(MeasureError, match="0 draws"):
            uncertainty(VALUES, UNITS, PLAN, draws=0)

    def test_leaving_out_all_there_is(self) -> None:
        with pytest.raises(MeasureError, match="nothing remains"):
            leave_indicators_out([[1.0], [2.0]], ("a", "b"), plan_of([1]))
