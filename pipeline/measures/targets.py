"""Targets: the pace a state keeps, the pace it would need, and when it would arrive.

Four models answer when, each from the same past; what they agree on is a verdict, and what they do
not agree on is their range. No model is fitted across a break in a series. What the targets are,
and since when, is the catalogue's.

The logit and the Gompertz curve are fitted as straight lines by least squares, on
ln(p/(1 − p)) and on −ln(−ln p) of the share p of the ceiling: no iteration, one answer. Sources:
Griliches, Hybrid corn, Econometrica 25 (1957) for the logistic and Chow, American Economic Review
57 (1967) for the Gompertz curve in the diffusion of technology; Sicherl (2012) for a path shifted
in time.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pipeline.errors import MeasureError
from pipeline.measures.formulas import Array
from pipeline.measures.series import Series
from pipeline.measures.time_distance import crossing

Model = Literal["linear", "logit", "leader_path", "gompertz"]
Verdict = Literal["on_track", "off_track", "cannot_say"]

MIN_POINTS = 3
"""Two points fit any line exactly: a model needs one more."""
MIN_MODELS = 2
"""One model alone agrees with itself."""


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
    """

    model: Model
    reaches: float | None
    at_deadline: float | None
    window: tuple[int, int] | None
    n: int
    reason: str


@dataclass(frozen=True)
class Pace:
    """How fast one went, and would have to go.

    Attributes:
        achieved: change a year between the first and the last value of the window, in units of
            the indicator; None with only one value by the present method.
        window: the years of these two values.
        required: change a year from the last value to the level by the deadline; 0 where it is
            reached; None where the deadline is past.
    """

    achieved: float | None
    window: tuple[int, int] | None
    required: float | None


@dataclass(frozen=True)
class Outlook:
    """Where one economy stands on the way to a target.

    Attributes:
        year: year of its last value.
        value: that value, in the indicator's unit.
        target: what is to be reached.
        reached: whether the last value is at the level already.
        pace: achieved and required.
        projections: one a model; none where the level is reached or the last value is too old.
        earliest: decimal year of the first model to reach it; None where none answers.
        latest: decimal year of the last one, infinite where a model never does.
        verdict: on or off track only where every model that answers says so, and at least two do.
        reason: what the verdict rests on, or why none can be given.
    """

    year: int
    value: float
    target: Target
    reached: bool
    pace: Pace
    projections: tuple[Projection, ...]
    earliest: float | None
    latest: float | None
    verdict: Verdict
    reason: str


@dataclass(frozen=True)
class StillOffline:
    """People of one economy who are not online.

    Attributes:
        economy: its code.
        year: latest year with both a share online and a population; None without any.
        persons: people offline in that year; None without such a year.
        share_pct: their share of the economy's population, %.
        share_of_all_pct: their share of the people offline in all economies given, %.
        outlook: when it would get to the target; None where none was given.
        reason: why there is no number; else empty.
    """

    economy: str
    year: int | None
    persons: float | None
    share_pct: float | None
    share_of_all_pct: float | None
    outlook: Outlook | None
    reason: str


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


def outlook(
    series: Series,
    leader: Series,
    target: Target,
    *,
    as_of_year: int,
    max_age_years: int = 3,
    windows: Windows = WINDOWS,
) -> Outlook:
    """Pace, projections and verdict of one economy.

    Args:
        series: the economy's.
        leader: the one whose path is shifted; the economy itself has no leader's path.
        target: what is to be reached.
        as_of_year: year from which the age of the last value counts.
        max_age_years: a last value older than this carries no projection.
        windows: years that the models look back.
    """
    reached = _is_reached(series.last_value, target)
    age = as_of_year - series.last_year
    projections: tuple[Projection, ...] = ()
    verdict: Verdict
    if age > max_age_years:
        verdict = "cannot_say"
        reason = f"no recent value: the last is of {series.last_year}, {age} years old"
    elif reached:
        verdict, reason = "on_track", f"at the level in {series.last_year}"
    else:
        projections = project(series, leader, target, windows)
        verdict, reason = verdict_of(projections, target.deadline)
    dates = [p.reaches for p in projections if p.reaches is not None]
    return Outlook(
        year=series.last_year,
        value=series.last_value,
        target=target,
        reached=reached,
        pace=pace_of(series, target, windows.linear),
        projections=projections,
        earliest=min(dates, default=None),
        latest=max(dates, default=None),
        verdict=verdict,
        reason=reason,
    )


