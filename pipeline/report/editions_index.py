"""The list of all editions and the pointer to the newest: the way into the editions folder.

What an edition holds is none of its business; it reads their manifests only.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pipeline.errors import ReportError
from pipeline.ingest.files import atomic_write
from pipeline.report.html import render_page
from pipeline.report.words import page_words

LATEST: Final = "latest"
INDEX: Final = "index.html"
_NAME: Final = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Entry:
    """An edition as the list shows it."""

    id: str
    title: str
    as_of: date


def editions(editions_dir: Path) -> tuple[Entry, ...]:
    """All whole editions of the folder, the newest as-of date first.

    Raises:
        ReportError: a manifest cannot be read.
    """
    found = [
        _entry(folder)
        for folder in editions_dir.iterdir()
        if _NAME.fullmatch(folder.name) and (folder / "manifest.json").is_file()
    ]
    return tuple(sorted(found, key=lambda entry: (entry.as_of, entry.id), reverse=True))


def _entry(folder: Path) -> Entry:
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text("utf-8"))
        as_of = date.fromisoformat(manifest["inputs"]["as_of"])
        return Entry(folder.name, str(manifest["title"]), as_of)
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(f"{path}: not a manifest of an edition: {error}") from error


def latest(editions_dir: Path) -> str | None:
    """Id of the edition that ``latest`` points at."""
    pointer = editions_dir / LATEST
    return pointer.readlink().name if pointer.is_symlink() else None


def point_to_latest(editions_dir: Path, just_made: str) -> None:
    """Point ``latest`` at the edition just made, unless one of a later date is there; list all.

    Raises:
        OSError: the disk refuses.
    """
    found = editions(editions_dir)
    newest = {entry.id for entry in found if entry.as_of == found[0].as_of}
    pointed = latest(editions_dir)
    if just_made in newest or pointed not in newest:
        pointed = just_made if just_made in newest else found[0].id
        unfinished = editions_dir / f".{LATEST}.tmp"
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(pointed, target_is_directory=True)
        unfinished.replace(editions_dir / LATEST)
    atomic_write(editions_dir / INDEX, _page(found, pointed).encode("utf-8"))


def _page(found: Sequence[Entry], pointed: str | None) -> str:
    words = page_words("en")
    return render_page("editions.html.j2", editions=found, latest=pointed, words=words)
