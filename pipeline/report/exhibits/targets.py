"""Targets for 2030: who is there, whose pace is enough, and when models see the others arrive."""

import math
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.bars import Reference
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.legend import Key
from pipeline.report.charts.lines import Join, Line, LineChart, Point
from pipeline.report.charts.ranges import Mark, RangeChart, RangeRow
from pipeline.report.charts.scale import decades, ticks
from pipeline.report.content import Column, Exhibit, Table, Value
from pipeline.report.exhibits.common import figure, table
from pipeline.report.facts import ONLINE, POPULATION, Facts
from pipeline.report.marts import Persons
from pipeline.report.progress import Outlook, Target
from pipeline.report.wording import direction
from pipeline.wording import said

SHOWN: Final = "internet_users"
"""The target whose dates are drawn."""
MODEL_COLOURS: Final = {
    "linear": palette.ACCENT, "logit": palette.SECOND, "gompertz": palette.THIRD,
    "leader_path": palette.FOURTH,
}  # fmt: skip
_LATEST: Final = 25
"""Dates more than so many years after the deadline are drawn at the end of the axis."""
_FIRST_YEAR: Final = 2005
_ROOM: Final = 1.6
"""The logarithmic axis goes beyond the values by this factor."""


def shown(facts: Facts) -> Target | None:
    """The target of internet use, with an indicator and a level."""
    return next(
        (t for t in facts.progress.targets if t.id == SHOWN and t.counts_from is not None), None
    )


def open_states(found: tuple[Outlook, ...]) -> tuple[Outlook, ...]:
    """Members that are not at the level, the earliest first; without a date last."""
    rest = [o for o in found if not o.reached]
    return tuple(sorted(rest, key=lambda o: (o.low if o.low is not None else math.inf, o.economy)))


def outcome(found: tuple[Outlook, ...]) -> str:
    """ "all" are there; the models "agree" on all others, on "some" or on "none" of them."""
    rest = open_states(found)
    if not found:
        return "unknown"
    if not rest:
        return "all"
    undecided = sum(o.verdict == "cannot_say" for o in rest)
    return "agree" if not undecided else "none" if undecided == len(rest) else "some"


def values(facts: Facts, target: Target, found: tuple[Outlook, ...]) -> dict[str, str]:
    """The places of the sentences about one target."""
    rest = open_states(found)
    undecided = [o for o in rest if o.verdict == "cannot_say"]
    name = facts.context.names
    return {
        "there": labels.count(len(found) - len(rest)), "count": labels.count(len(found)),
        "There": labels.capital(labels.count(len(found) - len(rest))),
        "rest": labels.count(len(rest)), "undecided": labels.count(len(undecided)),
        "undecided_states": name(tuple(o.economy for o in undecided)),
        "on_track": name(tuple(o.economy for o in rest if o.verdict == "on_track")),
        "off_track": name(tuple(o.economy for o in rest if o.verdict == "off_track")),
        "level": labels.percent(target.counts_from or 0.0), "deadline": str(target.deadline),
    }  # fmt: skip


def target_years(facts: Facts) -> Exhibit | None:
    """The dates that each model gives, a row a state; those that are there without a date."""
    target = shown(facts)
    found = facts.progress.outlooks(SHOWN)
    if target is None or not found:
        return None
    say, rest = facts.context.words.say, open_states(found)
    ends = [d for o in rest for _, d in o.dates if math.isfinite(d)]
    last = min(max([*ends, target.deadline + 1.0]), target.deadline + _LATEST)
    low, high = min([*ends, target.deadline - 4.0]) - 0.5, last + 0.5
    rows = [_date_row(facts, o, high) for o in rest]
    rows += [_there_row(facts, o) for o in found if o.reached]
    used = {m for o in rest for m, _ in o.dates}
    return figure(
        facts,
        "target_years",
        RangeChart(
            tuple(rows), (low, high),
            tuple(Tick(y, str(round(y))) for y in ticks(low, high, 8) if float(y).is_integer()),
            reference=Reference(target.deadline, say("labels.deadline",
                                                     year=str(target.deadline))),
            legend=tuple(Key(c, say(f"models.{m}")) for m, c in MODEL_COLOURS.items() if m in used),
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("value", say("labels.newest"), "number", 1, "%"),
                Column("year", say("labels.year"), "year"),
                *(Column(m, say(f"models.{m}"), "date", 1) for m in MODEL_COLOURS),
                Column("verdict", say("labels.verdict")),
            ],
            [_date_cells(facts, o) for o in (*rest, *(o for o in found if o.reached))],
        ),
        title=say("exhibits.target_years.title", outcome(found), **values(facts, target, found)),
        subtitle={"level": labels.percent(target.counts_from or 0.0),
                  "deadline": str(target.deadline)},
        alt={"values": labels.enumerated(_date_text(facts, o) for o in found)},
        note=say("exhibits.target_years.note",
                 early=say("exhibits.target_years.early", "some" if _early(rest) else "none"),
                 ours=say("exhibits.target_years.ours", "ours" if target.ours else "theirs",
                          level=labels.percent(target.counts_from or 0.0))),
        source=facts.context.source(ONLINE),
    )  # fmt: skip


