"""A tile for each state, whatever its size, roughly where it lies; no border is drawn.

The fill says the class of the value, the tile says name, value and year.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.report import palette
from pipeline.report.charts.canvas import Canvas
from pipeline.report.charts.scale import NARROW, WIDE, Frame, frame
from pipeline.report.charts.text import width
from pipeline.report.content import Chart

_LEGEND: Final = 44


@dataclass(frozen=True)
class Tile:
    """A state at (column, row). ``level`` is its class from 0, or None for no recent value."""

    code: str
    label: str
    column: int
    row: int
    level: int | None
    value: str
    small: str


@dataclass(frozen=True)
class TileMap:
    """Tiles and their classes; ``classes`` names them from low to high, at most five."""

    tiles: tuple[Tile, ...]
    classes: tuple[str, ...]
    missing: str

    def render(self) -> Chart:
        """Both pictures; tiles carry their values, so that there is nothing to hover for."""
        return Chart(self._draw(narrow=False).svg(), self._draw(narrow=True).svg())

    def _draw(self, *, narrow: bool) -> Canvas:
        total = NARROW if narrow else WIDE
        columns = max((t.column for t in self.tiles), default=0) + 1
        rows = max((t.row for t in self.tiles), default=0) + 1
        gap = 4.0 if narrow else 6.0
        side = min((total + gap) / columns - gap, 104.0)
        tall = min(side, 46.0 if narrow else 64.0)
        place = _pixels(total, rows * (tall + gap) + _LEGEND)
        canvas = Canvas(place)
        shift = 0.0 if narrow else (total - columns * (side + gap) + gap) / 2
        placed = [(t, shift + t.column * (side + gap), t.row * (tall + gap)) for t in self.tiles]
        canvas.boxes([_box(x, y, side, tall, self._fill(t)) for t, x, y in placed], corner=3)
        self._draw_texts(canvas, placed, side, tall, narrow=narrow)
        self._draw_legend(canvas, rows * (tall + gap) + 14, shift)
        return canvas

    def _fill(self, tile: Tile) -> str:
        return palette.NO_RECENT if tile.level is None else self._colour(tile.level)

    def _colour(self, level: int) -> str:
        """Classes spread over the sequence from its light to its dark end."""
        last = len(palette.SEQUENCE) - 1
        steps = max(len(self.classes) - 1, 1)
        return palette.SEQUENCE[min(round(level * last / steps), last)]

    def _draw_texts(self, canvas: Canvas, placed: Sequence[tuple[Tile, float, float]],
                    side: float, tall: float, *, narrow: bool) -> None:  # fmt: skip
        inset = 4.0 if narrow else 10.0
        room = side - inset - 2
        name_size = _size_that_fits([t.label for t, _, _ in placed], room, 11 if narrow else 12.5)
        value_size = 14.0 if narrow else 19.0
        for strong, size, part, level in (
            (True, name_size, "label", 0.27),
            (True, value_size, "value", 0.68),
        ):
            canvas.texts(
                [
                    {
                        "x": x + inset, "y": y + tall * level,
                        "text": _fitted(t, part, room, size),
                        "colour": self._ink(t),
                    }
                    for t, x, y in placed
                ],
                size=size,
                strong=strong,
            )  # fmt: skip
        canvas.texts(
            [
                {
                    "x": x + side - inset, "y": y + tall * 0.7,
                    "text": t.small, "colour": self._ink(t),
                }
                for t, x, y in placed
                if width(t.value, value_size) + width(t.small, 11) + 2 * inset + 3 < side
            ],
            size=11,
            align="right",
        )  # fmt: skip

    def _ink(self, tile: Tile) -> str:
        if tile.level is None:
            return palette.INK
        dark = self._colour(tile.level) in palette.SEQUENCE[3:]
        return palette.ON_DARK_TILE if dark else palette.ON_LIGHT_TILE

    def _draw_legend(self, canvas: Canvas, y: float, shift: float) -> None:
        entries = [(self._colour(n), name) for n, name in enumerate(self.classes)]
        if any(t.level is None for t in self.tiles):
            entries.append((palette.NO_RECENT, self.missing))
        draw_legend(canvas, entries, shift, y)


def draw_legend(canvas: Canvas, entries: Sequence[tuple[str, str]], x: float, y: float) -> None:
    """Swatches with their names in rows from ``x``, ``y`` of a canvas in pixels."""
    boxes, texts = [], []
    start, right = x, canvas.frame.width
    for colour, name in entries:
        needed = 12 + 5 + width(name, 11)
        if x > start and x + needed > right:
            x, y = start, y + 18
        boxes.append(_box(x, y, 12, 12, colour))
        texts.append({"x": x + 17, "y": y + 6, "text": name, "colour": palette.MUTED})
        x += needed + 14
    canvas.boxes(boxes, corner=2)
    canvas.texts(texts)


def _pixels(wide: float, tall: float) -> Frame:
    return frame(size=(wide, tall), margins=(0, 0, 0, 0), x=(0, wide), y=(tall, 0))


def _box(x: float, y: float, wide: float, tall: float, colour: str) -> dict[str, Any]:
    return {"x": x, "x2": x + wide, "y": y, "y2": y + tall, "colour": colour}


def _size_that_fits(names: Sequence[str], room: float, size: float) -> float:
    """The largest size, from ``size`` down to 9, at which all names fit; else ``size``."""
    steps = [size - 0.5 * n for n in range(int((size - 9) * 2) + 1)]
    return next((s for s in steps if all(width(n, s) <= room for n in names)), size)


def _fitted(tile: Tile, part: str, room: float, size: float) -> str:
    """The text, or the state's code where its name is wider than the tile."""
    text: str = tile.label if part == "label" else tile.value
    return text if part == "value" or width(text, size) <= room else tile.code
