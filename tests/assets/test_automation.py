"""The sensors: what they ask the publishers, what they remember, and what an alert says."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipeline.alerts import Alert
from pipeline.assets import automation
from pipeline.assets.project import Project
from pipeline.ingest.probe import Probe
from pipeline.settings import Settings


def seen(**digests: str) -> Probe:
    """A probe that every publisher answered."""
    return Probe(digests, {}, "4 bodies")


@pytest.fixture
def sensor(tmp_path: Path) -> dg.SensorDefinition:
    return automation.build_source_sensor(Project(Settings(home=tmp_path)))


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as found:
        yield found


def look(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, cursor: str | None
) -> dg.SensorResult:
    result = sensor(dg.build_sensor_context(instance=instance, cursor=cursor))
    assert isinstance(result, dg.SensorResult)
    return result


def test_a_first_look_is_remembered_and_asks_for_nothing(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automation, "probe", lambda *_: seen(bank="a"))
    result = look(sensor, instance, None)
    assert (result.cursor, result.run_requests or []) == ('{"bank": "a"}', [])
    assert "first look at bank" in (str(result.skip_reason))


def test_changed_bodies_ask_for_one_refresh_and_name_whose(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automation, "probe", lambda *_: seen(bank="b", union="u"))
    result = look(sensor, instance, '{"bank": "a", "union": "u"}')
    (request,) = result.run_requests or []
    assert request.tags["sco/changed"] == "bank"
    assert result.cursor == '{"bank": "b", "union": "u"}'


def test_figures_that_change_back_are_news_again(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = set()
    for before, now in (("a", "b"), ("b", "a"), ("a", "b")):
        monkeypatch.setattr(automation, "probe", lambda *_, told=now: seen(bank=told))
        (request,) = look(sensor, instance, f'{{"bank": "{before}"}}').run_requests or []
        keys.add(request.run_key)
    assert keys == {None}


def test_the_same_bodies_ask_for_nothing(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automation, "probe", lambda *_: seen(bank="a"))
    result = look(sensor, instance, '{"bank": "a"}')
    assert not result.run_requests
    assert result.skip_reason == dg.SkipReason("unchanged: 4 bodies")


def test_a_cursor_of_an_older_version_is_a_first_look(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automation, "probe", lambda *_: seen(bank="a"))
    result = look(sensor, instance, "0f3c")
    assert (result.run_requests or [], result.cursor) == ([], '{"bank": "a"}')


def test_a_publisher_that_does_not_answer_is_named_and_keeps_no_other_back(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = Probe({"union": "v"}, {"bank": "connection refused"}, "4 bodies")
    monkeypatch.setattr(automation, "probe", lambda *_: down)
    result = look(sensor, instance, '{"bank": "a", "union": "u"}')
    (request,) = result.run_requests or []
    assert request.tags["sco/changed"] == "union"
    assert result.cursor == '{"bank": "a", "union": "v"}'
    unchanged = look(sensor, instance, '{"bank": "a", "union": "v"}')
    assert "bank could not be asked: connection refused" in (str(unchanged.skip_reason))


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