def _early(found: tuple[Outlook, ...]) -> bool:
    """Whether a curve gives a date before the newest value, which is still below the level."""
    return any(date <= o.year for o in found for _, date in o.dates)


def span_text(outlook: Outlook) -> str:
    """ "2028.7–2033.0", one date where there is one, empty without any."""
    if outlook.low is None or outlook.high is None:
        return ""
    low, high = (rounding.text(d, 1, grouped=False) for d in (outlook.low, outlook.high))
    return low if low == high else f"{low}–{high}"


def _date_row(facts: Facts, outlook: Outlook, end: float) -> RangeRow:
    say, name = facts.context.words.say, facts.context.name(outlook.economy)
    colour = facts.context.colours[outlook.economy]
    group = say("labels.on_the_way")
    if outlook.low is None or outlook.high is None:
        return RangeRow(name, colour, text=say("labels.no_date"), group=group)
    verdict = say(f"verdicts.{outlook.verdict}")
    return RangeRow(
        name, colour,
        tuple(Mark(min(d, end), MODEL_COLOURS[m]) for m, d in outlook.dates),
        (min(outlook.low, end), min(outlook.high, end)),
        labels.commas((span_text(outlook), verdict)), short_text=span_text(outlook), group=group,
    )  # fmt: skip


def _there_row(facts: Facts, outlook: Outlook) -> RangeRow:
    say = facts.context.words.say
    return RangeRow(
        facts.context.name(outlook.economy), facts.context.colours[outlook.economy],
        text=say("labels.reached_in", value=labels.percent(outlook.value, 1),
                 year=str(outlook.year)),
        group=say("labels.at_the_level"),
    )  # fmt: skip


def _date_cells(facts: Facts, outlook: Outlook) -> list[Value]:
    dates = dict(outlook.dates)
    say = facts.context.words.say
    verdict = say("verdicts.reached" if outlook.reached else f"verdicts.{outlook.verdict}")
    return [
        facts.context.name(outlook.economy), outlook.value, outlook.year,
        *(dates.get(m) for m in MODEL_COLOURS), verdict,
    ]  # fmt: skip


def _date_text(facts: Facts, outlook: Outlook) -> str:
    name, say = facts.context.name(outlook.economy), facts.context.words.say
    if outlook.reached:
        return f"{name} {say('verdicts.reached')}"
    return f"{name} {span_text(outlook) or say('labels.no_date')}"


def enough(found: tuple[Outlook, ...]) -> tuple[Outlook, ...]:
    """Of the members with a pace those whose pace, as it reads, is at least the required one."""
    return tuple(
        o
        for o in open_states(found)
        if o.achieved is not None
        and o.required is not None
        and rounding.half_up(o.achieved, 1) >= rounding.half_up(o.required, 1)
    )


def pace_outcome(found: tuple[Outlook, ...]) -> str:
    """How many of those on the way, with a known pace, move fast enough."""
    known = [o for o in open_states(found) if o.achieved is not None and o.required is not None]
    if not known:
        return "unknown"
    fast = len(enough(found))
    return "all" if fast == len(known) else "none" if not fast else "some"


def target_pace(facts: Facts) -> Exhibit | None:
    """Table: achieved and required change a year of every target that can be measured."""
    found = facts.progress.outlooks(SHOWN)
    target = shown(facts)
    if target is None or not found:
        return None
    say = facts.context.words.say
    known = [o for o in open_states(found) if o.achieved is not None]
    said = pace_outcome(found)
    fast = len(enough(found))
    title = say(
        "exhibits.target_pace.title", said, known=labels.count(len(known)),
        fast=labels.count(fast), deadline=str(target.deadline),
    )  # fmt: skip
    return Exhibit(
        id="target_pace",
        kind="table",
        number=0,
        title=title,
        subtitle=say("exhibits.target_pace.subtitle", deadline=str(target.deadline),
                     level=labels.percent(target.counts_from or 0.0)),
        alt=labels.headed(
            title, say("exhibits.target_pace.alt", count=labels.count(len(found)))
        ),
        source=facts.context.source(ONLINE),
        note=say("exhibits.target_pace.note"),
        table=table(
            [
                Column("member", say("labels.member")),
                Column("value", say("labels.newest"), "number", 1, "%"),
                Column("year", say("labels.year"), "year"),
                Column("achieved", say("columns.pace"), "number", 1, say("units.points_a_year")),
                Column("required", say("columns.required"), "number", 1,
                       say("units.points_a_year")),
                Column("end", say("columns.by_model", year=str(target.deadline)), "text", 0, "%"),
                Column("verdict", say("labels.verdict")),
            ],
            [_pace_cells(facts, o) for o in
             (*open_states(found), *(o for o in found if o.reached))],
        ),
    )  # fmt: skip


