"""When a state would reach a target: the dates of the method, and what may be said of them."""

import math
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import MeasureError
from pipeline.measures.projections import Model, Projection, Target, Windows, project
from pipeline.measures.series import Series
from pipeline.measures.targets import Outlook, outlook, pace_of, still_offline, verdict_of

calm = settings(deadline=None, max_examples=60)
NINETY = Target(90)
TEN_YEARS = Windows(linear=10, logit=10, gompertz=10)
BREAK = ((2017, 2021),)
"""Tajikistan's internet users: another survey since 2021."""


def by_model(projections: tuple[Projection, ...]) -> dict[Model, float | None]:
    return {p.model: p.reaches for p in projections}


def with_break(series: Series) -> Series:
    return Series(series.years, series.values, BREAK)


def curve(model: Model, slope: float, years: range = range(2012, 2024)) -> Series:
    """Points on a curve of one of the models that is at 50 % in 2020."""

    def share(t: int) -> float:
        if model == "linear":
            return 0.5 + slope * (t - 2020)
        if model == "logit":
            return 1 / (1 + math.exp(-slope * (t - 2020)))
        return math.exp(-math.log(2) * math.exp(-slope * (t - 2020)))

    return Series.of({t: 100 * share(t) for t in years})


class TestDatesOfTajikistan:
    """90 % of the population online, from the snapshot of late 2025."""

    def test_over_ten_years_as_if_there_were_no_break(self, online: Mapping[str, Series]) -> None:
        found = by_model(project(online["TJK"], online["KAZ"], NINETY, TEN_YEARS))
        assert found["linear"] == pytest.approx(2031.7, abs=0.05)
        assert found["logit"] == pytest.approx(2033.2, abs=0.05)
        assert found["leader_path"] == pytest.approx(2032.3, abs=0.05)

    def test_since_the_break_which_cuts_the_window(self, online: Mapping[str, Series]) -> None:
        projections = project(with_break(online["TJK"]), online["KAZ"], NINETY)
        found = by_model(projections)
        assert found["linear"] == pytest.approx(2032.6, abs=0.05)
        assert found["logit"] == pytest.approx(2036.8, abs=0.05)
        assert found["gompertz"] == pytest.approx(2039.2, abs=0.05)
        assert {p.window for p in projections if p.model != "leader_path"} == {(2021, 2023)}

    def test_all_four_are_after_2030(self, online: Mapping[str, Series]) -> None:
        tajikistan = with_break(online["TJK"])
        found = outlook(tajikistan, online["KAZ"], NINETY, as_of_year=2025)
        assert found.verdict == "off_track"
        assert found.earliest == pytest.approx(2032.3, abs=0.05)
        assert found.latest == pytest.approx(2039.2, abs=0.05)

    def test_the_jump_at_the_break_is_no_pace(self, online: Mapping[str, Series]) -> None:
        pace = pace_of(with_break(online["TJK"]), NINETY, 5)
        assert pace.window == (2021, 2023)
        assert pace.achieved == pytest.approx((56.791 - 49.8409) / 2)
        assert pace.required == pytest.approx((90 - 56.791) / 7)


@pytest.mark.parametrize(
    ("model", "slope", "date"),
    [
        ("linear", 0.05, 2028.0),
        ("logit", 0.3, 2020 + math.log(9) / 0.3),
        ("gompertz", 0.3, 2020 + math.log(math.log(2) / -math.log(0.9)) / 0.3),
    ],
)
def test_a_model_finds_its_own_curve_again(model: Model, slope: float, date: float) -> None:
    projections = project(curve(model, slope), curve("linear", 0.01), NINETY)
    found = next(p for p in projections if p.model == model)
    assert found.reaches == pytest.approx(date)
    assert found.at_deadline == pytest.approx(
        min(curve(model, slope, range(2030, 2031)).last_value, 100)
    )


@calm
@given(st.integers(1, 20))
def test_one_who_follows_the_leader_arrives_as_much_later_as_it_is_behind(k: int) -> None:
    leader = curve("logit", 0.4, range(2000, 2030))
    behind = Series(tuple(y + k for y in leader.years[:21]), leader.values[:21])
    found = by_model(project(behind, leader, NINETY))
    assert found["leader_path"] == pytest.approx(2020 + math.log(9) / 0.4 + k, abs=0.05)


