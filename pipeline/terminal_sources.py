"""How the command line shows publishers: what would be asked of them, and how they stand.

Here as in ``terminal``: plain text for people, JSON for scripts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.terminal import echo_json

if TYPE_CHECKING:
    from pipeline.ingest.request_plan import PublisherPlan
    from pipeline.sources import SourceStatus

NEVER = "never"
WIDTH = 130
"""Characters that the widest table takes."""


def show_plan(plans: Sequence["PublisherPlan"], *, as_json: bool) -> None:
    """A line a publisher; in JSON also the URL of every request."""
    if as_json:
        echo_json([vars(plan) | {"cells": plan.cells} for plan in plans])
        return
    table = Table("publisher", "host", "series", "economies", "years", "requests", box=None)
    for plan in plans:
        host = urlsplit(plan.requests[0]).netloc if plan.requests else ""
        first, last = plan.years
        table.add_row(
            plan.publisher, host, str(len(plan.series)), str(len(plan.economies)),
            f"{first}–{last}", str(len(plan.requests)),
        )  # fmt: skip
    _console().print(table)
    requests, cells = (sum(found) for found in zip(*map(_size, plans), strict=True))
    asked = "1 request" if requests == 1 else f"{requests} requests"
    typer.echo(f"at least {asked} for at most {cells:,} values; nothing was asked for")


def _console() -> Console:
    """As wide as the tables are: a line that a terminal breaks is read more easily than a cell."""
    return Console(width=max(Console().width, WIDTH), soft_wrap=True)


def _size(plan: "PublisherPlan") -> tuple[int, int]:
    return len(plan.requests), plan.cells


def show_sources(found: Sequence["SourceStatus"], *, as_json: bool) -> None:
    """A line a publisher, then each series that it did not give when it was asked last."""
    if as_json:
        echo_json([status.as_json() for status in found])
        return
    table = Table(
        "publisher", "series", "newest", "age", "state", "asked", "all given", "changed",
        "covered", box=None,
    )  # fmt: skip
    for status in found:
        times = map(_day, _times(status)) if status.connector else ("by hand", "", "")
        table.add_row(
            Text(status.publisher),
            f"{status.series}, {status.live} live" if status.connector else str(status.series),
            str(status.newest or NEVER),
            "" if status.age_days is None else f"{status.age_days} of {status.cadence_days} days",
            status.freshness,
            *times,
            "" if status.covered is None else f"{status.covered} of {status.pairs}",
        )
    _console().print(table)
    for status in found:
        for series, reason in status.asked.failed.items() if status.asked else ():
            typer.echo(f"{status.publisher} {series}: {reason}")


def _times(status: "SourceStatus") -> tuple[datetime | None, datetime | None, datetime | None]:
    asked = status.asked
    return (asked.at, asked.succeeded_at, asked.changed_at) if asked else (None, None, None)


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else NEVER
