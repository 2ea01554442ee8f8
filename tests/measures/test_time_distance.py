"""How many years one is behind another: the reference values of the method, and the rules."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import MeasureError
from pipeline.ingest.archive import Archive
from pipeline.measures.series import Series
from pipeline.measures.time_distance import crossing, leader, member_median, time_distance

BUNDLED = Path(__file__).parents[2] / "pipeline" / "bundled"

calm = settings(deadline=None, max_examples=60)


def trio(low: tuple[float, float]) -> dict[str, Series]:
    """Three economies in 2010 and 2011; the method of the lowest changed in between."""
    return {
        "A": Series.of({2010: low[0], 2011: low[1]}, ((2010, 2011),)),
        "B": Series.of({2010: 20.0, 2011: 21.0}),
        "C": Series.of({2010: 30.0, 2011: 31.0}),
    }


@st.composite
def rising(draw: st.DrawFn) -> Series:
    """A strictly rising series, with gaps."""
    first = draw(st.integers(1950, 2000))
    gaps = draw(st.lists(st.integers(1, 4), min_size=1, max_size=12))
    steps = draw(st.lists(st.floats(0.01, 10), min_size=len(gaps), max_size=len(gaps)))
    values = {first: draw(st.floats(-50, 50))}
    for gap, step in zip(gaps, steps, strict=True):
        year = max(values)
        values[year + gap] = values[year] + step
    return Series.of(dict(values))


def test_the_typed_figures_are_those_of_the_bundled_snapshot(
    online: Mapping[str, Series], snapshot: str
) -> None:
    archive = Archive(None, BUNDLED)
    body = archive.read(archive.find(snapshot))[0].decode()
    published = {
        (row["economy"], int(row["year"])): float(row["value"])
        for row in csv.DictReader(io.StringIO(body))
    }
    typed = {(e, y): v for e, s in online.items() for y, v in zip(s.years, s.values, strict=True)}
    assert typed == {key: published[key] for key in typed}


@pytest.mark.parametrize(
    ("economy", "year", "behind", "years"),
    [
        ("TJK", 2023, "KAZ", 11.45),
        ("IND", 2022, "KAZ", 10.53),
        ("IRN", 2023, "KAZ", 4.76),
        ("UZB", 2023, "KAZ", 2.38),
        ("KGZ", 2023, "KAZ", 2.49),
        ("TJK", 2023, "KGZ", 5.50),
    ],
)
def test_the_distances_are_those_of_the_method(
    online: Mapping[str, Series], economy: str, year: int, behind: str, years: float
) -> None:
    found = time_distance(online[economy], online[behind], year)
    assert found.years == pytest.approx(years, abs=0.005)
    assert found.crossing is not None
    assert found.crossing.interpolated


def test_the_neighbouring_years_of_an_interpolation_are_named(
    online: Mapping[str, Series],
) -> None:
    found = time_distance(online["TJK"], online["KAZ"])
    assert found.crossing is not None
    assert found.crossing.between == (2011, 2012)
    assert (found.year, found.level) == (2023, 56.791)


@calm
@given(rising(), st.integers(0, 40))
def test_a_series_is_as_far_behind_itself_as_it_is_shifted(series: Series, k: int) -> None:
    later = Series(tuple(y + k for y in series.years), series.values)
    assert time_distance(later, series).years == pytest.approx(k, abs=1e-9)
    assert time_distance(series, later).years == pytest.approx(-k, abs=1e-9)


@calm
@given(rising(), st.integers(0, 40))
def test_where_less_is_better_the_distance_is_that_of_the_path_upside_down(
    series: Series, k: int
) -> None:
    later = Series(tuple(y + k for y in series.years), series.values)
    found = time_distance(later.negated(), series.negated(), rising=False)
    assert found.years == pytest.approx(k, abs=1e-9)
    assert found.level == -series.last_value


def test_one_who_is_ahead_has_a_negative_distance(online: Mapping[str, Series]) -> None:
    found = time_distance(online["KAZ"], online["UZB"], 2023)
    back = time_distance(online["UZB"], online["KAZ"], 2023)
    assert found.years is not None
    assert back.years is not None
    assert found.years == pytest.approx(-back.years)
    assert found.level == 89.0136


def test_a_value_that_the_other_had_exactly_is_not_interpolated() -> None:
    found = time_distance(Series.of({2020: 2.0}), Series.of({2010: 1.0, 2011: 2.0, 2012: 3.0}))
    assert found.years == 9
    assert found.crossing is not None
    assert not found.crossing.interpolated


def test_a_path_that_went_to_and_fro_says_when_first_and_when_last() -> None:
    path = Series.of({2000: 1.0, 2001: 3.0, 2002: 1.0, 2003: 3.0})
    found = crossing(path, 2.0)
    assert found is not None
    assert (found.at, found.latest) == (2000.5, 2002.5)


def test_a_level_from_before_the_other_begins_gives_a_lower_bound() -> None:
    found = time_distance(Series.of({2020: 1.0}), Series.of({1995: 5.0, 2020: 9.0}))
    assert found.years is None
    assert found.at_least == 25
    assert "1995" in found.reason


def test_a_level_on_the_other_side_of_a_break_is_no_level_of_today() -> None:
    # Without the break, 30 would be the value of 2015.
    other = Series.of({2014: 20.0, 2016: 40.0, 2018: 60.0, 2020: 70.0}, ((2016, 2018),))
    found = time_distance(Series.of({2020: 30.0}), other)
    assert found.years is None
    assert found.at_least == 2
    assert "break 2016 to 2018" in found.reason


def test_nothing_is_said_where_the_other_has_no_value_to_compare_with() -> None:
    early = time_distance(Series.of({2010: 1.0}), Series.of({2015: 5.0}))
    assert (early.years, early.at_least) == (None, None)
    assert "2015, where its values begin" in early.reason
    ahead = time_distance(Series.of({2019: 1.0, 2020: 9.0}), Series.of({2018: 5.0}))
    assert ahead.years is None
    assert "no value for 2020" in ahead.reason


def test_a_year_without_a_value_is_refused(online: Mapping[str, Series]) -> None:
    with pytest.raises(MeasureError, match="2021"):
        time_distance(online["IND"], online["KAZ"], 2021)


class TestMedian:
    def test_it_names_who_is_missing_and_leaves_out_years_with_too_few(
        self, online: Mapping[str, Series]
    ) -> None:
        path = member_median(online, minimum=5)
        assert path.series is not None
        assert path.series.last_year == 2023
        assert path.series.value(2023) == 88.4701
        assert path.series.value(2020) == pytest.approx((71.1 + 72.0) / 2)
        assert path.missing[2021] == ("IND",)
        assert 2020 not in path.missing

    def test_a_break_of_one_far_from_the_middle_does_not_break_it(self) -> None:
        far = member_median(trio(low=(1.0, 5.0)), minimum=3)
        assert far.series is not None
        assert far.series.breaks == ()

    def test_a_break_of_one_that_changes_sides_is_its_own(self) -> None:
        near = member_median(trio(low=(1.0, 35.0)), minimum=3)
        assert near.series is not None
        assert near.series.breaks == ((2010, 2011),)

    def test_no_year_with_enough_members_is_no_median(self) -> None:
        assert member_median({"A": Series.of({2010: 1.0})}, minimum=2).series is None

    def test_a_median_of_nobody_is_refused(self) -> None:
        with pytest.raises(MeasureError, match="0 members"):
            member_median({}, minimum=1)


def test_the_leader_has_the_best_value_of_the_year(online: Mapping[str, Series]) -> None:
    assert leader(online, 2023) == "KAZ"
    assert leader(online, 2023, rising=False) == "TJK"
    assert leader(online, 2031) is None


class TestSeries:
    def test_years_without_a_value_are_absent(self) -> None:
        assert Series.of({2012: 3.0, 2010: 1.0, 2011: float("nan"), 2013: None}).years == (
            2010,
            2012,
        )

    @pytest.mark.parametrize(
        ("one", "other", "broken"),
        [
            (2016, 2017, False),
            (2017, 2021, True),
            (2018, 2019, True),
            (2021, 2022, False),
            (2022, 2016, True),
            (2019, 2019, False),
        ],
    )
    def test_years_are_comparable_up_to_the_first_and_from_the_last_year_of_a_break(
        self, one: int, other: int, broken: bool
    ) -> None:
        series = Series.of({2016: 1.0}, ((2017, 2021),))
        assert (series.broken(one, other) is not None) is broken

    @pytest.mark.parametrize(
        ("years", "values", "said"),
        [
            ((), (), "0 years"),
            ((2001, 2000), (1.0, 2.0), "increasing"),
            ((2000,), (float("inf"),), "2000"),
        ],
    )
    def test_what_is_no_series_is_refused(
        self, years: tuple[int, ...], values: tuple[float, ...], said: str
    ) -> None:
        with pytest.raises(MeasureError, match=said):
            Series(years, values)
