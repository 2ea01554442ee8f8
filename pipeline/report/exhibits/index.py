"""The composite index: scores with rank intervals, pillars, what it hangs on, and other indices."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.bars import Bar, BarChart
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.heatmap import Cell, Heatmap, HeatRow
from pipeline.report.charts.ranges import Key, Mark, RangeChart, RangeRow
from pipeline.report.composite import Other, PillarScore, Score
from pipeline.report.content import Column, Exhibit, Value
from pipeline.report.exhibits.common import figure, table
from pipeline.report.facts import Facts
from pipeline.report.index_reasons import Difference

PILLARS: Final = (
    "connectivity", "access_use", "human_capital", "innovation", "digital_trade", "egov_trust",
)  # fmt: skip
_EDGES: Final = (20.0, 40.0, 60.0, 80.0)
_ALIKE: Final = 0.7
"""From this rank correlation on two indices are said to order the states alike."""
_OTHER_COLOURS: Final = (palette.SECOND, palette.FOURTH)


def rank_text(value: float) -> str:
    """A rank, with a half where equals share one."""
    return rounding.text(value, 0 if float(value).is_integer() else 1)


def interval_text(score: Score | Difference) -> str:
    """ "2–4", or "1" where the interval is one rank."""
    low, high = rank_text(score.low), rank_text(score.high)
    return low if low == high else f"{low}–{high}"


def leaders(facts: Facts) -> tuple[Score, ...]:
    """The states of the first band."""
    return tuple(s for s in facts.composite.scores if s.band == 1)


def outcome(facts: Facts) -> str:
    """ "alone" where one state has the first band for itself, "band" where several share it; and
    "each" where others have bands of their own, too."""
    if not facts.composite.scores:
        return "unknown"
    sizes = Counter(s.band for s in facts.composite.scores)
    if len(sizes) == 1:
        return "one_band"
    if sizes[1] > 1:
        return "band"
    return "each" if list(sizes.values()).count(1) > 1 else "alone"


def values(facts: Facts) -> dict[str, str]:
    """The places of the sentences about the index."""
    scores = facts.composite.scores
    if not scores:
        return {}
    last = [s for s in scores if s.band == scores[-1].band]
    widest = max(scores, key=lambda s: (s.high - s.low, s.economy))
    name = facts.context.names
    return {
        "index": facts.composite.name, "year": str(facts.composite.year),
        "first": name(tuple(s.economy for s in leaders(facts))),
        "first_score": rounding.text(scores[0].score),
        "leader": facts.context.name(scores[0].economy),
        "last": name(tuple(s.economy for s in last)),
        "bands": labels.count(len({s.band for s in scores})),
        "Bands": labels.capital(labels.count(len({s.band for s in scores}))),
        "count": labels.count(len(scores)), "pillars": labels.count(len(by_pillar(facts))),
        "widest": facts.context.name(widest.economy), "interval": interval_text(widest),
    }  # fmt: skip


def index_scores(facts: Facts) -> Exhibit | None:
    """Rank and its interval of each state, under the headings of bands."""
    scores = facts.composite.scores
    if not scores:
        return None
    say, context = facts.context.words.say, facts.context
    size = len(scores)
    return figure(
        facts,
        "index_scores",
        RangeChart(
            tuple(
                RangeRow(
                    context.name(s.economy), context.colours[s.economy],
                    (Mark(s.rank, context.colours[s.economy]),), (s.low, s.high),
                    say("labels.score", value=rounding.text(s.score)),
                    short_text=rounding.text(s.score),
                    group=say("labels.band", band=str(s.band)),
                )
                for s in scores
            ),
            (0.6, size + 0.4),
            tuple(Tick(r, str(r)) for r in range(1, size + 1)),
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("band", "Band", "number", 0),
                Column("low", "Rank from", "number", 0),
                Column("high", "to", "number", 0),
                Column("score", "Score", "number", 1),
                Column("geometric", "Geometric score", "number", 1),
                Column("filled", "Values filled in draws", "number", 0),
                Column("oldest", "Oldest value", "year"),
            ],
            [[context.name(s.economy), s.band, s.low, s.high, s.score, s.geometric, s.filled,
              s.oldest] for s in scores],
        ),
        title=say("exhibits.index_scores.title", outcome(facts), **values(facts)),
        subtitle={"year": str(facts.composite.year), "index": facts.composite.name,
                  "n": str(len(facts.composite.indicators))},
        alt={"values": "; ".join(
            f"{context.name(s.economy)} {rounding.text(s.score)}, rank {interval_text(s)}"
            for s in scores
        )},
        note=say("exhibits.index_scores.note"),
        source=context.source(*facts.composite.indicators),
    )  # fmt: skip


def by_pillar(facts: Facts) -> Mapping[str, Mapping[str, PillarScore]]:
    """Pillar scores by pillar and ranked state, pillars in the order of the index."""
    ranked = {s.economy for s in facts.composite.scores}
    found = [p for p in facts.composite.pillars if p.economy in ranked]
    return {
        pillar: {p.economy: p for p in found if p.pillar == pillar}
        for pillar in PILLARS
        if any(p.pillar == pillar for p in found)
    }


def widest_pillar(facts: Facts) -> tuple[str, PillarScore, PillarScore] | None:
    """The pillar in which the states lie furthest apart, with its lowest and highest state."""
    ends = []
    for pillar, row in by_pillar(facts).items():
        ordered = sorted(row.values(), key=lambda p: (p.score, p.economy))
        ends.append((pillar, ordered[0], ordered[-1]))
    return max(ends, key=lambda e: (e[2].score - e[1].score, e[0]), default=None)


def index_pillars(facts: Facts) -> Exhibit | None:
    """Heat map of the pillars' scores, a column a state, and the index itself below."""
    found, widest = by_pillar(facts), widest_pillar(facts)
    if widest is None:
        return None
    say, context = facts.context.words.say, facts.context
    members = [s.economy for s in facts.composite.scores] or list(context.members)
    scores = {s.economy: s.score for s in facts.composite.scores}
    rows = [
        HeatRow(say(f"pillars.{pillar}"), say("labels.pillars"),
                tuple(_cell(row[c].score if c in row else None) for c in members))
        for pillar, row in found.items()
    ]  # fmt: skip
    rows.append(
        HeatRow(facts.composite.name, say("labels.index"),
                tuple(_cell(scores.get(c)) for c in members))
    )  # fmt: skip
    pillar, low, high = widest
    names = {e: context.name(e) for e in members}
    return figure(
        facts,
        "index_pillars",
        Heatmap(
            tuple((c, context.colours[c]) for c in members), tuple(rows), _legend(), row=22.0,
        ).render(),
        table(
            [
                Column("pillar", say("labels.pillar")),
                *(Column(c, names[c], "number", 1) for c in members),
                Column("median", say("labels.median"), "number", 1),
            ],
            [_pillar_cells(facts, p, row, members) for p, row in found.items()],
        ),
        title=say("exhibits.index_pillars.title", "known", pillar=say(f"pillars.{pillar}"),
                  low=context.name(low.economy), low_value=rounding.text(low.score),
                  high=context.name(high.economy), high_value=rounding.text(high.score)),
        subtitle={"year": str(facts.composite.year)},
        alt={"values": "; ".join(
            f"{say(f'pillars.{p}')}: " + ", ".join(
                f"{names[c]} {rounding.text(row[c].score)}" for c in members if c in row)
            for p, row in found.items()
        )},
        note=say("exhibits.index_pillars.note"),
        source=context.source(*facts.composite.indicators),
    )  # fmt: skip


