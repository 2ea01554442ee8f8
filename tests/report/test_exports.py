"""Tables that are written ahead: once for a warehouse, and gone with the run."""

from pathlib import Path

import pytest

from pipeline.editions.exports import Exports
from pipeline.errors import WarehouseError
from pipeline.report.edition_files import export
from pipeline.report.manifest import hash_files
from pipeline.settings import Settings


@pytest.fixture
def exports(tmp_path: Path) -> Exports:
    return Exports(Settings(home=tmp_path))


def test_they_are_written_once_and_are_those_that_an_edition_writes(
    exports: Exports, edition_warehouse: Path, tmp_path: Path
) -> None:
    begun = exports.of(edition_warehouse, {})
    assert exports.of(edition_warehouse, {}) is begun

    (tmp_path / "own").mkdir()
    own = export(edition_warehouse, tmp_path / "own", Settings().sql_dir, {})
    assert begun.result().tables == own.tables
    assert hash_files(begun.result().folder) == hash_files(own.folder)
    exports.close()


def test_what_nobody_took_is_gone_when_they_are_closed(
    exports: Exports, edition_warehouse: Path
) -> None:
    begun = exports.of(edition_warehouse, {})
    exports.close()

    assert begun.done()  # nobody writes to the folder any more
    assert not begun.result().folder.exists()
    assert exports.of(edition_warehouse, {}) is not begun
    exports.close()
    exports.close()


def test_a_warehouse_that_cannot_be_read_is_told_of_when_they_are_wanted(
    exports: Exports, tmp_path: Path
) -> None:
    begun = exports.of(tmp_path / "none.duckdb", {})
    with pytest.raises(WarehouseError, match="there is no warehouse"):
        begun.result()
    exports.close()