def test_the_leader_has_no_leader(online: Mapping[str, Series]) -> None:
    found = {p.model: p for p in project(online["KAZ"], online["KAZ"], Target(95))}
    assert found["leader_path"].reaches is None
    assert found["leader_path"].reason == "it leads"


def test_a_leader_that_is_not_there_yet_shows_no_way(online: Mapping[str, Series]) -> None:
    found = {p.model: p for p in project(online["TJK"], online["KAZ"], Target(95))}
    assert found["leader_path"].reaches is None
    assert "not reached" in found["leader_path"].reason


def test_everyone_is_no_level_of_a_curve_that_levels_off(online: Mapping[str, Series]) -> None:
    found = {p.model: p for p in project(online["UZB"], online["KAZ"], Target(100))}
    assert found["logit"].reaches is None
    assert found["gompertz"].reaches is None
    assert "never reaches 100" in found["logit"].reason
    assert found["linear"].reaches is not None


def test_two_values_since_a_break_carry_no_model(online: Mapping[str, Series]) -> None:
    years = tuple(y for y in online["TJK"].years if y <= 2022)
    series = Series(years, online["TJK"].values[: len(years)], BREAK)
    found = {p.model: p for p in project(series, online["KAZ"], NINETY)}
    assert found["linear"].reaches is None
    assert found["linear"].reason == (
        "2 values since 2021 by the present method: at least 3 are needed"
    )


def test_a_trend_away_from_the_level_never_reaches_it() -> None:
    falling = Series.of({2019: 60.0, 2020: 58.0, 2021: 57.0, 2022: 55.0, 2023: 54.0})
    found = outlook(falling, curve("logit", 0.4), NINETY, as_of_year=2024)
    assert by_model(found.projections)["linear"] == math.inf
    assert found.latest == math.inf


def test_no_date_lies_before_the_last_value() -> None:
    # The line through these is past 90 in 2023, while the value is not.
    slowing = Series.of({2018: 40.0, 2019: 70.0, 2020: 84.0, 2021: 88.0, 2022: 89.0, 2023: 89.5})
    found = project(slowing, curve("logit", 0.4), NINETY)
    dates = [p.reaches for p in found if p.reaches is not None]
    assert min(dates) == 2023


class TestPrices:
    """A level to come down to: at most 2 % of income."""

    target = Target(2, ceiling=None, at_most=True)
    price = Series.of({2019: 6.0, 2020: 5.5, 2021: 5.0, 2022: 4.5, 2023: 4.0})

    def test_a_line_goes_down_to_it_and_no_curve_levels_off(self) -> None:
        cheap = Series.of({2010: 8.0, 2014: 4.0, 2018: 2.0})
        found = {p.model: p for p in project(self.price, cheap, self.target)}
        assert found["linear"].reaches == pytest.approx(2027)
        assert found["linear"].at_deadline == pytest.approx(0.5)
        assert found["leader_path"].reaches == pytest.approx(2027)
        assert "no ceiling" in found["logit"].reason

    def test_the_required_pace_is_downwards(self) -> None:
        pace = pace_of(self.price, self.target, 5)
        assert pace.achieved == pytest.approx(-0.5)
        assert pace.required == pytest.approx(-2 / 7)


class TestVerdict:
    @staticmethod
    def dates(*found: float | None) -> tuple[Projection, ...]:
        return tuple(Projection("linear", date, None, None, 0, "") for date in found)

    def test_on_track_when_all_are_in_time(self) -> None:
        assert verdict_of(self.dates(2026.0, 2030.0, None), 2030)[0] == "on_track"

    def test_off_track_when_all_are_late(self) -> None:
        assert verdict_of(self.dates(2030.1, math.inf), 2030)[0] == "off_track"

    def test_none_when_they_disagree(self) -> None:
        verdict, reason = verdict_of(self.dates(2029.0, 2031.0, 2040.0), 2030)
        assert verdict == "cannot_say"
        assert reason == "1 of 3 models reach it by 2030, the rest later"

    def test_none_from_one_model(self) -> None:
        assert verdict_of(self.dates(2026.0, None), 2030)[0] == "cannot_say"


