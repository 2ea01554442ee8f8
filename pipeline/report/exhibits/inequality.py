"""How unequal: the index by weighting, what each state adds, and what is left without each."""

from pipeline import rounding
from pipeline.report import labels, palette
from pipeline.report.charts.bars import Bar, BarChart, Reference
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.common import figure, say_names, table, why
from pipeline.report.facts import (
    GDP,
    ICT_EXPORTS,
    ICT_SHARE,
    NEARLY_EVEN,
    NEXT_TO_NOTHING,
    POPULATION,
    SMALL_PART,
    Concentration,
    Facts,
)
from pipeline.report.marts import Index
from pipeline.report.wording import direction

DIGITS = 2
WEIGHTINGS = (
    "totals", "per_gdp_unweighted", "per_gdp_gdp", "per_capita_unweighted",
    "per_capita_population", "share_unweighted", "per_services_services",
)  # fmt: skip


def outcome(concentration: Concentration | None) -> str:
    """How the index changes without the decisive state ("falls_to_little": hardly any is left)."""
    decisive = concentration.decisive if concentration else None
    if concentration is None or decisive is None:
        return "unknown"
    said = direction(concentration.theil_t, decisive.theil_t, DIGITS)
    little = decisive.theil_t < min(SMALL_PART * concentration.theil_t, NEARLY_EVEN)
    return "falls_to_little" if said == "falls" and little else said


def variants(facts: Facts) -> tuple[Index, ...]:
    """Every weighting of ICT service exports in the newest year with most of them published."""
    share = [
        c for c in facts.context.marts.indices(ICT_SHARE)
        if c.member_set == facts.context.member_set and c.weighting == "share_unweighted"
    ]  # fmt: skip
    cells = [*facts.ict_indices, *share]
    counted: dict[int, int] = {}
    for cell in cells:
        counted[cell.year] = counted.get(cell.year, 0) + cell.published
    best = max(counted, key=lambda y: (counted[y], y), default=None)
    if best is None or not counted[best]:
        return ()
    chosen = {c.weighting: c for c in cells if c.year == best}
    return tuple(chosen[w] for w in WEIGHTINGS if w in chosen)


def extremes(cells: tuple[Index, ...]) -> tuple[str, str] | None:
    """The lowest and the highest published index as they read; None where they read alike."""
    values = sorted(c.theil_t for c in cells if c.published and c.theil_t is not None)
    if not values:
        return None
    low, high = rounding.text(values[0], DIGITS), rounding.text(values[-1], DIGITS)
    return (low, high) if low != high else None


def theil_variants(facts: Facts) -> Exhibit | None:
    """One bar a weighting, with its ceiling."""
    cells = variants(facts)
    published = [c for c in cells if c.published and c.theil_t is not None]
    if not published:
        return None
    say = facts.context.words.say
    low, high = extremes(cells) or ("", "")
    hidden = [labels.small(say(f"weightings.{c.weighting}")) for c in cells if not c.published]
    return figure(
        facts,
        "theil_variants",
        BarChart(tuple(_variant_bar(facts, c) for c in cells)).render(),
        table(
            [
                Column("weighting", say("columns.weighting")),
                Column("year", say("labels.year"), "year"),
                Column("n", say("columns.states"), "number", 0),
                Column("theil_t", say("measures.theil_t"), "number", 3, say("units.nats")),
                Column("ceiling", say("columns.ceiling"), "number", 3, say("units.nats")),
                Column("reason", say("columns.why_not_published")),
            ],
            [
                [say(f"weightings.{c.weighting}"), c.year, c.n, c.theil_t, c.ceiling,
                 why(c.reason)]
                for c in cells
            ],
        ),
        title=say("exhibits.theil_variants.title", "known" if low else "unknown",
                  low=low, high=high),
        subtitle={
            "year": str(cells[0].year),
            "n": labels.count(max(c.n for c in published)),
            "count": labels.count(len(facts.context.members)),
        },
        alt={"year": str(cells[0].year), "values": labels.enumerated(
            f"{say(f'weightings.{c.weighting}')} {rounding.text(c.theil_t, DIGITS)}"
            for c in published
        )},
        note=say(
            "exhibits.theil_variants.note", missing=say_names(facts, published[0].missing),
            unpublished=labels.further(say("exhibits.theil_variants.unpublished",
                                           variants=labels.listing(hidden))) if hidden else "",
        ),
        source=facts.context.source(ICT_EXPORTS, ICT_SHARE, POPULATION, GDP),
    )  # fmt: skip


