"""The tables of an edition's data package: which they are, which of their rows, and their files.

Each is written as Parquet and as CSV, and described for the descriptor, which ``datapackage``
makes. Rows of series whose licence forbids passing the figures on are left out of every table that
holds figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pipeline.report.said_tables import Said
from pipeline.warehouse.export import write_csv
from pipeline.warehouse.quoting import quoted
from pipeline.warehouse.store import connect_read_only, reporting
from pipeline.warehouse.tables import Column, ColumnDoc, Table, TypedTable

if TYPE_CHECKING:
    import duckdb

PROVENANCE: Final = "core.snapshots"
"""Goes with the marts: which releases they rest on. It holds no figure of a publisher."""
CATALOGUE: Final = (
    "core.breaks", "core.economies", "core.goods_series", "core.groups", "core.indicators",
    "core.member_sets", "core.publishers", "core.targets",
)  # fmt: skip
"""What codes in other tables stand for, and on whose terms the figures are: the project's own."""
CORRECTIONS: Final = "core.corrections"
OBSERVATIONS: Final = "observations"
_OBSERVED: Final = """
    CREATE TEMP TABLE observed AS
    SELECT c.*, p.licence
    FROM core.current AS c
    INNER JOIN core.publishers AS p USING (publisher)
    WHERE c.economy IN (SELECT economy FROM core.economies)
    ORDER BY c.publisher, c.indicator, c.economy, c.counterpart, c.year
"""
_OBSERVATIONS_ARE: Final = (
    "Every published value of the economies that the catalogue names, as of the date.\n\n"
    "Each series is its newest release, whole; a value that the catalogue corrects is the "
    "corrected one, and marked. All other tables are computed from these and from older releases."
)
_OWN_KEYS: Final = {
    OBSERVATIONS: ("publisher", "indicator", "economy", "counterpart", "year"),
    "core.economies": ("economy",),
    "core.goods_series": ("publisher", "indicator"),
    "core.groups": ("scheme", "economy"),
    "core.indicators": ("indicator",),
    "core.member_sets": ("member_set", "year", "economy"),
    "core.publishers": ("publisher",),
    "core.targets": ("target",),
    "findings": ("finding",),
}
"""Of the tables that no expectations hold to a key: the catalogue gives them theirs."""
_LICENCE: Final = ColumnDoc("licence", "licence of the value: that of its publisher", "–")
_ECONOMIES: Final = (
    "economy", "counterpart", "reporter", "partner", "seller", "buyer", "left_out",
)  # fmt: skip
_MEANT: Final = (
    *(((column,), "core.economies", ("economy",)) for column in _ECONOMIES),
    (("indicator",), "core.indicators", ("indicator",)),
    (("publisher",), "core.publishers", ("publisher",)),
    (("target",), "core.targets", ("target",)),
    (("claim_id",), "marts.claims", ("claim_id",)),
    (("snapshot", "indicator"), PROVENANCE, ("snapshot", "indicator")),
)
"""Columns of these names mean rows of these tables, where every row that fills them does."""


@dataclass(frozen=True)
class Reference:
    """Columns whose values, where there are any, all stand in those of another table."""

    columns: tuple[str, ...]
    table: str
    their_columns: tuple[str, ...]


@dataclass(frozen=True)
class DataTable:
    """A table as written. ``key`` may be empty: none is known that every row fills. ``series`` are
    the indicators of the catalogue that its rows name; None where they name none, so that it may
    rest on all of them."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    series: tuple[str, ...] | None

    @property
    def has_figures(self) -> bool:
        """Whether there are figures of publishers in it, or computed of them."""
        return self.name not in (PROVENANCE, *CATALOGUE)


@dataclass(frozen=True)
class DataTables:
    """All tables in order, and the series left out of them."""

    tables: tuple[DataTable, ...]
    closed: tuple[str, ...]


def write_tables(
    warehouse: Path,
    folder: Path,
    described: Sequence[Table],
    *,
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> DataTables:
    """Write every table of the warehouse that is in the package as ``folder/<name>.parquet`` and
    ``.csv``.

    The bytes depend on the rows and on the version of DuckDB alone.

    Args:
        warehouse: the finished warehouse.
        folder: takes the files.
        described: the tables of the warehouse, for their descriptions and units.
        keys: columns by table that tell its rows apart, as its expectations have held it to.

    Raises:
        WarehouseError: the warehouse cannot be read, or the disk refuses.
    """
    docs = {table.name: table for table in described}
    docs[OBSERVATIONS] = _observations(docs.get("core.current"))
    with _writing(warehouse, folder, docs, {**keys, **_OWN_KEYS}) as (con, writer):
        written = [writer.write(name, con.sql(f"FROM {name}")) for name in _names(con)]
        con.execute(_OBSERVED)
        written.append(writer.write(OBSERVATIONS, con.sql("FROM temp.observed")))
        return DataTables(tuple(written), writer.closed)


def write_said(warehouse: Path, folder: Path, said: Sequence[Said]) -> tuple[DataTable, ...]:
    """Write the tables that the report has and the warehouse has not, as ``write_tables`` does.

    Raises:
        WarehouseError: the warehouse cannot be read, or the disk refuses.
    """
    docs: dict[str, Table] = {table.name: table for table, _ in said}
    with _writing(warehouse, folder, docs, _OWN_KEYS) as (con, writer):
        return tuple(writer.write(table.name, _relation(con, table, rows)) for table, rows in said)


@contextmanager
def _writing(
    warehouse: Path, folder: Path, docs: Mapping[str, Table], keys: Mapping[str, tuple[str, ...]]
) -> "Iterator[tuple[duckdb.DuckDBPyConnection, _Writer]]":
    con = connect_read_only(warehouse, writes_files=True)
    try:
        with reporting(folder, "cannot write the data files"):
            con.execute("SET threads = 1")
            yield con, _Writer(con, folder, docs, keys)
    finally:
        con.close()


def _observations(current: Table | None) -> Table:
    columns = (*current.columns, _LICENCE) if current else (_LICENCE,)
    return Table(OBSERVATIONS, _OBSERVATIONS_ARE, columns, ())


def _names(con: "duckdb.DuckDBPyConnection") -> list[str]:
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'marts' ORDER BY table_name"
    ).fetchall()
    own = sorted((*CATALOGUE, CORRECTIONS, PROVENANCE))
    return [*own, *(f"marts.{name}" for (name,) in rows)]


def _closed_series(con: "duckdb.DuckDBPyConnection") -> tuple[str, ...]:
    """Series whose figures may be shown but not passed on, with what is computed of them."""
    rows = con.execute(
        """
        WITH closed AS (
            SELECT i.indicator
            FROM core.indicators AS i
            JOIN core.publishers AS p USING (publisher)
            WHERE NOT p.redistributable
        )
        SELECT indicator FROM closed
        UNION
        SELECT w.indicator
        FROM core.weightings AS w
        JOIN closed ON w.base_indicator = closed.indicator
        ORDER BY 1
        """
    ).fetchall()
    return tuple(indicator for (indicator,) in rows)


def _relation(
    con: "duckdb.DuckDBPyConnection", table: TypedTable, rows: Sequence[Sequence[object]]
) -> "duckdb.DuckDBPyRelation":
    """Rows of the report as a relation of the table's columns."""
    import pandas as pd

    cells = {name: [row[n] for row in rows] for n, name in enumerate(table.types)}
    typed = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in table.types.items())
    return con.from_df(pd.DataFrame(cells, dtype="object")).project(typed)


