"""Which runs are alive: a lock a run, which the system lets go of however the process ends.

What a killed run has left is told by this from what belongs to one at work. Dagster itself goes on
believing that a killed run is under way, which would hold back all others for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from pipeline.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

_held: dict[Path, FileLock] = {}


def hold(settings: Settings, run_id: str) -> None:
    """Vouch that this process is at work on a run, until it ends; twice does no harm."""
    path = _lock_path(settings, run_id)
    if path not in _held:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, thread_local=False)
        lock.acquire()
        _held[path] = lock


@contextmanager
def running(settings: Settings, run_id: str) -> Iterator[None]:
    """Vouch for a run while the block lasts."""
    hold(settings, run_id)
    try:
        yield
    finally:
        path = _lock_path(settings, run_id)
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
        # A run that Dagster does not know yet is just beginning.
        if run is None or is_running(settings, run.run_id):
            continue
        if not run.is_finished:
            instance.report_run_failed(run, "the process was killed before the run had ended")
            killed.append(run.run_id)
        path.unlink(missing_ok=True)
    return tuple(killed)


def _lock_path(settings: Settings, run_id: str) -> Path:
    return settings.home / "runs" / f"{run_id}.lock"
