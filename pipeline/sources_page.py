"""The page of how the publishers stand today, beside the editions: what ``sco sources`` tells.

It is for those who read and run the project, speaks of a day and changes from day to day, so that
it is no part of any edition. The figures of it are those of ``sources``; its look stands in
``reports/templates``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from pipeline import rounding
from pipeline.report.html import render_page
from pipeline.report.words import day, page_words
from pipeline.sources import STALE_AFTER, SourceStatus, statuses

if TYPE_CHECKING:
    from pipeline.catalog.models import Catalog
    from pipeline.ingest.archive import Archive
    from pipeline.settings import Settings

TEMPLATE: Final = "sources.html.j2"
NEVER: Final = "never"


@dataclass(frozen=True)
class _Row:
    """A publisher as the table shows it: text only."""

    status: SourceStatus
    series: str
    newest: str
    age: str
    asked: tuple[str, str, str]
    """When it was asked last, gave all series, gave something new."""
    covered: str


def sources_page(
    archive: "Archive", catalog: "Catalog", settings: "Settings", *, today: date
) -> str:
    """The page of all publishers of the catalogue on a day.

    Raises:
        ArchiveError: the archive's index is damaged.
        ReportError: the template is missing or wrong.
    """
    return render_sources(statuses(archive, catalog, settings, today=today), today=today)


def render_sources(found: Sequence[SourceStatus], *, today: date) -> str:
    """The page of some publishers, in their order; then what they did not give, and why.

    Raises:
        ReportError: the template is missing or wrong.
    """
    states = [status.freshness for status in found]
    failed = [
        (status, series, reason)
        for status in found
        for series, reason in (status.asked.failed.items() if status.asked else ())
    ]
    return render_page(
        TEMPLATE,
        today=today,
        rows=[_row(status) for status in found],
        failed=failed,
        stale=states.count("stale"),
        stale_after=rounding.in_words(STALE_AFTER),
        words=page_words("en"),
    )


def _row(status: SourceStatus) -> _Row:
    asked = status.asked
    times = (asked.at, asked.succeeded_at, asked.changed_at) if asked else (None, None, None)
    asked_on, given_on, changed_on = map(_day, times)
    return _Row(
        status=status,
        series=f"{status.series}, {status.live} live" if status.connector else str(status.series),
        newest=day(status.newest) if status.newest else "none",
        age=(
            rounding.NO_VALUE
            if status.age_days is None
            else f"{status.age_days} of {status.cadence_days}"
        ),
        asked=(asked_on, given_on, changed_on) if status.connector else ("by hand", "", ""),
        covered=(
            rounding.NO_VALUE if status.covered is None else f"{status.covered} of {status.pairs}"
        ),
    )


def _day(at: datetime | None) -> str:
    return day(at.date()) if at else NEVER
