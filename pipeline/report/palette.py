"""Every colour that a chart may be drawn in, and its counterpart on dark ground.

States take theirs from the catalogue, so that a state has one colour throughout; what is not a
state (axes, totals, classes of a map) is declared here. A renderer recolours by exact value, so a
colour that must not change in dark mode has a value of its own.
"""

from collections.abc import Mapping
from itertools import cycle
from typing import Final

from pipeline.catalog.models import Catalog

INK: Final = "#1B2733"
MUTED: Final = "#5A6875"
GRID: Final = "#DFE4E8"
AXIS: Final = "#8A96A1"
ACCENT: Final = "#1D5DA6"
SECOND: Final = "#B0560B"
THIRD: Final = "#0C7873"
FOURTH: Final = "#6B4EB1"
HALO: Final = "#FEFEFE"
"""Ring around a mark: the colour of the page."""
SOFT: Final = "#C9D3DC"
"""Connectors, ceilings and marks that only give context."""

ON_DARK_TILE: Final = "#FFFFFF"
ON_LIGHT_TILE: Final = "#12202D"
"""Text on a filled tile keeps its colour in dark mode, as the tile does."""

SEQUENCE: Final = ("#DCE9F6", "#A6CBEA", "#5E9BD4", "#2065AE", "#0F3A6E")
"""Five classes from low to high, the same on light and dark ground."""
NO_RECENT: Final = "#E9E1D6"
NOTHING: Final = "#EFF1F3"

DARK: Final[Mapping[str, str]] = {
    INK: "#E8EDF2",
    MUTED: "#A3AEB9",
    GRID: "#2C3742",
    AXIS: "#6C7985",
    ACCENT: "#6CB0F5",
    SECOND: "#F0A35C",
    THIRD: "#45C9C1",
    FOURTH: "#B7A1F5",
    HALO: "#12181F",
    SOFT: "#46525E",
    NO_RECENT: "#4A4136",
    NOTHING: "#1E262E",
}
"""Of the colours declared here; ``dark_colours`` adds the states'."""

_SPARE: Final[Mapping[str, str]] = {
    "#2B6CB0": "#7CB8F7",
    "#A33B2E": "#F28B7D",
    "#2F7A4B": "#6CCB8F",
    "#8A5A00": "#DDA94A",
    "#7A3E9D": "#C79AE6",
    "#0F7488": "#56C4D9",
    "#99356B": "#EE8DBE",
    "#4D6A1A": "#A9CC66",
}
"""For states to which the catalogue gives no colour (other blocs)."""


def state_colours(catalog: Catalog, economies: tuple[str, ...]) -> Mapping[str, str]:
    """The colour of each state on light ground, by code.

    Spare ones are given in the order of how unlike they are to the nearest of those.
    """
    own = [c for code in economies if (c := catalog.economies[code].colour)]
    spare = cycle(
        sorted(_SPARE, key=lambda c: -min((_between(c, taken) for taken in own), default=0))
    )
    return {code: catalog.economies[code].colour or next(spare) for code in sorted(economies)}


def _between(one: str, other: str) -> int:
    """Squared distance of two colours in red, green and blue."""
    pairs = ((int(one[n : n + 2], 16), int(other[n : n + 2], 16)) for n in (1, 3, 5))
    return sum((a - b) ** 2 for a, b in pairs)


def dark_colours(catalog: Catalog) -> Mapping[str, str]:
    """Every colour of the charts by its light value: what a page replaces in dark mode."""
    states = {
        e.colour: e.colour_dark
        for _, e in sorted(catalog.economies.items())
        if e.colour and e.colour_dark
    }
    return {**DARK, **_SPARE, **states}
