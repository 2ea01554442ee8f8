"""What the UI is told of a built table: rows, columns, lineage, a preview, a content version."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import dagster as dg
import duckdb

from pipeline.assets.keys import table_key
from pipeline.rounding import NO_VALUE
from pipeline.warehouse.build import connect_read_only
from pipeline.warehouse.tables import Lineage, TableInfo

PREVIEW_ROWS = 8

HIGHLIGHTS: Final[Mapping[str, tuple[str, str]]] = {
    "marts.revisions": (
        "largest_revisions",
        """
        SELECT r.indicator, r.economy, r.year, r.vintage_old, r.vintage_new, r.value_old,
            r.value_new, r.relative
        FROM marts.revisions AS r
        JOIN core.indicators AS i USING (publisher, indicator)
        WHERE r.comparison = 'since' AND r.kind = 'revised' AND i.headline
        ORDER BY abs(r.relative) DESC, r.indicator, r.economy, r.year
        """,
    ),
}
"""What else the UI shows of a table beside its first rows: a name and a query, cut like them."""


@dataclass(frozen=True)
class Described:
    """Metadata of a materialisation, and a version of the table's rows that knows no clock."""

    metadata: dict[str, Any]
    content: str


def describe_tables(
    path: Path, infos: Iterable[TableInfo], lineages: Mapping[str, Lineage]
) -> Iterator[tuple[str, Described]]:
    """Names and descriptions of tables of the warehouse at ``path``, which is opened once.

    ``lineages`` are of those tables at least that ``infos`` tell of.
    """
    with connect_read_only(path) as con:
        for info in infos:
            yield info.name, _describe(con, info, lineages[info.name])


def _describe(con: duckdb.DuckDBPyConnection, info: TableInfo, lineage: Lineage) -> Described:
    preview = _preview(con, f"FROM {info.name}")
    highlights = {
        name: dg.MetadataValue.md(_preview(con, query))
        for table, (name, query) in HIGHLIGHTS.items()
        if table == info.name
    }
    return Described(
        metadata={
            "dagster/row_count": info.rows,
            "dagster/column_schema": _schema(info),
            "dagster/column_lineage": _lineage(lineage),
            "dagster/table_name": info.name,
            "preview": dg.MetadataValue.md(preview),
            **highlights,
            "seconds": info.seconds,
        },
        content=content_version(con, info.name),
    )


def content_version(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """Sixteen hex digits that change when any cell of the table does, whatever the row order."""
    row = con.execute(
        # The table's name is one of our own sql/ files, never input.
        f"SELECT count(*), coalesce(bit_xor(hash(t)), 0) FROM {table} AS t"  # noqa: S608
    ).fetchone()
    rows, digest = row if row else (0, 0)
    return f"{digest:016x}-{rows}"


def warehouse_version(path: Path) -> str:
    """Sixteen hex digits that change when any cell of any table does."""
    digest = hashlib.sha256()
    with connect_read_only(path) as con:
        names = con.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1"
        ).fetchall()
        for (name,) in names:
            digest.update(f"{name} {content_version(con, name)}\n".encode())
    return digest.hexdigest()[:16]


def _schema(info: TableInfo) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                c.name, type=c.type, description=f"{c.description} [{c.unit}]" if c.unit else None
            )
            for c in info.columns
        ]
    )


def _lineage(lineage: Lineage) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        deps_by_column={
            # Staging tables are not assets: they stand for the archive while core is built.
            column: [
                dg.TableColumnDep(table_key(table), name)
                for table, name in sources
                if not table.startswith("staging.")
            ]
            for column, sources in lineage.items()
        }
    )


def _preview(con: duckdb.DuckDBPyConnection, query: str) -> str:
    cursor = con.execute(f"{query} LIMIT {PREVIEW_ROWS}")
    names = [d[0] for d in cursor.description or ()]
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    lines += ["| " + " | ".join(_cell(v) for v in row) + " |" for row in cursor.fetchall()]
    return "\n".join(lines)


def _cell(value: object) -> str:
    """One cell of a Markdown table: a pipe or line break in a text must not end it."""
    if value is None:
        return NO_VALUE
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")
