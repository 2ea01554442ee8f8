"""Whose figures the report rests on: publishers, licences and the releases that speak.

Read from the snapshots that are current as of the date; nothing else of the archive is listed.
"""

from datetime import date

from pipeline.errors import ReportError
from pipeline.report.content import Source
from pipeline.report.context import Context


def newest_vintage(context: Context) -> date:
    """The day of the newest release that speaks.

    Raises:
        ReportError: no snapshot speaks as of the date.
    """
    found = [s.vintage for s in context.marts.snapshots()]
    if not found:
        raise ReportError(f"the warehouse holds no snapshot as of {context.as_of}")
    return max(found)


def sources(context: Context) -> tuple[Source, ...]:
    """One entry a publisher, by the publisher's name."""
    snapshots = context.marts.snapshots()
    entries = []
    for publisher in sorted({s.publisher for s in snapshots}):
        entry = context.catalog.publishers[publisher]
        own = [s for s in snapshots if s.publisher == publisher]
        entries.append(
            Source(
                publisher=entry.name,
                dataset=entry.dataset,
                url=str(entry.url),
                licence=entry.licence.name,
                attribution=entry.attribution,
                first_vintage=min(s.vintage for s in own),
                last_vintage=max(s.vintage for s in own),
                snapshots=len({s.snapshot for s in own}),
                indicators=tuple(sorted({s.indicator for s in own})),
                redistributable=entry.licence.redistributable,
                licence_url=str(entry.licence.url or ""),
            )
        )
    return tuple(sorted(entries, key=lambda s: (s.publisher, s.dataset)))
