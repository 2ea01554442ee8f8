"""The table of internet use then and now, which never gives a change across a break."""

from dataclasses import dataclass
from typing import Final

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.content import Column, Exhibit, Value
from pipeline.report.exhibits.common import of_years, table
from pipeline.report.facts import ONLINE, Facts
from pipeline.report.marts import Latest

BASE_YEAR: Final = 2010


@dataclass(frozen=True)
class Change:
    """A member then and now. ``points`` is None where the two cannot be compared."""

    latest: Latest
    base: float | None
    points: float | None
    reason: str


def changes(facts: Facts) -> tuple[Change, ...]:
    """Every member with a recent value, the largest change first."""
    base = {o.economy: o.value for o in facts.online_series if o.year == BASE_YEAR}
    found = [_change(facts, v, base.get(v.economy)) for v in facts.online.recent]
    return tuple(
        sorted(
            found,
            key=lambda c: (c.points is None, -(c.points or 0.0), -(c.latest.value or 0.0),
                           c.latest.economy),
        )
    )  # fmt: skip


def _change(facts: Facts, latest: Latest, base: float | None) -> Change:
    say = facts.context.words.say
    if base is None or latest.value is None or latest.year is None:
        return Change(latest, base, None, say("exhibits.internet_change.no_base",
                                              base=str(BASE_YEAR)))  # fmt: skip
    broken = facts.context.catalog.break_between(ONLINE, latest.economy, BASE_YEAR, latest.year)
    if broken:
        return Change(latest, base, None, say("exhibits.internet_change.across_break"))
    return Change(latest, base, latest.value - base, "")


def internet_change(facts: Facts) -> Exhibit | None:
    """Table: value in the base year, newest value and change in points."""
    rows = changes(facts)
    if not rows:
        return None
    say, context = facts.context.words.say, facts.context
    first, base = rows[0], str(BASE_YEAR)
    title = (
        say("exhibits.internet_change.title", "known", base=base,
            state=context.name(first.latest.economy),
            change=rounding.text(first.points, 1, sign=True))
        if first.points is not None
        else say("exhibits.internet_change.title", "unknown", base=base)
    )  # fmt: skip
    breaks = [
        of_years(facts, code, *b.years)
        for code, b in facts.breaks(ONLINE, BASE_YEAR, facts.context.as_of.year)
    ]
    return Exhibit(
        id="internet_change",
        kind="table",
        number=0,
        title=title,
        subtitle=say("exhibits.internet_change.subtitle", base=base),
        alt=labels.headed(
            title, say("exhibits.internet_change.alt", count=labels.count(len(rows)), base=base)
        ),
        source=context.source(ONLINE),
        note=(
            say("exhibits.internet_change.note", breaks=labels.listing(breaks))
            if breaks
            else say("exhibits.internet_change.note_plain")
        ),
        table=table(
            [
                Column("member", say("labels.member")),
                Column("base", base, "number", 1, "%"),
                Column("latest", say("labels.newest"), "number", 1, "%"),
                Column("year", say("labels.year"), "year"),
                Column("change", say("columns.change"), "number", 1, say("units.points")),
                Column("reason", say("columns.remark")),
            ],
            [_row(facts, c) for c in rows],
        ),
    )


def _row(facts: Facts, change: Change) -> list[Value]:
    latest = change.latest
    name = facts.context.name(latest.economy)
    return [name, change.base, latest.value, latest.year, change.points, change.reason]
