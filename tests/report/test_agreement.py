"""Where publishers differ: what is drawn, tabled and said, and what stands beside a figure."""

from collections.abc import Sequence
from datetime import date

import pytest

from pipeline.catalog.concepts import Concept, ConceptSeries, DeclaredFigure, Tolerance
from pipeline.catalog.models import Licence
from pipeline.report.content import Cell, ChainFigure, Paragraph, Report
from pipeline.report.context import Context
from pipeline.report.exhibits.agreement import (
    agreement_over_years,
    publisher_agreement,
    tolerance_text,
)
from pipeline.report.facts import Facts
from pipeline.report.marts import Marts
from pipeline.report.narrative import paragraphs
from pipeline.wording import load_wording
from tests.report.small_warehouse import AS_OF, ONLINE, ReportWarehouse

PEOPLE = "SP.POP.TOTL"


def concept(measure: str = "percent", tolerance: float = 5, times: str | None = None) -> Concept:
    survey = DeclaredFigure.model_validate({
        "id": "survey", "economy": "IND", "year": 2023, "value": 60, "by": "A survey",
        "source": "a newspaper", "url": "https://example.org", "note": "of a sample",
    })  # fmt: skip
    return Concept(
        id="users", name="People online", short_name="Online", unit="million",
        series=(ConceptSeries(indicator=ONLINE, times=times), ConceptSeries(indicator="BUR")),
        declared=(survey,), preferred=ONLINE, preferred_why="it is first",
        tolerance=Tolerance.model_validate({"measure": measure, "value": tolerance, "why": "so"}),
        differ="They count apart.",
    )  # fmt: skip


def facts_of(
    warehouse: ReportWarehouse, own: Concept | None = None, *, closed: bool = False
) -> Facts:
    base = warehouse.catalog
    licence = Licence(name="closed" if closed else "open", redistributable=not closed)
    bureau = base.publishers["office"].model_copy(
        update={"id": "bureau", "short_name": "Bureau", "name": "A Bureau", "licence": licence}
    )
    users = base.indicators[ONLINE].model_copy(
        update={"id": "BUR", "publisher": "bureau", "complement": None}
    )
    catalog = base.model_copy(update={
        "publishers": {**base.publishers, "bureau": bureau},
        "indicators": {**base.indicators, "BUR": users},
        "concepts": {} if own is None else {own.id: own},
    })  # fmt: skip
    return Facts(Context(Marts(warehouse.con, catalog.reported), catalog, AS_OF, load_wording()))


def pair(
    warehouse: ReportWarehouse, economy: str, year: int, own: float, other: float,
    *, indicator: str = "BUR", published: bool = True, tolerance: float = 5,
) -> None:  # fmt: skip
    relative = 100 * (other - own) / own
    warehouse.add(
        "marts.publisher_agreement", concept="users", economy=economy, counterpart="_Z",
        year=year, indicator=indicator, value_preferred=own, value_other=other,
        difference=other - own, relative_pct=relative, distance=abs(relative),
        tolerance=tolerance, within_tolerance=abs(relative) <= tolerance if published else None,
        published=published,
    )  # fmt: skip


def summary(warehouse: ReportWarehouse, **fields: object) -> None:
    standard = {
        "concept": "users", "indicator": "BUR", "n": 8, "n_within": 6, "within_pct": 75.0,
        "median_distance": 1.5, "first_year": 2020, "last_year": 2023, "largest_distance": 30.0,
        "largest_economy": "KAZ", "largest_counterpart": "_Z", "largest_year": 2021,
    }  # fmt: skip
    warehouse.add("marts.publisher_agreement_summary", **(standard | fields))


def bureau_release(warehouse: ReportWarehouse) -> None:
    warehouse.add(
        "core.snapshots", snapshot="bureau/BUR", publisher="bureau", indicator="BUR",
        vintage=date(2024, 2, 1), vintage_basis="release date", is_current=True,
        rank_in_vintage=1, sha256="hash of BUR",
    )  # fmt: skip


def said(facts: Facts, section: str = "agreement") -> str:
    return " ".join(text.text for text in paragraphs(facts, section))


def cells(*places: tuple[str, str, int]) -> Sequence[ChainFigure]:
    own = tuple(Cell(i, e, "_Z", y, 1.0, "units", "office/1") for i, e, y in places)
    return [ChainFigure("online", 2023, None, None, own)]


# --- the picture


