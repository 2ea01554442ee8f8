"""Convergence: whether economies come closer to one another, and who catches up.

Here are sigma (the spread in each year) and beta (growth against where one began) on a fixed set
of economies, and both sides of one gap. The economies are a census, not a sample: no p-values, no
standard errors; how much hangs on one of them is shown by leaving each out. How far behind one is
in time is for ``time_distance``.

Sources: Barro and Sala-i-Martin, Convergence, Journal of Political Economy 100 (1992); Sala-i-
Martin, The classical approach to convergence analysis, Economic Journal 106 (1996).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.errors import MeasureError
from pipeline.measures import inequality
from pipeline.measures.formulas import Array
from pipeline.measures.series import Series

MINIMUM = 3
"""Fewer economies have no spread worth a number, and no slope that could not be any other."""

LeftOut = tuple[tuple[str, str], ...]
"""Economies that are not in the set, sorted, each with why."""


@dataclass(frozen=True)
class SigmaPoint:
    """The spread of one year.

    Attributes:
        year: the year.
        sd_logs: standard deviation of ln y over the fixed set, about its mean, log points; None
            where a value is missing.
        reason: why it is None; else empty.
    """

    year: int
    sd_logs: float | None
    reason: str


@dataclass(frozen=True)
class Sigma:
    """Sigma convergence: the spread of ln y over the years, on a fixed set.

    Attributes:
        points: one a year.
        economies: the set, sorted: a positive value in the first and the last year, by one method.
        left_out: the others, with why.
        change: spread of the last year less that of the first, log points; below 0 they converge.
        reason: why ``change`` is None; else empty.
    """

    points: tuple[SigmaPoint, ...]
    economies: tuple[str, ...]
    left_out: LeftOut
    change: float | None
    reason: str


@dataclass(frozen=True)
class Beta:
    """Beta convergence: slope of annualised growth on the initial level.

    Attributes:
        slope: change of growth (log points a year) per log point of initial level; below 0 the
            ones behind grow faster.
        intercept: growth of one whose initial ln y is 0, log points a year.
        speed: implied speed of convergence −ln(1 + slope·years)/years, share of the gap a year;
            None where the slope closes more than the whole gap.
        n: economies in the fit.
        growth: annualised growth (ln y_last − ln y_first)/years by economy, log points a year.
        without: slope with each economy left out, by name; empty where too few would remain.
        left_out: economies that are not in the fit, with why.
        reason: why ``slope`` is None; else empty.
    """

    slope: float | None
    intercept: float | None
    speed: float | None
    n: int
    growth: tuple[tuple[str, float], ...]
    without: tuple[tuple[str, float], ...]
    left_out: LeftOut
    reason: str

    @property
    def range_without(self) -> tuple[float, float] | None:
        """Smallest and largest slope with one economy left out."""
        slopes = [slope for _, slope in self.without]
        return (min(slopes), max(slopes)) if slopes else None


@dataclass(frozen=True)
class Side:
    """Inequality of people online and of people offline in one year.

    Attributes:
        year: the year.
        online: Theil T of people online per head, weighted by heads, nats; None with nobody there.
        offline: the same for people offline.
        gap: largest less smallest share online, percentage points; the same seen from both sides.
        persons_offline: people offline in all the economies together.
    """

    year: int
    online: float | None
    offline: float | None
    gap: float
    persons_offline: float


@dataclass(frozen=True)
class TwoSides:
    """Both sides of the gap in two years, on a fixed set.

    Attributes:
        first: the earlier year; None without enough economies.
        last: the later year; None without enough economies.
        economies: the set, sorted.
        left_out: the others, with why.
        disagree: whether one side becomes more equal while the other becomes less so: then neither
            alone tells what happened. None where it cannot be said.
        reason: why it cannot be said; else empty.
    """

    first: Side | None
    last: Side | None
    economies: tuple[str, ...]
    left_out: LeftOut
    disagree: bool | None
    reason: str


def sigma(members: Mapping[str, Series], years: Sequence[int]) -> Sigma:
    """The spread of ln y in each of the years, all about the same economies.

    A year in which one of them has no value has no spread: without it the set would be another.

    Raises:
        MeasureError: fewer than two years, or years that do not increase.
    """
    _check_years(years)
    there, left_out = _fixed_set(members, years[0], years[-1])
    points = tuple(_sigma_point({e: members[e] for e in there}, year) for year in years)
    first, last = points[0].sd_logs, points[-1].sd_logs
    change = last - first if first is not None and last is not None else None
    reason = "" if change is not None else points[0].reason or points[-1].reason
    return Sigma(points, there, left_out, change, reason)


def beta(members: Mapping[str, Series], first: int, last: int) -> Beta:
    """Least-squares slope of (ln y_last − ln y_first)/(last − first) on ln y_first.

    Raises:
        MeasureError: ``last`` is not after ``first``.
    """
    _check_years((first, last))
    there, left_out = _fixed_set(members, first, last)
    start = np.array([math.log(members[e].value(first)) for e in there])
    end = np.array([math.log(members[e].value(last)) for e in there])
    growth = (end - start) / (last - first)
    by_name = tuple((e, float(g)) for e, g in zip(there, growth, strict=True))
    fit = _line(start, growth)
    if fit is None:
        why = _too_few(len(there)) or "all began at the same level, which has no slope"
        return Beta(None, None, None, len(there), by_name, (), left_out, why)
    intercept, slope = fit
    left = 1 + slope * (last - first)
    return Beta(
        slope=slope,
        intercept=intercept,
        speed=-math.log(left) / (last - first) if left > 0 else None,
        n=len(there),
        growth=by_name,
        without=_slopes_without(there, start, growth),
        left_out=left_out,
        reason="",
    )


def two_sides(
    online_pct: Mapping[str, Series], population: Mapping[str, Series], first: int, last: int
) -> TwoSides:
    """Whether the people online and the people offline tell the same story between two years.

    A share that nears 100 % evens out by arithmetic, while the few who are left out can become
    ever more unevenly spread. Hence both sides, and the gap in points.

    Args:
        online_pct: share of people online, %, 0 to 100.
        population: persons.
        first: earlier year.
        last: later year.

    Raises:
        MeasureError: ``last`` is not after ``first``, or a share above 100 or below 0.
    """
    _check_years((first, last))
    there, left_out = _fixed_set(online_pct, first, last, positive=False)
    heads = {e: _heads(population.get(e), first, last) for e in there}
    left_out += tuple((e, "no population in both years") for e in there if heads[e] is None)
    kept = {e: h for e in there if (h := heads[e]) is not None}
    if len(kept) < MINIMUM:
        why = _too_few(len(kept))
        return TwoSides(None, None, tuple(kept), tuple(sorted(left_out)), None, why)
    before, after = (
        _side(
            year,
            np.array([online_pct[e].value(year) for e in kept]),
            np.array([h[place] for h in kept.values()]),
            tuple(kept),
        )
        for place, year in enumerate((first, last))
    )
    disagree, reason = _disagree(before, after)
    return TwoSides(before, after, tuple(kept), tuple(sorted(left_out)), disagree, reason)


def _check_years(years: Sequence[int]) -> None:
    if len(years) < 2 or any(b <= a for a, b in pairwise(years)):
        raise MeasureError(f"years are {tuple(years)}: expected two or more, increasing")


def _fixed_set(
    members: Mapping[str, Series], first: int, last: int, *, positive: bool = True
) -> tuple[tuple[str, ...], LeftOut]:
    """Economies that can be compared between two years, sorted, and the others with why."""
    why = {e: _why_not(s, first, last, positive) for e, s in sorted(members.items())}
    return tuple(e for e, w in why.items() if not w), tuple((e, w) for e, w in why.items() if w)


def _why_not(series: Series, first: int, last: int, positive: bool) -> str:
    for year in (first, last):
        value = series.at(year)
        if value is None:
            return f"no value in {year}"
        if positive and value <= 0:
            return f"value of {year} is {value:g}, which has no logarithm"
    cut = series.broken(first, last)
    return f"break in the series {cut[0]} to {cut[1]}" if cut else ""


def _sigma_point(fixed: Mapping[str, Series], year: int) -> SigmaPoint:
    if len(fixed) < MINIMUM:
        return SigmaPoint(year, None, _too_few(len(fixed)))
    values = {e: s.at(year) for e, s in fixed.items()}
    missing = [e for e, v in values.items() if v is None or v <= 0]
    if missing:
        return SigmaPoint(year, None, f"no positive value in {year} of {', '.join(missing)}")
    there = [v for v in values.values() if v is not None]
    return SigmaPoint(year, inequality.sd_logs(there), "")


def _line(x: Array, y: Array) -> tuple[float, float] | None:
    """Intercept and slope of least squares; None with too few points or no spread in ``x``."""
    if len(x) < MINIMUM or np.ptp(x) == 0:
        return None
    off = x - x.mean()
    slope = float(off @ (y - y.mean()) / (off @ off))
    return float(y.mean() - slope * x.mean()), slope


def _slopes_without(names: tuple[str, ...], x: Array, y: Array) -> tuple[tuple[str, float], ...]:
    fits = ((e, _line(np.delete(x, i), np.delete(y, i))) for i, e in enumerate(names))
    return tuple((e, fit[1]) for e, fit in fits if fit is not None)


def _heads(population: Series | None, first: int, last: int) -> tuple[float, float] | None:
    if population is None:
        return None
    before, after = population.at(first), population.at(last)
    return (before, after) if before is not None and after is not None else None


def _side(year: int, online_pct: Array, heads: Array, labels: tuple[str, ...]) -> Side:
    if online_pct.max() > 100:
        over = labels[int(online_pct.argmax())]
        raise MeasureError(
            f"share online of {over} in {year} is {online_pct.max():g} %: expected 0 to 100"
        )
    online, offline = heads * online_pct / 100, heads * (100 - online_pct) / 100
    return Side(
        year=year,
        online=inequality.theil_t(online, heads, labels) if online.any() else None,
        offline=inequality.theil_t(offline, heads, labels) if offline.any() else None,
        gap=float(np.ptp(online_pct)),
        persons_offline=float(offline.sum()),
    )


def _disagree(before: Side, after: Side) -> tuple[bool | None, str]:
    values = (before.online, after.online, before.offline, after.offline)
    if any(v is None for v in values):
        return None, "in one of the years nobody is online, or nobody offline"
    on_before, on_after, off_before, off_after = (v for v in values if v is not None)
    return (on_after - on_before) * (off_after - off_before) < 0, ""


def _too_few(n: int) -> str:
    return f"{n} economies can be compared: at least {MINIMUM} are needed" if n < MINIMUM else ""
