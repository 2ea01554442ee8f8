"""The inequality measures of one distribution: checked input, plain floats and clear errors.

Here is the way in for who has one distribution at hand, with the parts of a Theil index by cell
and by group. The formulas stand in ``formulas``; many distributions at once are for ``batch``.

In every function ``x`` is the outcome as a total (exports, persons online), ``w`` the reference it
is compared with (population, GDP), each of shape (n,); without ``w`` every cell counts alike. For
an outcome per head that is to be weighted by heads, give the total. ``labels`` name the cells in
errors. Zeros in ``x`` are data.

Sources: Theil, Economics and Information Theory (1967); Atkinson, On the measurement of inequality
(1970); Shorrocks, The class of additively decomposable inequality measures (1980); Cowell,
Measuring Inequality (3rd ed., 2011); Milanovic, Worlds Apart (2005) for the unweighted (concept 1)
and population-weighted (concept 2) inequality between states.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.errors import MeasureError
from pipeline.measures import formulas
from pipeline.measures.formulas import Array

Labels = Sequence[str]


@dataclass(frozen=True)
class Inequality:
    """Every measure of one distribution; ``formulas`` has one function for each.

    Attributes:
        theil_t: Theil T, nats.
        theil_l: Theil L, nats; infinite where a cell has nothing.
        ge_2: generalised entropy of order 2.
        gini: weighted Gini coefficient, 0 to 1.
        gini_corrected: Gini × n/(n − 1); NaN where weights differ, and for a single cell.
        atkinson_05: Atkinson's index with aversion 0.5, 0 to 1.
        atkinson_1: the same with aversion 1; 1 where a cell has nothing.
        atkinson_2: the same with aversion 2; 1 where a cell has nothing.
        cv: coefficient of variation of the outcome per reference.
        sd_logs: standard deviation of its logarithm; NaN where a cell has nothing.
        max_min: largest outcome per reference over the smallest; infinite where that is 0.
        value_range: largest outcome per reference less the smallest, in units of x per w.
        herfindahl: sum of the squared shares of the outcome, 1/n to 1.
        ceiling: largest Theil T that these weights allow, nats.
    """

    theil_t: float
    theil_l: float
    ge_2: float
    gini: float
    gini_corrected: float
    atkinson_05: float
    atkinson_1: float
    atkinson_2: float
    cv: float
    sd_logs: float
    max_min: float
    value_range: float
    herfindahl: float
    ceiling: float


@dataclass(frozen=True)
class GroupPart:
    """One group's part of a Theil index.

    Attributes:
        group: name of the group.
        n: cells in it.
        outcome_share: its share of the outcome.
        reference_share: its share of the reference.
        theil_t: Theil T among its cells, nats; NaN where they have nothing.
        between: outcome share × ln(outcome share / reference share), nats.
        within: outcome share × theil_t, nats; 0 where its cells have nothing.
    """

    group: str
    n: int
    outcome_share: float
    reference_share: float
    theil_t: float
    between: float
    within: float


@dataclass(frozen=True)
class Decomposition:
    """A Theil index as what lies between groups and what within them; the groups sorted by name."""

    parts: tuple[GroupPart, ...]

    @property
    def between(self) -> float:
        return sum(part.between for part in self.parts)

    @property
    def within(self) -> float:
        return sum(part.within for part in self.parts)

    @property
    def theil_t(self) -> float:
        return self.between + self.within


@dataclass(frozen=True)
class LeftOut:
    """A distribution without one of its cells.

    Attributes:
        theil_t: Theil T of those that remain, nats; NaN where they have nothing.
        ceiling: largest Theil T that they could have, nats; NaN where none remains.
    """

    theil_t: float
    ceiling: float


def inequality(
    x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None
) -> Inequality:
    """The whole family of one distribution.

    Raises:
        MeasureError: no cells, nothing to share, an outcome that is negative or not a number, or a
            reference that is not positive; the message names the cell. So do all functions here.
    """
    measures = formulas.family(*_checked(x, w, labels))
    return Inequality(**{name: float(value) for name, value in measures.items()})


def theil_t(x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None) -> float:
    """Theil T = Σ s ln(s/p), nats, 0 to ``ceiling``; zeros add nothing (Theil 1967)."""
    return float(formulas.theil_t(*_shares(x, w, labels)))


def theil_l(x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None) -> float:
    """Theil L = Σ p ln(p/s), the mean log deviation, nats; infinite at zeros (Theil 1967)."""
    return float(formulas.theil_l(*_shares(x, w, labels)))


def generalised_entropy(
    x: ArrayLike, a: float, w: ArrayLike | None = None, labels: Labels | None = None
) -> float:
    """GE(a) = (Σ p rᵃ − 1)/(a(a − 1)); L at a = 0, T at a = 1 (Shorrocks 1980)."""
    return float(formulas.generalised_entropy(*_shares(x, w, labels), a))


def gini(x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None) -> float:
    """Weighted Gini coefficient Σᵢ Σⱼ pᵢ pⱼ |rᵢ − rⱼ| / 2, 0 to 1 − min p (Cowell 2011)."""
    return float(formulas.gini(*_shares(x, w, labels)))


def gini_corrected(x: ArrayLike, labels: Labels | None = None) -> float:
    """Gini × n/(n − 1), 0 to 1: unweighted only, as it counts cells; at least two are needed."""
    outcome, reference = _checked(x, None, labels)
    if outcome.size == 1:
        raise MeasureError("the corrected Gini coefficient needs at least two cells, not one")
    s, p = formulas.shares(outcome), formulas.shares(reference)
    return float(formulas.gini_corrected(s, p, reference))


def atkinson(
    x: ArrayLike, aversion: float, w: ArrayLike | None = None, labels: Labels | None = None
) -> float:
    """Atkinson's index with aversion ε > 0: 1 − (Σ p r^(1−ε))^(1/(1−ε)), 0 to 1 (Atkinson 1970)."""
    if not aversion > 0:
        raise MeasureError(f"aversion to inequality is {aversion!r}: expected a positive number")
    return float(formulas.atkinson(*_shares(x, w, labels), aversion))


