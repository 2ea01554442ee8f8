"""The report as one HTML file that asks nobody for anything: fonts, charts and data are inside.

Looks stand in ``reports/templates`` (markup, style, script); here is what the template is given
and how text becomes markup. Everything that is not made here is escaped. What is said, and how
numbers are rounded, is decided before.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import jinja2
from markupsafe import Markup

from pipeline.errors import ReportError
from pipeline.language import ENGLISH, Language, in_force, language_of, speaking
from pipeline.report import svg
from pipeline.report.chain_view import chain_view
from pipeline.report.content import Chart, Column, Exhibit, Profile, Prose, Report, Span, Value
from pipeline.report.files import exhibit_csv
from pipeline.report.fonts import Face, Faces
from pipeline.report.pictures import picture_file
from pipeline.report.references import References, anchor_of, resolve
from pipeline.report.schema_org import dataset
from pipeline.report.script import endings, faces_of, faces_of_names
from pipeline.report.words import cell, day, file_name, heading, label, page_words
from pipeline.settings import settings

TEMPLATE: Final = "report.html.j2"
STYLE: Final = "report.css.j2"
SCRIPT: Final = "report.js"
SCRIPT_WORDS: Final = (
    "copied", "copy_by_hand", "found_number", "found_more", "kind_section", "kind_finding",
    "kind_claim", "kind_profile", "kind_method",
)  # fmt: skip
"""Words that the script itself puts into the page."""

_UNSAFE_IN_ADDRESS: Final = {
    ord(sign): f"%{ord(sign):02X}" for sign in (*map(chr, range(33)), *'"#%<>[\\]^`{|}', "\x7f")
}
"""ASCII signs that a URL may not hold; all others may stand in it as they are."""


def render_html(
    report: Report,
    *,
    faces: Faces | None = None,
    others: Sequence[str] = (),
    templates_dir: Path | None = None,
) -> str:
    """The whole page.

    Args:
        report: what it says.
        others: codes of the other languages that the edition has the report in.
        faces: the fonts; those of the project's cache when not given.
        templates_dir: markup, style and script; the project's own when not given.

    Raises:
        ReportError: a reference of the report leads nowhere, or a chart or template is wrong.
    """
    language = language_of(report.language)
    with speaking(language):
        return _render(
            report,
            language,
            faces_of(language.code, faces, settings().cache_dir),
            others,
            templates_dir,
        )


def _render(
    report: Report,
    language: Language,
    fonts: Faces,
    others: Sequence[str],
    templates_dir: Path | None,
) -> str:
    references = resolve(report)
    words = page_words(report.language)
    prose = _ProseWriter(references)
    return render_page(
        TEMPLATE,
        fonts=(*fonts.faces, *faces_of_names(language.code, others, settings().cache_dir)),
        dark=report.dark_colours,
        scripted=True,
        script=endings(report.language)[0],
        translated=language is not ENGLISH,
        templates_dir=templates_dir,
        report=report,
        language=language,
        pdf=file_name("pdf", report.language),
        editions_of=[(language_of(code), file_name("html", code)) for code in others],
        words=words,
        prose=prose.write,
        views={e.id: _view(e, words) for e in report.exhibits()},
        pictures={p.id: _small(p) for p in report.profiles()},
        chain_of=chain_view,
        notes=[_NoteView(n.id, n.prose, prose.anchors(n.id)) for n in references.notes],
        dataset=_json(dataset(report)),
        words_for_script=_json({key: words[key] for key in SCRIPT_WORDS}),
    )


def render_page(
    template: str,
    *,
    fonts: Sequence[Face] = (),
    dark: Mapping[str, str] = MappingProxyType({}),
    scripted: bool = False,
    script: str = "",
    translated: bool = False,
    templates_dir: Path | None = None,
    **context: object,
) -> str:
    """A page in the style of the report that loads nothing; its policy allows nothing else.

    Args:
        template: name of the template; it gets ``style``, ``script``, ``policy``, ``day`` and
            what else is given.
        fonts: faces to put into the page; without any it takes what the reader has.
        dark: colours of charts and their counterparts on dark ground.
        script: what the names of the families end on that come first.
        translated: whether the page says of itself that it is a translation.
        scripted: whether the script of the report belongs to it.

    Raises:
        ReportError: a template is missing or wrong.
    """
    folder = templates_dir or settings().templates_dir
    environment = _environment(folder)
    try:
        style = environment.get_template(STYLE).render(
            faces=fonts, dark=dark, script=script, translated=translated
        )
        code = (folder / SCRIPT).read_text("utf-8") if scripted else ""
        return environment.get_template(template).render(
            style=Markup(style),  # noqa: S704 - our own style sheet
            script=Markup(code),  # noqa: S704 - our own script
            policy=_policy(style, code),
            day=day,
            **context,
        )
    except (OSError, jinja2.TemplateError) as error:
        raise ReportError(f"{folder}: no page can be made from {template}: {error}") from error


@cache
def _environment(folder: Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _policy(style: str, script: str) -> str:
    """The content security policy: our style and script by hash, data inside the page, no more."""
    parts = (
        "default-src 'none'",
        f"style-src {_source_hash(style)}",
        f"script-src {_source_hash(script)}" if script else "script-src 'none'",
        "img-src data:",
        "font-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return "; ".join(parts)


def _source_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _json(value: object) -> Markup:
    """JSON that may stand in a script element whatever texts it holds."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for sign, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, escape)
    return Markup(text)  # noqa: S704 - no sign of markup is left


