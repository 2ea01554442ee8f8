"""What every exhibit and finding of one edition shares: the bloc, its colours, its sources.

Built once by ``build_report``; nothing here chooses words or draws.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from pipeline.catalog.entry import PROJECT_SET
from pipeline.catalog.models import Bloc, Catalog
from pipeline.errors import ReportError
from pipeline.report import labels, palette
from pipeline.report.marts import CurrentSnapshot, Latest, Marts
from pipeline.report.source_line import SourceLine
from pipeline.wording import Wording


@dataclass(frozen=True)
class Context:
    """One edition: which bloc and states, as of when, from which warehouse, in which words."""

    marts: Marts
    catalog: Catalog
    as_of: date
    words: Wording

    @property
    def member_set(self) -> str:
        return self.marts.member_set

    @property
    def whole(self) -> bool:
        """Whether these are the project's own states, whom the article speaks of."""
        return self.member_set == PROJECT_SET

    @cached_property
    def bloc(self) -> Bloc:
        return self.catalog.blocs[self.catalog.member_sets[self.member_set].bloc]

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Codes of the member set, sorted."""
        return self.catalog.members(self.member_set, self.as_of.year)

    @cached_property
    def colours(self) -> Mapping[str, str]:
        return palette.state_colours(self.catalog, self.members)

    @cached_property
    def latest(self) -> tuple[Latest, ...]:
        return self.marts.latest()

    @cached_property
    def current(self) -> tuple[CurrentSnapshot, ...]:
        """Every snapshot that speaks as of the date."""
        return self.marts.snapshots()

    @cached_property
    def _snapshots(self) -> Mapping[str, CurrentSnapshot]:
        return {
            s.indicator: s
            for s in self.current
            if s.indicator in self.catalog.indicators
            and self.catalog.indicators[s.indicator].publisher == s.publisher
        }

    def name(self, economy: str) -> str:
        return self.catalog.economies[economy].name

    def names(self, economies: tuple[str, ...]) -> str:
        """Names as a list in prose, in alphabetical order."""
        return labels.names(self.catalog, economies)

    def complement(self, indicator: str) -> str | None:
        """Id of the other side of a share, where the catalogue has one."""
        entry = self.catalog.indicators.get(indicator)
        return entry.complement.id if entry and entry.complement else None

    def source(self, *indicators: str) -> SourceLine:
        """Source line of an exhibit that rests on these series.

        Raises:
            ReportError: none of them is in the warehouse.
        """
        found = [self._snapshots[i] for i in indicators if i in self._snapshots]
        if not found:
            raise ReportError(f"no snapshot speaks for {', '.join(indicators)}")
        return self.source_of(found)

    def source_of(self, snapshots: Iterable[CurrentSnapshot]) -> SourceLine:
        """Source line of an exhibit that rests on these snapshots."""
        found = frozenset(snapshots)
        return SourceLine(labels.source(self.catalog, found), found)

    @cached_property
    def hashes(self) -> Mapping[str, str]:
        """SHA-256 of the content of each snapshot."""
        return self.marts.hashes()

    def source_or_none(self, *indicators: str) -> SourceLine:
        """The same, or "no release" where none of them is in the warehouse."""
        known = [i for i in indicators if i in self._snapshots]
        return self.source(*known) if known else SourceLine(self.words.say("labels.no_release"))
