"""The running text on publishers that give the same thing: where they differ, which is used, why.

As in ``narrative`` a paragraph is left out where its fact is unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.agreement import Agreed
from pipeline.report.exhibits import agreement
from pipeline.report.facts import Facts
from pipeline.report.goods import EXPORTS
from pipeline.report.texts import Text
from pipeline.units import unit_text

_NEAR: Final = 0.1
"""Two ends of a flow that are no farther apart than this part of the seller's figure are near."""
GOODS_EXPORTS: Final = "goods_exports"


def _differ(facts: Facts) -> Text:
    said = agreement.outcome(facts)
    text = facts.context.words.say("paragraphs.agreement", said, **agreement.values(facts))
    return Text(text, ("publisher_agreement",))


def _reasons(facts: Facts) -> Text | None:
    """Which publisher is used and why they differ, for those that do in their newest year."""
    found = _disputed(facts)
    if not found:
        return None
    return Text(labels.sentences(*(_reason(facts, own) for own in facts.agreement.alike(found))))


def _disputed(facts: Facts) -> Sequence[Agreed]:
    apart = {(p.concept, p.indicator) for p in facts.agreement.newest if not p.within}
    return [a for a in facts.agreement.compared if (a.concept, a.indicator) in apart]


def _years(facts: Facts) -> Text | None:
    """For whom they always agree, and for whom seldom."""
    said = labels.sentences(*(_by_state(facts, a) for a in _disputed(facts)))
    return Text(said, ("agreement_over_years",)) if said else None


def _reason(facts: Facts, alike: Sequence[Agreed]) -> str:
    concept = facts.agreement.concept(alike[0].concept)
    names = list(dict.fromkeys(facts.agreement.concept(a.concept).short_name for a in alike))
    return facts.context.words.say(
        "paragraphs.agreement_reason",
        names=labels.listing([names[0], *map(labels.small, names[1:])]),
        differ=concept.differ.rstrip(),
        own=facts.agreement.whose(concept.preferred), why=concept.preferred_why,
    )  # fmt: skip


def _by_state(facts: Facts, agreed: Agreed) -> str:
    """Whose figures always agree, and whose in less than half of the years; of one year no word."""
    if agreed.first_year == agreed.last_year:
        return ""
    counted = facts.agreement.by_state(agreed)
    always = tuple(c for c, (n, within) in counted.items() if within == n)
    seldom = tuple(c for c, (n, within) in counted.items() if 2 * within < n)
    return facts.context.words.say(
        "agreement.by_state",
        {(True, True): "both", (True, False): "always", (False, True): "seldom"}.get(
            (bool(always), bool(seldom)), "neither"
        ),
        name=facts.agreement.concept(agreed.concept).short_name,
        by=facts.agreement.whose(agreed.indicator),
        years=labels.years((agreed.first_year, agreed.last_year)),
        always=facts.context.names(always), seldom=facts.context.names(seldom),
    )  # fmt: skip


def _ends(facts: Facts) -> Text | None:
    """Of the flows that both ends report, those on which they nearly agree."""
    flows = facts.goods.mirrors
    if not flows:
        return None
    near = [m for m in flows if abs(m.difference) <= _NEAR * m.sold]
    text = facts.context.words.say(
        "paragraphs.agreement_ends", near=labels.count(len(near)), flows=rounding.text(len(flows)),
        part=labels.percent(100 * _NEAR), year=str(flows[0].year),
    )  # fmt: skip
    return Text(text)


def _awaited(facts: Facts) -> Text | None:
    """What would be compared if a second publisher's figures were held."""
    found = facts.agreement.awaited
    if not found:
        return None
    names = labels.listing([labels.small(c.short_name) for c in found])
    return Text(facts.context.words.say("paragraphs.agreement_awaited", names=names))


def totals(facts: Facts) -> Text | None:
    """Beside shares of trade: whose totals of exports they would not be by another publisher."""
    year, series = facts.goods.year, facts.goods.series.get(EXPORTS)
    flagged = [
        p
        for p in facts.agreement.apart
        if (p.concept, p.indicator, p.year) == (GOODS_EXPORTS, series, year)
        and p.economy in facts.goods.covered
    ]
    if not flagged:
        return None
    concept = facts.agreement.concept(GOODS_EXPORTS)
    said = [
        facts.context.words.say(
            "agreement.total", state=facts.context.name(p.economy),
            other=rounding.text(p.other, concept.digits),
            preferred=rounding.text(p.preferred, concept.digits),
        )
        for p in flagged
    ]  # fmt: skip
    text = facts.context.words.say(
        "paragraphs.agreement_totals", year=str(year), unit=unit_text(concept.unit),
        own=facts.agreement.whose(concept.preferred),
        other=facts.agreement.whose(flagged[0].indicator), totals=labels.listing(said),
    )  # fmt: skip
    return Text(text)


SECTIONS: Final[Mapping[str, Sequence[Callable[[Facts], Text | None]]]] = {
    "agreement": (_differ, _reasons, _years, _ends, _awaited),
}
