"""The inequality measures of many distributions at once, end to end in flat arrays.

Here is only how the arrays are cut; the formulas stand in ``formulas``. Distributions of one size
are stacked as the rows of a matrix, so that the work goes by size and not by distribution, nothing
is padded, and a distribution has the same bits alone and among thousands. No threads, no I/O.

A distribution whose outcomes add up to zero is no error here: it has NaN for whatever is not
defined then, because among thousands of groups some have nothing.
"""

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import MeasureError
from pipeline.measures import formulas
from pipeline.measures.formulas import Array
from pipeline.measures.inequality import Inequality, check_outcome, check_reference

Starts = NDArray[np.intp]

FAMILY = tuple(f.name for f in fields(Inequality))
"""Names of the measures, in the order of the columns of marts.inequality."""

contributions = formulas.contributions


def inequality(outcome: Array, reference: Array, starts: Starts) -> dict[str, Array]:
    """The whole family, an array of one value a distribution by name of the measure.

    Args:
        outcome: what is shared out, ≥ 0, shape (m,), the distributions one after the other.
        reference: what it is compared with, > 0, shape (m,).
        starts: where each distribution starts, increasing from 0, shape (k,).

    Raises:
        MeasureError: a cell that no measure is defined for, or starts that do not cut the arrays.
    """
    _check(outcome, reference, starts)
    result = {name: np.empty(len(starts)) for name in FAMILY}
    for rows, cells in _stacks(starts, len(outcome)):
        for name, values in formulas.family(outcome[cells], reference[cells]).items():
            result[name][rows] = values
    return result


def theil_t(outcome: Array, reference: Array, starts: Starts) -> Array:
    """Theil T of each distribution, in nats; NaN where its outcomes add up to zero.

    Raises:
        MeasureError: see ``inequality``.
    """
    _check(outcome, reference, starts)
    result = np.empty(len(starts))
    for rows, cells in _stacks(starts, len(outcome)):
        s, p = formulas.shares(outcome[cells]), formulas.shares(reference[cells])
        result[rows] = formulas.theil_t(s, p)
    return result


def shares(values: Array, starts: Starts) -> Array:
    """Each value over the sum of its distribution, shape (m,); NaN where that sum is zero.

    Raises:
        MeasureError: a value that is negative or not a number, or wrong starts.
    """
    check_outcome(values)
    _check_starts(starts, len(values))
    result = np.empty(len(values))
    for _, cells in _stacks(starts, len(values)):
        result[cells] = formulas.shares(values[cells])
    return result


def leave_one_out(outcome: Array, reference: Array, starts: Starts) -> dict[str, Array]:
    """``theil_t`` and ``ceiling`` of each distribution without each of its cells, shape (m,).

    NaN where no outcome remains.

    Raises:
        MeasureError: see ``inequality``.
    """
    _check(outcome, reference, starts)
    theil, ceiling = np.empty(len(outcome)), np.empty(len(outcome))
    for _, cells in _stacks(starts, len(outcome)):
        s, p = formulas.shares(outcome[cells]), formulas.shares(reference[cells])
        theil[cells], ceiling[cells] = formulas.leave_one_out(s, p)
    return {"theil_t": theil, "ceiling": ceiling}


def _stacks(starts: Starts, length: int) -> Iterator[tuple[Starts, Starts]]:
    """For each size n: the numbers (k,) of the distributions of n cells, and their cells (k, n)."""
    sizes = np.diff(starts, append=length)
    for n in np.unique(sizes):
        rows = np.flatnonzero(sizes == n)
        yield rows, starts[rows, np.newaxis] + np.arange(n)


def _check(outcome: Array, reference: Array, starts: Starts) -> None:
    if len(outcome) != len(reference):
        raise MeasureError(
            f"outcome has {len(outcome)} cells and reference {len(reference)}: expected as many"
        )
    check_outcome(outcome)
    check_reference(reference)
    _check_starts(starts, len(outcome))


def _check_starts(starts: Starts, length: int) -> None:
    """An empty distribution would pass for the next one, a late start for no cells at all."""
    edges = np.append(starts, length)
    if edges[0] != 0 or (np.diff(edges) <= 0).any():
        raise MeasureError(
            f"starts {np.array2string(starts, threshold=6)} do not cut {length} cells into "
            "distributions: expected numbers that increase from 0 and stay below that"
        )
