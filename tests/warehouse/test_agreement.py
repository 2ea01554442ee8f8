"""How far publishers agree: real totals of trade a second way, and what is withheld and why."""

from datetime import date

import pandas as pd
import pytest

from pipeline.catalog import Catalog
from pipeline.catalog.concepts import Concept, ConceptSeries, DeclaredFigure, Tolerance
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from tests.warehouse.conftest import TEN, Ask, Small

USERS, PEOPLE, GDP = "IT.NET.USER.ZS", "SP.POP.TOTL", "NY.GDP.MKTP.CD"
OTHER, TRADE = "OTHER.USERS", "TRADE"
TOTALS = {
    "goods_exports": ("TX.VAL.MRCH.CD.WT", "DOTS.EXPORTS"),
    "goods_imports": ("TM.VAL.MRCH.CD.WT", "DOTS.IMPORTS"),
}


# --- the bundled figures, a second way


@pytest.fixture(scope="module")
def totals(bundled_archive: Archive) -> dict[str, pd.DataFrame]:
    """Both totals of trade by state and year since 2000, in dollars, from the archive itself."""
    found = {}
    for concept, (own, other) in TOTALS.items():
        first, second = newest(bundled_archive, own), newest(bundled_archive, other)
        second = second[second["counterpart"] == "WLD"].assign(value=lambda f: f["value"] * 1e6)
        both = first.merge(second, on=["economy", "year"], suffixes=("_own", "_other"))
        found[concept] = both[both["economy"].isin(TEN) & (both["year"].astype(int) >= 2000)]
    return found


def newest(archive: Archive, indicator: str) -> pd.DataFrame:
    own = [s for s in archive.snapshots() if s.indicators == (indicator,)]
    chosen = max(own, key=lambda s: s.vintage)
    frame = read_observations(chosen, archive.read(chosen))
    return frame.assign(value=frame["value"].astype(float), year=frame["year"].astype(int))


@pytest.mark.parametrize("concept", TOTALS)
def test_totals_of_trade_differ_as_pandas_says(
    ask: Ask, totals: dict[str, pd.DataFrame], concept: str
) -> None:
    both = totals[concept]
    relative = 100 * (both["value_other"] / both["value_own"] - 1)
    expected = dict(zip(zip(both["economy"], both["year"], strict=True), relative, strict=True))
    found = ask(
        "SELECT economy, year, relative_pct, within_tolerance FROM marts.publisher_agreement"
        f" WHERE concept = '{concept}' AND published"
    )

    assert len(found) == len(expected) == 210
    for economy, year, pct, within in found:
        assert pct == pytest.approx(expected[economy, year], rel=1e-9, abs=1e-9), (economy, year)
        assert within == (abs(expected[economy, year]) <= 5)


@pytest.mark.parametrize("concept", TOTALS)
def test_the_summary_is_that_of_pandas(
    ask: Ask, totals: dict[str, pd.DataFrame], concept: str
) -> None:
    both = totals[concept]
    apart = (100 * (both["value_other"] / both["value_own"] - 1)).abs()
    worst = both[apart == apart.max()].iloc[0]
    last = both["year"] == both["year"].max()
    ((n, n_within, share, median, largest, economy, year, n_last, n_within_last),) = ask(
        "SELECT n, n_within, within_pct, median_distance, largest_distance, largest_economy,"
        " largest_year, n_last, n_within_last FROM marts.publisher_agreement_summary"
        f" WHERE concept = '{concept}'"
    )

    assert (n, n_within) == (len(both), int((apart <= 5).sum()))
    assert share == pytest.approx(100 * (apart <= 5).mean())
    assert median == pytest.approx(apart.median())
    assert largest == pytest.approx(apart.max())
    assert (economy, year) == (worst["economy"], worst["year"])
    assert (n_last, n_within_last) == (int(last.sum()), int((apart[last] <= 5).sum()))


def test_irans_exports_by_the_imf_are_less_than_a_third_of_the_world_banks(ask: Ask) -> None:
    ((own, other, within),) = ask(
        "SELECT value_preferred, value_other, within_tolerance FROM marts.publisher_agreement"
        " WHERE concept = 'goods_exports' AND economy = 'IRN' AND year = 2020"
    )

    assert (own, other) == (pytest.approx(46.916), pytest.approx(14.209, abs=1e-3))
    assert not within


