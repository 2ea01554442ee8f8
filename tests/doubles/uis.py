"""A UNESCO UIS on loopback: versions of all figures, and the records of one of them.

It answers only what the real one would: what it does not know in a request it ignores, a code that
it does not know is a hint beside status 200, and too much at once is a 400.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.doubles.http_double import Fault, HttpDouble, status

Cells = Mapping[tuple[str, int], str | None]
"""Values by economy and year, as text; None where the publisher has a record without one."""

OLDER, NEWEST = "20240910-0a1b2c3d", "20250305-4e5f6a7b"
PUBLISHED: Mapping[str, str] = {
    OLDER: "2024-09-11T06:15:13.018Z", NEWEST: "2025-03-06T14:01:51.015Z",
}  # fmt: skip


def record(code: str, economy: str, year: int, value: str | None, **fields: Any) -> dict[str, Any]:
    """A record as the publisher writes it; ``fields`` replace some of its own."""
    standard = {
        "indicatorId": code, "geoUnit": economy, "year": year,
        "value": None if value is None else json.loads(value), "magnitude": None, "qualifier": None,
    }  # fmt: skip
    return standard | fields


def hint(number: int, message: str) -> dict[str, str]:
    return {"code": f"UIS::HINT::{number:03}", "message": message}


class UisDouble(HttpDouble):
    """The data of some indicators, in versions that are listed in no particular order."""

    def __init__(self, series: Mapping[str, Cells], *, economies: set[str] | None = None) -> None:
        """
        Args:
            series: what is published in the newest version, by indicator.
            economies: what the publisher knows by its code; those with figures when not given.
        """
        super().__init__()
        self.versions: dict[str, dict[str, Cells]] = {OLDER: {}, NEWEST: dict(series)}
        self.economies = economies or {e for cells in series.values() for e, _ in cells}
        self.most = 100_000
        """Records that are given at once."""

    def publish(self, series: Mapping[str, Cells], economies: Iterable[str]) -> None:
        """Put other figures into the newest version, and know other economies."""
        self.versions[NEWEST], self.economies = dict(series), set(economies)

    @property
    def url(self) -> str:
        """What ``SCO_UIS_URL`` must be."""
        return self.origin

    def answer(self, target: str) -> Fault:
        url = urlsplit(target)
        if url.path == "/api/public/versions":
            return Fault(body=json.dumps([self._version(v) for v in self.versions]).encode())
        if url.path != "/api/public/data/indicators":
            return status(404, b'{"message":"not found"}')
        return self._data(parse_qs(url.query))

    def _version(self, version: str) -> dict[str, Any]:
        theme = {"theme": "EDUCATION", "lastUpdate": "3/5/2025", "description": "of March"}
        return {
            "version": version, "publicationDate": PUBLISHED[version], "description": "string",
            "themeDataStatus": [theme],
        }  # fmt: skip

    def _data(self, query: Mapping[str, list[str]]) -> Fault:
        version = query.get("version", [max(self.versions)])[0]
        series = self.versions.get(version)
        if series is None:
            return status(400, b'{"message":"no such version"}')
        first, last = int(query.get("start", ["0"])[0]), int(query.get("end", ["9999"])[0])
        places = query.get("geoUnit", [])
        hints = [
            hint(1, f"The indicator could not be found, {code}")
            for code in query["indicator"]
            if code not in series
        ]
        hints += [
            hint(3, f"The geoUnit could not be found, {p}")
            for p in places
            if p not in self.economies
        ]
        records = [
            record(code, economy, year, value)
            for code in query["indicator"]
            for (economy, year), value in sorted(series.get(code, {}).items())
            if (economy in places or not places) and first <= year <= last
        ]
        if len(records) > self.most:
            return status(400, b'{"message":"more than 100000 records"}')
        reply = {"hints": hints, "records": records, "indicatorMetadata": []}
        return Fault(body=json.dumps(reply).encode())
