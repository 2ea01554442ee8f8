"""Revisions: rounding is no revision, and the parts of a change add up whatever is measured."""

import math
from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.measures import inequality
from pipeline.measures.revisions import KINDS, classify, rounding_error, split_changes

calm = settings(deadline=None, max_examples=100)
FULL = 17, 20
"""Most significant digits and last decimal place of a copy that nobody rounded."""
STATES = ("CHN", "IND", "KAZ", "KGZ", "RUS", "TJK")

Cells = Mapping[tuple[str, str], float]


def kind(
    old: float | None,
    new: float | None,
    *,
    old_copy: tuple[int, int] = FULL,
    new_copy: tuple[int, int] = FULL,
) -> str:
    """What became of one cell, by the digits and the last place of either copy."""
    before = math.nan if old is None else old
    after = math.nan if new is None else new
    (code,) = classify(
        [before], [after], rounding_error([before], *old_copy), rounding_error([after], *new_copy)
    )
    return str(KINDS[code])


class TestClassify:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (None, 5.0, "new"),
            (5.0, None, "withdrawn"),
            (5.0, 5.0, "unchanged"),
            (5.0, 5.1, "revised"),
            (0.0, 0.1, "revised"),
            (0.0, 0.0, "unchanged"),
            (-2.0, 2.0, "revised"),
            (None, None, "unchanged"),
        ],
    )
    def test_a_cell_is_new_revised_withdrawn_or_unchanged(
        self, old: float | None, new: float | None, expected: str
    ) -> None:
        assert kind(old, new) == expected

    def test_a_copy_of_three_digits_is_the_same_figure(self) -> None:
        # Tajikistan 2021 in the releases of July and December 2025, and of April 2026.
        assert kind(49.8, 49.8409, old_copy=(3, 6), new_copy=(6, 5)) == "unchanged"
        assert kind(49.8409, 36.7056007385254, old_copy=(6, 5), new_copy=(15, 18)) == "revised"

    def test_a_copy_of_five_places_is_the_same_figure(self) -> None:
        assert kind(0.00012, 0.000123456, old_copy=(7, 5)) == "unchanged"
        assert kind(0.00012, 0.000133456, old_copy=(7, 5)) == "revised"

    def test_a_copy_in_thousands_is_the_same_figure(self) -> None:
        assert kind(10_331_000, 10_331_499, old_copy=(5, -3)) == "unchanged"
        assert kind(10_331_000, 10_331_501, old_copy=(5, -3)) == "revised"

    def test_what_differs_after_the_twelfth_digit_is_arithmetic(self) -> None:
        assert kind(1.70000000000004e13, 1.70000000000001e13) == "unchanged"
        assert kind(1.7000000004e13, 1.7000000001e13) == "revised"

    @calm
    @given(
        st.floats(1e-6, 1e15),
        st.integers(2, 9),
        st.sampled_from([ROUND_HALF_UP, ROUND_HALF_EVEN]),
        st.booleans(),
    )
    @example(36.65, 3, ROUND_HALF_UP, False)
    def test_rounding_to_digits_is_never_a_revision(
        self, value: float, digits: int, how: str, older: bool
    ) -> None:
        exact = Decimal(value)
        place = digits - exact.adjusted() - 1
        rounded = float(exact.quantize(Decimal(1).scaleb(-place), rounding=how))
        copy = (digits, 20)
        if older:
            assert kind(rounded, value, old_copy=copy) == "unchanged"
        else:
            assert kind(value, rounded, new_copy=copy) == "unchanged"

    @calm
    @given(st.floats(1e-6, 1e9), st.integers(2, 9), st.sampled_from([-1.01, 1.01]))
    def test_a_step_of_a_whole_digit_is_always_a_revision(
        self, value: float, digits: int, steps: float
    ) -> None:
        exact = Decimal(value)
        unit = Decimal(1).scaleb(exact.adjusted() + 1 - digits)
        rounded, step = float(exact.quantize(unit, rounding=ROUND_DOWN)), float(unit)
        # Below a power of ten digits are finer, never coarser.
        assert kind(rounded, rounded + steps * step, old_copy=(digits, 20)) == "revised"

    def test_cells_do_not_depend_on_each_other(self) -> None:
        old, new = np.array([1.0, np.nan, 3.0, 4.0]), np.array([1.0, 2.0, np.nan, 9.0])
        codes = classify(old, new, rounding_error(old, *FULL), rounding_error(new, *FULL))
        assert [KINDS[c] for c in codes] == ["unchanged", "new", "withdrawn", "revised"]


