"""What the report says as tables of the data package: its findings, and the cells behind numbers.

The warehouse has no such tables; their rows come from the content model, unrounded.
"""

from collections.abc import Sequence
from typing import Final

from pipeline.report.chain_view import chain_rows
from pipeline.report.content import Report
from pipeline.warehouse.tables import TypedTable, column_docs

Said = tuple[TypedTable, Sequence[Sequence[object]]]
"""A table and its rows."""


def _table(name: str, description: str, columns: str) -> TypedTable:
    docs, types = column_docs(columns)
    return TypedTable(name, description, docs, (), {}, types)


FINDINGS: Final = _table(
    "findings",
    "The key findings: the number of each, the sentence that says it, and where it is shown.",
    """
    finding  | VARCHAR | code | id, as `sco explain` takes it
    figure   | VARCHAR | –    | number as it is set
    sentence | VARCHAR | –    | what it says
    value    | DOUBLE  | as unit says | number, not rounded; empty where there is none
    unit     | VARCHAR | –    | unit of the value
    outcome  | VARCHAR | code | which wording was chosen by rule
    exhibit  | VARCHAR | code | exhibit that shows it; empty where none does
    source   | VARCHAR | –    | publishers and releases
    """,
)
CHAINS: Final = _table(
    "chains",
    "The published values that each key finding and each claim is computed from.\n\n"
    "One row a value, by its name in the arithmetic; `sco explain NAME` tells the same.",
    """
    kind        | VARCHAR  | code | finding or claim
    name        | VARCHAR  | code | its id
    figure      | VARCHAR  | code | name in the arithmetic
    figure_year | SMALLINT | year | year that is looked at
    indicator   | VARCHAR  | code | the publisher's own code
    economy     | VARCHAR  | code | economy
    counterpart | VARCHAR  | code | partner of a bilateral series; _Z where there is none
    year        | SMALLINT | year | year that the value speaks of
    value       | DOUBLE   | as unit says | value as published, or as corrected
    unit        | VARCHAR  | –    | unit in the catalogue
    snapshot    | VARCHAR  | code | snapshot that says so
    """,
)


def said_tables(report: Report) -> tuple[Said, ...]:
    """Findings and chains with their rows; cells that may not be passed on are left out."""
    findings = [
        (f.id, f.figure, f.sentence, f.value, f.unit, f.outcome, f.exhibit, f.source)
        for f in report.findings
    ]
    return (FINDINGS, findings), (CHAINS, chain_rows(report))
