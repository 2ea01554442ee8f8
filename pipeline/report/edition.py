"""An edition: a folder with everything one report consists of, whole or not there, never changed.

Here are its name, which follows from what went into it, and the writing of it. What its files say
is made by ``html``, ``pdf`` and ``files``; the figures come from the warehouse.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from pipeline.errors import ReportError
from pipeline.ingest.files import explain, fsync_folder
from pipeline.report.content import Report
from pipeline.report.editions_index import point_to_latest
from pipeline.report.files import exhibit_csv, exhibit_svg, licences, write_tables
from pipeline.report.fonts import Faces, prepare_fonts
from pipeline.report.html import render_html
from pipeline.report.pdf import render_pdf
from pipeline.settings import PROJECT_ROOT, settings
from pipeline.warehouse.sqlfiles import all_tables
from pipeline.warehouse.store import connect_read_only, reporting

MANIFEST: Final = "manifest.json"
LOCK_FILE: Final = "requirements.lock"
_CODE: Final = (
    "pipeline/**/*.py",
    "sql/**/*.sql",
    "expectations/**/*",
    "reports/templates/**/*",
    "reports/wording/**/*",
)
_LOCK_TIMEOUT_S: Final = 60.0
_UNFINISHED: Final = ".tmp-"


@dataclass(frozen=True)
class EditionInputs:
    """What an edition is a function of. ``snapshots``: hash of the bytes by snapshot id;
    ``remarks``: what a reader is warned of that does not follow from the rest."""

    as_of: date
    snapshots: Mapping[str, str]
    catalog_sha256: str
    code_sha256: str
    lock_sha256: str
    remarks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "as_of": self.as_of.isoformat(),
            "catalog_sha256": self.catalog_sha256,
            "code_sha256": self.code_sha256,
            "lock_sha256": self.lock_sha256,
            "remarks": list(self.remarks),
            "snapshots": dict(sorted(self.snapshots.items())),
        }

    @property
    def sha256(self) -> str:
        """Hash of all of it: the same inputs, the same hash."""
        return hashlib.sha256(_json(self.as_json())).hexdigest()

    @property
    def edition(self) -> str:
        """Id of the edition that these inputs make."""
        return edition_id(self.as_of, self.sha256)


def edition_id(as_of: date, inputs_hash: str) -> str:
    """ "2026-05-01-1a2b3c4d": the as-of date and the first eight digits of the inputs' hash."""
    return f"{as_of.isoformat()}-{inputs_hash[:8]}"


def code_hash(root: Path = PROJECT_ROOT) -> str:
    """Hash of everything that decides what is computed and said: code, SQL, templates, wording."""
    digest = hashlib.sha256()
    found = {path for pattern in _CODE for path in root.glob(pattern) if path.is_file()}
    for path in sorted(found, key=lambda p: p.relative_to(root).as_posix()):
        inside = path.relative_to(root)
        if "__pycache__" in inside.parts or path.name.startswith("."):
            continue
        content = path.read_bytes()
        digest.update(f"{inside.as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def edition_inputs(
    warehouse: Path, *, remarks: tuple[str, ...] = (), root: Path = PROJECT_ROOT
) -> EditionInputs:
    """The inputs of an edition made from ``warehouse`` by the code under ``root``.

    Raises:
        WarehouseError: the warehouse cannot be read.
        ReportError: the lock file is missing.
    """
    con = connect_read_only(warehouse)
    try:
        with reporting(warehouse, "cannot read the warehouse"):
            built = con.execute("SELECT as_of, catalog_sha256 FROM core.build").fetchone()
            snapshots = con.execute(
                "SELECT DISTINCT snapshot, sha256 FROM core.snapshots, core.build "
                "WHERE vintage <= as_of ORDER BY snapshot"
            ).fetchall()
    finally:
        con.close()
    if built is None:
        raise ReportError(f"{warehouse}: core.build is empty; run `sco report` to build it anew")
    lock = root / LOCK_FILE
    if not lock.is_file():
        raise ReportError(f"{lock}: the lock file is missing; it is part of what an edition names")
    return EditionInputs(
        as_of=built[0],
        snapshots=dict(snapshots),
        catalog_sha256=built[1],
        code_sha256=code_hash(root),
        lock_sha256=hashlib.sha256(lock.read_bytes()).hexdigest(),
        remarks=remarks,
    )