def cv(x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None) -> float:
    """Coefficient of variation of the outcome per reference, √(2 GE(2))."""
    return float(formulas.cv(*_shares(x, w, labels)))


def sd_logs(x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None) -> float:
    """Standard deviation of the logarithm of outcome per reference; NaN at zeros (Cowell 2011)."""
    return float(formulas.sd_logs(*_shares(x, w, labels)))


def max_min(x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None) -> float:
    """Largest outcome per reference over the smallest; infinite where that is 0."""
    return float(formulas.max_min(*_checked(x, w, labels)))


def value_range(x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None) -> float:
    """Largest outcome per reference less the smallest, in units of x per w."""
    return float(formulas.value_range(*_checked(x, w, labels)))


def herfindahl(x: ArrayLike, labels: Labels | None = None) -> float:
    """Sum of the squared shares of the outcome, 1/n to 1; the reference has no part in it."""
    return float(formulas.herfindahl(_shares(x, None, labels)[0]))


def ceiling(w: ArrayLike, labels: Labels | None = None) -> float:
    """Largest Theil T for these weights, ln(1/min p), nats; ln n where all are alike."""
    weights = np.asarray(w, dtype=np.float64)
    _check_shape(weights, weights, labels)
    check_reference(weights, labels)
    return float(formulas.ceiling(weights))


def contributions(x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None) -> Array:
    """What each cell adds to Theil T, s ln(s/p), nats, shape (n,); negative for who has less."""
    return formulas.contributions(*_shares(x, w, labels))


def leave_one_out(
    x: ArrayLike, w: ArrayLike | None = None, labels: Labels | None = None
) -> tuple[LeftOut, ...]:
    """The distribution without each of its cells in turn, in their order."""
    theil, most = formulas.leave_one_out(*_shares(x, w, labels))
    return tuple(LeftOut(float(t), float(c)) for t, c in zip(theil, most, strict=True))


