"""Digital trade: ICT service exports of the members, and what they are of all service exports."""

import math
from collections.abc import Mapping
from typing import Final

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.lines import Line, LineChart, Point
from pipeline.report.charts.scale import ceiling, decades
from pipeline.report.charts.slopes import Heading, Slope, SlopeChart, Stop
from pipeline.report.content import Column, Exhibit, Table
from pipeline.report.exhibits.common import figure, say_names, table, usual_year
from pipeline.report.exhibits.foundations import Pair, Series, compared, pairs, recent
from pipeline.report.facts import ICT_EXPORTS, ICT_SHARE, Facts
from pipeline.report.marts import Observation

_FIRST_YEAR: Final = 2005
_HEADROOM: Final = 1.6
"""The logarithmic axis goes on to this multiple of the largest value."""
WEIGHT: Final = Series("ict_weight", ICT_SHARE, 2010, 1, percent=True)


def newest_exports(facts: Facts) -> Mapping[str, Observation]:
    """The newest value of each member that is recent enough, by code."""
    recent = {
        v.economy for v in facts.context.latest
        if v.indicator == ICT_EXPORTS and v.value is not None
    }  # fmt: skip
    series = facts.context.marts.series(ICT_EXPORTS, facts.context.members)
    return {o.economy: o for o in series if o.economy in recent}


def leaders(facts: Facts) -> tuple[Observation, Observation] | None:
    """The largest and the second exporter of one year: the newest that two members share."""
    newest = newest_exports(facts)
    usual = usual_year([o.year for o in newest.values()])
    ranked = sorted(
        (o for o in newest.values() if o.year == usual), key=lambda o: (-o.value, o.economy)
    )
    return (ranked[0], ranked[1]) if len(ranked) > 1 and ranked[1].value > 0 else None


def never_reported(facts: Facts) -> tuple[str, ...]:
    """Members of whom the release has no value in any year."""
    known = {o.economy for o in facts.context.marts.series(ICT_EXPORTS, facts.context.members)}
    return tuple(c for c in facts.context.members if c not in known)


def ict_exports(facts: Facts) -> Exhibit | None:
    """Paths of ICT service exports in dollars; zero has no place on a logarithmic scale."""
    context = facts.context
    series = [
        o for o in context.marts.series(ICT_EXPORTS, context.members)
        if o.year >= _FIRST_YEAR and o.value > 0
    ]  # fmt: skip
    if not series:
        return None
    ends = {o.economy: o for o in series}
    return figure(
        facts,
        "ict_exports",
        _chart(facts, series, ends).render(),
        _table(facts, series),
        title=_title(facts),
        subtitle={"years": labels.years(o.year for o in series)},
        alt={"values": labels.enumerated(_end_text(facts, ends[c]) for c in sorted(ends))},
        note=_note(facts, ends),
        source=context.source(ICT_EXPORTS),
    )


def _title(facts: Facts) -> str:
    say = facts.context.words.say
    pair = leaders(facts)
    if pair is None:
        return say("exhibits.ict_exports.title", "unknown")
    first, second = pair
    ratio = first.value / second.value
    return say(
        "exhibits.ict_exports.title", "known",
        state=facts.context.name(first.economy), second=facts.context.name(second.economy),
        ratio=rounding.text(ratio, 1 if ratio < 10 else 0),
    )  # fmt: skip


def _note(facts: Facts, ends: Mapping[str, Observation]) -> str:
    usual = usual_year([o.year for o in ends.values()]) or 0
    never = never_reported(facts)
    older = [
        f"{facts.context.name(c)} ({o.year})" for c, o in sorted(ends.items()) if o.year < usual
    ]
    outcome = {
        (True, True): "missing", (True, False): "never",
        (False, True): "older", (False, False): "complete",
    }[bool(never), bool(older)]  # fmt: skip
    return facts.context.words.say(
        "exhibits.ict_exports.note", outcome,
        never=say_names(facts, never), older=labels.listing(older),
    )  # fmt: skip


def _chart(facts: Facts, series: list[Observation], ends: Mapping[str, Observation]) -> LineChart:
    context = facts.context
    usual = usual_year([o.year for o in ends.values()]) or 0
    low, above = decades(o.value for o in series)
    # Up to the next power of ten there may be much empty paper.
    high = min(above, _HEADROOM * max(o.value for o in series))
    powers = [10.0**n for n in range(round(math.log10(low)), math.floor(math.log10(high)) + 1)]
    return LineChart(
        tuple(
            Line(
                code, context.name(code), context.colours[code],
                _points([o for o in series if o.economy == code]),
                _end(ends[code], usual),
            )
            for code in context.members
            if code in ends
        ),
        (low, high),
        tuple(Tick(p, labels.dollars(p)) for p in powers),
        log=True,
        height=(390, 400),
        narrow_ticks=tuple(Tick(p, labels.amount(p, short=True)) for p in powers),
    )  # fmt: skip


