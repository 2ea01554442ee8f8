"""Packs: many snapshots of one series in one solid LZMA file, beside one index.

A pack concatenates bodies by vintage so that vintages share their bytes; the index holds every
sidecar with its pack, offset and length, and a seal of its own. Packs are only read by the
archive and written whole by the bundle command; loose objects are the archive's.
"""

import lzma
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, Final

from pipeline.errors import ArchiveError
from pipeline.ingest.files import atomic_write, explain
from pipeline.ingest.sidecar import Sidecar, digest, dump, load, seal, slug, unseal

INDEX: Final = "index.jsonl"

_FILTERS: Final = [
    {
        "id": lzma.FILTER_LZMA2,
        "preset": 9 | lzma.PRESET_EXTREME,
        # a pack is text of a few megabytes: one dictionary over all of it, no alignment to find
        "dict_size": 16 << 20,
        "lc": 2,
        "lp": 0,
        "pb": 0,
    }
]


@dataclass(frozen=True)
class Pack:
    """One compressed file, as its index describes it."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Packed:
    """A sidecar and where its parts stand in the unpacked pack."""

    sidecar: Sidecar
    pack: str
    offset: int

    def cut(self, unpacked: bytes) -> tuple[bytes, ...]:
        """The parts, cut out of the unpacked pack (shorter or empty where it is truncated)."""
        bodies = []
        start = self.offset
        for part in self.sidecar.parts:
            bodies.append(unpacked[start : start + part.size])
            start += part.size
        return tuple(bodies)


class PackFolder:
    """A read-only folder of packs with its index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def index_path(self) -> Path:
        return self.folder / INDEX

    @cached_property
    def _index(self) -> tuple[Mapping[str, Pack], Mapping[str, Packed]]:
        return self.load_index()

    @property
    def packs(self) -> Mapping[str, Pack]:
        """Packs by name."""
        return self._index[0]

    @property
    def packed(self) -> Mapping[str, Packed]:
        """Packed snapshots by id, in the order of the index."""
        return self._index[1]

    def load_index(self) -> tuple[Mapping[str, Pack], Mapping[str, Packed]]:
        """Read the index from disk: every line is checked, and the last line counts them.

        Raises:
            ArchiveError: the index is damaged or incomplete.
        """
        if not self.index_path.is_file():
            return {}, {}
        data = read_file(self.index_path)
        lines = data.splitlines(keepends=True)
        where = f"{self.index_path}: line"
        packed: dict[str, Packed] = {}
        for number, line in enumerate(lines[:-1], 1):
            sidecar, extra = load(line, f"{where} {number}")
            if set(extra) != {"pack", "offset"}:
                raise ArchiveError(f"{where} {number}: keys {sorted(extra)}, expected pack, offset")
            packed[sidecar.snapshot] = Packed(sidecar, str(extra["pack"]), int(extra["offset"]))
        if not lines:
            raise ArchiveError(f"{self.index_path}: empty, expected sidecars and a last line")
        closing = unseal(lines[-1], f"{where} {len(lines)}")
        if closing.get("lines_sha256") != digest(b"".join(lines[:-1])):
            raise ArchiveError(
                f"{self.index_path}: damaged index: the lines do not match the last one"
            )
        return {p["name"]: Pack(**p) for p in closing["packs"]}, packed

    def unpack(self, name: str) -> bytes:
        """All bytes of a pack.

        Raises:
            ArchiveError: the pack is missing, truncated or damaged.
        """
        path = self.folder / name
        data = read_file(path)
        pack = self.packs.get(name)
        if pack is None:
            raise ArchiveError(f"{path}: the index {self.index_path} does not know this pack")
        if len(data) < pack.size:
            raise ArchiveError(
                f"{path}: truncated pack: {len(data)} bytes, the index says {pack.size}"
            )
        try:
            return lzma.decompress(data, lzma.FORMAT_XZ)
        except lzma.LZMAError as e:
            raise ArchiveError(f"{path}: damaged pack: {e}") from e


def read_file(path: Path) -> bytes:
    """The bytes of a file of the archive.

    Raises:
        ArchiveError: it is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as e:
        raise ArchiveError(f"{path}: missing, though the archive refers to it") from e
    except OSError as e:
        raise ArchiveError(f"{path}: cannot be read: {e.strerror or e}") from e


def pack_name(sidecar: Sidecar) -> str:
    return f"{sidecar.publisher}-{slug(sidecar.indicators)}.xz"


def write_packs(
    folder: Path, snapshots: Iterable[tuple[Sidecar, Sequence[bytes]]]
) -> Mapping[str, Pack]:
    """Write a pack for every series and the index last; the same input gives the same bytes.

    Packs that stood in the folder and have no series any more are removed.

    Raises:
        ArchiveError: a snapshot comes twice, or the folder cannot be written.
    """
    ordered = sorted(snapshots, key=lambda s: (pack_name(s[0]), s[0].order))
    ids = [sidecar.snapshot for sidecar, _ in ordered]
    for first, second in pairwise(ids):
        if first == second:
            raise ArchiveError(f"snapshot {first} comes twice")
    lines: list[bytes] = []
    packs: dict[str, Pack] = {}
    try:
        for name, group in groupby(ordered, key=lambda s: pack_name(s[0])):
            chunks: list[bytes] = []
            offset = 0
            for sidecar, bodies in group:
                lines.append(dump(sidecar, pack=name, offset=offset))
                chunks.extend(bodies)
                offset += sum(map(len, bodies))
            packs[name] = _write_pack(folder / name, b"".join(chunks))
        for stale in sorted(set(folder.glob("*.xz")) - {folder / name for name in packs}):
            stale.unlink()
        atomic_write(folder / INDEX, b"".join([*lines, _closing_line(lines, packs.values())]))
    except OSError as e:
        raise ArchiveError(f"{folder}: cannot write packs: {explain(e)}") from e
    return packs


def _write_pack(path: Path, content: bytes) -> Pack:
    data = lzma.compress(content, lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, filters=_FILTERS)
    atomic_write(path, data)
    return Pack(path.name, digest(data), len(data))


def _closing_line(lines: Sequence[bytes], packs: Iterable[Pack]) -> bytes:
    closing: dict[str, Any] = {
        "lines_sha256": digest(b"".join(lines)),
        "packs": [vars(p) for p in sorted(packs, key=lambda p: p.name)],
    }
    return seal(closing)
