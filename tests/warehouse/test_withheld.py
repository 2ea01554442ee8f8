"""What is withheld of convergence, targets, the index and trade, and why.

A small archive has what a test lets it have; the bundled figures are in ``test_further_marts``.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from pipeline.catalog.models import GoodsTrade
from pipeline.catalog.plans import IndexIndicator, IndexPlan, Target, Threshold
from tests.warehouse.conftest import TEN, Small

USERS, PEOPLE = "IT.NET.USER.ZS", "SP.POP.TOTL"


def with_plans(small: Small) -> Small:
    """The small world with a target, an index of two pillars, and trade."""
    own = small.catalog.indicators
    score = own[USERS].model_copy(update={"direction": "higher_is_better", "pillar": "access_use"})
    share = own["BX.GSR.CCIS.ZS"].model_copy(
        update={"direction": "higher_is_better", "pillar": "digital_trade"}
    )
    flows: Sequence[tuple[str, Literal["exports", "imports"]]] = (
        ("DOTS.EXPORTS", "exports"), ("DOTS.IMPORTS", "imports"),
    )  # fmt: skip
    trade = {
        code: own["TRADE"].model_copy(
            update={"id": code, "goods": GoodsTrade(flow=flow, per_million=1, preference=1)}
        )
        for code, flow in flows
    }
    target = Target(
        id="online",
        name="online",
        wording="online",
        issuer="x",
        published=date(2022, 4, 19),
        citation="x",
        url="https://example.org",
        deadline=2030,
        level=100,
        unit="%",
        indicator=USERS,
        nearest="x",
        counts=Threshold(level=90, basis="ours", why="x"),
    )
    plan = IndexPlan(
        id="small",
        name="small",
        note="x",
        member_set="sco_10",
        first_year=2020,
        pillars={"access_use": 1, "digital_trade": 1},
        indicators=(
            IndexIndicator(indicator=USERS, worst=0, best=100, why="x"),
            IndexIndicator(indicator=share.id, worst=0, best=50, why="x"),
        ),
        draws=200,
        sobol_base=64,
        seed=1,
    )
    catalog = small.catalog.model_copy(
        update={
            "indicators": {**own, USERS: score, share.id: share, **trade},
            "targets": {"online": target},
            "index": {"small": plan},
        }
    )
    return Small(small.path, catalog, small.filled)


def test_a_stale_value_has_no_verdict_and_no_place_among_those_offline(small: Small) -> None:
    world = with_plans(small)
    world.add(USERS, "2025-01-01", {("KAZ", y): 50 + y - 2010 for y in range(2010, 2017)})
    world.add(PEOPLE, "2025-01-01", {("KAZ", y): 1e7 for y in range(2010, 2025)})
    world.build("2025-06-01")

    verdict = "verdict, published, reason FROM marts.targets WHERE economy = "
    assert world.row(f"SELECT {verdict} 'KAZ'") == (
        "cannot_say", False, "no recent value: the last is of 2016, 9 years old",
    )  # fmt: skip
    assert world.row(f"SELECT {verdict} 'UZB'") == (
        "cannot_say", False, "no value in the release",
    )  # fmt: skip
    assert world.row(
        "SELECT persons, published, reason FROM marts.still_offline WHERE economy = 'KAZ'"
    ) == (None, False, "no recent year has both a share and a population")


def test_of_fewer_than_seven_nobody_leads_and_nothing_converges(small: Small) -> None:
    world = with_plans(small)
    six = {(e, y): 40 + y - 2010 for e in TEN[:6] for y in range(2010, 2025)}
    world.add(USERS, "2025-02-01", six)
    world.build("2025-06-01")

    ((reasons,),) = world.rows(
        "SELECT string_agg(DISTINCT reason) FROM marts.time_distance WHERE reference = 'leader'"
    )
    assert reasons == "fewer than 7 of the ten have a value of 2024"
    assert world.row("SELECT measure, published, reason FROM marts.convergence") == (
        "sigma_change", False, "no year has a value of 7 of the ten",
    )  # fmt: skip


def test_six_scores_are_shown_but_not_ranked(small: Small) -> None:
    world = with_plans(small)
    world.add(USERS, "2025-01-01", {(e, 2023): 50 + n for n, e in enumerate(TEN)})
    world.add("BX.GSR.CCIS.ZS", "2025-01-01", {(e, 2023): 20 for e in TEN[:6]})
    world.build("2025-06-01")

    rows = world.rows(
        "SELECT score, rank, published, reason FROM marts.index_scores"
        " WHERE year = 2023 AND aggregation = 'arithmetic' ORDER BY economy"
    )
    why = "6 of 10 states have a score; seven of ten are needed"
    assert rows[0] == (45.0, None, False, why)
    assert rows[9] == (None, None, False, why)
    assert world.rows("FROM marts.index_sensitivity") == []
    assert world.row(
        "SELECT score, reason FROM marts.index_pillars"
        " WHERE year = 2023 AND economy = 'UZB' AND pillar = 'digital_trade'"
    ) == (None, "0 of 1 indicators have a value, 60% are needed")


def test_a_state_without_a_pillar_has_no_rank_while_the_others_do(small: Small) -> None:
    world = with_plans(small)
    world.add(USERS, "2025-01-01", {(e, 2023): 50 + n for n, e in enumerate(TEN)})
    world.add(
        "BX.GSR.CCIS.ZS", "2025-01-01", {(e, 2023): 20 + 3 * n for n, e in enumerate(TEN[:9])}
    )
    world.build("2025-06-01")

    cells = "rank, rank_low, rank_high, published, reason FROM marts.index_scores"
    where = "WHERE year = 2023 AND aggregation = 'arithmetic' AND economy ="
    assert world.row(f"SELECT {cells} {where} 'TJK'") == (1.0, 1.0, 1.0, True, None)
    assert world.row(f"SELECT {cells} {where} 'UZB'") == (
        None, None, None, False, "digital_trade: 0 of 1 indicators have a value, 60% are needed",
    )  # fmt: skip


def test_a_flow_that_nobody_reported_is_missing_and_not_zero(small: Small) -> None:
    world = with_plans(small)
    vintage = date(2025, 1, 1)
    sold = {(a, b, 2020): 10.0 for a in TEN for b in TEN if a != b and (a, b) != ("PAK", "KGZ")}
    totals = {(a, "WLD", 2020): 1000.0 for a in TEN}
    world.filled.add_flows("DOTS.EXPORTS", vintage, sold | totals)
    world.filled.add_flows(
        "DOTS.IMPORTS",
        vintage,
        {(b, a, 2020): 10.6 for a in TEN for b in TEN if a != b} | totals,
        estimated={("UZB", "CHN", 2020)},
    )
    world.build("2025-06-01")

    assert world.row(
        "SELECT round(value, 9), n, missing FROM marts.trade_shares"
        " WHERE measure = 'intra_share' AND flow = 'exports'"
    ) == (0.09, 9, "PAK")
    balance = "SELECT balance, published, reason FROM marts.trade_balances WHERE reporter = 'PAK'"
    assert world.row(f"{balance} AND partner = 'KGZ'") == (None, False, "no figure for exports")
    assert world.row(f"{balance} AND partner = 'sco_10'") == (None, False, "no figures for KGZ")
    mirror = "SELECT round(difference, 9), reason FROM marts.trade_mirror WHERE"
    assert world.row(f"{mirror} seller = 'IND' AND buyer = 'CHN'") == (0.0, None)
    assert world.row(f"{mirror} seller = 'PAK' AND buyer = 'KGZ'") == (None, "no figure from PAK")
    assert world.row(f"{mirror} seller = 'CHN' AND buyer = 'UZB'") == (
        None, "one end is an estimate of the publisher, made from the other",
    )  # fmt: skip


def test_the_same_archive_gives_the_same_ranges_twice(small: Small, tmp_path: Path) -> None:
    world = with_plans(small)
    world.add(USERS, "2025-01-01", {(e, 2023): 50 + n for n, e in enumerate(TEN)})
    world.add("BX.GSR.CCIS.ZS", "2025-01-01", {(e, 2023): 40 - 3 * n for n, e in enumerate(TEN)})
    world.build("2025-06-01")
    first = world.rows("FROM marts.index_scores"), world.rows("FROM marts.index_sensitivity")
    world.build("2025-06-01")

    assert (world.rows("FROM marts.index_scores"), world.rows("FROM marts.index_sensitivity")) == (
        first
    )
