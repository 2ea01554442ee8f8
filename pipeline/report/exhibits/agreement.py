"""Where publishers differ: the newest figures of two side by side, and how often they agree."""

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.agreement import Agreed, Pair
from pipeline.report.charts.heatmap import Cell, Heatmap, HeatRow
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.common import figure, table
from pipeline.report.facts import Facts
from pipeline.units import unit_text

_FAR: Final = 4.0
"""Figures that are so many tolerances apart are far apart."""
_WHOLE_FROM: Final = 9.95
"""Differences from here on are told without decimals, as they would be by three digits."""
_ROW: Final = 21.0
_CLASSES: Final = (
    ("within", palette.SEQUENCE[0], palette.ON_LIGHT_TILE),
    ("beyond", palette.SEQUENCE[2], palette.ON_LIGHT_TILE),
    ("far", palette.SEQUENCE[4], palette.ON_DARK_TILE),
)


def farthest(facts: Facts) -> Pair | None:
    """Of the newest pairs the one that is farthest apart by its tolerance, if it does not agree."""
    newest = set(facts.agreement.newest)
    return next((p for p in facts.agreement.apart if p in newest), None)


def values(facts: Facts) -> Mapping[str, str]:
    """The places of the sentences about the newest pairs."""
    newest, worst = facts.agreement.newest, farthest(facts)
    apart = sum(not p.within for p in newest)
    told = {
        "count": rounding.text(len(newest)), "apart": labels.count(apart),
        "Apart": labels.capital(labels.count(apart)),
    }  # fmt: skip
    if worst is not None:
        concept = facts.agreement.concept(worst.concept)
        told |= {
            "state": facts.context.name(worst.economy), "year": str(worst.year),
            "concept": labels.small(concept.short_name), "distance": distance_text(facts, worst),
            "other": facts.agreement.whose(worst.indicator),
            "own": facts.agreement.whose(concept.preferred),
        }  # fmt: skip
    return told


def outcome(facts: Facts) -> str:
    """Whether there are pairs, one or several, and whether all of them agree."""
    count, agree = len(facts.agreement.newest), farthest(facts) is None
    if count <= 1:
        return {0: "unknown", 1: "one" if agree else "one_apart"}[count]
    return "all" if agree else "some"


def distance_text(facts: Facts, pair: Pair) -> str:
    """ "70 %" or "1.3 points", without a sign."""
    percent = facts.agreement.concept(pair.concept).tolerance.measure == "percent"
    number = _number(facts, pair.concept, pair.distance)
    if percent:
        return labels.with_percent(number)
    return _points(facts, number)


def _number(facts: Facts, concept: str, distance: float, *, sign: bool = False) -> str:
    if abs(distance) >= _WHOLE_FROM:
        return rounding.text(distance, 0, sign=sign)
    entry = facts.agreement.concept(concept)
    digits = max(entry.digits, 1) if entry.tolerance.measure == "units" else 1
    return rounding.text(distance, digits, sign=sign)


def publisher_agreement(facts: Facts) -> Exhibit | None:
    """Heat map of the newest difference: concept and other publisher by state."""
    newest = facts.agreement.newest
    if not newest:
        return None
    say, context = facts.context.words.say, facts.context
    rows: dict[tuple[str, str], dict[str, Pair]] = {}
    for pair in newest:
        rows.setdefault((pair.concept, pair.indicator), {})[pair.economy] = pair
    ordered = sorted(rows)
    drawn = tuple(_row(facts, key, rows[key]) for key in ordered)
    used = {cell.fill for row in drawn for cell in row.cells}
    keys = (*((fill, name) for name, fill, _ in _CLASSES), (palette.NOTHING, "none"))
    return figure(
        facts,
        "publisher_agreement",
        Heatmap(
            tuple((code, context.colours[code]) for code in context.members),
            drawn,
            tuple((fill, say(f"exhibits.publisher_agreement.{name}"))
                  for fill, name in keys if fill in used),
            row=_ROW,
        ).render(),
        table(_columns(facts), [_cells(facts, p) for p in newest
                                if facts.agreement.may_be_passed_on(p.indicator)]),
        title=say("exhibits.publisher_agreement.title", outcome(facts), **values(facts)),
        subtitle={"years": labels.years(p.year for p in newest)},
        alt={"values": labels.enumerated(_alt(facts, key, rows[key]) for key in ordered)},
        note=say("exhibits.publisher_agreement.note", declared=_declared(facts, newest),
                 withheld=_withheld(facts)).strip(),
        source=context.source_of(facts.agreement.behind(rows)),
    )  # fmt: skip


def _measure(facts: Facts, concept: str) -> str:
    return facts.agreement.concept(concept).tolerance.measure


def _row(facts: Facts, key: tuple[str, str], pairs: Mapping[str, Pair]) -> HeatRow:
    return HeatRow(
        facts.agreement.whose(key[1]),
        facts.context.words.say(
            f"agreement.measure.{_measure(facts, key[0])}",
            name=facts.agreement.concept(key[0]).short_name,
        ),
        tuple(_cell(facts, pairs.get(code)) for code in facts.context.members),
    )


def _label(facts: Facts, key: tuple[str, str]) -> str:
    concept, indicator = key
    return labels.of(facts.agreement.concept(concept).short_name, facts.agreement.whose(indicator))


def _cell(facts: Facts, pair: Pair | None) -> Cell:
    if pair is None:
        return Cell(palette.NOTHING, "–", palette.MUTED)
    far = pair.distance > _FAR * facts.agreement.concept(pair.concept).tolerance.value
    _, fill, ink = _CLASSES[0 if pair.within else 2 if far else 1]
    return Cell(fill, _number(facts, pair.concept, pair.apart, sign=True), ink)


