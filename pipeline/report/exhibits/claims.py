"""The claims of the article: a scoreboard of verdicts, and a card each.

Which verdict a claim has, and why, stands in the marts; here it is put into words and order.
"""

from collections.abc import Sequence
from typing import Final

from pipeline import rounding
from pipeline.measures.claim_reasons import YEAR_OF, amount, claimed_amount, number
from pipeline.measures.claims import VERDICTS, Verdict
from pipeline.report import labels, palette
from pipeline.report.charts.bars import Bar, BarChart
from pipeline.report.claims import Judged, Step
from pipeline.report.content import ClaimCard, ClaimCards, ClaimLine, Column, Exhibit, Table
from pipeline.report.exhibits.common import figure, table
from pipeline.report.facts import Facts
from pipeline.report.words import day, month
from pipeline.units import unit_text

COLOURS: Final[dict[Verdict, str]] = {
    "holds": palette.THIRD,
    "holds_with_caveat": palette.THIRD,
    "outdated": palette.FOURTH,
    "not_supported": palette.SECOND,
    "internally_inconsistent": palette.SECOND,
    "sources_conflict": palette.FOURTH,
    "not_checkable": palette.MUTED,
}
STEPS_SHOWN: Final = 4
"""Releases that a card tells, the last ones."""


def verdict_text(facts: Facts, verdict: str) -> str:
    return facts.context.words.say(f"claims.verdicts.{verdict}")


def claim_scoreboard(facts: Facts) -> Exhibit | None:
    """Figure: how many claims have which verdict; its table has every claim."""
    ledger = facts.claims
    if not ledger.judged:
        return None
    say, context, counts = facts.context.words.say, facts.context, ledger.counts
    holding = counts["holds"] + counts["holds_with_caveat"]
    values = {
        "count": str(len(ledger.judged)), "holding": str(holding),
        "open": str(counts["not_checkable"]),
    }  # fmt: skip
    bars = tuple(
        Bar(verdict_text(facts, v), COLOURS[v], float(n), str(n)) for v, n in counts.items()
    )
    series = sorted({i for j in ledger.judged for i in j.indicators})
    return figure(
        facts,
        "claim_scoreboard",
        BarChart(bars).render(),
        table(
            [
                Column("number", say("claims.columns.number")),
                Column("claim", say("claims.columns.claim")),
                Column("verdict", say("claims.columns.verdict")),
                Column("claimed", say("claims.columns.claimed")),
                Column("found", say("claims.columns.found")),
                Column("distance", say("claims.columns.distance"), "number", 1, "%"),
                Column("release", say("claims.columns.release")),
            ],
            [
                (
                    j.claim_id, j.claim, verdict_text(facts, j.verdict), _claimed(facts, j) or None,
                    _found(facts, j) or None, j.distance_pct,
                    j.vintage.isoformat() if j.vintage else None,
                )
                for j in ledger.judged
            ],
        ),
        title=say("exhibits.claim_scoreboard.title", **values),
        subtitle={"count": values["count"], "day": day(context.as_of)},
        alt={"verdicts": labels.listing([labels.of(b.label, b.text) for b in bars])},
        note=say("exhibits.claim_scoreboard.note"),
        source=context.source_or_none(*series),
    )  # fmt: skip


def claim_cards(facts: Facts) -> ClaimCards | None:
    """A card a claim, in the order of the article."""
    ledger = facts.claims
    if not ledger.judged:
        return None
    return ClaimCards(
        id="claim_cards",
        verdicts=tuple((v, verdict_text(facts, v), ledger.counts[v]) for v in VERDICTS),
        cards=tuple(_card(facts, j) for j in ledger.judged),
    )


def claim_lines(facts: Facts, state: str) -> tuple[ClaimLine, ...]:
    """The claims that name a state, in short."""
    return tuple(
        ClaimLine(
            id=claim.claim_id,
            claim=claim.claim,
            verdict=claim.verdict,
            verdict_text=verdict_text(facts, claim.verdict),
            claimed=_claimed(facts, claim),
            found=_found(facts, claim),
        )
        for claim in facts.claims.about(state)
    )


def _card(facts: Facts, claim: Judged) -> ClaimCard:
    distance = claim.distance_pct
    apart = distance is not None and rounding.half_up(distance, 1) != 0
    chain = facts.claims.chains[claim.claim_id]
    return ClaimCard(
        id=claim.claim_id,
        claim=claim.claim,
        verdict=claim.verdict,
        verdict_text=verdict_text(facts, claim.verdict),
        claimed=_claimed(facts, claim),
        found=_found(facts, claim),
        distance=labels.with_percent(rounding.text(distance, 1, sign=True)) if apart else "",
        reason=claim.reason,
        history=labels.sentences(*_path(facts, claim), *_disputed(facts, claim)),
        source=_source(facts, claim),
        chain=chain,
        remarks=facts.agreement.remarks(chain.figures),
        states=tuple((c, facts.context.name(c)) for c in claim.states if c in facts.profiled),
        releases=_releases(facts, claim),
    )


