"""Putting the report together: exhibits in reading order, the prose between them, the sources.

What a figure says is computed in ``facts`` and worded in YAML; here is only the order of things.
The result is a function of the warehouse, the catalogue and the arguments.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from pipeline.catalog.models import Catalog
from pipeline.catalog.translated import in_language
from pipeline.language import ENGLISH, in_force, language_of, speaking
from pipeline.report import palette
from pipeline.report.charts.drawing import Promises, drawing
from pipeline.report.content import (
    Block,
    Chart,
    ClaimCards,
    Exhibit,
    Finding,
    Note,
    Paragraph,
    Picture,
    Profile,
    Report,
    Section,
    SummaryLine,
)
from pipeline.report.context import Context
from pipeline.report.exhibits.agreement import agreement_over_years, publisher_agreement
from pipeline.report.exhibits.balances import focus_balance
from pipeline.report.exhibits.bloc_trade import (
    intra_share,
    trade_matrix,
    trade_mirror,
)
from pipeline.report.exhibits.change import internet_change
from pipeline.report.exhibits.claim import claim_grid
from pipeline.report.exhibits.claims import claim_cards, claim_scoreboard
from pipeline.report.exhibits.convergence import sigma_paths, time_ladder
from pipeline.report.exhibits.coverage import data_coverage
from pipeline.report.exhibits.fans import target_fans
from pipeline.report.exhibits.foundations import (
    e_government,
    fixed_broadband,
    research_spending,
    secure_servers,
    tertiary_enrolment,
)
from pipeline.report.exhibits.groups import between_within
from pipeline.report.exhibits.index import index_left_out, index_pillars, index_scores
from pipeline.report.exhibits.index_others import index_others
from pipeline.report.exhibits.inequality import (
    ict_contributions,
    ict_leave_one_out,
    theil_variants,
)
from pipeline.report.exhibits.online import internet_paths, internet_tiles, offline_states
from pipeline.report.exhibits.release_ranks import release_ranks
from pipeline.report.exhibits.revisions import (
    largest_revisions,
    most_revised,
    revision_history,
    same_year_index,
    same_year_online,
    say_compared,
)
from pipeline.report.exhibits.sides import two_sides
from pipeline.report.exhibits.sizes import declared_sizes, service_exports
from pipeline.report.exhibits.subscriptions import mobile_and_fixed
from pipeline.report.exhibits.targets import offline_paths, target_pace, target_years
from pipeline.report.exhibits.trade import ict_exports, ict_weight
from pipeline.report.exhibits.world import world_shares
from pipeline.report.facts import Facts
from pipeline.report.findings import key_findings
from pipeline.report.indicators import indicator_cards
from pipeline.report.marts import Answers, Marts
from pipeline.report.narrative import (
    cite_as,
    method_boxes,
    notes,
    paragraphs,
    standfirst,
)
from pipeline.report.narrative_development import too_little
from pipeline.report.origins import with_origins
from pipeline.report.profiles import profiles
from pipeline.report.remarks import warnings
from pipeline.report.sources import newest_vintage, sources
from pipeline.report.texts import Text
from pipeline.report.wording import prose
from pipeline.report.words import label, page_words
from pipeline.second_process import Beside
from pipeline.wording import load_wording

if TYPE_CHECKING:
    import duckdb

Builder = Callable[[Facts], Exhibit | None]

EXHIBITS: Final[Mapping[str, tuple[Builder, ...]]] = {
    "world": (world_shares,),
    "online": (internet_paths, internet_tiles, offline_states, internet_change),
    "infrastructure": (fixed_broadband, mobile_and_fixed, secure_servers),
    "skills": (tertiary_enrolment, research_spending),
    "trade": (ict_exports, ict_weight),
    "inequality": (
        ict_leave_one_out, ict_contributions, between_within, theil_variants, claim_grid,
        two_sides,
    ),
    "sizes": (declared_sizes, service_exports),
    "convergence": (sigma_paths, time_ladder),
    "targets": (target_years, target_pace, target_fans, offline_paths),
    "trust": (e_government,),
    "bloc_trade": (trade_matrix, intra_share, trade_mirror, focus_balance),
    "index": (index_scores, index_pillars, index_left_out, index_others),
    "changes": (
        largest_revisions, revision_history, same_year_online, release_ranks, same_year_index,
        most_revised,
    ),
    "claims": (claim_scoreboard,),
    "agreement": (publisher_agreement, agreement_over_years),
    "coverage": (data_coverage,),
}  # fmt: skip
"""Exhibits by section, in reading order; a builder is called like the exhibit it makes."""

IN_SHORT: Final = (
    "world_shares", "internet_paths", "offline_states", "fixed_broadband", "mobile_and_fixed",
    "tertiary_enrolment", "ict_exports", "ict_weight", "ict_leave_one_out", "between_within",
    "declared_sizes", "sigma_paths", "time_ladder", "target_years", "target_fans", "e_government",
    "intra_share", "index_scores", "revision_history", "release_ranks", "claim_scoreboard",
    "publisher_agreement", "data_coverage",
)  # fmt: skip
"""Exhibits whose titles make the summary of one page."""

OF_THE_ARTICLE: Final = "claims"
"""The section that only a report on the project's own bloc has: the article speaks of no other."""


