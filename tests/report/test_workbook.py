"""The workbook: a sheet an exhibit, numbers as numbers, nothing that runs, the same bytes."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from pipeline.report.content import Column, Exhibit, Report, Table, Value
from pipeline.report.workbook import workbook
from pipeline.settings import PROJECT_ROOT
from tests.report.sample import resting_on


def opened(report: Report) -> Any:
    return load_workbook(BytesIO(workbook(report)))


def with_table(report: Report, columns: Sequence[Column], *rows: dict[str, Value]) -> Report:
    """The report whose first exhibit has these values."""
    section = report.sections[0]
    blocks = tuple(
        replace(b, table=Table(tuple(columns), rows))
        if isinstance(b, Exhibit) and b.id == "paths"
        else b
        for b in section.blocks
    )
    return replace(report, sections=(replace(section, blocks=blocks), *report.sections[1:]))


def test_every_exhibit_has_a_sheet_that_the_first_one_leads_to(sample_report: Report) -> None:
    book = opened(sample_report)
    assert book.sheetnames == ["Contents", "Figure 1", "Figure 2", "Table 1"]
    contents = book["Contents"]
    links = [cell.hyperlink.location for (cell, *_) in contents.iter_rows() if cell.hyperlink]
    assert links == ["'Figure 1'!A1", "'Figure 2'!A1", "'Table 1'!A1"]


def test_it_speaks_the_language_of_its_report(sample_report: Report) -> None:
    book = opened(replace(sample_report, language="zh"))
    assert book.sheetnames == ["目录", "图1", "图2", "表1"]
    assert book["目录"].cell(2, 1).value.startswith("数据截至 2026年")
    assert book["图1"].cell(5, 1).value == "许可：Invented Office：CC BY 4.0"


def test_a_sheet_says_title_unit_note_source_and_licence_above_its_values(
    sample_report: Report,
) -> None:
    exhibit = sample_report.exhibits()[0]
    sheet = opened(sample_report)["Figure 1"]
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == [
        exhibit.title,
        exhibit.subtitle,
        exhibit.note,
        f"Source: {exhibit.source}",
        "Licence: Invented Office: CC BY 4.0",
    ]
    assert [cell.value for cell in sheet[7]] == ["Member", "Year", "Online, % of people", "Flag"]
    assert sheet.freeze_panes == "A8"


def test_numbers_are_numbers_with_full_precision_and_missing_is_empty(
    sample_report: Report,
) -> None:
    sheet = opened(sample_report)["Figure 1"]
    state, year, value, flag = sheet[8]
    assert (state.value, year.value, value.value, flag.value) == ("Northland", 2020, 60.25, None)
    assert (year.number_format, value.number_format) == ("0", "#,##0.0")
    assert value.data_type == "n"


def test_what_no_sheet_can_hold_as_a_number_is_a_text_or_missing(sample_report: Report) -> None:
    columns = (Column("v", "Value", "number"),)
    report = with_table(sample_report, columns, {"v": float("inf")}, {"v": float("nan")})
    sheet = opened(report)["Figure 1"]
    assert [sheet.cell(row, 1).value for row in (8, 9)] == ["inf", None]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C'!A0"])
def test_a_text_that_a_spreadsheet_would_run_stays_a_text(sample_report: Report, text: str) -> None:
    report = with_table(sample_report, (Column("a", "A"),), {"a": text})
    report = replace(report, title=text, cite_as=text)
    made = workbook(report)
    cell = load_workbook(BytesIO(made))["Figure 1"]["A8"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert str(cell.value).strip() == text.strip()
    with zipfile.ZipFile(BytesIO(made)) as archive:
        sheets = [n for n in archive.namelist() if n.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 4
        assert not any(b"<f>" in archive.read(name) for name in sheets)


def test_signs_that_xml_cannot_hold_break_nothing(sample_report: Report) -> None:
    report = with_table(sample_report, (Column("a", "A"),), {"a": "a\x00b\x0bc"})
    assert opened(report)["Figure 1"]["A8"].value == "a\ufffdb\ufffdc"


def test_an_exhibit_on_a_closed_licence_is_left_out_and_named(sample_report: Report) -> None:
    book = opened(resting_on(sample_report, "paths", "CLS"))
    assert book.sheetnames == ["Contents", "Figure 2", "Table 1"]
    said = [str(cell.value) for row in book["Contents"].iter_rows() for cell in row]
    assert any("leads" in text and "licence does not allow" in text for text in said)


def test_dates_are_those_of_the_edition_and_nothing_is_compressed(sample_report: Report) -> None:
    made = workbook(sample_report)
    properties = load_workbook(BytesIO(made)).properties
    wanted = datetime.combine(sample_report.as_of, datetime.min.time())
    assert (properties.created, properties.modified) == (wanted, wanted)
    with zipfile.ZipFile(BytesIO(made)) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {i.compress_type for i in archive.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("missing", ["", "lxml"])
def test_another_process_zone_and_hash_seed_make_the_same_bytes_also_without_lxml(
    missing: str, sample_report: Report, tmp_path: Path
) -> None:
    """The tests have lxml, and the environment of a report alone has not."""
    code = (
        "import sys; sys.modules[sys.argv[2]] = None; from tests.report.sample import make_report;"
        "from pipeline.report.workbook import workbook;"
        "open(sys.argv[1], 'wb').write(workbook(make_report()))"
    )
    target = tmp_path / "report.xlsx"
    subprocess.run(
        [sys.executable, "-c", code, str(target), missing],
        cwd=PROJECT_ROOT,
        env={**os.environ, "TZ": "Asia/Tashkent", "LC_ALL": "ru_RU.UTF-8", "PYTHONHASHSEED": "7"},
        check=True,
    )
    assert target.read_bytes() == workbook(sample_report)
