"""The report on the bundled archive: whole, true to the warehouse, legible, the same everywhere."""

import hashlib
import math
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.ingest.archive import Archive
from pipeline.report.build import exhibit_ids
from pipeline.report.content import Report
from pipeline.report.fonts import Faces
from pipeline.report.html import render_html
from pipeline.report.pdf import render_pdf
from pipeline.settings import PROJECT_ROOT
from tests.report.pdf_places import check_pages
from tests.report.placed_texts import ReadSvg
from tests.warehouse.conftest import TEN

# An edition's id is part of its bytes, so the other process makes the same one.
ELSEWHERE = """
import hashlib, sys
from pathlib import Path
from pipeline.catalog import load_catalog
from pipeline.report.build import build_report
from pipeline.report.html import render_html
from pipeline.report.pdf import render_pdf
from pipeline.settings import settings
from pipeline.warehouse.store import connect_read_only
with connect_read_only(Path(sys.argv[1])) as con:
    as_of = con.execute("SELECT as_of FROM core.build").fetchone()[0]
    catalog = load_catalog(settings().catalog_dir)
    report = build_report(con, catalog, as_of=as_of, edition=sys.argv[2])
for made in (render_html(report).encode(), render_pdf(report)):
    print(hashlib.sha256(made).hexdigest())
"""

Values = dict[tuple[str, int], float]


def theil_t(outcome: list[float], reference: list[float]) -> float:
    s, p = ([x / sum(of) for x in of] for of in (outcome, reference))
    return sum(a * math.log(a / b) for a, b in zip(s, p, strict=True))


def test_every_exhibit_that_there_can_be_is_there_in_order(bundled_report: Report) -> None:
    ids = [e.id for e in bundled_report.exhibits()]
    own = [p.values.id for p in bundled_report.profiles()]
    assert (tuple(i for i in ids if i not in own), ids[-len(own) :]) == (exhibit_ids(), own)


def test_every_exhibit_says_what_it_shows_and_whose_it_is(bundled_report: Report) -> None:
    for exhibit in bundled_report.exhibits():
        assert re.search(r"\d{4}|\d+ %|\d of \d", exhibit.subtitle), exhibit.id
        assert re.search(r"(release|current on).* \d{4}", exhibit.source), exhibit.id
        assert exhibit.alt.startswith(exhibit.title)
        assert len(exhibit.alt) > len(exhibit.title) + 20
        assert exhibit.table.rows


def test_no_finding_is_unknown_and_each_leads_to_its_exhibit(bundled_report: Report) -> None:
    for finding in bundled_report.findings:
        assert (finding.outcome == "unknown", finding.value is None) == (False, False)
        assert finding.exhibit in exhibit_ids()


def test_no_text_is_unfinished(bundled_report: Report, texts_of: Any) -> None:
    for text in texts_of(bundled_report):
        assert not re.search(r"\bNone\b|\bnan\b|[{}]|  |\(\)| [,.;:]|\.\.", text), text


def test_people_offline_are_population_less_those_online(
    bundled_report: Report, values: dict[str, Values]
) -> None:
    people, online = values["SP.POP.TOTL"], values["IT.NET.USER.ZS"]
    found = next(f for f in bundled_report.findings if f.id == "offline")
    (year,) = re.findall(r"\d{4}", found.sentence)

    expected = sum(people[c, int(year)] * (100 - online[c, int(year)]) / 100 for c in TEN)
    assert found.value == pytest.approx(expected, rel=1e-12)


def test_the_lead_is_the_index_without_india(
    bundled_report: Report, values: dict[str, Values]
) -> None:
    exports, gdp = values["BX.GSR.CCIS.CD"], values["NY.GDP.MKTP.CD"]
    found = next(f for f in bundled_report.findings if f.id == "concentration")
    (year,) = re.findall(r"\d{4}", found.sentence)

    rest = [c for c in TEN if c != "IND" and (c, int(year)) in exports]
    expected = theil_t([exports[c, int(year)] for c in rest], [gdp[c, int(year)] for c in rest])
    assert found.value == pytest.approx(expected, rel=1e-9)
    assert "India" in found.sentence


