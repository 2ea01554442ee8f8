"""Series of the World Bank for the tests of its readers: fetched from a double, or made by one.

What is asked, and what must be found, stands in the tests.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.catalog.models import Indicator
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_observations
from pipeline.ingest.sidecar import Sidecar
from pipeline.ingest.world_bank import Question, fetch
from pipeline.ingest.world_bank_releases import Question as ReleaseQuestion
from tests.doubles.live_catalog import ECONOMIES, fast_settings, live_indicator, publisher
from tests.doubles.world_bank import Values, WorldBankDouble
from tests.ingest.made_up import made_up_sidecar

YEARS = (1990, 2026)
NET = "IT.NET.USER.ZS"
VALUES: Values = {
    ("BLR", 2023): "91.50",
    ("CHN", 2023): "90.6",
    ("TJK", 2017): "21.9586700473744",
    ("WLD", 2024): "71.2",
}
FetchIt = Callable[..., Fetched]
HOST = "http://example.org"


def fetching(double: WorldBankDouble, folder: Path) -> FetchIt:
    """Fetches an indicator from the double."""

    def do(
        indicator: Indicator | None = None,
        economies: Sequence[str] = ECONOMIES,
        years: tuple[int, int] = YEARS,
    ) -> Fetched:
        fast = fast_settings(double.url, folder)
        with Client(fast) as client:
            series = Series(publisher(), indicator or live_indicator(NET), economies, years)
            return fetch(client, fast, series)

    return do


def sidecar_of(fetched: Fetched) -> Sidecar:
    return made_up_sidecar(
        fetched.reader, fetched.bodies, publisher="world_bank_wdi",
        indicator=fetched.constants["indicator"], source=fetched.source,
        constants=fetched.constants, requests=fetched.requests, media_type=fetched.media_type,
    )  # fmt: skip


def read(fetched: Fetched) -> pd.DataFrame:
    return read_observations(sidecar_of(fetched), fetched.bodies)


CELLS: Values = {("CHN", 2020): "1.5", ("TJK", 2021): "2", ("TJK", 2020): "0"}


def answered(question: Question) -> Fetched:
    """What the publisher would answer, in two pages, where X and Y are its series; no server."""
    double = WorldBankDouble({"X": CELLS, "Y": {("CHN", 2020): "7", ("TJK", 2021): "8"}})
    return _two_pages(
        double, lambda page: question.url(f"{HOST}/v2", page), reader="world_bank_v2",
        source=f"{HOST}/v2/indicator/X", constants={"indicator": "X", "live_code": "X"},
    )  # fmt: skip


def answered_of_release(question: ReleaseQuestion) -> Fetched:
    """The same of an archived release."""
    release = question.release
    double = WorldBankDouble({}, releases={release: {"X": CELLS}})
    return _two_pages(
        double, lambda page: question.url(f"{HOST}/v2", page), reader="world_bank_releases",
        source=f"{HOST}/v2/sources/57/series/X/version/{release}",
        constants={"indicator": "X", "release": release},
    )  # fmt: skip


def _two_pages(double: WorldBankDouble, url: Callable[[int], str], **fields: Any) -> Fetched:
    requests = (url(1), url(2))
    answers = [double.answer(request.removeprefix(HOST)).body or b"" for request in requests]
    return Fetched(
        bodies=tuple(answers),
        requests=requests,
        media_type="application/json",
        says="nothing",
        **fields,
    )
