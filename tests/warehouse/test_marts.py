"""Marts: ages, coverage and reasons by the rules of the method, on figures easy to check."""

import math
from typing import Any

import pytest

from tests.warehouse.conftest import TEN, Small, make_small

USERS, OFFLINE = "IT.NET.USER.ZS", "IT.NET.USER.ZS.OFFLINE"
PEOPLE, GDP = "SP.POP.TOTL", "NY.GDP.MKTP.CD"
ICT, ICT_SHARE, SERVICES = "BX.GSR.CCIS.CD", "BX.GSR.CCIS.ZS", "BX.GSR.NFSV.CD"

YEAR = 2024


def of_ten(
    value: float, year: int = YEAR, /, **other: float | None
) -> dict[tuple[str, int], float]:
    """The same value for each of the ten, but for those given otherwise; None: missing."""
    values = dict.fromkeys(TEN, value) | other
    return {(e, year): v for e, v in values.items() if v is not None}


class TestLatestValues:
    def test_a_row_stands_even_where_nothing_was_published(self, small: Small) -> None:
        small.add(USERS, "2025-01-01", {("TJK", 2024): 57})
        small.build("2025-06-01")
        assert small.row("SELECT count(*) FROM marts.latest_values") == (
            len(small.catalog.indicators) * 11,
        )
        assert small.row(
            "SELECT year, published_value, recent, reason FROM marts.latest_values"
            f" WHERE indicator = '{USERS}' AND economy = 'IRN'"
        ) == (None, None, False, "no value in the release")

    @pytest.mark.parametrize(("as_of", "published"), [("2027-12-31", 57), ("2028-01-01", None)])
    def test_a_value_older_than_the_maximum_age_is_not_published(
        self, small: Small, as_of: str, published: float | None
    ) -> None:
        small.add(USERS, "2025-01-01", {("TJK", 2023): 50, ("TJK", 2024): 57})
        small.build(as_of)
        value, shown, reason = small.row(
            "SELECT value, published_value, reason FROM marts.latest_values"
            f" WHERE indicator = '{USERS}' AND economy = 'TJK'"
        )
        assert (value, shown) == (57, published)
        assert (reason is None) == (published is not None)
        if reason:
            assert reason == "no recent value: the newest is for 2024, 4 years back; at most 3"

    def test_a_bilateral_series_is_read_towards_the_world(self, small: Small) -> None:
        from datetime import date

        from pipeline.ingest.sidecar import SidecarDraft

        body = b"economy,year,value,counterpart\nTJK,2024,7,CHN\nTJK,2024,90,WLD\n"
        small.filled.archive.add(
            SidecarDraft(
                publisher="imf_dots",
                indicators=("TRADE",),
                vintage=date(2025, 1, 1),
                vintage_basis="made up",
                licence="made up",
                attribution="made up",
                source="x",
                reader="tidy_csv",
                constants={"indicator": "TRADE"},
            ),
            [body],
        )
        small.build("2025-06-01")
        assert small.row(
            "SELECT value FROM marts.latest_values WHERE indicator = 'TRADE' AND economy = 'TJK'"
        ) == (90,)


