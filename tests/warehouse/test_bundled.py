"""The warehouse of the bundled archive: real figures, computed a second way, and its cost."""

import math
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog.models import Catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from pipeline.report.database import ROWS_TOGETHER, TEXT_TOGETHER
from pipeline.rounding import half_up
from pipeline.warehouse.build import build_core, build_marts, query
from pipeline.warehouse.export import export_parquet
from tests.conftest import SQL_DIR
from tests.warehouse.conftest import TEN, Ask, Part

ICT, ICT_SHARE = "BX.GSR.CCIS.CD", "BX.GSR.CCIS.ZS"
PEOPLE, GDP, USERS = "SP.POP.TOTL", "NY.GDP.MKTP.CD", "IT.NET.USER.ZS"
EIGHT = tuple(c for c in TEN if c not in ("BLR", "IRN"))


@pytest.fixture(scope="module")
def published(bundled_archive: Archive) -> dict[str, pd.DataFrame]:
    """Year × economy of the newest release, straight from the archive with pandas."""
    tables = {}
    for indicator in (ICT, ICT_SHARE, PEOPLE, GDP, USERS):
        own = [s for s in bundled_archive.snapshots() if s.indicators == (indicator,)]
        (newest,) = [s for s in own if s.vintage == max(o.vintage for o in own)]
        frame = read_observations(newest, bundled_archive.read(newest))
        frame["value"] = frame["value"].astype(float)
        tables[indicator] = frame.pivot(index="year", columns="economy", values="value")
    return tables


def theil(outcome: "pd.Series[float]", reference: "pd.Series[float]") -> float:
    s, p = outcome / outcome.sum(), reference / reference.sum()
    return float(np.sum(s * np.log(s / p)))


def of(table: pd.DataFrame, year: int, states: Sequence[str]) -> "pd.Series[float]":
    return pd.Series(table.loc[year, list(states)])


def test_no_archived_value_is_lost(ask: Ask, bundled_archive: Archive) -> None:
    rows = sum(
        body.count(b"\n") - 1
        for _, bodies in bundled_archive.read_many(bundled_archive.snapshots())
        for body in bodies
    )
    assert ask("SELECT count(*), count(value) FROM core.observations") == [(rows, rows)]
    assert rows > 2_400_000


def test_keys_are_unique(ask: Ask) -> None:
    keys = {
        "core.observations": "snapshot, indicator, economy, counterpart, year",
        "core.current": "publisher, indicator, economy, counterpart, year",
        "marts.latest_values": "indicator, economy",
        "marts.member_aggregates": "indicator, year, member_set",
        "marts.world_shares": "indicator, year, member_set",
        "marts.distributions": "indicator, year, weighting, member_set, economy",
        "marts.inequality": "indicator, year, weighting, member_set",
        "marts.inequality_contributions": "indicator, year, weighting, member_set, economy",
        "marts.inequality_leave_one_out": "indicator, year, weighting, member_set, left_out",
        "marts.inequality_groups": "indicator, year, weighting, member_set, scheme, group_id",
        "marts.theil_claim_grid": "indicator, member_set, year, measure, weighting",
    }
    for table, key in keys.items():
        assert ask(f"FROM {table} SELECT {key} GROUP BY ALL HAVING count(*) > 1") == [], table
        assert ask(f"FROM {table} SELECT count(*) > 0") == [(True,)], table


