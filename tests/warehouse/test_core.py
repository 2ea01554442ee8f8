"""Core: nothing is lost, everything is typed, and as of a date one snapshot speaks per series."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.catalog.models import Catalog
from pipeline.errors import WarehouseError
from pipeline.ingest.readers import read_observations
from pipeline.inputs import archive_hash, code_hash
from pipeline.warehouse import build
from pipeline.warehouse.build import build_core, build_marts, query, table_infos
from tests.conftest import SQL_DIR
from tests.warehouse.conftest import TEN, Part, Small

USERS = "IT.NET.USER.ZS"


def changed_sql(tmp_path: Path, old: str, new: str) -> Path:
    """A copy of the project's SQL with one place changed."""
    texts = {p: p.read_text(encoding="utf-8") for p in SQL_DIR.rglob("*.sql")}
    assert sum(text.count(old) for text in texts.values()) == 1
    for path, text in texts.items():
        copy = tmp_path / "sql" / path.relative_to(SQL_DIR)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text.replace(old, new), encoding="utf-8")
    return tmp_path / "sql"


def test_every_archived_value_becomes_one_typed_observation(small: Small) -> None:
    first = small.add(USERS, "2024-01-01", {("TJK", 2020): "28.34", ("WLD", 2020): "5.9e1"})
    second = small.add(USERS, "2025-01-01", {("TJK", 2020): "28"})
    small.build("2025-06-01")
    assert small.rows("SELECT economy, year, value, digits, snapshot FROM core.observations") == [
        ("TJK", 2020, 28.34, 4, first),
        ("WLD", 2020, 59.0, 2, first),
        ("TJK", 2020, 28.0, 2, second),
    ]


def test_the_unit_comes_from_the_catalogue(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): 1})
    small.add("NOT.IN.CATALOGUE", "2024-01-01", {("TJK", 2020): 1})
    small.build("2025-01-01")
    assert small.rows("SELECT indicator, unit FROM core.observations") == [
        (USERS, "units"),
        ("NOT.IN.CATALOGUE", None),
    ]


def test_doubles_are_those_of_the_published_text(small: Small) -> None:
    texts = ["0.1", "100000000000000000000", "1.7976931348623157e99", "-0.3000000000000000444"]
    small.add(USERS, "2024-01-01", {("TJK", 2000 + i): t for i, t in enumerate(texts)})
    small.build("2025-01-01")
    assert [v for (v,) in small.rows("SELECT value FROM core.observations ORDER BY year")] == [
        float(t) for t in texts
    ]


