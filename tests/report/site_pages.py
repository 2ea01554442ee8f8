"""Reading a site: its files, and what its pages link to and load, with nothing but the parser."""

import posixpath
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

Attributes = dict[str, str]
WriteSite = Callable[..., Path]
"""What the fixture ``make_site`` gives: writes the site of some reports, and gives its folder."""


class ReadPage(HTMLParser):
    """Every element of a page with its attributes, and its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    handle_startendtag = handle_starttag

    def of(self, tag: str) -> Iterator[Attributes]:
        return (attributes for name, attributes in self.elements if name == tag)

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Tag and address of all that links or loads."""
        return [
            (tag, attributes[name])
            for tag, attributes in self.elements
            for name in ("href", "src", "srcset", "data", "action", "poster")
            if name in attributes and tag != "use"
        ]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def read_site(folder: Path) -> dict[str, ReadPage]:
    """Every page below a folder by its path."""
    return {
        path.relative_to(folder).as_posix(): ReadPage(path.read_text("utf-8"))
        for path in sorted(folder.rglob("*.html"))
    }


def lost(folder: Path, pages: dict[str, ReadPage]) -> list[str]:
    """Links that lead to no file of the folder or to no anchor of their page."""
    found = []
    for here, page in pages.items():
        for _, address in page.addresses:
            if address.startswith(("https://", "http://")):
                continue
            path, _, anchor = address.partition("#")
            there = posixpath.normpath(posixpath.join(posixpath.dirname(here), path))
            target = there if path else here
            missing = target.startswith("..") or not (folder / target).is_file()
            if missing or (anchor and anchor not in pages[target].ids):
                found.append(f"{here}: {address}")
    return found
