"""The page of checks in the other languages: whole, legible, of the same results."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from playwright.sync_api import Browser

from pipeline.catalog import Catalog
from pipeline.language import CHINESE, LANGUAGES, RUSSIAN, Language
from pipeline.report.words import checks_page, file_name
from pipeline.validation.model import Suite
from pipeline.validation.page import render_validation
from pipeline.validation.results import MAX_ROWS, ExpectationResult, Results, SuiteResult
from pipeline.validation.suites import read_suites
from pipeline.validation.translated import retold, sources, suites_in
from tests.report.chromium import IN_CHROMIUM, OF_COLOURS, launched, opened, violations
from tests.validation.conftest import EXPECTATIONS

EDITION = "2026-05-01-0123abcd"
ROW: Mapping[str, Any] = {"economy": "KAZ", "year": 2020, "value": 1234.5, "published": True}
BUDGET_BYTES = 500_000
NAMES = re.compile(r"[\w]+(?:[./][\w]+)+|\b\w+_\w+\b|GE\(2\)|exp\(-L\)|Great Expectations|Python")
"""Tables, columns, files and what else is called so in every language."""
WORD = re.compile(r"\b[a-z]{3,}\b")


def judged(suites: Mapping[str, Suite]) -> Results:
    """A result of each expectation, of which every third does not hold."""
    found = {}
    for table, suite in suites.items():
        results = tuple(_result(n, e) for n, e in enumerate(suite.expectations))
        found[table] = SuiteResult(table, results, suite.about, suite.key)
    return found


def _result(n: int, expectation: Any) -> ExpectationResult:
    if n % 3:
        return ExpectationResult(expectation, True, 1000 * n, 0)
    rows = (ROW,) * min(n + 1, MAX_ROWS)
    return ExpectationResult(expectation, False, 5000, n + 1, rows, (0.5, 2.0))


@pytest.fixture(scope="module")
def results(suites: Mapping[str, Suite]) -> Results:
    return judged(suites)


@pytest.fixture(scope="module", params=[RUSSIAN, CHINESE], ids=lambda one: one.code)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture(scope="module")
def told(language: Language, results: Results, catalog: Catalog) -> Results:
    return retold(results, suites_in(language, read_suites(EXPECTATIONS), catalog))


@pytest.fixture(scope="module")
def page(language: Language, told: Results) -> str:
    others = [code for code in LANGUAGES if code != language.code]
    return render_validation(told, edition=EDITION, language=language, others=others)


@pytest.fixture(scope="module")
def tree(page: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def _seen(element: Element) -> Iterator[str]:
    """What a reader sees but code, ids and names of tables, columns and other languages."""
    is_name = element.get("href", "").startswith("#") or element.get("hreflang")
    if element.tag in ("code", "h2", "strong", "th") or is_name:
        yield element.tail or ""
        return
    yield element.text or ""
    yield element.get("aria-label", "")
    for child in element:
        yield from _seen(child)
    yield element.tail or ""


def test_no_english_is_left_but_names(tree: Any, suites: Mapping[str, Suite]) -> None:
    seen = list(_seen(tree.find("body")))
    left = {text: WORD.findall(NAMES.sub("", text)) for text in seen}
    allowed = {"found", "until"} | {column for suite in suites.values() for column in suite.key}
    assert len(seen) > 1000
    assert {t: w for t, w in left.items() if set(w) - allowed} == {}


def test_each_text_is_that_of_its_expectation(tree: Any, told: Results, results: Results) -> None:
    seen = {e.get("id"): " ".join("".join(e.itertext()).split()) for e in tree.iter("details")}
    for table, suite in told.items():
        for own, english in zip(suite.results, results[table].results, strict=True):
            why = " ".join(own.expectation.why.split())
            assert why in seen[f"{table}-{own.expectation.id}"]
            assert why != english.expectation.why
            assert own == replace(
                english, expectation=replace(english.expectation, why=own.expectation.why)
            )


def test_it_is_marked_with_its_language_and_leads_to_the_others(
    tree: Any, language: Language
) -> None:
    assert tree.get("lang") == language.tag
    assert len([p for p in tree.iter("p") if p.get("class") == "translated"]) == 1
    near = {e.get("href"): e.get("hreflang") for e in tree.iter("a")}
    away = {name: tag for name, tag in near.items() if name and not name.startswith("#")}
    assert away == {
        file_name("html", language.code): None,
        "validation.json": None,
        **{checks_page(o.code): o.tag for o in LANGUAGES.values() if o is not language},
    }


def test_it_brings_the_chinese_signs_that_it_shows_and_no_other_face(
    page: str, language: Language
) -> None:
    faces = re.findall(r'@font-face{font-family:"([^"]+)"[^}]*unicode-range:([^}]*)}', page)
    assert [name for name, _ in faces] == ["SCO Sans SC" if language is CHINESE else "SCO Sans"]
    brought = {chr(int(code[2:], 16)) for code in faces[0][1].split(",")}
    assert brought >= {sign for sign in page if ord(sign) >= 0x2E80}
    assert brought <= set(page)


def test_it_stays_small_where_little_fails(told: Results, language: Language) -> None:
    sound = {
        table: replace(
            suite, results=tuple(replace(r, success=True, rows=()) for r in suite.results)
        )
        for table, suite in told.items()
    }
    page = render_validation(sound, edition=EDITION, language=language)
    assert len(page.encode()) < BUDGET_BYTES


def test_the_english_page_leads_to_the_others_and_says_the_same(results: Results) -> None:
    alone = render_validation(results, edition=EDITION)
    page = render_validation(results, edition=EDITION, others=["ru", "zh"])
    assert 'href="validation.ru.html" hreflang="ru"' in page
    assert "hreflang" not in alone
    assert alone.partition("<main")[2] == page.partition("<main")[2]


def test_keys_of_texts_name_table_and_expectation() -> None:
    found = sources(read_suites(EXPECTATIONS))
    assert found["core.snapshots.hash_is_one"].startswith("The hash of the archived bytes")
    assert found["core.goods_series"].startswith("The series of goods trade by partner")
    assert len(found) == sum(1 + len(s.expectations) for s in read_suites(EXPECTATIONS))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@IN_CHROMIUM[0]
@IN_CHROMIUM[1]
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)])
def test_it_can_be_read_by_everyone(
    told: Results, language: Language, chromium: Browser, tmp_path: Path, width: int, dark: bool
) -> None:
    """Of some tables, since each is laid out like the others and axe is slow with thousands."""
    some = dict(sorted(told.items(), key=lambda suite: len(suite[1].results))[:4])
    assert {result.success for suite in some.values() for result in suite.results} == {True, False}
    others = [code for code in LANGUAGES if code != language.code]
    path = tmp_path / "validation.html"
    path.write_text(
        render_validation(some, edition=EDITION, language=language, others=others), "utf-8"
    )
    with opened(chromium, path.as_uri(), width=width, dark=dark) as shown:
        assert violations(shown, only=OF_COLOURS if dark else ()) == ""


@IN_CHROMIUM[0]
@IN_CHROMIUM[1]
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_no_wider_than_the_screen(
    page: str, chromium: Browser, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "validation.html"
    path.write_text(page, "utf-8")
    with opened(chromium, path.as_uri(), width=width) as shown:
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
