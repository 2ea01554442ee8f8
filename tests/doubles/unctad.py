"""An UNCTADstat on loopback: data sets as 7z archives, each with one table of all it holds.

It answers only what the real one would: the whole data set, with parts beside the whole, groups
beside the economies, a footnote and a remark on a missing value beside each value; and an archive
that is made anew for every answer.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Final
from unittest.mock import patch

import py7zr

from tests.doubles.http_double import Fault, HttpDouble, status

Cells = Mapping[tuple[str, int], str | None]
"""Values by the publisher's code of an economy and year; None where it has a row without one."""

SERVICES: Final = "US.DigitallyDeliverableServices"
GOODS: Final = "US.IctGoodsShare"
MEASURE: Final = "US$ at current prices in millions"
SHARE: Final = "Percentage of total digitally deliverable services"
GOODS_SHARE: Final = "Percentage of total merchandise trade"
FLOWS: Final = {"Imports": "01", "Exports": "02", "Re-exports": "03", "Re-imports": "24"}


def columns(*measures: str) -> tuple[str, ...]:
    """The three columns of each measure."""
    return tuple(f"{m}{kind}" for m in measures for kind in ("", " Footnote", " Missing value"))


HEAD: Final = (
    "Year", "Economy", "Economy Label", "Flow", "Flow Label", "Category", "Category Label",
    *columns(MEASURE, "Percentage of total trade in services", SHARE),
)  # fmt: skip
GOODS_HEAD: Final = (
    "Year", "Economy", "Economy Label", "Partner", "Partner Label", "Flow", "Flow Label",
    "IctProductCategory", "IctProductCategory Label", *columns(GOODS_SHARE),
)  # fmt: skip
"""As a copy of 2020 has it, in today's layout: of one partner and one category, which are all."""
PARTS: Final = {"A1": ("Telecommunications", 0.25), "A2": ("Other services", 0.75)}
"""Title and share of each part of the whole, by its code."""
_FAST: Final = [{"id": py7zr.FILTER_LZMA2, "preset": 0}]
_FAST_HEAD: Final = SimpleNamespace(ENCODED_HEADER_FILTER=_FAST)
"""Archives are made by the hundred: they need not be small. The default makes room for megabytes,
which takes most of the time."""
GONE: Final = "Not available or not separately reported"


def row(
    economy: str, year: int, value: str | None, flow: str = "Exports", **fields: str
) -> dict[str, str]:
    """A row of the whole as the publisher writes it; ``fields`` replace some of its own.

    Args:
        fields: by title, with underscores for spaces.
    """
    standard = dict.fromkeys(HEAD, "") | {
        "Year": str(year), "Economy": economy, "Economy Label": f"Economy {economy}",
        "Flow": FLOWS[flow], "Flow Label": flow, "Category": "A0", "Category Label": "All of it",
        MEASURE: value or "", SHARE: "100" if value else "",
        f"{MEASURE} Missing value": "" if value else GONE,
    }  # fmt: skip
    return standard | {name.replace("_", " "): text for name, text in fields.items()}


def goods_row(
    economy: str, year: int, value: str | None, flow: str = "Exports", **fields: str
) -> dict[str, str]:
    """A row of the shares of goods as the publisher writes it; see ``row``."""
    standard = dict.fromkeys(GOODS_HEAD, "") | {
        "Year": str(year), "Economy": economy, "Economy Label": f"Economy {economy}",
        "Partner": "0000", "Partner Label": "World", "Flow": FLOWS[flow], "Flow Label": flow,
        "IctProductCategory": "ICT00", "IctProductCategory Label": "Total ICT goods",
        GOODS_SHARE: value or "", f"{GOODS_SHARE} Missing value": "" if value else GONE,
    }  # fmt: skip
    return standard | {name.replace("_", " "): text for name, text in fields.items()}


def table(rows: Iterable[Mapping[str, str]], head: Sequence[str] = HEAD) -> bytes:
    """A CSV as the publisher writes it: with a byte-order mark, quoted where it must be."""
    text = io.StringIO()
    writer = csv.DictWriter(text, head, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def packed(members: Mapping[str, bytes]) -> bytes:
    """A 7z archive of some files, whatever their names."""
    body = io.BytesIO()
    with (
        patch("py7zr.py7zr.check_archive_path", lambda _: True),
        patch.object(py7zr.SevenZipFile, "_sanitize_archive_arcname", lambda _, name: name),
        patch("py7zr.archiveinfo.DEFAULT_FILTERS", _FAST_HEAD),
        py7zr.SevenZipFile(body, "w", filters=_FAST) as made,
    ):
        for name, content in members.items():
            made.writestr(content, name)
    return body.getvalue()


class UnctadDouble(HttpDouble):
    """Bulk downloads of some data sets."""

    def __init__(self, flows: Mapping[str, Cells] | None = None) -> None:
        """
        Args:
            flows: what the digitally deliverable services are, by label of the flow.
        """
        super().__init__()
        self.flows: dict[str, dict[str, Cells]] = {SERVICES: dict(flows or {}), GOODS: {}}
        """What each data set holds, by label of the flow."""

    @property
    def url(self) -> str:
        """What ``SCO_UNCTAD_URL`` must be."""
        return self.origin

    def answer(self, target: str) -> Fault:
        found = {f"/bulkdownload/{s}/{s.replace('.', '_')}": s for s in self.flows}.get(target)
        if found is None:
            return status(404, b'{"message":"Resource not found"}')
        whole = self._goods() if found == GOODS else self._services()
        body = packed({f"{found.replace('.', '_')}.csv": whole})
        return Fault(body=body, content_type="application/octet-stream")

    def _services(self) -> bytes:
        rows = []
        for flow, cells in self.flows[SERVICES].items():
            for (economy, year), value in cells.items():
                rows.append(row(economy, year, value, flow))
                rows += [
                    row(economy, year, value and f"{share * float(value)}", flow, Category=code,
                        Category_Label=title, **{SHARE: f"{100 * share}"})
                    for code, (title, share) in PARTS.items()
                ]  # fmt: skip
        return table(rows)

    def _goods(self) -> bytes:
        rows = [
            goods_row(economy, year, value, flow)
            for flow, cells in self.flows[GOODS].items()
            for (economy, year), value in cells.items()
        ]
        return table(rows, GOODS_HEAD)
