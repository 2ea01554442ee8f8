"""What the releases of a series say of one another: read from the marts and chosen by rule.

Here are the facts behind the section on revisions: what changed since the day that the edition is
compared with, which figures were revised most, and how the same year looked from different
releases. Words and pictures are made by ``exhibits.revisions``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, Literal

from pipeline.measures.coverage import enough
from pipeline.report.context import Context
from pipeline.report.marts import CurrentSnapshot

YEARS_OF_RELEASES: Final = 3
"""Releases of this many years are asked for the series revised most."""
NOTEWORTHY: Final = 0.01
"""A revision of less than this part of the older value is counted but not called one."""
ENOUGH_VALUES: Final = 200
"""A series is ranked where at least so many values were compared."""
RECENT_FIGURES: Final = 10
"""A figure's history is shown for the newest so many years."""
SEEN_OFTEN: Final = 4
"""A year is shown as seen from different releases where it was in at least so many."""
SHOWN: Final = 3
"""Revisions a series that are listed."""


Earlier = Literal["day", "year"]
"""What an edition is compared with: what was known on a day that its inputs name, or a year before.
The day is that of the last edition, of another, or of none: the report cannot know which stands
where it is read, and so calls it by its date."""


@dataclass(frozen=True)
class ChangeCounts:
    """What changed in the archive since a day: values of the members and the world, by kind."""

    series: int
    renewed: int
    """Series that had another release."""
    fresh: int
    """Series of which nothing had been published by that day."""
    new: int
    revised: int
    large: int
    withdrawn: int
    withdrawn_beyond: int
    unchanged: int


@dataclass(frozen=True)
class Revised:
    """A revised figure. ``large``: by more than it may plausibly change from year to year."""

    indicator: str
    economy: str
    year: int
    before: date
    after: date
    old: float
    new: float
    relative: float | None
    large: bool


@dataclass(frozen=True)
class SeriesRevisions:
    """How much the releases of some years revised a series of its members and the world."""

    indicator: str
    releases: int
    compared: int
    revised: int
    noteworthy: int

    @property
    def share(self) -> float:
        """Values revised noteworthily in percent of those compared."""
        return 100 * self.noteworthy / self.compared


@dataclass(frozen=True)
class ReleaseEffect:
    """What a release changed: values revised of those that both have, and by how much half of
    them at least, in parts of the older value."""

    revised: int
    compared: int
    median: float


@dataclass(frozen=True)
class Said:
    """What one release said of a figure, or what an index came to with it."""

    day: date
    value: float


@dataclass(frozen=True)
class History:
    """What each release said of one figure, in the order of releases."""

    economy: str
    year: int
    said: tuple[Said, ...]

    @property
    def spread(self) -> float:
        """Largest less smallest value."""
        values = [s.value for s in self.said]
        return max(values) - min(values)

    @property
    def steps(self) -> tuple[Said, ...]:
        """The first value and every one that differs noteworthily from that before it."""
        kept = list(self.said[:1])
        for before, now in pairwise(self.said):
            if abs(now.value - before.value) > NOTEWORTHY * abs(before.value):
                kept.append(now)
        return tuple(kept)


