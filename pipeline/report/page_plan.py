"""Which part of the report stands on which page of its PDF, and how large each picture is.

Paragraphs and exhibits keep their own order, but an exhibit may stand before or after a paragraph
of its section, and its picture may be smaller, so that pages are full. Nothing stands above the
heading of its section, and nothing but rows and a table longer than a page is parted. All lengths
are in points. How tall things are is measured by Typst (``page_sizes``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple

SCALES: Final = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
"""Sizes of a picture, as parts of its full width."""
_WHITE: Final = 0.3
"""So much of a page may be white before it looks unfinished; more is as good as forbidden."""
_TIGHT: Final = 1.0
"""Points of a page that are kept free: measured one by one, parts are a little less tall."""
_KEPT: Final = 24
"""So many plans are followed from each point on."""


@dataclass(frozen=True)
class Part:
    """A paragraph, an exhibit, or rows that follow one another across pages."""

    kind: Literal["text", "exhibit", "rows"]
    above: float
    below: float
    height: float
    """Of rows: of their head, which every page repeats."""
    picture: float = 0.0
    """What the picture of an exhibit adds at its full width."""
    notes: tuple[float, ...] = ()
    """Footnotes that come with a paragraph."""
    rows: tuple[float, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A section: its heading, and its parts in the order in which they are written."""

    heading: Part
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Paper:
    """What a page holds, and what its first footnote takes beside itself."""

    page: float
    note_head: float


class Placed(NamedTuple):
    """A part, by its place as written, and how it stands."""

    at: int
    scale: float
    new_page: bool


class Plan(NamedTuple):
    """A plan so far, of which thousands are tried: how far its last page is filled, what it costs,
    and what it has placed."""

    used: float = 0.0
    notes: float = 0.0
    below: float = 0.0
    """White that the last part wants below it."""
    cost: float = 0.0
    placed: tuple[Placed, ...] = ()
    chapters: tuple[tuple[Placed, ...], ...] = ()
    """What is placed of the chapters before."""


def plan_pages(
    chapters: Sequence[Chapter], paper: Paper, start: Plan | None = None
) -> tuple[tuple[Placed, ...], ...]:
    """The parts of each chapter in the order in which to set them.

    The heading goes with the first part of its chapter, to a new page as well.

    Args:
        start: what of the first page is taken already.
    """
    plans = [start or Plan()]
    for chapter in chapters:
        parts = _with_heading(chapter)
        for stretch in _stretches(parts):
            plans = _woven(plans, parts, stretch, paper)
        plans = [plan._replace(placed=(), chapters=(*plan.chapters, plan.placed)) for plan in plans]
    return min(plans, key=lambda plan: plan.cost + 0.5 * _full(plan) / paper.page).chapters


def _with_heading(chapter: Chapter) -> tuple[Part, ...]:
    """The parts, the heading on the first of them, so that it never stands alone."""
    heading, first = chapter.heading, chapter.parts[0]
    joined = heading.height + max(heading.below, first.above) + first.height
    return (replace(first, above=heading.above, height=joined), *chapter.parts[1:])


class _Stretch(NamedTuple):
    """Texts and exhibits that may change places, below what goes before all of them."""

    first: int
    texts: tuple[int, ...]
    exhibits: tuple[int, ...]


def _stretches(parts: Sequence[Part]) -> Iterator[_Stretch]:
    """The parts of a chapter, which its first part and rows of claims divide."""
    firsts = [at for at, part in enumerate(parts) if at == 0 or part.kind == "rows"]
    for begin, end in zip(firsts, [*firsts[1:], len(parts)], strict=True):
        between = range(begin + 1, end)
        yield _Stretch(
            begin,
            tuple(at for at in between if parts[at].kind == "text"),
            tuple(at for at in between if parts[at].kind == "exhibit"),
        )


