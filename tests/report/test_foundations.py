"""Infrastructure, skills, government online: newest values beside those of a base year."""

from collections.abc import Mapping
from statistics import median

import pytest

from pipeline import rounding
from pipeline.catalog import Catalog
from pipeline.catalog.models import Break
from pipeline.report.content import Exhibit, Report
from pipeline.report.exhibits import foundations
from pipeline.report.exhibits.foundations import BROADBAND, RESEARCH, SERVERS, TERTIARY, Series
from pipeline.report.facts import Facts
from pipeline.report.narrative import paragraphs
from tests.report.small_warehouse import ReportWarehouse, held, know, newest
from tests.warehouse.conftest import TEN

LINES = BROADBAND.indicator


def said(facts: Facts, section: str) -> str:
    return " ".join(text.text for text in paragraphs(facts, section)).replace("\u00a0", " ")


def test_values_stand_beside_those_of_the_base_year(warehouse: ReportWarehouse) -> None:
    know(warehouse, LINES)
    newest(warehouse, LINES, {"CHN": 47.25, "RUS": 27.0, "TJK": 1.0})
    held(warehouse, LINES, {"CHN": 9.3, "RUS": 28.0}, 2010)
    facts = warehouse.facts()
    exhibit = foundations.fixed_broadband(facts)
    assert exhibit
    assert exhibit.title == "China has 47.3 fixed broadband lines per 100 people, Tajikistan 1.0"
    rows = [(r["member"], r["base"], r["value"]) for r in exhibit.table.rows]
    assert rows[:3] == [("China", 9.3, 47.25), ("Russia", 28.0, 27.0), ("Tajikistan", None, 1.0)]
    assert all(r["value"] is None for r in exhibit.table.rows[3:])
    text = said(facts, "infrastructure")
    assert "three members with a recent figure is 27.0" in text
    # Tajikistan has no value of then, and Russia has fewer lines now.
    assert "Of the two members whose value of about 2010 can be compared only China has" in text
    assert "there 9.3 became 47.3." in text


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ({"CHN": 1.0, "RUS": 1.0}, "In all two members whose value of about 2010"),
        ({"CHN": 1.0, "RUS": 60.0}, "can be compared only China has more now"),
        (
            {"CHN": 1.0, "RUS": 60.0, "IND": 2.0},
            "Of the three members whose value of about 2010 can "
            "be compared two have more now; China gained most, where 1.0 became 40.0.",
        ),
        ({"CHN": 1.0}, "Of China, the only member whose value"),
        ({"CHN": 50.0, "RUS": 60.0}, "None of the two members whose value of about 2010"),
        # What reads the same is not more.
        (
            {"CHN": 40.04},
            "The only member whose value of about 2010 can be compared, China, does not",
        ),
        ({}, ""),
    ],
)
def test_the_sentence_on_change_follows_from_the_figures(
    warehouse: ReportWarehouse, then: Mapping[str, float], words: str
) -> None:
    know(warehouse, LINES)
    newest(warehouse, LINES, {"CHN": 40.0, "RUS": 27.0, "IND": 3.0})
    held(warehouse, LINES, then, 2010)
    text = said(warehouse.facts(), "infrastructure")
    assert words in text
    assert ("can be compared" in text) == bool(then)


def test_nothing_is_compared_across_a_break(warehouse: ReportWarehouse) -> None:
    broken = Break(economies=("CHN",), years=(2015, 2016), reason="other count", source="office")
    know(warehouse, LINES, (broken,))
    newest(warehouse, LINES, {"CHN": 40.0, "RUS": 27.0})
    held(warehouse, LINES, {"CHN": 1.0, "RUS": 20.0}, 2010)
    facts = warehouse.facts()
    china, russia = foundations.recent(foundations.pairs(facts, BROADBAND))
    assert (china.change, russia.change) == (None, 7.0)
    exhibit = foundations.fixed_broadband(facts)
    assert exhibit
    assert "as the series breaks between: China." in exhibit.note
    assert exhibit.table.rows[0]["remark"] == "not comparable, the series breaks between"


