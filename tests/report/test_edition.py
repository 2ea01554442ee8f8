"""Editions: named by what went into them, whole or not there, never changed."""

import errno
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import html5lib
import pytest

from pipeline.errors import ReportError, WarehouseError
from pipeline.inputs import EditionInputs, code_hash, edition_id
from pipeline.report import edition
from pipeline.report.content import Report
from pipeline.report.edition import (
    Draft,
    Exported,
    edition_inputs,
    export,
    keep_lists,
    write_edition,
)
from pipeline.report.fonts import Faces
from pipeline.report.manifest import hash_files, load_manifest
from pipeline.second_process import SecondProcess
from pipeline.settings import settings

Write = Callable[..., Path]
P = ParamSpec("P")
T = TypeVar("T")
TABLES = (
    "chains", "core.breaks", "core.corrections", "core.economies",
    "core.goods_series", "core.groups",
    "core.indicators", "core.member_sets", "core.publishers", "core.snapshots", "core.targets",
    "findings", "marts.claims", "marts.latest_values", "observations",
)  # fmt: skip


@pytest.fixture(scope="module")
def inputs() -> EditionInputs:
    snapshots = {"b/2": "22", "a/1": "11"}
    return EditionInputs(date(2026, 5, 1), snapshots, "a" * 64, "c" * 64, "d" * 64, "e" * 64)


@pytest.fixture(scope="module")
def draft(sample_report: Report, edition_warehouse: Path, inputs: EditionInputs) -> Draft:
    return Draft(
        report=replace(sample_report, edition=inputs.edition, as_of=inputs.as_of),
        inputs=inputs,
        warehouse=edition_warehouse,
        checks={"en": "<!DOCTYPE html><title>checks</title>"},
        validation_json="{}",
    )


@pytest.fixture
def write(draft: Draft, faces: Faces, tmp_path: Path) -> Write:
    """Write the sample as an edition; keywords replace parts of its draft, or the folder."""

    def _write(editions_dir: Path = tmp_path / "editions", **changed: Any) -> Path:
        if "inputs" in changed and "report" not in changed:
            own: EditionInputs = changed["inputs"]
            changed["report"] = replace(draft.report, edition=own.edition, as_of=own.as_of)
        return write_edition(replace(draft, **changed), editions_dir, faces=faces)

    return _write


