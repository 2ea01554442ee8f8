"""Assets of an edition: its exhibits with their pictures, the page of checks, the report itself.

One step makes them all from the warehouse that the run has published, since they are one act: an
edition is whole or not there. What an exhibit says and how a page looks is decided in
``pipeline.report``.
"""

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from pipeline.assets.keys import EDITION, OWNERS, VALIDATION, WAREHOUSE, exhibit_key, tags
from pipeline.assets.project import Project
from pipeline.assets.run_notes import PAGE, remarks_of, results_of
from pipeline.assets.standing import publishers_today
from pipeline.assets.tables import candidate_of
from pipeline.editions.make import checks_pages, compose, compose_others, make_draft
from pipeline.inputs import EditionInputs
from pipeline.report.build import exhibit_ids
from pipeline.report.content import Exhibit, Report
from pipeline.report.edition import edition_inputs, write_apart, write_edition
from pipeline.report.edition_files import Draft
from pipeline.report.words import cell, heading, page_words
from pipeline.second_process import Beside
from pipeline.stages import stage
from pipeline.validation.results import Results, failed, merge, to_json

STEP = "make_edition"
PREVIEW_ROWS = 10


class EditionConfig(dg.Config):
    """``out``: the folder to write the edition to, in the place of one among the editions."""

    out: str | None = None


def out_config(folder: Path) -> dict[str, Any]:
    """Run configuration: write the edition to ``folder`` itself."""
    return {"ops": {STEP: {"config": {"out": str(folder)}}}}


def build_edition(project: Project) -> dg.AssetsDefinition:
    """The step that makes an edition of the warehouse that the run has published."""
    exhibits = exhibit_ids()

    @dg.multi_asset(name=STEP, specs=list(_specs(exhibits)))
    def edition_step(
        context: dg.AssetExecutionContext, config: EditionConfig
    ) -> Iterator[dg.MaterializeResult[Any]]:
        notes = project.results_dir(context.run.run_id)
        # The run's own file: another run may have published a newer one meanwhile.
        warehouse = candidate_of(project, context.run.run_id)
        results = _results(project, warehouse, results_of(notes))
        inputs = edition_inputs(
            warehouse,
            remarks=remarks_of(notes),
            **project.form,
        )
        with project.beside() as beside:
            exported = project.export(warehouse)
            with stage("exhibits"):
                others = compose_others(warehouse, project.catalog, inputs, results, beside)
                report = compose(
                    warehouse, project.catalog, inputs, results,
                    beside=None if others else beside,  # it is at work on the others
                )  # fmt: skip
            yield _checks(project, context.run.run_id, results)
            yield from _exhibits(report)
            with stage("edition"):
                draft = make_draft(
                    report, inputs, warehouse, results, project.settings.sql_dir,
                    checks=checks_pages(
                        results, project.catalog, inputs, project.settings.expectations_dir
                    ),
                    translations=others,
                    exported=exported,
                )  # fmt: skip
                new, folder = _write(project, draft, config.out, beside)
        yield _edition(project, report, inputs, folder, new=new)
        warehouse.unlink()

    return edition_step


def _specs(exhibits: tuple[str, ...]) -> Iterator[dg.AssetSpec]:
    yield dg.AssetSpec(
        VALIDATION,
        deps=[WAREHOUSE],
        group_name="edition",
        description="Every expectation with why it is there, what was observed and the rows that "
        "break it.",
        kinds={"html"},
        owners=OWNERS,
        tags=tags(stage="edition"),
    )
    for name in exhibits:
        yield dg.AssetSpec(
            exhibit_key(name),
            deps=[WAREHOUSE],
            group_name="exhibits",
            description=f"The exhibit “{name.replace('_', ' ')}” of the report: its picture, its "
            "values and where they come from.",
            kinds={"altair"},
            owners=OWNERS,
            tags=tags(stage="exhibits"),
            # An exhibit that nothing can be published for is left out of the report.
            skippable=True,
        )
    yield dg.AssetSpec(
        EDITION,
        deps=[VALIDATION, *(exhibit_key(name) for name in exhibits)],
        group_name="edition",
        description="The report as HTML and PDF with its data, its checks and a manifest of "
        "hashes: an edition, named after what went into it and never changed.",
        kinds={"html", "pdf"},
        owners=OWNERS,
        tags=tags(stage="edition"),
    )