class TestMemberAggregates:
    COLUMNS = "value, method, n, missing, coverage, published, reason"

    def aggregate(self, small: Small, indicator: str) -> tuple[Any, ...]:
        return small.row(
            f"SELECT {self.COLUMNS} FROM marts.member_aggregates"
            f" WHERE indicator = '{indicator}' AND member_set = 'sco_10'"
        )

    def test_a_sum_adds_up_the_states_and_is_covered_by_population(self, small: Small) -> None:
        small.add(PEOPLE, "2025-01-01", of_ten(10))
        small.add(GDP, "2025-01-01", of_ten(3, IRN=None))
        small.build("2025-06-01")
        assert self.aggregate(small, GDP) == (27, "sum", 9, "IRN", 0.9, True, None)

    def test_a_mean_is_weighted_by_its_declared_weight(self, small: Small) -> None:
        small.add(PEOPLE, "2025-01-01", of_ten(10, CHN=910))
        small.add(USERS, "2025-01-01", of_ten(50, CHN=100, IRN=None))
        small.build("2025-06-01")
        value, method, n, missing, coverage, published, reason = self.aggregate(small, USERS)
        assert value == pytest.approx((910 * 100 + 8 * 10 * 50) / 990)
        assert (method, n, missing) == ("mean weighted by SP.POP.TOTL", 9, "IRN")
        assert (coverage, published, reason) == (0.99, True, None)

    def test_fewer_than_seven_of_ten_are_not_published(self, small: Small) -> None:
        small.add(PEOPLE, "2025-01-01", of_ten(1, CHN=1000))
        small.add(GDP, "2025-01-01", of_ten(3, IRN=None, BLR=None, TJK=None, KGZ=None))
        small.build("2025-06-01")
        row = self.aggregate(small, GDP)
        assert row[2:4] == (6, "BLR IRN KGZ TJK")
        assert row[5:] == (False, "6 of 10 states have a value; at least 7 are needed")

    def test_less_than_eighty_percent_of_the_weight_is_not_published(self, small: Small) -> None:
        small.add(PEOPLE, "2025-01-01", of_ten(10, CHN=30))
        small.add(GDP, "2025-01-01", of_ten(3, CHN=None))
        small.build("2025-06-01")
        row = self.aggregate(small, GDP)
        assert row[4:] == (
            0.75, False, "the states with a value hold 75 % of the weight; at least 80 % is needed"
        )  # fmt: skip

    def test_exactly_seven_of_ten_and_eighty_percent_are_enough(self, small: Small) -> None:
        small.add(PEOPLE, "2025-01-01", of_ten(10, BLR=5, IRN=5, KGZ=10, CHN=20))
        small.add(GDP, "2025-01-01", of_ten(3, BLR=None, IRN=None, KGZ=None))
        small.build("2025-06-01")
        row = self.aggregate(small, GDP)
        assert row[2] == 7
        assert row[4:] == (0.8, True, None)

    def test_an_unknown_weight_makes_the_coverage_unknown(self, small: Small) -> None:
        small.add(PEOPLE, "2025-01-01", of_ten(10, IRN=None))
        small.add(GDP, "2025-01-01", of_ten(3, IRN=None))
        small.build("2025-06-01")
        row = self.aggregate(small, GDP)
        assert row[4:] == (None, False, "coverage is unknown: no SP.POP.TOTL for IRN")

    def test_nothing_is_filled_in_between_years(self, small: Small) -> None:
        small.add(PEOPLE, "2025-01-01", of_ten(1, 2021) | of_ten(1, 2022) | of_ten(1, 2023))
        small.add(GDP, "2025-01-01", of_ten(3, 2021) | of_ten(5, 2023))
        small.build("2025-06-01")
        assert small.rows(
            "SELECT year, value FROM marts.member_aggregates"
            f" WHERE indicator = '{GDP}' AND member_set = 'sco_10'"
        ) == [(2021, 30), (2023, 50)]


class TestWorldShares:
    def test_a_share_is_the_members_sum_over_the_published_world_total(self, small: Small) -> None:
        small.add(
            PEOPLE, "2025-01-01", of_ten(4, 2023) | {("WLD", 2023): 100.0, ("WLD", 2024): 101.0}
        )
        small.build("2025-06-01")
        assert small.row(
            "SELECT member_total, world_total, share_pct, n, published, provisional, reason"
            " FROM marts.world_shares WHERE member_set = 'sco_10'"
        ) == (40, 100, 40, 10, True, False, None)

    def test_the_newest_world_year_is_provisional(self, small: Small) -> None:
        world = {("WLD", 2023): 100.0, ("WLD", 2024): 100.0}
        small.add(PEOPLE, "2025-01-01", of_ten(4, 2023) | of_ten(4, 2024) | world)
        small.build("2025-06-01")
        assert small.rows(
            "SELECT year, provisional FROM marts.world_shares WHERE member_set = 'sco_10'"
        ) == [(2023, False), (2024, True)]

    def test_without_a_world_total_there_is_no_share(self, small: Small) -> None:
        small.add(PEOPLE, "2025-01-01", of_ten(4))
        small.build("2025-06-01")
        assert small.row(
            "SELECT share_pct, published, reason FROM marts.world_shares"
            " WHERE member_set = 'sco_10'"
        ) == (None, False, "no value for the world")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Small:
    small = make_small(tmp_path_factory.mktemp("full"))
    small.add(PEOPLE, "2025-01-01", of_ten(100, TJK=50))
    small.add(GDP, "2025-01-01", of_ten(1000, TJK=200))
    small.add(USERS, "2025-01-01", of_ten(80, TJK=30))
    small.add(ICT, "2025-01-01", of_ten(40, TJK=4))
    small.add(ICT_SHARE, "2025-01-01", of_ten(10, TJK=8))
    small.build("2025-06-01")
    return small


