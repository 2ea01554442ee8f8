"""Which runs are alive, and whose turn it is: locks that the system lets go of with the process.

Runs of one project go one after the other, from wherever they were started. What a killed run has
left is told by its lock from what belongs to one at work; Dagster itself goes on believing that a
killed run is under way, which would hold back all others for ever.

What is made beside the runs has folders to work in, which are vouched for in the same way.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from filelock import FileLock, Timeout

from pipeline.errors import ArchiveError, RunError
from pipeline.ingest.files import explain
from pipeline.settings import Settings
from pipeline.stages import WAIT, stage

if TYPE_CHECKING:
    import dagster as dg

TURN_TIMEOUT_S = 3600.0
"""How long a run waits for the one under way; a refresh that goes on for longer is stuck."""

_held: dict[Path, FileLock] = {}
_turns: dict[Path, FileLock] = {}


def hold(settings: Settings, run_id: str) -> None:
    """Vouch that this process is at work on a run, until it ends; twice does no harm.

    Runs of one project take turns: it waits for one that is under way in another process.

    Raises:
        RunError: the other has not ended within an hour.
    """
    if _lock_path(settings, run_id) not in _held:
        _take_turn(settings)
        _vouch(settings, run_id)


@contextmanager
def running(settings: Settings, run_id: str) -> Iterator[None]:
    """Vouch for a run while the block lasts, as ``hold`` does."""
    hold(settings, run_id)
    try:
        yield
    finally:
        _let_go(settings, run_id)
        _turns[_turn_path(settings)].release()


def _take_turn(settings: Settings) -> None:
    path = _turn_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = _turns.setdefault(path, FileLock(path, thread_local=False))
    try:
        lock.acquire(blocking=False)
    except Timeout:
        with stage(WAIT):
            _wait_for(lock)


def _wait_for(lock: FileLock) -> None:
    try:
        lock.acquire(timeout=TURN_TIMEOUT_S)
    except Timeout as error:
        raise RunError(
            f"{lock.lock_file}: another run of this project has been at work for "
            f"{TURN_TIMEOUT_S:g} s; wait until it has ended, or end it"
        ) from error


def _vouch(settings: Settings, name: str) -> None:
    path = _lock_path(settings, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, thread_local=False)
    lock.acquire()
    _held[path] = lock


def _let_go(settings: Settings, name: str) -> None:
    path = _lock_path(settings, name)
    _held.pop(path).release()
    path.unlink(missing_ok=True)


def is_running(settings: Settings, run_id: str) -> bool:
    """Whether a living process vouches for the run."""
    path = _lock_path(settings, run_id)
    if path in _held:
        return True
    if not path.exists():
        return False
    try:
        with FileLock(path, blocking=False):
            return False
    except Timeout:
        return True


def end_killed_runs(settings: Settings, instance: "dg.DagsterInstance") -> tuple[str, ...]:
    """Tell Dagster which runs were killed, and sweep the locks of those that have ended.

    Returns:
        Ids of the runs that were thought to be under way.
    """
    killed = []
    for path in sorted(_lock_path(settings, "x").parent.glob("*.lock")):
        run = instance.get_run_by_id(path.stem)
        if is_running(settings, path.stem):
            continue
        # A run that was killed early is none that Dagster knows.
        if run is not None and not run.is_finished:
            instance.report_run_failed(run, "the process was killed before the run had ended")
            killed.append(run.run_id)
        path.unlink(missing_ok=True)
    return tuple(killed)


def sweep_candidates(settings: Settings) -> None:
    """Drop the warehouses of runs that ended without publishing them: the disk may be full."""
    for path in sorted(settings.warehouse_path.parent.glob("candidate-*")):
        if not is_running(settings, path.name.removeprefix("candidate-").split(".")[0]):
            path.unlink(missing_ok=True)


@contextmanager
def work_folder(settings: Settings, purpose: str) -> Iterator[Path]:
    """A new folder of this process to work in, gone when the block ends; litter is swept before.

    Raises:
        ArchiveError: there is no room for it.
    """
    room, name = settings.home / "work", f"{purpose}-{uuid4()}"
    with _room(room):
        room.mkdir(parents=True, exist_ok=True)
        for left in sorted(room.iterdir()):
            if not is_running(settings, left.name):
                shutil.rmtree(left, ignore_errors=True)
                _lock_path(settings, left.name).unlink(missing_ok=True)
        _vouch(settings, name)
    folder = room / name
    try:
        with _room(room):
            folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _let_go(settings, name)


@contextmanager
def _room(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveError(f"{folder}: no room to work in: {explain(error)}") from error


def _lock_path(settings: Settings, name: str) -> Path:
    return settings.home / "runs" / f"{name}.lock"


def _turn_path(settings: Settings) -> Path:
    return settings.home / "runs" / "turn"
