"""The two sides of a comparison: what names one, and from where its figures are read.

What is found between two sides is in ``test_cells`` and ``test_headlines``.
"""

from datetime import date
from pathlib import Path

import pytest

from pipeline.diff.sides import Side, holding, side_of
from pipeline.errors import ArchiveError, SettingsError, WarehouseError
from tests.diff.small_world import FIRST, SECOND, USERS, A, B, World, edition_of


class TestSides:
    def test_a_date_is_an_as_of_date(self, tmp_path: Path) -> None:
        assert side_of("2025-07-31", tmp_path) == Side("2025-07-31", date(2025, 7, 31))

    def test_a_vintage_is_what_was_released_on_that_day(self, tmp_path: Path) -> None:
        side = side_of("vintage:2025-07-31", tmp_path)
        assert (side.as_of, side.one_vintage) == (date(2025, 7, 31), True)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("vintage:last", "'last' is not a date; expected vintage:YYYY-MM-DD"),
            ("2025-02-30", "edition '2025-02-30': neither an edition of"),
        ],
    )
    def test_anything_else_is_wrong_use(self, tmp_path: Path, text: str, said: str) -> None:
        with pytest.raises(SettingsError, match=said):
            side_of(text, tmp_path)

    def test_the_published_warehouse_serves_where_it_holds_both_sides(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        world.build(FIRST)
        side = side_of("2024-06-01", world.settings.editions_dir)
        archive = world.small.filled.archive
        with holding((side, side), archive, world.small.catalog, world.settings) as con:
            assert con.execute("SELECT as_of FROM core.build").fetchone() == (FIRST,)

    def test_a_warehouse_of_an_earlier_day_does_not(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        world.build(FIRST)
        world.add(USERS, SECOND, {("TJK", 2021): B})
        assert world.kinds("2024-06-01", "2025-06-01") == [(USERS, "TJK", 2021, "revised")]

    def test_without_a_warehouse_the_archive_is_read_and_nothing_left(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        world.add(USERS, SECOND, {("TJK", 2021): B})
        assert world.kinds("2024-06-01", "2025-06-01") == [(USERS, "TJK", 2021, "revised")]
        assert list((world.settings.home / "work").iterdir()) == []

    def test_a_day_before_the_first_release_is_said_to_be_so(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        with pytest.raises(WarehouseError, match="2001-01-01: nothing had been published"):
            world.diff("2001-01-01", "2025-01-01")

    def test_a_snapshot_that_the_archive_lacks_is_named(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        with pytest.raises(ArchiveError, match="not in the archive, such as un/egdi/2024"):
            world.diff(edition_of(world, FIRST, "un/egdi/2024/0"), "2025-01-01")
