"""The files of an edition beside its page and its PDF: exhibits, tables of the warehouse, licences.

Each function writes or makes one kind of file; where an edition stands and how it comes to stand
there whole is the work of ``edition``.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.report import svg
from pipeline.report.content import Exhibit, Report, Table
from pipeline.report.fonts import SANS, Faces
from pipeline.report.words import day, heading
from pipeline.warehouse.export import to_csv, write_csv
from pipeline.warehouse.store import connect_read_only, reporting

if TYPE_CHECKING:
    import duckdb

    from pipeline.warehouse.tables import Table as WarehouseTable

PROVENANCE: Final = "core.snapshots"
"""Goes with the marts: which releases they rest on. It holds no figure of a publisher."""
_RULE: Final = "\n" + "=" * 78 + "\n\n"


def exhibit_csv(table: Table) -> str:
    """The values of an exhibit: labels with units, full precision, safe in a spreadsheet."""
    return to_csv(
        [heading(column) for column in table.columns],
        [[row.get(column.key) for column in table.columns] for row in table.rows],
    )


def exhibit_svg(exhibit: Exhibit, faces: Faces) -> str | None:
    """The wide picture as a file of its own, its fonts inside; None of a table."""
    if exhibit.chart is None:
        return None
    fonts = "".join(
        f'@font-face{{font-family:"{SANS}";font-weight:{face.weight};'
        f'src:url({face.data_uri()}) format("woff2")}}'
        for face in faces.faces
        if face.family == SANS and face.weight <= 600
    )
    return svg.standalone(exhibit.chart.wide, exhibit.title, exhibit.source, fonts)


def write_tables(warehouse: Path, folder: Path, described: Sequence["WarehouseTable"]) -> None:
    """Write every mart, and the releases it rests on, as Parquet and CSV, and a README.

    Rows of series whose licence forbids passing the figures on are left out, and README.txt says
    of which. The bytes depend on the rows and on the version of DuckDB alone.

    Raises:
        WarehouseError: the warehouse cannot be read, or the disk refuses.
    """
    con = connect_read_only(warehouse, writes_files=True)
    try:
        with reporting(folder, "cannot write the data files"):
            con.execute("SET threads = 1")
            closed = _closed_indicators(con)
            names = _tables(con)
            for name in names:
                _write_table(con, name, folder, closed)
    finally:
        con.close()
    docs = [table for table in described if table.name in names]
    (folder / "README.txt").write_text(_readme(docs, closed), "utf-8")


def _tables(con: "duckdb.DuckDBPyConnection") -> list[str]:
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'marts' ORDER BY table_name"
    ).fetchall()
    return [PROVENANCE, *(f"marts.{name}" for (name,) in rows)]


def _closed_indicators(con: "duckdb.DuckDBPyConnection") -> list[str]:
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
    return [indicator for (indicator,) in rows]


def _write_table(
    con: "duckdb.DuckDBPyConnection", name: str, folder: Path, closed: Sequence[str]
) -> None:
    relation = con.sql(f"FROM {name}")  # a name from the warehouse's own list of tables
    if name != PROVENANCE and "indicator" in relation.columns:
        allowed = ", ".join("'" + code.replace("'", "''") + "'" for code in closed)
        if closed:
            relation = relation.filter(f"indicator NOT IN ({allowed})")
    target = folder / f"{name}.parquet"
    relation.to_parquet(str(target), compression="zstd")
    write_csv(relation, target.with_suffix(".csv"))


def _readme(described: Sequence["WarehouseTable"], closed: Sequence[str]) -> str:
    parts = [
        "The tables behind the report, each as Parquet and as CSV (UTF-8, comma, a point for\n"
        "decimals, an empty cell for what is missing). Licences stand in ../LICENCES.txt.\n"
    ]
    parts.append(
        "chains.csv\n\nThe published values that each key finding and each claim is computed\n"
        "from, by the name that they have in its arithmetic. `sco explain NAME` tells the same.\n"
    )
    if closed:
        parts.append(
            "Left out of every table but core.snapshots: these series, which the report shows\n"
            "but whose licence does not allow their figures to be passed on:\n"
            + "".join(f"  {code}\n" for code in closed)
        )
    for table in described:
        width = max(len(column.name) for column in table.columns)
        columns = "".join(
            f"  {column.name:{width}}  {column.unit}: {column.description}\n"
            for column in table.columns
        )
        parts.append(f"{table.name}\n\n{table.description}\n\n{columns}")
    return _RULE.join(parts)


def licences(report: Report, faces: Faces) -> str:
    """Under which terms the figures and the fonts of an edition stand."""
    entries = [
        f"{source.publisher}, {source.dataset}\n"
        f"  licence      {source.licence}\n"
        f"  credit       {source.attribution}\n"
        f"  where        {source.url}\n"
        f"  releases     {day(source.first_vintage)} to {day(source.last_vintage)}\n"
        f"  data files   {'yes' if source.redistributable else 'no: shown in the report only'}\n"
        for source in report.sources
    ]
    figures = "The figures, by publisher\n\n" + "\n".join(entries)
    return _RULE.join((figures, faces.licence))
