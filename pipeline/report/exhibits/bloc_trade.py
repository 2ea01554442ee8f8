"""Trade inside the bloc: who sells to whom, how much of trade it is, what both ends say of it."""

from collections.abc import Sequence
from typing import Final

from pipeline import rounding
from pipeline.measures.coverage import enough
from pipeline.report import labels, palette
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.heatmap import Cell, Heatmap, HeatRow
from pipeline.report.charts.legend import Key
from pipeline.report.charts.lines import Line, LineChart, Point
from pipeline.report.charts.ranges import Mark, RangeChart, RangeRow
from pipeline.report.charts.scale import ceiling
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.common import class_names, figure, number_ticks, table
from pipeline.report.facts import Facts
from pipeline.report.goods import EXPORTS, IMPORTS, Flow, IntraShare, Mirror
from pipeline.report.wording import direction
from pipeline.wording import said

_EDGES: Final = (10.0, 100.0, 1000.0, 10000.0)
"""Million US$; each class is ten times the one below."""
_MIRRORS: Final = 12


def dollars(million: float, *, short: bool = False) -> str:
    """An amount in million US$ as it reads."""
    return labels.dollars(1e6 * million, short=short)


def largest(facts: Facts) -> Flow | None:
    """The largest flow between two members."""
    return max(facts.goods.flows, key=lambda f: (f.value, f.seller, f.buyer), default=None)


def trade_matrix(facts: Facts) -> Exhibit | None:
    """Heat map of exports, a row an exporter and a column an importer."""
    first, year = largest(facts), facts.goods.year
    if first is None:
        return None
    say, context = facts.context.words.say, facts.context
    by = {(f.seller, f.buyer): f for f in facts.goods.flows}
    million = say("units.million_usd")
    sellers = [c for c in context.members if any(a == c for a, _ in by)]
    estimated = sorted({f.seller for f in facts.goods.flows if f.estimated})
    return figure(
        facts,
        "trade_matrix",
        Heatmap(
            tuple((c, context.colours[c]) for c in context.members),
            tuple(
                HeatRow(
                    context.name(a), say("labels.exporter"),
                    tuple(_cell(by.get((a, b)), same=a == b) for b in context.members),
                )
                for a in sellers
            ),
            _legend(), row=24.0,
        ).render(),
        table(
            [
                Column("seller", say("labels.exporter")),
                *(Column(c, say("columns.to", state=context.name(c)), "number", 1, million)
                  for c in context.members),
            ],
            [
                [context.name(a), *(by[a, b].value if (a, b) in by else None
                                    for b in context.members)]
                for a in sellers
            ],
        ),
        title=say("exhibits.trade_matrix.title", "known", seller=context.name(first.seller),
                  buyer=context.name(first.buyer), value=dollars(first.value), year=str(year)),
        subtitle={"year": str(year)},
        alt={"values": labels.enumerated(
            say("labels.flow", seller=context.name(f.seller), buyer=context.name(f.buyer),
                value=dollars(f.value))
            for f in sorted(facts.goods.flows, key=lambda f: (-f.value, f.seller, f.buyer))[:10]
        )},
        note=say("exhibits.trade_matrix.note", "estimated" if estimated else "reported",
                 states=context.names(tuple(estimated)), later=_later(facts)).strip(),
        source=facts.goods.source(EXPORTS),
    )  # fmt: skip


def _later(facts: Facts) -> str:
    """Why the year shown is the newest."""
    return facts.context.words.say(
        "exhibits.trade_matrix.later", facts.goods.later, least=labels.count(facts.goods.least)
    )


def _cell(flow: Flow | None, *, same: bool) -> Cell:
    if same:
        return Cell(palette.HALO)
    if flow is None:
        return Cell(palette.NOTHING, rounding.NO_VALUE, palette.MUTED)
    level = sum(flow.value >= edge for edge in _EDGES)
    ink = palette.ON_DARK_TILE if level >= 3 else palette.ON_LIGHT_TILE
    text = _short(flow.value)
    return Cell(palette.SEQUENCE[level], f"~{text}" if flow.estimated else text, ink)


