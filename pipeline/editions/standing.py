"""Editions that are there: finding one, and knowing when nothing needs to be made anew.

An edition is a function of its inputs, so that one of the same inputs, whole on the disk, is the
edition wanted. Nothing is built and no body is read to know that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pipeline.errors import ReportError, SettingsError, WarehouseError
from pipeline.inputs import EditionInputs
from pipeline.report.editions_list import LATEST, editions
from pipeline.report.manifest import MANIFEST, FileEntry, Manifest, hash_files, load_manifest
from pipeline.warehouse.store import connect_read_only, reporting


@dataclass(frozen=True)
class Edition:
    """An edition on the disk. ``folder`` is None where only its manifest is at hand."""

    manifest: Manifest
    path: Path
    """Of the manifest."""
    folder: Path | None

    @classmethod
    def at(cls, folder: Path) -> Self:
        """The edition of a folder.

        Raises:
            ReportError: its manifest cannot be read.
        """
        path = folder / MANIFEST
        return cls(load_manifest(path), path, folder)


def find_edition(name: str, editions_dir: Path) -> Edition:
    """The edition of an id, a folder, or a file with its manifest; ``latest`` is the newest.

    Raises:
        SettingsError: there is none of this name.
        ReportError: its manifest cannot be read.
    """
    for folder in (editions_dir / name, Path(name)):
        if (folder / MANIFEST).is_file():
            return Edition.at(folder.resolve())
    if Path(name).is_file():
        return Edition(load_manifest(Path(name)), Path(name), None)
    known = ", ".join([LATEST, *(m.edition for m in editions(editions_dir)[:3])])
    raise SettingsError(
        f"edition {name!r}: neither an edition of {editions_dir} ({known}, …) nor a folder with a "
        f"{MANIFEST} nor such a file"
    )


@dataclass(frozen=True)
class Tampered:
    """A file that is not as the manifest has it."""

    file: str
    what: str


def tampered(edition: Edition) -> tuple[Tampered, ...]:
    """Re-hash the files of an edition: those changed, missing, or not of it, by name."""
    problems = []
    manifest = edition.manifest
    if manifest.edition != manifest.inputs.edition:
        what = f"its inputs make edition {manifest.inputs.edition}, not {manifest.edition}"
        problems.append(Tampered(MANIFEST, what))
    if edition.folder is not None:
        problems += _misfits(manifest.files, hash_files(edition.folder))
    return tuple(problems)


def _misfits(said: Mapping[str, FileEntry], there: Mapping[str, FileEntry]) -> list[Tampered]:
    found = []
    for name in sorted(said.keys() | there.keys()):
        if name not in there:
            found.append(Tampered(name, "missing"))
        elif name not in said:
            found.append(Tampered(name, "the manifest does not know it"))
        elif said[name] != there[name]:
            what = f"has SHA-256 {there[name].sha256[:12]}…, expected {said[name].sha256[:12]}…"
            found.append(Tampered(name, what))
    return found


def standing(inputs: EditionInputs, editions_dir: Path) -> Edition | None:
    """The edition that these inputs make, if it stands whole among the editions."""
    folder = editions_dir / inputs.edition
    if not (folder / MANIFEST).is_file():
        return None
    try:
        edition = Edition.at(folder)
    except ReportError:
        return None
    same = edition.manifest.inputs == inputs
    return edition if same and not tampered(edition) else None


def is_built_from(warehouse: Path, inputs: EditionInputs) -> bool:
    """Whether the warehouse is there and was built from these inputs."""
    try:
        con = connect_read_only(warehouse)
    except WarehouseError:
        return False
    try:
        with reporting(warehouse, "cannot read the warehouse"):
            built = con.execute(
                "SELECT as_of, since, archive_sha256, catalog_sha256, code_sha256 FROM core.build"
            ).fetchone()
    except WarehouseError:
        # Built before these columns were there.
        return False
    finally:
        con.close()
    wanted = inputs.archive_sha256, inputs.catalog_sha256, inputs.code_sha256
    return built == (inputs.as_of, inputs.since, *wanted)
