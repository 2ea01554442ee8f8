"""``sco diff``: sides, cells and headlines of two dates, vintages or editions."""

import csv
import io
import json
import math
import shutil
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.catalog import Catalog
from pipeline.diff import headlines
from pipeline.diff.cells import Change, Counts
from pipeline.diff.compare import Diff, diff
from pipeline.diff.sides import Side, holding, side_of
from pipeline.editions.standing import Edition
from pipeline.errors import ArchiveError, SettingsError, WarehouseError
from pipeline.ingest.archive import Archive
from pipeline.inputs import EditionInputs
from pipeline.report.manifest import Manifest
from pipeline.settings import Settings
from pipeline.warehouse.export import export_parquet
from pipeline.warehouse.store import query
from tests.conftest import Run
from tests.warehouse.conftest import TEN, Small, Values, make_small

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


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(make_small(tmp_path), tmp_path)


def edition_of(world: World, as_of: date, *snapshots: str, folder: Path | None = None) -> Side:
    inputs = EditionInputs(as_of, dict.fromkeys(snapshots, ""), "a", "b", "c", "d")
    manifest = Manifest(inputs.edition, "made up", inputs, {}, (), ())
    return Side(manifest.edition, as_of, Edition(manifest, Path("manifest.json"), folder))


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

    @pytest.mark.parametrize("asked", [{"economy": "XXX"}, {"indicator": "NONE"}])
    def test_what_neither_side_has_is_wrong_use(self, world: World, asked: dict[str, str]) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        with pytest.raises(SettingsError, match="neither 2024-06-01 nor 2025-06-01 has a value"):
            world.diff("2024-06-01", "2025-06-01", **asked)

    def test_vintages_without_a_common_series_are_wrong_use(self, world: World) -> None:
        world.add(USERS, FIRST, {("TJK", 2021): A})
        world.add(PEOPLE, SECOND, {("TJK", 2021): A})
        with pytest.raises(SettingsError, match="have no series in common"):
            world.diff("vintage:2024-01-01", "vintage:2025-01-01")


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
