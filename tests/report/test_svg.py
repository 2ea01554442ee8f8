"""Charts in a page: shapes and text with ids of their own, and nothing that runs or loads."""

import pytest

from pipeline.errors import ReportError
from pipeline.report import svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="5" viewBox="0 0 10 5">'


def test_ids_and_their_uses_get_a_prefix() -> None:
    drawing = (
        f'{HEAD}<defs><clipPath id="c0"><rect/></clipPath></defs>'
        '<path clip-path="url(#c0)" d="M0,0"/></svg>'
    )
    made = svg.inline(drawing, "paths-wide-", "wide")
    assert 'id="paths-wide-c0"' in made
    assert 'clip-path="url(#paths-wide-c0)"' in made


def test_the_page_decides_on_the_size() -> None:
    made = svg.inline(f"{HEAD}</svg>", "", "wide")
    assert made.startswith("<svg viewBox=")
    assert "width" not in made
    assert "xmlns" not in made


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject/>",
        '<image href="https://example.org/x.png"/>',
        '<use href="https://example.org/x.svg#a"/>',
        '<rect style="fill:red"/>',
    ],
)
def test_what_runs_or_loads_is_refused(inside: str) -> None:
    with pytest.raises(ReportError, match="a chart"):
        svg.inline(f"{HEAD}{inside}</svg>", "", "wide")


def test_handlers_and_roles_of_the_drawing_tool_are_dropped() -> None:
    made = svg.inline(f'{HEAD}<rect role="x" aria-label="y" onclick="z()"/></svg>', "", "wide")
    assert "<rect/>" in made


def test_entities_that_a_document_type_declares_are_refused() -> None:
    for made_ready in (svg.slimmed, lambda text: svg.inline(text, "", "wide")):
        with pytest.raises(ReportError, match="a chart has a document type"):
            made_ready(f'<!DOCTYPE svg [<!ENTITY a "b">]>{HEAD}<text>&a;</text></svg>')


@pytest.mark.parametrize("broken", ["<svg", f"{HEAD}<g></svg>", "<svg></svg>"])
def test_a_broken_drawing_is_named_as_such(broken: str) -> None:
    with pytest.raises(ReportError, match="a chart"):
        svg.inline(broken, "", "wide")


def test_a_file_of_its_own_says_what_it_shows() -> None:
    made = svg.standalone(f"{HEAD}</svg>", "A < B", "Source", "text{fill:red}")
    assert made.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<svg ')
    assert 'xmlns="http://www.w3.org/2000/svg"' in made
    assert "<title>A &lt; B</title><desc>Source</desc><style>text{fill:red}</style>" in made
