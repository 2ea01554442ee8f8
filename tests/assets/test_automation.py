"""The sensors: what they ask the publishers, what they remember, and what an alert says."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from pipeline.alerts import Alert
from pipeline.assets import automation
from pipeline.assets.project import Project
from pipeline.errors import SourceError
from pipeline.settings import Settings


@dataclass(frozen=True)
class Seen:
    digest: str
    summary: str = "4 bodies"


@pytest.fixture
def sensor(tmp_path: Path) -> dg.SensorDefinition:
    return automation.build_source_sensor(Project(Settings(home=tmp_path)))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as found:
        yield found


def look(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, cursor: str | None
) -> dg.SensorResult | dg.SkipReason:
    result = sensor(dg.build_sensor_context(instance=instance, cursor=cursor))
    assert isinstance(result, dg.SensorResult | dg.SkipReason)
    return result


def test_a_first_look_is_remembered_and_asks_for_nothing(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automation, "probe", lambda *_: Seen("a"))
    result = look(sensor, instance, None)
    assert isinstance(result, dg.SensorResult)
    assert (result.cursor, result.run_requests or []) == ("a", [])


def test_changed_bodies_ask_for_one_refresh(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automation, "probe", lambda *_: Seen("b"))
    result = look(sensor, instance, "a")
    assert isinstance(result, dg.SensorResult)
    (request,) = result.run_requests or []
    assert (request.run_key, result.cursor) == ("b", "b")


def test_the_same_bodies_ask_for_nothing(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automation, "probe", lambda *_: Seen("a"))
    assert isinstance(look(sensor, instance, "a"), dg.SkipReason)


def test_a_publisher_that_does_not_answer_is_named_and_nothing_is_forgotten(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> Seen:
        raise SourceError("World Bank: connection refused")

    monkeypatch.setattr(automation, "probe", down)
    result = look(sensor, instance, "a")
    assert isinstance(result, dg.SkipReason)
    assert "connection refused" in (result.skip_message or "")


def test_a_failed_run_is_told_with_its_step_and_reason(
    tmp_path: Path, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Alert] = []
    monkeypatch.setattr(automation, "send", lambda alert, _: sent.append(alert))

    @dg.op
    def fill_the_disk() -> None:
        raise OSError("no space left on device")

    @dg.job
    def refresh() -> None:
        fill_the_disk()

    result = refresh.execute_in_process(instance=instance, raise_on_error=False)
    context = dg.build_run_status_sensor_context(
        sensor_name="alert_on_failure",
        dagster_event=result.get_run_failure_event(),
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    ).for_run_failure()
    automation.build_failure_alert(Project(Settings(home=tmp_path)))(context)

    (alert,) = sent
    assert f"run {result.run_id[:8]} of refresh failed" in alert.subject
    assert "fill_the_disk" in alert.body
