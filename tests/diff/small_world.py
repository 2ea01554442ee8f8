"""A small archive to compare days, vintages and editions in, for the tests of ``pipeline.diff``.

Which figures it has, each test says for itself.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.diff.compare import Diff, diff
from pipeline.diff.sides import Side, side_of
from pipeline.editions.standing import Edition
from pipeline.inputs import EditionInputs
from pipeline.report.manifest import Manifest
from pipeline.settings import Settings
from tests.warehouse.conftest import Small, Values

USERS, PEOPLE, GDP, ICT = "IT.NET.USER.ZS", "SP.POP.TOTL", "NY.GDP.MKTP.CD", "BX.GSR.CCIS.CD"
# Figures with so many digits that nobody rounded them.
A, B, C = 12.3456789012345, 23.4567890123456, 34.5678901234567
FIRST, SECOND = date(2024, 1, 1), date(2025, 1, 1)


class World:
    """A small archive with nothing built, and how to compare in it."""

    def __init__(self, small: Small, folder: Path) -> None:
        self.small = small
        self.settings = Settings(home=folder / "home", editions_dir=folder / "editions")

    def add(self, indicator: str, vintage: date, values: Values, publisher: str = "") -> str:
        given = {"publisher": publisher} if publisher else {}
        return self.small.filled.add(indicator, vintage, values, **given)

    def build(self, as_of: date) -> None:
        """Publish a warehouse."""
        path = self.settings.warehouse_path
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(self.small, path=path).build(as_of.isoformat(), whole=True)

    def diff(self, older: str | Side, newer: str | Side, **options: Any) -> Diff:
        first, second = (
            side_of(s, self.settings.editions_dir) if isinstance(s, str) else s
            for s in (older, newer)
        )
        archive, catalog = self.small.filled.archive, self.small.catalog
        return diff(first, second, archive, catalog, self.settings, **options)

    def kinds(self, older: str | Side, newer: str | Side, **options: Any) -> list[tuple[Any, ...]]:
        found = self.diff(older, newer, cells=True, **options)
        return [(c.indicator, c.economy, c.year, c.kind) for c in found.changes]


def edition_of(world: World, as_of: date, *snapshots: str, folder: Path | None = None) -> Side:
    inputs = EditionInputs(as_of, dict.fromkeys(snapshots, ""), "a", "b", "c", "d")
    manifest = Manifest(inputs.edition, "made up", inputs, {}, (), ())
    return Side(manifest.edition, as_of, Edition(manifest, Path("manifest.json"), folder))
