"""What several rooms' tests share: the project's own catalogue, and the bundled archive built."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest

from pipeline import cli
from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.archive import Archive
from pipeline.settings import PROJECT_ROOT, Settings, settings
from pipeline.warehouse.build import build_core, build_marts
from pipeline.warehouse.readings import Readings
from tests import snapshots
from tests.once import Once
from tests.small_project import small_archive

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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What wants the warehouse of the full archive is slow: to build it takes ten seconds."""
    for item in items:
        if isinstance(item, pytest.Function) and "bundled" in item.fixturenames:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Spare the collector of garbage all that is imported, which stays to the end anyway, and call
    it less often: it took a tenth of the processor's time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000)
        gc.enable()


@pytest.fixture(scope="session")
def bundled_archive() -> Archive:
    return Archive(None, PROJECT_ROOT / "pipeline" / "bundled")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The project's own catalogue."""
    return load_catalog(PROJECT_ROOT / "pipeline" / "catalog" / "data")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes once for all workers what takes seconds."""
    base = tmp_path_factory.getbasetemp()
    return Once(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def bundled(once: Once, bundled_archive: Archive, catalog: Catalog) -> Path:
    """The warehouse of the bundled archive as of its newest vintage; not to be changed."""

    def build(path: Path) -> None:
        build_core(
            path, bundled_archive, catalog, bundled_archive.newest_vintage(), SQL_DIR,
            readings=Readings.from_settings(Settings()),
        )  # fmt: skip
        build_marts(path, catalog, SQL_DIR)

    return once.file("bundled.duckdb", build)


@pytest.fixture(scope="session")
def small_bundled(once: Once) -> Path:
    """The small archive of ``small_project``; not to be changed."""
    return once.file("small-bundled", small_archive)


@pytest.fixture
def run_sco(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run the command on folders of its own; the environment counts as it is at each run."""
    monkeypatch.setenv("SCO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SCO_EDITIONS_DIR", str(tmp_path / "editions"))
    monkeypatch.setenv("SCO_SECOND_PROCESS", "false")

    def run(*arguments: str) -> tuple[int, str, str]:
        settings.cache_clear()
        with pytest.raises(SystemExit) as ended:
            cli.main(list(arguments))
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    yield run
    settings.cache_clear()
