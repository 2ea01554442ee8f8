"""The order of the rooms: what makes the figures knows nothing of the report that tells them."""

import ast
from pathlib import Path

import pytest

from pipeline.settings import PROJECT_ROOT


def imported(path: Path) -> set[str]:
    """Modules that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("room", ["catalog", "ingest", "measures", "warehouse"])
def test_what_stands_left_of_the_report_does_not_import_it(room: str) -> None:
    files = sorted((PROJECT_ROOT / "pipeline" / room).rglob("*.py"))

    assert files
    found = {str(p): m for p in files for m in imported(p) if m.startswith("pipeline.report")}
    assert found == {}


def test_a_sentence_is_filled_without_the_report() -> None:
    own = imported(PROJECT_ROOT / "pipeline" / "wording.py")
    rooms = {m.split(".")[1] for m in own if m.startswith("pipeline.")}
    assert rooms == {"errors", "language", "messages", "settings", "yaml_text"}