def exhibit_ids() -> tuple[str, ...]:
    """Ids of all exhibits that a report can have, in reading order."""
    return tuple(builder.__name__ for builders in EXHIBITS.values() for builder in builders)


def build_report(
    con: "duckdb.DuckDBPyConnection",
    catalog: Catalog,
    *,
    as_of: date,
    edition: str,
    remarks: Sequence[str] = (),
    warned: int = 0,
    language: str = ENGLISH.code,
    answers: Answers | None = None,
    beside: Beside | None = None,
) -> Report:
    """The report of one edition from an open warehouse (which is only read).

    Args:
        con: the warehouse.
        catalog: the catalogue that it was built from; the report is about the set it reports on.
        as_of: the date of the edition.
        edition: its id.
        remarks: what the run has to say of sources that failed, a sentence each.
        warned: number of checks of severity warning that did not hold.
        language: the code of the language that it is in.
        answers: what has been asked of the same warehouse before; what is asked now is added.
        beside: who draws the charts meanwhile; without it each is drawn where it is made.

    Raises:
        ReportError: the wording is wrong or not translated, or the warehouse holds no snapshot at
            all.
    """
    spoken = language_of(language)
    with speaking(spoken):
        context = Context(
            Marts(con, catalog.reported, {} if answers is None else answers),
            in_language(catalog, spoken), as_of,
            load_wording(language=spoken),
        )  # fmt: skip
        if beside is None:
            return _report(context, edition, remarks, warned, language)
        with drawing(beside) as promises:
            report = _report(context, edition, remarks, warned, language)
        promises.share()
        return replace(report, sections=tuple(_drawn(s, promises) for s in report.sections))


def _report(
    context: Context, edition: str, remarks: Sequence[str], warned: int, language: str
) -> Report:
    facts = Facts(context)
    exhibits = _numbered(
        context,
        {
            name: [b(facts) for b in builders]
            for name, builders in EXHIBITS.items()
            if context.whole or name != OF_THE_ARTICLE
        },
    )
    sections, publishers = _sections(facts, exhibits), sources(context)
    return Report(
        title=context.words.say("title", bloc=context.bloc.name),
        standfirst=standfirst(facts),
        bloc=context.bloc.id,
        edition=edition,
        as_of=context.as_of,
        newest_vintage=newest_vintage(context),
        findings=_linked(key_findings(facts), exhibits),
        sections=sections,
        summary=_summary(sections),
        notes=_notes(facts, sections),
        sources=publishers,
        cite_as=cite_as(context, edition),
        warnings=warnings(
            context,
            remarks=remarks,
            warned=warned,
            exhibits=[exhibit for own in exhibits.values() for exhibit in own],
        ),
        indicators=indicator_cards(facts, publishers),
        since=facts.revisions.since if any(s.id == "changes" for s in sections) else None,
        language=language,
        dark_colours=palette.dark_colours(context.catalog),
    )


def _drawn(section: Section, promises: Promises) -> Section:
    """The section with the pictures that it was promised."""

    def kept(block: Block) -> Block:
        match block:
            case Exhibit(chart=Chart() as chart):
                wide, narrow = promises.kept(chart.wide), promises.kept(chart.narrow)
                return replace(block, chart=replace(chart, wide=wide, narrow=narrow))
            case Profile(picture=Picture() as picture):
                return replace(block, picture=replace(picture, svg=promises.kept(picture.svg)))
        return block

    return replace(section, blocks=tuple(map(kept, section.blocks)))


