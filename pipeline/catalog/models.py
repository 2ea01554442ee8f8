"""The typed models of the catalogue: what is measured, of whom, from whom.

Here is the shape of the YAML under ``catalog/data`` and the questions the rest of the project
asks of it. Reading files and naming mistakes is ``loader``'s work; nothing here touches a disk.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    AnyUrl,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    StringConstraints,
    model_validator,
)

from pipeline.catalog.claims import Claim
from pipeline.catalog.concepts import Concept
from pipeline.catalog.entry import PROJECT_BLOC, PROJECT_SET, Entry, Iso3, Pillar, Slug, Text
from pipeline.catalog.plans import DigitalEconomySize, IndexPlan, Target
from pipeline.catalog.rivals import with_rivals

Direction = Literal["higher_is_better", "lower_is_better", "neutral"]
Kind = Literal["stock", "flow", "share", "per_head", "ratio", "index", "growth"]
Weighting = Literal[
    "totals", "per_capita_unweighted", "per_capita_population", "per_gdp_unweighted",
    "per_gdp_gdp", "per_services_services", "share_unweighted",
]  # fmt: skip


class Economy(Entry):
    """A state, territory or aggregate that figures speak of."""

    code: Iso3
    name: Text
    """The name in running text, by the organisation's own usage (Kyrgyzstan, Iran, Russia)."""
    kind: Literal["economy", "aggregate"] = "economy"
    iso2: str | None = None
    m49: str | None = None
    """UN M49 code, three digits, zero-padded."""
    colour: str | None = Field(None, pattern=r"^#[0-9A-F]{6}$")
    """The state's colour in every exhibit (members only)."""
    colour_dark: str | None = Field(None, pattern=r"^#[0-9A-F]{6}$")
    tile: tuple[int, int] | None = None
    """(column, row) on the tile-grid map, from 0 (members only)."""


class Membership(Entry):
    economy: Iso3
    since: date
    until: date | None = None


class Bloc(Entry):
    """A group of states by treaty or, for the world, one published aggregate."""

    id: Slug
    name: Text
    short_name: Text
    founded: date | None = None
    members: tuple[Membership, ...] = ()
    aggregate: Iso3 | None = None
    """Code under which publishers give the bloc's own value, where one exists (WLD, EUU)."""
    source: AnyUrl | None = None

    def members_on(self, day: date) -> tuple[str, ...]:
        """Codes of the states that were members on ``day``, sorted."""
        return tuple(
            sorted(
                m.economy
                for m in self.members
                if m.since <= day and (m.until is None or day < m.until)
            )
        )


class Group(Entry):
    """A part of a bloc, for decomposition: groups of one ``scheme`` partition its members."""

    id: Slug
    scheme: Slug
    bloc: Slug
    name: Text
    economies: tuple[Iso3, ...] = Field(min_length=1)


class MemberSet(Entry):
    """Which states an index or aggregate is about: a fixed list, or membership as it stood."""

    id: Slug
    name: Text
    bloc: Slug
    rule: Literal["fixed", "dated"]
    economies: tuple[Iso3, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _fixed_sets_list_states(self) -> Self:
        if (self.rule == "fixed") != bool(self.economies):
            raise ValueError(
                "a fixed set lists its economies; a dated one takes them from its bloc"
            )
        return self


class Licence(Entry):
    name: Text
    url: AnyUrl | None = None
    redistributable: bool
    """Whether the figures may stand in the data package."""


class Publisher(Entry):
    id: Slug
    name: Text
    short_name: Text
    dataset: Text
    url: AnyUrl
    licence: Licence
    attribution: Text
    """How the figures must be credited; stands in the sources and in the data package."""
    cadence_days: int = Field(gt=0)
    """Days between releases; a source older than twice this is stale."""
    connector: Slug | None = None
    """Module of ``ingest`` that fetches live; none: figures come by ``sco archive import``."""
    database: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]+$")] | None = None
    """Id of the data set where the connector's API has those of many publishers."""
    aggregates: bool = True
    """Whether its figures of the world and of blocs are what they are called; some are unweighted
    means of states, and are not asked for."""
    closed: bool = False
    """Whether the data set is no longer made: its newest release is its last."""
    bilateral: bool = False
    """Whether its figures are of pairs of economies: asked of the bloc's states and the world, each
    with each, for all blocs would be pairs by the thousand."""
    by_default: bool = True
    """Whether a refresh asks it that names no publishers; else it is asked by name only."""


