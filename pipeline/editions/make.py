"""The way from the archive to the files of an edition, judged at every stage.

A run of Dagster goes it in steps, each of them a function of this module or of the rooms behind it;
``draft`` goes it at once, for what is made beside the runs: a verification, or a day long past.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

from pipeline.catalog.entry import PROJECT_BLOC
from pipeline.catalog.models import Catalog
from pipeline.catalog.of_bloc import of_bloc
from pipeline.editions.form import form_of
from pipeline.errors import ExpectationError
from pipeline.ingest.archive import Archive
from pipeline.inputs import EditionInputs
from pipeline.language import ENGLISH, language_of
from pipeline.report.build import build_report
from pipeline.report.charts.canvas import Canvas
from pipeline.report.charts.scale import Frame, Scale
from pipeline.report.content import Report
from pipeline.report.edition import edition_inputs
from pipeline.report.edition_files import Draft, Exported
from pipeline.report.marts import Answers
from pipeline.second_process import Beside
from pipeline.settings import Settings
from pipeline.stages import stage
from pipeline.validation.page import render_validation
from pipeline.validation.results import Results, SuiteResult, failed, merge, to_json
from pipeline.validation.run import validate_tables
from pipeline.validation.suites import Suite, load_suites, read_suites
from pipeline.validation.translated import retold, suites_in
from pipeline.warehouse.build import build_core, build_marts
from pipeline.warehouse.readings import Readings
from pipeline.warehouse.store import connect_read_only


def draft(
    archive: Archive,
    catalog: Catalog,
    as_of: date,
    *,
    settings: Settings,
    work_dir: Path,
    remarks: tuple[str, ...] = (),
    claimed: EditionInputs | None = None,
    bloc: str = PROJECT_BLOC,
    since: date | None = None,
) -> Draft:
    """Make everything that the edition as of a date is written from, outside of any run.

    The warehouse is built in ``work_dir`` and stays there, beside the one that readers see.

    Args:
        archive: only snapshots published up to ``as_of`` speak.
        catalog: what they mean.
        as_of: the date of the edition.
        settings: where SQL and expectations stand.
        work_dir: takes the warehouse; it must be there.
        remarks: what a reader is warned of that does not follow from the rest.
        claimed: inputs to be named in the files in the place of those that were used, so that an
            edition can be compared with one that other code made.
        bloc: whom the edition is about.
        since: the as-of date of the edition that it is compared with; None: of a year before.

    Raises:
        ExpectationError: a critical expectation failed; it is named.
        WarehouseError, ArchiveError, ReportError: see the rooms that do the work.
    """
    warehouse = work_dir / "warehouse.duckdb"
    catalog = of_bloc(catalog, bloc, as_of)
    suites = load_suites(settings.expectations_dir, catalog)
    with stage("core tables"):
        readings = Readings.from_settings(settings)
        build_core(
            warehouse, archive, catalog, as_of, settings.sql_dir, since=since, readings=readings
        )
    with stage("check core"):
        core = judged(warehouse, core_suites(suites))
    with stage("marts"):
        build_marts(warehouse, catalog, settings.sql_dir)
    with stage("check marts"):
        rest = judged(warehouse, other_suites(suites))
    inputs = claimed or edition_inputs(warehouse, remarks=remarks, bloc=bloc, **form_of(settings))
    results = merge([core, rest])
    with stage("exhibits"):
        report = compose(warehouse, catalog, inputs, results)
    with stage("translations"), ThreadPoolExecutor(max_workers=1) as beside:
        translations = compose_others(warehouse, catalog, inputs, results, beside)
        checks = checks_pages(results, catalog, inputs, settings.expectations_dir)
    return make_draft(
        report,
        inputs,
        warehouse,
        results,
        settings.sql_dir,
        checks=checks,
        translations=translations,
    )


def core_suites(suites: Mapping[str, Suite]) -> tuple[Suite, ...]:
    """The suites to judge by before anything is computed from core."""
    return tuple(s for s in suites.values() if s.table.startswith("core."))


def other_suites(suites: Mapping[str, Suite]) -> tuple[Suite, ...]:
    """The suites of everything that is built on core."""
    return tuple(s for s in suites.values() if not s.table.startswith("core."))


def judged(warehouse: Path, suites: Iterable[Suite]) -> Mapping[str, SuiteResult]:
    """The results of some suites, none of them a critical failure.

    Raises:
        ExpectationError: a critical expectation failed: which, and what was observed.
    """
    results = validate_tables(warehouse, suites)
    broken = failed(results)
    if broken and broken[0].expectation.severity == "critical":
        first = broken[0].expectation
        raise ExpectationError(
            f"{first.table}: {first.id}: this critical expectation failed: {broken[0].observed}"
        )
    return results


def get_ready() -> None:
    """Import now what would be imported when it is needed, and have Vega-Lite start."""
    for name in ("openpyxl", "typst"):
        import_module(name)
    start_drawing()


@cache
def start_drawing() -> None:
    """Have Vega-Lite start in this process: the first chart takes as long as thirty others."""
    unit = Scale(0, 1, 0, 1)
    Canvas(Frame(1, 1, 0, 0, 0, 0, unit, unit)).svg()


def compose(
    warehouse: Path,
    catalog: Catalog,
    inputs: EditionInputs,
    results: Results,
    *,
    language: str = ENGLISH.code,
    beside: Beside | None = None,
) -> Report:
    """The report of an edition from a finished warehouse; ``beside`` draws its charts meanwhile.

    Raises:
        WarehouseError, ReportError: the warehouse cannot be read, or the wording is wrong.
    """
    warned = [r for r in failed(results) if r.expectation.severity == "warning"]
    known = of_bloc(catalog, inputs.bloc, inputs.as_of)
    with closing(connect_read_only(warehouse)) as con:
        return build_report(
            con,
            known,
            as_of=inputs.as_of,
            edition=inputs.edition,
            remarks=inputs.remarks,
            warned=len(warned),
            language=language,
            answers=_answers(warehouse, inputs.edition),
            beside=beside,
        )


@lru_cache(maxsize=1)
def _answers(_warehouse: Path, _edition: str) -> Answers:
    """Of a warehouse, while one edition is made of it: each language asks the same."""
    return {}


def compose_others(
    warehouse: Path, catalog: Catalog, inputs: EditionInputs, results: Results, beside: Beside
) -> dict[str, Future[Report]]:
    """The same report in the other languages of the edition, by language, composed ``beside``.

    A future raises what ``compose`` does.
    """
    return {
        code: beside.submit(compose, warehouse, catalog, inputs, results, language=code)
        for code in inputs.languages
    }


def checks_pages(
    results: Results, catalog: Catalog, inputs: EditionInputs, expectations_dir: Path
) -> dict[str, str]:
    """The page of the checks in each language of an edition, by language.

    Raises:
        ExpectationError: a suite is wrong.
        ReportError: a translation or the template is missing or wrong.
    """
    codes = (ENGLISH.code, *inputs.languages)
    known = of_bloc(catalog, inputs.bloc, inputs.as_of)
    written = read_suites(expectations_dir) if inputs.languages else ()
    told = {ENGLISH.code: results} | {
        code: retold(results, suites_in(language_of(code), written, known))
        for code in inputs.languages
    }
    return {
        code: render_validation(
            told[code],
            edition=inputs.edition,
            language=language_of(code),
            others=[other for other in codes if other != code],
        )
        for code in codes
    }


def make_draft(
    report: Report,
    inputs: EditionInputs,
    warehouse: Path,
    results: Results,
    sql_dir: Path,
    *,
    checks: Mapping[str, str],
    translations: Mapping[str, Future[Report]],
    exported: Future[Exported] | None = None,
) -> Draft:
    """What the files of an edition are written from, with the pages of its checks by language."""
    return Draft(
        report=report,
        translations=translations,
        inputs=inputs,
        warehouse=warehouse,
        checks=checks,
        validation_json=to_json(results),
        sql_dir=sql_dir,
        keys=keys_of(results),
        exported=exported,
    )


def keys_of(suites: Mapping[str, Suite] | Results) -> dict[str, tuple[str, ...]]:
    """What tells the rows of each table apart, by table, as its suite says."""
    return {table: suite.key for table, suite in suites.items()}
