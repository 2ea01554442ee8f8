"""The report as one HTML file that asks nobody for anything: fonts, charts and data are inside.

Looks stand in ``reports/templates`` (markup, style, script); here is what the template is given
and how text becomes markup. Everything that is not made here is escaped. What is said, and how
numbers are rounded, is decided before.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import jinja2
from markupsafe import Markup

from pipeline.errors import ReportError
from pipeline.language import ENGLISH, Language, language_of, speaking
from pipeline.report.chain_view import chain_view
from pipeline.report.content import Report
from pipeline.report.fonts import Face, Faces
from pipeline.report.pictures import picture_file
from pipeline.report.prose import ProseWriter
from pipeline.report.references import anchor_of, resolve
from pipeline.report.schema_org import dataset
from pipeline.report.script import endings, faces_of, faces_of_names, faces_of_small
from pipeline.report.views import Views, data_uri, json_markup, views_of
from pipeline.report.words import checks_page, day, file_name, page_words
from pipeline.settings import settings

TEMPLATE: Final = "report.html.j2"
STYLE: Final = "report.css.j2"
SCRIPT: Final = "report.js"
SCRIPT_WORDS: Final = (
    "copied", "copy_by_hand", "found_number", "found_more", "kind_section", "kind_finding",
    "kind_claim", "kind_profile", "kind_method",
)  # fmt: skip
"""Words that the script itself puts into the page."""


def render_html(
    report: Report,
    *,
    faces: Faces | None = None,
    others: Sequence[str] = (),
    views: Views | None = None,
    templates_dir: Path | None = None,
) -> str:
    """The whole page.

    Args:
        report: what it says.
        others: codes of the other languages that the edition has the report in.
        views: of its exhibits, where they have been made already.
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
            views or views_of(report),
            templates_dir,
        )


def _render(
    report: Report,
    language: Language,
    fonts: Faces,
    others: Sequence[str],
    views: Views,
    templates_dir: Path | None,
) -> str:
    references = resolve(report)
    words = page_words(report.language)
    prose = ProseWriter(_address, references.notes, references.mentions)
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
        checks=checks_page(report.language),
        workbook=file_name("xlsx", report.language),
        editions_of=[(language_of(code), file_name("html", code)) for code in others],
        words=words,
        prose=prose.write,
        views=views.exhibits,
        pictures=views.pictures,
        beside=str,
        csv_of=lambda exhibit, view: data_uri(view.table.csv),
        png_of=lambda exhibit: picture_file(exhibit.id, language.code),
        to="#{}".format,
        chain_of=chain_view,
        notes=prose.notes,
        dataset=json_markup(dataset(report)),
        words_for_script=json_markup({key: words[key] for key in SCRIPT_WORDS}),
    )


def _address(target: str) -> str:
    anchor = anchor_of(target)
    return target if anchor is None else f"#{anchor}"


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
    style = style_sheet(templates_dir, fonts, dark=dark, script=script, translated=translated)
    code = script_text(templates_dir, SCRIPT) if scripted else ""
    return filled(
        templates_dir,
        template,
        style=Markup(style),  # noqa: S704 - our own style sheet
        script=Markup(code),  # noqa: S704 - our own script
        policy=_policy(style, code),
        day=day,
        **context,
    )


def render_small(
    template: str,
    language: Language,
    *,
    others: Sequence[str] = (),
    templates_dir: Path | None = None,
    **context: Any,
) -> str:
    """A page beside the report, in the reader's own faces but for Chinese signs.

    Args:
        template: name of the template; beside what ``render_page`` gives it, it gets ``language``
            and its ``words``.
        language: of the page.
        others: codes of the other languages that it leads to.
        templates_dir: markup and style; the project's own when not given.

    Raises:
        ReportError: the template or a font is missing or wrong.
    """
    render = partial(
        render_page,
        template,
        script=endings(language.code)[0],
        translated=language is not ENGLISH,
        templates_dir=templates_dir,
        language=language,
        words=page_words(language.code),
        **context,
    )
    with speaking(language):
        return render(fonts=faces_of_small(language.code, render, others, settings().cache_dir))


def style_sheet(
    templates_dir: Path | None,
    fonts: Sequence[Face],
    *,
    dark: Mapping[str, str],
    script: str,
    translated: bool,
    address: Callable[[Face], str] = Face.data_uri,
) -> str:
    """The style of all pages (see ``render_page``). ``address`` is where a face is.

    Raises:
        ReportError: the template is missing or wrong.
    """
    return filled(
        templates_dir,
        STYLE,
        faces=fonts,
        dark=dark,
        script=script,
        translated=translated,
        address=address,
    )


def script_text(templates_dir: Path | None, name: str) -> str:
    """A script or a plain style sheet of the templates, as it stands there.

    Raises:
        ReportError: it is missing.
    """
    path = (templates_dir or settings().templates_dir) / name
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ReportError(f"{path}: cannot be read: {error.strerror or error}") from error


def filled(templates_dir: Path | None, template: str, **context: object) -> str:
    """A template with its places filled; all text is escaped that is not markup of our own.

    Raises:
        ReportError: it is missing or wrong.
    """
    folder = templates_dir or settings().templates_dir
    try:
        environment = _environment(folder, settings().cache_dir)
        return environment.get_template(template).render(**context)
    except (OSError, jinja2.TemplateError) as error:
        raise ReportError(f"{folder}: no page can be made from {template}: {error}") from error


@cache
def _environment(folder: Path, cache_dir: Path) -> jinja2.Environment:
    """The templates of a folder; what they compile to is kept, which takes most of a second."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # What is kept is found by the text of a template, to which these are added.
    read_by = (
        version("jinja2"),
        environment.autoescape,
        environment.trim_blocks,
        environment.lstrip_blocks,
    )
    kept = cache_dir / "templates" / hashlib.sha256(repr(read_by).encode()).hexdigest()[:16]
    kept.mkdir(parents=True, exist_ok=True)
    environment.bytecode_cache = jinja2.FileSystemBytecodeCache(str(kept))
    return environment


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