class Break(Entry):
    """A change of method in a series: a change across it is never called growth."""

    economies: tuple[Iso3, ...] = ()
    """Empty: all."""
    years: tuple[int, int]
    """First and last year between which values are not comparable with their neighbours."""
    reason: Text
    source: Text | None = None


class CorrectedCell(Entry):
    """One year of a correction: what the publisher says, and what is said instead."""

    year: int = Field(ge=1900, le=2100)
    expect: FiniteFloat
    """The wrong value as published. Where the release says something else, the build fails."""
    value: FiniteFloat | None = None
    withdraw: bool = False
    """Take the value away and put none in its place."""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if self.withdraw != (self.value is None):
            raise ValueError("a cell has a corrected value or withdraw: true, expected one of them")
        return self


class Correction(Entry):
    """A published value that is known to be wrong, with what is used in its place and why.

    It speaks as of dates from ``since`` on: as of an earlier day it would be hindsight. It ends
    with the release that mends the value, whose vintage is ``until``; an entry that has ended is
    kept, so that an edition of a day before the mend stays as it was.
    """

    id: Slug
    indicator: str
    economy: Iso3
    counterpart: Annotated[str, StringConstraints(pattern=r"^(_Z|[A-Z0-9]{3})$")] = "_Z"
    """Partner of a bilateral series; _Z where there is none."""
    cells: tuple[CorrectedCell, ...] = Field(min_length=1)
    reason: Text
    evidence: Text
    """What shows that the value is wrong and the other right: a citation or a URL."""
    by: Text
    """Who decided it."""
    since: date
    """First as-of date that it speaks for: the day from which the mistake could be known."""
    until: date | None = None
    """Vintage of the first release without the mistake."""

    def overlaps(self, other: "Correction") -> bool:
        """Whether there are days for which both speak."""
        return (self.until is None or other.since < self.until) and (
            other.until is None or self.since < other.until
        )


class PlausibleRange(Entry):
    minimum: float
    maximum: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.minimum < self.maximum:
            raise ValueError(f"minimum {self.minimum} is not below maximum {self.maximum}")
        return self


class Aggregation(Entry):
    """How a member aggregate is made: ``sum``, or a mean weighted by another indicator."""

    method: Literal["sum", "weighted_mean", "none"]
    weight: str | None = None

    @model_validator(mode="after")
    def _mean_needs_weight(self) -> Self:
        if (self.method == "weighted_mean") != (self.weight is not None):
            raise ValueError("a weighted_mean names its weight indicator; the others have none")
        return self


class Complement(Entry):
    """The other side of a share in percent, 100 − value: people offline beside people online."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._]+$")]
    name: Text
    short_name: Text


class GoodsTrade(Entry):
    """What a series of goods trade by partner is to the tables of trade, whoever publishes it.

    A flag (status) on a value of such a series says that the publisher estimated it.
    """

    flow: Literal["exports", "imports"]
    per_million: float = Field(gt=0)
    """The series' units in a million US dollars: 1 where it is in millions, 1000000 in dollars."""
    preference: int
    """One number a publisher: of those held the one with the highest speaks, and no other."""


class Indicator(Entry):
    """One thing that is measured. This entry alone drives fetch, checks, labels and citation."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._]+$")]
    """The publisher's own code."""
    publisher: Slug
    name: Text
    short_name: Text
    unit: Text
    unit_short: str = ""
    """Suffix on numbers: "%", "US$", ""."""
    decimals: int = Field(1, ge=0, le=6)
    pillar: Pillar
    kind: Kind
    direction: Direction
    plausible: PlausibleRange
    """Of members and world alike; outside it a value is reported as a warning or error."""
    plausible_economies: Literal["all", "members"] = "members"
    max_jump: float | None = Field(None, gt=0)
    """Largest plausible change from one year to the next: points for shares, factor for others."""
    max_age_years: int = Field(3, ge=0, le=10)
    aggregation: Aggregation = Aggregation(method="none")
    weightings: tuple[Weighting, ...] = ()
    """Inequality weightings that make sense for the indicator; none: no inequality computed."""
    complement: Complement | None = None
    goods: GoodsTrade | None = None
    """Set where the series is goods trade by partner, in either direction."""
    breaks: tuple[Break, ...] = ()
    live: bool = True
    """Whether a refresh asks the publisher for it."""
    live_code: str | None = None
    """Code the live API knows it by, where it was recoded."""
    live_source: int | None = None
    """World Bank source number where the API needs ``source=``."""
    live_unit: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]+$")] | None = None
    """The publisher's code of the unit, where it has changed units before: another is an error."""
    headline: bool = False
    note: str = ""


