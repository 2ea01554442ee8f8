"""Read ``sql/``: one file, one table, documented in its head, with its dependencies and lineage.

``sql/<schema>/<table>.sql`` makes ``<schema>.<table>``. Its head is a comment in three parts: a
sentence, more prose if needed, and after ``columns:`` a line ``name | unit | description`` for
each column in order. Its body is one SELECT that names its columns and ends in ORDER BY. What it
reads is taken from the SQL itself. Running the SQL is the work of ``build``.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from pipeline.errors import WarehouseError
from pipeline.warehouse.dependencies import SqlError, tables_read
from pipeline.warehouse.tables import ColumnDoc, Lineage, SqlTable, Table, TypedTable

SCHEMAS = ("core", "marts")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class _File:
    name: str
    path: Path
    description: str
    columns: tuple[ColumnDoc, ...]
    sql: str
    reads: tuple[str, ...]


def tables_in_order(
    sql_dir: Path,
    declared: Iterable[Table] | None = None,
    only: Collection[str] = (),
) -> tuple[Table, ...]:
    """All tables, each after those that it reads: those of files and those that Python makes.

    What columns come from is left to ``lineage_of``, and whether they are as documented to the
    build.

    Args:
        sql_dir: the folder with ``core/`` and ``marts/``.
        declared: the tables that Python makes; those of this project when not given.
        only: names of tables; only they and all that they read are given then.

    Raises:
        WarehouseError: naming the file: no head, a column without a description, an unknown table,
            a cycle, or SQL that cannot be parsed.
    """
    if declared is None:
        from pipeline.warehouse.python_tables import DECLARED

        declared = DECLARED
    known: dict[str, Table] = {t.name: t for t in declared}
    files = {} if only else {f.name: f for f in map(_read, _paths(sql_dir))}
    if only:
        known, files = _followed(sql_dir, only, known)
    for name in files.keys() & known.keys():
        raise WarehouseError(f"{files[name].path}: {name} is already made by Python")
    done: dict[str, Table] = {}
    for name in _order(files, known):
        done[name] = known[name] if name in known else _table(files[name], done)
    return tuple(done.values())


def lineage_of(table: Table) -> Lineage:
    """What each column of a table comes from. Of SQL it is worked out once a process.

    Raises:
        WarehouseError: names the file, which uses a column that is not there, leaves one without a
            name, or selects others than it documents.
    """
    if isinstance(table, TypedTable):
        return table.lineage
    if not isinstance(table, SqlTable):
        raise WarehouseError(f"{table.name}: is made neither by SQL nor by Python")
    # The library behind it takes a while to load, and most commands ask for no lineage.
    from pipeline.warehouse.lineage import analyse

    try:
        found = analyse(table.sql, table.schemas)
    except SqlError as e:
        raise WarehouseError(f"{table.path}: {e}") from e
    if found.reads != table.depends_on:
        raise WarehouseError(
            f"{table.path}: reads {', '.join(found.reads)}, but DuckDB says "
            f"{', '.join(table.depends_on)}"
        )
    check_columns(table, found.columns)
    return found.lineage


def _followed(
    sql_dir: Path, only: Collection[str], declared: Mapping[str, Table]
) -> tuple[dict[str, Table], dict[str, _File]]:
    """Some tables and all that they read, made by Python and by files; no other file is opened."""
    paths = {f"{path.parent.name}.{path.stem}": path for path in _paths(sql_dir)}
    known: dict[str, Table] = {}
    files: dict[str, _File] = {}
    ahead = set(only)
    while ahead:
        name = ahead.pop()
        if name in declared:
            known[name] = declared[name]
            ahead.update(declared[name].depends_on)
        elif name in paths:
            files[name] = _read(paths[name])
            ahead.update(files[name].reads)
        else:
            raise WarehouseError(f"{sql_dir}: no file and no code makes {name}")
        ahead -= known.keys() | files.keys()
    return known, files


def all_tables(sql_dir: Path, only: Collection[str] = ()) -> tuple[Table, ...]:
    """Every table that the warehouse keeps, in building order.

    Where names are given by ``only``, only those tables and all that they read. Names of
    ``staging.*`` in ``depends_on`` and in lineage stands for the archive: those tables exist only
    while core is built and are not in the result.

    Raises:
        WarehouseError: see ``tables_in_order``.
    """
    return tuple(t for t in tables_in_order(sql_dir, only=only) if t.schema != "staging")


def _paths(sql_dir: Path) -> Sequence[Path]:
    paths = sorted(p for schema in SCHEMAS for p in (sql_dir / schema).glob("*.sql"))
    if not paths:
        raise WarehouseError(f"{sql_dir}: no SQL found; expected core/*.sql and marts/*.sql")
    return paths


def _read(path: Path) -> _File:
    if not _NAME.fullmatch(path.stem):
        raise WarehouseError(f"{path}: a table's name is lower case with underscores")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise WarehouseError(f"{path}: cannot be read: {e}") from e
    description, columns, sql = _split(path, text)
    try:
        reads = tables_read(sql)
    except SqlError as e:
        raise WarehouseError(f"{path}: {e}") from e
    return _File(f"{path.parent.name}.{path.stem}", path, description, columns, sql, reads)


def _split(path: Path, text: str) -> tuple[str, tuple[ColumnDoc, ...], str]:
    """The description, the documented columns and the SQL of a file."""
    lines = text.splitlines()
    length = next((i for i, s in enumerate(lines) if not s.startswith("--")), len(lines))
    head = [line[2:].removeprefix(" ").rstrip() for line in lines[:length]]
    if "columns:" not in head:
        raise WarehouseError(
            f"{path}: the head comment has no line 'columns:'; expected a description, then it,"
            " then a line 'name | unit | description' for each column"
        )
    at = head.index("columns:")
    description = "\n".join(head[:at]).strip()
    if not description:
        raise WarehouseError(f"{path}: the head comment does not describe the table")
    return description, tuple(_columns(path, head[at + 1 :])), "\n".join(lines[length:]).strip()


def _columns(path: Path, lines: Iterable[str]) -> Iterable[ColumnDoc]:
    seen: set[str] = set()
    for line in filter(None, map(str.strip, lines)):
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3 or not all(parts) or not _NAME.fullmatch(parts[0]):
            raise WarehouseError(f"{path}: {line!r}: expected 'name | unit | description'")
        name, unit, description = parts
        if name in seen:
            raise WarehouseError(f"{path}: column {name} is documented twice")
        seen.add(name)
        yield ColumnDoc(name, description, unit)


def _order(files: Mapping[str, _File], known: Mapping[str, Table]) -> list[str]:
    graph = {name: table.depends_on for name, table in sorted(known.items())}
    graph |= {name: file.reads for name, file in sorted(files.items())}
    for name, reads in graph.items():
        for read in reads:
            if read not in graph:
                where = files[name].path if name in files else name
                raise WarehouseError(f"{where}: reads {read}, which no file and no code makes")
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as e:
        circle = list(reversed(e.args[1]))
        paths = ", ".join(str(files[n].path) for n in dict.fromkeys(circle) if n in files)
        raise WarehouseError(f"{paths}: tables read each other: {' → '.join(circle)}") from e
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order.extend(ready)
        sorter.done(*ready)
    return order


def _table(file: _File, upstream: Mapping[str, Table]) -> SqlTable:
    return SqlTable(
        name=file.name,
        description=file.description,
        columns=file.columns,
        depends_on=file.reads,
        path=file.path,
        sql=file.sql,
        schemas=tuple((name, tuple(c.name for c in upstream[name].columns)) for name in file.reads),
    )


def check_columns(table: SqlTable, selected: Sequence[str]) -> None:
    """Compare the columns that a SELECT yields, in order, with those that its head documents.

    Raises:
        WarehouseError: names the file and the first column that differs.
    """
    documented = [c.name for c in table.columns]
    for name in selected:
        if name not in documented:
            raise WarehouseError(f"{table.path}: column {name} is selected but not documented")
    for name in documented:
        if name not in selected:
            raise WarehouseError(f"{table.path}: column {name} is documented but not selected")
    if documented != list(selected):
        raise WarehouseError(
            f"{table.path}: columns are documented as {', '.join(documented)}"
            f" but selected as {', '.join(selected)}; expected the same order"
        )
