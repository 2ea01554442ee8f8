"""The files of an edition: what it is made of, and which file is made by whom.

Each language is written as soon as it has been composed, while DuckDB exports the tables, Typst
sets the PDFs, and workbooks and pictures are made elsewhere. What the files say is made by
``html``, ``pdf``, ``files`` and their like; the figures come from the warehouse.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.inputs import EditionInputs, as_bytes
from pipeline.report.as_data import REPORT_DATA, data_hash, report_data
from pipeline.report.content import Report
from pipeline.report.data_tables import DataTables, write_said, write_tables
from pipeline.report.database import write_database
from pipeline.report.datapackage import DESCRIPTOR, package
from pipeline.report.files import exhibit_csv, exhibit_svg, licences, readme
from pipeline.report.fonts import Faces
from pipeline.report.html import render_html
from pipeline.report.manifest import MANIFEST, FileEntry, hash_file, hash_files
from pipeline.report.pdf import render_pdf
from pipeline.report.pictures import render_pictures
from pipeline.report.said_tables import said_tables
from pipeline.report.script import faces_of
from pipeline.report.site import files as site
from pipeline.report.views import Views, views_of
from pipeline.report.words import checks_page, file_name
from pipeline.report.workbook import workbook
from pipeline.second_process import Beside
from pipeline.settings import settings
from pipeline.warehouse.sqlfiles import all_tables


@dataclass(frozen=True)
class Exported:
    """The tables of a warehouse as files in a folder, from where they can be moved."""

    folder: Path
    tables: DataTables


@dataclass(frozen=True)
class Draft:
    """Everything that the files of an edition are made of."""

    report: Report
    inputs: EditionInputs
    warehouse: Path
    checks: Mapping[str, str]
    """The page of the checks by language."""
    validation_json: str
    translations: Mapping[str, Future[Report]] = field(default_factory=dict)
    """The same report in other languages, by language; they may still be in the making."""
    sql_dir: Path | None = None
    """Where the tables are described; the project's own by default."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What tells the rows of a table apart, by table, as its expectations say."""
    exported: Future[Exported] | None = None
    """The tables of the warehouse, where they are written already or just now."""


def write_files(draft: Draft, folder: Path, faces: Faces, beside: Beside | None = None) -> None:
    """Write all files of an edition into an empty folder.

    Args:
        draft: what they are made of.
        folder: takes them.
        faces: the fonts of English.
        beside: makes workbooks and pictures meanwhile; by default a thread does.

    Raises:
        ReportError: a page, the PDF or a picture cannot be made, or a translation.
        WarehouseError: the tables cannot be exported.
        OSError: the disk refuses.
    """
    (folder / "data").mkdir()
    with (
        ThreadPoolExecutor(max_workers=1) as exporting,
        ThreadPoolExecutor(max_workers=1) as setting,
        ThreadPoolExecutor(max_workers=1) as drawing,
    ):
        # DuckDB's work, which does not hold up the setting of pages.
        written = exporting.submit(_write_data, draft, folder / "data")
        _write_pages(draft, folder, faces, setting, beside or drawing)
        data = written.result()
    files = hash_files(folder)
    (folder / DESCRIPTOR).write_bytes(package(draft.report, data, files))
    files[DESCRIPTOR] = hash_file(folder / DESCRIPTOR)
    _write_manifest(draft, folder, files)


def export(
    warehouse: Path, folder: Path, sql_dir: Path, keys: Mapping[str, tuple[str, ...]]
) -> Exported:
    """Write the tables of a warehouse into ``folder``, from where an edition will take them.

    Raises:
        WarehouseError: the warehouse cannot be read, or the disk refuses.
    """
    return Exported(folder, write_tables(warehouse, folder, all_tables(sql_dir), keys=keys))


def _write_data(draft: Draft, folder: Path) -> DataTables:
    if draft.exported is None:
        sql_dir = draft.sql_dir or settings().sql_dir
        of_warehouse = export(draft.warehouse, folder, sql_dir, draft.keys).tables
    else:
        exported = draft.exported.result()
        for path in sorted(exported.folder.iterdir()):
            shutil.move(path, folder / path.name)
        of_warehouse = exported.tables
    said = write_said(draft.warehouse, folder, said_tables(draft.report))
    data = DataTables((*of_warehouse.tables, *said), of_warehouse.closed)
    write_database(folder, data.tables)
    (folder / "README.txt").write_text(readme(data), "utf-8")
    return data


