"""The table of time distances: how many years ago another had the level of today.

Here is the way from the members' paths to ``pipeline.measures.time_distance`` and back, whom each
is compared with, and which rows may be shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.measures.series import Series
from pipeline.measures.time_distance import leader, member_median, time_distance
from pipeline.warehouse.declared import frame_of, python_table
from pipeline.warehouse.paths import (
    BREAKS,
    BUILD,
    INDICATORS,
    SERIES,
    SETS,
    VALUE,
    WINDOWS,
    Members,
    Reported,
    common_year,
    members_of,
    reported,
)

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

HISTORY_FROM: Final = 2005
MEDIAN_FROM: Final = 2010
"""Before, any state could be the middle one, and each one's break would be one of the median."""
KEY: Final = ("indicator", "economy", "reference", "year")
MEDIAN: Final = "median"


@dataclass(frozen=True)
class _Race:
    """One indicator, the paths of the members and of their median, and how they are compared."""

    indicator: str
    own: Reported
    members: Members
    median: Series | None
    last: int | None
    rising: bool
    headline: bool
    oldest: int

    def rows(self) -> Iterator[Row]:
        """Each member behind leader and median: its newest value, of headlines all years."""
        for economy, own in self.members.items():
            newest = max((y for y in own.years if y <= (self.last or y)), default=None)
            if newest is None:
                continue
            earlier = [y for y in own.years if HISTORY_FROM <= y < newest]
            for year in (*(earlier if self.headline else ()), newest):
                for reference in ("leader", MEDIAN):
                    yield self._row(economy, reference, year, newest=year == newest)

    def _row(self, economy: str, reference: str, year: int, *, newest: bool) -> Row:
        own = self.members[economy]
        versus = MEDIAN if reference == MEDIAN else self._leader(year)
        other = self.median if reference == MEDIAN else self.members.get(versus or "")
        row: Row = {
            "indicator": self.indicator, "economy": economy, "year": year, "reference": reference,
            "versus": versus if other else None, "value": own.value(year), "newest": newest,
            "published": False,
        }  # fmt: skip
        if other is None:
            few = f"fewer than {self.own.least} of {self.own.the} have a value of {year}"
            return row | {"reason": few}
        if versus == economy or (versus != MEDIAN and other.at(year) == own.value(year)):
            return row | {"reason": "it leads" if versus == economy else f"it leads with {versus}"}
        found = time_distance(own, other, year, rising=self.rising)
        stale = newest and year < self.oldest
        why = f"no recent value: the newest that compares is for {year}" if stale else found.reason
        at = found.crossing
        return row | {
            "distance_years": found.years,
            "at_least_years": found.at_least,
            "crossed_at": at.at if at else None,
            "last_crossed_at": at.latest if at else None,
            "crossed_after": at.between[0] if at else None,
            "crossed_by": at.between[1] if at else None,
            "interpolated": at.interpolated if at else None,
            "published": not stale and (found.years is not None or bool(found.at_least)),
            "reason": why or None,
        }

    def _leader(self, year: int) -> str | None:
        """The best of a year that enough have: of a few early reporters none leads them all."""
        if sum(s.at(year) is not None for s in self.members.values()) < self.own.least:
            return None
        return leader(self.members, year, rising=self.rising)


def _time_distance(
    series: "pd.DataFrame",
    breaks: "pd.DataFrame",
    indicators: "pd.DataFrame",
    build: "pd.DataFrame",
    sets: "pd.DataFrame",
) -> "pd.DataFrame":
    own = reported(sets)
    about = {str(i["indicator"]): i for i in indicators.to_dict("records")}
    as_of = build["as_of"].iloc[0].year
    rows = [
        row
        for code, members in members_of(series, breaks).items()
        for row in _race(about[code], members, own, as_of).rows()
    ]
    rows.sort(key=lambda r: [r[k] for k in KEY])
    return frame_of(TIME_DISTANCE.types, rows)


def _median(members: Members, least: int) -> Series | None:
    since = {e: s.within(MEDIAN_FROM, s.last_year) for e, s in members.items()}
    there = {e: s for e, s in since.items() if s is not None}
    return member_median(there, least).series if there else None


def _race(about: Mapping[Any, Any], members: Members, own: Reported, as_of: int) -> _Race:
    last = common_year(members, own.size)
    return _Race(
        indicator=about["indicator"],
        own=own,
        members=members,
        median=_median(members, own.least),
        last=last,
        rising=about["direction"] != "lower_is_better",
        headline=bool(about["headline"]),
        oldest=as_of - int(about["max_age_years"]),
    )


TIME_DISTANCE = python_table(
    "marts.time_distance",
    "How many years each member is behind the leading one, and behind the median member.\n\n"
    "Years since the other first had the level of today; negative for years ahead. The newest "
    "value of each, and of headline indicators all years since 2005. The newest is the last one "
    "not after the newest year that seven of ten members have. Amounts are compared per head. The "
    "path of the median begins in 2010.",
    """
    indicator      | VARCHAR  | code  | catalogue id
    economy        | VARCHAR  | code  | state that is behind, as a rule
    year           | SMALLINT | year  | year of its value
    reference      | VARCHAR  | code  | leader or median
    versus         | VARCHAR  | code  | the leading state, or median; empty where there is none
    value          | DOUBLE   | as marts.member_series | its value
    distance_years | DOUBLE   | years | years behind, negative for years ahead
    at_least_years | DOUBLE   | years | years behind at the least, where the other began above
    crossed_at     | DOUBLE   | decimal year | when the one ahead had that level
    last_crossed_at | DOUBLE  | decimal year | the last time, where it had been below again
    crossed_after  | SMALLINT | year  | year of its value before
    crossed_by     | SMALLINT | year  | year of its value after
    interpolated   | BOOLEAN  | –     | whether the time lies between two years, on a straight line
    newest         | BOOLEAN  | –     | whether it is the newest value that compares
    published      | BOOLEAN  | –     | whether it may be shown
    reason         | VARCHAR  | –     | why there is no distance, or it may not be shown
    """,
    _time_distance,
    (SERIES, BREAKS, INDICATORS, BUILD, SETS),
    measured=(VALUE, *WINDOWS),
    taken={
        "indicator": (SERIES, "indicator"),
        "economy": (SERIES, "economy"),
        "year": (SERIES, "year"),
        "value": VALUE,
    },
)
