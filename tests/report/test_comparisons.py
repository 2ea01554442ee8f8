"""States side by side: slopes, panels, groups and places, and what is said of them.

Each rests on a small warehouse that says what a test lets it say; that the bundled figures are
those of the archive is asked in ``test_bundled_comparisons``.
"""

from collections.abc import Mapping
from datetime import date

import pytest

from pipeline.catalog.models import Break, Group
from pipeline.report.content import Exhibit
from pipeline.report.exhibits import fans, groups, release_ranks, subscriptions
from pipeline.report.exhibits.fans import bounds, target_fans
from pipeline.report.exhibits.groups import between_within
from pipeline.report.exhibits.release_ranks import release_ranks as bump
from pipeline.report.exhibits.subscriptions import (
    BROADBAND,
    MOBILE,
    TELEPHONES,
    mobile_and_fixed,
)
from pipeline.report.exhibits.trade import ict_weight, weight_outcome
from pipeline.report.progress import Outlook
from tests.report.small_warehouse import (
    ICT_EXPORTS,
    ONLINE,
    ReportWarehouse,
    held,
    know,
    newest,
    said,
)
from tests.warehouse.conftest import TEN

ICT_SHARE = "BX.GSR.CCIS.ZS"


def shown(exhibit: Exhibit | None) -> Exhibit:
    assert exhibit is not None
    return exhibit


# --- ICT in service exports: slopes


@pytest.mark.parametrize(
    ("then", "outcome", "words"),
    [
        ({"PAK": 6.6, "RUS": 5.0}, "all", "In all two members that can be compared"),
        ({"PAK": 6.6, "RUS": 9.0}, "some", "In one of two members that can be compared"),
        ({"PAK": 40.0, "RUS": 9.0}, "none", "In none of two members that can be compared"),
        ({"PAK": 6.6}, "one", "Of Pakistan, which alone can be compared, ICT went from"),
        ({}, "unknown", ""),
    ],
)
def test_slopes_say_in_how_many_states_ict_weighs_more(
    warehouse: ReportWarehouse, then: Mapping[str, float], outcome: str, words: str
) -> None:
    newest(warehouse, ICT_SHARE, {"PAK": 36.2, "RUS": 7.0}, 2023)
    held(warehouse, ICT_SHARE, then, 2010)
    facts = warehouse.facts()

    assert weight_outcome(facts)[0] == outcome
    assert words in said(facts, "trade")
    exhibit = shown(ict_weight(facts))
    assert {r["member"]: r["base"] for r in exhibit.table.rows} == {
        "Pakistan": then.get("PAK"), "Russia": then.get("RUS"),
    }  # fmt: skip
    assert "No recent figure: Belarus, China" in exhibit.note


def test_a_slope_across_a_break_is_dotted_and_counts_for_nothing(
    warehouse: ReportWarehouse,
) -> None:
    broken = Break(economies=("PAK",), years=(2015, 2016), reason="other count", source="office")
    entry = warehouse.catalog.indicators[ICT_SHARE].model_copy(update={"breaks": (broken,)})
    indicators = {**warehouse.catalog.indicators, ICT_SHARE: entry}
    warehouse.catalog = warehouse.catalog.model_copy(update={"indicators": indicators})
    newest(warehouse, ICT_SHARE, {"PAK": 36.2, "RUS": 7.0, "IND": 48.0}, 2023)
    held(warehouse, ICT_SHARE, {"PAK": 6.6, "RUS": 5.0, "IND": 49.0}, 2010)
    exhibit = shown(ict_weight(warehouse.facts()))

    assert "in one of two states; in Russia 5.0\u00a0% became 7.0\u00a0%" in exhibit.title
    assert "Dotted, as the series breaks between: Pakistan." in exhibit.note
    assert exhibit.chart is not None
    assert exhibit.chart.wide.count("stroke-dasharray") == 1


def test_without_a_recent_share_there_are_no_slopes(warehouse: ReportWarehouse) -> None:
    newest(warehouse, ICT_SHARE, {})

    assert ict_weight(warehouse.facts()) is None


# --- mobile and fixed lines: small multiples


