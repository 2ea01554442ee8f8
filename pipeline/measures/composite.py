"""The composite index: scores against fixed goalposts.

Here are the steps of the OECD/JRC Handbook (2008) that are arithmetic: normalisation, imputation,
weighting, aggregation. Which indicators are in, in which pillar and between which goalposts, is the
catalogue's. What a rank by these scores is worth when the choices change is in ``composite_ranks``.

Scores run from 0 (at or beyond the worst goalpost) to 100 (at or beyond the best). Within a pillar
indicators are averaged with their weights, as they stand for one another; pillars are aggregated
arithmetically or geometrically. A zero makes the geometric aggregate zero: no small number is
added. A missing value is left out of its pillar, and only the simulation, as one of its choices,
fills it in; what it filled is listed in the result.

Source: OECD/JRC, Handbook on Constructing Composite Indicators (2008).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.errors import MeasureError
from pipeline.measures.formulas import Array

Places = NDArray[np.intp]

Normalisation = Literal["goalposts", "z_scores", "ranks"]
Imputation = Literal["omit", "median", "nearest"]
Aggregation = Literal["arithmetic", "geometric"]

NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)
IMPUTATIONS: tuple[Imputation, ...] = get_args(Imputation)
AGGREGATIONS: tuple[Aggregation, ...] = get_args(Aggregation)


@dataclass(frozen=True)
class IndexIndicator:
    """One indicator of the index.

    Attributes:
        name: its code.
        pillar: the pillar it belongs to.
        worst: value that scores 0, in the indicator's unit.
        best: value that scores 100; below ``worst`` where less is better.
        weight: weight within its pillar, relative to the others there.
    """

    name: str
    pillar: str
    worst: float
    best: float
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.worst) and math.isfinite(self.best)) or self.worst == self.best:
            raise MeasureError(
                f"goalposts of {self.name} are {self.worst} and {self.best}: "
                "expected two different finite numbers"
            )
        if not 0 < self.weight < math.inf:
            raise MeasureError(f"weight of {self.name} is {self.weight}: expected one above 0")


@dataclass(frozen=True)
class Plan:
    """How the index is put together.

    Attributes:
        indicators: in the order of the columns of the values.
        pillar_weights: (pillar, weight) relative to one another; without any, all weigh the same.
        coverage: share of its indicators that a pillar needs; above 0.5, so that it outlives the
            loss of one.
        weight_cv: coefficient of variation of a pillar's weight in the simulation where all weigh
            the same; 0.25 stands for weights that are known to about a quarter.
    """

    indicators: tuple[IndexIndicator, ...]
    pillar_weights: tuple[tuple[str, float], ...] = ()
    coverage: float = 0.6
    weight_cv: float = 0.25

    def __post_init__(self) -> None:
        names = [i.name for i in self.indicators]
        if not names or len(set(names)) != len(names):
            raise MeasureError(f"indicators of the index are {names}: expected different ones")
        given = dict(self.pillar_weights)
        known = set(given) == set(self.pillars) and len(given) == len(self.pillar_weights)
        if self.pillar_weights and not (known and 0 < min(given.values()) < math.inf):
            raise MeasureError(
                f"pillar weights are {given}: expected one above 0 for each of {self.pillars}"
            )
        # With half or less, a pillar might lose its last value with the one indicator dropped.
        if not 0.5 < self.coverage <= 1:
            raise MeasureError(f"coverage is {self.coverage}: expected above 0.5, up to 1")
        if not 0 < self.weight_cv < 1:
            raise MeasureError(f"weight_cv is {self.weight_cv}: expected between 0 and 1")

    @cached_property
    def pillars(self) -> tuple[str, ...]:
        """Names of the pillars, in the order in which they first occur."""
        return tuple(dict.fromkeys(i.pillar for i in self.indicators))

    @cached_property
    def weights(self) -> Array:
        """Pillar weights, summing to 1, shape (p,)."""
        given = dict(self.pillar_weights)
        weights = np.array([given.get(p, 1.0) for p in self.pillars])
        return np.asarray(weights / weights.sum())

    @cached_property
    def membership(self) -> Array:
        """Weight of each indicator in each pillar, 0 where it is not in it, shape (q, p)."""
        return np.array(
            [[i.weight if i.pillar == p else 0.0 for p in self.pillars] for i in self.indicators]
        )


@dataclass(frozen=True)
class PillarScore:
    """One pillar of one unit.

    Attributes:
        pillar: its name.
        score: 0 to 100; None where too few indicators have a value.
        present: indicators with a value.
        total: indicators of the pillar.
        reason: why ``score`` is None; else empty.
    """

    pillar: str
    score: float | None
    present: int
    total: int
    reason: str


@dataclass(frozen=True)
class Profile:
    """One unit of the index, without a rank: that is never given without its interval.

    Attributes:
        unit: its name.
        score: 0 to 100, from values as published only; None where a pillar has no score.
        pillars: one a pillar of the plan.
        reason: why ``score`` is None; else empty.
    """

    unit: str
    score: float | None
    pillars: tuple[PillarScore, ...]
    reason: str


@dataclass(frozen=True)
class Imputed:
    """Scores in which missing ones were filled in.

    Attributes:
        scores: 0 to 100, shape (n, q); NaN where nothing could be filled in.
        flags: True where a score was filled in, shape (n, q).
    """

    scores: Array = field(repr=False)
    flags: NDArray[np.bool_] = field(repr=False)


def normalise(values: ArrayLike, plan: Plan, how: Normalisation = "goalposts") -> Array:
    """Values as scores from 0 to 100, the more the better, shape (n, q); NaN stays NaN.

    ``goalposts``: 100 (x − worst)/(best − worst), cut at both ends; depends on nothing but the
    value. ``z_scores``: 50 + 10 z over the units given, cut at both ends; 50 where all are equal.
    ``ranks``: share of the units below, and half of those that are equal, in %. The latter two
    depend on who else is there: they serve the simulation only.

    Raises:
        MeasureError: not one column an indicator, or an infinite value.
    """
    x = checked(values, plan)
    worst = np.array([i.worst for i in plan.indicators])
    best = np.array([i.best for i in plan.indicators])
    if how == "goalposts":
        return np.asarray(np.clip(100 * ((x - worst) / (best - worst)), 0, 100))
    better = x * np.sign(best - worst)
    return _z_scores(better) if how == "z_scores" else _percentile_ranks(better)


def impute(scores: Array, how: Imputation) -> Imputed:
    """Scores with missing ones filled in by one rule, and which these are.

    ``omit`` fills in nothing. ``median``: of the units that have the indicator. ``nearest``: of
    the unit that has it and differs least on the indicators both have, by mean absolute
    difference; the first of equals.
    """
    missing = np.isnan(scores)
    if how == "omit" or not missing.any():
        return Imputed(scores, np.zeros_like(missing))
    filled = scores.copy()
    for column in np.flatnonzero(missing.any(axis=0) & ~missing.all(axis=0)):
        holes = missing[:, column]
        if how == "median":
            filled[holes, column] = np.median(scores[~holes, column])
        else:
            filled[holes, column] = _from_nearest(scores, column)[holes]
    return Imputed(filled, missing & ~np.isnan(filled))


def profiles(
    values: ArrayLike,
    units: Sequence[str],
    plan: Plan,
    aggregation: Aggregation = "arithmetic",
) -> tuple[Profile, ...]:
    """Scores of each unit by pillar and overall, from published values only, in their order.

    Args:
        values: shape (n, q), in the units of the indicators; NaN where there is none.
        units: n names.
        plan: indicators, goalposts and weights.
        aggregation: of the pillars.

    Raises:
        MeasureError: values that are not of that shape, or infinite; units that repeat.
    """
    scores = normalise(values, plan)
    _check_units(units, len(scores))
    by_pillar, present = pillar_scores(scores, plan)
    total = np.count_nonzero(plan.membership, axis=0)
    enough = present >= np.ceil(plan.coverage * total - 1e-9)
    overall = aggregate(by_pillar, plan.weights, aggregation)
    return tuple(
        _profile(unit, plan, float(overall[row]), by_pillar[row], present[row], total, enough[row])
        for row, unit in enumerate(units)
    )


def aggregate(pillars: Array, weights: Array, how: Aggregation) -> Array:
    """Pillar scores into one, along the last axis: Σ w s, or Π s^w; weights sum to 1."""
    if how == "arithmetic":
        return np.asarray((pillars * weights).sum(axis=-1))
    return np.asarray((pillars**weights).prod(axis=-1))


def checked(values: ArrayLike, plan: Plan) -> Array:
    """Values as an array of shape (n, q), one row a unit, NaN where there is none.

    Raises:
        MeasureError: another shape, or an infinite value.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != len(plan.indicators):
        raise MeasureError(
            f"values have shape {x.shape}: expected one row a unit and "
            f"{len(plan.indicators)} columns, one an indicator"
        )
    if np.isinf(x).any():
        row, column = np.argwhere(np.isinf(x))[0]
        raise MeasureError(
            f"value of {plan.indicators[column].name} in row {row} is {x[row, column]}: "
            "expected a finite number, or NaN where there is none"
        )
    return x


