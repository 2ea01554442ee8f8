"""The figures as PNG files for slides and messages: title, picture and source on white ground.

Typst sets all of one language at once, as it sets the PDF: with the report's own faces, whatever
fonts a machine has, in a quarter of the time that one renderer call a figure takes.
"""

from pathlib import Path
from typing import Any, Final

from pipeline.errors import ReportError
from pipeline.language import ENGLISH, language_of, speaking
from pipeline.report import svg
from pipeline.report.content import Exhibit, Report
from pipeline.report.fonts import Faces
from pipeline.report.script import endings, faces_of
from pipeline.report.typesetting import typeset
from pipeline.report.words import page_words
from pipeline.settings import settings

TEMPLATE: Final = "pictures.typ"
DOTS_PER_INCH: Final = 144
"""Two dots a pixel of the drawing, which the template makes a point wide."""


def picture_file(exhibit_id: str, language: str) -> str:
    """Where a picture stands in an edition: "exhibits/paths.png", "exhibits/paths.ru.png"."""
    middle = "" if language == ENGLISH.code else f".{language}"
    return f"exhibits/{exhibit_id}{middle}.png"


def render_pictures(
    report: Report, *, faces: Faces | None = None, templates_dir: Path | None = None
) -> dict[str, bytes]:
    """The PNG of each figure by the name of its file in an edition; of tables there is none.

    Args:
        report: whose figures.
        faces: the fonts; those of the project's cache when not given.
        templates_dir: where the template stands; the project's own when not given.

    Raises:
        ReportError: Typst refuses the template, or makes another number of pages than figures.
    """
    figures = [exhibit for exhibit in report.exhibits() if exhibit.chart]
    if not figures:
        return {}
    template = (templates_dir or settings().templates_dir) / TEMPLATE
    language = language_of(report.language)
    with speaking(language):
        content = {
            "language": report.language,
            "fonts": list(endings(report.language)),
            "source": page_words(report.language)["source"] + language.colon,
            "edition": report.edition,
            "figures": [_figure(exhibit) for exhibit in figures],
        }
    fonts = faces_of(report.language, faces, settings().cache_dir)
    pages = typeset(template, content, fonts, format="png", ppi=DOTS_PER_INCH)
    if len(pages) != len(figures):
        raise ReportError(f"{template}: {len(pages)} pages of {len(figures)} figures")
    names = (picture_file(exhibit.id, report.language) for exhibit in figures)
    return dict(zip(names, pages, strict=True))


def _figure(exhibit: Exhibit) -> dict[str, Any]:
    drawing = exhibit.chart.wide if exhibit.chart else ""
    return {
        "title": exhibit.title,
        "subtitle": exhibit.subtitle,
        "svg": svg.standalone(drawing, exhibit.title, ""),
        "width": svg.size(drawing)[0],
        "source": exhibit.source,
    }
