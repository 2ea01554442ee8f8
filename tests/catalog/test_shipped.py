"""The catalogue that ships: who, since when, on what terms; and it fits the bundled archive."""

from collections import Counter
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.catalog import Catalog, Indicator
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import CONNECTORS
from pipeline.ingest.readers import read_snapshots
from pipeline.report import palette
from pipeline.settings import PROJECT_ROOT

TEN = ("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")
LIGHT, DARK, READABLE = "#FFFFFF", palette.DARK[palette.HALO], 4.5
"""Grounds of a page; 4.5 : 1 is what WCAG 2.2 asks of text (criterion 1.4.3)."""


@pytest.fixture(scope="module")
def archive() -> Archive:
    return Archive(None, PROJECT_ROOT / "pipeline" / "bundled")


# --- members and blocs


@pytest.mark.parametrize(
    ("year", "added"),
    [
        (2000, ()),
        (2001, ("CHN", "KAZ", "KGZ", "RUS", "TJK", "UZB")),
        (2017, ("IND", "PAK")),
        (2023, ("IRN",)),
        (2024, ("BLR",)),
    ],
)
def test_members_joined_when_they_did(catalog: Catalog, year: int, added: tuple[str, ...]) -> None:
    before, after = (set(catalog.members("sco_dated", y)) for y in (year - 1, year))

    assert after - before == set(added)


def test_the_ten_are_todays_members(catalog: Catalog) -> None:
    assert catalog.members() == TEN == catalog.bloc.members_on(date(2026, 1, 1))


def test_the_sets_of_the_article_leave_out_who_joined_later(catalog: Catalog) -> None:
    assert set(TEN) - set(catalog.members("sco_8")) == {"BLR", "IRN"}
    assert set(TEN) - set(catalog.members("sco_9_belarus")) == {"IRN"}


def test_the_articles_groups(catalog: Catalog) -> None:
    assert {g.name: g.economies for g in catalog.groups_of("article")} == {
        "Big Three": ("CHN", "IND", "RUS"),
        "Central Asia": ("KAZ", "KGZ", "TJK", "UZB"),
        "New members": ("BLR", "IRN"),
        "Pakistan": ("PAK",),
    }


@pytest.mark.parametrize(
    ("bloc", "day", "size"),
    [
        ("brics", date(2010, 6, 1), 4),
        ("brics", date(2025, 6, 1), 10),
        ("eaeu", date(2026, 1, 1), 5),
        ("asean", date(2025, 10, 25), 10),
        ("asean", date(2025, 10, 26), 11),
        ("eu", date(2020, 1, 31), 28),
        ("eu", date(2020, 2, 1), 27),
    ],
)
def test_blocs_have_as_many_members_as_they_had(
    catalog: Catalog, bloc: str, day: date, size: int
) -> None:
    assert len(catalog.blocs[bloc].members_on(day)) == size


def test_a_refresh_asks_for_members_blocs_and_their_aggregates(catalog: Catalog) -> None:
    asked = catalog.fetched_economies()

    assert {*TEN, "WLD", "EUU", "BRA", "GBR"} <= set(asked)
    assert set(asked) == set(catalog.economies)


def test_trade_by_partner_is_asked_for_the_ten_and_the_world_only(catalog: Catalog) -> None:
    asked = catalog.economies_asked_of(catalog.publishers["imf_imts"])

    assert asked == tuple(sorted((*TEN, "WLD")))
    assert catalog.economies_asked_of(catalog.publishers["world_bank_wdi"]) == (
        catalog.fetched_economies()
    )


# --- colours and tiles


@pytest.mark.parametrize("code", TEN)
def test_a_members_colour_reads_on_either_ground(catalog: Catalog, code: str) -> None:
    economy = catalog.economies[code]

    assert economy.colour is not None
    assert economy.colour_dark is not None
    assert contrast(economy.colour, LIGHT) >= READABLE
    assert contrast(economy.colour_dark, DARK) >= READABLE


def test_a_colour_on_light_ground_is_no_colour_of_the_charts(catalog: Catalog) -> None:
    """A page recolours by value: one value cannot have two counterparts."""
    own = {e.colour for e in catalog.economies.values() if e.colour}

    assert not own & set(palette.DARK)
    assert len(palette.dark_colours(catalog)) >= len(own) + len(palette.DARK)


