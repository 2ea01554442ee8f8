"""Packs: solid, deterministic, and each opened once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import ArchiveError
from pipeline.ingest.archive import Archive
from pipeline.ingest.bundle import export_snapshots
from pipeline.ingest.packs import PackFolder, write_packs
from pipeline.ingest.sidecar import Sidecar, SidecarDraft

MakeDraft = Callable[..., SidecarDraft]
Snapshots = list[tuple[Sidecar, list[bytes]]]


@pytest.fixture
def snapshots(make_draft: MakeDraft) -> Snapshots:
    """Two indicators of three vintages, in two parts each."""
    return [
        (draft.with_bodies(bodies), bodies)
        for indicator in ("A", "B")
        for month in (1, 2, 3)
        for draft in [make_draft(indicator=indicator, vintage=date(2025, month, 1))]
        for bodies in [[b"head of %d" % month, b"long common part " * 200]]
    ]


def test_packed_snapshots_are_read_back(tmp_path: Path, snapshots: Snapshots) -> None:
    write_packs(tmp_path / "packs", snapshots)
    archive = Archive(None, tmp_path)

    assert [(s, list(b)) for s, b in archive.read_many(archive.snapshots())] == snapshots


def test_the_same_snapshots_in_any_order_give_the_same_bytes(
    tmp_path: Path, snapshots: Snapshots
) -> None:
    write_packs(tmp_path / "one", snapshots)
    write_packs(tmp_path / "two", snapshots[::-1])

    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two")
    )
    assert one == two


def test_vintages_share_their_bytes(tmp_path: Path, snapshots: Snapshots) -> None:
    packs = write_packs(tmp_path, snapshots)

    assert sum(p.size for p in packs.values()) < 2 * len(b"long common part " * 200) / 5


def test_each_pack_is_opened_once(
    tmp_path: Path, snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_packs(tmp_path / "packs", snapshots)
    opened = []
    unpack = PackFolder.unpack

    def counted(self: PackFolder, name: str) -> bytes:
        opened.append(name)
        return unpack(self, name)

    monkeypatch.setattr(PackFolder, "unpack", counted)
    shuffled = [snapshots[i][0] for i in (0, 3, 1, 4, 2, 5)]

    read = [s for s, _ in Archive(None, tmp_path).read_many(shuffled)]

    assert opened == ["world_bank_wdi-a.xz", "world_bank_wdi-b.xz"]
    assert sorted(s.snapshot for s in read) == sorted(s.snapshot for s in shuffled)


def test_a_snapshot_twice_is_refused(tmp_path: Path, snapshots: Snapshots) -> None:
    with pytest.raises(ArchiveError, match=f"{snapshots[0][0].snapshot} comes twice"):
        write_packs(tmp_path, [snapshots[0], snapshots[0]])


def test_two_copies_of_one_release_are_two_snapshots(tmp_path: Path, make_draft: MakeDraft) -> None:
    copies = [make_draft(source=s).with_bodies([b"x"]) for s in ("https://a/", "https://b/")]

    write_packs(tmp_path / "packs", [(copy, [b"x"]) for copy in copies])

    assert len(Archive(None, tmp_path).snapshots()) == 2


def test_a_rebuilt_folder_keeps_no_pack_of_before(tmp_path: Path, snapshots: Snapshots) -> None:
    write_packs(tmp_path, snapshots)
    write_packs(tmp_path, snapshots[:3])

    assert [p.name for p in sorted(tmp_path.glob("*.xz"))] == ["world_bank_wdi-a.xz"]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda data: data[:-20], "truncated pack"),
        (lambda data: data[:40] + b"\x00" + data[41:], "damaged"),
        (lambda data: b"\x00" + data[1:], "damaged pack"),
    ],
)
def test_a_bad_pack_is_named_with_the_snapshot_that_is_wanted(
    tmp_path: Path, snapshots: Snapshots, spoil: Callable[[bytes], bytes], complaint: str
) -> None:
    write_packs(tmp_path / "packs", snapshots)
    path = tmp_path / "packs" / "world_bank_wdi-a.xz"
    path.write_bytes(spoil(path.read_bytes()))
    wanted = snapshots[1][0]

    with pytest.raises(ArchiveError, match=f"{path}: {complaint}.*{wanted.snapshot}"):
        Archive(None, tmp_path).read(wanted)


def test_a_pack_that_is_gone_is_named(tmp_path: Path, snapshots: Snapshots) -> None:
    write_packs(tmp_path / "packs", snapshots)
    (tmp_path / "packs" / "world_bank_wdi-b.xz").unlink()

    with pytest.raises(ArchiveError, match=r"world_bank_wdi-b\.xz: missing"):
        Archive(None, tmp_path).read(snapshots[-1][0])


def test_an_empty_index_is_damage(tmp_path: Path, snapshots: Snapshots) -> None:
    write_packs(tmp_path / "packs", snapshots)
    (tmp_path / "packs" / "index.jsonl").write_bytes(b"")

    with pytest.raises(ArchiveError, match=r"index\.jsonl: empty"):
        Archive(None, tmp_path).snapshots()


def test_packs_below_a_file_cannot_be_written(tmp_path: Path, snapshots: Snapshots) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ArchiveError, match=r"cannot write packs: .*expected a folder"):
        write_packs(tmp_path / "file" / "packs", snapshots)


def test_an_exported_part_reads_alone(tmp_path: Path, snapshots: Snapshots) -> None:
    write_packs(tmp_path / "all" / "packs", snapshots)
    archive = Archive(None, tmp_path / "all")

    export_snapshots(archive, archive.snapshots()[1:3], tmp_path / "part")

    part = Archive(None, tmp_path / "part")
    assert part.snapshots() == archive.snapshots()[1:3]
    assert part.verify().sound
