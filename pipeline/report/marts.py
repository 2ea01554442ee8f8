"""What the report reads from the warehouse: typed rows, and only what may be published.

One function a question, in SQL over the marts; nothing is computed here that a mart computes, and
no row leaves that its mart does not mark as published (or that has no recent value).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline.report.content import NO_PARTNER, Cell

if TYPE_CHECKING:
    import duckdb

Answers = dict[tuple[str, str], list[tuple[Any, ...]]]
"""Rows by query and parameters."""


@dataclass(frozen=True)
class Latest:
    """The newest value of a series. ``value`` is None where it is too old or was never there."""

    indicator: str
    economy: str
    year: int | None
    value: float | None
    age: int | None
    reason: str | None


@dataclass(frozen=True)
class Observation:
    indicator: str
    economy: str
    year: int
    value: float
    status: str
    corrected: bool
    """Whether the catalogue corrects what was published."""


@dataclass(frozen=True)
class Corrected:
    """A published value that the catalogue corrects. ``value`` is None where it takes it away."""

    indicator: str
    economy: str
    year: int
    published: float
    value: float | None
    reason: str
    evidence: str


@dataclass(frozen=True)
class Share:
    """Part of the world's total, in percent."""

    indicator: str
    year: int
    share: float
    n: int
    missing: tuple[str, ...]
    provisional: bool


@dataclass(frozen=True)
class Index:
    """One row of the inequality family. ``reason`` says why ``published`` is false."""

    indicator: str
    year: int
    weighting: str
    member_set: str
    n: int
    members: tuple[str, ...]
    missing: tuple[str, ...]
    theil_t: float | None
    value_range: float | None
    ceiling: float | None
    published: bool
    reason: str | None


@dataclass(frozen=True)
class Persons:
    """People of a state on one side of a share."""

    economy: str
    year: int
    persons: float


@dataclass(frozen=True)
class Contribution:
    economy: str
    outcome_share: float
    reference_share: float
    contribution: float


@dataclass(frozen=True)
class LeftOut:
    economy: str
    n: int
    theil_t: float
    ceiling: float | None


@dataclass(frozen=True)
class GroupPart:
    group: str
    outcome_share: float
    reference_share: float
    between: float
    within: float


@dataclass(frozen=True)
class GridCell:
    indicator: str
    member_set: str
    year: int
    measure: str
    weighting: str
    value: float
    near: bool


@dataclass(frozen=True)
class CurrentSnapshot:
    publisher: str
    indicator: str
    vintage: date
    vintage_basis: str
    snapshot: str

    @property
    def upper_bound(self) -> bool:
        """Whether the date is that of a copy, the release being of that day or before."""
        return "upper bound" in self.vintage_basis


