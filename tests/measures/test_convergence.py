"""Sigma and beta convergence, and the two sides of one gap."""

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import linregress

from pipeline.errors import MeasureError
from pipeline.measures.convergence import beta, sigma, two_sides
from pipeline.measures.series import Series

calm = settings(deadline=None, max_examples=40)
levels = st.lists(st.floats(0.1, 1e6), min_size=4, max_size=10)

POPULATION = {
    "KAZ": {2020: 19482117.0, 2023: 20330104.0},
    "UZB": {2020: 33586372.0, 2023: 35652307.0},
    "KGZ": {2020: 6726596.0, 2023: 7099750.0},
    "TJK": {2020: 9749310.0, 2023: 10389799.0},
    "IRN": {2020: 87723443.0, 2023: 90608707.0},
}
"""Persons, World Development Indicators SP.POP.TOTL, vintage 2026-04-01."""


def between(first: int, start: list[float], last: int, end: list[float]) -> dict[str, Series]:
    """One economy a place, with a value in two years."""
    pairs = zip(start, end, strict=True)
    return {f"E{i:02}": Series.of({first: a, last: b}) for i, (a, b) in enumerate(pairs)}


def people() -> dict[str, Series]:
    return {e: Series.of(dict(heads)) for e, heads in POPULATION.items()}


class TestSigma:
    def test_it_is_the_standard_deviation_of_logarithms(self) -> None:
        found = sigma(between(2010, [1, 2, 4], 2020, [2, 2, 2]), (2010, 2020))
        assert found.points[0].sd_logs == pytest.approx(float(np.std(np.log([1, 2, 4]))))
        assert found.points[1].sd_logs == pytest.approx(0, abs=1e-12)
        assert found.change == pytest.approx(-math.log(2) * math.sqrt(2 / 3))

    @calm
    @given(levels, st.floats(0.01, 100))
    def test_growth_that_all_share_changes_nothing(self, start: list[float], times: float) -> None:
        end = [times * x for x in start]
        found = sigma(between(2010, start, 2020, end), (2010, 2020))
        assert found.change == pytest.approx(0, abs=1e-9)

    def test_the_set_is_the_same_in_all_years(self, online: Mapping[str, Series]) -> None:
        found = sigma(online, (2013, 2020, 2023))
        assert found.economies == ("IRN", "KAZ", "KGZ", "TJK", "UZB")
        assert found.left_out == (("IND", "no value in 2023"),)

    def test_a_year_with_a_missing_value_has_no_spread(self, online: Mapping[str, Series]) -> None:
        found = sigma(online, (2017, 2018, 2023))
        assert found.points[1].sd_logs is None
        assert "TJK" in found.points[1].reason
        assert found.change is not None

    def test_one_with_a_break_between_the_years_is_left_out(
        self, online: Mapping[str, Series]
    ) -> None:
        broken = Series(online["TJK"].years, online["TJK"].values, ((2017, 2021),))
        found = sigma({**online, "TJK": broken}, (2013, 2023))
        assert "TJK" not in found.economies
        assert ("TJK", "break in the series 2017 to 2021") in found.left_out

    def test_a_zero_has_no_logarithm(self) -> None:
        found = sigma(between(2010, [1, 2, 4, 0], 2020, [2, 2, 2, 2]), (2010, 2020))
        assert found.left_out == (("E03", "value of 2010 is 0, which has no logarithm"),)

    def test_two_economies_are_no_set(self) -> None:
        found = sigma(between(2010, [1, 2], 2020, [2, 2]), (2010, 2020))
        assert found.change is None
        assert "2 economies" in found.reason

    def test_years_that_do_not_increase_are_refused(self) -> None:
        with pytest.raises(MeasureError, match="increasing"):
            sigma(between(2010, [1], 2020, [2]), (2020, 2010))


