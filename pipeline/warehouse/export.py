"""Write tables of the warehouse as files: Parquet and CSV, byte for byte the same every time.

Here are only the forms. Which tables stand in an edition, under which licence and with which
descriptions beside them, is for the report to say.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipeline.errors import WarehouseError
from pipeline.warehouse.quoting import quoted, quoted_name
from pipeline.warehouse.store import connect_read_only, reporting

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_STARTS_SQL = " || ".join(f"chr({ord(start)})" for start in _FORMULA_STARTS)
_QUOTED = re.compile(r'[,"\n\r]')


def export_parquet(path: Path, out_dir: Path, tables: Sequence[str]) -> tuple[Path, ...]:
    """Write each table as ``<out_dir>/<schema>.<table>.parquet``, in the table's own order.

    The bytes depend on the rows and on the version of DuckDB, not on folder, machine or time.

    Raises:
        WarehouseError: the warehouse cannot be read, a table is not in it, or the disk refuses.
    """
    targets = tuple(out_dir / f"{name}.parquet" for name in tables)
    con = connect_read_only(path, writes_files=True)
    try:
        with reporting(out_dir, "cannot write Parquet"):
            out_dir.mkdir(parents=True, exist_ok=True)
            con.execute("SET threads = 1")
            for name, target in zip(tables, targets, strict=True):
                _check_known(con, path, name)
                con.execute(
                    f"COPY (FROM {name}) TO {quoted(target)} (FORMAT parquet, COMPRESSION zstd)"
                )
    finally:
        con.close()
    return targets


def export_csv(path: Path, table: str) -> str:
    """A table as CSV text (see ``to_csv``), in the table's own order.

    Raises:
        WarehouseError: the warehouse cannot be read or has no such table.
    """
    con = connect_read_only(path)
    try:
        with reporting(path, "cannot read the warehouse"):
            _check_known(con, path, table)
            result = con.execute(f"FROM {table}")
            columns = [column[0] for column in result.description or ()]
            return to_csv(columns, result.fetchall())
    finally:
        con.close()


def write_csv(relation: duckdb.DuckDBPyRelation, target: Path) -> None:
    """Write the cells that ``to_csv`` would give of all rows of ``relation``: by DuckDB, faster."""
    cells = ", ".join(map(_cell_sql, relation.columns, relation.types))
    # An empty cell stands for no text as for none: DuckDB would tell them apart by quotes.
    relation.project(cells).write_csv(str(target), sep=",", na_rep="", header=True)


def _cell_sql(column: str, kind: object) -> str:
    name = quoted_name(column)
    match str(kind):
        case "VARCHAR":
            # One of DuckDB's many ways to say it, and the one that it plans ten times as fast.
            guarded = f"WHEN contains({_STARTS_SQL}, left({name}, 1)) THEN chr(39) || {name}"
            return f"CASE WHEN {name} = '' THEN NULL {guarded} ELSE {name} END AS {name}"
        case "DOUBLE":
            return f"CASE WHEN NOT isnan({name}) THEN {name} END AS {name}"
        case "TIMESTAMP":
            return f"strftime({name}, '%Y-%m-%dT%H:%M:%S') AS {name}"
    return name


def to_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV (RFC 4180, LF, comma) that a spreadsheet opens without running anything.

    Numbers have their full precision, missing cells are empty, infinity is ``inf``, truth values
    are ``true`` and ``false``. A text that a spreadsheet would take for a formula gets an
    apostrophe in front; numbers never do.
    """
    lines = [",".join(map(_cell, row)) for row in (columns, *rows)]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    """One cell; quoted by hand, for ``csv`` leaves a lone carriage return unquoted."""
    text = _text(value)
    if _QUOTED.search(text):
        text = '"' + text.replace('"', '""') + '"'
    return text


def _text(value: object) -> str:
    # The commonest first: a data package has near a million cells.
    match value:
        case float():
            return "" if value != value else repr(value)
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case datetime() | date():
            return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _check_known(con: duckdb.DuckDBPyConnection, path: Path, table: str) -> None:
    schema, _, name = table.partition(".")
    row = con.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?",
        [schema, name],
    ).fetchone()
    if not row or not row[0]:
        raise WarehouseError(f"{path}: has no table {table!r}; expected one as marts.inequality")
