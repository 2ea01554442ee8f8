"""Asking a publisher in a step: what is tried again, and what is not."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline import alerts
from pipeline.assets import archive as steps
from pipeline.assets import automation
from pipeline.assets.archive import RETRIES, build_archive, fetch_config
from pipeline.assets.project import Project
from pipeline.errors import ArchiveError
from tests.doubles.http_double import Fault, html
from tests.doubles.world_bank import WorldBankDouble
from tests.small_project import small_settings


@pytest.fixture
def project(tmp_path: Path, small_bundled: Path) -> Project:
    return Project(small_settings(tmp_path, bundled_dir=small_bundled))


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "kind", "words", "seen"),
    [
        (html(502), "outage", "nothing came", "502 Bad Gateway"),
        (Fault(body=b'{"v": 3}'), "shape", "another shape than expected", "a list of a head"),
    ],
)
def test_check_and_alert_name_the_publisher_the_kind_and_the_first_wrong_thing(
    tmp_path: Path,
    small_bundled: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
    kind: str,
    words: str,
    seen: str,
) -> None:
    sent: list[alerts.Alert] = []
    monkeypatch.setattr(automation, "send", lambda alert, _: sent.append(alert))
    with WorldBankDouble({}) as double, dg.DagsterInstance.ephemeral() as instance:
        double.fail("", fault, times=None)
        hurried = {"http_retries": 0, "http_backoff_s": 0, "world_bank_url": double.url}
        own = Project(small_settings(tmp_path, bundled_dir=small_bundled, **hurried))
        (step,) = [a for a in build_archive(own) if a.op.name == "archive_world_bank_wdi"]
        config = {step.op.name: fetch_config(own, fetch=True)["ops"][step.op.name]}
        result = dg.materialize([step], run_config={"ops": config}, instance=instance)
        context = dg.build_run_status_sensor_context(
            sensor_name="alert_on_publishers",
            dagster_event=result.get_run_success_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        )
        automation.build_publisher_alert(own)(context)

    failed = [c for c in result.get_asset_check_evaluations() if not c.passed]
    live = own.catalog.indicators_of("world_bank_wdi", live=True)
    assert len(failed) == len(live)
    assert {str(c.metadata["kind"].value) for c in failed} == {kind}
    assert all((c.description or "").startswith(f"World Bank: {words}: ") for c in failed)
    (alert,) = sent
    assert alert.subject.endswith(f"not all series of World Bank ({kind})")
    summary, first = alert.body.splitlines()
    assert summary.startswith("World Bank (world_bank_wdi): ")
    assert f"{len(live)} failed" in summary
    assert f": {words}: " in first
    assert seen in first


def test_where_all_publishers_answer_nobody_is_alarmed() -> None:
    went_well = {
        "failures": [],
        "publisher": "a",
        "name": "A",
        "kinds": {},
        "summary": "",
        "first": "",
    }

    assert alerts.of_publishers("run 1 of refresh", [went_well]) is None
