"""Forty indicators of the World Bank, beside wbdata and wbgapi, from one double in one run.

Eleven economies, 25 years, 11,000 values, 100 ms an answer. Ours is told twice: up to checked rows
in memory, as the other two hand them over, and as a whole refresh from an empty archive, which also
writes forty snapshots so that they outlast a power cut. Seconds are printed and never asserted;
that all have the same values is.

    python -m pytest tests/benchmarks/bench_fetch.py -s
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
import wbdata
import wbgapi

from pipeline.catalog.models import Catalog
from pipeline.ingest import refresh as refreshing
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import Fetched, Series, batches_of, fetch_batch
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_observations, read_snapshots
from pipeline.ingest.sidecar import SidecarDraft
from pipeline.settings import Settings
from tests.doubles.http_double import Fault
from tests.doubles.live_catalog import live_catalog, live_indicator, publisher
from tests.doubles.world_bank import NAMES, WorldBankDouble

CODES = tuple(f"IT.NET.X{number:02}.ZS" for number in range(40))
ECONOMIES = tuple(sorted(set(NAMES) - {"EUU"}))
LISTED = (*ECONOMIES, "USA")
"""wbgapi takes it for granted that this one is there."""
YEARS = range(2000, 2025)
LATENCY_S = 0.1
FLAGGED = (CODES[3], "CHN", 2020)
ROUNDS = 5

Key = tuple[str, str, int]


class ClientsDouble(WorldBankDouble):
    """The World Bank, with the other addresses that the two clients know it by."""

    def answer(self, target: str) -> Fault:
        url = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        path = url.path.removeprefix("/v2/en/")
        page, size = int(query.get("page", 1)), int(query.get("per_page", 50))
        match path.split("/"):
            case ["region" | "incomelevel" | "lendingtype"]:
                return listed("[]", 0)
            case ["country", "all"]:
                return listed(f"[{','.join(map(country, LISTED))}]", len(LISTED))
            case ["sources", "2", "concepts"]:
                return concept_list([concept(c, c) for c in ("Country", "Series", "Time")])
            case ["sources", "2", "time", "all"]:
                years = ",".join(f'{{"id":"YR{y}","value":"{y}"}}' for y in YEARS)
                return concept_list([concept("Time", "Time", years)])
            case ["sources", "2", "series", codes, "country", places, "time", times]:
                return self._by_concept(codes.split(";"), places.split(";"), times, page, size)
        old = target.replace("/countries/", "/country/").replace("/indicators/", "/indicator/")
        return super().answer(old)

    def _by_concept(
        self, codes: list[str], places: list[str], times: str, page: int, size: int
    ) -> Fault:
        years = [int(t.removeprefix("YR")) for t in times.split(";")]
        cells = [(code, e, y) for code in codes for e in places for y in years]
        rows = [
            concept_row(e, y, self.series[code][e, y], code)
            for code, e, y in cells[(page - 1) * size : page * size]
        ]
        head = concept_head(page, len(cells), size)
        return Fault(body=f'{{{head},"source":{{"id":"2","data":[{",".join(rows)}]}}}}'.encode())


def concept_head(page: int, total: int, size: int) -> str:
    return f'"page":{page},"pages":{-(-total // size)},"per_page":{size},"total":{total}'


def concept_row(economy: str, year: int, value: object, code: str) -> str:
    ids = {"Country": economy, "Time": f"YR{year}", "Series": code}
    variables = ",".join(
        f'{{"concept":"{name}","id":"{id_}","value":"{id_.removeprefix("YR")}"}}'
        for name, id_ in ids.items()
    )
    return f'{{"variable":[{variables}],"value":{value}}}'


def listed(rows: str, total: int) -> Fault:
    head = f'{{"page":1,"pages":1,"per_page":"1000","total":{total}}}'
    return Fault(body=f"[{head},{rows}]".encode())


def concept(name: str, value: str, variables: str = "") -> str:
    return f'{{"id":"{name}","value":"{value}","variable":[{variables}]}}'


def concept_list(concepts: list[str]) -> Fault:
    head = concept_head(1, len(concepts), 1000)
    return Fault(body=f'{{{head},"source":[{{"concept":[{",".join(concepts)}]}}]}}'.encode())


def country(code: str) -> str:
    places = ",".join(
        f'"{name}":{{"id":"{"NA" if code == "WLD" else "X"}","value":""}}'
        for name in ("region", "adminregion", "lendingType", "incomeLevel")
    )
    return (
        f'{{"id":"{code}","iso2Code":"{code[:2]}","name":"{NAMES.get(code, code)}",'
        f'"capitalCity":"","longitude":"","latitude":"",{places}}}'
    )


@pytest.fixture
def double() -> Iterator[ClientsDouble]:
    cells = [(e, y) for e in ECONOMIES for y in YEARS]
    series = {
        code: {cell: f"{10 + n + k / 1000:.3f}" for k, cell in enumerate(cells)}
        for n, code in enumerate(CODES)
    }
    with ClientsDouble(series, years=(YEARS[0], YEARS[-1])) as started:
        started.flags[FLAGGED] = "E"
        yield started


@dataclass(frozen=True)
class Came:
    """What a client handed over: values by series, economy and year, and the flag of one."""

    values: dict[Key, float]
    flag: str | None


def by_wbdata(double: ClientsDouble, folder: Path) -> Came:
    """One indicator after another, as its own table of several does it."""
    client = wbdata.client.Client(cache_path=folder / "wbdata.cache")
    rows = [
        row
        for code in CODES
        for row in client.get_data(code, list(ECONOMIES), (str(YEARS[0]), str(YEARS[-1])))
    ]
    keyed = {(r["indicator"]["id"], r["countryiso3code"], int(r["date"])): r for r in rows}
    return Came({k: r["value"] for k, r in keyed.items()}, keyed[FLAGGED]["obs_status"])


def by_wbgapi(double: ClientsDouble, folder: Path) -> Came:
    """All indicators in one call of its own, which it pages."""
    rows = list(wbgapi.data.fetch(CODES, ECONOMIES, YEARS, numericTimeKeys=True))
    values = {(r["series"], r["economy"], r["time"]): r["value"] for r in rows}
    return Came(values, rows[0].get("obs_status"))


def by_connector(double: ClientsDouble, folder: Path) -> Came:
    """Batches as a refresh asks for them, each series checked and read."""
    settings = Settings(home=folder, world_bank_url=double.url)
    years = (YEARS[0], YEARS[-1])
    bank = publisher(connector="world_bank")
    asked = [Series(bank, live_indicator(code), ECONOMIES, years) for code in CODES]
    frames = []
    with Client(settings) as client:
        for batch in batches_of(settings, asked):
            for series, fetched in fetch_batch(client, settings, batch):
                assert isinstance(fetched, Fetched)
                draft = SidecarDraft(
                    publisher=bank.id,
                    indicators=(series.indicator.id,),
                    vintage=date(YEARS[-1], 6, 1),
                    vintage_basis=fetched.says,
                    licence=bank.licence.name,
                    attribution=bank.attribution,
                    source=fetched.source,
                    reader=fetched.reader,
                    constants=fetched.constants,
                    media_type=fetched.media_type,
                    requests=fetched.requests,
                )
                frames.append(read_observations(draft.with_bodies(fetched.bodies), fetched.bodies))
    return came_of(frames)


def by_refresh(double: ClientsDouble, folder: Path) -> Came:
    """A refresh of the project from an empty archive, and its figures read back from there."""
    archive = Archive(folder / "archive")
    settings = Settings(home=folder, world_bank_url=double.url)
    result = refreshing.refresh(archive, catalog(), settings, today=date(YEARS[-1], 6, 1))
    assert not result.failed
    return came_of([frame for _, frame in read_snapshots(archive, archive.snapshots())])


def catalog() -> Catalog:
    """The forty series, of eleven economies."""
    small = live_catalog(*(live_indicator(code) for code in CODES))
    china = small.economies["CHN"]
    economies = {e: china.model_copy(update={"code": e, "name": e}) for e in ECONOMIES}
    one = small.bloc.members[0]
    members = tuple(one.model_copy(update={"economy": e}) for e in ECONOMIES if e != "WLD")
    blocs = {**small.blocs, "sco": small.bloc.model_copy(update={"members": members})}
    return small.model_copy(update={"economies": {**economies, **small.economies}, "blocs": blocs})


def came_of(frames: Sequence[pd.DataFrame]) -> Came:
    found = pd.concat(frames, ignore_index=True)
    keys = list(zip(found["indicator"], found["economy"], map(int, found["year"]), strict=True))
    values = dict(zip(keys, map(float, found["value"]), strict=True))
    return Came(values, dict(zip(keys, found["status"], strict=True))[FLAGGED])


def forget() -> None:
    """Let wbgapi forget what it has looked up, as in a new process."""
    wbgapi.source._concepts.clear()
    wbgapi.time._time_values.clear()
    wbgapi.economy._localized_metadata.clear()
    wbgapi.economy._class_data = None


def test_forty_indicators(
    double: ClientsDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "FIRST_YEAR", YEARS[0])
    monkeypatch.setattr(wbdata.client, "COUNTRIES_URL", f"{double.url}/countries")
    monkeypatch.setattr(wbgapi, "endpoint", double.url)
    double.latency_s = LATENCY_S
    said = {
        (code, e, y): float(v)
        for code, cells in double.series.items()
        for (e, y), v in cells.items()
    }
    ways: dict[str, Callable[[ClientsDouble, Path], Came]] = {
        "wbdata 1.1.0": by_wbdata,
        f"wbgapi {wbgapi.__version__}": by_wbgapi,
        "rows in memory": by_connector,
        "whole refresh": by_refresh,
    }
    best: dict[str, float] = {}
    print(f"\n{'':14} seconds  requests    rows  obs_status")
    for name, way in ways.items():
        seconds = []
        for number in range(ROUNDS):
            folder = tmp_path / f"{name} {number}"
            folder.mkdir()
            forget()
            before = double.count()
            start = time.perf_counter()
            came = way(double, folder)
            seconds.append(time.perf_counter() - start)
            requests = double.count() - before
            assert came.values == said, f"{name} has other values"
        best[name] = min(seconds)
        flag = "kept" if came.flag == "E" else "lost"
        print(f"{name:14} {best[name]:7.2f}  {requests:8}  {len(came.values):6,}  {flag}")
    for ours in ("rows in memory", "whole refresh"):
        times = [
            f"{best[name] / best[ours]:.1f} times as fast as {name}" for name in list(ways)[:2]
        ]
        print(f"{ours}: {', '.join(times)}")
    assert came.flag == "E"
