"""Rows of bars in parts: how long the whole is, and what it is made of.

Every row begins at 0; its text at the end says the whole, and where asked what of it matters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from pipeline.report import palette
from pipeline.report.charts import legend
from pipeline.report.charts.canvas import Canvas
from pipeline.report.charts.legend import Key
from pipeline.report.charts.scale import NARROW, WIDE, Frame, frame
from pipeline.report.charts.text import fitting, widest
from pipeline.report.content import Chart

_SIZE: Final = 12.0
_ROW: Final = 26.0
_BAR: Final = 16.0
_BELOW: Final = 4.0
_MOST_NAME: Final = 0.42
"""Names take at most this part of the picture, in their shorter form if need be."""


@dataclass(frozen=True)
class StackRow:
    """One row: its parts in the order of the keys, none below 0, and the text at its end."""

    label: str
    parts: tuple[float, ...]
    text: str
    short: str = ""
    """Name where there is less room, if it is another."""
    short_text: str = ""


@dataclass(frozen=True)
class StackChart:
    """Rows in the given order from one line at 0; there is no axis, as each row says its value."""

    rows: tuple[StackRow, ...]
    keys: tuple[Key, ...]

    def render(self) -> Chart:
        """Both pictures; the table says what a tooltip would."""
        return Chart(self._draw(narrow=False).svg(), self._draw(narrow=True).svg())

    def _frame(self, *, narrow: bool) -> Frame:
        total = NARROW if narrow else WIDE
        names = widest([self._name(row, narrow=narrow) for row in self.rows], _SIZE)
        texts = widest([_text(row, narrow=narrow) for row in self.rows], _SIZE)
        tall = _ROW * len(self.rows)
        top = legend.height(self.keys, total) + 6
        longest = max((sum(row.parts) for row in self.rows), default=0.0)
        return frame(
            size=(total, top + max(tall, _ROW) + _BELOW),
            margins=(names + 14, texts + 14, top, _BELOW),
            x=(0, longest or 1.0),
            y=(max(tall, _ROW), 0),
        )

    def _name(self, row: StackRow, *, narrow: bool) -> str:
        room = _MOST_NAME * (NARROW if narrow else WIDE)
        return fitting((row.label, row.short or row.label), room, _SIZE)

    def _draw(self, *, narrow: bool) -> Canvas:
        place = self._frame(narrow=narrow)
        canvas = Canvas(place)
        if not self.rows:
            return canvas
        canvas.boxes(
            [
                {
                    "x": start, "x2": end, "y": _level(n) - _BAR / 2, "y2": _level(n) + _BAR / 2,
                    "colour": key.colour,
                }
                for n, row in enumerate(self.rows)
                for key, (start, end) in zip(self.keys, _spans(row.parts), strict=True)
                if end > start
            ]
        )  # fmt: skip
        canvas.texts(
            [
                {
                    "x": place.x.at(-place.left), "y": _level(n),
                    "text": self._name(row, narrow=narrow), "colour": palette.INK,
                }
                for n, row in enumerate(self.rows)
            ],
            size=_SIZE,
        )  # fmt: skip
        canvas.texts(
            [
                {
                    "x": place.x.at(place.x.px(sum(row.parts)) + 6), "y": _level(n),
                    "text": _text(row, narrow=narrow), "colour": palette.INK,
                }
                for n, row in enumerate(self.rows)
            ],
            size=_SIZE,
            strong=True,
        )  # fmt: skip
        canvas.rules(
            [{"x": 0, "x2": 0, "y": 0, "y2": _ROW * len(self.rows), "colour": palette.AXIS}]
        )
        legend.draw(canvas, self.keys)
        return canvas


def _level(row: int) -> float:
    """Middle line of a row in pixels."""
    return (row + 0.5) * _ROW


def _spans(parts: Sequence[float]) -> list[tuple[float, float]]:
    """Where each part begins and ends."""
    ends = list(accumulate(parts))
    return list(zip([0.0, *ends[:-1]], ends, strict=True))


def _text(row: StackRow, *, narrow: bool) -> str:
    return row.short_text if narrow and row.short_text else row.text
