"""Convergence, time distance, targets, the index and trade in the warehouse.

Real figures of the bundled archive are computed a second way, with pandas and numpy from the
archive itself; what is withheld, and why, is in ``test_withheld``.
"""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import Catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from tests.warehouse.conftest import TEN, Ask

USERS, PEOPLE, GDP = "IT.NET.USER.ZS", "SP.POP.TOTL", "NY.GDP.MKTP.CD"
Flows = Mapping[tuple[str, str, int], float]


@pytest.fixture(scope="module")
def newest(bundled_archive: Archive, catalog: Catalog) -> dict[str, pd.DataFrame]:
    """Year × economy of the newest release, of the index's indicators and what they are over."""
    plan = catalog.index["digital_development"]
    wanted = {part.indicator for part in plan.indicators} | {USERS, PEOPLE, GDP}
    tables = {}
    for indicator in sorted(wanted):
        frame = _newest(bundled_archive, indicator)
        tables[indicator] = frame.pivot(index="year", columns="economy", values="value")
    return tables


@pytest.fixture(scope="module")
def flows(bundled_archive: Archive) -> dict[str, Flows]:
    """What each reports of each partner and year, in million dollars."""
    return {
        indicator: {
            (str(r.economy), str(r.counterpart), int(str(r.year))): float(str(r.value))
            for r in _newest(bundled_archive, indicator).itertuples(index=False)
        }
        for indicator in ("DOTS.EXPORTS", "DOTS.IMPORTS")
    }


def _newest(archive: Archive, indicator: str) -> pd.DataFrame:
    own = [s for s in archive.snapshots() if s.indicators == (indicator,)]
    chosen = max(own, key=lambda s: s.vintage)
    frame = read_observations(chosen, archive.read(chosen))
    return frame.assign(value=frame["value"].astype(float))


# --- time distance


def test_keys_are_unique_and_tables_are_not_empty(ask: Ask) -> None:
    keys = {
        "marts.member_series": "indicator, economy, year",
        "marts.convergence": "indicator, who, measure, first_year, year, left_out",
        "marts.time_distance": "indicator, economy, reference, year",
        "marts.targets": "target, economy",
        "marts.target_paths": "target, economy, model, year",
        "marts.still_offline": "economy",
        "marts.index_inputs": "index_id, year, economy, indicator",
        "marts.index_scores": "index_id, year, aggregation, economy",
        "marts.index_pillars": "index_id, year, economy, pillar",
        "marts.index_leave_one_out": "index_id, year, indicator, economy",
        "marts.index_sensitivity": "index_id, year, output, factor",
        "marts.index_comparison": "index_id, indicator, year, economy",
        "marts.trade_matrix": "flow, year, reporter, partner",
        "marts.trade_shares": "measure, flow, year, reporter, partner",
        "marts.trade_balances": "reporter, partner, year",
        "marts.trade_mirror": "seller, buyer, year",
        "marts.digital_service_exports": "indicator, economy, year",
        "marts.digital_economy_sizes": "size",
    }
    for table, key in keys.items():
        assert ask(f"FROM {table} SELECT {key} GROUP BY ALL HAVING count(*) > 1") == [], table
        assert ask(f"FROM {table} SELECT count(*) > 0") == [(True,)], table


def test_years_behind_the_leader_online_are_what_numpy_says(
    ask: Ask, newest: dict[str, pd.DataFrame]
) -> None:
    online = newest[USERS]
    path = online.loc[:2024, "RUS"].dropna()
    found = ask(
        "SELECT economy, versus, year, distance_years FROM marts.time_distance"
        f" WHERE indicator = '{USERS}' AND newest AND reference = 'leader' AND published"
    )

    assert len(found) == 9
    for economy, versus, year, distance in found:
        level = online.loc[year, economy]
        # The Russian share has only risen since 2000, so the level is crossed once.
        crossed = float(np.interp(level, path.to_numpy(), path.index.to_numpy(dtype=float)))
        assert (versus, year) == ("RUS", 2024)
        assert distance == pytest.approx(year - crossed, abs=1e-9), economy


def test_tajikistan_is_thirteen_years_behind_the_leader(ask: Ask) -> None:
    ((distance, interpolated),) = ask(
        "SELECT distance_years, interpolated FROM marts.time_distance"
        f" WHERE indicator = '{USERS}' AND newest AND reference = 'leader' AND economy = 'TJK'"
    )

    assert distance == pytest.approx(13.2, abs=0.1)
    assert interpolated


def test_where_all_have_everything_nobody_is_decades_behind(ask: Ask) -> None:
    rows = ask(
        "SELECT economy, distance_years, reason FROM marts.time_distance"
        " WHERE indicator = 'EG.ELC.ACCS.ZS' AND newest AND reference = 'leader'"
    )

    leaders = {e for e, distance, reason in rows if distance is None and "it leads" in reason}
    assert set(TEN) - leaders == {"IND", "PAK"}


# --- convergence


