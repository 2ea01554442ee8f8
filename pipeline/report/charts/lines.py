"""Paths over years or days with their names at their ends, moved apart, and tooltip stops.

A path may be joined, dotted (not comparable, or an estimate) or open (no value between); nothing
is drawn where nothing was published.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final, Literal

from pipeline.report import palette
from pipeline.report.charts.canvas import Canvas, Tick
from pipeline.report.charts.scale import NARROW, WIDE, Frame, frame, year_ticks
from pipeline.report.charts.spread import spread
from pipeline.report.charts.text import widest, width
from pipeline.report.content import Chart, Hover
from pipeline.report.words import day, month

Join = Literal["solid", "dotted", "open"]
_LABEL_SIZE: Final = 11.5
_LABEL_GAP: Final = 14.0
_LEADER: Final = 16.0
_ROOMY: Final = 1.4
"""A chart is so many times as high as the names of its lines at least."""


@dataclass(frozen=True)
class Point:
    """A value of a path. ``join`` says how it hangs on the one before; ``text`` how it reads; a
    ``marked`` one is ringed."""

    x: int
    y: float
    text: str
    join: Join = "solid"
    marked: bool = False


@dataclass(frozen=True)
class Line:
    """A path with its name; ``end`` stands after the name where the path ends."""

    key: str
    label: str
    colour: str
    points: tuple[Point, ...]
    end: str = ""
    short: str = ""
    """Name on a narrow chart, where it is another."""


@dataclass(frozen=True)
class Strip:
    """A row of texts under the years: a second measure that is read and not drawn."""

    title: str
    texts: Mapping[int, str]


@dataclass(frozen=True)
class LineChart:
    """Paths on common axes. ``y`` is the domain, ``y_ticks`` its labelled values.

    With ``days`` x counts days (``date.toordinal``) and a path goes level from one to the next:
    what was said on a day holds until something else is said.
    """

    lines: tuple[Line, ...]
    y: tuple[float, float]
    y_ticks: tuple[Tick, ...]
    log: bool = False
    height: tuple[float, float] = (380, 400)
    """Of the wide and of the narrow picture."""
    strip: Strip | None = None
    narrow_ticks: tuple[Tick, ...] = field(default=())
    days: bool = False

    def render(self) -> Chart:
        """Both pictures and the stops of the tooltip."""
        wide, narrow = self._frame(narrow=False), self._frame(narrow=True)
        return Chart(
            self._draw(wide, narrow=False).svg(),
            self._draw(narrow, narrow=True).svg(),
            self._hover(wide, narrow),
        )

    def small(self) -> str:
        """The narrow picture alone, for where no other has room."""
        return self._draw(self._frame(narrow=True), narrow=True).svg()

    def _years(self) -> tuple[int, int]:
        years = [p.x for line in self.lines for p in line.points]
        return (min(years), max(years)) if years else (0, 1)

    def _frame(self, *, narrow: bool) -> Frame:
        first, last = self._years()
        names = [_name(line, narrow=narrow) for line in self._shown()]
        right = widest(names, _LABEL_SIZE) + _LEADER + 8 if names else 16
        left = widest([t.text for t in self._y_ticks(narrow=narrow)], 11) + 10
        return frame(
            size=(NARROW if narrow else WIDE, self._height(len(names), narrow=narrow)),
            margins=(max(left, 18), right, 12, 52 if self.strip else 26),
            x=(first, max(last, first + 1)),
            y=self.y,
            log_y=self.log,
        )

    def _height(self, names: int, *, narrow: bool) -> float:
        """As given, or more where many names at the ends of lines would push each other away."""
        return max(self.height[narrow], _ROOMY * _LABEL_GAP * names)

    def _shown(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.points)

    def _y_ticks(self, *, narrow: bool) -> tuple[Tick, ...]:
        return self.narrow_ticks if narrow and self.narrow_ticks else self.y_ticks

    def _draw(self, place: Frame, *, narrow: bool) -> Canvas:
        canvas = Canvas(place)
        first, last = self._years()
        if not self._shown():
            return canvas
        about = max(2, int(place.plot_width // 50))
        years = () if self.days else year_ticks(first, last, about)
        ticks = [Tick(y, str(y)) for y in years] or _day_ticks(first, last, about)
        canvas.axes(ticks, self._y_ticks(narrow=narrow))
        dashes: dict[Join, tuple[int, ...]] = {"solid": (), "dotted": (1, 4)}
        for join, dash in dashes.items():
            rows = [
                {"x": p.x, "y": p.y, "key": f"{line.key}-{n}", "colour": line.colour}
                for line in self._shown()
                for n, run in enumerate(runs(line.points, join))
                for p in (_stepped(run) if self.days else run)
            ]
            canvas.lines(rows, dash=dash)
        canvas.dots(
            [
                {"x": p.x, "y": p.y, "colour": line.colour}
                for line in self._shown()
                for p in _alone(line.points)
            ],
            diameter=5,
        )
        canvas.dots(
            [
                {"x": p.x, "y": p.y, "colour": line.colour}
                for line in self._shown()
                for p in line.points
                if p.marked
            ],
            diameter=9,
            hollow=True,
        )
        self._label_ends(canvas, narrow=narrow)
        if self.strip:
            _draw_strip(canvas, self.strip, years)
        return canvas

    def _label_ends(self, canvas: Canvas, *, narrow: bool) -> None:
        place, shown = canvas.frame, self._shown()
        wanted = [place.y.px(line.points[-1].y) for line in shown]
        put = spread(wanted, _LABEL_GAP, 0, place.plot_height)
        column = place.plot_width + _LEADER
        canvas.rules(
            [
                {
                    "x": line.points[-1].x, "y": line.points[-1].y,
                    "x2": place.x.at(column - 2), "y2": place.y.at(y),
                    "colour": _leader_colour(line, place),
                }
                for line, y in zip(shown, put, strict=True)
            ],
            width=0.75,
        )  # fmt: skip
        canvas.dots(
            [{"x": ln.points[-1].x, "y": ln.points[-1].y, "colour": ln.colour} for ln in shown]
        )
        canvas.texts(
            [
                {
                    "x": place.x.at(column + 1), "y": place.y.at(y),
                    "text": _name(line, narrow=narrow), "colour": line.colour,
                }
                for line, y in zip(shown, put, strict=True)
            ],
            size=_LABEL_SIZE,
            strong=True,
        )  # fmt: skip

    def _hover(self, wide: Frame, narrow: Frame) -> tuple[Hover, ...]:
        years = sorted({p.x for line in self.lines for p in line.points})
        return tuple(
            Hover(
                day(date.fromordinal(year)) if self.days else str(year),
                round(wide.left + wide.x.px(year), 2),
                round(narrow.left + narrow.x.px(year), 2),
                self._hover_lines(year),
            )
            for year in years
        )

    def _hover_lines(self, year: int) -> tuple[tuple[str, str, str], ...]:
        found = [(p.y, ln.label, p.text, ln.colour) for ln in self.lines for p in ln.points
                 if p.x == year]  # fmt: skip
        lines = [
            (label, text, colour)
            for _, label, text, colour in sorted(found, key=lambda f: (-f[0], f[1]))
        ]
        if self.strip and year in self.strip.texts:
            lines.append((self.strip.title, self.strip.texts[year], palette.MUTED))
        return tuple(lines)


def _day_ticks(first: int, last: int, about: int) -> list[Tick]:
    """The beginnings of years between two days; where there are not two, the days' months."""
    years = range(date.fromordinal(first).year + 1, date.fromordinal(last).year + 1)
    if len(years) < 2:
        return [Tick(x, month(date.fromordinal(x))) for x in (first, last)]
    shown = year_ticks(years[0], years[-1], about)
    return [Tick(date(year, 1, 1).toordinal(), str(year)) for year in shown]


