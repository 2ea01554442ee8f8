"""An edition: a folder with everything one report consists of, whole or not there, never changed.

Here are its name, which follows from what went into it, and the writing of it. What its files say
is made by ``html``, ``pdf`` and ``files``; the figures come from the warehouse.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from pipeline.catalog.entry import PROJECT_BLOC
from pipeline.errors import ReportError
from pipeline.ingest.files import explain, fsync_folder
from pipeline.inputs import EditionInputs, as_bytes, code_hash, lock_hash
from pipeline.report.as_data import REPORT_DATA, data_hash, report_data
from pipeline.report.content import Report
from pipeline.report.data_tables import DataTables, write_said, write_tables
from pipeline.report.datapackage import DESCRIPTOR, package
from pipeline.report.editions_index import point_to_latest
from pipeline.report.files import exhibit_csv, exhibit_svg, licences, readme
from pipeline.report.fonts import Faces, prepare_fonts
from pipeline.report.html import render_html
from pipeline.report.manifest import MANIFEST, hash_files
from pipeline.report.pdf import render_pdf
from pipeline.report.pictures import render_pictures
from pipeline.report.said_tables import said_tables
from pipeline.report.script import faces_of
from pipeline.report.site.files import write_site
from pipeline.report.views import Views, views_of
from pipeline.report.words import checks_page, file_name
from pipeline.report.workbook import workbook
from pipeline.second_process import Beside
from pipeline.settings import PROJECT_ROOT, settings
from pipeline.warehouse.sqlfiles import all_tables
from pipeline.warehouse.store import connect_read_only, reporting

_LOCK_TIMEOUT_S: Final = 60.0
_UNFINISHED: Final = ".tmp-"


def edition_inputs(
    warehouse: Path,
    *,
    remarks: tuple[str, ...] = (),
    root: Path = PROJECT_ROOT,
    bloc: str = PROJECT_BLOC,
    languages: tuple[str, ...] = (),
    site_address: str = "",
) -> EditionInputs:
    """The inputs of an edition about ``bloc`` from ``warehouse`` by the code under ``root``.

    Raises:
        WarehouseError: the warehouse cannot be read.
        ReportError: it was built by other code, or the lock file is missing.
    """
    con = connect_read_only(warehouse)
    try:
        with reporting(warehouse, "cannot read the warehouse"):
            built = con.execute(
                "SELECT as_of, since, archive_sha256, catalog_sha256, code_sha256 FROM core.build"
            ).fetchone()
            snapshots = con.execute(
                "SELECT DISTINCT snapshot, sha256 FROM core.snapshots, core.build "
                "WHERE vintage <= as_of ORDER BY snapshot"
            ).fetchall()
    finally:
        con.close()
    if built is None:
        raise ReportError(f"{warehouse}: core.build is empty; run `sco report` to build it anew")
    as_of, since, archive_sha256, catalog_sha256, code_sha256 = built
    if code_sha256 != code_hash(root):
        # An edition names one revision of the code, which must have made all of it.
        raise ReportError(
            f"{warehouse}: the code has changed since this was built; run `sco report`, or in the "
            "UI the job 'edition', to build it anew"
        )
    return EditionInputs(
        as_of=as_of,
        snapshots=dict(snapshots),
        archive_sha256=archive_sha256,
        catalog_sha256=catalog_sha256,
        code_sha256=code_sha256,
        lock_sha256=lock_hash(root),
        remarks=remarks,
        bloc=bloc,
        since=since,
        languages=languages,
        site_address=site_address,
    )


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


def write_edition(
    draft: Draft,
    editions_dir: Path,
    *,
    faces: Faces | None = None,
    sources: str | None = None,
    beside: Beside | None = None,
) -> Path:
    """Write the edition as ``editions_dir/<id>`` and point ``latest``, index and feed at it.

    Everything is made in a folder beside and renamed once. An edition that is already there is
    never touched: it must hold the same bytes, otherwise an error says what differs. ``sources`` is
    the page of the publishers, which stands beside the editions and is of none. ``beside`` makes
    workbooks and pictures meanwhile; by default a thread does.

    Returns:
        The folder of the edition.

    Raises:
        ReportError: the folder cannot be written, the disk is full, the report is of another
            edition than the inputs make, or an edition of this id holds something else.
        WarehouseError: the tables cannot be exported.
    """
    target = editions_dir / draft.inputs.edition
    with _disk(editions_dir), _alone(editions_dir):
        _place(draft, target, faces, beside)
        if draft.inputs.bloc == PROJECT_BLOC:
            # The list and ``latest`` are of one report that is made again and again.
            point_to_latest(editions_dir, target.name, sources=sources)
    return target


def write_apart(
    draft: Draft, folder: Path, *, faces: Faces | None = None, beside: Beside | None = None
) -> Path:
    """Write the files of the edition into ``folder`` itself; no list of editions knows of it.

    Like ``write_edition`` this is whole or not there. The folder must not exist, be empty, or hold
    the same bytes already.

    Raises:
        ReportError, WarehouseError: see ``write_edition``.
    """
    with _disk(folder.parent):
        _place(draft, folder, faces, beside)
    return folder


def keep_lists(editions_dir: Path, edition: str, *, sources: str | None = None) -> None:
    """Mend ``latest``, index and feed for an edition that stands: a kill may have come before.

    ``sources`` is the page of the publishers, as for ``write_edition``.

    Raises:
        ReportError: the folder cannot be written, or another run has been writing for long.
    """
    with _disk(editions_dir), _alone(editions_dir):
        point_to_latest(editions_dir, edition, sources=sources)


def _place(draft: Draft, target: Path, faces: Faces | None, beside: Beside | None) -> None:
    """Make all files in a folder beside the target; rename it, or find the same there already."""
    if draft.report.edition != draft.inputs.edition:
        raise ReportError(
            f"the report is of edition {draft.report.edition}, the inputs {draft.inputs.edition}"
        )
    fonts = faces or prepare_fonts(settings().cache_dir)
    work = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=target.parent))
    try:
        # Made private by mkdtemp; an edition is for everyone who may read the folder.
        work.chmod(0o755)
        (work / "data").mkdir()
        with _threads(3) as (exporting, setting, drawing):
            # DuckDB's work, which does not hold up the setting of pages.
            written = exporting.submit(_write_data, draft, work / "data")
            _write_pages(draft, work, fonts, setting, beside or drawing)
            data = written.result()
        (work / DESCRIPTOR).write_bytes(package(draft.report, data, hash_files(work)))
        _write_manifest(draft, work)
        if target.exists() and (target.is_file() or any(target.iterdir())):
            _check_same(target, work)
        else:
            _flush(work)
            # An empty folder in its place gives way to the rename.
            work.rename(target)
            fsync_folder(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def _threads(count: int) -> Iterator[list[ThreadPoolExecutor]]:
    """Executors with a thread each; what they were given is done when the block ends."""
    with ExitStack() as stack:
        yield [stack.enter_context(ThreadPoolExecutor(max_workers=1)) for _ in range(count)]


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
    (folder / "README.txt").write_text(readme(data), "utf-8")
    return data


def _write_pages(draft: Draft, folder: Path, faces: Faces, setting: Beside, beside: Beside) -> None:
    """Everything that people read, each language as soon as it has been composed."""
    _write_plain(draft, folder, faces)
    codes = (draft.report.language, *draft.translations)
    reports: list[Report] = []
    views: dict[str, Views] = {}
    typeset: list[Future[None]] = []
    made: list[Future[None]] = []
    for report in _as_composed(draft):
        reports.append(report)
        # Typst's work, which lets Python go on meanwhile.
        typeset.append(setting.submit(_write_pdf, report, folder, faces))
        made.append(beside.submit(write_figures, report, folder, faces))
        views[report.language] = views_of(report)
        _write_page(report, views[report.language], codes, folder, faces)
    if made[-1].cancel():  # nobody has begun it, and there is nothing else to do but wait
        write_figures(reports[-1], folder, faces)
        made.pop()
    for done in typeset:  # which the site takes along
        done.result()
    write_site(reports, views, folder, faces=faces, address=draft.inputs.site_address)
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
    report: Report, views: Views, codes: Sequence[str], folder: Path, faces: Faces
) -> None:
    """The page of one language, which leads to those of the others."""
    others = [code for code in codes if code != report.language]
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


def _write_manifest(draft: Draft, folder: Path) -> None:
    report = draft.report
    data = report_data(report)
    manifest = {
        "edition": report.edition,
        "exhibits": [
            {"id": e.id, "title": e.title, "sha256": data_hash(data["exhibits"][e.id])}
            for e in report.exhibits()
        ],
        "files": {name: vars(entry) for name, entry in hash_files(folder).items()},
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


def _check_same(target: Path, work: Path) -> None:
    """The edition that is there and the one just made must agree file by file."""
    if target.is_file():
        raise ReportError(f"{target}: is a file, expected a folder or nothing")
    there, made = hash_files(target), hash_files(work)
    differing = sorted(
        name for name in there.keys() | made.keys() if there.get(name) != made.get(name)
    )
    if differing:
        shown = ", ".join(differing[:5]) + (" and more" if len(differing) > 5 else "")
        raise ReportError(
            f"{target}: this edition is there already and differs in {shown}; editions are never "
            "rewritten: move it away to have it made again"
        )


def _flush(folder: Path) -> None:
    """Have every file and folder on the disk before the rename makes them visible."""
    for path in sorted(folder.rglob("*")):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    fsync_folder(folder)


@contextmanager
def _disk(editions_dir: Path) -> Iterator[None]:
    """Say in one sentence what the disk complains about."""
    try:
        editions_dir.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise ReportError(f"{editions_dir}: cannot write the edition: {explain(error)}") from error


@contextmanager
def _alone(editions_dir: Path) -> Iterator[None]:
    """One writer at a time; what a killed one left unfinished is removed."""
    lock = FileLock(editions_dir / ".lock", timeout=_LOCK_TIMEOUT_S)
    try:
        lock.acquire()
    except Timeout as error:
        raise ReportError(
            f"{editions_dir}: another run is writing an edition; try again when it has finished"
        ) from error
    try:
        for left in sorted(editions_dir.glob(_UNFINISHED + "*")):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()