def test_the_spread_of_people_online_is_what_pandas_says(
    ask: Ask, newest: dict[str, pd.DataFrame]
) -> None:
    ((change, members, first, last),) = ask(
        "SELECT value, members, first_year, year FROM marts.convergence"
        f" WHERE indicator = '{USERS}' AND measure = 'sigma_change'"
    )
    logs = np.log(newest[USERS].loc[[first, last], members.split()])
    spread = logs.std(axis=1, ddof=0)

    assert (last, set(TEN) - set(members.split())) == (2024, {"PAK", "TJK"})
    assert change == pytest.approx(spread[last] - spread[first], abs=1e-12)
    assert change < 0


def test_online_and_offline_tell_different_stories(ask: Ask) -> None:
    rows = {
        (measure, year): value
        for measure, year, value in ask(
            "SELECT measure, year, value FROM marts.convergence"
            f" WHERE indicator = '{USERS}' AND who = 'sco_10' AND first_year = 2014"
            " AND measure IN ('theil_inside', 'theil_outside', 'sides_disagree')"
        )
    }

    assert rows["theil_inside", 2024] < rows["theil_inside", 2014]
    assert rows["theil_outside", 2024] > rows["theil_outside", 2014]
    assert rows["sides_disagree", 2024] == 1


# --- targets


def test_the_line_of_iran_reaches_the_target_where_a_fit_by_numpy_does(
    ask: Ask, newest: dict[str, pd.DataFrame]
) -> None:
    ((linear, logit, verdict),) = ask(
        "SELECT linear, logit, verdict FROM marts.targets"
        " WHERE target = 'internet_users' AND economy = 'IRN'"
    )
    online = newest[USERS]["IRN"].dropna()
    last = int(online.index.max())
    five, ten = online.loc[last - 5 : last], online.loc[last - 10 : last]
    slope, start = np.polyfit(five.index - last, five, 1)
    bend, level = np.polyfit(ten.index - last, np.log(ten / (100 - ten)), 1)

    assert linear == pytest.approx(last + (90 - start) / slope, abs=1e-6)
    assert logit == pytest.approx(last + (math.log(90 / 10) - level) / bend, abs=1e-6)
    assert (max(linear, logit) < 2030, verdict) == (True, "on_track")


def test_no_pace_is_taken_across_pakistans_withdrawn_estimates(ask: Ask) -> None:
    ((pace, verdict, reason),) = ask(
        "SELECT achieved_pace, verdict, models_reason FROM marts.targets"
        " WHERE target = 'internet_users' AND economy = 'PAK'"
    )

    assert (pace, verdict) == (None, "cannot_say")
    assert "1 values since 2024 by the present method" in reason


def test_four_models_disagree_about_tajikistan_and_the_spread_is_shown(ask: Ask) -> None:
    ((low, high, n, verdict),) = ask(
        "SELECT range_low, range_high, n_models, verdict FROM marts.targets"
        " WHERE target = 'internet_users' AND economy = 'TJK'"
    )

    assert (n, verdict) == (4, "cannot_say")
    assert low < 2030 < high


def test_a_target_that_nobody_publishes_has_a_row_that_says_so(ask: Ask) -> None:
    rows = ask(
        "SELECT economy, verdict, published, reason FROM marts.targets"
        " WHERE target = 'schools_online'"
    )

    assert {e for e, *_ in rows} == set(TEN)
    assert {tuple(r) for _, *r in rows} == {
        ("cannot_say", False, "no published indicator comes near the target")
    }


def test_people_offline_are_what_pandas_says(ask: Ask, newest: dict[str, pd.DataFrame]) -> None:
    rows = ask("SELECT economy, year, persons, share_of_all_pct FROM marts.still_offline")
    offline = {
        e: newest[PEOPLE].loc[year, e] * (100 - newest[USERS].loc[year, e]) / 100
        for e, year, *_ in rows
    }

    assert [e for e, *_ in rows] == sorted(offline, key=lambda e: -offline[e])
    for economy, _, persons, share in rows:
        assert persons == pytest.approx(offline[economy], rel=1e-12)
        assert share == pytest.approx(100 * offline[economy] / sum(offline.values()), rel=1e-9)


# --- the index


def _score(catalog: Catalog, newest: dict[str, pd.DataFrame], economy: str, year: int) -> float:
    """The arithmetic score from the archive, step by step."""
    plan = catalog.index["digital_development"]
    pillars: dict[str, list[float]] = {}
    for part in plan.indicators:
        values = newest[part.indicator][economy]
        if part.per is not None:
            values = values / newest[part.per][economy] * part.times
        age = catalog.indicators[part.indicator].max_age_years
        recent = values.loc[year - age : year].dropna()
        if recent.empty:
            continue
        value, worst, best = float(recent.iloc[-1]), part.worst, part.best
        if part.scale == "log":
            value, worst, best = math.log(max(value, worst)), math.log(worst), math.log(best)
        score = min(max(100 * (value - worst) / (best - worst), 0), 100)
        pillars.setdefault(catalog.indicators[part.indicator].pillar, []).append(score)
    return float(np.mean([np.mean(scores) for scores in pillars.values()]))


