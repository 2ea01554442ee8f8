"""Vega-Lite, which draws charts: at once, or elsewhere while Python puts together what comes next.

Within ``drawing(beside)`` a picture is promised: a text stands for it, and is exchanged for it in
the end. When all is put together, those that nobody has begun to draw are drawn here. Here is also
the tidying of the SVG: no ids that count up within a process, no style attributes, nothing that
names another file, and no more words than it takes (``svg_slim``).
"""

import re
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

import vl_convert

from pipeline.report.svg import slimmed
from pipeline.second_process import Beside

_VEGA_LITE: Final = "6.4"
_NUMBER: Final = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")


class Promises:
    """Pictures in the making, by the texts that stand for them."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self._asked: dict[str, tuple[Future[str], dict[str, Any]]] = {}
        self._drawn: dict[str, str] = {}

    def promise(self, specification: dict[str, Any]) -> str:
        """Have a chart drawn; what stands for the picture until it is ``kept``."""
        promised = f"picture {len(self._asked)}"
        self._asked[promised] = self._beside.submit(draw, specification), specification
        return promised

    def share(self) -> None:
        """Draw here what the other has not begun, from the last on, until the two meet.

        Raises:
            ValueError: Vega-Lite refuses a specification.
        """
        for promised, (future, specification) in reversed(self._asked.items()):
            if not future.cancel():
                return  # and so is, or was, all that goes before it
            self._drawn[promised] = draw(specification)

    def kept(self, picture: str) -> str:
        """The picture that a text stands for; one that was drawn at once stands for itself.

        Raises:
            ValueError: Vega-Lite refuses the specification.
        """
        if picture in self._drawn:
            return self._drawn[picture]
        return self._asked[picture][0].result() if picture in self._asked else picture


_promises: ContextVar[Promises | None] = ContextVar("promises", default=None)


@contextmanager
def drawing(beside: Beside) -> Iterator[Promises]:
    """Have all charts of the block promised instead of drawn."""
    promises = Promises(beside)
    before = _promises.set(promises)
    try:
        yield promises
    finally:
        _promises.reset(before)


def drawn(specification: dict[str, Any]) -> str:
    """A chart as SVG text; within ``drawing`` a promise of it."""
    promises = _promises.get()
    return promises.promise(specification) if promises else draw(specification)


def draw(specification: dict[str, Any]) -> str:
    """A chart as SVG text: the same specification, the same bytes.

    Raises:
        ValueError: Vega-Lite refuses the specification.
    """
    return slimmed(_tidied(vl_convert.vegalite_to_svg(specification, vl_version=_VEGA_LITE)))


def _tidied(svg: str) -> str:
    ids = {old: f"c{n}" for n, old in enumerate(dict.fromkeys(re.findall(r' id="([^"]+)"', svg)))}
    for old, new in ids.items():
        svg = svg.replace(f'id="{old}"', f'id="{new}"').replace(f"#{old})", f"#{new})")
    svg = re.sub(r' (?:aria-[a-z]+|role|class|pointer-events|xmlns:xlink)="[^"]*"', "", svg)
    svg = re.sub(r'<path d="M0,0h0v0h0Z"/>|<path d="" display="none"/>', "", svg)
    return _NUMBER.sub(lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), svg)
