"""`sco database`: the tables of an edition as one DuckDB file, which no edition holds."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.editions.database import make_database
from pipeline.editions.standing import Edition
from pipeline.errors import ReportError
from pipeline.inputs import EditionInputs
from pipeline.report.manifest import FileEntry, Manifest, hash_files

AS_OF = date(2026, 5, 1)

RESOURCES = [
    {
        "name": "marts.claims", "title": "The claims.", "description": "O'Neil's",
        "alternatives": [{"path": "data/marts.claims.parquet"}],
        "schema": {"fields": [{"name": "claim_id", "unit": "code", "description": "its id"}]},
    },
    {
        "name": "findings", "title": "Findings.", "description": "",
        "alternatives": [{"path": "data/findings.parquet"}],
        "schema": {"fields": [{"name": "value", "description": "number"}]},
    },
    {"name": "exhibits.paths", "path": "exhibits/paths.csv"},
]  # fmt: skip


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """As much of an edition as a database is made of, in a folder with a quote in its name."""
    folder = tmp_path / "it's an edition"
    (folder / "data").mkdir(parents=True)
    target = str(folder / "data").replace("'", "''")
    duckdb.sql(f"COPY (SELECT 'C1' AS claim_id) TO '{target}/marts.claims.parquet'")
    duckdb.sql(f"COPY (SELECT 0.5 :: DOUBLE AS value) TO '{target}/findings.parquet'")
    (folder / "datapackage.json").write_text(json.dumps({"resources": RESOURCES}))
    return edition_at(folder, hash_files(folder))


def edition_at(folder: Path, files: dict[str, FileEntry]) -> Edition:
    inputs = EditionInputs(AS_OF, {}, "a", "b", "c", "d")
    manifest = Manifest(inputs.edition, "Title", inputs, files, (), ())
    return Edition(manifest, folder / "manifest.json", folder)


def test_every_table_is_in_it_with_what_it_is(edition: Edition, tmp_path: Path) -> None:
    out = tmp_path / "out" / "tables.duckdb"
    assert make_database(edition, out) == 2
    with duckdb.connect(str(out), read_only=True) as con:
        assert con.sql("FROM marts.claims").fetchall() == [("C1",)]
        assert con.sql("FROM findings").fetchall() == [(0.5,)]
        tables = con.sql("SELECT comment FROM duckdb_tables() ORDER BY table_name").fetchall()
        assert tables == [("The claims.: O'Neil's",), ("Findings.",)]
        columns = con.sql(
            "SELECT comment FROM duckdb_columns() WHERE NOT internal ORDER BY table_name"
        ).fetchall()
        assert columns == [("code: its id",), ("number",)]


def test_it_is_for_reading_and_stands_alone(edition: Edition, tmp_path: Path) -> None:
    out = tmp_path / "out" / "tables.duckdb"
    make_database(edition, out)
    assert out.stat().st_mode & 0o777 == 0o444
    assert [path.name for path in out.parent.iterdir()] == ["tables.duckdb"]


def test_a_file_that_is_there_is_never_written_over(edition: Edition, tmp_path: Path) -> None:
    out = tmp_path / "kept.txt"
    out.write_text("mine")
    with pytest.raises(ReportError, match=r"kept\.txt: exists"):
        make_database(edition, out)
    assert out.read_text() == "mine"


def test_an_edition_that_was_changed_gives_none(edition: Edition, tmp_path: Path) -> None:
    assert edition.folder is not None
    (edition.folder / "data" / "findings.parquet").write_bytes(b"other")
    with pytest.raises(ReportError, match=r"data/findings\.parquet: has SHA-256"):
        make_database(edition, tmp_path / "tables.duckdb")
    assert not (tmp_path / "tables.duckdb").exists()


@pytest.mark.parametrize(
    ("lacking", "said"), [("folder", "only its manifest"), ("descriptor", "is missing")]
)
def test_what_it_needs_is_named(edition: Edition, tmp_path: Path, lacking: str, said: str) -> None:
    assert edition.folder is not None
    (edition.folder / "datapackage.json").unlink()
    bare: Callable[[], Edition] = (
        (lambda: Edition(edition.manifest, edition.path, None))
        if lacking == "folder"
        else (lambda: edition_at(edition.path.parent, hash_files(edition.path.parent)))
    )
    with pytest.raises(ReportError, match=said):
        make_database(bare(), tmp_path / "tables.duckdb")
