"""Who is catching up: the spread between the members over time, and how far each is behind."""

from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.legend import Key
from pipeline.report.charts.lines import Line, LineChart, Point
from pipeline.report.charts.ranges import Mark, RangeChart, RangeRow
from pipeline.report.charts.scale import ceiling
from pipeline.report.content import Column, Exhibit, Table
from pipeline.report.exhibits.common import figure, number_ticks, of_years, say_names, table
from pipeline.report.facts import ONLINE, Facts
from pipeline.report.progress import Distance, Spread
from pipeline.report.wording import direction
from pipeline.wording import said

DIGITS: Final = 2
_SERIES: Final = (
    (ONLINE, palette.ACCENT),
    ("IT.NET.BBND.P2", palette.SECOND),
    ("UNCTAD.DDS.EXPORTS", palette.FOURTH),
    ("NY.GDP.PCAP.KD", palette.INK),
    ("SE.TER.ENRR", palette.THIRD),
)
"""What the spread is shown of: use, lines, services sold, income and learning."""


def spreads(facts: Facts) -> dict[str, tuple[Spread, ...]]:
    """The spread of each series shown, in the order of the chart."""
    found = facts.progress.spreads([code for code, _ in _SERIES])
    by = {code: tuple(s for s in found if s.indicator == code) for code, _ in _SERIES}
    return {code: own for code, own in by.items() if len(own) > 1}


def outcome(own: tuple[Spread, ...]) -> str:
    """Whether the spread of one series rises or falls between its first and last year."""
    return direction(own[0].value, own[-1].value, DIGITS) if own else "unknown"


def values(own: tuple[Spread, ...]) -> dict[str, str]:
    """The places of a sentence about one spread."""
    return {
        "first": str(own[0].year), "last": str(own[-1].year),
        "before": rounding.text(own[0].value, DIGITS),
        "after": rounding.text(own[-1].value, DIGITS),
        "n": labels.count(len(own[-1].members)),
    }  # fmt: skip


def sigma_paths(facts: Facts) -> Exhibit | None:
    """The standard deviation of logarithms over a decade, one line a series."""
    found = spreads(facts)
    if ONLINE not in found:
        return None
    say, own = facts.context.words.say, found[ONLINE]
    top = ceiling(max(s.value for series in found.values() for s in series))
    return figure(
        facts,
        "sigma_paths",
        LineChart(
            tuple(_line(facts, code, colour, found[code]) for code, colour in _SERIES
                  if code in found),
            (0, top), number_ticks(0, top, 5), height=(320, 330),
        ).render(),
        _spread_table(facts, found),
        title=say("exhibits.sigma_paths.title", outcome(own), **values(own)),
        subtitle={"years": labels.years(s.year for of in found.values() for s in of)},
        alt={"lines": labels.enumerated(
            _spread_text(facts, code, of) for code, of in found.items()
        )},
        note=_spread_note(facts, found),
        source=facts.context.source(*found),
    )  # fmt: skip


def _line(facts: Facts, code: str, colour: str, own: tuple[Spread, ...]) -> Line:
    points = tuple(Point(s.year, s.value, rounding.text(s.value, DIGITS)) for s in own)
    name = facts.context.catalog.indicators[code].short_name
    short = facts.context.words.say(f"series_short.{code.replace('.', '_')}")
    return Line(code, name, colour, points, rounding.text(own[-1].value, DIGITS), short)


def _spread_text(facts: Facts, code: str, own: tuple[Spread, ...]) -> str:
    return facts.context.words.say(
        "exhibits.sigma_paths.alt_line",
        series=facts.context.catalog.indicators[code].short_name, **values(own),
    )  # fmt: skip


def _spread_note(facts: Facts, found: dict[str, tuple[Spread, ...]]) -> str:
    """Which states each series is about, and which are left out for a break in internet use."""
    say, context, own = facts.context.words.say, facts.context, found[ONLINE]
    size = len(context.members)
    counts = [
        f"{context.catalog.indicators[code].short_name} {len(of[-1].members)}"
        for code, of in found.items()
    ]
    broken = [
        of_years(facts, code, *b.years)
        for code, b in facts.breaks(ONLINE, own[0].year, own[-1].year)
    ]
    said = say("exhibits.sigma_paths.breaks", breaks=labels.listing(broken)) if broken else ""
    return say(
        "exhibits.sigma_paths.note", counts=labels.listing(counts), size=labels.count(size),
        breaks=said,
    ).strip()  # fmt: skip


