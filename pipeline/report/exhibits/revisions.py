"""What releases say of one another: revisions since a day, and one year seen from many.

Every picture here has the day of a release on its axis and not the year of a figure. What is
compared, and which figures are worth showing, is decided in ``report.revisions``.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import pairwise
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.bars import Bar, BarChart
from pipeline.report.charts.lines import Line, LineChart, Point
from pipeline.report.content import Chart, Column, Exhibit, Table, Value
from pipeline.report.exhibits.common import figure, number_ticks, table
from pipeline.report.facts import GDP, ICT_EXPORTS, ONLINE, PER_GDP, Facts
from pipeline.report.revisions import (
    NOTEWORTHY,
    YEARS_OF_RELEASES,
    History,
    Revised,
    Said,
    SeriesRevisions,
)
from pipeline.report.words import day
from pipeline.wording import said

DIGITS: Final = 2
"""Of an index in text."""
_JUMP: Final = 0.1
"""Nats; less than that comes from the revisions that every release brings."""
_LINES: Final = 4
_BARS: Final = 12
_ROOM: Final = 0.06
"""Empty part of the axis above and below the values."""
_YEAR_COLOURS: Final = (palette.ACCENT, palette.SECOND, palette.THIRD, palette.FOURTH)


def value_text(facts: Facts, indicator: str, value: float) -> str:
    """A value as it reads in a sentence, by the unit of its indicator."""
    unit = facts.context.catalog.indicators[indicator].unit
    if unit.startswith("%"):
        return labels.percent(value, 1)
    return labels.dollars(value) if "US$" in unit else labels.amount(value)


def steps_text(history: History) -> str:
    """ "28.3 %, then 49.8 %, then 36.7 %"."""
    return _then([labels.percent(s.value, 1) for s in history.steps])


def _then(texts: Sequence[str]) -> str:
    """Values one after another in time."""
    return reduce(lambda before, after: said("labels.then", before=before, after=after), texts)


def history_text(facts: Facts, history: History) -> str:
    """A state and year with what releases said of it."""
    return labels.of(f"{facts.context.name(history.economy)} {history.year}", steps_text(history))


def say_compared(facts: Facts, key: str, **values: str) -> str:
    """The variant of a text for what is compared with: a day that it names, or a year before."""
    since = facts.revisions.since
    named = {} if since is None else {"since": day(since)}
    return facts.context.words.say(key, facts.revisions.earlier, **named, **values)


def earlier_text(facts: Facts) -> str:
    """ "31 July 2025", or "a year before, 1 May 2025"."""
    return say_compared(facts, "labels.earlier")


def largest_revisions(facts: Facts) -> Exhibit | None:
    """Table: the largest revisions of headline series since the day compared with."""
    say, found = facts.context.words.say, facts.revisions.largest
    since = facts.revisions.since
    if not found or since is None:
        return None
    first = max(found, key=lambda r: (abs(r.relative or 0.0), r.indicator, r.economy, r.year))
    entry = facts.context.catalog.indicators[first.indicator]
    title = say_compared(
        facts, "exhibits.largest_revisions.title", series=entry.short_name,
        place=facts.context.name(first.economy), year=str(first.year),
        change=rounding.text(100 * (first.relative or 0.0), 0, sign=True),
    )  # fmt: skip
    series = sorted({r.indicator for r in found})
    return Exhibit(
        id="largest_revisions",
        kind="table",
        number=0,
        title=title,
        subtitle=say("exhibits.largest_revisions.subtitle", since=day(since)),
        alt=labels.headed(
            title,
            say("exhibits.largest_revisions.alt", count=labels.count(len(found)),
                series=labels.count(len(series)), since=day(since)),
        ),
        source=facts.context.source_of(facts.revisions.compared(series)),
        note=say("exhibits.largest_revisions.note", earlier=earlier_text(facts),
                 least=labels.percent(100 * NOTEWORTHY)),
        table=table(
            [
                Column("series", say("labels.series")),
                Column("place", say("columns.where")),
                Column("year", say("labels.year"), "year"),
                Column("old", say_compared(facts, "exhibits.largest_revisions.before")),
                Column("new", say("columns.now")),
                Column("change", say("columns.change"), "number", 1, "%"),
            ],
            [_revision_row(facts, r) for r in found],
        ),
    )  # fmt: skip


def _revision_row(facts: Facts, revised: Revised) -> list[Value]:
    new = value_text(facts, revised.indicator, revised.new)
    return [
        facts.context.catalog.indicators[revised.indicator].short_name,
        facts.context.name(revised.economy),
        revised.year,
        value_text(facts, revised.indicator, revised.old),
        facts.context.words.say("labels.revised", value=new) if revised.large else new,
        None if revised.relative is None else 100 * revised.relative,
    ]


def revision_history(facts: Facts) -> Exhibit | None:
    """The figures of internet use that releases disagree on most, one a member."""
    found = facts.revisions.most_disputed(ONLINE)
    limit = facts.context.catalog.indicators[ONLINE].max_jump
    if not found or limit is None:
        return None
    say, widest = facts.context.words.say, found[0]
    return figure(
        facts,
        "revision_history",
        _online_chart(facts, found, dated=True),
        _online_table(facts, found),
        title=say("exhibits.revision_history.title",
                  state=facts.context.name(widest.economy), year=str(widest.year),
                  steps=steps_text(widest)),
        subtitle={"days": _days(found)},
        alt={"values": labels.enumerated(history_text(facts, h) for h in found)},
        note=say("exhibits.revision_history.note", limit=rounding.text(limit)),
        source=facts.context.source_of(facts.revisions.releases(ONLINE)),
    )  # fmt: skip


def same_year_online(facts: Facts) -> Exhibit | None:
    """One year's share of people online, of every member, as each release had it."""
    found = facts.revisions.seen_often(ONLINE)
    if not found:
        return None
    say, widest = facts.context.words.say, max(found, key=lambda h: (h.spread, h.economy))
    year, steps = str(widest.year), widest.steps
    revised = len(steps) > 1
    gone = [h.economy for h in found if h.said[-1].day < max(x.said[-1].day for x in found)]
    return figure(
        facts,
        "same_year_online",
        _online_chart(facts, found, dated=False),
        _online_table(facts, found),
        title=say(
            "exhibits.same_year_online.title", "revised" if revised else "unchanged", year=year,
            state=facts.context.name(widest.economy), before=labels.percent(steps[0].value, 1),
            after=labels.percent(steps[-1].value, 1),
        ),
        subtitle={"year": year, "days": _days(found)},
        alt={"values": labels.enumerated(
            f"{facts.context.name(h.economy)} {steps_text(h)}" for h in found
        )},
        note=say("exhibits.same_year_online.note", "withdrawn" if gone else "complete",
                 states=facts.context.names(tuple(gone)), year=year),
        source=facts.context.source_of(facts.revisions.releases(ONLINE)),
    )  # fmt: skip


