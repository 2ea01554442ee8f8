"""The history of the composite index: its scores and ranks by what was known on past days.

Here is the way from ``marts.index_inputs_by_vintage`` to the rules of ``index_tables`` and back.
The rules are today's, of coverage too: where a day had too little, its row says how much and why.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipeline.measures import composite_ranks
from pipeline.measures.composite import Profile
from pipeline.measures.composite_ranks import RankRange
from pipeline.warehouse.declared import frame_of, python_table
from pipeline.warehouse.index_tables import PARTS, PLANS
from pipeline.warehouse.index_years import Year, recipes

if TYPE_CHECKING:
    import pandas as pd

SEEN: Final = "marts.index_inputs_by_vintage"
WHOLE: Final = "index"
"""The part that is the index itself, beside the pillars."""
KEY: Final = ("index_id", "seen_from", "year", "part", "economy")


def _history(seen: "pd.DataFrame", plans: "pd.DataFrame", parts: "pd.DataFrame") -> "pd.DataFrame":
    known = recipes(plans, parts)
    rows: list[dict[str, Any]] = []
    for _, cells in seen.groupby(["index_id", "seen_from"], sort=True):
        index_id, day = cells["index_id"].iloc[0], cells["seen_from"].iloc[0]
        released = cells.loc[cells["released"], "position"].nunique()
        told = {"seen_from": day.date(), "n_released": released}
        for at in known[str(index_id)].years(cells):
            rows += ({**told, **row} for row in _year_rows(at))
    rows.sort(key=lambda r: [r[k] for k in KEY])
    return frame_of(HISTORY.types, rows)


def _year_rows(at: Year) -> Iterator[dict[str, Any]]:
    found = at.profiles()
    yield from _rows_of_index(at, found)
    for place, pillar in enumerate(at.plan.pillars):
        own = [p.pillars[place] for p in found]
        n = sum(p.score is not None for p in own)
        for profile, part in zip(found, own, strict=True):
            score = None if at.too_early else part.score
            yield {
                "index_id": at.index_id,
                "year": at.year,
                "part": pillar,
                "economy": profile.unit,
                "score": score,
                "n_values": part.present,
                "n_states": n,
                "published": score is not None,
                "reason": at.too_early or part.reason or None,
            }


def _rows_of_index(at: Year, found: tuple[Profile, ...]) -> Iterator[dict[str, Any]]:
    ranges = _ranges(at)
    for place, profile in enumerate(found):
        interval = ranges.get(profile.unit)
        yield {
            "index_id": at.index_id,
            "year": at.year,
            "part": WHOLE,
            "economy": profile.unit,
            "score": None if at.too_early else profile.score,
            "rank": interval.rank if interval else None,
            "rank_low": interval.low if interval else None,
            "rank_high": interval.high if interval else None,
            "n_values": int((~np.isnan(at.values[place])).sum()),
            "n_states": sum(p.score is not None for p in found),
            "published": interval is not None,
            "reason": at.unranked or profile.reason or None,
        }


def _ranges(at: Year) -> dict[str, RankRange]:
    """The interval of each state that had a rank, by the draws of ``marts.index_scores``."""
    if at.unranked:
        return {}
    shaken = composite_ranks.uncertainty(
        at.values, at.units, at.plan, draws=int(at.about["draws"]), seed=int(at.about["seed"])
    )
    return {r.unit: r for r in shaken.ranges}


HISTORY = python_table(
    "marts.index_history_by_vintage",
    "The composite index and its pillars as past days would have had them, by the same rules.\n\n"
    "The same year seen from different days: each series is the release that was its newest on "
    "that day, see marts.index_inputs_by_vintage. Scores are arithmetic. A day before enough of "
    "the series had been released has no score and says how many values there were.",
    """
    index_id   | VARCHAR  | code     | index in the catalogue
    seen_from  | DATE     | date     | day as of which the figures are taken
    year       | SMALLINT | year     | year of the index
    part       | VARCHAR  | code     | index, or one of its pillars
    economy    | VARCHAR  | code     | state
    score      | DOUBLE   | 0 to 100 | score, from values published by that day alone
    rank       | DOUBLE   | rank     | rank by it, 1 is best; of the index, not of a pillar
    rank_low   | DOUBLE   | rank     | rank that 5 % of the draws do not exceed
    rank_high  | DOUBLE   | rank     | rank that 95 % of the draws do not exceed
    n_values   | SMALLINT | indicators | indicators of the part with a value
    n_states   | SMALLINT | states   | states with enough of them for a score
    n_released | SMALLINT | indicators | indicators of the index of which a release was held by then
    published  | BOOLEAN  | –        | whether score and rank may be shown
    reason     | VARCHAR  | –        | why they may not; empty where they may
    """,
    _history,
    (SEEN, PLANS, PARTS),
    measured=(
        (SEEN, "value"), (PARTS, "worst"), (PARTS, "best"), (PARTS, "weight"),
        (PARTS, "pillar_weight"), (PLANS, "coverage"), (PLANS, "draws"), (PLANS, "seed"),
        (PLANS, "weight_cv"),
    ),
    taken={
        "index_id": (SEEN, "index_id"),
        "seen_from": (SEEN, "seen_from"),
        "year": (SEEN, "year"),
        "part": (PARTS, "pillar"),
        "economy": (SEEN, "economy"),
        "n_released": (SEEN, "released"),
    },
)  # fmt: skip
