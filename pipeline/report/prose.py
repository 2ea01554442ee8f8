"""Prose as markup: spans escaped, links as the page leads to them, footnotes counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipeline.report.content import Note, Prose, Span

Link = Callable[[str], str]
"""The address that the target of a link has on a page."""


@dataclass(frozen=True)
class NoteView:
    """A footnote with its number, and the anchors of its mentions on the page."""

    id: str
    prose: Prose
    back: tuple[str, ...]


class ProseWriter:
    """Writes the prose of one page, from its top down: each mention of a note gets an anchor.

    Args:
        link: where links lead.
        notes: the footnotes by number, from 1.
        mentions: how often each is mentioned on the page, by its id.
    """

    def __init__(self, link: Link, notes: Sequence[Note], mentions: Mapping[str, int]) -> None:
        self._link = link
        self._numbers = {note.id: number for number, note in enumerate(notes, start=1)}
        self._written: dict[str, int] = {}
        self.notes = tuple(
            NoteView(note.id, note.prose, _anchors(note.id, mentions.get(note.id, 0)))
            for note in notes
        )
        """The footnotes with the links back to where they are mentioned."""

    def write(self, prose: Prose) -> Markup:
        return Markup("").join(self._span(span) for span in prose)

    def _span(self, span: Span) -> Markup:
        match span.kind:
            case "text":
                return Markup("{}").format(span.text)
            case "strong":
                return Markup("<strong>{}</strong>").format(span.text)
            case "emphasis":
                return Markup("<em>{}</em>").format(span.text)
            case "number":
                return Markup('<span class="number" data-finding="{}">{}</span>').format(
                    span.target, span.text
                )
            case "link":
                return Markup('<a href="{}">{}</a>').format(self._link(span.target), span.text)
            case "note":
                return self._mention(span)

    def _mention(self, span: Span) -> Markup:
        count = self._written[span.target] = self._written.get(span.target, 0) + 1
        return Markup(
            '<sup><a href="#note-{0}" id="mention-{0}-{1}" role="doc-noteref">{2}</a></sup>'
        ).format(span.target, count, self._numbers[span.target])


def _anchors(note_id: str, count: int) -> tuple[str, ...]:
    return tuple(f"mention-{note_id}-{n}" for n in range(1, count + 1))
