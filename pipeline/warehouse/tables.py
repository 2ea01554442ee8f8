"""What a table of the warehouse is: its columns, what it reads, and how it came out.

Here are the words that the rest of the room shares: a table made by a file of SQL, a table made by
Python, and the account of a finished build. Nothing here opens a database.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Lineage = Mapping[str, tuple[tuple[str, str], ...]]
"""Column → the (table, column) pairs that its values are computed from, sorted."""


@dataclass(frozen=True)
class ColumnDoc:
    """A column as documented. ``unit`` is "–" for what has none, "code" for an identifier."""

    name: str
    description: str
    unit: str


def column_docs(text: str) -> tuple[tuple[ColumnDoc, ...], dict[str, str]]:
    """Columns and their DuckDB types from lines ``name | type | unit | description``."""
    docs: list[ColumnDoc] = []
    types: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, kind, unit, description = (part.strip() for part in line.split("|"))
        docs.append(ColumnDoc(name, description, unit))
        types[name] = kind
    return tuple(docs), types


@dataclass(frozen=True)
class Table:
    """One table: ``name`` is "schema.table", ``columns`` in the order of the table."""

    name: str
    description: str
    columns: tuple[ColumnDoc, ...]
    depends_on: tuple[str, ...]

    @property
    def schema(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True)
class SqlTable(Table):
    """A table that a file of SQL makes: the body is one SELECT with a final ORDER BY.

    ``schemas`` are the columns of the tables that it reads, in the order of ``depends_on``.
    """

    path: Path
    sql: str
    schemas: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class TypedTable(Table):
    """A table that no SQL makes: ``types`` gives the DuckDB type of each column."""

    lineage: Lineage
    types: Mapping[str, str]


@dataclass(frozen=True)
class PythonTable(TypedTable):
    """A table that Python makes from other tables.

    ``compute`` takes one frame per table of ``depends_on``, in that order, and yields a frame
    with exactly the documented columns, already in its final order.
    """

    compute: Callable[..., "pd.DataFrame"]


@dataclass(frozen=True)
class Column:
    """A column as built: DuckDB type, description and unit."""

    name: str
    type: str
    description: str
    unit: str


@dataclass(frozen=True)
class TableInfo:
    """A table as built. ``seconds`` is the wall time it took; nothing published depends on it."""

    name: str
    description: str
    rows: int
    columns: tuple[Column, ...]
    seconds: float
    depends_on: tuple[str, ...]
