"""Findings: the variant that is said follows from the figures, and says no other."""

import re
from collections.abc import Mapping
from string import Formatter
from typing import Any

import pytest

from pipeline import rounding
from pipeline.catalog.models import Break
from pipeline.errors import ReportError
from pipeline.language import POSSESSIVE
from pipeline.report.content import Finding, Span
from pipeline.report.wording import direction, prose
from pipeline.wording import Wording, load_wording
from tests.report.small_warehouse import ReportWarehouse
from tests.warehouse.conftest import TEN


def finding(warehouse: ReportWarehouse, name: str) -> Finding:
    findings: tuple[Finding, ...] = warehouse.findings()
    return next(f for f in findings if f.id == name)


# --- ICT service exports without one state


@pytest.mark.parametrize(
    ("whole", "without", "outcome", "said"),
    [
        (0.8, {"IND": 0.05, "CHN": 0.6}, "falls_to_little", "India’s specialisation"),
        (0.8, {"IND": 0.4, "CHN": 0.7}, "falls", "the state it rests on most"),
        (0.8, {"IND": 0.15, "CHN": 0.7}, "falls", "the state it rests on most"),
        (0.3, {"BLR": 0.9, "CHN": 0.31}, "rises", "Belarus, whose absence changes it most"),
        (0.8, {"IND": 0.8001, "CHN": 0.7999}, "unchanged", "whichever state is left out"),
    ],
)
def test_the_lead_says_what_leaving_a_state_out_does(
    warehouse: ReportWarehouse, whole: float, without: Mapping[str, float], outcome: str, said: str
) -> None:
    warehouse.concentration(whole, without)

    found = finding(warehouse, "concentration")
    assert (found.outcome, said in found.sentence) == (outcome, True)


def test_the_lead_shows_both_indices_as_they_round(warehouse: ReportWarehouse) -> None:
    warehouse.concentration(0.795, {"IND": 0.0549, "CHN": 0.6})

    found = finding(warehouse, "concentration")
    assert (found.figure, found.value) == ("0.80 → 0.05", 0.0549)


def test_a_general_divide_is_only_denied_where_hardly_any_index_is_left(
    warehouse: ReportWarehouse,
) -> None:
    warehouse.concentration(2.0, {"IND": 0.3})

    report = warehouse.report()
    assert "general divide" not in repr(report)
    assert "specialisation" not in repr(report)


def test_an_index_that_is_not_published_is_not_said(warehouse: ReportWarehouse) -> None:
    warehouse.concentration(0.8, {"IND": 0.05}, published=False, reason="5 of 10 states")

    found = finding(warehouse, "concentration")
    assert (found.outcome, found.value, found.figure) == ("unknown", None, "–")


def test_a_finding_leads_to_no_exhibit_that_is_not_there(warehouse: ReportWarehouse) -> None:
    warehouse.concentration(0.8, {"IND": 0.05}, published=False)

    assert [f.exhibit for f in warehouse.report().findings] == [None] * 5


# --- people online


@pytest.mark.parametrize(
    ("values", "figure", "outcome", "said"),
    [
        (dict.fromkeys(TEN, 90.0), "10 of 10", "all_half", "all ten have"),
        ({**dict.fromkeys(TEN, 90.0), "TJK": 50.0}, "9 of 10", "some_half", "nine more than half"),
        ({**dict.fromkeys(TEN, 90.0), "TJK": None}, "9 of 9", "all_half", "all nine have"),
        ({**dict.fromkeys(TEN, 80.0), "TJK": 10.0}, "0 of 10", "some_half", "nine more than half"),
    ],
)
def test_members_online_are_counted_among_those_with_a_recent_figure(
    warehouse: ReportWarehouse,
    values: Mapping[str, float | None],
    figure: str,
    outcome: str,
    said: str,
) -> None:
    warehouse.online(values)

    found = finding(warehouse, "online")
    assert (found.figure, found.outcome, said in found.sentence) == (figure, outcome, True)


def test_no_recent_figure_of_any_member_is_said(warehouse: ReportWarehouse) -> None:
    warehouse.online(dict.fromkeys(TEN))

    assert finding(warehouse, "online").outcome == "unknown"


# --- people offline


