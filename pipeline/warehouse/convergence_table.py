"""The table of convergence: whether the members come closer to one another.

Here is the way from their paths to ``pipeline.measures.convergence`` and back, and which rows may
be shown. The formulas stand there; which years break a series is the catalogue's.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from pipeline.measures import convergence
from pipeline.measures.coverage import enough
from pipeline.warehouse.declared import frame_of, python_table
from pipeline.warehouse.paths import (
    BREAKS,
    GROUPS,
    INDICATORS,
    PEOPLE,
    SERIES,
    SETS,
    VALUE,
    WINDOWS,
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

SPAN: Final = 10
"""Years over which spread and growth are compared."""
SIDES_SPANS: Final = (4, 10)
"""Years over which both sides of a share are compared: the last few, and the decade."""
KEY: Final = ("indicator", "who", "measure", "first_year", "year", "left_out")


def _convergence(
    series: "pd.DataFrame",
    breaks: "pd.DataFrame",
    people: "pd.DataFrame",
    indicators: "pd.DataFrame",
    groups: "pd.DataFrame",
    sets: "pd.DataFrame",
) -> "pd.DataFrame":
    paths, own = members_of(series, breaks), reported(sets)
    rows = [row for code, path in paths.items() for row in _spread_and_growth(code, path, own)]
    shares = indicators.loc[indicators["complement"].notna(), "indicator"]
    heads = population(people)
    for code in sorted(set(shares) & set(paths)):
        last = common_year(paths[code], own.size)
        if last is None:
            continue
        for (who, states), span in product(_circles(groups, own), SIDES_SPANS):
            theirs = {e: s for e, s in paths[code].items() if e in states}
            rows += _both_sides(code, who, len(states), theirs, heads, (last - span, last))
    rows.sort(key=lambda r: [r[k] for k in KEY])
    return frame_of(CONVERGENCE.types, rows)


def _spread_and_growth(code: str, members: Members, own: Reported) -> Iterator[Row]:
    """Sigma and beta of the members over a decade, or the reason why there are none."""
    at = _Place(code, own.name)
    last = common_year(members, own.size)
    if last is None:
        newest = max(s.last_year for s in members.values())
        why = f"no year has a value of {own.least} of {own.the}"
        yield at.row("sigma_change", newest, newest, None, (), why)
        return
    first = last - SPAN
    spread = convergence.sigma(members, range(first, last + 1))
    there = spread.economies
    few = _few(len(there), spread.left_out, own) if len(there) < own.least else ""
    for point in spread.points:
        yield at.row("sd_logs", first, point.year, point.sd_logs, there, few or point.reason)
    yield at.row("sigma_change", first, last, spread.change, there, few or spread.reason)
    growth = convergence.beta(members, first, last)
    yield at.row("beta", first, last, growth.slope, there, few or growth.reason)
    too_fast = "" if growth.speed is not None else "the slope would close more than the whole gap"
    yield at.row("speed", first, last, growth.speed, there, few or growth.reason or too_fast)
    for state, slope in growth.without:
        rest = tuple(e for e in there if e != state)
        yield at.row("beta_without", first, last, slope, rest, few, left_out=state)


def _both_sides(
    code: str, who: str, size: int, own: Members, heads: Members, years: tuple[int, int]
) -> Iterator[Row]:
    """Inequality of those who are in a share and of those who are not, in two years."""
    at = _Place(code, who)
    first, last = years
    found = convergence.two_sides(own, heads, first, last)
    there = found.economies
    few = f"{len(there)} of {size} states can be compared; seven of ten are needed"
    reason = found.reason or (few if len(there) < enough(size) else "")
    for side in filter(None, (found.first, found.last)):
        nobody = reason or "nobody is on this side"
        for measure, value in (("theil_inside", side.online), ("theil_outside", side.offline)):
            why = reason if value is not None else nobody
            yield at.row(measure, first, side.year, value, there, why)
        yield at.row("gap_points", first, side.year, side.gap, there, reason)
        yield at.row("persons_outside", first, side.year, side.persons_offline, there, reason)
    says = None if found.disagree is None else float(found.disagree)
    yield at.row("sides_disagree", first, last, says, there, reason)


def _few(n: int, left_out: convergence.LeftOut, own: Reported) -> str:
    """That they are too few, with what most of the others lack."""
    why, _ = Counter(why for _, why in left_out).most_common(1)[0] if left_out else ("no value", 0)
    return f"{n} of {own.the} can be compared; at least {own.least} are needed ({why})"


@dataclass(frozen=True)
class _Place:
    """What the rows of one comparison have in common."""

    indicator: str
    who: str

    def row(
        self,
        measure: str,
        first: int,
        year: int,
        value: float | None,
        states: Sequence[str],
        reason: str,
        *,
        left_out: str = "",
    ) -> Row:
        return {
            "indicator": self.indicator, "who": self.who, "measure": measure,
            "first_year": first, "year": year, "left_out": left_out, "value": value,
            "n": len(states), "members": " ".join(states), "published": not reason,
            "reason": reason or None,
        }  # fmt: skip


def _circles(groups: "pd.DataFrame", own: Reported) -> list[tuple[str, tuple[str, ...]]]:
    """The members, and those groups of theirs that are large enough for a measure."""
    of_bloc = groups[groups["bloc"] == own.bloc]
    found = [(str(g), tuple(sorted(p["economy"]))) for g, p in of_bloc.groupby("group_id")]
    large = [(g, p) for g, p in found if len(p) >= convergence.MINIMUM]
    return [(own.name, own.economies), *large]


CONVERGENCE = python_table(
    "marts.convergence",
    "Whether the members come closer to one another, by several measures.\n\n"
    "On a fixed set: states with a value in the first and the last year and no change of method "
    "between. sd_logs is their spread of ln y in each year, sigma_change that of the last less "
    "that of the first; beta is the slope of annualised growth on ln of the first value, "
    "beta_without the same without one state, speed what it implies. Of shares with a complement "
    "both sides are measured: theil_inside and theil_outside are Theil T of the people in it and "
    "not in it, per head and weighted by heads.",
    """
    indicator  | VARCHAR  | code | catalogue id
    who        | VARCHAR  | code | the member set, or a group of its states
    measure    | VARCHAR  | code | see above; also gap_points, persons_outside and sides_disagree
    first_year | SMALLINT | year | first year of the comparison
    year       | SMALLINT | year | year that the value is of; of a change its last
    left_out   | VARCHAR  | code | state that is left out of beta_without; else an empty text
    value      | DOUBLE   | as the measure | log points, nats, points, persons; 1 if sides disagree
    n          | SMALLINT | states | states in the set
    members    | VARCHAR  | codes | those states, sorted, with a space between
    published  | BOOLEAN  | –    | whether it may be shown
    reason     | VARCHAR  | –    | why it may not; empty where it may
    """,
    _convergence,
    (SERIES, BREAKS, PEOPLE, INDICATORS, GROUPS, SETS),
    measured=(VALUE, (PEOPLE, "population"), *WINDOWS),
    taken={"indicator": (SERIES, "indicator"), "who": (GROUPS, "group_id")},
)
