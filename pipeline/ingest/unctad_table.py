"""A table of UNCTADstat's bulk files: what its head says of its shape, and the rows of one flow.

What belongs here: the columns by which a row is told apart, which of the measures is the one that
was asked for, and the choice of the rows of the whole. Which data set to ask for is ``unctad``'s.

All tables have one layout: first the dimensions, each but the year with its label beside it, then
of each measure three columns: its values, their footnotes, and why there is no value. A dimension
that is not known is refused, as parts would be mixed with the whole.

Economies are coded by the three digits of the United Nations' M49, groups of them by four digits;
the world is 0000.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from pipeline.errors import ReadError
from pipeline.ingest import tidy
from pipeline.ingest.csv_wire import matched, table_of
from pipeline.ingest.json_wire import shown

Kind = Literal["money", "share"]

WORLD: Final[Mapping[str, str]] = {"WLD": "0000"}
"""The world by our code and the publisher's, which is not its M49."""
SPELLINGS: Final = (
    "US$ at current prices in millions", "US dollars at current prices in millions",
)  # fmt: skip
"""Titles of values in money: the publisher has spelled it both ways."""
MEASURES: Final[Mapping[Kind, "re.Pattern[str]"]] = {
    "money": re.compile("|".join(map(re.escape, SPELLINGS))),
    "share": re.compile(r"(?:Percentage|Share) of total (?:merchandise )?trade"),
}
"""Titles of the column of values. The share is of a flow of goods, not of services or the world."""
EXPECTED: Final[Mapping[Kind, str]] = {
    "money": SPELLINGS[0], "share": "Percentage of total merchandise trade",
}  # fmt: skip
LABELLED: Final = ("Economy", "Flow")
"""Dimensions that every table has beside the year."""
WHOLES: Final[Mapping[str, str]] = {
    "Partner": "0000", "IctProductCategory": "ICT00", "IctGoodsCategory": "ICT00",
}  # fmt: skip
"""Dimensions that a table may have, with the code of their whole."""
CATEGORY: Final = "Category"
"""A dimension of services; no documented code tells its whole, which is all of the world's."""

_SHARE_OF_WHOLE: Final = re.compile(r"Percentage of total digitally[- ]deliver(?:able|ed) services")
_YEAR: Final = re.compile(tidy.PATTERNS["year"])
_VALUE: Final = re.compile(tidy.PATTERNS["value"])
_ECONOMY: Final = re.compile(r"[0-9]{3,4}")
_FOOTNOTE: Final = re.compile(r"[^,\"\r\n]{0,200}")


@dataclass(frozen=True)
class Layout:
    """What the head of a table tells."""

    measure: str
    """Title of the values."""
    wholes: Mapping[str, str]
    """Dimensions whose whole has a code, with that code."""
    share: str
    """Title of the share of the whole, in percent; "" where the publisher gives none."""

    @property
    def footnote(self) -> str:
        return f"{self.measure} Footnote"

    @property
    def missing(self) -> str:
        """Title of why there is no value."""
        return f"{self.measure} Missing value"


class Row(NamedTuple):
    """One row of the table that is of the flow and has an economy that was asked for."""

    economy: str
    year: int
    value: str | None
    """The digits as sent; None where there is no value."""
    status: str
    """The footnote."""
    category: str
    """Which part of the whole, or the whole; "" where the table has no such parts."""
    share: str
    """Its share of the whole in percent; "" where the publisher gives none."""


def rows_of(table: bytes, kind: Kind, flow: str, economies: Mapping[str, str]) -> list[Row]:
    """The rows of a table that are of one flow and some economies.

    Args:
        flow: its label.
        economies: our codes by the publisher's.

    Raises:
        ReadError: it is no such table, or has no such row; names row and column.
    """
    head, lines = table_of(table)
    layout = layout_of(head, kind)
    read = (_row(number, cells, layout, flow, economies) for number, cells in lines)
    found = [row for row in read if row is not None]
    if not found:
        of = "".join(f", {title} {code}" for title, code in layout.wholes.items())
        raise ReadError(f"no row of flow {flow}{of} and the economies asked for")
    return found


