"""The composite index as the marts have it: scores, rank intervals, profiles, what it hangs on.

Only published rows are taken, and no rank without its interval. Words and pictures are made by
``exhibits.index``.
"""

from dataclasses import dataclass
from functools import cached_property

from pipeline.report.context import Context
from pipeline.report.index_reasons import AGGREGATION, Difference, Seen, differences, seen


@dataclass(frozen=True)
class Score:
    """A state's score (0 to 100) and rank with its interval. Bands never overlap, 1 is best."""

    economy: str
    year: int
    score: float
    geometric: float | None
    rank: float
    low: float
    high: float
    band: int
    filled: int
    oldest: int | None


@dataclass(frozen=True)
class PillarScore:
    """A state in one pillar, beside the median state; ``gap`` is the difference in points."""

    economy: str
    pillar: str
    score: float
    median: float | None
    gap: float | None


@dataclass(frozen=True)
class WithoutIndicator:
    """What leaving one indicator out does: mean places that ranks move, and who moves most."""

    indicator: str
    mean_shift: float
    economy: str
    rank_change: float


@dataclass(frozen=True)
class Factor:
    """Share of the variance of all ranks that one choice makes alone, and with the others."""

    name: str
    alone: float
    total: float


@dataclass(frozen=True)
class Other:
    """A state's rank in the index and in another one, among those that both have."""

    indicator: str
    year: int
    economy: str
    own_rank: float
    other_rank: float
    n: int
    spearman: float


@dataclass(frozen=True)
class Composite:
    """The facts of the newest year that has ranks."""

    context: Context

    @cached_property
    def name(self) -> str:
        """Name of the index in the catalogue."""
        rows = self.context.marts.rows(
            "SELECT name FROM core.index_plans WHERE index_id = ?", [self._index or ""]
        )
        plan = self.context.catalog.index.get(self._index or "")
        return plan.name if plan else str(rows[0][0]) if rows else ""

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """The states in the order of bands, and of scores within a band."""
        rows = self.context.marts.rows(
            "SELECT a.economy, a.year, a.score, g.score, a.rank, a.rank_low, a.rank_high, a.band, "
            "coalesce(a.n_filled, 0), a.oldest_year FROM marts.index_scores AS a "
            "LEFT JOIN marts.index_scores AS g ON g.index_id = a.index_id AND g.year = a.year "
            "AND g.economy = a.economy AND g.aggregation = 'geometric' "
            "WHERE a.index_id = ? AND a.year = ? AND a.aggregation = ? AND a.published "
            "ORDER BY a.band, a.score DESC, a.economy",
            [self._index or "", self.year or 0, AGGREGATION],
        )
        return tuple(Score(*row) for row in rows)

    @cached_property
    def year(self) -> int | None:
        """The newest year with ranks."""
        rows = self.context.marts.rows(
            "SELECT max(year) FROM marts.index_scores WHERE index_id = ? AND published",
            [self._index or ""],
        )
        return rows[0][0] if rows else None

    @cached_property
    def indicators(self) -> tuple[str, ...]:
        """The indicators of the index in their order."""
        rows = self.context.marts.rows(
            "SELECT indicator FROM core.index_indicators WHERE index_id = ? ORDER BY position",
            [self._index or ""],
        )
        return tuple(row[0] for row in rows)

    @cached_property
    def pillars(self) -> tuple[PillarScore, ...]:
        """Published scores in each pillar, by pillar in the order of the index."""
        rows = self.context.marts.rows(
            "SELECT economy, pillar, score, median, gap FROM marts.index_pillars "
            "WHERE index_id = ? AND year = ? AND published ORDER BY pillar, economy",
            [self._index or "", self.year or 0],
        )
        return tuple(PillarScore(*row) for row in rows)

    @cached_property
    def without(self) -> tuple[WithoutIndicator, ...]:
        """Each indicator left out, that which moves ranks most first."""
        rows = self.context.marts.rows(
            "SELECT indicator, any_value(mean_shift), "
            "arg_max(economy, (abs(rank_change), economy)), "
            "arg_max(rank_change, (abs(rank_change), economy)) "
            "FROM marts.index_leave_one_out WHERE index_id = ? AND year = ? "
            "AND rank_change IS NOT NULL GROUP BY indicator",
            [self._index or "", self.year or 0],
        )
        found = [WithoutIndicator(*row) for row in rows]
        return tuple(sorted(found, key=lambda w: (-w.mean_shift, -abs(w.rank_change), w.indicator)))

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """The choices by what they explain of how all ranks move, the most first."""
        rows = self.context.marts.rows(
            "SELECT factor, first_order, total FROM marts.index_sensitivity "
            "WHERE index_id = ? AND year = ? AND output = 'mean_shift' "
            "AND first_order IS NOT NULL AND total IS NOT NULL ORDER BY total DESC, factor",
            [self._index or "", self.year or 0],
        )
        return tuple(Factor(*row) for row in rows)

    @cached_property
    def others(self) -> tuple[Other, ...]:
        """The newest year that each other index shares, by index and state."""
        rows = self.context.marts.rows(
            "SELECT indicator, year, economy, index_rank, other_rank, n, spearman "
            "FROM marts.index_comparison AS c WHERE index_id = ? AND year = ("
            "SELECT max(year) FROM marts.index_comparison AS m "
            "WHERE m.indicator = c.indicator AND m.index_id = c.index_id) "
            "ORDER BY indicator, economy",
            [self._index or ""],
        )
        return tuple(Other(*row) for row in rows)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The states that another index ranks furthest from here, with what makes their score."""
        return differences(self.context, self._index or "")

    @cached_property
    def seen(self) -> Seen | None:
        """What releases moved in one year of the index."""
        return seen(self.context, self._index or "")

    @cached_property
    def _index(self) -> str | None:
        """The index whose states these are."""
        rows = self.context.marts.rows(
            "SELECT min(index_id) FROM core.index_plans WHERE member_set = ?",
            [self.context.member_set],
        )
        return rows[0][0] if rows else None
