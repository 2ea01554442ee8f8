"""Between groups of states or within them: the inequality of several things taken apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline import rounding
from pipeline.catalog.models import Group
from pipeline.report import labels, palette
from pipeline.report.charts.legend import Key
from pipeline.report.charts.stacks import StackChart, StackRow
from pipeline.report.content import Column, Exhibit, Table
from pipeline.report.exhibits.common import figure, table, usual_year
from pipeline.report.facts import (
    GDP,
    GDP_PPP,
    ICT_EXPORTS,
    ONLINE,
    PER_GDP,
    POPULATION,
    Facts,
    newest,
)
from pipeline.report.marts import Index

SCHEME: Final = "article"
"""The partition of the states, see the catalogue of groups."""
_PER_HEAD: Final = "per_capita_population"
_DIGITS: Final = 2
_MEASURES: Final = (
    (ICT_EXPORTS, PER_GDP), (ICT_EXPORTS, _PER_HEAD), ("UNCTAD.DDS.EXPORTS", _PER_HEAD),
    ("IT.NET.SECR.P6", _PER_HEAD), ("IT.NET.BBND.P2", _PER_HEAD), ("IP.PAT.RESD", _PER_HEAD),
    ("IP.JRN.ARTC.SC", _PER_HEAD), (GDP_PPP, _PER_HEAD), (ONLINE, _PER_HEAD),
)  # fmt: skip
"""What is taken apart, and against what; people offline come with people online."""
_FLOWS: Final = ("flow", "stock")
"""Kinds of indicator that are not per head already."""


@dataclass(frozen=True)
class Parts:
    """An index in nats: what lies between groups, within one of them, and within all others."""

    cell: Index
    between: float
    within_most: float
    within_others: float

    @property
    def whole(self) -> float:
        return self.between + self.within_most + self.within_others

    @property
    def between_pct(self) -> float:
        return 100 * self.between / self.whole

    @property
    def mostly_within(self) -> bool:
        """Whether more than half lies within groups, rounded as it is shown."""
        return rounding.half_up(self.between_pct) < 50


def taken_apart(facts: Facts) -> tuple[tuple[Parts, ...], Group | None]:
    """Each index in its newest published year, the largest first, and the group within which the
    most lies in most of them. Of a bloc without groups, nothing."""
    if not facts.context.whole:
        return (), None
    cells = [
        cell
        for name, weighting in _MEASURES
        for side in (name, facts.context.complement(name))
        if side and (cell := newest(facts.indices(side), weighting)) is not None
    ]
    parts = {cell: facts.context.marts.groups(cell, SCHEME) for cell in cells}
    first = [max(p, key=lambda g: (g.within, g.group)).group for p in parts.values() if p]
    if not first:
        return (), None
    most = max(sorted(set(first)), key=first.count)
    found = [
        Parts(
            cell,
            sum(g.between for g in own),
            sum(g.within for g in own if g.group == most),
            sum(g.within for g in own if g.group != most),
        )
        for cell, own in parts.items()
        if own
    ]
    largest = sorted(
        (p for p in found if p.whole > 0),
        key=lambda p: (-p.whole, p.cell.indicator, p.cell.weighting),
    )
    return tuple(largest), facts.context.catalog.groups[most]


def values(found: Sequence[Parts]) -> dict[str, str]:
    """The places of the sentences on how many lie mostly within groups."""
    mostly = sum(p.mostly_within for p in found)
    return {
        "mostly": labels.count(mostly), "Mostly": labels.capital(labels.count(mostly)),
        "count": labels.count(len(found)),
    }  # fmt: skip


def outcome(found: Sequence[Parts]) -> str:
    """Whether "all", "some", "one" or "none" of them lie mostly within groups."""
    mostly = sum(p.mostly_within for p in found)
    if mostly == len(found):
        return "all"
    return ("none", "one")[mostly] if mostly < 2 else "some"


def between_within(facts: Facts) -> Exhibit | None:
    """One bar an index: what lies between groups, within one and within the others."""
    found, most = taken_apart(facts)
    if not found or most is None:
        return None
    say = facts.context.words.say
    usual = usual_year([p.cell.year for p in found])
    names = [_name(facts, p, usual) for p in found]
    texts = [
        say("exhibits.between_within.end", value=rounding.text(p.whole, _DIGITS),
            part=labels.tick_percent(rounding.text(p.between_pct)))
        for p in found
    ]  # fmt: skip
    return figure(
        facts,
        "between_within",
        StackChart(
            tuple(
                StackRow(name, (max(p.between, 0.0), p.within_most, p.within_others), text)
                for name, p, text in zip(names, found, texts, strict=True)
            ),
            (
                Key(palette.ACCENT, say("exhibits.between_within.between")),
                Key(palette.SECOND, say("exhibits.between_within.within", group=most.name)),
                Key(palette.THIRD, say("exhibits.between_within.others")),
            ),
        ).render(),
        _table(facts, found, most),
        title=say("exhibits.between_within.title", outcome(found), **values(found)),
        subtitle={"year": str(usual)},
        alt={"values": labels.enumerated(
            f"{name} {text}" for name, text in zip(names, texts, strict=True)
        )},
        note=say("exhibits.between_within.note", group=most.name,
                 states=facts.context.names(tuple(most.economies))),
        source=facts.context.source(*_series(facts, found)),
    )  # fmt: skip


def _series(facts: Facts, found: Sequence[Parts]) -> tuple[str, ...]:
    """The series that the indices rest on, with what they are set against."""
    shown = {p.cell.indicator for p in found}
    own = [i for i, _ in _MEASURES if shown & {i, facts.context.complement(i)}]
    against = [GDP if p.cell.weighting == PER_GDP else POPULATION for p in found]
    return tuple(dict.fromkeys([*own, *against]))


def _name(facts: Facts, parts: Parts, usual: int | None) -> str:
    """What is unequal, per what, and its year where it is not that of most."""
    cell, catalog = parts.cell, facts.context.catalog
    entry = catalog.indicators.get(cell.indicator)
    if entry is None:
        sides = (i.complement for i in catalog.indicators.values())
        name = next(c.short_name for c in sides if c and c.id == cell.indicator)
    elif cell.weighting == PER_GDP:
        name = facts.context.words.say("labels.per_gdp", what=entry.short_name)
    elif entry.kind in _FLOWS:
        name = facts.context.words.say("labels.per_head", what=entry.short_name)
    else:
        name = entry.short_name
    return name if usual in (None, cell.year) else f"{name} ({cell.year})"


def _table(facts: Facts, found: Sequence[Parts], most: Group) -> Table:
    say, nats = facts.context.words.say, facts.context.words.say("units.nats")
    return table(
        [
            Column("measure", say("columns.measure")),
            Column("year", say("labels.year"), "year"),
            Column("n", say("columns.states"), "number", 0),
            Column("theil_t", say("measures.theil_t"), "number", 3, nats),
            Column("between", say("exhibits.between_within.between"), "number", 3, nats),
            Column("within", say("exhibits.between_within.within", group=most.name), "number", 3,
                   nats),
            Column("others", say("exhibits.between_within.others"), "number", 3, nats),
            Column("part", say("columns.part_between"), "number", 1, "%"),
        ],
        [
            [_name(facts, p, None), p.cell.year, p.cell.n, p.whole, p.between, p.within_most,
             p.within_others, p.between_pct]
            for p in found
        ],
    )  # fmt: skip
