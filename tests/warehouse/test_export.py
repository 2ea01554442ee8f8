"""Tables as files: the same bytes every time, and a CSV that runs nothing."""

import csv
import io
import math
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from pipeline.errors import WarehouseError
from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse.export import export_csv, export_parquet, to_csv, write_csv
from tests.warehouse.conftest import TEN, Small, make_small

TABLES = ("core.current", "marts.latest_values", "marts.inequality")


def build(folder: Path) -> Small:
    """A whole warehouse of made-up figures."""
    small, years = make_small(folder), range(2015, 2025)
    small.add("SP.POP.TOTL", "2025-01-01", {(e, y): 1e6 + y for e in TEN for y in years})
    small.add("IT.NET.USER.ZS", "2025-01-01", {(e, y): y / 30 for e in TEN for y in years})
    small.build("2025-06-01", whole=True)
    return small


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Not to be changed."""
    return build(tmp_path_factory.mktemp("a warehouse"))


def test_parquet_has_the_rows_of_the_table_in_its_order(built: Small, tmp_path: Path) -> None:
    (path,) = export_parquet(built.path, tmp_path / "out", ["core.current"])
    assert path == tmp_path / "out" / "core.current.parquet"
    found = duckdb.read_parquet(str(path)).fetchall()
    assert found == built.rows("SELECT * FROM core.current")


@pytest.mark.slow
def test_parquet_is_the_same_from_two_builds_in_two_folders_and_time_zones(
    built: Small, tmp_path: Path
) -> None:
    first = export_parquet(built.path, tmp_path / "first", TABLES)
    again = build(tmp_path / "made again")
    code = (
        "import sys; from pathlib import Path; from pipeline.warehouse.export import *;"
        "export_parquet(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])"
    )
    second = tmp_path / "another folder"
    subprocess.run(
        [sys.executable, "-c", code, str(again.path), str(second), *TABLES],
        cwd=PROJECT_ROOT,
        env={"TZ": "Asia/Tashkent", "LC_ALL": "ru_RU.UTF-8", "PATH": ""},
        check=True,
    )
    assert [p.read_bytes() for p in first] == [
        (second / f"{name}.parquet").read_bytes() for name in TABLES
    ]


def test_an_unknown_table_is_named(built: Small, tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"has no table 'marts\.no_such'"):
        export_parquet(built.path, tmp_path, ["marts.no_such"])
    with pytest.raises(WarehouseError, match="has no table"):
        export_csv(built.path, "core.current; DROP TABLE core.current")


def test_an_unwritable_folder_is_one_sentence(built: Small, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(WarehouseError, match=r"out: cannot write Parquet: "):
        export_parquet(built.path, tmp_path / "out", ["core.current"])


def test_csv_gives_every_double_back(built: Small) -> None:
    rows = list(csv.DictReader(io.StringIO(export_csv(built.path, "core.current"))))
    assert [float(r["value"]) for r in rows] == [
        v for (v,) in built.rows("SELECT value FROM core.current")
    ]


def test_csv_writes_each_kind_of_cell_in_one_way() -> None:
    text = to_csv(
        ["a", "b"],
        [
            [None, math.nan],
            [True, False],
            [0.1, -1e300],
            [math.inf, -7],
            [date(2025, 1, 2), 'two, "three"'],
        ],
    )
    assert text == ('a,b\n,\ntrue,false\n0.1,-1e+300\ninf,-7\n2025-01-02,"two, ""three"""\n')


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    (row,) = csv.reader(io.StringIO(to_csv([text], []), newline=""))
    assert row == ["'" + text]


def test_a_negative_number_stays_a_number() -> None:
    assert to_csv(["x"], [[-1.5]]) == "x\n-1.5\n"


AWKWARD = ("", "=1+1", "+1", "-1", "@x", "\tx", "\rx", 'say "x"', "a,b", "a\nb", " x ", "#")
TEXTS = st.sampled_from(AWKWARD) | st.text(
    st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=6
)
ROWS = st.tuples(
    st.none() | TEXTS,
    st.none() | st.floats(),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.booleans(),
    st.none() | st.dates(date(1600, 1, 1)),
    # Without a zone, as DuckDB's TIMESTAMP is.
    st.none() | st.datetimes().map(lambda t: t.replace(year=max(t.year, 1600), microsecond=0)),
)
ONE_FOLDER = [HealthCheck.function_scoped_fixture]
"""Every example may write into the same folder."""


@pytest.mark.slow
@effort(max_examples=100, deadline=None, suppress_health_check=ONE_FOLDER)
@given(rows=st.lists(ROWS, max_size=5))
def test_duckdb_writes_the_very_cells_that_python_gives(
    tmp_path: Path, rows: list[tuple[object, ...]]
) -> None:
    names = ["text", "float", "whole", "truth", "day", "time"]
    kinds = ["VARCHAR", "DOUBLE", "INTEGER", "BOOLEAN", "DATE", "TIMESTAMP"]
    columns = ", ".join(f'"{n}" {k}' for n, k in zip(names, kinds, strict=True))
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE t ({columns})")
        if rows:
            con.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", rows)
        write_csv(con.sql("FROM t"), tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_bytes().decode()
    assert cells(text) == cells(to_csv(names, rows))  # DuckDB also puts "#" into quotes
    assert text.endswith("\n")


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))
