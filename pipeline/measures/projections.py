"""When a series reaches a level: four models of how it goes on, or why one cannot say.

Each is fitted to the same past, and none across a break in a series. What follows for a target, its
pace and verdict, is told by ``targets``.

The logit and the Gompertz curve are fitted as straight lines by least squares, on
ln(p/(1 − p)) and on −ln(−ln p) of the share p of the ceiling: no iteration, one answer. Sources:
Griliches, Hybrid corn, Econometrica 25 (1957) for the logistic and Chow, American Economic Review
57 (1967) for the Gompertz curve in the diffusion of technology; Sicherl (2012) for a path shifted
in time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.errors import MeasureError
from pipeline.measures.formulas import Array
from pipeline.measures.series import Series
from pipeline.measures.time_distance import crossing

Model = Literal["linear", "logit", "leader_path", "gompertz"]

MIN_POINTS = 3
"""Two points fit any line exactly: a model needs one more."""

YEARS_AFTER = 10
"""A model is told for so many years after the deadline: what comes later is no forecast."""


@dataclass(frozen=True)
class Target:
    """What is to be reached, and when.

    Attributes:
        level: the level, in the indicator's unit.
        deadline: year whose value is to be at the level.
        ceiling: what the indicator cannot exceed (100 for a share in %), or None: then the two
            curves that level off are not fitted.
        at_most: True where the level is to be reached from above (a price).
    """

    level: float
    deadline: int = 2030
    ceiling: float | None = 100.0
    at_most: bool = False

    def __post_init__(self) -> None:
        finite = math.isfinite(self.level)
        if not finite or (self.ceiling is not None and not self.level <= self.ceiling < math.inf):
            raise MeasureError(
                f"target level {self.level} with ceiling {self.ceiling}: "
                "expected a finite level not above the ceiling"
            )


@dataclass(frozen=True)
class Windows:
    """How many years before the last value each model looks back."""

    linear: int = 5
    logit: int = 10
    gompertz: int = 10


WINDOWS = Windows()


@dataclass(frozen=True)
class Projection:
    """When one model reaches the level.

    Attributes:
        model: which.
        reaches: decimal year, not before the last value; infinite where the model moves away from
            the level or stands still; None where the model has no answer.
        at_deadline: value the model gives for the deadline, in the indicator's unit; None where it
            has none.
        window: years of the first and the last value that it is fitted to; None without a fit.
        n: values that it is fitted to.
        reason: why ``reaches`` is None or infinite; else empty.
        path: year and value in the indicator's unit, from the year of the last value to
            ``YEARS_AFTER`` the deadline, where the model has one.
    """

    model: Model
    reaches: float | None
    at_deadline: float | None
    window: tuple[int, int] | None
    n: int
    reason: str
    path: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class _Curve:
    """A scale on which a model is a straight line."""

    model: Model
    straighten: Callable[[Array], Array]
    bend: Callable[[Array], Array]


# Far from the data the curves lie on their asymptotes, and what overflows there is meant to.
_quietly = np.errstate(over="ignore")


def _same(values: Array) -> Array:
    return values


def _logit(p: Array) -> Array:
    return np.asarray(np.log(p / (1 - p)))


@_quietly
def _logistic(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def _loglog(p: Array) -> Array:
    return np.asarray(-np.log(-np.log(p)))


@_quietly
def _gompertz(z: Array) -> Array:
    return np.asarray(np.exp(-np.exp(-z)))


_LINEAR = _Curve("linear", _same, _same)

_LOGIT = _Curve("logit", _logit, _logistic)


_GOMPERTZ = _Curve("gompertz", _loglog, _gompertz)


def project(
    series: Series, leader: Series, target: Target, windows: Windows = WINDOWS
) -> tuple[Projection, ...]:
    """The four models, in the order linear, logit, leader's path, Gompertz."""
    return (
        _fitted(series, target, _LINEAR, windows.linear),
        _fitted(series, target, _LOGIT, windows.logit),
        _leader_path(series, leader, target),
        _fitted(series, target, _GOMPERTZ, windows.gompertz),
    )


