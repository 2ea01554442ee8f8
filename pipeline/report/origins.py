"""What an exhibit rests on: the snapshots that its source line was made of, down to their hashes.

``sco explain`` prints the same of one exhibit; the page shows it on demand.
"""

from dataclasses import replace

from pipeline.report import labels
from pipeline.report.content import Exhibit, Origin
from pipeline.report.context import Context


def with_origins(context: Context, exhibit: Exhibit) -> Exhibit:
    """The exhibit with its snapshots, by publisher, series and release."""
    found = sorted(
        context.behind(exhibit.source), key=lambda s: (s.publisher, s.indicator, s.vintage)
    )
    names = context.catalog.indicators
    return replace(
        exhibit,
        origins=tuple(
            Origin(
                series=f"{names[s.indicator].name} ({s.indicator})",
                publisher=context.catalog.publishers[s.publisher].short_name,
                release=labels.releases([s]),
                snapshot=s.snapshot,
                sha256=context.hashes[s.snapshot],
            )
            for s in found
        ),
    )