class TestOutlook:
    def test_a_level_that_is_reached_is_on_track(self, online: Mapping[str, Series]) -> None:
        found = outlook(online["KAZ"], online["KAZ"], NINETY, as_of_year=2025)
        assert found.reached
        assert (found.verdict, found.reason) == ("on_track", "at the level in 2024")
        assert found.pace.required == 0

    def test_an_old_value_carries_no_projection(self, online: Mapping[str, Series]) -> None:
        found = outlook(online["IND"], online["KAZ"], NINETY, as_of_year=2026)
        assert found.verdict == "cannot_say"
        assert found.projections == ()
        assert "2022" in found.reason

    def test_a_deadline_that_is_past_needs_no_pace(self, online: Mapping[str, Series]) -> None:
        found = outlook(online["TJK"], online["KAZ"], Target(90, deadline=2020), as_of_year=2025)
        assert found.pace.required is None
        assert found.verdict == "off_track"

    def test_one_value_has_no_pace(self) -> None:
        assert pace_of(Series.of({2023: 50.0}), NINETY, 5).achieved is None

    def test_a_target_above_the_ceiling_is_refused(self) -> None:
        with pytest.raises(MeasureError, match="101"):
            Target(101)


class TestStillOffline:
    population: Mapping[str, Series] = {
        "TJK": Series.of({2022: 10.1e6, 2023: 10389799.0, 2024: 10590927.0}),
        "IND": Series.of({2022: 1.425e9, 2023: 1438069596.0}),
        "KAZ": Series.of({2010: 16.0e6}),
    }
    """Persons; those of 2023 from World Development Indicators, vintage 2026-04-01."""

    def test_the_most_come_first_and_those_without_a_number_last(
        self, online: Mapping[str, Series]
    ) -> None:
        shares = {e: online[e] for e in ("IND", "TJK", "UZB")}
        found = still_offline(shares, self.population, {})
        assert [r.economy for r in found] == ["IND", "TJK", "UZB"]
        assert found[1].year == 2023
        assert found[1].persons == pytest.approx(10389799 * (1 - 0.56791))
        assert found[2].persons is None
        assert "no year has both" in found[2].reason
        assert sum(r.share_of_all_pct or 0 for r in found) == pytest.approx(100)

    def test_it_says_when_each_would_get_there(self, online: Mapping[str, Series]) -> None:
        its: Outlook = outlook(online["TJK"], online["KAZ"], NINETY, as_of_year=2025)
        found = still_offline({"TJK": online["TJK"]}, self.population, {"TJK": its})
        assert found[0].outlook is its


# --- the paths of models


def test_a_path_goes_from_the_last_value_to_ten_years_after_the_deadline() -> None:
    found = {p.model: p for p in project(curve("logit", 0.3), curve("logit", 0.4), NINETY)}
    own = curve("logit", 0.3, range(2023, 2041))

    assert [y for y, _ in found["logit"].path] == list(range(2023, 2041))
    assert [v for _, v in found["logit"].path] == pytest.approx(own.values)
    assert dict(found["logit"].path)[2030] == found["logit"].at_deadline


def test_no_path_goes_beyond_the_ceiling() -> None:
    found = {p.model: p for p in project(curve("linear", 0.05), curve("linear", 0.01), NINETY)}

    assert max(v for _, v in found["linear"].path) == 100


def test_a_model_that_does_not_answer_has_no_path(online: Mapping[str, Series]) -> None:
    found = project(online["UZB"], online["KAZ"], Target(100))

    assert {p.model for p in found if p.path} == {p.model for p in found if p.reaches is not None}


def test_a_price_follows_the_leader_downwards() -> None:
    price = Series.of({2019: 6.0, 2023: 4.0})
    cheap = Series.of({2010: 8.0, 2014: 4.0, 2018: 2.0})
    found = project(price, cheap, Target(2, ceiling=None, at_most=True))
    path = {p.model: dict(p.path) for p in found}["leader_path"]

    assert path == {2023: 4.0, 2024: 3.5, 2025: 3.0, 2026: 2.5, 2027: 2.0}
