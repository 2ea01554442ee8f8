"""A source line that knows the snapshots it tells of.

Two exhibits may say the same line and rest on different series of one release; so what stands
behind an exhibit is kept with its line and not looked up by it.
"""

from collections.abc import Iterable
from typing import Self

from pipeline.errors import ReportError
from pipeline.report.marts import CurrentSnapshot


class SourceLine(str):
    """The text of a source line, with its snapshots."""

    snapshots: frozenset[CurrentSnapshot]

    def __new__(cls, text: str, snapshots: Iterable[CurrentSnapshot] = ()) -> Self:
        line = super().__new__(cls, text)
        line.snapshots = frozenset(snapshots)
        return line

    def within(self, text: str) -> "SourceLine":
        """A longer line that this one is part of; it tells of the same snapshots."""
        return SourceLine(text, self.snapshots)


def behind(source: str) -> frozenset[CurrentSnapshot]:
    """The snapshots that a source line tells of.

    Raises:
        ReportError: it is a text like any other, which knows of none.
    """
    if not isinstance(source, SourceLine):
        raise ReportError(f"{source!r}: expected a source line of the context, with its snapshots")
    return source.snapshots
