"""Profiles of states: what each says is what the marts say of that state, and no more."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.catalog import Catalog
from pipeline.errors import ReportError
from pipeline.report.content import ClaimCards, Profile, Report
from pipeline.report.html import render_html
from pipeline.report.profiles import newest_text, profiles
from pipeline.report.references import resolve
from tests.report.small_warehouse import NAMES, ReportWarehouse

Values = dict[tuple[str, int], float]
TARGET = {
    "target": "internet_users", "economy": "TJK", "indicator": "IT.NET.USER.ZS", "year": 2024,
    "value": 55.8, "reached": False, "range_low": 2029.04, "range_high": 2035.06,
    "published": True,
}  # fmt: skip


def profile_of(report: Report, name: str) -> Profile:
    return next(p for p in report.profiles() if p.title == name)


def point(profile: Profile, title: str) -> str:
    return next("".join(s.text for s in said) for t, said in profile.points if t == title)


def test_every_member_has_a_profile_by_name_with_a_table_of_its_own(
    bundled_report: Report,
) -> None:
    found = bundled_report.profiles()

    assert [p.title for p in found] == sorted(p.title for p in found)
    assert len({p.values.id for p in found}) == len(found) == 10
    assert {p.values.id for p in found} <= {e.id for e in bundled_report.exhibits()}


def test_tables_are_numbered_on_through_the_profiles(bundled_report: Report) -> None:
    numbers = [e.number for e in bundled_report.exhibits() if e.kind == "table"]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_value_that_is_too_old_is_not_shown(bundled_report: Report) -> None:
    for profile in bundled_report.profiles():
        rows = profile.values.table.rows
        assert {r["newest"] for r in rows if float(r["age"] or 0) > 4} <= {"too old"}
        assert {r["newest"] for r in rows if r["year"] is None} <= {"never published"}


def test_the_newest_value_is_the_publishers(
    bundled_report: Report, values: dict[str, Values]
) -> None:
    row = next(
        r for r in profile_of(bundled_report, "India").values.table.rows
        if r["series"] == "Internet users"
    )  # fmt: skip
    year = max(y for c, y in values["IT.NET.USER.ZS"] if c == "IND")

    assert (row["year"], row["newest"]) == (
        year, f"{values['IT.NET.USER.ZS']['IND', year]:.1f}"
    )  # fmt: skip


def test_series_that_may_not_be_passed_on_stand_in_no_profile(bundled_report: Report) -> None:
    for profile in bundled_report.profiles():
        assert "Cybersecurity index" not in {r["series"] for r in profile.values.table.rows}


def test_strengths_lie_above_the_median_state_and_gaps_below(bundled_report: Report) -> None:
    for profile in bundled_report.profiles():
        for title, said in profile.points:
            text = "".join(s.text for s in said)
            if title.startswith("Strengths"):
                assert "−" not in text
            if title.startswith("Gaps"):
                assert "+" not in text


def test_the_rank_comes_with_its_interval(bundled_report: Report) -> None:
    table = next(e for e in bundled_report.exhibits() if e.id == "index_scores").table
    for row in table.rows:
        low, high = int(row["low"] or 0), int(row["high"] or 0)
        span = str(low) if low == high else f"{low}–{high}"
        said = point(profile_of(bundled_report, str(row["member"])), "Composite index")
        assert f"Rank {span} of ten" in said


@pytest.mark.parametrize(
    ("verdict", "said"),
    [("on_track", "On track"), ("off_track", "Off track"), ("cannot_say", "No verdict")],
)
def test_a_target_is_told_with_its_verdict_and_span(
    warehouse: ReportWarehouse, verdict: str, said: str
) -> None:
    warehouse.online({"TJK": 55.8})
    warehouse.add("core.targets", target="internet_users", name="x", issuer="x", deadline=2030,
                  indicator="IT.NET.USER.ZS", counts_from=90.0, counts_basis="ours")  # fmt: skip
    warehouse.add("marts.targets", **TARGET, verdict=verdict)

    text = point(profiles(warehouse.facts(), 1)[0], "Target of internet use")
    assert text.startswith(said)
    assert "2029.0–2035.1" in text


def test_what_is_not_known_of_a_state_is_left_out(warehouse: ReportWarehouse) -> None:
    warehouse.online({"TJK": 55.8})

    (profile,) = profiles(warehouse.facts(), 1)
    assert [title for title, _ in profile.points] == ["The data"]


def test_a_bloc_without_any_value_has_no_profiles(warehouse: ReportWarehouse) -> None:
    assert profiles(warehouse.facts(), 1) == ()


def test_amounts_are_scaled_and_shares_keep_their_digits(bundled_report: Report) -> None:
    from pipeline.catalog import load_catalog
    from pipeline.settings import settings

    known = load_catalog(settings().catalog_dir).indicators
    assert newest_text(known["NY.GDP.MKTP.CD"], 2.345e12) == "2.35\u00a0tn"
    assert newest_text(known["UNCTAD.DDS.EXPORTS"], 288653.0) == "289\u00a0bn"
    assert newest_text(known["EGDI"], 0.8718) == "0.872"


# --- how firm the data are


def test_the_oldest_value_is_named(bundled_report: Report, values: dict[str, Values]) -> None:
    newest = [max(y for c, y in own if c == "IND") for own in values.values()
              if any(c == "IND" for c, _ in own)]  # fmt: skip

    text = point(profile_of(bundled_report, "India"), "The data")
    assert f"is of {min(newest)}: too old to be used." in text


def test_estimates_of_the_publisher_are_counted(bundled_report: Report, bundled: Path) -> None:
    with duckdb.connect(str(bundled), read_only=True) as con:
        flows = con.execute(
            "SELECT economy, counterpart, status FROM core.current "
            "WHERE publisher = 'imf_dots' AND year >= 1990"
        ).df()
    among = flows[flows["economy"].isin(NAMES) & flows["counterpart"].isin(NAMES)]
    estimated = among[among["status"] == "E"].groupby("economy").size()

    for code, name in NAMES.items():
        text = point(profile_of(bundled_report, name), "The data")
        said = re.search(r"(\d+) are the publisher’s\s+estimates", text)
        assert (int(said[1]) if said else 0) == estimated.get(code, 0), name
    assert estimated["IRN"] > 0


# --- what the article says of a state


def add_claim(warehouse: ReportWarehouse, code: str, economies: str) -> None:
    warehouse.add("core.claims", claim_id=code, economies=economies, rivals="{}", beside="{}")
    warehouse.add(
        "marts.claims", claim_id=code, section="intro", claim=f"So <it> is, says {code}.",
        kind="at_most", verdict="outdated", value_claimed=50.0, unit="% of people", digits=1,
        year_claimed=2024, value_found=55.8, year=2024, reason="Because.", snapshots="",
    )  # fmt: skip


def test_a_state_and_the_claims_that_name_it_lead_to_each_other(
    warehouse: ReportWarehouse, faces: Any
) -> None:
    warehouse.online({"TJK": 55.8})
    add_claim(warehouse, "C01", "TJK")
    add_claim(warehouse, "C02", "sco_10")
    add_claim(warehouse, "C03", "CHN TJK")  # of China nothing is known, so it has no profile
    report = warehouse.report()

    (profile,) = report.profiles()
    assert [(c.id, c.verdict_text, c.claimed, c.found) for c in profile.claims] == [
        (code, "Outdated", "at most 50\u00a0% of people (2024)", "55.8\u00a0% of people (2024)")
        for code in ("C01", "C03")
    ]
    assert states_of(report) == {"C01": ["TJK"], "C02": [], "C03": ["TJK"]}
    page = render_html(report, faces=faces)
    own = page.partition('id="profile-TJK"')[2].partition("</ul>")[0]
    assert re.findall(r'href="#(claim-C\d\d)"', own) == ["claim-C01", "claim-C03"]
    assert "So &lt;it&gt; is, says C01." in own
    card = page.partition('<li id="claim-C03"')[2].partition("</li>")[0]
    assert '<a href="#profile-TJK">Tajikistan</a></p>' in card


def test_every_claim_stands_with_the_states_that_the_catalogue_names(
    bundled_report: Report, catalog: Catalog
) -> None:
    about = {
        code: [c for c in NAMES if c in catalog.claim(code).economies] for code in catalog.claims
    }

    assert states_of(bundled_report) == about
    for code, name in NAMES.items():
        said = [line.id for line in profile_of(bundled_report, name).claims]
        assert said == [claim for claim, states in about.items() if code in states]
    assert about["C27"] == ["BLR"]  # it repeats C03
    assert about["C33"] == ["CHN", "PAK", "RUS"]


@pytest.mark.parametrize("broken", ["profile", "claim"])
def test_a_claim_or_a_profile_that_is_not_there_cannot_be_led_to(
    bundled_report: Report, broken: str
) -> None:
    dropped = {"profile": ClaimCards, "claim": Profile}[broken]
    sections = tuple(
        replace(s, blocks=tuple(b for b in s.blocks if not isinstance(b, dropped)))
        for s in bundled_report.sections
    )

    with pytest.raises(ReportError, match=rf"{broken} .*: there is no place"):
        resolve(replace(bundled_report, sections=sections))


def states_of(report: Report) -> dict[str, list[str]]:
    blocks = [b for s in report.sections for b in s.blocks if isinstance(b, ClaimCards)]
    return {card.id: [code for code, _ in card.states] for b in blocks for card in b.cards}


def test_a_profile_is_a_part_of_the_page_that_opens(bundled_report: Report, faces: Any) -> None:
    page = render_html(bundled_report, faces=faces)

    assert len(re.findall(r'<details class="profile" id="profile-[A-Z]{3}">', page)) == 10
    assert "Rank 1 of ten" in page
