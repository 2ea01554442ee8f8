"""Tables in CSV as publishers send them: rows as text by title, and errors that name the row.

What belongs here: what is the same whoever sends such a table. Which columns there must be and what
they mean is told by the publisher's own module.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from pipeline.errors import ReadError
from pipeline.ingest.json_wire import shown, text_of

Row = Mapping[str, str]


def table_of(body: bytes) -> tuple[tuple[str, ...], Iterator[tuple[int, Row]]]:
    """The titles of a table, and its rows with their numbers (from 2: the head is row 1).

    A byte-order mark and either line end are tolerated.

    Raises:
        ReadError: it is not UTF-8, a title stands twice, or, of a row, while the rows are taken: it
            has more or fewer cells than there are titles, or quotes that do not close.
    """
    lines = csv.reader(io.StringIO(text_of(body), newline=""), strict=True)
    head = tuple(next(_checked(lines), []))
    if not head or len(set(head)) < len(head):
        raise ReadError(f"row 1: {shown(head, 200)}, expected titles, each once")
    return head, _rows(head, _checked(lines))


def _rows(head: Sequence[str], lines: Iterator[list[str]]) -> Iterator[tuple[int, Row]]:
    for number, cells in enumerate(lines, 2):
        if len(cells) != len(head):
            raise ReadError(f"row {number}: {len(cells)} cells, expected {len(head)}")
        yield number, dict(zip(head, cells, strict=True))


def _checked(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from lines
    except csv.Error as error:
        raise ReadError(f"no CSV: {error}") from error


def matched(number: int, row: Row, title: str, form: "re.Pattern[str]", expected: str) -> str:
    """The text of a cell, in the form expected.

    Raises:
        ReadError: names row, title and text.
    """
    if form.fullmatch(row[title]) is None:
        raise ReadError(f"row {number}: {title} is {shown(row[title])}, expected {expected}")
    return row[title]
