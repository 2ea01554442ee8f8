"""The composite index beside the indices of others: how far their ranks agree, and where not.

What it says by itself is shown by ``index``.
"""

from collections.abc import Mapping
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.legend import Key
from pipeline.report.charts.ranges import Mark, RangeChart, RangeRow
from pipeline.report.composite import Other
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.common import figure, table
from pipeline.report.exhibits.index import places_text
from pipeline.report.facts import Facts

_ALIKE: Final = 0.7
"""From this rank correlation on two indices are said to order the states alike."""
_OTHER_COLOURS: Final = (palette.SECOND, palette.FOURTH)


def others(facts: Facts) -> Mapping[str, tuple[Other, ...]]:
    """The comparison with each other index, by its id."""
    found = facts.composite.others
    return {
        i: tuple(o for o in found if o.indicator == i)
        for i in dict.fromkeys(o.indicator for o in found)
    }


def others_outcome(facts: Facts) -> str:
    """How many of the other indices order the states alike: "all", "some" or "none"."""
    found = others(facts)
    if not found:
        return "unknown"
    alike = [rounding.half_up(own[0].spearman, 2) >= _ALIKE for own in found.values()]
    return "all" if all(alike) else "some" if any(alike) else "none"


def others_values(facts: Facts) -> dict[str, str]:
    """The places of the sentences on the other indices; near and far by their correlation."""
    found = sorted(others(facts).values(), key=lambda own: (-own[0].spearman, own[0].indicator))
    if not found:
        return {}
    catalog, name = facts.context.catalog, facts.context.name
    widest = _widest(facts)
    near, far = found[0][0], found[-1][0]
    return {
        "near": catalog.indicators[near.indicator].short_name,
        "near_value": rounding.text(near.spearman, 2),
        "far": catalog.indicators[far.indicator].short_name,
        "far_value": rounding.text(far.spearman, 2),
        "state": name(widest.economy),
        "other": catalog.indicators[widest.indicator].short_name,
        "places": places_text(abs(widest.own_rank - widest.other_rank)),
    }  # fmt: skip


def _widest(facts: Facts) -> Other:
    """The state and other index whose ranks lie furthest apart."""
    return max(
        (o for own in others(facts).values() for o in own),
        key=lambda o: (abs(o.own_rank - o.other_rank), o.indicator, o.economy),
    )


def direction(facts: Facts) -> str:
    """Whether the other index puts that state "higher" or "lower"."""
    widest = _widest(facts)
    return "higher" if widest.other_rank < widest.own_rank else "lower"


def index_others(facts: Facts) -> Exhibit | None:
    """Rank of each state in the index with its interval, and in the other indices."""
    found, scores = others(facts), facts.composite.scores
    if not found or not scores:
        return None
    say, context = facts.context.words.say, facts.context
    colours = dict(zip(found, _OTHER_COLOURS, strict=False))
    ranks = {(o.indicator, o.economy): o.other_rank for own in found.values() for o in own}
    short = {i: context.catalog.indicators[i].short_name for i in colours}
    # Of an index that may be shown but not passed on the ranks stand in the picture alone.
    tabled = [i for i in colours if _redistributable(facts, i)]
    return figure(
        facts,
        "index_others",
        RangeChart(
            tuple(
                RangeRow(
                    context.name(s.economy), context.colours[s.economy],
                    (*(Mark(ranks[i, s.economy], colour) for i, colour in colours.items()
                       if (i, s.economy) in ranks),
                     Mark(s.rank, palette.INK, hollow=True)),
                    (s.low, s.high),
                )
                for s in scores
            ),
            (0.6, len(scores) + 0.4),
            tuple(Tick(r, str(r)) for r in range(1, len(scores) + 1)),
            legend=(
                Key(palette.INK, facts.composite.name, hollow=True),
                *(Key(c, f"{short[i]} {found[i][0].year}") for i, c in colours.items()),
            ),
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("low", say("columns.index_rank_from"), "number", 0),
                Column("high", say("columns.rank_to"), "number", 0),
                *(Column(i, say("columns.rank_of", index=short[i]), "number", 0) for i in tabled),
            ],
            [[context.name(s.economy), s.low, s.high,
              *(ranks.get((i, s.economy)) for i in tabled)] for s in scores],
        ),
        title=say("exhibits.index_others.title", others_outcome(facts), **others_values(facts)),
        subtitle={"years": labels.years(own[0].year for own in found.values()),
                  "count": labels.count(len(scores))},
        alt={"values": labels.enumerated(
            labels.of(f"{short[i]} {own[0].year}", rounding.text(own[0].spearman, 2))
            for i, own in found.items() if i in colours
        )},
        note=say("exhibits.index_others.note", withheld=_withheld(facts, colours, tabled)).strip(),
        source=context.source(*facts.composite.indicators, *colours),
    )  # fmt: skip


def _redistributable(facts: Facts, indicator: str) -> bool:
    catalog = facts.context.catalog
    return catalog.publishers[catalog.indicators[indicator].publisher].licence.redistributable


def _withheld(facts: Facts, shown: Mapping[str, str], tabled: list[str]) -> str:
    names = [
        labels.small(facts.context.catalog.indicators[i].short_name)
        for i in shown
        if i not in tabled
    ]
    if not names:
        return ""
    return facts.context.words.say("exhibits.index_others.withheld", names=labels.listing(names))
