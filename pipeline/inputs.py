"""What an edition is a function of: dates, snapshots, catalogue, code, lock file, remarks.

Here they are named and hashed, from the archive before anything is built. What is made of them is
the work of the rooms to the right of the archive; nothing here knows a warehouse or a report.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from pipeline.catalog.entry import PROJECT_BLOC
from pipeline.errors import ReportError
from pipeline.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from pipeline.catalog.models import Catalog
    from pipeline.ingest.archive import Archive
    from pipeline.ingest.sidecar import Sidecar

LOCK_FILE: Final = "requirements.lock"
_CODE: Final = (
    "pipeline/**/*.py",
    "sql/**/*.sql",
    "expectations/**/*",
    "reports/templates/**/*",
    "reports/wording/**/*",
)
_READERS: Final = ("pipeline/ingest/*.py", "pipeline/observations.py", LOCK_FILE)


@dataclass(frozen=True)
class EditionInputs:
    """What an edition is a function of. ``snapshots``: hash of the bytes by snapshot id;
    ``archive_sha256``: of their sidecars, which say more than the bytes; ``remarks``: what a reader
    is warned of that does not follow from the rest; ``since``: the day that it says what
    changed since, None: a year before; ``languages``: of the report beside English, by code;
    ``site_address``: where its site will stand, empty: not known."""

    as_of: date
    snapshots: Mapping[str, str]
    archive_sha256: str
    catalog_sha256: str
    code_sha256: str
    lock_sha256: str
    remarks: tuple[str, ...] = ()
    bloc: str = PROJECT_BLOC
    since: date | None = None
    languages: tuple[str, ...] = ()
    site_address: str = ""

    def as_json(self) -> dict[str, Any]:
        # What is as it always was is left out: the ids of such editions stay what they are.
        other: dict[str, Any] = {} if self.bloc == PROJECT_BLOC else {"bloc": self.bloc}
        if self.languages:
            other["languages"] = list(self.languages)
        if self.site_address:
            other["site_address"] = self.site_address
        if self.since is not None:
            other["since"] = self.since.isoformat()
        return other | {
            "archive_sha256": self.archive_sha256,
            "as_of": self.as_of.isoformat(),
            "catalog_sha256": self.catalog_sha256,
            "code_sha256": self.code_sha256,
            "lock_sha256": self.lock_sha256,
            "remarks": list(self.remarks),
            "snapshots": dict(sorted(self.snapshots.items())),
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """What ``as_json`` gave.

        Raises:
            KeyError, TypeError, ValueError: it is not of that shape.
        """
        return cls(
            as_of=date.fromisoformat(record["as_of"]),
            snapshots={str(k): str(v) for k, v in dict(record["snapshots"]).items()},
            archive_sha256=str(record["archive_sha256"]),
            catalog_sha256=str(record["catalog_sha256"]),
            code_sha256=str(record["code_sha256"]),
            lock_sha256=str(record["lock_sha256"]),
            remarks=tuple(str(remark) for remark in record["remarks"]),
            bloc=str(record.get("bloc", PROJECT_BLOC)),
            since=date.fromisoformat(record["since"]) if "since" in record else None,
            languages=tuple(str(code) for code in record.get("languages", ())),
            site_address=str(record.get("site_address", "")),
        )

    @property
    def sha256(self) -> str:
        """Hash of all of it: the same inputs, the same hash."""
        return hashlib.sha256(as_bytes(self.as_json())).hexdigest()

    @property
    def edition(self) -> str:
        """Id of the edition that these inputs make."""
        return edition_id(self.as_of, self.sha256, self.bloc)


def edition_id(as_of: date, inputs_hash: str, bloc: str = PROJECT_BLOC) -> str:
    """ "2026-05-01-1a2b3c4d": the as-of date and the first eight digits of the inputs' hash.

    That of another bloc names it: "2026-05-01-brics-1a2b3c4d".
    """
    other = "" if bloc == PROJECT_BLOC else f"{bloc}-"
    return f"{as_of.isoformat()}-{other}{inputs_hash[:8]}"


def inputs_of(
    archive: "Archive",
    catalog: "Catalog",
    as_of: date,
    *,
    remarks: tuple[str, ...] = (),
    root: Path = PROJECT_ROOT,
    bloc: str = PROJECT_BLOC,
    since: date | None = None,
    languages: tuple[str, ...] = (),
    site_address: str = "",
) -> EditionInputs:
    """The inputs of the edition as of a date; no body is read.

    Raises:
        ArchiveError: the archive's index is damaged.
        ReportError: the lock file is missing.
    """
    published = [s for s in archive.snapshots() if s.vintage <= as_of]
    return EditionInputs(
        as_of=as_of,
        snapshots={s.snapshot: body_hashes(s) for s in published},
        archive_sha256=archive_hash(published),
        catalog_sha256=catalog.sha256,
        code_sha256=code_hash(root),
        lock_sha256=lock_hash(root),
        remarks=remarks,
        bloc=bloc,
        since=since,
        languages=languages,
        site_address=site_address,
    )


def body_hashes(sidecar: "Sidecar") -> str:
    """Hash of the archived bytes, as ``core.snapshots`` has it; several are joined by a space."""
    return " ".join(part.sha256 for part in sidecar.parts)


def archive_hash(sidecars: Iterable["Sidecar"]) -> str:
    """One hash of all that some sidecars say, the hashes of their bodies among it."""
    digest = hashlib.sha256()
    for sidecar in sorted(sidecars, key=lambda s: s.snapshot):
        digest.update(as_bytes(sidecar.model_dump(mode="json")))
    return digest.hexdigest()


def code_hash(root: Path = PROJECT_ROOT) -> str:
    """Hash of everything that decides what is computed and said: code, SQL, templates, wording.

    It stands for the revision of the code, and says more: a changed file that nobody has committed
    changes it, and a commit that touches none of these files does not. That of the project itself
    is taken once a process, since that is when its code was loaded.
    """
    return _running_code() if root == PROJECT_ROOT else _hash_code(root)


@lru_cache(maxsize=1)
def _running_code() -> str:
    return _hash_code(PROJECT_ROOT)


@lru_cache(maxsize=1)
def readers_hash() -> str:
    """Hash of what decides how archived bytes are read: the readers' code and the libraries."""
    return _hash_code(PROJECT_ROOT, _READERS)


def _hash_code(root: Path, patterns: Iterable[str] = _CODE) -> str:
    digest = hashlib.sha256()
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    for path in sorted(found, key=lambda p: p.relative_to(root).as_posix()):
        inside = path.relative_to(root)
        if "__pycache__" in inside.parts or path.name.startswith("."):
            continue
        content = path.read_bytes()
        digest.update(f"{inside.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def lock_hash(root: Path = PROJECT_ROOT) -> str:
    """Hash of the lock file: which versions of the libraries an edition is made with.

    Raises:
        ReportError: it is missing.
    """
    lock = root / LOCK_FILE
    if not lock.is_file():
        raise ReportError(f"{lock}: the lock file is missing; it is part of what an edition names")
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def as_bytes(value: object) -> bytes:
    """JSON with sorted keys, a line a value: one value, one text, and a difference is a line."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return (text + "\n").encode("utf-8")
