"""An ILOSTAT on loopback: tables of yearly indicators, by sex and one more breakdown.

It answers only what the real one would: an indicator is asked for with its frequency and named
without it, newest years come first, and a code that it does not know has a head and no rows.
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tests.doubles.http_double import Fault, HttpDouble, status

Cells = Mapping[tuple[str, int], tuple[str, str]]
"""Value (or "") and flag by economy and year."""
Key = tuple[str, str, str]
"""Indicator without its frequency, sex, class."""

HEAD: Final = ("ref_area", "source", "indicator", "sex", "classif1", "time", "obs_value",
               "obs_status")  # fmt: skip


def row(key: Key, economy: str, year: int, value: str, flag: str = "", **fields: str) -> list[str]:
    """A row as the publisher writes it; ``fields`` replace some of its own."""
    standard = dict(zip(HEAD, (economy, f"BA:{year}", *key, str(year), value, flag), strict=True))
    return list((standard | fields).values())


def table(rows: list[list[str]], head: tuple[str, ...] = HEAD) -> bytes:
    return "".join(f"{','.join(cells)}\n" for cells in (head, *rows)).encode()


class IlostatDouble(HttpDouble):
    """The tables of some indicators."""

    def __init__(self, series: Mapping[Key, Cells] | None = None) -> None:
        super().__init__()
        self.series: dict[Key, Cells] = dict(series or {})
        self.heeds_classes = True
        """Whether it heeds what is asked of sexes and classes."""

    @property
    def url(self) -> str:
        """What ``SCO_ILOSTAT_URL`` must be."""
        return self.origin

    def answer(self, target: str) -> Fault:
        url = urlsplit(target)
        if url.path != "/data/indicator/":
            return status(404, b'{"error":"404 - Resource Not Found"}')
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        places, first = query["ref_area"].split(" "), int(query["timefrom"])
        rows = [
            row(key, economy, year, *cell)
            for key, cells in self.series.items()
            if query["id"] == f"{key[0]}_A" and self._asked(key, query)
            for (economy, year), cell in sorted(cells.items(), key=lambda c: (c[0][0], -c[0][1]))
            if economy in places and year >= first
        ]
        return Fault(body=table(rows), content_type="text/csv")

    def _asked(self, key: Key, query: Mapping[str, str]) -> bool:
        return not self.heeds_classes or key[1:] == (query["sex"], query["classif1"])