def lines(warehouse: ReportWarehouse, values: Mapping[str, Mapping[str, float]]) -> None:
    """Newest values by indicator and state; every one of the three is in the catalogue."""
    for code in (MOBILE, BROADBAND, TELEPHONES):
        know(warehouse, code)
        newest(warehouse, code, values.get(code, {}))


def test_states_are_counted_among_those_that_have_both_figures(
    warehouse: ReportWarehouse,
) -> None:
    lines(
        warehouse,
        {
            # What reads 100 is not more than there are people.
            MOBILE: {"CHN": 131.8, "IND": 79.4, "TJK": 100.4},
            BROADBAND: {"CHN": 47.2, "IND": 2.74, "IRN": 12.1},
            TELEPHONES: {"CHN": 11.7, "IND": 2.71},
        },
    )
    facts = warehouse.facts()
    exhibit = shown(mobile_and_fixed(facts))

    assert exhibit.title == (
        "Mobile subscriptions outnumber people in one of three states, fixed broadband outnumbers "
        "fixed telephones in one of two"
    )
    assert "In one of three members" in said(facts, "infrastructure")
    assert {r["member"] for r in exhibit.table.rows} == {"China", "India", "Iran", "Tajikistan"}


def test_where_telephones_are_not_known_nothing_is_said_of_them(
    warehouse: ReportWarehouse,
) -> None:
    lines(warehouse, {MOBILE: {"CHN": 131.8, "IND": 79.4}})
    facts = warehouse.facts()

    assert subscriptions.outcome(subscriptions.newest(facts)) == "mobile"
    assert shown(mobile_and_fixed(facts)).title.endswith("in one of two states")


def test_each_state_has_a_panel_with_its_name(warehouse: ReportWarehouse) -> None:
    lines(warehouse, {MOBILE: dict.fromkeys(TEN, 90.0)})
    chart = shown(mobile_and_fixed(warehouse.facts())).chart

    assert chart is not None
    for picture in (chart.wide, chart.narrow):
        for name in ("Belarus", "Uzbekistan"):
            assert picture.count(f">{name}<") == 1


# --- fans


def path(warehouse: ReportWarehouse, economy: str, model: str, *values: float) -> None:
    for n, value in enumerate(values):
        warehouse.add(
            "marts.target_paths", target="internet_users", economy=economy, model=model,
            year=2024 + n, value=value,
        )  # fmt: skip


def on_the_way(warehouse: ReportWarehouse, economy: str, low: float, high: float) -> None:
    warehouse.add(
        "marts.targets", target="internet_users", economy=economy, indicator=ONLINE, year=2024,
        value=60.0, reached=False, linear=2031.0, range_low=2031.0, range_high=2031.0,
        at_deadline_low=low, at_deadline_high=high, verdict="cannot_say", published=True,
    )  # fmt: skip
    held(warehouse, ONLINE, {economy: 60.0}, 2024)


@pytest.fixture
def aimed(warehouse: ReportWarehouse) -> ReportWarehouse:
    """A warehouse with the target of internet use."""
    warehouse.add(
        "core.targets", target="internet_users", name="Everyone", issuer="ITU", deadline=2030,
        indicator=ONLINE, counts_from=90.0, counts_basis="ours",
    )  # fmt: skip
    return warehouse


def test_the_widest_fan_is_told(aimed: ReportWarehouse) -> None:
    for economy, low, high in (("IND", 80.0, 90.0), ("TJK", 75.3, 96.0), ("UZB", 97.0, 99.0)):
        on_the_way(aimed, economy, low, high)
        path(aimed, economy, "linear", 61.0, 65.0, 70.0)
        path(aimed, economy, "logit", 61.0, 64.0, 67.0)
    facts = aimed.facts()
    exhibit = shown(target_fans(facts))

    assert exhibit.title == (
        "For 2030 the models see 75\u00a0% to 96\u00a0% of people online in Tajikistan"
    )
    assert "between 75\u00a0% and 96\u00a0%" in said(facts, "targets").replace(" %", "\u00a0%")
    assert len(exhibit.table.rows) == 3 * 3
    assert "there is no fan" not in exhibit.note


