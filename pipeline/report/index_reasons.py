"""Why the composite index ranks a state otherwise than another, and what releases moved in it.

Here are the facts, from the marts of the index; the sentences are ``narrative_development``'s. A
state's score is the weighted mean of its pillars, so its distance from the mean score of the states
is the sum of what each pillar adds to it: that is the reason given, and no cause.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Final

from pipeline.report.context import Context

AGGREGATION: Final = "arithmetic"
"""The one of two scores that is shown first."""
PARTS_OF: Final[Mapping[str, tuple[str, ...]]] = {"EGDI": ("EGDI.OSI", "EGDI.TII", "EGDI.HCI")}
"""Sub-indices, from 0 to 1, of another index whose mean they make."""


@dataclass(frozen=True)
class Effect:
    """What a part adds to a state's distance from the mean of the states, in points of 100."""

    part: str
    points: float


@dataclass(frozen=True)
class Difference:
    """A state that another index ranks outside its interval here.

    Attributes:
        effects: of each pillar on the score here, the largest first; they sum to its distance
            from the mean score of the states compared.
        others: the same of the other index's parts, where it has any.
    """

    indicator: str
    year: int
    economy: str
    own_rank: float
    low: float
    high: float
    other_rank: float
    effects: tuple[Effect, ...]
    others: tuple[Effect, ...]

    @property
    def places(self) -> float:
        """How many places the two ranks are apart."""
        return abs(self.own_rank - self.other_rank)

    @property
    def higher_here(self) -> bool:
        return self.own_rank < self.other_rank


def differences(context: Context, index_id: str) -> tuple[Difference, ...]:
    """Of each other index, in its newest year, the states that it ranks furthest from here and
    outside their interval: one, or those that are equally far."""
    rows = context.marts.rows(
        """
        SELECT c.indicator, c.year, c.economy, c.index_rank, s.rank_low, s.rank_high, c.other_rank
        FROM marts.index_comparison AS c
        INNER JOIN marts.index_scores AS s
            ON s.index_id = c.index_id AND s.year = c.year AND s.economy = c.economy
        WHERE c.index_id = ? AND s.aggregation = ? AND s.published
        QUALIFY c.year = max(c.year) OVER (PARTITION BY c.indicator)
        ORDER BY c.indicator, c.economy
        """,
        [index_id, AGGREGATION],
    )
    found: list[Difference] = []
    for indicator in dict.fromkeys(row[0] for row in rows):
        own = [row for row in rows if row[0] == indicator]
        year, economies = own[0][1], [row[2] for row in own]
        here = _effects(_pillars(context, index_id, year), economies)
        there = _effects(_parts(context, indicator, year), economies)
        outside = [
            Difference(
                indicator, year, economy, rank, low, high, other,
                here.get(economy, ()), there.get(economy, ()),
            )
            for _, _, economy, rank, low, high, other in own
            if not low <= other <= high
        ]  # fmt: skip
        farthest = max((d.places for d in outside), default=0.0)
        found += (d for d in outside if d.places == farthest and d.effects)
    return tuple(found)


Cells = Mapping[tuple[str, str], tuple[float, float]]
"""Score from 0 to 100 and weight by part and economy."""


def _pillars(context: Context, index_id: str, year: int) -> Cells:
    rows = context.marts.rows(
        "SELECT pillar, economy, score, weight FROM marts.index_pillars "
        "WHERE index_id = ? AND year = ? AND published ORDER BY pillar, economy",
        [index_id, year],
    )
    return {(pillar, economy): (score, weight) for pillar, economy, score, weight in rows}


def _parts(context: Context, indicator: str, year: int) -> Cells:
    parts = PARTS_OF.get(indicator, ())
    rows = context.marts.rows(
        "SELECT indicator, economy, value FROM core.current "
        "WHERE list_contains(?, indicator) AND year = ? AND counterpart = '_Z' "
        "ORDER BY indicator, economy",
        [list(parts), year],
    )
    return {(part, economy): (100 * value, 1 / len(parts)) for part, economy, value in rows}


def _effects(cells: Cells, economies: Sequence[str]) -> dict[str, tuple[Effect, ...]]:
    """Effects on each state that has every part, against the mean of these states."""
    parts = tuple(dict.fromkeys(part for part, _ in cells))
    whole = [e for e in economies if all((part, e) in cells for part in parts)]
    if not parts or not whole:
        return {}
    means = {part: fsum(cells[part, e][0] for e in whole) / len(whole) for part in parts}
    return {
        e: tuple(
            sorted(
                (Effect(p, cells[p, e][1] * (cells[p, e][0] - means[p])) for p in parts),
                key=lambda effect: (-effect.points, effect.part),
            )
        )
        for e in whole
    }


@dataclass(frozen=True)
class Seen:
    """One year of the index as seen from the days on which it had enough figures.

    Attributes:
        days: these days.
        economy: state whose score differs most between two of them, by ``points``.
        moved: states whose rank is not the same on all of them.
        before: the last day that had too few figures, with how many of the index's ``total``
            indicators had been released then; None where no day had too few.
    """

    year: int
    days: tuple[date, ...]
    economy: str
    points: float
    moved: tuple[str, ...]
    before: date | None
    released: int
    total: int


def seen(context: Context, index_id: str) -> Seen | None:
    """The year that most days had ranks of, of equals the newest; None without two such days."""
    rows = context.marts.rows(
        "SELECT year, seen_from, economy, score, rank FROM marts.index_history_by_vintage "
        "WHERE index_id = ? AND part = 'index' AND published ORDER BY year, seen_from, economy",
        [index_id],
    )
    days: dict[int, list[date]] = {}
    for year, day, *_ in rows:
        days.setdefault(year, [])
        if day not in days[year]:
            days[year].append(day)
    year = max(days, key=lambda y: (len(days[y]), y), default=None)
    if year is None or len(days[year]) < 2:
        return None
    scores: dict[str, list[float]] = {}
    ranks: dict[str, set[float]] = {}
    for at, _, economy, score, rank in rows:
        if at == year:
            scores.setdefault(economy, []).append(score)
            ranks.setdefault(economy, set()).add(rank)
    spread = {e: max(s) - min(s) for e, s in scores.items()}
    widest = max(spread, key=lambda e: (spread[e], e))
    before, released, total = _last_without(context, index_id, year, days[year][0])
    moved = tuple(e for e, found in ranks.items() if len(found) > 1)
    return Seen(
        year, tuple(days[year]), widest, spread[widest], moved, before, released, total
    )  # fmt: skip


def _last_without(
    context: Context, index_id: str, year: int, first: date
) -> tuple[date | None, int, int]:
    """The last day before ``first`` from which the year is looked at, indicators released by then,
    and indicators of the index."""
    total = context.marts.rows(
        "SELECT count(*) FROM core.index_indicators WHERE index_id = ?", [index_id]
    )[0][0]
    rows = context.marts.rows(
        "SELECT seen_from, max(n_released) FROM marts.index_history_by_vintage "
        "WHERE index_id = ? AND part = 'index' AND year = ? AND seen_from < ? "
        "GROUP BY seen_from ORDER BY seen_from DESC LIMIT 1",
        [index_id, year, first],
    )
    return (*rows[0], total) if rows else (None, 0, total)
