"""The site: valid pages, with every link leading to a place in the folder."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import html5lib
import pytest

from pipeline.errors import ReportError
from pipeline.report.content import (
    ClaimCard,
    ClaimCards,
    ClaimLine,
    Exhibit,
    IndicatorCard,
    Origin,
    Paragraph,
    Profile,
    Report,
    Section,
    Span,
)
from pipeline.report.fonts import Faces
from pipeline.report.html import render_html
from pipeline.report.site.files import write_site
from pipeline.report.site.places import Places, way
from pipeline.report.views import views_of
from tests.report.site_pages import ReadPage, lost, read_site

BUDGET_BYTES = 8_000_000
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
WriteSite = Callable[..., Path]


@pytest.fixture(scope="module")
def make_site(faces: Faces, tmp_path_factory: pytest.TempPathFactory) -> WriteSite:
    """Write the site of some reports as an edition would; gives its folder."""

    def _make(*reports: Report, address: str = "") -> Path:
        edition = tmp_path_factory.mktemp("an edition")
        for name in ("report.pdf", "report.ru.pdf", "report.zh.pdf"):
            (edition / name).write_bytes(b"%PDF")
        (edition / "LICENCES.txt").write_text("terms")
        views = {report.language: views_of(report) for report in reports}
        write_site(reports, views, edition, faces=faces, address=address)
        return edition / "site"

    return _make


def _origin(indicator: str) -> Origin:
    release = "release of 1 May 2026"
    return Origin(indicator, "Invented Office", release, f"office/{indicator}", "ab" * 32,
                  indicator, date(2026, 5, 1), "said")  # fmt: skip


@pytest.fixture(scope="module")
def small(sample_report: Report) -> Report:
    """The sample with a state, a claim and two indicators, one of which may not be passed on."""
    grid = next(e for e in sample_report.exhibits() if e.id == "grid")
    line = ClaimLine("C1", "Southland <leads> & gains.", "holds", "Holds", "5 %", "6 %")
    claims = ClaimCards("claim_cards", (("holds", "Holds", 1), ("outdated", "Outdated", 0)), (
        ClaimCard(**vars(line), distance="+20 %", reason="It is 6 %.", history="", source="Office",
                  states=(("SOU", "Southland"),)),
    ))  # fmt: skip
    points = (("Standing", (Span("Second"), Span("", "note", "break"), Span("."))),)
    profile = Profile(
        "profile-SOU", "Southland", "40 % online", None, points,
        replace(grid, id="profile_sou", number=2), "Claims about Southland", (line,),
    )  # fmt: skip
    cards = tuple(
        IndicatorCard(code, f"{short} users", short, "Access", "%", (("Kind", "A share"),), source,
                      replace(grid, id=f"indicator-{code.lower()}", number=0,
                              origins=(_origin(code),)))
        for code, short, source in zip(("INV", "CLS"), ("Southland", "Closed"),
                                       sample_report.sources, strict=True)
    )  # fmt: skip
    checks = (Span("See "), Span("the checks", "link", "validation.html"), Span("."))
    return replace(
        sample_report,
        sections=(
            *sample_report.sections,
            Section("claims", "The claims", (Paragraph((Span("One."),)), claims)),
            Section("profiles", "State by state", (profile,)),
        ),
        indicators=cards,
        warnings=(*sample_report.warnings, checks),
    )


@pytest.fixture(scope="module")
def site(small: Report, make_site: WriteSite) -> Path:
    return make_site(small)


@pytest.fixture(scope="module")
def full(bundled_report: Report, make_site: WriteSite) -> Path:
    return make_site(bundled_report, address="https://example.org/sco/")


@pytest.fixture(scope="module")
def full_pages(full: Path) -> dict[str, ReadPage]:
    return read_site(full)


def texts(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


# --- the small site


def test_there_is_a_page_of_each_kind_and_what_they_share(site: Path) -> None:
    assert set(texts(site)) == {
        "index.html", "about.html", "indicators.html", "feed.xml", "report.pdf", "LICENCES.txt",
        *(f"chapter/{name}.html" for name in ("online", "change", "method", "claims", "profiles")),
        "country/SOU.html", "claim/C1.html", "indicator/inv.html", "indicator/cls.html",
        *(f"data/{name}.csv" for name in ("paths", "bars", "grid", "profile_sou", "chains")),
        "data/indicator-inv.csv",
        "assets/icon.svg", "assets/pages.js", "assets/report.js", "assets/site.js",
        "assets/site.css",
        *(f"assets/SCO{name}.woff2" for name in (
            "Sans-Regular", "Sans-SemiBold", "Sans-Bold", "Serif-Regular", "Serif-SemiBold",
            "Serif-Italic",
        )),
    }  # fmt: skip


def test_every_page_parses_without_one_error_of_html5(site: Path) -> None:
    for path in site.rglob("*.html"):
        parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
        assert parser.parse(path.read_text("utf-8")).get("lang") == "en"


def test_every_link_and_anchor_of_the_small_site_leads_somewhere(site: Path) -> None:
    pages = read_site(site)
    assert lost(site, pages) == []
    assert sum(len(page.addresses) for page in pages.values()) > 200


def test_text_is_escaped_wherever_it_stands(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = path.read_text("utf-8")
        assert "<script>alert" not in page
        assert "<leads>" not in page
    assert "Southland &lt;leads&gt; &amp; gains." in (site / "claim/C1.html").read_text("utf-8")


def test_the_search_index_is_json_that_leads_to_pages(site: Path) -> None:
    head, _, body = (site / "assets/pages.js").read_text("utf-8").partition("=")
    assert head == "globalThis.sitePages"
    entries = json.loads(body.rstrip(";\n"))
    assert ["claim/C1.html", "Claim C1", "Southland <leads> & gains."] in entries
    assert {"Figure\u00a01", "State", "Indicator", "Section"} <= {kind for _, kind, _ in entries}
    assert all((site / address.partition("#")[0]).is_file() for address, _, _ in entries)


def test_footnotes_stand_on_the_page_that_mentions_them(site: Path) -> None:
    pages = read_site(site)
    notes = {path: [i for i in page.ids if i.startswith("note-")] for path, page in pages.items()}
    assert notes["chapter/online.html"] == ["note-all-ages", "note-break"]
    assert notes["country/SOU.html"] == ["note-break"]
    assert notes["about.html"] == ["note-all-ages", "note-break"]
    assert notes["chapter/change.html"] == []


def test_what_stands_beside_the_site_is_told_of_and_not_linked(site: Path) -> None:
    links = [a.get("href") for a in read_site(site)["index.html"].of("a")]
    assert "about.html#folder" in links
    assert "validation.html" in (site / "about.html").read_text("utf-8")


def test_a_series_that_may_not_be_passed_on_has_no_file(site: Path) -> None:
    page = (site / "indicator/cls.html").read_text("utf-8")
    assert "not part of the data files" in page
    assert ".csv" not in page
    assert "data/indicator-inv.csv" in (site / "indicator/inv.html").read_text("utf-8")


def test_names_in_tables_lead_to_their_pages(site: Path) -> None:
    hrefs = [a.get("href") for a in read_site(site)["indicator/inv.html"].of("a")]
    assert "../country/SOU.html" in hrefs
    hrefs = [a.get("href") for a in read_site(site)["country/SOU.html"].of("a")]
    assert "../indicator/inv.html" in hrefs


def test_the_same_report_makes_the_same_bytes(
    site: Path, small: Report, make_site: WriteSite
) -> None:
    assert texts(make_site(small)) == texts(site)


def test_each_language_has_its_folder_and_leads_to_the_same_page_of_the_others(
    small: Report, make_site: WriteSite, site: Path
) -> None:
    both = make_site(small, replace(small, language="ru"), replace(small, language="zh"))
    pages = read_site(both)
    assert lost(both, pages) == []
    links = {a.get("href") for a in pages["ru/claim/C1.html"].of("a")}
    assert {"../../claim/C1.html", "../../zh/claim/C1.html"} <= links
    assert next(pages["zh/index.html"].of("html"))["lang"] == "zh-Hans"
    files = set(texts(both))
    assert {"ru/report.ru.pdf", "ru/feed.xml", "zh/assets/SCOSansSC.woff2"} <= files
    # Faces, scripts and the cells behind numbers are there once for all.
    assert not {"ru/assets/SCOSans-Regular.woff2", "ru/assets/report.js"} & files
    assert "url(../../assets/SCOSans-Regular.woff2)" in (both / "zh/assets/site.css").read_text()


def test_search_engines_of_data_are_led_to_files_of_the_site(
    small: Report, make_site: WriteSite
) -> None:
    both = make_site(small, replace(small, language="ru"))
    for folder in (both, both / "ru"):
        page = (folder / "index.html").read_text("utf-8")
        (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        told = json.loads(text)
        files = [told["usageInfo"], *(d["contentUrl"] for d in told["distribution"])]
        assert len(files) == 3
        assert all((folder / name).is_file() for name in files)


def test_the_feed_has_the_edition_and_its_findings(site: Path, small: Report) -> None:
    feed = ET.parse(site / "feed.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    ids = [str(e.findtext(f"{ATOM}id")) for e in entries]
    assert len(ids) == len(set(ids)) == 1 + len(small.findings)
    assert {e.findtext(f"{ATOM}updated") for e in entries} == {"2026-05-01T00:00:00Z"}
    pages = read_site(site)
    for link in feed.iter(f"{ATOM}link"):
        path, _, anchor = str(link.get("href")).partition("#")
        assert (site / path).is_file()
        assert not anchor or anchor in pages[path].ids


def test_no_sitemap_is_made_where_no_address_is_known(site: Path) -> None:
    assert not (site / "sitemap.xml").exists()
    assert "canonical" not in (site / "index.html").read_text("utf-8")


# --- mistakes


def test_a_place_that_is_not_there_is_an_error_that_names_it(small: Report) -> None:
    places = Places(small)
    assert places.to("grid", "index.html") == "chapter/change.html#grid"
    assert places.to("claim-C1", "country/SOU.html") == "../claim/C1.html"
    assert places.to("grid", "chapter/change.html") == "#grid"
    with pytest.raises(ReportError, match="there is no place 'nowhere'"):
        places.to("nowhere", "index.html")


def test_a_link_of_prose_that_leads_nowhere_stops_the_site(
    small: Report, make_site: WriteSite
) -> None:
    astray = Section("x", "X", (Paragraph((Span("there", "link", "#gone"),)),))
    with pytest.raises(ReportError, match="gone"):
        make_site(replace(small, sections=(*small.sections, astray)))


def test_indicators_whose_pages_would_be_one_are_an_error(small: Report) -> None:
    first = small.indicators[0]
    twins = (replace(first, id="A.B"), replace(first, id="a_b"))
    with pytest.raises(ReportError, match=re.escape("two pages at 'indicator/a-b.html'")):
        _ = Places(replace(small, indicators=twins)).pages


def test_ways_between_pages_are_relative() -> None:
    assert way("claim/C1.html", "index.html") == "claim/C1.html"
    assert way("index.html", "claim/C1.html") == "../index.html"
    assert way("claim/C2.html", "claim/C1.html") == "C2.html"


# --- the real report


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
    assert sum(len(content) for content in texts(full).values()) < BUDGET_BYTES
