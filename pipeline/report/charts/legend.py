"""A legend over a picture: what each colour stands for, in as many rows as the texts need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.report import palette
from pipeline.report.charts.canvas import Canvas
from pipeline.report.charts.text import width

_ROW: Final = 22.0
_SIZE: Final = 11.0
_DOT: Final = 14.0
"""From the left edge of a mark to its text."""
_APART: Final = 16.0


@dataclass(frozen=True)
class Key:
    """A mark and what it stands for."""

    colour: str
    text: str
    hollow: bool = False


def height(keys: Sequence[Key], total: float) -> float:
    """What the legend takes of a picture of ``total`` pixels across; 0 without keys."""
    return _ROW * len(_rows(keys, total)) if keys else 0.0


def draw(canvas: Canvas, keys: Sequence[Key]) -> None:
    """The keys at the upper edge of the picture, whose margin must have the room."""
    place = canvas.frame
    placed: list[tuple[Key, dict[str, Any]]] = [
        (
            key,
            {
                "x": place.x.at(x + 5 - place.left),
                "y": place.y.at(8 + n * _ROW - place.top),
                "colour": key.colour,
            },
        )
        for n, row in enumerate(_rows(keys, place.width))
        for key, x in row
    ]
    for hollow in (False, True):
        canvas.dots(
            [at for key, at in placed if key.hollow == hollow],
            diameter=8 if hollow else 9.5,
            hollow=hollow,
        )
    canvas.texts(
        [
            at
            | {
                "x": place.x.at(place.x.px(at["x"]) + 9),
                "text": key.text,
                "colour": palette.MUTED,
            }
            for key, at in placed
        ],
        size=_SIZE,
    )


def _rows(keys: Sequence[Key], total: float) -> list[list[tuple[Key, float]]]:
    """Keys with their left edge, in as many rows as they need."""
    rows: list[list[tuple[Key, float]]] = [[]]
    x = 0.0
    for key in keys:
        needed = _DOT + width(key.text, _SIZE)
        if rows[-1] and x + needed > total:
            rows.append([])
            x = 0.0
        rows[-1].append((key, x))
        x += needed + _APART
    return rows
