"""Scales and frames: where a value stands in a picture, in both directions.

A frame fixes the size of the picture, its margins and its two scales, so that a position computed
here is the position in the SVG. Ticks are chosen here too; their text is the caller's.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

WIDE: Final = 660
NARROW: Final = 350
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Scale:
    """A linear or logarithmic scale from ``low``..``high`` to ``start``..``end`` pixels."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def px(self, value: float) -> float:
        """Pixel of ``value``; beyond the domain the scale goes on."""
        low, high = self._place(self.low), self._place(self.high)
        return self.start + (self._place(value) - low) / (high - low) * (self.end - self.start)

    def at(self, px: float) -> float:
        """Value at a pixel: the inverse of ``px``."""
        low, high = self._place(self.low), self._place(self.high)
        place = low + (px - self.start) / (self.end - self.start) * (high - low)
        return 10.0**place if self.log else place

    def _place(self, value: float) -> float:
        return math.log10(value) if self.log else value


@dataclass(frozen=True)
class Frame:
    """A picture of ``width`` × ``height`` pixels with margins; scales are of the plot within."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    x: Scale
    y: Scale

    @property
    def plot_width(self) -> float:
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> float:
        return self.height - self.top - self.bottom


def frame(
    *,
    size: tuple[float, float],
    margins: tuple[float, float, float, float],
    x: tuple[float, float],
    y: tuple[float, float],
    log_x: bool = False,
    log_y: bool = False,
) -> Frame:
    """A frame of ``size`` (width, height) with ``margins`` (left, right, top, bottom).

    ``x`` and ``y`` are the domains; y rises upwards: give (low, high).
    """
    width, height = size
    left, right, top, bottom = margins
    across, down = width - left - right, height - top - bottom
    return Frame(
        width, height, left, right, top, bottom,
        Scale(*x, 0, across, log_x), Scale(*y, down, 0, log_y),
    )  # fmt: skip


def ticks(low: float, high: float, about: int) -> tuple[float, ...]:
    """Round values from at or above ``low`` to at or below ``high``, at most ``about`` + 1."""
    if not high > low:
        return (low,)
    raw = (high - low) / max(about, 1)
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(s for s in (*_STEPS, 20.0) if s * magnitude >= raw * (1 - 1e-9)) * magnitude
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple(round(i * step, 12) for i in range(first, last + 1))


def ceiling(value: float, about: int = 5) -> float:
    """The end of an axis from 0 that holds ``value`` and ends on a tick."""
    if value <= 0:
        return 1.0
    raw = value / max(about, 1)
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(s for s in (*_STEPS, 20.0) if s * magnitude >= raw * (1 - 1e-9)) * magnitude
    return round(math.ceil(value / step - 1e-9) * step, 12)


def decades(values: Iterable[float]) -> tuple[float, float]:
    """The powers of ten around positive ``values``; 1 to 10 where there are none."""
    positive = [v for v in values if v > 0]
    if not positive:
        return 1.0, 10.0
    low, high = math.floor(math.log10(min(positive))), math.ceil(math.log10(max(positive)))
    return 10.0**low, 10.0 ** max(high, low + 1)


def year_ticks(first: int, last: int, about: int) -> tuple[int, ...]:
    """Round years between ``first`` and ``last``, and these two; about ``about`` of them."""
    span = last - first
    if span <= 0:
        return (first,)
    step = next((s for s in (1, 2, 5, 10, 20, 25, 50) if span / s <= about), span)
    start = first if step == 1 else -(-first // step) * step
    years = list(range(start, last + 1, step))
    if not years or years[0] - first >= step * 0.6:
        years.insert(0, first)
    elif years[0] != first:
        years[0] = first
    if last - years[-1] < step * 0.6 and len(years) > 1:
        years.pop()
    return (*years, last) if years[-1] != last else tuple(years)
