"""Small files of an edition beside its page and its PDF: exhibits, what tables hold, licences.

Each function makes one kind of file; where an edition stands and how it comes to stand
there whole is the work of ``edition``.
"""

from typing import TYPE_CHECKING, Final

from pipeline.report import svg
from pipeline.report.content import Exhibit, Report, Table
from pipeline.report.database import DATABASE
from pipeline.report.fonts import SANS, Faces
from pipeline.report.words import day, heading
from pipeline.warehouse.export import to_csv

if TYPE_CHECKING:
    from pipeline.report.data_tables import DataTables

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


def readme(data: "DataTables") -> str:
    """What stands in the folder of tables, for people; ``datapackage.json`` says it to programs."""
    parts = [
        "The tables behind the report, each as Parquet and as CSV (UTF-8, comma, a point for\n"
        "decimals, an empty cell for what is missing). Licences stand in ../LICENCES.txt; types,\n"
        "keys, sources and hashes for programs in ../datapackage.json (a Data Package). All of\n"
        f"them together, for questions in SQL: {DATABASE}, a DuckDB file that is read-only.\n"
    ]
    if data.closed:
        parts.append(
            "Left out of every table with figures: these series, which the report shows\n"
            "but whose licence does not allow their figures to be passed on:\n"
            + "".join(f"  {code}\n" for code in data.closed)
        )
    for table in data.tables:
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
