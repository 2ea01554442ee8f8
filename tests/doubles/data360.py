"""A Data360 on loopback: series of many databases, with their breakdowns, a page at a time.

It answers only what the real one would: rows of the economies asked for, those without a value
among them, and of the ITU's database a row for the world that nobody asked for.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.doubles.http_double import Fault, HttpDouble, status

Cells = Mapping[tuple[str, int], str | None]
"""Values by economy and year, as text; None where the publisher has a row without one."""
Key = tuple[str, str]
"""Database and series."""

PARTS: Mapping[str, Mapping[str, str]] = {
    "women": {"SEX": "F"},
    "the young": {"AGE": "Y15T24"},
    "the countryside": {"URBANISATION": "RUR"},
    "one operator": {"COMP_BREAKDOWN_1": "OPERATOR"},
}
"""What makes a row one of a part of the people."""


def row(key: Key, economy: str, year: int, value: str | None, **fields: Any) -> dict[str, Any]:
    """A row as the publisher writes it; ``fields`` replace some of its own."""
    standard = {
        "OBS_VALUE": value, "TIME_FORMAT": "P1Y", "UNIT_MULT": 0, "COMMENT_OBS": None,
        "OBS_STATUS": "A", "OBS_CONF": "PU", "AGG_METHOD": "MEAN", "DECIMALS": "2",
        "COMMENT_TS": f"{key[1]}, in words", "DATA_SOURCE": key[0], "LATEST_DATA": True,
        "DATABASE_ID": key[0], "INDICATOR": key[1], "REF_AREA": economy, "SEX": "_T", "AGE": "_T",
        "URBANISATION": "_T", "COMP_BREAKDOWN_1": "_Z", "COMP_BREAKDOWN_2": "_Z",
        "COMP_BREAKDOWN_3": "_Z", "TIME_PERIOD": str(year), "FREQ": "A",
        "UNIT_MEASURE": "PT_POP", "UNIT_TYPE": None,
    }  # fmt: skip
    return standard | fields


class Data360Double(HttpDouble):
    """The data endpoint of some series."""

    def __init__(self, series: Mapping[Key, Cells], *, page: int = 1000) -> None:
        """
        Args:
            series: what is published.
            page: rows that are given at most at once; a request cannot change it.
        """
        super().__init__()
        self.series: dict[Key, dict[tuple[str, int], str | None]] = {
            key: dict(cells) for key, cells in series.items()
        }
        self.page = page
        self.parts: dict[Key, Cells] = {}
        """For each series the values of women, the young, the countryside and one operator."""
        self.means: dict[Key, Cells] = {}
        """Rows that come whoever is asked for: the mean of states under the name of the world."""
        self.units: dict[Key, str] = {}

    @property
    def url(self) -> str:
        """What ``SCO_DATA360_URL`` must be."""
        return self.origin

    def answer(self, target: str) -> Fault:
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path != "/data360/data":
            return status(404, b"no such resource")
        rows = self._rows((query["DATABASE_ID"], query["INDICATOR"]), query)
        skip = int(query.get("skip", 0))
        reply = {"count": len(rows), "value": rows[skip : skip + self.page]}
        return Fault(body=json.dumps(reply).encode())

    def _rows(self, key: Key, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """All rows of a request, economies in order, the whole before the parts of each year."""
        economies, first = query["REF_AREA"].split(","), int(query["timePeriodFrom"])
        cells = {**self.means.get(key, {}), **self.series.get(key, {})}
        found = []
        for (economy, year), value in sorted(cells.items()):
            if year < first or (economy not in economies and key not in self.means):
                continue
            if economy not in economies and (economy, year) not in self.means[key]:
                continue
            unit = self.units.get(key, "PT_POP")
            found.append(row(key, economy, year, value, UNIT_MEASURE=unit))
            part = self.parts.get(key, {}).get((economy, year))
            if part is not None:
                found += [
                    row(key, economy, year, part, UNIT_MEASURE=unit, **fields)
                    for fields in PARTS.values()
                ]
        return found
