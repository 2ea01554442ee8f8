"""The registry of connectors: which module asks which publisher, and what it hands back.

A connector turns one indicator of the catalogue into requests and gives the bodies as they came;
whether they make sense is told by the reader it names. Retries, limits and threads are the
client's and the refresh's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final, Protocol, cast

from pipeline.errors import CatalogError
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


class Connector(Protocol):
    def __call__(self, client: Client, settings: Settings, series: Series) -> Fetched:
        """All of one series.

        Raises:
            SourceError: it could not be had; the message says why in one line.
        """


class Planner(Protocol):
    def __call__(self, settings: Settings, series: Series) -> Sequence[str]:
        """The URLs that are asked for one series, as far as they are known beforehand."""


def connector_of(publisher: "Publisher") -> Connector:
    """The connector of a publisher.

    Raises:
        CatalogError: it names none, or one that does not exist.
    """
    return cast("Connector", _module(publisher).fetch)


def planner_of(publisher: "Publisher") -> Planner:
    """What the connector of a publisher would ask.

    Raises:
        CatalogError: it names none, or one that does not exist.
    """
    return cast("Planner", _module(publisher).requests)


def _module(publisher: "Publisher") -> ModuleType:
    if publisher.connector not in CONNECTORS:
        known = ", ".join(sorted(CONNECTORS))
        raise CatalogError(
            f"publisher {publisher.id}: connector is {publisher.connector!r}, expected {known}"
        )
    return import_module(CONNECTORS[publisher.connector])
