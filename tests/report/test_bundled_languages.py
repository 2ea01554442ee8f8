"""The report on the bundled archive in its other languages: whole, legible, of the same figures."""

import gzip
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from fontTools.ttLib import TTFont

from pipeline.assets.project import Project
from pipeline.catalog.models import Catalog
from pipeline.editions.make import compose_others
from pipeline.inputs import EditionInputs
from pipeline.language import CHINESE, RUSSIAN, language_of, speaking
from pipeline.report.content import Report
from pipeline.report.fonts import SANS, Faces
from pipeline.report.html import render_html
from pipeline.report.pdf import render_pdf
from pipeline.report.script import faces_of
from pipeline.report.site.pages import Site, pages
from pipeline.report.site.places import indicator_path
from pipeline.report.views import views_of
from pipeline.settings import Settings, settings
from tests.report.pdf_places import bookmarks, check_pages
from tests.report.placed_texts import ReadSvg

pytestmark = pytest.mark.slow

# Names, credits that a licence asks for in these words, codes, files, citations, and what is quoted
# from the article.
ENGLISH = re.compile(
    r"https?://\S+|“[^”]*”|\b(Aadhaar|Habib Bank|UN Comtrade|Comtrade|Global Findex|Findex|DataHub|"
    r"Packet Clearing House|ICRIER|"
    r"PA\.NUS\.FCRF|LICENCES\.txt|[a-z]+(?:\.[a-z]{2})?\.(?:html|json|xlsx))\b|\bdata/|"
    r"Business Standard of [^)\uff09]*|IAMAI and Kantar"
)
OF_SITE = ("index.html", "about.html", "indicators.html", "country/TJK.html", "claim/C20.html")
WORD = re.compile(r"\b[a-z]{4,}\b")


@pytest.fixture(scope="module", params=[RUSSIAN.code, CHINESE.code])
def translated(request: pytest.FixtureRequest, tell_bundled: Callable[[str], Report]) -> Report:
    return tell_bundled(request.param)


@pytest.fixture(scope="module")
def page(translated: Report, faces: Faces) -> str:
    return render_html(translated, faces=faces)


@pytest.fixture(scope="module")
def said(translated: Report, page: str) -> list[str]:
    """What a reader of page and site sees, but chains of arithmetic, code, the table of sources,
    and credits."""
    with speaking(language_of(translated.language)):
        site = dict(pages(Site(translated, views_of(translated))))
    read = [page, *(site[name] for name in OF_SITE)]
    read += [site[indicator_path(card.id)] for card in translated.indicators[::3]]
    bodies = [html5lib.parse(page, namespaceHTMLElements=False).find("body") for page in read]
    return [text for body in bodies for text in _seen(body)]


def _seen(element: ET.Element) -> Iterator[str]:
    unread = (
        element.tag in ("script", "style", "code")
        or element.get("class") == "chain"
        or element.get("translate") == "no"
    )
    if unread or element.get("id") in ("sources", "citation"):
        yield element.tail or ""
        return
    yield element.text or ""
    for child in element:
        yield from _seen(child)
    yield element.tail or ""


def test_composed_in_a_second_process_it_is_the_same(
    tell_bundled: Callable[[str], Report], bundled: Path, catalog: Catalog
) -> None:
    here = tell_bundled(RUSSIAN.code)
    inputs = EditionInputs(
        here.as_of, {}, "a" * 64, "c" * 64, "d" * 64, "e" * 64, languages=(RUSSIAN.code,)
    )
    with Project(Settings(second_process=True)).beside() as beside:
        told = compose_others(bundled, catalog, inputs, {}, beside)[RUSSIAN.code].result()

    assert replace(told, edition=here.edition, cite_as=here.cite_as) == here
    assert told.edition == inputs.edition != here.edition


def test_no_english_is_left_but_names_and_quotations(said: list[str]) -> None:
    left = {text: WORD.findall(ENGLISH.sub("", text)) for text in said}
    assert {text: words for text, words in left.items() if words} == {}


def test_no_text_is_unfinished(said: list[str]) -> None:
    for text in said:
        told = text.strip()
        assert not re.search(r"\bNone\b|\bnan\b|[{}]|  |\(\)|（）|\.\.|。。", told), text


def test_figures_are_those_of_the_english_report(
    translated: Report, bundled_report: Report
) -> None:
    assert [f.value for f in translated.findings] == [f.value for f in bundled_report.findings]
    english = {exhibit.id: exhibit for exhibit in bundled_report.exhibits()}
    assert {exhibit.id for exhibit in translated.exhibits()} == set(english)
    for own in translated.exhibits():
        numbers, others = (
            sorted(v for row in e.table.rows for v in row.values() if isinstance(v, float))
            for e in (own, english[own.id])
        )
        assert numbers == others


def test_the_page_is_small_enough_to_be_sent(page: str) -> None:
    assert len(page.encode()) < 3_000_000
    assert len(gzip.compress(page.encode())) < 900_000


def test_no_text_of_a_picture_lies_over_another_or_beyond_its_edge(
    translated: Report, read_svg: Callable[[str], ReadSvg]
) -> None:
    for exhibit in translated.exhibits():
        for picture in (exhibit.chart.wide, exhibit.chart.narrow) if exhibit.chart else ():
            svg = read_svg(picture)
            assert (exhibit.id, *svg.clashes()) == (exhibit.id, [], [])


def test_every_letter_of_a_picture_is_in_a_face_of_the_report(
    translated: Report, faces: Faces, read_svg: Callable[[str], ReadSvg]
) -> None:
    fonts = faces_of(translated.language, faces, settings().cache_dir)
    known = {
        letter
        for face in fonts.faces
        if face.family.startswith(SANS)
        for letter in TTFont(face.ttf).getBestCmap()
    }
    for exhibit in translated.exhibits():
        drawn = [t.text for t in read_svg(exhibit.chart.wide).texts()] if exhibit.chart else []
        texts = "".join((exhibit.title, exhibit.subtitle, exhibit.source, *drawn))
        assert (exhibit.id, {s for s in texts if ord(s) not in known}) == (exhibit.id, set())


@pytest.fixture(scope="module")
def printed(translated: Report, faces: Faces) -> bytes:
    return render_pdf(translated, faces=faces)


def test_pages_of_the_pdf_are_full_and_in_order(printed: bytes, tmp_path: Path) -> None:
    check_pages(printed, tmp_path)


def test_a_state_has_a_page_of_the_pdf_to_itself(translated: Report, printed: bytes) -> None:
    titles = [profile.title for profile in translated.profiles()]
    places = [(mark.title, mark.page) for mark in bookmarks(printed)]
    of_states = [at for title, at in places if title in titles]
    after = next(at for title, at in places if at >= of_states[-1] and title not in titles)
    assert of_states == list(range(of_states[0], of_states[0] + len(titles)))
    assert after <= of_states[-1] + 1