def test_a_survey_of_india_is_set_against_the_share_times_the_people(
    ask: Ask, bundled_archive: Archive
) -> None:
    share, people = newest(bundled_archive, USERS), newest(bundled_archive, PEOPLE)
    at = [f[(f["economy"] == "IND") & (f["year"] == 2024)]["value"].item() for f in (share, people)]
    ((publisher, indicator, own, other, vintage, within),) = ask(
        "SELECT publisher, indicator, value_preferred, value_other, vintage_other,"
        " within_tolerance FROM marts.publisher_agreement WHERE concept = 'internet_users_number'"
    )

    assert own == pytest.approx(at[0] / 100 * at[1] / 1e6)
    assert (publisher, indicator, other, vintage) == (None, "iamai_kantar_2024", 886, None)
    assert not within


def test_keys_are_unique(ask: Ask) -> None:
    keys = {
        "publisher_agreement": "concept, indicator, economy, counterpart, year",
        "publisher_agreement_summary": "concept, indicator",
    }
    for table, key in keys.items():
        assert ask(f"FROM marts.{table} SELECT {key} GROUP BY ALL HAVING count(*) > 1") == []


# --- a small world


def concept(name: str, *series: ConceptSeries, measure: str = "units", **more: object) -> Concept:
    return Concept.model_validate({
        "id": name, "name": name, "short_name": name, "unit": "units",
        "series": series, "preferred": series[0].indicator, "preferred_why": "it is first",
        "tolerance": Tolerance.model_validate({"measure": measure, "value": 5, "why": "so far"}),
        "differ": "they count apart", **more,
    })  # fmt: skip


def with_concepts(small: Small, *concepts: Concept) -> Small:
    """The small world with concepts, and a bureau that counts users and trade, too."""
    base = small.catalog
    bureau = base.publishers["imf_dots"].model_copy(update={"id": "bureau"})
    users = base.indicators[USERS].model_copy(
        update={"id": OTHER, "publisher": "bureau", "weightings": (), "complement": None}
    )
    more: Catalog = base.model_copy(update={
        "publishers": {**base.publishers, "bureau": bureau},
        "indicators": {**base.indicators, OTHER: users},
        "concepts": {c.id: c for c in concepts},
    })  # fmt: skip
    return Small(small.path, more, small.filled)


ALIKE = concept("users", ConceptSeries(indicator=USERS), ConceptSeries(indicator=OTHER))


def test_only_years_that_both_have_and_states_that_are_reported_on_are_compared(
    small: Small,
) -> None:
    world = with_concepts(small, ALIKE)
    world.add(USERS, "2024-01-01", {("KAZ", 2020): 80, ("KAZ", 2021): 85, ("WLD", 2021): 60})
    world.add(OTHER, "2024-02-01", {("KAZ", 2021): 91, ("WLD", 2021): 61}, publisher="bureau")
    world.build("2024-06-01")

    assert world.rows(
        "SELECT economy, year, value_preferred, value_other, difference, distance,"
        " within_tolerance, vintage_preferred, vintage_other FROM marts.publisher_agreement"
    ) == [("KAZ", 2021, 85, 91, 6, 6, False, date(2024, 1, 1), date(2024, 2, 1))]


@pytest.mark.parametrize(
    ("measure", "own", "other", "within"),
    [
        ("units", 50.0, 55.0, True),
        ("units", 0.3, 5.3, True),
        ("units", 50.0, 55.1, False),
        ("percent", 50.0, 52.5, True),
        ("percent", 50.0, 47.5, True),
        ("percent", 50.0, 47.4, False),
        ("units", 0.0, 5.0, True),
    ],
)
def test_a_distance_as_large_as_the_tolerance_still_agrees(
    small: Small, measure: str, own: float, other: float, within: bool
) -> None:
    alike = concept(
        "users", ConceptSeries(indicator=USERS), ConceptSeries(indicator=OTHER), measure=measure
    )
    world = with_concepts(small, alike)
    world.add(USERS, "2024-01-01", {("KAZ", 2021): own})
    world.add(OTHER, "2024-02-01", {("KAZ", 2021): other}, publisher="bureau")
    world.build("2024-06-01")

    assert world.row("SELECT within_tolerance, published FROM marts.publisher_agreement") == (
        within, True,
    )  # fmt: skip


def test_in_percent_of_nothing_nothing_is_compared(small: Small) -> None:
    alike = concept(
        "users", ConceptSeries(indicator=USERS), ConceptSeries(indicator=OTHER), measure="percent"
    )
    world = with_concepts(small, alike)
    world.add(USERS, "2024-01-01", {("KAZ", 2021): 0})
    world.add(OTHER, "2024-02-01", {("KAZ", 2021): 1}, publisher="bureau")
    world.build("2024-06-01")

    assert world.row(
        "SELECT relative_pct, within_tolerance, published, reason FROM marts.publisher_agreement"
    ) == (None, None, False, "the preferred figure is 0")
    assert world.rows("FROM marts.publisher_agreement_summary") == []


