"""What the tests that read pages in a browser share: a Chromium, and pages that must be quiet.

Which page is read, and what must be seen there, stands in the tests themselves.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium() -> str | None:
    """A Chromium on this machine's path, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


IN_CHROMIUM: Final = [
    pytest.mark.browser,
    pytest.mark.slow,
    # A bare machine has no browser and need not get one; CI installs it, so that nothing is skipped
    # where it counts. What a page says is tested without one, too.
    pytest.mark.skipif(find_chromium() is None, reason=f"none of {', '.join(NAMES)} is here"),
]
"""The marks of a module whose tests need one."""


@contextmanager
def launched() -> Iterator[Browser]:
    """The Chromium of this machine, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@contextmanager
def quiet_page(context: BrowserContext, is_own: Callable[[str], bool]) -> Iterator[Page]:
    """A page of a context, which is closed then.

    Fails on any message of the console and on any request for an address that is not its own.
    """
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert said == []
    assert [url for url in asked if not is_own(url)] == []


@contextmanager
def opened(
    browser: Browser, address: str, *, width: int = 1280, dark: bool = False, touch: bool = False
) -> Iterator[Page]:
    """A report of one page as read from a disk, which asks for nothing but itself."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        has_touch=touch,
        accept_downloads=True,
    )
    file = address.partition("#")[0]

    def is_own(url: str) -> bool:
        return url.startswith(("data:", "blob:")) or url.partition("#")[0] == file

    with quiet_page(context, is_own) as page:
        page.goto(address)
        yield page


def background(page: Page) -> str:
    """The colour of a page's background, as the browser says it."""
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def loaded_faces(page: Page) -> set[str]:
    """The families of the faces that a page has loaded, once all are there."""
    return set(
        page.evaluate(
            "document.fonts.ready.then(() => [...document.fonts]"
            ".filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', '')))"
        )
    )


def violations(page: Page) -> str:
    """What axe finds wrong on a page as it stands; empty where nothing is."""
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    return found.generate_report() if found.violations_count else ""
