"""The set-up says in one sentence what a machine lacks, and installs nothing twice."""

import sys
from pathlib import Path

import pytest

from pipeline import bootstrap


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (3, 14), (2, 7)])
def test_a_python_outside_the_range_is_named_with_the_mend(version: tuple[int, int]) -> None:
    with pytest.raises(bootstrap.SetupError, match=r"needs 3\.11 to 3\.13.*make PYTHON="):
        bootstrap.check_python(version, have_venv=True)


def test_a_python_without_venv_is_named_with_the_package_to_install() -> None:
    with pytest.raises(bootstrap.SetupError, match="apt-get install python3-venv"):
        bootstrap.check_python((3, 11), have_venv=False)


def test_a_python_in_the_range_with_venv_passes() -> None:
    bootstrap.check_python((3, 11), have_venv=True)


def test_an_environment_with_the_present_lock_is_not_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _project(tmp_path)
    monkeypatch.setattr(bootstrap, "ROOT", root)
    venv = root / ".venv"
    venv.mkdir()
    assert not bootstrap.prepared(venv, dev=False)

    lock = root / "requirements.lock"
    bootstrap.stamp(venv, dev=False).write_text(bootstrap.stamp_text(lock, venv))
    assert bootstrap.prepared(venv, dev=False)
    assert not bootstrap.prepared(venv, dev=True), "the tests need more than the report"

    lock.write_text("another")
    assert not bootstrap.prepared(venv, dev=False)


def test_the_environment_of_the_tests_serves_for_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = _project(tmp_path)
    monkeypatch.setattr(bootstrap, "ROOT", root)
    venv = root / ".venv"
    venv.mkdir()
    lock = root / "requirements-dev.lock"
    bootstrap.stamp(venv, dev=True).write_text(bootstrap.stamp_text(lock, venv))
    assert bootstrap.prepared(venv, dev=False)


def test_a_moved_environment_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = _project(tmp_path)
    monkeypatch.setattr(bootstrap, "ROOT", root)
    lock = root / "requirements.lock"
    here, there = bootstrap.stamp_text(lock, root / "a"), bootstrap.stamp_text(lock, root / "b")
    assert here != there


def test_lock_files_pin_every_package_by_hash_and_name_no_host() -> None:
    root = Path(bootstrap.__file__).parent.parent
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-bootstrap.lock"):
        text = (root / name).read_text()
        assert "://" not in text, f"{name} names a host"
        requirements = [r for r in text.replace("\\\n", "").splitlines() if r[:1].isalpha()]
        assert requirements
        assert all("==" in r and "--hash=sha256:" in r for r in requirements)


def test_what_is_prepared_together_is_waited_for_and_the_first_failure_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    slow = "import time, pathlib; time.sleep(0.2); pathlib.Path('done').write_text('')"
    steps: list[list[object]] = [[sys.executable, "-c", s] for s in ("exit(3)", "exit(4)", slow)]
    with pytest.raises(bootstrap.SetupError, match=r"This step failed.*exit\(3\)"):
        bootstrap.run_together(steps)
    assert (tmp_path / "done").exists()


def _project(root: Path) -> Path:
    for name in (
        "requirements.lock",
        "requirements-dev.lock",
        "requirements-bootstrap.lock",
        "pyproject.toml",
    ):
        (root / name).write_text(name)
    return root
