"""Declared sizes of digital economies and exports of digital services, as the marts have them.

Sizes of different definitions are shown side by side and never added, averaged or ranked. Words and
pictures are made by ``exhibits.sizes``.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from pipeline.report.context import Context

BANDS: Final = ("core", "narrow", "broad", "undefined")
"""From the narrowest definition to the widest; last what is not defined at all."""
_THE_ARTICLE: Final = "the article"
"""How the catalogue names it as the one who reports a size."""


@dataclass(frozen=True)
class Size:
    """A size as reported. ``of_gdp`` in percent, as reported or computed by ``basis``."""

    id: str
    economy: str
    band: str
    year: int
    value: float
    unit: str
    bound: str
    definition: str
    reported_by: str
    of_gdp: float | None
    basis: str | None
    ict_of_gdp: float | None
    reason: str | None


@dataclass(frozen=True)
class ServiceExports:
    """Exports of a kind of services in the newest year of a state that is recent enough."""

    indicator: str
    economy: str
    year: int
    value_usd: float
    per_head_usd: float | None
    of_gdp: float | None
    of_services: float | None


@dataclass(frozen=True)
class Sizes:
    """The facts of one edition about its members."""

    context: Context

    @cached_property
    def declared(self) -> tuple[Size, ...]:
        """Every declared size, by band, state and year: an order that ranks nothing. What the
        article alone reports is left out of a report on another bloc, as all of the article is."""
        rows = self.context.marts.rows(
            "SELECT size, economy, band, year, value, unit, bound, definition, reported_by, "
            "of_gdp_pct, of_gdp_basis, ict_exports_of_gdp_pct, reason "
            "FROM marts.digital_economy_sizes WHERE list_contains(?, economy) ORDER BY size",
            [list(self.context.members)],
        )
        sizes = [Size(*row) for row in rows]
        found = [
            self._in_words(s)
            for s in sizes
            if self.context.whole or not s.reported_by.startswith(_THE_ARTICLE)
        ]
        return tuple(sorted(found, key=lambda s: (BANDS.index(s.band), s.economy, s.year, s.id)))

    def _in_words(self, size: Size) -> Size:
        """With the texts of the catalogue, which may be in another language than the marts."""
        entry = self.context.catalog.digital_economy_sizes.get(size.id)
        if entry is None:
            return size
        return replace(size, definition=entry.definition, reported_by=entry.reported_by)

    @cached_property
    def exports(self) -> tuple[ServiceExports, ...]:
        """The newest exports of each state that are no older than their series allows."""
        rows = self.context.marts.rows(
            "SELECT e.indicator, e.economy, e.year, e.value_usd, e.per_head_usd, e.of_gdp_pct, "
            "e.of_service_exports_pct FROM marts.digital_service_exports AS e "
            "JOIN marts.latest_values AS l ON l.indicator = e.indicator "
            "AND l.economy = e.economy AND l.year = e.year "
            "WHERE l.published_value IS NOT NULL AND list_contains(?, e.economy) "
            "ORDER BY e.indicator, e.economy",
            [[*self.context.members, "WLD"]],
        )
        return tuple(ServiceExports(*row) for row in rows)
