"""The commands that ask: what changed, what a number rests on, what holds, what the tables say.

As in ``cli``, here is only what a terminal needs, and rooms are imported inside the commands.
"""

from enum import StrEnum
from typing import Annotated

import typer

from pipeline import terminal
from pipeline.cli_words import DONE, FAILED, Json
from pipeline.settings import settings

questions = typer.Typer()
"""Its commands stand beside those of ``sco`` itself."""


class Breakdown(StrEnum):
    """What the cells of a comparison are counted by."""

    INDICATOR = "indicator"
    ECONOMY = "economy"
    YEAR = "year"


@questions.command(
    epilog="Examples: `sco diff 2025-07-31 2026-04-01` · `sco diff latest 2026-05-01 --by year` · "
    "`sco diff vintage:2025-04-15 vintage:2026-05-01 --economy TJK --csv`"
)
def diff(
    older: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help="An edition (id, `latest`, folder or manifest), an as-of date, or `vintage:DATE` "
            "for the series released on that day alone.",
        ),
    ],
    newer: Annotated[str, typer.Argument(metavar="B", help="The same; what changed from A to B.")],
    by: Annotated[Breakdown, typer.Option(help="Count by this.")] = Breakdown.INDICATOR,
    indicator: Annotated[str | None, typer.Option(help="Only this indicator.")] = None,
    economy: Annotated[str | None, typer.Option(help="Only this economy, by its code.")] = None,
    cells: Annotated[bool, typer.Option("--cells", help="In JSON, every changed cell.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Every changed cell as CSV.")] = False,
    as_json: Json = False,
) -> None:
    """Say what changed between two editions, dates or vintages: new, revised, withdrawn figures.

    The change of each headline is split into revised data, new data, and changed method or
    catalogue; the parts add up. It is for information: differences are no failure.
    """
    if as_csv and as_json:
        raise typer.BadParameter("give --csv or --json, not both")
    from pipeline.catalog import load_catalog
    from pipeline.diff.compare import diff as compare
    from pipeline.diff.shown import show_diff
    from pipeline.diff.sides import side_of
    from pipeline.ingest.archive import Archive

    here = settings()
    first, second = (side_of(text, here.editions_dir) for text in (older, newer))
    with terminal.progress(quiet=as_json or as_csv):
        found = compare(
            first, second, Archive.from_settings(here), load_catalog(here.catalog_dir), here,
            indicator=indicator, economy=economy, cells=cells or as_csv,
        )  # fmt: skip
    show_diff(found, by.value, as_csv=as_csv, as_json=as_json)


@questions.command(
    epilog="Examples: `sco explain C20` · `sco explain offline` · `sco explain claim_grid --json`"
)
def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CLAIM|FINDING|FIGURE",
            help="A claim of the article (C20), a key finding, or an exhibit, by its id.",
        ),
    ],
    as_json: Json = False,
) -> None:
    """Say what a claim, finding or figure rests on, down to the hashes of the archived bytes."""
    from pipeline.catalog import load_catalog
    from pipeline.explain.chain import explain as chain_of
    from pipeline.explain.shown import show_explanation
    from pipeline.warehouse.store import connect_read_only

    here = settings()
    catalog = load_catalog(here.catalog_dir)
    con = connect_read_only(here.warehouse_path)
    try:
        found = chain_of(con, catalog, name)
    finally:
        con.close()
    show_explanation(found, as_json=as_json)


@questions.command(epilog="Examples: `sco check` · `sco check --json`")
def check(as_json: Json = False) -> None:
    """Judge the current warehouse by every expectation; 1 when a critical one fails."""
    from pipeline.catalog import load_catalog
    from pipeline.inputs import code_hash
    from pipeline.validation import suites
    from pipeline.validation.run import has_critical_failure, to_json, validate_tables
    from pipeline.warehouse.store import check_origin

    here = settings()
    catalog = load_catalog(here.catalog_dir)
    loaded = suites.load_suites(here.expectations_dir, catalog)
    check_origin(here.warehouse_path, catalog_sha256=catalog.sha256, code_sha256=code_hash())
    results = validate_tables(here.warehouse_path, loaded.values())
    if as_json:
        typer.echo(to_json(results))
    else:
        terminal.show_checks(results)
    raise typer.Exit(FAILED if has_critical_failure(results) else DONE)


@questions.command(
    epilog="Examples: `sco sql 'from marts.world_shares limit 5'` · "
    "`sco sql --csv 'select * from marts.inequality' > inequality.csv`"
)
def sql(
    query: Annotated[str, typer.Argument(help="One SELECT, in DuckDB's SQL.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on standard output.")] = False,
    as_json: Json = False,
) -> None:
    """Ask the current warehouse; it is opened read-only and shut off from files and network."""
    if as_csv and as_json:
        raise typer.BadParameter("give --csv or --json, not both")
    from pipeline.warehouse.store import query as ask

    columns, rows = ask(settings().warehouse_path, query)
    terminal.show_rows(columns, rows, as_csv=as_csv, as_json=as_json)
