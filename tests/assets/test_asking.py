"""Asking a publisher in a step: what is tried again, and what is not."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline.assets import archive as steps
from pipeline.assets.archive import RETRIES, build_archive, fetch_config
from pipeline.assets.project import Project
from pipeline.errors import ArchiveError
from tests.small_project import small_settings


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(small_settings(tmp_path))


def ask(project: Project, monkeypatch: pytest.MonkeyPatch, error: Exception) -> tuple[Any, int]:
    """The result of asking a publisher that makes ``error``, and how often it was asked."""
    asked = []

    def refresh(*_: object, **__: object) -> None:
        asked.append(1)
        raise error

    monkeypatch.setattr(steps, "refresh", refresh)
    monkeypatch.setattr(steps, "RETRIES", dg.RetryPolicy(RETRIES.max_retries, delay=0))
    (step,) = [a for a in build_archive(project) if a.op.name == "archive_world_bank_wdi"]
    result = dg.materialize(
        [step],
        run_config={"ops": {step.op.name: fetch_config(project, fetch=True)["ops"][step.op.name]}},
        instance=dg.DagsterInstance.ephemeral(),
        raise_on_error=False,
    )
    return result, len(asked)


def test_a_cross_check_is_asked_by_name_only(project: Project) -> None:
    def asked(*publishers: str, fetch: bool = True) -> set[str]:
        ops = fetch_config(project, fetch=fetch, publishers=publishers)["ops"]
        return {name for name, op in ops.items() if op["config"]["fetch"]}

    assert {"archive_world_bank_wdi", "archive_unctad"} <= asked()
    assert "archive_un_comtrade" not in asked()
    assert asked("un_comtrade") == {"archive_un_comtrade"}
    assert asked(fetch=False) == asked("un_comtrade", fetch=False) == set()


def test_what_nobody_foresaw_is_tried_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    result, times = ask(project, monkeypatch, RuntimeError("a socket of another world"))
    assert not result.success
    assert times == 1 + RETRIES.max_retries


def test_what_we_say_ourselves_is_not(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    result, times = ask(project, monkeypatch, ArchiveError("the folder cannot be written"))
    (failure,) = result.filter_events(lambda e: e.is_step_failure)
    assert times == 1
    assert "the folder cannot be written" in failure.step_failure_data.error_display_string
