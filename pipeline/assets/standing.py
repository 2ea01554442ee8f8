"""When a run has nothing to do: the edition of its inputs stands, and so does the warehouse.

The first step of the warehouse asks here before it builds; where all stands it builds nothing, and
Dagster skips every step that waits for it.
"""

from datetime import UTC, datetime

import dagster as dg

from pipeline.assets.keys import EDITION
from pipeline.assets.project import Project
from pipeline.editions.standing import Edition, is_built_from, standing
from pipeline.inputs import EditionInputs
from pipeline.report.edition import keep_lists
from pipeline.sources_page import sources_page
from pipeline.stages import stage


def find_standing(project: Project, inputs: EditionInputs) -> Edition | None:
    """The edition of these inputs, if it is whole and readers see the warehouse that it is of."""
    with stage("compare"):
        if not is_built_from(project.settings.warehouse_path, inputs):
            return None
        edition = standing(inputs, project.settings.editions_dir)
        if edition is not None:
            sources = publishers_today(project)
            keep_lists(project.settings.editions_dir, inputs.edition, sources=sources)
        return edition


def publishers_today(project: Project) -> str:
    """The page of how the publishers stand: of the day on which a run ends, and of no edition."""
    today = datetime.now(UTC).date()
    return sources_page(project.archive, project.catalog, project.settings, today=today)


def observation(project: Project, edition: Edition) -> dg.AssetObservation:
    """What Dagster is told of an edition that stands: the run saw it and changed nothing."""
    manifest = edition.manifest
    folder = project.settings.editions_dir / manifest.edition
    lines = [f"{finding.figure} {finding.sentence}" for finding in manifest.findings]
    return dg.AssetObservation(
        EDITION,
        description="Nothing has changed; the edition stands.",
        metadata={
            "edition": manifest.edition,
            "as_of": manifest.inputs.as_of.isoformat(),
            "since": str(manifest.inputs.since or "a year before"),
            "path": dg.MetadataValue.path(str(folder)),
            "new": False,
            "findings": dg.MetadataValue.json(lines),
        },
    )
