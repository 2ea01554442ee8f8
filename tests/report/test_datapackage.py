"""The descriptor of an edition's data: true of the files, readable by programs of others."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from frictionless import validate

from pipeline.report.content import Report
from pipeline.report.data_tables import DataTables, write_said, write_tables
from pipeline.report.database import DATABASE, write_database
from pipeline.report.datapackage import package, package_of_exhibits
from pipeline.report.files import exhibit_csv
from pipeline.report.manifest import hash_files
from pipeline.report.said_tables import said_tables
from pipeline.warehouse.tables import ColumnDoc, Table
from tests.report.sample import resting_on

DESCRIBED = (
    Table(
        "core.current",
        "What each series says.",
        (
            ColumnDoc("year", "year that the value speaks of", "year"),
            ColumnDoc("value", "value as published", "as unit says"),
        ),
        (),
    ),
)


@pytest.fixture
def report(sample_report: Report) -> Report:
    return resting_on(sample_report, "paths", "INV.A")


@pytest.fixture
def folder(report: Report, edition_warehouse: Path, tmp_path: Path) -> Path:
    """An edition's data with its descriptor."""
    (tmp_path / "data").mkdir()
    (tmp_path / "exhibits").mkdir()
    keys = {"marts.latest_values": ("indicator",)}
    data = write_tables(edition_warehouse, tmp_path / "data", DESCRIBED, keys=keys)
    said = write_said(edition_warehouse, tmp_path / "data", said_tables(report))
    data = replace(data, tables=(*data.tables, *said))
    write_database(tmp_path / "data", data.tables)
    for e in report.exhibits():
        (tmp_path / "exhibits" / f"{e.id}.csv").write_text(exhibit_csv(e.table), newline="")
    described = package(report, data, hash_files(tmp_path))
    (tmp_path / "datapackage.json").write_bytes(described)
    return tmp_path


def read(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return found


def resources(folder: Path) -> Mapping[str, Any]:
    return {r["name"]: r for r in read(folder)["resources"]}


def problems(folder: Path) -> list[str]:
    """What a reader of Data Packages finds wrong with the files."""
    report = validate(str(folder / "datapackage.json"))
    return [message for (message,) in report.flatten(["message"])]


def test_a_reader_of_data_packages_finds_nothing_wrong(folder: Path) -> None:
    assert problems(folder) == []
    assert len(resources(folder)) == 15 + 3 + 1


def test_a_reader_of_data_packages_sees_a_changed_value(folder: Path) -> None:
    path = folder / "data" / "observations.csv"
    path.write_text(path.read_text("utf-8").replace("1.5", "2.5"), "utf-8")
    assert any("hash" in message for message in problems(folder))


def test_sizes_and_hashes_are_those_of_the_files(folder: Path) -> None:
    files = hash_files(folder)
    for resource in read(folder)["resources"]:
        for said in (resource, *resource.get("alternatives", ())):
            entry = files[said["path"]]
            assert (said["bytes"], said["hash"]) == (entry.bytes, f"sha256:{entry.sha256}")


def test_every_table_is_there_as_parquet_too(folder: Path) -> None:
    paths = {
        alternative["path"]
        for resource in read(folder)["resources"]
        for alternative in resource.get("alternatives", ())
    }
    assert paths == {f"data/{path.name}" for path in (folder / "data").glob("*.parquet")}


def test_a_reader_of_data_packages_sees_a_changed_database(folder: Path) -> None:
    path = folder / "data" / DATABASE
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"more")
    assert any("hash" in message for message in problems(folder))


def test_the_database_holds_the_tables_and_no_closed_figure(folder: Path) -> None:
    assert resources(folder)["database"]["path"] == f"data/{DATABASE}"
    with duckdb.connect(str(folder / "data" / DATABASE), read_only=True) as con:
        tables = con.sql("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
        named = {f"{schema}.{table}".removeprefix("main.") for schema, table in tables}
        assert named == {path.stem for path in (folder / "data").glob("*.parquet")}
        for name in named:
            rows = con.sql(f"FROM {name}")
            beside = duckdb.read_parquet(str(folder / "data" / f"{name}.parquet"))
            assert rows.fetchall() == beside.fetchall()
        assert con.sql("SELECT DISTINCT indicator FROM observations").fetchall() == [("INV.A",)]


def test_columns_have_type_unit_and_description(folder: Path) -> None:
    fields = {f["name"]: f for f in resources(folder)["observations"]["schema"]["fields"]}
    assert fields["year"] == {
        "name": "year", "type": "year", "unit": "year", "constraints": {"required": True},
        "description": "year that the value speaks of",
    }  # fmt: skip
    assert (fields["value"]["type"], fields["value"]["unit"]) == ("number", "as unit says")
    assert fields["licence"]["type"] == "string"


def test_keys_and_references_are_told(folder: Path) -> None:
    schema = resources(folder)["observations"]["schema"]
    assert schema["primaryKey"] == ["publisher", "indicator", "economy", "counterpart", "year"]
    assert {
        "fields": ["snapshot", "indicator"],
        "reference": {"resource": "core.snapshots", "fields": ["snapshot", "indicator"]},
    } in schema["foreignKeys"]


def test_what_is_left_out_is_told_and_is_no_source(folder: Path) -> None:
    described = read(folder)
    assert described["leftOut"]["series"] == ["CLS", "CLS.REST"]
    assert [s["title"] for s in described["sources"]] == ["Invented Office, Invented Indicators"]
    assert [lic["name"] for lic in described["licenses"]] == ["CC-BY-4.0"]
    assert "Left out are the figures of Closed Office" in described["description"]


def test_an_exhibit_on_a_closed_licence_is_left_out(sample_report: Report) -> None:
    def names(report: Report) -> set[str]:
        return {r["name"] for r in json.loads(package_of_exhibits(report))["resources"]}

    everything = {"exhibits.paths", "exhibits.bars", "exhibits.grid"}
    assert names(sample_report) == everything
    assert names(resting_on(sample_report, "paths", "CLS")) == everything - {"exhibits.paths"}


def test_dates_are_those_of_the_edition(folder: Path, report: Report) -> None:
    described = read(folder)
    assert described["created"] == f"{report.as_of.isoformat()}T00:00:00Z"
    assert described["version"] == report.edition


def test_the_descriptor_of_the_exhibits_holds_for_them_in_one_folder(
    report: Report, tmp_path: Path
) -> None:
    for e in report.exhibits():
        (tmp_path / f"{e.id}.csv").write_text(exhibit_csv(e.table), newline="")
    (tmp_path / "datapackage.json").write_bytes(package_of_exhibits(report))
    assert problems(tmp_path) == []


def test_a_text_like_a_formula_is_harmless_in_csv_and_whole_in_parquet(folder: Path) -> None:

    assert "NOR,'=1+1\n" in (folder / "data" / "core.economies.csv").read_text("utf-8")
    names = duckdb.sql(f"SELECT name FROM '{folder}/data/core.economies.parquet'").fetchall()
    assert ("=1+1",) in names


def test_the_same_files_give_the_same_bytes(folder: Path, report: Report, tmp_path: Path) -> None:
    other = tmp_path / "other place"
    shutil.copytree(folder / "data", other / "data")
    said = DataTables((), ("CLS",))
    assert package(report, said, hash_files(other)) == package(report, said, hash_files(folder))