def test_current_is_the_newest_release_of_each_series(
    ask: Ask, published: dict[str, pd.DataFrame]
) -> None:
    for indicator, table in published.items():
        expected = table.stack().dropna()
        found = ask(
            "SELECT year, economy, value FROM core.current"
            f" WHERE indicator = '{indicator}' ORDER BY 1, 2"
        )
        assert {(y, e): v for y, e, v in found} == expected.to_dict()


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_the_theil_of_ict_exports_is_what_pandas_says(
    ask: Ask, published: dict[str, pd.DataFrame], year: int
) -> None:
    found: dict[str, float] = dict(
        ask(
            "SELECT weighting, theil_t FROM marts.inequality WHERE member_set = 'sco_8'"
            f" AND year = {year} AND published AND indicator IN ('{ICT}', '{ICT_SHARE}')"
        )
    )
    x, p, g, z = (of(published[i], year, EIGHT) for i in (ICT, PEOPLE, GDP, ICT_SHARE))
    one = x * 0 + 1
    expected = {
        "totals": theil(x, one),
        "per_capita_unweighted": theil(x / p, one),
        "per_capita_population": theil(x, p),
        "per_gdp_unweighted": theil(x / g, one),
        "per_gdp_gdp": theil(x, g),
        "per_services_services": theil(x, x / z),
        "share_unweighted": theil(z, one),
    }
    assert found.keys() <= expected.keys()
    assert {"totals", "per_capita_unweighted", "per_capita_population", "per_gdp_gdp"} <= set(found)
    for weighting, value in found.items():
        assert value == pytest.approx(expected[weighting], abs=1e-12), weighting


def test_without_india_the_gdp_weighted_index_nearly_vanishes(ask: Ask) -> None:
    """Method, section 3: 0.744 falls to 0.020; the GDP of later releases moves it by 0.01."""
    ((whole, rest),) = ask(
        "SELECT i.theil_t, l.theil_t FROM marts.inequality AS i"
        " JOIN marts.inequality_leave_one_out AS l USING (indicator, year, weighting, member_set)"
        f" WHERE indicator = '{ICT}' AND year = 2021 AND weighting = 'per_gdp_gdp'"
        " AND member_set = 'sco_8' AND left_out = 'IND'"
    )
    assert whole == pytest.approx(0.744, abs=0.015)
    assert rest == pytest.approx(0.020, abs=0.002)


def test_measures_are_those_of_the_pure_functions(bundled: Path) -> None:
    from pipeline.measures.inequality import inequality

    columns, rows = query(
        bundled,
        "SELECT * FROM marts.inequality WHERE theil_t IS NOT NULL AND year >= 2015"
        " ORDER BY hash(indicator || year || weighting || member_set) LIMIT 150",
    )
    cells = pd.DataFrame(rows, columns=list(columns))
    _, inputs = query(bundled, "SELECT * FROM marts.distributions WHERE year >= 2015")
    by_key = pd.DataFrame(inputs).groupby([0, 1, 2, 3])
    for cell in cells.itertuples(index=False):
        part = by_key.get_group((cell.indicator, cell.year, cell.weighting, cell.member_set))
        expected = inequality(part[5].to_numpy(float), part[6].to_numpy(float))
        for name in ("theil_t", "theil_l", "ge_2", "gini", "atkinson_05", "atkinson_1",
                     "atkinson_2", "cv", "max_min", "herfindahl", "ceiling"):  # fmt: skip
            value, wanted = getattr(cell, name), getattr(expected, name)
            if math.isfinite(wanted):
                assert value == pytest.approx(wanted, rel=1e-12, abs=1e-12), (name, cell)


def test_near_in_the_grid_is_the_projects_own_rounding(ask: Ask) -> None:
    for value, near in ask("SELECT value, near FROM marts.theil_claim_grid WHERE isfinite(value)"):
        assert near == (str(half_up(value, 2)) == "0.77")


def test_the_world_shares_of_people_and_gdp_are_what_pandas_says(
    ask: Ask, published: dict[str, pd.DataFrame]
) -> None:
    for indicator in (PEOPLE, GDP):
        ((share, n),) = ask(
            "SELECT share_pct, n FROM marts.world_shares WHERE published AND year = 2023"
            f" AND member_set = 'sco_10' AND indicator = '{indicator}'"
        )
        table = published[indicator]
        world = of(table, 2023, ["WLD"]).sum()
        expected = 100 * of(table, 2023, TEN).sum() / world
        assert share == pytest.approx(expected, rel=1e-12)
        assert n == 10


def test_people_online_and_offline_are_all_people(ask: Ask) -> None:
    for online, offline, people in ask(
        f"""
        SELECT a.outcome, b.outcome, a.reference
        FROM marts.distributions AS a
        JOIN marts.distributions AS b USING (year, weighting, member_set, economy)
        WHERE a.indicator = '{USERS}' AND b.indicator = '{USERS}.OFFLINE'
            AND weighting = 'per_capita_population'
        """
    ):
        assert online + offline == pytest.approx(people, rel=1e-12)


