"""The tables of an edition as one DuckDB file, made from its Parquet files when somebody wants it.

No edition holds such a file: DuckDB fills what it does not need of a block with whatever stood in
memory, so that the same tables come out as other bytes each time, and as bytes that are nobody's
business. The content follows from the Parquet files, whose hashes the manifest has.
"""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.editions.standing import Edition, tampered
from pipeline.errors import ReportError
from pipeline.report.datapackage import DESCRIPTOR
from pipeline.warehouse.store import new_file

_READ_ONLY: Final = 0o444


def make_database(edition: Edition, out: Path) -> int:
    """Write ``out``: every table of the data package, with its comments; read-only, and whole.

    Args:
        edition: with its folder, unchanged since it was made.
        out: a file that does not exist.

    Returns:
        The number of tables.

    Raises:
        ReportError: the edition was changed, has no data package, or ``out`` exists.
        WarehouseError: the file cannot be written.
    """
    if out.exists():
        raise ReportError(f"{out}: exists; give the name of a new file")
    folder = _unchanged(edition)
    tables = _tables(folder)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".tmp-", dir=out.parent) as work:
        made = Path(work) / out.name
        with new_file(made) as con:
            for table in tables:
                _take(con, folder, table)
        made.chmod(_READ_ONLY)
        os.link(made, out)  # never over a file that has come meanwhile
    return len(tables)


def _unchanged(edition: Edition) -> Path:
    name = edition.manifest.edition
    if edition.folder is None:
        raise ReportError(f"edition {name}: only its manifest is at hand; its tables are needed")
    for misfit in tampered(edition):
        raise ReportError(f"edition {name}: {misfit.file}: {misfit.what}")
    return edition.folder


def _tables(folder: Path) -> list[Mapping[str, Any]]:
    """The resources that are there as Parquet, too."""
    path = folder / DESCRIPTOR
    if not path.is_file():
        raise ReportError(f"{path}: is missing: the edition is older than its data package")
    resources = json.loads(path.read_text("utf-8"))["resources"]
    return [resource for resource in resources if resource.get("alternatives")]


def _take(con: duckdb.DuckDBPyConnection, folder: Path, resource: Mapping[str, Any]) -> None:
    """Create the table ``schema.name`` (or in "main") and say what it and its columns are."""
    schema, _, name = str(resource["name"]).rpartition(".")
    if schema:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {_name(schema)}")
    table = f"{_name(schema or 'main')}.{_name(name)}"
    source = folder / resource["alternatives"][0]["path"]
    con.execute(f"CREATE TABLE {table} AS FROM read_parquet({_text(str(source))})")
    con.execute(f"COMMENT ON TABLE {table} IS {_text(_said(resource, 'title', 'description'))}")
    for field in resource["schema"]["fields"]:
        column = f"{table}.{_name(field['name'])}"
        con.execute(f"COMMENT ON COLUMN {column} IS {_text(_said(field, 'unit', 'description'))}")


def _said(record: Mapping[str, Any], *fields: str) -> str:
    return ": ".join(text for field in fields if (text := str(record.get(field, ""))))


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
