"""Build the warehouse: core from archive and catalogue, marts from core, into a new file.

Here is the running of the SQL and of the tables that Python makes. The SQL itself stands in
``sql/``, what Python computes in ``python_tables``, opening and publishing files in ``store``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np
import pandas as pd

from pipeline.ahead import ahead
from pipeline.catalog.models import Catalog
from pipeline.errors import WarehouseError
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from pipeline.ingest.sidecar import Sidecar
from pipeline.inputs import code_hash
from pipeline.warehouse.catalog_table import Row
from pipeline.warehouse.readings import Readings, view_of
from pipeline.warehouse.reference import (
    BUILD,
    CATALOG_TABLES,
    STAGED_CORRECTIONS,
    STAGED_GOODS,
    STAGED_OBSERVATIONS,
    STAGED_SNAPSHOTS,
    build_rows,
    correction_rows,
    goods_rows,
    snapshot_rows,
)
from pipeline.warehouse.sqlfiles import all_tables, check_columns
from pipeline.warehouse.store import connect_read_only, new_file, open_for_writing, publish, query
from pipeline.warehouse.tables import Column, PythonTable, SqlTable, Table, TableInfo, TypedTable
from pipeline.warehouse.turns import build_in_turn

__all__ = [
    "all_tables",
    "build_core",
    "build_marts",
    "connect_read_only",
    "publish",
    "query",
    "table_infos",
]

BATCH_ROWS = 250_000
"""Observations staged at a time: text is bulky, and only a batch of it is ever in memory."""

OBSERVATIONS = "core.observations"


def build_core(
    path: Path,
    archive: Archive,
    catalog: Catalog,
    as_of: date,
    sql_dir: Path,
    only: Collection[str] = (),
    *,
    since: date | None = None,
    readings: Readings | None = None,
) -> tuple[TableInfo, ...]:
    """Build ``core.*`` into a new file at ``path``, replacing whatever unfinished one lay there.

    Args:
        path: the candidate; not the published warehouse.
        archive: its snapshots go into ``core.observations``.
        catalog: reference tables and units.
        as_of: snapshots published later are left out, so that a warehouse of a past day is the
            same before and after they came.
        sql_dir: folder of the SQL.
        only: names of tables; only what of core they rest on is built then.
        since: the earlier day that marts of what changed compare with; None: a year before.
        readings: what was read of snapshots before, and takes what is read now; None: all are read.

    Returns:
        An account of each table, in building order.

    Raises:
        WarehouseError: ``as_of`` lies before the first snapshot, a value is no number, a row got
            lost, the SQL is wrong, or the file cannot be written.
    """
    with new_file(path) as con:
        return fill_core(
            con, archive, catalog, as_of, sql_dir, only, since=since, readings=readings
        )


def fill_core(
    con: duckdb.DuckDBPyConnection,
    archive: Archive,
    catalog: Catalog,
    as_of: date,
    sql_dir: Path,
    only: Collection[str] = (),
    *,
    since: date | None = None,
    readings: Readings | None = None,
) -> tuple[TableInfo, ...]:
    """``build_core`` into an empty database."""
    core = [t for t in all_tables(sql_dir, only) if t.schema == "core"]
    tables = [t for t in core if isinstance(t, SqlTable)]
    names = {t.name for t in core}
    sidecars = _published(archive.snapshots(), as_of)
    infos: list[TableInfo] = []
    con.execute("ATTACH ':memory:' AS staging")
    con.execute("CREATE SCHEMA core")
    start = perf_counter()
    _fill(con, BUILD, build_rows(catalog, as_of, since, sidecars, code_hash()))
    infos.append(_info(con, BUILD, perf_counter() - start))
    for table in (t for t in CATALOG_TABLES if t.name in names):
        start = perf_counter()
        _fill(con, table, table.rows(catalog, as_of))
        infos.append(_info(con, table, perf_counter() - start))
    _fill(con, STAGED_CORRECTIONS, correction_rows(catalog))
    _fill(con, STAGED_GOODS, goods_rows(catalog))
    _fill(con, STAGED_SNAPSHOTS, snapshot_rows(sidecars))
    for made in tables:
        start = perf_counter()
        if made.name == OBSERVATIONS:
            if readings is None:
                _load_observations(con, made, archive, sidecars)
            else:
                _load_readings(con, made, readings.files(archive, sidecars))
        else:
            _run(con, made)
        infos.append(_info(con, made, perf_counter() - start))
    con.execute("DETACH staging")
    return tuple(infos)


def build_marts(
    path: Path, catalog: Catalog, sql_dir: Path, only: Collection[str] = ()
) -> tuple[TableInfo, ...]:
    """Build ``measures.*`` and ``marts.*`` into the candidate at ``path``, anew if they are there.

    A query has one thread and ordered sums: the same core gives the same bits. ``only``: names of
    the tables that are wanted, with those that they read; all where none is given.

    Raises:
        WarehouseError: the candidate has no core or one of another catalogue, the SQL is wrong,
            or the file cannot be written.
    """
    if not path.is_file():
        raise WarehouseError(f"{path}: there is no candidate; build its core first")
    with open_for_writing(path) as con:
        _check_core(con, path, catalog)
        return fill_marts(con, sql_dir, only)


def fill_marts(
    con: duckdb.DuckDBPyConnection, sql_dir: Path, only: Collection[str] = ()
) -> tuple[TableInfo, ...]:
    """``build_marts`` into a database that has the core."""
    tables = [t for t in all_tables(sql_dir, only) if t.schema in ("measures", "marts")]
    con.execute("SET threads = 1")
    for schema in ("marts", "measures"):
        con.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        con.execute(f"CREATE SCHEMA {schema}")
    return tuple(build_in_turn(tables, lambda table: _build(con.cursor(), table)))


def _build(con: duckdb.DuckDBPyConnection, table: Table) -> TableInfo:
    start = perf_counter()
    try:
        if isinstance(table, SqlTable):
            _run(con, table)
        elif isinstance(table, PythonTable):
            _compute(con, table)
        return _info(con, table, perf_counter() - start)
    finally:
        con.close()


def table_infos(path: Path, sql_dir: Path) -> tuple[TableInfo, ...]:
    """The account of a warehouse that was built before; ``seconds`` is 0.

    Raises:
        WarehouseError: it cannot be opened, or it was built by other SQL.
    """
    con = connect_read_only(path)
    try:
        return tuple(_info(con, table, 0.0) for table in all_tables(sql_dir))
    except duckdb.Error as e:
        raise WarehouseError(f"{path}: built by other SQL than {sql_dir}: {e}") from e
    finally:
        con.close()


def _published(sidecars: Sequence[Sidecar], as_of: date) -> Sequence[Sidecar]:
    if not sidecars:
        raise WarehouseError("the archive is empty: there is nothing to build a warehouse from")
    found = [s for s in sidecars if s.vintage <= as_of]
    if not found:
        first = min(s.vintage for s in sidecars)
        raise WarehouseError(
            f"as of {as_of}: nothing had been published; the first snapshot is of {first}"
        )
    return found


def _check_core(con: duckdb.DuckDBPyConnection, path: Path, catalog: Catalog) -> None:
    try:
        row = con.execute("SELECT catalog_sha256 FROM core.build").fetchone()
    except duckdb.CatalogException as e:
        raise WarehouseError(f"{path}: has no core; build it first") from e
    if row is None or row[0] != catalog.sha256:
        raise WarehouseError(f"{path}: its core was built from another catalogue; build it again")


def _load_observations(
    con: duckdb.DuckDBPyConnection, table: SqlTable, archive: Archive, sidecars: Sequence[Sidecar]
) -> None:
    _show(con, STAGED_OBSERVATIONS, pd.DataFrame(columns=list(STAGED_OBSERVATIONS.types)))
    con.execute(f"CREATE TABLE {table.name} AS FROM ({table.sql}) LIMIT 0")
    for batch in ahead(_batches(archive, sidecars)):
        _show(con, STAGED_OBSERVATIONS, batch)
        _check_numbers(con)
        _insert_batch(con, table, len(batch))


def _load_readings(con: duckdb.DuckDBPyConnection, table: SqlTable, files: Sequence[Path]) -> None:
    """All observations at once: DuckDB reads them from the disk as it needs them."""
    con.execute(f"CREATE OR REPLACE VIEW {STAGED_OBSERVATIONS.name} AS {view_of(files)}")
    expected = _count(con, STAGED_OBSERVATIONS.name)
    con.execute(f"CREATE TABLE {table.name} AS {table.sql}")
    _check_none_lost(table, expected, _count(con, table.name))
    if _count(con, table.name, "NOT coalesce(isfinite(value), false)"):
        _check_numbers(con)


def _count(con: duckdb.DuckDBPyConnection, table: str, where: str = "true") -> int:
    row = con.execute(f"FROM {table} SELECT count(*) WHERE {where}").fetchone()
    return int(row[0]) if row else 0


def _batches(archive: Archive, sidecars: Sequence[Sidecar]) -> Iterator[pd.DataFrame]:
    """Observations of whole snapshots in the archive's order: many rows at once are cheap."""
    names = pd.CategoricalDtype([s.snapshot for s in sidecars])
    batch: list[pd.DataFrame] = []
    rows = 0
    for sidecar, bodies in archive.read_many(sidecars):
        frame = read_observations(sidecar, bodies)
        batch.append(frame.assign(snapshot=_repeated(sidecar.snapshot, len(frame), names)))
        rows += len(frame)
        if rows >= BATCH_ROWS:
            yield pd.concat(batch, ignore_index=True)
            batch, rows = [], 0
    if batch:
        yield pd.concat(batch, ignore_index=True)


