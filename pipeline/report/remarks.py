"""What a reader must know before the figures: failed sources, corrections, staleness, odd checks.

Corrections and staleness follow from the warehouse and the catalogue, the rest is told by the run.
Words stand in the wording; nothing here decides whether a check or a source failed.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from pipeline import rounding
from pipeline.language import in_force
from pipeline.report import labels
from pipeline.report.content import Exhibit, Prose
from pipeline.report.context import Context
from pipeline.report.wording import prose
from pipeline.report.words import checks_page, day, label, page_words
from pipeline.source_remarks import series_of

STALE_AFTER_CADENCES = 2


def warnings(
    context: Context, *, remarks: Sequence[str], warned: int, exhibits: Sequence[Exhibit] = ()
) -> tuple[Prose, ...]:
    """The warnings of an edition in the order of their weight.

    Args:
        context: the edition.
        remarks: sentences of the run about publishers that did not give what they were asked for.
        warned: checks of severity warning that did not hold.
        exhibits: those of the report, numbered, in reading order.
    """
    say = context.words.say
    texts = [_failed_source(context, remark, exhibits) for remark in remarks]
    texts += _corrected(context)
    texts += _stale(context)
    if warned:
        texts.append(
            say(
                "warnings.checks",
                "one" if warned == 1 else "many",
                Count=labels.capital(labels.count(warned)),
                page=checks_page(in_force().code),
            )
        )
    words = page_words(in_force().code)
    known = {exhibit.id: label(exhibit, words) for exhibit in exhibits}
    return tuple(prose(text, known) for text in texts)


def _failed_source(context: Context, remark: str, exhibits: Sequence[Exhibit]) -> str:
    """What the run says of a publisher, and which exhibits are older for it."""
    failed = set(series_of(remark))
    older = [e.id for e in exhibits if not failed.isdisjoint(o.indicator for o in e.origins)]
    text = _plain(remark)
    if not older:
        return context.words.say("warnings.source", "text", text=text)
    named = labels.listing([f"[#{name}]" for name in older])
    outcome = "one" if len(older) == 1 else "many"
    return context.words.say("warnings.source", outcome, text=text, exhibits=named)


def _corrected(context: Context) -> Iterator[str]:
    """Published values that the catalogue corrects, each with its reason and evidence."""
    for c in context.marts.corrections():
        entry = context.catalog.indicators[c.indicator]
        value = None if c.value is None else rounding.text(c.value, entry.decimals)
        yield context.words.say(
            "warnings.corrected",
            "withdrawn" if value is None else "replaced",
            indicator=entry.short_name,
            economy=context.name(c.economy),
            year=str(c.year),
            published=rounding.text(c.published, entry.decimals),
            reason=_plain(c.reason),
            evidence=_plain(c.evidence),
            **({} if value is None else {"value": value}),
        )


def _stale(context: Context) -> Iterator[str]:
    """Publishers whose newest release is older than twice their cadence; of a closed set only while
    no other has taken its place."""
    followed = context.marts.standing_back()
    newest: dict[str, date] = {}
    for snapshot in context.marts.snapshots():
        held = newest.get(snapshot.publisher)
        newest[snapshot.publisher] = max(held or snapshot.vintage, snapshot.vintage)
    for publisher, vintage in sorted(newest.items()):
        entry = context.catalog.publishers[publisher]
        age = (context.as_of - vintage).days
        if entry.closed and publisher in followed:
            continue
        if age > STALE_AFTER_CADENCES * entry.cadence_days:
            yield context.words.say(
                "warnings.stale",
                "closed" if entry.closed else "late",
                publisher=entry.short_name,
                dataset=entry.dataset,
                day=day(vintage),
                cadence=labels.period(entry.cadence_days),
            )


def _plain(text: str) -> str:
    """Text from outside with nothing that the wording's markup or templates would take up."""
    return text.translate({ord(mark): " " for mark in "*[]{}"})
