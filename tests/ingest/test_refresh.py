"""A refresh: what is new is archived, what is not is not, and no series takes another with it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from pipeline.catalog.models import Catalog
from pipeline.errors import CatalogError, SourceError
from pipeline.ingest import world_bank
from pipeline.ingest.archive import Archive
from pipeline.ingest.http import DOWN_AFTER
from pipeline.ingest.readers import read_snapshots
from pipeline.ingest.refresh import RefreshResult, SeriesResult, refresh
from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse.build import build_core
from pipeline.warehouse.store import connect_read_only
from tests.doubles.http_double import Fault, html
from tests.doubles.live_catalog import WDI, fast_settings, live_catalog, live_indicator
from tests.doubles.world_bank import INVALID_VALUE, WorldBankDouble, changed

NET, POP, GE = "IT.NET.USER.ZS", "SP.POP.TOTL", "GE.EST"
TODAY = date(2026, 11, 24)
LATER = date(2026, 12, 5)
RefreshIt = Callable[..., RefreshResult]


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    series: dict[str, dict[tuple[str, int], str]] = {
        NET: {("CHN", 2023): "90.6", ("TJK", 2021): "36.7"},
        POP: {("CHN", 2023): "1410710000"},
        "GOV_WGI_GE.EST": {("CHN", 2023): "0.67"},
    }
    with WorldBankDouble(series, sources={"GOV_WGI_GE.EST": 3}) as started:
        yield started


def three_series() -> Catalog:
    return live_catalog(
        live_indicator(NET),
        live_indicator(POP),
        live_indicator(GE, live_code="GOV_WGI_GE.EST", live_source=3),
        live_indicator("NOT.LIVE", live=False),
        live_indicator("TABLE", publisher="institute"),
    )


@pytest.fixture
def do(double: WorldBankDouble, archive: Archive, tmp_path: Path) -> RefreshIt:
    """Refreshes the archive from the double."""

    def run(
        catalog: Catalog | None = None,
        today: date = TODAY,
        publishers: tuple[str, ...] = (),
        progress: Callable[[SeriesResult], None] | None = None,
        hour: int = 4,
        **fields: Any,
    ) -> RefreshResult:
        return refresh(
            archive,
            catalog or three_series(),
            fast_settings(double.url, tmp_path, **fields),
            today=today,
            publishers=publishers,
            progress=progress,
            clock=lambda: datetime(today.year, today.month, today.day, hour, 5, 6, tzinfo=UTC),
        )

    return run


def states(result: RefreshResult) -> dict[str, str]:
    return {s.indicator: s.state for p in result.publishers for s in p.series}


def values(archive: Archive, indicator: str) -> list[dict[tuple[str, int], str]]:
    """What the snapshots of a series say, by vintage."""
    sidecars = [s for s in archive.snapshots() if s.indicators == (indicator,)]
    frames = [frame for _, frame in read_snapshots(archive, sidecars)]
    return [
        {(e, y): v for e, y, v in zip(f["economy"], f["year"], f["value"], strict=True)}
        for f in frames
    ]


def test_every_live_series_is_archived_as_received(
    do: RefreshIt, archive: Archive, double: WorldBankDouble
) -> None:
    assert states(do()) == {GE: "new", NET: "new", POP: "new"}

    assert values(archive, NET) == [{("CHN", 2023): "90.6", ("TJK", 2021): "36.7"}]
    assert values(archive, GE) == [{("CHN", 2023): "0.67"}]
    (sidecar,) = (s for s in archive.snapshots() if s.indicators == (POP,))
    assert archive.read(sidecar) == tuple(
        double.answer(asked).body for asked in double.asked if POP in asked
    )
    assert archive.verify().sound


def test_a_snapshot_says_where_it_comes_from_and_when_it_was_retrieved(
    do: RefreshIt, archive: Archive, double: WorldBankDouble
) -> None:
    do()

    (sidecar,) = (s for s in archive.snapshots() if s.indicators == (GE,))
    assert sidecar.vintage == TODAY
    assert sidecar.vintage_basis == ("day of retrieval; the publisher says lastupdated 2026-07-13")
    assert sidecar.retrieved_at == datetime(2026, 11, 24, 4, 5, 6, tzinfo=UTC)
    assert sidecar.source == f"{double.url}/indicator/GOV_WGI_GE.EST"
    assert [part.request for part in sidecar.parts] == [
        f"{double.url}/country/BLR;CHN;TJK;WLD/indicator/GOV_WGI_GE.EST"
        "?format=json&date=1990:2026&per_page=20000&source=3&page=1"
    ]
    assert (sidecar.licence, sidecar.attribution) == ("CC BY 4.0", "Figures, World Bank")


def test_the_same_bytes_on_a_later_day_add_nothing(do: RefreshIt, archive: Archive) -> None:
    first = do()
    before = archive.snapshots()

    again = do(today=LATER)
    assert set(states(again).values()) == {"unchanged"}
    assert archive.snapshots() == before
    assert [s.snapshot for s in again.publishers[0].series] == [
        s.snapshot for s in first.publishers[0].series
    ]


def test_a_body_that_changed_under_an_unchanged_date_is_a_later_snapshot(
    do: RefreshIt, archive: Archive, double: WorldBankDouble
) -> None:
    do()
    double.series[NET]["TJK", 2021] = "49.8"

    assert states(do(today=LATER)) == {GE: "unchanged", NET: "new", POP: "unchanged"}
    assert [v["TJK", 2021] for v in values(archive, NET)] == ["36.7", "49.8"]
    vintages = [s.vintage for s in archive.snapshots() if s.indicators == (NET,)]
    assert vintages == [TODAY, LATER]


def test_of_two_answers_on_one_day_the_later_speaks(
    do: RefreshIt, archive: Archive, double: WorldBankDouble, tmp_path: Path
) -> None:
    do(hour=4)
    del double.series[NET]["TJK", 2021]
    do(hour=5)

    path = tmp_path / "warehouse.duckdb"
    build_core(path, archive, three_series(), TODAY, PROJECT_ROOT / "sql")
    with connect_read_only(path) as con:
        rows = con.execute(
            "SELECT economy, year, value FROM core.current WHERE indicator = ?", [NET]
        ).fetchall()
    assert rows == [("CHN", 2023, 90.6)]


def test_a_withdrawn_value_is_gone_from_the_later_snapshot(
    do: RefreshIt, archive: Archive, double: WorldBankDouble
) -> None:
    do()
    del double.series[NET]["TJK", 2021]

    do(today=LATER)
    assert values(archive, NET)[1] == {("CHN", 2023): "90.6"}


def test_one_series_that_fails_does_not_stop_the_others(
    do: RefreshIt, archive: Archive, double: WorldBankDouble
) -> None:
    do()
    for code in (NET, POP):
        double.series[code]["BLR", 2022] = "7"
    double.fail(NET, html(502), times=None)

    result = do(today=LATER)
    assert states(result) == {GE: "unchanged", NET: "failed", POP: "new"}
    (failed,) = result.failed
    assert "502 Bad Gateway (asked 3 times); the figures of 2026-11-24 stand" in failed.reason
    assert len(values(archive, NET)) == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (INVALID_VALUE, "the publisher's message 120, Invalid value: “The provided parameter"),
        (changed(lambda rows: rows.pop()), "part 1: 143 rows, expected 144 by its head; "),
        (changed(lambda rows: rows.__setitem__(0, rows[1])), "grid: WLD 2024 stands twice; "),
        (Fault(cut=10), "(asked 3 times); "),
    ],
)
def test_what_is_not_what_was_asked_for_is_not_archived(
    do: RefreshIt, archive: Archive, double: WorldBankDouble, fault: Fault, told: str
) -> None:
    double.fail(NET, fault, times=None)

    (failed,) = do().failed
    assert failed.indicator == NET
    assert told in failed.reason
    assert failed.reason.endswith("; the archive has no figures of it")
    assert "\n" not in failed.reason
    assert [s.indicators for s in archive.snapshots()] == [(GE,), (POP,)]


def test_a_series_without_one_value_does_not_wipe_out_the_last_one(
    do: RefreshIt, archive: Archive, double: WorldBankDouble
) -> None:
    do()
    double.series[NET].clear()

    (failed,) = do(today=LATER).failed
    assert failed.reason == (
        "no values: the publisher has not one value for it; the figures of 2026-11-24 stand"
    )
    assert len(values(archive, NET)) == 1


def test_a_passing_fault_is_no_failure(do: RefreshIt, double: WorldBankDouble) -> None:
    double.fail("", html(502), times=2)

    assert do().failed == ()


def test_an_archive_that_cannot_be_written_fails_series_by_series(
    double: WorldBankDouble, tmp_path: Path
) -> None:
    settings = fast_settings(double.url, tmp_path)

    result = refresh(Archive(None), three_series(), settings, today=TODAY)
    assert set(states(result).values()) == {"failed"}
    assert "read-only" in result.failed[0].reason


def many_series(number: int) -> Catalog:
    return live_catalog(*(live_indicator(f"X.{n:02}") for n in range(number)))


def test_at_most_four_requests_are_under_way(
    do: RefreshIt, double: WorldBankDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world_bank, "ROWS_PER_PAGE", 150)  # a series a request
    double.gate = Barrier(4)
    double.series.update({f"X.{n:02}": {("CHN", 2020): "1"} for n in range(12)})

    assert set(states(do(many_series(12))).values()) == {"new"}
    assert double.most_at_once == 4


def test_a_publisher_that_is_down_is_not_asked_for_every_series(
    do: RefreshIt, double: WorldBankDouble
) -> None:
    double.fail("", html(502), times=None)

    result = do(many_series(40), http_retries=1)
    assert len(result.failed) == 40
    # those under way when it was noticed may have been sent
    assert double.count() <= 2 * (DOWN_AFTER + 4)
    told = [s.reason for s in result.failed if "not asked any more" in s.reason]
    assert len(told) >= 40 - DOWN_AFTER - 4
    assert "no usable answer to 5 requests in a row, the last: 502 Bad Gateway" in told[-1]


def test_the_summary_counts_series_requests_and_bytes(
    do: RefreshIt, double: WorldBankDouble
) -> None:
    double.fail(NET, html(502), times=1)
    double.fail(POP, INVALID_VALUE, times=None)

    (answer,) = do().publishers
    assert answer.publisher == WDI
    assert answer.summary == ("3 series: 2 new, 0 unchanged, 1 failed; 5 requests, 0.1 MB")


def test_progress_is_a_line_a_series(do: RefreshIt, double: WorldBankDouble) -> None:
    double.fail(POP, INVALID_VALUE, times=None)
    lines: list[str] = []

    do(progress=lambda series: lines.append(str(series)))
    assert len(lines) == 3
    assert {f"{NET}: new", f"{GE}: new"} < set(lines)
    assert any(
        line.startswith(f"{POP}: failed: refused: the publisher's message 120") for line in lines
    )


def test_results_stand_in_the_order_of_the_indicators(do: RefreshIt) -> None:
    (answer,) = do().publishers

    assert [s.indicator for s in answer.series] == [GE, NET, POP]


def test_the_publishers_named_are_asked(do: RefreshIt) -> None:
    assert [p.publisher for p in do(publishers=(WDI,)).publishers] == [WDI]


@pytest.mark.parametrize("name", ["institute", "nobody"])
def test_one_that_cannot_be_asked_is_named(do: RefreshIt, name: str) -> None:
    with pytest.raises(SourceError, match=f"publisher '{name}' cannot be asked; these can: {WDI}"):
        do(publishers=(name,))


def test_a_connector_that_does_not_exist_is_named(do: RefreshIt) -> None:
    catalog = three_series()
    strange = catalog.publishers[WDI].model_copy(update={"connector": "telegraph"})
    publishers = {WDI: strange}

    with pytest.raises(
        CatalogError, match=r"connector is 'telegraph', expected comtrade, .*world_bank"
    ):
        do(catalog.model_copy(update={"publishers": publishers}))


def test_a_double_can_publish_what_an_archive_holds(
    do: RefreshIt, archive: Archive, double: WorldBankDouble, tmp_path: Path
) -> None:
    do(live_catalog(live_indicator(NET)))
    ((_, frame),) = read_snapshots(archive, archive.snapshots())

    copy = Archive(tmp_path / "copy")
    with WorldBankDouble.of(frame) as second:
        settings = fast_settings(second.url, tmp_path)
        refresh(copy, live_catalog(live_indicator(NET)), settings, today=TODAY)
    assert values(copy, NET) == values(archive, NET)