def test_the_base_is_the_first_year_within_two_of_it(warehouse: ReportWarehouse) -> None:
    know(warehouse, LINES)
    newest(warehouse, LINES, {"CHN": 40.0, "RUS": 27.0})
    held(warehouse, LINES, {"CHN": 9.0}, 2009)
    held(warehouse, LINES, {"CHN": 10.0}, 2012)
    held(warehouse, LINES, {"RUS": 20.0}, 2013)
    china, russia = foundations.recent(foundations.pairs(warehouse.facts(), BROADBAND))
    assert china.before is not None
    assert (china.before.year, russia.before) == (2012, None)


def test_without_a_recent_figure_there_is_no_exhibit_and_no_word(
    warehouse: ReportWarehouse,
) -> None:
    know(warehouse, LINES)
    newest(warehouse, LINES, {})
    facts = warehouse.facts()
    assert foundations.fixed_broadband(facts) is None
    assert said(facts, "infrastructure") == ""


def test_government_needs_all_parts_of_one_edition(warehouse: ReportWarehouse) -> None:
    parts = {
        "EGDI": {"KAZ": 0.9, "PAK": 0.51, "IND": 0.67},
        "EGDI.OSI": {"KAZ": 0.95, "PAK": 0.7, "IND": 0.82},
        "EGDI.TII": {"KAZ": 0.93, "PAK": 0.48, "IND": 0.57},
        "EGDI.HCI": {"KAZ": 0.82, "PAK": 0.35},
    }
    for code, values in parts.items():
        know(warehouse, code)
        newest(warehouse, code, values)
    facts = warehouse.facts()
    found = foundations.governments(facts)
    assert [(g.economy, g.weakest) for g in found] == [("KAZ", "EGDI.HCI"), ("PAK", "EGDI.HCI")]
    text = said(facts, "trust")
    assert "Kazakhstan stands first" in text
    assert "human capital in two of two members" in text
    exhibit = foundations.e_government(facts)
    assert exhibit
    assert "India" in exhibit.note


# --- the real figures, a second way


def shown(report: Report, name: str) -> Exhibit:
    return next(e for e in report.exhibits() if e.id == name)


@pytest.mark.parametrize(
    "series", [BROADBAND, SERVERS, TERTIARY, RESEARCH], ids=lambda s: s.exhibit
)
def test_real_values_are_those_that_speak(
    bundled_report: Report, catalog: Catalog, values: dict[str, dict[tuple[str, int], float]],
    series: Series,
) -> None:  # fmt: skip
    own, oldest = values[series.indicator], bundled_report.as_of.year
    oldest -= catalog.indicators[series.indicator].max_age_years
    names = {catalog.economies[code].name: code for code in TEN}
    rows = {names[str(r["member"])]: r for r in shown(bundled_report, series.exhibit).table.rows}
    assert set(rows) == set(TEN)
    for code, row in rows.items():
        year = max((y for c, y in own if c == code), default=0)
        recent = year >= oldest
        assert row["year"] == (year if recent else None)
        assert row["value"] == (own[code, year] if recent else None)
        then = [y for y in range(series.base, series.base + 3) if (code, y) in own and y < year]
        assert row["base"] == (own[code, then[0]] if then else None)
    middle = median(float(str(r["value"])) for r in rows.values() if r["value"] is not None)
    section = next(
        s for s in bundled_report.sections
        if any(getattr(b, "id", "") == series.exhibit for b in s.blocks)
    )  # fmt: skip
    prose = " ".join(
        span.text for b in section.blocks for span in getattr(b, "prose", ())
    )  # fmt: skip
    assert (
        rounding.text(middle, series.digits, unit="\u00a0%" if series.percent else "") in prose
        or series is SERVERS
    )


def test_real_parts_average_to_the_index(bundled_report: Report) -> None:
    rows = shown(bundled_report, "e_government").table.rows
    assert len(rows) == len(TEN)
    for row in rows:
        parts = [float(str(row[part])) for part in foundations.PARTS]
        assert sum(parts) / 3 == pytest.approx(float(str(row["index"])), abs=2e-4)
