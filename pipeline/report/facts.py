"""The computed facts behind findings and exhibits: numbers with what they rest on, no words.

Each fact is read once from the marts and used by text, chart and table alike. Where the warehouse
has nothing that may be published, the fact is None and the wording says so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from pipeline.catalog.models import Break
from pipeline.report.agreement import Agreement
from pipeline.report.claims import Ledger
from pipeline.report.composite import Composite
from pipeline.report.context import Context
from pipeline.report.goods import Goods
from pipeline.report.marts import (
    Contribution,
    GridCell,
    Index,
    Latest,
    LeftOut,
    Observation,
    Share,
)
from pipeline.report.progress import Progress
from pipeline.report.revisions import Revisions
from pipeline.report.sizes import Sizes

ONLINE: Final = "IT.NET.USER.ZS"
POPULATION: Final = "SP.POP.TOTL"
WORLD: Final = "WLD"
GDP: Final = "NY.GDP.MKTP.CD"
GDP_PPP: Final = "NY.GDP.MKTP.PP.CD"
ICT_EXPORTS: Final = "BX.GSR.CCIS.CD"
ICT_SHARE: Final = "BX.GSR.CCIS.ZS"
PER_GDP: Final = "per_gdp_gdp"
STATES_ALIKE: Final = "share_unweighted"
MOST_PCT: Final = 80.0
HALF_PCT: Final = 50.0
COMPARED_YEARS: Final = 4
"""A change is shown over about this many years."""
SMALL_PART: Final = 0.25
"""An index that falls below this part of itself without one state is that state's doing ..."""
NEARLY_EVEN: Final = 0.1
"""... if what is left is also below this: shares that nearly are in proportion."""
NEXT_TO_NOTHING: Final = 0.02
"""A state makes an index alone when the others together add less than this part of its own."""


@dataclass(frozen=True)
class Online:
    """Who is online by the newest values that are recent enough."""

    members: tuple[Latest, ...]

    @cached_property
    def recent(self) -> tuple[Latest, ...]:
        return tuple(v for v in self.members if v.value is not None)

    def above(self, pct: float) -> tuple[Latest, ...]:
        return tuple(v for v in self.recent if v.value is not None and v.value > pct)

    @property
    def lowest(self) -> Latest | None:
        return min(self.recent, key=lambda v: (v.value or 0.0, v.economy), default=None)

    @property
    def highest(self) -> Latest | None:
        return max(self.recent, key=lambda v: (v.value or 0.0, v.economy), default=None)


@dataclass(frozen=True)
class Offline:
    """People without the internet in the newest year that is published, in persons."""

    cell: Index
    persons: Mapping[str, float]

    @property
    def total(self) -> float:
        return sum(self.persons.values())

    @property
    def first(self) -> tuple[str, float]:
        """The state with most of them, and its part of the total in percent."""
        code = max(sorted(self.persons), key=lambda c: self.persons[c])
        return code, 100 * self.persons[code] / self.total