def test_iran_has_no_ict_exports_and_the_ten_are_never_complete(ask: Ask) -> None:
    """Sources, section 10: a ten-member index is impossible, and the row says so."""
    rows = ask(
        f"SELECT year, missing, n FROM marts.inequality WHERE indicator = '{ICT}'"
        " AND weighting = 'totals' AND member_set = 'sco_10' AND year >= 2015"
    )
    assert rows
    assert all("IRN" in missing and n < 10 for _, missing, n in rows)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2021, 12, 31), (2000, 0, None, "no recent value: the newest is for 2000, 21 years")),
        (date(2026, 5, 1), (None, None, None, "no value in the release")),
    ],
)
def test_irans_receipts_of_2000_are_no_latest_value_and_then_withdrawn(
    tmp_path: Path, catalog: Catalog, as_of: date, expected: tuple[object, ...]
) -> None:
    path = tmp_path / "w.duckdb"
    build_core(path, Part("BX.GSR.ROYL.CD"), catalog, as_of, SQL_DIR)
    build_marts(path, catalog, SQL_DIR, ["marts.latest_values"])
    ((*found, reason),) = query(
        path,
        "SELECT year, value, published_value, reason FROM marts.latest_values"
        " WHERE indicator = 'BX.GSR.ROYL.CD' AND economy = 'IRN'",
    )[1]
    assert tuple(found) == expected[:3]
    assert str(reason).startswith(str(expected[3]))


def test_decompositions_are_exact_everywhere(ask: Ask) -> None:
    ((groups, states),) = ask(
        """
        WITH g AS (
            SELECT indicator, year, weighting, member_set, scheme, sum("between" + "within") AS t
            FROM marts.inequality_groups GROUP BY ALL
        ), s AS (
            SELECT indicator, year, weighting, member_set, sum(contribution) AS t
            FROM marts.inequality_contributions GROUP BY ALL
        )
        SELECT max(abs(g.t - i.theil_t)), max(abs(s.t - i.theil_t))
        FROM marts.inequality AS i
        JOIN g USING (indicator, year, weighting, member_set)
        JOIN s USING (indicator, year, weighting, member_set)
        """
    )
    assert groups < 1e-12
    assert states < 1e-12


@pytest.mark.slow
def test_two_builds_give_the_same_marts_byte_for_byte(
    bundled: Path, bundled_archive: Archive, catalog: Catalog, tmp_path: Path
) -> None:
    again = tmp_path / "another folder" / "w.duckdb"
    build_core(again, bundled_archive, catalog, bundled_archive.newest_vintage(), SQL_DIR)
    infos = build_marts(again, catalog, SQL_DIR)
    names = ["core.current", "core.snapshots", *(i.name for i in infos)]
    first = export_parquet(bundled, tmp_path / "first", names)
    second = export_parquet(again, tmp_path / "second", names)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_no_texts_are_so_long_that_a_database_of_them_would_have_gaps(ask: Ask) -> None:
    tables = ask(
        "SELECT schema_name || '.' || table_name, list(column_name) FROM duckdb_columns() "
        "WHERE data_type = 'VARCHAR' AND (schema_name = 'marts' OR table_name IN ('current', "
        "'snapshots', 'publishers', 'indicators', 'economies', 'targets', 'corrections')) "
        "GROUP BY 1 ORDER BY 1"
    )
    assert sum(len(columns) for _, columns in tables) > 150
    for table, columns in tables:
        sums = ", ".join(f'sum(4 + coalesce(strlen("{c}"), 0)) AS "{c}"' for c in columns)
        together = f"SELECT {sums} FROM {table} GROUP BY rowid // {ROWS_TOGETHER}"
        (most,) = ask(f"SELECT max(COLUMNS(*)) FROM ({together})")
        for column, count in zip(columns, most, strict=True):
            assert (count or 0) < TEXT_TOGETHER, f"{table}.{column}"
