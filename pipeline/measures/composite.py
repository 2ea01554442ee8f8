"""The composite index: scores against fixed goalposts, and how much a rank depends on choices.

Here are the steps of the OECD/JRC Handbook (2008) that are arithmetic: normalisation, weighting,
aggregation, and the analysis of uncertainty and sensitivity. Which indicators are in, in which
pillar and between which goalposts, is the catalogue's. A rank is never given without the interval
in which it lies when the choices change.

Scores run from 0 (at or beyond the worst goalpost) to 100 (at or beyond the best). Within a pillar
indicators are averaged with their weights, as they stand for one another; pillars are aggregated
arithmetically or geometrically. A zero makes the geometric aggregate zero: no small number is
added. A missing value is left out of its pillar, and only the simulation, as one of its choices,
fills it in; what it filled is listed in the result.

Sources: OECD/JRC, Handbook on Constructing Composite Indicators (2008); Saisana, Saltelli and
Tarantola, Journal of the Royal Statistical Society A 168 (2005) for uncertainty and sensitivity of
ranks; Saltelli et al., Computer Physics Communications 181 (2010) for the first-order and Jansen,
same journal 117 (1999) for the total Sobol shares.
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
Factor = Literal["normalisation", "imputation", "dropped", "weights", "aggregation"]

NORMALISATIONS: tuple[Normalisation, ...] = get_args(Normalisation)
IMPUTATIONS: tuple[Imputation, ...] = get_args(Imputation)
AGGREGATIONS: tuple[Aggregation, ...] = get_args(Aggregation)
FACTORS: tuple[Factor, ...] = get_args(Factor)

LOW, HIGH = 0.05, 0.95
_DIGITS = 9
"""Scores that differ by less than 1e-9 are equal: that is rounding, not a difference."""


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
class SobolShare:
    """How much of the variance of one output is due to one factor.

    Attributes:
        output: name of a unit (its rank), or ``MEAN_SHIFT``.
        factor: the choice that varies.
        first_order: share of the variance due to it alone, about 0 to 1; an estimate from few
            draws can be slightly outside. None without any variance.
        total: share due to it and what it has in common with others. None without any variance.
        reason: why they are None; else empty.
    """

    output: str
    factor: Factor
    first_order: float | None
    total: float | None
    reason: str


MEAN_SHIFT = "mean_shift"
"""Output: mean over units of how many ranks they are away from their published rank."""


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


def normalise(values: ArrayLike, plan: Plan, how: Normalisation = "goalposts") -> Array:
    """Values as scores from 0 to 100, the more the better, shape (n, q); NaN stays NaN.

    ``goalposts``: 100 (x − worst)/(best − worst), cut at both ends; depends on nothing but the
    value. ``z_scores``: 50 + 10 z over the units given, cut at both ends; 50 where all are equal.
    ``ranks``: share of the units below, and half of those that are equal, in %. The latter two
    depend on who else is there: they serve the simulation only.

    Raises:
        MeasureError: not one column an indicator, or an infinite value.
    """
    x = _checked(values, plan)
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
    by_pillar, present = _pillar_scores(scores, plan)
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


def sensitivity(
    values: ArrayLike, units: Sequence[str], plan: Plan, *, base: int = 4096, seed: int = 0
) -> tuple[SobolShare, ...]:
    """Sobol shares of each factor in the mean shift of ranks, and in the rank of each unit.

    ``base`` × (factors + 2) evaluations: two independent samples, and the first with one factor
    after the other taken from the second. The pillar weights are one factor.

    Raises:
        MeasureError: see ``uncertainty``.
    """
    model = IndexModel.of(values, units, plan)
    if base < 1:
        raise MeasureError(f"{base} draws in a sample: expected at least one")
    rng = np.random.Generator(np.random.PCG64(seed))
    a, b = draw(plan, base, rng), draw(plan, base, rng)
    of_a, of_b = model.outputs(a), model.outputs(b)
    mixed = np.stack([model.outputs(_swapped(a, b, factor)) for factor in FACTORS])
    first, total = sobol(of_a, of_b, mixed)
    return tuple(
        _share(output, factor, float(first[i, j]), float(total[i, j]))
        for j, output in enumerate((MEAN_SHIFT, *model.units))
        for i, factor in enumerate(FACTORS)
    )


def sobol(of_a: Array, of_b: Array, mixed: Array) -> tuple[Array, Array]:
    """First-order and total Sobol shares from evaluations of a model.

    First order: mean f(B)(f(AB) − f(A)) / V (Saltelli 2010); total: mean (f(A) − f(AB))² / 2V
    (Jansen 1999), where AB is sample A with one factor from B and V is the variance of both
    samples. A factor may be a group of inputs.

    Args:
        of_a: model at sample A, shape (base, ...).
        of_b: model at sample B, shape (base, ...).
        mixed: model at A with factor k from B, shape (factors, base, ...).

    Returns:
        Two arrays of shape (factors, ...); NaN where the model does not vary.
    """
    both = np.concatenate([of_a, of_b])
    variance = both.var(axis=0)
    variance = np.where(np.ptp(both, axis=0) > 0, variance, np.nan)
    # About the mean: the product of large numbers would be mostly noise.
    first = ((of_b - both.mean(axis=0)) * (mixed - of_a)).mean(axis=1) / variance
    total = ((of_a - mixed) ** 2).mean(axis=1) / (2 * variance)
    return np.asarray(first), np.asarray(total)


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
        x = _checked(values, plan)
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


def _checked(values: ArrayLike, plan: Plan) -> Array:
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


def _pillar_scores(scores: Array, plan: Plan) -> tuple[Array, Places]:
    """Weighted means of the indicators there, NaN without any, and how many: both (n, p)."""
    there = ~np.isnan(scores)
    weight = there @ plan.membership
    summed = np.where(there, scores, 0.0) @ plan.membership
    means = np.divide(summed, weight, out=np.full_like(summed, np.nan), where=weight > 0)
    return means, there.astype(np.intp) @ (plan.membership > 0).astype(np.intp)


def _without_each(scores: Array, plan: Plan) -> Array:
    """Pillar scores with no indicator and with each in turn dropped, shape (1 + q, n, p).

    A pillar that lost its only indicator has 1, which no aggregation with weight 0 changes.
    """
    cases = []
    for dropped in range(-1, len(plan.indicators)):
        without = scores.copy()
        if dropped >= 0:
            without[:, dropped] = np.nan
        cases.append(_pillar_scores(without, plan)[0])
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


def _swapped(a: Draws, b: Draws, factor: Factor) -> Draws:
    """Sample ``a`` with one factor from ``b``."""
    return Draws(**{f: getattr(b if f == factor else a, f) for f in FACTORS})


def _share(output: str, factor: Factor, first: float, total: float) -> SobolShare:
    if math.isnan(total):
        return SobolShare(output, factor, None, None, "it is the same in every draw")
    return SobolShare(output, factor, first, total, "")


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