def _numbered(
    context: Context, built: Mapping[str, Sequence[Exhibit | None]]
) -> Mapping[str, tuple[Exhibit, ...]]:
    """The exhibits there are, numbered in reading order, figures and tables apart."""
    counts = {"figure": 0, "table": 0}
    numbered: dict[str, tuple[Exhibit, ...]] = {}
    for section, found in built.items():
        own = []
        for exhibit in found:
            if exhibit is None:
                continue
            counts[exhibit.kind] += 1
            numbered_one = replace(exhibit, number=counts[exhibit.kind])
            own.append(with_origins(context, numbered_one))
        numbered[section] = tuple(own)
    return numbered


def _labels(exhibits: Mapping[str, Sequence[Exhibit]]) -> Mapping[str, str]:
    """ "Figure 3" by exhibit id."""
    words = page_words(in_force().code)
    return {e.id: label(e, words) for own in exhibits.values() for e in own}


def _linked(
    findings: Sequence[Finding], exhibits: Mapping[str, Sequence[Exhibit]]
) -> tuple[Finding, ...]:
    """Findings whose exhibit is there point at it, the others at nothing."""
    known = _labels(exhibits)
    return tuple(f if f.exhibit in known else replace(f, exhibit=None) for f in findings)


def _sections(facts: Facts, exhibits: Mapping[str, Sequence[Exhibit]]) -> tuple[Section, ...]:
    say, known = facts.context.words.say, _labels(exhibits)
    sections = [
        Section(
            name,
            _heading(facts, name),
            (
                *_interleaved(paragraphs(facts, name), exhibits[name], known),
                *_cards(facts, name),
            )
            or _too_little(facts, name),
        )
        for name in exhibits
    ]
    method = Section("method", say("sections.method"), method_boxes(facts.context))
    return (*(s for s in sections if s.blocks), *_profiles(facts, exhibits), method)


def _summary(sections: Sequence[Section]) -> tuple[SummaryLine, ...]:
    """The sections with what those of their exhibits find that are told in short."""
    found = (
        SummaryLine(
            section.id,
            section.title,
            tuple(
                (b.id, b.title)
                for b in section.blocks
                if isinstance(b, Exhibit) and b.id in IN_SHORT
            ),
        )
        for section in sections
    )
    return tuple(line for line in found if line.said)


def _heading(facts: Facts, section: str) -> str:
    """The title of a section; that on what changed says since when."""
    if section == "changes":
        return say_compared(facts, "sections.changes")
    return facts.context.words.say(f"sections.{section}")


def _too_little(facts: Facts, section: str) -> tuple[Paragraph, ...]:
    """Of a section of another bloc that has nothing: a sentence that says why it has not."""
    template = too_little(facts, section)
    return (Paragraph(prose(template, {})),) if template else ()


def _profiles(facts: Facts, exhibits: Mapping[str, Sequence[Exhibit]]) -> tuple[Section, ...]:
    """The section of the states, whose tables are numbered after all others."""
    say = facts.context.words.say
    tables = sum(e.kind == "table" for own in exhibits.values() for e in own)
    found = [
        replace(profile, values=with_origins(facts.context, profile.values))
        for profile in profiles(facts, tables + 1)
    ]
    intro = Paragraph(prose(say("paragraphs.profiles", "known"), {}))
    return (Section("profiles", say("sections.profiles"), (intro, *found)),) if found else ()


def _interleaved(
    texts: Sequence[Text], exhibits: Sequence[Exhibit], known: Mapping[str, str]
) -> tuple[Paragraph | Exhibit, ...]:
    """Each paragraph before the exhibits it speaks of; exhibits that none names keep their place
    among the others."""
    blocks: list[Paragraph | Exhibit] = []
    spoken = {name for text in texts for name in text.exhibits}
    left = list(exhibits)
    for text in texts:
        named = [e for e in left if e.id in text.exhibits]
        while named and left[0] not in named and left[0].id not in spoken:
            blocks.append(left.pop(0))
        blocks.append(Paragraph(prose(text.text, known)))
        blocks += named
        left = [e for e in left if e not in named]
    return (*blocks, *left)


def _cards(facts: Facts, section: str) -> tuple[ClaimCards, ...]:
    """The claims one by one, at the end of their section."""
    found = claim_cards(facts) if section == "claims" else None
    return (found,) if found else ()


def _notes(facts: Facts, sections: Sequence[Section]) -> tuple[Note, ...]:
    """The footnotes that a paragraph refers to."""
    mentioned = {
        span.target
        for section in sections
        for block in section.blocks
        if isinstance(block, Paragraph)
        for span in block.prose
        if span.kind == "note"
    }
    return tuple(Note(name, prose(text, {})) for name, text in notes(facts) if name in mentioned)
