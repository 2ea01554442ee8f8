"""A drawing said in fewer words: the same marks in the same places, without what says nothing.

Vega wraps every layer in groups, moves marks by ``transform``, draws circles and boxes as paths and
repeats on each mark what all of them share. Here groups are dissolved into their marks and marks of
one look gathered anew. Coordinates are pixels and kept to a hundredth. What is not understood stays
as it is. Ids, and what may stand in a page at all, are the work of ``svg``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Final
from xml.etree import ElementTree as ET

_DEFAULTS: Final[Mapping[str, frozenset[str]]] = {
    "fill": frozenset(("black", "#000", "#000000")),
    "stroke": frozenset(("none",)),
    "stroke-width": frozenset(("1", "1px")),
    "stroke-linecap": frozenset(("butt",)),
    "stroke-linejoin": frozenset(("miter",)),
    "stroke-miterlimit": frozenset(("4",)),
    "stroke-dasharray": frozenset(("none",)),
    "font-family": frozenset(),
    "font-size": frozenset(),
    "font-style": frozenset(("normal",)),
    "font-weight": frozenset(("400", "normal")),
    "text-anchor": frozenset(("start",)),
}
"""What marks inherit from their groups, and the values that need not be said."""
_OF_STROKES: Final = tuple(name for name in _DEFAULTS if name.startswith("stroke-"))
_OF_TEXTS: Final = ("font-family", "font-size", "font-style", "font-weight", "text-anchor")
_PLACES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "text": (("x",), ("y",)),
    "rect": (("x",), ("y",)),
    "circle": (("cx",), ("cy",)),
    "line": (("x1", "x2"), ("y1", "y2")),
}
"""Where a mark says its place, across and down."""
_TRANSLATION: Final = re.compile(r"translate\(([-+.\deE]+)[ ,]+([-+.\deE]+)\)")
_NUMBER: Final = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_STEPS: Final = re.compile(r"[A-DF-Za-df-z]")
_ROUNDING: Final = 0.021
"""How far numbers rounded to a hundredth may be from what they stand for, in pixels."""
_UNDRAWN: Final = frozenset(("defs", "clipPath", "linearGradient", "title", "desc"))
"""Elements that are no marks: read, or used by marks."""

Point = tuple[float, float]


def slim(root: ET.Element) -> None:
    """Rewrite the inside of an ``svg`` element, whose tags and attributes have no namespace."""
    root.attrib.pop("version", None)
    own = {name: root.attrib.pop(name) for name in _DEFAULTS if name in root.attrib}
    marks = list(_marks(root, (0.0, 0.0), own))
    family, *others = {mark.get("font-family") for mark in marks if mark.tag == "text"} or {None}
    if family and not others:
        # Said on the root, as a drawing may stand where no style sheet is heard.
        root.set("font-family", family)
        for mark in marks:
            mark.attrib.pop("font-family", None)
    root[:] = list(_gathered(marks))


def _marks(parent: ET.Element, at: Point, inherited: Mapping[str, str]) -> Iterator[ET.Element]:
    """The marks in ``parent`` in drawing order, each with its place and whole look on itself."""
    for element in parent:
        moved = _moved(element, at)
        look = {**inherited, **{n: v for n, v in element.attrib.items() if n in _DEFAULTS}}
        rest = {
            name: value
            for name, value in element.attrib.items()
            if name not in _DEFAULTS and name != "transform" and (name, value) != ("opacity", "1")
        }
        if element.tag in _UNDRAWN:
            yield element
        elif moved is None or element.tag == "use" or (element.tag == "g" and rest):
            yield _kept(element, at, inherited)
        elif element.tag == "g":
            yield from _marks(element, moved, look)
        elif "id" in rest or _shows(element, look):
            element.attrib = rest
            yield _mark(element, moved, look)


def _moved(element: ET.Element, at: Point) -> Point | None:
    """Where the origin of ``element`` is; None if it does more than move."""
    said = element.get("transform")
    if said is None:
        return at
    found = _TRANSLATION.fullmatch(said)
    return (at[0] + float(found[1]), at[1] + float(found[2])) if found else None


def _kept(element: ET.Element, at: Point, inherited: Mapping[str, str]) -> ET.Element:
    """An element as it is, with what its dissolved groups said of it said on itself."""
    element.attrib = {**inherited, **element.attrib}
    if at != (0.0, 0.0):
        element.set("transform", _translation(at) + element.get("transform", ""))
    return element


def _translation(at: Point) -> str:
    return f"translate({_pair(*at)})"


def _mark(element: ET.Element, at: Point, look: Mapping[str, str]) -> ET.Element:
    """A mark at its place with the whole of its look."""
    if element.tag == "path":
        _as_shape(element)
    _place(element, at)
    element.attrib.update(_needed(element.tag, look))
    return element


def _shows(element: ET.Element, look: Mapping[str, str]) -> bool:
    """Whether anything is seen of a mark."""
    if element.tag == "text":
        return len(element) > 0 or bool((element.text or "").strip())
    return _is_stroked(look) or (element.tag != "line" and look.get("fill") != "none")


def _is_stroked(look: Mapping[str, str]) -> bool:
    return look.get("stroke", "none") != "none" and look.get("stroke-width") != "0"


def _needed(tag: str, look: Mapping[str, str]) -> Mapping[str, str]:
    """Of a whole look, what this kind of mark does not do without."""
    return _needed_of(tag, tuple(look.items()))


@lru_cache(maxsize=1024)  # marks of one layer look alike
def _needed_of(tag: str, said: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    look = dict(said)
    idle = set[str]() if tag == "text" else set(_OF_TEXTS)
    if not _is_stroked(look):
        idle |= {"stroke", *_OF_STROKES}
    if tag in ("line", "circle"):
        idle |= {"stroke-linejoin", "stroke-miterlimit"}
    if look.get("stroke-linejoin") == "round":
        idle.add("stroke-miterlimit")
    if tag == "line":
        idle.add("fill")
    return {
        name: value.removesuffix("px") if name == "font-size" else value
        for name, value in sorted(said)
        if name not in idle and value not in _DEFAULTS[name]
    }


def _place(element: ET.Element, at: Point) -> None:
    """Add ``at`` to the coordinates of a mark; by ``transform`` where that does not do."""
    path = element.get("d", "")
    steps = _STEPS.findall(path)
    # What is referred to, as a clip path, counts from the origin of the mark.
    refers = any("url(" in value for value in element.attrib.values())
    if element.tag in _PLACES and not len(element) and not refers:
        for names, offset in zip(_PLACES[element.tag], at, strict=True):
            for name in names:
                value = _said(float(element.attrib.pop(name, "0")) + offset)
                if value != "0":
                    element.set(name, value)
    elif steps[:1] == ["M"] and set(steps[1:]) <= {"L", "Z"} and not refers:
        element.set("d", _polyline(path, at))
    elif at != (0.0, 0.0):
        element.set("transform", _translation(at))


def _as_shape(element: ET.Element) -> None:
    """A path that is a box or a circle becomes one."""
    shape = _shape(element.get("d", ""))
    if shape is not None:
        element.tag, said = shape
        del element.attrib["d"]
        element.attrib = {**said, **element.attrib}


@lru_cache(maxsize=1024)  # dots of one size and boxes of one table have the same path
def _shape(path: str) -> tuple[str, Mapping[str, str]] | None:
    """The tag and the attributes of the shape that a path draws, if it draws one."""
    steps = "".join(_STEPS.findall(path))
    numbers = [float(n) for n in _NUMBER.findall(path)]
    found: dict[str, float] | None = None
    tag = "rect"
    if steps == "MAA":
        found, tag = _circle(numbers), "circle"
    elif steps == "MhvhZ":
        found = _box(numbers)
    elif steps == "MLCLCLCLCZ":
        found = _round_box(numbers)
    return None if found is None else (tag, {name: _said(value) for name, value in found.items()})


def _circle(n: Sequence[float]) -> dict[str, float] | None:
    """Two half circles around the origin, from the right to the left and back."""
    radius = n[0]
    half = [radius, radius, 0, 1, 1]
    expected = [radius, 0, *half, -radius, 0, *half, radius, 0]
    return {"r": radius} if _alike(n, expected) else None


def _box(n: Sequence[float]) -> dict[str, float] | None:
    if len(n) != 5 or n[2] < 0 or n[3] < 0 or abs(n[2] + n[4]) > _ROUNDING:
        return None
    return {"x": n[0], "y": n[1], "width": n[2], "height": n[3]}


def _round_box(n: Sequence[float]) -> dict[str, float] | None:
    """A box with four corners of one radius: its eight straight ends tell it."""
    if len(n) != 34:
        return None
    left, right, top, bottom = n[24], n[8], n[1], n[17]
    radius = n[0] - left
    far, low = right - radius, bottom - radius
    near, high = left + radius, top + radius
    ends = [*n[0:4], *n[8:12], *n[16:20], *n[24:28], *n[32:34]]
    expected = [near, top, far, top, right, high, right, low, far, bottom, near, bottom,
                left, low, left, high, near, top]  # fmt: skip
    if radius < 0 or not _alike(ends, expected):
        return None
    return {"x": left, "y": top, "width": right - left, "height": bottom - top, "rx": radius}


def _alike(found: Sequence[float], expected: Sequence[float]) -> bool:
    return len(found) == len(expected) and all(
        abs(a - b) <= _ROUNDING for a, b in zip(found, expected, strict=True)
    )


def _polyline(path: str, at: Point) -> str:
    """Straight steps, each told from the one before; whole hundredths, so that no error grows."""
    numbers = [float(n) for n in _NUMBER.findall(path)]
    points = [
        (round((x + at[0]) * 100), round((y + at[1]) * 100))
        for x, y in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    steps = [
        _pair((x - before_x) / 100, (y - before_y) / 100)
        for (before_x, before_y), (x, y) in pairwise(points)
    ]
    first = _pair(points[0][0] / 100, points[0][1] / 100)
    closed = "z" if path.rstrip().endswith("Z") else ""
    return f"M{first}" + ("l" + " ".join(steps) if steps else "") + closed


def _pair(x: float, y: float) -> str:
    return f"{_said(x)},{_said(y)}"


def _said(value: float) -> str:
    """A number to the hundredth, in as few signs as can be."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if digits == "0":
        return "0"
    return sign + (digits[1:] if digits.startswith("0.") else digits)


def _gathered(marks: Sequence[ET.Element]) -> Iterator[ET.Element]:
    """Neighbours of one kind in a group that says what all of them share."""
    for (tag, _), run in groupby(marks, lambda m: (m.tag, sorted(m.attrib.keys() & _DEFAULTS))):
        alike = list(run)
        shared = _shared(alike)
        if len(alike) == 1 or not shared or tag in ("g", "use", *_UNDRAWN):
            yield from alike
            continue
        group = ET.Element("g", shared)
        for mark in alike:
            for name in shared:
                del mark.attrib[name]
        group.extend(alike)
        yield group


def _shared(marks: Sequence[ET.Element]) -> dict[str, str]:
    first = marks[0].attrib
    return {
        name: value
        for name, value in first.items()
        if name in _DEFAULTS and all(mark.get(name) == value for mark in marks)
    }
