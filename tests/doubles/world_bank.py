"""A World Bank on loopback: the v2 API in the publisher's wire shape, from a table of values.

What belongs here: a server that a test starts, tells what to say and how to misbehave, and asks
afterwards what it was asked. It answers only what the real one would: explicit years that its
database holds, economies that it knows, errors with status 200.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from tests.doubles import world_bank_releases as released
from tests.doubles.http_double import Fault, HttpDouble, html, status

Values = Mapping[tuple[str, int], str | float | int]
"""By economy and year; text stands in the answer digit by digit."""

NAMES = {
    "BLR": "Belarus", "CHN": "China", "EUU": "European Union", "IND": "India",
    "IRN": "Iran, Islamic Rep.", "KAZ": "Kazakhstan", "KGZ": "Kyrgyz Republic", "PAK": "Pakistan",
    "RUS": "Russian Federation", "TJK": "Tajikistan", "UZB": "Uzbekistan", "WLD": "World",
}  # fmt: skip
AGGREGATES = {"EUU": "EU", "WLD": "1W"}
"""Iso2 of those that the publisher lists before the states."""

MAX_INDICATORS, MAX_SEGMENT, MAX_URL = 60, 1500, 4000


def message(number: str, key: str, value: str) -> Fault:
    """The publisher's own error, with status 200."""
    told = [{"message": [{"id": number, "key": key, "value": value}]}]
    return Fault(body=json.dumps(told).encode())


INVALID_VALUE = message("120", "Invalid value", "The provided parameter value is not valid")
ARCHIVED = message("175", "Invalid format", "The indicator was not found, or it was archived.")
XML_160 = Fault(
    content_type="text/xml",
    body=b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n'
    b'<wb:error xmlns:wb="http://www.worldbank.org">\r\n'
    b'  <wb:message id="160" key="Data not found">No data under these filters.</wb:message>\r\n'
    b"</wb:error>",
)
XML_FIGURES = Fault(
    content_type="text/xml",
    body=b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n'
    b'<wb:data page="1" pages="1" per_page="50" total="1" xmlns:wb="http://www.worldbank.org">\r\n'
    b"  <wb:data><wb:date>2020</wb:date><wb:value>1</wb:value></wb:data>\r\n</wb:data>",
)
"""What comes where no format is asked for."""


def changed(change: Callable[[list[dict[str, Any]]], object]) -> Fault:
    """An answer whose rows ``change`` alters in place; the head stays as it is."""

    def apply(reply: Any) -> Any:
        change(reply[1])
        return reply

    return Fault(change=apply)


def head(**fields: Any) -> Fault:
    """An answer with these fields of its head replaced."""
    return Fault(change=lambda reply: [reply[0] | fields, reply[1]])


class WorldBankDouble(HttpDouble):
    """The v2 API of some series."""

    def __init__(
        self,
        series: Mapping[str, Values],
        *,
        years: tuple[int, int] = (1960, 2025),
        updated: str = "2026-07-13",
        sources: Mapping[str, int] | None = None,
        releases: Mapping[str, Mapping[str, Values]] | None = None,
    ) -> None:
        """
        Args:
            series: what is published, by the publisher's code.
            years: those that the database holds; others are left out of an answer in silence.
            updated: what ``lastupdated`` says.
            sources: databases other than the second, by code; asked without, they are archived.
            releases: what each archived release says, by its id and code; see ``releases``.
        """
        super().__init__()
        self.series: dict[str, dict[tuple[str, int], str | float | int]] = {
            code: dict(values) for code, values in series.items()
        }
        self.flags: dict[tuple[str, str, int], str] = {}
        """``obs_status`` by code, economy and year, where there is one."""
        self.years, self.updated, self.sources = years, updated, dict(sources or {})
        self.releases: dict[str, dict[str, Values]] = {
            release: dict(series_of) for release, series_of in (releases or {}).items()
        }
        self.waves: dict[str, tuple[int, ...]] = {}
        """Of a survey, by code: the years that it was made in; its database holds no others."""
        self.economies = {*NAMES, *(e for values in series.values() for e, _ in values)}

    @classmethod
    def of(cls, observations: pd.DataFrame, **options: Any) -> Self:
        """A double that publishes what readers made of snapshots."""
        series: dict[str, dict[tuple[str, int], str | float | int]] = {}
        columns = ("indicator", "economy", "year", "value")
        for code, economy, year, value in zip(*(observations[c] for c in columns), strict=True):
            series.setdefault(code, {})[economy, int(year)] = value
        return cls(series, **options)

    @property
    def url(self) -> str:
        """What ``SCO_WORLD_BANK_URL`` must be."""
        return f"{self.origin}/v2"

    def answer(self, target: str) -> Fault:
        """What the API says to a well-formed request; every other is an invalid value."""
        url = urlsplit(target)
        if url.path.startswith("/v2/sources/57/"):
            return self._released(url.path, url.query)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        parts = url.path.split("/")
        if len(parts) != 6 or (parts[1], parts[2], parts[4]) != ("v2", "country", "indicator"):
            return status(404, b"no such resource")
        places, codes = parts[3].split(";"), parts[5].split(";")
        if max(map(len, parts)) > MAX_SEGMENT or len(target) > MAX_URL:
            return html(400)
        if query.get("format") != "json":
            return XML_FIGURES
        if places == [""]:
            places = sorted(self.economies)  # nobody in particular is everybody
        known = self.series.keys() >= set(codes)
        several = len(codes) > 1
        known &= "date" in query and len(codes) <= MAX_INDICATORS
        if not known or not self.economies.issuperset(places) or several > ("source" in query):
            return INVALID_VALUE
        source = int(query.get("source", 2))
        if any(source != self.sources.get(code, 2) for code in codes):
            return ARCHIVED if several or "source" not in query else XML_160
        first, last = (int(year) for year in query["date"].split(":"))
        cells = [
            (code, e, y)
            for e in sorted(places, key=lambda e: (e not in AGGREGATES, NAMES.get(e, e)))
            for code in codes
            for y in range(min(last, self.years[1]), max(first, self.years[0]) - 1, -1)
            if y in self.waves.get(code, (y,))
        ]
        page, size = int(query.get("page", 1)), int(query.get("per_page", 50))
        rows = [self._row(*cell) for cell in cells[(page - 1) * size : page * size]]
        about = (
            f'{{"page":{page},"pages":{-(-len(cells) // size)},"per_page":{size},'
            f'"total":{len(cells)},"sourceid":"{source}","lastupdated":"{self.updated}"}}'
        )
        return Fault(body=f"[{about},[{','.join(rows)}]]".encode())

    def _released(self, path: str, query: str) -> Fault:
        """What source 57 says: errors in XML, unknown members left out in silence."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        page, size = int(asked.get("page", 1)), int(asked.get("per_page", 50))
        if asked.get("format") != "json":
            return XML_160
        reply = released.answer(self.releases, path.split("/")[4:], page, size)
        return XML_160 if reply is None else Fault(body=reply.encode())

    def _row(self, code: str, economy: str, year: int) -> str:
        value = self.series[code].get((economy, year), "null")
        iso2 = AGGREGATES.get(economy, economy[:2])
        return (
            f'{{"indicator":{{"id":"{code}","value":"{code}, in words"}},'
            f'"country":{{"id":"{iso2}","value":"{NAMES.get(economy, economy)}"}},'
            f'"countryiso3code":"{economy}","date":"{year}","value":{value},'
            f'"unit":"","obs_status":"{self.flags.get((code, economy, year), "")}","decimal":1}}'
        )
