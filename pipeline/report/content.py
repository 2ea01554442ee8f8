"""The content model: what an edition says, before anything decides how it looks.

``exhibits`` and ``findings`` make these objects from the warehouse; ``html`` and ``pdf`` render
them. Nothing here knows of a database, of Altair, of HTML or of Typst. All text is plain text
(escaping is the renderer's work); all numbers in text are already rounded by ``rounding``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Span:
    """A run of prose. ``link`` targets an anchor of the report or a URL; ``note`` a Note's id;
    ``number`` a Finding's id (the text is that finding's figure)."""

    text: str
    kind: Literal["text", "strong", "emphasis", "link", "note", "number"] = "text"
    target: str = ""


Prose = tuple[Span, ...]


@dataclass(frozen=True)
class Origin:
    """A snapshot behind something: series, publisher, release, and the hashes of its parts."""

    series: str
    """Name and code."""
    publisher: str
    release: str
    """The vintage as it reads in a source line."""
    snapshot: str
    sha256: str
    indicator: str
    vintage: date
    vintage_basis: str
    """How the vintage is known."""


@dataclass(frozen=True)
class Cell:
    """A published value, as the catalogue may have corrected it."""

    indicator: str
    economy: str
    counterpart: str
    """Partner in a bilateral series; ``NO_PARTNER`` where there is none."""
    year: int
    value: float
    unit: str
    snapshot: str


NO_PARTNER: Final = "_Z"


@dataclass(frozen=True)
class ChainFigure:
    """A name in the arithmetic with the cells that it is made of."""

    name: str
    year: int
    """Year that is looked at; cells may be of years before it."""
    value: float | None
    """None where the arithmetic takes the cells one by one."""
    fact: str | None
    """What marts.claim_facts calls it; it has no cells then."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Chain:
    """What a claim or a finding is computed from, link by link down to the archived bytes."""

    arithmetic: tuple[tuple[str, str], ...] = ()
    """Field and text: what is found, rivals, numbers beside."""
    said: tuple[tuple[str, float], ...] = ()
    """Names that stand for numbers of the article itself."""
    figures: tuple[ChainFigure, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One computed number with the sentence that says it. ``figure`` is the large text of the
    card ("9 of 10"); ``sentence`` completes it; ``value`` is the unrounded number."""

    id: str
    figure: str
    sentence: str
    value: float | None
    unit: str
    outcome: str
    """Which wording variant was chosen, by rule: "rises", "falls", "unchanged", "unknown"."""
    exhibit: str | None
    """Id of the exhibit that shows it."""
    source: str
    """Publisher and vintage, as in an exhibit's source line."""
    chain: Chain = Chain()
    remarks: tuple[str, ...] = ()
    """Where another source says otherwise of what it is computed from."""


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    kind: Literal["text", "number", "year", "date"] = "text"
    """A "year" is a whole one, a "date" a year with decimals."""
    digits: int = 1
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """Rows of raw values by column key; a renderer formats numbers with ``rounding.text``."""

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True)
class Chart:
    """The same chart as two SVG texts: ``wide`` (about 660 px) and ``narrow`` (about 350 px).

    SVG text uses presentation attributes only and colours of the palette, so that the page can
    recolour by attribute selectors in dark mode. ``hover`` maps an x label to the lines that the
    tooltip shows there, with the x position in both variants; empty: marks carry <title>.
    """

    wide: str
    narrow: str
    hover: tuple["Hover", ...] = ()


@dataclass(frozen=True)
class Hover:
    """One stop of the tooltip: x in user units of each SVG, and (label, value, colour) lines."""

    label: str
    x_wide: float
    x_narrow: float
    lines: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Exhibit:
    """A figure or table. ``title`` says the finding; ``subtitle`` says measure, unit and years."""

    id: str
    kind: Literal["figure", "table"]
    number: int
    title: str
    subtitle: str
    alt: str
    source: str
    note: str
    table: Table
    chart: Chart | None = None
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    prose: Prose


@dataclass(frozen=True)
class MethodBox:
    title: str
    paragraphs: tuple[Prose, ...]


@dataclass(frozen=True)
class Picture:
    """A small chart without a number of its own, drawn once for every width."""

    svg: str
    caption: str
    alt: str


