"""Small multiples: one panel a state, all over the same axes, so that shapes can be compared.

A panel holds paths, and a fan where what comes is not known: the band between the lowest and the
highest of what may be, with each possibility as a thin path. Levels and deadlines run through all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.report import palette
from pipeline.report.charts import legend
from pipeline.report.charts.canvas import Align, Canvas, Row, Tick
from pipeline.report.charts.legend import Key
from pipeline.report.charts.lines import Join, Point, runs
from pipeline.report.charts.scale import NARROW, WIDE, Scale, frame
from pipeline.report.charts.spread import spread
from pipeline.report.charts.text import widest
from pipeline.report.content import Chart

_TITLE: Final = 20.0
_BELOW: Final = 22.0
_BETWEEN: Final = 12.0
_LEFT: Final = 6.0
_SIZE: Final = 10.5
_NOTE: Final = 18.0


@dataclass(frozen=True)
class Trace:
    """A path through (x, y); ``end`` stands where it ends. A dotted one is not comparable."""

    colour: str
    points: tuple[tuple[float, float], ...]
    end: str = ""
    thin: bool = False
    dotted: bool = False


def traced(points: Sequence[Point], colour: str, end: str = "") -> tuple[Trace, ...]:
    """A path with its gaps and what cannot be compared, as traces; the last value is marked."""
    joins: tuple[Join, ...] = ("solid", "dotted")
    found = tuple(
        Trace(colour, tuple((p.x, p.y) for p in run), dotted=join == "dotted")
        for join in joins
        for run in runs(points, join)
    )
    last = tuple((p.x, p.y) for p in points[-1:])
    return (*found, Trace(colour, last, end)) if last else ()


@dataclass(frozen=True)
class Fan:
    """A band: x with its lowest and highest value."""

    bounds: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Panel:
    """A state with its paths, and a fan or none."""

    title: str
    colour: str
    traces: tuple[Trace, ...]
    fan: Fan | None = None
    note: str = ""
    """At the lower right within the panel."""


@dataclass(frozen=True)
class PanelChart:
    """Panels in the given order, row by row, over the domains ``x`` and ``y``."""

    panels: tuple[Panel, ...]
    x: tuple[float, float]
    y: tuple[float, float]
    x_ticks: tuple[Tick, Tick]
    """The two ends of the axis."""
    y_ticks: tuple[Tick, ...]
    across: tuple[int, int]
    """Panels in a row of the wide and of the narrow picture."""
    tall: float = 96
    keys: tuple[Key, ...] = ()
    level: float | None = None
    """A dashed line across every panel, as ``deadline`` from below to above."""
    deadline: float | None = None

    def render(self) -> Chart:
        """Both pictures; the table says what a tooltip would."""
        return Chart(self._draw(narrow=False).svg(), self._draw(narrow=True).svg())

    def _draw(self, *, narrow: bool) -> Canvas:
        total = NARROW if narrow else WIDE
        columns = max(1, min(self.across[narrow], len(self.panels)))
        rows = -(-len(self.panels) // columns)
        top = legend.height(self.keys, total)
        height = top + rows * (_TITLE + self.tall + _BELOW)
        whole = frame(
            size=(total, max(height, 40)), margins=(0, 0, 0, 0), x=(0, total),
            y=(max(height, 40), 0),
        )  # fmt: skip
        canvas = Canvas(whole)
        axis = widest([t.text for t in self.y_ticks], _SIZE) + _LEFT
        room = (total - axis - (columns - 1) * _BETWEEN) / columns
        ends = widest([t.end for p in self.panels for t in p.traces], _SIZE)
        places = [
            _Place(
                self,
                panel,
                left=axis + (n % columns) * (room + _BETWEEN),
                top=top + (n // columns) * (_TITLE + self.tall + _BELOW) + _TITLE,
                width=room,
                ends=ends + 8 if ends else 4,
                first=n % columns == 0,
            )
            for n, panel in enumerate(self.panels)
        ]
        _draw_grids(canvas, places)
        canvas.areas([row for place in places for row in place.band()])
        for thin, dotted in ((True, False), (False, False), (False, True)):
            canvas.lines(
                [row for place in places for row in place.paths(thin=thin, dotted=dotted)],
                width=1.2 if thin else 2,
                dash=(1, 3) if dotted else (),
            )
        canvas.dots([row for place in places for row in place.dots()], diameter=5.5)
        canvas.texts([row for place in places for row in place.end_texts()], size=_SIZE,
                     strong=True)  # fmt: skip
        canvas.texts([row for place in places for row in place.titles()], size=12, strong=True)
        canvas.texts([row for place in places for row in place.notes()], size=_SIZE,
                     align="right")  # fmt: skip
        legend.draw(canvas, self.keys)
        return canvas


@dataclass(frozen=True)
class _Place:
    """Where a panel stands in the picture, in pixels from its upper left corner."""

    chart: PanelChart
    panel: Panel
    left: float
    top: float
    width: float
    ends: float
    """Room for the texts at the ends of paths."""
    first: bool
    """Whether it begins a row, where the vertical axis is named."""

    @property
    def right(self) -> float:
        return self.left + self.width - self.ends

    @property
    def bottom(self) -> float:
        return self.top + self.chart.tall

    @property
    def x(self) -> Scale:
        return Scale(*self.chart.x, self.left, self.right)

    @property
    def y(self) -> Scale:
        return Scale(*self.chart.y, self.bottom, self.top)

    def band(self) -> list[Row]:
        if self.panel.fan is None:
            return []
        return [
            {
                "x": self.x.px(x), "y": self.y.px(low), "y2": self.y.px(high),
                "key": self.panel.title, "colour": palette.GRID,
            }
            for x, low, high in self.panel.fan.bounds
        ]  # fmt: skip

    def paths(self, *, thin: bool, dotted: bool) -> list[Row]:
        return [
            {
                "x": self.x.px(x), "y": self.y.px(y), "key": f"{self.panel.title} {n}",
                "colour": trace.colour,
            }
            for n, trace in enumerate(self.panel.traces)
            if (trace.thin, trace.dotted) == (thin, dotted) and len(trace.points) > 1
            for x, y in trace.points
        ]  # fmt: skip

    def dots(self) -> list[Row]:
        """Where a path ends that says so, or has no second point."""
        return [
            {"x": self.x.px(x), "y": self.y.px(y), "colour": trace.colour}
            for trace in self.panel.traces
            if trace.points and (trace.end or len(trace.points) == 1)
            for x, y in trace.points[-1:]
        ]

    def end_texts(self) -> list[Row]:
        named = [t for t in self.panel.traces if t.end and t.points]
        wanted = [self.y.px(t.points[-1][1]) for t in named]
        put = spread(wanted, 12, self.top, self.bottom)
        return [
            {"x": self.right + 6, "y": y, "text": trace.end, "colour": trace.colour}
            for trace, y in zip(named, put, strict=True)
        ]

    def titles(self) -> list[Row]:
        at = {"x": self.left, "y": self.top - 11}
        return [{**at, "text": self.panel.title, "colour": self.panel.colour}]

    def notes(self) -> list[Row]:
        if not self.panel.note:
            return []
        at = {"x": self.right - 3, "y": self.bottom - 9}
        return [{**at, "text": self.panel.note, "colour": palette.MUTED}]


def _draw_grids(canvas: Canvas, places: Sequence[_Place]) -> None:
    """Level lines of every panel, the years below it, the values beside the first of a row."""
    canvas.rules(
        [
            _stroke(p.left, p.right, y, y, palette.GRID if t.value else palette.AXIS)
            for p in places
            for t in p.chart.y_ticks
            for y in [p.y.px(t.value)]
        ]
    )
    for across in (True, False):
        canvas.rules([row for p in places for row in _limits(p, across=across)], dash=(3, 3))
    canvas.texts(
        [
            {
                "x": p.left - _LEFT, "y": p.y.px(t.value), "text": t.text,
                "colour": palette.MUTED,
            }
            for p in places if p.first
            for t in p.chart.y_ticks
        ],
        size=_SIZE, align="right",
    )  # fmt: skip
    sides: tuple[Align, Align] = ("left", "right")
    for align, at in zip(sides, (0, -1), strict=True):
        canvas.texts(
            [
                {
                    "x": p.x.px(tick.value), "y": p.bottom + 10, "text": tick.text,
                    "colour": palette.MUTED,
                }
                for p in places
                for tick in [p.chart.x_ticks[at]]
            ],
            size=_SIZE, align=align,
        )  # fmt: skip


def _limits(place: _Place, *, across: bool) -> list[Row]:
    chart = place.chart
    if across and chart.level is not None:
        y = place.y.px(chart.level)
        return [_stroke(place.left, place.right, y, y, palette.INK)]
    if not across and chart.deadline is not None:
        x = place.x.px(chart.deadline)
        # A note stands at the foot, where the line would run through it.
        end = place.bottom - (_NOTE if place.panel.note else 0)
        return [_stroke(x, x, place.top, end, palette.INK)]
    return []


def _stroke(x: float, x2: float, y: float, y2: float, colour: str) -> Row:
    return {"x": x, "x2": x2, "y": y, "y2": y2, "colour": colour}