class TestOutcomes:
    def outcome(self, small: Small, indicator: str, weighting: str) -> tuple[Any, ...]:
        return small.row(
            "SELECT outcome, reference FROM marts.distributions"
            f" WHERE indicator = '{indicator}' AND weighting = '{weighting}'"
            " AND member_set = 'sco_10' AND economy = 'TJK'"
        )

    @pytest.mark.parametrize(
        ("indicator", "weighting", "expected"),
        [
            (ICT, "totals", (4, 1)),
            (ICT, "per_capita_unweighted", (4 / 50, 1)),
            (ICT, "per_capita_population", (4, 50)),
            (ICT, "per_gdp_unweighted", (4 / 200, 1)),
            (ICT, "per_gdp_gdp", (4, 200)),
            (ICT, "per_services_services", (4, 50)),
            (ICT_SHARE, "share_unweighted", (8, 1)),
            (USERS, "totals", (15, 1)),
            (USERS, "per_capita_population", (15, 50)),
            (USERS, "share_unweighted", (30, 1)),
            (OFFLINE, "totals", (35, 1)),
            (OFFLINE, "per_capita_population", (35, 50)),
            (OFFLINE, "share_unweighted", (70, 1)),
        ],
    )
    def test_each_weighting_sets_an_outcome_against_a_reference(
        self, full: Small, indicator: str, weighting: str, expected: tuple[float, float]
    ) -> None:
        assert self.outcome(full, indicator, weighting) == pytest.approx(expected, rel=1e-15)

    def test_a_denominator_of_another_year_is_not_taken(self, small: Small) -> None:
        small.add(GDP, "2025-01-01", of_ten(1000, 2023))
        small.add(ICT, "2025-01-01", of_ten(40, 2024))
        small.build("2025-06-01")
        assert small.rows(
            "SELECT * FROM marts.distributions WHERE weighting = 'per_gdp_gdp'"
        ) == []  # fmt: skip

    def test_service_exports_are_the_published_ones_where_their_release_is_recent(
        self, small: Small
    ) -> None:
        small.add(ICT, "2025-01-01", of_ten(40))
        small.add(ICT_SHARE, "2025-01-01", of_ten(10))
        small.add(SERVICES, "2025-01-01", of_ten(333, TJK=None))
        small.build("2025-06-01")
        assert self.outcome_of(small, "BLR") == (333, "published")
        assert self.outcome_of(small, "TJK") == (None, None)

    def test_service_exports_are_derived_from_the_share_where_the_release_is_old(
        self, small: Small
    ) -> None:
        small.add(ICT, "2025-01-01", of_ten(40, TJK=0, KAZ=0))
        small.add(ICT_SHARE, "2025-01-01", of_ten(10, TJK=0, KAZ=2))
        small.add(SERVICES, "2013-12-21", of_ten(333))
        small.build("2025-06-01")
        assert self.outcome_of(small, "BLR") == (400, "derived")
        assert self.outcome_of(small, "KAZ") == (0, "derived")
        assert self.outcome_of(small, "TJK") == (None, None)

    def outcome_of(self, small: Small, economy: str) -> tuple[Any, ...]:
        return small.row(
            "SELECT service_exports_usd, service_exports_basis FROM marts.denominators"
            f" WHERE economy = '{economy}' AND year = {YEAR}"
        )


