"""Charts: labels apart and inside, the same bytes, nothing drawn where nothing was published."""

import itertools
import re
from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any

import pytest
import vl_convert
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from pipeline.catalog.models import Catalog
from pipeline.errors import ReportError
from pipeline.report import palette, svg
from pipeline.report.charts import drawing
from pipeline.report.charts.lines import Line, Point
from pipeline.report.charts.scale import Scale, ceiling, decades, ticks, year_ticks
from pipeline.report.charts.spread import spread
from pipeline.report.charts.text import WIDTHS, width
from pipeline.report.content import Chart
from pipeline.report.fonts import Faces
from tests.report.made_up_charts import CHARTS, drawn, line, line_chart
from tests.report.placed_texts import ReadSvg

Read = Callable[[str], ReadSvg]
ROOM = st.lists(st.floats(0, 300), min_size=1, max_size=12)


def chart_of(*lines: Line, **fields: Any) -> Chart:
    return line_chart(*lines, **fields).render()


# --- moving labels apart


@given(ROOM)
def test_spread_labels_are_at_least_a_gap_apart(wanted: list[float]) -> None:
    placed = sorted(spread(wanted, 14, 0, 300))

    assert all(b - a >= 14 - 1e-6 for a, b in itertools.pairwise(placed))


@given(ROOM)
def test_spread_labels_stay_in_their_room_and_order(wanted: list[float]) -> None:
    placed = spread(wanted, 14, 0, 300)

    assert all(-1e-6 <= y <= 300 + 1e-6 for y in placed)
    for (a, x), (b, y) in itertools.combinations(zip(wanted, placed, strict=True), 2):
        assert (a < b) <= (x < y)


@given(st.lists(st.integers(0, 10).map(lambda n: n * 30.0), unique=True, max_size=8))
def test_labels_with_room_are_not_moved(wanted: list[float]) -> None:
    assert spread(wanted, 14, 0, 300) == pytest.approx(tuple(wanted))


def test_two_labels_on_one_spot_part_evenly() -> None:
    assert spread([100, 100], 14, 0, 300) == pytest.approx((93, 107))


def test_more_labels_than_fit_share_the_room() -> None:
    placed = spread([5.0] * 11, 14, 0, 100)

    assert placed == pytest.approx(tuple(range(0, 101, 10)))


def test_a_room_that_ends_before_it_begins_is_an_error() -> None:
    with pytest.raises(ReportError, match="between 10 and 0"):
        spread([1], 14, 10, 0)


# --- scales


@given(st.floats(1, 1e12), st.booleans())
def test_a_scale_and_its_inverse_agree(value: float, log: bool) -> None:
    scale = Scale(1, 1e12, 400, 0, log)

    assert scale.at(scale.px(value)) == pytest.approx(value, rel=1e-6, abs=1e-3)


@given(st.floats(0.001, 1e9))
def test_an_axis_from_zero_holds_its_largest_value_and_ends_on_a_tick(value: float) -> None:
    top = ceiling(value)

    assert value <= top * (1 + 1e-9)
    assert ticks(0, top, 5)[-1] == pytest.approx(top)


@given(st.integers(1950, 2030), st.integers(0, 80), st.integers(2, 12))
def test_year_ticks_begin_and_end_with_the_years(first: int, span: int, about: int) -> None:
    found = year_ticks(first, first + span, about)

    assert (found[0], found[-1]) == (first, first + span)
    assert list(found) == sorted(set(found))
    assert len(found) <= about + 2


def test_decades_hold_all_positive_values() -> None:
    assert decades([0, 2e6, 3.5e11]) == (1e6, 1e12)
    assert decades([]) == (1, 10)


# --- widths of text


def test_widths_are_those_of_the_semibold_face(faces: Faces) -> None:
    font = TTFont(next(faces.ttf_directory.glob("SCOSans-SemiBold.ttf")))
    glyphs, advances = font.getBestCmap(), font["hmtx"]

    real = {c: advances[glyphs[ord(c)]][0] for c in WIDTHS}
    assert real == pytest.approx(WIDTHS, abs=1)


def test_an_unknown_letter_is_taken_for_a_wide_one() -> None:
    assert width("ө", 10) > width("m", 10) * 0.8


# --- pictures


PICTURES = [
    pytest.param(name, size, id=f"{name}, {size}") for name in CHARTS for size in ("wide", "narrow")
]


@pytest.fixture
def picture(name: str, size: str) -> str:
    return str(getattr(drawn(name), size))


@pytest.mark.parametrize(("name", "size"), PICTURES)
def test_a_picture_is_well_formed_and_as_wide_as_its_place(picture: str, read_svg: Read) -> None:
    assert read_svg(picture).width in (660, 350)


