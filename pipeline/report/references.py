"""What points where in a report: anchors, the numbers of footnotes, and whether all of it holds.

A renderer asks here before it writes a link; a report with a dangling one is not rendered at all.
Nothing here knows of HTML or of Typst.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.errors import ReportError
from pipeline.language import LANGUAGES
from pipeline.report.content import (
    ClaimCards,
    Exhibit,
    MethodBox,
    Note,
    Paragraph,
    Profile,
    Prose,
    Report,
    Span,
)
from pipeline.report.words import checks_page

FIXED_ANCHORS: Final = ("report", "findings", "summary", "notes", "sources", "cite")
EDITION_FILES: Final = (*map(checks_page, LANGUAGES), "data/README.txt")
"""Files beside the report that a link may lead to."""
_ID: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class References:
    """``notes`` in the order of their first mention; ``mentions`` counts them by note id."""

    exhibits: Mapping[str, Exhibit]
    notes: tuple[Note, ...]
    mentions: Mapping[str, int]

    def note_number(self, note_id: str) -> int:
        return 1 + next(i for i, note in enumerate(self.notes) if note.id == note_id)


def resolve(report: Report) -> References:
    """The references of ``report``, all of which hold.

    Raises:
        ReportError: an id is used twice or is not a plain token, or a link, a footnote, a number
            or a finding points at something that the report does not have.
    """
    anchors = _anchors(report)
    findings = {finding.id for finding in report.findings}
    notes = {note.id: note for note in report.notes}
    for span in _spans(report):
        _check_span(span, anchors, findings, set(notes))
    for what, anchor in _cross_links(report):
        if anchor not in anchors:
            raise ReportError(f"{what}: there is no place {anchor!r}")
    for finding in report.findings:
        if finding.exhibit is not None and finding.exhibit not in anchors:
            raise ReportError(f"finding {finding.id}: there is no exhibit {finding.exhibit!r}")
    ordered, mentions = footnotes(all_prose(report), notes)
    # Notes nobody mentions come last.
    unmentioned = tuple(note for note in report.notes if note.id not in mentions)
    exhibits = {exhibit.id: exhibit for exhibit in report.exhibits()}
    return References(exhibits, ordered + unmentioned, mentions)


def footnotes(
    written: Iterable[Prose], notes: Mapping[str, Note]
) -> tuple[tuple[Note, ...], dict[str, int]]:
    """The notes that some prose mentions, in the order of their first mention, and how often."""
    spans = (span for prose in written for span in prose)
    # A Counter keeps the order of first mention.
    mentions = Counter(span.target for span in spans if span.kind == "note")
    return tuple(notes[note_id] for note_id in mentions), dict(mentions)


def anchor_of(target: str) -> str | None:
    """The anchor that a link's target names, or None where it is a page or file elsewhere."""
    if target.startswith(("https://", "http://")) or target in EDITION_FILES:
        return None
    return target.removeprefix("#")


def claim_anchor(claim_id: str) -> str:
    """Where the card of a claim stands."""
    return f"claim-{claim_id}"


def profile_anchor(state: str) -> str:
    """Where the profile of a state stands, by its code."""
    return f"profile-{state}"


def slug(code: str) -> str:
    """A code as part of an address or an anchor: lower case, words between hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", code.lower()).strip("-")


def all_prose(report: Report) -> Iterator[Prose]:
    """Every run of prose in reading order, footnotes last."""
    yield from report.warnings
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield block.prose
            elif isinstance(block, MethodBox):
                yield from block.paragraphs
            elif isinstance(block, Profile):
                yield from (said for _, said in block.points)
    for note in report.notes:
        yield note.prose


def _spans(report: Report) -> Iterator[Span]:
    for prose in all_prose(report):
        yield from prose


def _cross_links(report: Report) -> Iterator[tuple[str, str]]:
    """What leads from claims to profiles and back, with the anchor it leads to."""
    for profile in report.profiles():
        for line in profile.claims:
            yield f"profile {profile.id}", claim_anchor(line.id)
    for card in report.claim_cards():
        for state, _ in card.states:
            yield f"claim {card.id}", profile_anchor(state)


def _anchors(report: Report) -> set[str]:
    ids = [*FIXED_ANCHORS]
    ids += [section.id for section in report.sections]
    ids += [exhibit.id for exhibit in report.exhibits()]
    ids += [profile.id for profile in report.profiles()]
    for block in (block for section in report.sections for block in section.blocks):
        if isinstance(block, ClaimCards):
            ids += [block.id, *(claim_anchor(card.id) for card in block.cards)]
    for kind, own in (
        ("anchor", ids),
        ("finding", [finding.id for finding in report.findings]),
        ("note", [note.id for note in report.notes]),
    ):
        for name, count in Counter(own).items():
            if count > 1:
                raise ReportError(f"{kind} {name!r} is used {count} times in the report")
            if not _ID.fullmatch(name):
                raise ReportError(f"{kind} {name!r}: expected letters, digits, '-', '_' and '.'")
    return set(ids)


def _check_span(span: Span, anchors: set[str], findings: set[str], notes: set[str]) -> None:
    if span.kind == "note" and span.target not in notes:
        raise ReportError(f"text {span.text!r}: there is no note {span.target!r}")
    if span.kind == "number" and span.target not in findings:
        raise ReportError(f"number {span.text!r}: there is no finding {span.target!r}")
    if span.kind == "link":
        anchor = anchor_of(span.target)
        if anchor is not None and anchor not in anchors:
            raise ReportError(f"link {span.text!r}: there is no place {span.target!r}")
