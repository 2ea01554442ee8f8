"""Which editions lie in a folder, and which of them ``latest`` points at; manifests are read only.

Pages that list them are ``editions_index``'s.
"""

import re
from pathlib import Path
from typing import Final

from pipeline.errors import ReportError
from pipeline.report.manifest import MANIFEST, Manifest, load_manifest

LATEST: Final = "latest"
_OWN: Final = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}")
_ANY: Final = re.compile(r"\d{4}-\d{2}-\d{2}-(?:[a-z][a-z0-9_]*-)?[0-9a-f]{8}")
"""Names of editions: of the project's own bloc, and of whatever bloc."""


def editions(editions_dir: Path, *, of_any_bloc: bool = False) -> tuple[Manifest, ...]:
    """Manifests of all whole editions of the folder, the newest as-of date first.

    Args:
        editions_dir: the folder; without one there are none.
        of_any_bloc: also those on other blocs, which ``latest``, page and feed leave out.

    Raises:
        ReportError: a manifest cannot be read, or is that of another edition.
    """
    if not editions_dir.is_dir():
        return ()
    name = _ANY if of_any_bloc else _OWN
    found = [
        _manifest_of(folder)
        for folder in editions_dir.iterdir()
        if name.fullmatch(folder.name) and (folder / MANIFEST).is_file()
    ]
    return tuple(sorted(found, key=lambda m: (m.inputs.as_of, m.edition), reverse=True))


def _manifest_of(folder: Path) -> Manifest:
    manifest = load_manifest(folder / MANIFEST)
    if manifest.edition != folder.name:
        raise ReportError(f"{folder / MANIFEST}: is that of edition {manifest.edition}")
    return manifest


def latest(editions_dir: Path) -> str | None:
    """Id of the edition that ``latest`` points at."""
    pointer = editions_dir / LATEST
    return pointer.readlink().name if pointer.is_symlink() else None
