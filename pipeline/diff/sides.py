"""The two sides of a comparison: which snapshots speak, and a warehouse that holds them.

Here a side is understood from what a user writes, and a warehouse is found or built. Comparing is
the work of ``cells``.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.catalog.models import Catalog
from pipeline.editions.standing import Edition, find_edition
from pipeline.errors import ArchiveError, SettingsError, WarehouseError
from pipeline.ingest.archive import Archive, Selection
from pipeline.running import work_folder
from pipeline.settings import Settings
from pipeline.warehouse.build import build_core
from pipeline.warehouse.readings import Readings
from pipeline.warehouse.store import connect_read_only

if TYPE_CHECKING:
    import duckdb

VINTAGE: Final = "vintage:"
"""Before a date: only the series released on that very day."""


@dataclass(frozen=True)
class Side:
    """One side of a comparison: per series, the newest of its snapshots up to ``as_of``.

    Attributes:
        name: as the user wrote it, an edition by its id.
        as_of: snapshots published later do not speak.
        edition: the edition whose snapshots alone may speak, where it is one.
        one_vintage: only series released on ``as_of`` itself take part.
    """

    name: str
    as_of: date
    edition: Edition | None = None
    one_vintage: bool = False

    @property
    def snapshots(self) -> frozenset[str] | None:
        """The snapshots that may speak; None: all that were published."""
        return frozenset(self.edition.manifest.inputs.snapshots) if self.edition else None


def side_of(text: str, editions_dir: Path) -> Side:
    """The side that a user means: a date, "vintage:" and a date, or an edition.

    Args:
        text: YYYY-MM-DD is an as-of date, after "vintage:" a day of release; all else is an
            edition, by id, folder or manifest.
        editions_dir: where editions are known by their ids.

    Raises:
        SettingsError: it is none of them.
        ReportError: the manifest of the edition cannot be read.
    """
    if text.startswith(VINTAGE):
        day = text.removeprefix(VINTAGE)
        found = _date(day)
        if found is None:
            raise SettingsError(f"{text!r}: {day!r} is not a date; expected vintage:YYYY-MM-DD")
        return Side(text, found, one_vintage=True)
    day_itself = _date(text)
    if day_itself is not None:
        return Side(text, day_itself)
    edition = find_edition(text, editions_dir)
    return Side(edition.manifest.edition, edition.manifest.inputs.as_of, edition)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@contextmanager
def holding(
    sides: Sequence[Side], archive: Archive, catalog: Catalog, settings: Settings
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A connection to a warehouse whose core holds every snapshot of the sides.

    The published one serves where it does, since it holds all snapshots up to its own as-of date.
    Otherwise one is built from the archive and thrown away.

    Raises:
        ArchiveError: a snapshot of an edition is not in the archive.
        WarehouseError: nothing had been published by the as-of date of a side.
    """
    needed = _needed(sides, archive)
    con = _published(settings.warehouse_path, needed)
    if con is not None:
        try:
            yield con
        finally:
            con.close()
        return
    with work_folder(settings, "diff") as folder:
        path = folder / "figures.duckdb"
        newest = max(side.as_of for side in sides)
        chosen = Selection(archive, needed)
        build_core(
            path, chosen, catalog, newest, settings.sql_dir, only=("core.snapshots",),
            readings=Readings.from_settings(settings),
        )  # fmt: skip
        con = connect_read_only(path)
        try:
            yield con
        finally:
            con.close()


def _needed(sides: Sequence[Side], archive: Archive) -> frozenset[str]:
    """Ids of all snapshots that can speak on any side."""
    vintages = {s.snapshot: s.vintage for s in archive.snapshots()}
    needed: set[str] = set()
    for side in sides:
        published = {name for name, vintage in vintages.items() if vintage <= side.as_of}
        own = published if side.snapshots is None else side.snapshots
        missing = sorted(own - vintages.keys())
        if missing:
            raise ArchiveError(
                f"edition {side.name}: {len(missing)} of its snapshots are not in the archive, "
                f"such as {missing[0]}; bring them by `sco archive import`"
            )
        if not own:
            raise WarehouseError(
                f"{side.name}: nothing had been published; the first snapshot is of "
                f"{min(vintages.values(), default='no day at all')}"
            )
        needed |= own
    return frozenset(needed)


def _published(path: Path, needed: frozenset[str]) -> "duckdb.DuckDBPyConnection | None":
    """A connection to the published warehouse, if it is there and holds what is needed."""
    import duckdb

    try:
        con = connect_read_only(path)
    except WarehouseError:
        return None
    try:
        # Older code ranked nothing: its warehouse cannot say who spoke.
        rows = con.execute("SELECT snapshot FROM core.snapshots WHERE rank_in_vintage > 0")
        held = {snapshot for (snapshot,) in rows.fetchall()}
    except duckdb.Error:
        held = set()
    if needed <= held:
        return con
    con.close()
    return None