def _stepped(run: Sequence[Point]) -> list[Point]:
    """The corners of a path that goes level up to each next value."""
    corners = [Point(after.x, before.y, before.text) for before, after in pairwise(run)]
    return [p for pair in zip(run, corners, strict=False) for p in pair] + [run[-1]]


def _leader_colour(line: Line, place: Frame) -> str:
    """That of the path; of a long leader a pale one, so that it is not read as the path."""
    length = place.plot_width - place.x.px(line.points[-1].x)
    return line.colour if length < 2 * _LEADER else palette.SOFT


def _name(line: Line, *, narrow: bool) -> str:
    name = line.short if narrow and line.short else line.label
    return f"{name} {line.end}".strip()


def runs(points: Sequence[Point], join: Join) -> list[list[Point]]:
    """Stretches of points that hang together by ``join``."""
    found: list[list[Point]] = []
    for before, point in pairwise(points):
        if point.join != join:
            continue
        if found and found[-1][-1] == before:
            found[-1].append(point)
        else:
            found.append([before, point])
    return found


def _alone(points: Sequence[Point]) -> list[Point]:
    """Points that no stroke touches; the last one has its own mark."""
    following = [*(p.join for p in points[1:]), "open"]
    return [
        p
        for p, after in zip(points[:-1], following, strict=False)
        if (p.join == "open" or p is points[0]) and after == "open"
    ]


def _draw_strip(canvas: Canvas, strip: Strip, years: Sequence[int]) -> None:
    place = canvas.frame
    below = place.y.at(place.plot_height + 42)
    canvas.texts(
        [
            {"x": year, "y": below, "text": strip.texts[year], "colour": palette.INK}
            for year in years
            if year in strip.texts
        ],
        align="center",
        strong=True,
    )
    room = place.width - place.plot_width - place.left
    if width(strip.title, 11) < room:
        canvas.texts(
            [
                {
                    "x": place.x.at(place.plot_width + _LEADER + 1), "y": below,
                    "text": strip.title, "colour": palette.MUTED,
                }
            ],
        )  # fmt: skip
