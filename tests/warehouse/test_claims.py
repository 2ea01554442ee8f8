"""The claims in the warehouse: every verdict, and the numbers behind them computed a second way.

The second way is pandas on the archive's newest releases; a small archive shows what makes a
figure, and what does not.
"""

import math
from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from pipeline.catalog.claims import Claim
from pipeline.catalog.models import Catalog, CorrectedCell, Correction
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from tests.warehouse.conftest import TEN, Ask, Small

USERS, PEOPLE, GDP, PPP = "IT.NET.USER.ZS", "SP.POP.TOTL", "NY.GDP.MKTP.CD", "NY.GDP.MKTP.PP.CD"
ICT, INVESTMENT, TECH = "BX.GSR.CCIS.CD", "BX.KLT.DINV.CD.WD", "TX.VAL.TECH.CD"
EIGHT = tuple(c for c in TEN if c not in ("BLR", "IRN"))
Value = Callable[[str, str, int], float]

VERDICTS = {
    "holds": "C01 C02 C03 C27 C46",
    "holds_with_caveat": "C05 C13 C16 C22 C25 C41",
    "outdated": "C15 C17 C20",
    "not_supported": "C04 C23 C26",
    "internally_inconsistent": "C08 C29",
    "sources_conflict": "",
    "not_checkable": (
        "C06 C07 C09 C10 C11 C12 C14 C18 C19 C21 C24 C28 C30 C31 C32 C33 C34 C35 C36 C37 C38 C39 "
        "C40 C42 C43 C44 C45 C47"
    ),
}
"""By the releases that ship with the project."""


@pytest.fixture(scope="module")
def published(bundled_archive: Archive) -> Value:
    """A value of the newest release, by indicator, economy and year."""
    tables: dict[str, pd.Series] = {}

    def value(indicator: str, economy: str, year: int) -> float:
        if indicator not in tables:
            frame = _release(bundled_archive, indicator)
            keyed = frame.set_index(["economy", "year"])["value"].astype(float)
            tables[indicator] = keyed
        return float(tables[indicator][economy, year])

    return value


def _release(archive: Archive, indicator: str, vintage: date | None = None) -> pd.DataFrame:
    """A release of one series: the newest, or that of a day, of its copies the most precise."""
    own = [s for s in archive.snapshots() if s.indicators == (indicator,)]
    day = vintage or max(s.vintage for s in own)
    copies = [read_observations(s, archive.read(s)) for s in own if s.vintage == day]
    return max(copies, key=lambda f: (f["economy"].nunique(), f["value"].str.len().mean()))


def total(value: Value, indicator: str, year: int) -> float:
    return math.fsum(value(indicator, c, year) for c in TEN)


def theil(value: Value, year: int, states: tuple[str, ...]) -> float:
    """Theil T of ICT service exports against GDP."""
    x = {c: value(ICT, c, year) for c in states}
    w = {c: value(GDP, c, year) for c in states}
    sx, sw = math.fsum(x.values()), math.fsum(w.values())
    return math.fsum(x[c] / sx * math.log(x[c] / sx / (w[c] / sw)) for c in states)


# --- verdicts on real figures


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_claims_come_out_as_reviewed(ask: Ask, verdict: str) -> None:
    found = ask(f"SELECT claim_id FROM marts.claims WHERE verdict = '{verdict}' ORDER BY 1")

    assert " ".join(code for (code,) in found) == VERDICTS[verdict]


