"""The rank intervals of the composite index, all draws at once, beside a plain loop over draws.

Ten states, thirty indicators in six pillars, 10,000 draws, made-up values with holes: it is about
cost, not about findings. Times are printed and never asserted; that both say the same is.
"""

import math
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
import pytest

from pipeline.measures.composite import (
    AGGREGATIONS,
    IMPUTATIONS,
    NORMALISATIONS,
    IndexIndicator,
    Plan,
    impute,
    normalise,
)
from pipeline.measures.composite_ranks import IndexModel, draw, uncertainty
from pipeline.measures.composite_sensitivity import sensitivity
from pipeline.measures.formulas import Array

DRAWS, SEED = 10_000, 20240704
LOOP = "10,000 draws, plain loop"
PLAN = Plan(tuple(IndexIndicator(f"i{j}", f"p{j % 6}", 0, 100) for j in range(30)))
UNITS = tuple(f"u{i}" for i in range(10))

Result = TypeVar("Result")


class Clock:
    """Takes the best of some runs, in seconds, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def time(self, what: str, run: Callable[[], Result], rounds: int) -> Result:
        times = []
        for _ in range(rounds):
            start = time.perf_counter()
            result = run()
            times.append(time.perf_counter() - start)
        self.seconds[what] = min(times)
        return result


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    """The clock of all; when they are done, it prints them side by side."""
    clock = Clock()
    yield clock
    loop = clock.seconds.get(LOOP, math.nan)
    print("\n\nTen states, thirty indicators.")
    for what, value in clock.seconds.items():
        print(f"{value:8.3f} s {loop / value:8.1f} times as fast as the loop  {what}")


@pytest.fixture(scope="module")
def values() -> Array:
    rng = np.random.default_rng(SEED)
    values = np.clip(rng.normal(50, 15, (10, 30)) + 4 * np.arange(10)[:, np.newaxis], 0, 100)
    # One hole in seven indicators, never more than two in a pillar of five.
    for unit, column in enumerate(range(0, 28, 4)):
        values[unit, column] = np.nan
    return values


def _ranks_by_a_loop(values: Array) -> Array:
    """Ranks of each draw, built up from the values in plain steps."""
    draws = draw(PLAN, DRAWS, np.random.Generator(np.random.PCG64(SEED)))
    pillars = [np.array([i.pillar == p for i in PLAN.indicators]) for p in PLAN.pillars]
    ranks = np.empty((DRAWS, len(UNITS)))
    for i in range(DRAWS):
        scores = normalise(values, PLAN, NORMALISATIONS[draws.normalisation[i]])
        scores = impute(scores, IMPUTATIONS[draws.imputation[i]]).scores
        if draws.dropped[i] >= 0:
            scores = np.delete(scores, draws.dropped[i], axis=1)
        kept = [np.delete(p, draws.dropped[i]) if draws.dropped[i] >= 0 else p for p in pillars]
        parts = np.column_stack([np.nanmean(scores[:, columns], axis=1) for columns in kept])
        if AGGREGATIONS[draws.aggregation[i]] == "arithmetic":
            index = parts @ draws.weights[i]
        else:
            index = np.exp(np.log(parts) @ draws.weights[i])
        index = index.round(9)
        for unit, own in enumerate(index):
            ranks[i, unit] = (index > own).sum() + ((index == own).sum() + 1) / 2
    return ranks


def test_rank_intervals_by_a_plain_loop(clock: Clock, values: Array) -> None:
    found = clock.time(LOOP, lambda: _ranks_by_a_loop(values), rounds=1)
    model = IndexModel.of(values, UNITS, PLAN)
    draws = draw(PLAN, DRAWS, np.random.Generator(np.random.PCG64(SEED)))
    np.testing.assert_array_equal(found, model.ranks(draws))


def test_rank_intervals_all_at_once(clock: Clock, values: Array) -> None:
    found = clock.time(
        "10,000 draws at once, with intervals and bands",
        lambda: uncertainty(values, UNITS, PLAN, draws=DRAWS, seed=SEED),
        rounds=5,
    )
    assert len(found.ranges) == len(UNITS)


def test_sobol_shares(clock: Clock, values: Array) -> None:
    found = clock.time(
        "Sobol shares, 28,672 evaluations",
        lambda: sensitivity(values, UNITS, PLAN, base=4096, seed=SEED),
        rounds=3,
    )
    assert len(found) == 5 * (1 + len(UNITS))