class Catalog(BaseModel):
    """All entries, by id, with their cross-references already checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    economies: Mapping[str, Economy]
    blocs: Mapping[str, Bloc]
    groups: Mapping[str, Group]
    member_sets: Mapping[str, MemberSet]
    publishers: Mapping[str, Publisher]
    indicators: Mapping[str, Indicator]
    corrections: Mapping[str, Correction] = Field(default_factory=dict)
    claims: Mapping[str, Claim] = Field(default_factory=dict)
    targets: Mapping[str, Target] = Field(default_factory=dict)
    index: Mapping[str, IndexPlan] = Field(default_factory=dict)
    digital_economy_sizes: Mapping[str, DigitalEconomySize] = Field(default_factory=dict)
    concepts: Mapping[str, Concept] = Field(default_factory=dict)
    sha256: str
    """Hash of the canonical JSON of all entries: the same entries, the same hash."""
    reported: Slug = PROJECT_SET
    """The member set that warehouse and report are about; ``of_bloc`` chooses another's."""

    @property
    def bloc(self) -> Bloc:
        """The bloc the project is about."""
        return self.blocs[PROJECT_BLOC]

    @property
    def m49(self) -> Mapping[str, str]:
        """Codes of the United Nations by economy, of all that have one."""
        return {e.code: e.m49 for e in self.economies.values() if e.m49}

    def members(self, member_set: str = PROJECT_SET, year: int | None = None) -> tuple[str, ...]:
        """Codes of a member set, sorted; a dated set needs the year and stands at its end."""
        entry = self.member_sets[member_set]
        if entry.rule == "fixed":
            return tuple(sorted(entry.economies))
        if year is None:
            raise ValueError(f"member set {member_set} is dated: give the year")
        return self.blocs[entry.bloc].members_on(date(year, 12, 31))

    def indicators_of(self, publisher: str, *, live: bool | None = None) -> tuple[Indicator, ...]:
        """Indicators of one publisher, by id; ``live`` narrows to (not) fetched ones."""
        return tuple(
            i
            for _, i in sorted(self.indicators.items())
            if i.publisher == publisher and (live is None or i.live == live)
        )

    def claim(self, claim_id: str) -> Claim:
        """A claim, with what it repeats spelled out, and with what other publishers say."""
        own = self.claims[claim_id]
        publishers = {
            code: (p.id, f"{p.short_name}, {p.dataset}")
            for code, i in self.indicators.items()
            for p in [self.publishers[i.publisher]]
        }
        whole = with_rivals(self.claims[own.repeats or own.id], self.concepts, publishers)
        if own.repeats is None:
            return whole
        kept = {"id": own.id, "section": own.section, "text": own.text, "repeats": own.repeats}
        return whole.model_copy(update=kept)

    def spelled_out(self, names: Sequence[str]) -> tuple[str, ...]:
        """Codes of the economies that ``names`` of economies, groups and fixed sets stand for.

        Raises:
            KeyError: a name is none of these.
        """
        codes: list[str] = []
        for name in names:
            if name in self.economies:
                codes.append(name)
            elif name in self.groups:
                codes += self.groups[name].economies
            else:
                codes += self.member_sets[name].economies
        return tuple(sorted(set(codes)))

    def groups_of(self, scheme: str) -> tuple[Group, ...]:
        return tuple(g for g in self.groups.values() if g.scheme == scheme)

    def fetched_economies(self, *, aggregates: bool = True) -> tuple[str, ...]:
        """Every state of every bloc and every bloc's own aggregate: what a refresh asks for."""
        codes: set[str] = set()
        for bloc in self.blocs.values():
            codes.update(m.economy for m in bloc.members)
            if bloc.aggregate and aggregates:
                codes.add(bloc.aggregate)
        return tuple(sorted(codes))

    def economies_asked_of(self, publisher: Publisher) -> tuple[str, ...]:
        """Whom a refresh asks a publisher for; of a bilateral one they are the partners, too."""
        if not publisher.bilateral:
            return self.fetched_economies(aggregates=publisher.aggregates)
        world = {b.aggregate for b in self.blocs.values() if b.aggregate and not b.members}
        return tuple(sorted({m.economy for m in self.bloc.members} | world))

    def break_between(self, indicator: str, economy: str, first: int, last: int) -> Break | None:
        """The break that makes ``first`` and ``last`` of a series incomparable, if any."""
        for entry in self.indicators[indicator].breaks:
            start, end = entry.years
            if (not entry.economies or economy in entry.economies) and first < end and last > start:
                return entry
        return None
