"""Run a job of Dagster in this process and say what came of it, for the command line.

The jobs are the very ones of the UI, on the same instance, so a run from the terminal stands in
the UI's list of runs with its events, checks and lineage.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from pipeline.dagster_home import prepare
from pipeline.editions.every import Every, days
from pipeline.editions.since import must_precede
from pipeline.errors import ProjectError, RunError, SettingsError
from pipeline.report.manifest import MANIFEST
from pipeline.running import end_killed_runs, running, sweep_candidates
from pipeline.settings import Settings
from pipeline.stages import stage

if TYPE_CHECKING:
    import dagster as dg
    from dagster_shared.error import SerializableErrorInfo

    from pipeline.editions.backfill import Backfilled, NotMade


QUIET: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Run configuration that keeps Dagster's log lines for the UI; the terminal shows stages."""

OF_THE_UI: Final = {".dagster/repository": "__repository__@pipeline.definitions"}
"""Tag of a run, by which the UI counts it among those of its job: it is as if started there."""


@dataclass(frozen=True)
class FailedCheck:
    """An expectation that did not hold: asset, check, ``critical`` or ``warning``, observed."""

    asset: str
    check: str
    severity: str
    observed: str
    why: str = ""
    """Why it is expected and what to do, of a critical one; it stopped the run."""
    rows: str = ""
    """The first offending rows of a critical one, as a table in text."""


