"""The DuckDB file of an edition: the tables beside it, read-only, the same bytes every time."""

from pathlib import Path

import duckdb
import pytest

from pipeline.errors import WarehouseError
from pipeline.report.data_tables import DataTable
from pipeline.report.database import DATABASE, LEAVE_GAPS, write_database
from pipeline.warehouse.tables import Column

CLAIMS = DataTable(
    "marts.claims", "The claims.\n\nO'Neil's;\n  and more",
    (Column("claim_id", "VARCHAR", "its id", "code"), Column("value", "DOUBLE", "found", "–")),
    (), (), None,
)  # fmt: skip
FINDINGS = DataTable(
    "findings", "Findings.", (Column("year", "SMALLINT", "of the figures", "year"),), (), (), None
)
MANY = """
    SELECT
        'series ' || (n % 80) AS series,
        CASE WHEN n % 9 > 0 THEN hash(n) :: VARCHAR END AS said,
        'https://data.example.org/series/' || n AS address,
        (2000 + n % 25) :: SMALLINT AS year,
        CASE WHEN n % 7 > 0 THEN round(n * 0.37, 2) END AS rounded,
        sqrt(n) AS root,
        DATE '2016-01-01' + (n % 3000) :: INTEGER AS day,
        n % 3 = 0 AS third
    FROM range(30000) AS t(n)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two tables as Parquet, in a folder with a quote in its name."""
    made = tmp_path / "it's data"
    made.mkdir()
    duckdb.sql("SELECT 'C1' AS claim_id, 0.5 :: DOUBLE AS value").write_parquet(
        str(made / "marts.claims.parquet")
    )
    duckdb.sql("SELECT 2024 :: SMALLINT AS year").write_parquet(str(made / "findings.parquet"))
    return made


def write_many(folder: Path) -> Path:
    """The file of tables that have a column of each kind; one has more rows than a block holds."""
    rows = {f"many_{n}": 30_000 // n for n in range(1, 9)}
    for name, count in rows.items():
        duckdb.sql(f"FROM ({MANY}) LIMIT {count}").write_parquet(str(folder / f"{name}.parquet"))
    return write_database(folder, [DataTable(name, "", (), (), (), None) for name in rows])


def test_it_holds_every_table_with_what_it_is(folder: Path) -> None:
    path = write_database(folder, [CLAIMS, FINDINGS])
    with duckdb.connect(str(path), read_only=True) as con:
        assert con.sql("FROM marts.claims").fetchall() == [("C1", 0.5)]
        assert con.sql("FROM findings").fetchall() == [(2024,)]
        tables = con.sql("SELECT comment FROM duckdb_tables() ORDER BY table_name").fetchall()
        assert tables == [("The claims. O'Neil's; and more",), ("Findings.",)]
        columns = con.sql(
            "SELECT comment FROM duckdb_columns() WHERE NOT internal ORDER BY table_name, "
            "column_index"
        ).fetchall()
        assert columns == [("code: its id",), ("found",), ("year: of the figures",)]


def test_it_is_for_reading_and_nothing_else_is_left(folder: Path) -> None:
    before = {path.name for path in folder.iterdir()}
    path = write_database(folder, [CLAIMS, FINDINGS])
    assert path.stat().st_mode & 0o777 == 0o444
    assert {path.name for path in folder.iterdir()} - before == {DATABASE}


def test_a_table_that_is_not_there_is_named_and_no_file_stays(folder: Path) -> None:
    (folder / "findings.parquet").unlink()
    with pytest.raises(WarehouseError, match=r"tables\.duckdb: .*findings\.parquet"):
        write_database(folder, [CLAIMS, FINDINGS])
    assert not (folder / DATABASE).exists()


def test_a_file_that_is_there_is_kept(folder: Path) -> None:
    (folder / DATABASE).write_text("mine")
    with pytest.raises(WarehouseError, match=r"tables\.duckdb: is there already"):
        write_database(folder, [CLAIMS])
    assert (folder / DATABASE).read_text() == "mine"


def test_no_column_is_stored_in_a_way_that_leaves_gaps(tmp_path: Path) -> None:
    with duckdb.connect(str(write_many(tmp_path)), read_only=True) as con:
        used = con.sql("SELECT DISTINCT lower(compression) FROM pragma_storage_info('many_1')")
        stored = {name for (name,) in used.fetchall()}
    assert {"dictionary", "uncompressed"} <= stored
    assert not stored.intersection(LEAVE_GAPS)


def test_the_bytes_are_the_same_whatever_stood_in_memory(tmp_path: Path) -> None:
    made = []
    for letter in "xyz":
        leave_in_memory(letter)
        (tmp_path / letter).mkdir()
        made.append(write_many(tmp_path / letter).read_bytes())
    assert len(made[0]) > 1_000_000
    assert made[0] == made[1] == made[2]
    assert not any(letter.encode() * 9 in made[0] for letter in "xyz")


def leave_in_memory(letter: str) -> None:
    """Have DuckDB fill memory with a letter and let go of it."""
    with duckdb.connect() as con:
        con.execute(
            f"CREATE TABLE t AS SELECT n, repeat('{letter}', 90) || hash(n) FROM range(200000) t(n)"
        )
