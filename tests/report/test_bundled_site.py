"""The site of the report on the bundled archive: nothing is lost, doubled or loaded from elsewhere.

Here, too, stands what its pages say of indicators and claims, and how large it may be; what a site
is made of is in ``test_site``.
"""

import csv
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import html5lib
import pytest

from pipeline.report.content import Exhibit, Report
from pipeline.report.fonts import Faces
from pipeline.report.html import render_html
from tests.report.site_pages import ReadPage, WriteSite, contents, lost, read_site

pytestmark = pytest.mark.slow

BUDGET_BYTES = 8_000_000
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def full(bundled_report: Report, make_site: WriteSite) -> Path:
    return make_site(bundled_report, address="https://example.org/sco/")


@pytest.fixture(scope="module")
def full_pages(full: Path) -> dict[str, ReadPage]:
    return read_site(full)


def test_every_link_and_anchor_of_the_real_site_leads_somewhere(
    full: Path, full_pages: dict[str, ReadPage]
) -> None:
    assert lost(full, full_pages) == []


def test_ids_are_unique_on_every_page(full_pages: dict[str, ReadPage]) -> None:
    for path, page in full_pages.items():
        assert [i for i, count in Counter(page.ids).items() if count > 1] == [], path


def test_no_address_is_absolute_and_nothing_is_loaded_from_elsewhere(
    full_pages: dict[str, ReadPage],
) -> None:
    for path, page in full_pages.items():
        for tag, address in page.addresses:
            outward = tag == "a" or (tag == "link" and address.startswith("https://example.org/"))
            assert outward or not re.match(r"[a-z]+:|/", address), (path, address)
            assert not address.startswith("/"), (path, address)


def test_the_policy_of_every_page_allows_files_of_the_site_alone(
    full_pages: dict[str, ReadPage],
) -> None:
    for path, page in full_pages.items():
        (policy,) = [m["content"] for m in page.of("meta") if "http-equiv" in m]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        assert "unsafe" not in policy
        names = {name for _, attributes in page.elements for name in attributes}
        assert "style" not in names, path
        assert not [name for name in names if name.startswith("on")], path
        for script in page.of("script"):
            assert "src" in script or script.get("type", "").startswith("application/"), path


def test_everything_of_the_report_has_its_place_once(
    full_pages: dict[str, ReadPage], bundled_report: Report
) -> None:
    places = Counter(i for page in full_pages.values() for i in page.ids)
    wanted = [e.id for e in bundled_report.exhibits()]
    wanted += [f"claim-{c.id}" for c in bundled_report.claim_cards()]
    wanted += [p.id for p in bundled_report.profiles()]
    wanted += [f"finding-{f.id}" for f in bundled_report.findings]
    assert {place: places[place] for place in wanted if places[place] != 1} == {}


def test_no_picture_is_drawn_or_told_twice(
    full: Path, bundled_report: Report, faces: Faces
) -> None:
    def pictures(page: str) -> list[str]:
        return re.findall(r"<svg.*?</svg>", page, re.DOTALL)

    site = [svg for path in full.rglob("*.html") for svg in pictures(path.read_text("utf-8"))]
    assert sorted(site) == sorted(pictures(render_html(bundled_report, faces=faces)))


def test_one_page_of_each_kind_is_valid_html(full: Path) -> None:
    for name in (
        "index.html", "about.html", "indicators.html", "country/TJK.html", "claim/C20.html",
        "indicator/it-net-user-zs.html", "chapter/world.html", "chapter/method.html",
    ):  # fmt: skip
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        parser.parse((full / name).read_text("utf-8"))


