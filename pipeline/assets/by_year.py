"""The editions of past years as a partitioned asset: one a year, as of its last day.

Each partition is the edition as it would have been, from the archive as it stands, and says what
changed since the last day of the year before; the UI shows which are there, whoever made them, and
backfills the others. They have a job of their own and belong to no refresh.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import dagster as dg

from pipeline.assets.archive import series_keys
from pipeline.assets.keys import BY_YEAR, OWNERS, tags
from pipeline.assets.project import Project
from pipeline.editions.backfill import Backfilled, NotMade, edition_of
from pipeline.editions.standing import Edition
from pipeline.errors import ArchiveError
from pipeline.stages import stage

DATA_VERSION = "dagster/data_version"
"""The tag in which an event outside of a run says the version of its data."""
FOUNDED = 2001
"""Before it there was no organisation to report on."""


def build_by_year(project: Project) -> dg.AssetsDefinition:
    """One partition a year since the first release in the archive; the current one is not over."""

    @dg.asset(
        key=BY_YEAR,
        deps=series_keys(project),
        partitions_def=partitions(project),
        group_name="editions",
        kinds={"html", "pdf"},
        owners=OWNERS,
        tags=tags(stage="edition"),
        description="The report as it would have been on the last day of a year: an edition made "
        "from the releases published until then.",
    )
    def by_year(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
        as_of = _last_day(context.partition_key)
        with stage(f"edition as of {as_of}"):
            days = [_last_day(year) for year in partitions(project).get_partition_keys()]
            done = edition_of(
                project.archive, project.catalog, as_of, days=days, settings=project.settings
            )
        metadata, version = _described(project, done)
        return dg.MaterializeResult(metadata=metadata, data_version=dg.DataVersion(version))

    return by_year


def note(
    project: Project, instance: dg.DagsterInstance, results: Iterable[Backfilled | NotMade]
) -> Iterator[Backfilled | NotMade]:
    """Hand on what a backfill outside of Dagster makes, and tell it of each year that is there."""
    years = set(partitions(project).get_partition_keys())
    for result in results:
        year = str(result.as_of.year)
        if isinstance(result, Backfilled) and result.as_of == _last_day(year) and year in years:
            metadata, version = _described(project, result)
            instance.report_runless_asset_event(
                dg.AssetMaterialization(
                    BY_YEAR, metadata=metadata, partition=year, tags={DATA_VERSION: version}
                )
            )
        yield result


def _last_day(year: str) -> date:
    return date(int(year), 12, 31)


def _described(project: Project, done: Backfilled) -> tuple[dict[str, Any], str]:
    """What Dagster is told of the edition of a year, and the version of its data."""
    manifest = Edition.at(done.folder).manifest
    url = f"{project.settings.editions_url}/{manifest.edition}/report.html"
    lines = [f"- {finding.figure} {finding.sentence}" for finding in manifest.findings]
    metadata = {
        "edition": manifest.edition,
        "page": dg.MetadataValue.url(url),
        "path": dg.MetadataValue.path(str(done.folder)),
        "new": done.new,
        "key findings": dg.MetadataValue.md("\n".join(lines)),
    }
    return metadata, manifest.inputs.sha256


def partitions(project: Project) -> dg.TimeWindowPartitionsDefinition:
    """The years since the first release in the archive."""
    try:
        first = min((s.vintage.year for s in project.archive.snapshots()), default=FOUNDED)
    except ArchiveError:
        # The runs will say what is wrong with it; the definitions must load all the same.
        first = FOUNDED
    return dg.TimeWindowPartitionsDefinition(start=str(first), fmt="%Y", cron_schedule="0 0 1 1 *")
