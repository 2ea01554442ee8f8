"""The page in a browser: reading, sorting, saving, dark mode, keyboard, and no request at all.

Here it is the sample, in any language; the report on the bundled archive is in
``test_bundled_browser``.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.report.content import Report
from pipeline.report.fonts import Faces
from pipeline.report.html import render_html
from tests.report.chromium import (
    IN_CHROMIUM,
    OF_COLOURS,
    background,
    loaded_faces,
    opened,
    violations,
)

FIRST = "#paths"
pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def address(sample_report: Report, faces: Faces, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("an edition") / "report.html"
    path.write_text(render_html(sample_report, faces=faces), "utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as shown:
        yield shown


def test_text_is_set_in_the_faces_of_the_page(page: Page) -> None:
    assert {"SCO Sans", "SCO Serif"} <= loaded_faces(page)


def test_pointing_at_a_chart_shows_the_values_of_the_nearest_year(page: Page) -> None:
    plot = page.locator(f"{FIRST} .plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 30 / 660 + 4, box["y"] + box["height"] / 2)
    tip = plot.locator(".tip")
    assert tip.is_visible()
    assert tip.inner_text().split("\n") == ["2020", "Northland", "60.3", "Southland", "40.1"]
    hair, chart = plot.locator(".hair").bounding_box(), box
    assert hair
    assert abs(hair["x"] - chart["x"] - chart["width"] * 30 / 660) < 2
    page.mouse.move(0, 0)
    assert not tip.is_visible()


def test_the_tooltip_stays_within_the_chart(browser: Browser, address: str) -> None:
    with opened(browser, address, width=390) as page:
        plot = page.locator(f"{FIRST} .plot")
        box = plot.bounding_box()
        assert box
        for part in (0.02, 0.5, 0.98):
            plot.locator(".explorer").hover(
                position={"x": box["width"] * part, "y": box["height"] / 2}
            )
            tip = plot.locator(".tip").bounding_box()
            assert tip
            assert tip["x"] >= box["x"] - 1
            assert tip["x"] + tip["width"] <= 390


def test_a_touch_shows_the_values(browser: Browser, address: str) -> None:
    with opened(browser, address, width=390, touch=True) as page:
        page.locator(f"{FIRST} .explorer").tap()
        assert page.locator(f"{FIRST} .tip").is_visible()


def test_arrow_keys_walk_through_a_chart_and_say_the_values(page: Page) -> None:
    explorer = page.locator(f"{FIRST} .explorer")
    explorer.focus()
    page.keyboard.press("Home")
    assert explorer.get_attribute("aria-valuetext") == "2020: Northland 60.3, Southland 40.1"
    page.keyboard.press("ArrowRight")
    assert str(explorer.get_attribute("aria-valuetext")).startswith("2021: ")
    assert page.locator(f"{FIRST} .tip").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(f"{FIRST} .tip").is_visible()


def test_the_first_tab_stop_skips_to_the_report(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"


def test_a_table_sorts_by_value_with_missing_ones_last(page: Page) -> None:
    head = page.locator("#grid thead th").nth(1)
    values = page.locator("#grid tbody td")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert values.all_inner_texts() == ["−1,234.01", "0.30", "–"]
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert values.all_inner_texts() == ["0.30", "−1,234.01", "–"]


def test_data_are_saved_as_csv(page: Page) -> None:
    with page.expect_download() as waiting:
        page.locator(f"{FIRST} a[download$='.csv']").click()
    assert waiting.value.suggested_filename == "paths.csv"
    text = Path(waiting.value.path()).read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0] == {
        "Member": "Northland", "Year": "2020", "Online, % of people": "60.25", "Flag": "",
    }  # fmt: skip
    assert len(rows) == 8


def test_a_picture_is_saved_whole_with_fonts_and_source(page: Page, sample_report: Report) -> None:
    with page.expect_download() as waiting:
        page.locator(f"{FIRST} .picture-svg").click()
    assert waiting.value.suggested_filename == "paths.svg"
    root = ET.parse(waiting.value.path()).getroot()
    svg = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{svg}svg"
    assert root.get("width") == "660"
    assert root.findtext(f"{svg}title") == sample_report.exhibits()[0].title
    assert "Invented Office" in (root.findtext(f"{svg}desc") or "")
    assert "data:font/woff2" in (root.findtext(f"{svg}style") or "")


def test_dark_mode_follows_the_reader_and_can_be_turned_round(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, dark=True) as page:
        assert background(page) == "rgb(18, 24, 31)"
        stroke = "getComputedStyle(document.querySelector('.chart .wide path[stroke]')).stroke"
        assert page.evaluate(stroke) == "rgb(255, 138, 143)"
        button = page.locator("#theme")
        assert button.get_attribute("aria-pressed") == "true"
        button.click()
        assert background(page) == "rgb(255, 255, 255)"
        assert page.evaluate(stroke) == "rgb(179, 38, 46)"


def test_a_phone_gets_the_narrow_pictures_and_never_scrolls_sideways(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, width=390) as page:
        assert page.locator(f"{FIRST} .narrow").is_visible()
        assert not page.locator(f"{FIRST} .wide").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_contents_stay_in_sight_and_mark_what_is_read(page: Page) -> None:
    page.evaluate("document.getElementById('change').scrollIntoView()")
    expect(page.locator(".contents [aria-current]")).to_have_text("What changed")
    expect(page.locator(".contents")).to_be_in_viewport()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_violation_in_what_was_found(
    browser: Browser, address: str, *, dark: bool
) -> None:
    context = browser.new_context(color_scheme="dark" if dark else "light", bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("searchbox").fill("a")
    expect(page.locator(".search .results button").first).to_be_visible()
    assert violations(page, only=OF_COLOURS if dark else ()) == ""
    context.close()


def test_the_citation_can_be_copied_or_is_selected(page: Page) -> None:
    page.locator("#copy").click()
    expect(page.locator("#copied")).to_have_text(re.compile("Copied|Selected: copy with"))


def test_works_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator(f"{FIRST} .wide").is_visible()
    assert page.locator("#theme").is_hidden()
    page.locator(f"{FIRST} summary").click()
    assert page.locator(f"{FIRST} table").is_visible()
    context.close()


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (390, False)])
def test_axe_finds_no_violation(browser: Browser, address: str, width: int, dark: bool) -> None:
    # axe is put in by the test, past the page's own policy: read in a context of its own.
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert violations(page) == ""
    context.close()


@pytest.fixture(scope="module")
def translations(
    sample_report: Report, faces: Faces, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The addresses of the sample in the words and faces of other languages."""
    folder = tmp_path_factory.mktemp("translated")
    found = {}
    for code in ("ru", "zh"):
        path = folder / f"report.{code}.html"
        report = replace(sample_report, language=code)
        path.write_text(render_html(report, faces=faces, others=("en",)), "utf-8")
        found[code] = path.as_uri()
    return found


@pytest.mark.parametrize("code", ["ru", "zh"])
def test_axe_finds_no_violation_in_a_translation(
    browser: Browser, translations: dict[str, str], code: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(translations[code])
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            only = OF_COLOURS if scheme == "dark" else ()
            assert violations(page, only=only) == "", (width, scheme)
    context.close()


def test_a_picture_saved_from_a_chinese_page_brings_its_letters(
    browser: Browser, translations: dict[str, str]
) -> None:
    with opened(browser, translations["zh"]) as page:
        with page.expect_download() as waiting:
            page.locator(f"{FIRST} .picture-svg").click()
        root = ET.parse(waiting.value.path()).getroot()
    assert (root.get("font-family") or "").startswith('"SCO Sans SC", "SCO Sans"')
    style = root.findtext("{http://www.w3.org/2000/svg}style") or ""
    assert re.search(r"font-family: \"SCO Sans SC\"", style)
