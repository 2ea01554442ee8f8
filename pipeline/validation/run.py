"""Judge tables of a warehouse: DuckDB brings the frames, Great Expectations has the verdict.

Every verdict, without exception, is the library's; here it is asked, and its answers are put in
words. The library takes seconds to import, so that happens inside a function, once there is
something to judge. The warehouse is opened read-only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from pipeline.ahead import ahead
from pipeline.errors import ExpectationError
from pipeline.lazily import import_when_used
from pipeline.validation.frames import Frame, check_columns, fetch, shown_columns, told
from pipeline.validation.kinds import BETWEEN
from pipeline.validation.model import Expectation, Suite
from pipeline.validation.results import (
    MAX_ROWS,
    ExpectationResult,
    Results,
    SuiteResult,
    failed,
    from_json,
    has_critical_failure,
    merge,
    to_json,
    worst,
)
from pipeline.warehouse.store import connect_read_only

if TYPE_CHECKING:
    import duckdb
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition

__all__ = [
    "ExpectationResult",
    "Results",
    "SuiteResult",
    "failed",
    "from_json",
    "get_ready",
    "has_critical_failure",
    "judge",
    "merge",
    "to_json",
    "validate_tables",
    "worst",
]


COUNTED: Final = "BASIC"
WITH_ROWS: Final = "COMPLETE"
"""How the library answers: to say which rows offend takes longer, and is asked where some do."""

_importing: Final = Lock()

FETCHED_BEFORE: Final = 4
"""Frames that may wait to be judged: some take DuckDB long, and others the library."""


def get_ready() -> None:
    """Import the library now: it takes seconds, which may pass while something else is done."""
    _frames()


def validate_tables(path: Path, suites: Iterable[Suite]) -> dict[str, SuiteResult]:
    """Judge the warehouse at ``path`` by ``suites``.

    Returns:
        The results of each suite by its table, sorted; those of a suite in its file's order.

    Raises:
        ExpectationError: an expectation cannot be judged: its query, columns or arguments are
            wrong. One that is judged and fails is a result, not an error.
        WarehouseError: the warehouse cannot be read.
    """
    con = connect_read_only(path)
    try:
        return judge(con, suites)
    finally:
        con.close()


def judge(con: "duckdb.DuckDBPyConnection", suites: Iterable[Suite]) -> dict[str, SuiteResult]:
    """Judge the warehouse behind an open connection, as ``validate_tables`` does.

    DuckDB works the next frame out while the library judges one.
    """
    in_order = sorted(suites, key=lambda s: s.table)
    found: dict[str, dict[str, ExpectationResult]] = {s.table: {} for s in in_order}
    fetched = (frame for s in in_order for frame in _frames_of(con, s))
    with closing(ahead(fetched, most=FETCHED_BEFORE)) as frames:
        for suite, expectations, frame in frames:
            found[suite.table].update(_judge_frame(suite, expectations, frame))
    return {s.table: _suite_result(s, found[s.table]) for s in in_order}


def _suite_result(suite: Suite, found: Mapping[str, ExpectationResult]) -> SuiteResult:
    results = tuple(found[e.id] for e in suite.expectations)
    return SuiteResult(suite.table, results, suite.about, suite.key)


def _frames_of(
    con: "duckdb.DuckDBPyConnection", suite: Suite
) -> Iterator[tuple[Suite, Sequence[Expectation], Frame]]:
    """Frames with the expectations to judge them by.

    The library takes its time for each frame. Those of queries that found no violation are all
    alike, without a row, so that such expectations judge one of them together.
    """
    by_query: dict[str | None, list[Expectation]] = {}
    for expectation in suite.expectations:
        by_query.setdefault(expectation.query, []).append(expectation)
    clean: list[Expectation] = []
    empty: Frame | None = None
    for expectations in by_query.values():
        frame = fetch(con, suite, expectations[0])
        for expectation in expectations:
            check_columns(suite, expectation, frame.rows)
        if frame.total == 0 and all(e.lists_violations for e in expectations):
            clean.extend(expectations)
            empty = frame
        else:
            yield suite, expectations, frame
    if empty is not None:
        yield suite, clean, empty


def _judge_frame(
    suite: Suite, expectations: Sequence[Expectation], frame: Frame
) -> Mapping[str, ExpectationResult]:
    """Results by expectation id: the library gives them in an order of its own."""
    verdicts = _ask(suite, expectations, frame, COUNTED)
    broken = [e for e in expectations if not verdicts[e.id].success]
    if broken:
        verdicts |= _ask(suite, broken, frame, WITH_ROWS)
    results = {}
    for expectation in expectations:
        verdict = verdicts[expectation.id]
        _refuse_errors(suite, expectation, verdict)
        results[expectation.id] = _result(suite, expectation, frame, verdict)
    return results


def _ask(
    suite: Suite, expectations: Sequence[Expectation], frame: Frame, result_format: str
) -> dict[str, "ExpectationValidationResult"]:
    gx_suite = _gx_suite(suite, expectations)
    batch = _frames().get_batch({"dataframe": frame.rows})
    report = batch.validate(
        gx_suite,
        result_format={"result_format": result_format, "partial_unexpected_count": 0},
    )
    verdicts = {r.expectation_config.id: r for r in report.results if r.expectation_config}
    missing = sorted({e.id for e in expectations} - set(verdicts))
    if missing:
        raise ExpectationError(f"{suite.source}: {missing[0]}: was not judged")
    return verdicts


def _gx_suite(suite: Suite, expectations: Sequence[Expectation]) -> Any:
    """The library's own suite; it drops what it does not know, so they are counted."""
    import great_expectations as gx
    from great_expectations.exceptions.exceptions import GreatExpectationsError

    entries = [
        {
            "id": e.id,
            "type": e.type,
            "kwargs": dict(e.kwargs),
            "severity": e.severity,
            "description": e.why,
        }
        for e in expectations
    ]
    try:
        built = gx.ExpectationSuite(name=suite.table, expectations=entries)
    except (GreatExpectationsError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ExpectationError(f"{suite.source}: kwargs: {reason}") from error
    known = {e.id for e in built.expectations}
    for expectation in expectations:
        if expectation.id not in known:
            raise ExpectationError(
                f"{suite.source}: {expectation.id}: type: Great Expectations does not know "
                f"{expectation.type!r}, or not these arguments"
            )
    return built


def _frames() -> "BatchDefinition[Any]":
    """Through which frames are handed over; the first who asks imports the library, others wait."""
    with _importing:
        return _in_memory()


@lru_cache(maxsize=1)
def _in_memory() -> "BatchDefinition[Any]":
    """Frames by hand, in one context in memory for the whole process.

    The library writes its whole configuration anew for every asset, so all frames share one. It
    neither reports nor draws.
    """
    import logging
    import os

    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    import_when_used("scipy.stats")  # of kinds of expectations that no suite has: a second or more
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("warehouse").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _refuse_errors(
    suite: Suite, expectation: Expectation, verdict: "ExpectationValidationResult"
) -> None:
    """An exception inside the library is a wrong expectation, never a failed one."""
    info: Mapping[str, Any] = verdict.exception_info or {}
    details = [info] if "raised_exception" in info else list(info.values())
    for detail in details:
        if detail["raised_exception"]:
            message = " ".join(str(detail["exception_message"]).split())
            raise ExpectationError(f"{suite.source}: {expectation.id}: {message}")


def _result(
    suite: Suite,
    expectation: Expectation,
    frame: Frame,
    verdict: "ExpectationValidationResult",
) -> ExpectationResult:
    success = bool(verdict.success)
    detail: Mapping[str, Any] = verdict.result
    if expectation.lists_violations:
        judged, unexpected = frame.examined, frame.total
        positions: Sequence[int] = range(min(len(frame.rows), MAX_ROWS))
    elif "element_count" in detail:
        judged = detail["element_count"] - detail.get("missing_count", 0)
        unexpected = detail["unexpected_count"]
        positions = list(detail.get("unexpected_index_list") or ())[:MAX_ROWS]
    else:
        judged, unexpected, positions = frame.total, int(not success), ()
    columns = shown_columns(suite, expectation, frame.rows)
    return ExpectationResult(
        expectation=expectation,
        success=success,
        element_count=judged,
        unexpected_count=unexpected,
        rows=told(frame.rows, positions, columns),
        spread=_spread(expectation, frame) if judged else None,
    )


def _spread(expectation: Expectation, frame: Frame) -> tuple[float, float] | None:
    """The least and the largest value of a column whose range is asked for."""
    if expectation.type != BETWEEN:
        return None
    present = frame.rows[expectation.kwargs["column"]].dropna()
    return float(present.min()), float(present.max())
