"""The pages of the site in one language: what each template is given, and how its links lead.

Markup stands in ``reports/templates/site``; the parts that the single page has, too, in
``parts.html.j2``. Everything that is not made here is escaped.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, TypeVar

from pipeline.language import Language, language_of
from pipeline.report.chain_view import chain_view
from pipeline.report.chains import CELLS_FILE
from pipeline.report.content import (
    ClaimCard,
    ClaimCards,
    Exhibit,
    IndicatorCard,
    MethodBox,
    Note,
    Paragraph,
    Profile,
    Prose,
    Report,
    Section,
)
from pipeline.report.html import SCRIPT_WORDS, filled
from pipeline.report.prose import ProseWriter
from pipeline.report.references import footnotes, resolve
from pipeline.report.schema_org import dataset
from pipeline.report.site import places as at
from pipeline.report.site.places import Places, way
from pipeline.report.site.relations import Relations
from pipeline.report.views import ExhibitView, TableView, Views, json_markup, table_view
from pipeline.report.words import day, file_name, page_words

Item = TypeVar("Item")
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Site:
    """A report in one language with all that its pages share.

    ``others`` are the codes of the other languages; ``address`` is where the site will stand, with
    a slash at its end, empty where that is not known.
    """

    report: Report
    views: Views
    others: tuple[str, ...] = ()
    address: str = ""
    templates_dir: Path | None = None

    @cached_property
    def places(self) -> Places:
        return Places(self.report)

    @cached_property
    def relations(self) -> Relations:
        return Relations(self.report)

    @cached_property
    def indicators(self) -> Mapping[str, TableView]:
        """The tables of the indicators' pages, each state leading to its own page."""
        states = {p.title: at.country_path(at.state_of(p)) for p in self.report.profiles()}
        return {
            card.id: _leading(
                table_view(card.values.table, self.words), states, at.indicator_path(card.id)
            )
            for card in self.report.indicators
        }

    @property
    def pillars(self) -> list[tuple[str, list[IndicatorCard]]]:
        """The indicators by their part of the catalogue."""
        found = groupby(self.report.indicators, key=attrgetter("pillar"))
        return [(pillar, list(cards)) for pillar, cards in found]

    @property
    def verdicts(self) -> tuple[tuple[str, str, int], ...]:
        """Code, text and number of claims of every verdict, in order."""
        blocks = (b for s in self.report.sections for b in s.blocks)
        return next((b.verdicts for b in blocks if isinstance(b, ClaimCards)), ())

    @property
    def language(self) -> Language:
        return language_of(self.report.language)

    @property
    def words(self) -> Mapping[str, str]:
        return page_words(self.report.language)

    @property
    def folder(self) -> str:
        """Of the language, below the site's."""
        return at.folder_of(self.report.language)


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """Path and markup of every page, in the language in force.

    Raises:
        ReportError: a reference of the report leads nowhere, or a template is wrong.
    """
    report, words = site.report, site.words
    every = resolve(report).notes
    yield _page(site, at.INDEX, report.title, report.warnings, dataset=json_markup(_told(site)))
    for number, section in enumerate(report.sections):
        yield _chapter(site, number, section)
    for profile in report.profiles():
        yield _country(site, profile)
    claims = report.claim_cards()
    for number in range(len(claims)):
        yield _claim(site, number, claims)
    yield _page(site, at.INDICATORS, words["indicator_pages"])
    for indicator in report.indicators:
        yield _indicator(site, indicator)
    yield _page(site, at.ABOUT, words["about"], notes=every)


def _told(site: Site) -> dict[str, Any]:
    """What search engines of data sets are told, with the files of the site alone."""
    to_site = way(at.INDEX, site.folder + at.INDEX).removesuffix(at.INDEX)
    files = {
        file_name("pdf", site.report.language): "application/pdf",
        to_site + CELLS_FILE: "text/csv",
    }
    return dataset(site.report, files, to_site + "LICENCES.txt")


def data_files(site: Site) -> Iterator[tuple[str, str]]:
    """Path and text of every CSV file: exhibits, and indicators that may be passed on."""
    for exhibit in site.report.exhibits():
        yield _csv_path(exhibit), site.views.exhibits[exhibit.id].table.csv
    for card in site.report.indicators:
        if card.source.redistributable:
            yield _csv_path(card.values), site.indicators[card.id].csv


def titles(site: Site) -> list[tuple[str, str, str]]:
    """Address, kind and title of all that a search finds from every page; exhibits last."""
    report, words, to = site.report, site.words, partial(site.places.to, here=at.INDEX)
    found = [(to(s.id), words["kind_section"], s.title) for s in report.sections]
    found += [(to(p.id), words["kind_profile"], p.title) for p in report.profiles()]
    found += [
        (at.claim_path(c.id), f"{words['kind_claim']} {c.id}", c.claim)
        for c in report.claim_cards()
    ]
    found += [
        (at.indicator_path(i.id), words["kind_indicator"], f"{i.title} ({i.id})")
        for i in report.indicators
    ]
    labels = {e.id: site.views.exhibits[e.id].label for e in site.relations.exhibits}
    found += [(to(e.id), labels[e.id], e.title) for e in site.relations.exhibits]
    return found


