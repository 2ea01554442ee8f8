"""Editions: named by what went into them, whole or not there, never changed."""

import errno
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import html5lib
import pytest

from pipeline.errors import ReportError
from pipeline.inputs import EditionInputs, code_hash, edition_id
from pipeline.report import edition, edition_files
from pipeline.report.content import Report
from pipeline.report.edition import edition_inputs, keep_lists, write_edition
from pipeline.report.edition_files import Draft
from pipeline.report.fonts import Faces
from tests.report.sample import names

Write = Callable[..., Path]


def test_id_is_the_date_and_the_start_of_the_hash() -> None:
    assert edition_id(date(2026, 5, 1), "1a2b3c4d5e") == "2026-05-01-1a2b3c4d"


def test_id_follows_from_every_input_and_not_from_their_order(inputs: EditionInputs) -> None:
    turned = replace(inputs, snapshots={"a/1": "11", "b/2": "22"})
    assert turned.edition == inputs.edition
    changed = [
        replace(inputs, snapshots={"a/1": "11"}),
        replace(inputs, archive_sha256="f" * 64),
        replace(inputs, catalog_sha256="f" * 64),
        replace(inputs, code_sha256="f" * 64),
        replace(inputs, lock_sha256="f" * 64),
        replace(inputs, as_of=date(2026, 4, 1)),
        replace(inputs, remarks=("the office did not answer",)),
        replace(inputs, since=date(2025, 7, 31)),
        replace(inputs, languages=("ru",)),
        replace(inputs, site_address="https://example.org/"),
    ]
    assert len({i.edition for i in [inputs, *changed]}) == 11


@pytest.mark.parametrize("since", [None, date(2025, 7, 31)])
def test_the_manifest_keeps_what_the_edition_is_compared_with(
    inputs: EditionInputs, since: date | None
) -> None:
    own = replace(inputs, since=since)
    assert EditionInputs.from_json(own.as_json()) == own
    # Editions made before this could be said keep their ids.
    assert ("since" in own.as_json()) == (since is not None)


def test_inputs_are_read_from_the_warehouse(edition_warehouse: Path) -> None:
    found = edition_inputs(edition_warehouse)
    assert (found.as_of, found.since) == (date(2026, 5, 1), date(2025, 7, 31))
    assert (found.archive_sha256, found.catalog_sha256) == ("a" * 64, "c" * 64)
    # The one published after the as-of date has no say.
    assert sorted(found.snapshots) == ["closed/1", "office/1"]
    assert found.code_sha256 == code_hash()


