"""One whole run on a small archive of real figures, shared by the tests that look at it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipeline.assets.project import Project
from pipeline.dagster_home import prepare
from pipeline.run import Outcome, run_edition
from pipeline.settings import Settings
from pipeline.warehouse.build import all_tables
from pipeline.warehouse.lineages import Lineages
from tests.once import Once
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
def new_home(once: Once) -> Path:
    """A home as set-up leaves it: the databases of Dagster are there, with nothing in them, and
    the lineage of all tables."""

    def make(home: Path) -> None:
        here = Settings(home=home)
        prepare(here)
        with dg.DagsterInstance.get() as instance:
            instance.get_runs(limit=1)
        Lineages(here.cache_dir).of(all_tables(here.sql_dir))

    return once.file("a new home", make)


@pytest.fixture(scope="session")
def world(once: Once, small_bundled: Path, new_home: Path) -> Iterator[World]:
    """The job ``edition`` as the command runs it; not to be changed."""
    settings = small_settings(
        once.folder / "a project", bundled_dir=small_bundled, second_process=True
    )

    def run() -> Outcome:
        shutil.copytree(new_home, settings.home)
        return run_edition(settings, since=SINCE)

    outcome = once.value("outcome", run)
    prepare(settings)
    with dg.DagsterInstance.get() as instance:
        yield World(settings, Project(settings), outcome, instance)


@pytest.fixture
def fresh(tmp_path: Path, small_bundled: Path, new_home: Path) -> Settings:
    """Settings of a project of its own with the same archive and nothing made yet."""
    settings = small_settings(tmp_path, bundled_dir=small_bundled)
    shutil.copytree(new_home, settings.home)
    return settings
