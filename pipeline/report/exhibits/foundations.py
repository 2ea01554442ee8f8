"""What a digital economy stands on: lines, servers, students, research and government online.

A state's newest value beside that of a base year, where the catalogue declares no break between
them: across a break nothing is compared. What has no base year shows newest values alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.legend import Key
from pipeline.report.charts.ranges import Mark, RangeChart, RangeRow
from pipeline.report.charts.scale import ceiling, decades
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.common import figure, number_ticks, say_names, table, why
from pipeline.report.facts import Facts
from pipeline.report.marts import Latest, Observation
from pipeline.units import unit_text

_BASE_WITHIN: Final = 2
"""Years after the base year in which a state's first figure may lie."""


@dataclass(frozen=True)
class Series:
    """An indicator as an exhibit shows it: since which year, and how its values read."""

    exhibit: str
    indicator: str
    base: int
    digits: int
    percent: bool = False
    log: bool = False


BROADBAND: Final = Series("fixed_broadband", "IT.NET.BBND.P2", 2010, 1)
SERVERS: Final = Series("secure_servers", "IT.NET.SECR.P6", 2018, 0, log=True)
TERTIARY: Final = Series("tertiary_enrolment", "SE.TER.ENRR", 2010, 0, percent=True)
RESEARCH: Final = Series("research_spending", "GB.XPD.RSDV.GD.ZS", 2010, 2, percent=True)

EGDI: Final = "EGDI"
PARTS: Final = ("EGDI.OSI", "EGDI.TII", "EGDI.HCI")
"""What the index is the mean of, in its own order."""
_PART_COLOURS: Final = dict(
    zip(PARTS, (palette.ACCENT, palette.SECOND, palette.THIRD), strict=True)
)
_INDEX_DIGITS: Final = 2


@dataclass(frozen=True)
class Pair:
    """A state's newest value, recent or not, and that of the base year."""

    latest: Latest
    before: Observation | None
    broken: bool
    """Whether the series breaks between the two."""

    @property
    def value(self) -> float | None:
        return self.latest.value

    @property
    def change(self) -> float | None:
        """Newest less base value, where they can be compared."""
        if self.before is None or self.value is None or self.broken:
            return None
        return self.value - self.before.value


def pairs(facts: Facts, series: Series) -> tuple[Pair, ...]:
    """Every member, the largest newest value first and those without one last."""
    known = facts.context.marts.series(series.indicator, facts.context.members)
    found = [
        _pair(facts, series, latest, known)
        for latest in facts.context.latest
        if latest.indicator == series.indicator and latest.economy in facts.context.members
    ]
    return tuple(
        sorted(found, key=lambda p: (p.value is None, -(p.value or 0.0), p.latest.economy))
    )


def _pair(facts: Facts, series: Series, latest: Latest, known: Sequence[Observation]) -> Pair:
    last = latest.year or 0
    years = range(series.base, min(series.base + _BASE_WITHIN, last - 1) + 1)
    own = [o for o in known if o.economy == latest.economy and o.year in years]
    before = min(own, key=lambda o: o.year, default=None)
    broken = before is not None and facts.context.catalog.break_between(
        series.indicator, latest.economy, before.year, last
    )
    return Pair(latest, before, bool(broken))


def recent(found: Sequence[Pair]) -> tuple[Pair, ...]:
    """Those with a newest value that is not too old."""
    return tuple(p for p in found if p.value is not None)


def values(facts: Facts, series: Series, found: Sequence[Pair]) -> dict[str, str]:
    """The places of sentences on the newest values; at least one state must have one."""
    shown = recent(found)
    high, low = shown[0], shown[-1]
    return {
        "high": facts.context.name(high.latest.economy),
        "high_value": _text(series, high.value),
        "low": facts.context.name(low.latest.economy),
        "low_value": _text(series, low.value),
        "median": _text(series, median(p.value for p in shown if p.value is not None)),
        "count": labels.count(len(shown)),
    }


def compared(facts: Facts, series: Series, found: Sequence[Pair]) -> tuple[str, dict[str, str]]:
    """The outcome "all", "some" or "none" have more now, of one alone with "_one", or "unknown";
    and the places of it."""
    changed = [p for p in found if p.change is not None]
    if not changed:
        return "unknown", {}
    more = sum(_rises(series, p) for p in changed)
    most = max(changed, key=lambda p: (p.change or 0.0, p.latest.economy))
    said = {
        "base": str(series.base), "compared": labels.count(len(changed)),
        "more": labels.count(more), "state": facts.context.name(most.latest.economy),
        "start": _text(series, most.before.value if most.before else None),
        "end": _text(series, most.value),
    }  # fmt: skip
    outcome = "all" if more == len(changed) else "some" if more else "none"
    alone = more == 1 if outcome == "some" else len(changed) == 1
    return outcome + ("_one" if alone else ""), said


