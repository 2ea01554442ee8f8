"""Targets, the index and reported sizes: what ships, and that a wrong entry is named."""

import pytest

from pipeline.catalog import Catalog
from pipeline.errors import CatalogError
from tests.catalog.conftest import Copy

TARGETS, INDEX, SIZES = "targets.yaml", "index.yaml", "digital_economy_sizes.yaml"


def complaint(copy: Copy) -> str:
    with pytest.raises(CatalogError) as caught:
        copy.load()
    return str(caught.value).replace(f"{copy.folder}/", "")


# --- what ships


def test_a_target_has_its_words_its_date_and_its_source(catalog: Catalog) -> None:
    online = catalog.targets["internet_users"]

    assert (online.published.year, online.deadline, online.level) == (2022, 2030, 100)
    assert "aged 15 and over" in online.wording
    assert "ITU" in online.citation
    assert all(t.nearest and t.citation for t in catalog.targets.values())


def test_what_counts_as_everyone_is_said_to_be_ours(catalog: Catalog) -> None:
    counted = {t.id: t.counts for t in catalog.targets.values() if t.counts}

    assert set(counted) == {"internet_users", "gender_parity", "electricity"}
    assert {c.basis for c in counted.values()} == {"ours"}
    assert all(c.level < catalog.targets[t].level for t, c in counted.items())


def test_a_target_that_nobody_publishes_is_kept_without_an_indicator(catalog: Catalog) -> None:
    unseen = {t.id for t in catalog.targets.values() if t.indicator is None}

    assert {"schools_online", "broadband_price", "basic_skills"} <= unseen


def test_the_index_has_six_pillars_that_weigh_the_same(catalog: Catalog) -> None:
    plan = catalog.index["digital_development"]

    assert len(plan.pillars) == 6
    assert set(plan.pillars.values()) == {1}
    assert {catalog.indicators[p.indicator].pillar for p in plan.indicators} == set(plan.pillars)


def test_the_index_leaves_out_what_it_is_compared_with(catalog: Catalog) -> None:
    parts = catalog.index["digital_development"].indicators

    assert {catalog.indicators[p.indicator].publisher for p in parts} == {
        "world_bank_wdi",
        "unctad",
    }


def test_every_reported_size_names_its_definition_and_who_reports_it(catalog: Catalog) -> None:
    sizes = catalog.digital_economy_sizes.values()

    assert all(s.definition and s.reported_by for s in sizes)
    assert {s.band for s in sizes if s.reported_by.startswith("the article")} == {
        "broad",
        "undefined",
    }


# --- what is refused


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (TARGETS, "indicator: IT.NET.USER.ZS", "indicator: IT.NET.USR.ZS",
         "internet_users: indicator: IT.NET.USR.ZS is not in the catalogue, "
         "expected IT.NET.USER.ZS or another indicator"),
        (TARGETS, "indicator: IT.NET.USER.ZS", "indicator: IT.NET.BBND",
         "internet_users: indicator: is a stock, expected what has a level of its own (a share)"),
        (TARGETS, "indicator: IT.NET.USER.ZS", "indicator: IT.CEL.SETS.P2",
         "internet_users: direction: at_least although neutral, expected the other"),
        (TARGETS, "    level: 90", "    level: 100",
         "internet_users: counts.level: 100: expected between 0 and the ceiling 100"),
        (TARGETS, "basis: ours", "basis: target",
         "internet_users: counts.level: 90 is not the target's own, expected 100"),
        (TARGETS, "basis: ours", "basis: theirs",
         "internet_users: counts.basis: 'theirs' is not allowed, expected one of target, ours"),
        (TARGETS, "deadline: 2030", "deadline: 2020",
         "internet_users: deadline: 2020 lies before 2022-04-19, expected a later year"),
        (TARGETS, "relative_to: IT.NET.USER.MA.ZS", "relative_to: IT.NET.USER.FE.ZS",
         "gender_parity: relative_to: IT.NET.USER.FE.ZS is the indicator itself, expected another"),
        (INDEX, "member_set: sco_10", "member_set: sco_dated",
         "member_set: sco_dated changes with the year, expected a fixed set"),
        (INDEX, "indicator: IT.NET.BBND.P2", "indicator: GE.EST",
         "indicators: GE.EST stands twice, expected once"),
        (INDEX, "indicator: IT.NET.BBND.P2", "indicator: IT.CEL.SETS.P2",
         "indicators.0.indicator: no way is better, expected one with a direction"),
        (INDEX, "indicator: IT.NET.BBND.P2", "indicator: NY.GDP.PCAP.CD",
         "indicators.0.indicator: is of macro, expected one of connectivity, access_use, "
         "human_capital, innovation, digital_trade, egov_trust"),
        (INDEX, "indicator: IT.NET.BBND.P2", "indicator: GCI",
         "indicators.0.indicator: figures of itu_gci may not stand in the data package"),
        (INDEX, "best: 50", "best: -50",
         "indicators.0.best: -50 to 0 although higher_is_better"),
        (INDEX, "best: 50", "best: 0",
         "indicators.0: worst and best are both 0, expected two goalposts"),
        (INDEX, "worst: 10\n", "worst: 0\n",
         "indicators.1: a goalpost of 0 or less has no logarithm, expected some above 0"),
        (INDEX, "per: SP.POP.TOTL", "per: SP.POP.TOT",
         "indicators.5.per: SP.POP.TOT is not in the catalogue, "
         "expected SP.POP.TOTL or another indicator"),
        (INDEX, "    connectivity: 1\n", "    connectivity: 1\n    finance: 1\n",
         "pillars: finance has no indicator, expected at least one"),
        (INDEX, "    connectivity: 1\n", "    connectivity: 0\n",
         "pillars.connectivity: 0 is wrong, expected greater than 0"),
        (SIZES, "economy: CHN", "economy: CNH",
         "chn_2022_broad: economy: CNH is not in the catalogue, expected CHN or another economy"),
        (SIZES, "value: 41.5", "value: 141.5",
         "chn_2022_broad_share: value: 141.5 % of GDP, expected between 0 and 100"),
        (SIZES, "value: 1.4", "value: -1.4",
         "uzb_2024_article: value: -1.4: expected a size above 0"),
        (SIZES, "band: narrow", "band: official",
         "ind_2022_narrow_share: band: 'official' is not allowed, "
         "expected one of core, narrow, broad, undefined"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_what_was_expected(
    copy: Copy, name: str, old: str, new: str, said: str
) -> None:
    copy.replace(name, old, new)

    prefix = "digital_development: " if name == INDEX else ""
    assert complaint(copy).startswith(f"{name}: {prefix}{said}")


def test_an_indicator_and_the_level_that_counts_stand_together(copy: Copy) -> None:
    copy.replace(TARGETS, "  indicator: EG.ELC.ACCS.ZS\n", "")

    assert "an indicator and the level that counts stand together" in complaint(copy)
