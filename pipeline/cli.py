"""The command ``sco``: words and exit codes around the rooms that do the work.

Here is only what a terminal needs: arguments, progress, tables, JSON. Rooms are imported inside
the commands, so that ``sco --help`` or ``sco sql`` do not wait for what they do not use. What is
done to the archive stands in ``cli_archive``, what only asks in ``cli_questions``, what is said of
publishers in ``cli_sources``.

Exit codes: 0 done; 1 done with failed critical checks or failed sources, or not done because
something in the archive, the warehouse or on the disk is in the way; 2 wrong use.
"""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline import terminal
from pipeline.cli_archive import archive_app
from pipeline.cli_questions import questions
from pipeline.cli_sources import publisher_commands, tell_plan
from pipeline.cli_words import DONE, FAILED, WRONG_USE, Json
from pipeline.editions.every import Every
from pipeline.errors import CatalogError, ExpectationError, ProjectError, SettingsError
from pipeline.garbage import collect_seldom
from pipeline.settings import settings

if TYPE_CHECKING:
    from pipeline.run import Outcome
    from pipeline.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    help="The digital economy of the Shanghai Cooperation Organisation, from open data.",
)
app.add_typer(questions)
app.add_typer(archive_app, name="archive")
app.add_typer(publisher_commands)

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="Use, per series, the newest figures published on or before this date (YYYY-MM-DD). "
        "Default: the newest release in the archive.",
    ),
]


Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DATE|EDITION",
        help="Say what changed since this date, or since the as-of date of this edition (id, "
        "folder or manifest). Default: that of the last edition before, else a year before.",
    ),
]


Force = Annotated[
    bool, typer.Option("--force", help="Build also where the same edition stands already.")
]


