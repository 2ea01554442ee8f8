"""Fans: how four models see each state go on, so that a date is seen to be a range."""

from collections.abc import Mapping
from typing import Final

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.legend import Key
from pipeline.report.charts.panels import Fan, Panel, PanelChart, Trace, traced
from pipeline.report.content import Column, Exhibit, Table
from pipeline.report.exhibits.common import figure, number_ticks, table
from pipeline.report.exhibits.online import online_points
from pipeline.report.exhibits.targets import (
    MODEL_COLOURS,
    SHOWN,
    open_states,
    shown,
    span_text,
)
from pipeline.report.facts import ONLINE, Facts
from pipeline.report.progress import Outlook, Path

_FIRST_YEAR: Final = 2010
_ACROSS: Final = (3, 2)
_LEAST_MODELS: Final = 2
"""One model alone has no range."""


def fanned(facts: Facts) -> tuple[tuple[Outlook, Mapping[str, Path]], ...]:
    """The states on the way that some model answers for, in the order of their dates."""
    paths = facts.progress.paths(SHOWN)
    found = open_states(facts.progress.outlooks(SHOWN))
    return tuple((o, paths[o.economy]) for o in found if o.economy in paths)


def widest(facts: Facts) -> Outlook | None:
    """Of these the state for which the models' values for the deadline lie furthest apart."""
    found = [
        o for o, paths in fanned(facts)
        if len(paths) >= _LEAST_MODELS and o.end_low is not None and o.end_high is not None
    ]  # fmt: skip
    return max(
        found, key=lambda o: ((o.end_high or 0.0) - (o.end_low or 0.0), o.economy), default=None
    )


def values(facts: Facts, outlook: Outlook | None) -> dict[str, str]:
    """The places of the sentences about the widest fan; of none, none."""
    target = shown(facts)
    if outlook is None or target is None:
        return {}
    return {
        "state": facts.context.name(outlook.economy), "deadline": str(target.deadline),
        "low": labels.percent(outlook.end_low or 0.0),
        "high": labels.percent(outlook.end_high or 0.0),
    }  # fmt: skip


def target_fans(facts: Facts) -> Exhibit | None:
    """A panel for each state on the way: its past, and what the models make of the years after."""
    target, found = shown(facts), fanned(facts)
    if target is None or target.counts_from is None or not found:
        return None
    say, most = facts.context.words.say, widest(facts)
    last = max(year for _, paths in found for path in paths.values() for year, _ in path)
    used = {model for _, paths in found for model in paths}
    alone = [o.economy for o, paths in found if len(paths) < _LEAST_MODELS]
    level = labels.percent(target.counts_from)
    return figure(
        facts,
        "target_fans",
        PanelChart(
            tuple(_panel(facts, outlook, paths) for outlook, paths in found),
            (_FIRST_YEAR, last), (0, 100),
            (Tick(_FIRST_YEAR, str(_FIRST_YEAR)), Tick(last, str(last))),
            number_ticks(0, 100, 2, last=labels.tick_percent),
            _ACROSS,
            tall=120,
            keys=tuple(Key(c, say(f"models.{m}")) for m, c in MODEL_COLOURS.items() if m in used),
            level=target.counts_from,
            deadline=target.deadline,
        ).render(),
        _table(facts, found),
        title=say("exhibits.target_fans.title", "known" if most else "alone", level=level,
                  **values(facts, most)),
        subtitle={"level": level, "deadline": str(target.deadline), "first": str(_FIRST_YEAR),
                  "last": str(last)},
        alt={"values": labels.enumerated(_at_deadline(facts, o) for o, _ in found)},
        note=say("exhibits.target_fans.note", "alone" if alone else "all",
                 states=facts.context.names(tuple(alone))),
        source=facts.context.source(ONLINE),
    )  # fmt: skip


def _panel(facts: Facts, outlook: Outlook, paths: Mapping[str, Path]) -> Panel:
    name, colour = facts.context.name(outlook.economy), facts.context.colours[outlook.economy]
    own = [
        o for o in facts.online_series
        if o.economy == outlook.economy and _FIRST_YEAR <= o.year <= outlook.year
    ]  # fmt: skip
    models = tuple(
        Trace(MODEL_COLOURS[model], path, thin=True)
        for model in MODEL_COLOURS
        if (path := paths.get(model))
    )
    return Panel(
        name, colour, (*models, *traced(online_points(facts, own), colour)),
        Fan(bounds(outlook, paths)), span_text(outlook),
    )  # fmt: skip


def bounds(outlook: Outlook, paths: Mapping[str, Path]) -> tuple[tuple[float, float, float], ...]:
    """Year with the lowest and the highest value, from the newest figure on; of one model none."""
    if len(paths) < _LEAST_MODELS:
        return ()
    given: dict[int, list[float]] = {}
    for path in paths.values():
        for year, value in path:
            given.setdefault(year, []).append(value)
    ahead = sorted(year for year in given if year > outlook.year)
    return (
        (outlook.year, outlook.value, outlook.value),
        *((year, min(given[year]), max(given[year])) for year in ahead),
    )


def _at_deadline(facts: Facts, outlook: Outlook) -> str:
    ends = [rounding.text(v) for v in (outlook.end_low, outlook.end_high) if v is not None]
    said = labels.with_percent("–".join(dict.fromkeys(ends))) if ends else rounding.NO_VALUE
    return f"{facts.context.name(outlook.economy)} {said}"


def _table(facts: Facts, found: tuple[tuple[Outlook, Mapping[str, Path]], ...]) -> Table:
    say = facts.context.words.say
    rows = []
    for outlook, paths in found:
        by_model = {model: dict(path) for model, path in paths.items()}
        years = sorted({year for path in by_model.values() for year in path})
        rows += [
            [facts.context.name(outlook.economy), year,
             *(by_model.get(model, {}).get(year) for model in MODEL_COLOURS)]
            for year in years
        ]  # fmt: skip
    return table(
        [
            Column("member", say("labels.member")),
            Column("year", say("labels.year"), "year"),
            *(Column(m, say(f"models.{m}"), "number", 1, "%") for m in MODEL_COLOURS),
        ],
        rows,
    )
