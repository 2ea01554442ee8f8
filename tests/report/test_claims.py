"""The section on the article's claims: what is told of each, and that page and PDF tell it."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from pipeline.errors import ReportError
from pipeline.report.claims import Ledger
from pipeline.report.content import ClaimCard, ClaimCards, Exhibit, Paragraph, Report, Section
from pipeline.report.context import Context
from pipeline.report.fonts import Faces
from pipeline.report.html import render_html
from pipeline.report.marts import Marts
from pipeline.report.pdf import render_pdf
from pipeline.report.references import resolve
from pipeline.wording import load_wording
from tests.report.small_warehouse import ReportWarehouse

FIRST, SECOND = date(2024, 11, 5), date(2026, 4, 8)
CARD = ClaimCard(
    id="C01", claim="<Half> & all.", verdict="outdated", verdict_text="Outdated",
    claimed="50 % (2024)", found="55.8 % (2024)", distance="+11.6 %", reason="It is *so*.",
    history="Releases said otherwise.", source="Invented Office",
)  # fmt: skip
OPEN = ClaimCard("C02", "A tale.", "not_checkable", "Not checkable", "", "", "", "Needed: #1.",
                 "", "")  # fmt: skip
CARDS = ClaimCards(
    "claim_cards",
    (("holds", "Holds", 0), ("outdated", "Outdated", 1), ("not_checkable", "Not checkable", 1)),
    (CARD, OPEN),
)


def add_claim(warehouse: ReportWarehouse, code: str, verdict: str, **values: object) -> None:
    standard: dict[str, object] = {
        "section": "intro", "claim": "So it is.", "kind": "at_most", "value_claimed": 50.0,
        "unit": "% of people", "digits": 1, "year_claimed": 2024, "value_found": 55.8,
        "year": 2024, "vintage": SECOND, "distance_pct": 11.6, "reason": "Because.",
        "snapshots": "",
    }  # fmt: skip
    warehouse.add("core.claims", claim_id=code, economies="", rivals="{}", beside="{}")
    warehouse.add("marts.claims", claim_id=code, verdict=verdict, **(standard | values))


def add_step(
    warehouse: ReportWarehouse,
    code: str,
    day: date,
    year: int,
    value: float,
    verdict: str,
    **more: bool,
) -> None:
    warehouse.add("marts.claim_history", claim_id=code, seen_from=day, year=year,
                  value_found=value, verdict=verdict, **({"newest": True} | more))  # fmt: skip


def section(report: Report) -> Section:
    return next(s for s in report.sections if s.id == "claims")


def cards(report: Report) -> dict[str, ClaimCard]:
    (found,) = [b for b in section(report).blocks if isinstance(b, ClaimCards)]
    return {c.id: c for c in found.cards}


def prose(report: Report) -> str:
    paragraphs = [b for b in section(report).blocks if isinstance(b, Paragraph)]
    return " ".join("".join(span.text for span in p.prose) for p in paragraphs)


def with_cards(report: Report) -> Report:
    return replace(report, sections=(*report.sections, Section("claims", "Claims", (CARDS,))))


# --- what is told


def test_a_card_says_what_is_claimed_and_found(warehouse: ReportWarehouse) -> None:
    add_claim(warehouse, "C01", "outdated")
    add_claim(warehouse, "C02", "holds", kind="rises", value_claimed=None, value_found=4.0,
              distance_pct=None, unit="points")  # fmt: skip
    add_claim(warehouse, "C03", "not_checkable", kind=None, value_claimed=None, value_found=None,
              year=None, vintage=None, distance_pct=None)  # fmt: skip
    add_claim(warehouse, "C04", "holds", kind="equals", unit="year of accession", digits=0,
              value_claimed=2024.0, value_found=2024.0, distance_pct=0.0)  # fmt: skip

    found = cards(warehouse.report())

    def told(code: str) -> tuple[str, ...]:
        card = found[code]
        return tuple(t.replace("\u00a0", " ") for t in (card.claimed, card.found, card.distance))

    assert told("C01") == ("at most 50 % of people (2024)", "55.8 % of people (2024)", "+11.6 %")
    assert told("C02") == ("a rise (2024)", "+4.0 points (2024)", "")
    assert told("C03") == ("", "", "")
    assert told("C04") == ("2024", "2024", "")
    assert found["C03"].source == ""
    assert "register" in found["C04"].source


def test_releases_that_said_otherwise_are_told(warehouse: ReportWarehouse) -> None:
    add_claim(warehouse, "C01", "outdated")
    add_step(warehouse, "C01", FIRST, 2022, 36.1, "holds")
    add_step(warehouse, "C01", SECOND, 2024, 55.8, "outdated")
    add_step(warehouse, "C01", FIRST, 2021, 28.34, "holds", newest=False)
    add_step(warehouse, "C01", SECOND, 2021, 36.71, "holds", newest=False)
    report = warehouse.report()

    assert cards(report)["C01"].history.replace("\u00a0", " ") == (
        "Releases said 36.1 for 2022 (November 2024): holds; 55.8 for 2024 (April 2026): outdated. "
        "The value of 2021 was 28.3 (November 2024) and 36.7 (April 2026)."
    )
    said = prose(report).replace("\u00a0", " ")
    assert "One verdict hung on the release: that of C01." in said
    assert "the value of 2021 was 28.3 by that of 5 November 2024 and 36.7 by that of" in said


def test_what_releases_agree_on_is_not_told(warehouse: ReportWarehouse) -> None:
    add_claim(warehouse, "C01", "outdated")
    add_step(warehouse, "C01", FIRST, 2024, 55.81, "outdated")
    report = warehouse.report()

    assert cards(report)["C01"].history == ""
    assert "release" not in prose(report)


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (["holds"], "by hand: one holds (Figure"),
        (["holds", "holds", "not_checkable"],
         "by hand: two hold and one cannot be checked with open figures (Figure"),
        (["internally_inconsistent", "sources_conflict", "not_supported"],
         "one is not supported by the figures, one contradicts another of the article’s own "
         "figures and on one the sources disagree"),
    ],
)  # fmt: skip
def test_the_text_counts_the_verdicts_there_are(
    warehouse: ReportWarehouse, verdicts: list[str], said: str
) -> None:
    for n, verdict in enumerate(verdicts, start=1):
        add_claim(warehouse, f"C{n:02}", verdict)

    assert said in prose(warehouse.report()).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("derived", "said"),
    [
        (0, "The article makes 2 claims, put in words of ours here. Each"),
        (1, "makes 2 claims, put in words of ours here, and one more follows from these. Each"),
        (3, "and three more follow from these. Each"),
    ],
)
def test_what_only_follows_from_the_article_is_not_told_as_its_claim(
    warehouse: ReportWarehouse, derived: int, said: str
) -> None:
    add_claim(warehouse, "C01", "holds")
    add_claim(warehouse, "C02", "holds")
    for n in range(derived):
        add_claim(warehouse, f"C4{n}", "holds", section="derived")

    assert said in prose(warehouse.report()).replace("\u00a0", " ")


def test_the_scoreboard_has_every_claim(warehouse: ReportWarehouse) -> None:
    add_claim(warehouse, "C01", "holds")
    add_claim(warehouse, "C02", "not_checkable", value_found=None)
    report = warehouse.report()
    (board,) = [b for b in section(report).blocks if isinstance(b, Exhibit)]

    assert board.title.startswith("1 of 2 claims holds, and 1 cannot be checked")
    assert [row["number"] for row in board.table.rows] == ["C01", "C02"]
    assert "Sources disagree: 0" in board.alt


def test_a_report_on_other_states_has_no_claims(warehouse: ReportWarehouse) -> None:
    add_claim(warehouse, "C01", "holds")
    eight = Context(Marts(warehouse.con, "sco_8"), warehouse.catalog, SECOND, load_wording())

    assert Ledger(eight).judged == ()
    assert [s.id for s in warehouse.report().sections if s.id == "claims"] == ["claims"]


def test_without_claims_there_is_no_section(warehouse: ReportWarehouse) -> None:
    assert "claims" not in [s.id for s in warehouse.report().sections]


# --- the real ones


def test_the_bundled_report_has_a_card_for_each_claim(bundled_report: Report) -> None:
    found = cards(bundled_report)

    assert list(found) == [f"C{n:02}" for n in range(1, 48)]
    tajikistan = found["C20"].history.replace("\u00a0", " ")
    assert "The value of 2021 was 28.3 (November 2024), 49.8 (April 2025) and 36.7" in tajikistan
    assert all(card.source for card in found.values() if card.found)


# --- how it is shown


def test_the_page_has_cards_and_a_choice_of_the_verdicts_there_are(
    sample_report: Report, faces: Faces
) -> None:
    page = render_html(with_cards(sample_report), faces=faces)

    assert re.findall(r'<li id="claim-(C\d\d)" data-verdict="(\w+)">', page) == [
        ("C01", "outdated"), ("C02", "not_checkable"),
    ]  # fmt: skip
    assert re.findall(r'type="radio" name="verdict" value="(\w*)"', page) == [
        "", "outdated", "not_checkable",
    ]  # fmt: skip
    assert "<Half>" not in page
    (claim,) = re.findall(r'<p class="claim">(.*Half.*)</p>', page)
    assert unescape(claim) == CARD.claim


def test_the_pdf_takes_whatever_text_a_card_has(sample_report: Report, faces: Faces) -> None:
    plain, with_ledger = (
        render_pdf(r, faces=faces) for r in (sample_report, with_cards(sample_report))
    )

    assert len(with_ledger) > len(plain)
    assert with_ledger == render_pdf(with_cards(sample_report), faces=faces)


def test_claims_can_be_linked_to_and_their_anchors_are_unique(sample_report: Report) -> None:
    resolve(with_cards(sample_report))
    twice = replace(CARDS, cards=(CARD, CARD))
    doubled = replace(
        sample_report, sections=(*sample_report.sections, Section("claims", "X", (twice,)))
    )

    with pytest.raises(ReportError, match="claim-C01"):
        resolve(doubled)
