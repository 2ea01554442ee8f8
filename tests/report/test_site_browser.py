"""The site in a browser, from a folder: charts, sorting, theme, search, no request beyond."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pipeline.report.content import Report
from tests.report.chromium import (
    IN_CHROMIUM,
    OF_COLOURS,
    background,
    loaded_faces,
    quiet_page,
    violations,
)
from tests.report.site_pages import WriteSite

pytestmark = IN_CHROMIUM
KINDS = (
    "index.html", "chapter/world.html", "chapter/claims.html", "country/TJK.html",
    "claim/C20.html", "indicator/it-net-user-zs.html", "indicators.html", "about.html",
)  # fmt: skip
"""A page of each kind."""


@pytest.fixture(scope="module")
def site(bundled_report: Report, make_site: WriteSite) -> Path:
    return make_site(bundled_report)


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """A page of the site from the disk, which asks for nothing beyond the folder."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    own = (site.as_uri(), "blob:")
    with quiet_page(context, lambda url: url.startswith(own)) as shown:
        yield shown


def at(site: Path, name: str) -> str:
    return (site / name).as_uri()


def test_style_script_and_faces_come_from_the_folder(page: Page, site: Path) -> None:
    page.goto(at(site, "country/TJK.html"))
    assert background(page) == "rgb(255, 255, 255)"
    assert {"SCO Sans", "SCO Serif"} <= loaded_faces(page)


def test_a_chart_is_read_by_pointer_and_its_picture_saved(page: Page, site: Path) -> None:
    page.goto(at(site, "chapter/online.html"))
    plot = page.locator("#internet_paths .plot")
    plot.locator(".explorer").hover()
    expect(plot.locator(".tip")).to_be_visible()
    with page.expect_download() as waiting:
        page.locator("#internet_paths .picture-svg").click()
    assert waiting.value.suggested_filename == "internet_paths.svg"
    with page.expect_download() as waiting:
        page.locator("#internet_paths a[download]").click()
    assert Path(waiting.value.path()).read_text("utf-8").startswith("Year,")


def test_a_table_is_sorted_and_its_names_lead_on(page: Page, site: Path) -> None:
    page.goto(at(site, "indicator/it-net-user-zs.html"))
    page.get_by_role("button", name="Newest, % of population").click()
    first = page.locator("table.values tbody tr").first
    expect(first.locator("th")).to_have_text("Tajikistan")
    first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tajikistan")


def test_the_theme_goes_along_to_the_next_page(page: Page, site: Path) -> None:
    page.goto(at(site, "index.html"))
    page.locator("#theme").click()
    assert background(page) == "rgb(18, 24, 31)"
    page.get_by_role("link", name="About this site").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("About this site")
    assert background(page) == "rgb(18, 24, 31)"
    assert page.locator("#theme").get_attribute("aria-pressed") == "true"


def test_the_search_finds_pages_elsewhere_and_never_its_own(page: Page, site: Path) -> None:
    page.goto(at(site, "claim/C20.html"))
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("tajikistan")
    found = page.locator(".search .pages a")
    expect(found.first).to_contain_text("Tajikistan")
    assert not [text for text in found.all_inner_texts() if "C20" in text]
    found.filter(has_text="State").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tajikistan")

    page.get_by_role("searchbox").fill("no such words")
    expect(page.locator("#elsewhere")).to_be_hidden()


def test_claims_of_a_chapter_are_chosen_by_verdict(page: Page, site: Path) -> None:
    page.goto(at(site, "chapter/claims.html"))
    page.locator(".filter label", has_text="Outdated").click()
    shown = page.locator(".ledger .claims > li:visible")
    assert set(shown.evaluate_all("all => all.map(li => li.dataset.verdict)")) == {"outdated"}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_page_fits_a_phone(page: Page, site: Path, name: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(at(site, name))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_works_without_script(browser: Browser, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(at(site, "claim/C20.html"))
    expect(page.locator(".chain table")).to_be_visible()
    assert page.locator(".search").is_hidden()
    context.close()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (1280, True), (390, False)])
def test_axe_finds_no_violation_on_any_kind_of_page(
    browser: Browser, site: Path, width: int, *, dark: bool
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    for name in KINDS:
        page.goto(at(site, name))
        page.get_by_role("searchbox").fill("tajikistan")
        assert violations(page, only=OF_COLOURS if dark else ()) == "", name
    context.close()
