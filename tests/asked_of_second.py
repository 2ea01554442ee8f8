"""What a second process is asked to do in tests: apart, so that it imports little."""

import gc
import os
import threading
import time
from pathlib import Path

from pipeline.errors import ReportError

LONG_S = 300.0
"""Longer than any test waits."""


def thresholds() -> tuple[int, int, int]:
    return gc.get_threshold()


def refuse(what: str) -> None:
    raise ReportError(f"{what}: refused")


def stumble() -> float:
    return 1 / 0


class OddError(Exception):
    """An error that cannot travel: it wants two arguments and hands on one."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def be_odd() -> None:
    raise OddError("left", " right")


def give_a_lock() -> object:
    return threading.Lock()


def talk() -> str:
    print("a library that prints", flush=True)
    return "an answer"


def note(path: Path) -> None:
    path.write_text(str(os.getpid()), "utf-8")


def note_and_wait(path: Path) -> None:
    note(path)
    time.sleep(LONG_S)