def test_what_is_found_is_what_pandas_finds(ask: Ask, published: Value) -> None:
    v = published
    # Kyrgyzstan has no exports of ICT services for 2024.
    seven = tuple(c for c in EIGHT if c != "KGZ")
    expected: dict[str, tuple[float, int]] = {
        "C01": (10, 2025),
        "C02": (24, 2025),
        "C03": (2024, 2026),
        "C04": (100 * total(v, PEOPLE, 2024) / v(PEOPLE, "WLD", 2024), 2024),
        "C05": (100 * total(v, GDP, 2024) / v(GDP, "WLD", 2024), 2024),
        "C08": (100 * 6.9e12 / v(GDP, "CHN", 2024), 2024),
        "C13": (v(USERS, "IND", 2024) / 100 * v(PEOPLE, "IND", 2024) / 1e6, 2024),
        "C15": (v(USERS, "KAZ", 2024), 2024),
        "C16": (v(ICT, "KAZ", 2024) / 1e6, 2024),
        "C17": (v(USERS, "UZB", 2024), 2024),
        "C20": (v(USERS, "TJK", 2024), 2024),
        "C22": (theil(v, 2019, EIGHT), 2019),
        "C23": (
            100
            * min(theil(v, 2024, tuple(c for c in seven if c != out)) for out in seven)
            / theil(v, 2024, seven),
            2024,
        ),
        "C25": (v(USERS, "IRN", 2024) - v(USERS, "IRN", 2021), 2024),
        "C26": (
            sum(v(INVESTMENT, "BLR", y) - v(INVESTMENT, "BLR", y - 3) for y in (2022, 2023, 2024))
            / 3e6,
            2024,
        ),
        "C29": (100 * 4e9 / v(GDP, "PAK", 2024), 2024),
        "C46": (100 * 880e6 / v(PEOPLE, "IND", 2024), 2024),
    }
    expected |= {"C27": expected["C03"], "C41": expected["C22"]}

    rows = ask("SELECT claim_id, value_found, year FROM marts.claims WHERE value_found IS NOT NULL")

    assert {code: year for code, _, year in rows} == {c: year for c, (_, year) in expected.items()}
    for code, value, _ in rows:
        assert value == pytest.approx(expected[code][0], rel=1e-9), code


def test_reasons_say_numbers_that_pandas_finds(ask: Ask, published: Value) -> None:
    v = published
    said: dict[str, str] = dict(
        ask("SELECT claim_id, replace(reason, chr(160), ' ') FROM marts.claims")
    )
    ppp = 100 * total(v, PPP, 2024) / v(PPP, "WLD", 2024)
    before = v(USERS, "IRN", 2021) - v(USERS, "IRN", 2018)
    mean = sum(v(INVESTMENT, "BLR", y) for y in (2022, 2023, 2024)) / 3e6
    tech = 100 * v(TECH, "CHN", 2023) / v(TECH, "WLD", 2023)
    russia = 100 * 150e9 / v(GDP, "RUS", 2024)
    ten_years = sum(v(INVESTMENT, "PAK", y) for y in range(2015, 2025)) / 1e9

    assert f"at purchasing power parity it is {ppp:.1f} % (2024)" in said["C05"]
    assert f"The three years before brought {before:.1f} points" in said["C25"]
    assert f"They came to {mean:,.0f} million US dollars a year" in said["C26"]
    assert f"China had {tech:.0f} % of the world’s exports" in said["C09"]
    assert f"came to {ten_years:.0f} billion US dollars in the ten years to 2024" in said["C38"]
    assert f"a rate of {50 / 6.9:.2f} yuan a dollar" in said["C07"]
    assert f"It would be {russia:.1f} % of the GDP of 2024" in said["C10"]


def test_trade_that_is_too_old_is_what_pandas_finds(ask: Ask, bundled_archive: Archive) -> None:
    flows = {}
    for indicator in ("DOTS.IMPORTS", "DOTS.EXPORTS"):
        frame = _release(bundled_archive, indicator)
        own = frame[
            (frame["economy"] == "PAK")
            & (frame["year"] == 2020)
            & frame["counterpart"].isin([c for c in TEN if c != "PAK"])
        ]
        flows[indicator] = own["value"].astype(float).sum() / 1e3
    deficit = flows["DOTS.IMPORTS"] - flows["DOTS.EXPORTS"]

    ((reason,),) = ask(
        "SELECT replace(reason, chr(160), ' ') FROM marts.claims WHERE claim_id = 'C32'"
    )

    assert reason.startswith(
        f"The newest open figure, {deficit:.1f} billion US$, is of 2020: too old to speak of 2024."
    )


def test_every_reason_ends_and_has_no_place_left_to_fill(ask: Ask) -> None:
    for code, reason in ask("SELECT claim_id, reason FROM marts.claims"):
        assert reason.endswith("."), code
        assert not set(reason) & set("{}"), code
        assert "nan" not in reason.split(), code


