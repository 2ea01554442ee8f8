"""Paths of the members as the measures over time take them, read from the warehouse.

Here are the series of ``marts.member_series`` with their breaks, the people they are about, and the
year that enough of them have. What is measured on them stands in the modules that declare tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from pipeline import rounding
from pipeline.measures.coverage import enough
from pipeline.measures.series import Breaks, Series

if TYPE_CHECKING:
    import pandas as pd

Members = Mapping[str, Series]

SERIES, BREAKS, BUILD = "marts.member_series", "core.breaks", "core.build"
INDICATORS, GROUPS = "core.indicators", "core.groups"
SETS, PEOPLE = "core.member_sets", "marts.denominators"
VALUE: Final = (SERIES, "value")
WINDOWS: Final = ((BREAKS, "first_year"), (BREAKS, "last_year"))


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


def common_year(members: Members, size: int) -> int | None:
    """The newest year of which enough of a set's states have a value; None where there is none."""
    years = sorted({y for s in members.values() for y in s.years}, reverse=True)
    least = enough(size)
    there = (y for y in years if sum(s.at(y) is not None for s in members.values()) >= least)
    return next(there, None)


def population(people: "pd.DataFrame") -> dict[str, Series]:
    """Persons by economy, from ``marts.denominators``."""
    there = people.dropna(subset=["population"])
    return {
        str(e): Series(tuple(part["year"].tolist()), tuple(part["population"].tolist()))
        for e, part in there.groupby("economy", sort=True)
    }


@dataclass(frozen=True)
class Reported:
    """The set that the warehouse is about.

    Attributes:
        name: its id in the catalogue.
        bloc: the bloc that it is a set of.
        economies: its states, sorted.
    """

    name: str
    bloc: str
    economies: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.economies)

    @property
    def least(self) -> int:
        """How many of its states are enough."""
        return enough(self.size)

    @property
    def the(self) -> str:
        """ "the ten" """
        return f"the {rounding.in_words(self.size)}"


def reported(sets: "pd.DataFrame") -> Reported:
    """That set, from ``core.member_sets``."""
    own = sets[sets["reported"]]
    first = own.iloc[0]
    economies = tuple(sorted(set(own["economy"])))
    return Reported(str(first["member_set"]), str(first["bloc"]), economies)
