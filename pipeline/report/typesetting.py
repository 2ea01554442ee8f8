"""Typst, asked for pages or lengths: only our templates and our fonts, whatever the machine has.

What is set, and in which form, is the work of ``pdf`` and ``pictures``. Content travels as JSON and
is never read as markup.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.errors import ReportError
from pipeline.report.fonts import Faces

if TYPE_CHECKING:
    import typst


def typeset(template: Path, content: dict[str, Any], faces: Faces, **form: Any) -> list[bytes]:
    """What Typst makes of a template: one file, or for pictures one a page.

    Args:
        template: it reads ``content`` as JSON from its input ``report``.
        form: what Typst is told of the form of its output, by its own names.

    Raises:
        ReportError: Typst refuses the template or warns of something.
    """
    import typst

    try:
        done, warnings = typst.compile_with_warnings(
            template,
            root=template.parent,
            font_paths=_fonts(faces),
            sys_inputs=_inputs(content),
            **form,
        )
    except typst.TypstError as error:
        raise ReportError(f"{template}: {error.message} {' '.join(error.hints)}") from error
    if warnings or done is None:
        raise ReportError(f"{template}: {'; '.join(str(w) for w in warnings)}")
    return done if isinstance(done, list) else [done]


def measured(template: Path, content: dict[str, Any], faces: Faces, label: str) -> Any:
    """What a template leaves as metadata under a label, such as lengths in points.

    Args:
        template, content: as for ``typeset``.

    Raises:
        ReportError: Typst refuses the template, or there is no such label.
    """
    import typst

    try:
        asked = typst.Compiler(
            template,
            root=template.parent,
            font_paths=_fonts(faces),
            sys_inputs=_inputs(content),
        )
        return json.loads(asked.query(f"<{label}>", field="value", one=True))
    except typst.TypstError as error:
        raise ReportError(f"{template}: {error.message} {' '.join(error.hints)}") from error


def _fonts(faces: Faces) -> "typst.Fonts":
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[faces.ttf_directory, *faces.more_ttf],
    )


def _inputs(content: dict[str, Any]) -> dict[str, str]:
    return {"report": json.dumps(content, ensure_ascii=False, sort_keys=True)}