def theil(cells: Cells) -> dict[str, float | None]:
    """Theil T of exports per dollar of GDP, where at least two states have both."""
    both = [s for s in STATES if ("exports", s) in cells and ("gdp", s) in cells]
    x = [cells["exports", s] for s in both]
    if len(both) < 2 or not any(x):
        return {"theil": None}
    return {"theil": inequality.theil_t(x, [cells["gdp", s] for s in both])}


figures = st.dictionaries(
    st.tuples(st.sampled_from(["exports", "gdp"]), st.sampled_from(STATES)),
    st.floats(1e-3, 1e12),
    min_size=0,
    max_size=12,
)


class TestSplit:
    @calm
    @given(figures, figures, st.one_of(st.none(), st.floats(0, 3)))
    def test_the_parts_add_up_to_the_change(
        self, old: Cells, new: Cells, published: float | None
    ) -> None:
        split = split_changes(
            old,
            new,
            theil,
            theil,
            published_new=None if published is None else {"theil": published},
        )["theil"]
        if split.change is None:
            assert split.parts == ()
        else:
            assert math.fsum(part.amount for part in split.parts) == pytest.approx(
                split.change, abs=1e-12
            )

    @calm
    @given(figures)
    def test_the_same_figures_leave_nothing_to_explain(self, cells: Cells) -> None:
        split = split_changes(cells, cells, theil, theil)["theil"]
        assert all(part.amount == 0 for part in split.parts)

    @calm
    @given(figures, figures)
    def test_other_figures_alone_are_no_change_of_method(self, old: Cells, new: Cells) -> None:
        split = split_changes(old, new, theil, theil)["theil"]
        assert split.change is None or split.amount("method") == 0

    @calm
    @given(figures.filter(lambda cells: theil(cells)["theil"] is not None), st.floats(1e-3, 1e12))
    def test_only_revised_figures_are_no_new_data(self, old: Cells, value: float) -> None:
        new = {**old, next(iter(old)): value}
        split = split_changes(old, new, theil, theil)["theil"]
        assert split.amount("new") == 0
        assert split.amount("revised") == split.change

    def test_a_sum_by_hand(self) -> None:
        # 10 + 20 became 12 (revised) + 5 (new), and 20 was withdrawn.
        old, new = {"a": 10.0, "b": 20.0}, {"a": 12.0, "c": 5.0}
        split = split_changes(
            old,
            new,
            lambda cells: {"sum": sum(cells.values())},
            lambda cells: {"sum": sum(cells.values())},
            published_old={"sum": 31.0},
        )["sum"]
        assert (split.before, split.after, split.change) == (31, 17, -14)
        assert [(p.causes, p.amount) for p in split.parts] == [
            (("revised",), 2),
            (("new",), -15),
            (("method",), -1),
        ]

    def test_what_is_not_defined_between_is_not_told_apart(self) -> None:
        split = split_changes(
            {"a": 1.0},
            {"a": 2.0},
            lambda cells: {"m": 1.0 if cells["a"] == 1 else None},
            lambda _: {"m": 4.0},
        )
        assert [(p.causes, p.amount) for p in split["m"].parts] == [
            (("revised", "new"), 3),
            (("method",), 0),
        ]
        assert split["m"].amount("revised") is None

    def test_a_measure_that_is_not_published_at_an_end_has_no_change(self) -> None:
        split = split_changes({"a": 1.0}, {"a": 2.0}, lambda _: {"m": None}, lambda _: {"m": 4.0})
        assert (split["m"].change, split["m"].parts) == (None, ())

    def test_what_today_cannot_measure_is_left_to_method_too(self) -> None:
        split = split_changes(
            {"a": 1.0}, {"a": 2.0}, lambda _: {}, lambda _: {"m": 4.0}, published_old={"m": 3.0}
        )["m"]
        assert [(p.causes, p.amount) for p in split.parts] == [(("revised", "new", "method"), 1)]
