"""A grid of cells, rows by columns, each filled by its class and marked by a short text."""

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
        side = (total - names) / max(len(self.columns), 1)
        groups = len(dict.fromkeys(r.group for r in self.rows))
        legend = 44 if narrow else 30
        tall = _HEAD + groups * _GROUP + len(self.rows) * self.row + legend
        place = frame(size=(total, tall), margins=(0, 0, 0, 0), x=(0, total), y=(tall, 0))
        canvas = Canvas(place)
        self._draw_heads(canvas, names, side)
        levels = self._levels()
        self._draw_cells(canvas, levels, names, side)
        self._draw_labels(canvas, levels, names, label_size)
        draw_legend(canvas, self.legend, 0, tall - legend + 12)
        return canvas

    def _levels(self) -> Mapping[int, float]:
        """Top of each row, by position; a new group leaves room for its heading."""
        levels: dict[int, float] = {}
        top, group = _HEAD, None
        for n, row in enumerate(self.rows):
            if row.group != group:
                top, group = top + _GROUP, row.group
            levels[n] = top
            top += self.row
        return levels

    def _draw_heads(self, canvas: Canvas, names: float, side: float) -> None:
        canvas.texts(
            [
                {"x": names + (n + 0.5) * side, "y": _HEAD / 2, "text": code, "colour": colour}
                for n, (code, colour) in enumerate(self.columns)
            ],
            size=11 if side > 24 else 8.5,
            align="center",
            strong=True,
        )

    def _draw_cells(
        self, canvas: Canvas, levels: Mapping[int, float], names: float, side: float
    ) -> None:
        placed: list[tuple[Cell, float, float]] = [
            (cell, names + k * side, levels[n])
            for n, row in enumerate(self.rows)
            for k, cell in enumerate(row.cells)
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
        texts: list[dict[str, Any]] = [
            {"x": x + side / 2, "y": y + self.row / 2, "text": cell.text, "colour": cell.ink}
            for cell, x, y in placed
            if cell.text and width(cell.text, 10) < side - 4
        ]
        canvas.texts(texts, size=10, align="center")

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
