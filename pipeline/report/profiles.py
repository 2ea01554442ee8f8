"""Each state on a page: its path online, where it stands, what the article says of it, its values.

Made of the same facts as the sections before; what the marts do not have of a bloc is left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipeline import rounding
from pipeline.catalog.models import Indicator
from pipeline.report import labels, palette
from pipeline.report.charts.lines import Line, LineChart, Point
from pipeline.report.content import Column, Exhibit, Picture, Profile, Value
from pipeline.report.exhibits import bloc_trade, claims, index, targets
from pipeline.report.exhibits.common import number_ticks, table
from pipeline.report.exhibits.coverage import place
from pipeline.report.facts import ONLINE, Facts
from pipeline.report.marts import Latest
from pipeline.report.references import profile_anchor
from pipeline.report.wording import prose
from pipeline.report.words import day
from pipeline.units import unit_text

_FIRST_YEAR: Final = 2000
_NAMED: Final = 2
"""Strengths and gaps that are named."""
_FRESH_YEARS: Final = 2


def profiles(facts: Facts, first_table: int) -> tuple[Profile, ...]:
    """A profile of each member with a value of any series; tables numbered from ``first_table``."""
    return tuple(_profile(facts, code, first_table + n) for n, code in enumerate(facts.profiled))


def _profile(facts: Facts, code: str, number: int) -> Profile:
    name, said = facts.context.name(code), claims.claim_lines(facts, code)
    return Profile(
        id=profile_anchor(code),
        title=name,
        lead=_lead(facts, code),
        picture=_picture(facts, code),
        points=tuple(
            (facts.context.words.say(f"profiles.{key}.title"), prose(text, {}))
            for key, text in _points(facts, code)
        ),
        values=replace(_values(facts, code), number=number),
        claims_title=facts.context.words.say("profiles.claims", state=name) if said else "",
        claims=said,
    )


def _lead(facts: Facts, code: str) -> str:
    """How many are online, if that is known of late."""
    online = next((v for v in facts.online.members if v.economy == code), None)
    say = facts.context.words.say
    if online is None or online.value is None:
        return say("profiles.lead", "unknown")
    return say("profiles.lead", "known", value=labels.percent(online.value, 1),
               year=str(online.year))  # fmt: skip


def _picture(facts: Facts, code: str) -> Picture | None:
    """The state's path online beside the mean of all members, weighted by people."""
    own = [o for o in facts.online_series if o.economy == code and o.year >= _FIRST_YEAR]
    if not own:
        return None
    say, context = facts.context.words.say, facts.context
    means = [m for m in context.marts.means(ONLINE) if m[0] >= _FIRST_YEAR]
    name = context.name(code)
    lines = [
        _path("mean", say("profiles.mean"), palette.AXIS, means),
        _path(code, name, context.colours[code], [(o.year, o.value) for o in own],
              breaks=(facts, code)),
    ]  # fmt: skip
    chart = LineChart(
        tuple(line for line in lines if line.points),
        (0, 100),
        number_ticks(0, 100, 2, last=labels.tick_percent),
        height=(190, 190),
    )
    return Picture(
        chart.small(),
        say("profiles.picture", years=labels.years(o.year for o in own)),
        say("profiles.alt", state=name, first=str(own[0].year), last=str(own[-1].year),
            before=rounding.text(own[0].value, 1), after=rounding.text(own[-1].value, 1)),
    )  # fmt: skip


def _path(
    key: str,
    name: str,
    colour: str,
    series: Sequence[tuple[int, float]],
    breaks: tuple[Facts, str] | None = None,
) -> Line:
    points: list[Point] = []
    for year, value in series:
        before = points[-1].x if points else None
        broken = (
            breaks is not None
            and before is not None
            and breaks[0].context.catalog.break_between(ONLINE, breaks[1], before, year)
        )
        apart = before is None or year - before > 1
        points.append(
            Point(year, value, rounding.text(value, 1),
                  "open" if apart else "dotted" if broken else "solid")
        )  # fmt: skip
    return Line(key, name, colour, tuple(points), rounding.text(points[-1].y) if points else "")


