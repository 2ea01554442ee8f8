"""What a rank of a composite index is worth: the simulation, its bands and its Sobol shares."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from pipeline.measures.composite import (
    AGGREGATIONS,
    IMPUTATIONS,
    NORMALISATIONS,
    Plan,
    impute,
    normalise,
)
from pipeline.measures.composite_ranks import (
    FACTORS,
    Draws,
    IndexModel,
    bands,
    draw,
    leave_indicators_out,
    uncertainty,
)
from pipeline.measures.composite_sensitivity import MEAN_SHIFT, sensitivity, sobol
from pipeline.measures.formulas import Array
from tests.measures.test_composite import calm, plan_of, some_case


class TestUncertainty:
    def test_the_same_seed_gives_the_same_and_another_seed_another(self) -> None:
        values, units, plan = some_case()
        first = uncertainty(values, units, plan, draws=300, seed=7)
        assert first == uncertainty(values, units, plan, draws=300, seed=7)
        a = draw(plan, 300, np.random.Generator(np.random.PCG64(7)))
        b = draw(plan, 300, np.random.Generator(np.random.PCG64(8)))
        assert not np.array_equal(a.weights, b.weights)

    def test_every_draw_is_the_index_by_its_choices(self) -> None:
        values, units, plan = some_case(holes=0.15)
        model = IndexModel.of(values, units, plan)
        ranked = [units.index(u) for u in model.units]
        choices = draw(plan, 200, np.random.Generator(np.random.PCG64(1)))
        expected = [plain_scores(values, plan, choices, i)[ranked] for i in range(200)]
        assert model.scores(choices) == pytest.approx(np.array(expected))

    def test_a_pillar_that_loses_its_only_indicator_gives_its_weight_to_the_rest(self) -> None:
        plan = plan_of([1, 2], (("p0", 0.5), ("p1", 0.5)))
        values = np.array([[90.0, 80, 40], [10, 20, 60]])
        without = leave_indicators_out(values, ("a", "b"), plan)[0]
        # Of 0.5·90 + 0.5·30 there remains p1 alone, (100 − 80 + 40)/2 = 30.
        unit, change, places = without.changes[0]
        assert (unit, places) == ("a", 1)
        assert change == pytest.approx(30 - 60)

    def test_intervals_hold_ranks_that_occur(self) -> None:
        values, units, plan = some_case()
        found = uncertainty(values, units, plan, draws=500)
        n = len(found.ranges)
        for r in found.ranges:
            assert 1 <= r.low <= r.median <= r.high <= n
            assert (2 * r.low).is_integer()
        assert sum(r.rank for r in found.ranges) == pytest.approx(n * (n + 1) / 2)

    def test_one_who_is_better_at_everything_is_first_in_every_draw(self) -> None:
        values = np.array([[90.0, 10, 90, 10], [50, 50, 50, 50], [10, 90, 10, 90]])
        found = uncertainty(values, ("best", "mid", "last"), plan_of([2, 2]), draws=500)
        assert [(r.unit, r.low, r.high, r.band) for r in found.ranges] == [
            ("best", 1, 1, 1), ("mid", 2, 2, 2), ("last", 3, 3, 3),
        ]  # fmt: skip

    def test_equals_share_the_mean_of_their_ranks(self) -> None:
        values = np.array([[50.0, 50], [50, 50], [10, 90]])
        found = uncertainty(values, ("a", "b", "c"), plan_of([2]), draws=50)
        assert [(r.unit, r.rank) for r in found.ranges] == [("a", 1.5), ("b", 1.5), ("c", 3)]

    def test_a_unit_without_a_score_takes_no_rank(self) -> None:
        values, units, plan = some_case(holes=0.0)
        values[3, :5] = np.nan
        found = uncertainty(values, units, plan, draws=100)
        assert found.unranked == (("u3", "p0: 0 of 5 indicators have a value, 60% are needed"),)
        assert "u3" not in {r.unit for r in found.ranges}
        assert max(r.high for r in found.ranges) <= 7

    def test_what_draws_filled_in_is_listed_and_nothing_else(self) -> None:
        values, units, plan = some_case(holes=0.0)
        values[2, 4] = values[5, 11] = np.nan
        found = uncertainty(values, units, plan, draws=10)
        assert found.imputed == (("u2", "i04"), ("u5", "i21"))

    def test_weights_vary_about_those_of_the_plan_as_much_as_it_says(self) -> None:
        plan = replace(plan_of([1, 1, 1, 1]), weight_cv=0.25)
        weights = draw(plan, 20_000, np.random.Generator(np.random.PCG64(3))).weights
        assert weights.sum(axis=1) == pytest.approx(np.ones(20_000))
        assert weights.mean(axis=0) == pytest.approx(np.full(4, 0.25), abs=0.002)
        assert weights.std(axis=0) / 0.25 == pytest.approx(np.full(4, 0.25), abs=0.01)


class TestBands:
    def test_intervals_apart_are_bands_apart(self) -> None:
        assert bands(np.array([1.0, 3, 5]), np.array([2.0, 4, 6])).tolist() == [1, 2, 3]

    def test_a_chain_of_overlaps_is_one_band_whatever_the_order(self) -> None:
        low, high = np.array([4.0, 1, 2, 9]), np.array([6.0, 3, 5, 9])
        assert bands(low, high).tolist() == [1, 1, 1, 2]

    def test_a_shared_end_is_an_overlap(self) -> None:
        assert bands(np.array([1.0, 2]), np.array([2.0, 3])).tolist() == [1, 1]

    @calm
    @given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 5)), min_size=1, max_size=12))
    def test_units_of_different_bands_never_overlap(self, drawn: list[tuple[int, int]]) -> None:
        low = np.array([float(a) for a, _ in drawn])
        high = low + np.array([float(b) for _, b in drawn])
        found = bands(low, high)
        overlap = (low[:, None] <= high) & (low <= high[:, None])
        assert (found[:, None] == found)[overlap].all()


class TestSensitivity:
    def test_the_estimators_find_the_shares_of_the_ishigami_function(self) -> None:
        """Ishigami and Homma (1990) with a = 7 and b = 0.1; shares by Saltelli et al. (2008)."""

        def ishigami(x: Array) -> Array:
            s = np.sin(x)
            return np.asarray(s[:, 0] + 7 * s[:, 1] ** 2 + 0.1 * x[:, 2] ** 4 * s[:, 0])

        points = qmc.Sobol(6, rng=np.random.default_rng(0)).random_base2(13)
        a, b = np.split(np.pi * (2 * points - 1), 2, axis=1)
        mixed = []
        for column in range(3):
            swapped = a.copy()
            swapped[:, column] = b[:, column]
            mixed.append(ishigami(swapped))
        first, total = sobol(ishigami(a), ishigami(b), np.stack(mixed))
        assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)
        assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)

    def test_a_sum_has_no_interactions(self) -> None:
        rng = np.random.default_rng(0)
        a, b = rng.normal(0, (3, 1), (2, 50_000, 2))  # variances 9 and 1
        mixed = np.stack([b[:, 0] + a[:, 1], a[:, 0] + b[:, 1]])
        first, total = sobol(a.sum(axis=1), b.sum(axis=1), mixed)
        assert first == pytest.approx([0.9, 0.1], abs=0.02)
        assert total == pytest.approx([0.9, 0.1], abs=0.02)

    def test_what_does_not_vary_has_no_shares(self) -> None:
        values = np.array([[90.0, 10, 90, 10], [10, 90, 10, 90]])
        found = sensitivity(values, ("best", "last"), plan_of([2, 2]), base=64)
        assert {(s.first_order, s.total, s.reason) for s in found} == {
            (None, None, "it is the same in every draw")
        }

    def test_every_output_has_a_share_of_every_factor(self) -> None:
        values, units, plan = some_case()
        found = sensitivity(values, units, plan, base=64)
        outputs = (MEAN_SHIFT, *IndexModel.of(values, units, plan).units)
        assert [(s.output, s.factor) for s in found] == [(o, f) for o in outputs for f in FACTORS]

    def test_without_missing_values_imputation_matters_nothing(self) -> None:
        values, units, plan = some_case(holes=0.0)
        found = [s for s in sensitivity(values, units, plan, base=256) if s.factor == "imputation"]
        assert {s.total for s in found if s.total is not None} == {0.0}

    def test_the_same_seed_gives_the_same_shares(self) -> None:
        values, units, plan = some_case()
        assert sensitivity(values, units, plan, base=64, seed=3) == sensitivity(
            values, units, plan, base=64, seed=3
        )


def plain_scores(values: Array, plan: Plan, draws: Draws, which: int) -> Array:
    """One draw in plain steps, one unit and one pillar after the other."""
    scores = normalise(values, plan, NORMALISATIONS[draws.normalisation[which]])
    scores = impute(scores, IMPUTATIONS[draws.imputation[which]]).scores
    result = []
    for row in scores:
        parts = []
        for pillar, weight in zip(plan.pillars, draws.weights[which], strict=True):
            columns = [i for i, it in enumerate(plan.indicators) if it.pillar == pillar]
            kept = [row[i] for i in columns if i != draws.dropped[which] and not np.isnan(row[i])]
            parts.append((sum(kept) / len(kept) if kept else math.nan, weight))
        if AGGREGATIONS[draws.aggregation[which]] == "arithmetic":
            result.append(sum(score * weight for score, weight in parts))
        else:
            result.append(math.prod(score**weight for score, weight in parts))
    return np.array(result)