def test_people_offline_are_added_up_and_the_largest_part_is_named(
    warehouse: ReportWarehouse,
) -> None:
    warehouse.offline({"IND": 500e6, "CHN": 112.5e6, "PAK": 100e6})

    found = finding(warehouse, "offline")
    assert (found.figure, found.value) == ("713\u00a0million", 712.5e6)
    assert "70\u00a0% of them in India" in found.sentence


def test_people_offline_of_too_few_states_are_not_said(warehouse: ReportWarehouse) -> None:
    warehouse.offline({"IND": 500e6}, published=False, reason="1 of 10 states")

    assert finding(warehouse, "offline").outcome == "unknown"


# --- shares of the world


def test_the_share_of_the_world_is_the_newest_that_is_published(warehouse: ReportWarehouse) -> None:
    warehouse.share("SP.POP.TOTL", 2022, 43.0)
    warehouse.share("SP.POP.TOTL", 2023, 42.4999)
    warehouse.share("SP.POP.TOTL", 2024, 99.0, published=False)
    warehouse.share("NY.GDP.MKTP.CD", 2023, 23.5)

    found = finding(warehouse, "world")
    assert found.figure == "42\u00a0%"
    assert "(2023)" in found.sentence
    assert "24\u00a0% of its output" in found.sentence


# --- two sides of a gap


@pytest.mark.parametrize(
    ("online", "offline", "outcome", "said"),
    [
        ((0.08, 0.02), (0.19, 0.32), "falls_rises", "one gap, two readings"),
        ((0.08, 0.02), (0.32, 0.19), "known", "went from"),
        ((0.02, 0.08), (0.19, 0.32), "known", "went from"),
        ((0.0201, 0.0199), (0.19, 0.32), "known", "went from"),
    ],
)
def test_two_readings_are_only_said_where_the_sides_part(
    warehouse: ReportWarehouse,
    online: tuple[float, float],
    offline: tuple[float, float],
    outcome: str,
    said: str,
) -> None:
    warehouse.sides(
        dict(zip((2019, 2023), online, strict=True)), dict(zip((2019, 2023), offline, strict=True))
    )

    found = finding(warehouse, "sides")
    assert (found.outcome, said in found.sentence) == (outcome, True)


def test_two_sides_need_two_years_that_both_have(warehouse: ReportWarehouse) -> None:
    warehouse.sides({2019: 0.1, 2023: 0.05}, {2021: 0.2, 2023: 0.3})

    assert finding(warehouse, "sides").outcome == "unknown"


@pytest.mark.parametrize(
    ("broken", "without", "outcome"),
    [
        ((), {}, "falls_rises"),
        (("TJK",), {"TJK": ((0.06, 0.01), (0.18, 0.31))}, "falls_rises"),
        (("TJK",), {"TJK": ((0.01, 0.06), (0.18, 0.31))}, "known"),
        (("TJK",), {}, "known"),
        (("TJK", "KGZ"), {"TJK": ((0.06, 0.01), (0.18, 0.31))}, "known"),
    ],
)
def test_across_a_break_only_that_is_said_which_holds_without_the_state(
    warehouse: ReportWarehouse,
    broken: tuple[str, ...],
    without: dict[str, tuple[tuple[float, float], tuple[float, float]]],
    outcome: str,
) -> None:
    years = (2019, 2023)
    warehouse.sides(dict(zip(years, (0.08, 0.02), strict=True)), {2019: 0.19, 2023: 0.32})
    for state, sides in without.items():
        warehouse.without(state, *(dict(zip(years, side, strict=True)) for side in sides))
    if broken:
        warehouse.breaks(Break(economies=broken, years=(2020, 2021), reason="made up"))

    assert finding(warehouse, "sides").outcome == outcome


# --- all of them


def test_a_warehouse_with_nothing_published_still_gives_five_findings(
    warehouse: ReportWarehouse,
) -> None:
    found = warehouse.report().findings

    assert [f.outcome for f in found] == ["unknown"] * 5
    assert all(f.sentence.endswith("date.") or "recent" in f.sentence for f in found)


