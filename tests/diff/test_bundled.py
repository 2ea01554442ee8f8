"""The bundled archive compared between two days: sums add up, and known revisions are found.

What is counted as what is in ``test_cells`` and ``test_headlines``.
"""

import math
import shutil
from pathlib import Path

import pytest

from pipeline.catalog import Catalog
from pipeline.diff import headlines
from pipeline.diff.cells import Counts
from pipeline.diff.compare import Diff, diff
from pipeline.diff.sides import side_of
from pipeline.ingest.archive import Archive
from pipeline.settings import Settings
from pipeline.warehouse.store import query


@pytest.fixture(scope="module")
def real(
    tmp_path_factory: pytest.TempPathFactory,
    bundled: Path,
    bundled_archive: Archive,
    catalog: Catalog,
) -> Diff:
    """The bundled archive between two days of the last year."""
    here = Settings(home=tmp_path_factory.mktemp("home"))
    here.warehouse_path.parent.mkdir(parents=True)
    shutil.copy(bundled, here.warehouse_path)
    older, newer = (side_of(day, here.editions_dir) for day in ("2025-07-31", "2026-04-01"))
    return diff(older, newer, bundled_archive, catalog, here)


@pytest.mark.slow
class TestBundled:
    def test_every_cell_is_counted_once_whatever_it_is_counted_by(self, real: Diff) -> None:
        def counts(c: Counts) -> tuple[int, int, int, int]:
            return c.new, c.revised, c.withdrawn, c.unchanged

        for found in real.by.values():
            assert tuple(map(sum, zip(*map(counts, found), strict=True))) == counts(real.total)
        assert sum(counts(real.total)) > 300_000

    def test_the_parts_of_every_headline_add_up(self, real: Diff) -> None:
        assert len(real.headlines) == len(headlines.HEADLINES) + 1
        for headline in real.headlines:
            split = headline.split
            assert split.change is not None
            parts = math.fsum(part.amount for part in split.parts)
            assert parts == pytest.approx(split.change, rel=1e-12, abs=1e-12), headline.name

    def test_the_ends_are_those_of_the_marts(self, real: Diff, bundled: Path) -> None:
        split = {h.name: h.split for h in real.headlines}["theil_ict_in_2012"]
        _, seen = query(
            bundled,
            "SELECT theil_t FROM marts.vintage_inequality WHERE indicator = 'BX.GSR.CCIS.CD'"
            " AND year = 2012 AND seen_from IN ('2025-07-12', '2026-02-24') ORDER BY seen_from",
        )
        assert [split.before, split.after] == [pytest.approx(t, abs=1e-12) for (t,) in seen]

    def test_known_figures_changed_the_headlines(self, real: Diff) -> None:
        by_name = {h.name: h.split for h in real.headlines}
        # China's 77.5 % of 2023 became 90.6 %: one more member, and 185 million fewer offline.
        assert by_name["members_online"].amount("revised") == 1
        offline = by_name["people_offline"].amount("revised")
        assert offline == pytest.approx(-184.8e6, rel=1e-3)
