"""Frames for the judge: what of the warehouse is handed to Great Expectations.

The bitemporal table has millions of rows, so it is never handed over whole: a suite asks for a
summary or for the rows that must not exist, and DuckDB works it out. Nothing here judges.
"""

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from pipeline.errors import ExpectationError
from pipeline.rounding import text as rounded
from pipeline.validation.kinds import KINDS
from pipeline.validation.model import Expectation, Suite
from pipeline.validation.results import Cell
from pipeline.validation.suites import suggestion

if TYPE_CHECKING:
    import pandas as pd

MAX_VIOLATIONS = 1_000
"""Violating rows that are fetched; beyond that they are only counted."""


@dataclass(frozen=True)
class Frame:
    """A frame to judge. ``total`` is how many rows the query has, of which ``rows`` may be the
    first; ``examined`` how many rows of the warehouse stand behind it."""

    rows: "pd.DataFrame"
    total: int
    examined: int


def fetch(con: duckdb.DuckDBPyConnection, suite: Suite, expectation: Expectation) -> Frame:
    """The frame of one expectation, in a fixed order of rows.

    Raises:
        ExpectationError: the query is wrong, or the table is not there.
    """
    query = expectation.query or f"FROM {suite.table}"
    listing = expectation.lists_violations
    try:
        rows = con.execute(
            f"FROM ({query}) ORDER BY ALL" + (f" LIMIT {MAX_VIOLATIONS + 1}" if listing else "")
        ).df()
        total = len(rows)
        if listing and total > MAX_VIOLATIONS:
            total = _count(con, f"({query})")
        examined = _count(con, suite.table) if listing else total
    except duckdb.Error as error:
        reason = " ".join(str(error).split())
        raise ExpectationError(f"{suite.source}: {expectation.id}: query: {reason}") from error
    return Frame(rows, total, examined)


def check_columns(suite: Suite, expectation: Expectation, frame: "pd.DataFrame") -> None:
    """See that the expectation names columns of its frame only.

    Raises:
        ExpectationError: it names another one.
    """
    for column in (*judged_columns(expectation), *expectation.shows):
        if column not in frame.columns:
            raise ExpectationError(
                f"{suite.source}: {expectation.id}: column {column!r} is not in the frame"
                f"{suggestion(column, map(str, frame.columns))}"
            )


def judged_columns(expectation: Expectation) -> tuple[str, ...]:
    """The columns that the arguments name, in the order of the arguments."""
    names: list[str] = []
    for argument, value in expectation.kwargs.items():
        if argument in KINDS[expectation.type].columns:
            names.extend(value if isinstance(value, list) else [value])
    return tuple(dict.fromkeys(names))


def shown_columns(suite: Suite, expectation: Expectation, frame: "pd.DataFrame") -> list[str]:
    """The columns that tell an offending row."""
    if expectation.shows:
        return list(expectation.shows)
    if expectation.query is not None:
        return [str(c) for c in frame.columns]
    keys = [c for c in suite.key if c in frame.columns]
    return list(dict.fromkeys((*keys, *judged_columns(expectation))))


def told(
    frame: "pd.DataFrame", positions: Iterable[int], columns: Sequence[str]
) -> tuple[Mapping[str, Cell], ...]:
    """Rows of a frame by position, as plain values by column."""
    part = frame.iloc[list(positions)]
    if part.empty:
        return ()
    values = [part[column].tolist() for column in columns]
    return tuple(
        dict(zip(columns, map(cell, row), strict=True)) for row in zip(*values, strict=True)
    )


def cell(value: Any) -> Cell:
    """A value as JSON can hold it: missing is None, infinity is a text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return value if math.isfinite(value) else rounded(value)
    if str(value) in ("NaT", "<NA>"):
        return None
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    return str(value)


def _count(con: duckdb.DuckDBPyConnection, source: str) -> int:
    row = con.execute(f"FROM {source} SELECT count(*)").fetchone()
    return int(row[0]) if row else 0
