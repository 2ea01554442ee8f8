"""The registry of readers: which function turns the bytes of a snapshot into observations.

A reader is pure, ``(sidecar, bodies) -> DataFrame`` with the columns of ``observations.COLUMNS``;
a sidecar names its own. How bytes look is the business of the reader's module, which is imported
only when a snapshot needs it.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol, cast

from pipeline import observations
from pipeline.errors import ReadError
from pipeline.ingest.archive import Archive
from pipeline.ingest.sidecar import Sidecar

if TYPE_CHECKING:
    import pandas as pd

READERS: Final = {
    "comtrade": "pipeline.ingest.comtrade",
    "data360": "pipeline.ingest.data360",
    "ilostat": "pipeline.ingest.ilostat",
    "imf_imts": "pipeline.ingest.imts",
    "tidy_csv": "pipeline.ingest.tidy",
    "uis": "pipeline.ingest.uis",
    "unctad": "pipeline.ingest.unctad",
    "world_bank_releases": "pipeline.ingest.world_bank_releases",
    "world_bank_v2": "pipeline.ingest.world_bank",
}
"""Module by reader's name; its function is ``read``."""


class Reader(Protocol):
    def __call__(self, sidecar: Sidecar, bodies: Sequence[bytes]) -> "pd.DataFrame": ...


def reader_of(name: str) -> Reader:
    """The reader of that name.

    Raises:
        ReadError: there is none.
    """
    if name not in READERS:
        raise ReadError(f"no reader {name!r}, expected one of {', '.join(sorted(READERS))}")
    return cast("Reader", import_module(READERS[name]).read)


def read_observations(sidecar: Sidecar, bodies: Sequence[bytes]) -> "pd.DataFrame":
    """The observations of a snapshot, in the columns of ``observations.COLUMNS``.

    Raises:
        ReadError: the bytes are not in the shape the reader expects, or it read something that
            the sidecar does not announce.
    """
    frame = reader_of(sidecar.reader)(sidecar, bodies)
    if tuple(frame.columns) != observations.COLUMNS:
        raise ReadError(f"snapshot {sidecar.snapshot}: reader {sidecar.reader} gave other columns")
    strangers = sorted(set(frame["indicator"].unique()) - set(sidecar.indicators))
    if strangers:
        raise ReadError(
            f"snapshot {sidecar.snapshot}: holds indicator {strangers[0]!r}, "
            f"its sidecar announces {', '.join(sidecar.indicators)}"
        )
    return frame


def read_snapshots(
    archive: Archive, sidecars: Iterable[Sidecar]
) -> Iterator[tuple[Sidecar, "pd.DataFrame"]]:
    """Snapshots with their observations, one at a time, each pack opened once.

    Raises:
        ArchiveError: a body is missing or damaged.
        ReadError: see ``read_observations``.
    """
    for sidecar, bodies in archive.read_many(sidecars):
        yield sidecar, read_observations(sidecar, bodies)
