"""What a state sells to members less what it buys from them: with all, and with two groups."""

from collections.abc import Sequence
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.lines import Line, LineChart, Point
from pipeline.report.charts.scale import ticks
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.bloc_trade import dollars, signed
from pipeline.report.exhibits.common import figure, number_ticks, table
from pipeline.report.facts import Facts
from pipeline.report.goods import EXPORTS, IMPORTS, Balance

FOCUS: Final = "PAK"
"""The state whose balance is shown: the one from which the article speaks."""
CIRCLES: Final = ("big_three", "central_asia")
_CIRCLE_COLOURS: Final = (palette.SECOND, palette.THIRD)


def balance_outcome(whole: Balance, circle: Balance) -> str:
    """The signs of a state's balance with all members and with a group, as they read."""
    sides = (_side(whole.balance), _side(circle.balance))
    return "_".join(sides)


def _side(million: float) -> str:
    rounded = rounding.half_up(million)
    return "deficit" if rounded < 0 else "surplus" if rounded > 0 else "even"


def balances(facts: Facts) -> dict[str, tuple[Balance, ...]]:
    """The focus state's balances with all members and with the groups, by partner; it is the
    article's, so that a report on another bloc has none."""
    if not facts.context.whole:
        return {}
    circles = (facts.context.member_set, *CIRCLES)
    found = {c: facts.goods.balances(FOCUS, c) for c in circles}
    return {c: own for c, own in found.items() if own}


def balance_pair(facts: Facts) -> tuple[Balance, Balance] | None:
    """Balance with all members and with Central Asia, in the newest year of both."""
    found = balances(facts)
    whole = {b.year: b for b in found.get(facts.context.member_set, ())}
    circle = {b.year: b for b in found.get(CIRCLES[1], ())}
    common = sorted(whole.keys() & circle.keys())
    return (whole[common[-1]], circle[common[-1]]) if common else None


def balance_values(facts: Facts) -> dict[str, str]:
    """The places of the sentences about the focus state's balances."""
    pair = balance_pair(facts)
    if pair is None:
        return {}
    whole, circle = pair
    return {
        "state": facts.context.name(FOCUS), "year": str(whole.year),
        "whole": dollars(abs(whole.balance)), "circle": dollars(abs(circle.balance)),
        "group": facts.context.catalog.groups[CIRCLES[1]].name,
        "exports": dollars(whole.exports), "imports": dollars(whole.imports),
        "circle_exports": dollars(circle.exports), "circle_imports": dollars(circle.imports),
    }  # fmt: skip


def focus_balance(facts: Facts) -> Exhibit | None:
    """The focus state's balance with all members and with two groups, over the years."""
    found, pair = balances(facts), balance_pair(facts)
    if pair is None:
        return None
    say, context = facts.context.words.say, facts.context
    shown = [b.balance / 1000 for own in found.values() for b in own]
    step = ticks(min(0.0, *shown), max(0.0, *shown), 4)
    gap = step[1] - step[0] if len(step) > 1 else 1.0
    low = min(step[0], min(shown) - 0.02 * gap) if min(shown) < step[0] else step[0]
    high = max(step[-1], max(shown) + 0.1 * gap, 0.1 * gap)
    names = {context.member_set: say("labels.all_members")}
    names |= {c: context.catalog.groups[c].name for c in CIRCLES if c in found}
    colours = dict(zip((context.member_set, *CIRCLES),
                       (palette.INK, *_CIRCLE_COLOURS), strict=True))  # fmt: skip
    years = sorted({b.year for own in found.values() for b in own})
    by = {(c, b.year): b.balance for c, own in found.items() for b in own}
    return figure(
        facts,
        "focus_balance",
        LineChart(
            tuple(
                Line(c, names[c], colours[c], _balance_points(own),
                     signed(own[-1].balance))
                for c, own in found.items()
            ),
            (low, high), number_ticks(low, high, 4), height=(300, 310),
        ).render(),
        table(
            [
                Column("year", say("labels.year"), "year"),
                *(Column(c, names[c], "number", 1, say("units.million_usd")) for c in found),
            ],
            [[y, *(by.get((c, y)) for c in found)] for y in years],
        ),
        title=say("exhibits.focus_balance.title", balance_outcome(*pair),
                  **balance_values(facts)),
        subtitle={"years": labels.years(years), "state": context.name(FOCUS)},
        alt={"values": labels.enumerated(
            say("labels.value_in", what=names[c], value=signed(own[-1].balance),
                year=str(own[-1].year)) for c, own in found.items()
        )},
        note=say("exhibits.focus_balance.note",
                 groups=labels.enumerated(
                     labels.of(context.catalog.groups[c].name,
                               context.names(context.catalog.groups[c].economies))
                     for c in CIRCLES if c in found)),
        source=facts.goods.source(EXPORTS, IMPORTS),
    )  # fmt: skip


def _balance_points(own: Sequence[Balance]) -> tuple[Point, ...]:
    points: list[Point] = []
    for b in own:
        apart = not points or b.year - points[-1].x > 1
        points.append(Point(b.year, b.balance / 1000, signed(b.balance),
                            "open" if apart else "solid"))  # fmt: skip
    return tuple(points)
