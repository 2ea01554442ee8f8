"""The report on the bundled archive in a browser: finding, choosing and unfolding, on a phone, too.

Here stands what needs its many claims, profiles and figures; how one page works is in
``test_html_browser``.
"""

import pytest
from playwright.sync_api import Browser, expect

from pipeline.report.content import Report
from pipeline.report.fonts import Faces
from pipeline.report.html import render_html
from tests.report.chromium import IN_CHROMIUM, opened, violations

pytestmark = IN_CHROMIUM


@pytest.fixture(scope="module")
def real_address(
    bundled_report: Report, faces: Faces, tmp_path_factory: pytest.TempPathFactory
) -> str:
    path = tmp_path_factory.mktemp("real edition") / "report.html"
    path.write_text(render_html(bundled_report, faces=faces), "utf-8")
    return path.as_uri()


def test_parts_of_the_report_are_found_by_words_and_reached_by_keyboard(
    browser: Browser, real_address: str
) -> None:
    with opened(browser, real_address) as page:
        page.keyboard.press("/")
        box = page.get_by_role("searchbox")
        expect(box).to_be_focused()
        # Words in any order and without their capitals, of what is said and not of a title alone.
        box.fill("tajikistan c20")
        results = page.locator(".search .results button")
        assert page.locator("#found").inner_text().startswith("Found:")
        assert any("Tajikistan" in text for text in results.all_inner_texts())
        page.keyboard.press("ArrowDown")
        expect(results.first).to_be_focused()
        page.keyboard.press("Escape")
        expect(box).to_be_focused()
        assert results.count() == 0

        # What is folded away is unfolded, and read from there on.
        box.fill("Uzbekistan")
        profile = results.filter(has_text="State")
        profile.first.click()
        expect(page.locator("#profile-UZB .standing")).to_be_visible()
        expect(page.locator("#profile-UZB h3").first).to_be_focused()

        # A claim that the verdict chosen hides is shown again.
        page.locator(".filter label", has_text="Holds").first.click()
        expect(page.locator("#claim-C20")).to_be_hidden()
        box.fill("C20")
        results.first.click()
        expect(page.locator("#claim-C20")).to_be_in_viewport()

        box.fill("no such words")
        assert page.locator("#found").inner_text() == "Found: 0"
        assert results.count() == 0


def test_the_real_report_is_read_on_a_phone_figure_by_figure(
    browser: Browser, real_address: str
) -> None:
    with opened(browser, real_address, width=375, touch=True) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        explorers = page.locator(".explorer")
        assert explorers.count() >= 4
        for explorer in explorers.all():
            explorer.tap()
            tip = explorer.locator("xpath=..").locator(".tip")
            assert tip.is_visible()
            box = tip.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 375


def test_claims_are_chosen_by_verdict_with_the_keyboard(
    browser: Browser, real_address: str
) -> None:
    with opened(browser, real_address, width=390) as page:
        cards = page.locator(".ledger .claims > li")
        shown = page.locator(".ledger .claims > li:visible")
        status = page.locator(".shown")
        assert status.inner_text() == "Claims shown: 47 / 47"

        page.locator(".filter input[value='']").focus()
        page.keyboard.press("ArrowRight")
        assert set(shown.evaluate_all("all => all.map(li => li.dataset.verdict)")) == {"holds"}
        assert status.inner_text() == f"Claims shown: {shown.count()} / {cards.count()}"

        # A link to a claim that is not shown shows all again.
        page.evaluate("location.hash = '#claim-C20'")
        expect(page.locator("#claim-C20")).to_be_visible()
        assert shown.count() == cards.count()


def test_a_link_to_a_profile_unfolds_it(browser: Browser, real_address: str) -> None:
    with opened(browser, real_address) as page:
        assert page.locator("#profile-TJK").get_attribute("open") is None
        page.locator("#claim-C20").get_by_role("link", name="Tajikistan").click()
        expect(page.locator("#profile-TJK .standing")).to_be_visible()

        page.locator("#profile-TJK").get_by_role("link", name="C20").click()
        expect(page.locator("#claim-C20")).to_be_in_viewport()
    with opened(browser, real_address + "#profile-KAZ") as page:
        expect(page.locator("#profile-KAZ .standing")).to_be_visible()


def test_axe_finds_no_violation_in_the_real_report(browser: Browser, real_address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(real_address)
    assert violations(page) == ""
    context.close()
