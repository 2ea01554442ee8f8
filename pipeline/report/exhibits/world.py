"""The bloc in the world: its share of people, output, internet users and ICT service exports."""

from dataclasses import dataclass
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.lines import Line, LineChart, Point
from pipeline.report.charts.scale import ceiling
from pipeline.report.content import Column, Exhibit, Table, Value
from pipeline.report.exhibits.common import figure, number_ticks, say_names, table
from pipeline.report.facts import GDP, GDP_PPP, ICT_EXPORTS, ONLINE, POPULATION, Facts
from pipeline.report.marts import Share


@dataclass(frozen=True)
class Measure:
    """A share of the world, by its key in the wording."""

    key: str
    indicator: str
    colour: str


MEASURES: Final = (
    Measure("population", POPULATION, palette.INK),
    Measure("online", ONLINE, palette.ACCENT),
    Measure("gdp_ppp", GDP_PPP, palette.THIRD),
    Measure("gdp", GDP, palette.SECOND),
    Measure("ict_exports", ICT_EXPORTS, palette.FOURTH),
)


def world_shares(facts: Facts) -> Exhibit | None:
    """Shares of the world over time, one line a measure."""
    shown = [m for m in MEASURES if facts.shares[m.indicator]]
    if not shown:
        return None
    say = facts.context.words.say
    states = labels.count(len(facts.context.members))
    population, gdp = facts.share(POPULATION), facts.share(GDP)
    title = (
        say("exhibits.world_shares.title", "known", states=states,
            population=labels.percent(population.share), gdp=labels.percent(gdp.share))
        if population and gdp
        else say("exhibits.world_shares.title", "unknown", states=states)
    )  # fmt: skip
    ict = facts.share(ICT_EXPORTS)
    missing = (
        {"year": str(ict.year), "missing": say_names(facts, ict.missing)}
        if ict and ict.missing
        else {}
    )
    return figure(
        facts,
        "world_shares",
        _chart(facts, shown).render(),
        _table(facts, shown),
        title=title,
        subtitle={"years": labels.years(s.year for m in shown for s in facts.shares[m.indicator])},
        alt={"lines": labels.enumerated(_alt_line(facts, m) for m in shown)},
        note=say(
            "exhibits.world_shares.note",
            "missing" if missing else "complete",
            states=states,
            **missing,
        ),
        source=facts.context.source(*(m.indicator for m in shown)),
    )


def _chart(facts: Facts, shown: list[Measure]) -> LineChart:
    say = facts.context.words.say
    top = ceiling(max(s.share for m in shown for s in facts.shares[m.indicator]))
    lines = [
        Line(
            m.key,
            say(f"labels.{m.key}"),
            m.colour,
            _points(facts.shares[m.indicator]),
            rounding.text(facts.shares[m.indicator][-1].share, 1),
            say(f"labels.{m.key}_short"),
        )
        for m in shown
    ]
    return LineChart(
        tuple(lines), (0, top), number_ticks(0, top, last=labels.tick_percent), height=(340, 340)
    )


def _points(series: tuple[Share, ...]) -> tuple[Point, ...]:
    points: list[Point] = []
    for before, share in zip((None, *series), series, strict=False):
        apart = before is not None and share.year - before.year > 1
        points.append(
            Point(
                share.year,
                share.share,
                labels.tick_percent(rounding.text(share.share, 1)),
                "open" if apart else "dotted" if share.provisional else "solid",
            )
        )
    return tuple(points)


def _alt_line(facts: Facts, measure: Measure) -> str:
    series = facts.shares[measure.indicator]
    first, last = series[0], series[-1]
    return facts.context.words.say(
        "exhibits.world_shares.alt_line",
        label=facts.context.words.say(f"labels.{measure.key}"),
        first=str(first.year), before=rounding.text(first.share, 1),
        last=str(last.year), after=rounding.text(last.share, 1),
    )  # fmt: skip


def _table(facts: Facts, shown: list[Measure]) -> Table:
    say = facts.context.words.say
    by_year = {m.key: {s.year: s for s in facts.shares[m.indicator]} for m in shown}
    years = sorted({year for series in by_year.values() for year in series})
    columns = [Column("year", say("labels.year"), "year")]
    columns += [Column(m.key, say(f"labels.{m.key}"), "number", 1, "%") for m in shown]

    def row(year: int) -> list[Value]:
        found = [by_year[m.key].get(year) for m in shown]
        return [year, *(s.share if s else None for s in found)]

    return table(columns, [row(year) for year in years])
