"""When each publisher was asked, and what came of it: a line a refresh, in the project's state.

The archive only knows what was new. That a publisher was asked yesterday and said the same, or gave
nothing, stands here. It is read by people and by no edition: an edition is not a function of it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from pipeline.errors import ArchiveError
from pipeline.ingest.files import atomic_write, explain

if TYPE_CHECKING:
    from pipeline.ingest.refresh import PublisherResult
    from pipeline.settings import Settings

FOLDER: Final = "asked"


@dataclass(frozen=True)
class Asked:
    """What came of asking one publisher last, and when all its series came last."""

    publisher: str
    at: datetime
    """When it was asked last (UTC)."""
    succeeded_at: datetime | None
    """When it last gave every series that was asked for."""
    changed_at: datetime | None
    """When it last gave figures that the archive did not have."""
    new: int
    unchanged: int
    failed: Mapping[str, str]
    """Reason by series."""
    requests: int
    bytes: int
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Kind of failure by series; see ``failure.Kind``."""

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        times = {
            name: datetime.fromisoformat(record[name]) if record[name] else None
            for name in ("at", "succeeded_at", "changed_at")
        }
        return cls(**{**record, **times})


def note(settings: "Settings", result: "PublisherResult", at: datetime) -> None:
    """Keep what came of asking a publisher, in the place of what came of it before.

    Raises:
        ArchiveError: it cannot be written.
    """
    before = last_asked(settings, result.publisher)
    states = [series.state for series in result.series]
    failed = {s.indicator: s.reason for s in result.failed}
    now = Asked(
        publisher=result.publisher,
        at=at,
        succeeded_at=at if not failed else (before.succeeded_at if before else None),
        changed_at=at if "new" in states else (before.changed_at if before else None),
        new=states.count("new"),
        unchanged=states.count("unchanged"),
        failed=failed,
        requests=result.requests,
        bytes=result.bytes,
        kinds={s.indicator: s.kind for s in result.failed if s.kind},
    )
    path = _path(settings, result.publisher)
    try:
        atomic_write(path, (json.dumps(asdict(now), default=str, indent=1) + "\n").encode())
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be written: {explain(error)}") from error


def last_asked(settings: "Settings", publisher: str) -> Asked | None:
    """What came of asking a publisher last; None where it never was, or the note is damaged.

    A damaged note is no reason to stop a refresh: the next one replaces it.
    """
    try:
        return Asked.from_json(json.loads(_path(settings, publisher).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return None


def _path(settings: "Settings", publisher: str) -> Path:
    return settings.home / FOLDER / f"{publisher}.json"
