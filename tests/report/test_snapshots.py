"""What an edition says and draws is what is stored, so that every change of it is reviewed.

All of it comes from made-up figures: new releases of publishers change nothing here.
"""

import importlib
import pkgutil
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pipeline.catalog.models import Catalog
from pipeline.report import charts, svg
from pipeline.report.content import Chart
from tests.report.as_text import hover_lines, report_lines, svg_lines
from tests.report.made_up_charts import CHARTS, LANGUAGES, SPOKEN, drawn, spoken
from tests.report.made_up_edition import make_up
from tests.snapshots import OPTION, Snapshots, may_write

FOLDER = Path(__file__).with_name("snapshots")
CONTENT, PAGE_FILE, STOPS = "content.en.txt", "charts/lines-file.svg", "charts/stops.txt"
SIZES = ("wide", "narrow")
MOST_BYTES = 1_500_000


@pytest.fixture
def stored(request: pytest.FixtureRequest) -> Snapshots:
    return Snapshots(FOLDER, bool(request.config.getoption(OPTION)))


def file_of(name: str, size: str, language: str = "") -> str:
    said = f".{language}" if language else ""
    return f"charts/{name.replace(' ', '-')}-{size}{said}.svg"


def picture(chart: Chart, size: str) -> str:
    return chart.wide if size == "wide" else chart.narrow


def expected_names() -> set[str]:
    return {
        CONTENT, PAGE_FILE, STOPS,
        *(file_of(name, size) for name in CHARTS for size in SIZES),
        *(file_of(f"spoken {n}", size, of) for n in SPOKEN for size in SIZES for of in LANGUAGES),
    }  # fmt: skip


# --- the snapshots


@pytest.mark.slow
def test_the_content_of_a_small_edition(
    stored: Snapshots, catalog: Catalog, tmp_path: Path
) -> None:
    stored.compare(CONTENT, report_lines(make_up(tmp_path, catalog).report("en")))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CHARTS)
def test_a_chart(stored: Snapshots, name: str, size: str) -> None:
    stored.compare(file_of(name, size), svg_lines(picture(drawn(name), size)))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SPOKEN)
def test_a_chart_in_a_language(stored: Snapshots, name: str, language: str, size: str) -> None:
    text = svg_lines(picture(spoken(name, language), size))
    stored.compare(file_of(f"spoken {name}", size, language), text)


def test_a_chart_as_a_file(stored: Snapshots) -> None:
    text = svg.standalone(drawn("lines").wide, "A title", "What is to be seen.", ".a{fill:red}")
    stored.compare(PAGE_FILE, svg_lines(text))


def test_the_stops_of_tooltips(stored: Snapshots) -> None:
    every = {name: drawn(name) for name in CHARTS}
    every |= {f"{name} in {of}": spoken(name, of) for name in SPOKEN for of in LANGUAGES}
    lines = [f"{name}: {stop}" for name, c in every.items() for stop in hover_lines(c.hover)]
    stored.compare(STOPS, "\n".join(lines) + "\n")


# --- that they are all there, and nothing else


def test_every_kind_of_chart_has_a_snapshot() -> None:
    kinds = {
        kind
        for found in pkgutil.iter_modules(charts.__path__, f"{charts.__name__}.")
        for kind in vars(importlib.import_module(found.name)).values()
        if isinstance(kind, type) and hasattr(kind, "render")
    }
    assert kinds == {type(chart) for chart in CHARTS.values()}


def test_what_is_stored_is_compared_with_something() -> None:
    assert Snapshots(FOLDER).names() == expected_names()


def test_they_are_small() -> None:
    assert sum((FOLDER / name).stat().st_size for name in Snapshots(FOLDER).names()) < MOST_BYTES


def test_they_name_no_place_of_this_machine() -> None:
    for name in Snapshots(FOLDER).names():
        assert not re.search(r"/(?:tmp|home|Users)/", (FOLDER / name).read_text("utf-8")), name


# --- how they are written and compared


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CHARTS)
def test_a_line_for_each_element_is_the_same_picture(name: str, size: str) -> None:
    def said(text: str) -> list[tuple[str, dict[str, str], str]]:
        elements = ET.fromstring(text).iter()
        return [(e.tag, e.attrib, (e.text or "").strip()) for e in elements]

    original = picture(drawn(name), size)
    lines = svg_lines(original)
    assert said(lines) == said(original)
    assert lines.count("<") - lines.count("</") == len(said(original))


def test_a_difference_is_shown_with_the_command_that_renews(tmp_path: Path) -> None:
    before = "\n".join(f"line {n}" for n in range(200))
    (tmp_path / "a.txt").write_text(before, "utf-8")

    with pytest.raises(AssertionError) as raised:
        Snapshots(tmp_path).compare("a.txt", before.replace("line 7\n", "line seven\n"))

    told = str(raised.value).splitlines()
    assert told[1:-1] == ["@@ -7,3 +7,3 @@", " line 6", "-line 7", "+line seven", " line 8"]
    assert "make snapshots" in told[-1]
    assert (tmp_path / "a.txt").read_text("utf-8") == before


def test_a_long_difference_is_cut_and_the_rest_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join("abc" * 40), "utf-8")

    with pytest.raises(AssertionError, match=r"… and 201 more lines"):
        Snapshots(tmp_path).compare("a.txt", "\n".join("xyz" * 40))


def test_what_is_not_stored_has_failed_and_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"new\.txt: there is no such snapshot; .*make snap"):
        Snapshots(tmp_path).compare("new.txt", "text")

    assert Snapshots(tmp_path).names() == set()


def test_a_run_that_writes_skips_what_it_wrote_and_passes_what_stood(tmp_path: Path) -> None:
    stored = Snapshots(tmp_path, update=True)

    with pytest.raises(pytest.skip.Exception, match=r"written: .*a\.txt"):
        stored.compare("charts/a.txt", "one\r\ntwo\n")
    stored.compare("charts/a.txt", "one\r\ntwo\n")

    assert stored.names() == {"charts/a.txt"}


def test_nothing_is_written_without_being_asked_for_nor_where_nobody_reviews() -> None:
    assert not may_write(False, {})
    assert not may_write(False, {"CI": "true"})
    assert may_write(True, {})
    with pytest.raises(pytest.UsageError, match="CI is set"):
        may_write(True, {"CI": "true"})
