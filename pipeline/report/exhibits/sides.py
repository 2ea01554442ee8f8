"""Two sides of one gap: inequality of people online and of people offline over the years."""

from collections.abc import Sequence
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.lines import Join, Line, LineChart, Point, Strip
from pipeline.report.charts.scale import ceiling
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.common import figure, number_ticks, say_names, table
from pipeline.report.facts import ONLINE, Facts, Sides
from pipeline.report.marts import Index
from pipeline.report.wording import direction

DIGITS: Final = 2
_FIRST_YEAR: Final = 2000
"""Before it almost nobody was online, and an index of almost nothing says nothing."""


def outcome(facts: Facts) -> str:
    """ "falls_rises" and the like: online, then offline, between the two compared years.

    Where the series of a state breaks between them, only what holds without it, too.
    """
    years = facts.sides.years
    if years is None:
        return "unknown"
    broken = [code for code, _ in facts.breaks(ONLINE, *years)]
    before, after = facts.sides.at(years[0]), facts.sides.at(years[1])
    said = _directions([cell.theil_t for cell in before], [cell.theil_t for cell in after])
    if "unknown" in said:
        return "unknown"
    if said not in ("falls_rises", "falls_falls", "rises_rises"):
        return "known"
    if broken and said != _directions(*(_without(facts, c, broken) for c in (before, after))):
        return "known"
    return said


def _directions(before: Sequence[float | None], after: Sequence[float | None]) -> str:
    return "_".join(direction(b, a, DIGITS) for b, a in zip(before, after, strict=True))


def _without(facts: Facts, cells: Sequence[Index], broken: Sequence[str]) -> Sequence[float | None]:
    """The indices without the state whose series breaks; of several it cannot be told."""
    left_out = [{s.economy: s.theil_t for s in facts.context.marts.left_out(c)} for c in cells]
    return [found.get(broken[0]) if len(broken) == 1 else None for found in left_out]


def values(facts: Facts) -> dict[str, str]:
    """The places of the sentences about both sides; empty without two years."""
    years = facts.sides.years
    if years is None:
        return {}
    (on_before, off_before), (on_after, off_after) = map(facts.sides.at, years)
    return {
        "before": str(years[0]), "after": str(years[1]), "compared": labels.years(years),
        "on_before": rounding.text(on_before.theil_t, DIGITS),
        "on_after": rounding.text(on_after.theil_t, DIGITS),
        "off_before": rounding.text(off_before.theil_t, DIGITS),
        "off_after": rounding.text(off_after.theil_t, DIGITS),
        "gap_before": rounding.text(on_before.value_range),
        "gap_after": rounding.text(on_after.value_range),
    }  # fmt: skip


def two_sides(facts: Facts) -> Exhibit | None:
    """Two indices over time, and the gap in points as a row of figures."""
    sides = Sides(
        tuple(c for c in facts.sides.online if c.year >= _FIRST_YEAR),
        tuple(c for c in facts.sides.offline if c.year >= _FIRST_YEAR),
    )
    if not sides.online or not sides.offline:
        return None
    say, found = facts.context.words.say, values(facts)
    gaps = {c.year: rounding.text(c.value_range) for c in sides.online if c.value_range is not None}
    top = ceiling(max(c.theil_t or 0.0 for c in (*sides.online, *sides.offline)))
    years = sorted({c.year for c in (*sides.online, *sides.offline)})
    broken = [code for code, _ in facts.breaks(ONLINE, *(sides.years or (years[0], years[-1])))]
    return figure(
        facts,
        "two_sides",
        LineChart(
            (
                _line("online", say("labels.side_online"), palette.ACCENT, sides.online),
                _line("offline", say("labels.side_offline"), palette.SECOND, sides.offline),
            ),
            (0, top),
            number_ticks(0, top, 4),
            height=(300, 320),
            strip=Strip(say("labels.gap"), gaps),
        ).render(),
        table(
            [
                Column("year", say("labels.year"), "year"),
                Column("online", say("labels.side_online"), "number", 4, say("units.nats")),
                Column("offline", say("labels.side_offline"), "number", 4, say("units.nats")),
                Column("gap", say("columns.gap"), "number", 1, say("units.points")),
                Column("n", say("columns.states"), "number", 0),
            ],
            [_row(sides, year) for year in years],
        ),
        title=say("exhibits.two_sides.title", outcome(facts), **found),
        subtitle={"years": labels.years(years)},
        alt=found,
        alt_outcome="text" if sides.years else "unknown",
        note=say(
            "exhibits.two_sides.note",
            dotted=labels.further(say("exhibits.two_sides.dotted")) if _changing(sides) else "",
            breaks=(
                labels.further(say("exhibits.two_sides.breaks", states=say_names(facts, broken)))
                if broken
                else ""
            ),
        ),
        source=facts.context.source(ONLINE),
    )


def _changing(sides: Sides) -> bool:
    """Whether some years have figures of other states than the year before."""
    return any(len({c.members for c in side}) > 1 for side in (sides.online, sides.offline))


def _line(key: str, label: str, colour: str, cells: tuple[Index, ...]) -> Line:
    points: list[Point] = []
    before: Index | None = None
    for cell in cells:
        if cell.theil_t is None:
            continue
        text = rounding.text(cell.theil_t, 3)
        points.append(Point(cell.year, cell.theil_t, text, _join(before, cell)))
        before = cell
    end = rounding.text(points[-1].y, DIGITS) if points else ""
    return Line(key, label, colour, tuple(points), end)


def _join(before: Index | None, after: Index) -> Join:
    """Dotted where the states are not the same: the index moves by that alone."""
    if before is None or after.year - before.year > 1:
        return "open"
    return "solid" if before.members == after.members else "dotted"


def _row(sides: Sides, year: int) -> list[str | int | float | bool | None]:
    online = next((c for c in sides.online if c.year == year), None)
    offline = next((c for c in sides.offline if c.year == year), None)
    return [
        year,
        online.theil_t if online else None,
        offline.theil_t if offline else None,
        online.value_range if online else None,
        online.n if online else offline.n if offline else None,
    ]