def _rises(series: Series, pair: Pair) -> bool:
    """Whether the newest value reads larger, rounded as it is shown."""
    if pair.before is None or pair.value is None:
        return False
    before, after = (rounding.half_up(v, series.digits) for v in (pair.before.value, pair.value))
    return after > before


def fixed_broadband(facts: Facts) -> Exhibit | None:
    """Fixed broadband lines per 100 people."""
    return _then_and_now(facts, BROADBAND)


def secure_servers(facts: Facts) -> Exhibit | None:
    """Secure internet servers per million people, on a logarithmic scale."""
    return _then_and_now(facts, SERVERS)


def tertiary_enrolment(facts: Facts) -> Exhibit | None:
    """Tertiary enrolment as a share of the age group."""
    return _then_and_now(facts, TERTIARY)


def research_spending(facts: Facts) -> Exhibit | None:
    """Spending on research and development as a share of output."""
    return _then_and_now(facts, RESEARCH)


def _then_and_now(facts: Facts, series: Series) -> Exhibit | None:
    found = pairs(facts, series)
    if not recent(found):
        return None
    say, context, name = facts.context.words.say, facts.context, series.exhibit
    entry = context.catalog.indicators[series.indicator]
    low, high, ticks = _scale(found, series)
    unit = unit_text(entry.unit)
    return figure(
        facts,
        name,
        RangeChart(
            tuple(_row(facts, series, p) for p in found), (low, high), ticks, log=series.log,
            legend=(Key(palette.INK, say("labels.newest")),
                    Key(palette.INK, say("labels.in_base", base=str(series.base)), hollow=True)),
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("base_year", say("labels.base_year"), "year"),
                Column("base", say("labels.base_value"), "number", entry.decimals, unit),
                Column("year", say("labels.year"), "year"),
                Column("value", say("labels.newest"), "number", entry.decimals, unit),
                Column("remark", say("labels.remark")),
            ],
            [
                [context.name(p.latest.economy), p.before.year if p.before else None,
                 p.before.value if p.before else None,
                 p.latest.year if p.value is not None else None, p.value, _remark(facts, p)]
                for p in found
            ],
        ),
        title=say(f"exhibits.{name}.title", _outcome(found), **values(facts, series, found)),
        subtitle={"years": labels.years(p.latest.year for p in recent(found)),
                  "base": str(series.base)},
        alt={"values": labels.enumerated(
            labels.of(context.name(p.latest.economy), _said(facts, series, p)) for p in found
        )},
        note=_note(facts, series, found),
        source=context.source(series.indicator),
    )  # fmt: skip


def _outcome(found: Sequence[Pair]) -> str:
    return "known" if len(recent(found)) > 1 else "one"


def _scale(found: Sequence[Pair], series: Series) -> tuple[float, float, tuple[Tick, ...]]:
    shown = [p.value for p in recent(found) if p.value is not None]
    shown += [p.before.value for p in recent(found) if p.before is not None and not p.broken]
    if not series.log:
        top = ceiling(max(shown))
        return 0.0, top, number_ticks(0, top, last=labels.tick_percent if series.percent else str)
    low, high = decades(shown)
    steps = [10.0**n for n in range(12) if low <= 10.0**n <= high]
    return low, high, tuple(Tick(s, rounding.text(s)) for s in steps)


def _row(facts: Facts, series: Series, pair: Pair) -> RangeRow:
    economy = pair.latest.economy
    name, colour = facts.context.name(economy), facts.context.colours[economy]
    if pair.value is None:
        return RangeRow(name, colour, text=facts.context.words.say("labels.no_recent"))
    marks = [Mark(pair.value, colour)]
    before = pair.before.value if pair.before is not None and not pair.broken else None
    if before is not None:
        marks.append(Mark(before, colour, hollow=True))
    span = None if before is None else (min(before, pair.value), max(before, pair.value))
    text = _text(series, pair.value)
    return RangeRow(name, colour, tuple(marks), span, f"{text} ({pair.latest.year})",
                    short_text=text)  # fmt: skip


def _said(facts: Facts, series: Series, pair: Pair) -> str:
    if pair.value is None:
        return facts.context.words.say("labels.no_recent")
    return f"{_text(series, pair.value)} ({pair.latest.year})"


def _remark(facts: Facts, pair: Pair) -> str:
    say = facts.context.words.say
    if pair.value is None:
        return why(pair.latest.reason) or say("labels.no_recent")
    return say("labels.broken_between") if pair.broken else ""


