"""Agreement of entries: what one says of another holds, or a sentence says where it does not."""

import pytest

from pipeline.errors import CatalogError
from tests.catalog.conftest import Copy

TRADE = "indicators/digital_trade.yaml"
MACRO = "indicators/macro.yaml"
USE = "indicators/access_use.yaml"


def complaint(copy: Copy) -> str:
    with pytest.raises(CatalogError) as caught:
        copy.load()
    return str(caught.value).replace(f"{copy.folder}/", "")


def refused(copy: Copy, name: str, old: str, new: str, said: str) -> None:
    copy.replace(name, old, new)
    assert complaint(copy) == f"{name}: {said}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tile: [3, 2]", "tile: [0, 0]",
         "CHN: tile: (0, 0) is that of BLR too, expected one of its own"),
        ("tile: [3, 2]", "tile: [3, -2]", "CHN: tile: (3, -2): expected columns and rows from 0"),
        ("#B3262E", "#3F7D2A", "CHN: colour: #3F7D2A is that of BLR too, expected one of its own"),
        (', colour_dark: "#F3776F"', "",
         "CHN: colour_dark: is missing, expected one for either ground"),
        ('m49: "156"', 'm49: "112"', "CHN: m49: 112 is that of BLR too, expected one of its own"),
        ("iso2: CN", "iso2: BY", "CHN: iso2: BY is that of BLR too, expected one of its own"),
        ("name: China", "name: Belarus",
         "CHN: name: Belarus is that of BLR too, expected one of its own"),
    ],
)  # fmt: skip
def test_colours_tiles_and_codes_belong_to_one_economy(
    copy: Copy, old: str, new: str, said: str
) -> None:
    refused(copy, "economies.yaml", old, new, said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("economy: BRA", "economy: CNH",
         "brics: members.0.economy: CNH is not in the catalogue, expected CHN or another economy"),
        ("economy: BRA", "economy: WLD",
         "brics: members.0.economy: WLD is an aggregate, expected an economy"),
        ("aggregate: WLD", "aggregate: CHN",
         "world: aggregate: CHN is an economy, expected an aggregate"),
        ("aggregate: WLD", "founded: 1945-10-24",
         "world: members: is missing, expected members or an aggregate"),
        ("economy: IND, since: 2017", "economy: IND, since: 2000",
         "sco: members.6.since: 2000-06-09 lies before the foundation, "
         "expected 2001-06-15 or later"),
        ("until: 2020-02-01", "until: 1973-01-01",
         "eu: members.7.until: 1973-01-01 is not after since, expected a day after 1973-01-01"),
        ("- {economy: KAZ, since: 2015-01-01}", "- {economy: BLR, since: 2020-01-01}",
         "eaeu: members: BLR is a member twice on 2020-01-01, expected once"),
        ("sco:\n", "sca:\n", "sco: members: is missing, expected the project's own bloc"),
    ],
)  # fmt: skip
def test_members_of_blocs_are_economies_with_an_order_of_days(
    copy: Copy, old: str, new: str, said: str
) -> None:
    refused(copy, "blocs.yaml", old, new, said)


def test_a_state_may_leave_a_bloc_and_come_back(copy: Copy) -> None:
    copy.replace(
        "blocs.yaml",
        "- {economy: KAZ, since: 2015-01-01}",
        "- {economy: KAZ, since: 2015-01-01, until: 2016-01-01}\n"
        "    - {economy: KAZ, since: 2016-01-01}",
    )

    assert len(copy.load().blocs["eaeu"].members) == 6


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("economies: [PAK]", "economies: [PAK, CHN]",
         "pakistan: economies: CHN is in big_three too, expected in one group"),
        ("economies: [PAK]", "economies: [BRA]",
         "pakistan: economies: BRA is no member of sco, expected members"),
        ("economies: [BLR, IRN]", "economies: [BLR]",
         "big_three: economies: no group of scheme article has IRN, "
         "expected every member of sco in one"),
        ("bloc: sco", "bloc: sci",
         "big_three: bloc: sci is not in the catalogue, expected sco or another bloc"),
    ],
)  # fmt: skip
def test_the_groups_of_a_scheme_hold_every_member_once(
    copy: Copy, old: str, new: str, said: str
) -> None:
    refused(copy, "groups.yaml", old, new, said)