def test_no_cell_that_is_not_published_is_said_drawn_or_tabled(
    warehouse: ReportWarehouse, texts_of: Any
) -> None:
    secret = 0.7318
    warehouse.online(dict.fromkeys(TEN, 90.0))
    warehouse.concentration(secret, {"IND": secret / 2}, published=False, reason="too few")
    warehouse.sides({2019: 0.1, 2023: 0.2}, {2019: 0.1, 2023: 0.3})
    warehouse.index(
        warehouse.complement, 2021, secret, weighting="share_unweighted", published=False
    )
    warehouse.share("SP.POP.TOTL", 2023, secret, published=False)
    warehouse.add("marts.theil_claim_grid", indicator="BX.GSR.CCIS.CD", member_set="sco_8",
                  year=2020, measure="theil_t", weighting="totals", value=secret,
                  published=False)  # fmt: skip

    said = "\n".join(texts_of(warehouse.report()))
    assert not re.search(r"0\.73|0\.366|73\.18|0\.37\b", said)


def test_a_finding_says_the_number_that_it_carries(warehouse: ReportWarehouse) -> None:
    warehouse.share("SP.POP.TOTL", 2023, 42.5)
    warehouse.share("NY.GDP.MKTP.CD", 2023, 23.5)
    warehouse.online(dict.fromkeys(TEN, 90.0))

    by_id = {f.id: f for f in warehouse.findings()}
    assert by_id["world"].figure == rounding.text(by_id["world"].value) + "\u00a0%"
    assert by_id["online"].value == 10


# --- the wording itself


def test_every_place_of_a_sentence_is_a_name() -> None:
    for (key, outcome), template in load_wording().templates().items():
        for _, name, spec, _ in Formatter().parse(template):
            assert name is None or re.fullmatch(r"[A-Za-z_]+", name), (key, outcome)
            # Numbers come as text; what a place may ask for is a plural or a form of a name.
            assert not spec or spec.count("|") == 1 or spec == POSSESSIVE, f"{key}.{outcome}"


def test_no_sentence_of_findings_or_paragraphs_holds_a_number_of_ours() -> None:
    for (key, outcome), template in load_wording().templates().items():
        if key.startswith(("findings", "paragraphs", "standfirst")):
            ours = re.sub(r"“[^”]*”|\{[^}]*\}|\[[#^][^\]]*\]", "", template)
            assert not re.search(r"\d", ours), (key, outcome)


def test_a_place_without_a_value_is_an_error_that_names_it() -> None:
    with pytest.raises(ReportError, match=r"findings\.world: known.*'states'"):
        load_wording().say("findings.world", "known", year="2023")


def test_a_variant_that_is_not_written_is_an_error_that_names_it() -> None:
    with pytest.raises(ReportError, match=r"findings\.world: expected a variant 'falls'"):
        load_wording().say("findings.world", "falls")


def test_wording_that_is_not_a_mapping_is_an_error_that_names_the_file(tmp_path: Any) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("- a list", "utf-8")

    with pytest.raises(ReportError, match=r"odd\.yaml: expected a mapping"):
        load_wording(path)


def test_wording_with_an_open_brace_is_an_error_when_it_is_read(tmp_path: Any) -> None:
    path = tmp_path / "open.yaml"
    path.write_text("title: 'of {bloc'", "utf-8")

    with pytest.raises(ReportError, match=r"open\.yaml.*title"):
        load_wording(path)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (1.0, 2.0, "rises"),
        (2.0, 1.0, "falls"),
        (0.7549, 0.7451, "unchanged"),
        (0.745, 0.7449, "falls"),
        (None, 1.0, "unknown"),
        (1.0, None, "unknown"),
    ],
)
def test_a_direction_is_that_of_the_rounded_figures(
    before: float | None, after: float | None, said: str
) -> None:
    assert direction(before, after, 2) == said


def test_markup_becomes_spans() -> None:
    text = "A *soft* and **hard** [=world|42 %][^why] ([#map], [#gone]) [there](https://x.org)."

    assert prose(text, {"map": "Figure 1"}) == (
        Span("A "),
        Span("soft", "emphasis"),
        Span(" and "),
        Span("hard", "strong"),
        Span(" "),
        Span("42 %", "number", "world"),
        Span("", "note", "why"),
        Span(" ("),
        Span("Figure 1", "link", "#map"),
        Span(") "),
        Span("there", "link", "https://x.org"),
        Span("."),
    )


def test_a_reference_to_an_exhibit_that_is_not_there_goes_with_its_parentheses() -> None:
    assert prose("So it is ([#gone]).", {}) == (Span("So it is."),)


def test_the_wording_in_use_is_a_wording() -> None:
    assert isinstance(load_wording(), Wording)
