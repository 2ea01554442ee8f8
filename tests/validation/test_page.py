"""The page of results: everything is on it, what failed is open and first, nothing is loaded."""

import re
import shutil
from collections import Counter
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest

from pipeline.errors import ReportError
from pipeline.settings import PROJECT_ROOT
from pipeline.validation.kinds import NO_ROWS, Severity
from pipeline.validation.model import Expectation
from pipeline.validation.page import render_validation
from pipeline.validation.results import MAX_ROWS, Cell, ExpectationResult, SuiteResult

NASTY = "<script>alert('x')</script> & \"quoted\""
EDITION = "2026-05-01-0123abcd"


def result(
    name: str,
    severity: Severity = "critical",
    *,
    success: bool = True,
    query: str | None = "SELECT 1 AS n",
    rows: tuple[dict[str, Cell], ...] = (),
    unexpected: int | None = None,
    why: str = "Because.",
) -> ExpectationResult:
    asked = Expectation(name, "core.current", NO_ROWS, {"value": 0}, severity, why, query)
    count = len(rows) if unexpected is None else unexpected
    return ExpectationResult(asked, success, 2, count, rows)


def suite(*results: ExpectationResult, table: str = "core.current") -> dict[str, SuiteResult]:
    return {table: SuiteResult(table, results, f"About {table}.")}


RESULTS = suite(
    result("holds"),
    result("warned", "warning", success=False, rows=({"economy": "KAZ", "year": 2020},)),
    result("broken", success=False, query="SELECT 2", rows=({"economy": NASTY, "value": 0.5},)),
) | suite(result("sound"), result("told", "info"), table="marts.outcomes")


@pytest.fixture(scope="module")
def page() -> str:
    return render_validation(RESULTS, edition=EDITION)


