"""How large the digital economy is said to be, by definition, and what it sells abroad."""

from typing import Final

from pipeline import rounding
from pipeline.language import SPACE, in_force
from pipeline.report import labels, palette
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.legend import Key
from pipeline.report.charts.ranges import Mark, RangeChart, RangeRow
from pipeline.report.charts.scale import ceiling
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.common import figure, number_ticks, table, why
from pipeline.report.facts import GDP, ICT_EXPORTS, POPULATION, Facts
from pipeline.report.sizes import ServiceExports, Size
from pipeline.units import number_text, unit_after
from pipeline.wording import said

DIGITAL: Final = "UNCTAD.DDS.EXPORTS"
_COLOURS: Final = {ICT_EXPORTS: palette.ACCENT, DIGITAL: palette.SECOND}
_SCALE: Final = (0.1, 1.0, 10.0, 100.0, 1000.0, 10_000.0, 100_000.0)
"""US$ a head that a grid line may stand at."""


def placed(facts: Facts) -> tuple[Size, ...]:
    """Declared sizes that can be set against output."""
    return tuple(s for s in facts.sizes.declared if s.of_gdp is not None)


def twice(facts: Facts) -> tuple[Size, Size] | None:
    """The smallest and largest size that one state has by two definitions."""
    pairs = []
    for code in sorted({s.economy for s in placed(facts)}):
        own = sorted((s for s in placed(facts) if s.economy == code), key=lambda s: s.of_gdp or 0)
        if own[0].band != own[-1].band:
            pairs.append((own[0], own[-1]))
    return max(
        pairs, key=lambda p: ((p[1].of_gdp or 0) - (p[0].of_gdp or 0), p[0].economy), default=None
    )


def outcome(facts: Facts) -> str:
    """ "twice" where a state has sizes of two definitions that read differently."""
    pair = twice(facts)
    if pair is None:
        return "unknown"
    low, high = (rounding.half_up(s.of_gdp or 0.0) for s in pair)
    return "twice" if low < high else "unknown"


def values(facts: Facts) -> dict[str, str]:
    """The places of the sentences about declared sizes."""
    pair = twice(facts)
    if pair is None:
        return {}
    low, high = pair
    say = facts.context.words.say
    return {
        "state": facts.context.name(low.economy),
        "low": labels.percent(low.of_gdp or 0.0), "high": labels.percent(high.of_gdp or 0.0),
        "low_band": say(f"bands_short.{low.band}"),
        "high_band": say(f"bands_short.{high.band}"),
        "count": str(len(facts.sizes.declared)),
    }  # fmt: skip


def declared_sizes(facts: Facts) -> Exhibit | None:
    """Sizes in percent of output under the headings of their definitions; no order of size."""
    shown = placed(facts)
    if not shown:
        return None
    say, context = facts.context.words.say, facts.context
    known = context.source(ICT_EXPORTS, GDP)
    top = ceiling(max(s.of_gdp or 0.0 for s in shown))
    return figure(
        facts,
        "declared_sizes",
        RangeChart(
            tuple(_size_row(facts, s) for s in shown), (0, top),
            number_ticks(0, top, 5, last=labels.tick_percent),
            legend=(Key(palette.INK, say("labels.declared")),
                    Key(palette.ACCENT, say("labels.ict_beside"), hollow=True)),
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("band", say("columns.definition")),
                Column("year", say("labels.year"), "year"),
                Column("value", say("columns.as_reported")),
                Column("of_gdp", say("columns.of_gdp"), "number", 1, "%"),
                Column("basis", say("columns.basis")),
                Column("ict", say("columns.ict_of_gdp"), "number", 2, "%"),
                Column("definition", say("columns.what_is_counted")),
                Column("reported_by", say("columns.reported_by")),
            ],
            [
                [context.name(s.economy), say(f"bands.{s.band}"), s.year, _as_reported(s),
                 s.of_gdp, why(s.basis or s.reason), s.ict_of_gdp, s.definition, s.reported_by]
                for s in facts.sizes.declared
            ],
        ),
        title=say("exhibits.declared_sizes.title", outcome(facts), **values(facts)),
        subtitle={"years": labels.years(s.year for s in shown)},
        alt={"values": labels.enumerated(
            labels.of(labels.commas((f"{context.name(s.economy)} {s.year}",
                                     labels.small(say(f"bands.{s.band}")))),
                      labels.percent(s.of_gdp or 0.0, 1)) for s in shown
        )},
        note=say("exhibits.declared_sizes.note",
                 hidden=labels.count(len(facts.sizes.declared) - len(shown))),
        source=known.within(say("exhibits.declared_sizes.source", source=known)),
    )  # fmt: skip


def _as_reported(size: Size) -> str:
    digits = 0 if float(size.value).is_integer() else len(repr(float(size.value)).split(".")[1])
    space = in_force().unit_space and (SPACE if size.unit.startswith("%") else " ")
    number = number_text(size.value, digits, size.unit)
    text = f"{number}{space}{unit_after(size.unit, number)}"
    return said(f"bounds.{size.bound}", value=text)