def test_the_tiles_lie_as_the_states_do(catalog: Catalog) -> None:
    place = {code: catalog.economies[code].tile for code in TEN}
    tiles = {code: tile for code, tile in place.items() if tile}

    assert set(tiles) == set(TEN)
    for west, east in (("IRN", "TJK"), ("UZB", "KGZ"), ("KGZ", "CHN"), ("PAK", "IND"),
                       ("BLR", "RUS"), ("KAZ", "CHN")):  # fmt: skip
        assert tiles[west][0] < tiles[east][0], (west, east)
    for north, south in (("RUS", "KAZ"), ("KAZ", "UZB"), ("KGZ", "TJK"), ("TJK", "PAK"),
                         ("CHN", "IND"), ("KAZ", "IRN")):  # fmt: skip
        assert tiles[north][1] < tiles[south][1], (north, south)


def contrast(colour: str, ground: str) -> float:
    """Contrast ratio of two colours, by WCAG 2.2."""
    dark, light = sorted((luminance(colour), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# --- publishers


def test_every_connector_is_one_of_ours(catalog: Catalog) -> None:
    assert {p.connector for p in catalog.publishers.values() if p.connector} <= set(CONNECTORS)


def test_what_may_not_be_passed_on_stays_out_of_the_data_package(catalog: Catalog) -> None:
    kept_out = [p.id for p in catalog.publishers.values() if not p.licence.redistributable]

    assert sorted(kept_out) == ["itu_datahub", "itu_gci", "pch", "un_comtrade", "unesco_uis"]


# --- indicators


def test_recoded_series_are_asked_for_by_their_new_code(catalog: Catalog) -> None:
    recoded = {
        i.id: (i.live_code, i.live_source) for i in catalog.indicators.values() if i.live_code
    }

    assert recoded == {
        "COMTRADE.EXPORTS": ("X", None),
        "COMTRADE.IMPORTS": ("M", None),
        "EGDI": ("UN_EGDI_EGDI", None),
        "EMP_TEMP_SEX_ECO_NB.J": ("EMP_TEMP_SEX_ECO_NB_A/ECO_ISIC4_J", None),
        "GCI": ("ITU_GCI_GCI_OVRL_SCRE", None),
        "GE.EST": ("GOV_WGI_GE.EST", 3),
        "IMTS.MG_CIF_USD": ("MG_CIF_USD", None),
        "IMTS.XG_FOB_USD": ("XG_FOB_USD", None),
        "RQ.EST": ("GOV_WGI_RQ.EST", 3),
        "UNCTAD.DDS.EXPORTS": ("US.DigitallyDeliverableServices/Exports", None),
        "UNCTAD.DDS.IMPORTS": ("US.DigitallyDeliverableServices/Imports", None),
        "UNCTAD.ICTG.EXPORTS.SHARE": ("US.IctGoodsShare/Exports", None),
        "UNCTAD.ICTG.IMPORTS.SHARE": ("US.IctGoodsShare/Imports", None),
    }


def test_what_is_of_another_database_than_the_indicators_is_asked_for_there(
    catalog: Catalog,
) -> None:
    sources = {i.id: i.live_source for i in catalog.indicators.values() if i.live_source}

    assert sources == {"GE.EST": 3, "RQ.EST": 3, "g20.any": 28}
    assert catalog.indicators["g20.any"].publisher == "world_bank_findex"


def test_a_value_may_be_three_years_old_and_one_of_a_rarer_survey_four(catalog: Catalog) -> None:
    older = {i.id: i.max_age_years for i in catalog.indicators.values() if i.max_age_years != 3}

    assert [older.pop(code) for code in ("FX.OWN.TOTL.ZS", "g20.any")] == [4, 4]
    assert set(older.values()) == {4}
    assert all(code.startswith("EGDI") for code in older)


@pytest.mark.parametrize(
    ("economy", "first", "last", "broken"),
    [
        ("TJK", 2016, 2017, False),
        ("TJK", 2017, 2018, True),
        ("TJK", 2010, 2023, True),
        ("TJK", 2021, 2022, False),
        ("KAZ", 2010, 2023, False),
    ],
)
def test_tajikistans_internet_users_are_broken_between_2017_and_2021(
    catalog: Catalog, economy: str, first: int, last: int, broken: bool
) -> None:
    found = catalog.break_between("IT.NET.USER.ZS", economy, first, last)

    assert (found is not None) == broken


@pytest.mark.parametrize("code", ["IT.NET.BBND.P2", "IT.MLT.MAIN.P2"])
def test_tajikistans_lines_break_where_the_last_release_began_to_revise_them(
    catalog: Catalog, archive: Archive, code: str
) -> None:
    releases = [
        s
        for s in archive.snapshots()
        if s.indicators == (code,) and s.vintage in (date(2026, 4, 1), date(2026, 5, 1))
    ]
    before, after = (
        dict(zip(f["year"], f["value"].astype(float), strict=True))
        for _, whole in read_snapshots(archive, releases)
        for f in [whole[whole["economy"] == "TJK"]]
    )
    revised = [y for y in before if not 0.6 < after[y] / before[y] < 1.7]

    first = min(revised)
    assert [y for y in before if y >= first] == sorted(revised)
    assert catalog.break_between(code, "TJK", first - 1, first)
    assert not catalog.break_between(code, "TJK", first, first + 1)


def test_no_two_editions_of_an_index_are_compared(catalog: Catalog) -> None:
    assert catalog.break_between("EGDI", "KAZ", 2022, 2024)
    assert catalog.break_between("GCI", "KAZ", 2018, 2020)
    assert catalog.break_between("FX.OWN.TOTL.ZS", "KAZ", 2017, 2021)
    assert catalog.break_between("g20.any", "KAZ", 2017, 2021)


def test_ict_exports_have_every_weighting_of_an_amount(catalog: Catalog) -> None:
    assert catalog.indicators["BX.GSR.CCIS.CD"].weightings == (
        "totals",
        "per_capita_unweighted",
        "per_capita_population",
        "per_gdp_unweighted",
        "per_gdp_gdp",
        "per_services_services",
    )


def test_people_offline_stand_beside_people_online(catalog: Catalog) -> None:
    online = catalog.indicators["IT.NET.USER.ZS"]

    assert online.complement is not None
    assert online.complement.id == "IT.NET.USER.ZS.OFFLINE"
    assert {"share_unweighted", "per_capita_population", "totals"} <= set(online.weightings)


def test_no_two_indicators_share_a_name(catalog: Catalog) -> None:
    for field in ("name", "short_name"):
        names = Counter(getattr(i, field) for i in catalog.indicators.values())
        assert [n for n, count in names.items() if count > 1] == [], field


# --- the bundled archive


def test_every_bundled_indicator_is_in_the_catalogue(catalog: Catalog, archive: Archive) -> None:
    bundled = {(s.publisher, code) for s in archive.snapshots() for code in s.indicators}

    assert bundled <= {(i.publisher, i.id) for i in catalog.indicators.values()}


def test_the_bundle_credits_whom_the_catalogue_credits(catalog: Catalog, archive: Archive) -> None:
    for sidecar in archive.snapshots():
        publisher = catalog.publishers[sidecar.publisher]
        assert sidecar.attribution == publisher.attribution
        assert publisher.licence.name in sidecar.licence


def test_no_current_value_of_the_bundle_is_implausible(catalog: Catalog, archive: Archive) -> None:
    """Ranges admit the real extremes: none of these values is taken to be an error."""
    newest = {}
    for sidecar in archive.snapshots():
        for code in sidecar.indicators:
            newest[code] = sidecar
    chosen = {s.snapshot: s for s in newest.values()}.values()
    outside = []
    for sidecar, frame in read_snapshots(archive, chosen):
        for code in sidecar.indicators:
            if newest[code] is sidecar:
                own = frame[frame["indicator"] == code]
                outside += implausible(catalog.indicators[code], own)
    assert outside == []


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("TX.VAL.TECH.MF.ZS", 43.4),  # Kazakhstan
        ("IP.PAT.RESD", 1),  # Tajikistan
        ("BX.TRF.PWKR.DT.GD.ZS", 49.9),  # Tajikistan, in some years
        ("FP.CPI.TOTL.ZG", 169),  # Belarus
        ("IT.CEL.SETS.P2", 201),
        ("ITU_DH_ACT_MOB_PER_100", 162.7),  # Iran in 2022
    ],
)
def test_a_real_extreme_is_no_mistake(catalog: Catalog, code: str, value: float) -> None:
    plausible = catalog.indicators[code].plausible

    assert plausible.minimum <= value <= plausible.maximum


def implausible(indicator: Indicator, frame: pd.DataFrame) -> list[str]:
    """Values of the members and the world, or of everyone, outside the range."""
    if indicator.plausible_economies == "members":
        frame = frame[frame["economy"].isin([*TEN, "WLD"])]
    low, high = indicator.plausible.minimum, indicator.plausible.maximum
    wrong = frame[~frame["value"].astype(float).between(low, high)]
    return [f"{indicator.id}: {r.economy} {r.year}: {r.value}" for r in wrong.itertuples()]


def test_the_files_alias_nothing() -> None:
    """An entry says all of itself: it can be copied to make another."""
    folder: Path = PROJECT_ROOT / "pipeline" / "catalog" / "data"

    for path in folder.rglob("*.yaml"):
        assert not any(mark in path.read_text("utf-8") for mark in (": &", ": *", "<<:")), path
