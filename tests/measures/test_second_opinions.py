"""The measures against other software, and against their definitions in plain Python."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from inequality.atkinson import atkinson as pysal_atkinson
from inequality.gini import Gini
from inequality.theil import Theil, TheilD
from scipy.stats import entropy

from pipeline.measures import inequality as m
from pipeline.measures.formulas import Array

RNG = np.random.default_rng(20240704)
SAMPLES = [RNG.lognormal(3, sigma, n) for sigma in (0.1, 1, 4) for n in (2, 10, 217)]


def weights_for(sample: Array) -> Array:
    return np.random.default_rng(sample.size).lognormal(10, 2, sample.size)


@pytest.mark.parametrize("x", SAMPLES, ids=lambda x: f"n={x.size}")
class TestAgainstSoftware:
    def test_theil_t_and_l_are_scipys_relative_entropies(self, x: Array) -> None:
        w = weights_for(x)
        s, p = x / x.sum(), w / w.sum()
        assert m.theil_t(x, w) == pytest.approx(entropy(s, p), rel=1e-12, abs=1e-15)
        assert m.theil_l(x, w) == pytest.approx(entropy(p, s), rel=1e-12, abs=1e-15)

    def test_unweighted_theil_gini_and_atkinson_are_pysals(self, x: Array) -> None:
        assert m.theil_t(x) == pytest.approx(Theil(x).T, rel=1e-12, abs=1e-14)
        assert m.gini(x) == pytest.approx(Gini(x).g, rel=1e-12, abs=1e-14)
        for aversion in (0.5, 1):
            expected = pysal_atkinson(x, aversion)
            assert m.atkinson(x, aversion) == pytest.approx(expected, rel=1e-12, abs=1e-14)

    def test_the_decomposition_is_pysals(self, x: Array) -> None:
        groups = np.array(["abc"[i % 3] for i in range(x.size)])
        theirs, ours = TheilD(x, groups), m.decompose(x, list(groups))
        assert ours.between == pytest.approx(theirs.bg, rel=1e-9, abs=1e-13)
        assert ours.within == pytest.approx(theirs.wg, rel=1e-9, abs=1e-13)


def by_definition(x: Sequence[float], w: Sequence[float]) -> dict[str, float]:
    """The family in the words of the textbook: exact sums, double loops, no arrays."""
    p = [b / math.fsum(w) for b in w]
    mean = math.fsum(x) / math.fsum(w)
    heads = [a / b for a, b in zip(x, w, strict=True)]
    r = [h / mean for h in heads]
    cells = list(zip(p, r, strict=True))

    def expected(values: Sequence[float]) -> float:
        return math.fsum(b * v for b, v in zip(p, values, strict=True))

    def entropy_of(a: float) -> float:
        return (expected([math.pow(v, a) for v in r]) - 1) / (a * (a - 1))

    def atkinson_of(e: float) -> float:
        return 1 - math.pow(expected([math.pow(v, 1 - e) for v in r]), 1 / (1 - e))

    logs = [math.log(v) for v in r]
    log_mean = expected(logs)
    return {
        "theil_t": expected([v * math.log(v) for v in r]),
        "theil_l": -log_mean,
        "ge_2": entropy_of(2),
        "gini": math.fsum(b * c * abs(u - v) for b, u in cells for c, v in cells) / 2,
        "atkinson_05": atkinson_of(0.5),
        "atkinson_1": 1 - math.exp(log_mean),
        "atkinson_2": atkinson_of(2),
        "cv": math.sqrt(2 * entropy_of(2)),
        "sd_logs": math.sqrt(expected([(v - log_mean) ** 2 for v in logs])),
        "max_min": max(heads) / min(heads),
        "value_range": max(heads) - min(heads),
        "herfindahl": math.fsum((a / math.fsum(x)) ** 2 for a in x),
        "ceiling": math.log(1 / min(p)),
    }


@pytest.mark.parametrize("x", SAMPLES, ids=lambda x: f"n={x.size}")
def test_the_weighted_family_is_what_its_definitions_say(x: Array) -> None:
    w = weights_for(x)
    found = m.inequality(x, w)
    for measure, expected in by_definition(x.tolist(), w.tolist()).items():
        value = getattr(found, measure)
        assert value == pytest.approx(expected, rel=1e-10, abs=1e-13), measure
