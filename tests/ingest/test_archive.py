"""The archive: content-addressed, append-only, whole or not at all."""

import errno
import json
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from pipeline.errors import ArchiveError
from pipeline.ingest import archive as archive_module
from pipeline.ingest.archive import Archive
from pipeline.ingest.packs import write_packs
from pipeline.ingest.sidecar import SidecarDraft

MakeDraft = Callable[..., SidecarDraft]
Tidy = Callable[..., bytes]

APRIL, JULY, DECEMBER = date(2025, 4, 15), date(2025, 7, 1), date(2025, 12, 19)


def files_of(folder: Path) -> set[Path]:
    """Every file of an archive but its lock."""
    return {p for p in folder.rglob("*") if p.is_file() and p.name != ".lock"}


def test_what_was_added_is_read_back_byte_for_byte(archive: Archive, make_draft: MakeDraft) -> None:
    bodies = [b'[{"page":1}]', b"", b"\xef\xbb\xbf<xml/>\r\n"]
    urls = ("https://example.org/1", "https://example.org/2", "https://example.org/3")

    sidecar, new = archive.add(make_draft(media_type="application/json", requests=urls), bodies)

    assert new
    assert archive.read(sidecar) == tuple(bodies)
    assert [p.request for p in sidecar.parts] == list(urls)
    assert archive.find(sidecar.snapshot) == sidecar