def test_the_groups_of_a_scheme_are_of_one_bloc(copy: Copy) -> None:
    copy.append(
        "groups.yaml",
        "\nz: {scheme: article, bloc: eu, name: Z, economies: [FRA]}\n",
    )

    assert complaint(copy) == (
        "groups.yaml: z: bloc: eu is not the scheme's, expected sco as in big_three"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("economies: [BLR, CHN", "economies: [FRA, CHN",
         "sco_10: economies: FRA was never a member of sco, expected members"),
        ("economies: [BLR, CHN", "economies: [BLR, BLR, CHN",
         "sco_10: economies: BLR stands twice, expected once"),
        ("bloc: sco", "bloc: shanghai",
         "sco_10: bloc: shanghai is not in the catalogue, expected one of its bloc entries"),
    ],
)  # fmt: skip
def test_member_sets_are_of_members(copy: Copy, old: str, new: str, said: str) -> None:
    refused(copy, "member_sets.yaml", old, new, said)


def test_the_reports_own_set_must_be_there(copy: Copy) -> None:
    said = "sco_10: economies: is missing, expected the report's own set"

    refused(copy, "member_sets.yaml", "sco_10:\n", "sco_ten:\n", said)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("publisher: world_bank_wdi", "publisher: world_bank",
         "publisher: world_bank is not in the catalogue, "
         "expected world_bank_wdi or another publisher"),
        ("weight: SP.POP.TOTL", "weight: SP.POP.TOTAL",
         "aggregation.weight: SP.POP.TOTAL is not in the catalogue, "
         "expected SP.POP.TOTL or another indicator"),
        ("weight: SP.POP.TOTL", "weight: IT.NET.USER.ZS",
         "aggregation.weight: IT.NET.USER.ZS is the indicator itself, expected another"),
        ("maximum: 100}", "maximum: 101}",
         "plausible: 0 to 101 for a share, expected a range within 0 to 100"),
        ("years: [2017, 2021]", "years: [2021, 2017]",
         "breaks.0.years: 2021, 2017: expected the first year first"),
        ("economies: [TJK]", "economies: [TJ]", "breaks.0.economies.0: 'TJ' has the wrong form, "
         "expected ^[A-Z0-9]{3}$"),
        ("economies: [TJK]", "economies: [TKJ]",
         "breaks.0.economies: TKJ is not in the catalogue, expected TJK or another economy"),
        ("weightings: [totals,", "weightings: [totals, totals,",
         "weightings: totals stands twice, expected once"),
        ("weightings: [totals,", "weightings: [per_gdp_gdp,",
         "weightings: per_gdp_gdp makes no sense for a share, expected per_capita_population, "
         "per_capita_unweighted, share_unweighted, totals"),
        ("kind: share", "kind: per_head",
         "complement: only a share has one, expected none for a per_head"),
        ("kind: share", "kind: growth", "weightings: totals makes no sense for a growth, "
         "expected none"),
        ("max_jump: 12", "max_jump: 12\n  live: false\n  live_code: X",
         "live_code: the indicator is not live, expected none"),
    ],
)  # fmt: skip
def test_an_indicator_agrees_with_the_rest(copy: Copy, old: str, new: str, said: str) -> None:
    refused(copy, USE, old, new, f"IT.NET.USER.ZS: {said}")


