"""Paths of the members as the measures over time take them, read from the warehouse.

Here are the series of ``marts.member_series`` with their breaks, the people they are about, and the
year that enough of them have. What is measured on them stands in the modules that declare tables.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from pipeline.catalog.entry import PROJECT_SET
from pipeline.measures.series import Breaks, Series

if TYPE_CHECKING:
    import pandas as pd

Members = Mapping[str, Series]

SERIES, BREAKS, BUILD = "marts.member_series", "core.breaks", "core.build"
INDICATORS, GROUPS = "core.indicators", "core.groups"
SETS, PEOPLE = "core.member_sets", "marts.denominators"
VALUE: Final = (SERIES, "value")
WINDOWS: Final = ((BREAKS, "first_year"), (BREAKS, "last_year"))

ENOUGH: Final = 7
"""States of the ten that a year, a spread or a median needs."""


def members_of(series: "pd.DataFrame", breaks: "pd.DataFrame") -> dict[str, dict[str, Series]]:
    """The paths by indicator and economy, each with the breaks that the catalogue declares."""
    found: dict[str, dict[str, Series]] = {}
    cut = _breaks(breaks)
    for (indicator, economy), part in series.groupby(["indicator", "economy"], sort=True):
        both = (*cut.get((indicator, None), ()), *cut.get((indicator, economy), ()))
        years, values = tuple(part["year"].tolist()), tuple(part["value"].tolist())
        found.setdefault(str(indicator), {})[str(economy)] = Series(years, values, both)
    return found


def _breaks(frame: "pd.DataFrame") -> dict[tuple[Any, Any], Breaks]:
    """First and last years by indicator and economy, None for a break of all economies."""
    found: dict[tuple[Any, Any], Breaks] = {}
    for b in frame.itertuples(index=False):
        key = (b.indicator, b.economy if isinstance(b.economy, str) else None)
        years = cast("tuple[int, int]", (b.first_year, b.last_year))
        found[key] = (*found.get(key, ()), years)
    return found


def common_year(members: Members) -> int | None:
    """The newest year of which enough members have a value; None where there is none."""
    years = sorted({y for s in members.values() for y in s.years}, reverse=True)
    there = (y for y in years if sum(s.at(y) is not None for s in members.values()) >= ENOUGH)
    return next(there, None)


def population(people: "pd.DataFrame") -> dict[str, Series]:
    """Persons by economy, from ``marts.denominators``."""
    there = people.dropna(subset=["population"])
    return {
        str(e): Series(tuple(part["year"].tolist()), tuple(part["population"].tolist()))
        for e, part in there.groupby("economy", sort=True)
    }


def ten(sets: "pd.DataFrame") -> tuple[str, ...]:
    """Codes of the ten, sorted, from ``core.member_sets``."""
    return tuple(sorted(set(sets.loc[sets["member_set"] == PROJECT_SET, "economy"])))