def test_an_indicator_has_the_newest_value_of_every_member(
    full: Path, values: dict[str, dict[tuple[str, int], float]], bundled_report: Report
) -> None:
    own = values["IT.NET.USER.ZS"]
    states = {p.title: p.id.removeprefix("profile-") for p in bundled_report.profiles()}
    with (full / "data/indicator-it-net-user-zs.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["Member"]: row for row in csv.DictReader(lines)}
    for name, code in states.items():
        newest = max(year for state, year in own if state == code)
        assert int(rows[name]["Year"]) == newest
        assert float(rows[name]["Newest, % of population"]) == own[code, newest]
    assert set(rows) == {*states, "World"}


def test_marks_of_revision_are_what_the_archive_says(bundled_report: Report, bundled: Path) -> None:
    """The release that spoke on the day compared with, looked up in all observations."""
    with duckdb.connect(str(bundled), read_only=True) as con:
        said = con.execute(
            "SELECT o.indicator, o.economy, o.year, arg_max(o.value, o.vintage) AS value "
            "FROM core.observations AS o JOIN core.indicators AS i USING (publisher, indicator) "
            "JOIN (SELECT publisher, indicator, max(vintage) AS vintage FROM core.observations "
            "WHERE vintage <= ? GROUP BY ALL) USING (publisher, indicator, vintage) "
            "WHERE o.counterpart = '_Z' GROUP BY ALL",
            [bundled_report.since],
        ).fetchall()
    before = {(i, e, y): value for i, e, y, value in said}
    codes = {p.title: p.id.removeprefix("profile-") for p in bundled_report.profiles()}
    seen: Counter[str] = Counter()
    for card in bundled_report.indicators:
        for row in card.values.table.rows:
            remark, code = str(row["remark"] or ""), codes.get(str(row["member"]))
            if code is None or row["value"] is None or remark == "":
                continue
            mark = remark.split(" ")[0]
            seen[mark] += 1
            key = (card.id, code, row["year"])
            assert (row["before"] is None) == (mark == "new")
            if mark == "revised":
                assert row["before"] == before[key]
            elif "TG." not in card.id and "XG." not in card.id:  # trade by partner has no "_Z"
                assert key not in before
    assert seen["new"] > 100
    assert seen["revised"] > 10


def test_a_claim_tells_what_each_release_said(
    full: Path, full_pages: dict[str, ReadPage], bundled_report: Report
) -> None:
    card = next(c for c in bundled_report.claim_cards() if c.id == "C20")
    found = [(r["release"], r["year"], round(float(str(r["found"])), 1), r["verdict"])
             for r in card.releases.rows]  # fmt: skip
    assert found[-1] == ("2026-04-08", 2024, 55.8, "Outdated")
    assert found[0][3] == "Holds, with a caveat"
    links = {a.get("href") for a in full_pages["claim/C20.html"].of("a")}
    assert {"../indicator/it-net-user-zs.html", "../country/TJK.html"} <= links


def test_exhibits_that_rest_on_an_indicator_are_named_on_its_page(
    full_pages: dict[str, ReadPage], bundled_report: Report
) -> None:
    using = [
        e.id for e in bundled_report.exhibits()
        if isinstance(e, Exhibit) and not e.id.startswith("profile_")
        and any(o.indicator == "IT.NET.USER.ZS" for o in e.origins)
    ]  # fmt: skip
    links = [str(a.get("href")) for a in full_pages["indicator/it-net-user-zs.html"].of("a")]
    assert [link.partition("#")[2] for link in links if "chapter/" in link and "#" in link] == using


def test_the_sitemap_has_every_page_at_its_whole_address(full: Path) -> None:
    root = ET.parse(full / "sitemap.xml").getroot()
    found = [str(loc.text) for loc in root.iter(f"{SITEMAPS}loc")]
    pages = {p.relative_to(full).as_posix() for p in full.rglob("*.html")}
    assert {address.removeprefix("https://example.org/sco/") for address in found} == pages
    assert len(found) == len(pages)
    own = '<link rel="canonical" href="https://example.org/sco/claim/C20.html">'
    assert own in (full / "claim/C20.html").read_text("utf-8")


def test_stays_within_its_budget(full: Path) -> None:
    assert sum(len(content) for content in contents(full).values()) < BUDGET_BYTES
