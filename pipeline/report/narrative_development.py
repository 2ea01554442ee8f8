"""The running text of the sections on catching up, targets, the index, trade inside and sizes.

As in ``narrative`` a paragraph is left out where its fact is unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pipeline import rounding
from pipeline.report import labels, narrative_agreement
from pipeline.report.exhibits import (
    balances,
    bloc_trade,
    convergence,
    fans,
    index,
    index_others,
    sizes,
    targets,
)
from pipeline.report.facts import ONLINE, Facts
from pipeline.report.index_reasons import Difference
from pipeline.report.texts import Text
from pipeline.report.words import day

_SLOPE_DIGITS: Final = 3
_ELECTRICITY: Final = "electricity"
_MAY_LACK: Final = (
    "infrastructure", "skills", "convergence", "targets", "sizes", "trust", "bloc_trade", "index",
)  # fmt: skip
"""Sections that may have nothing of another bloc."""


def too_little(facts: Facts, section: str) -> str:
    """Why a section of a report on another bloc has nothing to show; of the project's own, and of
    sections that always have, no word."""
    if facts.context.whole or section not in _MAY_LACK:
        return ""
    held = facts.goods.held
    return facts.context.words.say(
        f"paragraphs.too_little.{section}",
        "none" if section == "bloc_trade" and not held else "some",
        count=labels.count(len(facts.context.members)), held=labels.count(held),
    )  # fmt: skip


def _spread(facts: Facts) -> Text | None:
    own = convergence.spreads(facts).get(ONLINE)
    if own is None:
        return None
    text = facts.context.words.say(
        "paragraphs.convergence", convergence.outcome(own), Beta=_beta(facts),
        **convergence.values(own),
    )  # fmt: skip
    return Text(text, ("sigma_paths",))


def _beta(facts: Facts) -> str:
    """The sentence on the slope; that low starts grow faster only where no state alone says so."""
    say, found = facts.context.words.say, facts.progress.beta(ONLINE)
    if found is None:
        return say("paragraphs.beta", "none")
    said = "falls" if rounding.half_up(found.high, _SLOPE_DIGITS) < 0 else "unclear"
    return say(
        "paragraphs.beta", said, beta=rounding.text(found.value, _SLOPE_DIGITS),
        low=rounding.text(found.low, _SLOPE_DIGITS), high=rounding.text(found.high, _SLOPE_DIGITS),
    )  # fmt: skip


def _distance(facts: Facts) -> Text | None:
    far = convergence.farthest(facts)
    if far is None:
        return None
    text = facts.context.words.say(
        "paragraphs.time_distance", convergence.distance_outcome(far),
        **convergence.distance_values(facts),
    )  # fmt: skip
    return Text(text, ("time_ladder",))


def _targets(facts: Facts) -> Text | None:
    target, found = targets.shown(facts), facts.progress.outlooks(targets.SHOWN)
    if target is None or not found:
        return None
    text = facts.context.words.say(
        "paragraphs.targets", targets.outcome(found), **targets.values(facts, target, found)
    )
    return Text(text, ("target_years", "target_pace"))


def _fans(facts: Facts) -> Text | None:
    most = fans.widest(facts)
    if most is None:
        return None
    text = facts.context.words.say("paragraphs.target_fans", "known", **fans.values(facts, most))
    return Text(text, ("target_fans",))


def _open_targets(facts: Facts) -> Text | None:
    """How many targets nobody's open figures speak of."""
    count, measured = len(facts.progress.targets), len(facts.progress.measurable())
    if not measured or measured == count:
        return None
    lit = facts.progress.outlooks(_ELECTRICITY)
    text = facts.context.words.say(
        "paragraphs.targets_open", "electricity" if lit else "known",
        count=labels.count(count), measured=labels.count(measured),
        rest=labels.count(count - measured), there=labels.count(sum(o.reached for o in lit)),
        states=labels.count(len(lit)),
    )  # fmt: skip
    return Text(text)


def _offline_years(facts: Facts) -> Text | None:
    complement = facts.context.complement(ONLINE)
    if complement is None or not facts.context.marts.persons(complement):
        return None
    return Text(facts.context.words.say("paragraphs.offline_years", "known"), ("offline_paths",))


def _index(facts: Facts) -> Text | None:
    said = index.outcome(facts)
    if said == "unknown":
        return None
    text = facts.context.words.say("paragraphs.index", said, **index.values(facts))
    return Text(text, ("index_scores", "index_pillars"))


def _index_rests(facts: Facts) -> Text | None:
    if not facts.composite.without:
        return None
    text = facts.context.words.say(
        "paragraphs.index_rests", "factors" if facts.composite.factors else "plain",
        **index.factor_values(facts),
    )  # fmt: skip
    return Text(text, ("index_left_out",))