def _short(million: float) -> str:
    """Millions as they stand in a cell: three digits at most, below half a million "<1"."""
    if million < 0.5:
        return "<1"
    if million < 999.5:
        return rounding.text(million)
    return said(
        "labels.thousands", value=rounding.text(million / 1000, 1 if million < 99_950 else 0)
    )


def _legend() -> tuple[tuple[str, str], ...]:
    return tuple(zip(palette.SEQUENCE, class_names(_EDGES), strict=True))


def _flow_shares(facts: Facts, flow: str) -> tuple[IntraShare, ...]:
    return tuple(s for s in facts.goods.shares if s.flow == flow)


def intra_outcome(facts: Facts) -> str:
    """Whether the part of exports within the bloc rises or falls over the years shown."""
    own = _flow_shares(facts, "exports")
    if len(own) < 2:
        return "unknown"
    return direction(100 * own[0].share, 100 * own[-1].share, 0)


def intra_values(facts: Facts) -> dict[str, str]:
    """The places of the sentences about trade within the bloc."""
    sold, bought = _flow_shares(facts, EXPORTS), _flow_shares(facts, IMPORTS)
    if len(sold) < 2 or not bought:
        return {}
    return {
        "before": labels.percent(100 * sold[0].share), "first": str(sold[0].year),
        "after": labels.percent(100 * sold[-1].share), "last": str(sold[-1].year),
        "imports": labels.percent(100 * bought[-1].share), "imports_year": str(bought[-1].year),
    }  # fmt: skip


def intra_share(facts: Facts) -> Exhibit | None:
    """What part of the members' exports and imports is with members, over the years."""
    sold, bought = _flow_shares(facts, EXPORTS), _flow_shares(facts, IMPORTS)
    if len(sold) < 2 or len(bought) < 2:
        return None
    say, shown = facts.context.words.say, (*sold, *bought)
    top = ceiling(max(100 * s.share for s in shown))
    by = {(s.flow, s.year): s for s in shown}
    years = sorted({s.year for s in shown})
    return figure(
        facts,
        "intra_share",
        LineChart(
            (
                _share_line("exports", say("labels.exports"), palette.ACCENT, sold),
                _share_line("imports", say("labels.imports"), palette.SECOND, bought),
            ),
            (0, top), number_ticks(0, top, 4, last=labels.tick_percent), height=(300, 310),
        ).render(),
        table(
            [
                Column("year", say("labels.year"), "year"),
                Column("exports", say("labels.exports"), "number", 1, "%"),
                Column("imports", say("labels.imports"), "number", 1, "%"),
                Column("n", say("columns.states_exports"), "number", 0),
                Column("estimated", say("columns.estimated_exports"), "number", 1, "%"),
            ],
            [_share_cells(by.get(("exports", y)), by.get(("imports", y)), y) for y in years],
        ),
        title=say("exhibits.intra_share.title", intra_outcome(facts), **intra_values(facts)),
        subtitle={"years": labels.years(years)},
        alt=intra_values(facts),
        note=say("exhibits.intra_share.note", count=labels.count(len(facts.context.members)),
                 least=labels.count(enough(len(facts.context.members)))),
        source=facts.goods.source(EXPORTS, IMPORTS),
    )  # fmt: skip


def _share_line(key: str, name: str, colour: str, own: Sequence[IntraShare]) -> Line:
    points: list[Point] = []
    before: IntraShare | None = None
    for s in own:
        same = before is not None and before.members == s.members
        text = labels.tick_percent(rounding.text(100 * s.share, 1))
        apart = before is None or s.year - before.year > 1
        points.append(Point(s.year, 100 * s.share, text,
                            "open" if apart else "solid" if same else "dotted"))  # fmt: skip
        before = s
    return Line(key, name, colour, tuple(points), rounding.text(points[-1].y, 1))


def _share_cells(
    sold: IntraShare | None, bought: IntraShare | None, year: int
) -> list[int | float | str | bool | None]:
    return [
        year,
        100 * sold.share if sold else None,
        100 * bought.share if bought else None,
        len(sold.members) if sold else None,
        100 * sold.estimated if sold and sold.estimated is not None else None,
    ]


