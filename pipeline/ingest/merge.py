"""Merging the snapshots of another archive into one's own, for what was exported elsewhere.

The other archive is a folder like any of ours: packs, loose objects, or both. Nothing of it is
believed: every body is hashed on the way.
"""

from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ReadError
from pipeline.ingest.archive import Archive


@dataclass(frozen=True)
class MergeResult:
    """Snapshots that were added, and those that were there already, by id."""

    added: tuple[str, ...]
    known: tuple[str, ...]


def merge_archive(archive: Archive, folder: Path) -> MergeResult:
    """Add every snapshot of the archive in ``folder``, exactly as it stands there.

    Raises:
        ReadError: there is no archive in the folder.
        ArchiveError: a snapshot of it is damaged, or ours cannot be written. What was added before
            is whole and stays.
    """
    other = Archive(None, folder)
    there = other.snapshots()
    if not there:
        raise ReadError(f"{folder}: no archive: expected packs/index.jsonl or sidecars in it")
    known = archive.places()
    wanted = [sidecar for sidecar in there if sidecar.snapshot not in known]
    added = [
        sidecar.snapshot
        for sidecar, bodies in other.read_many(wanted)
        if archive.adopt(sidecar, bodies)
    ]
    before = {sidecar.snapshot for sidecar in there}.difference(added)
    return MergeResult(tuple(sorted(added)), tuple(sorted(before)))
