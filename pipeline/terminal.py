"""How the command line shows things: stages, tables, an outcome in a few lines, or JSON.

People read standard output through Rich when it is a terminal and as plain text elsewhere;
scripts ask for ``--json`` or ``--csv``. Complaints go to standard error, one sentence each.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.stages import WAIT, Stage, listening

if TYPE_CHECKING:
    from pipeline.editions.backfill import Backfilled, NotMade
    from pipeline.editions.verify import Compared, Verification
    from pipeline.ingest.merge import MergeResult
    from pipeline.ingest.release_backfill import Plan, State, StepResult
    from pipeline.ingest.sidecar import Sidecar
    from pipeline.ingest.tables_import import ImportResult
    from pipeline.ingest.verify import VerifyResult
    from pipeline.report.manifest import Manifest
    from pipeline.run import FailedCheck, Outcome
    from pipeline.validation.run import SuiteResult


@dataclass
class StageTimes:
    """Seconds by stage, in the order in which they ended."""

    seconds: dict[str, float] = field(default_factory=dict)

    def take(self, stage: Stage) -> None:
        if stage.seconds is not None:
            self.seconds[stage.name] = self.seconds.get(stage.name, 0.0) + stage.seconds


@contextmanager
def progress(*, quiet: bool) -> Iterator[StageTimes]:
    """Collect the stages of the work done meanwhile; on a terminal, show the one under way."""
    times = StageTimes()
    console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
    with console.status("starting") as status:

        def hear(stage: Stage) -> None:
            times.take(stage)
            status.update(stage.name)
            if stage == Stage(WAIT, "started"):
                complain("another run of this project is under way; waiting for it to end")

        with listening(hear):
            yield times


@contextmanager
def counting(*, quiet: bool) -> Iterator[Callable[[object], None]]:
    """On a terminal, show how many things are done and the last of them."""
    console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty())
    done = 0
    with console.status("starting") as status:

        def hear(thing: object) -> None:
            nonlocal done
            done += 1
            status.update(f"{done} done; {thing}")

        yield hear


def complain(sentence: str) -> None:
    """One sentence on standard error, as it is: no markup, no wrapping."""
    typer.echo(f"sco: {sentence}", err=True)


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def echo_json(document: object) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def show_outcome(outcome: "Outcome", stages: StageTimes, *, as_json: bool) -> None:
    """Where the edition is, its findings, what failed, and how long each stage took."""
    if as_json:
        echo_json(
            {
                "edition": outcome.edition and str(outcome.edition),
                "new_edition": outcome.new_edition,
                "clean": outcome.clean,
                "findings": outcome.findings,
                "failures": outcome.failures,
                "failed_checks": [vars(c) for c in outcome.failed_checks],
                "sources": [vars(s) for s in outcome.sources],
                "run_id": outcome.run_id,
                "seconds": {name: round(s, 3) for name, s in stages.seconds.items()},
            }
        )
        return
    _say_sources(outcome)
    _say_checks(outcome.failed_checks)
    for failure in outcome.failures:
        complain(failure)
    _say_times(stages.seconds)
    if outcome.edition is None:
        complain("no new edition was made; the last good one is untouched")
        return
    _say_edition(outcome, outcome.edition)


def _say_edition(outcome: "Outcome", edition: Path) -> None:
    typer.echo("\nKey findings" if outcome.findings else "")
    for line in outcome.findings:
        typer.echo(f"  • {line}")
    news = "New edition" if outcome.new_edition else "Nothing has changed; the edition stands"
    typer.echo(f"\n{news}:\n  {edition / 'report.html'}\n  {edition / 'report.pdf'}")


def _say_times(seconds: Mapping[str, float]) -> None:
    typer.echo("Stages")
    width = max((len(name) for name in seconds), default=0)
    for name, taken in seconds.items():
        typer.echo(f"  {name:<{width}}  {taken:6.2f} s")
    typer.echo(f"  {'total of stages':<{width}}  {sum(seconds.values()):6.2f} s")


def _say_sources(outcome: "Outcome") -> None:
    for source in outcome.sources:
        typer.echo(f"{source.publisher}: {source.summary}")
        for line in source.failures:
            complain(line)
    if len(outcome.sources) > 1:
        requests = sum(source.requests for source in outcome.sources)
        size = sum(source.bytes for source in outcome.sources)
        typer.echo(f"all publishers: {requests} requests, {size / 1e6:.1f} MB")


def _say_checks(failed: Sequence["FailedCheck"]) -> None:
    for check in failed:
        typer.echo(f"{check.severity}: {check.asset} {check.check}: {check.observed}", err=True)
        for line in filter(None, (*check.why.splitlines(), *check.rows.splitlines())):
            typer.echo(f"  {line}", err=True)


def show_checks(results: Mapping[str, "SuiteResult"]) -> None:
    """One line a table, then each failed expectation with why and what was observed."""
    table = Table("table", "passed", "warnings", "critical", box=None)
    failed = [r for suite in results.values() for r in suite.results if not r.success]
    for name, suite in results.items():
        bad = [r.expectation.severity for r in suite.results if not r.success]
        passed = str(len(suite.results) - len(bad))
        table.add_row(
            name, passed, str(len(bad) - bad.count("critical")), str(bad.count("critical"))
        )
    Console().print(table)
    for result in failed:
        expectation = result.expectation
        typer.echo(f"{expectation.severity}: {expectation.table} {expectation.id}")
        typer.echo(f"  observed: {result.observed}\n  why: {expectation.why}")


def show_rows(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], *, as_csv: bool, as_json: bool
) -> None:
    """Rows of a query as an aligned table, CSV or a JSON list of objects."""
    if as_json:
        echo_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
    else:
        table = Table(*columns, box=None, header_style="bold")
        for row in rows:
            table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
        Console(soft_wrap=True).print(table)


def show_snapshots(snapshots: Sequence["Sidecar"], *, as_json: bool) -> None:
    if as_json:
        echo_json([s.model_dump(mode="json") for s in snapshots])
        return
    table = Table("publisher", "indicator", "vintage", "known by", "snapshot", box=None)
    for s in snapshots:
        codes = ", ".join(s.indicators)
        table.add_row(s.publisher, codes, str(s.vintage), s.vintage_basis, s.snapshot)
    Console(soft_wrap=True).print(table)
    typer.echo(_counted(len(snapshots), "snapshot"))


def show_verify(result: "VerifyResult", *, as_json: bool) -> None:
    if as_json:
        echo_json(
            {
                "snapshots": result.snapshots,
                "bytes": result.bytes,
                "problems": [vars(p) for p in result.problems],
            }
        )
        return
    for problem in result.problems:
        complain(f"{problem.file}: {problem.what}")
    damaged = len(result.problems)
    verdict = f"{damaged} problems" if damaged else "all as recorded"
    typer.echo(
        f"{_counted(result.snapshots, 'snapshot')}, {result.bytes:,} bytes hashed: {verdict}"
    )


def show_import(result: "ImportResult", *, as_json: bool) -> None:
    sidecar = result.sidecar
    if as_json:
        echo_json(
            {
                "snapshot": sidecar.snapshot,
                "new": result.new,
                "rows": result.rows,
                "left_out": result.left_out,
                "unknown_economies": result.unknown_economies,
            }
        )
        return
    typer.echo(f"{'added' if result.new else 'already there'}: {sidecar.snapshot}")
    typer.echo(f"{result.rows} values, {result.left_out} rows without a value left out")
    if result.unknown_economies:
        typer.echo(f"not in the catalogue: {', '.join(result.unknown_economies)}")


def show_release_plan(plan: "Plan", *, as_json: bool) -> None:
    """What a backfill would ask for, a line a release."""
    rows = [
        {
            "release": release,
            "series": [s.indicator.id for s in plan.asked if s.release == release],
            "held": {s.indicator.id: s.held for s in plan.steps if s.release == release and s.held},
            "requests": sum(s.requests for s in plan.steps if s.release == release),
        }
        for release in plan.releases
    ]
    if as_json:
        echo_json({"releases": rows, "requests": plan.requests})
        return
    table = Table("release", "series to ask for", "in the archive", "requests", box=None)
    for row in rows:
        table.add_row(
            *(str(len(v)) if isinstance(v, list | dict) else str(v) for v in row.values())
        )
    Console().print(table)
    typer.echo(
        f"{len(plan.releases)} releases, {len(plan.asked)} series to ask for, "
        f"at most {plan.requests} requests; nothing was asked for"
    )


def show_releases(results: Sequence["StepResult"], *, as_json: bool) -> None:
    """What became of each release, a line each, and what failed in it."""
    if as_json:
        echo_json([vars(result) for result in results])
        return
    states: tuple[State, ...] = ("new", "unchanged", "absent", "failed")
    table = Table("release", *states, box=None)
    for release in sorted({r.release for r in results}):
        found = [r.state for r in results if r.release == release]
        table.add_row(release, *(str(found.count(state)) for state in states))
    Console().print(table)
    for result in results:
        if result.state == "failed":
            complain(str(result))
    counts = ", ".join(f"{sum(r.state == s for r in results)} {s}" for s in states)
    typer.echo(f"{len(results)} series of releases: {counts}")


def show_editions(
    found: Sequence["Manifest"], latest: str | None, folder: Path, *, as_json: bool
) -> None:
    """One line an edition; in JSON also its inputs and findings."""
    if as_json:
        echo_json(
            [
                {
                    "edition": m.edition,
                    "as_of": m.inputs.as_of,
                    "since": m.inputs.since,
                    "bloc": m.inputs.bloc,
                    "title": m.title,
                    "latest": m.edition == latest,
                    "path": folder / m.edition,
                    "snapshots": len(m.inputs.snapshots),
                    "catalog_sha256": m.inputs.catalog_sha256,
                    "code_sha256": m.inputs.code_sha256,
                    "findings": [vars(f) for f in m.findings],
                }
                for m in found
            ]
        )
        return
    table = Table("edition", "as of", "bloc", "snapshots", "code", "", box=None)
    for m in found:
        inputs = m.inputs
        told = "latest" if m.edition == latest else ""
        count, code = str(len(inputs.snapshots)), inputs.code_sha256[:8]
        table.add_row(m.edition, str(inputs.as_of), inputs.bloc, count, code, told)
    Console(soft_wrap=True).print(table)
    typer.echo(f"{_counted(len(found), 'edition')} in {folder}")


def show_verification(result: "Verification", *, as_json: bool) -> None:
    """What differs and where first; what is the same is counted."""
    parts = {"output": result.outputs, "exhibit": result.exhibits, "finding": result.findings}
    if as_json:
        echo_json(
            {
                "edition": result.edition,
                "same": result.same,
                "tampered": [vars(t) for t in result.tampered],
                "missing_snapshots": result.missing_snapshots,
                "inputs": result.inputs,
                **{f"{kind}s": [_compared(c) for c in found] for kind, found in parts.items()},
            }
        )
        return
    for misfit in result.tampered:
        typer.echo(f"changed since it was written: {misfit.file}: {misfit.what}")
    for snapshot in result.missing_snapshots:
        typer.echo(f"not in the archive: snapshot {snapshot}")
    for kind, found in parts.items():
        differing = [c for c in found if c.verdict == "different"]
        for c in differing:
            typer.echo(f"different {kind}: {c.name}: {c.difference or 'the bytes'}")
        if found:
            typer.echo(
                f"{kind}s: {len(found) - len(differing)} the same, {len(differing)} different"
            )
    told = ", ".join(f"{name} {verdict}" for name, verdict in result.inputs.items())
    typer.echo(f"made of: {told}")
    typer.echo(f"edition {result.edition}: {_verdict(result)}")


def _compared(compared: "Compared") -> dict[str, Any]:
    difference = compared.difference and vars(compared.difference)
    return {"name": compared.name, "verdict": compared.verdict, "first_difference": difference}


def _verdict(result: "Verification") -> str:
    if result.same:
        return "the same, rebuilt from the archive"
    if result.missing_snapshots:
        return "cannot be rebuilt: snapshots are missing"
    other = [name for name, verdict in result.inputs.items() if verdict == "different"]
    if result.tampered:
        return "its files are not those that were written"
    if other:
        return f"different, and so are {', '.join(other)}"
    return "different, though data, catalogue, code and lock file are the same"


def tell_each(
    results: "Iterable[Backfilled | NotMade]", *, quiet: bool
) -> "list[Backfilled | NotMade]":
    """Take results as they come, with a line for each while the next is under way."""
    taken = []
    for result in results:
        taken.append(result)
        if not quiet:
            typer.echo(str(result))
    return taken


def show_backfill(results: "Sequence[Backfilled | NotMade]", *, as_json: bool) -> None:
    """How many editions were made; in JSON each of them."""
    if as_json:
        echo_json([{**vars(r), "made": r.folder is not None} for r in results])
        return
    failed = sum(r.folder is None for r in results)
    typer.echo(f"{_counted(len(results) - failed, 'edition')}, {failed} that could not be made")


def show_export(sidecars: Sequence["Sidecar"], out: Path, *, as_json: bool) -> None:
    if as_json:
        echo_json({"archive": out, "snapshots": [s.snapshot for s in sidecars]})
        return
    typer.echo(f"{_counted(len(sidecars), 'snapshot')} in {out}")


def show_merge(result: "MergeResult", *, as_json: bool) -> None:
    if as_json:
        echo_json(vars(result))
        return
    typer.echo(
        f"{_counted(len(result.added), 'snapshot')} added, {len(result.known)} there already"
    )
