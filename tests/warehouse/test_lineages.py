"""Lineage that is kept: what is worked out anew and what is not, and that it is the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.warehouse import lineages
from pipeline.warehouse.lineages import Lineages
from pipeline.warehouse.sqlfiles import all_tables, lineage_of
from pipeline.warehouse.tables import Lineage, SqlTable, Table
from tests.conftest import SQL_DIR

ONE, OTHER = "marts.claim_figures", "marts.world_shares"


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return {table.name: table for table in all_tables(SQL_DIR)}


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the tables whose lineage was worked out, as it comes."""
    names: list[str] = []

    def noted(table: Table) -> Lineage:
        if isinstance(table, SqlTable):
            names.append(table.name)
        return lineage_of(table)

    monkeypatch.setattr(lineages, "lineage_of", noted)
    return names


def test_it_is_the_same_kept_and_worked_out(tables: dict[str, Table], tmp_path: Path) -> None:
    every = list(tables.values())
    before = Lineages(tmp_path).of(every)

    assert before == {table.name: lineage_of(table) for table in every}
    assert Lineages(tmp_path).of(every) == before


def test_what_is_kept_is_not_worked_out_again(
    tables: dict[str, Table], tmp_path: Path, worked_out: list[str]
) -> None:
    Lineages(tmp_path).of([tables[ONE]])
    Lineages(tmp_path).of([tables[ONE]])
    assert worked_out == [ONE]

    Lineages(tmp_path).of([tables[OTHER]])
    Lineages(tmp_path).of([tables[ONE], tables[OTHER]])
    assert worked_out == [ONE, OTHER]


def test_other_sql_is_worked_out_anew(
    tables: dict[str, Table], tmp_path: Path, worked_out: list[str]
) -> None:
    table = tables[OTHER]
    assert isinstance(table, SqlTable)
    Lineages(tmp_path).of([table])
    Lineages(tmp_path).of([replace(table, sql=f"-- another\n{table.sql}")])

    assert worked_out == [OTHER, OTHER]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"tables": 1}', "\xff"])
def test_a_damaged_file_is_worked_out_anew_and_mended(
    tables: dict[str, Table], tmp_path: Path, worked_out: list[str], damage: str
) -> None:
    kept = Lineages(tmp_path)
    before = kept.of([tables[ONE]])
    sound = kept.path.read_bytes()
    kept.path.write_bytes(damage.encode("latin-1"))

    assert Lineages(tmp_path).of([tables[ONE]]) == before
    assert worked_out == [ONE, ONE]
    assert kept.path.read_bytes() == sound


def test_that_of_other_code_is_dropped(
    tables: dict[str, Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Lineages(tmp_path)
    before.of([tables[ONE]])
    monkeypatch.setattr(lineages, "code_hash", lambda: "other code")
    after = Lineages(tmp_path)
    after.of([tables[ONE]])

    assert [path.name for path in before.path.parent.iterdir()] == [after.path.name]
    assert after.path != before.path
