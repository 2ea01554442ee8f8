"""Readings: what the readers read of snapshots, a Parquet file each, kept while their code stands.

A reader is a pure function of bytes: what it read yesterday it would read today, and to unpack and
read two million cells takes longer than all that DuckDB then does with them. Nothing is trusted for
having been kept: the archive's files are hashed as if they were read, a kept file is hashed against
its own name, and other code or libraries keep their readings elsewhere. All of it can be thrown
away at any time. What the columns mean is the affair of ``observations``.

    python -m pipeline.warehouse.readings

reads the bundled archive beforehand, as the set-up does.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from filelock import FileLock

from pipeline.ahead import ahead, several
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_snapshots
from pipeline.ingest.sidecar import Sidecar, digest, dump
from pipeline.inputs import readers_hash
from pipeline.settings import Settings, settings
from pipeline.warehouse.quoting import quoted
from pipeline.warehouse.reference import STAGED_OBSERVATIONS
from pipeline.warehouse.store import in_memory, reporting

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

LENGTH: Final = 32
"""Hexadecimal digits of a digest in the name of a file."""


class Readings:
    """What was read of snapshots, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / readers_hash()[:LENGTH]

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Those of an installation, in its cache."""
        return cls(settings.cache_dir / "readings")

    def files(self, archive: Archive, sidecars: Sequence[Sidecar]) -> list[Path]:
        """Parquet files with the columns of ``staging.observations``, one a snapshot, in order.

        Snapshots of which none is kept are read and kept.

        Raises:
            ArchiveError: a body is missing or damaged.
            ReadError: see ``read_observations``.
            WarehouseError: the folder cannot be written.
        """
        found = self._found(archive, sidecars)
        if len(found) < len(sidecars):
            with reporting(self.folder, "cannot keep what was read"):
                self._make_folder()
                with FileLock(self.folder / ".lock"):
                    # Another process may have read them meanwhile.
                    found = self._found(archive, sidecars)
                    missing = [s for s in sidecars if s.snapshot not in found]
                    found.update(self._read(archive, missing))
        return [found[s.snapshot] for s in sidecars]

    def _found(self, archive: Archive, sidecars: Sequence[Sidecar]) -> dict[str, Path]:
        """The kept file of each snapshot that has a sound one, and whose bytes are sound."""
        kept = {path.stem.partition("-")[0]: path for path in self.folder.glob("*.parquet")}
        asked = {s.snapshot: kept.get(_key(s)) for s in sidecars}
        sound = archive.sound(s for s in sidecars if asked[s.snapshot])
        there = {name: path for name, path in asked.items() if path and name in sound}
        right = several(_is, there.values())
        return dict(compress(there.items(), right))

    def _read(self, archive: Archive, sidecars: Sequence[Sidecar]) -> Iterator[tuple[str, Path]]:
        with in_memory() as con:
            for sidecar, frame in ahead(read_snapshots(archive, sidecars)):
                yield sidecar.snapshot, self._keep(con, sidecar, frame)

    def _keep(
        self, con: "duckdb.DuckDBPyConnection", sidecar: Sidecar, frame: "pd.DataFrame"
    ) -> Path:
        unfinished = self.folder / ".unfinished"  # of the one that holds the lock
        con.register("reading", frame.assign(snapshot=sidecar.snapshot))
        columns = ", ".join(
            f'"{n}"::{kind} AS "{n}"' for n, kind in STAGED_OBSERVATIONS.types.items()
        )
        con.execute(
            f"COPY (FROM reading SELECT {columns}) TO {quoted(unfinished)}"
            " (FORMAT parquet, COMPRESSION zstd)"
        )
        path = self.folder / f"{_key(sidecar)}-{_digest_of(unfinished)}.parquet"
        return unfinished.replace(path)

    def _make_folder(self) -> None:
        """Make the folder; of those of other code only the youngest stays."""
        if self.folder.is_dir():
            return
        self.folder.mkdir(parents=True)
        others = [path for path in self.folder.parent.iterdir() if path != self.folder]
        for old in sorted(others, key=lambda path: path.stat().st_mtime)[:-1]:
            shutil.rmtree(old)


def view_of(paths: Iterable[Path]) -> str:
    """The SQL that gives all rows of some Parquet files of one shape."""
    return f"FROM read_parquet([{', '.join(map(quoted, paths))}])"


def _key(sidecar: Sidecar) -> str:
    """What a reading follows from beside code: all that the sidecar says, digests of bodies too."""
    return digest(dump(sidecar))[:LENGTH]


def _is(path: Path) -> bool:
    """Whether a kept file has the bytes that its name says."""
    return path.stem.partition("-")[2] == _digest_of(path)


def _digest_of(path: Path) -> str:
    return digest(path.read_bytes())[:LENGTH]


def main() -> None:
    here = settings()
    archive = Archive(None, here.bundled_dir)
    files = Readings.from_settings(here).files(archive, archive.snapshots())
    print(f"Read {len(files)} snapshots of the bundled archive", flush=True)


if __name__ == "__main__":
    main()
