"""The texts of a picture with the boxes that they fill, as a reader sees them."""

import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from pipeline.report import svg
from pipeline.report.charts.text import width


@dataclass(frozen=True)
class PlacedText:
    """A text of a picture and the box that its letters fill, in user units."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: "PlacedText") -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.5
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.5
        )


class ReadSvg:
    """The texts of a picture as a reader sees them."""

    def __init__(self, picture: str) -> None:
        self._root = ET.fromstring(picture)
        self.width, self.height = svg.size(picture)

    def texts(self) -> list[PlacedText]:
        return list(self._walk(self._root, 0.0, 0.0, {}))

    def clashes(self) -> tuple[list[tuple[str, str]], list[str]]:
        """Texts that lie over each other, and texts that leave the picture."""
        placed = self.texts()
        over = [(a.text, b.text) for a, b in itertools.combinations(placed, 2) if a.overlaps(b)]
        beyond = [
            t.text
            for t in placed
            if min(t.left, t.top) < -1 or t.right > self.width + 1 or t.bottom > self.height + 1
        ]
        return over, beyond

    def _walk(
        self, element: ET.Element, x: float, y: float, look: Mapping[str, str]
    ) -> Iterator[PlacedText]:
        moved = re.findall(r"translate\(([-\d.]+),\s*([-\d.]+)\)", element.get("transform", ""))
        x += sum(float(dx) for dx, _ in moved)
        y += sum(float(dy) for _, dy in moved)
        look = {**look, **element.attrib}
        if element.tag.endswith("}text") and element.text:
            x_own, y_own = (float(element.get(name, "0")) for name in ("x", "y"))
            yield self._placed(element.text, x + x_own, y + y_own, look)
        for child in element:
            yield from self._walk(child, x, y, look)

    @staticmethod
    def _placed(text: str, x: float, y: float, look: Mapping[str, str]) -> PlacedText:
        size = float(look.get("font-size", "11").removesuffix("px"))
        wide = width(text, size)
        left = x - {"middle": wide / 2, "end": wide}.get(look.get("text-anchor", ""), 0.0)
        return PlacedText(text, left, left + wide, y - 0.72 * size, y + 0.2 * size)