def test_what_rests_on_figures_names_its_snapshots(ask: Ask) -> None:
    unnamed = ask(
        "SELECT claim_id FROM marts.claims WHERE value_found IS NOT NULL AND snapshots = ''"
        " ORDER BY 1"
    )
    # The register of members has no snapshot.
    assert [code for (code,) in unnamed] == ["C01", "C02", "C03", "C27"]


# --- what each release made of a claim


def test_tajikistan_came_out_otherwise_in_three_releases(
    ask: Ask, bundled_archive: Archive
) -> None:
    rows = ask(
        "SELECT seen_from, value_found, newest FROM marts.claim_history"
        " WHERE claim_id = 'C20' AND year = 2021 ORDER BY seen_from"
    )

    assert [(str(day), round(value, 1)) for day, value, _ in rows] == [
        ("2024-11-05", 28.3),
        ("2025-04-15", 49.8),
        ("2026-04-08", 36.7),
    ]
    for day, value, _ in rows:
        frame = _release(bundled_archive, USERS, day)
        own = frame[(frame["economy"] == "TJK") & (frame["year"] == 2021)]["value"]
        assert value == float(own.item())
    assert ask(
        "SELECT seen_from, year, verdict FROM marts.claim_history"
        " WHERE claim_id = 'C20' AND newest ORDER BY seen_from"
    ) == [
        (date(2020, 6, 17), 2024, "not_checkable"),
        (date(2024, 11, 5), 2022, "holds_with_caveat"),
        (date(2025, 4, 15), 2023, "outdated"),
        (date(2026, 4, 8), 2024, "outdated"),
    ]


def test_india_came_to_880_million_with_a_release(ask: Ask) -> None:
    rows = ask(
        "SELECT year, round(value_found), verdict FROM marts.claim_history"
        " WHERE claim_id = 'C13' AND newest AND value_found IS NOT NULL ORDER BY seen_from"
    )

    assert rows == [(2022, 797.0, "not_supported"), (2024, 942.0, "holds_with_caveat")]


# --- what makes a figure


def claims_of(*claims: Claim) -> dict[str, Claim]:
    return {c.id: c for c in claims}


def claim(code: str = "C01", **fields: object) -> Claim:
    standard: dict[str, object] = {
        "id": code, "section": "intro", "text": "So it is.", "economies": ["KAZ", "UZB"],
        "kind": "at_least", "value": 1, "year": 2023,
        "figures": {"own": {"indicator": PEOPLE}}, "expression": "own",
    }  # fmt: skip
    return Claim.model_validate(standard | fields)


def with_claims(small: Small, *claims: Claim, **more: object) -> Small:
    catalog: Catalog = small.catalog.model_copy(update={"claims": claims_of(*claims), **more})
    return Small(small.path, catalog, small.filled)


def figures(small: Small) -> list[tuple[object, ...]]:
    return small.rows(
        "SELECT CAST(seen_from AS VARCHAR), year, figure, value FROM marts.claim_figures"
        " WHERE figure <> 'rest' ORDER BY ALL"
    )


def test_a_figure_is_the_sum_of_its_states_or_is_not_there(small: Small) -> None:
    small.add(PEOPLE, "2024-01-01", {("KAZ", 2021): 1, ("UZB", 2021): 2, ("KAZ", 2022): 5})
    asked = with_claims(small, claim())
    asked.build("2024-06-01")

    assert figures(asked) == [("2024-01-01", 2021, "own", 3.0)]


def test_a_figure_of_years_before_and_a_mean_over_years(small: Small) -> None:
    values = {(c, y): y - 2000.0 for c in ("KAZ", "UZB") for y in range(2018, 2024)}
    del values["UZB", 2019]
    small.add(PEOPLE, "2024-01-01", values)
    mean = claim(
        figures={
            "mean": {"indicator": PEOPLE, "over": 3},
            "before": {"indicator": PEOPLE, "shift": -2},
        },
        expression="mean - before",
    )
    asked = with_claims(small, mean)
    asked.build("2024-06-01")

    assert [row[1:] for row in figures(asked)] == [
        (2020, "before", 36.0), (2022, "before", 40.0), (2022, "mean", 42.0),
        (2023, "before", 42.0), (2023, "mean", 44.0),
    ]  # fmt: skip