def layout_of(head: Sequence[str], kind: Kind) -> Layout:
    """What the titles of a table tell, once all of them are known for what they are.

    Raises:
        ReadError: there is not one measure of the kind, or a row is told apart by something else.
    """
    dimensions, measures = _parted(head)
    fitting = [title for title in measures if MEASURES[kind].fullmatch(title)]
    if len(fitting) != 1:
        raise ReadError(
            f"row 1: {shown(measures, 200)}, expected one measure such as {EXPECTED[kind]}"
        )
    wanted = _with_labels(LABELLED) | {"Year"}
    perhaps = [title for title in (*WHOLES, CATEGORY) if title in dimensions]
    if set(dimensions) != wanted | _with_labels(perhaps):
        raise ReadError(
            f"row 1: {shown(sorted(dimensions), 200)} before the values, expected "
            f"{', '.join(sorted(wanted))}, and perhaps {', '.join((*WHOLES, CATEGORY))} with labels"
        )
    wholes = {title: code for title, code in WHOLES.items() if title in dimensions}
    shares = [title for title in measures if _SHARE_OF_WHOLE.fullmatch(title)]
    return Layout(fitting[0], wholes, shares[0] if shares else "")


def _parted(head: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The titles of the dimensions, and those of the measures."""
    measures = [
        at
        for at, title in enumerate(head)
        if tuple(head[at + 1 : at + 3]) == (f"{title} Footnote", f"{title} Missing value")
    ]
    if not measures or measures != list(range(measures[0], len(head), 3)):
        raise ReadError(
            f"row 1: {shown(list(head), 200)}, expected dimensions and then, of each measure, its "
            "title, the same with Footnote and with Missing value"
        )
    return head[: measures[0]], [head[at] for at in measures]


def _with_labels(titles: Iterable[str]) -> set[str]:
    return {named for title in titles for named in (title, f"{title} Label")}


def _row(
    number: int,
    cells: Mapping[str, str],
    layout: Layout,
    flow: str,
    economies: Mapping[str, str],
) -> Row | None:
    economy = matched(number, cells, "Economy", _ECONOMY, "three or four digits")
    year = matched(number, cells, "Year", _YEAR, tidy.EXPECTED["year"])
    if cells["Flow Label"] != flow or economy not in economies:
        return None
    if any(cells[title] != whole for title, whole in layout.wholes.items()):
        return None
    value = _number(number, cells, layout.measure)
    return Row(
        economy=economies[economy],
        year=int(year),
        # What stands beside a reason why there is no value is none.
        value=None if cells[layout.missing] else value,
        status=matched(number, cells, layout.footnote, _FOOTNOTE, "a short remark"),
        category=cells.get(CATEGORY, ""),
        share=(_number(number, cells, layout.share) or "") if layout.share else "",
    )


def _number(number: int, cells: Mapping[str, str], title: str) -> str | None:
    text = cells[title]
    if text and _VALUE.fullmatch(text) is None:
        raise ReadError(f"row {number}: {title} is {shown(text)}, expected a number or nothing")
    return text or None


def of_the_whole(rows: Sequence[Row]) -> list[Row]:
    """The rows of the category that is the whole: of the world, 100 percent in every year.

    Raises:
        ReadError: there is none, or more than one.
    """
    categories: dict[str, list[str]] = {}
    for row in rows:
        shares = categories.setdefault(row.category, [])
        if row.economy in WORLD and row.value is not None:
            shares.append(row.share)
    if set(categories) == {""}:
        return list(rows)
    whole = [
        c
        for c, shares in categories.items()
        if shares and all(s and float(s) == 100 for s in shares)
    ]
    if len(whole) != 1:
        raise ReadError(
            f"{len(whole)} of the categories {shown(sorted(categories), 200)} are 100 % of the "
            "world's, expected one: which of them is the whole is not told"
        )
    return [row for row in rows if row.category == whole[0]]
