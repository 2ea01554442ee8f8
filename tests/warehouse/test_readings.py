"""Readings: what is kept of an archive is what would be read of it, and is believed for nothing."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipeline.catalog.models import Catalog
from pipeline.errors import ArchiveError, ReadError, WarehouseError
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_snapshots
from pipeline.ingest.sidecar import Sidecar
from pipeline.warehouse import readings as module
from pipeline.warehouse.build import build_core, query
from pipeline.warehouse.readings import Readings, view_of
from tests.conftest import SQL_DIR
from tests.warehouse.conftest import BUNDLED, ArchiveOf, Part

USERS = "IT.NET.USER.ZS"
Row = tuple[object, ...]


@pytest.fixture
def filled(tmp_path: Path) -> ArchiveOf:
    """Two releases of one series."""
    made = ArchiveOf(tmp_path / "archive")
    made.add(USERS, date(2024, 1, 1), {("TJK", 2020): "28.34", ("WLD", 2020): "5.9e1"})
    made.add(USERS, date(2025, 1, 1), {("TJK", 2020): "28"})
    return made


def rows(files: Sequence[Path]) -> list[Row]:
    with duckdb.connect() as con:
        return con.execute(f"{view_of(files)} ORDER BY ALL").fetchall()


def nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_archive: Archive, sidecars: Sequence[Sidecar]) -> None:
        raise AssertionError(f"{len(sidecars)} snapshots were read")

    monkeypatch.setattr(module, "read_snapshots", read)


def core(path: Path, archive: Archive, catalog: Catalog, kept: Readings | None) -> list[Row]:
    only = ["core.observations"]
    build_core(path, archive, catalog, date(2026, 1, 1), SQL_DIR, only, readings=kept)
    # Not ordered: the place of a row in the table is the same, too.
    return query(path, "FROM core.observations")[1]


def test_a_snapshot_is_a_file_of_the_columns_that_readers_give(
    filled: ArchiveOf, tmp_path: Path
) -> None:
    first, second = filled.archive.snapshots()
    files = Readings(tmp_path / "kept").files(filled.archive, [first, second])
    assert rows(files[:1]) == [
        (USERS, "TJK", "_Z", 2020, "28.34", "", first.snapshot),
        (USERS, "WLD", "_Z", 2020, "5.9e1", "", first.snapshot),
    ]
    assert rows(files[1:]) == [(USERS, "TJK", "_Z", 2020, "28", "", second.snapshot)]


@pytest.mark.slow
def test_a_warehouse_is_the_same_with_readings_and_without(
    catalog: Catalog, tmp_path: Path
) -> None:
    part, kept = Part(USERS, "BX.GSR.CCIS.CD"), Readings(tmp_path / "kept")
    cold = core(tmp_path / "cold.duckdb", part, catalog, kept)
    warm = core(tmp_path / "warm.duckdb", part, catalog, kept)
    assert len(cold) > 10_000
    assert cold == warm == core(tmp_path / "none.duckdb", part, catalog, None)


def test_what_is_kept_is_not_read_again(
    filled: ArchiveOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshots = filled.archive.snapshots()
    files = Readings(tmp_path).files(filled.archive, snapshots)
    nothing_is_read(monkeypatch)
    assert Readings(tmp_path).files(filled.archive, snapshots[::-1]) == files[::-1]


def test_only_what_is_new_is_read(filled: ArchiveOf, tmp_path: Path) -> None:
    kept = Readings(tmp_path)
    kept.files(filled.archive, filled.archive.snapshots())
    filled.add(USERS, date(2026, 1, 1), {("TJK", 2020): "29"})
    read = {path.stem for path in kept.folder.glob("*.parquet")}
    files = kept.files(filled.archive, filled.archive.snapshots())
    assert [path.stem in read for path in files] == [True, True, False]


@pytest.mark.parametrize("damage", [b"", b"PAR1 and something else"])
def test_a_damaged_file_is_made_again(filled: ArchiveOf, tmp_path: Path, damage: bytes) -> None:
    snapshots, kept = filled.archive.snapshots(), Readings(tmp_path)
    files = kept.files(filled.archive, snapshots)
    sound = files[0].read_bytes()
    files[0].write_bytes(damage)
    assert kept.files(filled.archive, snapshots) == files
    assert files[0].read_bytes() == sound


def test_a_damaged_body_is_noticed_although_its_reading_is_kept(
    filled: ArchiveOf, tmp_path: Path
) -> None:
    snapshots, kept = filled.archive.snapshots(), Readings(tmp_path / "kept")
    kept.files(filled.archive, snapshots)
    (body,) = (tmp_path / "archive" / "objects").rglob(snapshots[0].parts[0].sha256)
    body.write_bytes(body.read_bytes().replace(b"28.34", b"82.34"))
    with pytest.raises(ArchiveError, match=rf"{body}: damaged: part 1 of snapshot"):
        kept.files(Archive(tmp_path / "archive"), snapshots)


def test_a_damaged_pack_is_noticed_although_its_readings_are_kept(tmp_path: Path) -> None:
    shutil.copytree(BUNDLED, tmp_path / "bundled")
    archive = Archive(None, tmp_path / "bundled")
    users = [s for s in archive.snapshots() if s.indicators == (USERS,)]
    kept = Readings(tmp_path / "kept")
    kept.files(archive, users)
    (pack,) = (tmp_path / "bundled" / "packs").glob("*it_net_user_zs.xz")
    damaged = bytearray(pack.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    pack.write_bytes(damaged)
    with pytest.raises(ArchiveError, match=f"{pack}: damaged"):
        kept.files(Archive(None, tmp_path / "bundled"), users)


def test_other_code_keeps_its_readings_elsewhere_and_only_the_last_others_stay(
    filled: ArchiveOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshots = filled.archive.snapshots()
    folders = []
    for code in ("a" * 64, "b" * 64, "c" * 64):
        monkeypatch.setattr(module, "readers_hash", lambda code=code: code)
        kept = Readings(tmp_path / "kept")
        kept.files(filled.archive, snapshots)
        folders.append(kept.folder)
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["b" * 32, "c" * 32]
    assert len(set(folders)) == 3


def test_nothing_is_kept_of_what_cannot_be_read(tmp_path: Path) -> None:
    archive = ArchiveOf(tmp_path / "archive")
    archive.add(USERS, date(2024, 1, 1), {("TJK", 2020): "many"})
    kept = Readings(tmp_path / "kept")
    with pytest.raises(ReadError, match="many"):
        kept.files(archive.archive, archive.archive.snapshots())
    assert list(kept.folder.glob("*.parquet")) == []


def test_a_text_that_is_no_number_stops_the_build(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = ArchiveOf(tmp_path / "archive")
    name = archive.add(USERS, date(2024, 1, 1), {("TJK", 2021): "2"})

    def read(of: Archive, sidecars: Sequence[Sidecar]) -> Iterator[tuple[Sidecar, pd.DataFrame]]:
        for sidecar, frame in read_snapshots(of, sidecars):
            yield sidecar, frame.replace("2", "1e999")

    monkeypatch.setattr(module, "read_snapshots", read)
    with pytest.raises(WarehouseError) as caught:
        core(tmp_path / "w.duckdb", archive.archive, catalog, Readings(tmp_path / "kept"))
    assert str(caught.value) == (
        f"snapshot {name}: {USERS} TJK _Z 2021: '1e999' is not a finite number"
    )


def test_a_folder_that_cannot_be_written_is_named(filled: ArchiveOf, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file")
    with pytest.raises(WarehouseError, match="cannot keep what was read: Not a directory"):
        Readings(tmp_path / "kept").files(filled.archive, filled.archive.snapshots())


def test_a_path_may_hold_any_sign(filled: ArchiveOf, tmp_path: Path) -> None:
    kept = Readings(tmp_path / "it's [1]* a ? folder")
    assert len(rows(kept.files(filled.archive, filled.archive.snapshots()))) == 3
