"""A copy of the project's own catalogue that a test may spoil or add to."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.settings import PROJECT_ROOT

DATA = PROJECT_ROOT / "pipeline" / "catalog" / "data"


@dataclass(frozen=True)
class Copy:
    """A catalogue on a scratch disk."""

    folder: Path

    def load(self) -> Catalog:
        return load_catalog(self.folder)

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace the first ``old`` of a file, which must be there."""
        text = self.read(name)
        assert old in text, f"{name} has no {old!r}"
        (self.folder / name).write_text(text.replace(old, new, 1), "utf-8")

    def append(self, name: str, text: str) -> None:
        (self.folder / name).write_text(self.read(name) + text, "utf-8")

    def read(self, name: str) -> str:
        path = self.folder / name
        return path.read_text("utf-8") if path.exists() else ""


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    folder = tmp_path / "catalogue"
    shutil.copytree(DATA, folder)
    return Copy(folder)


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The project's own catalogue."""
    return load_catalog(DATA)
