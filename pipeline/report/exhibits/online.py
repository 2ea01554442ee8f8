"""Who is online: paths over time, the tile map of newest values, where people are offline."""

from collections.abc import Sequence
from typing import Final

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.charts.bars import Bar, BarChart
from pipeline.report.charts.lines import Join, Line, LineChart, Point
from pipeline.report.charts.tiles import Tile, TileMap
from pipeline.report.content import Column, Exhibit, Table
from pipeline.report.exhibits.common import (
    class_names,
    figure,
    number_ticks,
    of_years,
    say_names,
    table,
    usual_year,
    why,
)
from pipeline.report.facts import HALF_PCT, ONLINE, Facts, Online
from pipeline.report.marts import Latest, Observation
from pipeline.report.revisions import YEARS_OF_RELEASES

_FIRST_YEAR: Final = 2000
_CLASSES: Final = (50.0, 65.0, 80.0, 90.0)
_TILE_COLUMNS: Final = 6


def internet_paths(facts: Facts) -> Exhibit | None:
    """Internet use of every member over time, with breaks drawn as such."""
    series = [o for o in facts.online_series if o.year >= _FIRST_YEAR]
    low, high = facts.online.lowest, facts.online.highest
    if not series or low is None or high is None:
        return None
    return figure(
        facts,
        "internet_paths",
        LineChart(
            _lines(facts, series), (0, 100),
            number_ticks(0, 100, last=labels.tick_percent),
            height=(390, 420),
        ).render(),
        _series_table(facts, series),
        title=_paths_title(facts),
        subtitle={"years": labels.years(o.year for o in series)},
        alt={
            "count": labels.count(len({o.economy for o in series})),
            "high": facts.context.name(high.economy), "high_year": str(high.year),
            "high_value": rounding.text(high.value, 1),
            "low": facts.context.name(low.economy), "low_year": str(low.year),
            "low_value": rounding.text(low.value, 1),
        },
        note=_paths_note(facts),
        source=facts.context.source(ONLINE),
    )  # fmt: skip


def _paths_title(facts: Facts) -> str:
    say = facts.context.words.say
    half, count = len(facts.online.above(HALF_PCT)), len(facts.context.members)
    return say(
        "exhibits.internet_paths.title", "all_half" if half == count else "some_half",
        all="all", half=labels.count(half), count=labels.count(count),
    )  # fmt: skip


def _paths_note(facts: Facts) -> str:
    say = facts.context.words.say
    entry = facts.context.catalog.indicators[ONLINE]
    last = max(o.year for o in facts.online_series)
    broken = [
        of_years(facts, code, *b.years) for code, b in facts.breaks(ONLINE, _FIRST_YEAR, last)
    ]
    breaks = say("exhibits.internet_paths.breaks", breaks=labels.listing(broken)) if broken else ""
    jumps = [of_years(facts, *jump) for jump in facts.jumps(ONLINE, _FIRST_YEAR)]
    parts = [say("exhibits.internet_paths.note"), breaks, _revised_note(facts, entry.max_jump)]
    if jumps and entry.max_jump is not None:
        parts.append(say("exhibits.internet_paths.jumps", jumps=labels.listing(jumps),
                         limit=rounding.text(entry.max_jump)))  # fmt: skip
    return labels.sentences(*parts)


def _revised_note(facts: Facts, limit: float | None) -> str:
    """What the rings mean, and whose they are."""
    found = facts.revisions.revised_beyond(ONLINE)
    if not found or limit is None:
        return ""
    figures = [f"{facts.context.name(code)} {year}" for code, year in sorted(found)]
    return facts.context.words.say(
        "exhibits.internet_paths.revised", years=labels.count(YEARS_OF_RELEASES),
        limit=rounding.text(limit), figures=labels.listing(figures),
    )  # fmt: skip


def _lines(facts: Facts, series: list[Observation]) -> tuple[Line, ...]:
    context = facts.context
    ends = {o.economy: o.year for o in series}
    usual = usual_year(list(ends.values())) or 0
    return tuple(
        Line(
            code,
            context.name(code),
            context.colours[code],
            points,
            rounding.text(points[-1].y) + (f" ({points[-1].x})" if points[-1].x < usual else ""),
        )
        for code in context.members
        if (points := online_points(facts, [o for o in series if o.economy == code]))
    )


def online_points(facts: Facts, series: Sequence[Observation]) -> tuple[Point, ...]:
    """One member's share of people online, over the years that it has figures of."""
    points: list[Point] = []
    before: Observation | None = None
    revised = facts.revisions.revised_beyond(ONLINE)
    for o in series:
        text = _point_text(facts, o)
        hangs = join(facts, before, o)
        points.append(Point(o.year, o.value, text, hangs, marked=(o.economy, o.year) in revised))
        before = o
    return tuple(points)


def _point_text(facts: Facts, o: Observation) -> str:
    text = rounding.text(o.value, 1)
    return facts.context.words.say("labels.corrected", value=text) if o.corrected else text


def join(facts: Facts, before: Observation | None, after: Observation) -> Join:
    """How a figure hangs on that before it: not at all over a gap, dotted where they cannot be
    compared or one is an estimate or a correction of ours."""
    if before is None or after.year - before.year > 1:
        return "open"
    broken = facts.context.catalog.break_between(
        after.indicator, after.economy, before.year, after.year
    )
    ours = before.corrected or after.corrected
    return "dotted" if broken or ours or after.status.lower() == "e" else "solid"


