"""How far publishers agree, as the marts have it: pairs, and what is said beside a figure.

Only published pairs are taken. Pictures and tables are made by ``exhibits.agreement``, paragraphs
by ``narrative_agreement``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

from pipeline import rounding
from pipeline.catalog.concepts import Concept
from pipeline.report.content import NO_PARTNER, ChainFigure
from pipeline.report.context import Context
from pipeline.report.marts import CurrentSnapshot
from pipeline.units import unit_text

REMARKED: Final = 2
"""Differences that are told beside one figure; of more, the number."""


@dataclass(frozen=True)
class Pair:
    """What the report uses and what another says, of one state and year, in the concept's unit."""

    concept: str
    indicator: str
    """Of the other series, or the id of a declared figure."""
    economy: str
    year: int
    preferred: float
    other: float
    difference: float
    relative: float | None
    """Percent of the preferred."""
    distance: float
    """By the measure of the concept's tolerance, as ``apart`` with its sign."""
    within: bool

    @property
    def apart(self) -> float:
        """The distance, below 0 where the other says less."""
        return self.distance if self.difference > 0 else -self.distance


@dataclass(frozen=True)
class Agreed:
    """All pairs of a concept and another series."""

    concept: str
    indicator: str
    n: int
    n_within: int
    within_pct: float
    median: float
    first_year: int
    last_year: int
    largest: float
    largest_economy: str
    largest_partner: str
    largest_year: int


@dataclass(frozen=True)
class Agreement:
    """The facts of one edition about publishers that give the same thing."""

    context: Context

    @cached_property
    def compared(self) -> tuple[Agreed, ...]:
        """Every concept and other series that have pairs, by their ids."""
        rows = self.context.marts.rows(
            "SELECT concept, indicator, n, n_within, within_pct, median_distance, first_year, "
            "last_year, largest_distance, largest_economy, largest_counterpart, largest_year "
            "FROM marts.publisher_agreement_summary ORDER BY concept, indicator"
        )
        return tuple(Agreed(*row) for row in rows)

    @cached_property
    def newest(self) -> tuple[Pair, ...]:
        """The newest pair of each concept, other series and state; figures by partner have none."""
        rows = self.context.marts.rows(
            "SELECT concept, indicator, economy, year, value_preferred, value_other, difference, "
            "relative_pct, distance, within_tolerance FROM marts.publisher_agreement "
            "WHERE published AND counterpart = ? "
            "QUALIFY row_number() OVER "
            "(PARTITION BY concept, indicator, economy ORDER BY year DESC) = 1 "
            "ORDER BY concept, indicator, economy",
            [NO_PARTNER],
        )
        return tuple(Pair(*row) for row in rows)

    @cached_property
    def apart(self) -> tuple[Pair, ...]:
        """Every pair that does not agree, farthest first by its tolerance."""
        rows = self.context.marts.rows(
            "SELECT concept, indicator, economy, year, value_preferred, value_other, difference, "
            "relative_pct, distance, within_tolerance FROM marts.publisher_agreement "
            "WHERE published AND counterpart = ? AND NOT within_tolerance "
            "ORDER BY distance / tolerance DESC, concept, indicator, economy, year",
            [NO_PARTNER],
        )
        return tuple(Pair(*row) for row in rows)

    def by_state(self, of: Agreed) -> Mapping[str, tuple[int, int]]:
        """Pairs and those that agree, by state, over all years."""
        rows = self.context.marts.rows(
            "SELECT economy, count(*), count(*) FILTER (WHERE within_tolerance) "
            "FROM marts.publisher_agreement WHERE published AND concept = ? AND indicator = ? "
            "GROUP BY economy ORDER BY economy",
            [of.concept, of.indicator],
        )
        return {economy: (n, within) for economy, n, within in rows}

    @cached_property
    def awaited(self) -> tuple[Concept, ...]:
        """Concepts of which no second figure of these states is held as of the date."""
        known = {a.concept for a in self.compared}
        return tuple(c for code, c in self.context.catalog.concepts.items() if code not in known)

    @cached_property
    def _whose(self) -> Mapping[str, str]:
        catalog = self.context.catalog
        declared = {f.id: f.by for c in catalog.concepts.values() for f in c.declared}
        short = {i: catalog.publishers[e.publisher].short_name
                 for i, e in catalog.indicators.items()}  # fmt: skip
        called = {s.indicator: s.called
                  for c in catalog.concepts.values() for s in c.series if s.called}  # fmt: skip
        return short | called | declared

    def whose(self, indicator: str) -> str:
        """Who says it: the source of a series, mostly its publisher, or whose a figure is."""
        return self._whose[indicator]

    def concept(self, code: str) -> Concept:
        return self.context.catalog.concepts[code]

    def may_be_passed_on(self, indicator: str) -> bool:
        """Whether figures of the other side may stand in files; a declared figure is a citation."""
        catalog = self.context.catalog
        entry = catalog.indicators.get(indicator)
        return entry is None or catalog.publishers[entry.publisher].licence.redistributable

    def behind(self, found: Iterable[tuple[str, str]]) -> frozenset[CurrentSnapshot]:
        """The releases behind pairs, each a concept and the other series."""
        wanted: set[str | None] = set()
        for code, indicator in found:
            chosen = self.concept(code).chosen
            wanted |= {chosen.indicator, chosen.times, indicator}
        return frozenset(s for s in self.context.current if s.indicator in wanted)

    def remarks(self, figures: Sequence[ChainFigure]) -> tuple[str, ...]:
        """What others say of the cells that something is computed from, where they do not agree.

        A pair counts where every series of its preferred side is among the cells, for its state
        and year.
        """
        used = {(c.indicator, c.economy, c.year) for f in figures for c in f.cells}
        found = [
            p
            for p in self.apart
            if all((i, p.economy, p.year) in used for i in self._preferred(p.concept))
        ]
        told = [self._told(p) for p in found[:REMARKED]]
        if len(found) > REMARKED:
            told.append(self.context.words.say("agreement.more", count=str(len(found) - REMARKED)))
        return tuple(told)

    def _preferred(self, code: str) -> tuple[str, ...]:
        chosen = self.concept(code).chosen
        return (chosen.indicator,) if chosen.times is None else (chosen.indicator, chosen.times)

    def _told(self, pair: Pair) -> str:
        concept = self.concept(pair.concept)
        return self.context.words.say(
            "agreement.remark", name=concept.name, state=self.context.name(pair.economy),
            year=str(pair.year), by=self.whose(pair.indicator),
            preferred=rounding.text(pair.preferred, concept.digits),
            other=rounding.text(pair.other, concept.digits), unit=unit_text(concept.unit),
        )  # fmt: skip

    def alike(self, found: Sequence[Agreed]) -> tuple[tuple[Agreed, ...], ...]:
        """Those of one reason why they differ together, in their order."""
        ordered = sorted(found, key=lambda a: (self.concept(a.concept).differ, a.concept))
        parts = [
            tuple(own) for _, own in groupby(ordered, lambda a: self.concept(a.concept).differ)
        ]
        return tuple(sorted(parts, key=lambda own: own[0].concept))
