"""The definitions as the server loads them, and what each asset says of itself."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster._core.definitions.freshness import TimeWindowFreshnessPolicy

from pipeline.assets.keys import (
    EDITION,
    WAREHOUSE,
    check_name,
    publisher_key,
    series_key,
    table_key,
)
from pipeline.assets.project import Project
from pipeline.definitions import build_defs
from pipeline.settings import PROJECT_ROOT, Settings


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(Settings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def defs(project: Project) -> dg.Definitions:
    return build_defs(project)


@pytest.fixture(scope="module")
def graph(defs: dg.Definitions) -> AssetGraph:
    return defs.resolve_asset_graph()


def test_the_server_can_load_them(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-m", "pipeline.definitions"],
        cwd=PROJECT_ROOT,
        env={**os.environ, "DAGSTER_HOME": str(tmp_path), "DAGSTER_DISABLE_TELEMETRY": "yes"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    assert "All code locations passed validation" in done.stdout + done.stderr


def test_every_series_and_every_table_is_an_asset(project: Project, graph: AssetGraph) -> None:
    keys = graph.get_all_asset_keys()
    for indicator in project.catalog.indicators.values():
        assert series_key(indicator.publisher, indicator.id) in keys
    for table in project.tables:
        assert table_key(table.name) in keys


def test_every_expectation_is_a_check_of_its_table(project: Project, graph: AssetGraph) -> None:
    for suite in project.suites.values():
        for expectation in suite.expectations:
            key = dg.AssetCheckKey(table_key(suite.table), check_name(expectation.id))
            spec = graph.get_check_spec(key)
            assert spec.blocking == (expectation.severity == "critical")
            assert spec.description == expectation.why


def test_an_asset_says_what_it_is_and_whose(project: Project, graph: AssetGraph) -> None:
    keys = graph.get_all_asset_keys()
    assert len(keys) > 90
    for key in keys:
        node = graph.get(key)
        assert node.description, key
        assert node.owners, key
        assert node.kinds, key
        assert node.group_name != "default", key


def test_a_publisher_says_how_it_is_asked(graph: AssetGraph) -> None:
    said = {
        name: (graph.get(publisher_key(name)).description or "").rpartition(". ")[2]
        for name in ("world_bank_wdi", "un_comtrade", "imf_dots")
    }
    assert said == {
        "world_bank_wdi": "Asked by every refresh.",
        "un_comtrade": "Asked by a refresh that names it.",
        "imf_dots": "Not asked: its figures are files that were taken into the archive.",
    }


def test_the_edition_hangs_on_the_published_warehouse_and_that_on_every_series(
    project: Project, graph: AssetGraph
) -> None:
    def upstream(key: dg.AssetKey) -> set[dg.AssetKey]:
        seen: set[dg.AssetKey] = set()
        waiting = [key]
        while waiting:
            for parent in graph.get(waiting.pop()).parent_keys - seen:
                seen.add(parent)
                waiting.append(parent)
        return seen

    assert WAREHOUSE in upstream(EDITION)
    series = {series_key(i.publisher, i.id) for i in project.catalog.indicators.values()}
    assert series <= upstream(WAREHOUSE)


def test_jobs_schedule_and_sensors_are_there_and_run(defs: dg.Definitions) -> None:
    repository = defs.get_repository_def()
    assert {"edition", "refresh"} <= set(repository.job_names)
    schedule = repository.get_schedule_def("monthly_refresh")
    assert schedule.job_name == "refresh"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    for name in ("changed_sources", "alert_on_failure", "alert_on_publishers"):
        assert repository.get_sensor_def(name).default_status == dg.DefaultSensorStatus.RUNNING


def test_every_series_of_a_publisher_that_can_be_asked_has_a_freshness_policy(
    project: Project, graph: AssetGraph
) -> None:
    for indicator in project.catalog.indicators.values():
        policy = graph.get(series_key(indicator.publisher, indicator.id)).freshness_policy
        cadence = project.catalog.publishers[indicator.publisher].cadence_days
        assert isinstance(policy, TimeWindowFreshnessPolicy)
        assert policy.fail_window.to_timedelta().days == 2 * cadence