def decompose(
    x: ArrayLike,
    groups: Sequence[str],
    w: ArrayLike | None = None,
    labels: Labels | None = None,
) -> Decomposition:
    """Theil T = Σ_g s_g ln(s_g/p_g) + Σ_g s_g T_g, exact to 1e-12 (Shorrocks 1980).

    Args:
        x: outcome, shape (n,).
        groups: the group of each cell, n names.
        w: reference, shape (n,).
        labels: names of the cells.
    """
    s, p = _shares(x, w, labels)
    if len(groups) != s.size:
        raise MeasureError(f"{len(groups)} groups are given for {s.size} cells: expected as many")
    names = np.asarray(groups)
    return Decomposition(
        tuple(_part(str(g), s[names == g], p[names == g]) for g in np.unique(names))
    )


def check_outcome(values: Array, labels: Labels | None = None) -> None:
    """Nothing negative, NaN or infinite.

    Raises:
        MeasureError: the first such cell, by its label or else its place.
    """
    _refuse(~(np.isfinite(values) & (values >= 0)), values, "outcome", "of 0 or more", labels)


def check_reference(values: Array, labels: Labels | None = None) -> None:
    """Nothing but positive numbers: what has no weight has no outcome per weight.

    Raises:
        MeasureError: the first such cell, by its label or else its place.
    """
    _refuse(~(np.isfinite(values) & (values > 0)), values, "reference", "above 0", labels)


def _refuse(
    wrong: NDArray[np.bool_],
    values: Array,
    what: str,
    expected: str,
    labels: Labels | None,
) -> None:
    if not wrong.any():
        return
    place = int(np.argmax(wrong))
    cell = labels[place] if labels is not None else f"cell {place}"
    raise MeasureError(
        f"{what} of {cell} is {float(values[place])!r}: expected a finite number {expected}"
    )


def _check_shape(outcome: Array, reference: Array, labels: Labels | None) -> None:
    if outcome.ndim != 1 or reference.ndim != 1:
        raise MeasureError(
            f"outcome and reference have shapes {outcome.shape} and {reference.shape}: "
            "expected one value a cell"
        )
    if outcome.size != reference.size or (labels is not None and len(labels) != outcome.size):
        raise MeasureError(
            f"there are {outcome.size} outcomes, {reference.size} references and "
            f"{'no' if labels is None else len(labels)} labels: expected one a cell"
        )
    if not outcome.size:
        raise MeasureError("there are no cells: expected at least one")


def _checked(x: ArrayLike, w: ArrayLike | None, labels: Labels | None) -> tuple[Array, Array]:
    """Outcome and reference as arrays for which every measure is defined."""
    outcome = np.asarray(x, dtype=np.float64)
    reference = np.ones_like(outcome) if w is None else np.asarray(w, dtype=np.float64)
    _check_shape(outcome, reference, labels)
    check_outcome(outcome, labels)
    check_reference(reference, labels)
    if not outcome.any():
        raise MeasureError(f"all {outcome.size} outcomes are zero: there is nothing to share")
    return outcome, reference


def _shares(x: ArrayLike, w: ArrayLike | None, labels: Labels | None) -> tuple[Array, Array]:
    outcome, reference = _checked(x, w, labels)
    return formulas.shares(outcome), formulas.shares(reference)


def _part(group: str, s: Array, p: Array) -> GroupPart:
    share = s.sum()
    theil = float(formulas.theil_t(formulas.shares(s), formulas.shares(p)))
    return GroupPart(
        group=group,
        n=s.size,
        outcome_share=float(share),
        reference_share=float(p.sum()),
        theil_t=theil,
        between=float(formulas.contributions(share, p.sum())),
        within=float(share) * theil if share > 0 else 0.0,
    )