def _series_table(facts: Facts, series: list[Observation]) -> Table:
    years = sorted({o.year for o in series})
    values = {(o.economy, o.year): o.value for o in series}
    columns = [Column("year", facts.context.words.say("labels.year"), "year")]
    columns += [
        Column(code, facts.context.name(code), "number", 1, "%") for code in facts.context.members
    ]
    return table(
        columns, [[y, *(values.get((c, y)) for c in facts.context.members)] for y in years]
    )


def internet_tiles(facts: Facts) -> Exhibit | None:
    """The newest value of each member on the tile-grid map."""
    online: Online = facts.online
    low, high = online.lowest, online.highest
    if low is None or high is None:
        return None
    say, context = facts.context.words.say, facts.context
    missing = tuple(v.economy for v in online.members if v.value is None)
    age = labels.count(context.catalog.indicators[ONLINE].max_age_years)
    return figure(
        facts,
        "internet_tiles",
        TileMap(
            _tiles(facts), class_names(_CLASSES, percent=True), say("labels.no_recent")
        ).render(),
        _latest_table(facts),
        title=say(
            "exhibits.internet_tiles.title", "known",
            low=context.name(low.economy), low_value=rounding.text(low.value, 1),
            high=context.name(high.economy), high_value=rounding.text(high.value, 1),
        ),
        subtitle={
            "years": labels.years(v.year for v in online.recent),
            "Placing": say("exhibits.internet_tiles.placing", "map" if context.whole else "rows"),
        },
        alt={"values": labels.enumerated(_value_text(facts, v) for v in online.members)},
        note=(
            say("exhibits.internet_tiles.note", "missing", age=age,
                states=say_names(facts, missing))
            if missing
            else say("exhibits.internet_tiles.note", "complete", age=age)
        ),
        source=context.source(ONLINE),
    )  # fmt: skip


def _tiles(facts: Facts) -> tuple[Tile, ...]:
    """Places from the catalogue; states without one stand in rows of their own below."""
    economies = facts.context.catalog.economies
    # The places are those of the project's bloc: another has no map.
    place = {
        v.economy: economies[v.economy].tile if facts.context.whole else None
        for v in facts.online.members
    }
    below = max((t[1] for t in place.values() if t), default=-1) + 1
    homeless = [code for code, tile in place.items() if tile is None]
    tiles = []
    for v in facts.online.members:
        spot = homeless.index(v.economy) if v.economy in homeless else 0
        column, row = place[v.economy] or (
            spot % _TILE_COLUMNS, below + spot // _TILE_COLUMNS
        )  # fmt: skip
        tiles.append(
            Tile(
                v.economy, facts.context.name(v.economy), column, row,
                None if v.value is None else sum(v.value >= edge for edge in _CLASSES),
                rounding.NO_VALUE if v.value is None
                else labels.tick_percent(rounding.text(v.value, 1)),
                str(v.year) if v.value is not None else "",
            )
        )  # fmt: skip
    return tuple(tiles)


def _value_text(facts: Facts, latest: Latest) -> str:
    name = facts.context.name(latest.economy)
    if latest.value is None:
        return facts.context.words.say("labels.state_without", state=name)
    value = labels.tick_percent(rounding.text(latest.value, 1))
    return f"{name} {value} ({latest.year})"


def _latest_table(facts: Facts) -> Table:
    say = facts.context.words.say
    columns = [
        Column("member", say("labels.member")),
        Column("value", facts.context.catalog.indicators[ONLINE].short_name, "number", 1, "%"),
        Column("year", say("labels.year"), "year"),
        Column("reason", say("columns.why_none")),
    ]
    rows = sorted(facts.online.members, key=lambda v: (-(v.value or 0.0), v.economy))
    return table(
        columns,
        [
            [
                facts.context.name(v.economy),
                v.value,
                v.year if v.value is not None else None,
                why(v.reason),
            ]
            for v in rows
        ],
    )


def offline_states(facts: Facts) -> Exhibit | None:
    """Where the people without the internet are, in millions."""
    offline = facts.offline
    if offline is None:
        return None
    say, context = facts.context.words.say, facts.context
    persons = sorted(offline.persons.items(), key=lambda item: (-item[1], item[0]))
    state, part = offline.first
    missing = offline.cell.missing
    texts = {code: rounding.text(value / 1e6, 1) for code, value in persons}
    return figure(
        facts,
        "offline_states",
        BarChart(
            tuple(
                Bar(context.name(code), context.colours[code], value, texts[code])
                for code, value in persons
            )
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("offline", say("labels.side_offline"), "number", 0),
                Column("part", say("columns.part"), "number", 1, "%"),
            ],
            [[context.name(c), v, 100 * v / offline.total] for c, v in persons],
        ),
        title=say("exhibits.offline_states.title", "most", part=labels.percent(part),
                  state=context.name(state)),
        subtitle={"year": str(offline.cell.year)},
        alt={"values": labels.enumerated(
            say("labels.millions_of", state=context.name(c), value=texts[c]) for c, _ in persons
        )},
        note=(
            say("exhibits.offline_states.note", "missing", year=str(offline.cell.year),
                states=say_names(facts, missing))
            if missing
            else say("exhibits.offline_states.note", "complete", count=labels.count(len(persons)))
        ),
        source=context.source(ONLINE, "SP.POP.TOTL"),
    )  # fmt: skip