class TestInequality:
    CELL = "n, missing, theil_t, coverage, published, reason"

    def totals(
        self, small: Small, columns: str = CELL, member_set: str = "sco_10"
    ) -> tuple[Any, ...]:
        return small.cell(columns, ICT, weighting="totals", member_set=member_set)

    def test_equals_have_no_inequality(self, small: Small) -> None:
        small.add(ICT, "2025-01-01", of_ten(40))
        small.build("2025-06-01")
        n, missing, theil, coverage, published, reason = small.cell(
            self.CELL, ICT, weighting="totals", member_set="sco_10"
        )
        assert theil == pytest.approx(0, abs=1e-15)
        assert (n, missing, coverage, published, reason) == (10, "", 1, True, None)

    def test_one_who_has_all_reaches_the_ceiling(self, small: Small) -> None:
        small.add(ICT, "2025-01-01", of_ten(0, IND=7))
        small.build("2025-06-01")
        row = small.cell(
            "theil_t, ceiling, gini, theil_l", ICT, weighting="totals", member_set="sco_10"
        )
        assert row == pytest.approx((math.log(10), math.log(10), 0.9, math.inf))

    @pytest.mark.parametrize(
        ("changed", "reason"),
        [
            ({"KAZ": -1}, "negative outcome of KAZ"),
            (dict.fromkeys(TEN, 0), "the outcomes add up to zero"),
        ],
    )
    def test_what_no_measure_is_defined_for_is_a_row_with_a_reason(
        self, small: Small, changed: dict[str, float], reason: str
    ) -> None:
        small.add(ICT, "2025-01-01", of_ten(40, **changed))
        small.build("2025-06-01")
        assert self.totals(small, "theil_t, gini, ceiling, published, reason") == (
            None, None, None, False, reason
        )  # fmt: skip
        assert small.row("SELECT count(*) FROM marts.inequality_contributions") == (0,)

    def test_one_state_alone_is_a_row_with_a_reason(self, small: Small) -> None:
        small.add(ICT, "2025-01-01", {("TJK", YEAR): 4})
        small.build("2025-06-01")
        assert self.totals(small, "n, published, reason") == (
            1, False, "1 of 10 states have a value; at least 7 are needed"
        )  # fmt: skip

    def test_of_an_unweighted_index_coverage_is_the_part_of_the_states(self, small: Small) -> None:
        small.add(ICT, "2025-01-01", of_ten(40, IRN=None, BLR=None, KGZ=None))
        small.build("2025-06-01")
        assert self.totals(small, "n, missing, coverage, published, reason") == (
            7, "BLR IRN KGZ", 0.7, False,
            "the states with a value hold 70 % of the weight; at least 80 % is needed",
        )  # fmt: skip

    def test_of_a_weighted_index_coverage_is_the_part_of_the_whole_sets_weight(
        self, small: Small
    ) -> None:
        small.add(GDP, "2025-01-01", of_ten(10, CHN=880, IRN=40))
        small.add(ICT, "2025-01-01", of_ten(40, IRN=None, BLR=None, KGZ=None))
        small.build("2025-06-01")
        assert small.cell(
            "n, coverage, published", ICT, weighting="per_gdp_gdp", member_set="sco_10"
        ) == (7, 0.94, True)

    def test_a_missing_states_unknown_weight_makes_the_coverage_unknown(self, small: Small) -> None:
        small.add(GDP, "2025-01-01", of_ten(10, IRN=None))
        small.add(ICT, "2025-01-01", of_ten(40, IRN=None))
        small.build("2025-06-01")
        assert small.cell(
            "coverage, published, reason", ICT, weighting="per_gdp_gdp", member_set="sco_10"
        ) == (None, False, "coverage is unknown: no reference weight for IRN")

    @pytest.mark.parametrize(
        ("year", "states"), [(2002, 6), (2016, 6), (2018, 8), (2023, 9), (2024, 10)]
    )
    def test_the_dated_set_is_the_members_of_that_year(
        self, small: Small, year: int, states: int
    ) -> None:
        small.add(ICT, "2025-01-01", of_ten(40, year))
        small.build("2025-06-01")
        assert self.totals(small, "n, coverage", "sco_dated") == (states, 1)

    def test_parts_of_states_and_of_groups_add_up_to_the_whole(self, small: Small) -> None:
        small.add(ICT, "2025-01-01", {(e, YEAR): 3.7**i for i, e in enumerate(TEN)})
        small.add(GDP, "2025-01-01", {(e, YEAR): 11 + i * i for i, e in enumerate(TEN)})
        small.build("2025-06-01")
        for whole, states, groups in small.rows(
            """
            SELECT i.theil_t,
                (SELECT sum(contribution) FROM marts.inequality_contributions AS c
                 WHERE c.weighting = i.weighting AND c.member_set = i.member_set),
                (SELECT sum("between" + "within") FROM marts.inequality_groups AS g
                 WHERE g.weighting = i.weighting AND g.member_set = i.member_set)
            FROM marts.inequality AS i
            WHERE i.indicator = 'BX.GSR.CCIS.CD'
            """
        ):
            assert states == pytest.approx(whole, abs=1e-12)
            assert groups == pytest.approx(whole, abs=1e-12)

    def test_leaving_one_out_is_the_index_of_the_others(self, small: Small) -> None:
        values: dict[tuple[str, int], float] = {(e, YEAR): i + 1 for i, e in enumerate(TEN)}
        small.add(ICT, "2025-01-01", values)
        small.build("2025-06-01")
        whole = small.cell("theil_t", ICT, weighting="totals", member_set="sco_10")[0]
        assert whole == pytest.approx(0.15130337234220975, abs=1e-14)
        n, rest, change, ceiling = small.row(
            "SELECT n, theil_t, change, ceiling FROM marts.inequality_leave_one_out"
            " WHERE weighting = 'totals' AND member_set = 'sco_10' AND left_out = 'UZB'"
        )
        shares = [x / 45 for x in range(1, 10)]
        assert rest == pytest.approx(sum(s * math.log(9 * s) for s in shares), abs=1e-14)
        assert isinstance(rest, float)
        assert isinstance(whole, float)
        assert (n, change, ceiling) == (9, rest - whole, pytest.approx(math.log(9)))

    def test_with_two_states_of_which_one_has_nothing_the_rest_has_no_index(
        self, small: Small
    ) -> None:
        small.add(ICT, "2025-01-01", {("CHN", YEAR): 5, ("TJK", YEAR): 0})
        small.build("2025-06-01")
        assert small.rows(
            "SELECT left_out, theil_t, change FROM marts.inequality_leave_one_out"
            " WHERE weighting = 'totals' AND member_set = 'sco_10'"
        ) == [("CHN", None, None), ("TJK", 0, pytest.approx(-math.log(2)))]


