"""Verification: every byte of the archive against the digests that vouch for it.

Every file is vouched for by something else than itself: objects by their names and sidecars, packs
by the index, sidecars and index by their seals. Here they are all read anew, in threads (hashing
and unpacking let go of the interpreter), and every misfit becomes a problem, never an exception.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pipeline.errors import ArchiveError
from pipeline.ingest.archive import Root
from pipeline.ingest.packs import Pack, Packed, PackFolder, read_file
from pipeline.ingest.sidecar import Sidecar, digest

THREADS = 2


@dataclass(frozen=True, order=True)
class Problem:
    """Something that is not as it was archived."""

    file: str
    snapshot: str
    """The snapshot that suffers; "" where no single one can be named."""
    what: str

    @classmethod
    def of(cls, path: Path, snapshot: str, what: object) -> Self:
        """A problem of a file; its name is not repeated in what is wrong with it."""
        return cls(str(path), snapshot, str(what).removeprefix(f"{path}: "))


@dataclass(frozen=True)
class VerifyResult:
    """What a verification read, and what it found."""

    snapshots: int
    files: int
    bytes: int
    """Of all bodies, unpacked."""
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        return not self.problems


def verify_roots(roots: Iterable[Root]) -> VerifyResult:
    """Re-hash everything in the folders of an archive."""
    checks: list[Callable[[], VerifyResult]] = []
    for root in roots:
        checks.extend(_checks_of_packs(root.packs))
        checks.extend(_checks_of_loose(root))
    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(lambda check: check(), checks))
    return VerifyResult(
        snapshots=sum(r.snapshots for r in results),
        files=sum(r.files for r in results),
        bytes=sum(r.bytes for r in results),
        problems=tuple(sorted(p for r in results for p in r.problems)),
    )


def _checks_of_packs(folder: PackFolder) -> list[Callable[[], VerifyResult]]:
    """One check for the index, one a pack, one for files that nothing vouches for."""
    on_disk = sorted(folder.folder.glob("*.xz"))
    try:
        packs, packed = folder.load_index()
    except ArchiveError as e:
        found = VerifyResult(0, 1, 0, (Problem.of(folder.index_path, "", e),))
        return [lambda: found]
    strangers = tuple(
        Problem.of(path, "", "no line of the index vouches for this pack")
        for path in on_disk
        if path.name not in packs
    )
    index = VerifyResult(0, int(folder.index_path.is_file()), 0, strangers)

    def check(pack: Pack) -> Callable[[], VerifyResult]:
        inside = [p for p in packed.values() if p.pack == pack.name]
        return lambda: _check_pack(folder, pack, inside)

    return [lambda: index, *(check(pack) for pack in packs.values())]


def _check_pack(folder: PackFolder, pack: Pack, inside: Sequence[Packed]) -> VerifyResult:
    path = folder.folder / pack.name
    problems: list[Problem] = []
    unpacked = b""
    try:
        data = read_file(path)
        if digest(data) != pack.sha256:
            what = "damaged or truncated: its SHA-256 is not the one in the index"
            problems.append(Problem.of(path, "", what))
        unpacked = folder.unpack(pack.name)
    except ArchiveError as e:
        problems.append(Problem.of(path, "", e))
    size = 0
    for packed in inside:
        bodies = packed.cut(unpacked)
        size += sum(map(len, bodies))
        problems.extend(_check_parts(path, packed.sidecar, bodies))
    return VerifyResult(len(inside), 1, size, tuple(problems))


def _check_parts(path: Path, sidecar: Sidecar, bodies: Sequence[bytes]) -> Iterable[Problem]:
    for number, (part, body) in enumerate(zip(sidecar.parts, bodies, strict=True), 1):
        if digest(body) != part.sha256:
            what = f"part {number} of snapshot {sidecar.snapshot} is damaged or missing"
            yield Problem.of(path, sidecar.snapshot, what)


def _checks_of_loose(root: Root) -> list[Callable[[], VerifyResult]]:
    """One check for all sidecars and one an object, referred to or not."""
    users: dict[str, list[str]] = {}
    problems: list[Problem] = []
    paths = root.sidecar_paths()
    for path in paths:
        try:
            sidecar = root.load_sidecar(path)
        except ArchiveError as e:
            problems.append(Problem.of(path, _snapshot_by_name(root, path), e))
            continue
        for part in sidecar.parts:
            users.setdefault(part.sha256, []).append(sidecar.snapshot)
    sidecars = VerifyResult(len(paths), len(paths), 0, tuple(problems))
    names = {p.name for p in (root.folder / "objects").glob("*/*") if p.name[0] != "."}

    def check(name: str) -> Callable[[], VerifyResult]:
        return lambda: _check_object(root.object_path(name), users.get(name, [""]))

    return [lambda: sidecars, *(check(name) for name in sorted(names | set(users)))]


def _check_object(path: Path, users: Sequence[str]) -> VerifyResult:
    try:
        data = read_file(path)
    except ArchiveError as e:
        return VerifyResult(0, 1, 0, tuple(Problem.of(path, user, e) for user in users))
    if digest(data) == path.name:
        return VerifyResult(0, 1, len(data), ())
    what = "damaged: its SHA-256 is not its name"
    return VerifyResult(0, 1, len(data), tuple(Problem.of(path, u, what) for u in users))


def _snapshot_by_name(root: Root, path: Path) -> str:
    return str(path.relative_to(root.folder / "sidecars").with_suffix("").as_posix())
