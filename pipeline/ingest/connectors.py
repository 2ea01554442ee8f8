"""The registry of connectors: which module asks which publisher, and what it hands back.

A connector turns one indicator of the catalogue into requests and gives the bodies as they came;
whether they make sense is told by the reader it names. One that can ask for several at once has a
module of batches beside it. Retries, limits and threads are the client's and the refresh's.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final, Protocol, cast

from pipeline.errors import CatalogError, ProjectError, SourceError
from pipeline.ingest.http import Client
from pipeline.ingest.sidecar import Reader, digest
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.catalog.models import Indicator, Publisher

CONNECTORS: Final = {
    "comtrade": "pipeline.ingest.comtrade",
    "data360": "pipeline.ingest.data360",
    "ilostat": "pipeline.ingest.ilostat",
    "imf_imts": "pipeline.ingest.imts",
    "uis": "pipeline.ingest.uis",
    "unctad": "pipeline.ingest.unctad",
    "world_bank": "pipeline.ingest.world_bank",
}
"""Module by connector's name; its functions are ``fetch`` and ``requests``."""

BATCHED: Final = {
    "unctad": "pipeline.ingest.unctad_batches",
    "world_bank": "pipeline.ingest.world_bank_batches",
}
"""Module by connector's name, where it asks for several series at once; its functions are
``batches``, ``fetch`` and ``requests`` of a batch."""


@dataclass(frozen=True)
class Fetched:
    """One series as it came: the bodies with their requests, and how they are to be read."""

    bodies: tuple[bytes, ...]
    requests: tuple[str, ...]
    """The URL of each body."""
    media_type: str
    source: str
    """A URL of the series that stays the same from year to year."""
    reader: Reader
    constants: Mapping[str, str]
    """For the reader, by way of the sidecar."""
    says: str
    """What the publisher itself says of the date of these figures."""
    lasting: Callable[[bytes], bytes] | None = None
    """What of a body stays the same while the figures do; None: every byte."""
    of_series: Callable[[bytes], bytes] | None = None
    """What of a body is said of this series, where it may hold others, too; None: all of it."""

    def says_the_same(self, bodies: Sequence[bytes]) -> bool:
        """Whether bodies of another day say of the series what these do."""
        own = self.of_series or self.lasting
        if own is None:
            return tuple(bodies) == self.bodies
        return b"\n".join(map(own, bodies)) == b"\n".join(map(own, self.bodies))

    def digests(self, bodies: Sequence[bytes]) -> list[str]:
        """Digests of bodies of the series, the same while the publisher says the same."""
        return [digest(self.lasting(body) if self.lasting else body) for body in bodies]


@dataclass(frozen=True)
class Series:
    """What is asked: one indicator of a publisher, for some economies, over some years."""

    publisher: "Publisher"
    indicator: "Indicator"
    economies: Sequence[str]
    years: tuple[int, int]
    """First and last."""
    m49: Mapping[str, str] = field(default_factory=dict)
    """Codes of the United Nations by economy, for a publisher who codes by them."""


Answered = tuple[Series, Fetched | ProjectError]
"""A series with what came of it, or why it could not be had."""


class Connector(Protocol):
    def __call__(self, client: Client, settings: Settings, series: Series) -> Fetched:
        """All of one series.

        Raises:
            SourceError: it could not be had; the message says why in one line.
        """


class Planner(Protocol):
    def __call__(self, settings: Settings, series: Series) -> Sequence[str]:
        """The URLs that are asked for one series, as far as they are known beforehand."""


def batches_of(settings: Settings, asked: Sequence[Series]) -> list[tuple[Series, ...]]:
    """The series of one publisher, those together that are asked for in one request.

    Raises:
        CatalogError: the publisher names no connector, or one that does not exist.
    """
    if not asked:
        return []
    batched = _batched(asked[0].publisher)
    if batched is None:
        return [(series,) for series in asked]
    found: list[tuple[Series, ...]] = batched.batches(settings, asked)
    return found


def fetch_batch(client: Client, settings: Settings, batch: Sequence[Series]) -> list[Answered]:
    """Each series of a batch with what came of it; one that fails takes no other with it.

    Raises:
        CatalogError: see ``batches_of``.
    """
    batched = _batched(batch[0].publisher)
    if batched:
        answered: Iterable[Answered] = batched.fetch(client, settings, batch)
        return list(answered)
    connector = connector_of(batch[0].publisher)
    return [(series, _answer(connector, client, settings, series)) for series in batch]


def requests_of(settings: Settings, batch: Sequence[Series]) -> Sequence[str]:
    """The URLs that are asked for a batch, as far as they are known beforehand.

    Raises:
        CatalogError: see ``batches_of``.
    """
    batched = _batched(batch[0].publisher)
    if batched:
        urls: Sequence[str] = batched.requests(settings, batch)
        return urls
    planner = cast("Planner", _module(batch[0].publisher).requests)
    return [url for series in batch for url in planner(settings, series)]


def live_key(series: Series, form: "re.Pattern[str]", expected: str) -> "re.Match[str]":
    """The live code of a series, in the form that its connector asks by.

    Raises:
        SourceError: it has another form; the message names the indicator and what was expected.
    """
    code = series.indicator.live_code
    found = form.fullmatch(code or "")
    if found is None:
        raise SourceError(f"{series.indicator.id}: live_code is {code!r}, expected {expected}")
    return found


def connector_of(publisher: "Publisher") -> Connector:
    """The connector of a publisher, for one series.

    Raises:
        CatalogError: it names none, or one that does not exist.
    """
    return cast("Connector", _module(publisher).fetch)


def _answer(
    connector: Connector, client: Client, settings: Settings, series: Series
) -> Fetched | ProjectError:
    try:
        return connector(client, settings, series)
    except ProjectError as error:
        return error


def _batched(publisher: "Publisher") -> ModuleType | None:
    """The module that asks for several series at once, if the connector has one."""
    name = _known(publisher)
    return import_module(BATCHED[name]) if name in BATCHED else None


def _module(publisher: "Publisher") -> ModuleType:
    return import_module(CONNECTORS[_known(publisher)])


def _known(publisher: "Publisher") -> str:
    if publisher.connector not in CONNECTORS:
        known = ", ".join(sorted(CONNECTORS))
        raise CatalogError(
            f"publisher {publisher.id}: connector is {publisher.connector!r}, expected {known}"
        )
    return publisher.connector
