"""The tables of targets: where each member stands on the way, and how many people are left.

Here is the way from the catalogue's targets and the members' paths to ``pipeline.measures.targets``
and back, and which rows may be shown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.measures import projections, targets
from pipeline.measures.projections import Projection
from pipeline.measures.series import Series
from pipeline.measures.targets import Outlook
from pipeline.measures.time_distance import leader
from pipeline.warehouse.declared import frame_of, python_table
from pipeline.warehouse.paths import (
    BREAKS,
    BUILD,
    INDICATORS,
    PEOPLE,
    SERIES,
    SETS,
    VALUE,
    Members,
    Reported,
    common_year,
    members_of,
    population,
    reported,
)

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

TARGETS, OUTLOOKS = "core.targets", "marts.targets"
_READS: Final = (TARGETS, SERIES, BREAKS, INDICATORS, BUILD, SETS)
_MEASURED: Final = (VALUE, (TARGETS, "counts_from"), (TARGETS, "deadline"), (BREAKS, "last_year"))
ONLINE: Final = "IT.NET.USER.ZS"


@dataclass(frozen=True)
class _Aim:
    """A state and a target: what is known of it, or why nothing can be."""

    entry: Mapping[Any, Any]
    economy: str
    found: Outlook | None
    oldest: int = 0
    """Year before which a value is too old to speak of."""
    reason: str = ""


def _aims(
    declared: "pd.DataFrame",
    series: "pd.DataFrame",
    breaks: "pd.DataFrame",
    indicators: "pd.DataFrame",
    build: "pd.DataFrame",
    sets: "pd.DataFrame",
) -> Iterator[_Aim]:
    """Every target with each member, in this order, from the tables that ``_READS`` names."""
    paths, own = members_of(series, breaks), reported(sets)
    ages = dict(zip(indicators["indicator"], indicators["max_age_years"], strict=True))
    as_of = build["as_of"].iloc[0].year
    for entry in declared.sort_values("target").to_dict("records"):
        members = _aimed(entry, paths)
        best = _best(members, own, at_most=entry["direction"] == "at_most")
        for economy in own.economies:
            if not isinstance(entry["indicator"], str):
                why = "no published indicator comes near the target"
                yield _Aim(entry, economy, None, reason=why)
            elif economy not in members or best is None:
                yield _Aim(entry, economy, None, reason="no value in the release")
            else:
                age = int(ages[entry["indicator"]])
                found = targets.outlook(
                    members[economy], best, _target(entry), as_of_year=as_of, max_age_years=age
                )
                yield _Aim(entry, economy, found, as_of - age)


def _targets(*frames: "pd.DataFrame") -> "pd.DataFrame":
    rows: list[Row] = []
    for aim in _aims(*frames):
        entry = aim.entry
        base = {
            "target": entry["target"], "economy": aim.economy, "indicator": entry["indicator"],
            "deadline": entry["deadline"], "level": entry["counts_from"],
        }  # fmt: skip
        told = _outlook_row(aim.found, aim.oldest) if aim.found else _no_verdict(aim.reason)
        rows.append(base | told)
    return frame_of(TARGET_OUTLOOKS.types, rows)


def _paths(*frames: "pd.DataFrame") -> "pd.DataFrame":
    rows: list[Row] = [
        {
            "target": aim.entry["target"], "economy": aim.economy, "model": projection.model,
            "year": year, "value": value,
        }
        for aim in _aims(*frames) if aim.found
        for projection in aim.found.projections
        for year, value in projection.path
    ]  # fmt: skip
    return frame_of(TARGET_PATHS.types, rows)


def _aimed(entry: Mapping[Any, Any], paths: Mapping[str, dict[str, Series]]) -> dict[str, Series]:
    """The members' paths of a target's indicator, over those of another where it says so."""
    own = paths.get(entry["indicator"], {})
    if not isinstance(entry["relative_to"], str):
        return dict(own)
    other = paths.get(entry["relative_to"], {})
    ratios: dict[str, Series] = {}
    for economy in sorted(own.keys() & other.keys()):
        over = other[economy]
        both = {
            y: v / w
            for y, v in zip(own[economy].years, own[economy].values, strict=True)
            if (w := over.at(y))
        }
        if both:
            ratios[economy] = Series.of(dict(both), (*own[economy].breaks, *over.breaks))
    return ratios


def _best(members: Members, own: Reported, *, at_most: bool) -> Series | None:
    """Who leads in the newest year that enough members have, or else by the newest values."""
    last = common_year(members, own.size)
    code = leader(members, last, rising=not at_most) if last is not None else None
    if code is not None:
        return members[code]
    sign = -1 if at_most else 1
    return max(members.values(), key=lambda s: sign * s.last_value, default=None)


def _target(entry: Mapping[Any, Any]) -> projections.Target:
    ceiling = entry["ceiling"]
    return projections.Target(
        level=float(entry["counts_from"]),
        deadline=int(entry["deadline"]),
        ceiling=None if ceiling != ceiling else float(ceiling),  # NaN stands for none
        at_most=entry["direction"] == "at_most",
    )


def _no_verdict(why: str) -> Row:
    return {"n_models": 0, "verdict": "cannot_say", "published": False, "reason": why}


def _outlook_row(found: Outlook, oldest: int) -> Row:
    answered = [p for p in found.projections if p.reaches is not None]
    ends = [p.at_deadline for p in found.projections if p.at_deadline is not None]
    span = found.pace.window
    return {
        "year": found.year,
        "value": found.value,
        "reached": found.reached,
        "achieved_pace": found.pace.achieved,
        "pace_first_year": span[0] if span else None,
        "pace_last_year": span[1] if span else None,
        "required_pace": found.pace.required,
        **{p.model: p.reaches for p in found.projections},
        "n_models": len(answered),
        "range_low": found.earliest,
        "range_high": found.latest,
        "at_deadline_low": min(ends, default=None),
        "at_deadline_high": max(ends, default=None),
        "verdict": found.verdict,
        "published": found.year >= oldest,
        "reason": found.reason,
        "models_reason": "; ".join(filter(None, map(_model_said, found.projections))) or None,
    }


def _model_said(projection: Projection) -> str:
    return f"{projection.model}: {projection.reason}" if projection.reason else ""


def _still_offline(
    series: "pd.DataFrame",
    breaks: "pd.DataFrame",
    people: "pd.DataFrame",
    outlooks: "pd.DataFrame",
    indicators: "pd.DataFrame",
    build: "pd.DataFrame",
    sets: "pd.DataFrame",
) -> "pd.DataFrame":
    online = members_of(series[series["indicator"] == ONLINE], breaks).get(ONLINE, {})
    heads = population(people)
    ages = indicators.loc[indicators["indicator"] == ONLINE, "max_age_years"]
    oldest = build["as_of"].iloc[0].year - int(ages.max()) if len(ages) else 0
    recent = {e: s for e, s in online.items() if _newest_with_people(s, heads.get(e)) >= oldest}
    aims = {
        str(aim["economy"]): aim
        for aim in outlooks[outlooks["indicator"] == ONLINE].to_dict("records")
    }
    # Who has no recent number is no part of the whole either.
    lines = {line.economy: line for line in targets.still_offline(recent, heads, {})}
    rows: list[Row] = []
    for economy in (*lines, *(e for e in reported(sets).economies if e not in lines)):
        aim = {k: v for k, v in aims.get(economy, {}).items() if k in _AIM}
        line = lines.get(economy)
        told = (
            {"published": False, "reason": "no recent year has both a share and a population"}
            if line is None
            else {
                "year": line.year,
                "persons": line.persons,
                "share_pct": line.share_pct,
                "share_of_all_pct": line.share_of_all_pct,
                "published": True,
            }
        )
        rows.append({"economy": economy} | aim | told)
    return frame_of(STILL_OFFLINE.types, rows)


_AIM: Final = ("target", "range_low", "range_high", "verdict")


def _newest_with_people(online: Series, heads: Series | None) -> int:
    return max(set(online.years) & set(heads.years if heads else ()), default=0)


TARGET_OUTLOOKS = python_table(
    "marts.targets",
    "Where each member stands on the way to each target, and when it would be there.\n\n"
    "Four models say when. The verdict is on or off track only where all that answer agree, and "
    "at least two do. No model is fitted across a change of method. One that never reaches the "
    "level says inf.",
    """
    target           | VARCHAR  | code | id in the catalogue, see core.targets
    economy          | VARCHAR  | code | state
    indicator        | VARCHAR  | code | nearest published indicator; empty where there is none
    deadline         | SMALLINT | year | year whose value is to be at the level
    level            | DOUBLE   | as the indicator | level that counts as reached
    year             | SMALLINT | year | year of the newest value
    value            | DOUBLE   | as the indicator | newest value
    reached          | BOOLEAN  | –    | whether it is at the level
    achieved_pace    | DOUBLE   | as the indicator, a year | change a year in the last years
    pace_first_year  | SMALLINT | year | first year of that pace
    pace_last_year   | SMALLINT | year | last year of that pace
    required_pace    | DOUBLE   | as the indicator, a year | change a year that would be in time
    linear           | DOUBLE   | decimal year | straight line through the last five years
    logit            | DOUBLE   | decimal year | logistic curve through the last ten
    leader_path      | DOUBLE   | decimal year | as the leading member went from there on
    gompertz         | DOUBLE   | decimal year | Gompertz curve through the last ten
    n_models         | SMALLINT | models | models that answer
    range_low        | DOUBLE   | decimal year | earliest of them
    range_high       | DOUBLE   | decimal year | latest of them
    at_deadline_low  | DOUBLE   | as the indicator | least value that a model has for the deadline
    at_deadline_high | DOUBLE   | as the indicator | greatest value that a model has for it
    verdict          | VARCHAR  | code | on_track, off_track or cannot_say
    published        | BOOLEAN  | –    | whether there is a recent value to speak of
    reason           | VARCHAR  | –    | what the verdict rests on, or why there is none
    models_reason    | VARCHAR  | –    | why a model does not answer, or never arrives
    """,
    _targets,
    _READS,
    measured=_MEASURED,
    taken={
        "target": (TARGETS, "target"),
        "economy": (SETS, "economy"),
        "indicator": (TARGETS, "indicator"),
        "deadline": (TARGETS, "deadline"),
        "level": (TARGETS, "counts_from"),
        "year": (SERIES, "year"),
        "value": VALUE,
    },
)

TARGET_PATHS = python_table(
    "marts.target_paths",
    "How each model sees each member go on towards each target it has not reached.\n\n"
    "From the year of the newest value to ten years after the deadline, where the model has a "
    "value. The leading member's path is told as far as it goes.",
    """
    target  | VARCHAR  | code | id in the catalogue, see core.targets
    economy | VARCHAR  | code | state
    model   | VARCHAR  | code | linear, logit, leader_path or gompertz, see marts.targets
    year    | SMALLINT | year | year that the model speaks of
    value   | DOUBLE   | as the indicator | value that it gives
    """,
    _paths,
    _READS,
    measured=_MEASURED,
    taken={"target": (TARGETS, "target"), "economy": (SETS, "economy")},
)

STILL_OFFLINE = python_table(
    "marts.still_offline",
    "People of each member who do not use the internet, and when it would be next to nobody.\n\n"
    "Of the newest year that has both a share and a population, the most first. The years differ "
    "by state, and so do those of the parts of the whole.",
    """
    economy          | VARCHAR  | code    | state
    year             | SMALLINT | year    | year of share and population
    persons          | DOUBLE   | persons | people offline
    share_pct        | DOUBLE   | %       | their share of the state's people
    share_of_all_pct | DOUBLE   | %       | their share of the people offline in all states shown
    target           | VARCHAR  | code    | target for which the dates are
    range_low        | DOUBLE   | decimal year | earliest date at which it would be reached
    range_high       | DOUBLE   | decimal year | latest date, inf where a model never arrives
    verdict          | VARCHAR  | code    | on_track, off_track or cannot_say
    published        | BOOLEAN  | –       | whether the number is recent
    reason           | VARCHAR  | –       | why it is not, or there is none
    """,
    _still_offline,
    (SERIES, BREAKS, PEOPLE, OUTLOOKS, INDICATORS, BUILD, SETS),
    measured=(VALUE, (PEOPLE, "population")),
    taken={
        "economy": (SETS, "economy"),
        "target": (OUTLOOKS, "target"),
        "range_low": (OUTLOOKS, "range_low"),
        "range_high": (OUTLOOKS, "range_high"),
        "verdict": (OUTLOOKS, "verdict"),
    },
)

TABLES: Final = (TARGET_OUTLOOKS, TARGET_PATHS, STILL_OFFLINE)
