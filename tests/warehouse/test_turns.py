"""Who is built when: after what it reads, beside others, and what most wait for before the rest."""

from collections import Counter
from pathlib import Path
from threading import Barrier, Event, Lock
from typing import Any

import pandas as pd
import pytest

from pipeline.warehouse import turns
from pipeline.warehouse.tables import PythonTable, SqlTable, Table
from pipeline.warehouse.turns import build_in_turn

WITHIN_S = 10.0


def table(name: str, *reads: str, python: bool = False) -> Table:
    own: dict[str, Any] = {"name": name, "description": "", "columns": (), "depends_on": reads}
    if python:
        return PythonTable(**own, lineage={}, types={}, compute=pd.DataFrame)
    return SqlTable(**own, path=Path(name), sql="", schemas=())


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "AT_ONCE", Counter({"DuckDB": 1}))


def test_each_is_built_once_after_what_it_reads() -> None:
    tables = [table("a"), table("b", "a", "core.x"), table("c", "a", "b"), table("d", python=True)]
    built: list[str] = []
    lock = Lock()

    def build(one: Table) -> str:
        with lock:
            assert {n for n in one.depends_on if not n.startswith("core.")} <= set(built)
            built.append(one.name)
        return one.name.upper()

    assert build_in_turn(tables, build) == ["A", "B", "C", "D"]
    assert sorted(built) == ["a", "b", "c", "d"]


def test_python_computes_while_duckdb_works() -> None:
    both = Barrier(2)

    def build(_one: Table) -> bool:
        both.wait(WITHIN_S)  # raises where the other is not under way
        return True

    assert build_in_turn([table("a"), table("b", python=True)], build) == [True, True]


@pytest.mark.usefixtures("one_at_a_time")
def test_what_most_others_wait_for_comes_first() -> None:
    tables = [table("alone"), table("low"), table("middle", "low"), table("top", "middle")]
    built: list[str] = []

    assert build_in_turn(tables, lambda one: built.append(one.name)) == [None] * 4
    assert built == ["low", "middle", "alone", "top"]


def test_what_is_raised_is_raised_once_what_was_begun_is_over() -> None:
    begun, over = Event(), Event()

    def build(one: Table) -> None:
        if one.name == "slow":
            begun.set()
            over.wait(0.2)
            over.set()
        else:
            assert begun.wait(WITHIN_S)
            raise ValueError(one.name)

    with pytest.raises(ValueError, match="wrong"):
        build_in_turn([table("slow"), table("wrong"), table("later", "wrong")], build)
    assert over.is_set()
