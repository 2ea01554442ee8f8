"""Flows of one data set of UNCTADstat come in one request, and are series of their own then."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.catalog import Catalog
from pipeline.errors import SourceError
from pipeline.ingest import unctad
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import Fetched, Series, batches_of, fetch_batch, requests_of
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_observations
from pipeline.ingest.refresh import PublisherResult, refresh
from pipeline.settings import Settings
from tests.doubles.http_double import Fault
from tests.doubles.live_catalog import fast_settings
from tests.doubles.unctad import GOODS, SERVICES, Cells, UnctadDouble
from tests.ingest.made_up import cells

EXPORTS, IMPORTS = "UNCTAD.DDS.EXPORTS", "UNCTAD.DDS.IMPORTS"
PATH = f"/bulkdownload/{SERVICES}/{SERVICES.replace('.', '_')}"


@pytest.fixture
def flows(catalog: Catalog) -> dict[str, Cells]:
    """A value a flow and state, for all states that the catalogue asks for."""
    publisher = catalog.publishers["unctad"]
    codes = {**catalog.m49, "WLD": "0000"}
    asked = [codes[e] for e in catalog.economies_asked_of(publisher) if e in codes]
    return {
        "Exports": {(code, 2023): "5" for code in asked},
        "Imports": {(code, 2023): "7" for code in asked},
    }


@pytest.fixture
def double(flows: dict[str, Cells]) -> Iterator[UnctadDouble]:
    with UnctadDouble(flows) as started:
        yield started


@pytest.fixture
def settings(double: UnctadDouble, tmp_path: Path) -> Settings:
    return fast_settings("http://127.0.0.1:9", tmp_path, unctad_url=double.url)


@pytest.fixture
def asked(catalog: Catalog) -> tuple[Series, ...]:
    """Both flows, as the catalogue has them."""
    publisher = catalog.publishers["unctad"]
    economies = catalog.economies_asked_of(publisher)
    return tuple(
        Series(publisher, catalog.indicators[code], economies, (1990, 2026), catalog.m49)
        for code in (IMPORTS, EXPORTS)
    )


def codes(batch: tuple[Series, ...]) -> list[str]:
    return [series.indicator.id for series in batch]


def test_flows_of_one_data_set_are_asked_for_together(
    settings: Settings, asked: tuple[Series, ...]
) -> None:
    (batch,) = batches_of(settings, asked)
    assert codes(batch) == [EXPORTS, IMPORTS]
    assert requests_of(settings, batch) == [settings.unctad_url + PATH]


def test_another_data_set_is_another_request(settings: Settings, asked: tuple[Series, ...]) -> None:
    exports, imports = asked
    goods = exports.indicator.model_copy(
        update={"id": "GOODS", "live_code": f"{GOODS}/Exports", "unit": "% of goods exports"}
    )
    batches = batches_of(settings, (exports, replace(exports, indicator=goods), imports))
    assert sorted(map(codes, batches)) == [["GOODS"], [EXPORTS, IMPORTS]]


def test_a_series_of_a_batch_is_what_it_is_alone(
    settings: Settings, asked: tuple[Series, ...], double: UnctadDouble
) -> None:
    with Client(settings) as client:
        (batch,) = batches_of(settings, asked)
        together = {s.indicator.id: came for s, came in fetch_batch(client, settings, batch)}
        assert double.asked == [PATH]
        for series in asked:
            alone = unctad.fetch(client, settings, series)
            found = together[series.indicator.id]
            assert isinstance(found, Fetched)
            assert found.constants == alone.constants
            assert found.requests == alone.requests
            assert found.says_the_same(alone.bodies)


def test_what_cannot_be_asked_for_is_named_and_takes_no_other_with_it(
    settings: Settings, asked: tuple[Series, ...]
) -> None:
    exports, imports = asked
    odd = replace(exports, indicator=exports.indicator.model_copy(update={"live_code": "odd"}))
    with Client(settings) as client:
        came = {
            series.indicator.id: answer
            for batch in batches_of(settings, (odd, imports))
            for series, answer in fetch_batch(client, settings, batch)
        }
    assert isinstance(came[odd.indicator.id], SourceError)
    assert "live_code is 'odd'" in str(came[odd.indicator.id])
    assert isinstance(came[imports.indicator.id], Fetched)


def test_of_a_data_set_that_does_not_come_every_series_says_so(
    settings: Settings, asked: tuple[Series, ...], double: UnctadDouble
) -> None:
    double.fail(SERVICES, Fault(cut=20), times=None)
    with Client(settings) as client:
        (batch,) = batches_of(settings, asked)
        came = fetch_batch(client, settings, batch)
    assert [s.indicator.id for s, _ in came] == [EXPORTS, IMPORTS]
    assert all(isinstance(answer, SourceError) for _, answer in came)


def test_a_flow_of_which_nothing_is_new_keeps_its_vintage(
    settings: Settings,
    catalog: Catalog,
    archive: Archive,
    double: UnctadDouble,
    flows: dict[str, Cells],
) -> None:
    def on(day: int) -> PublisherResult:
        result = refresh(
            archive, catalog, settings, today=date(2026, 11, day), publishers=["unctad"],
            clock=lambda: datetime(2026, 11, day, tzinfo=UTC),
        )  # fmt: skip
        return result.publishers[0]

    def states(result: PublisherResult) -> dict[str, str]:
        return {s.indicator: s.state for s in result.series}

    first = on(24)
    assert (states(first), first.requests) == ({EXPORTS: "new", IMPORTS: "new"}, 1)
    both = archive.snapshots()
    assert len({part.sha256 for s in both for part in s.parts}) == 1
    double.flows[SERVICES] = {**flows, "Exports": {**flows["Exports"], ("156", 2023): "6"}}
    assert states(on(25)) == {EXPORTS: "new", IMPORTS: "unchanged"}
    (newest,) = (s for s in archive.snapshots() if s.vintage.day == 25)
    assert cells(read_observations(newest, archive.read(newest)))["CHN", 2023] == "6"