class TestBeta:
    def test_a_slope_that_was_put_in_comes_out(self) -> None:
        start = [1.0, 2.0, 5.0, 9.0]
        end = [x * math.exp(10 * (0.08 - 0.02 * math.log(x))) for x in start]
        found = beta(between(2010, start, 2020, end), 2010, 2020)
        assert found.slope == pytest.approx(-0.02)
        assert found.intercept == pytest.approx(0.08)
        assert found.speed == pytest.approx(-math.log(0.8) / 10)
        assert found.range_without == pytest.approx((-0.02, -0.02))

    @calm
    @given(levels, st.data())
    def test_it_is_scipys_regression(self, start: list[float], data: st.DataObject) -> None:
        end = data.draw(st.lists(st.floats(0.1, 1e6), min_size=len(start), max_size=len(start)))
        x = np.log(start)
        found = beta(between(2000, start, 2010, end), 2000, 2010)
        assume(np.ptp(x) > 1e-3)
        expected = linregress(x, (np.log(end) - x) / 10)
        assert found.slope == pytest.approx(expected.slope, rel=1e-6, abs=1e-9)

    def test_each_is_left_out_in_turn(self, online: Mapping[str, Series]) -> None:
        found = beta(online, 2013, 2023)
        assert found.n == 5
        assert [e for e, _ in found.without] == ["IRN", "KAZ", "KGZ", "TJK", "UZB"]
        without_kaz = beta({e: s for e, s in online.items() if e != "KAZ"}, 2013, 2023)
        assert dict(found.without)["KAZ"] == pytest.approx(without_kaz.slope)

    def test_equal_beginnings_have_no_slope(self) -> None:
        found = beta(between(2010, [2, 2, 2], 2020, [3, 4, 5]), 2010, 2020)
        assert found.slope is None
        assert "same level" in found.reason
        assert len(found.growth) == 3

    def test_a_slope_that_overshoots_the_gap_has_no_speed(self) -> None:
        found = beta(between(2010, [1, 2, 4], 2020, [4, 2, 1]), 2010, 2020)
        assert found.slope == pytest.approx(-0.2)
        assert found.speed is None


class TestTwoSides:
    CENTRAL_ASIA_AND_IRAN = ("IRN", "KAZ", "KGZ", "TJK", "UZB")

    def test_the_online_became_more_equal_and_the_offline_less(
        self, online: Mapping[str, Series]
    ) -> None:
        shares = {e: online[e] for e in self.CENTRAL_ASIA_AND_IRAN}
        found = two_sides(shares, people(), 2020, 2023)
        assert found.first is not None
        assert found.last is not None
        assert found.first.online is not None
        assert found.last.online is not None
        assert found.first.offline is not None
        assert found.last.offline is not None
        assert found.last.online < found.first.online
        assert found.last.offline > found.first.offline
        assert found.disagree is True
        assert found.last.gap == pytest.approx(92.8785 - 56.791)

    def test_a_state_whose_method_changed_is_not_compared(
        self, online: Mapping[str, Series]
    ) -> None:
        broken = Series(online["TJK"].years, online["TJK"].values, ((2017, 2021),))
        shares = {e: online[e] for e in self.CENTRAL_ASIA_AND_IRAN} | {"TJK": broken}
        found = two_sides(shares, people(), 2020, 2023)
        assert found.economies == ("IRN", "KAZ", "KGZ", "UZB")
        assert found.left_out == (("TJK", "break in the series 2017 to 2021"),)

    def test_one_without_a_population_is_named(self, online: Mapping[str, Series]) -> None:
        heads = {e: s for e, s in people().items() if e != "KGZ"}
        shares = {e: online[e] for e in self.CENTRAL_ASIA_AND_IRAN}
        found = two_sides(shares, heads, 2020, 2023)
        assert ("KGZ", "no population in both years") in found.left_out

    def test_nobody_offline_leaves_nothing_to_say(self) -> None:
        shares = between(2020, [50, 60, 70], 2023, [100, 100, 100])
        heads = between(2020, [1, 1, 1], 2023, [1, 1, 1])
        found = two_sides(shares, heads, 2020, 2023)
        assert found.last is not None
        assert found.last.offline is None
        assert found.disagree is None
        assert "nobody offline" in found.reason

    def test_too_few_economies_say_nothing(self, online: Mapping[str, Series]) -> None:
        found = two_sides({"KAZ": online["KAZ"]}, people(), 2020, 2023)
        assert found.disagree is None
        assert "1 economies" in found.reason

    def test_a_share_above_100_is_refused_by_name(self) -> None:
        shares = between(2020, [50, 60, 101], 2023, [50, 60, 70])
        with pytest.raises(MeasureError, match="E02 in 2020 is 101"):
            two_sides(shares, between(2020, [1, 1, 1], 2023, [1, 1, 1]), 2020, 2023)
