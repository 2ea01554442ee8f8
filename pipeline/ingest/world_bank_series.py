"""How pages of the World Bank make a series: all of them, of one state, its grid full.

What belongs here: what holds of a live series and of one of an archived release alike. What was
asked, and what may be missing from it, is said by ``world_bank`` and ``world_bank_releases``.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.errors import ReadError
from pipeline.ingest.world_bank_wire import Page


def check_pages(pages: Sequence[Page]) -> None:
    """Pages count up to their total, row by row, and all speak of one state of one database.

    Raises:
        ReadError: names the part.
    """
    expected, held, total = 1, 0, 0
    for number, page in enumerate(pages, 1):
        if not page.total and not page.cells and expected == 1:
            continue
        if page.number != expected or (expected > 1 and page.total != total):
            raise ReadError(
                f"part {number}: is page {page.number} of {page.total} rows, expected page "
                f"{expected}" + (f" of {total}" if expected > 1 else "")
            )
        if page.per_page == 0 or page.pages != -(-page.total // page.per_page):
            raise ReadError(
                f"part {number}: says {page.pages} pages for {page.total} rows, "
                f"{page.per_page} a page"
            )
        rows = min(page.per_page, page.total - held)
        if len(page.cells) != rows:
            raise ReadError(f"part {number}: {len(page.cells)} rows, expected {rows} by its head")
        held, total = held + rows, page.total
        expected, held = (1, 0) if held == total else (expected + 1, held)
    if expected > 1:
        raise ReadError(f"part {len(pages)}: {held} of {total} rows, and no further part")
    _check_agree(pages)


def _check_agree(pages: Sequence[Page]) -> None:
    filled = [(number, page) for number, page in enumerate(pages, 1) if page.total]
    for (_, one), (number, other) in pairwise(filled):
        if one.source != other.source:
            raise ReadError(f"part {number}: is of source {other.source}, others of {one.source}")
        if one.updated != other.updated:
            raise ReadError(
                f"part {number}: lastupdated {other.updated}, in the part before {one.updated}: "
                "the publisher was at work meanwhile"
            )


def check_codes(pages: Sequence[Page], codes: Sequence[str]) -> None:
    """Every row is of an indicator that was asked for.

    Raises:
        ReadError: names part and row.
    """
    for number, page in enumerate(pages, 1):
        if page.series.keys() <= set(codes):
            continue
        for row, cell in enumerate(page.cells, 1):
            if cell.indicator not in codes:
                raise ReadError(
                    f"part {number}: row {row}: indicator is {cell.indicator!r}, "
                    f"expected {' or '.join(map(repr, codes))}"
                )


def check_asked(
    found: Iterable[tuple[str, int]], economies: set[str], years: tuple[int, int]
) -> None:
    """Nothing is there but of the economies and the first to last years that were asked for.

    Raises:
        ReadError: names the first cell that was not.
    """
    for economy, year in sorted(found):
        if economy not in economies or not years[0] <= year <= years[1]:
            raise ReadError(f"grid: a row for {economy} {year}, which was not asked for")


def check_full(found: set[tuple[str, int]], economies: set[str], years: set[int]) -> None:
    """Every economy has every year.

    Raises:
        ReadError: names the first cell that is missing.
    """
    missing = sorted({(e, y) for e in economies for y in years} - found)
    if missing:
        economy, year = missing[0]
        raise ReadError(
            f"grid: no row for {economy} {year}; {len(found)} rows, "
            f"expected {len(economies)} economies × {len(years)} years"
        )