class _Writer:
    """Writes one table after the other and says what each is."""

    def __init__(
        self,
        con: "duckdb.DuckDBPyConnection",
        folder: Path,
        docs: Mapping[str, Table],
        keys: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._folder, self._docs, self._keys = folder, docs, keys
        self.closed = _closed_series(con)
        """Series that are left out."""
        self._closed = ", ".join(map(quoted, self.closed))
        self._bases = dict(
            con.execute("SELECT DISTINCT indicator, base_indicator FROM core.weightings").fetchall()
        )

    def write(self, name: str, relation: "duckdb.DuckDBPyRelation") -> DataTable:
        names_series = "indicator" in relation.columns
        if names_series and self._closed and name not in (PROVENANCE, *CATALOGUE):
            relation = relation.filter(f"indicator IS NULL OR indicator NOT IN ({self._closed})")
        target = self._folder / f"{name}.parquet"
        relation.to_parquet(str(target), compression="zstd")
        write_csv(relation, target.with_suffix(".csv"))
        docs = self._docs.get(name)
        return DataTable(
            name=name,
            description=docs.description if docs else "",
            columns=tuple(_columns(relation, docs)),
            key=_filled(self._keys.get(name, ()), relation),
            references=tuple(_references(name, relation)),
            series=self._series(relation) if names_series else None,
        )

    def _series(self, relation: "duckdb.DuckDBPyRelation") -> tuple[str, ...]:
        found = relation.project("indicator").distinct().fetchall()
        return tuple(sorted({self._bases.get(code, code) for (code,) in found if code}))


def _columns(relation: "duckdb.DuckDBPyRelation", docs: Table | None) -> Iterator[Column]:
    known = {column.name: column for column in docs.columns} if docs else {}
    for name, kind in zip(relation.columns, relation.types, strict=True):
        doc = known.get(name, ColumnDoc(name, "", ""))
        yield Column(name, str(kind), doc.description, doc.unit)


def _filled(key: tuple[str, ...], relation: "duckdb.DuckDBPyRelation") -> tuple[str, ...]:
    """The key, if all its cells are filled: one that has an empty text is none in a CSV."""
    if not key:
        return ()
    empty = " OR ".join(f"coalesce(CAST({column} AS VARCHAR), '') = ''" for column in key)
    return () if relation.filter(empty).limit(1).fetchone() else key


def _references(name: str, relation: "duckdb.DuckDBPyRelation") -> Iterator[Reference]:
    """Those of ``_MEANT`` that hold; of every table but the one that is referred to."""
    meant = [
        Reference(columns, table, theirs)
        for columns, table, theirs in _MEANT
        if table != name and all(column in relation.columns for column in columns)
    ]
    if not meant:
        return
    astray = ", ".join(f"count(*) FILTER (WHERE {_is_astray(r)})" for r in meant)
    counts = relation.aggregate(astray).fetchone()
    yield from (r for r, count in zip(meant, counts or (), strict=True) if not count)


def _is_astray(reference: Reference) -> str:
    """Whether a row means something that is not there; an empty text is none, as in the CSV."""
    filled = " OR ".join(f"nullif({column}, '') IS NOT NULL" for column in reference.columns)
    ours, theirs = ", ".join(reference.columns), ", ".join(reference.their_columns)
    absent = f"({ours}) NOT IN (FROM {reference.table} SELECT ({theirs}))"
    return f"({filled}) AND coalesce({absent}, true)"
