"""How tall the parts of the report are as Typst sets them, and so where each has its place.

What to do with the lengths is the work of ``page_plan``; here they are asked for, and the plan is
put into the content that ``report.typ`` reads.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pipeline.report.fonts import Faces
from pipeline.report.page_plan import Chapter, Paper, Part, Placed, Plan, plan_pages
from pipeline.report.typesetting import measured

TEMPLATE: Final = "sizes.typ"
_PAGES_OF_THEIR_OWN: Final = ("profile", "method")
"""Kinds of parts that keep to the pages that the template gives them, with all that follows."""


def with_pages(content: Mapping[str, Any], folder: Path, faces: Faces) -> dict[str, Any]:
    """The content of the report with its parts in the order of their pages.

    Every part comes to say ``scale`` (of its picture) and ``new_page``, a section ``new_page``, and
    the report whether the list of contents stands on the first page (``contents_first``).

    Raises:
        ReportError: Typst refuses the template of sizes in ``folder``.
    """
    planned: list[dict[str, Any]] = []
    for section in content["sections"]:
        if any(part["kind"] in _PAGES_OF_THEIR_OWN for part in section["blocks"]):
            break
        planned.append(section)
    rest = content["sections"][len(planned) :]
    asked = {**content, "package": "", "sections": [_unpictured(s) for s in content["sections"]]}
    sizes = measured(folder / TEMPLATE, {**asked, "planned": len(planned)}, faces, "sizes")
    contents = sizes["contents"]
    first = sizes["front"] + contents["above"] + contents["height"] <= sizes["page"]
    pages = plan_pages(
        [_chapter(section) for section in sizes["sections"]],
        Paper(page=sizes["page"], note_head=sizes["note_head"]),
        # The summary has its page to itself, so that the first section begins the next.
        Plan()
        if first or content["summary"]
        else Plan(used=contents["height"], below=contents["below"]),
    )
    sections = [_ordered(s, placed) for s, placed in zip(planned, pages, strict=True)]
    return {
        **content,
        "contents_first": first,
        "sections": sections + [_as_written(section) for section in rest],
    }


def _unpictured(section: Mapping[str, Any]) -> dict[str, Any]:
    """The section without pictures and data, which take long to hand on; their size is known."""
    heavy = ("svg", "csv")
    blocks = [
        {key: "" if key in heavy and value else value for key, value in part.items()}
        for part in section["blocks"]
        if part["kind"] != "profile"
    ]
    return {**section, "blocks": blocks}


def _chapter(sizes: Mapping[str, Any]) -> Chapter:
    heading = Part(kind="text", **sizes["heading"])
    return Chapter(heading, tuple(_part(size) for size in sizes["blocks"]))


def _part(size: Mapping[str, Any]) -> Part:
    lists = {key: tuple(size.get(key, ())) for key in ("notes", "rows")}
    return Part(**{**size, **lists})


def _ordered(section: Mapping[str, Any], placed: tuple[Placed, ...]) -> dict[str, Any]:
    """The section as planned; the new page of its first part is its heading's."""
    blocks = [
        section["blocks"][one.at] | {"scale": one.scale, "new_page": one.new_page and n > 0}
        for n, one in enumerate(placed)
    ]
    return {**section, "blocks": blocks, "new_page": placed[0].new_page}


def _as_written(section: Mapping[str, Any]) -> dict[str, Any]:
    blocks = [part | {"scale": 1.0, "new_page": False} for part in section["blocks"]]
    return {**section, "blocks": blocks, "new_page": False}
