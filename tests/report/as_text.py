"""What a report says and draws as lines of text that a reviewer can compare.

Every field of the content model is shown, also one that is new, but for those that say nothing
("", None, empty). Numbers have ten significant digits: arithmetic on another processor may differ
in the last ones. Of a hash the first eight are shown, and of a chart the texts: its marks stand in
the snapshots of charts.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from pipeline.report.content import Cell, Chart, Hover, Origin, Report, Source, Span, Table
from tests.report.placed_texts import ReadSvg

SVG: Final = "{http://www.w3.org/2000/svg}"
IN_A_LINE: Final = (Cell, Origin, Source)
"""Parts that are read as one statement."""
HASH: Final = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{4,}\b")


# --- the content model


def report_lines(report: Report) -> str:
    """A line a statement: field and text, nested as the model is."""
    return "\n".join(_object(report, 0)) + "\n"


def _object(value: object, depth: int) -> Iterator[str]:
    """The fields of a dataclass that say something."""
    if not is_dataclass(value):
        raise TypeError(f"{value!r}: expected a part of the content model")
    for part in fields(value):
        found = getattr(value, part.name)
        if found not in ("", None, (), {}):
            yield from _field(part.name, found, depth)


def _field(name: str, value: object, depth: int) -> Iterator[str]:
    before = "  " * depth + name
    if isinstance(value, Table):
        yield from _table(name, value, depth)
    elif isinstance(value, Chart):
        yield from _chart(name, value, depth)
    elif name == "svg" and isinstance(value, str):
        yield f"{before}: {_drawn(value)}"
    elif isinstance(value, Mapping):
        yield from (f"{before} {key}: {_plain(of)}" for key, of in value.items())
    elif isinstance(value, IN_A_LINE):
        said = ((part.name, getattr(value, part.name)) for part in fields(value))
        yield f"{before}: " + "; ".join(f"{key} {_plain(of)}" for key, of in said)
    elif is_dataclass(value):
        yield f"{before} {type(value).__name__}"
        yield from _object(value, depth + 1)
    elif isinstance(value, tuple) and not _in_a_line(value):
        for item in value:
            yield from _field(name, item, depth)
    else:
        yield f"{before}: {_plain(value)}"


def _in_a_line(value: tuple[object, ...]) -> bool:
    """Whether a tuple is read as one statement: prose, or texts and numbers."""
    return all(isinstance(item, Span | str | int | float | None) for item in value)


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        prose = all(isinstance(item, Span) for item in value)
        return ("" if prose else " | ").join(_plain(item) for item in value)
    if isinstance(value, Span):
        named = " ".join(filter(None, (value.kind, value.target)))
        return value.text if value.kind == "text" else f"[{named}: {value.text}]"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, date):
        return value.isoformat()
    return HASH.sub(r"\1…", str(value).replace("\n", "\\n"))


def _table(name: str, table: Table, depth: int) -> Iterator[str]:
    inside = "  " * (depth + 1)
    yield "  " * depth + name
    for column in table.columns:
        unit = f" ({column.unit})" if column.unit else ""
        digits = f", digits {column.digits}" if column.kind == "number" else ""
        yield f"{inside}column {column.key}: {column.label}{unit}, {column.kind}{digits}"
    for row in table.rows:
        yield f"{inside}row " + " | ".join(f"{key}={_plain(of)}" for key, of in row.items())


def _chart(name: str, chart: Chart, depth: int) -> Iterator[str]:
    inside = "  " * (depth + 1)
    yield "  " * depth + name
    yield f"{inside}wide: {_drawn(chart.wide)}"
    yield f"{inside}narrow: {_drawn(chart.narrow)}"
    yield from (f"{inside}{stop}" for stop in hover_lines(chart.hover))


def _drawn(svg: str) -> str:
    read = ReadSvg(svg)
    texts = " | ".join(placed.text for placed in read.texts())
    return f"{read.width:g} × {read.height:g}: {texts}"


def hover_lines(hover: tuple[Hover, ...]) -> Iterator[str]:
    """The stops of a tooltip, a line each."""
    for stop in hover:
        said = "; ".join(f"{label} {text} {colour}" for label, text, colour in stop.lines)
        yield f"stop {stop.label} at {stop.x_wide:g}, {stop.x_narrow:g}: {said}"


# --- pictures


def svg_lines(svg: str) -> str:
    """The picture with a line for each element; attributes in their order, numbers as they are."""
    return "\n".join(_element(ET.fromstring(svg), 0)) + "\n"


def _element(element: ET.Element, depth: int) -> Iterator[str]:
    before, tag = "  " * depth, element.tag.removeprefix(SVG)
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in element.attrib.items())
    if depth == 0:
        attributes = f' xmlns="{SVG[1:-1]}"' + attributes
    text = escape((element.text or "").strip())
    if len(element):
        yield f"{before}<{tag}{attributes}>{text}"
        for part in element:
            yield from _element(part, depth + 1)
        yield f"{before}</{tag}>"
    else:
        yield (
            f"{before}<{tag}{attributes}>{text}</{tag}>"
            if text
            else f"{before}<{tag}{attributes}/>"
        )
