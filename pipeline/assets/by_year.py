"""The editions of past years as a partitioned asset: one a year, as of its last day.

Each partition is the edition as it would have been, from the archive as it stands; the UI shows
which are there and backfills the others. They have a job of their own and belong to no refresh.
"""

from datetime import date
from typing import Any

import dagster as dg

from pipeline.assets.archive import series_keys
from pipeline.assets.keys import BY_YEAR, OWNERS, tags
from pipeline.assets.project import Project
from pipeline.editions.backfill import edition_of
from pipeline.editions.standing import Edition
from pipeline.errors import ArchiveError
from pipeline.stages import stage

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
        as_of = date(int(context.partition_key), 12, 31)
        with stage(f"edition as of {as_of}"):
            done = edition_of(project.archive(), project.catalog, as_of, settings=project.settings)
        manifest = Edition.at(done.folder).manifest
        url = f"{project.settings.editions_url}/{manifest.edition}/report.html"
        lines = [f"- {finding.figure} {finding.sentence}" for finding in manifest.findings]
        return dg.MaterializeResult(
            metadata={
                "edition": manifest.edition,
                "page": dg.MetadataValue.url(url),
                "path": dg.MetadataValue.path(str(done.folder)),
                "new": done.new,
                "key findings": dg.MetadataValue.md("\n".join(lines)),
            },
            data_version=dg.DataVersion(manifest.inputs.sha256),
        )

    return by_year


def partitions(project: Project) -> dg.TimeWindowPartitionsDefinition:
    """The years since the first release in the archive."""
    try:
        first = min((s.vintage.year for s in project.archive().snapshots()), default=FOUNDED)
    except ArchiveError:
        # The runs will say what is wrong with it; the definitions must load all the same.
        first = FOUNDED
    return dg.TimeWindowPartitionsDefinition(start=str(first), fmt="%Y", cron_schedule="0 0 1 1 *")