def same_year_index(facts: Facts) -> Exhibit | None:
    """The index of ICT service exports of some years, as each release made it."""
    found = index_lines(facts)
    if not found:
        return None
    say, newest = facts.context.words.say, max(found)
    before, after = jump(found[newest])
    outcome = index_outcome(found[newest])
    values = {
        "year": str(newest), "before": rounding.text(before.value, DIGITS),
        "after": rounding.text(after.value, DIGITS), "day": day(after.day),
    }  # fmt: skip
    return figure(
        facts,
        "same_year_index",
        _index_chart(facts, found),
        _index_table(facts, found),
        title=say("exhibits.same_year_index.title", outcome, **values),
        subtitle={"years": labels.listing([str(y) for y in sorted(found)]),
                  "days": _span([s for own in found.values() for s in own])},
        alt={"values": labels.enumerated(
            labels.of(str(y), _then([rounding.text(s.value, DIGITS) for s in (own[0], own[-1])]))
            for y, own in sorted(found.items())
        )},
        note=_index_note(facts, after, outcome),
        source=facts.context.source_of(facts.revisions.releases(ICT_EXPORTS, GDP)),
    )  # fmt: skip


def index_lines(facts: Facts) -> Mapping[int, tuple[Said, ...]]:
    """Every other year back from the newest that is in enough releases."""
    found = facts.revisions.index_histories(ICT_EXPORTS, PER_GDP)
    years = sorted(found, reverse=True)[::2][:_LINES]
    return {year: found[year] for year in sorted(years)}


def jump(own: Sequence[Said]) -> tuple[Said, Said]:
    """The two neighbouring releases that disagree most."""
    return max(pairwise(own), key=lambda pair: (abs(pair[1].value - pair[0].value), pair[1].day))


def index_outcome(own: Sequence[Said]) -> str:
    """Whether one release moved the index by more than ``_JUMP``."""
    before, after = jump(own)
    return "jumps" if abs(after.value - before.value) > _JUMP else "steady"


def _index_note(facts: Facts, after: Said, outcome: str) -> str:
    say = facts.context.words.say
    effect = facts.revisions.release_of(ICT_EXPORTS, after.day)
    if outcome != "jumps" or effect is None:
        return say("exhibits.same_year_index.note", "plain")
    return say(
        "exhibits.same_year_index.note",
        "all" if effect.revised == effect.compared else "some",
        day=day(after.day), revised=rounding.text(effect.revised),
        compared=rounding.text(effect.compared), median=labels.percent(100 * effect.median),
    )  # fmt: skip


