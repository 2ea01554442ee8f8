"""Each expectation of a suite as one asset check; a critical one blocks what comes after.

Great Expectations judges all suites of a stage in one process; here its results become check
results, and are kept for the validation page of the run.
"""

from collections.abc import Iterable, Iterator, Sequence

import dagster as dg

from pipeline.assets.edition import validation_url
from pipeline.assets.keys import check_name, table_key
from pipeline.assets.project import Project
from pipeline.assets.run_notes import keep_results
from pipeline.assets.tables import candidate_of
from pipeline.editions.make import core_suites, other_suites
from pipeline.stages import stage
from pipeline.validation.results import ExpectationResult, SuiteResult
from pipeline.validation.suites import Suite

SHOWN_ROWS = 10


def build_checks(project: Project) -> list[dg.AssetChecksDefinition]:
    """One step for the suites of core, one for those of everything built on it."""
    return [
        _step(project, "check_core", core_suites(project.suites)),
        _step(project, "check_marts", other_suites(project.suites)),
    ]


def _step(project: Project, name: str, suites: Sequence[Suite]) -> dg.AssetChecksDefinition:
    specs = list(_specs(suites))
    keys = {check_name(e.id): e.id for s in suites for e in s.expectations}

    @dg.multi_asset_check(
        name=name,
        specs=specs,
        can_subset=True,
        description="Great Expectations judges the candidate warehouse; every expectation is one "
        "check.",
    )
    def check_step(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        selected = {(k.asset_key, keys[k.name]) for k in context.selected_asset_check_keys}
        candidate = candidate_of(project, context.run.run_id)
        page = validation_url(project, context.run.run_id)
        results: dict[str, SuiteResult] = {}
        with stage(name.replace("_", " ")):
            for part in project.judge(candidate, suites):
                results.update(part)
                for result in (r for suite in part.values() for r in suite.results):
                    key = table_key(result.expectation.table)
                    if (key, result.expectation.id) in selected:
                        yield _check_result(key, result, page)
            keep_results(project.results_dir(context.run.run_id), name, results)

    return check_step


def _specs(suites: Iterable[Suite]) -> Iterator[dg.AssetCheckSpec]:
    for suite in suites:
        for expectation in suite.expectations:
            yield dg.AssetCheckSpec(
                check_name(expectation.id),
                asset=table_key(suite.table),
                description=expectation.why,
                blocking=expectation.severity == "critical",
                metadata={"type": expectation.type, "severity": expectation.severity},
            )


def _check_result(
    key: dg.AssetKey, result: ExpectationResult, page: dg.UrlMetadataValue
) -> dg.AssetCheckResult:
    expectation = result.expectation
    critical = expectation.severity == "critical"
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=check_name(expectation.id),
        passed=result.success,
        severity=dg.AssetCheckSeverity.ERROR if critical else dg.AssetCheckSeverity.WARN,
        description=result.observed,
        metadata={
            "severity": expectation.severity,
            "why": expectation.why,
            "observed": result.observed,
            "expectation": expectation.type,
            "kwargs": dg.MetadataValue.json(dict(expectation.kwargs)),
            "element_count": result.element_count,
            "unexpected_count": result.unexpected_count,
            "page": page,
            "offending_rows": dg.MetadataValue.md(rows_as_markdown(result)),
        },
    )


def rows_as_markdown(result: ExpectationResult) -> str:
    """The first offending rows as a Markdown table; "none" where there are none."""
    rows = result.rows[:SHOWN_ROWS]
    if not rows:
        return "none"
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + " --- |" * len(names)]
    for row in rows:
        cells = (str(row.get(n, "")).replace("|", "\\|").replace("\n", " ") for n in names)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
