"""What no measure is defined for is refused, with the cell named."""

import math
import warnings
from collections.abc import Callable

import numpy as np
import pytest

from pipeline.errors import MeasureError, ProjectError
from pipeline.measures import inequality as m

STATES = ("KAZ", "TJK", "UZB")

MEASURES: dict[str, Callable[..., object]] = {
    "inequality": m.inequality,
    "theil_t": m.theil_t,
    "theil_l": m.theil_l,
    "generalised_entropy": lambda x, w, labels: m.generalised_entropy(x, 2, w, labels),
    "gini": m.gini,
    "atkinson": lambda x, w, labels: m.atkinson(x, 1, w, labels),
    "cv": m.cv,
    "sd_logs": m.sd_logs,
    "max_min": m.max_min,
    "value_range": m.value_range,
    "contributions": m.contributions,
    "leave_one_out": m.leave_one_out,
    "decompose": lambda x, w, labels: m.decompose(x, list("aab"), w, labels),
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
class TestEveryMeasure:
    @pytest.mark.parametrize("value", [-0.5, math.nan, math.inf])
    def test_refuses_an_outcome_by_the_name_of_its_cell(
        self, measure: Callable[..., object], value: float
    ) -> None:
        message = rf"^outcome of TJK is {value}: expected a finite number of 0 or more$"
        with pytest.raises(MeasureError, match=message):
            measure([1, value, 2], None, STATES)

    @pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
    def test_refuses_a_reference_by_the_name_of_its_cell(
        self, measure: Callable[..., object], value: float
    ) -> None:
        message = rf"^reference of UZB is {value}: expected a finite number above 0$"
        with pytest.raises(MeasureError, match=message):
            measure([1, 3, 2], [1, 1, value], STATES)

    def test_refuses_to_share_out_nothing(self, measure: Callable[..., object]) -> None:
        with pytest.raises(MeasureError, match="all 3 outcomes are zero"):
            measure([0, 0, 0], None, STATES)

    def test_refuses_no_cells(self, measure: Callable[..., object]) -> None:
        with pytest.raises(MeasureError, match="no cells: expected at least one"):
            measure([], None, None)

    @pytest.mark.parametrize(
        ("x", "w", "labels", "message"),
        [
            ([1, 2], [1, 1, 1], None, "2 outcomes, 3 references and no labels"),
            ([1, 2], [1, 1], STATES, "2 outcomes, 2 references and 3 labels"),
            ([[1, 2]], None, None, "one value a cell"),
            (5, None, None, "one value a cell"),
        ],
    )
    def test_refuses_what_does_not_fit_together(
        self, measure: Callable[..., object], x: object, w: object, labels: object, message: str
    ) -> None:
        with pytest.raises(MeasureError, match=message):
            measure(x, w, labels)

    def test_takes_a_zero_without_a_warning(self, measure: Callable[..., object]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert measure([0, 1, 2], [1, 2, 3], STATES) is not None


def test_without_labels_a_cell_is_named_by_its_place() -> None:
    with pytest.raises(MeasureError, match=r"^outcome of cell 1 is -2\.0: "):
        m.theil_t(np.array([1, -2, 3]))


@pytest.mark.parametrize("aversion", [0, -1, math.nan])
def test_an_aversion_that_is_none_is_refused(aversion: float) -> None:
    with pytest.raises(MeasureError, match="expected a positive number"):
        m.atkinson([1, 2], aversion)


def test_groups_must_be_given_for_every_cell() -> None:
    with pytest.raises(MeasureError, match="2 groups are given for 3 cells"):
        m.decompose([1, 2, 3], ["a", "b"])


def test_a_corrected_gini_needs_two_cells() -> None:
    with pytest.raises(MeasureError, match="at least two cells"):
        m.gini_corrected([4])


def test_a_ceiling_needs_weights() -> None:
    with pytest.raises(MeasureError, match="reference of KAZ is 0"):
        m.ceiling([0, 1, 2], STATES)


def test_the_error_is_one_that_a_user_sees_and_a_value_error() -> None:
    with pytest.raises(ProjectError):
        m.gini([])
    with pytest.raises(ValueError, match="no cells"):
        m.gini([])
