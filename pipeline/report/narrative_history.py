"""The running text on what changed between releases, and on the claims.

As in ``narrative`` a paragraph is left out where its fact is unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.exhibits import claims, release_ranks, revisions
from pipeline.report.facts import ONLINE, Facts
from pipeline.report.revisions import NOTEWORTHY, YEARS_OF_RELEASES
from pipeline.report.texts import Text
from pipeline.report.words import day

_HISTORIES: Final = 2
"""Figures whose revisions are told one by one; the rest are counted."""
_OFTEN_PCT: Final = 10.0
"""A series of which the releases revised this part of the values is one revised often."""


def _changes(facts: Facts) -> Text | None:
    found, since = facts.revisions.counts, facts.revisions.since
    if since is None:
        return None
    say, earlier = facts.context.words.say, revisions.earlier_text(facts)
    if found is None:
        return Text(say("paragraphs.changes", "unknown", earlier=earlier))
    text = say(
        "paragraphs.changes", "known" if found.withdrawn else "kept",
        earlier=earlier, series=str(found.series),
        renewed=rounding.text(found.renewed), fresh=labels.count(found.fresh),
        new=rounding.text(found.new), revised=rounding.text(found.revised),
        withdrawn=rounding.text(found.withdrawn), beyond=rounding.text(found.withdrawn_beyond),
        unchanged=rounding.text(found.unchanged), large=rounding.text(found.large),
    )  # fmt: skip
    return Text(text, ("largest_revisions",))


def _histories(facts: Facts) -> Text | None:
    found = facts.revisions.most_disputed(ONLINE)
    if not found:
        return None
    said = [revisions.history_text(facts, h) for h in found[:_HISTORIES]]
    text = facts.context.words.say(
        "paragraphs.histories", "known", count=labels.count(len(found)),
        examples=labels.enumerated(said),
    )  # fmt: skip
    return Text(text, ("revision_history", "same_year_online"))


def _ranks(facts: Facts) -> Text | None:
    found = release_ranks.order(facts)
    if found is None:
        return None
    text = facts.context.words.say(
        "paragraphs.release_ranks", release_ranks.outcome(found),
        **release_ranks.values(facts, found),
    )  # fmt: skip
    return Text(text, ("release_ranks",))


def _same_year(facts: Facts) -> Text | None:
    found = revisions.index_lines(facts)
    if not found:
        return None
    newest = max(found)
    before, after = revisions.jump(found[newest])
    text = facts.context.words.say(
        "paragraphs.same_year", revisions.index_outcome(found[newest]), year=str(newest),
        before=rounding.text(before.value, revisions.DIGITS),
        after=rounding.text(after.value, revisions.DIGITS), day=day(after.day),
        releases=labels.count(len(found[newest])),
    )  # fmt: skip
    return Text(text, ("same_year_index",))


def _most_revised(facts: Facts) -> Text | None:
    found = facts.revisions.most_revised
    if not found or not found[0].noteworthy:
        return None
    often = [s for s in found if s.share >= _OFTEN_PCT]
    text = facts.context.words.say(
        "paragraphs.most_revised", "known", years=labels.count(YEARS_OF_RELEASES),
        count=rounding.text(len(found)), often=labels.count(len(often)),
        limit=labels.percent(_OFTEN_PCT), least=labels.percent(100 * NOTEWORTHY),
    )  # fmt: skip
    return Text(text, ("most_revised",))


def _claims(facts: Facts) -> Text | None:
    text = claims.overview(facts)
    return Text(text, ("claim_scoreboard",)) if text else None


def _claim_releases(facts: Facts) -> Text | None:
    text = claims.by_release(facts)
    return Text(text) if text else None


SECTIONS: Final[Mapping[str, Sequence[Callable[[Facts], Text | None]]]] = {
    "changes": (_changes, _histories, _ranks, _same_year, _most_revised),
    "claims": (_claims, _claim_releases),
}
