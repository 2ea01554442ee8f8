"""What a kill test kills: a whole refresh, or a short job that writes all that a refresh writes."""

from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.ingest.archive import Archive, Selection
from pipeline.ingest.refresh import refresh as ask
from pipeline.inputs import EditionInputs, inputs_of
from pipeline.report.content import Finding, Paragraph, Report, Section, Span
from pipeline.report.data_tables import CATALOGUE, CORRECTIONS, PROVENANCE
from pipeline.report.edition import write_edition
from pipeline.report.edition_files import Draft
from pipeline.run import run_refresh
from pipeline.running import work_folder
from pipeline.settings import Settings
from pipeline.stages import stage
from pipeline.warehouse.build import build_core, publish

TABLES = (*CATALOGUE, CORRECTIONS, PROVENANCE, "core.current", "core.weightings")
"""What the data package of an edition needs, were there no marts."""


def refresh(here: Settings) -> bool:
    """A refresh as the command runs it."""
    outcome = run_refresh(here)
    print(outcome)
    return outcome.clean


def store(here: Settings) -> bool:
    """Ask, archive, build, publish, write: by the functions that a refresh writes by.

    It leaves out what takes time and writes nothing that a reader sees: Dagster, marts, checks,
    exhibits, and every snapshot but the newest of a series.
    """
    archive, catalog = Archive.from_settings(here), load_catalog(here.catalog_dir)
    with stage("ask"):
        answers = ask(archive, catalog, here, today=datetime.now(UTC).date())
    as_of = archive.newest_vintage()
    with work_folder(here, "store") as work:
        candidate = work / "warehouse.duckdb"
        with stage("core tables"):
            newest = {s.series: s.snapshot for s in archive.snapshots()}
            speaking = Selection(archive, newest.values())
            build_core(candidate, speaking, catalog, as_of, here.sql_dir, only=TABLES)
        with stage("publish"):
            publish(candidate, here.warehouse_path, keep=True)
        with stage("edition"):
            write_edition(_draft(inputs_of(archive, catalog, as_of), candidate), here.editions_dir)
    return not answers.failed


def _draft(inputs: EditionInputs, warehouse: Path) -> Draft:
    """An edition that says next to nothing."""
    return Draft(
        report=_report(inputs.edition, inputs.as_of),
        inputs=inputs,
        warehouse=warehouse,
        checks={"en": "<!DOCTYPE html><title>checks</title>"},
        validation_json="{}",
    )


def _report(edition: str, as_of: date) -> Report:
    return Report(
        title="A report that is killed",
        standfirst="",
        bloc="none",
        edition=edition,
        as_of=as_of,
        newest_vintage=as_of,
        findings=(Finding("one", "1", "finding.", 1, "", "", None, "a double"),),
        sections=(Section("one", "One section", (Paragraph((Span("One paragraph."),)),)),),
        notes=(),
        sources=(),
        cite_as="",
        dark_colours={},
    )
