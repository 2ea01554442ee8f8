"""Many distributions at once: the same figures as one by one, to the last bit."""

import math
import warnings
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import MeasureError
from pipeline.measures import batch
from pipeline.measures import inequality as m
from pipeline.measures.batch import Starts
from pipeline.measures.formulas import Array

Cells = list[tuple[float, float]]

calm = settings(deadline=None, max_examples=60)
positive = st.floats(1e-3, 1e9)
cells = st.tuples(st.one_of(st.just(0.0), positive), positive | st.just(1.0))
several = st.lists(
    st.lists(cells, min_size=1, max_size=12).filter(lambda d: any(x for x, _ in d)),
    min_size=1,
    max_size=5,
)


def end_to_end(distributions: list[Cells]) -> tuple[Array, Array, Starts]:
    flat = np.array([cell for d in distributions for cell in d], dtype=float).reshape(-1, 2)
    sizes = [len(d) for d in distributions]
    starts = np.cumsum([0, *sizes[:-1]], dtype=np.intp)
    return flat[:, 0], flat[:, 1], starts


@calm
@given(several)
def test_a_distribution_has_the_same_bits_alone_and_among_others(
    distributions: list[Cells],
) -> None:
    found = batch.inequality(*end_to_end(distributions))
    for i, own in enumerate(distributions):
        x, w = np.array(own).T
        alone = asdict(m.inequality(x, w))
        np.testing.assert_equal({k: v[i] for k, v in found.items()}, alone)


@calm
@given(several)
def test_parts_have_the_same_bits_alone_and_among_others(distributions: list[Cells]) -> None:
    x, w, starts = end_to_end(distributions)
    s, p = batch.shares(x, starts), batch.shares(w, starts)
    parts = batch.contributions(s, p)
    rest = batch.leave_one_out(x, w, starts)
    theil = batch.theil_t(x, w, starts)
    for i, (a, b) in enumerate(zip(starts, [*starts[1:], len(x)], strict=True)):
        own = x[a:b], w[a:b]
        np.testing.assert_array_equal(parts[a:b], m.contributions(*own))
        left = m.leave_one_out(*own)
        np.testing.assert_array_equal(rest["theil_t"][a:b], [one.theil_t for one in left])
        np.testing.assert_array_equal(rest["ceiling"][a:b], [one.ceiling for one in left])
        assert theil[i] == m.theil_t(*own)


def test_the_names_are_those_of_the_family_also_of_no_distribution() -> None:
    nothing = np.zeros(0)
    found = batch.inequality(nothing, nothing, np.zeros(0, dtype=np.intp))
    assert tuple(found) == batch.FAMILY
    assert all(values.shape == (0,) for values in found.values())


def test_a_distribution_with_nothing_to_share_is_not_defined_and_disturbs_no_other() -> None:
    x, w, starts = np.array([0, 0, 1, 3, 0.0]), np.ones(5), np.array([0, 2, 4])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = batch.inequality(x, w, starts)
        theil = batch.theil_t(x, w, starts)
        rest = batch.leave_one_out(x, w, starts)["theil_t"]
        s = batch.shares(x, starts)
    np.testing.assert_array_equal(theil, [math.nan, m.theil_t([1, 3]), math.nan])
    np.testing.assert_array_equal(rest, [math.nan, math.nan, 0, 0, math.nan])
    np.testing.assert_array_equal(s, [math.nan, math.nan, 0.25, 0.75, math.nan])
    for measure in set(batch.FAMILY) - {"value_range", "ceiling"}:
        assert np.isnan(found[measure][[0, 2]]).all(), measure
        assert np.isfinite(found[measure][1]), measure


@pytest.mark.parametrize(
    ("outcome", "reference", "message"),
    [
        ([1, 2, -3], [1, 1, 1], r"outcome of cell 2 is -3\.0: expected a finite number of 0"),
        ([1, math.nan, 3], [1, 1, 1], "outcome of cell 1 is nan"),
        ([1, 2, math.inf], [1, 1, 1], "outcome of cell 2 is inf"),
        ([1, 2, 3], [1, 0, 1], r"reference of cell 1 is 0\.0: expected a finite number above 0"),
        ([1, 2, 3], [1, 1, math.nan], "reference of cell 2 is nan"),
        ([1, 2, 3], [1, 1], "outcome has 3 cells and reference 2"),
    ],
)
def test_an_undefined_cell_is_named(
    outcome: list[float], reference: list[float], message: str
) -> None:
    for measure in (batch.inequality, batch.theil_t, batch.leave_one_out):
        with pytest.raises(MeasureError, match=message):
            measure(np.array(outcome), np.array(reference), np.array([0, 2]))


@pytest.mark.parametrize("starts", [[1], [0, 2, 2], [0, 2, 1], [0, 3], []])
def test_starts_that_do_not_cut_the_cells_are_refused(starts: list[int]) -> None:
    with pytest.raises(MeasureError, match="do not cut 3 cells into distributions"):
        batch.shares(np.ones(3), np.array(starts, dtype=np.intp))
