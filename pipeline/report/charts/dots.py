"""Rows of many dots over one axis, with a vertical line to compare them with."""

from dataclasses import dataclass
from typing import Final

from pipeline.report import palette
from pipeline.report.charts.canvas import Canvas, Tick
from pipeline.report.charts.scale import NARROW, WIDE, Frame, frame
from pipeline.report.charts.text import widest
from pipeline.report.content import Chart

_ROW: Final = 20.0
_SIZE: Final = 11.5


@dataclass(frozen=True)
class Dot:
    """A value in a row; a ``strong`` one is the finding, the others its context."""

    value: float
    strong: bool = False


@dataclass(frozen=True)
class DotRow:
    label: str
    short: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class DotPlot:
    """Rows top to bottom. ``line`` is the value all are compared with, ``line_text`` its name."""

    rows: tuple[DotRow, ...]
    ticks: tuple[Tick, ...]
    line: float
    line_text: str

    def render(self) -> Chart:
        return Chart(self._draw(narrow=False).svg(), self._draw(narrow=True).svg())

    def _frame(self, *, narrow: bool) -> Frame:
        names = widest([r.short if narrow else r.label for r in self.rows], _SIZE)
        values = [d.value for r in self.rows for d in r.dots] + [t.value for t in self.ticks]
        return frame(
            size=(NARROW if narrow else WIDE, max(len(self.rows), 1) * _ROW + 52),
            margins=(names + 14, 14, 26, 26),
            x=(min([0.0, *values]), max([self.line * 1.25, *values])),
            y=(len(self.rows) or 1, 0),
        )

    def _draw(self, *, narrow: bool) -> Canvas:
        place = self._frame(narrow=narrow)
        canvas = Canvas(place)
        if not self.rows:
            return canvas
        step = 2 if narrow else 1
        canvas.axes(self.ticks[::step], x_grid=True, x_line=False)
        end = len(self.rows)
        canvas.rules(
            [
                {
                    "x": 0, "x2": place.x.high, "y": n + 0.5, "y2": n + 0.5,
                    "colour": palette.GRID,
                }
                for n in range(end)
            ]
        )  # fmt: skip
        line = {"x": self.line, "x2": self.line, "y": 0, "y2": end, "colour": palette.INK}
        canvas.rules([line], width=1.2, dash=(3, 3))
        for strong in (False, True):
            canvas.dots(
                [
                    {
                        "x": d.value, "y": n + 0.5,
                        "colour": palette.SECOND if strong else palette.AXIS,
                    }
                    for n, row in enumerate(self.rows)
                    for d in row.dots
                    if d.strong == strong
                ],
                diameter=9 if strong else 7,
            )  # fmt: skip
        self._draw_texts(canvas, narrow=narrow)
        return canvas

    def _draw_texts(self, canvas: Canvas, *, narrow: bool) -> None:
        place = canvas.frame
        canvas.texts(
            [
                {
                    "x": place.x.at(-place.left), "y": n + 0.5,
                    "text": row.short if narrow else row.label, "colour": palette.INK,
                }
                for n, row in enumerate(self.rows)
            ],
            size=_SIZE,
        )  # fmt: skip
        canvas.above_line(self.line, self.line_text, height=12)
