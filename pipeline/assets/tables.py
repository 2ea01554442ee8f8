"""Assets of the warehouse: core tables, marts, and the swap that makes them visible.

A run builds a candidate file of its own beside the published warehouse: core, its checks, marts,
their checks, then the swap. A run of the marts alone starts from a copy of the published one.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from pipeline.assets.archive import series_keys
from pipeline.assets.describe import describe_tables, warehouse_version
from pipeline.assets.keys import EDITION, OWNERS, WAREHOUSE, table_key, tags
from pipeline.assets.project import Project
from pipeline.assets.run_notes import remarks_of
from pipeline.assets.run_notes import sweep as sweep_notes
from pipeline.assets.standing import find_standing, observation
from pipeline.editions.since import day_of, settled
from pipeline.errors import WarehouseError
from pipeline.ingest.archive import Archive
from pipeline.inputs import EditionInputs, inputs_of
from pipeline.running import end_killed_runs, hold, sweep_candidates
from pipeline.stages import stage
from pipeline.warehouse.build import build_core, build_marts, publish
from pipeline.warehouse.lineages import Lineages
from pipeline.warehouse.readings import Readings
from pipeline.warehouse.tables import PythonTable, Table, TableInfo

CORE_STEP, MARTS_STEP = "build_core", "build_marts"


class CoreConfig(dg.Config):
    """``as_of`` as YYYY-MM-DD; by default the newest vintage in the archive. ``since``: the day, or
    the edition, to say what changed since; by default the last edition before, else a year before.
    ``force``: build also where the edition of the same inputs stands."""

    as_of: str | None = None
    since: str | None = None
    force: bool = False


def core_config(
    as_of: date | None, *, since: date | None = None, force: bool = False
) -> dict[str, Any]:
    """Run configuration of the step that builds core."""
    days = {"as_of": as_of, "since": since}
    config = {name: day.isoformat() for name, day in days.items() if day}
    return {"ops": {CORE_STEP: {"config": {"force": force} | config}}}


def build_tables(project: Project) -> list[dg.AssetsDefinition]:
    """The two steps that build the candidate, and the one that publishes it."""
    core = [t for t in project.tables if t.schema == "core"]
    rest = [t for t in project.tables if t.schema != "core"]
    return [_core_step(project, core), _marts_step(project, rest), _publish_step(project, rest)]


def _core_step(project: Project, tables: Sequence[Table]) -> dg.AssetsDefinition:
    specs = _specs(tables, root_deps=series_keys(project), skippable=True)

    @dg.multi_asset(name=CORE_STEP, specs=specs)
    def core_step(
        context: dg.AssetExecutionContext, config: CoreConfig
    ) -> Iterator[dg.MaterializeResult[Any]]:
        hold(project.settings, context.run.run_id)
        _sweep(project, context)
        archive = project.archive
        inputs = _inputs(
            config, project, archive, remarks_of(project.results_dir(context.run.run_id))
        )
        if not config.force:
            edition = find_standing(project, inputs)
            if edition is not None:
                context.log_event(observation(project, edition))
                return
        candidate = project.candidate(context.run.run_id)
        project.prepare()
        with stage("core tables"):
            built = build_core(
                candidate, archive, project.catalog, inputs.as_of, project.settings.sql_dir,
                since=inputs.since, readings=Readings.from_settings(project.settings),
            )  # fmt: skip
        yield from _materialized(project, candidate, built, tables)

    return core_step


def _marts_step(project: Project, tables: Sequence[Table]) -> dg.AssetsDefinition:
    @dg.multi_asset(name=MARTS_STEP, specs=_specs(tables))
    def marts_step(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
        candidate = candidate_of(project, context.run.run_id)
        with stage("marts"):
            built = build_marts(candidate, project.catalog, project.settings.sql_dir)
        if _goes_on_to_an_edition(context):
            project.export(candidate)  # DuckDB has time for it while the tables are judged
        yield from _materialized(project, candidate, built, tables)

    return marts_step


def _goes_on_to_an_edition(context: dg.AssetExecutionContext) -> bool:
    selected = context.run.asset_selection  # nothing, where the whole job runs
    return not selected or EDITION in selected


def _publish_step(project: Project, tables: Sequence[Table]) -> dg.AssetsDefinition:
    @dg.asset(
        key=WAREHOUSE,
        deps=[table_key(t.name) for t in tables],
        group_name="warehouse",
        kinds={"duckdb"},
        owners=OWNERS,
        tags=tags(stage="warehouse"),
        description="The warehouse that readers see, replaced whole once every critical check of "
        "the candidate has passed.",
    )
    def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        target = project.settings.warehouse_path
        candidate = candidate_of(project, context.run.run_id)
        size = candidate.stat().st_size
        with stage("publish"):
            # The run goes on reading its own file, whatever is published next.
            publish(candidate, target, keep=True)
        return dg.MaterializeResult(
            metadata={"path": dg.MetadataValue.path(str(target)), "bytes": size},
            data_version=dg.DataVersion(warehouse_version(candidate)),
        )

    return published


def candidate_of(project: Project, run_id: str) -> Path:
    """The candidate of this run; a run that did not build core starts from the published one."""
    hold(project.settings, run_id)
    candidate = project.candidate(run_id)
    if not candidate.exists():
        published = project.settings.warehouse_path
        if not published.exists():
            raise WarehouseError(
                f"{published}: there is no warehouse yet; run the job 'edition' (sco report) first"
            )
        shutil.copyfile(published, candidate)
    return candidate


def _specs(
    tables: Sequence[Table], root_deps: Iterable[dg.AssetKey] = (), *, skippable: bool = False
) -> list[dg.AssetSpec]:
    roots = list(root_deps)
    return [
        dg.AssetSpec(
            table_key(t.name),
            deps=_deps(t, roots),
            group_name=t.schema,
            description=t.description,
            kinds={"python"} if isinstance(t, PythonTable) else {"sql", "duckdb"},
            owners=OWNERS,
            tags=tags(stage=t.schema),
            skippable=skippable,
        )
        for t in tables
    ]


def _deps(table: Table, roots: Sequence[dg.AssetKey]) -> list[dg.AssetKey]:
    """What a table reads; ``staging.*`` stands for the archive, whose series are the roots."""
    kept = [table_key(name) for name in table.depends_on if not name.startswith("staging.")]
    return kept if len(kept) == len(table.depends_on) else [*kept, *roots]


def _materialized(
    project: Project, candidate: Path, built: Iterable[TableInfo], tables: Sequence[Table]
) -> Iterator[dg.MaterializeResult[Any]]:
    lineages = Lineages(project.settings.cache_dir).of(tables)
    for name, described in describe_tables(candidate, built, lineages):
        yield dg.MaterializeResult(
            asset_key=table_key(name),
            metadata=described.metadata,
            data_version=dg.DataVersion(described.content),
        )


def _inputs(
    config: CoreConfig, project: Project, archive: Archive, remarks: tuple[str, ...]
) -> EditionInputs:
    """What the run makes an edition of: all of it is settled before anything is built."""
    editions_dir = project.settings.editions_dir
    as_of = _as_of(config, project) or archive.newest_vintage()
    return settled(
        inputs_of(
            archive,
            project.catalog,
            as_of,
            remarks=remarks,
            **project.form,
        ),
        editions_dir,
        wanted=day_of(config.since, editions_dir) if config.since else None,
    )


def _as_of(config: CoreConfig, project: Project) -> date | None:
    if config.as_of is None:
        return project.settings.as_of
    try:
        return date.fromisoformat(config.as_of)
    except ValueError as error:
        raise WarehouseError(
            f"as_of {config.as_of!r} is not a date; expected YYYY-MM-DD"
        ) from error


def _sweep(project: Project, context: dg.AssetExecutionContext) -> None:
    """Drop what runs have left that ended without a swap, and the notes of runs long past."""
    end_killed_runs(project.settings, context.instance)
    sweep_candidates(project.settings)
    sweep_notes(project.settings.home / "validation")
