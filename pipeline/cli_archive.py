"""The commands ``sco archive …``: adding to the archive, listing, verifying and taking along.

As in ``cli``, here is only what a terminal needs, and rooms are imported inside the commands.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import terminal
from pipeline.cli_words import DONE, FAILED, Json
from pipeline.errors import ReadError, SettingsError
from pipeline.settings import settings

if TYPE_CHECKING:
    from pipeline.ingest.world_bank_releases import Release

archive_app = typer.Typer(no_args_is_help=True, help="The archive of published figures.")


@archive_app.command(
    "import",
    epilog="Examples: `sco archive import egdi-2026.csv --provenance egdi-2026.yaml` · "
    "`sco archive import /media/archive`",
)
def archive_import(
    source: Annotated[
        Path, typer.Argument(help="Tidy table, CSV or Parquet; or the folder of another archive.")
    ],
    provenance: Annotated[
        Path | None,
        typer.Option(
            help="Where the figures come from; default: the table's name with .yaml or .json."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Add to the archive: a tidy table (economy, year, value), or another archive's snapshots."""
    from pipeline.ingest.archive import Archive

    here = settings()
    archive = Archive.from_settings(here)
    if source.is_dir():
        from pipeline.ingest.merge import merge_archive

        if provenance is not None:
            raise typer.BadParameter("an archive brings its own provenance: leave --provenance out")
        terminal.show_merge(merge_archive(archive, source), as_json=as_json)
        return
    from pipeline.catalog import load_catalog
    from pipeline.ingest.tables_import import import_table

    result = import_table(archive, source, provenance, load_catalog(here.catalog_dir))
    terminal.show_import(result, as_json=as_json)


@archive_app.command(
    "export", epilog="Example: `sco archive export --edition latest --out /media/archive`"
)
def archive_export(
    edition: Annotated[str, typer.Option(help="An edition's id, `latest`, folder or manifest.")],
    out: Annotated[Path, typer.Option(help="Folder of the new archive: not there, or empty.")],
    as_json: Json = False,
) -> None:
    """Write exactly the snapshots that an edition was made of, as an archive of their own."""
    from pipeline.editions.standing import find_edition
    from pipeline.editions.verify import needed_snapshots
    from pipeline.ingest.archive import Archive
    from pipeline.ingest.bundle import export_snapshots

    here = settings()
    archive = Archive.from_settings(here)
    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise SettingsError(f"{out}: holds something already, expected a new or an empty folder")
    found = needed_snapshots(find_edition(edition, here.editions_dir), archive)
    export_snapshots(archive, found, out)
    terminal.show_export(found, out, as_json=as_json)


@archive_app.command("list", epilog="Example: `sco archive list --indicator IT.NET.USER.ZS`")
def archive_list(
    publisher: Annotated[str | None, typer.Option(help="Only this publisher's.")] = None,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator's.")] = None,
    as_json: Json = False,
) -> None:
    """List the snapshots: publisher, indicator, vintage and how the vintage is known."""
    from pipeline.ingest.archive import Archive

    snapshots = [
        s
        for s in Archive.from_settings(settings()).snapshots()
        if publisher in (None, s.publisher) and (indicator is None or indicator in s.indicators)
    ]
    terminal.show_snapshots(snapshots, as_json=as_json)


@archive_app.command("verify", epilog="Example: `sco archive verify`")
def archive_verify(as_json: Json = False) -> None:
    """Hash every snapshot anew and name each damaged file; 1 when there is one."""
    from pipeline.ingest.archive import Archive

    result = Archive.from_settings(settings()).verify()
    terminal.show_verify(result, as_json=as_json)
    raise typer.Exit(FAILED if result.problems else DONE)


@archive_app.command(
    "backfill-releases",
    epilog="Examples: `sco archive backfill-releases --from 201801 --dry-run` · "
    "`sco archive backfill-releases --from 201801 --to 202601 --indicator IT.NET.USER.ZS`",
)
def archive_backfill_releases(
    first: Annotated[
        str, typer.Option("--from", metavar="YYYYMM", help="The earliest release to fetch.")
    ],
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="YYYYMM", help="The latest; default: the newest there is."),
    ] = None,
    indicator: Annotated[
        list[str] | None,
        typer.Option(help="Only this indicator; can be given more than once."),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Ask for months that the archive has, too.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be asked for, and ask for none.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fetch the World Bank's archived releases into the archive, for editions of past days.

    A series of a month that the archive has already is not asked for, so a backfill that was broken
    off goes on where it ended.
    """
    from pipeline.catalog import load_catalog
    from pipeline.ingest.archive import Archive
    from pipeline.ingest.http import Client
    from pipeline.ingest.release_backfill import StepResult, backfill, plan_backfill
    from pipeline.ingest.world_bank_releases import fetch_releases

    earliest, latest = _release(first), _release(last) if last else None
    here = settings()
    catalog, archive = load_catalog(here.catalog_dir), Archive.from_settings(here)
    results: Sequence[StepResult] = ()
    with Client(here) as client, terminal.counting(quiet=as_json) as hear:
        plan = plan_backfill(
            archive, catalog, fetch_releases(client, here),
            first=earliest, last=latest, indicators=tuple(indicator or ()), again=again,
        )  # fmt: skip
        if not dry_run:
            today = datetime.now(UTC).date()
            results = backfill(archive, catalog, here, client, plan, today=today, progress=hear)
    if dry_run:
        terminal.show_release_plan(plan, as_json=as_json)
    else:
        terminal.show_releases(results, as_json=as_json)
    raise typer.Exit(FAILED if any(r.state == "failed" for r in results) else DONE)


def _release(text: str) -> "Release":
    """The release of an option; anything else is wrong use."""
    from pipeline.ingest.world_bank_releases import release_of

    try:
        return release_of(text)
    except ReadError as error:
        raise typer.BadParameter(str(error)) from error
