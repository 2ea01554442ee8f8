"""Paths over a few columns, each named at both ends: two columns make slopes, more a bump chart.

Columns stand at equal distances, whatever lies between them; a path has a mark in each column that
it has a value for, and is broken where it has none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from pipeline.report import palette
from pipeline.report.charts.canvas import Align, Canvas, Tick
from pipeline.report.charts.scale import NARROW, WIDE, Frame, frame
from pipeline.report.charts.spread import spread
from pipeline.report.charts.text import widest, width
from pipeline.report.content import Chart, Hover

_SIZE: Final = 11.5
_GAP: Final = 14.0
_ROOMY: Final = 1.5
"""A chart is so many times as high as its names at least."""
_LEADER: Final = 16.0
_BOTTOM: Final = 26.0
_APART: Final = 8.0
"""Least white between two headings."""


@dataclass(frozen=True)
class Heading:
    """What stands below a column, and what of it where there is less room."""

    text: str
    short: str = ""


@dataclass(frozen=True)
class Stop:
    """A value in a column and how it reads."""

    y: float
    text: str


@dataclass(frozen=True)
class Slope:
    """A path with its name: a stop or nothing for each column.

    A dotted one joins what cannot be compared.
    """

    label: str
    colour: str
    stops: tuple[Stop | None, ...]
    dotted: bool = False
    end: str = ""
    """After the name at the right, in the place of the last stop's text."""


@dataclass(frozen=True)
class SlopeChart:
    """Paths over columns. ``y`` is the domain from below to above; of ranks it falls."""

    columns: tuple[Heading, ...]
    slopes: tuple[Slope, ...]
    y: tuple[float, float]
    height: float = 360

    def render(self) -> Chart:
        """Both pictures and the stops of the tooltip, one a column."""
        wide, narrow = self._frame(narrow=False), self._frame(narrow=True)
        return Chart(
            self._draw(wide, narrow=False).svg(),
            self._draw(narrow, narrow=True).svg(),
            tuple(
                Hover(
                    heading.text,
                    round(wide.left + wide.x.px(n), 2),
                    round(narrow.left + narrow.x.px(n), 2),
                    self._hover_lines(n),
                )
                for n, heading in enumerate(self.columns)
            ),
        )

    def _frame(self, *, narrow: bool) -> Frame:
        names = [
            widest([_name(s, right=right, narrow=narrow) for s in self.slopes], _SIZE)
            for right in (False, True)
        ]
        left, right = (n + _LEADER + 8 if n else 40 for n in names)
        height = max(self.height, _ROOMY * _GAP * len(self.slopes))
        return frame(
            size=(NARROW if narrow else WIDE, height),
            margins=(left, right, 12, _BOTTOM),
            x=(0, max(len(self.columns) - 1, 1)),
            y=self.y,
        )

    def _draw(self, place: Frame, *, narrow: bool) -> Canvas:
        canvas = Canvas(place)
        if not self.slopes:
            return canvas
        canvas.axes(_headings(self.columns, place), x_grid=True, x_line=False)
        for dotted in (False, True):
            canvas.lines(
                [
                    {"x": x, "y": stop.y, "key": f"{n}-{m}", "colour": slope.colour}
                    for n, slope in enumerate(self.slopes)
                    if slope.dotted == dotted
                    for m, run in enumerate(_runs(slope))
                    for x, stop in run
                ],
                dash=(1, 4) if dotted else (),
            )
        canvas.dots(
            [
                {"x": x, "y": stop.y, "colour": slope.colour}
                for slope in self.slopes
                for x, stop in _placed(slope)
            ],
            diameter=8,
        )
        for right in (False, True):
            self._name_ends(canvas, right=right, narrow=narrow)
        return canvas

    def _name_ends(self, canvas: Canvas, *, right: bool, narrow: bool) -> None:
        place = canvas.frame
        column = place.plot_width + _LEADER if right else -_LEADER
        ends = [(s, *_placed(s)[-1 if right else 0]) for s in self.slopes if _placed(s)]
        # A path that begins or ends further in is named where it does, if at all, at the right.
        at_edge = [e for e in ends if right or e[1] == 0]
        put = spread([place.y.px(stop.y) for _, _, stop in at_edge], _GAP, 0, place.plot_height)
        canvas.rules(
            [
                {
                    "x": x, "y": stop.y,
                    "x2": place.x.at(column - 2 if right else column + 2), "y2": place.y.at(y),
                    "colour": slope.colour if x in (0, len(self.columns) - 1) else palette.SOFT,
                }
                for (slope, x, stop), y in zip(at_edge, put, strict=True)
            ],
            width=0.75,
        )  # fmt: skip
        align: Align = "left" if right else "right"
        canvas.texts(
            [
                {
                    "x": place.x.at(column + (1 if right else -1)), "y": place.y.at(y),
                    "text": _name(slope, right=right, narrow=narrow), "colour": slope.colour,
                }
                for (slope, _, _), y in zip(at_edge, put, strict=True)
            ],
            size=_SIZE,
            strong=True,
            align=align,
        )  # fmt: skip

    def _hover_lines(self, column: int) -> tuple[tuple[str, str, str], ...]:
        found = [
            (stop.y, slope.label, stop.text, slope.colour)
            for slope in self.slopes
            for x, stop in _placed(slope)
            if x == column
        ]
        above = -1 if self.y[1] > self.y[0] else 1
        return tuple(
            (label, text, colour)
            for _, label, text, colour in sorted(found, key=lambda f: (above * f[0], f[1]))
        )


def _placed(slope: Slope) -> list[tuple[int, Stop]]:
    """The stops that there are, with their columns."""
    return [(x, stop) for x, stop in enumerate(slope.stops) if stop is not None]


def _runs(slope: Slope) -> list[list[tuple[int, Stop]]]:
    """Stretches of stops in neighbouring columns."""
    runs: list[list[tuple[int, Stop]]] = []
    for x, stop in _placed(slope):
        if runs and runs[-1][-1][0] == x - 1:
            runs[-1].append((x, stop))
        else:
            runs.append([(x, stop)])
    return [run for run in runs if len(run) > 1]


def _name(slope: Slope, *, right: bool, narrow: bool) -> str:
    """What stands at an end: at the left of a narrow picture the value alone."""
    placed = _placed(slope)
    if not placed:
        return ""
    if right:
        return f"{slope.label} {slope.end or placed[-1][1].text}"
    first = placed[0][1].text if placed[0][0] == 0 else ""
    return first if narrow or not first else f"{slope.label} {first}"


def _headings(columns: Sequence[Heading], place: Frame) -> list[Tick]:
    """Every heading where there is room, else in short those that fit, the last and first before
    all others."""
    step = place.plot_width / max(len(columns) - 1, 1)
    whole = [c.text for c in columns]
    told = whole if _fits(whole, step) else [c.short or c.text for c in columns]
    kept: list[int] = []
    for n in dict.fromkeys((len(columns) - 1, 0, *range(len(columns)))):
        apart = (abs(n - m) * step - (width(told[n], 11) + width(told[m], 11)) / 2 for m in kept)
        if min(apart, default=_APART) >= _APART:
            kept.append(n)
    return [Tick(n, told[n]) for n in sorted(kept)]


def _fits(texts: Sequence[str], step: float) -> bool:
    """Whether texts in the middle of columns leave room between all of them."""
    halves = [width(text, 11) / 2 for text in texts]
    return all(one + other + _APART <= step for one, other in pairwise(halves))
