"""The composite index in words: the variant that is said follows from the figures."""

from datetime import date

import pytest

from pipeline.report.composite import Score
from pipeline.report.exhibits import index, index_others
from pipeline.report.facts import Facts
from tests.report.small_warehouse import ONLINE, ReportWarehouse, said
from tests.warehouse.conftest import TEN


def score(economy: str, rank: int, low: float, high: float, band: int) -> Score:
    return Score(economy, 2024, 80.0 - rank, 75.0, rank, low, high, band, 0, 2022)


def index_of(warehouse: ReportWarehouse, *scores: Score) -> Facts:
    warehouse.add("core.index_plans", index_id="dd", name="Digital development",
                  member_set="sco_10")  # fmt: skip
    warehouse.add("core.index_indicators", index_id="dd", position=1, indicator=ONLINE)
    for s in scores:
        for aggregation in ("arithmetic", "geometric"):
            warehouse.add(
                "marts.index_scores", economy=s.economy, year=2024, aggregation=aggregation,
                score=s.score, rank=s.rank, rank_low=s.low, rank_high=s.high, band=s.band,
                index_id="dd", n_filled=0, oldest_year=2022, published=True,
            )  # fmt: skip
    return warehouse.facts()


@pytest.mark.parametrize(
    ("bands", "outcome", "sentence"),
    [
        ((1, 2, 2), "alone", "Belarus\n      stands alone"),
        ((1, 1, 2), "band", "Belarus and China share"),
        ((1, 1, 1), "one_band", "ranks nobody for sure"),
    ],
)
def test_the_first_state_is_named_alone_only_where_its_band_is_its_own(
    warehouse: ReportWarehouse, bands: tuple[int, ...], outcome: str, sentence: str
) -> None:
    scores = [score(TEN[n], n + 1, n + 1, n + 2, band) for n, band in enumerate(bands)]
    facts = index_of(warehouse, *scores)

    assert index.outcome(facts) == outcome
    assert sentence.replace("\n      ", " ") in said(facts, "index").replace("\n", " ")


def test_no_rank_is_shown_without_its_interval(warehouse: ReportWarehouse) -> None:
    facts = index_of(warehouse, score("BLR", 1, 1, 2, 1), score("CHN", 2, 1, 2, 1))

    exhibit = index.index_scores(facts)
    assert exhibit is not None
    assert [(r["low"], r["high"]) for r in exhibit.table.rows] == [(1, 2), (1, 2)]
    assert "rank 1–2" in exhibit.alt


@pytest.mark.parametrize(
    ("correlations", "outcome"),
    [((0.9, 0.695), "all"), ((0.84, 0.21), "some"), ((0.5, 0.21), "none")],
)
def test_other_indices_are_alike_as_their_rounded_correlation_says(
    warehouse: ReportWarehouse, correlations: tuple[float, float], outcome: str
) -> None:
    for indicator, value in zip((ONLINE, "SP.POP.TOTL"), correlations, strict=True):
        warehouse.add(
            "marts.index_comparison", index_id="dd", indicator=indicator, year=2024,
            economy="PAK", index_rank=9.0, other_rank=2.0, n=10, spearman=value,
        )  # fmt: skip
    facts = index_of(warehouse, score("PAK", 9, 9, 10, 1))

    assert index_others.others_outcome(facts) == outcome
    assert "seven places higher" in said(facts, "index") or outcome != "some"


def compared(warehouse: ReportWarehouse, economy: str, own: int, other: int) -> None:
    warehouse.add(
        "marts.index_comparison", index_id="dd", indicator=ONLINE, year=2024, economy=economy,
        index_rank=own, other_rank=other, n=3, spearman=0.5,
    )  # fmt: skip


def pillar(warehouse: ReportWarehouse, economy: str, name: str, value: float) -> None:
    warehouse.add(
        "marts.index_pillars", index_id="dd", economy=economy, year=2024, pillar=name,
        score=value, weight=0.5, published=True,
    )  # fmt: skip


def test_why_a_rank_differs_is_told_by_the_pillars_of_the_state_furthest_from_its_interval(
    warehouse: ReportWarehouse,
) -> None:
    for economy, own, other, trade, online in (
        ("BLR", 1, 3, 90.0, 60.0), ("CHN", 2, 1, 60.0, 60.0), ("IND", 3, 2, 30.0, 60.0),
    ):  # fmt: skip
        compared(warehouse, economy, own, other)
        pillar(warehouse, economy, "digital_trade", trade)
        pillar(warehouse, economy, "access_use", online)
    facts = index_of(
        warehouse, score("BLR", 1, 1, 1, 1), score("CHN", 2, 2, 2, 2), score("IND", 3, 2, 3, 2)
    )

    (found,) = facts.composite.differences
    assert [(e.part, e.points) for e in found.effects] == [("digital_trade", 15), ("access_use", 0)]
    text = said(facts, "index")
    assert "Belarus has rank 1 here (1) and rank 3 in the" in text
    assert "lifted most by “digital trade” (15.0 points above" in text
    assert "India has rank" not in text


def test_a_rank_inside_its_interval_needs_no_reason(warehouse: ReportWarehouse) -> None:
    for economy, own, other in (("BLR", 1, 2), ("CHN", 2, 1)):
        compared(warehouse, economy, own, other)
        pillar(warehouse, economy, "digital_trade", 50.0)
        pillar(warehouse, economy, "access_use", 50.0)
    facts = index_of(warehouse, score("BLR", 1, 1, 2, 1), score("CHN", 2, 1, 2, 1))

    assert facts.composite.differences == ()


@pytest.mark.parametrize(
    ("later", "rank", "sentence"),
    [
        (60.0, 2, "ranks of Belarus are"), (52.0, 1, "by up to 2.0 points (Belarus); no rank is"),
        (50.01, 1, "no score of 2023 differs"),
    ],
)  # fmt: skip
def test_what_releases_moved_in_the_index_is_said_as_it_reads(
    warehouse: ReportWarehouse, later: float, rank: int, sentence: str
) -> None:
    days = (
        (date(2026, 2, 28), None, 1),
        (date(2026, 3, 31), 50.0, 1),
        (date(2026, 4, 30), later, rank),
    )
    for seen_from, value, place in days:
        warehouse.add(
            "marts.index_history_by_vintage", index_id="dd", seen_from=seen_from, year=2023,
            part="index", economy="BLR", score=value, rank=place, n_released=0,
            published=value is not None,
        )  # fmt: skip
    text = said(index_of(warehouse, score("BLR", 1, 1, 1, 1)), "index").replace("\u00a0", " ")

    assert sentence in text
    assert "on 28 February 2026 releases of none of its one indicators" in text
