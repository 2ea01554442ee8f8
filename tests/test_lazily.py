"""Modules that are executed when something of them is asked for, and not when they are imported."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

from pipeline.lazily import import_when_used

PACKAGE = "sco_test_package"


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module in a package of its own, which leaves a file when it is executed."""
    folder = tmp_path / PACKAGE
    folder.mkdir()
    (folder / "__init__.py").write_text("", "utf-8")
    (folder / "seldom.py").write_text(
        "from pathlib import Path\n"
        f"Path({str(tmp_path / 'executed')!r}).write_text('', 'utf-8')\n"
        "ANSWER = 42\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in (PACKAGE, f"{PACKAGE}.seldom"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return f"{PACKAGE}.seldom"


def test_it_is_executed_at_its_first_attribute(module: str, tmp_path: Path) -> None:
    import_when_used(module)
    found = import_module(PACKAGE).seldom

    assert sys.modules[module] is found
    assert not (tmp_path / "executed").exists()
    assert found.ANSWER == 42
    assert (tmp_path / "executed").exists()
    assert import_module(module) is found


def test_one_that_is_imported_is_left_as_it_is(module: str) -> None:
    before = import_module(module)
    import_when_used(module)

    assert sys.modules[module] is before


def test_one_that_is_not_there_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="No module named 'sco_no_such_module'"):
        import_when_used("sco_no_such_module")