def disputed(facts: Facts) -> tuple[Mirror, ...]:
    """The flows with the largest differences in dollars."""
    return facts.goods.mirrors[:_MIRRORS]


def furthest(facts: Facts) -> Mirror | None:
    """Of these the one whose ends lie furthest apart for its size."""
    return max(disputed(facts), key=lambda m: (abs(m.asymmetry), m.seller, m.buyer), default=None)


def mirror_outcome(pair: Mirror | None) -> str:
    """Whether the seller or the buyer of the flow reports more, as both figures read."""
    if pair is None:
        return "unknown"
    said = direction(pair.sold, pair.bought_fob, 1)
    return {"falls": "sold_more", "rises": "bought_more"}.get(said, "alike")


def mirror_values(facts: Facts) -> dict[str, str]:
    """The places of the sentences about both ends of one flow."""
    pair = furthest(facts)
    if pair is None:
        return {}
    name = facts.context.name
    return {
        "seller": name(pair.seller), "buyer": name(pair.buyer), "year": str(pair.year),
        "sold": dollars(pair.sold), "bought": dollars(pair.bought_fob),
    }  # fmt: skip


def trade_mirror(facts: Facts) -> Exhibit | None:
    """Both ends of the flows that differ most, on a logarithmic scale."""
    shown = disputed(facts)
    if not shown:
        return None
    say, context = facts.context.words.say, facts.context
    ends = [v for m in shown for v in (m.sold, m.bought_fob) if v > 0]
    low, high = min(ends) / 1.4, max(ends) * 1.4
    scale = [s for s in (1, 10, 100, 1000, 10_000, 100_000) if low <= s <= high]
    return figure(
        facts,
        "trade_mirror",
        RangeChart(
            tuple(_mirror_row(facts, m) for m in shown), (low, high),
            tuple(Tick(s, dollars(s, short=True)) for s in scale), log=True,
            legend=(Key(palette.ACCENT, say("labels.sold")),
                    Key(palette.SECOND, say("labels.bought"))),
        ).render(),
        table(
            [
                Column("seller", say("labels.exporter")),
                Column("buyer", say("labels.importer")),
                Column("sold", say("labels.sold"), "number", 1, say("units.million_usd")),
                Column("bought", say("labels.bought"), "number", 1, say("units.million_usd")),
                Column("difference", say("columns.difference"), "number", 1,
                       say("units.million_usd")),
                Column("asymmetry", say("columns.asymmetry"), "number", 2, say("units.asymmetry")),
            ],
            [[context.name(m.seller), context.name(m.buyer), m.sold, m.bought_fob, m.difference,
              m.asymmetry] for m in facts.goods.mirrors],
        ),
        title=say("exhibits.trade_mirror.title", mirror_outcome(furthest(facts)),
                  **mirror_values(facts)),
        subtitle={"year": str(shown[0].year), "count": labels.count(len(shown))},
        alt={"values": labels.enumerated(
            say("labels.flow_twice", seller=context.name(m.seller), buyer=context.name(m.buyer),
                sold=dollars(m.sold), bought=dollars(m.bought_fob)) for m in shown
        )},
        note=say("exhibits.trade_mirror.note", pairs=str(len(facts.goods.mirrors))),
        source=facts.goods.source(EXPORTS, IMPORTS),
    )  # fmt: skip


def _mirror_row(facts: Facts, pair: Mirror) -> RangeRow:
    name = facts.context.name
    return RangeRow(
        f"{name(pair.seller)} → {name(pair.buyer)}", palette.INK,
        (Mark(pair.sold, palette.ACCENT), Mark(pair.bought_fob, palette.SECOND)),
        (min(pair.sold, pair.bought_fob), max(pair.sold, pair.bought_fob)),
        signed(pair.difference), f"{pair.seller} → {pair.buyer}",
    )  # fmt: skip


def signed(million: float) -> str:
    """A difference in million US$ with its sign, as short as it may be."""
    sign = "+" if million > 0 else rounding.MINUS if million < 0 else ""
    return sign + labels.amount(abs(million) * 1e6, short=True)