def _index_seen(facts: Facts) -> Text | None:
    """What releases moved in one year of the index."""
    found = facts.composite.seen
    if found is None:
        return None
    say, context = facts.context.words.say, facts.context
    before = "" if found.before is None else say(
        "paragraphs.index_seen_before", day=day(found.before),
        released=labels.count(found.released), total=labels.count(found.total),
    )  # fmt: skip
    text = say(
        "paragraphs.index_seen",
        "ranks" if found.moved else "scores" if rounding.half_up(found.points, 1) else "still",
        year=str(found.year), days=labels.listing([day(d) for d in found.days]),
        state=context.name(found.economy), points=rounding.text(found.points, 1),
        moved=context.names(found.moved), before=before,
    )  # fmt: skip
    return Text(text.strip())


def _index_differs(facts: Facts) -> Text | None:
    """Why ranks differ most from those of other indices, by pillar."""
    found = facts.composite.differences
    if not found:
        return None
    sentences = labels.sentences(*(_difference(facts, d) for d in found))
    return Text(facts.context.words.say("paragraphs.index_differs", "known", sentences=sentences))


def _difference(facts: Facts, found: Difference) -> str:
    """A sentence on one state: its ranks, the two pillars that part it most from the mean in the
    direction of the difference, and the part of the other index that does the opposite."""
    say, context = facts.context.words.say, facts.context
    catalog = context.catalog.indicators
    side = "higher" if found.higher_here else "lower"
    first, second = (found.effects if found.higher_here else found.effects[::-1])[:2]
    there = found.others[::-1] if found.higher_here else found.others
    opposite = bool(there) and (there[0].points < 0) == found.higher_here
    other = "" if not opposite else say(
        "paragraphs.index_difference_there", side, part=catalog[there[0].part].name,
        other=catalog[found.indicator].short_name,
        points=rounding.text(abs(there[0].points), 1),
    )  # fmt: skip
    return say(
        "paragraphs.index_difference", side,
        state=context.name(found.economy), own=index.rank_text(found.own_rank),
        interval=index.interval_text(found), there=index.rank_text(found.other_rank),
        other=catalog[found.indicator].short_name, year=str(found.year),
        first=labels.small(say(f"pillars.{first.part}")),
        first_points=rounding.text(abs(first.points), 1),
        second=labels.small(say(f"pillars.{second.part}")),
        second_points=rounding.text(abs(second.points), 1), opposite=other,
    ).strip()  # fmt: skip


def _index_others(facts: Facts) -> Text | None:
    said = index_others.others_outcome(facts)
    if said == "unknown":
        return None
    if said == "some":
        said = f"some_{index_others.direction(facts)}"
    text = facts.context.words.say(
        "paragraphs.index_others", said, **index_others.others_values(facts)
    )
    return Text(text, ("index_others",))


def _bloc_trade(facts: Facts) -> Text | None:
    values = bloc_trade.intra_values(facts)
    if not values:
        return None
    text = facts.context.words.say(
        "paragraphs.bloc_trade", "known", Intensity=_intensity(facts), **values
    )
    return Text(text, ("trade_matrix", "intra_share"))


def _intensity(facts: Facts) -> str:
    found = facts.goods.intensity
    if found is None:
        return facts.context.words.say("paragraphs.intensity", "none")
    return facts.context.words.say(
        "paragraphs.intensity", "less" if found < 1 else "more",
        intensity=labels.percent(100 * found),
    )  # fmt: skip


def _mirror(facts: Facts) -> Text | None:
    said = bloc_trade.mirror_outcome(bloc_trade.furthest(facts))
    if said == "unknown":
        return None
    text = facts.context.words.say("paragraphs.mirror", said, **bloc_trade.mirror_values(facts))
    return Text(text, ("trade_mirror",))


def _focus(facts: Facts) -> Text | None:
    values = balances.balance_values(facts)
    if not values:
        return None
    return Text(facts.context.words.say("paragraphs.focus", "known", **values), ("focus_balance",))


def _sizes(facts: Facts) -> Text | None:
    if not sizes.placed(facts):
        return None
    text = facts.context.words.say("paragraphs.sizes", sizes.outcome(facts), **sizes.values(facts))
    return Text(text, ("declared_sizes",))


def _service_exports(facts: Facts) -> Text | None:
    if sizes.most_per_head(facts) is None:
        return None
    said = "known" if sizes.placed(facts) else "alone"
    text = facts.context.words.say("paragraphs.sizes_exports", said)
    return Text(text, ("service_exports",))


SECTIONS: Final[Mapping[str, Sequence[Callable[[Facts], Text | None]]]] = {
    "convergence": (_spread, _distance),
    "targets": (_targets, _fans, _open_targets, _offline_years),
    "bloc_trade": (_bloc_trade, narrative_agreement.totals, _mirror, _focus),
    "sizes": (_sizes, _service_exports),
    "index": (_index, _index_rests, _index_seen, _index_others, _index_differs),
}
"""The paragraphs of each section in reading order."""
