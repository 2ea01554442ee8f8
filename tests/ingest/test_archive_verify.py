"""Verification: every flipped byte in any file of the archive is found and named."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.ingest.archive import Archive
from pipeline.ingest.packs import INDEX, write_packs
from pipeline.ingest.sidecar import SidecarDraft
from pipeline.settings import PROJECT_ROOT

MakeDraft = Callable[..., SidecarDraft]
Tidy = Callable[..., bytes]


@pytest.fixture
def folder(tmp_path: Path, make_draft: MakeDraft, tidy: Tidy) -> Path:
    """An archive with two packs of three vintages each, and four loose snapshots."""
    packed = []
    for indicator in ("A", "B"):
        for month in (1, 2, 3):
            body = tidy(f"CHN,2020,{month}.5", "RUS,2020,70")
            draft = make_draft(indicator=indicator, vintage=date(2025, month, 1))
            packed.append((draft.with_bodies([body]), [body]))
    write_packs(tmp_path / "packs", packed)
    archive = Archive(tmp_path)
    for number in range(4):
        draft = make_draft(indicator="C", vintage=date(2025, 1 + number, 1))
        archive.add(draft, [b"%d" % number * 50, b"second part"])
    (tmp_path / ".lock").unlink()
    return tmp_path


def test_a_sound_archive_has_no_problems(folder: Path) -> None:
    result = Archive(folder).verify()

    assert result.sound
    assert result.snapshots == 10
    assert result.files == 3 + 4 + 5  # packs with index, sidecars, objects


@pytest.mark.slow
def test_every_flipped_byte_is_found_in_its_file(folder: Path) -> None:
    rng = random.Random(2026)
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    archive = Archive(folder)
    for _ in range(300):
        path = rng.choice(paths)
        sound = path.read_bytes()
        at, bit = rng.randrange(len(sound)), 1 << rng.randrange(8)
        path.write_bytes(sound[:at] + bytes([sound[at] ^ bit]) + sound[at + 1 :])

        problems = archive.verify().problems

        assert str(path) in {p.file for p in problems}, f"byte {at} of {path}"
        path.write_bytes(sound)
    assert archive.verify().sound


def test_a_flipped_byte_in_a_loose_object_names_its_snapshots(folder: Path) -> None:
    archive = Archive(folder)
    path = next(p for p in (folder / "objects").glob("*/*") if p.read_bytes() == b"second part")
    path.write_bytes(b"second pert")

    problems = archive.verify().problems

    assert [p.snapshot for p in problems] == [
        s.snapshot for s in archive.snapshots() if s.indicators == ("C",)
    ]
    assert {p.file for p in problems} == {str(path)}


def test_a_flipped_byte_in_a_sidecar_names_its_snapshot(folder: Path) -> None:
    sidecar = Archive(folder).snapshots()[-1]
    path = folder / "sidecars" / f"{sidecar.snapshot}.json"
    path.write_bytes(path.read_bytes().replace(b"CC BY", b"CC BZ"))

    (problem,) = Archive(folder).verify().problems

    assert problem.snapshot == sidecar.snapshot
    assert "checksum" in problem.what


def test_a_truncated_pack_names_all_it_held(folder: Path) -> None:
    path = folder / "packs" / "world_bank_wdi-a.xz"
    path.write_bytes(path.read_bytes()[:-30])

    problems = Archive(folder).verify().problems

    assert {p.snapshot for p in problems if p.snapshot} == {
        s.snapshot for s in Archive(folder).snapshots() if s.indicators == ("A",)
    }
    assert any("truncated pack" in p.what for p in problems)


def test_a_missing_pack_is_named(folder: Path) -> None:
    path = folder / "packs" / "world_bank_wdi-a.xz"
    path.unlink()

    assert {p.file for p in Archive(folder).verify().problems} == {str(path)}


def test_a_pack_that_no_index_vouches_for_is_named(folder: Path) -> None:
    (folder / "packs" / INDEX).unlink()

    assert {Path(p.file).name for p in Archive(folder).verify().problems} == {
        "world_bank_wdi-a.xz",
        "world_bank_wdi-b.xz",
    }


def test_a_missing_object_is_named_with_its_snapshot(folder: Path) -> None:
    path = next(p for p in (folder / "objects").glob("*/*") if p.read_bytes() == b"0" * 50)
    path.unlink()

    (problem,) = Archive(folder).verify().problems

    assert problem.file == str(path)
    assert problem.snapshot.startswith("world_bank_wdi/c/2025-01-01/")


def test_a_line_lost_from_the_index_is_found(folder: Path) -> None:
    path = folder / "packs" / INDEX
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[1:]))

    (problem,) = Archive(folder).verify().problems

    assert problem.file == str(path)
    assert "do not match the last one" in problem.what


def test_the_bundled_archive_is_sound() -> None:
    result = Archive(None, PROJECT_ROOT / "pipeline" / "bundled").verify()

    assert result.problems == ()
    assert result.snapshots >= 308