@pytest.mark.parametrize("economy", ["KAZ", "IND", "TJK"])
def test_a_score_is_what_a_calculation_by_hand_says(
    ask: Ask, newest: dict[str, pd.DataFrame], catalog: Catalog, economy: str
) -> None:
    ((score,),) = ask(
        "SELECT score FROM marts.index_scores"
        f" WHERE year = 2024 AND aggregation = 'arithmetic' AND economy = '{economy}'"
    )

    assert score == pytest.approx(_score(catalog, newest, economy, 2024), abs=1e-9)


def test_all_ten_are_ranked_in_every_year_with_an_interval(ask: Ask) -> None:
    rows = ask(
        "SELECT year, count(*) FILTER (WHERE published), bool_and(rank_low <= rank_high)"
        " FROM marts.index_scores WHERE aggregation = 'arithmetic' AND year <= 2024"
        " GROUP BY year ORDER BY year"
    )

    assert rows == [(year, 10, True) for year in range(2017, 2025)]


def test_a_year_that_has_hardly_begun_to_report_is_not_scored(ask: Ask) -> None:
    rows = ask("SELECT score, rank, reason FROM marts.index_scores WHERE year = 2025")

    assert {(score, rank) for score, rank, _ in rows} == {(None, None)}
    assert all("half are needed" in reason for *_, reason in rows)


def test_the_first_columns_of_the_scores_are_what_readers_rely_on(ask: Ask) -> None:
    names = [name for name, *_ in ask("DESCRIBE marts.index_scores")]

    assert names[:8] == [
        "economy", "year", "aggregation", "score", "rank", "rank_low", "rank_high", "band",
    ]  # fmt: skip


def test_the_index_agrees_with_egovernment_more_than_with_cybersecurity(ask: Ask) -> None:
    found: dict[str, float] = dict(
        ask("SELECT DISTINCT indicator, spearman FROM marts.index_comparison WHERE year = 2024")
    )

    assert found["EGDI"] > 0.7
    assert found["GCI"] < 0.5


# --- trade


@pytest.mark.parametrize("year", [2015, 2020])
def test_the_share_of_trade_inside_the_bloc_is_a_sum_over_a_sum(
    ask: Ask, flows: dict[str, Flows], year: int
) -> None:
    ((share, n),) = ask(
        "SELECT value, n FROM marts.trade_shares WHERE measure = 'intra_share'"
        f" AND flow = 'exports' AND year = {year}"
    )
    sold = flows["DOTS.EXPORTS"]
    inside = sum(sold[a, b, year] for a in TEN for b in TEN if a != b)

    assert n == 10
    assert share == pytest.approx(inside / sum(sold[a, "WLD", year] for a in TEN), rel=1e-12)


@pytest.mark.parametrize(
    ("partner", "states"),
    [("sco_10", TEN), ("central_asia", ("KAZ", "KGZ", "TJK", "UZB")), ("CHN", ("CHN",))],
)
def test_pakistans_balance_is_what_it_sells_less_what_it_buys(
    ask: Ask, flows: dict[str, Flows], partner: str, states: tuple[str, ...]
) -> None:
    ((balance,),) = ask(
        "SELECT balance FROM marts.trade_balances"
        f" WHERE reporter = 'PAK' AND year = 2020 AND partner = '{partner}'"
    )
    expected = sum(
        flows["DOTS.EXPORTS"]["PAK", p, 2020] - flows["DOTS.IMPORTS"]["PAK", p, 2020]
        for p in states
        if p != "PAK"
    )

    assert balance == pytest.approx(expected, abs=1e-6)


def test_what_china_sold_to_kyrgyzstan_is_four_times_what_that_bought(
    ask: Ask, flows: dict[str, Flows]
) -> None:
    ((sold, bought, asymmetry),) = ask(
        "SELECT sold, bought, asymmetry FROM marts.trade_mirror"
        " WHERE seller = 'CHN' AND buyer = 'KGZ' AND year = 2020"
    )

    assert sold == flows["DOTS.EXPORTS"]["CHN", "KGZ", 2020]
    assert bought == flows["DOTS.IMPORTS"]["KGZ", "CHN", 2020]
    assert sold > 3.5 * bought
    assert asymmetry == pytest.approx(2 * (bought / 1.06 - sold) / (bought / 1.06 + sold))


# --- sizes


def test_reported_sizes_stand_beside_exports_and_are_never_added_up(ask: Ask) -> None:
    rows = {
        size: (basis, reason)
        for size, basis, reason in ask(
            "SELECT size, of_gdp_basis, reason FROM marts.digital_economy_sizes"
        )
    }

    assert rows["chn_2023_core_share"] == ("reported", None)
    assert rows["rus_2024_article"] == ("computed", None)
    assert rows["chn_2022_broad"] == (None, "no exchange rate is in the archive")
