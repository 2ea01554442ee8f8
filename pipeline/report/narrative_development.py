"""The running text of the sections on catching up, targets, the index, trade inside and sizes.

As in ``narrative`` a paragraph is left out where its fact is unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.exhibits import bloc_trade, convergence, index, sizes, targets
from pipeline.report.facts import ONLINE, Facts
from pipeline.report.texts import Text

_SLOPE_DIGITS: Final = 3
_ELECTRICITY: Final = "electricity"
_MAY_LACK: Final = ("convergence", "targets", "sizes", "bloc_trade", "index")
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


def _index_others(facts: Facts) -> Text | None:
    said = index.others_outcome(facts)
    if said == "unknown":
        return None
    text = facts.context.words.say("paragraphs.index_others", said, **index.others_values(facts))
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
    values = bloc_trade.balance_values(facts)
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
    "targets": (_targets, _open_targets, _offline_years),
    "bloc_trade": (_bloc_trade, _mirror, _focus),
    "sizes": (_sizes, _service_exports),
    "index": (_index, _index_rests, _index_others),
}
"""The paragraphs of each section in reading order."""
