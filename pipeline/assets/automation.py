"""When things run: the jobs, the monthly schedule, the source sensor, the alert on failure.

``edition`` and ``refresh`` select the same assets; the one takes the archive as it stands, the
other asks the publishers first and checks that they answered. The command line, the schedule and
the UI start these same jobs.
``backfill`` makes the editions of past years, which belong to no other run.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import dagster as dg

from pipeline.alerts import Alert, of_publishers, send
from pipeline.assets.archive import OUTCOME, answer_keys, fetch_config
from pipeline.assets.keys import BY_YEAR
from pipeline.assets.project import Project
from pipeline.errors import ProjectError
from pipeline.ingest.probe import Probe, probe

if TYPE_CHECKING:
    # What define_asset_job gives; the package does not export the name.
    from dagster._core.definitions.unresolved_asset_job_definition import (
        UnresolvedAssetJobDefinition,
    )

EDITION, REFRESH, BACKFILL = "edition", "refresh", "backfill"


def build_jobs(project: Project) -> "list[UnresolvedAssetJobDefinition]":
    """``edition`` and ``refresh``: the same assets, without and with the network; ``backfill``."""
    by_year = dg.AssetSelection.assets(BY_YEAR)
    everything = (dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks()) - by_year
    # What a publisher answered when it was asked last stands until it is asked again.
    answers = dg.AssetSelection.checks(*answer_keys(project))
    return [
        dg.define_asset_job(
            EDITION,
            selection=everything - answers,
            config=fetch_config(project, fetch=False),
            description="An edition from the archive as it stands; no network.",
        ),
        dg.define_asset_job(
            REFRESH,
            selection=everything,
            config=fetch_config(project, fetch=True),
            description="Ask every publisher for new figures, then make an edition.",
        ),
        dg.define_asset_job(
            BACKFILL,
            selection=by_year,
            description="Editions of past years, one a partition, from the archive as it stands.",
        ),
    ]


def build_schedule() -> dg.ScheduleDefinition:
    """Monthly, a few days in: the World Bank releases five to eight times a year."""
    return dg.ScheduleDefinition(
        name="monthly_refresh",
        job_name=REFRESH,
        cron_schedule="0 4 5 * *",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Refresh on the fifth of every month at 04:00 UTC.",
    )


def build_source_sensor(project: Project) -> dg.SensorDefinition:
    """Once a day: has the body of a headline series changed at its publisher?"""

    @dg.sensor(
        name="changed_sources",
        job_name=REFRESH,
        minimum_interval_seconds=24 * 60 * 60,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Compares hashes of a few bodies with those seen last; dates are not trusted.",
    )
    def changed_sources(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
        try:
            seen = probe(project.catalog, project.settings)
        except ProjectError as error:
            context.log.warning("the publishers could not be asked: %s", error)
            return dg.SkipReason(f"the publishers could not be asked: {error}")
        for publisher, why in seen.silent.items():
            context.log.warning("%s could not be asked: %s", publisher, why)
        before = _remembered(context.cursor)
        changed = [p for p, told in seen.digests.items() if before.get(p, told) != told]
        cursor = json.dumps(before | dict(seen.digests), sort_keys=True)
        if changed:
            # Without a key: what changes back and forth is news each time.
            request = dg.RunRequest(tags={"sco/changed": ", ".join(changed)[:200]})
            return dg.SensorResult(run_requests=[request], cursor=cursor)
        return dg.SensorResult(skip_reason=_unchanged(seen, before), cursor=cursor)

    return changed_sources


def _remembered(cursor: str | None) -> dict[str, str]:
    """Digests by publisher as they were seen last; none where the cursor is of another form."""
    try:
        found = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _unchanged(seen: Probe, before: Mapping[str, str]) -> str:
    first = ", ".join(p for p in seen.digests if p not in before)
    silent = "; ".join(f"{p} could not be asked: {why}" for p, why in seen.silent.items())
    told = f"first look at {first}, remembered" if first else f"unchanged: {seen.summary}"
    return "; ".join(filter(None, (told, silent)))


def build_failure_alert(project: Project) -> dg.SensorDefinition:
    """Tell people which step of which run failed, and why, in its own words."""

    @dg.run_failure_sensor(
        name="alert_on_failure",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Log always; e-mail or webhook when SCO_ALERT_* is set.",
    )
    def alert_on_failure(context: dg.RunFailureSensorContext) -> None:
        steps = context.get_step_failure_events()
        reasons = [
            f"{event.step_key}: {event.step_failure_data.error_display_string.splitlines()[0]}"
            for event in steps
        ]
        run = context.dagster_run
        _tell_of_publishers(context, project)
        subject = f"SCO report: run {run.run_id[:8]} of {run.job_name} failed"
        body = "\n".join(reasons) or context.failure_event.message or "no reason was recorded"
        send(Alert(subject, body), project.settings)

    return alert_on_failure


def build_publisher_alert(project: Project) -> dg.SensorDefinition:
    """Tell people which publisher did not give its series, of what kind that is, and what was seen
    first: the run goes on with the archive, and has not failed."""

    @dg.run_status_sensor(
        name="alert_on_publishers",
        run_status=dg.DagsterRunStatus.SUCCESS,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Names publishers that a refresh did not get all series from.",
    )
    def alert_on_publishers(context: dg.RunStatusSensorContext) -> None:
        _tell_of_publishers(context, project)

    return alert_on_publishers


def _tell_of_publishers(context: dg.RunStatusSensorContext, project: Project) -> None:
    run = context.dagster_run
    alert = of_publishers(
        f"run {run.run_id[:8]} of {run.job_name}", outcomes_of(context.instance, run.run_id)
    )
    if alert:
        send(alert, project.settings)


def outcomes_of(instance: dg.DagsterInstance, run_id: str) -> list[dict[str, Any]]:
    """What a run noted of each publisher that it asked, by publisher."""
    events = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    found: list[dict[str, Any]] = []
    for event in events:
        noted = event.asset_materialization.metadata if event.asset_materialization else {}
        if isinstance(outcome := noted.get(OUTCOME), dg.JsonMetadataValue):
            found.append(dict(cast("Mapping[str, Any]", outcome.value)))
    return sorted(found, key=lambda outcome: str(outcome["publisher"]))
