"""Rows of marks over one axis, each with the range that it may lie in and a text at its end.

A row may stand under the heading of a group, and may have no mark (then its text says why). A
reference is a vertical line over all rows; the legend names the colours of the marks.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipeline.report import palette
from pipeline.report.charts import legend
from pipeline.report.charts.bars import Reference
from pipeline.report.charts.canvas import Canvas, Tick
from pipeline.report.charts.legend import Key
from pipeline.report.charts.scale import NARROW, WIDE, Frame, frame
from pipeline.report.charts.text import fitting, widest
from pipeline.report.content import Chart

_SIZE: Final = 12.0
_ROW: Final = 24.0
_GROUP: Final = 24.0
_AXIS: Final = 26.0
_REFERENCE: Final = 24.0


@dataclass(frozen=True)
class Mark:
    """A value of a row. A ``hollow`` one is what the others are compared with."""

    value: float
    colour: str
    hollow: bool = False


@dataclass(frozen=True)
class RangeRow:
    """One row: its marks, the range around them, and a text in the column at the right."""

    label: str
    colour: str
    marks: tuple[Mark, ...] = ()
    span: tuple[float, float] | None = None
    text: str = ""
    short: str = ""
    """Name on a narrow chart, where it is another."""
    short_text: str = ""
    group: str = ""


@dataclass(frozen=True)
class RangeChart:
    """Rows top to bottom over the domain ``x``; rows of one group follow each other."""

    rows: tuple[RangeRow, ...]
    x: tuple[float, float]
    ticks: tuple[Tick, ...]
    log: bool = False
    reference: Reference | None = None
    legend: tuple[Key, ...] = ()

    def render(self) -> Chart:
        """Both pictures; the table says what a tooltip would."""
        return Chart(self._draw(narrow=False).svg(), self._draw(narrow=True).svg())

    def _frame(self, *, narrow: bool) -> Frame:
        total = NARROW if narrow else WIDE
        names = widest([_name(row, narrow=narrow) for row in self.rows], _SIZE)
        texts = widest([_text(row, narrow=narrow) for row in self.rows if row.marks], _SIZE)
        top = legend.height(self.legend, total) + (_REFERENCE if self.reference else 6)
        tall = self._rows_height()
        return frame(
            size=(total, top + tall + _AXIS),
            margins=(names + 16, max(texts + 14, 18), top, _AXIS),
            x=self.x,
            y=(tall, 0),
            log_x=self.log,
        )

    def _rows_height(self) -> float:
        groups = len({row.group for row in self.rows if row.group})
        return len(self.rows) * _ROW + groups * _GROUP

    def _levels(self) -> Mapping[int, float]:
        """Middle line of each row in pixels, by position."""
        levels: dict[int, float] = {}
        top, group = 0.0, ""
        for n, row in enumerate(self.rows):
            if row.group and row.group != group:
                top += _GROUP
            group = row.group
            levels[n] = top + _ROW / 2
            top += _ROW
        return levels

    def _draw(self, *, narrow: bool) -> Canvas:
        place = self._frame(narrow=narrow)
        canvas = Canvas(place)
        if not self.rows:
            return canvas
        levels = self._levels()
        canvas.axes(_thinned(self.ticks, place), x_grid=True, x_line=False)
        canvas.rules(
            [
                _across(place.x.low, place.x.high, levels[n], palette.GRID)
                for n in range(len(self.rows))
            ]
        )
        if self.reference:
            self._draw_reference(canvas, self.reference)
        canvas.rules(
            [
                _across(*row.span, levels[n], palette.SOFT)
                for n, row in enumerate(self.rows)
                if row.span
            ],
            width=6,
        )
        for hollow in (False, True):
            canvas.dots(
                [
                    {"x": mark.value, "y": levels[n], "colour": mark.colour}
                    for n, row in enumerate(self.rows)
                    for mark in row.marks
                    if mark.hollow == hollow
                ],
                diameter=8 if hollow else 9.5,
                hollow=hollow,
            )
        self._draw_names(canvas, levels, narrow=narrow)
        self._draw_texts(canvas, levels, narrow=narrow)
        legend.draw(canvas, self.legend)
        return canvas

    def _draw_names(self, canvas: Canvas, levels: Mapping[int, float], *, narrow: bool) -> None:
        left = canvas.frame.x.at(-canvas.frame.left)
        canvas.texts(
            [
                {"x": left, "y": levels[n], "text": _name(row, narrow=narrow), "colour": row.colour}
                for n, row in enumerate(self.rows)
            ],
            size=_SIZE,
        )
        first = {row.group: n for n, row in reversed(list(enumerate(self.rows))) if row.group}
        canvas.texts(
            [
                {"x": left, "y": levels[n] - _ROW / 2 - 9, "text": group, "colour": palette.MUTED}
                for group, n in first.items()
            ],
            size=11.5,
            strong=True,
        )

    def _draw_texts(self, canvas: Canvas, levels: Mapping[int, float], *, narrow: bool) -> None:
        place = canvas.frame
        canvas.texts(
            [
                {
                    "x": place.x.at(place.plot_width + 12), "y": levels[n],
                    "text": _text(row, narrow=narrow), "colour": row.colour,
                }
                for n, row in enumerate(self.rows)
                if row.marks
            ],
            size=_SIZE,
            strong=True,
        )  # fmt: skip
        bare = [(n, row) for n, row in enumerate(self.rows) if not row.marks]
        start = self._start_of_texts(place, [row.text for _, row in bare])
        canvas.texts(
            [
                {
                    "x": place.x.at(start), "y": levels[n], "colour": palette.MUTED,
                    "text": fitting(
                        (row.text, row.short_text or row.text),
                        place.plot_width + place.right - start - 2, 11,
                    ),
                }
                for n, row in bare
            ],
        )  # fmt: skip

    def _start_of_texts(self, place: Frame, texts: list[str]) -> float:
        """Where texts in the place of marks begin, in pixels: left, or right of the reference line
        where one would cross it."""
        if not self.reference:
            return 6
        line, room = place.x.px(self.reference.value), widest(texts, 11)
        crosses = 6 + room >= line - 4
        return line + 8 if crosses and line + 8 + room < place.plot_width + place.right else 6

    def _draw_reference(self, canvas: Canvas, reference: Reference) -> None:
        place = canvas.frame
        canvas.rules(
            [
                {
                    "x": reference.value, "x2": reference.value, "y": 0, "y2": place.y.low,
                    "colour": palette.INK,
                }
            ],
            width=1.2, dash=(3, 3),
        )  # fmt: skip
        canvas.above_line(reference.value, reference.text)


def _across(start: float, end: float, y: float, colour: str) -> dict[str, object]:
    return {"x": start, "x2": end, "y": y, "y2": y, "colour": colour}


def _name(row: RangeRow, *, narrow: bool) -> str:
    return row.short if narrow and row.short else row.label


def _text(row: RangeRow, *, narrow: bool) -> str:
    return row.short_text if narrow and row.short_text else row.text


def _thinned(ticks: tuple[Tick, ...], place: Frame) -> tuple[Tick, ...]:
    """Every tick, or every second, third … one where their texts would touch."""
    needed = widest([t.text for t in ticks], 11) + 8
    steps = (ticks[::n] for n in range(1, len(ticks)))
    return next((some for some in steps if _apart(some, place) > needed), ticks[:1])


def _apart(ticks: tuple[Tick, ...], place: Frame) -> float:
    """Pixels between the two nearest ticks."""
    at = [place.x.px(t.value) for t in ticks]
    return min((after - before for before, after in pairwise(at)), default=math.inf)
