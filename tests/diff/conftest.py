"""Fixtures of the tests of ``pipeline.diff``."""

from pathlib import Path

import pytest

from tests.diff.small_world import World
from tests.warehouse.conftest import make_small


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(make_small(tmp_path), tmp_path)
