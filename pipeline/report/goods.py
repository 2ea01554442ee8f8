"""Goods traded among the members as the marts have it: flows, shares, balances, both ends.

All of it is one publisher's, the one that speaks in ``core.goods_series``. Only published rows are
taken. A flow that nobody reported has no row and is not zero. Words and pictures are made by
``exhibits.bloc_trade``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipeline.measures.coverage import enough
from pipeline.report.context import Context

EXPORTS: Final = "exports"
IMPORTS: Final = "imports"


@dataclass(frozen=True)
class Flow:
    """Exports from one member to another, in million US$."""

    seller: str
    buyer: str
    value: float
    estimated: bool


@dataclass(frozen=True)
class IntraShare:
    """Part of the members' trade with the world that is with members, 0 to 1."""

    flow: str
    year: int
    share: float
    members: tuple[str, ...]
    estimated: float | None


@dataclass(frozen=True)
class Balance:
    """Goods sold less goods bought by the reporter, in million US$."""

    partner: str
    year: int
    exports: float
    imports: float
    balance: float
    partners: int
    estimated: int


@dataclass(frozen=True)
class Mirror:
    """A flow as both ends report it, in million US$; ``difference`` without freight."""

    seller: str
    buyer: str
    year: int
    sold: float
    bought: float
    difference: float
    asymmetry: float

    @property
    def bought_fob(self) -> float:
        """What the buyer reports, freight and insurance taken off."""
        return self.sold + self.difference


@dataclass(frozen=True)
class Goods:
    """The facts of the newest year of which the publisher has enough."""

    context: Context

    @cached_property
    def series(self) -> Mapping[str, str]:
        """The series that speaks, by flow."""
        rows = self.context.marts.rows(
            "SELECT flow, indicator FROM core.goods_series WHERE state = 'speaks' ORDER BY flow"
        )
        return dict(rows)

    def source(self, *flows: str) -> str:
        """Source line of what rests on these flows."""
        return self.context.source(*(self.series[f] for f in flows if f in self.series))

    @cached_property
    def covered(self) -> list[str]:
        """The members; of another bloc none, where too few report for any share of its trade."""
        return list(self.context.members) if self.context.whole or self.shares else []

    @cached_property
    def held(self) -> int:
        """Of how many members trade with some other member is held at all."""
        rows = self.context.marts.rows(
            "SELECT count(DISTINCT reporter) FROM marts.trade_matrix "
            "WHERE list_contains(?, reporter) AND list_contains(?, partner)",
            [list(self.context.members), list(self.context.members)],
        )
        return int(rows[0][0])

    @cached_property
    def year(self) -> int | None:
        """The newest year in which enough members have exports to members, and imports from them;
        where no year has enough, the newest with exports."""
        rows = self.context.marts.rows(
            "SELECT year, count(DISTINCT reporter) FILTER (WHERE flow = 'exports') AS sellers, "
            "count(DISTINCT reporter) FILTER (WHERE flow = 'imports') AS buyers "
            "FROM marts.trade_matrix WHERE list_contains(?, reporter) "
            "AND list_contains(?, partner) GROUP BY year HAVING sellers > 0 "
            "ORDER BY least(sellers, buyers) >= ? DESC, year DESC LIMIT 1",
            [self.covered, self.covered, self.least],
        )
        return rows[0][0] if rows else None

    @property
    def least(self) -> int:
        """How many members are enough for a year."""
        return enough(len(self.context.members))

    @cached_property
    def later(self) -> str:
        """Why nothing stands after the year: ``few`` have later figures, the set was ``closed``, or
        there are none ``yet``."""
        rows = self.context.marts.rows(
            "SELECT max(year) > ? FROM marts.trade_matrix WHERE list_contains(?, reporter) "
            "AND list_contains(?, partner)",
            [self.year or 0, self.covered, self.covered],
        )
        if rows[0][0]:
            return "few"
        catalog = self.context.catalog
        publishers = {catalog.indicators[i].publisher for i in self.series.values()}
        return "closed" if any(catalog.publishers[p].closed for p in publishers) else "yet"

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Exports among the members in that year, by seller and buyer."""
        rows = self.context.marts.rows(
            "SELECT reporter, partner, value, estimated FROM marts.trade_matrix "
            "WHERE flow = 'exports' AND year = ? AND list_contains(?, reporter) "
            "AND list_contains(?, partner) ORDER BY reporter, partner",
            [self.year or 0, self.covered, self.covered],
        )
        return tuple(Flow(*row) for row in rows)

    @cached_property
    def shares(self) -> tuple[IntraShare, ...]:
        """The part of trade within the bloc, by flow and year."""
        rows = self.context.marts.rows(
            "SELECT flow, year, value, members, estimated_share FROM marts.trade_shares "
            "WHERE measure = 'intra_share' AND reporter = ? AND published ORDER BY flow, year",
            [self.context.member_set],
        )
        return tuple(IntraShare(f, y, v, tuple(m.split()), e) for f, y, v, m, e in rows)

    @cached_property
    def intensity(self) -> float | None:
        """How much more the members sell to one another than their size explains, newest."""
        rows = self.context.marts.rows(
            "SELECT value FROM marts.trade_shares WHERE measure = 'intensity' AND reporter = ? "
            "AND partner = ? AND year = ? AND published",
            [self.context.member_set, self.context.member_set, self.year or 0],
        )
        return rows[0][0] if rows else None

    def balances(self, reporter: str, partner: str) -> tuple[Balance, ...]:
        """A member's trade with a partner or a group of partners, by year."""
        rows = self.context.marts.rows(
            "SELECT partner, year, exports, imports, balance, n_partners, n_estimated "
            "FROM marts.trade_balances WHERE reporter = ? AND partner = ? AND published "
            "AND list_contains(?, reporter) ORDER BY year",
            [reporter, partner, self.covered],
        )
        return tuple(Balance(*row) for row in rows)

    def reported(self, reporter: str, *, estimated: bool = False) -> tuple[int, ...]:
        """The year of each flow between a member and another, sold or bought, as the member has it.

        ``estimated``: only of those that the publisher marks as its own estimates.
        """
        rows = self.context.marts.rows(
            "SELECT year FROM marts.trade_matrix WHERE reporter = ? AND (estimated OR NOT ?) "
            "AND list_contains(?, reporter) AND list_contains(?, partner) ORDER BY year",
            [reporter, estimated, self.covered, self.covered],
        )
        return tuple(year for (year,) in rows)

    @cached_property
    def mirrors(self) -> tuple[Mirror, ...]:
        """Flows of the newest year with both ends, the largest difference in dollars first."""
        rows = self.context.marts.rows(
            "SELECT seller, buyer, year, sold, bought, difference, asymmetry "
            "FROM marts.trade_mirror WHERE year = ? AND published AND list_contains(?, seller) "
            "ORDER BY abs(difference) DESC, seller, buyer",
            [self.year or 0, self.covered],
        )
        return tuple(Mirror(*row) for row in rows)
