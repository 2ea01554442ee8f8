"""How a table that the catalogue fills is declared: its columns and where its rows come from.

Here are the two words for it. Which tables there are stands in ``reference`` and ``plans``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from pipeline.catalog.models import Catalog
from pipeline.warehouse.tables import TypedTable, column_docs

Row = tuple[object, ...]


@dataclass(frozen=True)
class CatalogTable(TypedTable):
    """A table of the catalogue. ``rows`` yields its rows as of a date, in the table's order."""

    rows: Callable[[Catalog, date], Iterable[Row]]


def catalog_table(
    name: str, description: str, columns: str, rows: Callable[[Catalog, date], Iterable[Row]]
) -> CatalogTable:
    """Declare a table that ``rows`` fills; for ``columns`` see ``column_docs``."""
    docs, types = column_docs(columns)
    return CatalogTable(name, description, docs, (), {}, types, rows)


def typed(name: str, description: str, columns: str) -> TypedTable:
    """Declare a table that code beside it fills; for ``columns`` see ``column_docs``."""
    docs, types = column_docs(columns)
    return TypedTable(name, description, docs, (), {}, types)
