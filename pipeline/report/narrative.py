"""The running text: which paragraph is said, with which numbers.

A paragraph is left out where its fact is unknown, unless the wording has something to say of that.
Templates stand in YAML; here are the rules and the computed values.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pipeline import rounding
from pipeline.report import (
    labels,
    narrative_agreement,
    narrative_development,
    narrative_foundations,
    narrative_history,
)
from pipeline.report.content import MethodBox
from pipeline.report.context import Context
from pipeline.report.exhibits import claim, groups, inequality, sides
from pipeline.report.exhibits.change import BASE_YEAR
from pipeline.report.exhibits.common import of_years
from pipeline.report.exhibits.coverage import counted
from pipeline.report.exhibits.trade import leaders, never_reported, weight_outcome
from pipeline.report.facts import (
    GDP,
    GDP_PPP,
    HALF_PCT,
    ICT_EXPORTS,
    MOST_PCT,
    ONLINE,
    POPULATION,
    Facts,
)
from pipeline.report.marts import Share
from pipeline.report.texts import Text
from pipeline.report.wording import prose
from pipeline.report.words import day

_EXAMPLES: Final = 2
_THEN_SET: Final = "sco_8"
_THEN_YEAR: Final = 2021
"""The members and the last year that a study of 2024 could have used in full."""
_OF_THE_ARTICLE: Final = "article"
"""The part of the limits that is about claims, which a report on another bloc has none of."""
_METHOD: Final = ("published", "measures", "times", "limits", "terms")


def standfirst(facts: Facts) -> str:
    """One sentence on the bloc and one on what the report finds."""
    say, states = facts.context.words.say, labels.count(len(facts.context.members))
    population, gdp, offline = facts.share(POPULATION), facts.share(GDP), facts.offline
    if population is None or gdp is None or offline is None or not facts.online.recent:
        return say("standfirst", "unknown", States=labels.capital(states))
    outcome = inequality.outcome(facts.concentration)
    decisive = facts.concentration.decisive if facts.concentration else None
    return say(
        "standfirst", "falls_to_little" if outcome == "falls_to_little" else "known",
        States=labels.capital(states),
        population=labels.percent(population.share), gdp=labels.percent(gdp.share),
        Most=labels.capital(labels.count(len(facts.online.above(MOST_PCT)))),
        limit=labels.percent(MOST_PCT), offline=labels.amount(offline.total),
        state=facts.context.name(decisive.economy) if decisive else "",
    )  # fmt: skip


def paragraphs(facts: Facts, section: str) -> tuple[Text, ...]:
    """The paragraphs of a section in reading order."""
    found = (make(facts) for make in _SECTIONS[section])
    return tuple(text for text in found if text is not None)


def _world(facts: Facts) -> Text:
    say, context = facts.context.words.say, facts.context
    population, gdp, ppp = facts.share(POPULATION), facts.share(GDP), facts.share(GDP_PPP)
    if population is None or gdp is None or ppp is None or ppp.year != gdp.year:
        return Text(say("paragraphs.world", "unknown"))
    text = say(
        "paragraphs.world", "known" if context.whole else "other",
        states=labels.count(len(context.members)), bloc=context.bloc.name,
        population=labels.percent(population.share, 1), year=str(population.year),
        gdp=labels.percent(gdp.share, 1), gdp_ppp=labels.percent(ppp.share, 1),
        gdp_year=str(gdp.year),
    )  # fmt: skip
    return Text(text, ("world_shares",))


def _world_digital(facts: Facts) -> Text | None:
    online, ict = facts.share(ONLINE), facts.share(ICT_EXPORTS)
    if online is None or ict is None:
        return None
    return Text(
        facts.context.words.say(
            "paragraphs.world_digital", "known",
            online=labels.percent(online.share), online_year=_dated(facts, online),
            ict=labels.percent(ict.share), ict_year=_dated(facts, ict),
        )
    )  # fmt: skip


def _dated(facts: Facts, share: Share) -> str:
    """The year, said to be provisional where the world's total of it is."""
    say = facts.context.words.say
    year = str(share.year)
    return say("labels.provisional", year=year) if share.provisional else year


def _online(facts: Facts) -> Text:
    say, low = facts.context.words.say, facts.online.lowest
    if low is None:
        return Text(say("paragraphs.online", "unknown"))
    half = len(facts.online.above(HALF_PCT))
    text = say(
        "paragraphs.online", "all_half" if half == len(facts.online.recent) else "some_half",
        most=labels.count(len(facts.online.above(MOST_PCT))),
        recent=labels.count(len(facts.online.recent)), limit=labels.percent(MOST_PCT),
        half=labels.count(half),
        low=facts.context.name(low.economy), low_value=labels.percent(low.value or 0.0),
        low_year=str(low.year),
    )  # fmt: skip
    return Text(text, ("internet_paths", "internet_tiles"))


