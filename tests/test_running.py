"""Runs of one project: one after the other, and what a killed one leaves is swept by the next."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import dagster as dg
import pytest

from pipeline import running
from pipeline.errors import ArchiveError, RunError
from pipeline.running import end_killed_runs, is_running, work_folder
from pipeline.settings import Settings
from pipeline.stages import WAIT, Stage, listening

_FORK = multiprocessing.get_context("fork")
RUN = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", editions_dir=tmp_path / "editions")


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as found:
        yield found


def _run(here: Settings, ready: Connection) -> None:
    with running.running(here, RUN):
        ready.send("at work")
        ready.recv()


def _work(here: Settings, ready: Connection) -> None:
    with work_folder(here, "verify") as folder:
        (folder / "half").write_text("", "utf-8")
        ready.send(str(folder))
        ready.recv()


@contextmanager
def another(
    job: Callable[[Settings, Connection], None], here: Settings
) -> Iterator[tuple[BaseProcess, Connection, str]]:
    """Another process at its job, a connection whose message lets it end, and what it says."""
    ours, theirs = _FORK.Pipe()
    process = _FORK.Process(target=job, args=(here, theirs))
    process.start()
    try:
        yield process, ours, ours.recv()
    finally:
        process.kill()
        process.join()


def kill(process: BaseProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def test_a_run_waits_for_the_one_under_way_and_says_so(here: Settings) -> None:
    stages: list[Stage] = []

    def hear(stage: Stage) -> None:
        stages.append(stage)
        other.send("end")

    with (
        another(_run, here) as (process, other, _),
        listening(hear),
        running.running(here, "mine"),
    ):
        process.join(30)
        assert process.exitcode == 0
        assert is_running(here, "mine")
    assert [(s.name, s.state) for s in stages] == [(WAIT, "started"), (WAIT, "done")]
    assert not is_running(here, "mine")


def test_a_run_that_waits_for_too_long_says_for_what(
    here: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "TURN_TIMEOUT_S", 0.05)
    with (
        another(_run, here),
        pytest.raises(RunError, match=r"another run .* at work for 0\.05 s; wait until"),
        running.running(here, "mine"),
    ):
        pytest.fail("it is not its turn")


def test_a_killed_run_hands_on_its_turn_and_dagster_is_told(
    here: Settings, instance: dg.DagsterInstance
) -> None:
    instance.create_run_for_job(
        dg.job(name="nothing")(lambda: None), run_id=RUN, status=dg.DagsterRunStatus.STARTED
    )
    with another(_run, here) as (process, _, _):
        assert end_killed_runs(here, instance) == ()
        kill(process)

    with running.running(here, "mine"):
        assert end_killed_runs(here, instance) == (RUN,)
    run = instance.get_run_by_id(RUN)
    assert run is not None
    assert run.status == dg.DagsterRunStatus.FAILURE
    assert list(here.home.rglob("*.lock")) == []


def test_a_run_killed_before_dagster_knew_of_it_leaves_no_lock(
    here: Settings, instance: dg.DagsterInstance
) -> None:
    with another(_run, here) as (process, _, _):
        end_killed_runs(here, instance)
        assert is_running(here, RUN)
        kill(process)

    assert end_killed_runs(here, instance) == ()
    assert list(here.home.rglob("*.lock")) == []


def test_a_folder_to_work_in_is_gone_after_the_work_and_after_a_failure(here: Settings) -> None:
    with suppress(ValueError), work_folder(here, "verify") as folder:
        assert folder.is_dir()
        raise ValueError("the work failed")
    assert list(folder.parent.iterdir()) == []
    assert list(here.home.rglob("*.lock")) == []


def test_what_a_killed_process_worked_in_is_swept_by_the_next_and_by_no_other(
    here: Settings,
) -> None:
    with another(_work, here) as (process, _, said):
        left = Path(said)
        with work_folder(here, "diff"):
            assert (left / "half").is_file()
        kill(process)
        assert (left / "half").is_file()

    with work_folder(here, "backfill") as own:
        assert list(left.parent.iterdir()) == [own]


def test_without_room_to_work_the_folder_is_named(here: Settings) -> None:
    here.home.write_text("a file in its place", "utf-8")
    with (
        pytest.raises(ArchiveError, match=r"work: no room to work in: a part of the path is a"),
        work_folder(here, "verify"),
    ):
        pytest.fail("there is no room")
