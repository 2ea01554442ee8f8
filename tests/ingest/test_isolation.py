"""Any publisher down, slow, changed or talking nonsense: the others are whole, and what it was is
told in words and in a word for machines."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.catalog.models import Catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.asked import last_asked
from pipeline.ingest.failure import WORDS, Kind
from pipeline.ingest.refresh import PublisherResult, RefreshResult, refresh
from pipeline.settings import Settings
from tests.doubles.data360 import Data360Double
from tests.doubles.http_double import Fault, html, status
from tests.doubles.imts import ImtsDouble
from tests.doubles.live_catalog import WDI, fast_settings, live_catalog, live_indicator, publisher
from tests.doubles.publishers import PublishersDouble
from tests.doubles.uis import UisDouble
from tests.doubles.world_bank import ARCHIVED, INVALID_VALUE, WorldBankDouble

TODAY, LATER = date(2025, 11, 24), date(2025, 12, 5)
NET, POP, COVERED, FLOW, STEM = "IT.NET.USER.ZS", "SP.POP.TOTL", "ITU_DH_POP_COV_4G", "X.F", "FOSGP"
PATHS = {WDI: "/v2/", "itu": "/data360/", "imf": "/external/", "uis": "/data/indicators"}
"""Where each publisher is asked for figures."""


@pytest.fixture
def catalog() -> Catalog:
    found = live_catalog(
        live_indicator(NET),
        live_indicator(POP),
        live_indicator(COVERED, publisher="itu"),
        live_indicator(FLOW, publisher="imf", live_code="XG_FOB_USD"),
        live_indicator(STEM, publisher="uis"),
    )
    more = [
        publisher("itu", "ITU", connector="data360", database="ITU_DH", aggregates=False),
        publisher("imf", "IMF", connector="imf_imts", bilateral=True),
        publisher("uis", "UIS", connector="uis", aggregates=False),
    ]
    publishers = {**found.publishers, **{p.id: p for p in more}}
    return found.model_copy(update={"publishers": publishers})


@pytest.fixture
def double(catalog: Catalog) -> Iterator[PublishersDouble]:
    cells = {("CHN", 2023): "90.6"}
    bank = WorldBankDouble({NET: cells, POP: cells}, years=(1990, TODAY.year))
    itu = Data360Double({("ITU_DH", COVERED): cells})
    imf = ImtsDouble({"XG_FOB_USD": {("CHN", "TJK", 2023): ("7", "O")}})
    with PublishersDouble(bank, itu, imf) as started:
        started.uis = UisDouble({STEM: cells}, economies=set(catalog.economies))
        started.by_path["/api/public/"] = started.uis
        yield started


@dataclass(frozen=True)
class World:
    """An archive that is refreshed from the double."""

    archive: Archive
    settings: Settings
    catalog: Catalog

    def refresh(self, today: date = TODAY) -> RefreshResult:
        now = datetime(today.year, today.month, today.day, 4, tzinfo=UTC)
        return refresh(self.archive, self.catalog, self.settings, today=today, clock=lambda: now)


@pytest.fixture
def world(double: PublishersDouble, archive: Archive, catalog: Catalog, tmp_path: Path) -> World:
    hurried = fast_settings("http://nobody", tmp_path, http_retries=1, read_timeout_s=0.2)
    return World(archive, hurried.asking(double.origin), catalog)


def by_publisher(result: RefreshResult) -> dict[str, PublisherResult]:
    return {p.publisher: p for p in result.publishers}


FAULTS: dict[str, tuple[Callable[[], Fault], Kind]] = {
    "is down": (lambda: html(502), "outage"),
    "is silent": (lambda: Fault(hang=True), "outage"),
    "drips": (lambda: Fault(drip=True), "outage"),
    "breaks off": (lambda: Fault(reset_after=40), "outage"),
    "promises more than it sends": (lambda: Fault(extra_length=9), "outage"),
    "asks for patience": (lambda: status(429, Retry_After="0"), "outage"),
    "is behind a firewall": (lambda: html(403), "outage"),
    "speaks of an unknown address": (lambda: status(404, b"no such resource"), "refused"),
    "sends other JSON": (lambda: Fault(body=b'{"rows":[{"v":1}]}'), "shape"),
    "sends a list of nothing": (lambda: Fault(body=b"[]"), "shape"),
    "talks nonsense": (lambda: Fault(body=b"Good morning"), "shape"),
    "sends half of it": (lambda: Fault(cut=20), "shape"),
    "sends no text": (lambda: Fault(body=b"\xff\xfe\x00"), "shape"),
}


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize(("fault", "kind"), FAULTS.values(), ids=FAULTS.keys())
def test_one_that_fails_takes_no_other_with_it(
    world: World, double: PublishersDouble, name: str, fault: Callable[[], Fault], kind: Kind
) -> None:
    double.fail(PATHS[name], fault(), times=None)
    quick = world.settings.model_copy(update={"request_time_limit_s": 1.0})

    results = by_publisher(World(world.archive, quick, world.catalog).refresh())
    for other in PATHS.keys() - {name}:
        assert [s.state for s in results[other].series] == ["new"] * len(results[other].series)
    assert {s.kind for s in results[name].failed} == {kind}
    first = results[name].first_failure
    assert first is not None
    assert first.reason.startswith(f"{WORDS[kind]}: ")
    noted = last_asked(world.settings, name)
    assert noted is not None
    assert set(noted.kinds.values()) == {kind}
    assert noted.failed.keys() == noted.kinds.keys()


@pytest.mark.parametrize("name", PATHS)
def test_figures_that_were_there_stand_and_say_since_when(
    world: World, double: PublishersDouble, name: str
) -> None:
    world.refresh()
    before = world.archive.snapshots()
    double.fail(PATHS[name], Fault(body=b'{"rows":[]}'), times=None)

    failed = by_publisher(world.refresh(LATER))[name].failed
    assert all("; the figures of 2025-11-24 stand" in s.reason for s in failed)
    assert world.archive.snapshots() == before


def test_a_refusal_in_the_publishers_own_words_is_no_outage(
    world: World, double: PublishersDouble
) -> None:
    for fault in (ARCHIVED, INVALID_VALUE):
        double.fail("/v2/", fault, times=2)

    assert {s.kind for s in by_publisher(world.refresh())[WDI].failed} == {"refused"}


def test_an_answer_without_a_value_is_told_apart(world: World, double: PublishersDouble) -> None:
    double.world_bank.series[NET].clear()

    (failed,) = by_publisher(world.refresh())[WDI].failed
    assert (failed.indicator, failed.kind) == (NET, "empty")


def test_a_column_of_another_name_is_another_shape(world: World, double: PublishersDouble) -> None:
    imf = double.by_path["/external/sdmx/"].answer
    asked = "/external/sdmx/2.1/data/IMF.STA,IMTS/CHN.XG_FOB_USD.TJK.A?startPeriod=1990"
    renamed = (imf(asked).body or b"").replace(b"OBS_VALUE", b"VALUE")
    double.fail("/external/", Fault(body=renamed), times=None)

    (failed,) = by_publisher(world.refresh())["imf"].failed
    assert failed.kind == "shape"
    assert "there is no OBS_VALUE" in failed.reason


def test_what_cannot_be_kept_is_ours(world: World) -> None:
    nowhere = World(Archive(None), world.settings, world.catalog)

    failed = by_publisher(nowhere.refresh())[WDI].failed
    assert {s.kind for s in failed} == {"ours"}
    assert failed[0].reason.startswith("not archived: ")


def test_a_note_of_an_older_version_is_read(world: World) -> None:
    world.refresh()
    path = world.settings.home / "asked" / f"{WDI}.json"
    path.write_text(path.read_text("utf-8").replace(',\n "kinds": {}', ""), "utf-8")
    assert "kinds" not in path.read_text("utf-8")

    noted = last_asked(world.settings, WDI)
    assert noted is not None
    assert noted.kinds == {}