@pytest.fixture(scope="module")
def made(draft: Draft, faces: Faces, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as an edition, for those who only look at it; not to be changed."""
    return write_edition(draft, tmp_path_factory.mktemp("editions"), faces=faces)


def names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


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


def test_the_address_of_the_site_is_an_input_and_makes_a_sitemap(
    write: Write, inputs: EditionInputs
) -> None:
    own = replace(inputs, site_address="https://example.org/sco/")
    assert EditionInputs.from_json(own.as_json()) == own
    assert "site_address" not in inputs.as_json()
    folder = write(inputs=own)
    assert "https://example.org/sco/index.html" in (folder / "site/sitemap.xml").read_text("utf-8")
    assert "site/sitemap.xml" in load_manifest(folder / "manifest.json").files
    assert not (write() / "site/sitemap.xml").exists()


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


def test_an_edition_holds_everything(made: Path) -> None:
    assert names(made) == {
        "report.html", "report.json", "report.pdf", "validation.html", "validation.json",
        "manifest.json", "LICENCES.txt", "exhibits/paths.csv", "exhibits/paths.svg",
        "exhibits/bars.csv", "exhibits/bars.svg", "exhibits/grid.csv", "data/README.txt",
        "exhibits/paths.png", "exhibits/bars.png", "report.xlsx", "datapackage.json",
        *(f"data/{name}.{form}" for name in TABLES for form in ("csv", "parquet")),
        *(name for name in names(made) if name.startswith("site/")),
    }  # fmt: skip
    site = names(made / "site")
    assert {"index.html", "about.html", "chapter/online.html", "data/grid.csv"} <= site


def test_others_may_read_it(made: Path) -> None:
    assert made.stat().st_mode & 0o755 == 0o755


def test_the_manifest_hashes_every_file_and_names_the_inputs(
    made: Path, inputs: EditionInputs
) -> None:
    manifest = json.loads((made / "manifest.json").read_text("utf-8"))
    assert set(manifest["files"]) == names(made) - {"manifest.json"}
    for name, said in manifest["files"].items():
        content = (made / name).read_bytes()
        assert said == {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    assert manifest["inputs"]["snapshots"] == {"a/1": "11", "b/2": "22"}
    assert manifest["edition"] == inputs.edition


def test_links_of_the_page_to_its_folder_lead_to_files(made: Path) -> None:
    page = html5lib.parse((made / "report.html").read_text("utf-8"), namespaceHTMLElements=False)
    near = {
        href for a in page.iter("a") if not re.match(r"#|data:|https?:", href := a.get("href", "#"))
    }
    assert near == {
        "report.pdf", "report.xlsx", "data/README.txt", "datapackage.json", "validation.html",
        "manifest.json", "exhibits/paths.png", "exhibits/bars.png",
    }  # fmt: skip
    assert all((made / href).is_file() for href in near)


@pytest.fixture(scope="module")
def in_three(draft: Draft, faces: Faces, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as an edition in all its languages; not to be changed."""
    spoken = replace(draft.inputs, languages=("ru", "zh"))
    own = replace(draft.report, edition=spoken.edition, as_of=spoken.as_of)
    others = {code: _composed(replace(own, language=code)) for code in spoken.languages}
    checks = {code: f"<!DOCTYPE html><title>{code}</title>" for code in ("en", "ru", "zh")}
    said = replace(draft, inputs=spoken, report=own, translations=others, checks=checks)
    second = SecondProcess()
    try:
        return write_edition(
            said, tmp_path_factory.mktemp("in three languages"), faces=faces, beside=second
        )
    finally:
        second.close()


def _composed(report: Report) -> Future[Report]:
    done: Future[Report] = Future()
    done.set_result(report)
    return done


def test_each_language_has_its_page_and_its_pdf_and_leads_to_the_others(in_three: Path) -> None:
    pages = {"en": "report.html", "ru": "report.ru.html", "zh": "report.zh.html"}
    for language, name in pages.items():
        text = (in_three / name).read_text("utf-8")
        page = html5lib.parse(text, namespaceHTMLElements=False)
        near = {a.get("href", "#") for a in page.iter("a")}
        assert set(pages.values()) - {name} <= near
        pdf = name.replace("html", "pdf")
        assert {pdf, name.replace("report", "validation"), name.replace("html", "xlsx")} <= near
        assert (in_three / pdf).read_bytes().startswith(b"%PDF")
        tag = "zh-Hans" if language == "zh" else language
        assert page.get("lang") == tag
        assert ('class="translated"' in text) == (language != "en")


def test_the_chinese_page_brings_its_letters_and_their_licence(in_three: Path) -> None:
    chinese, russian = (
        (in_three / f"report.{code}.html").read_text("utf-8") for code in ("zh", "ru")
    )
    assert 'font-family:"SCO Serif SC"' in chinese
    assert "SCO Serif SC" not in russian
    # But the two signs that lead to the Chinese page are there, whatever the reader's machine has.
    assert re.search(r'font-family:"SCO Sans";[^}]*unicode-range:U\+4E2D,U\+6587}', russian)
    assert "Noto Sans SC" in (in_three / "LICENCES.txt").read_text("utf-8")


def test_the_manifest_says_what_each_language_says_first(
    in_three: Path, sample_report: Report
) -> None:
    manifest = load_manifest(in_three / "manifest.json")
    said = tuple((f.figure, f.sentence) for f in sample_report.findings)
    assert list(manifest.translations) == ["ru", "zh"]
    assert {told.findings for told in manifest.translations.values()} == {said}
    assert {f"{n}.html" for n in ("index", "index.ru", "index.zh")} == {
        path.name for path in in_three.parent.glob("index*")
    }


def test_what_is_read_by_machines_stays_english(in_three: Path, made: Path) -> None:
    manifest = json.loads((in_three / "manifest.json").read_text("utf-8"))
    assert manifest["inputs"]["languages"] == ["ru", "zh"]
    for name in ("exhibits/paths.csv", "exhibits/paths.svg", "data/chains.csv"):
        assert (in_three / name).read_bytes() == (made / name).read_bytes()


def test_each_language_has_pictures_of_its_own_that_its_page_leads_to(in_three: Path) -> None:
    for name in ("paths.png", "paths.ru.png", "paths.zh.png"):
        page = in_three / f"report{name.removeprefix('paths').removesuffix('png')}html"
        assert f'href="exhibits/{name}" download' in page.read_text("utf-8")
        assert (in_three / "exhibits" / name).read_bytes().startswith(b"\x89PNG")


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

    monkeypatch.setattr(edition, "render_pdf", broken)
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


def test_tables_that_were_exported_before_are_the_same_and_move_in(
    write: Write, draft: Draft, edition_warehouse: Path, tmp_path: Path
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    done: Future[Exported] = Future()
    done.set_result(export(edition_warehouse, room, settings().sql_dir, draft.keys))
    moved = write(tmp_path / "moved", exported=done)

    assert list(room.iterdir()) == []
    assert hash_files(moved) == hash_files(write(tmp_path / "written"))


def test_tables_that_cannot_be_exported_leave_nothing(
    write: Write, draft: Draft, tmp_path: Path
) -> None:
    refused: Future[Exported] = Future()
    refused.set_exception(WarehouseError("room: cannot write the data files: the disk is full"))
    with pytest.raises(WarehouseError, match="the disk is full"):
        write(tmp_path / "refused", exported=refused)

    assert [path.name for path in (tmp_path / "refused").iterdir()] == [".lock"]


class Busy:
    """One who begins nothing."""

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return Future()


def test_figures_that_nobody_has_begun_are_written_all_the_same(
    write: Write, draft: Draft, faces: Faces, tmp_path: Path
) -> None:
    left = write_edition(draft, tmp_path / "left", faces=faces, beside=Busy())
    assert hash_files(left) == hash_files(write(tmp_path / "written"))