def _woven(
    plans: Sequence[Plan], parts: Sequence[Part], stretch: _Stretch, paper: Paper
) -> list[Plan]:
    """Every plan with the stretch added, texts and exhibits woven in the ways worth following."""
    first, texts, exhibits = stretch
    reached = {
        (0, 0): _kept(way for plan in plans for way in _added(plan, parts[first], first, paper))
    }
    for said in range(len(texts) + 1):
        for shown in range(len(exhibits) + 1):
            ways: list[Plan] = []
            if said:
                at = texts[said - 1]
                for plan in reached[said - 1, shown]:
                    ways += _added(plan, parts[at], at, paper)
            if shown:
                at = exhibits[shown - 1]
                far = _far(sum(text < at for text in texts) - said)
                for plan in reached[said, shown - 1]:
                    ways += _added(plan._replace(cost=plan.cost + far), parts[at], at, paper)
            if said or shown:
                reached[said, shown] = _kept(ways)
    return reached[len(texts), len(exhibits)]


def _far(early: int) -> float:
    """What it costs that an exhibit stands so many paragraphs before the one that speaks of it,
    or after it."""
    return 0.04 * early if early > 0 else -0.015 * early


def _added(plan: Plan, part: Part, at: int, paper: Paper) -> Iterator[Plan]:
    """The plan with a part below what it has, or on a new page, if it must or begins a chapter."""
    if part.kind == "rows":
        yield _with_rows(plan, part, at, paper)
        return
    notes = plan.notes + sum(part.notes)
    if part.notes and not plan.notes:
        notes += paper.note_head
    used = plan.used + part.height + (max(plan.below, part.above) if plan.used else 0.0)
    room = paper.page - notes - used - _TIGHT
    fitting = [scale for scale in _scales(part) if scale * part.picture <= room]
    for scale in fitting:
        yield _placed(plan, part, Placed(at, scale, not plan.used), used, notes)
    if plan.used and (at == 0 or not fitting):
        yield from _added(_turned(plan, paper, ends=at == 0), part, at, paper)
    elif not fitting:
        # Taller than a page: Typst breaks it where it must.
        yield _placed(plan, part, Placed(at, SCALES[-1], True), used % paper.page, notes)


def _scales(part: Part) -> tuple[float, ...]:
    return SCALES if part.picture else (1.0,)


def _placed(plan: Plan, part: Part, placed: Placed, used: float, notes: float) -> Plan:
    return Plan(
        used=used + placed.scale * part.picture,
        notes=notes,
        below=part.below,
        cost=plan.cost + 3 * (1 - placed.scale) ** 2,
        placed=(*plan.placed, placed),
        chapters=plan.chapters,
    )


def _with_rows(plan: Plan, part: Part, at: int, paper: Paper) -> Plan:
    """Rows one below another; where one has no room, a page begins with their head."""
    notes = plan.notes
    used = plan.used + max(plan.below, part.above) + part.height if plan.used else part.height
    for row in part.rows:
        if used + row + notes > paper.page:
            used, notes = part.height, 0.0
        used += row
    placed = (*plan.placed, Placed(at, 1.0, new_page=not plan.used))
    return plan._replace(used=used, notes=notes, below=part.below, placed=placed)


def _turned(plan: Plan, paper: Paper, *, ends: bool) -> Plan:
    """The plan with its page closed, for the price of what is white of it; that is less where a
    chapter ends."""
    white = 1 - _full(plan) / paper.page
    if ends:
        price = white + 1.5 * max(0.0, white - 0.2) ** 2
    else:
        price = white + 4 * max(0.0, white - 0.1) ** 2 + 20 * max(0.0, white - _WHITE)
    cost = plan.cost + price
    return plan._replace(used=0.0, notes=0.0, below=0.0, cost=cost)


def _full(plan: Plan) -> float:
    return plan.used + plan.notes


def _kept(plans: Iterable[Plan]) -> list[Plan]:
    """The cheapest plans, of those that fill their page alike one each."""
    best: dict[tuple[int, bool], Plan] = {}
    for plan in plans:
        like = (round(plan.used / 8), plan.notes > 0)
        if like not in best or plan.cost < best[like].cost:
            best[like] = plan
    return sorted(best.values(), key=lambda plan: (plan.cost, plan.used))[:_KEPT]