def _pace_cells(facts: Facts, outlook: Outlook) -> list[Value]:
    say = facts.context.words.say
    ends = [rounding.text(v) for v in (outlook.end_low, outlook.end_high) if v is not None]
    return [
        facts.context.name(outlook.economy), outlook.value, outlook.year, outlook.achieved,
        None if outlook.reached else outlook.required,
        "–".join(dict.fromkeys(ends)) or rounding.NO_VALUE,
        say("verdicts.reached" if outlook.reached else f"verdicts.{outlook.verdict}"),
    ]  # fmt: skip


def offline_paths(facts: Facts) -> Exhibit | None:
    """People offline in each state over the years, on a logarithmic scale."""
    complement = facts.context.complement(ONLINE)
    found = facts.context.marts.persons(complement) if complement else ()
    series = [p for p in found if p.year >= _FIRST_YEAR and p.persons > 0]
    if not series:
        return None
    context = facts.context
    below, above = decades(p.persons for p in series)
    low = max(below, min(p.persons for p in series) / _ROOM)
    high = min(above, max(p.persons for p in series) * _ROOM)
    powers = [10.0**n for n in range(12) if low <= 10.0**n <= high]
    ends = {p.economy: p for p in series}
    return figure(
        facts,
        "offline_paths",
        LineChart(
            tuple(
                Line(code, context.name(code), context.colours[code],
                     _points(facts, [p for p in series if p.economy == code]),
                     _millions(ends[code].persons))
                for code in context.members if code in ends
            ),
            (low, high), tuple(Tick(p, labels.amount(p)) for p in powers), log=True,
            height=(380, 400),
            narrow_ticks=tuple(Tick(p, labels.amount(p, short=True)) for p in powers),
        ).render(),
        _persons_table(facts, series),
        title=_persons_title(facts, series),
        subtitle={"years": labels.years(p.year for p in series)},
        alt={"values": labels.enumerated(
            f"{context.name(c)} {labels.amount(p.persons)} ({p.year})"
            for c, p in sorted(ends.items())
        )},
        note=facts.context.words.say("exhibits.offline_paths.note"),
        source=context.source(ONLINE, POPULATION),
    )  # fmt: skip


def _millions(persons: float) -> str:
    """ "509 m", "0.52 m"."""
    if persons < 1e6:
        return said("labels.millions", value=rounding.text(persons / 1e6, 2))
    return labels.amount(persons, short=True)


def _points(facts: Facts, series: list[Persons]) -> tuple[Point, ...]:
    points: list[Point] = []
    for p in series:
        apart = not points or p.year - points[-1].x > 1
        broken = points and facts.context.catalog.break_between(
            ONLINE, p.economy, points[-1].x, p.year
        )
        join: Join = "open" if apart else "dotted" if broken else "solid"
        points.append(Point(p.year, p.persons, _millions(p.persons), join))
    return tuple(points)


def _persons_title(facts: Facts, series: list[Persons]) -> str:
    """How the number of the state with most of them changed, where it can be compared."""
    say, last = facts.context.words.say, max(p.year for p in series)
    most = max((p for p in series if p.year == last), key=lambda p: (p.persons, p.economy))
    own = [p for p in series if p.economy == most.economy]
    first = own[0]
    before, after = first.persons / 1e6, most.persons / 1e6
    broken = facts.context.catalog.break_between(ONLINE, most.economy, first.year, last)
    said = "unknown" if broken or first.year == last else direction(before, after, 0)
    return say(
        "exhibits.offline_paths.title", said, state=facts.context.name(most.economy),
        before=labels.amount(first.persons), after=labels.amount(most.persons),
        first=str(first.year), last=str(last),
    )  # fmt: skip


def _persons_table(facts: Facts, series: list[Persons]) -> Table:
    by = {(p.economy, p.year): p.persons / 1e6 for p in series}
    columns = [Column("year", facts.context.words.say("labels.year"), "year")]
    columns += [
        Column(c, facts.context.name(c), "number", 1, said("units.million"))
        for c in facts.context.members
    ]
    years = sorted({p.year for p in series})
    return table(columns, [[y, *(by.get((c, y)) for c in facts.context.members)] for y in years])