def test_one_model_alone_makes_no_fan_and_is_not_the_widest(aimed: ReportWarehouse) -> None:
    on_the_way(aimed, "PAK", 40.0, 40.0)
    path(aimed, "PAK", "leader_path", 61.0, 62.0)
    facts = aimed.facts()
    exhibit = shown(target_fans(facts))

    assert fans.widest(facts) is None
    assert exhibit.title == "Where one model alone says how the share of people online goes on"
    assert "there is no fan: Pakistan." in exhibit.note
    assert "#target_fans" not in said(facts, "targets")


def test_where_all_are_there_nothing_is_fanned(aimed: ReportWarehouse) -> None:
    assert target_fans(aimed.facts()) is None


def test_a_band_runs_from_the_newest_figure_between_the_models_that_speak_of_a_year() -> None:
    outlook = Outlook(
        "internet_users", "IND", 2024, 60.0, False, None, None, (), None, None, None, None,
        "cannot_say",
    )  # fmt: skip
    paths = {
        "linear": ((2024, 62.0), (2025, 66.0), (2026, 70.0)),
        "leader_path": ((2024, 60.0), (2025, 61.0)),
    }

    assert bounds(outlook, paths) == ((2024, 60.0, 60.0), (2025, 61.0, 66.0), (2026, 70.0, 70.0))
    assert bounds(outlook, {"linear": paths["linear"]}) == ()


# --- between and within groups


def part(
    warehouse: ReportWarehouse, indicator: str, weighting: str, group: str, *parts: float
) -> None:
    between, within = parts
    warehouse.add(
        "marts.inequality_groups", indicator=indicator, year=2023, weighting=weighting,
        member_set="sco_10", scheme="article", group_id=group, outcome_share=0.5,
        reference_share=0.5, between=between, within=within,
    )  # fmt: skip


def grouped(warehouse: ReportWarehouse, **within: tuple[float, float]) -> None:
    """Indices of three things taken apart: what lies between two groups, and within the first."""
    know(warehouse, "UNCTAD.DDS.EXPORTS")
    warehouse.catalog = warehouse.catalog.model_copy(
        update={
            "groups": {
                name: Group(id=name, scheme="article", bloc="sco", name=name, economies=economies)
                for name, economies in (("large", TEN[:3]), ("small", TEN[3:]))
            }
        }
    )
    names = {
        "exports": (ICT_EXPORTS, "per_gdp_gdp"),
        "services": ("UNCTAD.DDS.EXPORTS", "per_capita_population"),
        "online": (ONLINE, "per_capita_population"),
    }
    for name, (between, inside) in within.items():
        indicator, weighting = names[name]
        warehouse.index(indicator, 2023, between + inside, weighting=weighting)
        part(warehouse, indicator, weighting, "large", between + 0.1, inside - 0.01)
        part(warehouse, indicator, weighting, "small", -0.1, 0.01)


@pytest.mark.parametrize(
    ("within", "outcome", "title"),
    [
        ({"exports": (0.1, 0.7), "online": (0.01, 0.02)}, "all", "All two inequalities lie mostly"),
        (
            {"exports": (0.1, 0.7), "online": (0.01, 0.02), "services": (0.3, 0.1)}, "some",
            "Two of three inequalities lie mostly",
        ),
        ({"exports": (0.1, 0.7), "services": (0.3, 0.1)}, "one", "One of two inequalities lies"),
        # What reads half is not most of it.
        ({"services": (0.3, 0.302)}, "none", "None of one inequalities"),
    ],
)  # fmt: skip
def test_what_lies_within_groups_is_counted_as_it_reads(
    warehouse: ReportWarehouse, within: dict[str, tuple[float, float]], outcome: str, title: str
) -> None:
    grouped(warehouse, **within)
    facts = warehouse.facts()
    found, most = groups.taken_apart(facts)

    assert most is not None
    assert most.id == "large"
    assert groups.outcome(found) == outcome
    assert shown(between_within(facts)).title.startswith(title)


def test_parts_add_up_and_the_largest_index_comes_first(warehouse: ReportWarehouse) -> None:
    grouped(warehouse, online=(0.01, 0.02), exports=(0.1, 0.7))
    rows = shown(between_within(warehouse.facts())).table.rows

    assert [r["measure"] for r in rows] == [f"{ICT_EXPORTS} per GDP", ONLINE]
    assert [r["part"] for r in rows] == pytest.approx([12.5, 100 / 3])
    for row in rows:
        parts = [row[key] for key in ("between", "within", "others")]
        assert sum(p for p in parts if isinstance(p, float)) == pytest.approx(row["theil_t"])


