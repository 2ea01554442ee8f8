"""The whole answer of ``sco diff``: cells counted, the largest revisions, the headlines split.

Here the parts are put together; how they are shown is the terminal's affair.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalog.models import Catalog
from pipeline.diff import headlines
from pipeline.diff.cells import By, Change, Comparison, Counts, Figures, Key
from pipeline.diff.headlines import SAME_YEAR, Headline, Measured
from pipeline.diff.sides import Side, holding
from pipeline.errors import SettingsError
from pipeline.ingest.archive import Archive
from pipeline.measures.revisions import Split, Values, split_changes
from pipeline.settings import Settings

LARGEST = 10
"""Revisions that are listed."""


@dataclass(frozen=True)
class HeadlineChange:
    """The change of one headline measure: what it is, of which years, and what it is owed to."""

    name: str
    headline: Headline
    year_old: int | None
    year_new: int | None
    split: Split


@dataclass(frozen=True)
class Diff:
    """What changed from the older to the newer side.

    Attributes:
        older: the first side given.
        newer: the second, also where it is of an earlier date.
        total: all cells by what became of them.
        by: the same by indicator, economy and year.
        largest: the largest revisions of headline series of the members and the world.
        headlines: the headline measures, split.
        changes: every changed cell, where they were asked for.
        remarks: what is to be known of the comparison.
    """

    older: Side
    newer: Side
    total: Counts
    by: Mapping[By, tuple[Counts, ...]]
    largest: tuple[Change, ...]
    headlines: tuple[HeadlineChange, ...]
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]


def diff(
    older: Side,
    newer: Side,
    archive: Archive,
    catalog: Catalog,
    settings: Settings,
    *,
    indicator: str | None = None,
    economy: str | None = None,
    cells: bool = False,
) -> Diff:
    """Compare two sides, cell by cell and headline by headline.

    Args:
        older: where from.
        newer: where to.
        archive: what was published.
        catalog: today's catalogue, by which both sides are read.
        settings: where warehouse and SQL stand.
        indicator: only this series; headlines are not measured then.
        economy: only this economy, likewise.
        cells: list every changed cell as well.

    Raises:
        SettingsError: an indicator or economy that neither side has.
        ArchiveError, WarehouseError: see ``holding``.
    """
    narrowed = indicator is not None or economy is not None
    with holding((older, newer), archive, catalog, settings) as con:
        found = Comparison(con, older, newer, indicator=indicator, economy=economy)
        totals = found.counts()
        if not totals:
            raise SettingsError(_nothing(older, newer, indicator, economy))
        # A series, an economy or a single release is not enough to measure headlines by.
        reads = None
        if not (narrowed or older.one_vintage or newer.one_vintage):
            old, new = found.figures(headlines.series(catalog), headlines.places(catalog))
            reads = (
                _Read(older, old, catalog, settings.sql_dir),
                _Read(newer, new, catalog, settings.sql_dir),
            )
        return Diff(
            older=older,
            newer=newer,
            total=totals[0],
            by={
                "indicator": found.counts("indicator"),
                "economy": found.counts("economy"),
                "year": found.counts("year"),
            },
            largest=found.largest(
                LARGEST,
                (indicator,) if indicator else headlines.series(catalog),
                (economy,) if economy else headlines.places(catalog),
            ),
            headlines=_headlines(*reads, settings.sql_dir) if reads else (),
            changes=found.changes() if cells else (),
            remarks=tuple(read.remark for read in reads or () if read.remark),
        )


def _nothing(older: Side, newer: Side, indicator: str | None, economy: str | None) -> str:
    asked = " ".join(filter(None, (indicator, economy)))
    if asked:
        return f"{asked}: neither {older.name} nor {newer.name} has a value of it"
    return f"{older.name} and {newer.name} have no series in common"


class _Read:
    """One side as the headlines read it: by today's code, and as it was published."""

    def __init__(self, side: Side, figures: Figures, catalog: Catalog, sql_dir: Path) -> None:
        self.side = side
        self.figures = figures
        self._catalog, self._sql_dir = catalog, sql_dir
        self._now: Mapping[str, Measured] = {}
        self.published = headlines.published(side.edition, catalog) if side.edition else None

    def values(self, cells: Mapping[Key, float]) -> Values:
        """The headlines of its own figures, or of others as of its date."""
        found = headlines.measure(
            cells, self.figures, self.side.as_of, self._catalog, self._sql_dir
        )
        if cells is self.figures.cells:
            self._now = found
        return _values(found)

    @property
    def published_values(self) -> Values | None:
        return None if self.published is None else _values(self.published)

    @property
    def said(self) -> Mapping[str, Measured]:
        """What it was published with, else what today's code made of its figures."""
        return self._now if self.published is None else self.published

    @property
    def remark(self) -> str | None:
        if self.side.edition is None or self.published is not None:
            return None
        return (
            f"edition {self.side.name}: its tables are not at hand in a form of today, so that its "
            "figures are measured by today's code and catalogue"
        )


def _values(measured: Mapping[str, Measured]) -> dict[str, float | None]:
    return {name: m.value for name, m in measured.items()}


def _headlines(older: _Read, newer: _Read, sql_dir: Path) -> tuple[HeadlineChange, ...]:
    """Every headline that either side has, and the newest year that both have an index of."""
    headlines.prepare(sql_dir)
    with ThreadPoolExecutor(max_workers=3) as pool:
        splits = split_changes(
            older.figures.cells,
            newer.figures.cells,
            older.values,
            newer.values,
            published_old=older.published_values,
            published_new=newer.published_values,
            run=pool.map,
        )
    same_year = [n for n, s in splits.items() if n.startswith(SAME_YEAR) and s.change is not None]
    return tuple(
        HeadlineChange(
            name,
            headlines.label_of(name),
            older.said[name].year if name in older.said else None,
            newer.said[name].year if name in newer.said else None,
            splits[name],
        )
        for name in (*headlines.HEADLINES, *sorted(same_year)[-1:])
        if name in splits
    )
