"""The report as a PDF: the same content as the page, set by Typst, tagged and archivable.

The look stands in ``reports/templates/report.typ`` and what it imports; here the content becomes
the JSON that they read, its parts in the order of their pages (``page_sizes``). Text travels as
strings and is never read as markup. The bytes depend on content, templates and fonts alone.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

from pipeline.language import ENGLISH, in_force, language_of, speaking
from pipeline.report import svg
from pipeline.report.content import (
    ClaimCard,
    ClaimCards,
    Exhibit,
    MethodBox,
    Paragraph,
    Profile,
    Prose,
    Report,
    Section,
    Source,
)
from pipeline.report.datapackage import package_of_exhibits
from pipeline.report.files import exhibit_csv
from pipeline.report.fonts import Faces
from pipeline.report.page_sizes import with_pages
from pipeline.report.references import (
    References,
    anchor_of,
    claim_anchor,
    profile_anchor,
    resolve,
)
from pipeline.report.script import endings, faces_of
from pipeline.report.typesetting import typeset
from pipeline.report.words import cell, day, heading, label, page_words
from pipeline.settings import settings

TEMPLATE: Final = "report.typ"
STANDARDS: Final = ("ua-1", "a-3a")
"""Accessible (PDF/UA-1) and made to be kept, with the data attached (PDF/A-3a)."""


def render_pdf(
    report: Report, *, faces: Faces | None = None, templates_dir: Path | None = None
) -> bytes:
    """The report as a PDF file.

    Args:
        report: what it says.
        faces: the fonts; those of the project's cache when not given.
        templates_dir: where the templates stand; the project's own when not given.

    Raises:
        ReportError: a reference of the report leads nowhere, or Typst refuses the document.
    """
    folder = templates_dir or settings().templates_dir
    fonts = faces_of(report.language, faces, settings().cache_dir)
    with speaking(language_of(report.language)):
        content = with_pages(_document(report), folder, fonts)
    (made,) = typeset(
        folder / TEMPLATE,
        content,
        fonts,
        format="pdf",
        pdf_standards=list(STANDARDS),
        # Of the data, not of the run: the same content gives the same bytes.
        timestamp=int(datetime.combine(report.as_of, time(), UTC).timestamp()),
    )
    return made


def _document(report: Report) -> dict[str, Any]:
    """The report as plain data, in the order in which it is read."""
    words = page_words(report.language)
    references = resolve(report)
    prose = _ProseWriter(references)
    return {
        "title": report.title,
        "standfirst": report.standfirst,
        "language": report.language,
        "fonts": list(endings(report.language)),
        "colon": in_force().colon,
        "translated": "" if report.language == ENGLISH.code else words["translated"],
        "edition": report.edition,
        "date": [report.as_of.year, report.as_of.month, report.as_of.day],
        "as_of": day(report.as_of),
        "newest_vintage": day(report.newest_vintage),
        "since": day(report.since) if report.since else "",
        "warnings": [prose.write(warning) for warning in report.warnings],
        "findings": [
            {
                "figure": finding.figure,
                "sentence": finding.sentence,
                "source": finding.source,
                "remarks": finding.remarks,
                "exhibit": finding.exhibit,
                "label": label(references.exhibits[finding.exhibit], words)
                if finding.exhibit
                else None,
            }
            for finding in report.findings
        ],
        "summary": [
            {
                "section": line.section,
                "title": line.title,
                "said": [
                    {"exhibit": e, "title": t, "label": label(references.exhibits[e], words)}
                    for e, t in line.said
                ],
            }
            for line in report.summary
        ],
        "sections": [_section(section, words, prose) for section in report.sections],
        "sources": [_source(source) for source in report.sources],
        "unmentioned": [
            prose.write(note.prose)
            for note in references.notes
            if note.id not in references.mentions
        ],
        "cite_as": report.cite_as,
        "package": package_of_exhibits(report).decode("utf-8"),
        "words": dict(words),
    }


class _ProseWriter:
    """Spans as data. A note comes whole with its first mention and by its id afterwards."""

    def __init__(self, references: References) -> None:
        self._notes = {note.id: note.prose for note in references.notes}
        self._said: set[str] = set()

    def write(self, prose: Prose) -> list[dict[str, Any]]:
        spans: list[dict[str, Any]] = []
        for span in prose:
            written: dict[str, Any] = {"kind": span.kind, "text": span.text}
            if span.kind == "link":
                anchor = anchor_of(span.target)
                written |= {"anchor": anchor, "url": None if anchor else span.target}
            elif span.kind == "note":
                first = span.target not in self._said
                self._said.add(span.target)
                body = self.write(self._notes[span.target]) if first else None
                written |= {"note": span.target, "body": body}
            spans.append(written)
        return spans


def _section(section: Section, words: Mapping[str, str], prose: _ProseWriter) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    for block in section.blocks:
        match block:
            case Paragraph():
                blocks.append({"kind": "paragraph", "prose": prose.write(block.prose)})
            case MethodBox():
                paragraphs = [prose.write(paragraph) for paragraph in block.paragraphs]
                blocks.append({"kind": "method", "title": block.title, "paragraphs": paragraphs})
            case Exhibit():
                blocks.append(_exhibit(block, words))
            case Profile():
                blocks.append(_profile(block, words, prose))
            case ClaimCards():
                cards = [_card(card) for card in block.cards]
                blocks.append({"kind": "claims", "id": block.id, "cards": cards})
    return {"id": section.id, "title": section.title, "blocks": blocks}


def _card(card: ClaimCard) -> dict[str, Any]:
    states = [{"name": name, "anchor": profile_anchor(code)} for code, name in card.states]
    # These are for reading on demand, which paper does not know.
    folded = ("chain", "releases")
    said = {f.name: getattr(card, f.name) for f in fields(card) if f.name not in folded}
    return said | {"anchor": claim_anchor(card.id), "states": states}


def _profile(profile: Profile, words: Mapping[str, str], prose: _ProseWriter) -> dict[str, Any]:
    picture = profile.picture
    return {
        "kind": "profile",
        "id": profile.id,
        "title": profile.title,
        "lead": profile.lead,
        "svg": svg.standalone(picture.svg, profile.title, "") if picture else None,
        "caption": picture.caption if picture else "",
        "alt": picture.alt if picture else "",
        "points": [{"title": title, "prose": prose.write(said)} for title, said in profile.points],
        "claims_title": profile.claims_title,
        "claims": [asdict(line) | {"anchor": claim_anchor(line.id)} for line in profile.claims],
        "values": _exhibit(profile.values, words),
    }


def _exhibit(exhibit: Exhibit, words: Mapping[str, str]) -> dict[str, Any]:
    columns = exhibit.table.columns
    as_table = exhibit.chart is None
    width, height = svg.size(exhibit.chart.wide) if exhibit.chart else (1.0, 1.0)
    return {
        "kind": "exhibit",
        "id": exhibit.id,
        "label": label(exhibit, words),
        "title": exhibit.title,
        "subtitle": exhibit.subtitle,
        "alt": exhibit.alt,
        "source": exhibit.source,
        "note": exhibit.note,
        "csv": exhibit_csv(exhibit.table),
        "svg": svg.standalone(exhibit.chart.wide, exhibit.title, "") if exhibit.chart else None,
        "aspect": width / height,
        "columns": [{"heading": heading(c), "kind": c.kind} for c in columns] if as_table else [],
        "rows": [
            [cell(row.get(column.key), column, words) for column in columns]
            for row in exhibit.table.rows
        ]
        if as_table
        else [],
    }


def _source(source: Source) -> dict[str, Any]:
    first, last = day(source.first_vintage), day(source.last_vintage)
    return {
        "name": f"{source.publisher}, {source.dataset}",
        "url": source.url,
        "attribution": source.attribution,
        "licence": source.licence,
        "redistributable": source.redistributable,
        "vintages": first if first == last else f"{first} – {last}",
        "series": str(len(source.indicators)),
    }
