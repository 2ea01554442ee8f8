"""Catching up and targets in words: the variant that is said follows from the figures.

The index is in ``test_development_index``, trade inside the bloc in ``test_development_trade``;
here, too, is what all these sections say of nothing, and of the bundled figures.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalog import Catalog
from pipeline.report.content import Report
from pipeline.report.context import Context
from pipeline.report.exhibits import (
    balances,
    bloc_trade,
    convergence,
    index,
    index_others,
    sizes,
    targets,
)
from pipeline.report.facts import Facts
from pipeline.report.marts import Marts
from pipeline.warehouse.store import connect_read_only
from pipeline.wording import load_wording
from tests.report.small_warehouse import AS_OF, ONLINE, ReportWarehouse, said
from tests.warehouse.conftest import TEN

Values = dict[tuple[str, int], float]


# --- convergence


def spread(warehouse: ReportWarehouse, *by_year: float, first: int = 2014) -> None:
    for n, value in enumerate(by_year):
        warehouse.add(
            "marts.convergence", indicator=ONLINE, who="sco_10", measure="sd_logs",
            first_year=first, year=first + n, left_out="", value=value, n=8,
            members=" ".join(TEN[:8]), published=True,
        )  # fmt: skip


def slope(warehouse: ReportWarehouse, value: float, without: Mapping[str, float]) -> None:
    for code, number in {"": value, **without}.items():
        warehouse.add(
            "marts.convergence", indicator=ONLINE, who="sco_10",
            measure="beta_without" if code else "beta", first_year=2014, year=2024,
            left_out=code, value=number, n=8, members="", published=True,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "outcome", "sentence"),
    [
        ((0.5, 0.3), "falls", "fell from 0.50 to 0.30"),
        ((0.3, 0.5), "rises", "rose from 0.30 to 0.50"),
        ((0.301, 0.304), "unchanged", "stayed at 0.30"),
    ],
)
def test_states_come_closer_only_where_the_rounded_spread_falls(
    warehouse: ReportWarehouse, values: tuple[float, ...], outcome: str, sentence: str
) -> None:
    spread(warehouse, *values)
    facts = warehouse.facts()

    assert convergence.outcome(convergence.spreads(facts)[ONLINE]) == outcome
    assert sentence in said(facts, "convergence")


@pytest.mark.parametrize(("high", "faster"), [(-0.01, True), (-0.0004, False), (0.02, False)])
def test_low_starts_grow_faster_only_where_every_slope_without_a_state_says_so(
    warehouse: ReportWarehouse, high: float, faster: bool
) -> None:
    spread(warehouse, 0.5, 0.3)
    slope(warehouse, -0.05, {"IND": -0.06, "CHN": high})

    assert ("the lower the start" in said(warehouse.facts(), "convergence")) == faster


@pytest.mark.parametrize(
    ("years", "at_least", "outcome"),
    [(13.2, None, "known"), (None, 14.0, "at_least"), (0.04, None, "level")],
)
def test_a_distance_in_time_is_said_as_far_as_it_is_known(
    warehouse: ReportWarehouse, years: float | None, at_least: float | None, outcome: str
) -> None:
    warehouse.add(
        "marts.time_distance", indicator=ONLINE, economy="TJK", year=2024, reference="leader",
        versus="RUS", value=55.8, distance_years=years, at_least_years=at_least, newest=True,
        published=True,
    )  # fmt: skip
    facts = warehouse.facts()

    assert convergence.distance_outcome(convergence.farthest(facts)) == outcome
    exhibit = convergence.time_ladder(facts)
    assert exhibit is not None
    assert ("at least" in exhibit.title) == (outcome == "at_least")
    assert "behind Russia" in exhibit.title
    assert ("Tajikistan" in exhibit.title) == (outcome != "level")


# --- targets


def target(warehouse: ReportWarehouse, basis: str = "ours") -> None:
    warehouse.add(
        "core.targets", target="internet_users", name="Everyone", issuer="ITU", deadline=2030,
        indicator=ONLINE, counts_from=90.0, counts_basis=basis,
    )  # fmt: skip


def outlook(warehouse: ReportWarehouse, economy: str, verdict: str, **values: object) -> None:
    row = {
        "target": "internet_users", "economy": economy, "indicator": ONLINE, "year": 2024,
        "value": 60.0, "reached": False, "achieved_pace": 4.0, "required_pace": 5.0,
        "linear": 2031.0, "logit": 2033.0, "range_low": 2031.0, "range_high": 2033.0,
        "verdict": verdict, "published": True,
    }  # fmt: skip
    warehouse.add("marts.targets", **{**row, **values})


def reached(warehouse: ReportWarehouse, economy: str) -> None:
    outlook(
        warehouse, economy, "on_track", reached=True, value=95.0, linear=None, logit=None,
        range_low=None, range_high=None, required_pace=0.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ((), "all"),
        (("on_track", "off_track"), "agree"),
        (("on_track", "cannot_say"), "some"),
        (("cannot_say", "cannot_say"), "none"),
    ],
)
def test_a_verdict_is_told_only_of_those_the_models_agree_on(
    warehouse: ReportWarehouse, verdicts: tuple[str, ...], outcome: str
) -> None:
    target(warehouse)
    reached(warehouse, "RUS")
    names = {"IND": "India", "TJK": "Tajikistan"}
    for economy, verdict in zip(names, verdicts, strict=False):
        outlook(warehouse, economy, verdict)
    facts = warehouse.facts()

    assert targets.outcome(facts.progress.outlooks("internet_users")) == outcome
    text = said(facts, "targets")
    for name, verdict in zip(names.values(), verdicts, strict=False):
        if verdict == "cannot_say":
            assert name in text.split("no verdict")[0].split("off track")[-1]
        else:
            assert f"{verdict.replace('_', ' ')} {name}" in text


def test_a_level_of_our_own_is_said_to_be_ours(warehouse: ReportWarehouse) -> None:
    target(warehouse, "ours")
    reached(warehouse, "RUS")

    exhibit = targets.target_years(warehouse.facts())
    assert exhibit is not None
    assert "is ours" in exhibit.note


def test_a_level_that_the_target_names_is_not_called_ours(warehouse: ReportWarehouse) -> None:
    target(warehouse, "target")
    reached(warehouse, "RUS")

    exhibit = targets.target_years(warehouse.facts())
    assert exhibit is not None
    assert "is ours" not in exhibit.note


@pytest.mark.parametrize(
    ("paces", "outcome"),
    [
        (((5.0, 4.0), (4.96, 5.04)), "all"),
        (((5.0, 4.0), (4.9, 5.0)), "some"),
        (((3.0, 4.0),), "none"),
        (((None, 4.0),), "unknown"),
    ],
)
def test_a_pace_is_compared_as_it_reads(
    warehouse: ReportWarehouse, paces: tuple[tuple[float | None, float], ...], outcome: str
) -> None:
    target(warehouse)
    for economy, (achieved, required) in zip(TEN, paces, strict=False):
        outlook(warehouse, economy, "cannot_say", achieved_pace=achieved, required_pace=required)

    facts = warehouse.facts()
    assert targets.pace_outcome(facts.progress.outlooks("internet_users")) == outcome
    assert targets.target_pace(facts) is not None


def test_a_date_that_never_comes_is_drawn_at_the_end_and_said_as_infinite(
    warehouse: ReportWarehouse,
) -> None:
    target(warehouse)
    outlook(warehouse, "IND", "off_track", gompertz=math.inf, range_high=math.inf)

    exhibit = targets.target_years(warehouse.facts())
    assert exhibit is not None
    assert exhibit.chart is not None
    assert "2031.0–∞" in exhibit.alt
    assert "NaN" not in exhibit.chart.wide


# --- what there is not


def test_of_an_empty_warehouse_nothing_is_shown_and_nothing_said(
    warehouse: ReportWarehouse,
) -> None:
    facts = warehouse.facts()

    builders = (
        convergence.sigma_paths, convergence.time_ladder, targets.target_years,
        targets.target_pace, targets.offline_paths, index.index_scores, index.index_pillars,
        index.index_left_out, index_others.index_others, bloc_trade.trade_matrix,
        bloc_trade.intra_share, bloc_trade.trade_mirror, balances.focus_balance,
        sizes.declared_sizes, sizes.service_exports,
    )  # fmt: skip
    assert [b.__name__ for b in builders if b(facts) is not None] == []
    sections = ("convergence", "targets", "index", "bloc_trade", "sizes")
    assert [said(facts, s) for s in sections] == [""] * 5


# --- the bundled figures, a second way


def exhibit_of(report: Report, name: str) -> Any:
    return next(e for e in report.exhibits() if e.id == name)


def test_the_spread_is_the_deviation_of_logarithms_of_the_states_without_a_break(
    bundled_report: Report, values: dict[str, Values]
) -> None:
    row = exhibit_of(bundled_report, "sigma_paths").table.rows[-1]
    online = values[ONLINE]
    states = [c for c in TEN if c not in ("PAK", "TJK")]
    logs = [math.log(online[c, row["year"]]) for c in states]
    mean = sum(logs) / len(logs)

    expected = math.sqrt(sum((x - mean) ** 2 for x in logs) / len(logs))
    assert row[ONLINE] == pytest.approx(expected, rel=1e-9)


def test_a_time_distance_is_the_leaders_year_on_a_straight_line(
    bundled_report: Report, values: dict[str, Values]
) -> None:
    online = values[ONLINE]
    row = next(
        r for r in exhibit_of(bundled_report, "time_ladder").table.rows
        if r["member"] == "Tajikistan"
    )  # fmt: skip
    level, years = online["TJK", row["year"]], range(2000, row["year"])
    after = min(y + 1 for y in years if online["RUS", y] < level <= online["RUS", y + 1])
    part = (level - online["RUS", after - 1]) / (online["RUS", after] - online["RUS", after - 1])

    assert row["leader"] == pytest.approx(row["year"] - (after - 1 + part), rel=1e-9)


def test_people_offline_by_state_are_population_less_those_online(
    bundled_report: Report, values: dict[str, Values]
) -> None:
    people, online = values["SP.POP.TOTL"], values[ONLINE]
    rows = exhibit_of(bundled_report, "offline_paths").table.rows
    drawn = [
        (code, row["year"], row[code]) for row in rows for code in TEN if row[code] is not None
    ]
    assert {code for code, *_ in drawn} == set(TEN)
    for code, year, value in drawn:
        expected = people[code, year] * (100 - online[code, year]) / 1e8
        assert value == pytest.approx(expected, rel=1e-9)


def test_an_exports_figure_a_head_is_exports_over_people(
    bundled_report: Report, values: dict[str, Values]
) -> None:
    codes = {
        name: code for code, name in (("BLR", "Belarus"), ("IND", "India"), ("TJK", "Tajikistan"))
    }
    rows = [
        row for row in exhibit_of(bundled_report, "service_exports").table.rows
        if row["member"] in codes
    ]  # fmt: skip
    assert {row["member"] for row in rows} == set(codes)
    for row in rows:
        people = values["SP.POP.TOTL"][codes[row["member"]], row["year"]]
        assert row["per_head"] == pytest.approx(1e6 * row["value"] / people, rel=1e-9)


def test_what_parts_belarus_from_the_egovernment_index_is_what_the_marts_add_up_to(
    bundled: Path, catalog: Catalog
) -> None:
    with connect_read_only(bundled) as con:
        facts = Facts(Context(Marts(con, "sco_10"), catalog, AS_OF, load_wording()))
        found = next(d for d in facts.composite.differences if d.indicator == "EGDI")
        scores = con.execute(
            "SELECT economy, score FROM marts.index_scores"
            " WHERE year = 2024 AND aggregation = 'arithmetic'"
        ).df().set_index("economy")["score"]  # fmt: skip
        egdi = con.execute(
            "SELECT economy, 100 * value AS value FROM core.current"
            " WHERE year = 2024 AND indicator = 'EGDI' AND list_contains(?, economy)", [list(TEN)],
        ).df().set_index("economy")["value"]  # fmt: skip

    assert (found.economy, found.own_rank, found.other_rank) == ("BLR", 2, 5)
    here = scores["BLR"] - scores.mean()
    assert sum(e.points for e in found.effects) == pytest.approx(here, abs=1e-9)
    # The published index is the mean of its published parts to four decimals.
    there = egdi["BLR"] - egdi.mean()
    assert sum(e.points for e in found.others) == pytest.approx(there, abs=0.01)
    assert (found.effects[0].part, found.others[-1].part) == ("connectivity", "EGDI.OSI")


def test_figures_that_may_not_be_passed_on_stand_in_no_table(bundled_report: Report) -> None:
    exhibit = exhibit_of(bundled_report, "index_others")

    assert "Cybersecurity" in exhibit.alt
    assert not any("ybersecurity" in c.label for c in exhibit.table.columns)
