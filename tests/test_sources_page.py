"""The page of how the publishers stand: what it shows, and that it loads nothing."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest

from pipeline.assets.project import Project
from pipeline.assets.standing import publishers_today
from pipeline.catalog import Catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.asked import Asked
from pipeline.settings import Settings
from pipeline.sources import Freshness, SourceStatus, statuses
from pipeline.sources_page import render_sources, sources_page

TODAY = date(2026, 11, 27)
ASKED = Asked(
    publisher="itu",
    at=datetime(2026, 11, 26, 4, tzinfo=UTC),
    succeeded_at=datetime(2026, 11, 2, 4, tzinfo=UTC),
    changed_at=datetime(2026, 9, 1, 4, tzinfo=UTC),
    new=0,
    unchanged=5,
    failed={"MOBILE": "503 Service Unavailable (asked 6 times)"},
    requests=12,
    bytes=3_000,
)
ITU = SourceStatus(
    publisher="itu", name="ITU", dataset="DataHub", connector="data360", series=6, live=5,
    snapshots=3, newest=date(2026, 9, 1), cadence_days=183, age_days=87, freshness="fresh",
    asked=ASKED, covered=41, pairs=60,
)  # fmt: skip
BY_HAND = SourceStatus(
    publisher="imf", name="IMF", dataset="Trade", connector=None, series=2, live=0, snapshots=0,
    newest=None, cadence_days=365, age_days=None, freshness="none", asked=None, covered=None,
    pairs=20,
)  # fmt: skip


def parsed(page: str) -> ET.Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: ET.Element = parser.parse(page)
    return root


def text_of(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).replace("\u00a0", " ").split())


def table(page: str) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in parsed(page).iter("tr")][1:]


def test_a_publisher_is_shown_with_its_age_its_answers_and_its_coverage() -> None:
    (row,) = table(render_sources([ITU], today=TODAY))
    assert row == [
        "ITUDataHubitu", "6, 5 live", "1 September 2026", "87 of 183", "fresh",
        "26 November 2026", "2 November 2026", "1 September 2026", "41 of 60",
    ]  # fmt: skip


def test_what_is_not_there_is_said_to_be_not_there() -> None:
    never = replace(BY_HAND, connector="data360")
    by_hand, asked = table(render_sources([BY_HAND, never], today=TODAY))
    assert by_hand[1:] == ["2", "none", "–", "none", "by hand", "", "", "–"]
    assert asked[5:8] == ["never", "never", "never"]


def test_what_was_not_given_is_named_with_its_reason() -> None:
    (item,) = parsed(render_sources([ITU, BY_HAND], today=TODAY)).iter("li")
    assert text_of(item) == "itu MOBILE 503 Service Unavailable (asked 6 times)"
    assert not list(parsed(render_sources([BY_HAND], today=TODAY)).iter("li"))


@pytest.mark.parametrize(("freshness", "marked"), [("due", False), ("stale", True)])
def test_stale_is_told_by_word_and_by_look(freshness: Freshness, marked: bool) -> None:
    page = render_sources([replace(ITU, freshness=freshness)], today=TODAY)
    (cell,) = (c for c in parsed(page).iter("td") if text_of(c) == freshness)
    assert (cell.get("class") == "failed-warning") is marked


def test_whatever_a_publisher_says_is_text() -> None:
    evil = '<script>alert(1)</script>"&'
    asked = replace(ASKED, failed={evil: evil})
    page = render_sources(
        [replace(ITU, name=evil, dataset=evil, publisher=evil, asked=asked)], today=TODAY
    )
    root = parsed(page)
    assert not list(root.iter("script"))
    assert text_of(next(root.iter("li"))) == f"{evil} {evil} {evil}"
    assert table(page)[0][0] == evil * 3


def test_it_loads_nothing_and_its_policy_allows_nothing() -> None:
    root = parsed(render_sources([ITU], today=TODAY))
    policies = [m.get("content") for m in root.iter("meta") if m.get("http-equiv")]
    (policy,) = policies
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy
    addresses = [e.get(name) for e in root.iter() for name in ("src", "href") if e.get(name)]
    assert sorted(map(str, addresses)) == ["#sources", "data:,", "index.html"]
    assert not {e.tag for e in root.iter()} & {"script", "img", "iframe", "object"}
    assert not [e for e in root.iter() if e.get("style")]


def test_it_follows_the_readers_choice_of_light_or_dark() -> None:
    page = render_sources([ITU], today=TODAY)
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "prefers-color-scheme:dark" in page


def test_the_same_day_makes_the_same_page() -> None:
    digests = {
        hashlib.sha256(render_sources([ITU, BY_HAND], today=TODAY).encode()).hexdigest()
        for _ in range(2)
    }
    assert len(digests) == 1
    assert render_sources([ITU], today=date(2026, 11, 28)) != render_sources([ITU], today=TODAY)


def test_every_publisher_of_the_catalogue_has_a_row_as_the_command_has_it(
    bundled_archive: Archive, catalog: Catalog, tmp_path: Path
) -> None:
    here = Settings(home=tmp_path / "home")
    found = statuses(bundled_archive, catalog, here, today=TODAY)
    rows = table(sources_page(bundled_archive, catalog, here, today=TODAY))
    assert len(rows) == len(catalog.publishers)
    for status, row in zip(found, rows, strict=True):
        assert row[0].endswith(status.publisher)
        assert row[4] == status.freshness


def test_a_run_tells_of_the_day_on_which_it_ends(tmp_path: Path) -> None:
    before = datetime.now(UTC).date()
    page = publishers_today(Project(Settings(home=tmp_path / "home")))
    told = next(parsed(page).iter("time")).get("datetime")
    assert told is not None
    assert before <= date.fromisoformat(told) <= datetime.now(UTC).date()