def _results(project: Project, warehouse: Path, judged: Results) -> Results:
    """All results; suites that no step of this run has judged are judged now."""
    rest = [suite for table, suite in project.suites.items() if table not in judged]
    if not rest:
        return judged
    with stage("check published"):
        return merge([judged, *project.judge(warehouse, rest)])


def _write(project: Project, draft: Draft, out: str | None, beside: Beside) -> tuple[bool, Path]:
    """Whether the edition is new, and where it stands."""
    if out is not None:
        folder = Path(out)
        return not folder.exists(), write_apart(draft, folder, beside=beside)
    editions_dir = project.settings.editions_dir
    new = not (editions_dir / draft.inputs.edition).exists()
    return new, write_edition(draft, editions_dir, sources=publishers_today(project), beside=beside)


def _checks(project: Project, run_id: str, results: Results) -> dg.MaterializeResult[Any]:
    broken = failed(results)
    return dg.MaterializeResult(
        asset_key=VALIDATION,
        metadata={
            "page": validation_url(project, run_id),
            "expectations": sum(len(suite.results) for suite in results.values()),
            "warnings": sum(r.expectation.severity == "warning" for r in broken),
            "critical": sum(r.expectation.severity == "critical" for r in broken),
        },
        data_version=dg.DataVersion(_hash(to_json(results))),
    )


def validation_url(project: Project, run_id: str) -> dg.UrlMetadataValue:
    """Where the UI's browser finds the page of a run's checks."""
    return dg.MetadataValue.url(f"{project.settings.editions_url}/validation/{run_id}/{PAGE}")


def _exhibits(report: Report) -> Iterator[dg.MaterializeResult[Any]]:
    # The tables of states are no assets: which there are is the bloc's, and not the code's.
    known = exhibit_ids()
    for exhibit in (e for e in report.exhibits() if e.id in known):
        metadata: dict[str, Any] = {
            "title": exhibit.title,
            "subtitle": exhibit.subtitle,
            "source": exhibit.source,
            "note": exhibit.note,
            "dagster/row_count": len(exhibit.table.rows),
            "values": dg.MetadataValue.md(_preview(exhibit, report.language)),
        }
        if exhibit.chart:
            metadata["picture"] = dg.MetadataValue.md(_picture(exhibit.chart.wide, exhibit.id))
        yield dg.MaterializeResult(
            asset_key=exhibit_key(exhibit.id),
            metadata=metadata,
            data_version=dg.DataVersion(_hash(repr(exhibit))),
        )


def _picture(svg: str, name: str) -> str:
    encoded = base64.b64encode(svg.encode()).decode()
    return f"![{name}](data:image/svg+xml;base64,{encoded})"


def _preview(exhibit: Exhibit, language: str) -> str:
    columns, words = exhibit.table.columns, page_words(language)
    lines = [
        "| " + " | ".join(_escaped(heading(c)) for c in columns) + " |",
        "|" + " --- |" * len(columns),
    ]
    for row in exhibit.table.rows[:PREVIEW_ROWS]:
        cells = (_escaped(cell(row.get(c.key), c, words)) for c in columns)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _edition(
    project: Project, report: Report, inputs: EditionInputs, folder: Path, *, new: bool
) -> dg.MaterializeResult[Any]:
    url = f"{project.settings.editions_url}/{inputs.edition}/report.html"
    lines = [f"{finding.figure} {finding.sentence}" for finding in report.findings]
    return dg.MaterializeResult(
        asset_key=EDITION,
        metadata={
            "edition": inputs.edition,
            "as_of": inputs.as_of.isoformat(),
            "since": str(inputs.since or "a year before"),
            "page": dg.MetadataValue.url(url),
            "path": dg.MetadataValue.path(str(folder)),
            "new": new,
            "findings": dg.MetadataValue.json(lines),
            "key findings": dg.MetadataValue.md("\n".join(f"- {line}" for line in lines)),
            "exhibits": len(report.exhibits()),
            "bytes": sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()),
        },
        data_version=dg.DataVersion(inputs.sha256),
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