def test_the_newest_pair_of_each_state_is_drawn(warehouse: ReportWarehouse) -> None:
    bureau_release(warehouse)
    pair(warehouse, "KAZ", 2022, 50, 80)
    pair(warehouse, "KAZ", 2023, 50, 51)
    pair(warehouse, "UZB", 2021, 50, 40)
    exhibit = publisher_agreement(facts_of(warehouse, concept()))

    assert exhibit is not None
    assert [(r["member"], r["year"], r["value"]) for r in exhibit.table.rows] == [
        ("Kazakhstan", 2023, 51), ("Uzbekistan", 2021, 40),
    ]  # fmt: skip
    assert exhibit.title.startswith("One of 2 newest figures")
    assert "online of Uzbekistan by 20\u00a0%" in exhibit.title
    assert exhibit.chart is not None
    assert ">+2.0<" in exhibit.chart.wide
    assert ">−20<" in exhibit.chart.wide
    assert "A Bureau" in exhibit.source
    assert "Invented Office" in exhibit.source


def test_where_all_agree_the_title_says_so(warehouse: ReportWarehouse) -> None:
    bureau_release(warehouse)
    pair(warehouse, "KAZ", 2023, 50, 51)
    pair(warehouse, "UZB", 2023, 50, 49)
    facts = facts_of(warehouse, concept())
    exhibit = publisher_agreement(facts)

    assert exhibit is not None
    assert exhibit.title == "All 2 newest figures that two sources give lie within their tolerance"
    assert "All 2 newest pairs lie within" in said(facts)


@pytest.mark.parametrize(
    ("other", "title"),
    [
        (51, "The one newest figure that two sources give lies within its tolerance"),
        (60, "The one newest figure that two sources give differs by more than the tolerance: "
             "online of Kazakhstan by 20\u00a0%"),
    ],
)  # fmt: skip
def test_a_single_pair_is_told_as_one(warehouse: ReportWarehouse, other: float, title: str) -> None:
    bureau_release(warehouse)
    pair(warehouse, "KAZ", 2023, 50, other)
    facts = facts_of(warehouse, concept())
    exhibit = publisher_agreement(facts)

    assert exhibit is not None
    assert exhibit.title == title
    assert "The one newest pair" in said(facts)


def test_a_pair_that_is_withheld_is_neither_drawn_nor_said(warehouse: ReportWarehouse) -> None:
    pair(warehouse, "KAZ", 2023, 50, 87, published=False)
    facts = facts_of(warehouse, concept())

    assert publisher_agreement(facts) is None
    assert agreement_over_years(facts) is None
    assert "87" not in said(facts)


def test_a_declared_figure_stands_with_who_says_so(warehouse: ReportWarehouse) -> None:
    pair(warehouse, "IND", 2023, 50, 60, indicator="survey")
    exhibit = publisher_agreement(facts_of(warehouse, concept()))

    assert exhibit is not None
    assert "A survey: of a sample (a newspaper)." in exhibit.note
    assert exhibit.table.rows[0]["other"] == "A survey"


def test_what_may_not_be_passed_on_stands_in_the_picture_alone(warehouse: ReportWarehouse) -> None:
    bureau_release(warehouse)
    pair(warehouse, "KAZ", 2023, 50, 80)
    summary(warehouse)
    facts = facts_of(warehouse, concept(), closed=True)
    picture, table = publisher_agreement(facts), agreement_over_years(facts)

    assert picture is not None
    assert table is not None
    assert picture.table.rows == ()
    assert "Figures of Bureau may be shown but not passed on" in picture.note
    (row,) = table.table.rows
    assert (row["n"], row["within"]) == (8, 75.0)
    assert (row["largest"], row["where"]) == (None, None)


# --- the table and the text


def test_all_years_are_counted_in_a_table(warehouse: ReportWarehouse) -> None:
    bureau_release(warehouse)
    summary(warehouse)
    table = agreement_over_years(facts_of(warehouse, concept()))

    assert table is not None
    assert table.title == "Over the years 75\u00a0% of 8 pairs of figures agree"
    (row,) = table.table.rows
    assert (row["years"], row["tolerance"], row["where"]) == (
        "2020–2023", "5\u00a0%", "Kazakhstan, 2021",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kaz", "uzb", "expected"),
    [
        ((51, 51), (80, 80), "2021 for Kazakhstan, in less than half of them for Uzbekistan."),
        ((51, 51), (51, 80), "agree in every year of 2020–2021 for Kazakhstan."),
        ((51, 80), (80, 80), "in less than half of the years 2020–2021 for Uzbekistan."),
        ((51, 80), (51, 80), "for no state in all of them"),
    ],
)  # fmt: skip
def test_whose_figures_always_or_seldom_agree_is_said(
    warehouse: ReportWarehouse, kaz: tuple[int, int], uzb: tuple[int, int], expected: str
) -> None:
    bureau_release(warehouse)
    for state, others in (("KAZ", kaz), ("UZB", uzb)):
        for year, other in zip((2020, 2021), others, strict=True):
            pair(warehouse, state, year, 50, other)
    pair(warehouse, "IND", 2023, 50, 60, indicator="survey")
    summary(warehouse, first_year=2020, last_year=2021)
    facts = facts_of(warehouse, concept())

    text = said(facts)
    assert expected in text
    assert "They count apart. Used here: Office, because it is first." in text