@pytest.mark.parametrize(("name", "size"), PICTURES)
def test_no_text_lies_over_another_or_beyond_the_edge(picture: str, read_svg: Read) -> None:
    assert read_svg(picture).clashes() == ([], [])


@pytest.mark.parametrize(("name", "size"), PICTURES)
def test_a_picture_names_no_other_file_and_has_no_style(picture: str) -> None:
    assert not re.search(r"href|style=|class=|https?://(?!www\.w3\.org/2000/svg)", picture)


@pytest.fixture(scope="module")
def as_vega_draws() -> Callable[[str], Chart]:
    """Draws a chart in all the words that Vega makes of it."""

    @cache
    def draws(name: str) -> Chart:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(drawing, "slimmed", lambda picture: picture)
            return CHARTS[name].render()

    return draws


@pytest.mark.parametrize(("name", "size"), PICTURES)
def test_a_picture_looks_in_the_page_as_vega_draws_it(
    name: str, size: str, picture: str, as_vega_draws: Callable[[str], Chart], faces: Faces
) -> None:
    vl_convert.register_font_directory(str(faces.ttf_directory))
    whole = str(getattr(as_vega_draws(name), size))
    vega, shown = (
        Image.open(BytesIO(vl_convert.svg_to_png(text))).convert("L")
        for text in (whole, svg.standalone(picture, "", ""))
    )
    levels = ImageChops.difference(vega, shown).histogram()

    assert len(picture) < 0.8 * len(whole)
    # A letter may be set a quarter of a pixel aside (of 255 levels 64), nothing else.
    assert sum(levels[65:]) == 0
    assert sum(levels[32:]) <= 8


def test_every_text_is_in_the_report_s_sans_face_by_its_quoted_name() -> None:
    families = set(re.findall(r'font-family="([^"]*)"', drawn("lines").wide))

    assert families == {"&quot;SCO Sans&quot;, sans-serif"}


def test_the_same_chart_is_the_same_bytes() -> None:
    first, second = (chart_of(line("a", 10, 50, 90), line("b", 12, 52)) for _ in range(2))

    assert first == second


def test_labels_of_ten_paths_that_end_together_do_not_overlap(read_svg: Read) -> None:
    chart = chart_of(*(line(str(n), 50, 90 + n / 10) for n in range(10)))

    for picture in (chart.wide, chart.narrow):
        labels = [t for t in read_svg(picture).texts() if t.text.startswith("State")]
        assert len(labels) == 10
        assert not any(a.overlaps(b) for a, b in itertools.combinations(labels, 2))


def test_a_stretch_that_is_not_comparable_is_dotted() -> None:
    points = (Point(2000, 10, "10"), Point(2001, 20, "20", "dotted"), Point(2002, 30, "30"))
    chart = chart_of(Line("a", "A", "#B3262E", points))

    assert chart.wide.count("stroke-dasharray") == 1


def test_nothing_is_drawn_between_years_without_a_value_between() -> None:
    joined = chart_of(Line("a", "A", "#B3262E", (Point(2000, 10, ""), Point(2004, 20, ""))))
    open_ = chart_of(Line("a", "A", "#B3262E", (Point(2000, 10, ""), Point(2004, 20, "", "open"))))
    path = r'<path d="M[^"]*l[^>]* stroke="#B3262E"'

    assert re.search(path, joined.wide)
    assert not re.search(path, open_.wide)


def test_a_value_alone_between_gaps_still_has_its_mark() -> None:
    points = (Point(2000, 10, ""), Point(2004, 20, "", "open"), Point(2008, 30, "", "open"))
    chart = chart_of(Line("a", "A", "#B3262E", points))

    assert chart.wide.count("<circle ") == 3


def test_the_tooltip_stops_at_every_year_from_high_to_low() -> None:
    chart = chart_of(line("a", 10, 90), line("b", 20, 30))

    assert [h.label for h in chart.hover] == ["2000", "2001"]
    assert [t for _, t, _ in chart.hover[0].lines] == ["20", "10"]
    assert [t for _, t, _ in chart.hover[1].lines] == ["90", "30"]


def test_a_stop_of_the_tooltip_stands_on_its_year(read_svg: Read) -> None:
    chart = chart_of(line("a", 10, 50, 90))
    years = {t.text: (t.left + t.right) / 2 for t in read_svg(chart.wide).texts()}

    for stop in chart.hover:
        assert stop.x_wide == pytest.approx(years[stop.label], abs=1)


def test_a_row_without_a_value_says_why(read_svg: Read) -> None:
    texts = [t.text for t in read_svg(drawn("bars").wide).texts()]

    assert "no value" in texts