def test_a_state_is_no_partner_of_its_own(small: Small) -> None:
    small.filled.add_flows(
        "TRADE",
        date(2024, 1, 1),
        {("KAZ", "UZB", 2022): 3, ("KAZ", "TJK", 2022): 4, ("KAZ", "KAZ", 2022): 100},
    )
    trade = claim(
        economies=["KAZ"],
        figures={"own": {"indicator": "TRADE", "partners": ["KAZ", "TJK", "UZB"]}},
    )
    asked = with_claims(small, trade)
    asked.build("2024-06-01")

    assert figures(asked) == [("2024-01-01", 2022, "own", 7.0)]


def test_each_series_is_its_newest_release_of_the_day(small: Small) -> None:
    for day, people in (("2024-01-01", 10), ("2024-03-01", 20)):
        small.add(PEOPLE, day, {("KAZ", 2022): people})
    small.add(GDP, "2024-02-01", {("KAZ", 2022): 100})
    ratio = claim(
        economies=["KAZ"],
        figures={"own": {"indicator": PEOPLE}, "rest": {"indicator": GDP}},
        expression="rest / own",
        value=6,
        year=2022,
    )
    asked = with_claims(small, ratio)
    asked.build("2024-06-01")

    assert [row[::3] for row in figures(asked)] == [
        ("2024-01-01", 10.0), ("2024-02-01", 10.0), ("2024-03-01", 20.0),
    ]  # fmt: skip
    history = "SELECT value_found, verdict FROM marts.claim_history ORDER BY seen_from"
    assert asked.rows(history) == [
        (None, "not_checkable"), (10.0, "holds"), (5.0, "outdated"),
    ]  # fmt: skip
    ((vintage, reason),) = asked.rows("SELECT vintage, reason FROM marts.claims")
    assert vintage == date(2024, 3, 1)
    assert "By the release of 2024-02-01 it was so" in reason


def test_corrected_values_are_taken_and_withdrawn_ones_are_not(small: Small) -> None:
    small.add(PEOPLE, "2024-01-01", {("KAZ", 2021): 1, ("KAZ", 2022): 2, ("KAZ", 2023): 3})
    cells = (
        CorrectedCell(year=2021, expect=1, value=7),
        CorrectedCell(year=2022, expect=2, withdraw=True),
    )
    correction = Correction(
        id="one", indicator=PEOPLE, economy="KAZ", cells=cells, reason="made up",
        evidence="made up", by="a test", since=date(2024, 1, 1),
    )  # fmt: skip
    asked = with_claims(small, claim(economies=["KAZ"]), corrections={"one": correction})
    asked.build("2024-06-01")

    assert [(year, value) for _, year, _, value in figures(asked)] == [(2021, 7.0), (2023, 3.0)]


def test_sources_that_disagree_are_told(small: Small) -> None:
    small.add(PEOPLE, "2024-01-01", {("KAZ", 2023): 2})
    small.add(GDP, "2024-02-01", {("KAZ", 2023): 0.5})
    rival = claim(
        economies=["KAZ"],
        figures={"own": {"indicator": PEOPLE}, "rest": {"indicator": GDP}},
        rivals={"a_survey": "rest"},
    )
    asked = with_claims(small, rival)
    asked.build("2024-06-01")

    ((verdict, reason, figures_used),) = asked.rows(
        "SELECT verdict, replace(reason, chr(160), ' '), figures FROM marts.claims"
    )
    assert (verdict, figures_used) == ("sources_conflict", "own:2023 rest:2023")
    assert "By another source (a survey) it is 0.5" in reason


def test_a_catalogue_without_claims_has_empty_tables(small: Small) -> None:
    small.add(PEOPLE, "2024-01-01", {("KAZ", 2021): 1})
    small.build("2024-06-01")

    for table in ("claims", "claim_history", "claim_figures"):
        assert small.rows(f"FROM marts.{table}") == []


def test_every_figure_of_a_claim_names_its_series_by_which_its_licence_is_known(ask: Ask) -> None:
    assert ask("SELECT count(*) FROM marts.claim_figures WHERE indicator IS NULL") == [(0,)]
    assert ask(
        "SELECT DISTINCT figure, indicator FROM marts.claim_figures"
        " WHERE claim_id IN ('C01', 'C13') ORDER BY figure"
    ) == [("members", "members"), ("online", "IT.NET.USER.ZS"), ("people", "SP.POP.TOTL")]
