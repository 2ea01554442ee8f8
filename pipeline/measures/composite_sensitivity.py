"""Which choice behind a composite index its ranks hang on: Sobol shares of each.

The choices themselves, and a rank under each set of them, are ``composite_ranks``'.

Sources: Saltelli et al., Computer Physics Communications 181 (2010) for the first-order and Jansen,
same journal 117 (1999) for the total Sobol shares.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from pipeline.errors import MeasureError
from pipeline.measures.composite import Plan
from pipeline.measures.composite_ranks import FACTORS, Draws, Factor, IndexModel, draw
from pipeline.measures.formulas import Array


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
    samples. A factor may be a group of inputs. SALib has the same estimators, and the tests ask it.

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


def _swapped(a: Draws, b: Draws, factor: Factor) -> Draws:
    """Sample ``a`` with one factor from ``b``."""
    return Draws(**{f: getattr(b if f == factor else a, f) for f in FACTORS})


def _share(output: str, factor: Factor, first: float, total: float) -> SobolShare:
    if math.isnan(total):
        return SobolShare(output, factor, None, None, "it is the same in every draw")
    return SobolShare(output, factor, first, total, "")