@dataclass(frozen=True)
class Revisions:
    """The facts of one edition; each is computed when first asked for."""

    context: Context

    @property
    def since(self) -> date | None:
        """The day that the edition is compared with, as the marts have it; None without a build."""
        return self._compared[0]

    @property
    def earlier(self) -> Earlier:
        """Whether that is a day that the inputs name, or the one a year before."""
        return "day" if self._compared[1] else "year"

    @cached_property
    def _compared(self) -> tuple[date | None, bool]:
        rows = self.context.marts.rows(
            "SELECT CAST(coalesce(since, as_of - INTERVAL 1 YEAR) AS DATE), since IS NOT NULL "
            "FROM core.build"
        )
        return (rows[0][0], rows[0][1]) if rows else (None, False)

    @cached_property
    def counts(self) -> ChangeCounts | None:
        """What changed since that day; None where nothing had been published by then."""
        rows = self.context.marts.rows(
            "SELECT count(*), count(*) FILTER (WHERE vintage_old < vintage_new), "
            "count(*) FILTER (WHERE vintage_old IS NULL), sum(n_new), sum(n_revised), "
            "sum(n_large), sum(n_withdrawn), sum(n_withdrawn_beyond), sum(n_unchanged) "
            "FROM marts.revision_counts WHERE comparison = 'since'"
        )
        series, renewed, fresh, *counted = rows[0]
        if not series or fresh == series:
            return None
        return ChangeCounts(series, renewed, fresh, *(int(n) for n in counted))

    @cached_property
    def largest(self) -> tuple[Revised, ...]:
        """The largest revisions of each headline series since that day, of the member set's states
        and the world, the largest series first."""
        rows = self.context.marts.rows(
            """
            SELECT r.indicator, r.economy, r.year, r.vintage_old, r.vintage_new, r.value_old,
                r.value_new, r.relative, r.large
            FROM marts.revisions AS r
            WHERE r.comparison = 'since' AND r.kind = 'revised'
                AND list_contains(?, r.indicator) AND list_contains(?, r.economy)
                AND abs(r.relative) >= ?
            QUALIFY row_number() OVER (
                PARTITION BY r.indicator ORDER BY abs(r.relative) DESC, r.economy, r.year
            ) <= ?
            ORDER BY max(abs(r.relative)) OVER (PARTITION BY r.indicator) DESC, r.indicator,
                abs(r.relative) DESC, r.economy, r.year
            """,
            [list(self._headlines), [*self.context.members, "WLD"], NOTEWORTHY, SHOWN],
        )
        return tuple(Revised(*row) for row in rows)

    @cached_property
    def most_revised(self) -> tuple[SeriesRevisions, ...]:
        """Series by the share of their values that the releases of the last years revised."""
        rows = self.context.marts.rows(
            """
            WITH recent AS (
                SELECT c.*
                FROM marts.revision_counts AS c, core.build AS b
                WHERE c.comparison = 'release'
                    AND c.vintage_new > b.as_of - to_years(CAST(? AS INTEGER))
            ),
            noteworthy AS (
                SELECT r.indicator, count(*) AS n
                FROM marts.revisions AS r
                JOIN recent USING (comparison, publisher, indicator, vintage_new)
                WHERE r.kind = 'revised' AND (abs(r.relative) >= ? OR r.relative IS NULL)
                GROUP BY r.indicator
            )
            SELECT r.indicator, count(*), sum(r.n_revised + r.n_unchanged), sum(r.n_revised),
                coalesce(any_value(n.n), 0)
            FROM recent AS r
            LEFT JOIN noteworthy AS n USING (indicator)
            GROUP BY r.indicator
            HAVING sum(r.n_revised + r.n_unchanged) >= ?
            ORDER BY r.indicator
            """,
            [YEARS_OF_RELEASES, NOTEWORTHY, ENOUGH_VALUES],
        )
        known = self.context.catalog.indicators
        found = [SeriesRevisions(i, n, int(c), int(r), w) for i, n, c, r, w in rows if i in known]
        return tuple(sorted(found, key=lambda s: (-s.share, s.indicator)))

    def histories(self, indicator: str) -> tuple[History, ...]:
        """What the releases said of each member's figure of each of the newest years."""
        first = self.context.as_of.year - RECENT_FIGURES
        rows = self.context.marts.rows(
            "SELECT economy, year, vintage, value FROM marts.value_history "
            "WHERE indicator = ? AND list_contains(?, economy) AND year >= ? "
            "ORDER BY economy, year, vintage",
            [indicator, list(self.context.members), first],
        )
        return tuple(
            History(economy, year, said) for (economy, year), said in _grouped(rows).items()
        )

    def most_disputed(self, indicator: str) -> tuple[History, ...]:
        """The figure of each member that the releases disagree on most, where it is by more than
        the indicator may plausibly change in a year; the widest first."""
        limit = self.context.catalog.indicators[indicator].max_jump
        if limit is None:
            return ()
        widest: dict[str, History] = {}
        for history in self.histories(indicator):
            known = widest.get(history.economy)
            if history.spread > max(limit, known.spread if known else 0.0):
                widest[history.economy] = history
        return tuple(sorted(widest.values(), key=lambda h: (-h.spread, h.economy)))

    def seen_often(self, indicator: str) -> tuple[History, ...]:
        """The members' figures of the newest year that enough of them have in enough releases."""
        often = [h for h in self.histories(indicator) if len(h.said) >= SEEN_OFTEN]
        years, least = {h.year for h in often}, enough(len(self.context.members))
        full = [y for y in years if sum(h.year == y for h in often) >= least]
        return tuple(h for h in often if h.year == max(full, default=0))

    def index_histories(self, indicator: str, weighting: str) -> Mapping[int, tuple[Said, ...]]:
        """The published Theil index of each year that is in enough releases, as each made it."""
        rows = self.context.marts.rows(
            "SELECT year, seen_from, theil_t FROM marts.vintage_inequality "
            "WHERE indicator = ? AND weighting = ? AND published ORDER BY year, seen_from",
            [indicator, weighting],
        )
        found: dict[int, list[Said]] = {}
        for year, day, value in rows:
            found.setdefault(year, []).append(Said(day, value))
        return {year: tuple(said) for year, said in found.items() if len(said) >= SEEN_OFTEN}

    def release_of(self, indicator: str, day: date) -> ReleaseEffect | None:
        """What the release of a day changed of what the one before it had said."""
        rows = self.context.marts.rows(
            "SELECT n_revised, n_revised + n_unchanged, median_relative "
            "FROM marts.revision_counts "
            "WHERE comparison = 'release' AND indicator = ? AND vintage_new = ?",
            [indicator, day],
        )
        return ReleaseEffect(*rows[0]) if rows and rows[0][2] is not None else None

    def releases(self, *indicators: str) -> tuple[CurrentSnapshot, ...]:
        """Every release of these series that spoke."""
        rows = self.context.marts.rows(
            "SELECT publisher, indicator, vintage, vintage_basis, snapshot FROM core.snapshots "
            "WHERE rank_in_vintage = 1 AND list_contains(?, indicator) "
            "ORDER BY publisher, indicator, vintage",
            [list(indicators)],
        )
        return tuple(CurrentSnapshot(p, i, v, b or "", s) for p, i, v, b, s in rows)

    def compared(self, indicators: Sequence[str]) -> tuple[CurrentSnapshot, ...]:
        """The releases of these series that spoke on that day, and those that speak now."""
        rows = self.context.marts.rows(
            "SELECT p.snapshot_old, p.snapshot_new FROM marts.release_pairs AS p "
            "WHERE p.comparison = 'since' AND list_contains(?, p.indicator)",
            [list(indicators)],
        )
        spoke = {snapshot for row in rows for snapshot in row}
        return tuple(s for s in self.releases(*indicators) if s.snapshot in spoke)

    def revised_beyond(self, indicator: str) -> Mapping[tuple[str, int], Revised]:
        """Figures of members that one of the newest releases revised by more than they may
        plausibly change, with their newest such revision, by economy and year."""
        rows = self.context.marts.rows(
            """
            SELECT r.indicator, r.economy, r.year, r.vintage_old, r.vintage_new, r.value_old,
                r.value_new, r.relative, r.large
            FROM marts.revisions AS r, core.build AS b
            WHERE r.comparison = 'release' AND r.large AND r.indicator = ?
                AND list_contains(?, r.economy)
                AND r.vintage_new > b.as_of - to_years(CAST(? AS INTEGER))
            ORDER BY r.economy, r.year, r.vintage_new
            """,
            [indicator, list(self.context.members), YEARS_OF_RELEASES],
        )
        return {(r.economy, r.year): r for r in (Revised(*row) for row in rows)}

    @property
    def _headlines(self) -> tuple[str, ...]:
        return tuple(i.id for i in self.context.catalog.indicators.values() if i.headline)


def _grouped(rows: Sequence[tuple[Any, ...]]) -> dict[tuple[str, int], tuple[Said, ...]]:
    found: dict[tuple[str, int], list[Said]] = {}
    for economy, year, day, value in rows:
        found.setdefault((economy, year), []).append(Said(day, value))
    return {key: tuple(said) for key, said in found.items()}