@app.command(
    epilog="Examples: `sco report` · `sco report --as-of 2025-07-31` · `sco report --out edition` "
    "· `sco report --since 2025-07-31`"
)
def report(
    as_of: AsOf = None,
    since: Since = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the edition to this folder, new or empty, and not among the editions."
        ),
    ] = None,
    bloc: Annotated[
        str | None,
        typer.Option(
            help="Report on another bloc of the catalogue (BRICS, EAEU, ASEAN, EU); `latest` and "
            "the published warehouse stay as they are."
        ),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option(
            help="Make the report in this language too (ru, zh), beside English; can be given more "
            "than once; all: every language that there is."
        ),
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Build an edition of the report from the archive, with no network.

    Where the edition of the same data, catalogue and code stands, nothing is built, whatever that
    one is compared with, unless `--since` names something else.
    """
    from pipeline.editions.languages import unspoken
    from pipeline.editions.since import day_of
    from pipeline.run import run_edition

    day, here = _date(as_of), settings()
    if language:
        here = here.speaking(" ".join(language))
    left_out = unspoken(here.languages)
    before = day_of(since, here.editions_dir) if since is not None else None
    outcome = None
    with terminal.progress(quiet=as_json) as stages:
        if bloc is not None:
            outcome = _report_on(here, bloc, day, before, out, force=force)
        if outcome is None:
            outcome = run_edition(here, as_of=day, since=before, out=out, force=force)
    for code, why in left_out.items():
        terminal.complain(f"language {code}: not made: {why}")
    _finish(outcome, stages, as_json=as_json, failed=bool(left_out))


@app.command(
    epilog="Examples: `sco refresh` · `sco refresh --publisher world_bank_wdi --json` · "
    "`sco refresh --dry-run`"
)
def refresh(
    publisher: Annotated[
        list[str] | None,
        typer.Option(help="Ask only this publisher; can be given more than once."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be asked, and ask nobody.")
    ] = False,
    base_url: Annotated[
        str | None,
        typer.Option(help="Ask here in the place of all publishers, such as a double of them."),
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Ask the publishers for new figures, archive them, and build an edition.

    What a publisher cannot give now stands in from the archive, and the report says so.
    """
    here = settings() if base_url is None else settings().asking(base_url)
    publishers = tuple(publisher or ())
    if dry_run:
        tell_plan(here, publishers, as_json=as_json)
        return
    from pipeline.run import run_refresh

    with terminal.progress(quiet=as_json) as stages:
        outcome = run_refresh(here, publishers=publishers, force=force)
    _finish(outcome, stages, as_json=as_json)


@app.command(epilog="Examples: `sco editions` · `sco editions --json`")
def editions(as_json: Json = False) -> None:
    """List the editions, those on other blocs too, the newest as-of date first."""
    from pipeline.report import editions_list

    folder = settings().editions_dir
    found = editions_list.editions(folder, of_any_bloc=True)
    terminal.show_editions(found, editions_list.latest(folder), folder, as_json=as_json)


@app.command(
    epilog="Examples: `sco verify latest` · `sco verify 2025-07-31-1a2b3c4d --json` · "
    "`sco verify /media/edition --archive /media/archive`"
)
def verify(
    edition: Annotated[
        str, typer.Argument(help="An edition's id, `latest`, its folder, or its manifest alone.")
    ],
    archive: Annotated[
        Path | None,
        typer.Option(help="Rebuild from this archive; default: that of this installation."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Rebuild an edition from the archive and say, per output and figure, same or different.

    0: the same; 1: different, or it cannot be rebuilt; 2: wrong use.
    """
    from pipeline.catalog import load_catalog
    from pipeline.editions.standing import find_edition
    from pipeline.editions.verify import verify as rebuild_and_compare
    from pipeline.ingest.archive import Archive

    here = settings()
    found = find_edition(edition, here.editions_dir)
    if archive is not None and not archive.is_dir():
        raise SettingsError(f"{archive}: there is no such folder, expected one with an archive")
    source = Archive(None, archive) if archive else Archive.from_settings(here)
    catalog = load_catalog(here.catalog_dir)
    with terminal.progress(quiet=as_json):
        try:
            result = rebuild_and_compare(found, source, catalog, settings=here)
        except ExpectationError as error:
            # Not a wrong suite of the user's: what was rebuilt fails, and so differs.
            terminal.complain(str(error))
            raise typer.Exit(FAILED) from error
    terminal.show_verification(result, as_json=as_json)
    raise typer.Exit(DONE if result.same else FAILED)


@app.command(
    epilog="Examples: `sco backfill --from 2018 --every year` · "
    "`sco backfill --from 2024 --every quarter --json`"
)
def backfill(
    first: Annotated[int, typer.Option("--from", min=1990, max=9999, help="First year.")],
    every: Annotated[
        Every, typer.Option(help="One edition for the last day of each.")
    ] = Every.YEAR,
    as_json: Json = False,
) -> None:
    """Make editions as they would have been, one a date, and the newest, from the archive."""
    from pipeline.run import run_backfill

    with terminal.progress(quiet=as_json):
        results = terminal.tell_each(run_backfill(settings(), first, every), quiet=as_json)
    terminal.show_backfill(results, as_json=as_json)
    raise typer.Exit(DONE if all(r.folder for r in results) else FAILED)


@app.command(epilog="Examples: `sco ui` · `sco ui --port 3100`")
def ui(
    port: Annotated[int, typer.Option(min=1024, max=65535)] = 3000,
    editions_port: Annotated[int, typer.Option(min=1024, max=65535)] = 3001,
) -> None:
    """Serve the Dagster UI and the editions on 127.0.0.1, with schedule and sensors running."""
    from pipeline.ui import serve

    raise typer.Exit(serve(settings(), port=port, editions_port=editions_port))


def _report_on(
    here: "Settings", name: str, as_of: date | None, since: date | None, out: Path | None, *,
    force: bool,
) -> "Outcome | None":  # fmt: skip
    """The report on another bloc; of the project's own, nothing."""
    from pipeline.catalog import load_catalog
    from pipeline.catalog.entry import PROJECT_BLOC
    from pipeline.catalog.of_bloc import find_bloc
    from pipeline.editions.bloc import report_on
    from pipeline.ingest.archive import Archive

    catalog = load_catalog(here.catalog_dir)
    bloc = find_bloc(catalog, name)
    if bloc == PROJECT_BLOC:
        return None
    archive = Archive.from_settings(here)
    return report_on(
        bloc, archive, catalog, settings=here, as_of=as_of, since=since, out=out, force=force
    )


def _date(text: str | None) -> date | None:
    """The date of an option, by ISO 8601; anything else is wrong use."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date; expected YYYY-MM-DD") from error


def _finish(
    outcome: "Outcome", stages: terminal.StageTimes, *, as_json: bool, failed: bool = False
) -> None:
    terminal.show_outcome(outcome, stages, as_json=as_json)
    raise typer.Exit(DONE if outcome.clean and not failed else FAILED)


@contextmanager
def _one_sentence() -> Iterator[None]:
    """Turn what a user can mend into one sentence on standard error and an exit code."""
    try:
        yield
    except ProjectError as error:
        terminal.complain(str(error))
        wrong_input = isinstance(error, CatalogError | ExpectationError | SettingsError)
        sys.exit(WRONG_USE if wrong_input else FAILED)
    except OSError as error:
        if error.errno == errno.EPIPE:
            # The reader of our output went away (sco sql … | head): nothing is wrong.
            sys.stderr.close()
            sys.exit(DONE)
        where = f"{error.filename}: " if error.filename else ""
        terminal.complain(f"{where}{error.strerror or error}")
        sys.exit(FAILED)


def main(arguments: list[str] | None = None) -> Any:
    """Entry point of ``sco``."""
    with _one_sentence():
        return app(args=arguments)


def run() -> Any:
    """``main`` in a process of its own, where little of what is loaded is ever garbage."""
    collect_seldom()
    return main()


if __name__ == "__main__":
    run()
