"""One whole run on a small archive of real figures, shared by the tests that look at it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipeline.assets.project import Project
from pipeline.run import Outcome, run_edition
from pipeline.settings import Settings
from tests.small_project import small_settings

SINCE = date(2026, 3, 31)
"""What the edition of the world is compared with; no edition of that day stands anywhere."""


@dataclass(frozen=True)
class World:
    """A project, what a run of it came to, and Dagster's memory of it."""

    settings: Settings
    project: Project
    outcome: Outcome
    instance: dg.DagsterInstance


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The job ``edition`` as the command runs it; not to be changed."""
    settings = small_settings(tmp_path_factory.mktemp("a project"))
    outcome = run_edition(settings, since=SINCE)
    with dg.DagsterInstance.get() as instance:
        yield World(settings, Project(settings), outcome, instance)


@pytest.fixture
def fresh(tmp_path: Path, world: World) -> Settings:
    """Settings of a project of its own with the same archive and nothing made yet."""
    return small_settings(tmp_path, bundled_dir=world.settings.bundled_dir)
