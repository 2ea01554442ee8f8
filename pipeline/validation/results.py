"""What came of judging: one result an expectation, as plain values that can be kept and shown.

What belongs here: the results, the questions asked of them and their JSON. How they are found is
``run``'s work, how they look ``page``'s.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.errors import ExpectationError
from pipeline.validation.kinds import SEVERITIES, Severity
from pipeline.validation.model import Expectation
from pipeline.validation.words import row_count, values, violations

Cell = str | int | float | bool | None
MAX_ROWS = 20
"""Offending rows kept of each expectation; ``unexpected_count`` counts them all."""


@dataclass(frozen=True)
class ExpectationResult:
    """How one expectation came out.

    ``element_count`` is how many values or rows were judged, ``unexpected_count`` how many of them
    broke it; ``rows`` are the first of those, with keys. ``spread`` is the least and the largest
    value where a range was asked for and there is a value.
    """

    expectation: Expectation
    success: bool
    element_count: int
    unexpected_count: int
    rows: tuple[Mapping[str, Cell], ...] = ()
    spread: tuple[float, float] | None = None

    @property
    def observed(self) -> str:
        """One line on what was found, in the language that is in force."""
        asked = self.expectation
        if asked.lists_violations:
            return violations(self.unexpected_count, self.element_count)
        if asked.type.startswith("expect_table_row_count"):
            return row_count(self.element_count)
        return values(self.element_count, self.unexpected_count, self.spread)


@dataclass(frozen=True)
class SuiteResult:
    """The results of one table, in the order of its suite. ``key``: what tells its rows apart."""

    table: str
    results: tuple[ExpectationResult, ...]
    about: str = ""
    key: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[ExpectationResult, ...]:
        """Those that did not hold, worst first."""
        return tuple(sorted((r for r in self.results if not r.success), key=badness))


Results = Mapping[str, SuiteResult]


def badness(result: ExpectationResult) -> int:
    """Order of severity: 0 is critical."""
    return SEVERITIES.index(result.expectation.severity)


def failed(results: Results) -> tuple[ExpectationResult, ...]:
    """Every expectation that did not hold, worst first, then by table and file order."""
    return tuple(sorted((r for s in results.values() for r in s.failed), key=badness))


def worst(results: Results) -> Severity | None:
    """The worst severity among those that did not hold; None when all did."""
    broken = failed(results)
    return broken[0].expectation.severity if broken else None


def has_critical_failure(results: Results) -> bool:
    """Whether anything failed that must block what comes after."""
    return worst(results) == "critical"


def to_json(results: Results) -> str:
    """The results as JSON: the same results, the same text."""
    document = {
        "suites": [
            {
                "table": suite.table,
                "about": suite.about,
                "key": list(suite.key),
                "results": [_as_dict(r) for r in suite.results],
            }
            for _, suite in sorted(results.items())
        ]
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def from_json(text: str) -> dict[str, SuiteResult]:
    """What ``to_json`` wrote.

    Raises:
        ExpectationError: the text is not of that shape.
    """
    try:
        suites = [_suite(raw) for raw in json.loads(text)["suites"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ExpectationError(f"these are not results of a validation: {error!r}") from error
    return {suite.table: suite for suite in suites}


def merge(parts: Iterable[Results]) -> dict[str, SuiteResult]:
    """The results of several steps as one, sorted by table."""
    return dict(sorted((table, suite) for part in parts for table, suite in part.items()))


def _as_dict(result: ExpectationResult) -> dict[str, Any]:
    raw = asdict(result) | {"observed": result.observed}
    if result.spread is not None:
        # JSON knows no infinity, which may be what is wrong.
        raw["spread"] = [v if math.isfinite(v) else str(v) for v in result.spread]
    raw["rows"] = [dict(row) for row in result.rows]
    return raw


def _suite(raw: Mapping[str, Any]) -> SuiteResult:
    results = tuple(_result(r) for r in raw["results"])
    return SuiteResult(raw["table"], results, raw["about"], tuple(raw["key"]))


def _result(raw: Mapping[str, Any]) -> ExpectationResult:
    expectation = dict(raw["expectation"])
    shows: Sequence[str] = expectation.pop("shows")
    spread = raw["spread"]
    return ExpectationResult(
        expectation=Expectation(**expectation, shows=tuple(shows)),
        success=raw["success"],
        element_count=raw["element_count"],
        unexpected_count=raw["unexpected_count"],
        rows=tuple(raw["rows"]),
        spread=None if spread is None else (float(spread[0]), float(spread[1])),
    )
