"""Each indicator on a card: what it is, whose it is, and its newest value in every state.

The cards stand in the site alone; an exhibit of the report may tell more of the same figures.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.catalog.models import Break, Indicator
from pipeline.report import labels
from pipeline.report.content import Column, Exhibit, IndicatorCard, Source, Value
from pipeline.report.context import Context
from pipeline.report.exhibits.common import table, why
from pipeline.report.exhibits.coverage import place
from pipeline.report.exhibits.revisions import say_compared
from pipeline.report.facts import WORLD, Facts
from pipeline.report.marts import Latest
from pipeline.report.origins import with_origins
from pipeline.report.references import slug
from pipeline.report.words import day
from pipeline.units import unit_text


@dataclass(frozen=True)
class _Change:
    """What became of a figure since the day compared with; ``before`` is None of a new one."""

    kind: str
    before: float | None


def indicator_cards(facts: Facts, sources: Sequence[Source]) -> tuple[IndicatorCard, ...]:
    """A card of each indicator that some member has a value of, by pillar and code.

    Args:
        sources: of the report; a card has that of its publisher.
    """
    context = facts.context
    values: dict[str, dict[str, Latest]] = {}
    for latest in context.latest:
        if latest.economy in (*context.members, WORLD):
            values.setdefault(latest.indicator, {})[latest.economy] = latest
    known = [
        i for i, own in values.items()
        if i in context.catalog.indicators
        and any(v.year is not None for code, v in own.items() if code != WORLD)
    ]  # fmt: skip
    known.sort(key=lambda indicator: place(facts, indicator))
    changes, corrected = _changes(context), _corrected(context)
    by_name = {(s.publisher, s.dataset): s for s in sources}
    cards = []
    for indicator in known:
        entry = context.catalog.indicators[indicator]
        publisher = context.catalog.publishers[entry.publisher]
        marks = {
            code: _marked(facts, v, changes, corrected) for code, v in values[indicator].items()
        }
        cards.append(
            IndicatorCard(
                id=indicator,
                title=entry.name,
                short=entry.short_name,
                pillar=context.words.say(f"pillars.{entry.pillar}"),
                unit=unit_text(entry.unit),
                points=tuple(_points(facts, entry)),
                source=by_name[publisher.name, publisher.dataset],
                values=_values(facts, entry, values[indicator], marks),
            )
        )
    return tuple(cards)


def _points(facts: Facts, entry: Indicator) -> Iterator[tuple[str, str]]:
    """What it is, under short headings."""
    say = facts.context.words.say
    kind = say(f"indicators.kinds.{entry.kind}")
    yield (
        say("indicators.points.kind"),
        say("indicators.kind", Kind=labels.capital(kind),
            direction=say(f"indicators.directions.{entry.direction}")),
    )  # fmt: skip
    yield say("indicators.points.pillar"), say(f"pillars.{entry.pillar}")
    yield say("indicators.points.age"), say("indicators.age", n=str(entry.max_age_years))
    if entry.breaks:
        told = labels.enumerated(_broken(facts, entry, one) for one in entry.breaks)
        yield say("indicators.points.breaks"), labels.capital(told)


def _broken(facts: Facts, entry: Indicator, found: Break) -> str:
    say, context = facts.context.words.say, facts.context
    own = [code for code in found.economies if code in context.catalog.economies]
    where = context.names(tuple(own)) if own else say("indicators.everywhere")
    return say("indicators.broken", where=where, years=labels.years(found.years),
               reason=found.reason)  # fmt: skip


def _values(
    facts: Facts,
    entry: Indicator,
    values: Mapping[str, Latest],
    marks: Mapping[str, tuple[float | None, str]],
) -> Exhibit:
    """Table of the newest values: members by name, then the world."""
    say, context = facts.context.words.say, facts.context
    codes = sorted((c for c in values if c != WORLD), key=lambda c: (context.name(c), c))
    if WORLD in values and values[WORLD].year is not None:
        codes.append(WORLD)
    digits = entry.decimals
    return with_origins(
        context,
        Exhibit(
            id=f"indicator-{slug(entry.id)}",
            kind="table",
            number=0,
            title=entry.name,
            subtitle=say("indicators.subtitle", day=day(context.as_of)),
            alt=say("indicators.alt", count=str(len(codes))),
            source=context.source_or_none(entry.id),
            note="",
            table=table(
                [
                    Column("member", say("labels.member")),
                    Column("value", say("labels.newest"), "number", digits, unit_text(entry.unit)),
                    Column("year", say("labels.year"), "year"),
                    Column("age", say("labels.age"), "number", 0, say("units.years")),
                    Column("before", say_compared(facts, "indicators.before"), "number",
                           digits),
                    Column("remark", say("columns.remark")),
                ],
                [_row(facts, values[code], *marks[code]) for code in codes],
            ),
        ),
    )  # fmt: skip


def _row(facts: Facts, latest: Latest, before: float | None, remark: str) -> list[Value]:
    name = facts.context.name(latest.economy)
    return [name, latest.value, latest.year, latest.age, before, remark or None]


def _marked(
    facts: Facts,
    latest: Latest,
    changes: Mapping[tuple[str, str, int], _Change],
    corrected: frozenset[tuple[str, str, int]],
) -> tuple[float | None, str]:
    """What the value was before, and what is to be said of it."""
    if latest.value is None or latest.year is None:
        return None, labels.capital(why(latest.reason))
    say, key = facts.context.words.say, (latest.indicator, latest.economy, latest.year)
    change, said = changes.get(key), []
    if change is not None:
        said.append(say(f"indicators.marks.{change.kind}"))
    if key in corrected:
        said.append(say("indicators.marks.corrected"))
    return change.before if change else None, labels.enumerated(said)


def _changes(context: Context) -> dict[tuple[str, str, int], _Change]:
    """Newest values that are new or were revised since the day compared with."""
    rows = context.marts.rows(
        "SELECT r.indicator, r.economy, r.year, r.value_old, "
        "CASE WHEN r.large THEN 'large' ELSE r.kind END FROM marts.revisions AS r "
        "JOIN core.indicators AS i ON i.indicator = r.indicator AND i.publisher = r.publisher "
        "JOIN marts.latest_values AS v ON v.indicator = r.indicator AND v.economy = r.economy "
        "AND v.year = r.year WHERE r.comparison = 'since' AND r.kind IN ('new', 'revised') "
        "ORDER BY r.indicator, r.economy, r.year"
    )
    return {(i, e, y): _Change(kind, before) for i, e, y, before, kind in rows}


def _corrected(context: Context) -> frozenset[tuple[str, str, int]]:
    return frozenset((c.indicator, c.economy, c.year) for c in context.marts.corrections())
