"""The files beside the page: data that may be passed on, documented, safe in a spreadsheet."""

import math
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pytest

from pipeline.errors import WarehouseError
from pipeline.report.content import Column, Report, Table
from pipeline.report.data_tables import write_tables
from pipeline.report.files import exhibit_csv, exhibit_svg, licences, readme
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
    written = write_tables(edition_warehouse, tmp_path, DESCRIBED)
    for name in ("parquet", "csv"):
        source = str(tmp_path / f"marts.latest_values.{name}")
        rows = duckdb.sql(f"SELECT DISTINCT indicator FROM '{source}'").fetchall()
        assert rows == [("INV.A",)]
    assert "  CLS\n  CLS.REST\n" in readme(written)


@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize("name", ["observations", "core.corrections"])
def test_values_of_a_closed_licence_are_in_no_table(
    edition_warehouse: Path, tmp_path: Path, name: str, form: str
) -> None:
    write_tables(edition_warehouse, tmp_path, DESCRIBED)
    rows = duckdb.sql(f"SELECT DISTINCT indicator FROM '{tmp_path / name}.{form}'").fetchall()
    assert rows == [("INV.A",)]


def test_observations_are_those_of_known_economies_each_with_its_licence(
    edition_warehouse: Path, tmp_path: Path
) -> None:
    write_tables(edition_warehouse, tmp_path, DESCRIBED)
    found = duckdb.sql(
        f"SELECT economy, value, licence FROM '{tmp_path}/observations.parquet'"
    ).fetchall()
    assert found == [("NOR", 1.5, "CC BY 4.0"), ("SOU", math.inf, "CC BY 4.0")]


def test_tables_are_described_beside_the_data(edition_warehouse: Path, tmp_path: Path) -> None:
    text = readme(write_tables(edition_warehouse, tmp_path, DESCRIBED))
    assert "marts.latest_values\n\nThe newest value of each series." in text
    assert "  value      as said: the value\n" in text


def test_a_key_is_told_where_every_row_fills_it(edition_warehouse: Path, tmp_path: Path) -> None:
    keys = {"marts.latest_values": ("indicator",), "marts.claims": ("claim_id", "left_out")}
    written = write_tables(edition_warehouse, tmp_path, DESCRIBED, keys=keys)
    found = {table.name: table.key for table in written.tables}
    assert found["marts.latest_values"] == ("indicator",)
    assert found["marts.claims"] == ()
    assert found["core.economies"] == ("economy",)


def test_references_are_told_where_every_row_keeps_them(
    edition_warehouse: Path, tmp_path: Path
) -> None:
    written = write_tables(edition_warehouse, tmp_path, DESCRIBED)
    found = {t.name: [(r.columns, r.table) for r in t.references] for t in written.tables}
    # counterpart says _Z, which is no economy
    assert found["observations"] == [
        (("economy",), "core.economies"),
        (("indicator",), "core.indicators"),
        (("publisher",), "core.publishers"),
        (("snapshot", "indicator"), "core.snapshots"),
    ]
    assert found["marts.claims"] == [(("left_out",), "core.economies")]
    assert found["core.economies"] == []


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