@dataclass(frozen=True)
class Marts:
    """Questions to one open warehouse about one member set."""

    con: "duckdb.DuckDBPyConnection"
    member_set: str
    answers: Answers = field(default_factory=dict)
    """What has been asked of this warehouse before, as in another language."""

    def latest(self) -> tuple[Latest, ...]:
        """Every indicator for each member and the world; goods trade by partner once, of the
        publisher that speaks."""
        rows = self.rows(
            "SELECT v.indicator, v.economy, v.year, v.published_value, v.age_years, v.reason "
            "FROM marts.latest_values AS v WHERE NOT EXISTS (FROM core.goods_series AS s "
            "JOIN core.goods_series AS o USING (flow) WHERE s.indicator = v.indicator "
            "AND s.state = 'stands back' AND o.state = 'speaks') ORDER BY v.indicator, v.economy"
        )
        return tuple(Latest(*row) for row in rows)

    def standing_back(self) -> frozenset[str]:
        """Publishers of goods trade by partner in whose place another speaks."""
        rows = self.rows("SELECT publisher FROM core.goods_series WHERE state = 'stands back'")
        return frozenset(publisher for (publisher,) in rows)

    def series(self, indicator: str, economies: Sequence[str]) -> tuple[Observation, ...]:
        """All years of one indicator as of the date, by economy and year."""
        rows = self.rows(
            "SELECT c.indicator, c.economy, c.year, c.value, coalesce(c.status, ''), c.corrected "
            "FROM core.current AS c "
            "JOIN core.indicators AS i ON i.indicator = c.indicator AND i.publisher = c.publisher "
            "WHERE c.indicator = ? AND c.counterpart = '_Z' AND list_contains(?, c.economy) "
            "ORDER BY c.economy, c.year",
            [indicator, list(economies)],
        )
        return tuple(Observation(*row) for row in rows)

    def corrections(self) -> tuple[Corrected, ...]:
        """The corrections that are applied as of the date."""
        rows = self.rows(
            "SELECT indicator, economy, year, found, value, reason, evidence "
            "FROM core.corrections WHERE state = 'applied' ORDER BY indicator, economy, year"
        )
        return tuple(Corrected(*row) for row in rows)

    def shares(self, indicators: Sequence[str]) -> tuple[Share, ...]:
        """Published shares of the world, by indicator and year."""
        rows = self.rows(
            "SELECT indicator, year, share_pct, n, missing, provisional FROM marts.world_shares "
            "WHERE published AND member_set = ? AND list_contains(?, indicator) "
            "ORDER BY indicator, year",
            [self.member_set, list(indicators)],
        )
        return tuple(Share(i, y, s, n, _codes(m), bool(p)) for i, y, s, n, m, p in rows)

    def share_of_people(self, indicator: str) -> tuple[Share, ...]:
        """Part of the world's people who have what ``indicator`` gives in percent of people.

        The members' mean and the world's value, each times its population of the year.
        """
        rows = self.rows(
            """
            SELECT a.indicator, a.year, 100 * (a.value * p.member_total)
                / (w.value * p.world_total), a.n, a.missing,
                a.year = (
                    SELECT max(n.year) FROM core.current AS n
                    WHERE n.indicator = a.indicator AND n.economy = 'WLD'
                        AND n.publisher = i.publisher
                ) AS provisional
            FROM marts.member_aggregates AS a
            JOIN marts.world_shares AS p
                ON p.indicator = 'SP.POP.TOTL' AND p.year = a.year
                AND p.member_set = a.member_set AND p.published
            JOIN core.indicators AS i ON i.indicator = a.indicator
            JOIN core.current AS w
                ON w.indicator = a.indicator AND w.publisher = i.publisher
                AND w.economy = 'WLD' AND w.year = a.year AND w.counterpart = '_Z'
            WHERE a.indicator = ? AND a.member_set = ? AND a.published
                AND a.n = p.n AND w.value > 0
            ORDER BY a.year
            """,
            [indicator, self.member_set],
        )
        return tuple(Share(i, y, s, n, _codes(m), bool(p)) for i, y, s, n, m, p in rows)

    def indices(self, indicator: str) -> tuple[Index, ...]:
        """All cells of one indicator, those that are not published without their measures."""
        rows = self.rows(
            "SELECT indicator, year, weighting, member_set, n, members, missing, "
            "CASE WHEN published THEN theil_t END, CASE WHEN published THEN value_range END, "
            "CASE WHEN published THEN ceiling END, published, reason FROM marts.inequality "
            "WHERE indicator = ? ORDER BY member_set, weighting, year",
            [indicator],
        )
        return tuple(
            Index(i, y, w, s, n, _codes(m), _codes(o), t, r, c, bool(p), why)
            for i, y, w, s, n, m, o, t, r, c, p, why in rows
        )

    def outcomes(self, cell: Index) -> dict[str, float]:
        """What each state holds in the distribution behind ``cell``."""
        rows = self.rows(
            "SELECT economy, outcome FROM marts.distributions WHERE indicator = ? AND year = ? "
            "AND weighting = ? AND member_set = ? ORDER BY economy",
            _key(cell),
        )
        return dict(rows)

    def persons(self, indicator: str) -> tuple[Persons, ...]:
        """People by state and year, in years whose distribution is published."""
        rows = self.rows(
            "SELECT d.economy, d.year, d.outcome FROM marts.distributions AS d "
            "JOIN marts.inequality AS i USING (indicator, year, weighting, member_set) "
            "WHERE i.published AND d.indicator = ? AND d.weighting = 'totals' "
            "AND d.member_set = ? ORDER BY d.economy, d.year",
            [indicator, self.member_set],
        )
        return tuple(Persons(*row) for row in rows)

    def means(self, indicator: str) -> tuple[tuple[int, float], ...]:
        """Year and published mean of the members, weighted as the catalogue says."""
        rows = self.rows(
            "SELECT year, value FROM marts.member_aggregates WHERE indicator = ? "
            "AND member_set = ? AND published ORDER BY year",
            [indicator, self.member_set],
        )
        return tuple((year, value) for year, value in rows)

    def revised(self, economy: str) -> tuple[int, int]:
        """Figures of a state that were revised since the day compared with, and those of them by
        more than is plausible."""
        rows = self.rows(
            "SELECT count(*), count(*) FILTER (WHERE large) FROM marts.revisions "
            "WHERE comparison = 'since' AND kind = 'revised' AND economy = ?",
            [economy],
        )
        return rows[0][0], rows[0][1]

    def contributions(self, cell: Index) -> tuple[Contribution, ...]:
        rows = self.rows(
            "SELECT economy, outcome_share, reference_share, contribution "
            "FROM marts.inequality_contributions WHERE indicator = ? AND year = ? "
            "AND weighting = ? AND member_set = ? ORDER BY economy",
            _key(cell),
        )
        return tuple(Contribution(*row) for row in rows)

    def left_out(self, cell: Index) -> tuple[LeftOut, ...]:
        rows = self.rows(
            "SELECT left_out, n, theil_t, ceiling FROM marts.inequality_leave_one_out "
            "WHERE indicator = ? AND year = ? AND weighting = ? AND member_set = ? "
            "AND theil_t IS NOT NULL ORDER BY left_out",
            _key(cell),
        )
        return tuple(LeftOut(*row) for row in rows)

    def groups(self, cell: Index, scheme: str) -> tuple[GroupPart, ...]:
        rows = self.rows(
            'SELECT group_id, outcome_share, reference_share, "between", "within" '
            "FROM marts.inequality_groups WHERE indicator = ? AND year = ? AND weighting = ? "
            "AND member_set = ? AND scheme = ? ORDER BY group_id",
            [*_key(cell), scheme],
        )
        return tuple(GroupPart(*row) for row in rows)

    def claim_grid(self) -> tuple[GridCell, ...]:
        """Published cells of the grid around the article's index."""
        rows = self.rows(
            "SELECT indicator, member_set, year, measure, weighting, value, near "
            "FROM marts.theil_claim_grid WHERE published AND isfinite(value) "
            "ORDER BY indicator, member_set, year, measure, weighting"
        )
        return tuple(GridCell(*row) for row in rows)

    def snapshots(self) -> tuple[CurrentSnapshot, ...]:
        """Every snapshot that speaks as of the date."""
        rows = self.rows(
            "SELECT publisher, indicator, vintage, vintage_basis, snapshot FROM core.snapshots "
            "WHERE is_current ORDER BY publisher, indicator"
        )
        return tuple(CurrentSnapshot(*row) for row in rows)

    def cells(self, indicator: str, places: Sequence[tuple[str, int]]) -> tuple[Cell, ...]:
        """The values of a series that speak at places, each an economy and a year."""
        rows = self.rows(
            "SELECT c.indicator, c.economy, c.counterpart, c.year, c.value, c.unit, c.snapshot "
            "FROM core.current AS c JOIN core.indicators AS i USING (publisher, indicator) "
            "WHERE c.indicator = ? AND c.counterpart = ? "
            "AND list_contains(?, c.economy || ' ' || c.year) ORDER BY ALL",
            [indicator, NO_PARTNER, [f"{economy} {year}" for economy, year in places]],
        )
        return tuple(Cell(*row) for row in rows)

    def hashes(self) -> dict[str, str]:
        """SHA-256 of the content of every snapshot, by its id."""
        return dict(self.rows("SELECT snapshot, sha256 FROM core.snapshots ORDER BY snapshot"))

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """What a query gives; its values stand in ``parameters`` and never in the text."""
        asked = sql, repr(parameters)
        if asked not in self.answers:
            self.answers[asked] = self.con.execute(sql, list(parameters)).fetchall()
        return list(self.answers[asked])


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple((text or "").split())


def _key(cell: Index) -> list[Any]:
    return [cell.indicator, cell.year, cell.weighting, cell.member_set]