def _repeated(value: str, length: int, values: pd.CategoricalDtype) -> pd.Categorical:
    """One of some values in every row, by number: DuckDB takes that faster than as text."""
    code = values.categories.get_loc(value)
    return pd.Categorical.from_codes(np.full(length, code, np.int32), dtype=values)


def _check_numbers(con: duckdb.DuckDBPyConnection) -> None:
    row = con.execute(
        "SELECT snapshot, indicator, economy, counterpart, year, value FROM staging.observations"
        " WHERE NOT coalesce(isfinite(TRY_CAST(value AS DOUBLE)), false)"
        " ORDER BY ALL LIMIT 1"
    ).fetchone()
    if row is not None:
        snapshot, *cell, text = row
        raise WarehouseError(
            f"snapshot {snapshot}: {' '.join(map(str, cell))}: {text!r} is not a finite number"
        )


def _insert_batch(con: duckdb.DuckDBPyConnection, table: SqlTable, expected: int) -> None:
    row = con.execute(f"INSERT INTO {table.name} {table.sql}").fetchone()
    _check_none_lost(table, expected, row[0] if row else 0)


def _check_none_lost(table: SqlTable, expected: int, found: int) -> None:
    if found != expected:
        raise WarehouseError(f"{table.path}: {expected} observations went in, {found} came out")


