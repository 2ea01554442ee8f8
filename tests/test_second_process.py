"""The second process: what it is asked, what it answers, and that it outlives nobody."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import closing
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.assets.project import Project
from pipeline.errors import ReportError, RunError
from pipeline.garbage import FEW_COLLECTIONS
from pipeline.second_process import SecondProcess, has_second_core
from pipeline.settings import Settings
from tests.asked_of_second import (
    be_odd,
    give_a_lock,
    note,
    note_and_wait,
    refuse,
    stumble,
    talk,
    thresholds,
)

WITHIN_S = 30.0


@pytest.fixture
def second() -> Iterator[SecondProcess]:
    process = SecondProcess()
    yield process
    process.close()


def _gone(pid: int) -> bool:
    """Whether a process ends in time; one that nobody has waited for yet has ended, too."""
    for _ in range(int(WITHIN_S * 20)):
        if _has_ended(pid):
            return True
        time.sleep(0.05)
    return False


def _has_ended(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def _written(path: Path) -> int:
    for _ in range(int(WITHIN_S * 20)):
        if path.exists() and (text := path.read_text("utf-8")):
            return int(text)
        time.sleep(0.05)
    raise AssertionError(f"{path} was not written")


def test_it_is_another_process_that_keeps_to_the_order(second: SecondProcess) -> None:
    answers = [second.submit(divmod, n, 3) for n in range(50)]
    own = second.submit(os.getpid).result()

    assert [a.result() for a in answers] == [divmod(n, 3) for n in range(50)]
    assert own != os.getpid()
    assert second.submit(os.getpid).result() == own


def test_it_collects_garbage_as_seldom_as_the_command(second: SecondProcess) -> None:
    assert second.submit(thresholds).result() == FEW_COLLECTIONS


def test_its_errors_are_raised_where_they_are_waited_for(second: SecondProcess) -> None:
    refused = second.submit(refuse, "report.html")

    with pytest.raises(ReportError, match=r"^report\.html: refused$"):
        refused.result()
    assert second.submit(len, "goes on").result() == len("goes on")


@pytest.mark.parametrize(
    ("do", "told"), [(be_odd, "OddError: left right"), (give_a_lock, "TypeError: cannot pickle")]
)
def test_what_cannot_travel_is_told_in_words(second: SecondProcess, do: object, told: str) -> None:
    assert callable(do)
    with pytest.raises(RunError, match=told):
        second.submit(do).result()


def test_what_it_cannot_import_is_told_and_it_goes_on(
    second: SecondProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_here = ModuleType("sco_only_here")
    monkeypatch.setitem(sys.modules, only_here.__name__, only_here)
    exec("def do(): pass", vars(only_here))
    asked = second.submit(only_here.do)

    with pytest.raises(ModuleNotFoundError, match="sco_only_here"):
        asked.result(WITHIN_S)
    assert second.submit(len, "goes on").result(WITHIN_S) == len("goes on")


def test_a_bug_says_where_it_is(second: SecondProcess) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        second.submit(stumble).result()

    assert "in stumble" in raised.value.__notes__[0]


def test_what_is_printed_there_is_no_answer_and_no_output(
    second: SecondProcess, capfd: pytest.CaptureFixture[str]
) -> None:
    assert second.submit(talk).result() == "an answer"
    second.close()
    assert capfd.readouterr() == ("", "a library that prints\n")


def test_one_that_is_killed_is_told_with_what_it_worked_on(
    second: SecondProcess, tmp_path: Path
) -> None:
    asked: Future[None] = second.submit(note_and_wait, tmp_path / "pid")
    os.kill(_written(tmp_path / "pid"), signal.SIGKILL)

    with pytest.raises(RunError, match=r"ended while it worked \(note_and_wait\).*short of memory"):
        asked.result(WITHIN_S)


def test_closed_it_ends_at_once_and_what_waits_is_cancelled(
    second: SecondProcess, tmp_path: Path
) -> None:
    second.submit(note_and_wait, tmp_path / "pid")
    waiting = second.submit(os.getpid)
    pid = _written(tmp_path / "pid")
    second.close()

    assert _gone(pid)
    with pytest.raises(CancelledError):
        waiting.result(WITHIN_S)
    assert second.submit(os.getpid).result() != pid


STARTS_ONE: str = """
import sys
from pathlib import Path
from pipeline.second_process import SecondProcess
from tests.asked_of_second import note_and_wait
SecondProcess().submit(note_and_wait, Path(sys.argv[1])).result()
"""


def test_it_ends_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    starter = subprocess.Popen([sys.executable, "-c", STARTS_ONE, str(tmp_path / "pid")])
    pid = _written(tmp_path / "pid")
    starter.kill()
    starter.wait()

    assert _gone(pid)


def test_a_project_has_one_where_it_is_wanted_and_a_core_is_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.assets.project.has_second_core", lambda: True)
    with Project(Settings()).beside() as beside:
        other = beside.submit(os.getpid).result()
    assert other != os.getpid()
    assert _gone(other)


def test_one_that_was_got_ready_and_not_used_ends_with_the_project(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("pipeline.assets.project.has_second_core", lambda: True)
    monkeypatch.setattr(
        "pipeline.assets.project.get_ready_to_judge", partial(note, tmp_path / "pid")
    )
    with closing(Project(Settings())) as project:
        project.prepare()
        pid = _written(tmp_path / "pid")
        assert not _has_ended(pid)
    assert _gone(pid)


@pytest.mark.parametrize("cores", [None, 1, 2])
def test_where_the_system_does_not_say_whose_they_are_all_cores_count(
    cores: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert has_second_core() == (cores == 2)


@pytest.mark.parametrize(("wanted", "core"), [(False, True), (True, False)])
def test_elsewhere_a_thread_does_the_same(
    wanted: bool, core: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.assets.project.has_second_core", lambda: core)
    project = Project(Settings(second_process=wanted))
    project.prepare()
    with project.beside() as beside:
        assert beside.submit(os.getpid).result() == os.getpid()
