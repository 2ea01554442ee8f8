"""Jobs killed at random moments lose nothing and tear nothing; ``kill_test`` kills whole runs."""

from pathlib import Path

import pytest

from tests.kill.jobs import store
from tests.kill.kill_test import kill_runs

pytestmark = pytest.mark.slow


def test_ten_kills_lose_nothing_and_tear_nothing(tmp_path: Path) -> None:
    tally = kill_runs(tmp_path, 10, job=store, leave_alone=10)
    assert tally.kills == 10
    assert tally.completed >= 1
    # A revised value is archived by every run that comes to it, and has an edition by the end.
    assert tally.snapshots > 2
    assert tally.editions > 2