def write_edition(
    report: Report,
    *,
    inputs: EditionInputs,
    warehouse: Path,
    validation_html: str,
    validation_json: str,
    editions_dir: Path,
    sql_dir: Path | None = None,
    faces: Faces | None = None,
) -> Path:
    """Write the edition as ``editions_dir/<id>`` and point ``latest`` and the index at it.

    Everything is made in a folder beside and renamed once. An edition that is already there is
    never touched: it must hold the same bytes, otherwise an error says what differs.

    Returns:
        The folder of the edition.

    Raises:
        ReportError: the folder cannot be written, the disk is full, the report is of another
            edition than the inputs make, or an edition of this id holds something else.
        WarehouseError: the tables cannot be exported.
    """
    if report.edition != inputs.edition:
        raise ReportError(f"the report is of edition {report.edition}, the inputs {inputs.edition}")
    target = editions_dir / report.edition
    fonts = faces or prepare_fonts(settings().cache_dir)
    with _disk(editions_dir), _alone(editions_dir):
        work = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=editions_dir))
        try:
            # Made private by mkdtemp; an edition is for everyone who may read the folder.
            work.chmod(0o755)
            _write_pages(report, work, fonts, validation_html, validation_json)
            (work / "data").mkdir()
            write_tables(warehouse, work / "data", all_tables(sql_dir or settings().sql_dir))
            _write_manifest(report, inputs, work)
            if target.exists():
                _check_same(target, work)
            else:
                _flush(work)
                work.rename(target)
                fsync_folder(editions_dir)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        point_to_latest(editions_dir, target.name)
    return target


def _write_pages(
    report: Report, folder: Path, faces: Faces, validation_html: str, validation_json: str
) -> None:
    pages = {
        "report.html": render_html(report, faces=faces),
        "validation.html": validation_html,
        "validation.json": validation_json,
        "LICENCES.txt": licences(report, faces),
    }
    exhibits = folder / "exhibits"
    exhibits.mkdir()
    for exhibit in report.exhibits():
        pages[f"exhibits/{exhibit.id}.csv"] = exhibit_csv(exhibit.table)
        picture = exhibit_svg(exhibit, faces)
        if picture is not None:
            pages[f"exhibits/{exhibit.id}.svg"] = picture
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8", newline="")
    (folder / "report.pdf").write_bytes(render_pdf(report, faces=faces))


def _write_manifest(report: Report, inputs: EditionInputs, folder: Path) -> None:
    manifest = {
        "edition": report.edition,
        "files": _hashes(folder),
        "inputs": inputs.as_json(),
        "title": report.title,
    }
    (folder / MANIFEST).write_bytes(_json(manifest))


def _json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8")


def _hashes(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and hash of every file but the manifest, by name relative to the edition."""
    return {
        path.relative_to(folder).as_posix(): {
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }


def _check_same(target: Path, work: Path) -> None:
    """The edition that is there and the one just made must agree file by file."""
    there, made = _hashes(target), _hashes(work)
    differing = sorted(
        name for name in there.keys() | made.keys() if there.get(name) != made.get(name)
    )
    if differing:
        shown = ", ".join(differing[:5]) + (" and more" if len(differing) > 5 else "")
        raise ReportError(
            f"{target}: this edition is there already and differs in {shown}; editions are never "
            "rewritten: move it away to have it made again"
        )


def _flush(folder: Path) -> None:
    """Have every file and folder on the disk before the rename makes them visible."""
    for path in sorted(folder.rglob("*")):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    fsync_folder(folder)


@contextmanager
def _disk(editions_dir: Path) -> Iterator[None]:
    """Say in one sentence what the disk complains about."""
    try:
        editions_dir.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise ReportError(f"{editions_dir}: cannot write the edition: {explain(error)}") from error


@contextmanager
def _alone(editions_dir: Path) -> Iterator[None]:
    """One writer at a time; what a killed one left unfinished is removed."""
    lock = FileLock(editions_dir / ".lock", timeout=_LOCK_TIMEOUT_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise ReportError(
            f"{editions_dir}: another run is writing an edition; try again when it has finished"
        ) from error
    try:
        for left in sorted(editions_dir.glob(_UNFINISHED + "*")):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()