def test_a_number_too_large_for_a_double_is_an_error_with_its_cell(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = small.add(USERS, "2024-01-01", {("KAZ", 2020): 1, ("TJK", 2021): "2"})
    monkeypatch.setattr(
        build, "read_observations", lambda *of: read_observations(*of).replace("2", "1e999")
    )
    with pytest.raises(WarehouseError) as caught:
        small.build("2025-01-01", whole=True)
    assert str(caught.value) == (
        f"snapshot {snapshot}: {USERS} TJK _Z 2021: '1e999' is not a finite number"
    )
    assert not small.path.exists()


def test_a_row_that_the_sql_loses_is_an_error(small: Small, tmp_path: Path) -> None:
    small.add(USERS, "2024-01-01", {("KAZ", 2020): 1, ("TJK", 2020): 2})
    folder = changed_sql(tmp_path, "ORDER BY s.place", "WHERE o.economy <> 'TJK' ORDER BY s.place")
    with pytest.raises(WarehouseError, match=r"observations\.sql: 2 .* went in, 1 came out"):
        build_core(small.path, small.filled.archive, small.catalog, date(2025, 1, 1), folder)


def test_batches_do_not_change_what_comes_out(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    for vintage in ("2023-01-01", "2024-01-01", "2025-01-01"):
        small.add(USERS, vintage, {(e, y): 50 for e in TEN for y in range(2000, int(vintage[:4]))})
        small.add("SP.POP.TOTL", vintage, {(e, 2000): 5 for e in TEN})
    small.build("2025-01-01")
    whole = small.rows("SELECT * FROM core.observations")
    monkeypatch.setattr(build, "BATCH_ROWS", 1)
    small.build("2025-01-01")
    assert small.rows("SELECT * FROM core.observations") == whole
    assert whole == small.rows(
        "SELECT * FROM core.observations"
        " ORDER BY publisher, indicator, vintage, snapshot, economy, counterpart, year"
    )


@pytest.mark.parametrize(
    ("as_of", "spoken", "known"),
    [
        ("2024-01-01", {2019: 10.0, 2020: 20.0}, 2),
        ("2024-12-31", {2019: 10.0, 2020: 20.0}, 2),
        ("2025-01-01", {2020: 21.0, 2021: 31.0}, 4),
        ("2030-01-01", {2020: 22.0}, 5),
    ],
)
def test_the_newest_snapshot_up_to_the_date_speaks_and_what_it_withdrew_is_gone(
    small: Small, as_of: str, spoken: dict[int, float], known: int
) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2019): 10, ("TJK", 2020): 20})
    small.add(USERS, "2025-01-01", {("TJK", 2020): 21, ("TJK", 2021): 31})
    small.add(USERS, "2026-01-01", {("TJK", 2020): 22})
    small.build(as_of)
    assert dict(small.rows("SELECT year, value FROM core.current")) == spoken
    assert small.row("SELECT count(*) FROM core.observations") == (known,)


def test_each_series_has_its_own_newest_snapshot(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): 1})
    small.add("SP.POP.TOTL", "2025-01-01", {("TJK", 2020): 2})
    small.build("2025-06-01")
    assert small.rows("SELECT indicator, vintage FROM core.current") == [
        (USERS, date(2024, 1, 1)),
        ("SP.POP.TOTL", date(2025, 1, 1)),
    ]


def test_of_one_vintage_the_snapshot_with_more_economies_speaks(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): "1.23456", ("TJK", 2021): "1.23456"})
    wider = small.add(USERS, "2024-01-01", {("TJK", 2020): "1", ("KAZ", 2020): "1"})
    small.build("2024-01-01")
    assert small.rows("SELECT DISTINCT snapshot FROM core.current") == [(wider,)]


def test_of_one_vintage_and_as_many_economies_the_more_precise_speaks(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): "1230000", ("KAZ", 2020): "0.004"})
    precise = small.add(USERS, "2024-01-01", {("TJK", 2020): "1234567", ("KAZ", 2020): "0.00412"})
    small.build("2024-01-01")
    assert small.rows("SELECT DISTINCT snapshot FROM core.current") == [(precise,)]


def test_of_equals_the_first_by_name_speaks(small: Small) -> None:
    names = [small.add(USERS, "2024-01-01", {("TJK", 2020): v}) for v in (11, 12, 13)]
    small.build("2024-01-01")
    assert small.rows("SELECT DISTINCT snapshot FROM core.current") == [(min(names),)]


def test_a_snapshot_is_counted_and_says_whether_it_speaks(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2019): 1, ("TJK", 2021): 2, ("KAZ", 2020): 3})
    small.add(USERS, "2025-01-01", {("TJK", 2019): 1})
    small.build("2025-06-01")
    assert small.rows(
        "SELECT vintage, n_values, n_economies, first_year, last_year, significant_digits,"
        " is_current FROM core.snapshots"
    ) == [
        (date(2024, 1, 1), 3, 2, 2019, 2021, 1.0, False),
        (date(2025, 1, 1), 1, 1, 2019, 2019, 1.0, True),
    ]


def test_a_date_before_the_first_snapshot_names_the_first(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): 1})
    with pytest.raises(
        WarehouseError, match=r"as of 2023-12-31: .*first snapshot is of 2024-01-01"
    ):
        small.build("2023-12-31", whole=True)


