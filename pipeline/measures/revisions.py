"""Revisions of published figures: what became of each, and what a measure owes to them.

Here is the comparing of two sets of figures, cell by cell, and the splitting of a measure's change
into what was revised, what is new and what was computed otherwise. Where figures come from, and
what is measured, is for the callers to say.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.measures.formulas import Array

Kind = Literal["unchanged", "new", "revised", "withdrawn"]
KINDS: Final[tuple[Kind, ...]] = ("unchanged", "new", "revised", "withdrawn")
"""What can become of a cell; ``classify`` gives the places in this tuple."""

MEANT_DIGITS: Final = 12
"""Digits after the twelfth are the arithmetic of whoever made a copy, not the publisher's."""
_DOUBLE: Final = 1e-15
"""Part of a value that a double may miss: 36.65 lies half a unit from 36.7, or a hair more."""

Cause = Literal["revised", "new", "method"]
Cell = TypeVar("Cell", bound=Hashable)
Values = Mapping[str, float | None]
"""Measures by name; None where a measure is not defined or may not be published."""


def rounding_error(values: ArrayLike, digits: ArrayLike, place: ArrayLike) -> Array:
    """How far a value may lie from the one that its copy was rounded from.

    Half a unit of the last significant digit, or of the last decimal place, whichever is more: some
    copies were rounded to digits, others to places.

    Args:
        values: values as a copy gives them, shape (n,); NaN where it has none.
        digits: most significant digits of any value of that copy, shape (n,) or one number.
        place: last decimal place of any value of that copy, below 0 for tens and hundreds; NaN
            where it has none.

    Returns:
        Shape (n,), in the unit of the values.
    """
    size = np.abs(np.asarray(values, dtype=np.float64))
    kept = np.minimum(np.asarray(digits, dtype=np.float64), MEANT_DIGITS)
    with np.errstate(divide="ignore"):
        # Of 0 no digit was cut off: 10 to the power of minus infinity is 0.
        last_digit = 10.0 ** (np.floor(np.log10(size)) + 1 - kept)
    last_place = 10.0 ** -np.asarray(place, dtype=np.float64)
    # A copy of nothing but zeros has no last place.
    return 0.5 * np.fmax(last_digit, last_place)


def classify(
    old: ArrayLike, new: ArrayLike, rounding_old: ArrayLike, rounding_new: ArrayLike
) -> NDArray[np.int8]:
    """What became of each cell from an older to a newer set of figures.

    Two values are the same where they differ by no more than the rounding of the coarser copy.

    Args:
        old: older values, shape (n,); NaN where there is none.
        new: newer values, likewise.
        rounding_old: ``rounding_error`` of the older values.
        rounding_new: that of the newer values.

    Returns:
        Places in ``KINDS``, shape (n,); a cell that neither has is unchanged.
    """
    before, after = np.asarray(old, dtype=np.float64), np.asarray(new, dtype=np.float64)
    inexact = _DOUBLE * np.fmax(np.abs(before), np.abs(after))
    allowed = np.fmax(rounding_old, rounding_new) + inexact
    had, has = ~np.isnan(before), ~np.isnan(after)
    kinds = np.zeros(np.broadcast(before, after).shape, dtype=np.int8)
    kinds[~had & has] = KINDS.index("new")
    kinds[had & ~has] = KINDS.index("withdrawn")
    kinds[had & has & (np.abs(after - before) > allowed)] = KINDS.index("revised")
    return kinds


@dataclass(frozen=True)
class Part:
    """What a measure changed by for some causes; more than one where it is not defined between."""

    causes: tuple[Cause, ...]
    amount: float


@dataclass(frozen=True)
class Split:
    """The change of one measure, taken apart; without parts where an end is not defined.

    The parts add up to ``after - before``: each is the difference of two neighbouring states.
    """

    before: float | None
    after: float | None
    parts: tuple[Part, ...]

    @property
    def change(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before

    def amount(self, cause: Cause) -> float | None:
        """What is owed to this cause alone; None where it cannot be told from another."""
        return next((part.amount for part in self.parts if part.causes == (cause,)), None)


def split_changes(
    old: Mapping[Cell, float],
    new: Mapping[Cell, float],
    measure_old: Callable[[Mapping[Cell, float]], Values],
    measure_new: Callable[[Mapping[Cell, float]], Values],
    *,
    published_old: Values | None = None,
    published_new: Values | None = None,
    run: Callable[..., Iterable[Values]] = map,
) -> dict[str, Split]:
    """Split the change of measures between two sets of figures by sequential substitution.

    Always in this order, each state measured by the same code and catalogue but for the ends:

    1. the older figures, as they were published with the code and catalogue of their time;
    2. the older figures as ``measure_old`` has them; from 1 to 2 is method;
    3. the older figures, every cell that the newer set has too as it says: revised data;
    4. the newer figures as ``measure_new`` has them: new data, with what was withdrawn and what
       has become too old by the newer date;
    5. the newer figures as they were published: method again, added to the first.

    Another order would give other parts, but the same sum.

    Args:
        old: older figures by cell.
        new: newer figures by cell.
        measure_old: measures as of the older date; called with the states 2 and 3.
        measure_new: the same measures as of the newer date; called with state 4.
        published_old: the measures of state 1, where they differ in method.
        published_new: the measures of state 5, likewise.
        run: calls a function for each of some arguments; the ``map`` of an executor measures the
            states at once.

    Returns:
        A split for every measure that any state has.
    """
    shared = {cell: new.get(cell, value) for cell, value in old.items()}
    jobs = ((measure_old, old), (measure_old, shared), (measure_new, new))
    states = tuple(run(lambda job: job[0](job[1]), jobs))
    first = states[0] if published_old is None else published_old
    last = states[-1] if published_new is None else published_new
    names = sorted({name for values in (first, *states, last) for name in values})
    return {
        name: _split(first.get(name), [v.get(name) for v in states], last.get(name))
        for name in names
    }


def _split(first: float | None, states: list[float | None], last: float | None) -> Split:
    """The split of one measure; ``states`` are those numbered 2, 3 and 4."""
    if first is None or last is None:
        return Split(first, last, ())
    old, shared, new = states
    if old is None or new is None:
        # Today's code measures nothing at an end: that, too, is its method.
        return Split(first, last, (Part(("revised", "new", "method"), last - first),))
    method = Part(("method",), (old - first) + (last - new))
    if shared is None:
        return Split(first, last, (Part(("revised", "new"), new - old), method))
    return Split(
        first, last, (Part(("revised",), shared - old), Part(("new",), new - shared), method)
    )