def _variant_bar(facts: Facts, cell: Index) -> Bar:
    say = facts.context.words.say
    value = rounding.text(cell.theil_t, DIGITS)
    return Bar(
        say(f"weightings.{cell.weighting}"),
        palette.ACCENT,
        cell.theil_t,
        say("labels.of_ceiling", value=value, ceiling=rounding.text(cell.ceiling, DIGITS)),
        say(f"weightings_short.{cell.weighting}"),
        cell.ceiling,
        say("labels.not_published"),
    )


def ict_contributions(facts: Facts) -> Exhibit | None:
    """What each state adds to the index of exports against GDP."""
    found = facts.concentration
    if found is None or not found.contributions:
        return None
    say, context = facts.context.words.say, facts.context
    rows = sorted(found.contributions, key=lambda c: (-c.contribution, c.economy))
    texts = {c.economy: rounding.text(c.contribution, DIGITS, sign=True) for c in rows}
    others = sum(max(c.contribution, 0.0) for c in rows[1:])
    alone = others < NEXT_TO_NOTHING * rows[0].contribution
    total, year = rounding.text(found.theil_t, DIGITS), str(found.cell.year)
    return figure(
        facts,
        "ict_contributions",
        BarChart(
            tuple(
                Bar(
                    context.name(c.economy), context.colours[c.economy], c.contribution,
                    texts[c.economy],
                )
                for c in rows
            )
        ).render(),
        table(
            [
                Column("member", say("labels.member")),
                Column("outcome", say("columns.share_of_exports"), "number", 2, "%"),
                Column("reference", say("columns.share_of_gdp"), "number", 2, "%"),
                Column("contribution", say("columns.contribution"), "number", 3, say("units.nats")),
            ],
            [
                [context.name(c.economy), 100 * c.outcome_share, 100 * c.reference_share,
                 c.contribution]
                for c in rows
            ],
        ),
        title=say("exhibits.ict_contributions.title", "one" if alone else "many",
                  state=context.name(rows[0].economy)),
        subtitle={"year": year},
        alt={"t": total, "values": labels.enumerated(
            f"{context.name(c.economy)} {texts[c.economy]}" for c in rows
        )},
        note=say("exhibits.ict_contributions.note", t=total, year=year,
                 missing=say_names(facts, found.cell.missing)),
        source=context.source(ICT_EXPORTS, GDP),
    )  # fmt: skip


def ict_leave_one_out(facts: Facts) -> Exhibit | None:
    """The index with each state left out, beside the index of all."""
    found = facts.concentration
    if found is None or found.decisive is None:
        return None
    say, context = facts.context.words.say, facts.context
    rows = sorted(found.left_out, key=lambda s: (s.theil_t, s.economy))
    total, year = rounding.text(found.theil_t, DIGITS), str(found.cell.year)
    names = {s.economy: say("labels.without", state=context.name(s.economy)) for s in rows}
    return figure(
        facts,
        "ict_leave_one_out",
        BarChart(
            tuple(
                Bar(
                    labels.capital(names[s.economy]), context.colours[s.economy], s.theil_t,
                    rounding.text(s.theil_t, DIGITS),
                )
                for s in rows
            ),
            "dot",
            Reference(
                found.theil_t,
                say("labels.all_states", n=labels.count(found.cell.n), value=total),
            ),
        ).render(),
        table(
            [
                Column("left_out", say("columns.left_out")),
                Column("n", say("columns.states_that_remain"), "number", 0),
                Column("theil_t", say("measures.theil_t"), "number", 3, say("units.nats")),
                Column("change", say("columns.change"), "number", 3, say("units.nats")),
                Column("ceiling", say("columns.ceiling"), "number", 3, say("units.nats")),
            ],
            [
                [context.name(s.economy), s.n, s.theil_t, s.theil_t - found.theil_t, s.ceiling]
                for s in rows
            ],
        ),
        title=say("exhibits.ict_leave_one_out.title", outcome(found), t=total,
                  state=context.name(found.decisive.economy),
                  without=rounding.text(found.decisive.theil_t, DIGITS)),
        subtitle={"year": year},
        alt={"n": labels.count(found.cell.n), "t": total, "values": labels.enumerated(
            f"{names[s.economy]} {rounding.text(s.theil_t, DIGITS)}" for s in rows
        )},
        note=say("exhibits.ict_leave_one_out.note", year=year,
                 missing=say_names(facts, found.cell.missing)),
        source=context.source(ICT_EXPORTS, GDP),
    )  # fmt: skip
