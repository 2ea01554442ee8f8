"""The rule of the verdicts: each of the seven from the figures that make it, and its reason."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measures.claim_reasons import amount, claimed, reason
from pipeline.measures.claims import (
    Answer,
    Found,
    Kind,
    Past,
    Question,
    Told,
    View,
    history,
    judge,
    looked_up,
    met,
    used,
)
from pipeline.wording import load_wording

FIRST, SECOND = date(2024, 3, 1), date(2025, 3, 1)
SHARE = Question(
    "C01", "% of people", "equals", 88.0, 2024, tolerance_pct=2.0, may_lag=2, expression="online"
)
BOUND = replace(SHARE, kind="at_most", value=50.0, tolerance_pct=0.0)
RISE = Question("C02", "points", "rises", year=2024, may_lag=1, expression="now - then")


def view(values: dict[int, float], day: date = SECOND, name: str = "online") -> View:
    return View(day, {year: {name: value} for year, value in values.items()})


def say(question: Question, *views: View) -> str:
    newest = views[-1] if views else View(SECOND, {})
    numbers = looked_up(question, newest)
    said = reason(question, judge(question, views), numbers, load_wording())
    return said.replace("\u00a0", " ")


# --- the verdicts


def test_what_lies_within_the_tolerance_holds() -> None:
    answer = judge(SHARE, [view({2024: 89.5})])

    assert (answer.verdict, answer.found) == ("holds", Found(2024, 89.5))
    assert answer.distance_pct == pytest.approx(100 * 1.5 / 88)


def test_an_older_figure_speaks_as_far_as_it_may_lag() -> None:
    assert judge(SHARE, [view({2022: 88.0})]).verdict == "holds"
    assert judge(SHARE, [view({2021: 88.0})]).verdict == "not_checkable"
    assert judge(SHARE, [view({2021: 88.0})]).unusable == Found(2021, 88.0)


def test_the_newest_figure_speaks_and_none_of_a_later_year() -> None:
    answer = judge(SHARE, [view({2023: 10.0, 2024: 88.0, 2025: 99.0})])

    assert answer.found == Found(2024, 88.0)


def test_a_claim_of_no_year_is_about_the_newest() -> None:
    answer = judge(replace(SHARE, year=None), [view({1999: 1.0, 2001: 88.0})])

    assert (answer.verdict, answer.found) == ("holds", Found(2001, 88.0))


@pytest.mark.parametrize("careful", [replace(SHARE, caveat="But."), replace(SHARE, read_as="So.")])
def test_what_must_be_said_makes_it_hold_with_a_caveat(careful: Question) -> None:
    assert judge(careful, [view({2024: 88.0})]).verdict == "holds_with_caveat"
    assert judge(careful, [view({2024: 10.0})]).verdict == "not_supported"


def test_a_level_met_in_an_earlier_year_is_outdated() -> None:
    answer = judge(BOUND, [view({2020: 20.0, 2022: 48.9, 2023: 54.4, 2024: 55.8})])

    assert answer.verdict == "outdated"
    assert answer.past == Past("year", Found(2022, 48.9))


def test_a_level_passed_between_two_years_is_outdated() -> None:
    answer = judge(SHARE, [view({2020: 85.9, 2021: 90.9, 2024: 93.4})])

    assert answer.verdict == "outdated"
    assert answer.past == Past("passed", Found(2021, 90.9), before=Found(2020, 85.9))


def test_a_claim_that_an_earlier_release_met_is_outdated() -> None:
    answer = judge(SHARE, [view({2024: 88.1}, FIRST), view({2024: 60.0})])

    assert answer.verdict == "outdated"
    assert answer.past == Past("release", Found(2024, 88.1), seen_from=FIRST)


def test_an_earlier_release_that_was_too_old_makes_nothing_outdated() -> None:
    assert judge(SHARE, [view({2021: 88.1}, FIRST), view({2024: 60.0})]).verdict == "not_supported"


def test_a_level_that_never_was_is_not_supported() -> None:
    answer = judge(SHARE, [view({2022: 40.0, 2023: 42.0, 2024: 45.0})])

    assert (answer.verdict, answer.past) == ("not_supported", None)


def test_a_direction_of_another_period_makes_nothing_outdated() -> None:
    falling = View(SECOND, {2023: {"now": 3.0, "then": 1.0}, 2024: {"now": 1.0, "then": 3.0}})

    assert judge(RISE, [falling]).verdict == "not_supported"


def test_what_contradicts_another_claim_is_inconsistent() -> None:
    share = replace(BOUND, kind="at_least", value=40.0, expression="C07 / gdp")
    share = replace(share, others={"C07": 690.0})
    figures = View(SECOND, {2023: {"gdp": 10.0}, 2024: {"gdp": 18.75}})

    answer = judge(share, [figures])

    # That it was 69 the year before makes it no more consistent.
    assert (answer.verdict, answer.found) == ("internally_inconsistent", Found(2024, 36.8))


def test_what_agrees_with_another_claim_holds() -> None:
    share = replace(SHARE, expression="C13 / people", others={"C13": 176.0})

    assert judge(share, [View(SECOND, {2024: {"people": 2.0}})]).verdict == "holds"


@pytest.mark.parametrize(("own", "rival"), [(88.0, 60.0), (60.0, 88.0)])
def test_a_rival_that_says_otherwise_is_a_conflict(own: float, rival: float) -> None:
    told = replace(SHARE, rivals={"survey": "other"})

    answer = judge(told, [View(SECOND, {2024: {"online": own, "other": rival}})])

    assert (answer.verdict, answer.rivals) == ("sources_conflict", {"survey": rival})


def test_a_rival_that_agrees_or_is_of_another_year_is_none() -> None:
    told = replace(SHARE, rivals={"survey": "other"})
    agreed = View(SECOND, {2024: {"online": 88.0, "other": 87.5}})
    elsewhere = View(SECOND, {2023: {"other": 1.0}, 2024: {"online": 88.0}})

    assert judge(told, [agreed]).verdict == "holds"
    assert judge(told, [elsewhere]).verdict == "holds"


def test_what_has_no_arithmetic_or_no_figures_cannot_be_checked() -> None:
    assert judge(replace(SHARE, expression=None), [view({2024: 88.0})]) == Answer("not_checkable")
    assert judge(SHARE, []) == Answer("not_checkable")
    assert judge(SHARE, [view({2024: 88.0}, name="other")]) == Answer("not_checkable")


def test_a_change_across_a_change_of_method_cannot_be_checked() -> None:
    figures = {2024: {"now": 3.0, "then": 1.0}}

    assert judge(RISE, [View(SECOND, figures)]).verdict == "holds"
    broken = judge(RISE, [View(SECOND, figures, frozenset({(2024, "then")}))])
    assert (broken.verdict, broken.broken, broken.found) == ("not_checkable", True, None)


# --- being met


@pytest.mark.parametrize(
    ("kind", "value", "found", "expected"),
    [
        ("equals", 100.0, 98.0, True),
        ("equals", 100.0, 102.0, True),
        ("equals", 100.0, 97.99, False),
        ("equals", -100.0, -101.0, True),
        ("at_least", 5.0, 5.0, True),
        ("at_least", 5.0, 4.999, False),
        ("at_most", 5.0, 5.0, True),
        ("at_most", 5.0, 5.001, False),
        ("rises", None, 0.1, True),
        ("rises", None, 0.0, False),
        ("falls", None, -0.1, True),
        ("falls", None, 0.0, False),
    ],
)
def test_a_claim_is_met_by_its_kind(
    kind: Kind, value: float | None, found: float, expected: bool
) -> None:
    question = replace(SHARE, kind=kind, value=value)

    assert met(question, found) is expected


def test_a_count_is_met_exactly() -> None:
    ten = replace(SHARE, value=10.0, tolerance_pct=0.0)

    assert met(ten, 10.0)
    assert not met(ten, 10.001)


def test_a_claim_without_a_kind_is_not_compared() -> None:
    with pytest.raises(ValueError, match="C01: has no kind"):
        met(replace(SHARE, kind=None), 1.0)


@given(st.floats(0.1, 1e6), st.floats(-50, 50), st.floats(0, 50))
def test_what_is_met_is_no_further_than_the_tolerance(
    value: float, distance: float, tolerance: float
) -> None:
    question = replace(SHARE, value=value, tolerance_pct=tolerance)
    answer = judge(question, [view({2024: value * (1 + distance / 100)})])

    assert answer.distance_pct == pytest.approx(distance, abs=1e-6)
    if abs(abs(distance) - tolerance) > 1e-6:
        assert (answer.verdict == "holds") == (abs(distance) < tolerance)


# --- numbers beside a claim


def test_numbers_beside_are_of_their_own_newest_year() -> None:
    told = replace(SHARE, beside={"half": "claimed / 2", "other": "other", "none": "nothing"})
    figures = View(SECOND, {2022: {"other": 7.0}, 2024: {"online": 88.0}, 2025: {"other": 9.0}})

    assert looked_up(told, figures) == {"half": Found(2024, 44.0), "other": Found(2022, 7.0)}
    assert used(told, figures, Found(2024, 88.0)) == (("online", 2024), ("other", 2022))


# --- reasons


@pytest.mark.parametrize(
    ("question", "values", "said"),
    [
        (SHARE, {2024: 89.5},
         "In 2024 it is 89.5 % of people, 1.7 % above the 88 claimed (tolerance 2 %)."),
        (SHARE, {2022: 88.0},
         "In 2022 it is 88.0 % of people, as claimed. There is no figure of 2024."),
        (SHARE, {2020: 85.9, 2021: 90.9, 2024: 93.4},
         "In 2024 it is 93.4 % of people, 6.1 % above the 88 claimed (tolerance 2 %). "
         "It passed 88 between 2020 and 2021."),
        (BOUND, {2022: 48.9, 2024: 55.8},
         "In 2024 it is 55.8 % of people, more than the 50 claimed. "
         "It was last so in 2022, with 48.9 % of people."),
        (BOUND, {2024: 48.9},
         "In 2024 it is 48.9 % of people, not more than the 50 claimed."),
        (SHARE, {2021: 88.0},
         "The newest open figure, 88.0 % of people, is of 2021: too old to speak of 2024."),
        (SHARE, {}, "There is no open figure as of this date."),
        (replace(SHARE, expression=None, needs="A survey."), {},
         "No open figure can say. Needed: A survey."),
        (replace(SHARE, tolerance_pct=0.0, unit="members", digits=0, value=10.0), {2024: 9.0},
         "In 2024 it is 9 members, not 10."),
        (replace(SHARE, tolerance_pct=0.0, unit="year of accession", digits=0, value=2024.0),
         {2024: 2024.0}, "It is 2024, as claimed."),
        (replace(SHARE, read_as="A reading.", caveat="A caveat.", remark="A remark."),
         {2024: 88.0},
         "Read as: A reading. In 2024 it is 88.0 % of people, as claimed. A caveat. A remark."),
        (replace(SHARE, beside={"half": "claimed / 2"}, caveat="Half is {half} ({half:0})."),
         {2024: 88.0}, "In 2024 it is 88.0 % of people, as claimed. Half is 44.0 (44)."),
        (replace(SHARE, beside={"x": "other"}, caveat="It is {x} in {x_year}."),
         {2024: 88.0}, "In 2024 it is 88.0 % of people, as claimed."),
        (replace(SHARE, value=7085.4, unit="billion US$", digits=0), {2024: 7000.0},
         "In 2024 it is 7,000 billion US$, 1.2 % below the 7,085.4 claimed (tolerance 2 %)."),
    ],
)  # fmt: skip
def test_a_reason_is_put_together(question: Question, values: dict[int, float], said: str) -> None:
    assert say(question, view(values)) == said


def test_the_reasons_of_other_verdicts() -> None:
    rivals = replace(SHARE, rivals={"a_survey": "other"})
    figures = View(SECOND, {2024: {"online": 88.0, "other": 60.0}})
    assert say(rivals, figures).endswith(
        "By another source (a survey) it is 60.0 % of people, which says otherwise."
    )

    rests = replace(BOUND, expression="C07 / gdp", others={"C07": 690.0})
    other = View(SECOND, {2024: {"gdp": 10.0}})
    assert "follows from C07 of the same article, which contradicts itself" in say(rests, other)

    before = [view({2024: 88.1}, FIRST), view({2024: 60.0})]
    assert say(SHARE, *before).endswith(
        "By the release of 2024-03-01 it was so, with 88.1 % of people for 2024."
    )

    change = View(SECOND, {2024: {"now": 1.0, "then": 3.5}})
    assert say(RISE, change) == "The change to 2024 is −2.5 points."
    broken = View(SECOND, change.figures, frozenset({(2024, "now")}))
    assert say(RISE, broken).startswith("The method of the series changed")


def test_numbers_read_as_in_the_report() -> None:
    assert amount(SHARE, 93.45) == "93.5\u00a0% of people"
    assert amount(replace(SHARE, unit="rank", digits=0), 3.0) == "rank\u00a03"
    assert amount(replace(SHARE, unit="index", digits=3), 0.7745) == "0.775"
    assert claimed(replace(SHARE, value=0.6)) == "0.6"
    assert claimed(replace(SHARE, value=880.0)) == "880"
    assert claimed(RISE) == ""


# --- history


def test_a_history_tells_changes_of_verdict_year_and_shown_value() -> None:
    days = [date(2022, 1, 1), date(2023, 1, 1), FIRST, SECOND, date(2026, 3, 1)]
    views = [
        view({2017: 21.96}, days[0]),
        view({2017: 22.00}, days[1]),
        view({2022: 36.09}, days[2]),
        view({2022: 36.08, 2023: 56.8}, days[3]),
        view({2022: 36.1, 2023: 56.8}, days[4]),
    ]

    assert history(BOUND, views) == (
        Told(days[0], True, 2024, None, "not_checkable"),
        Told(days[2], True, 2022, 36.09, "holds"),
        Told(days[3], True, 2023, 56.8, "outdated"),
    )


def test_a_history_tells_years_that_releases_revised() -> None:
    """Tajikistan's 2021 in three releases."""
    days = [date(2024, 11, 5), date(2025, 4, 15), date(2026, 4, 8)]
    views = [
        view({2021: 28.34, 2022: 36.09}, days[0]),
        view({2021: 49.8, 2022: 53.1, 2023: 56.8}, days[1]),
        view({2021: 36.71, 2022: 48.91, 2023: 54.42}, days[2]),
    ]

    told = [t for t in history(BOUND, views) if t.year == 2021]

    assert [(t.newest, t.value) for t in told] == [(False, 28.34), (False, 49.8), (False, 36.71)]
    assert [(t.seen_from, t.verdict) for t in history(BOUND, views) if t.newest] == [
        (days[0], "holds"), (days[1], "outdated"), (days[2], "outdated"),
    ]  # fmt: skip


def test_what_is_about_one_year_has_no_other_years_in_its_history() -> None:
    once = replace(SHARE, may_lag=0)
    views = [view({2023: 1.0, 2024: 88.0}, FIRST), view({2023: 9.0, 2024: 88.0})]

    assert [t.year for t in history(once, views)] == [2024]


def test_what_has_no_arithmetic_has_no_history() -> None:
    assert history(replace(SHARE, expression=None), [view({2024: 1.0})]) == ()