@dataclass(frozen=True)
class SourceOutcome:
    """What became of asking one publisher: a line, and a line for each series that failed."""

    publisher: str
    summary: str
    failures: tuple[str, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Kind of failure by series, for machines: see ``ingest.failure``."""
    first: str = ""
    """The first thing that went wrong."""
    requests: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Outcome:
    """What a run came to. ``edition`` is None when none was made; ``findings`` are sentences."""

    run_id: str
    edition: Path | None
    new_edition: bool
    findings: tuple[str, ...]
    failures: tuple[str, ...]
    failed_checks: tuple[FailedCheck, ...]
    sources: tuple[SourceOutcome, ...]

    @property
    def clean(self) -> bool:
        """Done, with every source answered and every critical check passed."""
        return (
            self.edition is not None
            and not self.failures
            and not any(source.failures for source in self.sources)
            and not any(check.severity == "critical" for check in self.failed_checks)
        )


def run_edition(
    settings: Settings,
    *,
    as_of: date | None = None,
    since: date | None = None,
    out: Path | None = None,
    force: bool = False,
) -> Outcome:
    """Run the job ``edition``: from the archive as it stands to an edition, with no network.

    Args:
        settings: the project.
        as_of: its date; by default the newest vintage in the archive.
        since: the day to say what changed since; by default that of the last edition before.
        out: the folder to write the edition to, in the place of one among the editions.
        force: make it anew although it stands, to see that it comes out the same.

    Raises:
        SettingsError: ``since`` does not come before the edition's own date.
    """
    return _run(settings, "edition", as_of=as_of, since=since, fetch=False, out=out, force=force)


def run_refresh(
    settings: Settings, *, publishers: Sequence[str] = (), force: bool = False
) -> Outcome:
    """Run the job ``refresh``: ask the publishers (all with a connector by default) first."""
    return _run(settings, "refresh", fetch=True, publishers=publishers, force=force)


def run_backfill(
    settings: Settings, first_year: int, every: Every
) -> "Iterator[Backfilled | NotMade]":
    """Make the editions of past days and the newest, beside the runs; Dagster is told of the years.

    Raises:
        SettingsError: the archive has nothing as new as the first year.
    """
    prepare(settings)
    with stage("start"):
        import dagster as dg

        from pipeline.assets.by_year import note
        from pipeline.assets.project import Project
        from pipeline.editions.backfill import backfill

        project = Project(settings)
    archive = project.archive
    newest = archive.newest_vintage()
    if first_year > newest.year:
        raise SettingsError(
            f"--from {first_year}: the newest release in the archive is of {newest}"
        )
    wanted = days(first_year, every, newest)
    with _noted(settings), dg.DagsterInstance.get() as instance:
        yield from note(
            project, instance, backfill(archive, project.catalog, wanted, settings=settings)
        )


def _run(
    settings: Settings,
    name: str,
    *,
    fetch: bool,
    force: bool,
    as_of: date | None = None,
    since: date | None = None,
    out: Path | None = None,
    publishers: Sequence[str] = (),
) -> Outcome:
    prepare(settings)
    with stage("start"):
        from pipeline.assets.project import Project

        project = Project(settings)
        if not fetch and (force or out is not None or not _has_editions(settings)):
            project.prepare()  # there will be something to judge and to draw

        import dagster as dg

        from pipeline.assets.archive import fetch_config
        from pipeline.assets.edition import out_config
        from pipeline.assets.tables import core_config
        from pipeline.definitions import build_defs

        _know(project, publishers)
        if since is not None:
            newest = project.archive.newest_vintage
            must_precede(since, as_of or settings.as_of or newest())
        definitions = build_defs(project)
    config = {**QUIET, **fetch_config(project, fetch=fetch, publishers=publishers)}
    config["ops"].update(core_config(as_of, since=since, force=force or out is not None)["ops"])
    if out is not None:
        config["ops"].update(out_config(out.absolute())["ops"])
    # Says of every blocking check of a skipped step that it gates nothing.
    logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)
    run_id = str(uuid4())
    with _noted(settings), running(settings, run_id), closing(project):
        sweep_candidates(settings)
        with dg.DagsterInstance.get() as instance:
            end_killed_runs(settings, instance)
            result = definitions.resolve_job_def(name).execute_in_process(
                run_config=config, instance=instance, raise_on_error=False, run_id=run_id,
                tags=OF_THE_UI,
            )  # fmt: skip
    return read_outcome(result)


def _has_editions(settings: Settings) -> bool:
    return any(settings.editions_dir.glob(f"*/{MANIFEST}"))


@contextmanager
def _noted(settings: Settings) -> Iterator[None]:
    """Say in one sentence why Dagster could not note what the run did, which has ended it.

    Raises:
        RunError: the disk is full, or the history of runs is damaged.
    """
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        sweep_candidates(settings)
        raise RunError(
            f"{settings.dagster_home}: the run cannot be noted here: {error.orig}; make room on "
            "the disk, or move the folder away if it is damaged: it holds the history of runs"
        ) from error


def _know(project: Any, publishers: Sequence[str]) -> None:
    live = {p.id for p in project.catalog.publishers.values() if p.connector}
    for publisher in publishers:
        if publisher not in live:
            raise SettingsError(
                f"publisher {publisher!r} cannot be asked; these can: {', '.join(sorted(live))}"
            )


def read_outcome(result: "dg.ExecuteInProcessResult") -> Outcome:
    """What the events of a finished run say."""
    edition: Mapping[str, Any] = {}
    sources: list[SourceOutcome] = []
    for event in result.get_asset_materialization_events():
        materialization = event.materialization
        metadata: dict[str, Any] = {
            name: value.value for name, value in materialization.metadata.items()
        }
        if materialization.asset_key.path == ["edition", "report"]:
            edition = metadata
        elif "sco/outcome" in metadata:
            sources.append(_source(metadata["sco/outcome"]))
    stands = None if edition else _standing(result)
    edition = stands or edition
    return Outcome(
        run_id=result.run_id,
        edition=Path(edition["path"]) if edition else None,
        new_edition=bool(edition.get("new", False)),
        findings=tuple(edition["findings"]) if edition else (),
        failures=tuple(_failures(result)),
        failed_checks=tuple(
            kept_checks(Path(stands["path"])) if stands else _failed_checks(result)
        ),
        sources=tuple(sources),
    )


def _standing(result: "dg.ExecuteInProcessResult") -> Mapping[str, Any] | None:
    """What the run saw of the edition that it found standing, if it did."""
    for event in result.filter_events(lambda e: e.is_asset_observation):
        observed = event.asset_observation_data.asset_observation
        if observed.asset_key.path == ["edition", "report"]:
            return {name: value.value for name, value in observed.metadata.items()}
    return None


def kept_checks(edition: Path) -> Iterator[FailedCheck]:
    """The checks that did not hold when an edition was made, by the results in its folder."""
    from pipeline.validation.results import failed, from_json

    kept = (edition / "validation.json").read_text("utf-8")
    for result in failed(from_json(kept)):
        told = result.expectation
        asset = told.table.replace(".", "/")
        yield FailedCheck(asset, told.id, told.severity, result.observed)


def _source(record: Mapping[str, Any]) -> SourceOutcome:
    told = {name: record[name] for name in ("kinds", "first", "requests", "bytes")}
    return SourceOutcome(record["publisher"], record["summary"], tuple(record["failures"]), **told)


def _failures(result: "dg.ExecuteInProcessResult") -> list[str]:
    """A sentence for each failed step; steps that only waited for it are left out."""
    errors = [
        event.step_failure_data.error for event in result.filter_events(lambda e: e.is_step_failure)
    ]
    return [
        _sentence(error)
        for error in errors
        if error is None or "DagsterAssetCheckFailedError" not in (error.cls_name or "")
    ]


def _sentence(error: "SerializableErrorInfo | None") -> str:
    """What one of our own errors says; of a bug, class and message of what raised first."""
    if error is None:
        return "failed without a message"
    own = {c.__name__ for c in [ProjectError, *_subclasses(ProjectError)]}
    chain = [error]
    while (cause := chain[-1].cause) is not None:
        chain.append(cause)
    for link in chain:
        if link.cls_name in own:
            return link.message.partition(": ")[2].strip()
    return chain[-1].message.strip()


def _subclasses(cls: type) -> list[type]:
    direct: list[type] = cls.__subclasses__()
    return [found for sub in direct for found in (sub, *_subclasses(sub))]


def _failed_checks(result: "dg.ExecuteInProcessResult") -> list[FailedCheck]:
    failed = []
    for evaluation in result.get_asset_check_evaluations():
        if evaluation.passed:
            continue
        metadata = {name: value.value for name, value in evaluation.metadata.items()}
        severity = str(metadata.get("severity", evaluation.severity.value.lower()))
        stopped = severity == "critical"
        failed.append(
            FailedCheck(
                asset=evaluation.asset_key.to_user_string(),
                check=evaluation.check_name,
                severity=severity,
                observed=str(metadata.get("observed", evaluation.description or "")),
                why=str(metadata.get("why", "")) if stopped else "",
                rows=str(metadata.get("offending_rows", "")) if stopped else "",
            )
        )
    return failed
