"""What a rank of the composite index is worth: how it moves when reasonable choices change.

Here are the simulation of the choices (normalisation, imputation, an indicator dropped, weights,
aggregation), the intervals and bands of ranks, and the index without each indicator. How a score
comes about is ``composite``'s, what the ranks hang on ``composite_sensitivity``'s.

Source: Saisana, Saltelli and Tarantola, Journal of the Royal Statistical Society A 168 (2005).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from pipeline.errors import MeasureError
from pipeline.measures.composite import (
    AGGREGATIONS,
    IMPUTATIONS,
    NORMALISATIONS,
    Places,
    Plan,
    aggregate,
    checked,
    impute,
    normalise,
    pillar_scores,
    profiles,
)
from pipeline.measures.formulas import Array

Factor = Literal["normalisation", "imputation", "dropped", "weights", "aggregation"]
FACTORS: tuple[Factor, ...] = get_args(Factor)
LOW, HIGH = 0.05, 0.95
_DIGITS = 9
"""Scores that differ by less than 1e-9 are equal: that is rounding, not a difference."""


@dataclass(frozen=True)
class Draws:
    """Choices of the simulation, one a draw; each attribute has shape (d,) but for ``weights``.

    Attributes:
        normalisation: place in ``NORMALISATIONS``.
        imputation: place in ``IMPUTATIONS``.
        dropped: column of the indicator that is left out, or −1 for none.
        weights: pillar weights, shape (d, p), each row summing to 1.
        aggregation: place in ``AGGREGATIONS``.
    """

    normalisation: Places = field(repr=False)
    imputation: Places = field(repr=False)
    dropped: Places = field(repr=False)
    weights: Array = field(repr=False)
    aggregation: Places = field(repr=False)

    def __len__(self) -> int:
        return len(self.dropped)


@dataclass(frozen=True)
class RankRange:
    """The rank of one unit, with what it is worth.

    Attributes:
        unit: its name.
        rank: by the published choices, 1 is best; equals share the mean of their ranks.
        low: rank that 5 % of the draws do not exceed.
        median: rank that half of the draws do not exceed.
        high: rank that 95 % of the draws do not exceed.
        band: 1 for the best. The intervals [low, high] of two units in different bands never
            overlap; units of one band are joined by a chain of overlapping ones (sharing an end
            counts), so that two of one band may still lie apart.
    """

    unit: str
    rank: float
    low: float
    median: float
    high: float
    band: int


@dataclass(frozen=True)
class Uncertainty:
    """Ranks under other reasonable choices.

    Attributes:
        ranges: ranked units, by band, then by median, rank and name.
        unranked: units without a score, with why; they take no rank in any draw.
        imputed: (unit, indicator) of each value that some draws filled in.
        draws: number of draws.
        seed: seed of the generator (PCG64).
    """

    ranges: tuple[RankRange, ...]
    unranked: tuple[tuple[str, str], ...]
    imputed: tuple[tuple[str, str], ...]
    draws: int
    seed: int


@dataclass(frozen=True)
class LeftOutIndicator:
    """The index without one of its indicators, otherwise by the published choices.

    Attributes:
        indicator: its name.
        changes: (unit, change of score in points, change of rank in places; below 0 is upwards),
            in the order of the units.
        mean_shift: mean over units of how many places their rank changes.
    """

    indicator: str
    changes: tuple[tuple[str, float, float], ...]
    mean_shift: float


def uncertainty(
    values: ArrayLike, units: Sequence[str], plan: Plan, *, draws: int = 10_000, seed: int = 0
) -> Uncertainty:
    """Rank intervals over normalisation × imputation × one indicator dropped × weights ×
    aggregation, each drawn independently of the others.

    Raises:
        MeasureError: see ``profiles``; also where no unit has a score, or there are no draws.
    """
    model = IndexModel.of(values, units, plan)
    if draws < 1:
        raise MeasureError(f"{draws} draws: expected at least one")
    ranks = model.ranks(draw(plan, draws, np.random.Generator(np.random.PCG64(seed))))
    # By inverted distribution function: an end of an interval is a rank that occurred.
    low, median, high = np.quantile(ranks, [LOW, 0.5, HIGH], axis=0, method="inverted_cdf")
    its_band = bands(low, high)
    ranges = [
        RankRange(
            unit=unit,
            rank=float(model.published[i]),
            low=float(low[i]),
            median=float(median[i]),
            high=float(high[i]),
            band=int(its_band[i]),
        )
        for i, unit in enumerate(model.units)
    ]
    return Uncertainty(
        ranges=tuple(sorted(ranges, key=lambda r: (r.band, r.median, r.rank, r.unit))),
        unranked=model.unranked,
        imputed=model.imputed,
        draws=draws,
        seed=seed,
    )


def bands(low: Array, high: Array) -> Places:
    """Number of each interval's band, 1 for the one with the least ``low``, shape (n,).

    Bands are the parts of the line that a chain of overlapping intervals covers without a gap;
    intervals that share no more than an end overlap.
    """
    found = np.empty(len(low), dtype=np.intp)
    band, reach = 0, -math.inf
    for place in np.argsort(low, kind="stable"):
        band += low[place] > reach
        reach = max(reach, high[place])
        found[place] = band
    return found


def leave_indicators_out(
    values: ArrayLike, units: Sequence[str], plan: Plan
) -> tuple[LeftOutIndicator, ...]:
    """What each indicator does to scores and ranks: the index without it, in the plan's order.

    A pillar that had no other indicator goes with it, its weight shared out among the rest. The
    units are those that have a score with all indicators.

    Raises:
        MeasureError: see ``uncertainty``; also for an index of one indicator.
    """
    model = IndexModel.of(values, units, plan)
    if len(plan.indicators) == 1:
        raise MeasureError("nothing remains of an index of one indicator without it")
    scores = model.scores(_published_draws(plan, range(-1, len(plan.indicators))))
    ranks = _ranks(scores)
    moved, shifts = scores[1:] - scores[0], ranks[1:] - ranks[0]
    return tuple(
        LeftOutIndicator(
            indicator=indicator.name,
            changes=tuple(
                (unit, float(m), float(s))
                for unit, m, s in zip(model.units, moved[row], shifts[row], strict=True)
            ),
            mean_shift=float(np.abs(shifts[row]).mean()),
        )
        for row, indicator in enumerate(plan.indicators)
    )


def draw(plan: Plan, count: int, rng: np.random.Generator) -> Draws:
    """Choices at random: each alternative equally likely, weights by a Dirichlet distribution.

    Its mean is the plan's weights and its concentration such that equal weights would vary with
    the coefficient ``weight_cv``. "None dropped" is one of the alternatives.
    """
    pillars, indicators = len(plan.pillars), len(plan.indicators)
    weights = np.tile(plan.weights, (count, 1))
    if pillars > 1:
        concentration = (pillars - 1) / plan.weight_cv**2 - 1
        weights = rng.dirichlet(concentration * plan.weights, size=count)
    return Draws(
        normalisation=rng.integers(len(NORMALISATIONS), size=count),
        imputation=rng.integers(len(IMPUTATIONS), size=count),
        # Without its only indicator an index is nothing.
        dropped=rng.integers(-1, indicators if indicators > 1 else 0, size=count),
        weights=weights,
        aggregation=rng.integers(len(AGGREGATIONS), size=count),
    )


@dataclass(frozen=True)
class IndexModel:
    """The index as a function of its choices, for the units that have a score.

    What does not hang on the weights is computed once for each combination of the other choices:
    a draw is then one row of the table, its weights, and one aggregation.

    Attributes:
        plan: of the index.
        units: names of the ranked units, n of them.
        unranked: the others, with why.
        imputed: (unit, indicator) that some choices fill in, of ranked units.
        table: pillar scores, shape (normalisations, imputations, 1 + q, n, p); the third axis is
            the dropped indicator, none first. 1 where a pillar has lost its only indicator.
        alive: whether a pillar still has an indicator, shape (1 + q, p).
    """

    plan: Plan
    units: tuple[str, ...]
    unranked: tuple[tuple[str, str], ...]
    imputed: tuple[tuple[str, str], ...]
    table: Array
    alive: Array

    @classmethod
    def of(cls, values: ArrayLike, units: Sequence[str], plan: Plan) -> "IndexModel":
        found = profiles(values, units, plan)
        ranked = np.array([p.score is not None for p in found], dtype=bool)
        if not ranked.any():
            raise MeasureError(f"no unit has a score; {found[0].unit}: {found[0].reason}")
        x = checked(values, plan)
        kept, flags = [], np.zeros(x.shape, dtype=bool)
        for normalisation in NORMALISATIONS:
            scores = normalise(x, plan, normalisation)
            filled = [impute(scores, imputation) for imputation in IMPUTATIONS]
            flags |= np.logical_or.reduce([f.flags for f in filled])
            kept.append([_without_each(f.scores[ranked], plan) for f in filled])
        flags[~ranked] = False
        names = [i.name for i in plan.indicators]
        return cls(
            plan=plan,
            units=tuple(p.unit for p in found if p.score is not None),
            unranked=tuple((p.unit, p.reason) for p in found if p.score is None),
            imputed=tuple((units[row], names[column]) for row, column in np.argwhere(flags)),
            table=np.array(kept),
            alive=_alive(plan),
        )

    @cached_property
    def published(self) -> Array:
        """Ranks by the published choices, shape (n,)."""
        return np.asarray(self.ranks(_published_draws(self.plan, [-1]))[0])

    def scores(self, draws: Draws) -> Array:
        """Scores 0 to 100, shape (d, n)."""
        pillars = self.table[draws.normalisation, draws.imputation, draws.dropped + 1]
        weights = draws.weights * self.alive[draws.dropped + 1]
        weights = (weights / weights.sum(axis=1, keepdims=True))[:, np.newaxis, :]
        result = aggregate(pillars, weights, "arithmetic")
        geometric = draws.aggregation == AGGREGATIONS.index("geometric")
        result[geometric] = aggregate(pillars[geometric], weights[geometric], "geometric")
        return result

    def ranks(self, draws: Draws) -> Array:
        """Ranks from 1, shape (d, n)."""
        return _ranks(self.scores(draws))

    def outputs(self, draws: Draws) -> Array:
        """The mean shift and the rank of each unit, shape (d, 1 + n)."""
        ranks = self.ranks(draws)
        shift = np.abs(ranks - self.published).mean(axis=1, keepdims=True)
        return np.concatenate([shift, ranks], axis=1)


def _without_each(scores: Array, plan: Plan) -> Array:
    """Pillar scores with no indicator and with each in turn dropped, shape (1 + q, n, p).

    A pillar that lost its only indicator has 1, which no aggregation with weight 0 changes.
    """
    cases = []
    for dropped in range(-1, len(plan.indicators)):
        without = scores.copy()
        if dropped >= 0:
            without[:, dropped] = np.nan
        cases.append(pillar_scores(without, plan)[0])
    return np.where(_alive(plan)[:, np.newaxis, :] > 0, np.array(cases), 1.0)


def _alive(plan: Plan) -> Array:
    """1 where a pillar has an indicator left, 0 where not, shape (1 + q, p); none dropped first."""
    belongs = (plan.membership > 0).astype(np.float64)
    left = belongs.sum(axis=0) - np.concatenate([np.zeros_like(belongs[:1]), belongs])
    return np.asarray((left > 0).astype(np.float64))


def _ranks(scores: Array) -> Array:
    """Ranks from 1 for the highest, along the last axis; equals share the mean of their ranks."""
    s = np.round(scores, _DIGITS)
    above = (s[..., np.newaxis, :] > s[..., :, np.newaxis]).sum(axis=-1)
    equal = (s[..., np.newaxis, :] == s[..., :, np.newaxis]).sum(axis=-1)
    return np.asarray(above + (equal + 1) / 2)


def _published_draws(plan: Plan, dropped: Sequence[int]) -> Draws:
    """The published choices, with one indicator dropped after the other."""
    first = np.zeros(len(dropped), dtype=np.intp)
    return Draws(
        normalisation=first,
        imputation=first,
        dropped=np.asarray(dropped, dtype=np.intp),
        weights=np.tile(plan.weights, (len(dropped), 1)),
        aggregation=first,
    )
