"""A canvas: marks and labels laid over each other in one frame, rendered to SVG once.

Every layer is an Altair chart over the same two scales; sizes and margins are fixed, so nothing
depends on which fonts a machine has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal

from pipeline.report import palette
from pipeline.report.charts.drawing import drawn
from pipeline.report.charts.scale import Frame, Scale
from pipeline.report.charts.text import width

FONT: Final = '"SCO Sans", sans-serif'
Row = Mapping[str, Any]
Align = Literal["left", "center", "right"]
_CONFIG: Final[dict[str, Any]] = {
    "aria": False,  # what a chart says to those who cannot see it stands beside it
    "background": None,
    "font": FONT,
    "view": {"stroke": None, "fill": None},
    "axis": {
        "labelFont": FONT,
        "labelColor": palette.MUTED,
        "labelFontSize": 11,
        "gridColor": palette.GRID,
        "domainColor": palette.AXIS,
        "tickColor": palette.AXIS,
        "title": None,
        "labelOverlap": False,
        "labelLimit": 0,
        "labelFlush": False,
    },
    "text": {"font": FONT, "limit": 0},
}


def _told(part: str, *names: str, **said: Any) -> dict[str, Any]:
    """What Altair calls ``part``, for Vega-Lite, which checks it when the chart is drawn."""
    import altair as alt  # takes a third of a second, and a run may have nothing to draw
    from altair.utils.schemapi import debug_mode

    with debug_mode(False):  # else Altair checks it as well, which takes longer than to draw it
        told: dict[str, Any] = getattr(alt, part)(*names, **said).to_dict(validate=False)
    return told


@cache
def _channel(name: str, column: str) -> dict[str, Any]:
    """A channel that shows a column of a row; a colour is shown as it stands there."""
    return _told(name, column, **({"scale": None} if column == "colour:N" else {}))


def _coloured(channel: str) -> dict[str, Any]:
    return _channel(channel, "colour:N")


def _ends() -> dict[str, Any]:
    """Where a stroke or a box ends that begins at ``x``, ``y``."""
    return {"x2": _channel("X2", "x2:Q"), "y2": _channel("Y2", "y2:Q")}


@dataclass(frozen=True)
class Tick:
    """A value of an axis and the text that stands there."""

    value: float
    text: str


@dataclass(frozen=True)
class Layer:
    """Marks of one kind: their rows, their looks and what of a row they show how."""

    rows: Sequence[Row]
    mark: dict[str, Any]
    encoding: Mapping[str, Any]


@dataclass
class Canvas:
    """Layers in drawing order. Rows carry ``x``, ``y`` (values of the scales) and ``colour``."""

    frame: Frame
    layers: list[Layer] = field(default_factory=list)
    x_axis: dict[str, Any] | None = None
    y_axis: dict[str, Any] | None = None

    def axes(
        self,
        x: Sequence[Tick] | None = None,
        y: Sequence[Tick] | None = None,
        *,
        x_grid: bool = False,
        y_grid: bool = True,
        x_line: bool = True,
    ) -> None:
        """Show an axis with these ticks; ``None`` leaves it out."""
        if x is not None:
            self.x_axis = _told(
                "Axis",
                values=[t.value for t in x], labelExpr=_label_expression(x), grid=x_grid,
                domain=x_line, ticks=x_line, tickSize=4, labelPadding=4, orient="bottom",
            )  # fmt: skip
        if y is not None:
            self.y_axis = _told(
                "Axis",
                values=[t.value for t in y], labelExpr=_label_expression(y), grid=y_grid,
                domain=False, ticks=False, labelPadding=6, orient="left",
            )  # fmt: skip

    def lines(self, rows: Sequence[Row], *, width: float = 2, dash: Sequence[int] = ()) -> None:
        """Lines through rows of one ``key`` each, in the order of x."""
        self._add(
            rows,
            {"type": "line", "strokeWidth": width, "strokeJoin": "round", "strokeCap": "round"}
            | ({"strokeDash": list(dash)} if dash else {}),
            detail=_channel("Detail", "key:N"),
            stroke=_coloured("Stroke"),
        )

    def rules(self, rows: Sequence[Row], *, width: float = 1, dash: Sequence[int] = ()) -> None:
        """Straight strokes from ``x``, ``y`` to ``x2``, ``y2``."""
        self._add(
            rows,
            {"type": "rule", "strokeWidth": width} | ({"strokeDash": list(dash)} if dash else {}),
            stroke=_coloured("Stroke"),
            **_ends(),
        )

    def areas(self, rows: Sequence[Row]) -> None:
        """Filled bands of one ``key`` each, from ``y`` to ``y2`` in the order of x."""
        self._add(
            rows,
            {"type": "area"},
            detail=_channel("Detail", "key:N"),
            fill=_coloured("Fill"),
            y2=_ends()["y2"],
        )

    def boxes(self, rows: Sequence[Row], *, corner: float = 0) -> None:
        """Filled boxes from ``x``, ``y`` to ``x2``, ``y2``."""
        self._add(
            rows,
            {"type": "rect", "cornerRadius": corner, "strokeWidth": 0},
            fill=_coloured("Fill"),
            **_ends(),
        )

    def dots(self, rows: Sequence[Row], *, diameter: float = 7, hollow: bool = False) -> None:
        """Round marks; a hollow one is a ring on the colour of the page."""
        mark: dict[str, Any] = {"type": "circle", "size": 0.785 * diameter**2, "opacity": 1}
        colour: dict[str, Any] = {"stroke": _coloured("Stroke")}
        if hollow:
            mark |= {"fill": palette.HALO, "strokeWidth": 1.6}
        else:
            mark |= {"stroke": palette.HALO, "strokeWidth": 1}
            colour = {"fill": _coloured("Fill")}
        self._add(rows, mark, **colour)

    def texts(self, rows: Sequence[Row], *, size: float = 11, align: Align = "left",
              strong: bool = False) -> None:  # fmt: skip
        """Text with its middle line at y; ``text`` is shown as it is."""
        self._add(
            rows,
            {
                "type": "text", "fontSize": size, "align": align, "baseline": "middle",
                "fontWeight": 600 if strong else 400, "font": FONT,
            },
            text=_channel("Text", "text:N"),
            fill=_coloured("Fill"),
        )  # fmt: skip

    def above_line(self, value: float, text: str, *, height: float = 11) -> None:
        """Text over a vertical line at ``value``, moved in where it would leave the picture."""
        place = self.frame
        half = width(text, 11) / 2
        at = place.x.px(value)
        middle = min(max(at, half - place.left), place.plot_width + place.right - half)
        self.texts(
            [
                {
                    "x": place.x.at(middle), "y": place.y.at(-height),
                    "text": text, "colour": palette.INK,
                }
            ],
            align="center",
        )  # fmt: skip

    def svg(self) -> str:
        """The picture as SVG text, or a promise of it: the same layers, the same bytes."""
        layers = self.layers or [Layer((), {"type": "point"}, {})]
        place = self.frame
        # Altair tells the parts; to have it put charts together costs as much as to draw them.
        places = {
            "x": _told("X", "x:Q", scale=_scale(place.x), axis=self.x_axis),
            "y": _told("Y", "y:Q", scale=_scale(place.y), axis=self.y_axis),
        }
        specification: dict[str, Any] = {
            "$schema": _schema_url(),
            "layer": [
                {
                    "data": {"name": _name(n)},
                    "mark": _told("MarkDef", **layer.mark),
                    "encoding": places | dict(layer.encoding),
                }
                for n, layer in enumerate(layers)
            ],
            "width": place.plot_width,
            "height": place.plot_height,
            "padding": {
                "left": place.left, "right": place.right,
                "top": place.top, "bottom": place.bottom,
            },
            "autosize": "none",
        }  # fmt: skip
        data = {_name(n): [dict(row) for row in layer.rows] for n, layer in enumerate(layers)}
        specification |= {"config": _CONFIG, "datasets": data}
        return drawn(specification)

    def _add(self, rows: Sequence[Row], mark: dict[str, Any], **encoding: Any) -> None:
        if rows:
            self.layers.append(Layer(rows, mark, encoding))


def _schema_url() -> str:
    import altair as alt

    return alt.SCHEMA_URL


def _name(n: int) -> str:
    """Name of the rows of the n-th layer."""
    return f"rows{n}"


def _scale(scale: Scale) -> dict[str, Any]:
    return _told(
        "Scale",
        type="log" if scale.log else "linear",
        domain=[scale.low, scale.high],
        nice=False,
        zero=False,
        clamp=False,
    )


def _label_expression(ticks: Sequence[Tick]) -> str:
    """A Vega expression that looks the text of a tick up, so that Vega formats no number."""
    pairs = ", ".join(f"{_key(t.value)}: {_quoted(t.text)}" for t in ticks)
    return f"({{{pairs}}})[datum.value]"


def _key(value: float) -> str:
    return _quoted(str(int(value)) if float(value).is_integer() else repr(float(value)))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
