"""What takes seconds to make is made once for all workers of a test run.

Workers are processes with one folder in common. The first that needs a thing makes it there, behind
a lock; the others wait for it and take it. Nobody may change it.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from filelock import FileLock

Made = TypeVar("Made")


@dataclass(frozen=True)
class Once:
    """Things made once, in the folder that all workers have in common."""

    folder: Path

    def file(self, name: str, make: Callable[[Path], object]) -> Path:
        """A file or a folder, which ``make`` writes to the path that it is given."""
        path = self.folder / name
        with FileLock(self.folder / f"{name}.lock"):
            if not path.exists():
                unfinished = self.folder / f"unfinished-{name}"
                make(unfinished)
                unfinished.rename(path)
        return path

    def value(self, name: str, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, for every worker a copy of its own."""

        def write(path: Path) -> None:
            path.write_bytes(pickle.dumps(make()))

        kept: Made = pickle.loads(self.file(f"{name}.pickle", write).read_bytes())
        return kept
