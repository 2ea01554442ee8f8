"""What has to do with what: exhibits, claims and findings of an indicator, a state or a claim.

All of it follows from the content model: from the series that something rests on, and from the
states that stand in a table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipeline.report.content import (
    ClaimCard,
    Exhibit,
    Finding,
    IndicatorCard,
    Origin,
    Profile,
    Report,
)

_NEAREST: Final = 6
"""Exhibits that are named beside a claim."""


@dataclass(frozen=True)
class Relations:
    """The relations within one report."""

    report: Report

    @cached_property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """Those with a number of their own in a chapter: not the tables of profiles."""
        own = {profile.values.id for profile in self.report.profiles()}
        return tuple(e for e in self.report.exhibits() if e.id not in own)

    @cached_property
    def series(self) -> Mapping[str, frozenset[str]]:
        """The indicators that each exhibit rests on, by its id."""
        return {e.id: _series(e.origins) for e in self.exhibits}

    def exhibits_of(self, indicator: str) -> tuple[Exhibit, ...]:
        """Exhibits that rest on an indicator, in reading order."""
        return tuple(e for e in self.exhibits if indicator in self.series[e.id])

    def claims_of(self, indicator: str) -> tuple[ClaimCard, ...]:
        """Claims that are judged by an indicator."""
        cards = self.report.claim_cards()
        return tuple(c for c in cards if indicator in _series(c.chain.origins))

    def findings_of(self, indicator: str) -> tuple[Finding, ...]:
        """Key findings that are computed from an indicator."""
        return tuple(f for f in self.report.findings if indicator in _series(f.chain.origins))

    def exhibits_naming(self, state: Profile) -> tuple[Exhibit, ...]:
        """Exhibits in whose table a state stands by its name."""
        return tuple(e for e in self.exhibits if _names(e, state.title))

    def exhibits_near(self, claim: ClaimCard) -> tuple[Exhibit, ...]:
        """Exhibits that share series with a claim: first those that share most and rest on least
        beside."""
        own = _series(claim.chain.origins)
        shared = [(len(own & self.series[e.id]), e) for e in self.exhibits]
        ranked = sorted(
            ((n, e) for n, e in shared if n),
            key=lambda found: (-found[0], len(self.series[found[1].id])),
        )
        return tuple(e for _, e in ranked[:_NEAREST])

    def indicators_of(self, claim: ClaimCard) -> tuple[IndicatorCard, ...]:
        """Indicators that a claim is judged by and that have a page."""
        own = _series(claim.chain.origins)
        return tuple(card for card in self.report.indicators if card.id in own)


def _series(origins: Iterable[Origin]) -> frozenset[str]:
    return frozenset(origin.indicator for origin in origins)


def _names(exhibit: Exhibit, name: str) -> bool:
    return any(value == name for row in exhibit.table.rows for value in row.values())
