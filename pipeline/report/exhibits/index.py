"""The composite index: scores with rank intervals, pillars, what it hangs on, and other indices."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.bars import Bar, BarChart
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.heatmap import Cell, Heatmap, HeatRow
from pipeline.report.charts.ranges import Mark, RangeChart, RangeRow
from pipeline.report.composite import PillarScore, Score
from pipeline.report.content import Column, Exhibit, Value
from pipeline.report.exhibits.common import class_names, figure, table
from pipeline.report.facts import Facts
from pipeline.report.index_reasons import Difference
from pipeline.wording import said

PILLARS: Final = (
    "connectivity", "access_use", "human_capital", "innovation", "digital_trade", "egov_trust",
)  # fmt: skip
_EDGES: Final = (20.0, 40.0, 60.0, 80.0)


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
                Column("band", say("columns.band"), "number", 0),
                Column("low", say("columns.rank_from"), "number", 0),
                Column("high", say("columns.rank_to"), "number", 0),
                Column("score", say("columns.score"), "number", 1),
                Column("geometric", say("columns.geometric_score"), "number", 1),
                Column("filled", say("columns.values_filled"), "number", 0),
                Column("oldest", say("columns.oldest_value"), "year"),
            ],
            [[context.name(s.economy), s.band, s.low, s.high, s.score, s.geometric, s.filled,
              s.oldest] for s in scores],
        ),
        title=say("exhibits.index_scores.title", outcome(facts), **values(facts)),
        subtitle={"year": str(facts.composite.year), "index": facts.composite.name,
                  "n": str(len(facts.composite.indicators))},
        alt={"values": labels.enumerated(
            say("labels.score_and_rank", state=context.name(s.economy),
                score=rounding.text(s.score), interval=interval_text(s))
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
        alt={"values": labels.enumerated(
            labels.of(say(f"pillars.{p}"), labels.commas(
                f"{names[c]} {rounding.text(row[c].score)}" for c in members if c in row))
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
    return tuple(zip(palette.SEQUENCE, class_names(_EDGES), strict=True))


def _pillar_cells(
    facts: Facts, pillar: str, row: Mapping[str, PillarScore], members: list[str]
) -> list[Value]:
    median = next((p.median for p in row.values()), None)
    name = facts.context.words.say(f"pillars.{pillar}")
    return [name, *(row[c].score if c in row else None for c in members), median]


def left_out_outcome(facts: Facts, farthest: float) -> str:
    """Whether some indicator moves a rank by a place or more when it is left out, and whither the
    one goes that moves farthest."""
    if abs(facts.composite.without[0].rank_change) < 1:
        return "still"
    return "rises" if farthest < 0 else "falls"


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
                Column("mean_shift", say("columns.mean_shift"), "number", 2, say("units.places")),
                Column("economy", say("columns.moves_most")),
                Column("rank_change", say("columns.by"), "number", 1, say("units.places")),
            ],
            [[name[w.indicator], w.mean_shift,
              context.name(w.economy) if w.rank_change else rounding.NO_VALUE, w.rank_change]
             for w in found],
        ),
        title=say("exhibits.index_left_out.title", left_out_outcome(facts, farthest.rank_change),
                  indicator=name[farthest.indicator], state=context.name(farthest.economy),
                  places=places_text(abs(farthest.rank_change))),
        subtitle={"year": str(facts.composite.year)},
        alt={"values": labels.enumerated(
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


def places_text(count: float) -> str:
    text = labels.count(round(count)) if float(count).is_integer() else rounding.text(count, 1)
    return said("labels.places", n=text)


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