@pytest.fixture(scope="module")
def tree(page: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def parse(page: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def checks(tree: Any) -> list[Element]:
    return [e for e in tree.iter("details") if e.get("class") == "check"]


def by_id(tree: Any, name: str) -> Element:
    found: list[Element] = [e for e in tree.iter() if e.get("id") == name]
    assert len(found) == 1, name
    return found[0]


def test_every_expectation_is_told_with_why_type_arguments_and_what_was_observed(tree: Any) -> None:
    told = {c.get("id"): text(c) for c in checks(tree)}

    assert set(told) == {
        f"{table}-{r.expectation.id}" for table, s in RESULTS.items() for r in s.results
    }
    for table, s in RESULTS.items():
        for r in s.results:
            said = told[f"{table}-{r.expectation.id}"]
            assert "Because." in said
            assert "expect_table_row_count_to_equal(value=0)" in said
            assert r.observed in said


def test_what_failed_is_first_and_open_and_the_rest_is_folded(tree: Any) -> None:
    ids = [(c.get("id"), c.get("open") is not None) for c in checks(tree)]
    assert ids == [
        ("core.current-broken", True),
        ("core.current-warned", True),
        ("core.current-holds", False),
        ("marts.outcomes-sound", False),
        ("marts.outcomes-told", False),
    ]


def test_counts_stand_on_top_and_by_table(tree: Any) -> None:
    facts = [" ".join(map(text, e)) for e in tree.iter("div") if e.find("dt") is not None]
    assert facts[:5] == [
        "Expectations 5", "Passed 3", "Failed, critical 1", "Failed, warning 1", "Failed, info 0",
    ]  # fmt: skip
    rows = [[text(c) for c in row] for row in by_id(tree, "summary").iter("tr")]
    assert rows == [
        ["Table", "Passed", "Critical", "Warning", "Info"],
        ["core.current", "1", "1", "1", "0"],
        ["marts.outcomes", "2", "0", "0", "0"],
    ]


def test_a_critical_failure_is_said_before_all_else(tree: Any) -> None:
    (aside,) = tree.iter("aside")
    assert text(aside).startswith("1 critical expectation does not hold.")


def test_without_failures_nothing_alarms() -> None:
    sound = parse(render_validation(suite(result("holds"))))
    assert list(sound.iter("aside")) == []
    assert [e.get("id") for e in sound.iter("section")] == ["summary", "core.current"]


def test_offending_rows_are_a_table_of_their_values(tree: Any) -> None:
    rows = [[text(c) for c in row] for row in by_id(tree, "core.current-warned").iter("tr")]
    assert rows == [["economy", "year"], ["KAZ", "2020"]]


def test_values_of_rows_read_as_values() -> None:
    row: dict[str, Cell] = {
        "year": 2020, "big": 1234567.5, "sum": 0.9999999, "gap": None, "yes": True, "code": "KAZ",
    }  # fmt: skip
    tree = parse(render_validation(suite(result("x", success=False, rows=(row,)))))
    _, cells = by_id(tree, "core.current-x").iter("tr")

    assert [text(c) for c in cells] == ["2020", "1,234,567.5", "0.9999999", "–", "yes", "KAZ"]
    assert [c.get("class") for c in cells] == ["number", "number", "number", None, None, None]


def test_how_many_rows_are_not_shown_is_said() -> None:
    rows: tuple[dict[str, Cell], ...] = tuple({"n": n} for n in range(MAX_ROWS))
    shown = render_validation(suite(result("x", success=False, rows=rows, unexpected=1105)))
    assert "The first 20 of 1,105 offending rows" in shown


def test_a_query_that_several_share_is_printed_once(page: str, tree: Any) -> None:
    assert page.count("SELECT 1 AS n") == 2, "once a table"
    assert "Same query as core.current-holds" in text(by_id(tree, "core.current-warned"))


def test_an_expectation_on_its_whole_table_has_no_query() -> None:
    tree = parse(render_validation(suite(result("x", query=None), result("y", query=None))))
    assert list(tree.iter("pre")) == []
    assert "Same query" not in text(tree)


def test_markup_in_any_text_is_text() -> None:
    nasty = suite(
        result("x", success=False, why=NASTY, query=NASTY, rows=({NASTY: NASTY},)), table=NASTY
    )
    shown = render_validation(nasty, edition=NASTY)
    assert "<script" not in shown
    assert text(parse(shown)).count("<script>alert('x')") > 5


def test_the_page_is_valid_and_its_links_lead_somewhere(tree: Any) -> None:
    ids = Counter(e.get("id") for e in tree.iter() if e.get("id"))
    assert [i for i, n in ids.items() if n > 1] == []
    links = {e.get("href", "") for e in tree.iter("a")}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert {link for link in links if not link.startswith("#")} == {
        "report.html", "validation.json",
    }  # fmt: skip
    labels = {e.get("aria-labelledby") for e in tree.iter()} - {None}
    assert labels <= set(ids)


def test_nothing_is_loaded_and_nothing_could_be(page: str, tree: Any) -> None:
    (policy,) = [
        e.get("content") for e in tree.iter("meta")
        if e.get("http-equiv") == "Content-Security-Policy"
    ]  # fmt: skip
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src 'none'" in policy
    assert list(tree.iter("script")) == []
    assert re.findall(r"https?://", page) == []
    assert [e.get("href") for e in tree.iter("link")] == ["data:,"]


def test_the_page_of_a_run_links_no_edition() -> None:
    tree = parse(render_validation(RESULTS))
    assert "Last run" in text(tree)
    assert {e.get("href", "#")[0] for e in tree.iter("a")} == {"#"}


def test_the_same_results_give_the_same_page_whatever_their_order(page: str) -> None:
    assert render_validation(dict(reversed(RESULTS.items())), edition=EDITION) == page


def test_a_missing_template_is_named(tmp_path: Any) -> None:
    shutil.copy(PROJECT_ROOT / "reports" / "templates" / "report.css.j2", tmp_path)
    with pytest.raises(ReportError, match=r"no page can be made from validation\.html\.j2"):
        render_validation(RESULTS, templates_dir=tmp_path)