def test_a_second_archive_on_the_same_folder_sees_the_same_sidecar(
    archive: Archive, make_draft: MakeDraft, tmp_path: Path
) -> None:
    moment = datetime(2026, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
    sidecar, _ = archive.add(make_draft(retrieved_at=moment), [b"x"])

    assert Archive(tmp_path / "archive").snapshots() == (sidecar,)
    assert sidecar.retrieved_at == datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


def test_the_id_names_publisher_indicators_and_vintage(
    archive: Archive, make_draft: MakeDraft
) -> None:
    one, _ = archive.add(make_draft(), [b"x"])
    many, _ = archive.add(make_draft(indicators=("B", "A", "C"), constants={}), [b"x"])

    assert one.snapshot.startswith("world_bank_wdi/it_net_user_zs/2025-04-15/")
    assert many.snapshot.startswith("world_bank_wdi/a-and-2-more/2025-04-15/")
    assert many.indicators == ("A", "B", "C")


def test_the_same_bytes_on_a_later_day_add_nothing(
    archive: Archive, make_draft: MakeDraft, tmp_path: Path
) -> None:
    first, _ = archive.add(make_draft(vintage=APRIL), [b"x"])
    before = files_of(tmp_path)

    again, new = archive.add(make_draft(vintage=JULY, source="elsewhere"), [b"x"])

    assert (again, new) == (first, False)
    assert files_of(tmp_path) == before


def test_bytes_that_come_back_after_a_revision_are_news(
    archive: Archive, make_draft: MakeDraft
) -> None:
    for vintage, body in ((APRIL, b"77.5"), (JULY, b"90.6")):
        archive.add(make_draft(vintage=vintage), [body])

    sidecar, new = archive.add(make_draft(vintage=DECEMBER), [b"77.5"])

    assert new
    assert sidecar.vintage == DECEMBER
    assert len(archive.snapshots()) == 3


def test_the_same_bytes_seen_to_be_older_are_news(archive: Archive, make_draft: MakeDraft) -> None:
    archive.add(make_draft(vintage=JULY), [b"x"])

    _, new = archive.add(make_draft(vintage=APRIL), [b"x"])

    assert new


def test_the_same_bytes_of_another_indicator_are_another_snapshot(
    archive: Archive, make_draft: MakeDraft, tmp_path: Path
) -> None:
    archive.add(make_draft(indicator="A"), [b"x"])

    _, new = archive.add(make_draft(indicator="B"), [b"x"])

    assert new
    assert len(list((tmp_path / "archive" / "objects").glob("*/*"))) == 1


def test_snapshots_come_by_publisher_indicator_and_vintage(
    archive: Archive, make_draft: MakeDraft
) -> None:
    for publisher, indicator, vintage in (
        ("un_egdi", "A", APRIL),
        ("itu_gci", "B", JULY),
        ("itu_gci", "B", APRIL),
        ("itu_gci", "A", DECEMBER),
    ):
        draft = make_draft(publisher=publisher, indicator=indicator, vintage=vintage)
        archive.add(draft, [f"{publisher}{indicator}{vintage}".encode()])

    assert [(s.publisher, s.indicators[0], s.vintage) for s in archive.snapshots()] == [
        ("itu_gci", "A", DECEMBER),
        ("itu_gci", "B", APRIL),
        ("itu_gci", "B", JULY),
        ("un_egdi", "A", APRIL),
    ]
    assert archive.newest_vintage() == DECEMBER


def test_what_the_bundle_holds_is_not_added_again(tmp_path: Path, make_draft: MakeDraft) -> None:
    bundled = make_draft().with_bodies([b"x"])
    write_packs(tmp_path / "bundled" / "packs", [(bundled, [b"x"])])
    archive = Archive(tmp_path / "own", tmp_path / "bundled")

    assert archive.add(make_draft(vintage=JULY), [b"x"]) == (bundled, False)
    assert archive.read(bundled) == (b"x",)


def test_an_empty_archive_says_so(archive: Archive, tmp_path: Path) -> None:
    assert archive.snapshots() == ()
    with pytest.raises(ArchiveError, match=f"no snapshot in {tmp_path}.*import one or refresh"):
        archive.newest_vintage()


def test_an_unknown_snapshot_is_named(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="no snapshot 'itu_gci/gci/2024/abc'"):
        archive.find("itu_gci/gci/2024/abc")


def test_a_snapshot_without_a_body_is_refused(archive: Archive, make_draft: MakeDraft) -> None:
    with pytest.raises(ArchiveError, match=r"IT\.NET\.USER\.ZS: no body"):
        archive.add(make_draft(), [])


def test_each_body_needs_its_request(archive: Archive, make_draft: MakeDraft) -> None:
    with pytest.raises(ArchiveError, match="1 requests for 2 bodies"):
        archive.add(make_draft(requests=("https://example.org",)), [b"a", b"b"])


def test_a_moment_without_time_zone_is_refused(make_draft: MakeDraft) -> None:
    with pytest.raises(ValueError, match="time zone"):
        make_draft(retrieved_at=datetime(2026, 1, 1))  # noqa: DTZ001 - that is the mistake


# --- damage


def test_a_damaged_body_is_named_with_file_and_snapshot(
    archive: Archive, make_draft: MakeDraft, tmp_path: Path
) -> None:
    sidecar, _ = archive.add(make_draft(), [b"77.5"])
    path = next((tmp_path / "archive" / "objects").glob("*/*"))
    path.write_bytes(b"77.6")

    with pytest.raises(
        ArchiveError, match=f"{path}: damaged: part 1 of snapshot {sidecar.snapshot}"
    ):
        archive.read(sidecar)


def test_a_missing_body_is_named_with_file_and_snapshot(
    archive: Archive, make_draft: MakeDraft, tmp_path: Path
) -> None:
    sidecar, _ = archive.add(make_draft(), [b"77.5"])
    path = next((tmp_path / "archive" / "objects").glob("*/*"))
    path.unlink()

    with pytest.raises(ArchiveError, match=f"{path}: missing.*{sidecar.snapshot}"):
        archive.read(sidecar)


def test_adding_the_right_bytes_again_mends_a_damaged_object(
    archive: Archive, make_draft: MakeDraft, tmp_path: Path
) -> None:
    first, _ = archive.add(make_draft(indicator="A"), [b"77.5"])
    next((tmp_path / "archive" / "objects").glob("*/*")).write_bytes(b"77.6")

    archive.add(make_draft(indicator="B"), [b"77.5"])

    assert archive.read(first) == (b"77.5",)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda text: text.replace("CC BY 4.0", "CC BY 3.0"), "does not match its checksum"),
        (lambda text: text[:-20], "not JSON"),
        (lambda text: text.replace('"check"', '"cheek"'), "no 'check'"),
        (lambda text: "[]", "no 'check'"),
        (lambda text: text.replace(",", ", "), "does not match its checksum"),
    ],
)
def test_a_sidecar_that_was_touched_is_named(
    tmp_path: Path, make_draft: MakeDraft, spoil: Callable[[str], str], complaint: str
) -> None:
    Archive(tmp_path).add(make_draft(), [b"x"])
    path = next(tmp_path.rglob("*.json"))
    path.write_text(spoil(path.read_text()))

    with pytest.raises(ArchiveError, match=f"{path}: .*{complaint}"):
        Archive(tmp_path).snapshots()


def test_a_sidecar_in_the_wrong_place_is_named(tmp_path: Path, make_draft: MakeDraft) -> None:
    Archive(tmp_path).add(make_draft(), [b"x"])
    path = next(tmp_path.rglob("*.json"))
    path.rename(path.with_name("000000000000.json"))

    with pytest.raises(ArchiveError, match=r"000000000000\.json: holds snapshot world_bank_wdi/"):
        Archive(tmp_path).snapshots()


