"""One file, one table: heads, dependencies and lineage are read, and mistakes name the file."""

from pathlib import Path
from textwrap import dedent

import pytest

from pipeline.errors import WarehouseError
from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse.sqlfiles import lineage_of, tables_in_order
from pipeline.warehouse.tables import ColumnDoc, SqlTable, TypedTable

SOURCE = TypedTable(
    "staging.raw",
    "Rows as they came.",
    (ColumnDoc("state", "code", "code"), ColumnDoc("amount", "how much", "US$")),
    (),
    {},
    {},
)

GOOD = """
    -- What each state has.
    --
    -- More about it.
    --
    -- columns:
    --   state | code | the state
    --   total | US$  | what it has in all
    SELECT state, sum(amount) AS total
    FROM staging.raw
    GROUP BY state
    ORDER BY state
"""


@pytest.fixture
def sql_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "sql"
    (folder / "core").mkdir(parents=True)
    (folder / "marts").mkdir()
    return folder


def write(sql_dir: Path, name: str, text: str) -> Path:
    path = sql_dir / f"{name}.sql"
    path.write_text(dedent(text).lstrip(), encoding="utf-8")
    return path


def load(sql_dir: Path) -> tuple[SqlTable, ...]:
    """The tables of the files, once they and what their columns come from have been read."""
    tables = tables_in_order(sql_dir, [SOURCE])
    for table in tables:
        lineage_of(table)
    return tuple(table for table in tables if isinstance(table, SqlTable))


def refused(sql_dir: Path, path: Path, *words: str) -> None:
    with pytest.raises(WarehouseError) as caught:
        load(sql_dir)
    assert str(path) in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def test_a_head_describes_the_table_and_each_column(sql_dir: Path) -> None:
    write(sql_dir, "core/holdings", GOOD)
    (table,) = load(sql_dir)
    assert table.name == "core.holdings"
    assert table.description == "What each state has.\n\nMore about it."
    assert table.columns == (
        ColumnDoc("state", "the state", "code"),
        ColumnDoc("total", "what it has in all", "US$"),
    )
    assert table.sql.startswith("SELECT")


def test_dependencies_are_read_from_the_sql(sql_dir: Path) -> None:
    write(sql_dir, "core/holdings", GOOD)
    write(
        sql_dir,
        "marts/rich",
        """
        -- The richest.
        -- columns:
        --   state | code | the state
        WITH best AS (SELECT max(total) AS total FROM core.holdings)
        SELECT h.state
        FROM core.holdings AS h
        INNER JOIN best AS b ON b.total = h.total
        ORDER BY h.state
        """,
    )
    assert [(t.name, t.depends_on) for t in load(sql_dir)] == [
        ("core.holdings", ("staging.raw",)),
        ("marts.rich", ("core.holdings",)),
    ]


def test_lineage_goes_through_subqueries_unions_and_cases_to_the_tables_read(
    sql_dir: Path,
) -> None:
    write(
        sql_dir,
        "core/mixed",
        """
        -- Mixed.
        -- columns:
        --   state | code | the state
        --   kind  | –    | a constant
        --   value | US$  | one thing or the other
        WITH parts AS (
            SELECT state, 'a' AS kind, amount AS value FROM staging.raw
            UNION ALL
            SELECT state, 'b' AS kind, CASE WHEN state = 'X' THEN 0 ELSE amount END AS value
            FROM staging.raw
        )
        SELECT p.state, p.kind, 2 * p.value AS value
        FROM (SELECT * FROM parts) AS p
        ORDER BY p.state, p.kind
        """,
    )
    (table,) = load(sql_dir)
    assert lineage_of(table) == {
        "state": (("staging.raw", "state"),),
        "kind": (),
        "value": (("staging.raw", "amount"), ("staging.raw", "state")),
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("--   total | US$  | what it has in all\n", ""), ["total", "not documented"]),
        (("sum(amount) AS total", "1 AS total, 2 AS more"), ["more", "not documented"]),
        (("SELECT state, sum(amount) AS total", "SELECT state"), ["total", "not selected"]),
        (("SELECT state, sum(amount) AS total", "SELECT sum(amount) AS total, state"), ["order"]),
        (("sum(amount)", "sum(wealth)"), ["wealth"]),
        (("staging.raw", "staging.cooked"), ["staging.cooked", "no file"]),
        (("staging.raw", "raw"), ["raw", "schema.table"]),
        (("staging.raw", "read_csv('/etc/passwd')"), ["schema.table"]),
        (("ORDER BY state", ""), ["ORDER BY"]),
        (("SELECT state,", "SELEC state,"), ["cannot be parsed"]),
        (("sum(amount)", "sum(amount"), ["cannot be parsed"]),
        (("ORDER BY state", "ORDER BY state; DROP TABLE core.holdings"), ["one SELECT"]),
        (("-- columns:\n", ""), ["columns:"]),
        (("| US$  |", ""), ["total", "name | unit | description"]),
        (("--   total", "--   state"), ["state", "twice"]),
        (("-- What each state has.\n--\n-- More about it.\n", ""), ["does not describe"]),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_file(
    sql_dir: Path, change: tuple[str, str], words: list[str]
) -> None:
    text = dedent(GOOD)
    assert change[0] in text
    path = write(sql_dir, "core/holdings", text.replace(*change))
    refused(sql_dir, path, *words)


