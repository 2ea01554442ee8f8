"""The table of quirks names tests that exist: a row cannot outlive its test."""

import re

import pytest

from pipeline.settings import PROJECT_ROOT

TABLE = (PROJECT_ROOT / "tests" / "doubles" / "README.md").read_text("utf-8")
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ")][1:]
NAMED = re.compile(r"`(?P<file>tests/[\w/]+\.py)(?:::(?P<test>\w+))?` \|$")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_the_test_of_a_quirk_is_there(row: str) -> None:
    found = NAMED.search(row)
    assert found, f"{row!r} names no test"
    text = (PROJECT_ROOT / found["file"]).read_text("utf-8")
    assert found["test"] is None or f"def {found['test']}(" in text