def test_columns_without_room_beside_one_another_stand_in_panels(read_svg: Read) -> None:
    for picture, panels in ((drawn("many columns").wide, 1),
                            (drawn("many columns").narrow, 2)):  # fmt: skip
        texts = [t.text for t in read_svg(picture).texts()]
        assert texts.count("Row") == panels
        assert sum(t.endswith("WM") for t in texts) == texts.count("100") == 26


def test_names_of_many_lines_make_a_chart_higher(read_svg: Read) -> None:
    few, many = (read_svg(drawn(name).wide).height for name in ("lines", "many lines"))

    assert many > few


def test_a_text_in_the_place_of_marks_does_not_lie_on_the_reference_line(read_svg: Read) -> None:
    svg = read_svg(drawn("ranges").wide)
    (told,) = (t for t in svg.texts() if t.text == "100.0 % in 2024")
    (line_text,) = (t for t in svg.texts() if t.text == "2027")

    assert told.left > (line_text.left + line_text.right) / 2


def test_both_ends_of_a_slope_are_named_and_a_value_that_is_not_there_is_not(
    read_svg: Read,
) -> None:
    texts = [t.text for t in read_svg(drawn("slopes").wide).texts()]

    assert {"Up 6.6", "Up 36.2", "Level 46.3", "Level 48.2 (2021)", "New 7.5", "Gone 20.0"} <= set(
        texts
    )
    assert not any("Never" in text for text in texts)
    assert sum("New" in text and text != "Newest" for text in texts) == 1
    told = [text for _, text, _ in drawn("slopes").hover[1].lines]
    assert told == ["48.2", "36.2", "7.5", "7.0"]


def test_the_first_place_stands_above_all_others(read_svg: Read) -> None:
    texts = {t.text: t.top for t in read_svg(drawn("places").wide).texts()}

    assert texts["State a 1"] < texts["State b 2"] < texts["State c 3"]
    # The tooltip tells them in the same order.
    assert [text for _, text, _ in drawn("places").hover[-1].lines] == ["1", "2", "3"]


def test_headings_without_room_are_said_in_short_the_first_and_the_newest_before_all_others(
    read_svg: Read,
) -> None:
    for picture in (drawn("places").wide, drawn("places").narrow):
        texts = [t.text for t in read_svg(picture).texts()]
        assert {"2024-11-01", "2024-11-07"} <= set(texts)
    assert drawn("places").hover[0].label == "1 November 2024"


def test_parts_of_a_bar_follow_each_other_from_zero() -> None:
    found = re.findall(r'<rect width="([\d.]+)" height="16" x="([\d.]+)" y="([\d.]+)"',
                       drawn("stacks").wide)  # fmt: skip
    rows: dict[str, list[tuple[float, float]]] = {}
    for width_, x, y in found:
        rows.setdefault(y, []).append((float(x), float(x) + float(width_)))
    first, second = rows.values()

    # A part of nothing is not drawn.
    assert (len(first), len(second)) == (3, 1)
    assert [start for start, _ in first[1:]] == pytest.approx([e for _, e in first[:-1]], abs=0.02)
    assert first[0][0] == second[0][0]
    lengths = [end - start for start, end in first]
    assert lengths[1] / lengths[0] == pytest.approx(7.5, abs=0.01)


def test_a_long_name_beside_bars_is_shorter_on_a_narrow_picture(read_svg: Read) -> None:
    chart = drawn("stacks")

    assert "A shorter name" in [t.text for t in read_svg(chart.narrow).texts()]
    assert all(len(t.text) < 60 for t in read_svg(chart.wide).texts())


def test_every_panel_has_its_fan_its_level_and_its_deadline() -> None:
    picture = drawn("panels").wide

    bands = re.search(r'<g fill="#DFE4E8">(.*?)</g>', picture)
    limits = re.search(r'<g stroke="#1B2733" stroke-dasharray="3,3">(.*?)</g>', picture)
    assert bands is not None
    assert limits is not None
    # A band is a closed path; a level and a deadline are a line each.
    assert bands[1].count('z"/>') == bands[1].count("<path") == 4
    assert limits[1].count("<line") == 2 * 4


def test_a_tick_has_the_text_it_was_given(read_svg: Read) -> None:
    texts = [t.text for t in read_svg(drawn("lines").wide).texts()]

    assert {"0", "50", "100 %"} <= set(texts)


def test_a_spare_colour_like_that_of_another_state_is_given_last(catalog: Catalog) -> None:
    brics = ("ARE", "BRA", "CHN", "EGY", "ETH", "IDN", "IND", "IRN", "RUS", "ZAF")
    colours = palette.state_colours(catalog, brics)

    assert len(set(colours.values())) == len(brics)
    # Like Russia's blue and China's red.
    assert {"#2B6CB0", "#A33B2E"}.isdisjoint(colours.values())
