"""A backfill of releases: what is planned, what becomes of it, and what then speaks as of a day."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalog.models import Catalog
from pipeline.errors import SourceError
from pipeline.ingest.archive import Archive
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_snapshots
from pipeline.ingest.release_backfill import Plan, StepResult, backfill, plan_backfill
from pipeline.ingest.world_bank_releases import Release, fetch_releases
from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse.build import build_core
from pipeline.warehouse.store import connect_read_only
from tests.doubles.http_double import html
from tests.doubles.live_catalog import ECONOMIES, fast_settings, live_catalog, live_indicator
from tests.doubles.world_bank import Values, WorldBankDouble
from tests.ingest.conftest import MakeDraft

NET, POP = "IT.NET.USER.ZS", "SP.POP.TOTL"
TODAY = date(2026, 11, 24)
APRIL, JULY, NOVEMBER = Release("202504"), Release("202507"), Release("202611")
BackfillIt = Callable[..., tuple[StepResult, ...]]


def users(tjk_2021: str) -> Values:
    """A release in which only the value of Tajikistan in 2021 is of interest."""
    return {**{(economy, 2020): "50" for economy in ECONOMIES}, ("TJK", 2021): tjk_2021}


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    releases: dict[str, dict[str, Values]] = {
        "201712": {NET: users("0")},
        APRIL: {NET: users("49.8")},
        JULY: {NET: users("36.7"), POP: users("9966908")},
        NOVEMBER: {NET: users("36.6")},
    }
    with WorldBankDouble({}, releases=releases) as started:
        yield started


@pytest.fixture
def known(double: WorldBankDouble) -> list[Release]:
    return [Release(release) for release in double.releases]


def two_series() -> Catalog:
    return live_catalog(
        live_indicator(NET),
        live_indicator(POP, live=False),
        live_indicator("TABLE", publisher="institute"),
        live_indicator("SURVEY", live_source=28),
    )


@pytest.fixture
def do(double: WorldBankDouble, archive: Archive, tmp_path: Path) -> BackfillIt:
    """Backfills the archive from the double, from April 2025 on."""

    def run(
        last: Release | None = None,
        progress: Callable[[StepResult], None] | None = None,
        again: bool = False,
        **fields: Any,
    ) -> tuple[StepResult, ...]:
        fast = fast_settings(double.url, tmp_path, **fields)
        with Client(fast) as client:
            releases = fetch_releases(client, fast)
            made = plan_backfill(
                archive, two_series(), releases, first=APRIL, last=last, again=again
            )
            return backfill(
                archive,
                two_series(),
                fast,
                client,
                made,
                today=TODAY,
                progress=progress,
                clock=lambda: datetime(2026, 11, 24, 4, 5, 6, tzinfo=UTC),
            )

    return run


def states(results: tuple[StepResult, ...]) -> dict[tuple[str, str], str]:
    return {(r.release, r.indicator): r.state for r in results}


class TestPlan:
    """What is to be asked for."""

    def make(self, archive: Archive, known: list[Release], **options: Any) -> Plan:
        return plan_backfill(archive, two_series(), known, **({"first": APRIL} | options))

    def test_it_is_every_series_of_every_release_between(
        self, archive: Archive, known: list[Release]
    ) -> None:
        made = self.make(archive, known, last=Release("202606"))

        assert [(s.release, s.indicator.id, s.requests) for s in made.steps] == [
            (APRIL, NET, 1), (APRIL, POP, 1), (JULY, NET, 1), (JULY, POP, 1),
        ]  # fmt: skip
        assert (made.releases, made.requests) == ((APRIL, JULY), 4)

    def test_the_newest_release_is_the_last_by_default(
        self, archive: Archive, known: list[Release]
    ) -> None:
        assert self.make(archive, known).releases == (APRIL, JULY, NOVEMBER)

    def test_it_may_be_of_some_indicators(self, archive: Archive, known: list[Release]) -> None:
        made = self.make(archive, known, indicators=(POP,))

        assert {step.indicator.id for step in made.steps} == {POP}

    def test_a_month_that_the_archive_has_of_a_series_is_not_asked_for(
        self, archive: Archive, known: list[Release], make_draft: MakeDraft
    ) -> None:
        held, _ = archive.add(make_draft(vintage=date(2025, 4, 15)), [b"economy,year,value\n"])

        made = self.make(archive, known)
        assert [s.held for s in made.steps] == [held.snapshot, "", "", "", "", ""]
        assert [s.requests for s in made.steps] == [0, 1, 1, 1, 1, 1]
        assert (APRIL, NET) not in {(s.release, s.indicator.id) for s in made.asked}

    def test_unless_it_is_to_be_asked_again(
        self, archive: Archive, known: list[Release], make_draft: MakeDraft
    ) -> None:
        archive.add(make_draft(vintage=date(2025, 4, 15)), [b"economy,year,value\n"])

        assert len(self.make(archive, known, again=True).asked) == 6

    def test_years_without_a_release_are_an_error_that_says_what_there_is(
        self, archive: Archive, known: list[Release]
    ) -> None:
        with pytest.raises(SourceError, match=r"between 202701 and now; .* 4, from 201712 to 2026"):
            self.make(archive, known, first=Release("202701"))

    @pytest.mark.parametrize("name", ["TABLE", "NO.SUCH", "SURVEY"])
    def test_an_indicator_of_another_publisher_or_database_has_no_releases(
        self, archive: Archive, known: list[Release], name: str
    ) -> None:
        with pytest.raises(SourceError, match=f"indicator '{name}' has no archived releases"):
            self.make(archive, known, indicators=(name,))


def test_each_series_of_each_release_becomes_a_snapshot(do: BackfillIt, archive: Archive) -> None:
    results = do()

    assert states(results) == {
        (APRIL, NET): "new", (APRIL, POP): "absent", (JULY, NET): "new", (JULY, POP): "new",
        (NOVEMBER, NET): "new", (NOVEMBER, POP): "absent",
    }  # fmt: skip
    said = [
        (s.vintage, dict(zip(f["economy"] + f["year"].astype(str), f["value"], strict=True)))
        for s, f in read_snapshots(archive, archive.snapshots())
        if s.indicators == (NET,)
    ]
    assert [(vintage, values["TJK2021"]) for vintage, values in said] == [
        (date(2025, 4, 30), "49.8"), (date(2025, 7, 31), "36.7"), (TODAY, "36.6"),
    ]  # fmt: skip
    assert archive.verify().sound


def test_the_vintage_is_the_last_day_of_the_month_and_says_so(
    do: BackfillIt, archive: Archive, double: WorldBankDouble
) -> None:
    do()

    april, _, november = (s for s in archive.snapshots() if s.indicators == (NET,))
    assert april.vintage_basis == (
        "upper bound: last day of the month of the publisher's release 202504"
    )
    assert november.vintage_basis == (
        "upper bound: day of retrieval, in the month of the publisher's release 202611"
    )
    assert april.source == f"{double.url}/sources/57/series/{NET}/version/202504"
    assert april.retrieved_at == datetime(2026, 11, 24, 4, 5, 6, tzinfo=UTC)
    assert (april.publisher, april.licence) == ("world_bank_wdi", "CC BY 4.0")


def test_as_of_a_past_day_the_release_of_that_day_speaks(
    do: BackfillIt, archive: Archive, tmp_path: Path
) -> None:
    do()

    path = tmp_path / "warehouse.duckdb"
    found = {}
    for day in (date(2025, 5, 1), date(2025, 12, 31), TODAY):
        build_core(path, archive, two_series(), day, PROJECT_ROOT / "sql")
        with connect_read_only(path) as con:
            found[day.isoformat()] = con.execute(
                "SELECT value FROM core.current WHERE economy = 'TJK' AND year = 2021"
                " AND indicator = ?",
                [NET],
            ).fetchall()
    assert found == {
        "2025-05-01": [(49.8,)], "2025-12-31": [(36.7,)], "2026-11-24": [(36.6,)],
    }  # fmt: skip


def test_a_second_backfill_asks_only_for_what_is_not_there(
    do: BackfillIt, archive: Archive, double: WorldBankDouble
) -> None:
    do()
    before, asked = archive.snapshots(), double.count("/series/")

    assert states(do()) == {(APRIL, POP): "absent", (NOVEMBER, POP): "absent"}
    assert double.count("/series/") == asked + 2
    assert archive.snapshots() == before


def test_asked_again_the_same_bytes_add_nothing(do: BackfillIt, archive: Archive) -> None:
    do()
    before = archive.snapshots()

    again = states(do(again=True))
    assert set(again.values()) == {"unchanged", "absent"}
    assert archive.snapshots() == before


def test_a_release_that_drops_an_economy_is_not_archived(
    do: BackfillIt, archive: Archive, double: WorldBankDouble
) -> None:
    double.releases[APRIL][NET] = {("CHN", 2020): "70", ("WLD", 2020): "60"}

    (failed,) = [r for r in do() if r.state == "failed"]
    assert str(failed) == (
        "202504 IT.NET.USER.ZS: failed: grid: release 202504 left out BLR, TJK without a word"
    )
    assert date(2025, 4, 30) not in {s.vintage for s in archive.snapshots()}


def test_a_release_without_one_value_has_not_the_series(
    do: BackfillIt, double: WorldBankDouble
) -> None:
    double.releases[APRIL][NET] = {(economy, 1950): "1" for economy in ECONOMIES}

    assert states(do())[APRIL, NET] == "absent"


def test_one_that_fails_does_not_stop_the_others(do: BackfillIt, double: WorldBankDouble) -> None:
    double.fail(f"/series/{NET}/", html(502), times=3)

    result = states(do(max_requests_at_once=1))
    assert result[APRIL, NET] == "failed"
    assert result[JULY, NET] == result[JULY, POP] == "new"


def test_the_oldest_release_comes_first_and_progress_is_told(do: BackfillIt) -> None:
    told: list[StepResult] = []
    results = do(progress=told.append)

    assert [r.release for r in told] == [APRIL, APRIL, JULY, JULY, NOVEMBER, NOVEMBER]
    assert sorted(map(str, told)) == sorted(map(str, results))


def test_an_interrupt_in_mid_way_leaves_a_sound_archive(do: BackfillIt, archive: Archive) -> None:
    def stop(result: StepResult) -> None:
        if result.state == "new":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do(progress=stop)
    assert archive.verify().sound
    assert states(do())[JULY, POP] == "new"
