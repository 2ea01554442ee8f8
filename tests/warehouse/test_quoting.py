"""What is quoted is to DuckDB the text, or the name, that it was."""

from pathlib import Path

import duckdb
import pytest

from pipeline.warehouse.quoting import quoted, quoted_name

ODD = ("plain", "it's", "''", "'; DROP TABLE t; --", 'say "so"', "back\\slash", "线\nnew line")


@pytest.mark.parametrize("text", ODD)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert duckdb.execute(f"SELECT {quoted(text)}").fetchone() == (text,)


@pytest.mark.parametrize("name", ODD)
def test_a_name_is_one_name(name: str) -> None:
    assert duckdb.sql(f"SELECT 1 AS {quoted_name(name)}").columns == [name]


def test_a_path_is_its_text() -> None:
    assert quoted(Path("it's/here.parquet")) == "'it''s/here.parquet'"