def _points(facts: Facts, code: str) -> Iterator[tuple[str, str]]:
    """What is said of the state, by the key of its heading; unknown things are left out."""
    makers = (
        ("index", _index), ("time", _time), ("target", _target), ("strengths", _strengths),
        ("gaps", _gaps), ("trade", _trade), ("data", _data),
    )  # fmt: skip
    for key, make in makers:
        text = make(facts, code)
        if text:
            yield key, text


def _index(facts: Facts, code: str) -> str:
    found = next((s for s in facts.composite.scores if s.economy == code), None)
    if found is None:
        return ""
    return facts.context.words.say(
        "profiles.index.text", score=rounding.text(found.score),
        interval=index.interval_text(found), count=labels.count(len(facts.composite.scores)),
        band=str(found.band), year=str(found.year),
    )  # fmt: skip


def _time(facts: Facts, code: str) -> str:
    say, progress = facts.context.words.say, facts.progress
    leader = next((d for d in progress.distances(ONLINE, "leader") if d.economy == code), None)
    median = next((d for d in progress.distances(ONLINE, "median") if d.economy == code), None)
    said = []
    if leader is not None:
        outcome = "behind" if leader.years is not None else "at_least"
        said.append(say("profiles.time", outcome, years=rounding.text(leader.shown, 1),
                        other=facts.context.name(leader.versus)))  # fmt: skip
    if median is not None and median.years is not None:
        outcome = "median_behind" if rounding.half_up(median.years, 1) >= 0 else "median_ahead"
        said.append(say("profiles.time", outcome, years=rounding.text(abs(median.years), 1)))
    return say("profiles.time.text", what=labels.capital(labels.enumerated(said))) if said else ""


def _target(facts: Facts, code: str) -> str:
    aim = targets.shown(facts)
    found = next((o for o in facts.progress.outlooks(targets.SHOWN) if o.economy == code), None)
    if aim is None or found is None:
        return ""
    say = facts.context.words.say
    values = {
        "level": labels.percent(aim.counts_from or 0.0), "deadline": str(aim.deadline),
        "year": str(found.year), "span": targets.span_text(found),
    }  # fmt: skip
    if found.reached:
        return say("profiles.target", "reached", **values)
    dated = found.verdict if values["span"] else "no_date"
    return say("profiles.target", dated, **values)


def _strengths(facts: Facts, code: str) -> str:
    return _gaps_of(facts, code, sign=1)


def _gaps(facts: Facts, code: str) -> str:
    return _gaps_of(facts, code, sign=-1)


def _gaps_of(facts: Facts, code: str, *, sign: int) -> str:
    """The pillars furthest above or below the median state's score, in points."""
    found = [
        p for p in facts.composite.pillars
        if p.economy == code and p.gap is not None and sign * rounding.half_up(p.gap) > 0
    ]  # fmt: skip
    found.sort(key=lambda p: (-sign * (p.gap or 0.0), p.pillar))
    say = facts.context.words.say
    return labels.enumerated(
        say("profiles.gap", pillar=say(f"pillars.{p.pillar}"),
            gap=rounding.text(p.gap, 0, sign=True))
        for p in found[:_NAMED]
    )  # fmt: skip


def _trade(facts: Facts, code: str) -> str:
    own = facts.goods.balances(code, facts.context.member_set)
    sold = [f for f in facts.goods.flows if f.seller == code]
    if not own or not sold:
        return ""
    last = own[-1]
    first = max(sold, key=lambda f: (f.value, f.buyer))
    return facts.context.words.say(
        "profiles.trade.text", year=str(last.year), exports=bloc_trade.dollars(last.exports),
        imports=bloc_trade.dollars(last.imports), partner=facts.context.name(first.buyer),
        value=bloc_trade.dollars(first.value), flow_year=str(facts.goods.year),
    )  # fmt: skip