def pace_of(series: Series, target: Target, years: int) -> Pace:
    """Achieved pace over the last ``years`` by the present method, and required pace."""
    window = _window(series, years)
    span = window.last_year - window.first_year
    gap = target.level - series.last_value
    left = target.deadline - series.last_year
    required: float | None = gap / left if left > 0 else None
    if _is_reached(series.last_value, target):
        required = 0.0
    if span == 0:
        return Pace(None, None, required)
    achieved = (window.last_value - window.values[0]) / span
    return Pace(achieved, (window.first_year, window.last_year), required)


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


def verdict_of(projections: tuple[Projection, ...], deadline: int) -> tuple[Verdict, str]:
    """What all models that answer agree on, with what it rests on."""
    dates = [p.reaches for p in projections if p.reaches is not None]
    in_time = sum(date <= deadline for date in dates)
    if len(dates) < MIN_MODELS:
        return "cannot_say", f"{len(dates)} of {len(projections)} models answer: two are needed"
    if in_time == len(dates):
        return "on_track", f"all {len(dates)} models that answer reach it by {deadline}"
    if in_time == 0:
        return "off_track", f"none of the {len(dates)} models that answer reaches it by {deadline}"
    return "cannot_say", f"{in_time} of {len(dates)} models reach it by {deadline}, the rest later"


def still_offline(
    online_pct: Mapping[str, Series],
    population: Mapping[str, Series],
    outlooks: Mapping[str, Outlook],
) -> tuple[StillOffline, ...]:
    """People offline by economy, the most first, and last those without a number.

    Args:
        online_pct: share of people online, %.
        population: persons.
        outlooks: when each gets to the target, by economy.
    """
    found = {e: _persons_offline(s, population.get(e)) for e, s in sorted(online_pct.items())}
    total = math.fsum(where[1] for where in found.values() if where is not None)

    def line(economy: str, where: tuple[int, float, float] | None) -> StillOffline:
        its = outlooks.get(economy)
        if where is None:
            why = "no year has both a share online and a population"
            return StillOffline(economy, None, None, None, None, its, why)
        year, persons, share = where
        of_all = 100 * persons / total if total > 0 else None
        return StillOffline(economy, year, persons, share, of_all, its, "")

    lines = (line(e, where) for e, where in found.items())
    return tuple(sorted(lines, key=lambda r: (r.persons is None, -(r.persons or 0.0), r.economy)))


def _is_reached(value: float, target: Target) -> bool:
    return value <= target.level if target.at_most else value >= target.level


def _window(series: Series, years: int) -> Series:
    """The values of the last years by the method of the last one: a break cuts the window."""
    window = series.comparable_with(series.last_year).within(
        series.last_year - years, series.last_year
    )
    return window if window is not None else series


def _fitted(series: Series, target: Target, curve: _Curve, years: int) -> Projection:
    """A straight line by least squares on the scale of the curve, and where it meets the level."""
    window = _window(series, years)
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
    end = float(curve.bend(np.array(start + slope * (target.deadline - series.last_year)))) * unit
    if target.ceiling is not None:
        end = min(end, target.ceiling)
    span = (window.first_year, window.last_year)
    if slope == 0 or (slope < 0) != target.at_most:
        why = "it moves away from the level" if slope else "it stands still"
        return Projection(curve.model, math.inf, end, span, len(window.years), why)
    # The last value is below the level, so a line that was there before comes out too early.
    reaches = series.last_year + max((goal - start) / slope, 0.0)
    return Projection(curve.model, reaches, end, span, len(window.years), "")


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
    there = crossing(path, sign * target.level)
    if there is None:
        return no("the leader has not reached the level itself")
    span = (path.first_year, path.last_year)
    reaches = max(there.at + shift, float(series.last_year))
    return Projection("leader_path", reaches, end, span, len(path.years), "")


def _interpolated(path: Series, at: float) -> float | None:
    """The path at a decimal year, linear between neighbours; None outside it."""
    if not path.first_year <= at <= path.last_year:
        return None
    return float(np.interp(at, path.years, path.values))


def _persons_offline(
    online_pct: Series, population: Series | None
) -> tuple[int, float, float] | None:
    """Latest year with both, people offline in it, and their share in %."""
    years = set(online_pct.years) & set(population.years if population else ())
    if population is None or not years:
        return None
    year = max(years)
    share = 100 - online_pct.value(year)
    return year, population.value(year) * share / 100, share
