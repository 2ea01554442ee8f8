"""What several rooms' tests share: the project's own catalogue, and the bundled archive built."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from pipeline import cli
from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.archive import Archive
from pipeline.settings import PROJECT_ROOT, Settings, settings
from pipeline.warehouse.build import build_core, build_marts
from pipeline.warehouse.readings import Readings
from tests import snapshots

SQL_DIR = PROJECT_ROOT / "sql"
Run = Callable[..., tuple[int, str, str]]
"""Runs the command with some arguments; gives exit code, standard output and error."""

hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")  # a slow machine is no failure


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        snapshots.OPTION, action="store_true", help="write the stored snapshots anew, for review"
    )


def pytest_configure(config: pytest.Config) -> None:
    snapshots.may_write(config.getoption(snapshots.OPTION), os.environ)


@pytest.fixture(scope="session")
def bundled_archive() -> Archive:
    return Archive(None, PROJECT_ROOT / "pipeline" / "bundled")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The project's own catalogue."""
    return load_catalog(PROJECT_ROOT / "pipeline" / "catalog" / "data")


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers have in common: what takes seconds is made there once."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def bundled(common: Path, bundled_archive: Archive, catalog: Catalog) -> Path:
    """The warehouse of the bundled archive as of its newest vintage; not to be changed."""
    path = common / "bundled.duckdb"
    with FileLock(common / "bundled.lock"):
        if not path.exists():
            unfinished = path.with_name("bundled-unfinished.duckdb")
            build_core(
                unfinished, bundled_archive, catalog, bundled_archive.newest_vintage(), SQL_DIR,
                readings=Readings.from_settings(Settings()),
            )  # fmt: skip
            build_marts(unfinished, catalog, SQL_DIR)
            unfinished.rename(path)
    return path


@pytest.fixture
def run_sco(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run the command on folders of its own; the environment counts as it is at each run."""
    monkeypatch.setenv("SCO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCO_EDITIONS_DIR", str(tmp_path / "editions"))

    def run(*arguments: str) -> tuple[int, str, str]:
        settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    yield run
    settings.cache_clear()
