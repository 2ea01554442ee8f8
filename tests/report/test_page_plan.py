"""The plan of pages: whole parts on full pages, in an order that a reader can follow."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.report.page_plan import SCALES, Chapter, Paper, Part, Placed, Plan, plan_pages

PAPER = Paper(page=700.0, note_head=11.0)
HEADING = Part("text", above=32, below=14, height=11)

texts = st.builds(
    lambda height, notes: Part("text", 11, 11, height, notes=tuple(notes)),
    st.floats(10, 150),
    st.lists(st.floats(14, 40), max_size=2),
)
exhibits = st.builds(
    lambda height, picture: Part("exhibit", 20, 20, height, picture=picture),
    st.floats(60, 140),
    st.floats(80, 400),
)
chapters = st.lists(
    st.builds(
        lambda first, rest: Chapter(HEADING, (first, *rest)),
        texts,
        st.lists(st.one_of(texts, exhibits), max_size=6),
    ),
    min_size=1,
    max_size=6,
)


def text(height: float, *notes: float) -> Part:
    return Part("text", 11, 11, height, notes=notes)


def figure(picture: float) -> Part:
    return Part("exhibit", 20, 20, 100, picture=picture)


def pages(
    made: Sequence[Chapter], plan: Sequence[Sequence[Placed]]
) -> Iterator[list[tuple[Part, Placed, int]]]:
    """What stands on each page: part, how it stands, and the number of its chapter."""
    page: list[tuple[Part, Placed, int]] = []
    for number, (chapter, placed) in enumerate(zip(made, plan, strict=True)):
        for one in placed:
            if one.new_page and page:
                yield page
                page = []
            page.append((chapter.parts[one.at], one, number))
    yield page


def filled(page: Sequence[tuple[Part, Placed, int]]) -> float:
    """How tall a page's parts are, added up from its top."""
    tall, below, notes = 0.0, 0.0, 0.0
    for part, placed, _ in page:
        if placed.at == 0:
            tall += (max(below, HEADING.above) if tall else 0) + HEADING.height
            below = HEADING.below
        tall += (max(below, part.above) if tall else 0) + part.height
        tall += part.picture * placed.scale
        notes += sum(part.notes) + (PAPER.note_head if part.notes and not notes else 0)
        below = part.below
    return tall + notes


@settings(deadline=None)
@given(chapters)
def test_no_page_holds_more_than_it_has_room_for(made: list[Chapter]) -> None:
    for page in pages(made, plan_pages(made, PAPER)):
        assert filled(page) <= PAPER.page or len(page) == 1


@settings(deadline=None)
@given(chapters)
def test_every_part_stands_once_and_its_kind_keeps_its_order(made: list[Chapter]) -> None:
    for chapter, placed in zip(made, plan_pages(made, PAPER), strict=True):
        order = [one.at for one in placed]
        assert sorted(order) == list(range(len(chapter.parts)))
        assert order[0] == 0
        for kind in ("text", "exhibit"):
            of_kind = [at for at in order if chapter.parts[at].kind == kind]
            assert of_kind == sorted(of_kind)
        assert {one.scale for one in placed} <= set(SCALES)


def test_text_moves_before_a_picture_that_would_leave_the_page_white() -> None:
    made = [Chapter(HEADING, (text(300), figure(400), text(200), text(150)))]
    plan = plan_pages(made, PAPER)
    assert [one.at for one in plan[0]] == [0, 2, 3, 1]
    assert [one.new_page for one in plan[0]] == [True, False, False, True]


def test_pictures_that_nearly_fit_are_made_smaller() -> None:
    made = [Chapter(HEADING, (text(60), figure(230), figure(230)))]
    (placed,) = plan_pages(made, PAPER)
    assert [one.new_page for one in placed] == [True, False, False]
    assert min(one.scale for one in placed) < 1


def test_footnotes_count_as_part_of_their_page() -> None:
    def fits(*notes: float) -> bool:
        made = [Chapter(HEADING, (text(200, *notes), text(440)))]
        return not plan_pages(made, PAPER)[0][1].new_page

    assert fits()
    assert not fits(20.0)


def test_what_stands_on_the_first_page_already_is_kept_free() -> None:
    made = [Chapter(HEADING, (text(300),))]
    ways = {
        used: plan_pages(made, PAPER, Plan(used=used, below=30.0))[0][0].new_page
        for used in (150.0, 400.0)
    }
    assert ways == {150.0: False, 400.0: True}


def test_rows_run_on_across_pages_below_a_repeated_head() -> None:
    # 65 points of text, then 14 of white, the head of 20 and six rows; the rest on the next page.
    def next_is_turned(rows: int) -> bool:
        ledger = Part("rows", 14, 10, 20, rows=(100.0,) * rows)
        made = [Chapter(HEADING, (text(40), ledger, text(70)))]
        return plan_pages(made, PAPER)[0][2].new_page

    assert not next_is_turned(11)
    assert next_is_turned(12)


@pytest.mark.parametrize("seed", range(4))
def test_pages_of_a_long_report_are_two_thirds_full(seed: int) -> None:
    made = [
        Chapter(HEADING, (text(60), figure(200 + 15 * ((seed + n) % 4)), text(45),
                          figure(170 + 20 * ((seed * n) % 3)), text(30)))
        for n in range(12)
    ]  # fmt: skip
    *closed, _ = pages(made, plan_pages(made, PAPER))
    assert len(closed) > 5
    for page, after in pairwise(closed):
        ends_chapter = after[0][1].at == 0
        assert filled(page) > PAPER.page * 2 / 3 or ends_chapter
