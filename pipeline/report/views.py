"""What templates need of exhibits and states beside themselves: cells as text, pictures inline.

Made once a report and shared by the single page and the site. How a page links is its own affair.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from pipeline.errors import ReportError
from pipeline.language import language_of, speaking
from pipeline.report import svg
from pipeline.report.content import Chart, Column, Exhibit, Profile, Report, Table, Value
from pipeline.report.files import exhibit_csv
from pipeline.report.words import cell, heading, label, page_words

_UNSAFE_IN_ADDRESS: Final = {
    ord(sign): f"%{ord(sign):02X}" for sign in (*map(chr, range(33)), *'"#%<>[\\]^`{|}', "\x7f")
}
"""ASCII signs that a URL may not hold; all others may stand in it as they are."""


@dataclass(frozen=True)
class CellView:
    """A cell of a table as it reads."""

    text: str
    kind: str
    raw: str = ""
    """What a number sorts by; empty for text."""
    to: str = ""
    """Where it leads; empty: nowhere."""


@dataclass(frozen=True)
class TableView:
    """A table as it reads, and its values as CSV."""

    headings: tuple[tuple[str, str], ...]
    """Text and kind of each column."""
    rows: tuple[tuple[CellView, ...], ...]
    csv: str


@dataclass(frozen=True)
class ExhibitView:
    """What a template needs of an exhibit beside the exhibit itself."""

    label: str
    table: TableView
    wide: Markup | None
    narrow: Markup | None
    stops: Markup | None


@dataclass(frozen=True)
class Views:
    """The views of a report's exhibits, and the pictures of its profiles, by id."""

    exhibits: Mapping[str, ExhibitView]
    pictures: Mapping[str, Markup]


def views_of(report: Report) -> Views:
    """All views of a report, in its language.

    Raises:
        ReportError: a chart cannot stand in a page; whose it is is named.
    """
    words = page_words(report.language)
    with speaking(language_of(report.language)):
        return Views(
            exhibits={e.id: exhibit_view(e, words) for e in report.exhibits()},
            pictures={p.id: _small(p) for p in report.profiles()},
        )


def exhibit_view(exhibit: Exhibit, words: Mapping[str, str]) -> ExhibitView:
    """The view of one exhibit."""
    chart, whose = exhibit.chart, f"exhibit {exhibit.id}"
    return ExhibitView(
        label=label(exhibit, words),
        table=table_view(exhibit.table, words),
        wide=_picture(chart.wide, whose, exhibit.id, "wide") if chart else None,
        narrow=_picture(chart.narrow, whose, exhibit.id, "narrow") if chart else None,
        stops=json_markup(_stops(chart)) if chart and chart.hover else None,
    )


def table_view(table: Table, words: Mapping[str, str]) -> TableView:
    """The view of a table."""
    columns = table.columns
    return TableView(
        headings=tuple((heading(column), column.kind) for column in columns),
        rows=tuple(
            tuple(_cell(row.get(column.key), column, words) for column in columns)
            for row in table.rows
        ),
        csv=exhibit_csv(table),
    )


def data_uri(csv: str) -> str:
    """CSV as an address that needs no file: readable text, which compresses much better than
    base64."""
    return "data:text/csv;charset=utf-8," + csv.translate(_UNSAFE_IN_ADDRESS)


def json_markup(value: object) -> Markup:
    """JSON that may stand in a script element whatever texts it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, escape)
    return Markup(text)  # noqa: S704 - no sign of markup is left


def _cell(value: Value, column: Column, words: Mapping[str, str]) -> CellView:
    text = cell(value, column, words)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    raw = repr(float(value)) if is_number and value is not None else ""
    return CellView(text, column.kind, raw if raw != text else "")


def _small(profile: Profile) -> Markup:
    """The picture of a profile; nothing where it has none."""
    if profile.picture is None:
        return Markup()
    return _picture(profile.picture.svg, f"profile {profile.id}", profile.id, "single")


def _picture(drawing: str, whose: str, prefix: str, variant: str) -> Markup:
    """A drawing to stand in the page, its ids made its own by ``prefix`` and ``variant``."""
    try:
        inlined = svg.inline(drawing, f"{prefix}-{variant}-", variant)
    except ReportError as error:
        raise ReportError(f"{whose}, {variant}: {error}") from error
    return Markup(inlined)  # noqa: S704 - shapes and text only, serialised by us


def _stops(chart: Chart) -> list[dict[str, Any]]:
    return [
        {"label": stop.label, "x": [stop.x_wide, stop.x_narrow], "lines": stop.lines}
        for stop in chart.hover
    ]
