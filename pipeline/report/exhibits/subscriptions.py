"""Mobile, fixed broadband and telephone lines per 100 people, a panel a state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.legend import Key
from pipeline.report.charts.lines import Point
from pipeline.report.charts.panels import Panel, PanelChart, traced
from pipeline.report.charts.scale import ceiling
from pipeline.report.content import Column, Exhibit, Table
from pipeline.report.exhibits.common import figure, number_ticks, of_years, table
from pipeline.report.exhibits.online import join
from pipeline.report.facts import Facts
from pipeline.report.marts import Observation

MOBILE: Final = "IT.CEL.SETS.P2"
BROADBAND: Final = "IT.NET.BBND.P2"
TELEPHONES: Final = "IT.MLT.MAIN.P2"
_COLOURS: Final = {
    MOBILE: palette.ACCENT, BROADBAND: palette.SECOND, TELEPHONES: palette.THIRD,
}  # fmt: skip
_FIRST_YEAR: Final = 2000
_ACROSS: Final = (5, 3)
_EVERYONE: Final = 100.0
"""Subscriptions per 100 people, above which there are more of them than people."""


@dataclass(frozen=True)
class Newest:
    """A state's newest values that are recent enough, by indicator."""

    economy: str
    values: dict[str, float]

    @property
    def more_than_people(self) -> bool | None:
        """Whether there are more mobile subscriptions than people, rounded as it is shown."""
        found = self.values.get(MOBILE)
        return None if found is None else rounding.half_up(found) > _EVERYONE

    @property
    def broadband_leads(self) -> bool | None:
        """Whether there is more fixed broadband than telephones, rounded as the table has it."""
        lines, phones = self.values.get(BROADBAND), self.values.get(TELEPHONES)
        if lines is None or phones is None:
            return None
        return rounding.half_up(lines, 1) > rounding.half_up(phones, 1)


def newest(facts: Facts) -> tuple[Newest, ...]:
    """Every member that has a recent value of any of the three, by name."""
    found: dict[str, dict[str, float]] = {}
    for latest in facts.context.latest:
        member = latest.economy in facts.context.members and latest.indicator in _COLOURS
        if member and latest.value is not None:
            found.setdefault(latest.economy, {})[latest.indicator] = latest.value
    return tuple(
        Newest(code, found[code]) for code in sorted(found, key=lambda c: facts.context.name(c))
    )


def values(found: Sequence[Newest]) -> dict[str, str]:
    """The places of the sentences, each with the number of states that it is counted among."""
    mobile = [n.more_than_people for n in found if n.more_than_people is not None]
    lines = [n.broadband_leads for n in found if n.broadband_leads is not None]
    return {
        "more": labels.count(sum(mobile)), "count": labels.count(len(mobile)),
        "leads": labels.count(sum(lines)), "both": labels.count(len(lines)),
    }  # fmt: skip


def outcome(found: Sequence[Newest]) -> str:
    """What can be counted: "known" both, "mobile" or "unknown"."""
    if not any(n.more_than_people is not None for n in found):
        return "unknown"
    return "known" if any(n.broadband_leads is not None for n in found) else "mobile"


def mobile_and_fixed(facts: Facts) -> Exhibit | None:
    """A panel a state with the three paths over time."""
    say, found = facts.context.words.say, newest(facts)
    series = {
        indicator: [
            o for o in facts.context.marts.series(indicator, facts.context.members)
            if o.year >= _FIRST_YEAR
        ]
        for indicator in _COLOURS
        if indicator in facts.context.catalog.indicators
    }  # fmt: skip
    every = [o for own in series.values() for o in own]
    if not every or not found:
        return None
    last = max(o.year for o in every)
    top = ceiling(max(_EVERYONE, *(o.value for o in every)), 4)
    shown = [n.economy for n in found]
    return figure(
        facts,
        "mobile_and_fixed",
        PanelChart(
            tuple(_panel(facts, code, series) for code in shown),
            (_FIRST_YEAR, max(last, _FIRST_YEAR + 1)), (0, top),
            (Tick(_FIRST_YEAR, str(_FIRST_YEAR)), Tick(last, str(last))),
            number_ticks(0, top, 4),
            _ACROSS,
            keys=tuple(
                Key(colour, facts.context.catalog.indicators[i].short_name)
                for i, colour in _COLOURS.items() if series.get(i)
            ),
            level=_EVERYONE,
        ).render(),
        _table(facts, shown, series),
        title=say("exhibits.mobile_and_fixed.title", outcome(found), **values(found)),
        subtitle={"years": labels.years(o.year for o in every)},
        alt={"values": labels.enumerated(_said(facts, n) for n in found)},
        note=_note(facts, series),
        source=facts.context.source(*_COLOURS),
    )  # fmt: skip


def _panel(facts: Facts, code: str, series: dict[str, list[Observation]]) -> Panel:
    traces = [
        trace
        for indicator, own in series.items()
        for trace in traced(
            _points(facts, [o for o in own if o.economy == code]), _COLOURS[indicator],
            _end([o for o in own if o.economy == code]),
        )
    ]  # fmt: skip
    return Panel(facts.context.name(code), facts.context.colours[code], tuple(traces))


def _points(facts: Facts, series: Sequence[Observation]) -> tuple[Point, ...]:
    before = [None, *series[:-1]]
    return tuple(
        Point(o.year, o.value, "", join(facts, b, o)) for b, o in zip(before, series, strict=False)
    )


def _end(series: Sequence[Observation]) -> str:
    return rounding.text(series[-1].value) if series else ""


def _said(facts: Facts, state: Newest) -> str:
    found = [
        f"{facts.context.catalog.indicators[i].short_name} {rounding.text(state.values[i])}"
        for i in _COLOURS
        if i in state.values
    ]
    return labels.of(facts.context.name(state.economy), labels.commas(found))


def _note(facts: Facts, series: dict[str, list[Observation]]) -> str:
    say = facts.context.words.say
    broken = [
        of_years(facts, code, *b.years)
        for indicator, own in series.items() if own
        for code, b in facts.breaks(indicator, _FIRST_YEAR, max(o.year for o in own))
    ]  # fmt: skip
    told = labels.listing(list(dict.fromkeys(broken)))
    return labels.sentences(
        say("exhibits.mobile_and_fixed.note"),
        say("exhibits.internet_paths.breaks", breaks=told) if broken else "",
    )


def _table(facts: Facts, shown: Sequence[str], series: dict[str, list[Observation]]) -> Table:
    say = facts.context.words.say
    by = {(i, o.economy, o.year): o.value for i, own in series.items() for o in own}
    years = sorted({year for _, _, year in by})
    return table(
        [
            Column("member", say("labels.member")),
            Column("year", say("labels.year"), "year"),
            *(Column(i, facts.context.catalog.indicators[i].short_name, "number", 1)
              for i in series),
        ],
        [
            [facts.context.name(code), year, *(by.get((i, code, year)) for i in series)]
            for code in shown
            for year in years
            if any((i, code, year) in by for i in series)
        ],
    )  # fmt: skip
