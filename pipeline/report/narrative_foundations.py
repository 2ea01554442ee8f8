"""The running text of the sections on infrastructure, on skills and on government online.

As in ``narrative`` a paragraph is left out where its fact is unknown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pipeline.report.exhibits import foundations, subscriptions
from pipeline.report.exhibits.foundations import BROADBAND, RESEARCH, SERVERS, TERTIARY, Series
from pipeline.report.facts import Facts
from pipeline.report.texts import Text


def _broadband(facts: Facts) -> Text | None:
    return _then_and_now(facts, BROADBAND)


def _servers(facts: Facts) -> Text | None:
    return _then_and_now(facts, SERVERS)


def _subscriptions(facts: Facts) -> Text | None:
    found = subscriptions.newest(facts)
    outcome = subscriptions.outcome(found)
    if outcome == "unknown":
        return None
    text = facts.context.words.say(
        "paragraphs.mobile_and_fixed", outcome, **subscriptions.values(found)
    )
    return Text(text, ("mobile_and_fixed",))


def _tertiary(facts: Facts) -> Text | None:
    return _then_and_now(facts, TERTIARY)


def _research(facts: Facts) -> Text | None:
    return _then_and_now(facts, RESEARCH)


def _then_and_now(facts: Facts, series: Series) -> Text | None:
    """Newest values, and in how many states they are more than in the base year."""
    found = foundations.pairs(facts, series)
    shown = foundations.recent(found)
    if not shown:
        return None
    say = facts.context.words.say
    outcome, places = foundations.compared(facts, series, found)
    change = "" if outcome == "unknown" else say("paragraphs.more_than_then", outcome, **places)
    text = say(
        f"paragraphs.{series.exhibit}", "known" if len(shown) > 1 else "one", Change=change,
        **foundations.values(facts, series, found),
    )  # fmt: skip
    return Text(text.rstrip(), (series.exhibit,))


def _government(facts: Facts) -> Text | None:
    found = foundations.governments(facts)
    if len(found) < 2:
        return None
    text = facts.context.words.say(
        "paragraphs.e_government", "known", **foundations.government_values(facts, found)
    )
    return Text(text, ("e_government",))


SECTIONS: Final[Mapping[str, Sequence[Callable[[Facts], Text | None]]]] = {
    "infrastructure": (_broadband, _subscriptions, _servers),
    "skills": (_tertiary, _research),
    "trust": (_government,),
}