def test_a_bloc_without_groups_is_not_taken_apart(warehouse: ReportWarehouse) -> None:
    warehouse.index(ONLINE, 2023, 0.2, weighting="per_capita_population")

    assert between_within(warehouse.facts()) is None


# --- places by release: a bump chart

DAYS = tuple(date(2025, month, 1) for month in (2, 4, 6, 8))


def seen(warehouse: ReportWarehouse, economy: str, *values: float) -> None:
    for day, value in zip(DAYS, values, strict=False):
        warehouse.add(
            "marts.value_history", indicator=ONLINE, economy=economy, year=2023, vintage=day,
            value=value,
        )  # fmt: skip


def test_a_place_that_only_releases_moved_is_told(warehouse: ReportWarehouse) -> None:
    for n, economy in enumerate(TEN[:7]):
        seen(warehouse, economy, *(90.0 - n,) * 4)
    seen(warehouse, "RUS", 80.0, 80.0, 95.0, 95.0)
    facts = warehouse.facts()
    exhibit = shown(bump(facts))

    assert exhibit.title == "2023 seen later: Russia went from place 8 to place 1 of eight"
    assert "in place 8 of eight in the first of four releases" in said(facts, "changes")
    assert "Left out, as not all of these releases have them: Tajikistan and Uzbekistan." in (
        exhibit.note
    )
    assert [r["place"] for r in exhibit.table.rows if r["member"] == "Russia"] == [8, 8, 1, 1]


def test_of_all_that_moved_the_one_that_moved_furthest_is_told(warehouse: ReportWarehouse) -> None:
    for n, economy in enumerate(TEN[:7]):
        seen(warehouse, economy, *(90.0 - n,) * 4)
    seen(warehouse, "RUS", 95.0, 95.0, 80.0, 80.0)
    found = release_ranks.order(warehouse.facts())

    # Seven others moved up by a place each.
    assert found is not None
    assert len(found.moved) == 8
    assert found.furthest == ("RUS", 1, 8)


def test_places_that_come_back_are_told_to_have_moved_in_between(
    warehouse: ReportWarehouse,
) -> None:
    for n, economy in enumerate(TEN):
        seen(warehouse, economy, *(90.0 - n,) * 4)
    warehouse.con.execute(
        "UPDATE marts.value_history SET value = 91 WHERE economy = 'CHN' AND vintage = ?",
        [DAYS[1]],
    )
    found = release_ranks.order(warehouse.facts())

    assert found is not None
    assert (found.furthest, found.moved) == (None, ("BLR", "CHN"))
    assert shown(bump(warehouse.facts())).title == (
        "2023 seen later: two of ten states were at other places in between"
    )


def test_equal_values_share_the_mean_of_their_places(warehouse: ReportWarehouse) -> None:
    for n, economy in enumerate(TEN):
        seen(warehouse, economy, *(90.0 if n < 2 else 80.0 - n,) * 4)
    facts = warehouse.facts()
    found = release_ranks.order(facts)

    assert found is not None
    assert dict(found.ranks)["BLR"] == dict(found.ranks)["CHN"] == (1.5,) * 4
    assert release_ranks.outcome(found) == "still"
    assert "The order holds" in said(facts, "changes")


def test_a_release_of_few_members_is_no_order(warehouse: ReportWarehouse) -> None:
    for n, economy in enumerate(TEN):
        # Half of the members are in the last two releases alone.
        values = (90.0 - n,) * 4
        seen(warehouse, economy, *values)
        if n >= 5:
            warehouse.con.execute(
                "DELETE FROM marts.value_history WHERE economy = ? AND vintage < ?",
                [economy, DAYS[2]],
            )
            for extra in (date(2025, 9, 1), date(2025, 10, 1)):
                warehouse.add(
                    "marts.value_history", indicator=ONLINE, economy=economy, year=2023,
                    vintage=extra, value=90.0 - n,
                )  # fmt: skip
    found = release_ranks.order(warehouse.facts())

    assert found is not None
    assert found.days == DAYS[2:]


def test_without_releases_there_is_no_order(warehouse: ReportWarehouse) -> None:
    assert bump(warehouse.facts()) is None