def test_an_empty_archive_is_an_error(small: Small) -> None:
    with pytest.raises(WarehouseError, match="archive is empty"):
        small.build("2023-12-31", whole=True)


def test_dated_members_are_those_of_the_end_of_the_year(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): 1})
    small.build("2024-06-01")
    sizes: dict[int, int] = dict(
        small.rows(
            "SELECT year, count(*) FROM core.member_sets WHERE member_set = 'sco_dated' GROUP BY 1"
        )
    )
    assert {y: sizes.get(y, 0) for y in (2000, 2001, 2016, 2017, 2023, 2024)} == {
        2000: 0, 2001: 6, 2016: 6, 2017: 8, 2023: 9, 2024: 10
    }  # fmt: skip


def test_the_build_knows_what_it_is_a_function_of(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): 1})
    small.build("2024-06-01", since="2023-12-31")
    small.add(USERS, "2024-07-01", {("TJK", 2020): 2})
    (spoke, _) = small.filled.archive.snapshots()
    assert small.row("SELECT * FROM core.build") == (
        date(2024, 6, 1), date(2023, 12, 31), "0" * 64, archive_hash([spoke]), code_hash(),
    )  # fmt: skip


def test_an_account_gives_rows_types_and_documentation_of_each_table(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): 1})
    infos = build_core(small.path, small.filled.archive, small.catalog, date(2024, 6, 1), SQL_DIR)
    (current,) = [i for i in infos if i.name == "core.current"]
    value = next(c for c in current.columns if c.name == "value")
    assert (current.rows, value.type, value.unit) == (1, "DOUBLE", "as unit says")
    build_marts(small.path, small.catalog, SQL_DIR)
    again = {i.name: i for i in table_infos(small.path, SQL_DIR)}
    assert again["core.current"].columns == current.columns
    assert again["marts.latest_values"].rows == len(small.catalog.indicators) * 11


def test_marts_need_a_core_of_the_same_catalogue(small: Small) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): 1})
    with pytest.raises(WarehouseError, match="build its core first"):
        build_marts(small.path, small.catalog, SQL_DIR)
    small.build("2024-06-01")
    small.write("core.current")
    other = small.catalog.model_copy(update={"sha256": "1" * 64})
    with pytest.raises(WarehouseError, match="another catalogue"):
        build_marts(small.path, other, SQL_DIR)


def test_building_again_replaces_an_unfinished_candidate(small: Small, tmp_path: Path) -> None:
    small.path.write_bytes(b"half a candidate")
    (tmp_path / "w.duckdb.wal").write_bytes(b"and its log")
    small.add(USERS, "2024-01-01", {("TJK", 2020): 1})
    small.build("2024-06-01")
    assert small.row("SELECT count(*) FROM core.current") == (1,)


def test_a_wrong_function_in_sql_names_the_file(small: Small, tmp_path: Path) -> None:
    small.add(USERS, "2024-01-01", {("TJK", 2020): 1})
    folder = changed_sql(tmp_path, "avg(digits)", "no_such(digits)")
    with pytest.raises(WarehouseError, match=r"core/snapshots\.sql: .*no_such"):
        build_core(small.path, small.filled.archive, small.catalog, date(2025, 1, 1), folder)


@pytest.mark.parametrize(
    ("as_of", "value", "vintage"),
    [
        (date(2025, 1, 1), 28.34, date(2024, 11, 29)),
        (date(2025, 5, 1), 49.8, date(2025, 4, 15)),
        (date(2026, 4, 30), 36.70560074, date(2026, 4, 8)),
    ],
)
def test_three_releases_gave_tajikistans_users_of_2021_three_values(
    tmp_path: Path, catalog: Catalog, as_of: date, value: float, vintage: date
) -> None:
    """Real releases in the bundled archive."""
    path = tmp_path / "w.duckdb"
    build_core(path, Part(USERS), catalog, as_of, SQL_DIR)
    assert query(
        path, "SELECT value, vintage FROM core.current WHERE economy = 'TJK' AND year = 2021"
    )[1] == [(value, vintage)]
