"""Drawings in fewer words: each mark in its place and look, nothing that says nothing."""

from xml.etree import ElementTree as ET

import pytest

from pipeline.report.svg_slim import slim


def slimmed(inside: str) -> str:
    """The inside of a drawing, and the attributes of its root, once it is slimmed."""
    root = ET.fromstring(f"<svg>{inside}</svg>")
    slim(root)
    return ET.tostring(root, encoding="unicode").replace(" />", "/>")[4:-6]


def test_groups_that_only_move_dissolve_into_the_places_of_their_marks() -> None:
    inside = (
        '<g transform="translate(10,20)"><g transform="translate(0.5, 0.25)">'
        '<line transform="translate(0,5)" x2="7" y2="0" stroke="red"/></g></g>'
    )
    assert slimmed(inside) == '><line x1="10.5" x2="17.5" y1="25.25" y2="25.25" stroke="red"/>'


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("M3,0A3,3,0,1,1,-3,0A3,3,0,1,1,3,0", '<circle r="3" cx="1" cy="2"/>'),
        ("M0,0h4v5h-4Z", '<rect width="4" height="5" x="1" y="2"/>'),
        (
            "M3,0L7,0C8.66,0,10,1.34,10,3L10,17C10,18.66,8.66,20,7,20L3,20"
            "C1.34,20,0,18.66,0,17L0,3C0,1.34,1.34,0,3,0Z",
            '<rect width="10" height="20" rx="3" x="1" y="2"/>',
        ),
        ("M0,0L10.25,1L5,1.5Z", '<path d="M1,2l10.25,1 -5.25,.5z"/>'),
    ],
)
def test_paths_of_known_shapes_are_said_as_such(path: str, shape: str) -> None:
    assert slimmed(f'<path transform="translate(1,2)" d="{path}"/>') == ">" + shape


@pytest.mark.parametrize(
    "path",
    [
        "M3,0A3,3,0,1,1,-3,0",  # half a circle
        "M3,0A3,4,0,1,1,-3,0A3,4,0,1,1,3,0",  # an ellipse
        "M0,0h4v5h-3Z",  # three of four sides
        # one corner of another radius
        "M3,0L7,0C8.66,0,10,1.34,10,3L10,12C10,18.66,8.66,20,7,20L3,20"
        "C1.34,20,0,18.66,0,17L0,3C0,1.34,1.34,0,3,0Z",
        "M0,0Q1,1,2,0",
    ],
)
def test_other_paths_stay_and_are_moved_whole(path: str) -> None:
    made = slimmed(f'<path transform="translate(1,2)" d="{path}"/>')
    assert made == f'><path d="{path}" transform="translate(1,2)"/>'


def test_what_is_the_default_or_has_no_effect_is_not_said() -> None:
    inside = (
        '<rect width="1" height="1" fill="red" stroke-width="0" stroke-linejoin="round" '
        'font-size="3" opacity="1"/><text fill="blue" font-weight="400" font-size="10px" '
        'text-anchor="start">a</text>'
    )
    assert slimmed(inside) == (
        '><rect width="1" height="1" fill="red"/><text fill="blue" font-size="10">a</text>'
    )


def test_what_does_not_show_is_left_out() -> None:
    unseen = (
        '<g fill="none"><path d="M0,0h4v5h-4Z"/><g/><text fill="red"> </text>'
        '<rect width="1" height="1" stroke="red" stroke-width="0"/><line x2="3"/></g>'
    )
    assert slimmed(unseen + '<rect width="1" height="1"/>') == '><rect width="1" height="1"/>'


def test_a_look_that_comes_from_a_group_is_kept_and_the_nearer_one_counts() -> None:
    inside = '<g fill="none" stroke="red"><rect width="1" height="1" stroke="blue"/></g>'
    assert slimmed(inside) == '><rect width="1" height="1" fill="none" stroke="blue"/>'


def test_neighbours_of_one_kind_share_their_look_in_drawing_order() -> None:
    inside = (
        '<text x="1" fill="red" font-size="9">a</text>'
        '<text x="2" fill="blue" font-size="9">b</text>'
        '<circle r="1"/><text x="3" fill="red" font-size="9">c</text>'
    )
    assert slimmed(inside) == (
        '><g font-size="9"><text x="1" fill="red">a</text><text x="2" fill="blue">b</text></g>'
        '<circle r="1"/><text x="3" fill="red" font-size="9">c</text>'
    )


def test_one_face_of_all_texts_is_said_once_on_the_root() -> None:
    one, other = '<text font-family="A">a</text>', '<text font-family="B">b</text>'
    assert slimmed(one + one).startswith(' font-family="A"><text>a</text>')
    assert slimmed(one + other).startswith('><text font-family="A">')


@pytest.mark.parametrize(
    "group",
    [
        '<g transform="rotate(90)" fill="red"><rect width="1" height="1"/></g>',
        '<g opacity="0.5" fill="red"><rect width="1" height="1"/></g>',
        '<g clip-path="url(#c)" fill="red"><rect width="1" height="1"/></g>',
        '<g id="used" fill="red"><rect width="1" height="1"/></g>',
        '<use href="#used" fill="red"/>',
    ],
)
def test_groups_that_do_more_than_move_are_kept_and_moved(group: str) -> None:
    at = "translate(1,2)rotate(90)" if "rotate" in group else "translate(1,2)"
    made = slimmed('<g transform="translate(1,2)">' + group + "</g>")
    found = ET.fromstring(f"<svg{made}</svg>")[0]
    expected = ET.fromstring(group)
    assert (found.tag, found.attrib) == (expected.tag, expected.attrib | {"transform": at})
    assert [child.attrib for child in found] == [child.attrib for child in expected]


def test_a_mark_with_a_clip_path_keeps_its_origin_and_definitions_stay() -> None:
    defined = '<defs><clipPath id="c"><rect width="9" height="9" fill="none"/></clipPath></defs>'
    clipped = '<rect x="3" width="1" height="1" clip-path="url(#c)"/>'
    made = slimmed(f'<g transform="translate(1,2)">{defined}{clipped}</g>')
    moved = clipped.replace("/>", ' transform="translate(1,2)"/>')
    assert made == f">{defined}{moved}"


def test_text_in_parts_keeps_its_origin() -> None:
    text = '<text transform="translate(5,6)"><tspan x="0" dy="3">a</tspan></text>'
    assert slimmed(text) == (
        '><text transform="translate(5,6)"><tspan x="0" dy="3">a</tspan></text>'
    )


def test_errors_of_rounding_do_not_grow_along_a_line() -> None:
    points = [(n * 0.333, n * 0.777) for n in range(200)]
    path = "M" + "L".join(f"{x},{y}" for x, y in points)
    made = slimmed(f'<path stroke="red" fill="none" d="{path}"/>').split('"')[1]
    steps = [tuple(map(float, step.split(","))) for step in made[1:].replace("l", " ").split()]
    end = [sum(step[axis] for step in steps) for axis in (0, 1)]
    assert end == pytest.approx(points[-1], abs=0.0051)
