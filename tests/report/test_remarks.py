"""Remarks: a reader is told of sources that failed or are stale and of odd checks, no more."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.content import Exhibit, Origin, Prose, Span, Table
from pipeline.report.remarks import warnings
from pipeline.source_remarks import remark, series_of
from tests.report.small_warehouse import ReportWarehouse


def said(warehouse: ReportWarehouse, **options: Any) -> list[str]:
    return ["".join(s.text for s in w) for w in warehouse.report(**options).warnings]


def exhibits(warehouse: ReportWarehouse) -> list[Exhibit]:
    sections = warehouse.report().sections
    return [b for section in sections for b in section.blocks if isinstance(b, Exhibit)]


def links(warnings: tuple[Prose, ...]) -> list[Span]:
    return [span for prose in warnings for span in prose if span.kind == "link"]


def test_nothing_is_said_where_nothing_is_wrong(warehouse: ReportWarehouse) -> None:
    assert said(warehouse) == []


def test_what_the_run_says_of_a_source_comes_first(warehouse: ReportWarehouse) -> None:
    assert said(warehouse, remarks=("Office did not answer.",), warned=1)[0] == (
        "Office did not answer."
    )


def exhibit(name: str, number: int, *series: str) -> Exhibit:
    """A figure that rests on some series."""
    origins = tuple(
        Origin("", "Office", "", "", "", code, date(2026, 4, 1), "made up") for code in series
    )
    return Exhibit(
        name, "figure", number, "", "", "", "", "", Table(columns=(), rows=()), origins=origins
    )


@pytest.mark.parametrize(
    ("failed", "told", "targets"),
    [
        (["B"], "stand in. The exhibit that rests on them is Figure\u00a02.", ["#two"]),
        (
            ["A", "NOT.SHOWN"],
            "stand in. The exhibits that rest on them are Figure\u00a01 and Figure\u00a02.",
            ["#one", "#two"],
        ),
        (["NOT.SHOWN"], "stand in.", []),
    ],
)
def test_a_source_that_failed_leads_to_the_exhibits_that_are_older_for_it(
    warehouse: ReportWarehouse, failed: list[str], told: str, targets: list[str]
) -> None:
    shown = [exhibit("one", 1, "A"), exhibit("two", 2, "A", "B"), exhibit("three", 3, "C")]
    reason = "nothing came: office.org: [502] (asked 3 times)"
    (warning,) = warnings(
        warehouse.context(), remarks=[remark("Office", failed, reason)], warned=0, exhibits=shown
    )

    text = "".join(span.text for span in warning)
    assert text.startswith(f"Office did not give {', '.join(failed)} when it was last asked (noth")
    assert text.endswith(told)
    assert [span.target for span in links((warning,))] == targets


@given(
    st.sampled_from(["World Bank", "UNESCO UIS", "A, B (C)"]),
    st.sets(st.from_regex(r"[A-Za-z0-9_.]{1,20}", fullmatch=True), min_size=1, max_size=9),
    st.text(),
)
def test_a_remark_says_again_which_series_it_names(
    publisher: str, series: set[str], reason: str
) -> None:
    assert series_of(remark(publisher, series, reason)) == tuple(sorted(series))


def test_the_run_s_words_are_not_taken_for_markup_or_for_places(warehouse: ReportWarehouse) -> None:
    text = said(warehouse, remarks=("HTTP 500 from {url}: *[bad](x)*",))[0]

    assert text.replace(" ", "") == "HTTP500fromurl:bad(x)"


def test_one_odd_check_is_one_with_a_link_to_the_list(warehouse: ReportWarehouse) -> None:
    (text,) = said(warehouse, warned=1)
    (link,) = links(warehouse.report(warned=1).warnings)

    assert text.startswith("One check of the data found something unusual. It does not")
    assert link.target == "validation.html"


def test_several_odd_checks_are_counted(warehouse: ReportWarehouse) -> None:
    (text,) = said(warehouse, warned=14)

    assert text.startswith("14 checks of the data found something unusual. They do not")


@pytest.mark.parametrize(
    ("value", "said_of_it"),
    [
        (36.7, "IT.NET.USER.ZS, Tajikistan 2021: this report has 36.7 where 49.8 is published, "
               "because: of another survey (release of April 2026)."),
        (None, "IT.NET.USER.ZS, Tajikistan 2021: the published 49.8 is left out of this report, "
               "because: of another survey (release of April 2026)."),
    ],
)  # fmt: skip
def test_a_corrected_value_is_told_with_reason_and_evidence(
    warehouse: ReportWarehouse, value: float | None, said_of_it: str
) -> None:
    for state in ("applied", "mended", "not yet"):
        warehouse.add(
            "core.corrections", indicator="IT.NET.USER.ZS", economy="TJK", year=2021, found=49.8,
            value=value, state=state, reason="of another survey", evidence="release of April 2026",
        )  # fmt: skip

    assert said(warehouse) == [said_of_it]


def test_a_corrected_value_is_drawn_as_one(warehouse: ReportWarehouse) -> None:
    warehouse.online({"TJK": 40.0, "KAZ": 90.0})
    place = {"publisher": "office", "indicator": "IT.NET.USER.ZS", "counterpart": "_Z"}
    for economy, value, corrected in (("TJK", 36.7, True), ("KAZ", 88.8, False)):
        warehouse.add("core.current", **place, economy=economy, year=warehouse.YEAR - 1,
                      value=value, corrected=corrected)  # fmt: skip

    drawn = next(e for e in exhibits(warehouse) if e.id == "internet_paths").chart
    assert drawn is not None
    told = {(line[0], line[1]) for hover in drawn.hover for line in hover.lines}
    assert told >= {("Tajikistan", "36.7, corrected"), ("Kazakhstan", "88.8")}


def test_a_publisher_is_stale_after_twice_the_time_between_its_releases(
    warehouse: ReportWarehouse,
) -> None:
    def of(vintage: date) -> list[str]:
        warehouse.con.execute("UPDATE core.snapshots SET vintage = ?", [vintage])
        return said(warehouse)

    # The office publishes every 90 days; the edition is of 1 May 2026.
    assert of(date(2025, 11, 2)) == []
    assert of(date(2025, 11, 1)) == [
        "Office, Invented Indicators: the newest figures are of 1\u00a0November 2025, although new "
        "ones appear about every three months."
    ]


def test_the_newest_release_of_a_publisher_decides(warehouse: ReportWarehouse) -> None:
    warehouse.con.execute("UPDATE core.snapshots SET vintage = DATE '2020-01-01'")
    warehouse.release("NEW.SERIES", date(2026, 4, 8))

    assert said(warehouse) == []


def close(warehouse: ReportWarehouse) -> None:
    """The office's set is no longer made, and its newest release is old."""
    office = warehouse.catalog.publishers["office"].model_copy(update={"closed": True})
    warehouse.catalog = warehouse.catalog.model_copy(update={"publishers": {"office": office}})
    warehouse.con.execute("UPDATE core.snapshots SET vintage = DATE '2021-12-31'")


def test_of_a_closed_set_no_newer_figures_are_promised(warehouse: ReportWarehouse) -> None:
    close(warehouse)

    assert said(warehouse) == [
        "Office, Invented Indicators: the newest figures are of 31\u00a0December 2021; the set is "
        "closed, so that newer ones will not appear."
    ]


@pytest.mark.parametrize(("state", "told"), [("stands back", 0), ("speaks", 1)])
def test_a_closed_set_is_old_until_another_speaks_in_its_place(
    warehouse: ReportWarehouse, state: str, told: int
) -> None:
    close(warehouse)
    warehouse.add("core.goods_series", publisher="office", indicator="X", flow="exports",
                  state=state)  # fmt: skip

    assert len(said(warehouse)) == told
