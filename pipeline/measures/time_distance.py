"""Time distance: how many years ago another had the level of today.

Here is the S-time-distance between two paths, and the path of the members' median to measure it
from. What a state would have to do to catch up is for ``targets``.

Source: Sicherl, Time Distance in Economics and Statistics (2012): the distance in time between two
series for one level, instead of the distance in level for one time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from pipeline.errors import MeasureError
from pipeline.measures.series import Series


@dataclass(frozen=True)
class Crossing:
    """When a path first reached a level.

    Attributes:
        at: decimal year, 2012.0 being the value of 2012.
        latest: decimal year in which it reached the level for the last time; later than ``at``
            where the path went back below in between.
        between: the years of the values on both sides; the same year twice where one hits it.
    """

    at: float
    latest: float
    between: tuple[int, int]

    @property
    def interpolated(self) -> bool:
        return self.between[0] != self.between[1]


@dataclass(frozen=True)
class TimeDistance:
    """How far one economy is behind another, in years.

    Attributes:
        years: years behind; negative for years ahead; None where it cannot be said.
        at_least: years behind at the least, where the other was past the level when its series
            begins; else None.
        year: year of the value that is compared.
        level: the level at which time is compared, in the indicator's unit.
        crossing: when the one that is ahead had that level, linearly interpolated between its two
            neighbouring years where ``crossing.interpolated`` says so.
        reason: why ``years`` is None; else empty.
    """

    years: float | None
    at_least: float | None
    year: int
    level: float
    crossing: Crossing | None
    reason: str


@dataclass(frozen=True)
class MedianPath:
    """The median of several economies over the years.

    Attributes:
        series: the median, in the indicator's unit, of years with enough values; None where no
            year has. It carries those breaks of members that could move it.
        missing: economies without a value, by year; none in years that are complete.
    """

    series: Series | None
    missing: Mapping[int, tuple[str, ...]]


def crossing(path: Series, level: float) -> Crossing | None:
    """When a rising path first had a level; None where it never did or began above it.

    Breaks are not looked at: give a path of comparable values.
    """
    if path.values[0] > level or max(path.values) < level:
        return None
    points = list(zip(path.years, path.values, strict=True))
    found = [(float(t), (t, t)) for t, v in points[:1] if v == level]
    for (t0, v0), (t1, v1) in pairwise(points):
        if v0 < level <= v1:
            at = t0 + (t1 - t0) * (level - v0) / (v1 - v0)
            found.append((float(t1), (t1, t1)) if v1 == level else (at, (t0, t1)))
    return Crossing(found[0][0], found[-1][0], found[0][1])


def time_distance(
    economy: Series, other: Series, year: int | None = None, *, rising: bool = True
) -> TimeDistance:
    """Years that ``economy`` is behind ``other`` at its level of ``year`` (default: its last).

    The distance is ``year`` less the year in which the other first had that level. Where the other
    never had it, the economy is ahead, and the distance is that of the other behind it at the
    other's level of the same year, with a minus. Only values of the method of the newest one up
    to ``year`` count (of the first one, where the other begins later): a level before a break is
    another level.

    Args:
        economy: the one behind, as a rule.
        other: the leader, or the median.
        year: year of the comparison.
        rising: False for indicators where less is better.

    Raises:
        MeasureError: ``economy`` has no value for ``year``.
    """
    year = economy.last_year if year is None else year
    level = economy.value(year)
    if not rising:
        turned = time_distance(economy.negated(), other.negated(), year)
        return TimeDistance(
            turned.years, turned.at_least, year, -turned.level, turned.crossing, turned.reason
        )
    anchor = max((y for y in other.years if y <= year), default=other.first_year)
    path = other.comparable_with(anchor)
    found = crossing(path, level)
    if found is not None:
        return TimeDistance(year - found.at, None, year, level, found, "")
    if max(path.values) < level:
        return _ahead(economy.comparable_with(year), path, year, level)
    return _began_above(other, path, year, level)


def member_median(members: Mapping[str, Series], minimum: int) -> MedianPath:
    """The median of members' values in each year in which at least ``minimum`` have one.

    A member's break becomes one of the median where it could have moved it, that is where the
    member did not stay strictly on one side of the values that make the median.

    Raises:
        MeasureError: no members, or a minimum below one.
    """
    if not members or minimum < 1:
        raise MeasureError(
            f"a median of {len(members)} members with at least {minimum} values: "
            "expected at least one of both"
        )
    medians: dict[int, float] = {}
    middles: dict[int, tuple[float, float]] = {}
    missing: dict[int, tuple[str, ...]] = {}
    for year in sorted({y for s in members.values() for y in s.years}):
        there = sorted(v for s in members.values() if (v := s.at(year)) is not None)
        if len(there) < minimum:
            continue
        medians[year] = float(np.median(there))
        middles[year] = (there[(len(there) - 1) // 2], there[len(there) // 2])
        absent = tuple(sorted(e for e, s in members.items() if s.at(year) is None))
        missing |= {year: absent} if absent else {}
    if not medians:
        return MedianPath(None, missing)
    moving = {
        b
        for s in members.values()
        for b in s.breaks
        if not _stays_aside(s, middles) and b[0] < max(medians) and b[1] > min(medians)
    }
    return MedianPath(Series.of(dict(medians), tuple(sorted(moving))), missing)


def leader(members: Mapping[str, Series], year: int, *, rising: bool = True) -> str | None:
    """The economy with the best value of a year, the first by name of equals; None without any."""
    there = {e: v for e, s in sorted(members.items()) if (v := s.at(year)) is not None}
    if not there:
        return None
    return max(there, key=lambda e: there[e] if rising else -there[e])


def _stays_aside(member: Series, middles: Mapping[int, tuple[float, float]]) -> bool:
    """Whether a member was always below, or always above, the values that make the median."""
    sides = {
        (v > middles[y][1]) - (v < middles[y][0])
        for y, v in zip(member.years, member.values, strict=True)
        if y in middles
    }
    return len(sides) <= 1 and 0 not in sides


def _ahead(economy: Series, path: Series, year: int, level: float) -> TimeDistance:
    """The distance of one that is past every level the other had."""
    others = path.at(year)
    if others is None:
        return _unsaid(year, level, f"it is ahead, and the other has no value for {year}")
    found = crossing(economy, others)
    if found is None:
        return _unsaid(
            year, level, f"it is ahead, and was before {economy.first_year}, where it begins"
        )
    return TimeDistance(found.at - year, None, year, others, found, "")


def _began_above(other: Series, path: Series, year: int, level: float) -> TimeDistance:
    """The other was past the level in its first comparable year: it is longer ago than that."""
    cut = next((b for y in other.years if (b := other.broken(y, path.first_year))), None)
    why = f"the other was past this level in {path.first_year}, where its values begin"
    if cut and other.first_year < path.first_year:
        why += f" to be comparable (break {cut[0]} to {cut[1]})"
    ago = float(year - path.first_year) if path.first_year <= year else None
    return TimeDistance(None, ago, year, level, None, why)


def _unsaid(year: int, level: float, reason: str) -> TimeDistance:
    return TimeDistance(None, None, year, level, None, reason)
