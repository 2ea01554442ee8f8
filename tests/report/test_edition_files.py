"""The files of an edition: all there, each what it says, in every language."""

import hashlib
import json
import re
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

import html5lib
import pytest

from pipeline.errors import WarehouseError
from pipeline.inputs import EditionInputs
from pipeline.report.content import Report
from pipeline.report.edition import write_edition
from pipeline.report.edition_files import Draft, Exported, export
from pipeline.report.fonts import Faces
from pipeline.report.manifest import hash_files, load_manifest
from pipeline.second_process import SecondProcess
from pipeline.settings import settings
from tests.report.sample import names

Write = Callable[..., Path]
P = ParamSpec("P")
T = TypeVar("T")
TABLES = (
    "chains", "core.breaks", "core.corrections", "core.economies",
    "core.goods_series", "core.groups",
    "core.indicators", "core.member_sets", "core.publishers", "core.snapshots", "core.targets",
    "findings", "marts.claims", "marts.latest_values", "observations",
)  # fmt: skip


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


def test_an_edition_holds_everything(made: Path) -> None:
    assert names(made) == {
        "report.html", "report.json", "report.pdf", "validation.html", "validation.json",
        "manifest.json", "LICENCES.txt", "exhibits/paths.csv", "exhibits/paths.svg",
        "exhibits/bars.csv", "exhibits/bars.svg", "exhibits/grid.csv", "data/README.txt",
        "exhibits/paths.png", "exhibits/bars.png", "report.xlsx", "datapackage.json",
        "data/tables.duckdb",
        *(f"data/{name}.{form}" for name in TABLES for form in ("csv", "parquet")),
        *(name for name in names(made) if name.startswith("site/")),
    }  # fmt: skip
    site = names(made / "site")
    assert {"index.html", "about.html", "chapter/online.html", "data/grid.csv"} <= site


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
