"""The values of every exhibit as an Excel workbook: a sheet each, after one that lists them.

Numbers are numbers and texts are texts, whatever they begin with. The bytes depend on the content
alone: dates are the edition's, and nothing is compressed, since machines compress differently.
"""

import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pipeline.language import in_force, language_of, speaking
from pipeline.report.content import Column, Exhibit, Report, Value
from pipeline.report.datapackage import open_exhibits, sources_of
from pipeline.report.words import day, heading, label, page_words

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""
_NARROWEST, _WIDEST = 9, 60
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def workbook(report: Report) -> bytes:
    """The workbook of a report, in its language.

    Exhibits that rest on series of a closed licence are left out, and the first sheet says which.
    """
    with speaking(language_of(report.language)):
        return _workbook(report)


def _workbook(report: Report) -> bytes:
    from openpyxl import Workbook

    words = page_words(report.language)
    book = Workbook(write_only=True)
    made = datetime.combine(report.as_of, time())
    book.properties.creator = book.properties.title = _plain(report.title)
    book.properties.created = book.properties.modified = made
    shown = open_exhibits(report)
    names = {e.id: label(e, words).replace("\u00a0", " ") for e in report.exhibits()}
    _contents(book.create_sheet(_plain(words["contents"])), report, shown, names, words)
    for exhibit in shown:
        _sheet(book.create_sheet(names[exhibit.id]), exhibit, report, words)
    return _settled(book, made)


class _Writer:
    """Writes rows of a sheet; texts are never read as formulas."""

    def __init__(self, sheet: "WriteOnlyWorksheet") -> None:
        self._sheet = sheet

    def row(self, *values: Value, bold: bool = False, formats: Sequence[str] = ()) -> None:
        cells = [self._cell(value, bold) for value in values]
        for cell, form in zip(cells, formats, strict=False):
            cell.number_format = form
        self._sheet.append(cells)

    def linked(self, text: str, address: str, *more: Value) -> None:
        """A row whose first cell leads to a place in the workbook."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        first = self._cell(text, bold=False)
        first.hyperlink = Hyperlink(ref="", location=address)
        self._sheet.append([first, *(self._cell(value, bold=False) for value in more)])

    def _cell(self, value: Value, bold: bool) -> "WriteOnlyCell":
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font

        cell = WriteOnlyCell(self._sheet, value=_value(value))
        if isinstance(value, str):
            cell.data_type = "s"
            # A text stays one when it is edited, too.
            cell.quotePrefix = value.startswith(("=", "+", "-", "@", "\t", "\r"))
        if bold:
            cell.font = Font(bold=True)
        return cell


def _value(value: Value) -> Value:
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    return value


def _plain(text: str) -> str:
    return _CONTROL.sub("\ufffd", text)


def _contents(
    sheet: "WriteOnlyWorksheet",
    report: Report,
    shown: Sequence[Exhibit],
    names: Mapping[str, str],
    words: Mapping[str, str],
) -> None:
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 100
    writer = _Writer(sheet)
    writer.row(report.title, bold=True)
    edition = f"{words['edition']} {report.edition}"
    writer.row(f"{words['as_of']} {day(report.as_of)} · {edition}")
    writer.row()
    for exhibit in shown:
        name = names[exhibit.id]
        writer.linked(name, f"'{name}'!A1", exhibit.title)
    left_out = [e for e in report.exhibits() if e not in shown]
    for exhibit in left_out:
        writer.row(names[exhibit.id], f"{exhibit.title} – {words['not_in_workbook']}")
    writer.row()
    writer.row(words["licence"], words["sources"], bold=True)
    for source in report.sources:
        terms = source.licence if source.redistributable else words["not_redistributable"]
        writer.row(source.publisher, f"{source.attribution} · {terms} · {source.url}")
    writer.row()
    writer.row(words["cite"], report.cite_as)


def _sheet(
    sheet: "WriteOnlyWorksheet", exhibit: Exhibit, report: Report, words: Mapping[str, str]
) -> None:
    """Title, unit and terms on top, then a head that stays in sight, then the values."""
    columns = exhibit.table.columns
    colon = in_force().colon
    terms = sorted({f"{s.publisher}{colon}{s.licence}" for s in sources_of(exhibit, report)})
    about = [
        exhibit.title,
        exhibit.subtitle,
        *([exhibit.note] if exhibit.note else []),
        colon.join((words["source"], exhibit.source)),
        colon.join((words["licence"], in_force().semicolon.join(terms))),
    ]
    for n, column in enumerate(columns):
        sheet.column_dimensions[_letter(n)].width = _width(column, exhibit)
    sheet.freeze_panes = f"A{len(about) + 3}"
    writer = _Writer(sheet)
    for n, line in enumerate(about):
        writer.row(line, bold=n == 0)
    writer.row()
    writer.row(*(heading(c) for c in columns), bold=True)
    formats = [_format(column) for column in columns]
    for row in exhibit.table.rows:
        writer.row(*(row.get(column.key) for column in columns), formats=formats)


def _letter(n: int) -> str:
    from openpyxl.utils import get_column_letter

    letter: str = get_column_letter(n + 1)
    return letter


def _width(column: Column, exhibit: Exhibit) -> float:
    """So wide that the head and most values fit."""
    texts = [heading(column)]
    if column.kind == "text":
        texts += [str(row.get(column.key) or "") for row in exhibit.table.rows]
    return min(max(_NARROWEST, *map(len, texts)), _WIDEST) + 2


def _format(column: Column) -> str:
    """How a number shows; it has its full precision all the same."""
    if column.kind == "year":
        return "0"
    if column.kind == "text":
        return "General"
    decimals = "." + "0" * column.digits if column.digits > 0 else ""
    return ("0" if column.kind == "date" else "#,##0") + decimals


def _settled(book: Any, made: datetime) -> bytes:
    """The file with the time of the edition wherever the library would put that of the clock."""
    from openpyxl.writer.excel import ExcelWriter

    draft = BytesIO()
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:
        ExcelWriter(book, archive).save()
    stamp = made.replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")
    done = BytesIO()
    with zipfile.ZipFile(draft) as before, zipfile.ZipFile(done, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # named, since it is the machine's otherwise
            after.writestr(entry, content)
    return done.getvalue()