class _ProseWriter:
    """Spans as markup. Counts the mentions of each note, so that each has an anchor of its own."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._mentions: dict[str, int] = {}

    def write(self, prose: Prose) -> Markup:
        return Markup("").join(self._span(span) for span in prose)

    def anchors(self, note_id: str) -> tuple[str, ...]:
        """Where the note is mentioned, for the links back."""
        count = self._references.mentions.get(note_id, 0)
        return tuple(f"mention-{note_id}-{n}" for n in range(1, count + 1))

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
                anchor = anchor_of(span.target)
                address = span.target if anchor is None else f"#{anchor}"
                return Markup('<a href="{}">{}</a>').format(address, span.text)
            case "note":
                return self._mention(span)

    def _mention(self, span: Span) -> Markup:
        count = self._mentions[span.target] = self._mentions.get(span.target, 0) + 1
        return Markup(
            '<sup><a href="#note-{0}" id="mention-{0}-{1}" role="doc-noteref">{2}</a></sup>'
        ).format(span.target, count, self._references.note_number(span.target))


@dataclass(frozen=True)
class _NoteView:
    id: str
    prose: Prose
    back: tuple[str, ...]


@dataclass(frozen=True)
class _Cell:
    text: str
    kind: str
    raw: str
    """What a number sorts by; empty for text."""


@dataclass(frozen=True)
class _ExhibitView:
    """What the template needs of an exhibit beside the exhibit itself."""

    label: str
    headings: tuple[tuple[str, str], ...]
    """Text and kind of each column."""
    rows: tuple[tuple[_Cell, ...], ...]
    csv: str
    png: str
    """Where its picture stands beside the page."""
    wide: Markup | None
    narrow: Markup | None
    stops: Markup | None


def _view(exhibit: Exhibit, words: Mapping[str, str]) -> _ExhibitView:
    columns, chart = exhibit.table.columns, exhibit.chart
    whose = f"exhibit {exhibit.id}"
    return _ExhibitView(
        label=label(exhibit, words),
        headings=tuple((heading(column), column.kind) for column in columns),
        rows=tuple(
            tuple(_cell(row.get(column.key), column, words) for column in columns)
            for row in exhibit.table.rows
        ),
        csv=_csv_address(exhibit_csv(exhibit.table)),
        png=picture_file(exhibit.id, in_force().code),
        wide=_picture(chart.wide, whose, exhibit.id, "wide") if chart else None,
        narrow=_picture(chart.narrow, whose, exhibit.id, "narrow") if chart else None,
        stops=_json(_stops(chart)) if chart and chart.hover else None,
    )


def _csv_address(text: str) -> str:
    """A CSV file as a ``data:`` URI: readable text, which compresses much better than base64."""
    return "data:text/csv;charset=utf-8," + text.translate(_UNSAFE_IN_ADDRESS)


def _cell(value: Value, column: Column, words: Mapping[str, str]) -> _Cell:
    text = cell(value, column, words)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    raw = repr(float(value)) if is_number and value is not None else ""
    return _Cell(text, column.kind, raw if raw != text else "")


def _small(profile: Profile) -> Markup:
    """The picture of a profile; nothing where it has none."""
    if profile.picture is None:
        return Markup()
    return _picture(profile.picture.svg, f"profile {profile.id}", profile.id, "single")


def _picture(drawing: str, whose: str, prefix: str, variant: str) -> Markup:
    """A drawing to stand in the page, its ids made its own by ``prefix`` and ``variant``."""
    try:
        inlined = svg.inline(drawing, f"{prefix}-{variant}-", variant)
    except ReportError as error:
        raise ReportError(f"{whose}, {variant}: {error}") from error
    return Markup(inlined)  # noqa: S704 - shapes and text only, serialised by us


def _stops(chart: Chart) -> list[dict[str, Any]]:
    return [
        {"label": stop.label, "x": [stop.x_wide, stop.x_narrow], "lines": stop.lines}
        for stop in chart.hover
    ]