def _check_units(units: Sequence[str], rows: int) -> None:
    if len(units) != rows or len(set(units)) != rows:
        raise MeasureError(
            f"units are {tuple(units)} for {rows} rows: expected as many, all different"
        )


def _z_scores(x: Array) -> Array:
    there = np.ma.masked_invalid(x)
    sd = there.std(axis=0).filled(0.0)
    z = (x - there.mean(axis=0).filled(0.0)) / np.where(sd > 0, sd, 1.0)
    return np.asarray(np.clip(50 + 10 * z, 0, 100))


def _percentile_ranks(x: Array) -> Array:
    """Share of a column's values below each value, and half of those equal to it, in %."""
    there = ~np.isnan(x)
    below = (x[np.newaxis] < x[:, np.newaxis]).sum(axis=1)
    equal = (x[np.newaxis] == x[:, np.newaxis]).sum(axis=1)
    count = np.maximum(there.sum(axis=0), 1)
    return np.where(there, 100 * (below + equal / 2) / count, np.nan)


def _from_nearest(scores: Array, column: np.intp) -> Array:
    """For each unit the column's score of its nearest other that has it, NaN without any."""
    gaps = np.abs(scores[:, np.newaxis] - scores[np.newaxis])
    common = ~np.isnan(gaps)
    count = common.sum(axis=-1)
    distance = np.where(common, gaps, 0.0).sum(axis=-1) / np.maximum(count, 1)
    distance[(count == 0) | np.isnan(scores[:, column])[np.newaxis]] = np.inf
    found = scores[distance.argmin(axis=1), column]
    return np.where(np.isfinite(distance.min(axis=1)), found, np.nan)


