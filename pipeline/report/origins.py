"""What an exhibit, a claim or a finding rests on: its snapshots, down to the hashes of the bytes.

``sco explain`` prints the same; the page shows it on demand.
"""

from collections.abc import Iterable
from dataclasses import replace

from pipeline.report import labels
from pipeline.report.content import Exhibit, Origin
from pipeline.report.context import Context
from pipeline.report.marts import CurrentSnapshot
from pipeline.report.source_line import behind


def with_origins(context: Context, exhibit: Exhibit) -> Exhibit:
    """The exhibit with the snapshots that its source line tells of, and that line as plain text."""
    known = behind(exhibit.source)
    return replace(exhibit, source=str(exhibit.source), origins=origins_of(context, known))


def origins_of(context: Context, snapshots: Iterable[CurrentSnapshot]) -> tuple[Origin, ...]:
    """The snapshots by publisher, series and release."""
    found = sorted(snapshots, key=lambda s: (s.publisher, s.indicator, s.vintage))
    names = context.catalog.indicators
    return tuple(
        Origin(
            series=f"{names[s.indicator].name} ({s.indicator})",
            publisher=context.catalog.publishers[s.publisher].short_name,
            release=labels.releases([s]),
            snapshot=s.snapshot,
            sha256=context.hashes[s.snapshot],
            indicator=s.indicator,
            vintage=s.vintage,
            vintage_basis=s.vintage_basis,
        )
        for s in found
    )
