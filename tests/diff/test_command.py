"""``sco diff``: what it prints in each form, and how it ends.

What it compares is in the other modules of this room.
"""

import csv
import io
import json
from functools import partial

import pytest

from pipeline.ingest.archive import Archive
from tests.conftest import Run
from tests.diff.small_world import FIRST, SECOND, USERS, A, B, World


@pytest.fixture
def sco(run_sco: Run, world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run ``sco diff`` on the archive of the world."""
    folder = world.small.filled.archive.roots[0].folder
    monkeypatch.setenv("SCO_HOME", str(world.settings.home))
    monkeypatch.setenv("SCO_EDITIONS_DIR", str(world.settings.editions_dir))
    monkeypatch.setenv("SCO_BUNDLED_DIR", str(folder))
    monkeypatch.setattr(Archive, "from_settings", lambda here: Archive(None, here.bundled_dir))
    world.add(USERS, FIRST, {("TJK", 2021): 28.3, ("CHN", 2021): A})
    world.add(USERS, SECOND, {("TJK", 2021): 49.8, ("CHN", 2021): A, ("CHN", 2022): B})
    return partial(run_sco, "diff")


class TestCommand:
    def test_it_counts_and_lists_and_differences_are_no_failure(self, sco: Run) -> None:
        code, out, err = sco("2024-06-01", "2025-06-01")
        assert (code, err) == (0, "")
        first, *rest = out.splitlines()
        assert first == (
            "2024-06-01 → 2025-06-01: 1 cells new, 1 revised, 0 withdrawn, 1 unchanged"
        )
        assert any(
            line.split()[:6] == [USERS, "TJK", "2021", "28.3", "49.8", "+76"] for line in rest
        )

    def test_csv_has_every_changed_cell(self, sco: Run) -> None:
        code, out, _ = sco("2024-06-01", "2025-06-01", "--csv")
        rows = list(csv.DictReader(io.StringIO(out)))
        assert code == 0
        assert [(r["economy"], r["year"], r["old"], r["new"], r["kind"]) for r in rows] == [
            ("CHN", "2022", "", str(B), "new"),
            ("TJK", "2021", "28.3", "49.8", "revised"),
        ]

    def test_json_is_one_document(self, sco: Run) -> None:
        code, out, _ = sco("2024-06-01", "2025-06-01", "--json", "--cells")
        found = json.loads(out)
        assert code == 0
        assert found["cells"]["revised"] == 1
        assert [row["group"] for row in found["by_economy"]] == ["CHN", "TJK"]
        assert len(found["changes"]) == 2

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (("2024-06-01", "no-edition"), 2),
            (("2024-06-01", "2025-06-01", "--json", "--csv"), 2),
            (("2024-06-01", "2025-06-01", "--by", "colour"), 2),
            (("2001-01-01", "2025-06-01"), 1),
        ],
    )
    def test_wrong_use_is_2_and_nothing_to_compare_is_1(
        self, sco: Run, arguments: tuple[str, ...], code: int
    ) -> None:
        assert sco(*arguments)[0] == code