def _spread_table(facts: Facts, found: dict[str, tuple[Spread, ...]]) -> Table:
    by = {(s.indicator, s.year): s.value for of in found.values() for s in of}
    columns = [Column("year", facts.context.words.say("labels.year"), "year")]
    columns += [
        Column(
            code, facts.context.catalog.indicators[code].short_name, "number", 3, said("units.ln")
        )
        for code in found
    ]
    years = sorted({s.year for of in found.values() for s in of})
    return table(columns, [[y, *(by.get((code, y)) for code in found)] for y in years])


def farthest(facts: Facts) -> Distance | None:
    """The member whose internet use is most years behind the leading one's."""
    found = facts.progress.distances(ONLINE, "leader")
    return max(found, key=lambda d: (d.shown, d.economy), default=None)


def distance_outcome(far: Distance | None) -> str:
    """ "at_least" where the leader began above the level; "level" where nobody is behind."""
    if far is None:
        return "unknown"
    if rounding.half_up(far.shown, 1) <= 0:
        return "level"
    return "known" if far.years is not None else "at_least"


def time_ladder(facts: Facts) -> Exhibit | None:
    """How many years each member is behind the leader, and behind the median member."""
    behind = facts.progress.distances(ONLINE, "leader")
    far = farthest(facts)
    if far is None:
        return None
    say, context = facts.context.words.say, facts.context
    median = {d.economy: d for d in facts.progress.distances(ONLINE, "median")}
    leaders = sorted({d.versus for d in behind} - {d.economy for d in behind})
    shown = [*(d.shown for d in behind), *(d.shown for d in median.values())]
    low, high = min(0.0, *shown), ceiling(max(shown))
    leading = [_leading_row(facts, code, median.get(code)) for code in leaders]
    rows = [*leading, *(_ladder_row(facts, d, median.get(d.economy)) for d in behind)]
    return figure(
        facts,
        "time_ladder",
        RangeChart(
            tuple(rows), (low, high), number_ticks(low, high, 6),
            legend=(Key(palette.ACCENT, say("labels.behind_leader", state=say_names(
                facts, leaders or [far.versus]))),
                    Key(palette.MUTED, say("labels.behind_median_key"), hollow=True)),
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("year", say("labels.year"), "year"),
                Column("value", say("labels.online_share"), "number", 1, "%"),
                Column("versus", say("labels.leader")),
                Column("leader", say("labels.behind_leader_short"), "number", 1,
                       say("units.years")),
                Column("median", say("labels.behind_median"), "number", 1, say("units.years")),
            ],
            [
                [context.name(d.economy), d.year, d.value, context.name(d.versus), d.years,
                 median[d.economy].years if d.economy in median else None]
                for d in behind
            ],
        ),
        title=say("exhibits.time_ladder.title", distance_outcome(far), **distance_values(facts)),
        subtitle={"years": labels.years(d.year for d in behind)},
        alt={"values": labels.enumerated(
            f"{context.name(d.economy)} {_years_text(facts, d)}" for d in behind
        )},
        note=say("exhibits.time_ladder.note"),
        source=context.source(ONLINE),
    )  # fmt: skip


def distance_values(facts: Facts) -> dict[str, str]:
    """The places of the sentences about the member farthest behind."""
    far = farthest(facts)
    if far is None:
        return {}
    return {
        "state": facts.context.name(far.economy), "leader": facts.context.name(far.versus),
        "years": rounding.text(far.shown, 1), "year": str(far.year),
        "then": rounding.text(far.year - far.shown, 0, grouped=False),
        "value": labels.percent(far.value, 1),
    }  # fmt: skip


def _years_text(facts: Facts, distance: Distance) -> str:
    text = rounding.text(distance.shown, 1)
    return text if distance.years is not None else f"≥ {text}"


def _ladder_row(facts: Facts, distance: Distance, median: Distance | None) -> RangeRow:
    colour = facts.context.colours[distance.economy]
    marks = [Mark(distance.shown, colour)]
    marks += [Mark(median.shown, palette.MUTED, hollow=True)] if median else []
    span = (0.0, distance.shown) if distance.shown > 0 else None
    return RangeRow(
        facts.context.name(distance.economy), colour, tuple(marks), span,
        _years_text(facts, distance),
    )  # fmt: skip


def _leading_row(facts: Facts, code: str, median: Distance | None) -> RangeRow:
    colour = facts.context.colours[code]
    marks = [Mark(0.0, colour)]
    marks += [Mark(median.shown, palette.MUTED, hollow=True)] if median else []
    return RangeRow(
        facts.context.name(code), colour, tuple(marks), None,
        facts.context.words.say("labels.leads"),
    )  # fmt: skip
