"""The site: valid pages, with every link leading to a place in the folder.

Here it is small, and made of the sample; the site of the bundled archive is in
``test_bundled_site``.
"""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import pytest

from pipeline.errors import ReportError
from pipeline.report.content import (
    ClaimCard,
    ClaimCards,
    ClaimLine,
    IndicatorCard,
    Origin,
    Paragraph,
    Profile,
    Report,
    Section,
    Span,
)
from pipeline.report.site.places import Places, way
from tests.report.site_pages import WriteSite, contents, lost, read_site

ATOM = "{http://www.w3.org/2005/Atom}"


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


def test_there_is_a_page_of_each_kind_and_what_they_share(site: Path) -> None:
    assert set(contents(site)) == {
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
    assert contents(make_site(small)) == contents(site)


def test_each_language_has_its_folder_and_leads_to_the_same_page_of_the_others(
    small: Report, make_site: WriteSite, site: Path
) -> None:
    both = make_site(small, replace(small, language="ru"), replace(small, language="zh"))
    pages = read_site(both)
    assert lost(both, pages) == []
    links = {a.get("href") for a in pages["ru/claim/C1.html"].of("a")}
    assert {"../../claim/C1.html", "../../zh/claim/C1.html"} <= links
    assert next(pages["zh/index.html"].of("html"))["lang"] == "zh-Hans"
    files = set(contents(both))
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