def pillar_scores(scores: Array, plan: Plan) -> tuple[Array, Places]:
    """Weighted means of the indicators there, NaN without any, and how many: both (n, p)."""
    there = ~np.isnan(scores)
    weight = there @ plan.membership
    summed = np.where(there, scores, 0.0) @ plan.membership
    means = np.divide(summed, weight, out=np.full_like(summed, np.nan), where=weight > 0)
    return means, there.astype(np.intp) @ (plan.membership > 0).astype(np.intp)


def _profile(
    unit: str,
    plan: Plan,
    overall: float,
    scores: Array,
    present: Places,
    total: Places,
    enough: NDArray[np.bool_],
) -> Profile:
    pillars = tuple(
        PillarScore(
            pillar=name,
            score=float(scores[i]) if enough[i] else None,
            present=int(present[i]),
            total=int(total[i]),
            reason=""
            if enough[i]
            else f"{present[i]} of {total[i]} indicators have a value, "
            f"{plan.coverage:.0%} are needed",
        )
        for i, name in enumerate(plan.pillars)
    )
    lacking = [p for p in pillars if p.score is None]
    if lacking:
        reason = "; ".join(f"{p.pillar}: {p.reason}" for p in lacking)
        return Profile(unit, None, pillars, reason)
    return Profile(unit, overall, pillars, "")
