"""The tables of an edition in one DuckDB file, read-only, with what they and their columns are.

It is made of the Parquet files beside it, so that it holds what they hold. Its bytes depend on them
and on the version of DuckDB alone, for which three things are avoided: ways to store a column that
leave the end of their block as it was in memory, texts that fill a block (a gap is left within
it), and several tables in one transaction (which are written in no order). So nothing of what
stood in memory gets into a file that is passed on, either.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import WarehouseError
from pipeline.report.data_tables import DataTable
from pipeline.warehouse.quoting import quoted, quoted_name
from pipeline.warehouse.store import in_memory, reporting
from pipeline.warehouse.tables import Column

if TYPE_CHECKING:
    import duckdb

DATABASE: Final = "tables.duckdb"
LEAVE_GAPS: Final = ("alp", "alprd", "bitpacking", "dict_fsst", "fsst", "zstd")
"""DuckDB's names of the ways to store a column that do not fill what they take of a block."""
ROWS_TOGETHER: Final = 2048
"""Rows of which a column stands in one segment: the fewest that DuckDB can put together."""
TEXT_TOGETHER: Final = 200_000
"""Bytes of a column of texts, with four for each, that ``ROWS_TOGETHER`` rows may have: four fifths
of a block. Beyond that the bytes of the file may be others each time."""
_READ_ONLY: Final = 0o444


def write_database(folder: Path, tables: Iterable[DataTable]) -> Path:
    """Write ``folder/tables.duckdb`` with every table, which must be there as
    ``folder/<name>.parquet``; it becomes "schema.name" or, without a schema, is in "main".

    Raises:
        WarehouseError: a table is missing, the file is there already, or the disk refuses.
    """
    target = folder / DATABASE
    with reporting(target, "cannot write the database"):
        if target.exists():
            raise WarehouseError(f"{target}: is there already")
        # Made beside and renamed: whatever stops it, nothing half-written has the name.
        with tempfile.TemporaryDirectory(prefix=".tmp-", dir=folder) as work:
            made = Path(work) / DATABASE
            _write(made, folder, tuple(tables))
            made.chmod(_READ_ONLY)
            made.rename(target)
    return target


def _write(target: Path, folder: Path, tables: Iterable[DataTable]) -> None:
    with in_memory() as con:
        con.execute("SET threads = 1")
        con.execute(f"SET disabled_compression_methods = '{','.join(LEAVE_GAPS)}'")
        con.execute(f"ATTACH {quoted(target)} AS made (ROW_GROUP_SIZE {ROWS_TOGETHER})")
        con.execute("USE made")
        for table in tables:
            _take(con, folder, table)
        con.execute("BEGIN")
        for table in tables:
            _describe(con, table)
        con.execute("COMMIT")
        con.execute("CHECKPOINT")
        con.execute("USE memory")
        con.execute("DETACH made")


def _take(con: "duckdb.DuckDBPyConnection", folder: Path, table: DataTable) -> None:
    source = folder / f"{table.name}.parquet"
    schema, _ = _place(table)
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted_name(schema)}")
    con.execute(f"CREATE TABLE {_known(table)} AS FROM read_parquet({quoted(source)})")


def _describe(con: "duckdb.DuckDBPyConnection", table: DataTable) -> None:
    known = _known(table)
    con.execute(f"COMMENT ON TABLE {known} IS {quoted(_one_line(table.description))}")
    for column in table.columns:
        said = quoted(_one_line(_said(column)))
        con.execute(f"COMMENT ON COLUMN {known}.{quoted_name(column.name)} IS {said}")


def _place(table: DataTable) -> tuple[str, str]:
    """Schema and name of a table."""
    schema, _, name = table.name.rpartition(".")
    return schema or "main", name


def _known(table: DataTable) -> str:
    return ".".join(map(quoted_name, _place(table)))


def _said(column: Column) -> str:
    unit = "" if column.unit in ("", "–") else f"{column.unit}: "
    return unit + column.description


def _one_line(text: str) -> str:
    return " ".join(text.split())
