"""Rows of bars or dots: one value a row, its name to the left, its text where the mark ends.

A row may have a ceiling (how far the measure could go) or no value (then the reason stands
there); a reference is a vertical line over all rows.
"""

from dataclasses import dataclass
from typing import Final, Literal

from pipeline.report import palette
from pipeline.report.charts.canvas import Canvas, Tick
from pipeline.report.charts.scale import NARROW, WIDE, Frame, frame
from pipeline.report.charts.text import widest
from pipeline.report.content import Chart

_SIZE: Final = 12.0
_ROW: Final = 26.0


@dataclass(frozen=True)
class Bar:
    """One row. ``text`` is the value as it reads; ``reason`` stands where there is no value."""

    label: str
    colour: str
    value: float | None
    text: str
    short: str = ""
    ceiling: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Reference:
    """A vertical line with its text above."""

    value: float
    text: str


@dataclass(frozen=True)
class BarChart:
    """Rows in the given order over one axis that starts at 0."""

    bars: tuple[Bar, ...]
    mark: Literal["bar", "dot"] = "bar"
    reference: Reference | None = None
    ticks: tuple[Tick, ...] = ()
    """Vertical grid lines with their text; none where every row says its value."""

    def render(self) -> Chart:
        """Both pictures; the table says what a tooltip would."""
        return Chart(self._draw(narrow=False).svg(), self._draw(narrow=True).svg())

    def _values(self) -> list[float]:
        ends = [b.value for b in self.bars if b.value is not None]
        ends += [b.ceiling for b in self.bars if b.ceiling is not None]
        ends += [t.value for t in self.ticks]
        return [*ends, self.reference.value] if self.reference else ends

    def _frame(self, *, narrow: bool) -> Frame:
        values = self._values()
        low, high = min([0.0, *values]), max([0.0, *values])
        names = widest([_name(bar, narrow=narrow) for bar in self.bars], _SIZE)
        to_the_left = [b.text for b in self.bars if not self._to_the_right(b)]
        to_the_right = [b.text for b in self.bars if self._to_the_right(b)]
        before = widest(to_the_left, _SIZE) + 8 if to_the_left else 0
        return frame(
            size=(NARROW if narrow else WIDE, self._height()),
            margins=(
                names + 12 + before,
                max(widest(to_the_right, _SIZE) + (18 if self.mark == "dot" else 8), 14),
                24 if self.reference else 6,
                24 if self.ticks else 6,
            ),
            x=(low, high if high > low else low + 1),
            y=(len(self.bars) or 1, 0),
        )

    def _height(self) -> float:
        around = (24 if self.reference else 6) + (24 if self.ticks else 6)
        return max(len(self.bars), 1) * _ROW + around

    def _draw(self, *, narrow: bool) -> Canvas:
        place = self._frame(narrow=narrow)
        canvas = Canvas(place)
        if not self.bars:
            return canvas
        if self.ticks:
            canvas.axes(_thinned(self.ticks, place), x_grid=True, x_line=False)
        canvas.rules(
            [_across(0, 0, len(self.bars), palette.AXIS)] if place.x.low <= 0 else [], width=1
        )
        self._draw_ceilings(canvas)
        if self.reference:
            self._draw_reference(canvas, self.reference)
        self._draw_marks(canvas)
        self._draw_texts(canvas, narrow=narrow)
        return canvas

    def _draw_ceilings(self, canvas: Canvas) -> None:
        rows = [(n, b.ceiling) for n, b in enumerate(self.bars) if b.ceiling is not None]
        canvas.rules([_level(0, ceiling, n, palette.SOFT) for n, ceiling in rows], width=2)
        canvas.rules(
            [_across(ceiling, n + 0.28, n + 0.72, palette.AXIS) for n, ceiling in rows], width=2
        )

    def _draw_marks(self, canvas: Canvas) -> None:
        rows = [(n, b, b.value) for n, b in enumerate(self.bars) if b.value is not None]
        if self.mark == "bar":
            canvas.boxes(
                [
                    {"x": 0, "x2": v, "y": n + 0.2, "y2": n + 0.8, "colour": b.colour}
                    for n, b, v in rows
                ],
                corner=1.5,
            )
            return
        start = self.reference.value if self.reference else 0.0
        canvas.rules([_level(start, v, n, palette.SOFT) for n, _, v in rows], width=2)
        canvas.dots([{"x": v, "y": n + 0.5, "colour": b.colour} for n, b, v in rows], diameter=11)

    def _draw_reference(self, canvas: Canvas, reference: Reference) -> None:
        canvas.rules(
            [_across(reference.value, 0, len(self.bars), palette.INK)], width=1.2, dash=(3, 3)
        )
        canvas.above_line(reference.value, reference.text)

    def _draw_texts(self, canvas: Canvas, *, narrow: bool) -> None:
        place = canvas.frame
        canvas.texts(
            [
                {
                    "x": place.x.at(-place.left), "y": n + 0.5,
                    "text": _name(bar, narrow=narrow), "colour": palette.INK,
                }
                for n, bar in enumerate(self.bars)
            ],
            size=_SIZE,
        )  # fmt: skip
        for right in (True, False):
            canvas.texts(
                [
                    self._value_text(place, n, bar, right=right)
                    for n, bar in enumerate(self.bars)
                    if bar.value is not None and self._to_the_right(bar) == right
                ],
                size=_SIZE,
                align="left" if right else "right",
                strong=True,
            )
        canvas.texts(
            [
                {
                    "x": place.x.at(6), "y": n + 0.5,
                    "text": bar.reason,
                    "colour": palette.MUTED,
                }
                for n, bar in enumerate(self.bars)
                if bar.value is None
            ],
        )  # fmt: skip

    def _to_the_right(self, bar: Bar) -> bool:
        return self.mark == "dot" or bar.value is None or bar.value >= 0

    def _value_text(self, place: Frame, n: int, bar: Bar, *, right: bool) -> dict[str, object]:
        end = bar.ceiling if bar.ceiling is not None else bar.value
        px = place.x.px(end or 0.0)
        if self.mark == "dot":
            # Beside the dot a text would lie on its connector: the values form a column.
            px = place.plot_width + 9
        return {
            "x": place.x.at(px + (5 if right else -5)),
            "y": n + 0.5,
            "text": bar.text,
            "colour": bar.colour,
        }


def _name(bar: Bar, *, narrow: bool) -> str:
    return bar.short if narrow and bar.short else bar.label


def _level(start: float, end: float, n: int, colour: str) -> dict[str, object]:
    return {"x": start, "x2": end, "y": n + 0.5, "y2": n + 0.5, "colour": colour}


def _across(x: float, start: float, end: float, colour: str) -> dict[str, object]:
    return {"x": x, "x2": x, "y": start, "y2": end, "colour": colour}


def _thinned(ticks: tuple[Tick, ...], place: Frame) -> tuple[Tick, ...]:
    """Every tick, or every second one where their texts would touch."""
    room = place.plot_width / max(len(ticks) - 1, 1)
    return ticks if widest([t.text for t in ticks], 11) + 10 < room else ticks[::2]