def _size_row(facts: Facts, size: Size) -> RangeRow:
    say, value = facts.context.words.say, size.of_gdp or 0.0
    colour = facts.context.colours[size.economy]
    marks = [Mark(value, colour)]
    if size.ict_of_gdp is not None:
        marks.append(Mark(size.ict_of_gdp, palette.ACCENT, hollow=True))
    return RangeRow(
        f"{facts.context.name(size.economy)} {size.year}", colour, tuple(marks), None,
        say(f"labels.size_{size.basis}", value=labels.percent(value, 1)),
        short_text=labels.percent(value, 1),
        group=say(f"bands.{size.band}"),
    )  # fmt: skip


def exports(facts: Facts) -> dict[str, dict[str, ServiceExports]]:
    """Recent exports with a figure a head, by series and state."""
    found = [e for e in facts.sizes.exports if e.per_head_usd]
    return {
        i: own
        for i in (ICT_EXPORTS, DIGITAL)
        if (own := {e.economy: e for e in found if e.indicator == i and e.economy != "WLD"})
    }


def most_per_head(facts: Facts) -> tuple[ServiceExports, ServiceExports] | None:
    """Most and least exports a head of the widest series there is."""
    found = exports(facts)
    own = found.get(DIGITAL) or found.get(ICT_EXPORTS)
    if not own or len(own) < 2:
        return None
    ordered = sorted(own.values(), key=lambda e: (e.per_head_usd or 0.0, e.economy))
    return ordered[-1], ordered[0]


def service_exports(facts: Facts) -> Exhibit | None:
    """ICT and digitally deliverable service exports a head, on a logarithmic scale."""
    found, ends = exports(facts), most_per_head(facts)
    if ends is None:
        return None
    say, context = facts.context.words.say, facts.context
    most, least = ends
    states = sorted(
        {c for own in found.values() for c in own},
        key=lambda c: (-max(own[c].per_head_usd or 0 for own in found.values() if c in own), c),
    )
    shown = [e.per_head_usd or 1.0 for own in found.values() for e in own.values()]
    low, high = min(shown) / 1.5, max(shown) * 1.5
    names = {i: context.catalog.indicators[i].short_name for i in found}
    return figure(
        facts,
        "service_exports",
        RangeChart(
            tuple(_export_row(facts, c, found) for c in states), (low, high),
            tuple(Tick(s, labels.money(rounding.text(s, 0 if s >= 1 else 1), short=True))
                  for s in _SCALE if low <= s <= high),
            log=True,
            legend=tuple(Key(_COLOURS[i], names[i]) for i in found),
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("series", say("labels.series")),
                Column("year", say("labels.year"), "year"),
                Column("value", say("labels.exports"), "number", 1, say("units.million_usd")),
                Column("per_head", say("columns.a_head"), "number", 2, say("units.usd")),
                Column("of_gdp", say("columns.of_gdp"), "number", 2, "%"),
                Column("of_services", say("columns.of_services"), "number", 1, "%"),
            ],
            [
                [context.name(c), names[i], e.year, e.value_usd / 1e6, e.per_head_usd, e.of_gdp,
                 e.of_services]
                for c in states for i, own in found.items() if (e := own.get(c)) is not None
            ],
        ),
        title=say("exhibits.service_exports.title", "known",
                  most=context.name(most.economy), least=context.name(least.economy),
                  most_value=_head_text(most), least_value=_head_text(least)),
        subtitle={"years": labels.years(e.year for own in found.values() for e in own.values())},
        alt={"values": labels.enumerated(
            f"{context.name(e.economy)} {_head_text(e)} ({labels.commas((names[i], str(e.year)))})"
            for i, own in found.items() for e in own.values()
        )},
        note=say("exhibits.service_exports.note",
                 missing=context.names(tuple(c for c in context.members if c not in states))),
        source=context.source(ICT_EXPORTS, DIGITAL, POPULATION, GDP),
    )  # fmt: skip


def _head_text(exported: ServiceExports) -> str:
    value = exported.per_head_usd or 0.0
    return labels.money(rounding.text(value, 0 if value >= 9.5 else 1), short=True)


def _export_row(facts: Facts, code: str, found: dict[str, dict[str, ServiceExports]]) -> RangeRow:
    own = [(i, of[code]) for i, of in found.items() if code in of]
    values = [e.per_head_usd or 0.0 for _, e in own]
    years = sorted({e.year for _, e in own})
    return RangeRow(
        facts.context.name(code), facts.context.colours[code],
        tuple(Mark(e.per_head_usd or 0.0, _COLOURS[i]) for i, e in own),
        (min(values), max(values)) if len(values) > 1 else None,
        f"{' / '.join(_head_text(e) for _, e in own)} ({labels.years(years)})",
        short_text=" / ".join(_head_text(e) for _, e in own),
    )  # fmt: skip
