"""What a suite and an expectation are, whether written in YAML or made from the catalogue.

What belongs here: their shape and what follows from it. Reading them is ``suites``' work, making
those of the catalogue ``generated``'s, judging ``run``'s.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.errors import ExpectationError
from pipeline.validation.kinds import NO_ROWS, Severity


@dataclass(frozen=True)
class Expectation:
    """One thing that must hold of a table. ``type`` and ``kwargs`` are Great Expectations' own.

    ``query`` gives the frame to judge, by default the whole table; a large table is summed up in
    SQL and its summary judged. ``shows`` are the columns by which an offending row is told: by
    default all columns of a query, or the table's key and the columns judged.
    """

    id: str
    table: str
    type: str
    kwargs: Mapping[str, Any]
    severity: Severity
    why: str
    query: str | None = None
    shows: tuple[str, ...] = ()

    @property
    def lists_violations(self) -> bool:
        """Whether the query gives the rows that must not exist."""
        return self.query is not None and self.type == NO_ROWS and self.kwargs["value"] == 0


@dataclass(frozen=True)
class Suite:
    """All that is expected of one table, in the order of its file.

    Raises:
        ExpectationError: two expectations have one id.
    """

    table: str
    expectations: tuple[Expectation, ...]
    about: str = ""
    key: tuple[str, ...] = ()
    source: str = ""
    """The file, for messages."""

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for expectation in self.expectations:
            if expectation.id in seen:
                raise ExpectationError(f"{self.source}: {expectation.id}: id: stands there twice")
            seen.add(expectation.id)
