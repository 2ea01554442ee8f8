"""Goods trade after the IMF's newer set was fetched: marts and report move on to it, whole.

The connector asks a double whose figures differ from the bundled ones and go on after them: of 2023
all states report, of 2024 three. What the marts say is computed a second way, with pandas from the
archived answer.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import pandas as pd
import pytest

from pipeline.catalog import Catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from pipeline.ingest.refresh import refresh
from pipeline.ingest.sidecar import Sidecar
from pipeline.report.build import build_report
from pipeline.report.content import Exhibit, Report
from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse.build import build_core, build_marts
from tests.conftest import SQL_DIR
from tests.doubles.imts import Flows, ImtsDouble
from tests.doubles.live_catalog import fast_settings
from tests.doubles.publishers import FLOWS
from tests.once import Once
from tests.warehouse.conftest import TEN

pytestmark = pytest.mark.slow

DAY: Final = date(2026, 11, 24)
GDP: Final = "NY.GDP.MKTP.CD"
EXPORTS, IMPORTS = "IMTS.XG_FOB_USD", "IMTS.MG_CIF_USD"
IN_THE_CHAPTER: Final = ("trade_matrix", "intra_share", "trade_mirror", "focus_balance")


class Trade(Archive):
    """The bundled archive and one on a scratch disk, but only what the IMF says, and GDP."""

    def snapshots(self) -> tuple[Sidecar, ...]:
        return tuple(
            s
            for s in super().snapshots()
            if s.publisher.startswith("imf_") or s.indicators == (GDP,)
        )


@dataclass(frozen=True)
class Moved:
    """The report with the warehouse that it was made from, and the archived answers."""

    archive: Archive
    warehouse: Path
    report: Report

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            return con.execute(sql).fetchall()

    def archived(self, indicator: str) -> pd.DataFrame:
        """What the newest snapshot of a series says, in million US$."""
        *_, newest = (s for s in self.archive.snapshots() if s.indicators == (indicator,))
        frame = read_observations(newest, self.archive.read(newest))
        return frame.assign(value=frame["value"].astype(float) / 1e6)

    def table(self, indicator: str, year: int) -> pd.DataFrame:
        """Reporter × partner in a year."""
        frame = self.archived(indicator).query("year == @year")
        return frame.pivot(index="economy", columns="counterpart", values="value")

    def exhibit(self, name: str) -> Exhibit:
        return next(e for e in self.report.exhibits() if e.id == name)


def later_flows(frame: pd.DataFrame) -> Flows:
    """Other figures than the bundled ones, on to 2024: what Russia has in 2023 is estimated."""
    newest = frame[frame["year"] == 2020]
    steps = [frame.assign(factor=1.01)] + [
        newest.assign(year=year, factor=1.01 * 1.1 ** (year - 2020))
        for year in (2021, 2022, 2023, 2024)
    ]
    rows = pd.concat(steps, ignore_index=True)
    rows = rows[(rows["year"] < 2024) | rows["economy"].isin(["CHN", "KAZ", "PAK", "WLD"])]
    rows.loc[(rows["economy"] == "RUS") & (rows["year"] == 2023), "status"] = "M"
    dollars = (1e6 * rows["value"].astype(float) * rows["factor"]).map("{:.2f}".format)
    ends = (rows[name].replace("WLD", "G001") for name in ("economy", "counterpart"))
    return {
        (str(a), str(b), int(y)): (value, "M" if flag else "O")
        for a, b, y, value, flag in zip(*ends, rows["year"], dollars, rows["status"], strict=True)
    }


@pytest.fixture(scope="module")
def moved(once: Once, catalog: Catalog) -> Moved:
    """Fetched as a refresh does and built once for all workers."""
    home = once.folder / "goods"
    archive = Trade(home / "archive", PROJECT_ROOT / "pipeline" / "bundled")

    def build(path: Path) -> None:
        _ask(archive, catalog, home)
        build_core(path, archive, catalog, DAY, SQL_DIR)
        build_marts(path, catalog, SQL_DIR)

    warehouse = once.file("goods.duckdb", build)

    def tell() -> Report:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            return build_report(con, catalog, as_of=DAY, edition="2026-11-24-0123abcd")

    return Moved(archive, warehouse, once.value("goods-report", tell))


def _ask(archive: Archive, catalog: Catalog, home: Path) -> None:
    """Refresh the archive from the double."""
    bundled = {s.indicators[0]: s for s in archive.snapshots()}
    flows = {
        live: later_flows(read_observations(bundled[code], archive.read(bundled[code])))
        for code, live in FLOWS.items()
    }
    with ImtsDouble(flows) as double:
        fast = fast_settings("http://127.0.0.1:9", home, imf_url=double.url)
        at = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
        result = refresh(
            archive, catalog, fast, today=DAY, publishers=("imf_imts",), clock=lambda: at
        )
    assert {s.state for s in result.publishers[0].series} == {"new"}


# --- the marts, a second way


@pytest.mark.parametrize(("flow", "series"), [("exports", EXPORTS), ("imports", IMPORTS)])
@pytest.mark.parametrize("year", [2015, 2023])
def test_the_share_inside_the_bloc_is_of_the_newer_set(
    moved: Moved, flow: str, series: str, year: int
) -> None:
    ((share, members),) = moved.ask(
        "SELECT value, members FROM marts.trade_shares WHERE measure = 'intra_share' "
        f"AND flow = '{flow}' AND year = {year}"
    )
    own = moved.table(series, year).loc[list(TEN)]

    assert members.split() == list(TEN)
    assert share == pytest.approx(own[list(TEN)].sum().sum() / own["WLD"].sum(), rel=1e-12)


def test_the_share_of_a_year_that_three_report_is_not_told(moved: Moved) -> None:
    assert moved.ask(
        "SELECT DISTINCT published, reason FROM marts.trade_shares "
        "WHERE measure = 'intra_share' AND year = 2024"
    ) == [(False, "3 of 10 members report fully, 7 are needed")]


def test_a_balance_is_of_two_flows_of_the_newer_set(moved: Moved) -> None:
    ((balance,),) = moved.ask(
        "SELECT balance FROM marts.trade_balances "
        "WHERE reporter = 'PAK' AND partner = 'sco_10' AND year = 2023"
    )
    sold, bought = (moved.table(s, 2023).loc["PAK", list(TEN)] for s in (EXPORTS, IMPORTS))

    assert balance == pytest.approx(sold.sum() - bought.sum(), rel=1e-12)


def test_both_ends_of_a_flow_are_of_the_newer_set_and_no_estimate(moved: Moved) -> None:
    sold, bought = (
        moved.archived(s).query("year == 2023 and status == ''") for s in (EXPORTS, IMPORTS)
    )
    pairs = sold.merge(
        bought, left_on=["economy", "counterpart"], right_on=["counterpart", "economy"]
    )
    pairs = pairs[pairs["economy_x"].isin(TEN) & pairs["counterpart_x"].isin(TEN)]
    at_border = pairs["value_y"] / 1.06
    expected = {
        (p.economy_x, p.counterpart_x): d
        for p, d in zip(pairs.itertuples(), at_border - pairs["value_x"], strict=True)
    }
    found = {
        (seller, buyer): difference
        for seller, buyer, difference in moved.ask(
            "SELECT seller, buyer, difference FROM marts.trade_mirror "
            "WHERE year = 2023 AND published"
        )
    }

    assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert len(found) > 50
    assert not any("RUS" in pair for pair in found)


def test_claims_are_asked_of_the_series_that_they_name(moved: Moved, bundled: Path) -> None:
    wanted = (
        "SELECT claim_id, figure, year, value FROM marts.claim_figures WHERE snapshots LIKE "
        "'imf_dots/%' ORDER BY ALL"
    )
    with duckdb.connect(str(bundled), read_only=True) as con:
        before = con.execute(wanted).fetchall()

    assert len(before) > 50
    assert moved.ask(wanted) == before
    assert moved.ask("SELECT count(*) FROM core.claim_cells WHERE indicator LIKE 'IMTS%'") == [(0,)]


# --- the report


def test_the_chapter_names_the_newer_set_alone(moved: Moved) -> None:
    for name in IN_THE_CHAPTER:
        assert moved.exhibit(name).source == (
            "International Monetary Fund, International Merchandise Trade Statistics, "
            "release of 24\u00a0November 2026"
        )


def test_the_newest_year_is_one_that_enough_members_report(moved: Moved) -> None:
    matrix = moved.exhibit("trade_matrix")
    table = moved.table(EXPORTS, 2023)

    assert ", 2023; rows sell" in matrix.subtitle
    assert matrix.note == (
        "~: the publisher’s estimate, made mostly from what the buyer reports (Iran and Russia). "
        "Of later years fewer than seven members have both flows."
    )
    assert matrix.table.rows[1]["KAZ"] == table.loc["CHN", "KAZ"]
    assert ", 2023, the" in moved.exhibit("trade_mirror").subtitle


def test_goods_trade_stands_once_where_all_series_are_listed(moved: Moved) -> None:
    coverage = moved.exhibit("data_coverage")
    assert [row["code"] for row in coverage.table.rows] == [IMPORTS, EXPORTS, GDP]
    assert "Direction of Trade" not in coverage.source

    assert len(moved.report.profiles()) == 10
    for profile in moved.report.profiles():
        named = [str(row["series"]) for row in profile.values.table.rows]
        assert [name for name in named if "by partner" in name] == [
            "Goods imports by partner (IMTS)", "Goods exports by partner (IMTS)",
        ]  # fmt: skip


def test_a_closed_set_that_stands_back_is_not_told_to_be_old(moved: Moved) -> None:
    said = ["".join(span.text for span in warning) for warning in moved.report.warnings]
    assert [text for text in said if "Direction of Trade" in text] == []
    # Its figures are there for the claims, so that it is named among the sources.
    assert "Direction of Trade Statistics" in {s.dataset for s in moved.report.sources}
