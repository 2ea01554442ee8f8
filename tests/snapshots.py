"""Stored snapshots: texts in git that say what comes out, so that a change of it is reviewed.

A test compares and shows the lines that differ. Nothing is written unless it is asked for with
``--update-snapshots``, and never where ``CI`` is set: what is missing there has failed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice
from pathlib import Path

import pytest

OPTION = "--update-snapshots"
RENEW = "make snapshots"
"""The command that writes all of them anew."""
MOST_LINES = 40
"""Of a difference; more of it is seen with git."""


def may_write(asked: bool, environment: Mapping[str, str]) -> bool:
    """Whether this run writes snapshots.

    Raises:
        pytest.UsageError: it is asked to where nobody would review what it wrote.
    """
    if asked and environment.get("CI"):
        raise pytest.UsageError(f"{OPTION}: CI is set, and what is written there nobody reviews")
    return asked


@dataclass(frozen=True)
class Snapshots:
    """A folder of snapshots, each a UTF-8 text by its file name."""

    folder: Path
    update: bool = False

    def compare(self, name: str, text: str) -> None:
        """Fail where ``text`` is not what is stored; or store it, and skip, in a run that writes.

        Raises:
            AssertionError: it differs, or there is nothing stored; with the lines and the command.
        """
        path = self.folder / name
        stored = path.read_bytes().decode() if path.exists() else None
        if stored == text:
            return
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            pytest.skip(f"written: {path}")
        if stored is None:
            raise AssertionError(f"{path}: there is no such snapshot; write it: {RENEW}")
        told = "\n".join(_difference(stored, text))
        raise AssertionError(
            f"{path} (-) is not what comes out (+):\n{told}\nIf that is meant: {RENEW}, and review"
        )

    def names(self) -> set[str]:
        """Of all that is stored, relative to the folder."""
        files = (p for p in self.folder.rglob("*") if p.is_file())
        return {p.relative_to(self.folder).as_posix() for p in files}


def _difference(stored: str, text: str) -> Iterator[str]:
    lines = unified_diff(stored.splitlines(), text.splitlines(), lineterm="", n=1)
    next(lines, None)  # the names of both sides
    next(lines, None)
    yield from islice(lines, MOST_LINES)
    rest = sum(1 for _ in lines)
    if rest:
        yield f"… and {rest} more lines"