@dataclass(frozen=True)
class ClaimLine:
    """A claim in short: what is said, the verdict, what is claimed and found.

    ``verdict`` is its code, by which a page colours and chooses; texts that do not apply are empty.
    """

    id: str
    claim: str
    verdict: str
    verdict_text: str
    claimed: str
    """With unit and year, as ``found``."""
    found: str


@dataclass(frozen=True)
class Profile:
    """One state: what is said of it under short headings, a picture, the article's claims about
    it, and a table of values."""

    id: str
    title: str
    lead: str
    picture: Picture | None
    points: tuple[tuple[str, Prose], ...]
    values: Exhibit
    claims_title: str = ""
    claims: tuple[ClaimLine, ...] = ()


@dataclass(frozen=True)
class ClaimCard(ClaimLine):
    """A claim with the reason of its verdict. Texts that do not apply are empty."""

    distance: str
    """Of what is found from what is claimed."""
    reason: str
    history: str
    """What releases said one after another."""
    source: str
    states: tuple[tuple[str, str], ...] = ()
    """Code and name of the states that it is about and that have a profile."""
    chain: Chain = Chain()
    remarks: tuple[str, ...] = ()
    """Where another source says otherwise of what it is judged by."""
    releases: Table = Table((), ())
    """Value and verdict by every release that had something to say, the oldest first."""


@dataclass(frozen=True)
class ClaimCards:
    """Claims, and (code, text, number of claims) of every verdict, in order."""

    id: str
    verdicts: tuple[tuple[str, str, int], ...]
    cards: tuple[ClaimCard, ...]


Block = Paragraph | Exhibit | MethodBox | Profile | ClaimCards


@dataclass(frozen=True)
class Section:
    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Note:
    """A footnote; ``Span(kind="note", target=id)`` refers to it."""

    id: str
    prose: Prose


@dataclass(frozen=True)
class Source:
    """A publisher's data as used: whose, under which licence, of which vintages."""

    publisher: str
    dataset: str
    url: str
    licence: str
    attribution: str
    first_vintage: date
    last_vintage: date
    snapshots: int
    indicators: tuple[str, ...]
    redistributable: bool
    licence_url: str = ""


@dataclass(frozen=True)
class IndicatorCard:
    """An indicator: what it is under short headings, whose, and its newest value by state."""

    id: str
    """The publisher's own code."""
    title: str
    short: str
    """Its name in tables."""
    pillar: str
    unit: str
    points: tuple[tuple[str, str], ...]
    source: Source
    values: Exhibit
    """Without a number: the report itself does not show it."""


@dataclass(frozen=True)
class SummaryLine:
    """A section in the summary: its id and title, and the id and title of exhibits of it."""

    section: str
    title: str
    said: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Report:
    """Everything an edition says, in reading order."""

    title: str
    standfirst: str
    bloc: str
    edition: str
    """Edition id: as-of date and the first eight digits of the inputs' hash."""
    as_of: date
    newest_vintage: date
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    cite_as: str
    summary: tuple[SummaryLine, ...] = ()
    """What the sections find, on one page."""
    warnings: tuple[Prose, ...] = ()
    """What a reader must know first: stale publishers, failed checks of severity warning."""
    since: date | None = None
    """The day that the report says what changed since, where it does."""
    indicators: tuple[IndicatorCard, ...] = ()
    """Every indicator with a value; they stand in the site alone."""
    language: str = "en"
    dark_colours: Mapping[str, str] = field(default_factory=dict)
    """Every colour that the charts are drawn in (#RRGGBB) and its counterpart on dark ground."""

    def exhibits(self) -> tuple[Exhibit, ...]:
        """All exhibits in reading order, the tables of profiles among them."""
        blocks = [
            b.values if isinstance(b, Profile) else b for s in self.sections for b in s.blocks
        ]
        return tuple(b for b in blocks if isinstance(b, Exhibit))

    def claim_cards(self) -> tuple[ClaimCard, ...]:
        """The claims one by one."""
        blocks = [b for s in self.sections for b in s.blocks if isinstance(b, ClaimCards)]
        return tuple(card for b in blocks for card in b.cards)

    def profiles(self) -> tuple[Profile, ...]:
        """The profiles of states in reading order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Profile))
