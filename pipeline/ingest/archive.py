"""The archive: every body a publisher gave us, content-addressed and never rewritten.

Here is how snapshots are found, read, added and verified, in one writable folder of loose objects
and any number of read-only folders (the bundled archive). What the bytes mean is the readers'
affair; how they are fetched is the connectors'. A writer's only visible act is the last one: the
rename of the sidecar, after all its bodies are on disk.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from pipeline.errors import ArchiveError
from pipeline.ingest.files import atomic_write, explain, make_folder
from pipeline.ingest.packs import Packed, PackFolder, read_file
from pipeline.ingest.sidecar import Sidecar, SidecarDraft, digest, dump, load
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.ingest.verify import VerifyResult

LOCK_TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Root:
    """One folder of the archive: loose objects with their sidecars, and packs."""

    folder: Path
    packs: PackFolder

    @classmethod
    def at(cls, folder: Path) -> Self:
        return cls(folder, PackFolder(folder / "packs"))

    def object_path(self, sha256: str) -> Path:
        return self.folder / "objects" / sha256[:2] / sha256

    def sidecar_path(self, snapshot: str) -> Path:
        return self.folder / "sidecars" / f"{snapshot}.json"

    @property
    def unfinished(self) -> Path:
        """What the one writer is writing, until it is whole: a killed one leaves no more."""
        return self.folder / ".unfinished"

    def sidecar_paths(self) -> tuple[Path, ...]:
        """Files of all loose sidecars, sorted; unfinished ones have another ending."""
        return tuple(sorted((self.folder / "sidecars").rglob("*.json")))

    def load_sidecar(self, path: Path) -> Sidecar:
        """A loose sidecar from disk.

        Raises:
            ArchiveError: malformed, damaged, or not where its name belongs.
        """
        sidecar, _ = load(read_file(path), str(path))
        if self.sidecar_path(sidecar.snapshot) != path:
            raise ArchiveError(
                f"{path}: holds snapshot {sidecar.snapshot}, which belongs elsewhere"
            )
        return sidecar


@dataclass(frozen=True)
class Place:
    """Where a snapshot stands: in a pack of a root, or loose in it."""

    root: Root
    sidecar: Sidecar
    packed: Packed | None = None

    @property
    def pack_path(self) -> Path | None:
        return self.root.packs.folder / self.packed.pack if self.packed else None

    def file_of(self, sha256: str) -> Path:
        """The file that holds a part."""
        return self.pack_path or self.root.object_path(sha256)

    def files(self) -> list[tuple[Path, str]]:
        """The files that hold it, each with its digest."""
        if self.packed:
            pack = self.root.packs.packs[self.packed.pack]
            return [(self.root.packs.folder / pack.name, pack.sha256)]
        return [(self.file_of(part.sha256), part.sha256) for part in self.sidecar.parts]


class Archive:
    """Snapshots in one writable folder (or none) and read-only folders beside it."""

    def __init__(self, writable: Path | None, *read_only: Path) -> None:
        self.writable = Root.at(writable) if writable is not None else None
        self.roots = tuple(Root.at(f) for f in read_only)
        if self.writable is not None:
            self.roots = (*self.roots, self.writable)
        self._loaded: dict[Path, Sidecar] = {}

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The archive of an installation: its own folder and the bundled one."""
        return cls(settings.archive_dir, settings.bundled_dir)

    def snapshots(self) -> tuple[Sidecar, ...]:
        """All sidecars by publisher, indicators, vintage and id.

        Raises:
            ArchiveError: an index or sidecar is damaged.
        """
        return tuple(sorted((p.sidecar for p in self.places().values()), key=lambda s: s.order))

    def find(self, snapshot: str) -> Sidecar:
        """The sidecar of one snapshot id.

        Raises:
            ArchiveError: there is none.
        """
        return self._place(self.places(), snapshot).sidecar

    def newest_vintage(self) -> date:
        """The newest vintage of all: the as-of date when none is given.

        Raises:
            ArchiveError: the archive is empty.
        """
        vintages = [s.vintage for s in self.snapshots()]
        if not vintages:
            folders = ", ".join(str(r.folder) for r in self.roots)
            raise ArchiveError(f"no snapshot in {folders}: import one or refresh")
        return max(vintages)

    def read(self, sidecar: Sidecar) -> tuple[bytes, ...]:
        """The bodies of a snapshot, each checked against its digest.

        Raises:
            ArchiveError: a body is missing or damaged; the message names file and snapshot.
        """
        return next(iter(self.read_many((sidecar,))))[1]

    def read_many(self, sidecars: Iterable[Sidecar]) -> Iterator[tuple[Sidecar, tuple[bytes, ...]]]:
        """Snapshots with their bodies; each pack is opened once, one at a time.

        They come in the order given, but those of one pack, or of one body that holds several
        series, together at the place of the first.

        Raises:
            ArchiveError: see ``read``.
        """
        places = self.places()
        together: dict[tuple[Path | None, str], list[Place]] = {}
        for sidecar in sidecars:
            place = self._place(places, sidecar.snapshot)
            key = (place.pack_path, "" if place.packed else sidecar.parts[0].sha256)
            together.setdefault(key, []).append(place)
        for group in together.values():
            unpacked = _unpack(group[0])
            read: dict[str, bytes] = {}
            for place in group:
                yield place.sidecar, _checked_bodies(place, unpacked, read)

    def sound(self, sidecars: Iterable[Sidecar]) -> set[str]:
        """Ids of those snapshots whose bytes are as they were archived; nothing is unpacked.

        Raises:
            ArchiveError: an index or sidecar is damaged, or a snapshot is not in the archive.
        """
        places = self.places()
        files: dict[Path, bool] = {}
        found = set()
        for sidecar in sidecars:
            place = self._place(places, sidecar.snapshot)
            for path, sha256 in place.files():
                if path not in files:
                    files[path] = _holds(path, sha256)
            if all(files[path] for path, _ in place.files()):
                found.add(sidecar.snapshot)
        return found

    def add(self, draft: SidecarDraft, bodies: Sequence[bytes]) -> tuple[Sidecar, bool]:
        """Archive a snapshot; True where it is new.

        Bytes that say the same as the series' newest snapshot up to the draft's vintage add
        nothing: that snapshot is returned and False. Bytes that were superseded and come back
        later are a new snapshot, because the publisher has said them again.

        Raises:
            ArchiveError: the archive is read-only, locked for long, unwritable or the disk full;
                nothing is left behind then.
        """
        sidecar = draft.with_bodies(bodies)
        with self._writing(sidecar.snapshot) as root:
            standing = self._standing(sidecar)
            if standing is not None:
                return standing, False
            self._write(root, sidecar, bodies)
        return sidecar, True

    def adopt(self, sidecar: Sidecar, bodies: Sequence[bytes]) -> bool:
        """Archive a snapshot of another archive exactly as it stands there; True where it is new.

        Unlike ``add`` it keeps the snapshot also where an older one says the same: an edition that
        was made elsewhere names this one.

        Raises:
            ArchiveError: see ``add``; or the bodies are not those that the sidecar announces.
        """
        if [digest(body) for body in bodies] != [part.sha256 for part in sidecar.parts]:
            raise ArchiveError(f"{sidecar.snapshot}: these are not the bodies of this snapshot")
        with self._writing(sidecar.snapshot) as root:
            if sidecar.snapshot in self.places():
                return False
            self._write(root, sidecar, bodies)
        return True

    @contextmanager
    def _writing(self, snapshot: str) -> Iterator[Root]:
        """The writable folder, and nobody else at work in it."""
        if self.writable is None:
            raise ArchiveError(f"{snapshot}: this archive is read-only, nothing was added")
        folder = self.writable.folder
        try:
            make_folder(folder)
            with FileLock(folder / ".lock", timeout=LOCK_TIMEOUT_S):
                yield self.writable
        except Timeout as e:
            raise ArchiveError(
                f"{folder / '.lock'}: another process has been writing for "
                f"{LOCK_TIMEOUT_S:g} seconds"
            ) from e
        except OSError as e:
            raise ArchiveError(f"{folder}: cannot add {snapshot}: {explain(e)}") from e

    def verify(self) -> "VerifyResult":
        """Read every file again from the disk and check every digest; raises nothing for damage."""
        from pipeline.ingest.verify import verify_roots

        return verify_roots(self.roots)

    def places(self) -> Mapping[str, Place]:
        """Where every snapshot stands, by id; a bundled copy comes before a loose one.

        Raises:
            ArchiveError: an index or sidecar is damaged.
        """
        places: dict[str, Place] = {}
        for root in self.roots:
            for snapshot, packed in root.packs.packed.items():
                places.setdefault(snapshot, Place(root, packed.sidecar, packed))
            for path in root.sidecar_paths():
                if path not in self._loaded:
                    self._loaded[path] = root.load_sidecar(path)
                sidecar = self._loaded[path]
                places.setdefault(sidecar.snapshot, Place(root, sidecar))
        return places

    def _place(self, places: Mapping[str, Place], snapshot: str) -> Place:
        if snapshot not in places:
            raise ArchiveError(f"no snapshot {snapshot!r} in the archive ({len(places)} there)")
        return places[snapshot]

    def _standing(self, new: Sidecar) -> Sidecar | None:
        """The snapshot that says the same and stood when ``new`` was published, if any."""
        held = (place.sidecar for place in self.places().values())
        earlier = [s for s in held if s.series == new.series and s.vintage <= new.vintage]
        earlier.sort(key=lambda s: s.order)
        newest = max((s.vintage for s in earlier), default=None)
        return next((s for s in earlier if s.vintage == newest and s.content == new.content), None)

    def _write(self, root: Root, sidecar: Sidecar, bodies: Sequence[bytes]) -> None:
        """Write the bodies, then the sidecar; on any failure take back what was written."""
        written: list[Path] = []
        try:
            for part, body in zip(sidecar.parts, bodies, strict=True):
                path = root.object_path(part.sha256)
                if not path.exists():
                    written.append(path)
                if not _holds(path, part.sha256):
                    atomic_write(path, body, root.unfinished)
            path = root.sidecar_path(sidecar.snapshot)
            written.append(path)
            atomic_write(path, dump(sidecar), root.unfinished)
        except BaseException:
            for path in written:
                path.unlink(missing_ok=True)
            raise