@pytest.mark.parametrize(
    ("name", "entry", "old", "new", "said"),
    [
        (TRADE, "BX.GSR.CCIS.CD", "max_jump: 3", "max_jump: 0.5",
         "max_jump: 0.5 is a factor for a flow, expected above 1"),
        (TRADE, "BX.GSR.CCIS.CD", "minimum: 0", "minimum: -1",
         "max_jump: is a factor, which values below zero do not have, expected none"),
        ("indicators/macro.yaml", "DOTS.EXPORTS", "live: false", "live: true",
         "live: publisher imf_dots has no connector, expected false"),
        ("indicators/egov_trust.yaml", "GCI", "kind: index", "kind: index\n  headline: true",
         "headline: figures of itu_gci may not stand in the data package, expected false"),
    ],
)  # fmt: skip
def test_jumps_fetching_and_headlines_fit_the_indicator(
    copy: Copy, name: str, entry: str, old: str, new: str, said: str
) -> None:
    before, own = copy.read(name).split(f"\n{entry}:", 1)
    (copy.folder / name).write_text(f"{before}\n{entry}:{own.replace(old, new, 1)}", "utf-8")

    assert complaint(copy) == f"{name}: {entry}: {said}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("\nBM.GSR.NFSV.CD:", "\nBX_GSR.NFSV.CD:",
         "BX_GSR.NFSV.CD: id: differs from BX.GSR.NFSV.CD in case or punctuation only, "
         "expected more"),
        ("\nBM.GSR.NFSV.CD:", "\nIT.NET.USER.ZS.OFFLINE:",
         "IT.NET.USER.ZS.OFFLINE: id: is that of the complement of IT.NET.USER.ZS too, "
         "expected one of its own"),
        ("weightings: [share_unweighted]",
         "complement: {id: IT.NET.USER.ZS.OFFLINE, name: N, short_name: S}",
         "IT.NET.USER.ZS: complement.id: is that of the complement of BX.GSR.CCIS.ZS too, "
         "expected one of its own"),
    ],
)  # fmt: skip
def test_ids_do_not_collide(copy: Copy, old: str, new: str, said: str) -> None:
    copy.replace(TRADE, old, new)

    name = USE if said.startswith("IT.NET.USER.ZS:") else TRADE
    assert complaint(copy) == f"{name}: {said}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("goods: {flow: imports, per_million: 1,", "goods: {flow: exports, per_million: 1,",
         "DOTS.IMPORTS: goods.flow: exports of imf_dots are those of DOTS.EXPORTS too, "
         "expected one series a flow"),
        ("flow: exports, per_million: 1, preference: 1",
         "flow: exports, per_million: 1, preference: 3",
         "DOTS.IMPORTS: goods.preference: 1: another series of imf_dots has 3, expected the same"),
        ("flow: imports, per_million: 1_000_000, preference: 2",
         "flow: imports, per_million: 1_000_000, preference: 1",
         "IMTS.MG_CIF_USD: goods.preference: 1 is that of imf_dots too, expected one of its own"),
        ("flow: exports, per_million: 1_000_000,", "flow: exports, per_million: 0,",
         "IMTS.XG_FOB_USD: goods.per_million: 0 is wrong, expected greater than 0"),
    ],
)  # fmt: skip
def test_one_publisher_can_speak_for_goods_trade(copy: Copy, old: str, new: str, said: str) -> None:
    refused(copy, MACRO, old, new, said)


def test_goods_trade_in_the_data_files_may_be_passed_on(copy: Copy) -> None:
    before, own = copy.read("publishers.yaml").split("\nimf_dots:")
    own = own.replace("redistributable: true", "redistributable: false", 1)
    (copy.folder / "publishers.yaml").write_text(f"{before}\nimf_dots:{own}", "utf-8")

    assert complaint(copy) == (
        f"{MACRO}: DOTS.EXPORTS: goods: figures of imf_dots may not stand in the data package, "
        "expected none"
    )


CORRECTION = """
{id}:
  indicator: IT.NET.USER.ZS
  economy: TJK
  cells: [{{year: 2021, expect: 49.8, value: 36.7}}]
  reason: of another survey
  evidence: release of April 2026
  by: the editors
  since: {since}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("IT.NET.USER.ZS", "IT.NET.USR.ZS",
         "indicator: IT.NET.USR.ZS is not in the catalogue, expected IT.NET.USER.ZS or another"),
        ("economy: TJK", "economy: TKJ",
         "economy: TKJ is not in the catalogue, expected TJK or another economy"),
        ("economy: TJK", "economy: TJK\n  counterpart: CNH",
         "counterpart: CNH is not in the catalogue, expected CHN or another economy"),
        ("value: 36.7", "value: 49.8",
         "cells.0.value: 49.8 is what is published, expected another"),
        ("value: 36.7", "value: 367", "cells.0.value: 367 is not plausible, expected 0 to 100"),
        ("36.7}]", "36.7}, {year: 2021, expect: 1, value: 2}]",
         "cells.1.year: 2021 stands twice, expected once"),
        ("since: 2025-04-15", "since: 2025-04-15\n  until: 2025-04-15",
         "until: 2025-04-15 is not after since, expected a day after 2025-04-15"),
    ],
)  # fmt: skip
def test_a_correction_is_of_a_known_value_and_makes_it_another_plausible_one(
    copy: Copy, old: str, new: str, said: str
) -> None:
    entry = CORRECTION.format(id="one", since="2025-04-15")
    assert old in entry
    (copy.folder / "corrections.yaml").write_text(entry.replace(old, new, 1), "utf-8")

    assert complaint(copy).startswith(f"corrections.yaml: one: {said}")


def test_no_value_has_two_corrections_on_one_day(copy: Copy) -> None:
    one = CORRECTION.format(id="one", since="2025-04-15")
    two = CORRECTION.format(id="two", since="2026-04-08")
    (copy.folder / "corrections.yaml").write_text(one + two, "utf-8")
    assert complaint(copy) == (
        "corrections.yaml: two: cells: one corrects 2021 for the same days, "
        "expected one correction of a value"
    )

    (copy.folder / "corrections.yaml").write_text(f"{one}  until: 2026-04-08\n{two}", "utf-8")
    assert set(copy.load().corrections) == {"one", "two"}
