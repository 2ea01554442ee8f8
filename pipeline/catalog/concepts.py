"""The model of a concept: one thing that several publishers give, and which of them is preferred.

Here is the shape of ``concepts.yaml``. Whether its names are known is ``concept_consistency``'s
work; how far the publishers agree is computed by ``sql/marts/publisher_agreement.sql``.
"""

from typing import Annotated, Literal, Self

from pydantic import AnyUrl, Field, FiniteFloat, StringConstraints, model_validator

from pipeline.catalog.entry import Entry, Iso3, Slug, Text

Positive = Annotated[FiniteFloat, Field(gt=0)]


class Tolerance(Entry):
    """How far two figures may lie apart and still count as the same."""

    measure: Literal["percent", "units"]
    """Percent of the preferred figure, or units of the concept (points of a share)."""
    value: Positive
    why: Text


class ConceptSeries(Entry):
    """A publisher's series of the concept. Its value times ``factor`` is in the concept's unit."""

    indicator: str
    factor: Positive = 1.0
    times: str | None = None
    """Indicator that the value is multiplied by, of the same economy and year: people, where the
    series is a share of them."""
    partner: Literal["world", "each"] | None = None
    """Of a bilateral series: all partners together, or one by one."""
    called: Annotated[str, StringConstraints(min_length=1, max_length=24)] | None = None
    """Name of the source where the publisher has several of the thing; none: the publisher's."""


class DeclaredFigure(Entry):
    """A figure of the concept that comes in no series: a survey's, as somebody tells it."""

    id: Slug
    economy: Iso3
    year: int = Field(ge=1990, le=2100)
    value: FiniteFloat
    """In the concept's unit."""
    by: Text
    """Whose figure it is, as the report names them."""
    source: Text
    """Who says so to us, and when."""
    url: AnyUrl
    note: Text
    """What it counts."""


class Concept(Entry):
    """One thing, as several publishers give it."""

    id: Slug
    name: Text
    short_name: Annotated[str, StringConstraints(min_length=1, max_length=24)]
    unit: Text
    digits: int = Field(1, ge=0, le=6)
    first_year: int = Field(1990, ge=1960, le=2100)
    """Earlier years are not compared."""
    series: tuple[ConceptSeries, ...] = Field(min_length=1)
    declared: tuple[DeclaredFigure, ...] = ()
    preferred: str
    """Indicator of the series that the report uses."""
    preferred_why: Text
    tolerance: Tolerance
    differ: Text
    """Why the publishers' figures differ, as far as it is known."""

    @model_validator(mode="after")
    def _several_and_one_preferred(self) -> Self:
        if len(self.series) + len(self.declared) < 2:
            raise ValueError("one series and no declared figure, expected at least two to compare")
        if self.preferred not in [s.indicator for s in self.series]:
            raise ValueError(f"preferred {self.preferred} is none of its series, expected one")
        if len({s.partner == "each" for s in self.series}) > 1:
            raise ValueError("some series are partner by partner, expected all or none")
        return self

    @property
    def chosen(self) -> ConceptSeries:
        """The preferred series."""
        return next(s for s in self.series if s.indicator == self.preferred)

    @property
    def others(self) -> tuple[ConceptSeries, ...]:
        """The series that it is compared with."""
        return tuple(s for s in self.series if s.indicator != self.preferred)
