"""An edition: a folder with everything one report consists of, whole or not there, never changed.

Here are its name, which follows from what went into it, and its coming to be: at once, by one
writer at a time, and on the disk. What is in the folder is the affair of ``edition_files``.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from pipeline.ahead import several
from pipeline.catalog.entry import PROJECT_BLOC
from pipeline.errors import ReportError
from pipeline.ingest.files import explain, fsync
from pipeline.inputs import EditionInputs, code_hash, lock_hash
from pipeline.report.edition_files import Draft, write_files
from pipeline.report.editions_index import point_to_latest
from pipeline.report.fonts import Faces, prepare_fonts
from pipeline.report.manifest import hash_files
from pipeline.second_process import Beside
from pipeline.settings import PROJECT_ROOT, settings
from pipeline.warehouse.store import connect_read_only, reporting

_LOCK_TIMEOUT_S: Final = 60.0
_UNFINISHED: Final = ".tmp-"
_FLUSHED_AT_ONCE: Final = 8


def edition_inputs(
    warehouse: Path,
    *,
    remarks: tuple[str, ...] = (),
    root: Path = PROJECT_ROOT,
    bloc: str = PROJECT_BLOC,
    languages: tuple[str, ...] = (),
    site_address: str = "",
) -> EditionInputs:
    """The inputs of an edition about ``bloc`` from ``warehouse`` by the code under ``root``.

    Raises:
        WarehouseError: the warehouse cannot be read.
        ReportError: it was built by other code, or the lock file is missing.
    """
    con = connect_read_only(warehouse)
    try:
        with reporting(warehouse, "cannot read the warehouse"):
            built = con.execute(
                "SELECT as_of, since, archive_sha256, catalog_sha256, code_sha256 FROM core.build"
            ).fetchone()
            snapshots = con.execute(
                "SELECT DISTINCT snapshot, sha256 FROM core.snapshots, core.build "
                "WHERE vintage <= as_of ORDER BY snapshot"
            ).fetchall()
    finally:
        con.close()
    if built is None:
        raise ReportError(f"{warehouse}: core.build is empty; run `sco report` to build it anew")
    as_of, since, archive_sha256, catalog_sha256, code_sha256 = built
    if code_sha256 != code_hash(root):
        # An edition names one revision of the code, which must have made all of it.
        raise ReportError(
            f"{warehouse}: the code has changed since this was built; run `sco report`, or in the "
            "UI the job 'edition', to build it anew"
        )
    return EditionInputs(
        as_of=as_of,
        snapshots=dict(snapshots),
        archive_sha256=archive_sha256,
        catalog_sha256=catalog_sha256,
        code_sha256=code_sha256,
        lock_sha256=lock_hash(root),
        remarks=remarks,
        bloc=bloc,
        since=since,
        languages=languages,
        site_address=site_address,
    )


def write_edition(
    draft: Draft,
    editions_dir: Path,
    *,
    faces: Faces | None = None,
    sources: str | None = None,
    beside: Beside | None = None,
) -> Path:
    """Write the edition as ``editions_dir/<id>`` and point ``latest``, index and feed at it.

    Everything is made in a folder beside and renamed once. An edition that is already there is
    never touched: it must hold the same bytes, otherwise an error says what differs. ``sources`` is
    the page of the publishers, which stands beside the editions and is of none. ``beside`` makes
    workbooks and pictures meanwhile; by default a thread does.

    Returns:
        The folder of the edition.

    Raises:
        ReportError: the folder cannot be written, the disk is full, the report is of another
            edition than the inputs make, or an edition of this id holds something else.
        WarehouseError: the tables cannot be exported.
    """
    target = editions_dir / draft.inputs.edition
    with _disk(editions_dir), _alone(editions_dir):
        _place(draft, target, faces, beside)
        if draft.inputs.bloc == PROJECT_BLOC:
            # The list and ``latest`` are of one report that is made again and again.
            point_to_latest(editions_dir, target.name, sources=sources)
    return target


def write_apart(
    draft: Draft, folder: Path, *, faces: Faces | None = None, beside: Beside | None = None
) -> Path:
    """Write the files of the edition into ``folder`` itself; no list of editions knows of it.

    Like ``write_edition`` this is whole or not there. The folder must not exist, be empty, or hold
    the same bytes already.

    Raises:
        ReportError, WarehouseError: see ``write_edition``.
    """
    with _disk(folder.parent):
        _place(draft, folder, faces, beside)
    return folder


def keep_lists(editions_dir: Path, edition: str, *, sources: str | None = None) -> None:
    """Mend ``latest``, index and feed for an edition that stands: a kill may have come before.

    ``sources`` is the page of the publishers, as for ``write_edition``.

    Raises:
        ReportError: the folder cannot be written, or another run has been writing for long.
    """
    with _disk(editions_dir), _alone(editions_dir):
        point_to_latest(editions_dir, edition, sources=sources)


def _place(draft: Draft, target: Path, faces: Faces | None, beside: Beside | None) -> None:
    """Make all files in a folder beside the target; rename it, or find the same there already."""
    if draft.report.edition != draft.inputs.edition:
        raise ReportError(
            f"the report is of edition {draft.report.edition}, the inputs {draft.inputs.edition}"
        )
    fonts = faces or prepare_fonts(settings().cache_dir)
    work = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=target.parent))
    try:
        # Made private by mkdtemp; an edition is for everyone who may read the folder.
        work.chmod(0o755)
        write_files(draft, work, fonts, beside)
        if target.exists() and (target.is_file() or any(target.iterdir())):
            _check_same(target, work)
        else:
            _flush(work)
            # An empty folder in its place gives way to the rename.
            work.rename(target)
            fsync(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _check_same(target: Path, work: Path) -> None:
    """The edition that is there and the one just made must agree file by file."""
    if target.is_file():
        raise ReportError(f"{target}: is a file, expected a folder or nothing")
    there, made = hash_files(target), hash_files(work)
    differing = sorted(
        name for name in there.keys() | made.keys() if there.get(name) != made.get(name)
    )
    if differing:
        shown = ", ".join(differing[:5]) + (" and more" if len(differing) > 5 else "")
        raise ReportError(
            f"{target}: this edition is there already and differs in {shown}; editions are never "
            "rewritten: move it away to have it made again"
        )


def _flush(folder: Path) -> None:
    """Have every file and folder on the disk before the rename makes them visible."""
    # Several at once: what waits together goes to the disk together.
    several(fsync, [*folder.rglob("*"), folder], _FLUSHED_AT_ONCE)


@contextmanager
def _disk(editions_dir: Path) -> Iterator[None]:
    """Say in one sentence what the disk complains about."""
    try:
        editions_dir.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise ReportError(f"{editions_dir}: cannot write the edition: {explain(error)}") from error


@contextmanager
def _alone(editions_dir: Path) -> Iterator[None]:
    """One writer at a time; what a killed one left unfinished is removed."""
    lock = FileLock(editions_dir / ".lock", timeout=_LOCK_TIMEOUT_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise ReportError(
            f"{editions_dir}: another run is writing an edition; try again when it has finished"
        ) from error
    try:
        for left in sorted(editions_dir.glob(_UNFINISHED + "*")):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()