def _end(observation: Observation, usual: int) -> str:
    text = labels.amount(observation.value, short=True)
    return f"{text} ({observation.year})" if observation.year < usual else text


def _points(series: list[Observation]) -> tuple[Point, ...]:
    points: list[Point] = []
    for o in series:
        apart = not points or o.year - points[-1].x > 1
        text = labels.amount(o.value, short=True)
        points.append(Point(o.year, o.value, text, "open" if apart else "solid"))
    return tuple(points)


def _end_text(facts: Facts, o: Observation) -> str:
    return f"{facts.context.name(o.economy)} {labels.dollars(o.value)} ({o.year})"


def _table(facts: Facts, series: list[Observation]) -> Table:
    values = {(o.economy, o.year): o.value for o in series}
    columns = [Column("year", facts.context.words.say("labels.year"), "year")]
    dollars = facts.context.words.say("units.usd")
    columns += [
        Column(c, facts.context.name(c), "number", 0, dollars) for c in facts.context.members
    ]
    years = sorted({o.year for o in series})
    return table(
        columns, [[y, *(values.get((c, y)) for c in facts.context.members)] for y in years]
    )


def weight_outcome(facts: Facts) -> tuple[str, dict[str, str]]:
    """How many members' service exports ICT makes more of than in the base year, and the places of
    the sentences on it; of one alone "one"."""
    found = pairs(facts, WEIGHT)
    if not recent(found):
        return "unknown", {}
    said, places = compared(facts, WEIGHT, found)
    alone = sum(p.change is not None for p in found) == 1
    return "one" if alone else said.removesuffix("_one"), places


def ict_weight(facts: Facts) -> Exhibit | None:
    """Slopes from the base year to the newest value of the share of ICT in service exports."""
    every = pairs(facts, WEIGHT)
    found = recent(every)
    if not found:
        return None
    say, context = facts.context.words.say, facts.context
    said, places = weight_outcome(facts)
    usual = usual_year([p.latest.year or 0 for p in found])
    top = ceiling(max(v for p in found for v in _ends(p) if v is not None))
    base, broken = str(WEIGHT.base), [p.latest.economy for p in found if p.broken]
    without = [p.latest.economy for p in every if p.value is None]
    return figure(
        facts,
        "ict_weight",
        SlopeChart(
            (Heading(base), Heading(say("labels.newest"))),
            tuple(_slope(facts, p, usual) for p in found),
            (0, top),
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("base_year", say("labels.base_year"), "year"),
                Column("base", say("labels.base_value"), "number", 1, "%"),
                Column("year", say("labels.year"), "year"),
                Column("value", say("labels.newest"), "number", 1, "%"),
                Column("change", say("columns.change"), "number", 1, say("units.points")),
            ],
            [
                [context.name(p.latest.economy), p.before.year if p.before else None,
                 p.before.value if p.before else None, p.latest.year, p.value, p.change]
                for p in found
            ],
        ),
        title=say("exhibits.ict_weight.title", said, **places),
        subtitle={"base": base, "years": labels.years(p.latest.year for p in found)},
        alt={"values": labels.enumerated(_slope_text(facts, p) for p in found)},
        note=labels.sentences(
            say("exhibits.ict_weight.note"),
            say("exhibits.ict_weight.without", states=context.names(tuple(without)))
            if without else "",
            say("exhibits.ict_weight.broken", states=context.names(tuple(broken)))
            if broken else "",
        ),
        source=context.source(ICT_SHARE),
    )  # fmt: skip


def _ends(pair: Pair) -> tuple[float | None, float | None]:
    return (pair.before.value if pair.before else None, pair.value)


def _slope(facts: Facts, pair: Pair, usual: int | None) -> Slope:
    code, year = pair.latest.economy, pair.latest.year
    first, last = (
        None if value is None else Stop(value, rounding.text(value, 1)) for value in _ends(pair)
    )
    dated = "" if last is None or year == usual else f"{last.text} ({year})"
    return Slope(
        facts.context.name(code), facts.context.colours[code], (first, last),
        dotted=pair.broken, end=dated,
    )  # fmt: skip


def _slope_text(facts: Facts, pair: Pair) -> str:
    texts = (rounding.text(v, 1) for v in _ends(pair) if v is not None)
    return f"{facts.context.name(pair.latest.economy)} {'→'.join(texts)} ({pair.latest.year})"
