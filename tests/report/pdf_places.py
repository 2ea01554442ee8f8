"""What stands where in a PDF: its bookmarks, and how much of each page is white."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf

HEADER_ENDS, FOOTER_BEGINS, PAGE = 60.0, 785.0, 842.0
"""Points from the top of a page."""


class Bookmark(NamedTuple):
    title: str
    level: int
    page: int
    """Counted from 0."""
    top: float
    """Points from the top of the page."""


def bookmarks(made: bytes) -> list[Bookmark]:
    """The bookmarks of a PDF in their order, those of sections on level 0."""
    with pikepdf.open(BytesIO(made)) as document, document.open_outline() as outline:
        number = {page.objgen: at for at, page in enumerate(document.pages)}

        def marked(item: Any, level: int) -> Bookmark:
            target = item.destination
            return Bookmark(item.title, level, number[target[0].objgen], PAGE - float(target[3]))

        return [
            marked(item, level)
            for section in outline.root
            for level, item in ((0, section), *((1, child) for child in section.children))
        ]


def white_of_pages(made: bytes, folder: Path) -> list[float] | None:
    """The tallest white between two lines of each page or below them, as part of its room; None
    where the machine has no ``pdftotext``."""
    if shutil.which("pdftotext") is None:
        return None
    source = folder / "report.pdf"
    source.write_bytes(made)
    run = subprocess.run(["pdftotext", "-bbox", str(source), "-"], capture_output=True, check=True)
    white = []
    for page in run.stdout.decode().split("<page ")[1:]:
        words = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', page)
        lines = sorted((float(top), float(end)) for top, end in words)
        reached, tallest = HEADER_ENDS, 0.0
        for top, end in [
            *(line for line in lines if line[0] < FOOTER_BEGINS),
            (FOOTER_BEGINS,) * 2,
        ]:
            tallest = max(tallest, top - reached)
            reached = max(reached, end)
        white.append(tallest / (FOOTER_BEGINS - HEADER_ENDS))
    return white


def check_pages(made: bytes, folder: Path) -> None:
    """Nothing stands before the heading of its section, and no page that ends within a section is
    a third white."""
    places = bookmarks(made)
    assert len(places) > 60
    assert places == sorted(places, key=lambda place: (place.page, place.top))
    opened = {place.page for place in places if place.level == 0 and place.top < HEADER_ENDS + 12}
    white = white_of_pages(made, folder)
    if white is not None:
        sparse = {at + 1 for at, part in enumerate(white[:-1]) if part > 1 / 3}
        assert sparse - opened == set()
