"""A grid of cells, rows by columns, each filled by its class and marked by a short text.

Columns that have no room beside one another stand in several panels below one another.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipeline.report import palette
from pipeline.report.charts.canvas import Canvas
from pipeline.report.charts.scale import NARROW, WIDE, frame
from pipeline.report.charts.text import widest, width
from pipeline.report.charts.tiles import draw_legend
from pipeline.report.content import Chart

_HEAD: Final = 24.0
_GROUP: Final = 20.0
_BETWEEN: Final = 12.0
"""Pixels between two panels."""
_NARROWEST: Final = 16.0
"""Pixels that a column needs for its code."""
_MANY: Final = 12
_WIDE_CELL: Final = 24.0
"""Where more columns than so many are narrower than so many pixels, texts are smaller."""


@dataclass(frozen=True)
class Cell:
    """``fill`` is a colour of the palette; ``text`` stands in the cell where it has room."""

    fill: str
    text: str = ""
    ink: str = palette.ON_LIGHT_TILE


@dataclass(frozen=True)
class HeatRow:
    label: str
    group: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Heatmap:
    """Rows under the headings of their groups (rows of one group follow each other)."""

    columns: tuple[tuple[str, str], ...]
    """Code and colour of each column."""
    rows: tuple[HeatRow, ...]
    legend: tuple[tuple[str, str], ...]
    row: float = 15.5
    """Height of a row in pixels."""

    def render(self) -> Chart:
        return Chart(self._draw(narrow=False).svg(), self._draw(narrow=True).svg())

    def _draw(self, *, narrow: bool) -> Canvas:
        total = NARROW if narrow else WIDE
        label_size = 10.0 if narrow else 11.5
        names = min(widest([r.label for r in self.rows], label_size), total * 0.46) + 8
        panels = self._panels(total - names)
        side = (total - names) / max(len(panels[0]), 1)
        groups = len(dict.fromkeys(r.group for r in self.rows))
        legend = 44 if narrow else 30
        each = _HEAD + groups * _GROUP + len(self.rows) * self.row
        tall = len(panels) * (each + _BETWEEN) - _BETWEEN + legend
        place = frame(size=(total, tall), margins=(0, 0, 0, 0), x=(0, total), y=(tall, 0))
        canvas = Canvas(place)
        for n, shown in enumerate(panels):
            top = n * (each + _BETWEEN)
            levels = self._levels(top)
            self._draw_heads(canvas, top, shown, names, side)
            self._draw_cells(canvas, levels, shown, names, side)
            self._draw_labels(canvas, levels, names, label_size)
        draw_legend(canvas, self.legend, 0, tall - legend + 12)
        return canvas

    def _panels(self, room: float) -> list[range]:
        """Positions of the columns by panel: as few panels as there is room for, filled alike."""
        count = len(self.columns)
        panels = max(math.ceil(count / max(int(room // _NARROWEST), 1)), 1)
        size = math.ceil(count / panels)
        return [range(n * size, min((n + 1) * size, count)) for n in range(panels)]

    def _levels(self, start: float) -> Mapping[int, float]:
        """Top of each row, by position; a new group leaves room for its heading."""
        levels: dict[int, float] = {}
        top, group = start + _HEAD, None
        for n, row in enumerate(self.rows):
            if row.group != group:
                top, group = top + _GROUP, row.group
            levels[n] = top
            top += self.row
        return levels

    def _draw_heads(
        self, canvas: Canvas, top: float, shown: range, names: float, side: float
    ) -> None:
        heads = [self.columns[k] for k in shown]
        canvas.texts(
            [
                {
                    "x": names + (n + 0.5) * side,
                    "y": top + _HEAD / 2,
                    "text": code,
                    "colour": colour,
                }
                for n, (code, colour) in enumerate(heads)
            ],
            size=11 if side > 24 else 8.5,
            align="center",
            strong=True,
        )

    def _draw_cells(
        self,
        canvas: Canvas,
        levels: Mapping[int, float],
        shown: range,
        names: float,
        side: float,
    ) -> None:
        placed: list[tuple[Cell, float, float]] = [
            (row.cells[k], names + (k - shown.start) * side, levels[n])
            for n, row in enumerate(self.rows)
            for k in shown
        ]
        canvas.boxes(
            [
                {
                    "x": x + 1, "x2": x + side - 1, "y": y + 1, "y2": y + self.row - 1,
                    "colour": cell.fill,
                }
                for cell, x, y in placed
            ],
            corner=1.5,
        )  # fmt: skip
        size = 8.5 if len(self.columns) > _MANY and side < _WIDE_CELL else 10
        texts: list[dict[str, Any]] = [
            {"x": x + side / 2, "y": y + self.row / 2, "text": cell.text, "colour": cell.ink}
            for cell, x, y in placed
            if cell.text and width(cell.text, size) < side - 4
        ]
        canvas.texts(texts, size=size, align="center")

    def _draw_labels(
        self, canvas: Canvas, levels: Mapping[int, float], names: float, size: float
    ) -> None:
        canvas.texts(
            [
                {
                    "x": 0, "y": levels[n] + self.row / 2,
                    "text": _shortened(row.label, names - 8, size), "colour": palette.INK,
                }
                for n, row in enumerate(self.rows)
            ],
            size=size,
        )  # fmt: skip
        first = {row.group: n for n, row in reversed(list(enumerate(self.rows)))}
        canvas.texts(
            [
                {"x": 0, "y": levels[n] - 8, "text": group, "colour": palette.MUTED}
                for group, n in first.items()
            ],
            size=size,
            strong=True,
        )


def _shortened(text: str, room: float, size: float) -> str:
    """The text, cut at a word and marked by an ellipsis where it is too long."""
    if width(text, size) <= room + 0.01:
        return text
    words = text.split(" ")
    while len(words) > 1 and width(" ".join(words) + "…", size) > room:
        words.pop()
    return " ".join(words) + "…"
