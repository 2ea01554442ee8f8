"""UNCTADstat: which data set to ask for, and what the table in its archive says of one flow.

A data set comes whole, as a 7z archive with one CSV: all economies, groups of them, flows and parts
of the whole. What belongs here: the request, and which economies must be there. That it is made
once for all flows is ``unctad_batches``'s, how an archive is opened ``seven_zip``'s, what a table
means ``unctad_table``'s, retries are ``http``'s.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import pandas as pd

from pipeline.errors import ReadError, SourceError
from pipeline.ingest.cells import found_once, to_frame
from pipeline.ingest.connectors import Fetched, Series, live_key
from pipeline.ingest.http import Client
from pipeline.ingest.seven_zip import only_member
from pipeline.ingest.sidecar import Sidecar, canonical_json
from pipeline.ingest.unctad_table import MEASURES, WORLD, Kind, of_the_whole, rows_of
from pipeline.settings import Settings

MAX_TABLE_BYTES: Final = 64 * 1024 * 1024
"""The most that an archive may unpack to; the table itself has some megabytes."""
CUSTOMS: Final[Mapping[str, str]] = {"CHE": "757", "FRA": "251", "GBR": "926", "USA": "842"}
"""Customs territories that goods are counted of, under codes which are not the state's M49."""
MONEY: Final = "million US$"

_KEY: Final = re.compile(r"(?P<data_set>US\.[A-Za-z0-9_]+)/(?P<flow>[A-Za-z]+)")


@dataclass(frozen=True)
class Question:
    """What is asked: one flow of a data set, for some economies."""

    data_set: str
    flow: str
    """The label of the flow."""
    economies: Mapping[str, str]
    """Our codes by the publisher's, which may have more than one for a state."""
    kind: Kind = "money"
    """Millions of US dollars, or a share of goods trade in percent."""

    def url(self, base: str) -> str:
        """The request for the data set, which is the same for all its flows."""
        return f"{base}/bulkdownload/{self.data_set}/{self.data_set.replace('.', '_')}"

    @property
    def table(self) -> str:
        """Name of the one file in the archive."""
        return f"{self.data_set.replace('.', '_')}.csv"

    def unpacked(self, body: bytes) -> bytes:
        """The table in an archive.

        Raises:
            ReadError: it is no archive with this one file.
        """
        return only_member(body, self.table, MAX_TABLE_BYTES)

    def rows_in(self, body: bytes) -> bytes:
        """What an archive says of the flow; of a table that cannot be read, all of it.

        Raises:
            ReadError: it is no archive with the one file.
        """
        table = self.unpacked(body)
        try:
            rows = rows_of(table, self.kind, self.flow, self.economies)
        except ReadError:
            return table  # what is wrong with it is told when it is read
        return canonical_json(rows)

    @property
    def needed(self) -> set[str]:
        """Economies that must have a row. A table of money has one for each, with a value or
        without; one of shares has none where there is no figure, but always the world's."""
        asked = set(self.economies.values())
        return asked if self.kind == "money" else asked & WORLD.keys()


def plan(series: Series) -> Question:
    """The question for one series of the catalogue, whose live code is data set and flow.

    Economies without a code of the United Nations, such as the European Union, are not asked for.

    Raises:
        SourceError: the live code is no such pair, or the unit neither money nor percent.
    """
    expected = "a data set and a flow such as US.DigitallyDeliverableServices/Exports"
    found = live_key(series, _KEY, expected)
    kind = _kind(series)
    theirs = {**series.m49, **WORLD}
    economies = {theirs[e]: e for e in sorted(set(series.economies)) if e in theirs}
    if kind == "share":
        economies |= {CUSTOMS[e]: e for e in economies.values() if e in CUSTOMS}
    return Question(found["data_set"], found["flow"], economies, kind)


def _kind(series: Series) -> Kind:
    unit = series.indicator.unit
    if unit != MONEY and not unit.startswith("%"):
        raise SourceError(f"{series.indicator.id}: unit is {unit!r}, expected {MONEY} or a % of it")
    return "money" if unit == MONEY else "share"


def fetch(client: Client, settings: Settings, series: Series) -> Fetched:
    """The archive of the data set of one series. See ``connectors.Connector``.

    Raises:
        SourceError: the publisher could not be had.
    """
    return fetched_of(series, *ask(client, settings, plan(series)))


def ask(client: Client, settings: Settings, question: Question) -> tuple[str, bytes]:
    """The URL of a data set and its archive, which holds all flows of it.

    Raises:
        SourceError: the publisher could not be had.
    """
    url = question.url(settings.unctad_url.rstrip("/"))
    body, _ = client.get(url, question.unpacked)
    return url, body


def fetched_of(series: Series, url: str, body: bytes) -> Fetched:
    """One series of an archive that has come.

    Raises:
        SourceError: see ``plan``.
    """
    question = plan(series)
    return Fetched(
        bodies=(body,),
        requests=(url,),
        media_type="application/x-7z-compressed",
        source=url,
        reader="unctad",
        constants={
            "indicator": series.indicator.id,
            "live_code": f"{question.data_set}/{question.flow}",
            "measure": question.kind,
            "economies": " ".join(f"{theirs}={e}" for theirs, e in question.economies.items()),
        },
        says="nothing of its date",
        # An archive is made anew at times, with new moments in it, around the same table.
        lasting=question.unpacked,
        of_series=question.rows_in,
    )


def requests(settings: Settings, series: Series) -> Sequence[str]:
    """The one URL. See ``connectors.Planner``."""
    return [plan(series).url(settings.unctad_url.rstrip("/"))]


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of an archived flow, in the columns of ``observations.COLUMNS``.

    Values are millions of US dollars or percent. Rows of parts, of other flows and economies, and
    those without a value are left out; a footnote is kept as the status.

    Raises:
        ReadError: archive or table are malformed, an economy is missing or stands twice, or it does
            not show which category is the whole; names snapshot, row and column.
    """
    try:
        question = _asked(sidecar)
        if len(bodies) != 1:
            raise ReadError(f"{len(bodies)} parts, expected one archive")
        table = question.unpacked(bodies[0])
        kept = of_the_whole(rows_of(table, question.kind, question.flow, question.economies))
        missing = sorted(question.needed - {row.economy for row in kept})
        if missing:
            raise ReadError(f"{question.table}: no row for {', '.join(missing)}")
        found_once(kept)
    except ReadError as error:
        raise ReadError(f"snapshot {sidecar.snapshot}, {error}") from error
    return to_frame(kept, sidecar.constants.get("indicator", sidecar.indicators[0]))


def _asked(sidecar: Sidecar) -> Question:
    """The question that the constants of a sidecar tell; older ones were all of money."""
    key = _KEY.fullmatch(sidecar.constants.get("live_code", ""))
    pairs = [pair.split("=") for pair in sidecar.constants.get("economies", "").split()]
    kind = sidecar.constants.get("measure", "money")
    if key is None or kind not in MEASURES or not pairs or any(len(pair) != 2 for pair in pairs):
        raise ReadError("constants: expected live_code, economies and measure of a bulk data set")
    return Question(key["data_set"], key["flow"], dict(pairs), cast("Kind", kind))
