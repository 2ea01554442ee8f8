"""An edition about another bloc of the catalogue, made beside the runs.

Its warehouse is its own and goes when the edition stands; the published one, ``latest``, page and
feed of the editions are the project's own bloc's, and are left alone.
"""

from datetime import date
from pathlib import Path

from pipeline.catalog.models import Catalog
from pipeline.editions.form import form_of
from pipeline.editions.make import draft
from pipeline.editions.since import settled
from pipeline.editions.standing import standing
from pipeline.ingest.archive import Archive
from pipeline.inputs import inputs_of
from pipeline.report.edition import write_apart, write_edition
from pipeline.run import Outcome, kept_checks
from pipeline.running import work_folder
from pipeline.settings import Settings
from pipeline.stages import stage


def report_on(
    bloc: str,
    archive: Archive,
    catalog: Catalog,
    *,
    settings: Settings,
    as_of: date | None = None,
    since: date | None = None,
    out: Path | None = None,
    force: bool = False,
) -> Outcome:
    """Make the edition about a bloc, unless it stands.

    Args:
        bloc: its id in the catalogue.
        archive: where the figures are.
        catalog: the catalogue as it is read.
        settings: the project.
        as_of: the date of the edition; by default the newest vintage in the archive.
        since: the day to say what changed since; see ``editions.since`` for the default.
        out: the folder to write it to, in the place of one among the editions.
        force: make it anew although it stands, to see that it comes out the same.

    Raises:
        SettingsError: the bloc had no members on that day, or ``since`` does not come before it.
        ExpectationError: a critical expectation failed.
        ArchiveError, WarehouseError, ReportError: it cannot be built or written.
    """
    day = as_of or settings.as_of or archive.newest_vintage()
    editions_dir = settings.editions_dir
    inputs = settled(
        inputs_of(archive, catalog, day, bloc=bloc, **form_of(settings)),
        editions_dir,
        wanted=since,
    )
    there = standing(inputs, editions_dir)
    if there is not None and there.folder is not None and not force and out is None:
        findings = tuple(f"{f.figure} {f.sentence}" for f in there.manifest.findings)
        return _outcome(there.folder, findings, new=False)
    with work_folder(settings, "bloc") as work:
        made = draft(
            archive, catalog, day, settings=settings, work_dir=work, bloc=bloc, since=inputs.since
        )
        findings = tuple(f"{f.figure} {f.sentence}" for f in made.report.findings)
        with stage("edition"):
            folder = (
                write_edition(made, editions_dir)
                if out is None
                else write_apart(made, out.absolute())
            )
    return _outcome(folder, findings, new=True)


def _outcome(folder: Path, findings: tuple[str, ...], *, new: bool) -> Outcome:
    return Outcome(
        run_id="", edition=folder, new_edition=new, findings=findings, failures=(),
        failed_checks=tuple(kept_checks(folder)), sources=(),
    )  # fmt: skip