def _cell(score: float | None) -> Cell:
    if score is None:
        return Cell(palette.NOTHING, rounding.NO_VALUE, palette.MUTED)
    level = sum(rounding.half_up(score) >= edge for edge in _EDGES)
    ink = palette.ON_DARK_TILE if level >= 3 else palette.ON_LIGHT_TILE
    return Cell(palette.SEQUENCE[level], rounding.text(score), ink)


def _legend() -> tuple[tuple[str, str], ...]:
    edges = [rounding.text(e) for e in _EDGES]
    names = [f"under {edges[0]}", *(f"{a} to {b}" for a, b in pairwise(edges)),
             f"{edges[-1]} and more"]  # fmt: skip
    return tuple(zip(palette.SEQUENCE, names, strict=True))


def _pillar_cells(
    facts: Facts, pillar: str, row: Mapping[str, PillarScore], members: list[str]
) -> list[Value]:
    median = next((p.median for p in row.values()), None)
    name = facts.context.words.say(f"pillars.{pillar}")
    return [name, *(row[c].score if c in row else None for c in members), median]


def left_out_outcome(facts: Facts) -> str:
    """Whether some indicator moves a rank by a place or more when it is left out."""
    found = facts.composite.without
    if not found:
        return "unknown"
    return "moves" if abs(found[0].rank_change) >= 1 else "still"


