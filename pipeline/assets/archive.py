"""Assets of the archive: one for each series, grouped by publisher, and the publishers themselves.

A series' asset is the newest snapshot of it in the archive. Where a publisher can be asked, its
step asks first; a series that could not be had keeps its snapshot, and its check says why.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import dagster as dg

from pipeline.assets.keys import OWNERS, publisher_key, series_key, tags
from pipeline.assets.project import Project
from pipeline.assets.run_notes import keep_remarks
from pipeline.catalog import Indicator, Publisher
from pipeline.errors import ProjectError
from pipeline.ingest.refresh import PublisherResult, SeriesResult, named, refresh
from pipeline.ingest.sidecar import Sidecar
from pipeline.source_remarks import remark
from pipeline.stages import stage

ANSWERED = "publisher_answered"
OUTCOME = "sco/outcome"
"""Metadata of the first series of a step: what became of asking its publisher."""
RETRIES: Final = dg.RetryPolicy(
    max_retries=2, delay=5.0, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS
)
"""For what nobody foresaw while a publisher was asked. That it does not answer is foreseen: a
request is tried again by itself, and then the archive stands in."""


class FetchConfig(dg.Config):
    """Whether to ask the publisher, or to take the archive as it stands."""

    fetch: bool = True


def step_name(publisher: str) -> str:
    return f"archive_{publisher}"


def fetch_config(
    project: Project, *, fetch: bool, publishers: Sequence[str] = ()
) -> dict[str, Any]:
    """Run configuration: ask ``publishers`` (none named: all by default), or nobody."""
    asked = {publisher.id for publisher in named(project.catalog, publishers) if fetch}
    return {
        "ops": {
            step_name(p.id): {"config": {"fetch": p.id in asked}}
            for p in project.catalog.publishers.values()
            if p.connector and project.catalog.indicators_of(p.id)
        }
    }


def build_publishers(project: Project) -> list[dg.AssetSpec]:
    """The publishers themselves, outside of what we run."""
    return [
        dg.AssetSpec(
            publisher_key(p.id),
            group_name="publishers",
            description=f"{p.dataset}, {p.name}. {_how_asked(p)}",
            kinds={"api"} if p.connector else {"file"},
            owners=OWNERS,
            metadata={
                "url": dg.MetadataValue.url(str(p.url)),
                "licence": p.licence.name,
                "attribution": p.attribution,
                "days_between_releases": p.cadence_days,
            },
            tags=tags(stage="publishers"),
        )
        for p in project.catalog.publishers.values()
    ]


def _how_asked(publisher: Publisher) -> str:
    """How its figures come into the archive, in a sentence."""
    if not publisher.connector:
        return "Not asked: its figures are files that were taken into the archive."
    if not publisher.by_default:
        return "Asked by a refresh that names it."
    return "Asked by every refresh."


def build_archive(project: Project) -> list[dg.AssetsDefinition]:
    """One step a publisher, one asset a series."""
    return [
        _live_step(project, p) if p.connector else _static_step(project, p)
        for p in project.catalog.publishers.values()
        if project.catalog.indicators_of(p.id)
    ]


def series_keys(project: Project) -> list[dg.AssetKey]:
    """Keys of all series, by indicator."""
    indicators = project.catalog.indicators.values()
    return sorted(series_key(i.publisher, i.id) for i in indicators)


def answer_keys(project: Project) -> list[dg.AssetCheckKey]:
    """Keys of the checks that say whether a publisher gave a series when it was asked."""
    return [
        dg.AssetCheckKey(series_key(p.id, i.id), ANSWERED)
        for p in project.catalog.publishers.values()
        if p.connector
        for i in project.catalog.indicators_of(p.id)
        if i.live
    ]


def _live_step(project: Project, publisher: Publisher) -> dg.AssetsDefinition:
    indicators = project.catalog.indicators_of(publisher.id)
    checks = [
        dg.AssetCheckSpec(
            ANSWERED,
            asset=series_key(i.publisher, i.id),
            description="The publisher gave this series when it was asked last.",
        )
        for i in indicators
        if i.live
    ]

    @dg.multi_asset(
        name=step_name(publisher.id),
        specs=[_series_spec(publisher, i) for i in indicators],
        check_specs=checks,
        retry_policy=RETRIES,
        can_subset=True,  # nobody is asked for an edition, so that it has no answers to check
    )
    def archive_step(
        context: dg.AssetExecutionContext, config: FetchConfig
    ) -> Iterator[dg.MaterializeResult[Any]]:
        try:
            asked = _ask(context, project, publisher) if config.fetch else None
        except ProjectError as error:
            # It says what is wrong, and would say it again.
            raise dg.Failure(str(error), allow_retries=False) from error
        notes = project.results_dir(context.run.run_id)
        keep_remarks(notes, publisher.id, _remarks(publisher, asked))
        yield from _results(
            project,
            publisher,
            asked,
            selected=context.selected_asset_keys,
            checked={key.asset_key for key in context.selected_asset_check_keys},
        )

    return archive_step


def _static_step(project: Project, publisher: Publisher) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=step_name(publisher.id),
        specs=[_series_spec(publisher, i) for i in project.catalog.indicators_of(publisher.id)],
    )
    def archive_step(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        yield from _results(project, publisher, None, selected=context.selected_asset_keys)

    return archive_step


def _series_spec(publisher: Publisher, indicator: Indicator) -> dg.AssetSpec:
    limit = timedelta(days=2 * publisher.cadence_days)
    warn = timedelta(days=publisher.cadence_days)
    return dg.AssetSpec(
        series_key(publisher.id, indicator.id),
        deps=[publisher_key(publisher.id)],
        group_name=f"archive_{publisher.id}",
        description=f"{indicator.name}: its newest snapshot. {indicator.note}".strip(),
        kinds={"json"} if publisher.connector and indicator.live else {"csv"},
        owners=OWNERS,
        tags=tags(stage="archive", pillar=indicator.pillar),
        metadata={
            "indicator": indicator.id,
            "unit": indicator.unit,
            "attribution": publisher.attribution,
            "licence": publisher.licence.name,
        },
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=limit, warn_window=warn),
    )


def _ask(
    context: dg.AssetExecutionContext, project: Project, publisher: Publisher
) -> PublisherResult:
    # The one clock on this side of the archive: when a body was retrieved.
    today = datetime.now(UTC).date()
    with stage(f"ask {publisher.short_name}"):
        result = refresh(
            project.archive,
            project.catalog,
            project.settings,
            today=today,
            publishers=(publisher.id,),
            progress=lambda line: context.log.debug(str(line)),
        )
    (answer,) = (p for p in result.publishers if p.publisher == publisher.id)
    return answer


def _results(
    project: Project,
    publisher: Publisher,
    asked: PublisherResult | None,
    *,
    selected: Collection[dg.AssetKey],
    checked: Collection[dg.AssetKey] = (),
) -> Iterator[dg.MaterializeResult[Any]]:
    newest = _newest(project, publisher)
    answers: Mapping[str, SeriesResult] = {s.indicator: s for s in asked.series} if asked else {}
    outcome = _outcome(publisher, asked) if asked else None
    for indicator in project.catalog.indicators_of(publisher.id):
        key = series_key(publisher.id, indicator.id)
        if key not in selected:
            continue
        answer = answers.get(indicator.id)
        yield dg.MaterializeResult(
            asset_key=key,
            metadata=_metadata(newest.get(indicator.id), answer) | (outcome or {}),
            data_version=_version(newest.get(indicator.id)),
            check_results=_answered(publisher, indicator, answer) if key in checked else [],
        )
        outcome = None


def _newest(project: Project, publisher: Publisher) -> dict[str, Sidecar]:
    newest: dict[str, Sidecar] = {}
    for sidecar in project.archive.snapshots():
        if sidecar.publisher == publisher.id:
            for indicator in sidecar.indicators:
                held = newest.get(indicator)
                if held is None or held.vintage <= sidecar.vintage:
                    newest[indicator] = sidecar
    return newest


def _version(sidecar: Sidecar | None) -> dg.DataVersion:
    return dg.DataVersion(sidecar.content[:16] if sidecar else "none")


def _metadata(sidecar: Sidecar | None, answer: SeriesResult | None) -> dict[str, Any]:
    if sidecar is None:
        return {"snapshot": "none in the archive: there are no figures of it yet"}
    told: dict[str, Any] = {
        "snapshot": sidecar.snapshot,
        "vintage": sidecar.vintage.isoformat(),
        "vintage_basis": sidecar.vintage_basis,
        "source": sidecar.source,
        "bytes": sum(part.size for part in sidecar.parts),
        "sha256": ", ".join(part.sha256 for part in sidecar.parts),
    }
    if answer:
        told["asked"] = answer.state
        if answer.reason:
            told["reason"] = answer.reason
    return told


def _outcome(publisher: Publisher, asked: PublisherResult) -> dict[str, Any]:
    first = asked.first_failure
    record = {
        "publisher": publisher.id,
        "name": publisher.short_name,
        "summary": asked.summary,
        "failures": [f"{s.indicator}: {s.reason}" for s in asked.failed],
        "kinds": {s.indicator: s.kind for s in asked.failed},
        "first": f"{first.indicator}: {first.reason}" if first else "",
        "requests": asked.requests,
        "bytes": asked.bytes,
    }
    return {OUTCOME: dg.MetadataValue.json(record)}


def _remarks(publisher: Publisher, asked: PublisherResult | None) -> list[str]:
    """A sentence for readers a reason, naming the series that an older snapshot stands in for."""
    by_reason: dict[str, list[str]] = {}
    for series in asked.failed if asked else ():
        by_reason.setdefault(series.reason or "no reason given", []).append(series.indicator)
    return [
        remark(publisher.short_name, failed, reason) for reason, failed in sorted(by_reason.items())
    ]


def _answered(
    publisher: Publisher, indicator: Indicator, answer: SeriesResult | None
) -> list[dg.AssetCheckResult]:
    if not (publisher.connector and indicator.live):
        return []
    told = "not asked in this run" if answer is None else answer.reason or answer.state
    failed = answer is not None and answer.state == "failed"
    if failed:
        told = f"{publisher.short_name}: {told}"
    return [
        dg.AssetCheckResult(
            asset_key=series_key(publisher.id, indicator.id),
            check_name=ANSWERED,
            passed=not failed,
            severity=dg.AssetCheckSeverity.WARN,
            description=told,
            metadata={
                "severity": "warning",
                "observed": told,
                **({"kind": answer.kind} if answer and answer.kind else {}),
            },
        )
    ]