def test_what_has_no_second_figure_is_said_to_be_awaited(warehouse: ReportWarehouse) -> None:
    text = said(facts_of(warehouse, concept()))

    assert "Of these states no second source’s figures are held" in text
    assert "these are not compared yet: online." in text


# --- beside a figure


def test_a_remark_stands_where_the_state_the_year_and_the_series_are_used(
    warehouse: ReportWarehouse,
) -> None:
    pair(warehouse, "IND", 2023, 50, 60, indicator="survey")
    facts = facts_of(warehouse, concept())

    told = ("Sources differ. People online, India 2023: 50.0 million here, 60.0 by A survey.",)
    assert facts.agreement.remarks(cells((ONLINE, "IND", 2023))) == told
    assert facts.agreement.remarks(cells((ONLINE, "IND", 2022))) == ()
    assert facts.agreement.remarks(cells((ONLINE, "KAZ", 2023))) == ()
    assert facts.agreement.remarks(cells((PEOPLE, "IND", 2023))) == ()


def test_a_product_is_only_remarked_on_where_both_series_are_used(
    warehouse: ReportWarehouse,
) -> None:
    pair(warehouse, "IND", 2023, 50, 60, indicator="survey")
    facts = facts_of(warehouse, concept(times=PEOPLE))

    assert facts.agreement.remarks(cells((ONLINE, "IND", 2023))) == ()
    both = cells((ONLINE, "IND", 2023), (PEOPLE, "IND", 2023))
    assert len(facts.agreement.remarks(both)) == 1


def test_what_agrees_is_not_remarked_on(warehouse: ReportWarehouse) -> None:
    pair(warehouse, "IND", 2023, 50, 51, indicator="survey")

    facts = facts_of(warehouse, concept())
    assert facts.agreement.remarks(cells((ONLINE, "IND", 2023))) == ()


def test_of_many_differences_the_largest_are_told_and_the_rest_counted(
    warehouse: ReportWarehouse,
) -> None:
    for state, other in (("KAZ", 60), ("IND", 80), ("UZB", 70), ("RUS", 58)):
        pair(warehouse, state, 2023, 50, other)
    facts = facts_of(warehouse, concept())

    states = [(ONLINE, e, 2023) for e in ("IND", "KAZ", "RUS", "UZB")]
    first, second, rest = facts.agreement.remarks(cells(*states))
    assert "India" in first
    assert "Uzbekistan" in second
    assert rest == "Sources differ on 2 more of the figures that this rests on."


# --- the bundled report


def test_the_bundled_report_says_where_sources_differ(bundled_report: Report) -> None:
    (section,) = [s for s in bundled_report.sections if s.id == "agreement"]
    text = " ".join(
        span.text for b in section.blocks if isinstance(b, Paragraph) for span in b.prose
    )

    assert "Of 21 newest pairs four lie farther apart" in text
    assert "goods exports of Iran in 2020: by 70\u00a0%" in text
    assert "education spending, fixed broadband" in text


def test_the_people_offline_are_remarked_on_for_india(bundled_report: Report) -> None:
    remarked = {f.id: f.remarks for f in bundled_report.findings if f.remarks}

    (remark,) = remarked.pop("offline")
    assert remarked == {}
    assert remark.endswith("India 2024: 942 million here, 886 by IAMAI and Kantar.")
    assert {c.id for c in bundled_report.claim_cards() if c.remarks} == {"C13", "C46"}


def test_shares_of_trade_say_whose_totals_they_have_below_them(bundled_report: Report) -> None:
    (section,) = [s for s in bundled_report.sections if s.id == "bloc_trade"]
    text = " ".join(
        span.text for b in section.blocks if isinstance(b, Paragraph) for span in b.prose
    )

    assert "Iran (14.2 against 46.9) and Tajikistan (0.8 against 1.4)" in text


def test_a_tolerance_of_one_is_a_point(warehouse: ReportWarehouse) -> None:
    one = facts_of(warehouse, concept("units", 1))
    more = facts_of(warehouse, concept("units", 0.5))

    assert tolerance_text(one, "users") == "1 point"
    assert tolerance_text(more, "users") == "0.5 points"