def recent(series: Series, years: int) -> Series:
    """The values of the last years by the method of the last one: a break cuts the window."""
    window = series.comparable_with(series.last_year).within(
        series.last_year - years, series.last_year
    )
    return window if window is not None else series


def _fitted(series: Series, target: Target, curve: _Curve, years: int) -> Projection:
    """A straight line by least squares on the scale of the curve, and where it meets the level."""
    window = recent(series, years)
    why = _why_no_fit(window, target, curve)
    if why:
        return Projection(curve.model, None, None, None, len(window.years), why)
    unit = 1.0 if curve is _LINEAR or target.ceiling is None else target.ceiling
    since = np.array(window.years, dtype=np.float64) - series.last_year
    z = curve.straighten(np.array(window.values) / unit)
    goal = float(curve.straighten(np.array(target.level / unit)))
    off = since - since.mean()
    slope = float(off @ (z - z.mean()) / (off @ off))
    start = float(z.mean() - slope * since.mean())
    top = math.inf if target.ceiling is None else target.ceiling

    def at(year: int) -> float:
        return min(
            float(curve.bend(np.array(start + slope * (year - series.last_year)))) * unit, top
        )

    end, path = at(target.deadline), tuple((year, at(year)) for year in _ahead(series, target))
    span = (window.first_year, window.last_year)
    if slope == 0 or (slope < 0) != target.at_most:
        why = "it moves away from the level" if slope else "it stands still"
        return Projection(curve.model, math.inf, end, span, len(window.years), why, path)
    # The last value is below the level, so a line that was there before comes out too early.
    reaches = series.last_year + max((goal - start) / slope, 0.0)
    return Projection(curve.model, reaches, end, span, len(window.years), "", path)


def _ahead(series: Series, target: Target) -> range:
    """The years for which a model is told."""
    return range(series.last_year, target.deadline + YEARS_AFTER + 1)


def _why_no_fit(window: Series, target: Target, curve: _Curve) -> str:
    if len(window.years) < MIN_POINTS:
        return (
            f"{len(window.years)} values since {window.first_year} by the present method: "
            f"at least {MIN_POINTS} are needed"
        )
    if curve is _LINEAR:
        return ""
    if target.ceiling is None:
        return "the indicator has no ceiling to level off at"
    if not 0 < target.level < target.ceiling:
        return (
            f"a curve between 0 and {target.ceiling:g} never reaches {target.level:g}: "
            "name the level that counts as everyone"
        )
    if not all(0 < v < target.ceiling for v in window.values):
        return f"a value is not between 0 and {target.ceiling:g}"
    return ""


def _leader_path(series: Series, leader: Series, target: Target) -> Projection:
    """The date at which the economy, moving as the leader did from its level on, gets there."""

    def no(reason: str) -> Projection:
        return Projection("leader_path", None, None, None, 0, reason)

    if series == leader:
        return no("it leads")
    sign = -1 if target.at_most else 1
    path = leader.comparable_with(leader.last_year)
    path = path.negated() if target.at_most else path
    here = crossing(path, sign * series.last_value)
    if here is None:
        return no("the leader's values by its present method do not hold this level")
    shift = series.last_year - here.at
    end = _interpolated(path, target.deadline - shift)
    end = sign * end if end is not None else None
    ahead = tuple(
        (year, sign * value)
        for year in _ahead(series, target)
        if (value := _interpolated(path, year - shift)) is not None
    )
    there = crossing(path, sign * target.level)
    if there is None:
        return no("the leader has not reached the level itself")
    span = (path.first_year, path.last_year)
    reaches = max(there.at + shift, float(series.last_year))
    return Projection("leader_path", reaches, end, span, len(path.years), "", ahead)


def _interpolated(path: Series, at: float) -> float | None:
    """The path at a decimal year, linear between neighbours; None outside it."""
    if not path.first_year <= at <= path.last_year:
        return None
    return float(np.interp(at, path.years, path.values))