def test_tables_that_read_each_other_are_named_with_their_files(sql_dir: Path) -> None:
    head = "-- One.\n-- columns:\n--   state | code | the state\n"
    first = write(sql_dir, "core/a", head + "SELECT state FROM core.b ORDER BY state")
    second = write(sql_dir, "core/b", head + "SELECT state FROM core.a ORDER BY state")
    refused(sql_dir, first, str(second), "core.a → core.b")


def test_a_file_may_not_make_a_table_that_python_makes(sql_dir: Path) -> None:
    path = write(sql_dir, "core/holdings", GOOD)
    made = TypedTable("core.holdings", "Made elsewhere.", (), (), {}, {})
    with pytest.raises(WarehouseError, match="already made by Python") as caught:
        tables_in_order(sql_dir, [SOURCE, made])
    assert str(path) in str(caught.value)


def test_a_folder_without_sql_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no SQL found"):
        tables_in_order(tmp_path)


def test_the_projects_tables_are_complete_in_order_and_documented() -> None:
    seen: set[str] = set()
    for table in tables_in_order(PROJECT_ROOT / "sql"):
        assert seen.issuperset(table.depends_on), table.name
        assert all(c.description and c.unit for c in table.columns), table.name
        assert set(lineage_of(table)) <= {c.name for c in table.columns}
        seen.add(table.name)
    assert {"core.current", "marts.latest_values", "marts.theil_claim_grid"} <= seen


def test_every_origin_in_a_lineage_is_a_column_of_a_table_that_is_read() -> None:
    tables = {t.name: t for t in tables_in_order(PROJECT_ROOT / "sql")}
    for table in tables.values():
        for origins in lineage_of(table).values():
            for name, column in origins:
                assert name in table.depends_on
                assert column in {c.name for c in tables[name].columns}


def test_some_tables_come_with_all_that_they_read_and_no_other() -> None:
    order = [t.name for t in tables_in_order(PROJECT_ROOT / "sql", only=["marts.world_shares"])]
    assert order[-1] == "marts.world_shares"
    assert {"marts.member_aggregates", "core.current", "core.indicators"} <= set(order)
    assert "marts.inequality" not in order


def test_columns_of_some_tables_alone_are_checked_when_their_lineage_is_asked(
    sql_dir: Path,
) -> None:
    path = write(
        sql_dir, "core/holdings", GOOD.replace("sum(amount) AS total", "1 AS total, 2 AS more")
    )
    *_, table = tables_in_order(sql_dir, [SOURCE], only=["core.holdings"])
    with pytest.raises(WarehouseError, match="more is selected but not documented") as caught:
        lineage_of(table)
    assert str(path) in str(caught.value)


def test_a_table_that_nobody_makes_cannot_be_asked_for() -> None:
    with pytest.raises(WarehouseError, match=r"no file and no code makes marts\.nothing"):
        tables_in_order(PROJECT_ROOT / "sql", only=["marts.nothing"])
