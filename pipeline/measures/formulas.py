"""The formulas of the inequality measures, each written once.

They work along the last axis, so that one distribution is a vector and many of the same size are
the rows of a matrix; a row's result does not depend on the other rows, not even in its last bit.
They check nothing: ``inequality`` is the way in for one distribution and ``batch`` for many.

Throughout, ``x`` is the outcome (what is shared out), ``w`` the reference (what it is compared
with), ``s`` and ``p`` are their shares, and r = s/p is the outcome per reference, relative to its
mean. With w = 1 everywhere the measures are the unweighted ones.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# A zero in the outcome is data, and what it makes infinite is meant to be.
_quietly = np.errstate(divide="ignore", invalid="ignore")


@_quietly
def shares(values: Array) -> Array:
    """Values over their sum; NaN where the sum is 0, since nothing has no shares."""
    return np.asarray(values / values.sum(axis=-1, keepdims=True))


def contributions(s: Array, p: Array) -> Array:
    """What each cell adds to Theil T: s ln(s/p), and 0 where s is 0. In nats, of either sign."""
    return np.asarray(s * np.log(np.where(s > 0, s / p, 1.0)))


def theil_t(s: Array, p: Array) -> Array:
    """Theil T = Σ s ln(s/p), in nats: the information in s for who expected p (Theil 1967)."""
    return _not_below_zero(contributions(s, p).sum(axis=-1))


@_quietly
def theil_l(s: Array, p: Array) -> Array:
    """Theil L = Σ p ln(p/s), the mean log deviation, in nats (Theil 1967).

    Infinite where a cell has no outcome: a small number is never added.
    """
    return _not_below_zero((p * np.log(p / s)).sum(axis=-1))


@_quietly
def generalised_entropy(s: Array, p: Array, a: float) -> Array:
    """GE(a) = (Σ p rᵃ − 1)/(a(a − 1)), with L at a = 0 and T at a = 1 (Shorrocks 1980).

    The larger ``a``, the more the top counts. Infinite at zeros where a ≤ 0.
    """
    if a == 0:
        return theil_l(s, p)
    if a == 1:
        return theil_t(s, p)
    if a == 2:
        # About the mean: the difference of large numbers would leave a root of 1e-8 for equals.
        return np.asarray(np.square(cv(s, p)) / 2)
    return _not_below_zero(((p * (s / p) ** a).sum(axis=-1) - 1) / (a * (a - 1)))


@_quietly
def gini(s: Array, p: Array) -> Array:
    """Weighted Gini: Σ (Pᵢ sᵢ₊₁ − Sᵢ pᵢ₊₁) over cells in the order of r; P, S are running sums.

    It is twice the area between the diagonal and the Lorenz curve, and half the mean absolute
    difference of r, Σᵢ Σⱼ pᵢ pⱼ |rᵢ − rⱼ| / 2 (Cowell, Measuring Inequality, 2011). In this order
    no term is negative, hence nothing cancels.
    """
    order = np.argsort(s / p, axis=-1, kind="stable")
    s, p = np.take_along_axis(s, order, axis=-1), np.take_along_axis(p, order, axis=-1)
    below_s, below_p = s.cumsum(axis=-1)[..., :-1], p.cumsum(axis=-1)[..., :-1]
    terms = below_p * s[..., 1:] - below_s * p[..., 1:]
    # A single cell has no terms; its shares are 1, or NaN where there is nothing to share.
    return _not_below_zero(terms.sum(axis=-1)) + 0 * s[..., -1]


@_quietly
def gini_corrected(s: Array, p: Array, w: Array) -> Array:
    """Gini × n/(n − 1), which reaches 1; NaN for a single cell and where weights differ.

    The correction counts cells, hence it means something only where all count alike.
    """
    n = w.shape[-1]
    alike = w.max(axis=-1) == w.min(axis=-1)
    if n == 1:
        return np.full(alike.shape, np.nan)
    return np.where(alike, gini(s, p) * n / (n - 1), np.nan)


@_quietly
def atkinson(s: Array, p: Array, aversion: float) -> Array:
    """Atkinson's index with aversion ε: 1 − (Σ p r^(1−ε))^(1/(1−ε)) (Atkinson 1970).

    At ε = 1 it is 1 − exp(Σ p ln r). Any zero makes it 1 where ε ≥ 1.
    """
    r = s / p
    if aversion == 1:
        equivalent = np.exp((p * np.log(r)).sum(axis=-1))
    else:
        # A power of an array, also for one distribution: of a number it may round otherwise.
        total = (p * r ** (1 - aversion)).sum(axis=-1, keepdims=True)
        equivalent = (total ** (1 / (1 - aversion)))[..., 0]
    return _not_below_zero(1 - equivalent)


@_quietly
def cv(s: Array, p: Array) -> Array:
    """Coefficient of variation of r over the reference, √(Σ p (r − 1)²) = √(2 GE(2))."""
    return np.asarray(np.sqrt((p * (s / p - 1) ** 2).sum(axis=-1)))


@_quietly
def sd_logs(s: Array, p: Array) -> Array:
    """Standard deviation of ln r over the reference, about its own mean; NaN at zeros (Cowell)."""
    logs = np.log(s / p)
    mean = (p * logs).sum(axis=-1, keepdims=True)
    return np.asarray(np.sqrt((p * (logs - mean) ** 2).sum(axis=-1)))


@_quietly
def max_min(x: Array, w: Array) -> Array:
    """Largest outcome per reference over the smallest; infinite where that is 0."""
    ratio = x / w
    return np.asarray(ratio.max(axis=-1) / ratio.min(axis=-1))


def value_range(x: Array, w: Array) -> Array:
    """Largest outcome per reference less the smallest, in units of outcome per reference."""
    ratio = x / w
    return np.asarray(ratio.max(axis=-1) - ratio.min(axis=-1))


def herfindahl(s: Array) -> Array:
    """Σ s², the concentration of the outcome: 1/n for equals, 1 for one who has all."""
    return np.asarray((s**2).sum(axis=-1))


def ceiling(w: Array) -> Array:
    """Largest Theil T for these weights, ln(1/min p), in nats: the smallest cell has all.

    It is ln n where all count alike.
    """
    return np.asarray(np.log(w.sum(axis=-1) / w.min(axis=-1)))


@_quietly
def leave_one_out(s: Array, p: Array) -> tuple[Array, Array]:
    """Theil T and its ceiling with each cell left out in turn, both of the shape of ``s``.

    With S and P the shares of those that remain, T = Σ s ln(s/p) / S − ln(S/P). The sums over the
    others are put together from those before and those after a cell: taking a cell that has nearly
    all from the whole would leave nothing but rounding. NaN where nothing remains.
    """
    rest_s, rest_p = _sum_of_others(s), _sum_of_others(p)
    rest = _sum_of_others(contributions(s, p))
    theil = _not_below_zero(rest / rest_s - np.log(rest_s / rest_p))
    if s.shape[-1] == 1:
        return theil, np.full_like(s, np.nan)
    return theil, np.log(rest_p / _least_of_others(p))


@_quietly
def family(x: Array, w: Array) -> dict[str, Array]:
    """Every measure by its name in ``inequality.Inequality``."""
    s, p = shares(x), shares(w)
    return {
        "theil_t": theil_t(s, p),
        "theil_l": theil_l(s, p),
        "ge_2": generalised_entropy(s, p, 2),
        "gini": gini(s, p),
        "gini_corrected": gini_corrected(s, p, w),
        "atkinson_05": atkinson(s, p, 0.5),
        "atkinson_1": atkinson(s, p, 1),
        "atkinson_2": atkinson(s, p, 2),
        "cv": cv(s, p),
        "sd_logs": sd_logs(s, p),
        "max_min": max_min(x, w),
        "value_range": value_range(x, w),
        "herfindahl": herfindahl(s),
        "ceiling": ceiling(w),
    }


def _not_below_zero(values: Array) -> Array:
    """Measures that are never negative, without the −1e-17 that rounding leaves of a 0."""
    return np.maximum(values, 0.0)


def _before_and_after(values: Array, fill: float) -> tuple[Array, Array]:
    """The array moved one place up and one place down, with ``fill`` at the free end."""
    end = np.full_like(values[..., :1], fill)
    return (
        np.concatenate([end, values[..., :-1]], axis=-1),
        np.concatenate([values[..., 1:], end], axis=-1),
    )


def _sum_of_others(values: Array) -> Array:
    before, after = _before_and_after(values, 0.0)
    return np.asarray(before.cumsum(axis=-1) + after[..., ::-1].cumsum(axis=-1)[..., ::-1])


def _least_of_others(values: Array) -> Array:
    before, after = _before_and_after(values, np.inf)
    return np.minimum(
        np.minimum.accumulate(before, axis=-1),
        np.minimum.accumulate(after[..., ::-1], axis=-1)[..., ::-1],
    )
