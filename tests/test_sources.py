"""How publishers stand: what is kept of asking them, and what ``sco sources`` makes of it."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.catalog import Catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.asked import last_asked, note
from pipeline.ingest.refresh import PublisherResult, SeriesResult, State
from pipeline.settings import Settings, settings
from pipeline.sources import SourceStatus, statuses
from tests.conftest import Run

FIRST = datetime(2026, 11, 1, 4, tzinfo=UTC)
THEN = datetime(2026, 11, 2, 4, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def answer(*states: State) -> PublisherResult:
    series = [
        SeriesResult(f"S{n}", state, "no answer in time" if state == "failed" else "")
        for n, state in enumerate(states)
    ]
    return PublisherResult("itu", tuple(series), requests=3, bytes=2_000)


class TestWhatIsKept:
    def test_a_publisher_that_was_never_asked_has_nothing(self, here: Settings) -> None:
        assert last_asked(here, "itu") is None

    def test_what_came_is_kept_with_its_reasons(self, here: Settings) -> None:
        note(here, answer("new", "unchanged", "failed"), FIRST)
        asked = last_asked(here, "itu")
        assert asked is not None
        assert (asked.at, asked.succeeded_at, asked.changed_at) == (FIRST, None, FIRST)
        assert (asked.new, asked.unchanged, asked.failed) == (1, 1, {"S2": "no answer in time"})
        assert (asked.requests, asked.bytes) == (3, 2_000)

    def test_a_bad_day_does_not_wipe_out_the_last_good_one(self, here: Settings) -> None:
        note(here, answer("new"), FIRST)
        note(here, answer("failed"), THEN)
        asked = last_asked(here, "itu")
        assert asked is not None
        assert (asked.at, asked.succeeded_at, asked.changed_at) == (THEN, FIRST, FIRST)

    def test_saying_the_same_is_a_success_and_no_change(self, here: Settings) -> None:
        note(here, answer("new"), FIRST)
        note(here, answer("unchanged"), THEN)
        asked = last_asked(here, "itu")
        assert asked is not None
        assert (asked.succeeded_at, asked.changed_at) == (THEN, FIRST)

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"at": "yesterday"}', "null"])
    def test_a_damaged_note_is_as_none_and_is_replaced(self, here: Settings, text: str) -> None:
        note(here, answer("new"), FIRST)
        (path,) = (here.home / "asked").iterdir()
        path.write_text(text, "utf-8")
        assert last_asked(here, "itu") is None
        note(here, answer("unchanged"), THEN)
        asked = last_asked(here, "itu")
        assert asked is not None
        assert asked.at == THEN


class TestHowTheyStand:
    @pytest.fixture
    def status(self, bundled_archive: Archive, catalog: Catalog, here: Settings) -> "Status":
        def of(publisher: str, today: date) -> SourceStatus:
            found = statuses(bundled_archive, catalog, here, today=today)
            (one,) = (s for s in found if s.publisher == publisher)
            return one

        return of

    @pytest.mark.parametrize(
        ("today", "freshness"),
        [(date(2026, 5, 1), "fresh"), (date(2026, 7, 15), "fresh"), (date(2026, 7, 16), "due"),
         (date(2026, 9, 28), "due"), (date(2026, 9, 29), "stale")],
    )  # fmt: skip
    def test_age_is_held_against_the_cadence(
        self, status: "Status", today: date, freshness: str
    ) -> None:
        found = status("world_bank_wdi", today)
        assert (found.newest, found.cadence_days) == (date(2026, 5, 1), 75)
        assert (found.age_days, found.freshness) == ((today - date(2026, 5, 1)).days, freshness)

    def test_a_set_that_is_closed_is_not_late(self, status: "Status") -> None:
        found = status("imf_dots", date(2026, 5, 1))
        assert (found.newest, found.freshness) == (date(2021, 12, 31), "closed")

    def test_a_publisher_of_whom_nothing_is_held_says_so(self, status: "Status") -> None:
        found = status("itu_datahub", date(2026, 5, 1))
        assert (found.newest, found.age_days, found.freshness, found.snapshots) == (
            None, None, "none", 0,
        )  # fmt: skip

    def test_without_a_warehouse_coverage_is_unknown(self, status: "Status") -> None:
        assert status("un_egdi", date(2026, 5, 1)).covered is None

    def test_coverage_counts_series_and_states_with_a_figure(
        self, bundled_archive: Archive, catalog: Catalog, bundled: Path, tmp_path: Path
    ) -> None:
        here = Settings(home=tmp_path / "home")
        here.warehouse_path.parent.mkdir(parents=True)
        here.warehouse_path.symlink_to(bundled)
        found = {
            s.publisher: (s.covered, s.pairs)
            for s in statuses(bundled_archive, catalog, here, today=date(2026, 5, 1))
        }
        # both trade series are of all ten; six e-government series, too
        assert found["imf_dots"] == (20, 20)
        assert found["un_egdi"] == (60, 60)
        assert found["itu_datahub"] == (0, 10 * len(catalog.indicators_of("itu_datahub")))


Status = Callable[[str, date], SourceStatus]


@pytest.fixture
def sco(run_sco: Run) -> Run:
    """Run the command with a state of its own, which ``settings()`` is about from now on."""
    settings.cache_clear()
    return run_sco


def test_the_command_tells_each_publisher_and_what_failed(sco: Run) -> None:
    note(settings(), answer("new", "failed"), FIRST)
    itu = PublisherResult("itu_datahub", answer("failed").series, 1, 0)
    note(settings(), itu, FIRST)
    code, out, _ = sco("sources")
    assert code == 0
    assert "2026-11-01" in out
    assert "itu_datahub S0: no answer in time" in out.splitlines()[-1]


def test_scripts_are_told_the_same(sco: Run) -> None:
    code, out, _ = sco("sources", "--json")
    found = {entry["publisher"]: entry for entry in json.loads(out)}
    assert code == 0
    assert found["itu_datahub"]["asked"] is None
    assert found["imf_dots"]["connector"] is None


def test_a_dry_run_of_a_refresh_asks_nobody_and_names_every_request(sco: Run) -> None:
    # nobody listens there, so that asking would fail
    code, out, _ = sco("refresh", "--dry-run", "--base-url", "http://127.0.0.1:9", "--json")
    plans = json.loads(out)
    urls = [url for plan in plans for url in plan["requests"]]
    assert code == 0
    assert all(url.startswith("http://127.0.0.1:9/") for url in urls)
    assert {plan["publisher"] for plan in plans} >= {"itu_datahub", "world_bank_wdi"}
    assert len(urls) == len(set(urls))


def test_a_dry_run_says_how_much_would_be_asked(sco: Run) -> None:
    code, out, _ = sco("refresh", "--dry-run", "--publisher", "pch")
    assert code == 0
    assert "data360api.worldbank.org" in out
    assert out.splitlines()[-1].startswith("at least 1 request for at most ")