def _chapter(site: Site, number: int, section: Section) -> tuple[str, str]:
    before, after = _neighbours(site.report.sections, number)
    return _page(
        site,
        at.chapter_path(section.id),
        section.title,
        _prose_of(section),
        template="chapter",
        section=section,
        exhibits=[b for b in section.blocks if isinstance(b, Exhibit)],
        before=before,
        after=after,
    )


def _neighbours(items: Sequence[Item], number: int) -> tuple[Item | None, Item | None]:
    """What comes before and after one of some items; None at an end."""
    before = items[number - 1] if number else None
    return before, items[number + 1] if number + 1 < len(items) else None


def _country(site: Site, profile: Profile) -> tuple[str, str]:
    here = at.country_path(at.state_of(profile))
    # Tables name a series by its short name.
    series = {card.short: at.indicator_path(card.id) for card in site.report.indicators}
    view = site.views.exhibits[profile.values.id]
    return _page(
        site,
        here,
        profile.title,
        [said for _, said in profile.points],
        template="country",
        profile=profile,
        view=replace(view, table=_leading(view.table, series, here)),
        exhibits=site.relations.exhibits_naming(profile),
    )


def _claim(site: Site, number: int, cards: Sequence[ClaimCard]) -> tuple[str, str]:
    card, (before, after) = cards[number], _neighbours(cards, number)
    return _page(
        site,
        at.claim_path(card.id),
        card.claim,
        template="claim",
        card=card,
        releases=table_view(card.releases, site.words),
        indicators=site.relations.indicators_of(card),
        exhibits=site.relations.exhibits_near(card),
        before=before,
        after=after,
    )


def _indicator(site: Site, card: IndicatorCard) -> tuple[str, str]:
    return _page(
        site,
        at.indicator_path(card.id),
        card.title,
        template="indicator",
        card=card,
        view=ExhibitView(card.title, site.indicators[card.id], None, None, None),
        exhibits=site.relations.exhibits_of(card.id),
        claims=site.relations.claims_of(card.id),
        findings=site.relations.findings_of(card.id),
    )


def _page(
    site: Site,
    path: str,
    title: str,
    written: Sequence[Prose] = (),
    *,
    template: str = "",
    notes: Sequence[Note] = (),
    **context: object,
) -> tuple[str, str]:
    """A page and its path. ``written``: its prose, whose footnotes it ends with; ``notes``: those
    that it has whether anything mentions them or not."""
    places, report = site.places, site.report
    mentioned, mentions = _footnotes(report, (*written, *(note.prose for note in notes)))
    prose = ProseWriter(partial(places.link, here=path), notes or mentioned, mentions)
    to_root = way(at.INDEX, path).removesuffix(at.INDEX)
    to_site = to_root + "../" * site.folder.count("/")
    markup = filled(
        site.templates_dir,
        f"site/{template or path.removesuffix('.html')}.html.j2",
        report=report,
        site=site,
        at=at,
        title=title,
        here=path,
        language=site.language,
        words=site.words,
        policy=POLICY,
        day=day,
        prose=prose.write,
        notes=prose.notes,
        views=site.views.exhibits,
        pictures=site.views.pictures,
        chain_of=chain_view,
        to=partial(places.to, here=path),
        to_root=to_root,
        to_site=to_site,
        csv_of=lambda exhibit, view: to_root + _csv_path(exhibit),
        beside=lambda file: to_site + file,
        pdf=to_root + file_name("pdf", report.language),
        elsewhere=[(language_of(o), to_site + at.folder_of(o) + path) for o in site.others],
        words_for_script=json_markup({key: site.words[key] for key in SCRIPT_WORDS}),
        **context,
    )
    return path, markup


def _footnotes(
    report: Report, written: Sequence[Prose]
) -> tuple[tuple[Note, ...], Mapping[str, int]]:
    """The notes of a page, those among them that another mentions, and their mentions."""
    known = {note.id: note for note in report.notes}
    found, mentions = footnotes(written, known)
    while True:
        more, mentions = footnotes((*written, *(note.prose for note in found)), known)
        if more == found:
            return found, mentions
        found = more


def _prose_of(section: Section) -> list[Prose]:
    """What a chapter says itself; profiles have pages of their own."""
    found: list[Prose] = []
    for block in section.blocks:
        if isinstance(block, Paragraph):
            found.append(block.prose)
        elif isinstance(block, MethodBox):
            found += block.paragraphs
    return found


def _leading(table: TableView, paths: Mapping[str, str], here: str) -> TableView:
    """The table with the first cell of each row leading to the page of what it names."""
    rows = []
    for first, *rest in table.rows:
        path = paths.get(first.text, "")
        rows.append((replace(first, to=way(path, here) if path else ""), *rest))
    return replace(table, rows=tuple(rows))


def _csv_path(exhibit: Exhibit) -> str:
    return f"data/{exhibit.id}.csv"