def _data(facts: Facts, code: str) -> str:
    """How much is known of the state, how old it is, and how firm."""
    makers = (_covered, _oldest, _revised, _estimated)
    return labels.sentences(*(make(facts, code) for make in makers))


def _covered(facts: Facts, code: str) -> str:
    own = [v for v in facts.newest_of(code) if v.year is not None]
    recent = [v for v in own if v.value is not None]
    fresh = [v for v in recent if (v.age or 0) <= _FRESH_YEARS]
    return facts.context.words.say(
        "profiles.data.text", known=str(len(own)), recent=str(len(recent)),
        fresh=str(len(fresh)), years=labels.count(_FRESH_YEARS),
    )  # fmt: skip


def _oldest(facts: Facts, code: str) -> str:
    """The series whose newest value is the oldest, and whether it is still used."""
    own = [v for v in facts.newest_of(code) if v.year is not None]
    first = min(own, key=lambda v: (v.year or 0, place(facts, v.indicator)), default=None)
    if first is None:
        return ""
    entry = facts.context.catalog.indicators[first.indicator]
    return facts.context.words.say(
        "profiles.oldest", "too_old" if first.value is None else "used", year=str(first.year),
        series=entry.short_name,
    )  # fmt: skip


def _revised(facts: Facts, code: str) -> str:
    since = facts.revisions.since
    revised, large = facts.context.marts.revised(code)
    if not revised or since is None:
        return ""
    return facts.context.words.say("profiles.revised", since=day(since),
                                   revised=rounding.text(revised),
                                   large=rounding.text(large))  # fmt: skip


def _estimated(facts: Facts, code: str) -> str:
    """Figures that the publisher marks as its estimates; only goods trade has such marks."""
    years, estimated = (facts.goods.reported(code, estimated=e) for e in (False, True))
    if not estimated:
        return ""
    return facts.context.words.say(
        "profiles.estimated", estimated=rounding.text(len(estimated)),
        counted=rounding.text(len(years)), years=labels.years(years),
    )  # fmt: skip


def _values(facts: Facts, code: str) -> Exhibit:
    """Table of the newest value of every series that some member has."""
    say, context = facts.context.words.say, facts.context
    known = {
        v.indicator for v in context.latest
        if v.year is not None and v.economy in context.members
    }  # fmt: skip
    own = [v for v in facts.newest_of(code) if v.indicator in known]
    own.sort(key=lambda v: place(facts, v.indicator))
    title = say("profiles.values.title", state=context.name(code))
    return Exhibit(
        id=f"profile_{code.lower()}",
        kind="table",
        number=0,
        title=title,
        subtitle=say("profiles.values.subtitle", day=day(context.as_of)),
        alt=labels.headed(title, say("profiles.values.alt", count=str(len(own)))),
        source=context.source(*(v.indicator for v in own)),
        note="",
        table=table(
            [
                Column("series", say("labels.series")),
                Column("newest", say("labels.newest")),
                Column("unit", say("labels.unit")),
                Column("year", say("labels.year"), "year"),
                Column("age", say("labels.age"), "number", 0, say("units.years")),
            ],
            [_row(facts, v) for v in own],
        ),
    )


def _row(facts: Facts, latest: Latest) -> list[Value]:
    entry = facts.context.catalog.indicators[latest.indicator]
    say, unit = facts.context.words.say, unit_text(entry.unit)
    if latest.value is None:
        old = say("labels.too_old") if latest.year is not None else say("labels.never")
        return [entry.short_name, old, unit, latest.year, latest.age]
    return [entry.short_name, newest_text(entry, latest.value), unit, latest.year, latest.age]


def newest_text(entry: Indicator, value: float) -> str:
    """A value as it reads beside its unit: amounts in words, others with their digits."""
    if "$" in entry.unit and entry.unit.startswith("million"):
        return labels.amount(1e6 * value, short=True)
    if abs(value) >= 1e6:
        return labels.amount(value, short=True)
    return rounding.text(value, entry.decimals)
