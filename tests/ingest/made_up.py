"""What the tests of the readers share: sidecars of made-up snapshots, and what was read of one.

What a publisher is asked and answers stands in the tests of its own reader.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.ingest.sidecar import Sidecar, SidecarDraft


def made_up_sidecar(
    reader: str, bodies: Sequence[bytes], *, indicator: str = "X", **fields: Any
) -> Sidecar:
    """The sidecar of one indicator's snapshot with these bodies; any field can be given."""
    standard: dict[str, Any] = {
        "publisher": "x",
        "indicators": (indicator,),
        "vintage": "2026-11-24",
        "vintage_basis": "made up",
        "licence": "made up",
        "attribution": "made up",
        "source": "https://example.org",
        "reader": reader,
        "constants": {"indicator": indicator},
    }
    return SidecarDraft(**(standard | fields)).with_bodies(tuple(bodies))


def cells(frame: pd.DataFrame) -> dict[tuple[str, int], str]:
    """Values by economy and year, each with the digits that were read."""
    rows = zip(frame["economy"], frame["year"], frame["value"], strict=True)
    return {(economy, int(year)): value for economy, year, value in rows}
