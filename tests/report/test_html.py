"""The page: valid, self-contained, escaped, with every reference leading somewhere."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import html5lib
import pytest

from pipeline.errors import ReportError
from pipeline.report.content import Chart, Paragraph, Report, Section, Span
from pipeline.report.fonts import Faces
from pipeline.report.html import render_html

BUDGET_BYTES = 1_500_000


@pytest.fixture(scope="module")
def page(sample_report: Report, faces: Faces) -> str:
    return render_html(sample_report, faces=faces)


@pytest.fixture(scope="module")
def tree(page: str) -> Any:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def elements(tree: Any, name: str) -> list[Element]:
    return [e for e in tree.iter() if isinstance(e.tag, str) and e.tag.endswith(name)]


def by_class(tree: Any, name: str) -> Iterator[Element]:
    return (e for e in tree.iter() if name in (e.get("class") or "").split())


def words_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def with_text(report: Report, *spans: Span) -> Report:
    return replace(report, sections=(*report.sections, Section("x", "X", (Paragraph(spans),))))


def test_parses_without_one_error_of_html5(tree: Any) -> None:
    assert elements(tree, "html")[0].get("lang") == "en"


def test_ids_are_unique(tree: Any) -> None:
    ids = Counter(e.get("id") for e in tree.iter() if e.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []


def test_every_link_within_the_page_leads_somewhere(tree: Any) -> None:
    ids = {e.get("id") for e in tree.iter()}
    targets = [e.get("href", "") for e in elements(tree, "a")]
    assert {t[1:] for t in targets if t.startswith("#")} <= ids
    assert sum(t.startswith("#") for t in targets) > 15


def test_labels_of_regions_and_figures_exist(tree: Any) -> None:
    ids = {e.get("id") for e in tree.iter()}
    assert {e.get("aria-labelledby") for e in tree.iter()} - {None} <= ids


def test_nothing_is_loaded_from_anywhere(page: str, tree: Any) -> None:
    for element in tree.iter():
        for name in ("src", "srcset", "poster", "data", "action", "href"):
            address = element.get(name, "")
            if address and element.tag != "a":
                assert address.startswith(("data:", "#")), address
    style = elements(tree, "style")[0].text or ""
    assert re.findall(r"url\((?!data:)", style) == []
    assert "@import" not in style


def test_policy_names_style_and_script_by_hash_and_allows_no_request(tree: Any) -> None:
    policies = [
        e.get("content", "")
        for e in elements(tree, "meta")
        if e.get("http-equiv") == "Content-Security-Policy"
    ]
    allowed = dict(part.strip().split(" ", 1) for part in policies[0].split(";"))
    assert allowed["default-src"] == "'none'"
    assert allowed["img-src"] == allowed["font-src"] == "data:"
    script = next(e for e in elements(tree, "script") if not e.get("type"))
    for name, text in (("style-src", elements(tree, "style")[0].text), ("script-src", script.text)):
        digest = base64.b64encode(hashlib.sha256((text or "").encode()).digest()).decode()
        assert allowed[name] == f"'sha256-{digest}'"


def test_no_style_attribute_and_no_handler_that_the_policy_would_refuse(tree: Any) -> None:
    names = {name for e in tree.iter() for name in e.attrib}
    assert "style" not in names
    assert [name for name in names if str(name).startswith("on")] == []


def test_text_is_escaped(page: str, tree: Any) -> None:
    assert "<script>alert" not in page
    text = words_of(next(by_class(tree, "text")))
    assert "<script>alert(1)</script> #land *and* _there_ $x$ @y `z`" in text
    heading = next(e for e in elements(tree, "h3") if e.get("id") == "paths-title")
    assert words_of(heading) == "Northland leads <b>& stays</b> ahead"


def test_texts_of_the_tooltip_cannot_end_their_script_element(
    sample_report: Report, faces: Faces
) -> None:
    section = sample_report.sections[0]
    exhibit = next(e for e in sample_report.exhibits() if e.chart and e.chart.hover)
    assert exhibit.chart
    stop = replace(exhibit.chart.hover[0], label="</script><b>")
    chart = Chart(exhibit.chart.wide, exhibit.chart.narrow, (stop,))
    changed = replace(section, blocks=(replace(exhibit, chart=chart),))
    page = render_html(replace(sample_report, sections=(changed,), findings=(), notes=()),
                       faces=faces)  # fmt: skip
    assert "</script><b>" not in page


def test_search_engines_of_data_are_told_what_the_report_rests_on(
    tree: Any, sample_report: Report
) -> None:
    (script,) = (s for s in tree.iter("script") if s.get("type") == "application/ld+json")
    told = json.loads(script.text)
    assert (told["@context"], told["@type"]) == ("https://schema.org", "Dataset")
    assert (told["name"], told["version"]) == (sample_report.title, sample_report.edition)
    sources = [(s["name"], s["license"], s["url"]) for s in told["isBasedOn"]]
    assert sources == [(s.dataset, s.licence, s.url) for s in sample_report.sources]
    assert set(told["variableMeasured"]) == {i for s in sample_report.sources for i in s.indicators}


def test_headings_go_down_one_level_at_a_time(tree: Any) -> None:
    levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_a_chart_is_one_picture_with_its_alternative(tree: Any, sample_report: Report) -> None:
    charts = list(by_class(tree, "chart"))
    assert [c.get("role") for c in charts] == ["img", "img"]
    assert charts[0].get("aria-label") == sample_report.exhibits()[0].alt
    assert {svg.get("aria-hidden") for c in charts for svg in elements(c, "svg")} == {"true"}


def test_wide_and_narrow_pictures_share_no_id(tree: Any) -> None:
    clips = [e.get("id") for e in elements(tree, "clipPath")]
    assert len(clips) == len(set(clips)) == 4
    used = {e.get("clip-path") for e in tree.iter() if e.get("clip-path")}
    assert used == {f"url(#{clip})" for clip in clips}


def test_tables_have_scopes_and_numbers_rounded_half_up(tree: Any) -> None:
    figure = next(e for e in elements(tree, "figure") if e.get("id") == "grid")
    assert {e.get("scope") for e in elements(figure, "th")} == {"col", "row"}
    cells = [words_of(e) for e in elements(figure, "td")]
    assert cells == ["−1,234.01", "–", "0.30"]
    assert [e.get("data-raw") for e in elements(figure, "td")] == [
        "-1234.005", None, "0.30000000000000004",
    ]  # fmt: skip


def test_footnotes_are_numbered_by_first_mention_and_lead_back(tree: Any) -> None:
    marks = [e for e in elements(tree, "a") if e.get("role") == "doc-noteref"]
    assert [words_of(m) for m in marks] == ["1", "2", "1"]
    back = [e.get("href", "") for e in elements(tree, "a") if e.get("role") == "doc-backlink"]
    assert sorted(back) == sorted("#" + str(m.get("id")) for m in marks)


def test_the_data_of_an_exhibit_travel_in_the_page(tree: Any) -> None:
    link = next(e for e in elements(tree, "a") if e.get("download") == "grid.csv")
    head, _, body = str(link.get("href")).partition(",")
    assert head == "data:text/csv;charset=utf-8"
    assert re.fullmatch(r"[^\s\"#<>]+", body)
    assert unquote(body) == (
        'Member,"Change, points"\n\'=Northland,-1234.005\nSouthland,\n'
        "Westland,0.30000000000000004\n"
    )


def test_every_colour_of_the_charts_has_one_on_dark_ground(page: str) -> None:
    for light, dark in (("#B3262E", "#FF8A8F"), ("#1F5FA8", "#6CB0F5")):
        assert f'.chart [stroke="{light}" i]{{stroke:var(--c{light[1:].lower()})}}' in page
        assert f"--c{light[1:].lower()}:{dark};" in page


def test_findings_link_to_their_exhibit(tree: Any) -> None:
    card = next(e for e in tree.iter() if e.get("id") == "finding-lead")
    assert [(e.get("href"), words_of(e)) for e in elements(card, "a")] == [("#paths", "Figure 1")]


def test_series_that_may_not_be_passed_on_are_marked(tree: Any) -> None:
    row = next(e for e in elements(tree, "tr") if "Closed Office" in words_of(e))
    assert "not part of the data files" in words_of(row)


def test_stays_within_its_budget(page: str) -> None:
    assert len(page.encode()) < BUDGET_BYTES


@pytest.mark.parametrize(
    ("span", "named"),
    [
        (Span("", "note", "nowhere"), "nowhere"),
        (Span("9", "number", "nobody"), "nobody"),
        (Span("there", "link", "#gone"), "gone"),
        (Span("run", "link", "javascript:alert(1)"), "javascript"),
    ],
)
def test_a_reference_that_leads_nowhere_is_an_error(
    sample_report: Report, faces: Faces, span: Span, named: str
) -> None:
    with pytest.raises(ReportError, match=named):
        render_html(with_text(sample_report, span), faces=faces)


def test_an_id_used_twice_is_an_error(sample_report: Report, faces: Faces) -> None:
    doubled = replace(sample_report, sections=(*sample_report.sections, sample_report.sections[0]))
    with pytest.raises(ReportError, match="used 2 times"):
        render_html(doubled, faces=faces)


def test_a_broken_template_names_the_folder(
    sample_report: Report, faces: Faces, tmp_path: Path
) -> None:
    with pytest.raises(ReportError, match=re.escape(str(tmp_path))):
        render_html(sample_report, faces=faces, templates_dir=tmp_path)
