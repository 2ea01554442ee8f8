"""The manifest of an edition: what it was made of, and a hash of all that it holds.

Here it is read, from an edition of this machine or of another. It is written with the edition, in
``edition``; what it says is checked in ``pipeline.editions``.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipeline.ahead import several
from pipeline.errors import ReportError
from pipeline.inputs import EditionInputs
from pipeline.language import ENGLISH

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class FindingEntry:
    """A finding as the manifest names it; ``sha256`` is of all that ``report.json`` says of it."""

    id: str
    figure: str
    sentence: str
    sha256: str


@dataclass(frozen=True)
class Told:
    """What a report says first in one language: its title, and figure and sentence of each finding,
    in reading order."""

    title: str
    findings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ExhibitEntry:
    """An exhibit as the manifest names it; ``sha256`` is of its texts, columns and rows."""

    id: str
    title: str
    sha256: str


@dataclass(frozen=True)
class FileEntry:
    """Size in bytes and hash of a file."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """The manifest of one edition. Findings and exhibits stand in reading order."""

    edition: str
    title: str
    inputs: EditionInputs
    files: Mapping[str, FileEntry]
    exhibits: tuple[ExhibitEntry, ...]
    findings: tuple[FindingEntry, ...]
    translations: Mapping[str, Told] = field(default_factory=dict)
    """What the report says first in other languages, by code."""

    def told(self, language: str) -> Told | None:
        """What the report says first in a language; None where the edition does not have it."""
        if language == ENGLISH.code:
            return Told(self.title, tuple((f.figure, f.sentence) for f in self.findings))
        return self.translations.get(language)


def load_manifest(path: Path) -> Manifest:
    """The manifest in a file.

    Raises:
        ReportError: it cannot be read, or is no manifest of an edition.
    """
    try:
        return _manifest(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror or error}") from error
    except KeyError as error:
        raise ReportError(f"{path}: not a manifest of an edition: {error} is missing") from error
    except (ValueError, TypeError) as error:
        raise ReportError(f"{path}: not a manifest of an edition: {error}") from error


def _manifest(record: Mapping[str, Any]) -> Manifest:
    return Manifest(
        edition=str(record["edition"]),
        title=str(record["title"]),
        inputs=EditionInputs.from_json(record["inputs"]),
        files={str(name): FileEntry(**entry) for name, entry in record["files"].items()},
        exhibits=tuple(ExhibitEntry(**entry) for entry in record.get("exhibits", ())),
        findings=tuple(FindingEntry(**entry) for entry in record.get("findings", ())),
        translations={
            str(code): Told(str(told["title"]), tuple((f, s) for f, s in told["findings"]))
            for code, told in record.get("translations", {}).items()
        },
    )


def hash_files(folder: Path) -> dict[str, FileEntry]:
    """Size and hash of every file of an edition but its manifest, by relative name."""
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p != folder / MANIFEST]
    names = (path.relative_to(folder).as_posix() for path in paths)
    return dict(zip(names, several(hash_file, paths), strict=True))


def hash_file(path: Path) -> FileEntry:
    """Size and hash of one file."""
    content = path.read_bytes()
    return FileEntry(len(content), hashlib.sha256(content).hexdigest())
