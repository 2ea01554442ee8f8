"""The lists of editions: one a language, with the feed of it, of what manifests say alone."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import html5lib
import pytest

from pipeline.errors import ReportError
from pipeline.inputs import EditionInputs
from pipeline.report.editions_index import point_to_latest
from pipeline.report.manifest import Told, load_manifest

ATOM = "{http://www.w3.org/2005/Atom}"
TITLES = {"en": "The report", "ru": "Доклад", "zh": "报告"}


def stand(editions: Path, as_of: date, *languages: str) -> str:
    """Put an edition in English and these languages, of which there is no more than the manifest
    and empty files."""
    inputs = EditionInputs(as_of, {"a": "1"}, "a", "b", "c", "d", languages=languages)
    folder = editions / inputs.edition
    names = ["data/README.txt", "manifest.json"]
    for code in ("en", *languages):
        middle, site = ("", "") if code == "en" else (f".{code}", f"{code}/")
        names += [f"report{middle}.html", f"report{middle}.pdf", f"validation{middle}.html"]
        names.append(f"site/{site}index.html")
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    manifest: dict[str, Any] = {
        "edition": inputs.edition,
        "title": TITLES["en"],
        "inputs": inputs.as_json(),
        "files": {name: {"bytes": 0, "sha256": ""} for name in names if name != "manifest.json"},
        "findings": [{"id": "f", "figure": "1", "sentence": "first", "sha256": ""}],
        "translations": {
            code: {"title": TITLES[code], "findings": [["1", f"({code})"]]} for code in languages
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return inputs.edition


@pytest.fixture
def editions(tmp_path: Path) -> Path:
    """An older edition in English, and one in three languages."""
    stand(tmp_path, date(2025, 5, 1))
    point_to_latest(tmp_path, stand(tmp_path, date(2026, 5, 1), "ru", "zh"))
    return tmp_path


def parsed(path: Path) -> Any:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(path.read_text("utf-8"))


@pytest.mark.parametrize(
    ("code", "tag", "count"), [("en", "en", 2), ("ru", "ru", 1), ("zh", "zh-Hans", 1)]
)
def test_a_list_has_the_editions_of_its_language_and_its_links_lead_somewhere(
    editions: Path, code: str, tag: str, count: int
) -> None:
    middle = "" if code == "en" else f".{code}"
    page = parsed(editions / f"index{middle}.html")
    titles = ["".join(h.itertext()) for h in page.iter("h2")]
    links = [str(a.get("href")) for a in page.iter("a")]
    others = {f"index{'' if o == 'en' else f'.{o}'}.html" for o in TITLES if o != code}

    assert page.get("lang") == tag
    assert titles == [TITLES[code]] * count
    assert all((editions / link).is_file() for link in links)
    assert {link for link in links if "/" not in link} == {*others, f"feed{middle}.xml"}
    made = {link.partition("/")[2] for link in links if "/" in link}
    site = "site/index.html" if code == "en" else f"site/{code}/index.html"
    assert made == {
        f"report{middle}.html", f"report{middle}.pdf", f"validation{middle}.html", site,
        "data/README.txt", "manifest.json",
    }  # fmt: skip


@pytest.mark.parametrize("code", list(TITLES))
def test_a_feed_speaks_its_language_and_leads_to_reports_in_it(editions: Path, code: str) -> None:
    middle = "" if code == "en" else f".{code}"
    feed = ET.fromstring((editions / f"feed{middle}.xml").read_bytes())
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    assert str(entry.findtext(f"{ATOM}title")).startswith(TITLES[code])
    assert entry.findtext(f"{ATOM}summary") == ("1 first" if code == "en" else f"1 ({code})")
    links = [link.get("href", "") for link in feed.iter(f"{ATOM}link")]
    assert links[:2] == [f"feed{middle}.xml", f"index{middle}.html"]
    assert all((editions / link).is_file() for link in links)


def test_no_two_feeds_or_entries_have_one_id(editions: Path) -> None:
    feeds = [ET.fromstring(path.read_bytes()) for path in sorted(editions.glob("feed*.xml"))]
    ids = [found.text for feed in feeds for found in feed.iter(f"{ATOM}id")]
    assert len(feeds) == 3
    assert len(ids) == len(set(ids)) == 3 + 2 + 1 + 1


def test_a_language_that_no_edition_has_any_more_has_no_list(editions: Path) -> None:
    (newest,) = editions.glob("2026-*")
    newest.rename(editions / "put away")
    (older,) = editions.glob("2025-*")
    point_to_latest(editions, older.name)
    assert sorted(p.name for p in editions.glob("*.*ml")) == ["feed.xml", "index.html"]
    assert "hreflang" not in (editions / "index.html").read_text("utf-8")


def test_what_a_manifest_says_of_a_language_is_read_back(editions: Path) -> None:
    (newest,) = editions.glob("2026-*")
    manifest = load_manifest(newest / "manifest.json")
    assert manifest.told("en") == Told("The report", (("1", "first"),))
    assert manifest.told("zh") == Told("报告", (("1", "(zh)"),))
    (older,) = editions.glob("2025-*")
    assert load_manifest(older / "manifest.json").told("zh") is None


def test_a_translation_of_another_shape_is_no_manifest(editions: Path) -> None:
    (newest,) = editions.glob("2026-*")
    path = newest / "manifest.json"
    record = json.loads(path.read_text("utf-8"))
    del record["translations"]["ru"]["title"]
    path.write_text(json.dumps(record), "utf-8")
    with pytest.raises(ReportError, match="manifest of an edition: 'title' is missing"):
        load_manifest(path)