def _columns(facts: Facts) -> Sequence[Column]:
    say = facts.context.words.say
    return [
        Column("concept", say("agreement.columns.concept")),
        Column("member", say("labels.member")),
        Column("year", say("labels.year"), "year"),
        Column("own", say("agreement.columns.own")),
        Column("preferred", say("agreement.columns.preferred"), "number", 2),
        Column("other", say("agreement.columns.other")),
        Column("value", say("agreement.columns.value"), "number", 2),
        Column("unit", say("labels.unit")),
        Column("relative", say("agreement.columns.relative"), "number", 1, "%"),
        Column("agree", say("agreement.columns.agree")),
    ]


def _cells(facts: Facts, pair: Pair) -> Sequence[str | int | float | None]:
    concept, whose = facts.agreement.concept(pair.concept), facts.agreement.whose
    return [
        concept.name, facts.context.name(pair.economy), pair.year, whose(concept.preferred),
        pair.preferred, whose(pair.indicator), pair.other, unit_text(concept.unit), pair.relative,
        facts.context.words.say("agreement.agree", "yes" if pair.within else "no"),
    ]  # fmt: skip


def _alt(facts: Facts, key: tuple[str, str], pairs: Mapping[str, Pair]) -> str:
    told = labels.commas(
        f"{facts.context.name(code)} {_number(facts, p.concept, p.apart, sign=True)}"
        for code, p in pairs.items()
    )
    return labels.of(_label(facts, key), told)


def _declared(facts: Facts, newest: Sequence[Pair]) -> str:
    """Where each figure that is in no series comes from."""
    shown = {p.indicator for p in newest}
    return labels.sentences(
        *(
            facts.context.words.say(
                "exhibits.publisher_agreement.declared", by=f.by, note=f.note, source=f.source
            )
            for _, c in sorted(facts.context.catalog.concepts.items())
            for f in c.declared
            if f.id in shown
        )
    )


def _withheld(facts: Facts) -> str:
    closed = {
        facts.agreement.whose(a.indicator)
        for a in facts.agreement.compared
        if not facts.agreement.may_be_passed_on(a.indicator)
    }
    if not closed:
        return ""
    return facts.context.words.say("agreement.withheld", publishers=labels.listing(sorted(closed)))


def agreement_over_years(facts: Facts) -> Exhibit | None:
    """Table: how often and how closely two publishers agree over all years that both have."""
    found = facts.agreement.compared
    if not found:
        return None
    say, context = facts.context.words.say, facts.context
    n, within = sum(a.n for a in found), sum(a.n_within for a in found)
    title = say("exhibits.agreement_over_years.title", share=labels.percent(100 * within / n),
                n=rounding.text(n))  # fmt: skip
    return Exhibit(
        id="agreement_over_years",
        kind="table",
        number=0,
        title=title,
        subtitle=say("exhibits.agreement_over_years.subtitle",
                     years=labels.years(y for a in found for y in (a.first_year, a.last_year))),
        alt=labels.headed(
            title, say("exhibits.agreement_over_years.alt", count=labels.count(len(found)))
        ),
        source=context.source_of(facts.agreement.behind((a.concept, a.indicator) for a in found)),
        note=say("exhibits.agreement_over_years.note", withheld=_withheld(facts)).strip(),
        table=table(
            [
                Column("concept", say("agreement.columns.concept")),
                Column("other", say("agreement.columns.other")),
                Column("years", say("agreement.columns.years")),
                Column("n", say("agreement.columns.n"), "number", 0),
                Column("within", say("agreement.columns.within"), "number", 0, "%"),
                Column("tolerance", say("agreement.columns.tolerance")),
                Column("median", say("agreement.columns.median"), "number", 2),
                Column("largest", say("agreement.columns.largest"), "number", 1),
                Column("where", say("agreement.columns.where")),
            ],
            [_summed(facts, a) for a in found],
        ),
    )  # fmt: skip


def _summed(facts: Facts, agreed: Agreed) -> Sequence[str | int | float | None]:
    concept = facts.agreement.concept(agreed.concept)
    # With the figure that is passed on, the gap would give away the one that is not.
    told = facts.agreement.may_be_passed_on(agreed.indicator)
    return [
        concept.short_name, facts.agreement.whose(agreed.indicator),
        labels.years((agreed.first_year, agreed.last_year)), agreed.n, agreed.within_pct,
        tolerance_text(facts, agreed.concept), agreed.median, agreed.largest if told else None,
        _where(facts, agreed) if told else None,
    ]  # fmt: skip


def tolerance_text(facts: Facts, concept: str) -> str:
    """ "5 %" or "1 point"."""
    tolerance = facts.agreement.concept(concept).tolerance
    number = rounding.text(tolerance.value, 0 if tolerance.value == int(tolerance.value) else 1)
    if tolerance.measure == "percent":
        return labels.with_percent(number)
    return _points(facts, number)


def _points(facts: Facts, number: str) -> str:
    said = "one" if number == "1" else "many"
    return facts.context.words.say("agreement.points", said, number=number)


def _where(facts: Facts, agreed: Agreed) -> str:
    name = facts.context.name
    partner = agreed.largest_partner
    whom = name(agreed.largest_economy)
    whom += f" – {name(partner)}" if partner in facts.context.catalog.economies else ""
    return f"{whom}, {agreed.largest_year}"
