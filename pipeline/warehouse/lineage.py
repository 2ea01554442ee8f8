"""What a SELECT reads: its tables, and for each of its columns the columns it comes from.

Everything is taken from the SQL by sqlglot. A column's lineage is what its expression uses; keys
of joins, filters and sort orders decide which rows there are, not what a value says, and are left
out. What was read once is remembered by its text. Files, heads and the order of building are
``sqlfiles``'s affair.
"""

from dataclasses import dataclass
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node
from sqlglot.lineage import lineage as trace
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope, traverse_scope
from sqlglot.schema import MappingSchema

from pipeline.warehouse.dependencies import SqlError
from pipeline.warehouse.tables import Lineage

DIALECT = "duckdb"


@dataclass(frozen=True)
class Analysis:
    """The columns that a SELECT yields, in order, where each comes from, and the tables read."""

    columns: tuple[str, ...]
    lineage: Lineage
    reads: tuple[str, ...]


@lru_cache(maxsize=256)
def analyse(sql: str, schemas: tuple[tuple[str, tuple[str, ...]], ...]) -> Analysis:
    """The columns of a file's SELECT and their lineage.

    Args:
        sql: the SELECT.
        schemas: the columns of every table that it reads, by "schema.table".

    Raises:
        SqlError: not SQL, not one SELECT, not ordered; it reads something from outside the
            warehouse, uses a column that is not there, or leaves a column without a name.
    """
    reads = _tables_read(_parse(sql))
    known = MappingSchema(dialect=DIALECT)
    for name, columns in schemas:
        known.add_table(name, dict.fromkeys(columns, "VARCHAR"))
    try:
        query = qualify(_parse(sql).copy(), dialect=DIALECT, schema=known, quote_identifiers=False)
        scope = build_scope(query)
        names = tuple(query.named_selects)
        if scope is None or "" in names:
            raise SqlError("every column of the SELECT needs a name")
        roots = trace(
            None, query, known, scope=scope, dialect=DIALECT, trim_selects=False, copy=False
        )
    except SqlglotError as e:
        raise SqlError(_first_line(e)) from e
    return Analysis(names, {name: _origins(roots[name]) for name in names}, reads)


def _tables_read(query: exp.Query) -> tuple[str, ...]:
    """Names of the tables, sorted; CTEs and subqueries are not among them."""
    sources = (s for scope in traverse_scope(query) for s in scope.sources.values())
    return tuple(sorted({_name(source) for source in sources if isinstance(source, exp.Table)}))


@lru_cache(maxsize=256)
def _parse(sql: str) -> exp.Query:
    try:
        statements = [s for s in sqlglot.parse(sql, dialect=DIALECT) if s is not None]
    except SqlglotError as e:
        raise SqlError(f"cannot be parsed: {_first_line(e)}") from e
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise SqlError("expected one SELECT and nothing else after the head comment")
    query = statements[0]
    if not query.args.get("order"):
        raise SqlError("the SELECT has no final ORDER BY; every table has an explicit order")
    return query


def _origins(root: Node) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted(
            {
                (_name(node.expression), node.name.rpartition(".")[2].strip('"'))
                for node in root.walk()
                if _is_leaf(node)
            }
        )
    )


def _is_leaf(node: Node) -> bool:
    return not node.downstream and isinstance(node.expression, exp.Table)


def _name(table: exp.Expr) -> str:
    if not isinstance(table, exp.Table) or not table.db or not table.name:
        raise SqlError(f"reads {table.sql(dialect=DIALECT)}; expected schema.table")
    return f"{table.db}.{table.name}"


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