def _offline(facts: Facts) -> Text | None:
    offline = facts.offline
    if offline is None:
        return None
    state, part = offline.first
    text = facts.context.words.say(
        "paragraphs.offline", "most", total=labels.amount(offline.total),
        year=str(offline.cell.year), part=labels.percent(part), state=facts.context.name(state),
    )  # fmt: skip
    return Text(text, ("offline_states",))


def _breaks(facts: Facts) -> Text | None:
    broken = facts.breaks(ONLINE, BASE_YEAR, facts.context.as_of.year)
    if not broken:
        return None
    say = facts.context.words.say
    said = labels.sentences(*(
        say("paragraphs.break_one", state=facts.context.name(code),
            first=str(entry.years[0]), last=str(entry.years[1]))
        for code, entry in broken
    ))  # fmt: skip
    return Text(say("paragraphs.breaks", "known", breaks=said), ("internet_change",))


def _trade(facts: Facts) -> Text:
    say, context, pair = facts.context.words.say, facts.context, leaders(facts)
    if pair is None:
        return Text(say("paragraphs.trade", "unknown"))
    first, second = pair
    never = never_reported(facts)
    text = say(
        "paragraphs.trade", "known",
        State=context.name(first.economy), value=labels.dollars(first.value),
        year=str(first.year), second=context.name(second.economy),
        second_value=labels.dollars(second.value),
        Never=say("paragraphs.trade_never", "some" if never else "none",
                  states=context.names(never), count=labels.count(len(context.members))),
    )  # fmt: skip
    return Text(text, ("ict_exports",))


def _weight(facts: Facts) -> Text | None:
    outcome, values = weight_outcome(facts)
    if outcome == "unknown":
        return None
    text = facts.context.words.say("paragraphs.ict_weight", outcome, **values)
    return Text(text, ("ict_weight",))


def _inequality(facts: Facts) -> Text:
    say, found = facts.context.words.say, facts.concentration
    outcome = inequality.outcome(found)
    decisive = found.decisive if found else None
    if found is None or decisive is None or outcome not in ("falls_to_little", "falls"):
        return Text(say("paragraphs.inequality", "unknown" if found is None else "other",
                        **_index_values(facts)))  # fmt: skip
    text = say("paragraphs.inequality", outcome, **_index_values(facts))
    return Text(text, ("ict_leave_one_out", "ict_contributions"))


def _index_values(facts: Facts) -> Mapping[str, str]:
    found = facts.concentration
    decisive = found.decisive if found else None
    if found is None or decisive is None:
        return {}
    name = facts.context.name(decisive.economy)
    return {
        "year": str(found.cell.year), "state": name,
        "n": labels.count(found.cell.n),
        "t": rounding.text(found.theil_t, inequality.DIGITS),
        "without": rounding.text(decisive.theil_t, inequality.DIGITS),
        "ceiling": rounding.text(found.cell.ceiling, inequality.DIGITS),
    }  # fmt: skip


def _inequality_then(facts: Facts) -> Text | None:
    found = facts.concentration_of(_THEN_SET, _THEN_YEAR) if facts.context.whole else None
    now = facts.concentration
    decisive = found.decisive if found else None
    if found is None or decisive is None or now is None or now.decisive is None:
        return None
    say = facts.context.words.say
    same = (
        decisive.economy == now.decisive.economy
        and inequality.outcome(found) == inequality.outcome(now) == "falls_to_little"
    )
    text = say(
        "paragraphs.inequality_then", "falls" if same else "known",
        set=say(f"member_sets.{_THEN_SET}"), year=str(_THEN_YEAR),
        t=rounding.text(found.theil_t, inequality.DIGITS),
        without=rounding.text(decisive.theil_t, inequality.DIGITS),
        state=facts.context.name(decisive.economy),
    )  # fmt: skip
    return Text(text)


