"""The tables of the composite index: scores with rank intervals, profiles, what hangs on what.

Here is the way from the catalogue's plan and ``marts.index_inputs`` to ``measures.composite`` and
``measures.composite_ranks`` and back, which years are scored, and which rows may be shown. No rank
leaves here without its interval.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.measures import composite, composite_ranks, composite_sensitivity
from pipeline.measures.composite_ranks import RankRange
from pipeline.warehouse.declared import frame_of, python_table
from pipeline.warehouse.index_years import RANKED_SHARE, Row, Year, years_of

if TYPE_CHECKING:
    import pandas as pd


INPUTS, PLANS, PARTS = "marts.index_inputs", "core.index_plans", "core.index_indicators"
VALUE = (INPUTS, "value")

_DIGITS: Final = 9
"""Scores that differ by less are equal, as in ``composite_ranks``."""


# --- scores


def _scores(inputs: "pd.DataFrame", plans: "pd.DataFrame", parts: "pd.DataFrame") -> "pd.DataFrame":
    rows = [row for at in years_of(inputs, plans, parts) for row in _year_rows(at)]
    rows.sort(key=lambda r: [r[k] for k in SCORES_KEY])
    return frame_of(SCORES.types, rows)


def _year_rows(at: Year) -> Iterator[Row]:
    ranges: dict[str, RankRange] = {}
    filled: list[str] = []
    if not at.unranked:
        shaken = composite_ranks.uncertainty(
            at.values, at.units, at.plan, draws=int(at.about["draws"]), seed=int(at.about["seed"])
        )
        ranges = {r.unit: r for r in shaken.ranges}
        filled = [unit for unit, _ in shaken.imputed]
    for aggregation in composite.AGGREGATIONS:
        found = at.profiles(aggregation)
        ranks = _ranks({p.unit: p.score for p in found if p.score is not None})
        for place, profile in enumerate(found):
            interval = ranges.get(profile.unit)
            why = at.unranked or profile.reason
            yield {
                "economy": profile.unit,
                "year": at.year,
                "aggregation": aggregation,
                "score": None if at.too_early else profile.score,
                "rank": ranks[profile.unit] if interval else None,
                "rank_low": interval.low if interval else None,
                "rank_high": interval.high if interval else None,
                "band": interval.band if interval else None,
                "rank_median": interval.median if interval else None,
                "index_id": at.index_id,
                "n_indicators": int((~np.isnan(at.values[place])).sum()),
                "n_filled": filled.count(profile.unit) if interval else None,
                "oldest_year": at.oldest[place],
                "published": interval is not None,
                "reason": why or None,
            }


def _ranks(scores: Mapping[str, float]) -> dict[str, float]:
    """Ranks from 1 for the highest; equals share the mean of their ranks."""
    rounded = {unit: round(score, _DIGITS) for unit, score in scores.items()}
    above = {u: sum(o > s for o in rounded.values()) for u, s in rounded.items()}
    equal = {u: sum(o == s for o in rounded.values()) for u, s in rounded.items()}
    return {u: above[u] + (equal[u] + 1) / 2 for u in rounded}


# --- profiles


def _pillars(
    inputs: "pd.DataFrame", plans: "pd.DataFrame", parts: "pd.DataFrame"
) -> "pd.DataFrame":
    rows = [row for at in years_of(inputs, plans, parts) for row in _pillar_rows(at)]
    rows.sort(key=lambda r: [r[k] for k in PILLARS_KEY])
    return frame_of(PILLARS.types, rows)


def _pillar_rows(at: Year) -> Iterator[Row]:
    found = at.profiles()
    for place, pillar in enumerate(at.plan.pillars):
        scores = [p.pillars[place].score for p in found]
        there = [s for s in scores if s is not None]
        enough = len(there) >= RANKED_SHARE * len(found) and not at.too_early
        median = float(np.median(there)) if enough else None
        for profile in found:
            own = profile.pillars[place]
            score = None if at.too_early else own.score
            yield {
                "index_id": at.index_id,
                "economy": profile.unit,
                "year": at.year,
                "pillar": pillar,
                "score": score,
                "median": median,
                "gap": score - median if score is not None and median is not None else None,
                "weight": float(at.plan.weights[place]),
                "present": own.present,
                "total": own.total,
                "published": score is not None,
                "reason": at.too_early or own.reason or None,
            }


# --- what hangs on what


def _leave_one_out(
    inputs: "pd.DataFrame", plans: "pd.DataFrame", parts: "pd.DataFrame"
) -> "pd.DataFrame":
    rows = _newest(inputs, plans, parts, _left_out_rows, LEAVE_ONE_OUT_KEY)
    return frame_of(LEAVE_ONE_OUT.types, rows)


def _left_out_rows(at: Year) -> Iterator[Row]:
    for left in composite_ranks.leave_indicators_out(at.values, at.units, at.plan):
        for unit, score, rank in left.changes:
            yield {
                "index_id": at.index_id,
                "year": at.year,
                "indicator": left.indicator,
                "economy": unit,
                "score_change": score,
                "rank_change": rank,
                "mean_shift": left.mean_shift,
            }


def _sensitivity(
    inputs: "pd.DataFrame", plans: "pd.DataFrame", parts: "pd.DataFrame"
) -> "pd.DataFrame":
    rows = _newest(inputs, plans, parts, _sobol_rows, SENSITIVITY_KEY)
    return frame_of(SENSITIVITY.types, rows)


def _sobol_rows(at: Year) -> Iterator[Row]:
    shares = composite_sensitivity.sensitivity(
        at.values,
        at.units,
        at.plan,
        base=int(at.about["sobol_base"]),
        seed=int(at.about["seed"]),
    )
    for share in shares:
        yield {
            "index_id": at.index_id,
            "year": at.year,
            "output": share.output,
            "factor": share.factor,
            "first_order": share.first_order,
            "total": share.total,
            "reason": share.reason or None,
        }


def _newest(
    inputs: "pd.DataFrame",
    plans: "pd.DataFrame",
    parts: "pd.DataFrame",
    rows_of: Callable[[Year], Iterator[Row]],
    key: Sequence[str],
) -> list[Row]:
    """Rows of the newest year of each index that has ranks."""
    newest = {y.index_id: y for y in years_of(inputs, plans, parts) if not y.unranked}
    rows = [row for at in newest.values() for row in rows_of(at)]
    return sorted(rows, key=lambda r: [r[k] for k in key])


# --- the tables

SCORES_KEY: Final = ("index_id", "year", "aggregation", "economy")
PILLARS_KEY: Final = ("index_id", "year", "economy", "pillar")
LEAVE_ONE_OUT_KEY: Final = ("index_id", "year", "indicator", "economy")
SENSITIVITY_KEY: Final = ("index_id", "year", "output", "factor")

_READS: Final = (INPUTS, PLANS, PARTS)
_MEASURED: Final = (VALUE, (PARTS, "worst"), (PARTS, "best"), (PARTS, "weight"),
                    (PARTS, "pillar_weight"), (PLANS, "coverage"))  # fmt: skip
_SHAKEN: Final = (*_MEASURED, (PLANS, "draws"), (PLANS, "seed"), (PLANS, "weight_cv"))
_TAKEN: Final = {
    "index_id": (INPUTS, "index_id"),
    "year": (INPUTS, "year"),
    "economy": (INPUTS, "economy"),
}

SCORES = python_table(
    "marts.index_scores",
    "The composite index by year: score, rank, and the interval in which the rank lies.\n\n"
    "The interval is that of 90 % of draws in which the choices behind the index are shaken: "
    "normalisation, weights, aggregation, one indicator dropped, missing values filled in. It is "
    "one for both aggregations, which are among the choices; a rank by either may lie outside. "
    "Only there are values filled in: score and rank rest on published ones alone. States whose "
    "intervals overlap share a band. A year is scored once half of its values are its own.",
    """
    economy      | VARCHAR  | code     | state that is ranked
    year         | SMALLINT | year     | year of the index
    aggregation  | VARCHAR  | code     | arithmetic or geometric, of the pillars
    score        | DOUBLE   | 0 to 100 | score, from published values only
    rank         | DOUBLE   | rank     | rank by it, 1 is best; equals share the mean of their ranks
    rank_low     | DOUBLE   | rank     | rank that 5 % of the draws do not exceed
    rank_high    | DOUBLE   | rank     | rank that 95 % of the draws do not exceed
    band         | SMALLINT | band     | 1 for the best; intervals of two bands never overlap
    rank_median  | DOUBLE   | rank     | rank that half of the draws do not exceed
    index_id     | VARCHAR  | code     | index in the catalogue
    n_indicators | SMALLINT | indicators | indicators with a value
    n_filled     | SMALLINT | values   | values that some of the draws filled in
    oldest_year  | SMALLINT | year     | year of its oldest value
    published    | BOOLEAN  | –        | whether score and rank may be shown
    reason       | VARCHAR  | –        | why they may not; empty where they may
    """,
    _scores,
    _READS,
    measured=_SHAKEN,
    taken=_TAKEN,
)

PILLARS = python_table(
    "marts.index_pillars",
    "The profile of each state: its score in each pillar of the index, beside the median state's.",
    """
    index_id  | VARCHAR  | code       | index in the catalogue
    economy   | VARCHAR  | code       | state
    year      | SMALLINT | year       | year of the index
    pillar    | VARCHAR  | code       | pillar
    score     | DOUBLE   | 0 to 100   | weighted mean of its indicators' scores
    median    | DOUBLE   | 0 to 100   | median of the states' scores in the pillar
    gap       | DOUBLE   | points     | score less the median: a strength above 0, a gap below
    weight    | DOUBLE   | share      | weight of the pillar in the index
    present   | SMALLINT | indicators | indicators of the pillar with a value
    total     | SMALLINT | indicators | indicators of the pillar
    published | BOOLEAN  | –          | whether the score may be shown
    reason    | VARCHAR  | –          | why it may not; empty where it may
    """,
    _pillars,
    _READS,
    measured=_MEASURED,
    taken=_TAKEN | {"pillar": (PARTS, "pillar")},
)

LEAVE_ONE_OUT = python_table(
    "marts.index_leave_one_out",
    "What each indicator does to the index: scores and ranks without it, in the newest year.",
    """
    index_id     | VARCHAR  | code   | index in the catalogue
    year         | SMALLINT | year   | year of the index
    indicator    | VARCHAR  | code   | indicator that is left out
    economy      | VARCHAR  | code   | state
    score_change | DOUBLE   | points | score without it less score with it
    rank_change  | DOUBLE   | places | rank without it less rank with it; below 0 is upwards
    mean_shift   | DOUBLE   | places | mean over the states of how far their ranks move
    """,
    _leave_one_out,
    _READS,
    measured=_MEASURED,
    taken=_TAKEN | {"indicator": (PARTS, "indicator")},
)

SENSITIVITY = python_table(
    "marts.index_sensitivity",
    "How much of the spread of ranks is due to which choice: Sobol shares, in the newest year.",
    """
    index_id    | VARCHAR  | code  | index in the catalogue
    year        | SMALLINT | year  | year of the index
    output      | VARCHAR  | code  | state whose rank it is, or mean_shift for all ranks together
    factor      | VARCHAR  | code  | choice that varies
    first_order | DOUBLE   | share | share of the variance due to it alone; an estimate
    total       | DOUBLE   | share | share due to it and to what it does together with others
    reason      | VARCHAR  | –     | why there are none; empty where there are
    """,
    _sensitivity,
    _READS,
    measured=(*_SHAKEN, (PLANS, "sobol_base")),
    taken={k: v for k, v in _TAKEN.items() if k != "economy"},
)

TABLES: Final = (SCORES, PILLARS, LEAVE_ONE_OUT, SENSITIVITY)