def test_a_sidecar_that_lies_about_its_parts_is_refused(
    tmp_path: Path, make_draft: MakeDraft
) -> None:
    from pipeline.ingest.sidecar import seal

    Archive(tmp_path).add(make_draft(), [b"x"])
    path = next(tmp_path.rglob("*.json"))
    record = json.loads(path.read_bytes())
    del record["check"]
    record["parts"][0]["sha256"] = "0" * 64
    path.write_bytes(seal(record))

    with pytest.raises(ArchiveError, match=r"malformed sidecar: snapshot: .*its content says"):
        Archive(tmp_path).snapshots()


# --- writing goes wrong


def test_a_read_only_archive_refuses(tmp_path: Path, make_draft: MakeDraft) -> None:
    with pytest.raises(ArchiveError, match="this archive is read-only"):
        Archive(None, tmp_path).add(make_draft(), [b"x"])


def test_a_path_below_a_file_cannot_be_written(tmp_path: Path, make_draft: MakeDraft) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ArchiveError, match=r"cannot add .*expected a folder"):
        Archive(tmp_path / "file" / "archive").add(make_draft(), [b"x"])


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "the folder is not writable"),
        (errno.EROFS, "the file system is read-only"),
    ],
)
@pytest.mark.parametrize("succeed", range(0, 12, 2))
def test_a_disk_that_refuses_at_any_moment_leaves_nothing_behind(
    archive: Archive,
    make_draft: MakeDraft,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    words: str,
    succeed: int,
) -> None:
    archive.add(make_draft(indicator="A"), [b"kept"])
    before = files_of(tmp_path)
    calls = 0
    real = os.fsync

    def fsync(handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls > succeed:
            raise OSError(number, os.strerror(number))
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(ArchiveError, match=words):
            archive.add(make_draft(indicator="B"), [b"one", b"two", b"three"])

    assert files_of(tmp_path) == before
    assert archive.verify().sound
    assert archive.add(make_draft(indicator="B"), [b"one", b"two", b"three"])[1]


def test_a_lock_held_for_long_is_an_error(
    archive: Archive, make_draft: MakeDraft, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_module, "LOCK_TIMEOUT_S", 0.05)
    archive.add(make_draft(), [b"x"])

    with (
        FileLock(tmp_path / "archive" / ".lock"),
        pytest.raises(ArchiveError, match=r"\.lock: another process has been writing for 0\.05"),
    ):
        archive.add(make_draft(vintage=JULY), [b"y"])


def test_bodies_without_their_sidecar_are_no_snapshot(
    archive: Archive, make_draft: MakeDraft, tmp_path: Path
) -> None:
    sidecar, _ = archive.add(make_draft(), [b"x"])
    (tmp_path / "archive" / "sidecars" / f"{sidecar.snapshot}.json").rename(
        tmp_path / "archive" / "sidecars" / ".unfinished.json.tmp"
    )

    assert Archive(tmp_path / "archive").snapshots() == ()
    assert archive.verify().sound


# --- several processes

_FORK = multiprocessing.get_context("fork")


def _add_many(folder: Path, draft: SidecarDraft, numbers: list[int]) -> None:
    archive = Archive(folder)
    for number in numbers:
        indicator = f"X.{number}"
        fields: dict[str, Any] = {"indicators": (indicator,), "constants": {"indicator": indicator}}
        archive.add(draft.model_copy(update=fields), [b"%d" % number * 500, b"second"])


def test_two_processes_add_at_once(tmp_path: Path, make_draft: MakeDraft) -> None:
    draft = make_draft()
    shares = list(range(30)), list(range(15, 45))
    writers = [_FORK.Process(target=_add_many, args=(tmp_path, draft, share)) for share in shares]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)

    assert [w.exitcode for w in writers] == [0, 0]
    assert len(Archive(tmp_path).snapshots()) == 45
    assert Archive(tmp_path).verify().sound


def test_threads_of_a_refresh_add_at_once(archive: Archive, make_draft: MakeDraft) -> None:
    drafts = [make_draft(indicator=f"X.{number}") for number in range(24)]

    with ThreadPoolExecutor(4) as pool:
        added = [new for _, new in pool.map(lambda d: archive.add(d, [b"x"]), drafts)]

    assert added == [True] * 24
    assert len(archive.snapshots()) == 24
    assert archive.verify().sound


def test_a_writer_killed_at_any_moment_leaves_a_sound_archive(
    tmp_path: Path, make_draft: MakeDraft
) -> None:
    rng = random.Random(77)
    counts = []
    for _ in range(10):
        writer = _FORK.Process(target=_add_many, args=(tmp_path, make_draft(), list(range(1000))))
        writer.start()
        time.sleep(rng.uniform(0.02, 0.12))
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join(30)
        archive = Archive(tmp_path)
        assert archive.verify().problems == ()
        counts.append(sum(1 for _ in archive.read_many(archive.snapshots())))

    assert counts == sorted(counts)
    assert 0 < counts[-1] < 1000
