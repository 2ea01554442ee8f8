"""An IMF on loopback: flows of goods by partner, as structure-specific SDMX-ML.

It answers as the real one would: partners without figures are series without values, each series
says a scale that is not to be applied, and the header has the moment of the answer. A data set that
it does not know is answered by 204, a key that matches nothing by a message without series.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import count, product
from typing import Final

from tests.doubles.http_double import Fault, HttpDouble, status

Flows = Mapping[tuple[str, str, int], tuple[str, str]]
"""Value as text and derivation by reporter, partner and year, in the publisher's codes."""

_NAMESPACES: Final = (
    'xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message" '
    'xmlns:ss="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_TARGET: Final = re.compile(
    r"/external/sdmx/2\.1/data/IMF\.STA,IMTS/(?P<reporters>[^.]*)\.(?P<code>[^.]*)"
    r"\.(?P<partners>[^.]*)\.(?P<frequency>[^?]*)\?startPeriod=(?P<first>[0-9]{4})"
)


def observation(year: int, value: str, derivation: str = "O") -> str:
    return f'<Obs TIME_PERIOD="{year}" OBS_VALUE="{value}" DERIVATION_TYPE="{derivation}"/>'


def series(reporter: str, partner: str, *inside: str, code: str, frequency: str = "A") -> str:
    """A series as the publisher writes it; one without values is closed at once."""
    head = (
        f'<Series COUNTRY="{reporter}" INDICATOR="{code}" COUNTERPART_COUNTRY="{partner}" '
        f'FREQUENCY="{frequency}" OVERLAP="OL" SCALE="6" METHODOLOGY="IMTS"'
    )
    return f"{head}>{''.join(inside)}</Series>" if inside else f"{head}/>"


def message(found: Sequence[str], *, answer: int = 1, updated: str = "2026-08-31") -> bytes:
    """A whole message. ``answer`` numbers the answers, as their header does."""
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><message:StructureSpecificData {_NAMESPACES}>"
        f"<message:Header><message:ID>DS{answer}</message:ID><message:Test>false</message:Test>"
        f"<message:Prepared>2026-11-24T10:40:{answer % 60:02}Z</message:Prepared>"
        '<message:Sender id="IMF"/></message:Header>'
        f'<message:DataSet ss:dataScope="DataStructure" action="Replace" UPDATE_DATE="{updated}">'
        '<Group xsi:type="GROUP_INDICATOR" SERIES_NAME="Goods, US dollar"/>'
        f"{''.join(found)}</message:DataSet></message:StructureSpecificData>"
    ).encode()


class ImtsDouble(HttpDouble):
    """The data of one set: flows by the publisher's code."""

    def __init__(self, flows: Mapping[str, Flows]) -> None:
        super().__init__()
        self.flows: dict[str, dict[tuple[str, str, int], tuple[str, str]]] = {
            code: dict(found) for code, found in flows.items()
        }
        self.updated = "2026-08-31"
        self._answers = count(1)

    @property
    def url(self) -> str:
        """What ``SCO_IMF_URL`` must be."""
        return f"{self.origin}/external/sdmx/2.1"

    def answer(self, target: str) -> Fault:
        asked = _TARGET.fullmatch(target)
        if asked is None:
            return status(204)
        pairs = product(asked["reporters"].split("+"), asked["partners"].split("+"))
        found = [
            self._series(asked["code"], reporter, partner, int(asked["first"]))
            for reporter, partner in pairs
            if asked["frequency"] == "A" and asked["code"] in self.flows
        ]
        body = message(found, answer=next(self._answers), updated=self.updated)
        return Fault(body=body, content_type="application/xml")

    def _series(self, code: str, reporter: str, partner: str, first: int) -> str:
        values = [
            observation(year, *value)
            for (seller, buyer, year), value in sorted(self.flows[code].items())
            if (seller, buyer) == (reporter, partner) and year >= first
        ]
        return series(reporter, partner, *values, code=code)
