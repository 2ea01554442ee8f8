"""The lists of all editions, one a language, and the pointer to the newest: the way in.

What an edition holds is none of its business; it reads their manifests only.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.ingest.files import atomic_write
from pipeline.language import LANGUAGES, Language
from pipeline.report.editions_list import LATEST, editions, latest
from pipeline.report.feed import atom_feed
from pipeline.report.html import render_small
from pipeline.report.manifest import Manifest, Told
from pipeline.report.site.places import folder_of
from pipeline.report.words import checks_page, file_name, page_words

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
    listed = {
        language: [(m, told) for m in found if (told := m.told(language.code))]
        for language in LANGUAGES.values()
    }
    spoken = [language for language in listed if listed[language]]
    for language in listed:
        index, feed = (editions_dir / name for name in _files(language))
        if language in spoken:
            page = _page(listed[language], language, spoken, pointed, editions_dir)
            title = page_words(language.code)["editions"]
            _write(index, page.encode("utf-8"))
            _write(feed, atom_feed(title, listed[language], language))
        else:
            # The last edition of this language may have been taken away.
            index.unlink(missing_ok=True)
            feed.unlink(missing_ok=True)


def _files(language: Language) -> tuple[str, str]:
    """What the list and its feed are called in a language."""
    return file_name("html", language.code, "index"), file_name("xml", language.code, "feed")


def _page(
    editions: Sequence[tuple[Manifest, Told]],
    language: Language,
    spoken: Sequence[Language],
    newest: str | None,
    editions_dir: Path,
) -> str:
    """The list of the editions that there are in a language."""
    code = language.code
    others = [other for other in spoken if other is not language]
    return render_small(
        "editions.html.j2",
        language,
        others=[other.code for other in others],
        editions=editions,
        latest=newest,
        feed=_files(language)[1],
        page_in=[(other, _files(other)[0]) for other in others],
        report=file_name("html", code),
        pdf=file_name("pdf", code),
        checks=checks_page(code),
        site=f"site/{folder_of(code)}index.html",
        sources=SOURCES if (editions_dir / SOURCES).is_file() else "",
    )


def _write(path: Path, content: bytes) -> None:
    """Write what has changed only: who watches the folder is not woken for nothing."""
    if not path.is_file() or path.read_bytes() != content:
        atomic_write(path, content)