def _releases(facts: Facts, claim: Judged) -> Table:
    """What every release made of the claim by its newest year."""
    say, question = facts.context.words.say, claim.question
    return table(
        [
            Column("release", say("columns.release")),
            Column("year", say("labels.year"), "year"),
            Column("found", say("claims.columns.found"), "number", question.digits,
                   unit_text(question.unit)),
            Column("verdict", say("claims.columns.verdict")),
        ],
        [
            (step.day.isoformat(), step.year, step.value, verdict_text(facts, step.verdict))
            for step in facts.claims.path(claim)
        ],
    )  # fmt: skip


def _claimed(facts: Facts, claim: Judged) -> str:
    """ "at most 50 % of population (2024)"; empty where no number is claimed."""
    say, kind = facts.context.words.say, claim.question.kind
    if kind is None:
        return ""
    text = say("claims.claimed", kind, value=claimed_amount(claim.question))
    return _dated(text, claim.question.year, claim)


def _found(facts: Facts, claim: Judged) -> str:
    if claim.found is None:
        return ""
    directed = claim.question.kind in ("rises", "falls")
    return _dated(amount(claim.question, claim.found, sign=directed), claim.year, claim)


def _dated(text: str, year: int | None, claim: Judged) -> str:
    """With the year, unless it is a year that is told."""
    told = claim.question.unit.startswith(YEAR_OF)
    return text if year is None or told else f"{text} ({year})"


def _path(facts: Facts, claim: Judged) -> Sequence[str]:
    """What releases said one after another, where they did not say the same."""
    path = facts.claims.path(claim)
    if len(path) < 2:
        return ()
    said, steps = "", []
    for step in path:
        # A verdict is named where it is another than by the release before.
        verdict = labels.small(verdict_text(facts, step.verdict))
        steps.append(_step(facts, claim, step, "" if verdict == said else verdict))
        said = verdict
    shown = labels.enumerated(steps[-STEPS_SHOWN:])
    return (facts.context.words.say("claims.path", steps=shown),)


def _step(facts: Facts, claim: Judged, step: Step, verdict: str) -> str:
    values = {"month": month(step.day), "value": _value(claim, step), "year": str(step.year)}
    if verdict:
        return facts.context.words.say("claims.step_judged", verdict=verdict, **values)
    return facts.context.words.say("claims.step", **values)


def _disputed(facts: Facts, claim: Judged) -> Sequence[str]:
    """The year that releases gave the most values."""
    steps = facts.claims.disputed(claim)
    if not steps:
        return ()
    values = [f"{_value(claim, s)} ({month(s.day)})" for s in steps]
    return (
        facts.context.words.say(
            "claims.disputed", year=str(steps[0].year), values=labels.listing(values)
        ),
    )


def _value(claim: Judged, step: Step) -> str:
    return number(claim.question, step.value, claim.question.digits)


def _source(facts: Facts, claim: Judged) -> str:
    say = facts.context.words.say
    if claim.indicators:
        return str(facts.context.source_or_none(*claim.indicators))
    return say("claims.register") if claim.found is not None else ""


# --- the running text


def overview(facts: Facts) -> str | None:
    """What became of the claims, by verdict; a verdict that none has is not named."""
    ledger, say = facts.claims, facts.context.words.say
    if not ledger.judged:
        return None
    parts = [
        say(f"claims.counted.{v}", "one" if n == 1 else "many", count=labels.count(n))
        for v, n in ledger.counts.items()
        if n
    ]
    derived = sum(j.derived for j in ledger.judged)
    return say(
        "paragraphs.claims", "derived" if derived else "known",
        own=str(len(ledger.judged) - derived), derived=labels.count(derived),
        parts=labels.listing(parts),
    )  # fmt: skip


def by_release(facts: Facts) -> str | None:
    """Claims whose verdict hung on the release, with the one that releases disputed most."""
    ledger, say = facts.claims, facts.context.words.say
    if not ledger.turned:
        return None
    example = max(ledger.turned, key=lambda j: (len(ledger.disputed(j)), j.claim_id))
    steps = ledger.disputed(example)
    values = {
        "count": labels.capital(labels.count(len(ledger.turned))),
        "claims": labels.listing([j.claim_id for j in ledger.turned]),
        "claim": example.claim,
    }
    if not steps:
        return say("paragraphs.claim_releases", _number(ledger.turned), **values)
    told = [say("claims.step_of_release", value=_value(example, s), day=day(s.day)) for s in steps]
    return say(
        "paragraphs.claim_releases", f"{_number(ledger.turned)}_disputed", **values,
        id=example.claim_id, year=str(steps[0].year), values=labels.listing(told),
        unit=unit_text(example.question.unit),
    )  # fmt: skip


def _number(claims: Sequence[Judged]) -> str:
    return "one" if len(claims) == 1 else "many"
