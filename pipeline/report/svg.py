"""Charts made ready to stand in a page, in a PDF or as a file: same picture, tidy markup.

Takes the SVG text of a chart and gives it ids of its own and lets nothing pass that runs or loads.
Drawing and colours are the work of ``charts``, saying the same in fewer words that of ``svg_slim``.
"""

import re
from copy import deepcopy
from functools import lru_cache
from typing import Final
from xml.etree import ElementTree as ET

from pipeline.errors import ReportError
from pipeline.report.svg_slim import slim

NAMESPACE: Final = "http://www.w3.org/2000/svg"
_REFERENCE: Final = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")
_ALLOWED: Final = frozenset(
    ("svg", "g", "defs", "clipPath", "linearGradient", "stop", "path", "rect", "circle", "ellipse",
     "line", "polyline", "polygon", "text", "tspan", "title", "desc", "use")
)  # fmt: skip


def slimmed(svg: str) -> str:
    """``svg`` in fewer words, as ``charts`` hand it on.

    Raises:
        ReportError: it is not well-formed.
    """
    root = _parsed(svg)
    slim(root)
    root.set("xmlns", NAMESPACE)
    return _written(root)


def inline(svg: str, prefix: str, css_class: str) -> str:
    """``svg`` for use inside a page: no namespace, ids under ``prefix``, size left to the page.

    Raises:
        ReportError: it is not well-formed, has no view box or holds more than shapes and text.
    """
    root = _tidied(svg, prefix)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("class", css_class)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return _written(root)


def standalone(svg: str, title: str, description: str, style: str = "") -> str:
    """``svg`` as a file of its own, with a title, a description and a style sheet."""
    root = _tidied(svg, "")
    root.set("xmlns", NAMESPACE)
    head = [_element("title", title), _element("desc", description)]
    if style:
        head.append(_element("style", style))
    for position, element in enumerate(head):
        root.insert(position, element)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _written(root) + "\n"


def size(svg: str) -> tuple[float, float]:
    """Width and height of the view box, in user units."""
    _, _, width, height = (float(part) for part in _view_box(_parsed(svg)).split())
    return width, height


def _written(root: ET.Element) -> str:
    # A sign ">" within a text or a value is written as "&gt;".
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")


def _element(tag: str, text: str) -> ET.Element:
    element = ET.Element(tag)
    element.text = text
    return element


def _parsed(svg: str) -> ET.Element:
    """The drawing, its names without their namespaces.

    Only a document type can declare entities, which could grow or load; a text with one is refused
    before it is parsed.
    """
    if "<!DOCTYPE" in svg:
        raise ReportError("a chart has a document type: expected shapes and text only")
    try:
        root = ET.fromstring(svg)  # noqa: S314 - no document type, so no entity to grow or load
    except ET.ParseError as error:
        raise ReportError(f"a chart is not well-formed SVG: {error}") from error
    for element in root.iter():
        element.tag = _plain(element.tag)
        element.attrib = {_plain(key): value for key, value in element.attrib.items()}
    return root


def _view_box(root: ET.Element) -> str:
    box = root.get("viewBox")
    if box is None or len(box.split()) != 4:
        raise ReportError(f"a chart has the view box {box!r}: expected four numbers")
    return box


def _tidied(svg: str, prefix: str) -> ET.Element:
    root = deepcopy(_checked(svg))
    if prefix:
        for element in root.iter():
            for key, value in element.attrib.items():
                if key == "id" or "#" in value:
                    element.attrib[key] = _prefixed(key, value, prefix)
    return root


@lru_cache(maxsize=512)
def _checked(svg: str) -> ET.Element:
    """A drawing that may stand in a page; not to be changed, as page, PDF and files ask for it."""
    root = _parsed(svg)
    _view_box(root)
    for element in root.iter():
        if element.tag not in _ALLOWED:
            raise ReportError(f"a chart holds <{element.tag}>: expected shapes and text only")
        element.attrib = {
            key: value
            for key, value in element.attrib.items()
            if not (key == "role" or key.startswith(("aria-", "on")))
        }
        loaded = element.attrib.get("href", "#")
        if not loaded.startswith("#"):
            raise ReportError(f"a chart loads {loaded[:60]!r}: expected references inside it only")
        if "style" in element.attrib:
            # A page whose policy names its style sheet by hash ignores these.
            raise ReportError(f"a chart has a style attribute: {element.attrib['style']!r}")
    return root


def _plain(key: str) -> str:
    return key.rpartition("}")[2]


def _prefixed(key: str, value: str, prefix: str) -> str:
    if key == "id":
        return prefix + value
    if key == "href":
        return "#" + prefix + value[1:]
    return _REFERENCE.sub(lambda match: f"url(#{prefix}{match[1]})", value)