def test_two_sides_are_compared_over_the_same_states(
    bundled_report: Report, values: dict[str, Values]
) -> None:
    online = values["IT.NET.USER.ZS"]
    found = next(f for f in bundled_report.findings if f.id == "sides")
    before, after = (int(year) for year in re.findall(r"\d{4}", found.sentence))

    sets = [{c for c in TEN if (c, year) in online} for year in (before, after)]
    assert sets[0] == sets[1]
    expected = theil_t([100 - online[c, after] for c in sorted(sets[1])], [1.0] * len(sets[1]))
    assert found.value == pytest.approx(expected, rel=1e-9)


def test_a_step_across_a_break_is_no_large_step(bundled_report: Report) -> None:
    note = next(e.note for e in bundled_report.exhibits() if e.id == "internet_paths")
    broken, steps = note.split("Single steps")

    # Pakistan's estimates for 2021 to 2023 were withdrawn when a survey doubled them.
    assert "Pakistan 2020–2024" in broken
    assert "China 2022–2023" in steps
    assert "Pakistan" not in steps


def test_no_text_of_a_picture_lies_over_another_or_beyond_its_edge(
    bundled_report: Report, read_svg: Callable[[str], ReadSvg]
) -> None:
    for exhibit in bundled_report.exhibits():
        pictures = (exhibit.chart.wide, exhibit.chart.narrow) if exhibit.chart else ()
        for picture in pictures:
            assert (exhibit.id, *read_svg(picture).clashes()) == (exhibit.id, [], [])


@pytest.mark.slow
def test_the_same_bytes_in_another_process_place_time_zone_and_locale(
    bundled: Path, bundled_report: Report, faces: Faces, tmp_path: Path
) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(PROJECT_ROOT), "PYTHONHASHSEED": "11", "TZ": "Pacific/Kiritimati",
        "LC_ALL": "tr_TR.UTF-8",
    }  # fmt: skip
    command = [sys.executable, "-c", ELSEWHERE, str(bundled), bundled_report.edition]
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    here = (render_html(bundled_report, faces=faces).encode(), render_pdf(bundled_report))
    assert run.stdout.split() == [hashlib.sha256(made).hexdigest() for made in here]


@pytest.mark.slow
def test_pages_of_the_pdf_are_full_and_in_order(
    bundled_report: Report, faces: Faces, tmp_path: Path
) -> None:
    check_pages(render_pdf(bundled_report, faces=faces), tmp_path)


def test_the_small_warehouse_of_these_tests_has_no_column_that_the_real_one_lacks(
    bundled: Path, warehouse: Any
) -> None:
    columns = "SELECT schema_name || '.' || table_name, column_name FROM duckdb_columns()"
    with duckdb.connect(str(bundled), read_only=True) as con:
        real = set(con.execute(columns).fetchall())

    small = set(warehouse.con.execute(f"{columns} WHERE NOT internal").fetchall())
    assert small
    assert small <= real


def test_every_exhibit_names_the_snapshots_it_rests_on_with_the_hash_of_the_archive(
    bundled_report: Report, bundled_archive: Archive
) -> None:
    archived = {s.snapshot: [p.sha256 for p in s.parts] for s in bundled_archive.snapshots()}
    for exhibit in bundled_report.exhibits():
        assert exhibit.origins, exhibit.id
        for origin in exhibit.origins:
            assert origin.sha256.split() == archived[origin.snapshot]


def test_the_page_shows_them_on_demand(bundled_report: Report, faces: Faces) -> None:
    page = render_html(bundled_report, faces=faces)
    (internet,) = [e for e in bundled_report.exhibits() if e.id == "internet_paths"]
    (origin,) = internet.origins
    figure = page.partition('id="internet_paths"')[2].partition("</figure>")[0]
    assert "Releases behind figure" in figure
    assert origin.sha256 in figure.partition('<details class="origins">')[2]
