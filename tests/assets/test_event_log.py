"""The event log: what belongs together is stored together, or not at all."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import dagster as dg
import pytest
from dagster._core.events import AssetMaterializationPlannedData, DagsterEvent, DagsterEventType
from sqlalchemy.exc import StatementError

from pipeline.dagster_event_log import EventLog


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    instance = dg.DagsterInstance.ephemeral()
    log = EventLog(str(tmp_path))
    log.register_instance(instance)
    yield log
    log.dispose()


def entry(asset: str, timestamp: float = 1.0) -> dg.EventLogEntry:
    planned = AssetMaterializationPlannedData(dg.AssetKey(asset))
    return dg.EventLogEntry(
        error_info=None,
        level=10,
        user_message="",
        run_id="run",
        timestamp=timestamp,
        job_name="job",
        dagster_event=DagsterEvent(
            DagsterEventType.ASSET_MATERIALIZATION_PLANNED.value,
            job_name="job",
            event_specific_data=planned,
        ),
    )


def stored(log: EventLog) -> list[str]:
    found = [e.get_dagster_event().asset_key for e in log.get_logs_for_run("run")]
    return [key.to_user_string() for key in found if key]


def test_a_batch_is_stored_in_its_order_with_its_assets(log: EventLog) -> None:
    log.store_event_batch([entry(name) for name in ("b", "a", "c")])
    assert stored(log) == ["b", "a", "c"]
    keys = [dg.AssetKey(name) for name in ("a", "b", "c", "d")]
    assert [log.has_asset_key(key) for key in keys] == [True, True, True, False]


def test_of_a_batch_that_fails_nothing_is_stored_and_the_log_goes_on(log: EventLog) -> None:
    with pytest.raises((StatementError, TypeError, ValueError)):
        log.store_event_batch([entry("a"), entry("b", timestamp=float("nan"))])
    assert stored(log) == []
    log.store_event(entry("a"))
    assert stored(log) == ["a"]


def test_threads_have_transactions_of_their_own(log: EventLog) -> None:
    writers = [
        Thread(target=log.store_event_batch, args=([entry(f"{n}_{i}") for i in range(20)],))
        for n in range(4)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(stored(log)) == sorted(f"{n}_{i}" for n in range(4) for i in range(20))


def test_a_table_that_is_not_there_is_not_taken_for_one_that_is(log: EventLog) -> None:
    assert log.has_table("event_logs")
    assert not log.has_table("no_such_table")
