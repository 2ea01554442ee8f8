"""The cells of two sides: which are new, revised or withdrawn, and how they are counted.

What such changes do to the index and its kin is in ``test_headlines``.
"""

from datetime import date

import pytest

from pipeline.diff.cells import Change, Counts
from pipeline.errors import SettingsError
from tests.diff.small_world import FIRST, GDP, PEOPLE, SECOND, USERS, A, B, C, World, edition_of


class TestCells:
    def test_every_economy_is_compared_and_counted(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A, ("DEU", 2021): A, ("FRA", 2021): C})
        world.add(USERS, SECOND, {("TJK", 2021): A, ("DEU", 2021): B, ("DEU", 2022): C})
        found = world.diff("2024-06-01", "2025-06-01", cells=True)
        assert found.total == Counts("all", 1, 1, 1, 1, (B - A) / A, (B - A) / A)
        assert [(c.group, c.revised) for c in found.by["economy"]] == [
            ("DEU", 1), ("FRA", 0), ("TJK", 0),
        ]  # fmt: skip
        assert [(c.group, c.new) for c in found.by["year"]] == [("2021", 0), ("2022", 1)]
        assert found.changes[0] == Change(
            "world_bank_wdi", USERS, "DEU", "_Z", 2021, A, B, "revised", B - A, (B - A) / A
        )

    def test_rounding_is_no_revision(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): 49.8, ("CHN", 2021): 12.3})
        world.add(USERS, SECOND, {("TJK", 2021): 49.840912, ("CHN", 2021): A})
        assert world.kinds("2024-06-01", "2025-06-01") == []

    def test_backwards_what_was_new_is_withdrawn(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        world.add(USERS, SECOND, {("TJK", 2021): A, ("TJK", 2022): B})
        assert world.kinds("2025-06-01", "2024-06-01") == [(USERS, "TJK", 2022, "withdrawn")]

    def test_the_newest_release_of_each_day_speaks(self, world: World) -> None:
        world.add(USERS, date(2023, 1, 1), {("TJK", 2021): C})
        world.add(USERS, FIRST, {("TJK", 2021): A})
        world.add(USERS, SECOND, {("TJK", 2021): B})
        (change,) = world.diff("2024-06-01", "2025-06-01", cells=True).changes
        assert (change.old, change.new) == (A, B)

    def test_a_series_that_was_not_there_is_new(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        world.add(PEOPLE, SECOND, {("TJK", 2021): A})
        assert world.kinds("2024-06-01", "2025-06-01") == [(PEOPLE, "TJK", 2021, "new")]

    def test_of_single_vintages_only_common_series_are_compared(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        world.add(GDP, FIRST, {("TJK", 2021): A})
        world.add(USERS, SECOND, {("TJK", 2021): B})
        world.add(PEOPLE, SECOND, {("TJK", 2021): A})
        kinds = world.kinds("vintage:2024-01-01", "vintage:2025-01-01")
        assert kinds == [(USERS, "TJK", 2021, "revised")]

    def test_an_edition_speaks_by_its_own_snapshots_alone(self, world: World) -> None:
        first = world.add(USERS, FIRST, {("TJK", 2021): A})
        world.add(USERS, SECOND, {("TJK", 2021): B})
        later = date(2025, 6, 1)
        assert world.kinds(edition_of(world, later, first), "2025-06-01") == [
            (USERS, "TJK", 2021, "revised")
        ]

    def test_one_indicator_and_economy_can_be_asked_for(self, world: World) -> None:
        for indicator in (USERS, PEOPLE):
            world.add(indicator, FIRST, {("TJK", 2021): A, ("CHN", 2021): A})
            world.add(indicator, SECOND, {("TJK", 2021): B, ("CHN", 2021): B})
        kinds = world.kinds("2024-06-01", "2025-06-01", indicator=USERS, economy="TJK")
        assert kinds == [(USERS, "TJK", 2021, "revised")]

    @pytest.mark.parametrize("asked", [{"economy": "ZZZ"}, {"indicator": "NONE"}])
    def test_what_neither_side_has_is_wrong_use(self, world: World, asked: dict[str, str]) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        with pytest.raises(SettingsError, match="neither 2024-06-01 nor 2025-06-01 has a value"):
            world.diff("2024-06-01", "2025-06-01", **asked)

    def test_vintages_without_a_common_series_are_wrong_use(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        world.add(PEOPLE, SECOND, {("TJK", 2021): A})
        with pytest.raises(SettingsError, match="have no series in common"):
            world.diff("vintage:2024-01-01", "vintage:2025-01-01")