def test_a_state_in_no_group_is_a_group_of_its_own(small: Small) -> None:
    groups = {"big": small.catalog.groups["big"]}
    catalog = small.catalog.model_copy(update={"groups": groups})
    lonely = Small(small.path, catalog, small.filled)
    lonely.add(ICT, "2025-01-01", of_ten(40))
    lonely.build("2025-06-01")
    assert lonely.rows(
        "SELECT group_id, n FROM marts.inequality_groups"
        " WHERE weighting = 'totals' AND member_set = 'sco_8'"
    ) == [("KAZ", 1), ("KGZ", 1), ("PAK", 1), ("TJK", 1), ("UZB", 1), ("big", 3)]


def test_the_grid_holds_eight_members_to_2022_and_nine_with_belarus_to_2021(small: Small) -> None:
    years = range(2016, 2025)
    small.add(ICT, "2025-01-01", {(e, y): 1.7**i for i, e in enumerate(TEN) for y in years})
    small.build("2025-06-01")
    assert small.rows(
        "SELECT member_set, min(year), max(year), min(n), max(n) FROM marts.theil_claim_grid"
        " WHERE measure = 'theil_t' GROUP BY 1 ORDER BY 1"
    ) == [("sco_8", 2018, 2022, 8, 8), ("sco_9_belarus", 2018, 2021, 9, 9)]
