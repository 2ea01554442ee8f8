"""One of every kind of chart, from made-up figures: what the tests of charts and pictures look at.

Also the awkward ones: without anything to draw, with one point, with more than there is room for.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any, Final, Protocol

from pipeline import rounding
from pipeline.language import language_of, speaking
from pipeline.report import palette
from pipeline.report.charts.bars import Bar, BarChart, Reference
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.dots import Dot, DotPlot, DotRow
from pipeline.report.charts.heatmap import Cell, Heatmap, HeatRow
from pipeline.report.charts.legend import Key
from pipeline.report.charts.lines import Line, LineChart, Point, Strip
from pipeline.report.charts.panels import Fan, Panel, PanelChart, Trace, traced
from pipeline.report.charts.ranges import Mark, RangeChart, RangeRow
from pipeline.report.charts.slopes import Heading, Slope, SlopeChart, Stop
from pipeline.report.charts.stacks import StackChart, StackRow
from pipeline.report.charts.tiles import Tile, TileMap
from pipeline.report.content import Chart

RED, BLUE = "#B3262E", "#1F5FA8"
TICKS = (Tick(0, "0"), Tick(50, "50"), Tick(100, "100 %"))


class Drawable(Protocol):
    """A chart that is described and not drawn yet."""

    def render(self) -> Chart: ...


def line(key: str, *values: float, start: int = 2000, **fields: Any) -> Line:
    points = tuple(Point(start + n, v, f"{v}") for n, v in enumerate(values))
    return Line(key, f"State {key}", RED, points, "42", **fields)


def line_chart(*lines: Line, **fields: Any) -> LineChart:
    return LineChart(lines, (0, 100), TICKS, **fields)


CHARTS: Final[Mapping[str, Drawable]] = {
    "lines": line_chart(
        line("a", 10, 50, 90), line("b", 12, 52, 91), strip=Strip("gap", {2000: "2"})
    ),
    "no lines": line_chart(),
    "one point": line_chart(line("a", 10)),
    "lines of all joins": line_chart(
        Line(
            "a", "State a", RED,
            (
                Point(2000, 10, "10"), Point(2001, 20, "20", "dotted"), Point(2002, 30, "30"),
                Point(2006, 55, "55", "open"), Point(2007, 60, "60", marked=True),
            ),
        ),
    ),
    "lines over days": line_chart(
        Line(
            "a", "State a", BLUE,
            tuple(
                Point(date(year, 5, 1).toordinal(), value, f"{value}")
                for year, value in ((2023, 20.0), (2024, 60.0), (2026, 40.0))
            ),
        ),
        days=True,
    ),
    "bars": BarChart(
        (
            Bar("Up", RED, 3.0, "+3.00"),
            Bar("Down", BLUE, -2.0, "−2.00"),
            Bar("Nothing", BLUE, None, "–", reason="no value"),
        )
    ),
    "dots in rows": BarChart(
        (Bar("Without A", RED, 0.02, "0.02"), Bar("Without B", BLUE, 0.9, "0.90")),
        "dot",
        Reference(0.8, "all: 0.80"),
    ),
    "ceilings": BarChart((Bar("Totals", BLUE, 1.2, "1.20 of 2.08", ceiling=2.08),)),
    "bars over ticks": BarChart((Bar("Up", RED, 3.0, "3"),), ticks=(Tick(0, "0"), Tick(4, "4"))),
    "no bars": BarChart(()),
    "tiles": TileMap(
        (Tile("A", "Aland", 0, 0, 4, "91 %", "2024"), Tile("B", "Bland", 2, 1, None, "–", "")),
        ("under 50 %", "50 to 65", "65 to 80", "80 to 90", "90 and more"),
        "no recent value",
    ),
    "heat map": Heatmap(
        (("A", RED), ("B", BLUE)),
        (HeatRow("Row", "Group", (Cell(palette.SEQUENCE[0], "2024"), Cell(palette.NOTHING))),),
        ((palette.SEQUENCE[0], "new"), (palette.NOTHING, "never")),
    ),
    "many columns": Heatmap(
        tuple((f"{chr(65 + n)}WM", RED) for n in range(26)),
        (HeatRow("Row", "Group", tuple(Cell(palette.SEQUENCE[0], "100") for _ in range(26))),),
        ((palette.SEQUENCE[0], "new"),),
    ),
    "many lines": line_chart(*(line(f"{n:02}", 50, 90 + n / 10) for n in range(27))),
    "ranges": RangeChart(
        (
            RangeRow("On the way", RED, (Mark(2029.0, RED),), (2028.0, 2030.0), "2029"),
            RangeRow("There", BLUE, text="100.0 % in 2024"),
        ),
        (2024.0, 2056.0), (Tick(2025, "2025"), Tick(2055, "2055")),
        reference=Reference(2027.0, "2027"),
    ),
    "ranges of amounts": RangeChart(
        (RangeRow("State", RED, (Mark(500.0, RED),), None, "US$500"),),
        (150.0, 250_000.0),
        tuple(Tick(v, f"US${v:,}") for v in (1_000, 10_000, 100_000)), log=True,
    ),
    "ranges in groups": RangeChart(
        (
            RangeRow("One", RED, (Mark(20.0, RED), Mark(40.0, RED, hollow=True)), None, "20",
                     group="North"),
            RangeRow("Two", BLUE, (Mark(60.0, BLUE),), (50.0, 70.0), "60", group="South"),
        ),
        (0.0, 100.0), TICKS, legend=(Key(RED, "now"), Key(RED, "before", hollow=True)),
    ),
    "slopes": SlopeChart(
        (Heading("2010"), Heading("Newest")),
        (
            Slope("Up", RED, (Stop(6.6, "6.6"), Stop(36.2, "36.2"))),
            Slope("Level", BLUE, (Stop(46.3, "46.3"), Stop(48.2, "48.2")), end="48.2 (2021)"),
            Slope("Not comparable", RED, (Stop(5.3, "5.3"), Stop(7.0, "7.0")), dotted=True),
            Slope("New", BLUE, (None, Stop(7.5, "7.5"))),
            Slope("Gone", RED, (Stop(20.0, "20.0"), None)),
            Slope("Never", RED, (None, None)),
        ),
        (0, 50),
    ),
    "places": SlopeChart(
        tuple(Heading(f"{n + 1} November 2024", f"2024-11-{n + 1:02}") for n in range(7)),
        tuple(
            Slope(f"State {name}", colour, tuple(Stop(r, str(r)) if r else None for r in ranks))
            for name, colour, ranks in (
                ("a", RED, (3, 3, 2, 2, 2, 2, 1)), ("b", BLUE, (1, 1, 1, 1, 1, 1, 2)),
                ("c", "#2F7A4B", (2, 2, 3, None, 3, 3, 3)),
            )
        ),
        (3.5, 0.5), height=160,
    ),
    "no slopes": SlopeChart((Heading("2010"), Heading("2020")), (), (0, 1)),
    "stacks": StackChart(
        (
            StackRow("Servers", (0.1, 0.75, 0.02), "0.87 (12 %)"),
            StackRow("A name for which a narrow picture has no room", (0.0, 0.01, 0.0), "0.01",
                     "A shorter name"),
        ),
        (Key(BLUE, "between groups"), Key(RED, "within one"), Key("#2F7A4B", "within others")),
    ),
    "no stacks": StackChart((), ()),
    "panels": PanelChart(
        tuple(
            Panel(
                name, RED,
                (
                    Trace(BLUE, ((2024, 62), (2030, 85), (2040, 100)), thin=True),
                    Trace("#2F7A4B", ((2024, 60), (2030, 70), (2040, 90)), thin=True),
                    *traced(
                        (Point(2010, 10, ""), Point(2018, 30, ""), Point(2020, 45, "", "dotted"),
                         Point(2024, 60, "")),
                        RED,
                    ),
                ),
                Fan(((2024, 60, 60), (2030, 70, 85), (2040, 90, 100))), "2031–2040",
            )
            for name in ("One", "Two", "Three", "Four")
        ),
        (2010, 2040), (0, 100), (Tick(2010, "2010"), Tick(2040, "2040")), TICKS, (3, 2),
        keys=(Key(BLUE, "a line"), Key("#2F7A4B", "a curve")), level=90, deadline=2030,
    ),
    "panels with ends": PanelChart(
        tuple(
            Panel(name, RED, (*traced((Point(2000, 5, ""), Point(2024, high, "")), BLUE, str(high)),
                              *traced((Point(2024, 3, ""),), RED, "3")))
            for name, high in (("One", 80), ("Two", 3))
        ),
        (2000, 2024), (0, 100), (Tick(2000, "2000"), Tick(2024, "2024")), TICKS, (5, 3),
    ),
    "no panels": PanelChart((), (0, 1), (0, 1), (Tick(0, "0"), Tick(1, "1")), (), (3, 2)),
    "dot plot": DotPlot(
        (DotRow("Theil T: totals", "T", (Dot(0.5), Dot(0.77, strong=True))),),
        (Tick(0, "0"), Tick(1, "1")), 0.77, "the article: 0.77",
    ),
}  # fmt: skip


@cache
def drawn(name: str) -> Chart:
    """A chart of ``CHARTS`` as it is drawn, once for all who look at it."""
    return CHARTS[name].render()


# --- the same in the languages of the report: their letters have other widths

_NAMES: Final = {
    "en": ("Kyrgyzstan", "Uzbekistan", "no value"),
    "ru": ("Киргизия", "Узбекистан", "нет данных"),
    "zh": ("吉尔吉斯斯坦", "乌兹别克斯坦", "无数据"),
}
LANGUAGES: Final = tuple(_NAMES)


def _paths(names: tuple[str, str, str]) -> LineChart:
    """Over days, so that the axis and the tooltip say dates."""
    days = tuple(date(2026, month, 1).toordinal() for month in (2, 3, 5))
    return LineChart(
        tuple(
            Line(name, name, colour, tuple(
                Point(day, value + shift, rounding.text(value + shift, 1))
                for day, value in zip(days, (1200.5, 1400.25, 1300.125), strict=True)
            ), rounding.text(1300.125 + shift, 1))
            for name, colour, shift in ((names[0], RED, 0.0), (names[1], BLUE, 20.0))
        ),
        (1000, 1500), (Tick(1000, rounding.text(1000, 0)), Tick(1500, rounding.text(1500, 0))),
        days=True,
    )  # fmt: skip


def _bars(names: tuple[str, str, str]) -> BarChart:
    return BarChart(
        (
            Bar(names[0], RED, 1234.5, rounding.text(1234.5, 1, sign=True)),
            Bar(names[1], BLUE, None, rounding.NO_VALUE, reason=names[2]),
        )
    )


def _tiles(names: tuple[str, str, str]) -> TileMap:
    return TileMap(
        (
            Tile("KGZ", names[0], 0, 0, 1, rounding.text(91.5, 1), "2024"),
            Tile("UZB", names[1], 1, 0, None, rounding.NO_VALUE, names[2]),
        ),
        (names[0], names[1]),
        names[2],
    )


SPOKEN: Final[Mapping[str, Callable[[tuple[str, str, str]], Drawable]]] = {
    "paths": _paths,
    "bars": _bars,
    "tiles": _tiles,
}


@cache
def spoken(name: str, language: str) -> Chart:
    """A chart of ``SPOKEN`` with names, numbers and dates in a language."""
    with speaking(language_of(language)):
        return SPOKEN[name](_NAMES[language]).render()
