"""The files beside the page: data that may be passed on, documented, safe in a spreadsheet."""

from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pytest

from pipeline.errors import WarehouseError
from pipeline.report.content import Column, Report, Table
from pipeline.report.files import exhibit_csv, exhibit_svg, licences, write_tables
from pipeline.report.fonts import Faces
from pipeline.warehouse.tables import ColumnDoc
from pipeline.warehouse.tables import Table as WarehouseTable

DESCRIBED = (
    WarehouseTable(
        "marts.latest_values",
        "The newest value of each series.",
        (ColumnDoc("indicator", "the series", "code"), ColumnDoc("value", "the value", "as said")),
        (),
    ),
)


def test_csv_of_an_exhibit_has_units_and_full_precision() -> None:
    table = Table(
        (Column("y", "Year", "year"), Column("v", "Online", "number", 1, "% of people")),
        ({"y": 2023, "v": 67.123456789}, {"y": 2024}),
    )
    assert exhibit_csv(table) == 'Year,"Online, % of people"\n2023,67.123456789\n2024,\n'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_csv_of_an_exhibit_runs_nothing_in_a_spreadsheet(text: str) -> None:
    made = exhibit_csv(Table((Column("a", "A"),), ({"a": text},)))
    assert made.splitlines()[1].lstrip('"').startswith("'")


def test_a_picture_carries_its_fonts_and_says_what_it_shows(
    sample_report: Report, faces: Faces
) -> None:
    exhibit = sample_report.exhibits()[0]
    root = ET.fromstring(exhibit_svg(exhibit, faces) or "")
    namespace = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{namespace}title") == exhibit.title
    assert (root.findtext(f"{namespace}style") or "").count("data:font/woff2") == 2


def test_a_table_has_no_picture(sample_report: Report, faces: Faces) -> None:
    assert exhibit_svg(sample_report.exhibits()[-1], faces) is None


def test_rows_of_a_closed_licence_are_left_out_and_named(
    edition_warehouse: Path, tmp_path: Path
) -> None:
    write_tables(edition_warehouse, tmp_path, DESCRIBED)
    for name in ("parquet", "csv"):
        source = str(tmp_path / f"marts.latest_values.{name}")
        rows = duckdb.sql(f"SELECT DISTINCT indicator FROM '{source}'").fetchall()
        assert rows == [("INV.A",)]
    readme = (tmp_path / "README.txt").read_text("utf-8")
    assert "  CLS\n  CLS.REST\n" in readme


def test_tables_are_described_beside_the_data(edition_warehouse: Path, tmp_path: Path) -> None:
    write_tables(edition_warehouse, tmp_path, DESCRIBED)
    readme = (tmp_path / "README.txt").read_text("utf-8")
    assert "marts.latest_values\n\nThe newest value of each series." in readme
    assert "  value      as said: the value\n" in readme


def test_the_releases_behind_the_figures_are_listed(
    edition_warehouse: Path, tmp_path: Path
) -> None:
    write_tables(edition_warehouse, tmp_path, DESCRIBED)
    listed = (tmp_path / "core.snapshots.csv").read_text("utf-8").splitlines()
    assert len(listed) == 1 + 3


def test_the_same_warehouse_gives_the_same_bytes(edition_warehouse: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_tables(edition_warehouse, tmp_path / folder, DESCRIBED)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_missing_warehouse_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="there is no warehouse"):
        write_tables(tmp_path / "none.duckdb", tmp_path, DESCRIBED)


def test_licences_say_who_is_credited_and_what_is_not_passed_on(
    sample_report: Report, faces: Faces
) -> None:
    text = licences(sample_report, faces)
    assert "licence      CC BY 4.0" in text
    assert "data files   no: shown in the report only" in text
    assert "SIL OPEN FONT LICENSE" in text
