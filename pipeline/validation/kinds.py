"""The kinds of Great Expectations that a suite may use, with their arguments.

Great Expectations drops a mistyped kind with no more than a line in its log, and importing it to
look takes seconds; so the kinds stand here, and a test compares them with the library's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Severity = Literal["critical", "warning", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
"""Worst first. Critical blocks what comes after; a warning stands in the edition; info informs."""


@dataclass(frozen=True)
class Kind:
    """Arguments of one kind: those it cannot do without, and those it may have."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()

    @property
    def columns(self) -> frozenset[str]:
        """Those arguments that name a column, or a list of them."""
        return (self.required | self.optional) & {"column", "column_A", "column_B", "column_list"}


def _kind(required: str, optional: str = "") -> Kind:
    return Kind(frozenset(required.split()), frozenset(optional.split()))


NO_ROWS: Final = "expect_table_row_count_to_equal"
"""The kind behind ``violations``: a query whose rows must not exist."""

BETWEEN: Final = "expect_column_values_to_be_between"

KINDS: Final[Mapping[str, Kind]] = {
    BETWEEN: _kind("column", "min_value max_value strict_min strict_max mostly"),
    "expect_column_values_to_be_in_set": _kind("column value_set", "mostly"),
    "expect_column_values_to_be_null": _kind("column", "mostly"),
    "expect_column_values_to_be_unique": _kind("column", "mostly"),
    "expect_column_values_to_match_regex": _kind("column regex", "mostly"),
    "expect_column_values_to_not_be_null": _kind("column", "mostly"),
    "expect_column_pair_values_a_to_be_greater_than_b": _kind(
        "column_A column_B", "or_equal ignore_row_if mostly"
    ),
    "expect_column_pair_values_to_be_equal": _kind("column_A column_B", "ignore_row_if mostly"),
    "expect_compound_columns_to_be_unique": _kind("column_list", "ignore_row_if mostly"),
    "expect_multicolumn_sum_to_equal": _kind("column_list sum_total", "ignore_row_if mostly"),
    NO_ROWS: _kind("value"),
    "expect_table_row_count_to_be_between": _kind("", "min_value max_value"),
}
