"""A year of a composite index as the measures take it: states, values, plan and goalposts.

Here is the way from the rows of the warehouse to them. What is computed of a year, and the tables
that hold it, stand in ``index_tables`` and ``index_history_table``.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipeline.measures import composite
from pipeline.measures.composite import Aggregation, IndexIndicator, Plan, Profile
from pipeline.measures.formulas import Array

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

Record = Mapping[Any, Any]


RANKED_SHARE: Final = 0.7
"""Share of the states that a ranking needs."""
OF_THE_YEAR: Final = 0.5
"""Share of its values that a year needs of its own: with fewer the index is of other years."""


@dataclass(frozen=True)
class Year:
    """What one index is computed from in one year.

    Attributes:
        index_id: the index.
        year: the year.
        about: its row of ``core.index_plans``.
        plan: goalposts on the scale that the values stand on.
        units: the states, sorted.
        values: on that scale, shape (n, q); NaN where there is none.
        own: share of the values that are of the year itself.
        oldest: year of each state's oldest value, None without any.
    """

    index_id: str
    year: int
    about: Record
    plan: Plan
    units: tuple[str, ...]
    values: Array = field(repr=False)
    own: float
    oldest: tuple[int | None, ...]

    @cached_property
    def too_early(self) -> str:
        """Why the year is not scored; empty where it is."""
        if self.own >= OF_THE_YEAR:
            return ""
        return f"{self.own:.0%} of the values are of {self.year} itself; half are needed"

    def profiles(self, aggregation: Aggregation = "arithmetic") -> tuple[Profile, ...]:
        return composite.profiles(self.values, self.units, self.plan, aggregation)

    @cached_property
    def unranked(self) -> str:
        """Why there are no ranks; empty where there are."""
        if self.too_early:
            return self.too_early
        n = sum(p.score is not None for p in self.profiles())
        if n >= max(2, math.ceil(RANKED_SHARE * len(self.units))):
            return ""
        return f"{n} of {len(self.units)} states have a score; seven of ten are needed"


@dataclass(frozen=True)
class Recipe:
    """An index as the catalogue has it: its row, those of its indicators in order, and the plan."""

    about: Record
    parts: Sequence[Record]
    plan: Plan

    def years(self, inputs: "pd.DataFrame") -> list[Year]:
        """Its years in order. ``inputs`` are its own cells, gaps too, each once."""
        cells = inputs.sort_values(["year", "economy", "position"])
        values, ages, of_year = (
            cells[name].to_numpy(dtype=np.float64, na_value=np.nan).reshape(-1, len(self.parts))
            for name in ("value", "age_years", "value_year")
        )
        scaled = np.column_stack([_scaled(values[:, i], p) for i, p in enumerate(self.parts)])
        oldest = np.fmin.reduce(of_year, axis=1)
        units, years = (cells[name].to_numpy()[:: len(self.parts)] for name in ("economy", "year"))
        return [
            Year(
                index_id=str(self.about["index_id"]),
                year=int(year),
                about=self.about,
                plan=self.plan,
                units=tuple(map(str, units[at])),
                values=scaled[at],
                own=float((ages[at] == 0).mean()),
                oldest=tuple(None if math.isnan(y) else int(y) for y in oldest[at]),
            )
            for year in np.unique(years)
            for at in [np.flatnonzero(years == year)]
        ]


def recipes(plans: "pd.DataFrame", parts: "pd.DataFrame") -> Mapping[str, Recipe]:
    """Every index of the catalogue by its id."""
    found: dict[str, Recipe] = {}
    for about in plans.to_dict("records"):
        own = parts[parts["index_id"] == about["index_id"]].sort_values("position")
        records = own.to_dict("records")
        found[str(about["index_id"])] = Recipe(about, records, _plan(records, about))
    return found


def years_of(inputs: "pd.DataFrame", plans: "pd.DataFrame", parts: "pd.DataFrame") -> list[Year]:
    """Every year of every index, in that order."""
    known = recipes(plans, parts)
    cells_of = inputs.groupby("index_id", sort=True)
    return [year for index_id, cells in cells_of for year in known[str(index_id)].years(cells)]


def _plan(parts: Sequence[Record], about: Record) -> Plan:
    return Plan(
        indicators=tuple(
            IndexIndicator(
                name=part["indicator"],
                pillar=part["pillar"],
                worst=_goalpost(part, "worst"),
                best=_goalpost(part, "best"),
                weight=float(part["weight"]),
            )
            for part in parts
        ),
        pillar_weights=tuple({p["pillar"]: float(p["pillar_weight"]) for p in parts}.items()),
        coverage=float(about["coverage"]),
        weight_cv=float(about["weight_cv"]),
    )


def _goalpost(part: Record, which: str) -> float:
    value = float(part[which])
    return math.log10(value) if part["scale"] == "log" else value


def _scaled(values: Array, part: Record) -> Array:
    """Values on the indicator's scale; what has no logarithm stands at the lower goalpost."""
    if part["scale"] != "log":
        return values
    floor = min(float(part["worst"]), float(part["best"]))
    return np.asarray(np.log10(np.where(values < floor, floor, values)))
