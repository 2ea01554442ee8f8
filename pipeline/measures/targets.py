"""Targets: the pace a state keeps, the pace it would need, and when it would arrive.

Four models answer when (``projections``); what they agree on is a verdict, and what they do not
agree on is their range. What the targets are, and since when, is the catalogue's.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipeline.measures.projections import WINDOWS, Projection, Target, Windows, project, recent
from pipeline.measures.series import Series

Verdict = Literal["on_track", "off_track", "cannot_say"]

MIN_MODELS = 2
"""One model alone agrees with itself."""


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
    window = recent(series, years)
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
