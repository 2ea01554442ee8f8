"""What a run is doing and how long each part took, for whoever watches it.

The rooms that do the work enter a stage; the command line or a test listens. Times go to people
only: nothing that is published depends on them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Literal


@dataclass(frozen=True)
class Stage:
    """One part of a run: ``seconds`` is the wall time, None while it goes on."""

    name: str
    state: Literal["started", "done", "failed"]
    seconds: float | None = None


WAIT = "wait for another run"
"""The stage in which nothing is done, since it is not this run's turn."""

Listener = Callable[[Stage], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Call ``listener`` at the start and the end of every stage entered meanwhile."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Do the work of the ``with`` block as the stage ``name``."""
    _tell(Stage(name, "started"))
    start = perf_counter()
    try:
        yield
    except BaseException:
        _tell(Stage(name, "failed", perf_counter() - start))
        raise
    _tell(Stage(name, "done", perf_counter() - start))


def _tell(event: Stage) -> None:
    for listener in _listeners:
        listener(event)