class Selection(Archive):
    """Some snapshots of an archive, read-only: as if no others had ever been published."""

    def __init__(self, archive: Archive, snapshots: Iterable[str]) -> None:
        super().__init__(None)
        self.roots, self._loaded = archive.roots, archive._loaded
        self._chosen = frozenset(snapshots)

    def places(self) -> Mapping[str, Place]:
        return {name: p for name, p in super().places().items() if name in self._chosen}


def _holds(path: Path, sha256: str) -> bool:
    """Whether an object is there undamaged; a damaged one is replaced by the right bytes."""
    return path.is_file() and digest(path.read_bytes()) == sha256


def _unpack(place: Place) -> bytes:
    """The unpacked pack of a packed snapshot, nothing for a loose one."""
    if place.packed is None:
        return b""
    try:
        return place.root.packs.unpack(place.packed.pack)
    except ArchiveError as e:
        raise ArchiveError(f"{e} (wanted for snapshot {place.sidecar.snapshot})") from e


def _checked_bodies(place: Place, unpacked: bytes, read: dict[str, bytes]) -> tuple[bytes, ...]:
    """The bodies of a snapshot, each against its digest; ``read`` has those that were, and takes
    what is read now, so that a body of many series is read once."""
    if place.packed:
        bodies = place.packed.cut(unpacked)
        for number, body in enumerate(bodies):
            _check_body(place, number, body)
        return bodies
    for number, part in enumerate(place.sidecar.parts):
        if part.sha256 not in read:
            body = _loose_body(place, part.sha256)
            _check_body(place, number, body)
            read[part.sha256] = body
    return tuple(read[part.sha256] for part in place.sidecar.parts)


def _loose_body(place: Place, sha256: str) -> bytes:
    try:
        return read_file(place.file_of(sha256))
    except ArchiveError as e:
        raise ArchiveError(f"{e} (snapshot {place.sidecar.snapshot})") from e


def _check_body(place: Place, number: int, body: bytes) -> None:
    part = place.sidecar.parts[number]
    if digest(body) != part.sha256:
        raise ArchiveError(
            f"{place.file_of(part.sha256)}: damaged: part {number + 1} of snapshot "
            f"{place.sidecar.snapshot} has {len(body)} bytes with SHA-256 {digest(body)[:12]}…, "
            f"expected {part.size} with {part.sha256[:12]}…"
        )
