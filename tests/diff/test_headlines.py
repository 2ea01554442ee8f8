"""The headlines of two sides: by how much an index moved, and what of it is data or method.

The index is computed a second time here, by its formula; that the bundled archive agrees is in
``test_bundled``.
"""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.diff import headlines
from pipeline.warehouse.export import export_parquet
from tests.diff.small_world import FIRST, GDP, ICT, SECOND, World, edition_of
from tests.warehouse.conftest import TEN, Values


def of_ten(*values: float, year: int = 2023) -> dict[tuple[str, int], float]:
    return {(e, year): v for e, v in zip(TEN, values, strict=True)}


EXPORTS = of_ten(*(float(n * n) for n in range(1, 11)))
OUTPUT = of_ten(*(100.0 + 7 * n for n in range(10)))


@pytest.fixture
def headline_world(world: World) -> World:
    """The small world with exports and GDP as headlines; exports and then GDP are revised."""
    known = world.small.catalog.indicators
    update = {code: known[code].model_copy(update={"headline": True}) for code in (ICT, GDP)}
    catalog = world.small.catalog.model_copy(update={"indicators": {**known, **update}})
    world.small = replace(world.small, catalog=catalog)
    world.add(ICT, FIRST, EXPORTS)
    world.add(GDP, FIRST, OUTPUT)
    return world


def theil(exports: Values, output: Values) -> float:
    """Theil T against GDP, by the formula."""
    x, w = ({k: float(v) for k, v in values.items()} for values in (exports, output))
    shares = [(x[k] / sum(x.values()), w[k] / sum(w.values())) for k in x]
    return sum(s * math.log(s / p) for s, p in shares)


class TestHeadlines:
    def test_revised_figures_change_the_index_by_what_the_formula_says(
        self, headline_world: World
    ) -> None:
        revised = EXPORTS | {("UZB", 2023): 17.5}
        headline_world.add(ICT, SECOND, revised)
        found = headline_world.diff("2024-06-01", "2025-06-01")
        (change,) = [h for h in found.headlines if h.name == "theil_ict"]
        assert change.split.before == pytest.approx(theil(EXPORTS, OUTPUT), abs=1e-12)
        assert change.split.after == pytest.approx(theil(revised, OUTPUT), abs=1e-12)
        assert change.split.amount("revised") == change.split.change
        assert (change.split.amount("new"), change.split.amount("method")) == (0, 0)

    def test_a_newer_year_is_new_data_and_the_old_one_is_compared_with_itself(
        self, headline_world: World
    ) -> None:
        newer = {(e, 2024): 2 * v for (e, _), v in EXPORTS.items()}
        headline_world.add(ICT, SECOND, EXPORTS | newer)
        headline_world.add(GDP, SECOND, OUTPUT | of_ten(*[100.0] * 10, year=2024))
        found = headline_world.diff("2024-06-01", "2025-06-01")
        by_name = {h.name: h for h in found.headlines}
        newest, same = by_name["theil_ict"], by_name["theil_ict_in_2023"]
        assert (newest.year_old, newest.year_new) == (2023, 2024)
        assert newest.split.amount("new") == newest.split.change != 0
        assert same.split.change == 0

    def test_one_series_or_one_vintage_is_not_enough_for_headlines(
        self, headline_world: World
    ) -> None:
        headline_world.add(ICT, SECOND, EXPORTS | {("UZB", 2023): 17.5})
        assert headline_world.diff("2024-06-01", "2025-06-01", indicator=ICT).headlines == ()
        single = headline_world.diff("vintage:2024-01-01", "vintage:2025-01-01")
        assert single.headlines == ()

    @pytest.mark.slow
    def test_what_an_edition_published_otherwise_is_method(
        self, headline_world: World, tmp_path: Path
    ) -> None:
        headline_world.build(FIRST)
        folder = tmp_path / "edition"
        export_parquet(
            headline_world.settings.warehouse_path,
            folder / "data",
            [*headlines.NEEDED, "marts.distributions"],
        )
        written = folder / "data" / "marts.inequality.parquet"
        with duckdb.connect() as con:
            con.execute(f"CREATE TABLE t AS FROM '{written}'")
            con.execute("UPDATE t SET theil_t = theil_t + 0.25")
            con.execute(f"COPY t TO '{written}' (FORMAT parquet)")
        revised = EXPORTS | {("UZB", 2023): 17.5}
        headline_world.add(ICT, SECOND, revised)
        snapshots = [s.snapshot for s in headline_world.small.filled.archive.snapshots()]
        edition = edition_of(headline_world, date(2024, 6, 1), *snapshots, folder=folder)
        found = headline_world.diff(edition, "2025-06-01")
        (change,) = [h for h in found.headlines if h.name == "theil_ict"]
        assert found.remarks == ()
        assert change.split.before == pytest.approx(theil(EXPORTS, OUTPUT) + 0.25, abs=1e-12)
        assert change.split.amount("method") == pytest.approx(-0.25, abs=1e-12)
        assert change.split.amount("revised") == pytest.approx(
            theil(revised, OUTPUT) - theil(EXPORTS, OUTPUT), abs=1e-12
        )

    @pytest.mark.slow
    @pytest.mark.parametrize("at_hand", [False, True])
    def test_an_edition_without_readable_tables_is_measured_by_todays_code(
        self, headline_world: World, tmp_path: Path, at_hand: bool
    ) -> None:
        snapshots = [s.snapshot for s in headline_world.small.filled.archive.snapshots()]
        folder = tmp_path if at_hand else None
        edition = edition_of(headline_world, FIRST, *snapshots, folder=folder)
        found = headline_world.diff(edition, "2025-06-01")
        assert [h.split.change for h in found.headlines] == [0] * len(found.headlines) != []
        assert found.remarks == (
            f"edition {edition.name}: its tables are not at hand in a form of today, so that its "
            "figures are measured by today's code and catalogue",
        )
