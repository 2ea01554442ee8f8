"""What the UI is told of a table beside its rows."""

from pathlib import Path

from pipeline.assets.describe import PREVIEW_ROWS, describe_tables
from pipeline.warehouse.build import all_tables, table_infos
from pipeline.warehouse.sqlfiles import lineage_of
from tests.conftest import SQL_DIR


def test_revisions_show_the_largest_of_the_last_year_first(bundled: Path) -> None:
    (info,) = [i for i in table_infos(bundled, SQL_DIR) if i.name == "marts.revisions"]
    lineages = {table.name: lineage_of(table) for table in all_tables(SQL_DIR)}
    ((_, described),) = describe_tables(bundled, [info], lineages)
    shown = described.metadata["largest_revisions"].md_str
    head, _, *rows = [line.strip("| ").split(" | ") for line in shown.splitlines()]
    sizes = [abs(float(row[-1])) for row in rows]
    assert head[-1] == "relative"
    assert len(rows) == PREVIEW_ROWS
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0.5
