"""What ``sco`` says of the publishers: ``sco sources``, and the plan of a refresh.

As in ``cli``, here is only what a terminal needs, and rooms are imported inside the commands.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import typer

from pipeline.cli_words import Json
from pipeline.settings import settings

if TYPE_CHECKING:
    from pipeline.settings import Settings


publisher_commands = typer.Typer()
"""Its commands stand beside those of ``sco`` itself."""


@publisher_commands.command(epilog="Examples: `sco sources` · `sco sources --json`")
def sources(as_json: Json = False) -> None:
    """How each publisher stands: last asked and changed, age, failures, coverage of the members."""
    from pipeline.catalog import load_catalog
    from pipeline.ingest.archive import Archive
    from pipeline.sources import statuses
    from pipeline.terminal_sources import show_sources

    here = settings()
    catalog = load_catalog(here.catalog_dir)
    found = statuses(Archive.from_settings(here), catalog, here, today=_today())
    show_sources(found, as_json=as_json)


def tell_plan(here: "Settings", publishers: Sequence[str], *, as_json: bool) -> None:
    """What a refresh would ask now; nobody is asked."""
    from pipeline.catalog import load_catalog
    from pipeline.ingest.request_plan import plan_refresh
    from pipeline.terminal_sources import show_plan

    catalog = load_catalog(here.catalog_dir)
    plans = plan_refresh(catalog, here, today=_today(), publishers=publishers)
    show_plan(plans, as_json=as_json)


def _today() -> date:
    return datetime.now(UTC).date()