def most_revised(facts: Facts) -> Exhibit | None:
    """Series by the share of their values that the newest releases revised."""
    found = [s for s in facts.revisions.most_revised if s.noteworthy][:_BARS]
    if not found:
        return None
    say, first = facts.context.words.say, found[0]
    return figure(
        facts,
        "most_revised",
        BarChart(
            tuple(
                Bar(_series_name(facts, s), palette.ACCENT, s.share, labels.percent(s.share, 1))
                for s in found
            )
        ).render(),
        _series_table(facts, facts.revisions.most_revised),
        title=say("exhibits.most_revised.title", series=_series_name(facts, first),
                  share=labels.percent(first.share),
                  releases=say("labels.releases", "one" if first.releases == 1 else "many",
                               n=labels.count(first.releases))),
        subtitle={"years": labels.count(YEARS_OF_RELEASES),
                  "least": labels.percent(100 * NOTEWORTHY),
                  "first": str(facts.context.as_of.year - YEARS_OF_RELEASES),
                  "last": str(facts.context.as_of.year)},
        alt={"values": labels.enumerated(
            f"{_series_name(facts, s)} {labels.percent(s.share, 1)}" for s in found
        )},
        note=say("exhibits.most_revised.note",
                 shown=labels.count(len(found)), count=str(len(facts.revisions.most_revised))),
        source=facts.context.source_of(facts.revisions.releases(*(s.indicator for s in found))
        ),
    )  # fmt: skip


def _series_name(facts: Facts, series: SeriesRevisions) -> str:
    return facts.context.catalog.indicators[series.indicator].short_name


def _series_table(facts: Facts, found: Sequence[SeriesRevisions]) -> Table:
    return table(
        [
            Column("series", said("labels.series")),
            Column("indicator", said("columns.code")),
            Column("releases", said("columns.releases_compared"), "number", 0),
            Column("compared", said("columns.values_compared"), "number", 0),
            Column("revised", said("columns.revised"), "number", 0),
            Column("noteworthy", said("columns.revised_noteworthily"), "number", 0),
            Column("share", said("columns.share"), "number", 1, "%"),
        ],
        [
            [_series_name(facts, s), s.indicator, s.releases, s.compared, s.revised, s.noteworthy,
             s.share]
            for s in found
        ],
    )  # fmt: skip


def _online_chart(facts: Facts, found: Sequence[History], *, dated: bool) -> Chart:
    """Paths over releases in the colours of the states; up to the as-of date where they stand."""
    newest = max(s.day for h in found for s in h.said)
    lines = tuple(
        Line(
            h.economy,
            facts.context.name(h.economy) + (f" ({h.year})" if dated else ""),
            facts.context.colours[h.economy],
            _points(facts, h.said, 1, labels.with_percent, stands=h.said[-1].day == newest),
            rounding.text(h.said[-1].value, 1),
        )
        for h in sorted(found, key=lambda h: h.economy)
    )
    low, high = _domain([s.value for h in found for s in h.said])
    return LineChart(
        lines, (low, high), number_ticks(low, high, last=labels.with_percent), days=True
    ).render()


def _index_chart(facts: Facts, found: Mapping[int, Sequence[Said]]) -> Chart:
    lines = tuple(
        Line(
            str(year),
            facts.context.words.say("labels.index_of", year=str(year)),
            colour,
            _points(facts, own, DIGITS, str, stands=True),
            rounding.text(own[-1].value, DIGITS),
            short=str(year),
        )
        for (year, own), colour in zip(sorted(found.items()), _YEAR_COLOURS, strict=False)
    )
    top = max(s.value for own in found.values() for s in own) * (1 + _ROOM)
    return LineChart(lines, (0.0, top), number_ticks(0, top), days=True, height=(340, 340)).render()


def _points(
    facts: Facts, own: Sequence[Said], digits: int, unit: Callable[[str], str], *, stands: bool
) -> tuple[Point, ...]:
    """A point a release, and where the newest release stands one at the as-of date."""
    last = facts.context.as_of
    whole = [*own, Said(last, own[-1].value)] if stands and own[-1].day < last else own
    return tuple(
        Point(s.day.toordinal(), s.value, unit(rounding.text(s.value, digits))) for s in whole
    )


def _domain(values: Sequence[float]) -> tuple[float, float]:
    """The tens around some percentages."""
    low, high = math.floor(min(values) / 10), math.ceil(max(values) / 10)
    return 10.0 * low, 10.0 * max(high, low + 1)


def _online_table(facts: Facts, found: Sequence[History]) -> Table:
    return table(
        [
            Column("state", facts.context.words.say("labels.member")),
            Column("year", facts.context.words.say("labels.year"), "year"),
            Column("release", said("columns.release")),
            Column("value", said("columns.share_online"), "number", 1, "%"),
        ],
        [
            [facts.context.name(h.economy), h.year, s.day.isoformat(), s.value]
            for h in found
            for s in h.said
        ],
    )


def _index_table(facts: Facts, found: Mapping[int, Sequence[Said]]) -> Table:
    return table(
        [
            Column("year", facts.context.words.say("labels.year"), "year"),
            Column("release", said("columns.seen_from")),
            Column("theil", said("measures.theil_t"), "number", 4, said("units.nats")),
        ],
        [
            [year, s.day.isoformat(), s.value]
            for year, own in sorted(found.items())
            for s in own
        ],
    )  # fmt: skip


def _days(found: Sequence[History]) -> str:
    return _span([s for h in found for s in h.said])


def _span(own: Sequence[Said]) -> str:
    """ "5 November 2024 to 8 April 2026"."""
    return said(
        "labels.span", first=day(min(s.day for s in own)), last=day(max(s.day for s in own))
    )