def _run(con: duckdb.DuckDBPyConnection, table: SqlTable) -> None:
    try:
        con.execute(f"CREATE TABLE {table.name} AS {table.sql}")
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError) as e:
        raise WarehouseError(f"{table.path}: {e}") from e


def _compute(con: duckdb.DuckDBPyConnection, table: PythonTable) -> None:
    frames = [con.execute(f"FROM {name}").df() for name in table.depends_on]
    result = table.compute(*frames)
    _create(con, table)
    _append(con, table, result)


def _create(con: duckdb.DuckDBPyConnection, table: TypedTable) -> None:
    columns = ", ".join(f'"{c.name}" {table.types[c.name]}' for c in table.columns)
    con.execute(f"CREATE TABLE {table.name} ({columns})")


def _fill(con: duckdb.DuckDBPyConnection, table: TypedTable, rows: Iterable[Row]) -> None:
    names = [c.name for c in table.columns]
    frame = pd.DataFrame(list(rows), columns=names, dtype="object")
    _create(con, table)
    _append(con, table, frame)


def _append(con: duckdb.DuckDBPyConnection, table: TypedTable, frame: pd.DataFrame) -> None:
    con.register("batch", frame)
    con.execute(f"INSERT INTO {table.name} BY NAME FROM batch")
    con.unregister("batch")


def _show(con: duckdb.DuckDBPyConnection, table: TypedTable, frame: pd.DataFrame) -> None:
    """Let a table be a view of a frame, until the next one: DuckDB reads it where it lies."""
    columns = ", ".join(
        f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in table.types.items()
    )
    con.register("batch", frame)
    con.execute(f"CREATE OR REPLACE VIEW {table.name} AS FROM batch SELECT {columns}")


def _info(con: duckdb.DuckDBPyConnection, table: Table, seconds: float) -> TableInfo:
    types: Mapping[str, str] = {
        name: kind for name, kind, *_ in con.execute(f"DESCRIBE {table.name}").fetchall()
    }
    if isinstance(table, SqlTable):
        check_columns(table, list(types))
    return TableInfo(
        name=table.name,
        description=table.description,
        rows=_count(con, table.name),
        columns=tuple(Column(c.name, types[c.name], c.description, c.unit) for c in table.columns),
        seconds=seconds,
        depends_on=table.depends_on,
    )