def index_left_out(facts: Facts) -> Exhibit | None:
    """How far ranks move on average when each indicator is left out."""
    found = facts.composite.without
    if not found:
        return None
    say, context = facts.context.words.say, facts.context
    farthest = max(found, key=lambda w: (abs(w.rank_change), w.mean_shift, w.indicator))
    name = {w.indicator: context.catalog.indicators[w.indicator].short_name for w in found}
    return figure(
        facts,
        "index_left_out",
        BarChart(
            tuple(
                Bar(name[w.indicator], palette.ACCENT, w.mean_shift, _moved_text(facts, w.economy,
                    w.rank_change, w.mean_shift))
                for w in found
            )
        ).render(),
        table(
            [
                Column("indicator", say("labels.indicator")),
                Column("mean_shift", "Mean shift", "number", 2, "places"),
                Column("economy", "Moves most"),
                Column("rank_change", "By", "number", 1, "places"),
            ],
            [[name[w.indicator], w.mean_shift,
              context.name(w.economy) if w.rank_change else rounding.NO_VALUE, w.rank_change]
             for w in found],
        ),
        title=say("exhibits.index_left_out.title", left_out_outcome(facts),
                  indicator=name[farthest.indicator], state=context.name(farthest.economy),
                  places=_places(abs(farthest.rank_change)),
                  moves="rises" if farthest.rank_change < 0 else "falls"),
        subtitle={"year": str(facts.composite.year)},
        alt={"values": "; ".join(
            f"{name[w.indicator]} {rounding.text(w.mean_shift, 1)}" for w in found
        )},
        note=say("exhibits.index_left_out.note", "factors" if facts.composite.factors else "plain",
                 **factor_values(facts)),
        source=context.source(*facts.composite.indicators),
    )  # fmt: skip


def _moved_text(facts: Facts, economy: str, change: float, shift: float) -> str:
    text = rounding.text(shift, 1)
    if not change:
        return text
    return f"{text} · {economy} {rounding.text(-change, 0, sign=True)}"


def _places(count: float) -> str:
    text = labels.count(round(count)) if float(count).is_integer() else rounding.text(count, 1)
    return f"{text} place" if count == 1 else f"{text} places"


def factor_values(facts: Facts) -> dict[str, str]:
    """The places of the sentence on the choices behind the index, by what they explain."""
    found = facts.composite.factors
    if not found:
        return {}
    say = facts.context.words.say
    first = found[0]
    return {
        "factor": say(f"factors.{first.name}"), "Factor": labels.capital(
            say(f"factors.{first.name}")),
        "alone": labels.percent(100 * max(first.alone, 0.0)),
        "total": labels.percent(100 * first.total),
    }  # fmt: skip


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
    widest = max(
        (o for own in found for o in own),
        key=lambda o: (abs(o.own_rank - o.other_rank), o.indicator, o.economy),
    )
    near, far = found[0][0], found[-1][0]
    return {
        "near": catalog.indicators[near.indicator].short_name,
        "near_value": rounding.text(near.spearman, 2),
        "far": catalog.indicators[far.indicator].short_name,
        "far_value": rounding.text(far.spearman, 2),
        "state": name(widest.economy),
        "other": catalog.indicators[widest.indicator].short_name,
        "higher": "higher" if widest.other_rank < widest.own_rank else "lower",
        "places": _places(abs(widest.own_rank - widest.other_rank)),
    }  # fmt: skip


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
                Column("low", "Index, rank from", "number", 0),
                Column("high", "to", "number", 0),
                *(Column(i, f"{short[i]}, rank", "number", 0) for i in tabled),
            ],
            [[context.name(s.economy), s.low, s.high,
              *(ranks.get((i, s.economy)) for i in tabled)] for s in scores],
        ),
        title=say("exhibits.index_others.title", others_outcome(facts), **others_values(facts)),
        subtitle={"years": labels.years(own[0].year for own in found.values()),
                  "count": labels.count(len(scores))},
        alt={"values": "; ".join(
            f"{short[i]} {own[0].year}: {rounding.text(own[0].spearman, 2)}"
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
