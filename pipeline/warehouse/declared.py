"""How a table that Python makes is declared: its columns, what it reads, where they come from.

Here is the one function for it, and how rows become its frame. The tables themselves stand in the
modules of their subject, next to what computes them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pipeline.warehouse.tables import PythonTable, column_docs

if TYPE_CHECKING:
    import pandas as pd

Origin = tuple[str, str]
"""A (table, column) pair."""


def python_table(
    name: str,
    description: str,
    columns: str,
    compute: Callable[..., "pd.DataFrame"],
    reads: Sequence[str],
    *,
    measured: Sequence[Origin],
    taken: Mapping[str, Origin],
) -> PythonTable:
    """Declare a table.

    Args:
        name: "schema.table".
        description: a sentence, and more after an empty line.
        columns: a line ``name | type | unit | description`` each, see ``column_docs``.
        compute: one frame per table of ``reads``, in that order, to the frame of this one.
        reads: tables.
        measured: what columns come from unless ``taken`` says otherwise.
        taken: columns that are copied, with their origin.
    """
    docs, types = column_docs(columns)
    usual = tuple(sorted(measured))
    lineage = {c.name: (taken[c.name],) if c.name in taken else usual for c in docs}
    return PythonTable(name, description, docs, tuple(reads), lineage, types, compute)


def frame_of(table_columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> "pd.DataFrame":
    """Rows as a frame of the table's columns; a cell that a row does not name is missing."""
    import pandas as pd

    return pd.DataFrame(
        {name: [row.get(name) for row in rows] for name in table_columns}, dtype="object"
    )
