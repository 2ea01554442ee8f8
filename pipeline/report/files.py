"""The files of an edition beside its page and its PDF: exhibits, tables of the warehouse, licences.

Each function says which files there are, by relative name; where an edition stands and how it
comes to stand there whole is the work of ``edition``.
"""

from pipeline.report.content import Table
from pipeline.report.words import heading
from pipeline.warehouse.export import to_csv


def exhibit_csv(table: Table) -> str:
    """The values of an exhibit: labels with units, full precision, safe in a spreadsheet."""
    return to_csv(
        [heading(column) for column in table.columns],
        [[row.get(column.key) for column in table.columns] for row in table.rows],
    )
