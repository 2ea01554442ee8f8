"""Settings come from the environment, and a wrong one is named."""

from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import Settings, settings


def test_generated_state_stands_under_one_folder(tmp_path: Path) -> None:
    here = Settings(home=tmp_path)
    assert {here.archive_dir, here.dagster_home, here.cache_dir, here.warehouse_path.parent} <= set(
        tmp_path.iterdir()
    ) | {tmp_path / name for name in ("archive", "dagster", "cache", "warehouse")}


def test_a_wrong_value_is_reported_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.cache_clear()
    monkeypatch.setenv("SCO_MAX_REQUESTS_AT_ONCE", "40")
    with pytest.raises(SettingsError, match=r"SCO_MAX_REQUESTS_AT_ONCE='40'.*less than or equal"):
        settings()
    settings.cache_clear()


def test_a_password_is_not_shown() -> None:
    assert "hunter2" not in repr(Settings(smtp_password="hunter2"))