def _note(facts: Facts, series: Series, found: Sequence[Pair]) -> str:
    """What is to be known of the series, and what the picture leaves out."""
    say = facts.context.words.say
    missing = [p.latest.economy for p in found if p.value is None]
    broken = [p.latest.economy for p in recent(found) if p.broken]
    said = [say(f"exhibits.{series.exhibit}.note")]
    if broken:
        said.append(say("exhibits.foundations.broken", states=say_names(facts, broken)))
    if missing:
        said.append(say("exhibits.foundations.missing", states=say_names(facts, missing)))
    return labels.sentences(*said)


def _text(series: Series, value: float | None) -> str:
    if value is None or not series.percent:
        return rounding.text(value, series.digits)
    return labels.percent(value, series.digits)


@dataclass(frozen=True)
class Government:
    """The e-government index of a state and its parts, of one edition of the survey."""

    economy: str
    year: int
    index: float
    parts: dict[str, float]

    @property
    def weakest(self) -> str:
        """The part with the lowest value; of equals the first in the index's own order."""
        return min(self.parts, key=lambda part: (self.parts[part], PARTS.index(part)))


def governments(facts: Facts) -> tuple[Government, ...]:
    """Members with a recent index and all its parts of the same edition, the highest first."""
    held = {(v.indicator, v.economy): v for v in facts.context.latest if v.value is not None}
    found = []
    for economy in facts.context.members:
        index = held.get((EGDI, economy))
        parts = [held.get((part, economy)) for part in PARTS]
        if index is None or index.year is None or index.value is None:
            continue
        same = {p.indicator: p.value for p in parts
                if p is not None and p.value is not None and p.year == index.year}  # fmt: skip
        if len(same) == len(PARTS):
            found.append(Government(economy, index.year, index.value, same))
    return tuple(sorted(found, key=lambda g: (-g.index, g.economy)))


def government_values(facts: Facts, found: Sequence[Government]) -> dict[str, str]:
    """The places of the sentences on government online; at least one state must have an index."""
    weakest = [g.weakest for g in found]
    part = max(PARTS, key=lambda p: (weakest.count(p), -PARTS.index(p)))
    return {
        "years": labels.years(g.year for g in found),
        "high": facts.context.name(found[0].economy),
        "high_value": rounding.text(found[0].index, _INDEX_DIGITS),
        "low": facts.context.name(found[-1].economy),
        "low_value": rounding.text(found[-1].index, _INDEX_DIGITS),
        "part": facts.context.words.say(f"labels.egdi_parts.{part.partition('.')[2].lower()}"),
        "weak": labels.count(weakest.count(part)),
        "count": labels.count(len(found)),
    }


def e_government(facts: Facts) -> Exhibit | None:
    """The three parts of the e-government index of each member, with the index as text."""
    found = governments(facts)
    if len(found) < 2:
        return None
    say, context = facts.context.words.say, facts.context
    names = {p: say(f"labels.egdi_parts.{p.partition('.')[2].lower()}") for p in PARTS}
    said = government_values(facts, found)
    without = [c for c in context.members if c not in {g.economy for g in found}]
    note = say("exhibits.e_government.note")
    if without:
        note = labels.sentences(
            note, say("exhibits.foundations.missing", states=say_names(facts, without))
        )
    return figure(
        facts,
        "e_government",
        RangeChart(
            tuple(_government_row(facts, g) for g in found), (0, 1), number_ticks(0, 1),
            legend=tuple(Key(_PART_COLOURS[p], labels.capital(names[p])) for p in PARTS),
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("year", say("labels.year"), "year"),
                Column("index", context.catalog.indicators[EGDI].short_name, "number", 3),
                *(Column(p, labels.capital(names[p]), "number", 3) for p in PARTS),
            ],
            [[context.name(g.economy), g.year, g.index, *(g.parts[p] for p in PARTS)]
             for g in found],
        ),
        title=say("exhibits.e_government.title", **said),
        subtitle={"years": said["years"]},
        alt={"values": labels.enumerated(
            labels.of(context.name(g.economy), rounding.text(g.index, _INDEX_DIGITS)) for g in found
        )},
        note=note,
        source=context.source(EGDI, *PARTS),
    )  # fmt: skip


def _government_row(facts: Facts, government: Government) -> RangeRow:
    colour = facts.context.colours[government.economy]
    marks = tuple(Mark(government.parts[p], _PART_COLOURS[p]) for p in PARTS)
    ends = government.parts.values()
    return RangeRow(
        facts.context.name(government.economy), colour, marks, (min(ends), max(ends)),
        rounding.text(government.index, _INDEX_DIGITS),
    )  # fmt: skip
