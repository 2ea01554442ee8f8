"""A UN Comtrade on loopback: totals of trade by partner, with a key and without.

It answers only what the real one would: rows of parts beside those of the whole unless three
filters are given, 500 rows and no more without a key, one year at a time without one, and an object
in the place of rows where only their number is asked for.
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.doubles.http_double import Fault, HttpDouble, status

Flows = Mapping[tuple[str, str, str, int], str]
"""Value as text by flow (M, X), reporter, partner and year, in the publisher's codes."""

PREVIEW: Final = "/public/v1/preview/C/A/HS"
KEYED: Final = "/data/v1/get/C/A/HS"
CAP: Final = 500
FILTERS: Final = {"partner2Code": "0", "motCode": "0", "customsCode": "C00"}
PARTS: Final[Mapping[str, Any]] = {"partner2Code": 643, "motCode": 2100, "customsCode": "C01"}
"""A code of a part, by the filter that leaves it out."""


def row(
    flow: str, reporter: str, partner: str, year: int, value: str | None, **fields: Any
) -> dict[str, Any]:
    """A row as the publisher writes it; ``fields`` replace some of its own."""
    number = None if value is None else json.loads(value)
    standard = {
        "typeCode": "C", "freqCode": "A", "refPeriodId": int(f"{year}0101"), "refYear": year,
        "refMonth": 52, "period": str(year), "reporterCode": int(reporter), "reporterISO": None,
        "flowCode": flow, "partnerCode": int(partner), "partnerISO": None, "partner2Code": 0,
        "classificationCode": "H6", "classificationSearchCode": "HS", "cmdCode": "TOTAL",
        "aggrLevel": 0, "customsCode": "C00", "mosCode": "0", "motCode": 0, "qtyUnitCode": -1,
        "qty": 0, "netWgt": 0, "isNetWgtEstimated": True, "cifvalue": number if flow == "M" else
        None, "fobvalue": number if flow == "X" else None, "primaryValue": number,
        "legacyEstimationFlag": 4, "isReported": False, "isAggregate": True,
    }  # fmt: skip
    return standard | fields


def reply(rows: Any, count: int | None = None, error: str = "", took: int = 1) -> bytes:
    number = len(rows) if count is None else count
    told = {"elapsedTime": f"0.{took:02} secs", "count": number, "data": rows, "error": error}
    return json.dumps(told).encode()


class ComtradeDouble(HttpDouble):
    """The totals of trade in goods between some economies."""

    def __init__(self, flows: Flows | None = None, *, key: str = "") -> None:
        """
        Args:
            flows: what is reported.
            key: the one that is taken.
        """
        super().__init__()
        self.flows: dict[tuple[str, str, str, int], str] = dict(flows or {})
        self.key = key
        self._answers = 0

    @property
    def url(self) -> str:
        """What ``SCO_COMTRADE_URL`` must be."""
        return self.origin

    def answer(self, target: str) -> Fault:
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path not in (PREVIEW, KEYED):
            return status(404, b'{"statusCode":404,"message":"Resource not found"}')
        years = query["period"].split(",")
        if url.path == PREVIEW and len(years) > 1:
            return status(400, b'{"errorObject":{"errorCode":"1"}}')
        given = self.headers[-1].get("Ocp-Apim-Subscription-Key", "")
        if url.path == KEYED and given != self.key:
            told = f'{{"statusCode":401,"message":"Access denied: the key {given} is not known"}}'
            return status(401, told.encode())
        return self._found(query, url.path == PREVIEW)

    def _found(self, query: Mapping[str, str], preview: bool) -> Fault:
        self._answers += 1
        rows = self._rows(query)
        if query.get("countOnly") == "true":
            return Fault(body=reply({"typeCode": None, "refYear": 0}, count=len(rows)))
        return Fault(body=reply(rows[:CAP] if preview else rows, took=self._answers))

    def _rows(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        reporters, partners, years = (
            query[name].split(",") for name in ("reporterCode", "partnerCode", "period")
        )
        found = []
        for (flow, reporter, partner, year), value in sorted(self.flows.items()):
            asked = reporter in reporters and partner in partners and str(year) in years
            if asked and flow == query["flowCode"]:
                parts = {name: code for name, code in PARTS.items() if name not in query}
                found.append(row(flow, reporter, partner, year, value))
                found += [row(flow, reporter, partner, year, value, **{n: code})
                          for n, code in parts.items()]  # fmt: skip
        return found