@dataclass(frozen=True)
class Concentration:
    """An index with what each state adds to it and what is left without each."""

    cell: Index
    theil_t: float
    contributions: tuple[Contribution, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def decisive(self) -> LeftOut | None:
        """The state without which the index changes most."""
        return max(
            self.left_out, key=lambda s: (abs(s.theil_t - self.theil_t), s.economy), default=None
        )


@dataclass(frozen=True)
class Sides:
    """Inequality of people online and of people offline between the same two years."""

    online: tuple[Index, ...]
    offline: tuple[Index, ...]

    @cached_property
    def years(self) -> tuple[int, int] | None:
        """An earlier and the newest year that both sides have, of the same states."""
        common = sorted({c.year for c in self.online} & {c.year for c in self.offline})
        if not common:
            return None
        states = [c.members for c in self.at(common[-1])]
        before = [
            y
            for y in common
            if y <= common[-1] - COMPARED_YEARS and [c.members for c in self.at(y)] == states
        ]
        return (before[-1], common[-1]) if before else None

    def at(self, year: int) -> tuple[Index, Index]:
        """Online and offline in ``year``."""
        return (
            next(c for c in self.online if c.year == year),
            next(c for c in self.offline if c.year == year),
        )


@dataclass(frozen=True)
class Claim:
    """The grid around the article's index."""

    cells: tuple[GridCell, ...]

    @property
    def near(self) -> tuple[GridCell, ...]:
        return tuple(c for c in self.cells if c.near)


@dataclass(frozen=True)
class Facts:
    """All facts of one edition; each is computed when first asked for."""

    context: Context

    @cached_property
    def online(self) -> Online:
        members = set(self.context.members)
        rows = [v for v in self.context.latest if v.indicator == ONLINE]
        return Online(tuple(v for v in rows if v.economy in members))

    def newest_of(self, state: str) -> tuple[Latest, ...]:
        """Newest values of a state, of the series of the catalogue that may be passed on."""
        catalog = self.context.catalog
        return tuple(
            v for v in self.context.latest
            if v.economy == state and (entry := catalog.indicators.get(v.indicator)) is not None
            and catalog.publishers[entry.publisher].licence.redistributable
        )  # fmt: skip

    @cached_property
    def profiled(self) -> tuple[str, ...]:
        """Members with a value of any of these, by name: each has a profile."""
        found = [
            c for c in self.context.members if any(v.year is not None for v in self.newest_of(c))
        ]
        return tuple(sorted(found, key=lambda c: (self.context.name(c), c)))

    @cached_property
    def online_series(self) -> tuple[Observation, ...]:
        return self.context.marts.series(ONLINE, self.context.members)

    @cached_property
    def shares(self) -> Mapping[str, tuple[Share, ...]]:
        """Shares of the world by indicator; people online under its own id."""
        found = self.context.marts.shares([POPULATION, GDP, GDP_PPP, ICT_EXPORTS])
        by = {i: tuple(s for s in found if s.indicator == i) for i in
              (POPULATION, GDP, GDP_PPP, ICT_EXPORTS)}  # fmt: skip
        return {**by, ONLINE: self.context.marts.share_of_people(ONLINE)}

    def share(self, indicator: str) -> Share | None:
        """The newest share of the world."""
        series = self.shares.get(indicator, ())
        return series[-1] if series else None

    @cached_property
    def offline(self) -> Offline | None:
        complement = self.context.complement(ONLINE)
        if complement is None:
            return None
        cells = self.indices(complement)
        cell = newest(cells, "totals") or newest(cells, "per_capita_population")
        if cell is None:
            return None
        persons = self.context.marts.outcomes(cell)
        return Offline(cell, persons) if sum(persons.values()) > 0 else None

    @cached_property
    def concentration(self) -> Concentration | None:
        """ICT service exports per dollar of GDP, newest year that is published."""
        return self._concentrated(newest(self.ict_indices, PER_GDP))

    @cached_property
    def ict_indices(self) -> tuple[Index, ...]:
        """Cells of ICT service exports for the report's member set."""
        return self.indices(ICT_EXPORTS)

    def concentration_of(self, member_set: str, year: int) -> Concentration | None:
        """The same for another member set, where it is published."""
        cells = self.context.marts.indices(ICT_EXPORTS)
        return self._concentrated(
            next(
                (
                    c
                    for c in cells
                    if c.published
                    and (c.member_set, c.year, c.weighting) == (member_set, year, PER_GDP)
                ),
                None,
            )
        )

    @cached_property
    def sides(self) -> Sides:
        complement = self.context.complement(ONLINE)
        cells = [
            tuple(c for c in self.indices(i) if c.published and c.weighting == STATES_ALIKE)
            for i in (ONLINE, complement)
            if i is not None
        ]
        return Sides(cells[0], cells[1] if len(cells) > 1 else ())

    @cached_property
    def revisions(self) -> Revisions:
        return Revisions(self.context)

    @cached_property
    def progress(self) -> Progress:
        return Progress(self.context)

    @cached_property
    def composite(self) -> Composite:
        return Composite(self.context)

    @cached_property
    def goods(self) -> Goods:
        return Goods(self.context)

    @cached_property
    def sizes(self) -> Sizes:
        return Sizes(self.context)

    @cached_property
    def agreement(self) -> Agreement:
        return Agreement(self.context)

    @cached_property
    def claims(self) -> Ledger:
        return Ledger(self.context)

    @cached_property
    def claim(self) -> Claim:
        # The article speaks of the project's own bloc.
        return Claim(self.context.marts.claim_grid() if self.context.whole else ())

    def breaks(self, indicator: str, first: int, last: int) -> tuple[tuple[str, Break], ...]:
        """Members whose series is not comparable between two years, with the break."""
        found = (
            (code, self.context.catalog.break_between(indicator, code, first, last))
            for code in self.context.members
        )
        return tuple((code, entry) for code, entry in found if entry is not None)

    def jumps(self, indicator: str, since: int) -> tuple[tuple[str, int, int], ...]:
        """Steps between neighbouring values of a member that are larger than the catalogue's
        largest plausible change a year and lie in no declared break: (economy, from, to)."""
        limit = self.context.catalog.indicators[indicator].max_jump
        if limit is None:
            return ()
        found = []
        series = self.context.marts.series(indicator, self.context.members)
        for before, after in pairwise(series):
            if before.economy != after.economy or before.year < since:
                continue
            large = abs(after.value - before.value) > limit * (after.year - before.year)
            if large and not self.context.catalog.break_between(
                indicator, after.economy, before.year, after.year
            ):
                found.append((after.economy, before.year, after.year))
        return tuple(found)

    def indices(self, indicator: str) -> tuple[Index, ...]:
        """Cells of an indicator, or of the other side of one, for the report's member set."""
        cells = self.context.marts.indices(indicator)
        return tuple(c for c in cells if c.member_set == self.context.member_set)

    def _concentrated(self, cell: Index | None) -> Concentration | None:
        if cell is None or cell.theil_t is None:
            return None
        marts = self.context.marts
        return Concentration(cell, cell.theil_t, marts.contributions(cell), marts.left_out(cell))


def newest(cells: Sequence[Index], weighting: str) -> Index | None:
    """The published cell of the latest year."""
    found = [c for c in cells if c.published and c.weighting == weighting]
    return max(found, key=lambda c: c.year, default=None)