def test_earlier_years_than_the_first_are_not_compared(small: Small) -> None:
    late = ALIKE.model_copy(update={"first_year": 2021})
    world = with_concepts(small, late)
    both = {("KAZ", 2020): 80, ("KAZ", 2021): 85}
    world.add(USERS, "2024-01-01", both)
    world.add(OTHER, "2024-02-01", both, publisher="bureau")
    world.build("2024-06-01")

    assert world.rows("SELECT year FROM marts.publisher_agreement") == [(2021,)]


def test_a_release_of_later_days_does_not_speak(small: Small) -> None:
    world = with_concepts(small, ALIKE)
    world.add(USERS, "2024-01-01", {("KAZ", 2021): 85})
    world.add(OTHER, "2024-02-01", {("KAZ", 2021): 85}, publisher="bureau")
    world.add(OTHER, "2024-09-01", {("KAZ", 2021): 20}, publisher="bureau")
    world.build("2024-06-01")

    assert world.row("SELECT value_other FROM marts.publisher_agreement") == (85,)


def test_a_share_is_multiplied_by_the_people_of_its_year(small: Small) -> None:
    survey = DeclaredFigure.model_validate({
        "id": "survey", "economy": "KAZ", "year": 2021, "value": 15, "by": "A survey",
        "source": "a newspaper", "url": "https://example.org", "note": "of a sample",
    })  # fmt: skip
    people = ConceptSeries(indicator=USERS, times=PEOPLE, factor=1e-8)
    world = with_concepts(small, concept("people", people, measure="percent", declared=(survey,)))
    world.add(USERS, "2024-01-01", {("KAZ", 2021): 80, ("UZB", 2021): 70})
    world.add(PEOPLE, "2024-01-01", {("KAZ", 2021): 20e6, ("KAZ", 2020): 1})
    world.build("2024-06-01")

    ((own, other, relative),) = world.rows(
        "SELECT value_preferred, value_other, relative_pct FROM marts.publisher_agreement"
    )
    assert (own, other, relative) == (pytest.approx(16), 15, pytest.approx(-6.25))


def test_flows_are_compared_partner_by_partner_and_estimates_are_not(small: Small) -> None:
    each = concept(
        "flows", ConceptSeries(indicator=OTHER, partner="each", factor=1e-6),
        ConceptSeries(indicator=TRADE, partner="each"), measure="percent",
    )  # fmt: skip
    world = with_concepts(small, each)
    to_china, to_russia = ("KAZ", "CHN", 2020), ("KAZ", "RUS", 2020)
    to_all, to_strangers = ("KAZ", "WLD", 2020), ("KAZ", "USA", 2020)
    dollars = {to_china: 10e6, to_russia: 20e6, to_strangers: 5e6, to_all: 90e6}
    world.filled.add_flows(
        OTHER, date(2024, 1, 1), dollars, estimated={to_russia}, publisher="bureau"
    )
    millions = {to_china: 10.4, to_russia: 21, to_strangers: 5, to_all: 91}
    world.filled.add_flows(TRADE, date(2021, 12, 31), millions)
    world.build("2024-06-01")

    assert world.rows(
        "SELECT counterpart, published, within_tolerance, reason FROM marts.publisher_agreement"
        " ORDER BY counterpart"
    ) == [
        ("CHN", True, True, None),
        ("RUS", False, None, "a figure is estimated by the publisher"),
    ]


def test_a_total_of_the_world_is_taken_from_the_flows(small: Small) -> None:
    totals = concept(
        "totals", ConceptSeries(indicator=GDP), ConceptSeries(indicator=TRADE, partner="world"),
        measure="percent",
    )  # fmt: skip
    world = with_concepts(small, totals)
    world.add(GDP, "2024-01-01", {("KAZ", 2020): 100})
    world.filled.add_flows(
        TRADE, date(2021, 12, 31), {("KAZ", "CHN", 2020): 40, ("KAZ", "WLD", 2020): 104}
    )
    world.build("2024-06-01")

    assert world.rows(
        "SELECT counterpart, value_preferred, value_other, within_tolerance"
        " FROM marts.publisher_agreement"
    ) == [("_Z", 100, 104, True)]
