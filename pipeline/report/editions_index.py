"""The list of all editions and the pointer to the newest: the way into the editions folder.

What an edition holds is none of its business; it reads their manifests only.
"""

from pathlib import Path
from typing import Final

from pipeline.ingest.files import atomic_write
from pipeline.report.editions_list import LATEST, editions, latest
from pipeline.report.feed import FEED, atom_feed
from pipeline.report.html import render_page
from pipeline.report.words import page_words

INDEX: Final = "index.html"
SOURCES: Final = "sources.html"
"""How the publishers stand, where that was told: of a day, and of no edition."""


def point_to_latest(editions_dir: Path, just_made: str, *, sources: str | None = None) -> None:
    """Point ``latest`` at the edition just made, unless one of a later date is there; list all.

    Args:
        editions_dir: the folder of all.
        just_made: id of an edition of it.
        sources: the page of the publishers to write beside the list; None leaves it as it is.

    Raises:
        OSError: the disk refuses.
    """
    found = editions(editions_dir)
    newest = {m.edition for m in found if m.inputs.as_of == found[0].inputs.as_of}
    pointed = latest(editions_dir)
    if just_made in newest or pointed not in newest:
        pointed = just_made if just_made in newest else found[0].edition
        unfinished = editions_dir / f".{LATEST}.tmp"
        unfinished.unlink(missing_ok=True)
        unfinished.symlink_to(pointed, target_is_directory=True)
        unfinished.replace(editions_dir / LATEST)
    if sources is not None:
        _write(editions_dir / SOURCES, sources.encode("utf-8"))
    words = page_words("en")
    page = render_page(
        "editions.html.j2",
        editions=found,
        latest=pointed,
        words=words,
        sources=SOURCES if (editions_dir / SOURCES).is_file() else "",
    )
    _write(editions_dir / INDEX, page.encode("utf-8"))
    _write(editions_dir / FEED, atom_feed(words["editions"], found[0].title, found))


def _write(path: Path, content: bytes) -> None:
    """Write what has changed only: who watches the folder is not woken for nothing."""
    if not path.is_file() or path.read_bytes() != content:
        atomic_write(path, content)