def _write_pages(draft: Draft, folder: Path, faces: Faces, setting: Beside, beside: Beside) -> None:
    """Everything that people read, each language as soon as it has been composed."""
    _write_plain(draft, folder, faces)
    codes = (draft.report.language, *draft.translations)
    address = draft.inputs.site_address
    reports: list[Report] = []
    paths: list[str] = []
    typeset: list[Future[None]] = []
    made: list[Future[None]] = []
    for report in _as_composed(draft):
        reports.append(report)
        # Typst's work, which lets Python go on meanwhile.
        typeset.append(setting.submit(_write_pdf, report, folder, faces))
        made.append(beside.submit(write_figures, report, folder, faces))
        others = [code for code in codes if code != report.language]
        views = views_of(report)
        _write_page(report, views, others, folder, faces)
        paths += site.write_language(report, views, others, folder, faces=faces, address=address)
    if made[-1].cancel():  # nobody has begun it, and there is nothing else to do but wait
        write_figures(reports[-1], folder, faces)
        made.pop()
    for done in typeset:  # which the site takes along
        done.result()
    site.write_shared(reports, paths, folder, address=address)
    for done in made:
        done.result()


def _as_composed(draft: Draft) -> Iterator[Report]:
    yield draft.report
    for report in draft.translations.values():
        yield report.result()


def _write_plain(draft: Draft, folder: Path, faces: Faces) -> None:
    """The pages of the checks, what programs read, and the figures one by one."""
    report = draft.report
    pages = {
        **{checks_page(language): page for language, page in draft.checks.items()},
        "validation.json": draft.validation_json,
        "LICENCES.txt": licences(report, _all_faces(draft, faces)),
        REPORT_DATA: as_bytes(report_data(report)).decode(),
    }
    exhibits = folder / "exhibits"
    exhibits.mkdir()
    for exhibit in report.exhibits():
        pages[f"exhibits/{exhibit.id}.csv"] = exhibit_csv(exhibit.table)
        picture = exhibit_svg(exhibit, faces)
        if picture is not None:
            pages[f"exhibits/{exhibit.id}.svg"] = picture
    for name, text in pages.items():
        (folder / name).write_text(text, "utf-8", newline="")


def _all_faces(draft: Draft, faces: Faces) -> Faces:
    """The faces of all languages of the edition, whose licences go with it."""
    for language in draft.translations:
        faces = faces_of(language, faces, settings().cache_dir)
    return faces


def _write_page(
    report: Report, views: Views, others: Sequence[str], folder: Path, faces: Faces
) -> None:
    """The page of one language, which leads to those of the others."""
    page = render_html(report, faces=faces, others=others, views=views)
    (folder / file_name("html", report.language)).write_text(page, "utf-8", newline="")


def _write_pdf(report: Report, folder: Path, faces: Faces) -> None:
    (folder / file_name("pdf", report.language)).write_bytes(render_pdf(report, faces=faces))


def write_figures(report: Report, folder: Path, faces: Faces) -> None:
    """Write the workbook and the pictures of a report into the folder of an edition.

    Raises:
        ReportError: see ``render_pictures``.
    """
    (folder / file_name("xlsx", report.language)).write_bytes(workbook(report))
    for name, picture in render_pictures(report, faces=faces).items():
        (folder / name).write_bytes(picture)


def _write_manifest(draft: Draft, folder: Path, files: Mapping[str, FileEntry]) -> None:
    report = draft.report
    data = report_data(report)
    manifest = {
        "edition": report.edition,
        "exhibits": [
            {"id": e.id, "title": e.title, "sha256": data_hash(data["exhibits"][e.id])}
            for e in report.exhibits()
        ],
        "files": {name: vars(entry) for name, entry in files.items()},
        "findings": [
            {
                "id": f.id,
                "figure": f.figure,
                "sentence": f.sentence,
                "sha256": data_hash(data["findings"][f.id]),
            }
            for f in report.findings
        ],
        "inputs": draft.inputs.as_json(),
        "title": report.title,
    }
    if draft.translations:
        manifest["translations"] = {
            language: {
                "findings": [(f.figure, f.sentence) for f in told.result().findings],
                "title": told.result().title,
            }
            for language, told in draft.translations.items()
        }
    (folder / MANIFEST).write_bytes(as_bytes(manifest))
