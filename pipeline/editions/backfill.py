"""Editions as they would have been: one for each of many past days, from the archive as it stands.

They are made beside the runs and leave the published warehouse alone; the edition of the newest
day among all is the ``latest``, whenever the others are made. Each says what changed since the day
before it of the same backfill, whatever else stands and whether the edition of that day could be
made, so that all come out alike everywhere.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.catalog.models import Catalog
from pipeline.editions.form import form_of
from pipeline.editions.make import draft
from pipeline.editions.since import alike, preceding
from pipeline.editions.standing import standing
from pipeline.errors import ProjectError
from pipeline.ingest.archive import Archive
from pipeline.inputs import inputs_of
from pipeline.report.edition import keep_lists, write_edition
from pipeline.running import work_folder
from pipeline.settings import Settings


@dataclass(frozen=True)
class Backfilled:
    """The edition of one day."""

    as_of: date
    folder: Path
    new: bool
    """False where it stood already."""

    def __str__(self) -> str:
        return f"{self.as_of}: {'new' if self.new else 'stands'}: {self.folder}"


@dataclass(frozen=True)
class NotMade:
    """A day that there is no edition of, and why."""

    as_of: date
    reason: str
    folder: None = None

    def __str__(self) -> str:
        return f"{self.as_of}: not made: {self.reason}"


def backfill(
    archive: Archive, catalog: Catalog, wanted: tuple[date, ...], *, settings: Settings
) -> Iterator[Backfilled | NotMade]:
    """Make the edition of each day, one after the other; a day that fails stops no other."""
    for as_of in wanted:
        try:
            yield edition_of(archive, catalog, as_of, days=wanted, settings=settings)
        except ProjectError as error:
            yield NotMade(as_of, str(error))


def edition_of(
    archive: Archive, catalog: Catalog, as_of: date, *, days: Collection[date], settings: Settings
) -> Backfilled:
    """Make the edition as of a day, unless it stands, whatever that one is compared with.

    Args:
        archive: where the figures are.
        catalog: what they mean.
        as_of: the day.
        days: all days of the backfill; with the one before it the edition is compared.
        settings: the project.

    Raises:
        ExpectationError: a critical expectation failed.
        ArchiveError, WarehouseError, ReportError: it cannot be built or written.
    """
    first = min((s.vintage for s in archive.snapshots()), default=date.max)
    compared = preceding(as_of, days, first)
    fresh = inputs_of(archive, catalog, as_of, since=compared, **form_of(settings))
    inputs = alike(fresh, settings.editions_dir) or fresh
    there = standing(inputs, settings.editions_dir)
    if there is not None and there.folder is not None:
        keep_lists(settings.editions_dir, inputs.edition)
        return Backfilled(as_of, there.folder, new=False)
    with work_folder(settings, "backfill") as work:
        made = draft(archive, catalog, as_of, settings=settings, work_dir=work, since=inputs.since)
        return Backfilled(as_of, write_edition(made, settings.editions_dir), new=True)
