"""The whole inequality family in batch beside PySAL's loop for Theil T alone, over the archive.

A distribution here is one year of one snapshot of the bundled archive over all its economies and
aggregates, every cell counting alike since PySAL knows no weights: it is about cost, not about
findings. Times are printed and never asserted; that both say the same is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd
import pytest
from inequality.theil import Theil

from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_snapshots
from pipeline.measures import batch
from pipeline.measures.batch import Starts
from pipeline.measures.formulas import Array

BUNDLED = Path(__file__).parents[2] / "pipeline" / "bundled"
TEN = ("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")
KEY = ["snapshot", "indicator", "counterpart", "year"]
PYSAL = "Theil T of all, PySAL"

Result = TypeVar("Result")


class Benchmark(Protocol):
    """What is used of pytest-benchmark's fixture, which has no types of its own."""

    stats: Any

    def pedantic(
        self,
        target: Callable[..., Result],
        args: tuple[object, ...],
        *,
        rounds: int,
        warmup_rounds: int,
    ) -> Result: ...


@dataclass(frozen=True)
class Distributions:
    """Distributions end to end, as ``batch`` takes them."""

    outcome: Array
    reference: Array
    starts: Starts

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "Distributions":
        """Those of a frame, sorted by ``KEY``, that measures are defined for."""
        groups = frame.groupby(KEY, sort=False, observed=True)["value"]
        defined = (groups.transform("min") >= 0) & (groups.transform("sum") > 0)
        kept = frame[defined]
        sizes = kept.groupby(KEY, sort=False, observed=True).size().to_numpy()
        outcome = kept["value"].to_numpy(dtype=np.float64)
        return cls(outcome, np.ones_like(outcome), (np.cumsum(sizes) - sizes).astype(np.intp))

    @property
    def arrays(self) -> tuple[Array, Array, Starts]:
        return self.outcome, self.reference, self.starts

    def __str__(self) -> str:
        return f"{len(self.starts):,} distributions, {len(self.outcome):,} values"


@pytest.fixture(scope="module")
def observations() -> pd.DataFrame:
    archive = Archive(None, BUNDLED)
    frames = [
        frame.assign(snapshot=number, value=frame["value"].astype(float))
        for number, (_, frame) in enumerate(read_snapshots(archive, archive.snapshots()))
    ]
    columns = [*KEY, "economy", "value"]
    return pd.concat(frames)[columns].dropna().sort_values([*KEY, "economy"])


@pytest.fixture(scope="module")
def everyone(observations: pd.DataFrame) -> Distributions:
    return Distributions.of(observations)


@pytest.fixture(scope="module")
def the_ten(observations: pd.DataFrame) -> Distributions:
    return Distributions.of(observations[observations["economy"].isin(TEN)])


@dataclass(frozen=True)
class Clock:
    """Runs what is measured three times, and keeps the best of it by name, in seconds."""

    seconds: dict[str, float]

    def time(
        self, benchmark: Benchmark, what: str, run: Callable[..., Result], *args: object
    ) -> Result:
        result = benchmark.pedantic(run, args, rounds=3, warmup_rounds=1)
        self.seconds[what] = benchmark.stats.stats.min
        return result


@pytest.fixture(scope="module")
def clock(everyone: Distributions, the_ten: Distributions) -> Iterator[Clock]:
    """The clock of all; when they are done, it prints them side by side."""
    seconds: dict[str, float] = {}
    yield Clock(seconds)
    pysal = seconds.get(PYSAL, float("nan"))
    print(f"\n\nAll: {everyone}. The ten: {the_ten}.")
    for what, value in seconds.items():
        print(f"{value:8.3f} s {value / pysal:7.2f} of PySAL  {what}")


def _theil_by_pysal(d: Distributions) -> Array:
    ends = np.append(d.starts[1:], len(d.outcome))
    return np.array([Theil(d.outcome[a:b]).T for a, b in zip(d.starts, ends, strict=True)])


def test_theil_t_alone_by_pysal(
    benchmark: Benchmark, everyone: Distributions, clock: Clock
) -> None:
    found = clock.time(benchmark, PYSAL, _theil_by_pysal, everyone)
    np.testing.assert_allclose(batch.theil_t(*everyone.arrays), found, rtol=1e-9, atol=1e-12)


def test_theil_t_alone_in_batch(
    benchmark: Benchmark, everyone: Distributions, clock: Clock
) -> None:
    found = clock.time(benchmark, "Theil T of all, batch", batch.theil_t, *everyone.arrays)
    assert np.isfinite(found).all()


def test_the_family_in_batch(benchmark: Benchmark, everyone: Distributions, clock: Clock) -> None:
    what = f"the family of all ({len(batch.FAMILY)} measures), batch"
    found = clock.time(benchmark, what, batch.inequality, *everyone.arrays)
    assert np.isfinite(found["gini"]).all()


def test_leave_one_out_of_the_ten_in_batch(
    benchmark: Benchmark, the_ten: Distributions, clock: Clock
) -> None:
    what = "Theil T with each of the ten left out, batch"
    found = clock.time(benchmark, what, batch.leave_one_out, *the_ten.arrays)
    assert len(found["theil_t"]) == len(the_ten.outcome)