def test_code_hash_covers_code_sql_and_templates_by_name_and_content(tmp_path: Path) -> None:
    for name in ("pipeline/a.py", "sql/marts/b.sql", "reports/templates/c.typ"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(name)
    seen = {code_hash(tmp_path)}
    for name in ("pipeline/a.py", "sql/marts/b.sql", "reports/templates/c.typ"):
        (tmp_path / name).write_text(name + " ")
        seen.add(code_hash(tmp_path))
    (tmp_path / "pipeline" / "a.py").rename(tmp_path / "pipeline" / "z.py")
    seen.add(code_hash(tmp_path))
    assert len(seen) == 5
    (tmp_path / "pipeline" / "__pycache__").mkdir()
    (tmp_path / "pipeline" / "__pycache__" / "x.py").write_text("")
    (tmp_path / "README.md").write_text("")
    assert code_hash(tmp_path) in seen


def test_others_may_read_it(made: Path) -> None:
    assert made.stat().st_mode & 0o755 == 0o755


def test_the_same_edition_again_is_a_no_op(write: Write) -> None:
    folder = write()
    before = {name: (folder / name).stat().st_mtime_ns for name in names(folder)}
    assert write() == folder
    assert {name: (folder / name).stat().st_mtime_ns for name in names(folder)} == before


def test_an_edition_that_differs_is_kept_and_the_difference_named(write: Write) -> None:
    folder = write()
    with pytest.raises(ReportError, match=r"differs in validation\.json"):
        write(validation_json="[]")
    assert (folder / "validation.json").read_text() == "{}"


def test_two_folders_hold_the_same_bytes(write: Write, tmp_path: Path) -> None:
    one, two = write(), write(editions_dir=tmp_path / "else where")
    for name in sorted(names(one)):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_a_report_of_other_inputs_is_refused(write: Write, sample_report: Report) -> None:
    with pytest.raises(ReportError, match="the report is of edition 2026-05-01-0123abcd"):
        write(report=sample_report)


def test_a_full_disk_leaves_yesterdays_edition_and_no_litter(
    write: Write, inputs: EditionInputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    yesterday = write()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(edition, "_flush", full)
    with pytest.raises(ReportError, match="the disk is full"):
        write(inputs=replace(inputs, as_of=date(2026, 6, 1)))
    assert {p.name for p in yesterday.parent.iterdir()} == {
        yesterday.name, "latest", "index.html", "feed.xml", ".lock",
    }  # fmt: skip
    assert (yesterday.parent / "latest").resolve() == yesterday


def test_a_failing_page_leaves_no_litter(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise ReportError("the page is broken")

    monkeypatch.setattr(edition_files, "render_pdf", broken)
    with pytest.raises(ReportError, match="the page is broken"):
        write()
    assert [p.name for p in (tmp_path / "editions").iterdir()] == [".lock"]


def test_what_a_killed_run_left_is_removed(write: Write, tmp_path: Path) -> None:
    left = tmp_path / "editions" / ".tmp-killed"
    left.mkdir(parents=True)
    (left / "report.html").write_text("half")
    write()
    assert not left.exists()


def test_a_folder_that_cannot_be_written_is_named(write: Write, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file")
    with pytest.raises(
        ReportError, match=r"blocked: cannot write the edition: .*expected a folder"
    ):
        write(editions_dir=blocked)


def test_a_folder_without_permission_is_named(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("pipeline.report.edition.tempfile.mkdtemp", refuse)
    with pytest.raises(ReportError, match=r"closed: cannot write the edition: .*not writable"):
        write(editions_dir=tmp_path / "closed")


def test_latest_is_the_newest_by_date_and_not_an_older_one_made_later(
    write: Write, inputs: EditionInputs, tmp_path: Path
) -> None:
    new = write()
    old = write(inputs=replace(inputs, as_of=date(2025, 5, 1)))
    again = write(inputs=replace(inputs, catalog_sha256="f" * 64))
    editions = tmp_path / "editions"
    assert (editions / "latest" / "report.html").read_bytes() == (
        again / "report.html"
    ).read_bytes()
    assert (editions / "latest").readlink() == Path(again.name)
    assert new.exists()
    assert old.exists()


def test_the_index_lists_editions_newest_first_with_links_that_lead_there(
    write: Write, inputs: EditionInputs, tmp_path: Path
) -> None:
    old = write(inputs=replace(inputs, as_of=date(2025, 5, 1)))
    new = write()
    editions = tmp_path / "editions"
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    page = parser.parse((editions / "index.html").read_text("utf-8"))
    links = [str(a.get("href")) for a in page.iter("a")]
    assert all((editions / link).is_file() for link in links)
    assert [name for name in links if name.endswith("report.html")] == [
        f"{new.name}/report.html", f"{old.name}/report.html",
    ]  # fmt: skip


def test_how_publishers_stand_is_linked_where_it_is_told_and_changes_no_edition(
    write: Write, draft: Draft, faces: Faces, tmp_path: Path
) -> None:
    editions = tmp_path / "editions"
    index, page = editions / "index.html", editions / "sources.html"
    made = write()
    before = {name: (made / name).read_bytes() for name in names(made)}
    assert not page.exists()
    assert 'href="sources.html"' not in index.read_text("utf-8")

    write_edition(draft, editions, faces=faces, sources="<p>Monday</p>")
    assert page.read_text("utf-8") == "<p>Monday</p>"
    assert 'href="sources.html"' in index.read_text("utf-8")

    keep_lists(editions, made.name, sources="<p>Tuesday</p>")
    assert page.read_text("utf-8") == "<p>Tuesday</p>"

    # who does not tell it anew (a backfill) leaves it, and its link
    keep_lists(editions, made.name)
    assert page.read_text("utf-8") == "<p>Tuesday</p>"
    assert 'href="sources.html"' in index.read_text("utf-8")
    assert {name: (made / name).read_bytes() for name in names(made)} == before


def test_latest_moves_off_an_edition_that_was_removed(
    write: Write, inputs: EditionInputs, tmp_path: Path
) -> None:
    gone = write()
    shutil.rmtree(gone)
    old = write(inputs=replace(inputs, as_of=date(2025, 5, 1)))
    assert (tmp_path / "editions" / "latest").resolve() == old