def _groups(facts: Facts) -> Text | None:
    found = facts.concentration if facts.context.whole else None
    parts = facts.context.marts.groups(found.cell, groups.SCHEME) if found else ()
    between, within = sum(p.between for p in parts), sum(p.within for p in parts)
    if not parts or between + within <= 0:
        return None
    largest = max(parts, key=lambda p: (p.within, p.group))
    apart, _ = groups.taken_apart(facts)
    group = facts.context.catalog.groups[largest.group]
    text = facts.context.words.say(
        "paragraphs.groups", "known", group=group.name,
        states=facts.context.names(group.economies),
        between=labels.percent(100 * between / (between + within)),
        within=labels.percent(100 * within / (between + within)),
        part=labels.percent(100 * largest.within / (between + within)),
        **groups.values(apart),
    )  # fmt: skip
    return Text(text, ("between_within",))


def _variants(facts: Facts) -> Text | None:
    cells = inequality.variants(facts)
    found = inequality.extremes(cells)
    if found is None:
        return None
    text = facts.context.words.say(
        "paragraphs.variants", "known", year=str(cells[0].year), low=found[0], high=found[1]
    )
    return Text(text, ("theil_variants",))


def _claim(facts: Facts) -> Text | None:
    outcome = claim.outcome(facts)
    if outcome == "unknown":
        return None
    near = sorted(facts.claim.near, key=lambda c: (c.measure != "theil_t", c.measure, c.year))
    # Of different measures, so that the examples show what cannot be told apart.
    chosen = list({c.measure: c for c in reversed(near)}.values())[::-1][:_EXAMPLES]
    say, chosen_texts = facts.context.words.say, [claim.cell_text(facts, c) for c in chosen]
    text = say(
        "paragraphs.claim", outcome, value=claim.claimed(), cells=str(len(facts.claim.cells)),
        near=labels.count(len(near)),
        examples=say("labels.examples", first=chosen_texts[0], second=chosen_texts[-1])
        if len(chosen_texts) > 1 else labels.listing(chosen_texts),
    )  # fmt: skip
    return Text(text, ("claim_grid",))


def _sides(facts: Facts) -> Text | None:
    outcome = sides.outcome(facts)
    if outcome == "unknown":
        return None
    text = facts.context.words.say(
        "paragraphs.sides", "falls_rises" if outcome == "falls_rises" else "known",
        **sides.values(facts),
    )  # fmt: skip
    return Text(text, ("two_sides",))


def _coverage(facts: Facts) -> Text | None:
    count, full, none = counted(facts)
    if not count:
        return None
    text = facts.context.words.say(
        "paragraphs.coverage", "known", count=str(count), full=labels.count(full),
        none=labels.count(none), states=labels.count(len(facts.context.members)),
    )  # fmt: skip
    return Text(text, ("data_coverage",))


_SECTIONS: Final[Mapping[str, Sequence[Callable[[Facts], Text | None]]]] = {
    "world": (_world, _world_digital),
    "online": (_online, _offline, _breaks),
    "trade": (_trade, _weight),
    "inequality": (
        _inequality, _inequality_then, _groups, _variants, _claim, _sides,
    ),
    "coverage": (_coverage,),
    **narrative_development.SECTIONS,
    **narrative_foundations.SECTIONS,
    **narrative_history.SECTIONS,
    **narrative_agreement.SECTIONS,
}  # fmt: skip


def method_boxes(context: Context) -> tuple[MethodBox, ...]:
    """The method in boxes, as the wording has it."""
    say = context.words.say
    return tuple(
        MethodBox(
            say(f"method.{name}.title"),
            tuple(
                prose(text, {})
                for (key, part), text in context.words.templates().items()
                if key == f"method.{name}"
                and part != "title"
                and (context.whole or part != _OF_THE_ARTICLE)
            ),
        )
        for name in _METHOD
    )


def notes(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Footnotes by id: those that the paragraphs above refer to."""
    say = facts.context.words.say
    breaks = facts.breaks(ONLINE, BASE_YEAR, facts.context.as_of.year)
    told = labels.enumerated(
        labels.of(of_years(facts, code, *b.years), b.reason) for code, b in breaks
    )
    names = ("article", "internet", "ict", "claim")
    found = [(name, say(f"notes.{name}")) for name in names]
    if breaks:
        found.insert(2, ("breaks", say("notes.breaks", breaks=told.rstrip("."))))
    return tuple(found)


def cite_as(context: Context, edition: str) -> str:
    """How to cite this edition: bloc, edition, as-of date and whose figures."""
    publishers = sorted({s.publisher for s in context.marts.snapshots()})
    credits_ = [context.catalog.publishers[p].attribution for p in publishers]
    return context.words.say(
        "cite", bloc=context.bloc.name, edition=edition, day=day(context.as_of),
        publishers=labels.enumerated(credits_),
    )  # fmt: skip
