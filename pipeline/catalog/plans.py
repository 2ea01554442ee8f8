"""Models of what the catalogue plans and quotes: targets, the composite index, declared sizes."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AnyUrl, Field, FiniteFloat, model_validator

from pipeline.catalog.entry import Entry, Iso3, Pillar, Slug, Text


class Threshold(Entry):
    """The level of an indicator from which a target counts as reached."""

    level: FiniteFloat
    basis: Literal["target", "ours"]
    """Whether the target itself names the level, or we do, because no curve ever reaches 100."""
    why: Text


class Target(Entry):
    """What states are to reach by a year, by whose word, and the published figure nearest to it."""

    id: Slug
    name: Text
    wording: Text
    """What is asked for, in our words."""
    issuer: Text
    published: date
    citation: Text
    url: AnyUrl
    deadline: int = Field(ge=2000, le=2100)
    """Year whose value is to be at the level."""
    level: FiniteFloat
    """As the target has it, in its own unit."""
    unit: Text
    direction: Literal["at_least", "at_most"] = "at_least"
    indicator: str | None = None
    """Nearest published indicator; none: nothing in the catalogue comes near."""
    relative_to: str | None = None
    """Indicator that it is divided by (women to men)."""
    nearest: Text
    """How the indicator differs from what the target speaks of, or why there is none."""
    counts: Threshold | None = None
    """Of targets with an indicator."""
    ceiling: FiniteFloat | None = 100.0
    """What the indicator cannot exceed; none: curves that level off are not fitted."""

    @model_validator(mode="after")
    def _indicator_has_a_threshold(self) -> Self:
        if (self.indicator is None) != (self.counts is None):
            raise ValueError("an indicator and the level that counts stand together or not at all")
        if self.indicator is None and self.relative_to is not None:
            raise ValueError("relative_to without an indicator, expected both or none")
        return self


class IndexIndicator(Entry):
    """One indicator of the index, between two fixed goalposts."""

    indicator: str
    worst: FiniteFloat
    """Value that scores 0, in the indicator's unit (times ``times`` over ``per``)."""
    best: FiniteFloat
    """Value that scores 100; below ``worst`` where less is better."""
    why: Text
    """Why these goalposts."""
    scale: Literal["linear", "log"] = "linear"
    """Log: each doubling counts the same, for what differs by orders of magnitude."""
    per: str | None = None
    """Indicator that the value is divided by, of the same year."""
    times: float = Field(1.0, gt=0)
    """Factor after the division: 100 for percent, 1e6 for "per million"."""
    weight: float = Field(1.0, gt=0)

    @model_validator(mode="after")
    def _goalposts(self) -> Self:
        if self.worst == self.best:
            raise ValueError(f"worst and best are both {self.worst:g}, expected two goalposts")
        if self.scale == "log" and min(self.worst, self.best) <= 0:
            raise ValueError("a goalpost of 0 or less has no logarithm, expected some above 0")
        return self


class IndexPlan(Entry):
    """How the composite index is put together, and how often and from which seed it is shaken."""

    id: Slug
    name: Text
    note: Text
    member_set: Slug
    """States that are ranked among one another."""
    first_year: int = Field(ge=1990, le=2100)
    pillars: Mapping[Pillar, Annotated[float, Field(gt=0)]] = Field(min_length=1)
    """Weight of each pillar, relative to the others."""
    indicators: tuple[IndexIndicator, ...] = Field(min_length=2)
    """Each stands in the pillar that the catalogue has it in."""
    coverage: float = Field(0.6, gt=0.5, le=1)
    """Share of its indicators that a pillar needs."""
    weight_cv: float = Field(0.25, gt=0, lt=1)
    """Coefficient of variation of pillar weights in the simulation."""
    draws: int = Field(10_000, ge=100, le=1_000_000)
    sobol_base: int = Field(4096, ge=64, le=1_000_000)
    seed: int = Field(ge=0)


class DigitalEconomySize(Entry):
    """A figure for the size of a state's digital economy, as somebody reports it.

    Definitions differ by an order of magnitude, so these are shown by band and never added or
    ranked.
    """

    id: Slug
    economy: Iso3
    band: Literal["core", "narrow", "broad", "undefined"]
    """Core: ICT industries. Narrow: with platforms and digital parts of other industries. Broad:
    with output that digital means are said to bring about. Undefined: the source does not say."""
    value: FiniteFloat
    unit: Literal["billion US$", "trillion yuan", "% of GDP"]
    bound: Literal["about", "above", "exactly"] = "exactly"
    year: int = Field(ge=1990, le=2100)
    definition: Text
    reported_by: Text
    """Who says so to us, and whom they name as its origin."""
    note: str = ""
