"""The one place where Dagster meets all parts: ``build_defs`` puts them together.

The UI loads ``defs`` from here; the command line and the tests call ``build_defs`` with a project
of their own. What the parts do stands in ``pipeline.assets`` and the rooms behind it.
"""

import dagster as dg

from pipeline.assets.archive import build_archive, build_publishers
from pipeline.assets.automation import (
    build_failure_alert,
    build_jobs,
    build_publisher_alert,
    build_schedule,
    build_source_sensor,
)
from pipeline.assets.by_year import build_by_year
from pipeline.assets.checks import build_checks
from pipeline.assets.edition import build_edition
from pipeline.assets.project import Project
from pipeline.assets.tables import build_tables
from pipeline.settings import settings


def build_defs(project: Project) -> dg.Definitions:
    """All assets, checks, jobs, the schedule and the sensors of ``project``.

    Raises:
        CatalogError, ExpectationError, WarehouseError: the YAML or the SQL is wrong.
    """
    return dg.Definitions(
        assets=[
            *build_publishers(project),
            *build_archive(project),
            *build_tables(project),
            build_edition(project),
            build_by_year(project),
        ],
        asset_checks=build_checks(project),
        jobs=build_jobs(project),
        schedules=[build_schedule()],
        sensors=[
            build_source_sensor(project),
            build_failure_alert(project),
            build_publisher_alert(project),
        ],
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """The definitions of this installation, as the UI and the daemon load them."""
    return build_defs(Project(settings()))
