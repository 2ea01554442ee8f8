"""The key findings: a large figure and the sentence that completes it, both computed.

Which variant of a sentence is said follows by rule from the rounded figures that it says. A
finding of which nothing may be published says that and has no value.
"""

from collections.abc import Mapping, Sequence

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.chains import Named, finding_chain
from pipeline.report.content import Finding
from pipeline.report.exhibits import inequality, sides
from pipeline.report.facts import (
    GDP,
    HALF_PCT,
    ICT_EXPORTS,
    MOST_PCT,
    ONLINE,
    POPULATION,
    WORLD,
    Facts,
)

DIGITS = inequality.DIGITS


def key_findings(facts: Facts) -> tuple[Finding, ...]:
    """The five findings in the order of the page, the leading one first."""
    return (
        concentration(facts),
        world(facts),
        online(facts),
        offline(facts),
        two_sides(facts),
    )


def concentration(facts: Facts) -> Finding:
    """The index of ICT service exports against GDP without the state it rests on."""
    found, outcome = facts.concentration, inequality.outcome(facts.concentration)
    decisive = found.decisive if found else None
    if found is None or decisive is None:
        return _unknown(facts, "concentration", ICT_EXPORTS, "ict_leave_one_out")
    name = facts.context.name(decisive.economy)
    before, after = (rounding.text(v, DIGITS) for v in (found.theil_t, decisive.theil_t))
    figure = before if outcome == "unchanged" else f"{before} → {after}"
    shown = found.theil_t if outcome == "unchanged" else decisive.theil_t
    return _finding(
        facts,
        "concentration",
        figure,
        outcome,
        {
            "year": str(found.cell.year), "state": name,
        },
        value=shown, unit="nats", exhibit="ict_leave_one_out", series=(ICT_EXPORTS, GDP),
        computed="all" if outcome == "unchanged" else "without",
        named=(
            Named("exports", ICT_EXPORTS, _in(found.cell.year, found.cell.members)),
            Named("gdp", GDP, _in(found.cell.year, found.cell.members)),
        ),
    )  # fmt: skip


def world(facts: Facts) -> Finding:
    """Share of the world's people, with the share of output."""
    population, gdp = facts.share(POPULATION), facts.share(GDP)
    if population is None or gdp is None:
        return _unknown(facts, "world", POPULATION, "world_shares")
    return _finding(
        facts,
        "world",
        labels.percent(population.share),
        "known",
        {
            "states": labels.count(population.n), "year": str(population.year),
            "gdp": labels.percent(gdp.share), "gdp_year": str(gdp.year),
        },
        value=population.share, unit="%", exhibit="world_shares", series=(POPULATION, GDP),
        named=(
            Named("people", POPULATION, _in(population.year, facts.context.members)),
            Named("people_of_the_world", POPULATION, _in(population.year, (WORLD,))),
            Named("gdp", GDP, _in(gdp.year, facts.context.members)),
            Named("gdp_of_the_world", GDP, _in(gdp.year, (WORLD,))),
        ),
    )  # fmt: skip


def online(facts: Facts) -> Finding:
    """How many members have most of their people online, of those with a recent figure."""
    recent = len(facts.online.recent)
    if not recent:
        return _unknown(facts, "online", ONLINE, "internet_paths")
    most, half = len(facts.online.above(MOST_PCT)), len(facts.online.above(HALF_PCT))
    return _finding(
        facts,
        "online",
        facts.context.words.say("labels.part_of", part=str(most), whole=str(recent)),
        "all_half" if half == recent else "some_half",
        {
            "most": labels.percent(MOST_PCT), "half": labels.count(half),
            "recent": labels.count(recent),
        },
        value=float(most), unit="members", exhibit="internet_paths", series=(ONLINE,),
        named=(
            Named("online", ONLINE, [(v.economy, v.year or 0) for v in facts.online.recent]),
        ),
    )  # fmt: skip


def offline(facts: Facts) -> Finding:
    """People without the internet in the newest year that is published."""
    found = facts.offline
    if found is None:
        return _unknown(facts, "offline", ONLINE, "offline_states")
    state, part = found.first
    return _finding(
        facts,
        "offline",
        labels.amount(found.total),
        "most",
        {
            "states": labels.count(found.cell.n), "year": str(found.cell.year),
            "part": labels.percent(part), "state": facts.context.name(state),
        },
        value=found.total, unit="persons", exhibit="offline_states",
        series=(ONLINE, POPULATION),
        named=(
            Named("people", POPULATION, _in(found.cell.year, sorted(found.persons))),
            Named("online", ONLINE, _in(found.cell.year, sorted(found.persons))),
        ),
    )  # fmt: skip


def two_sides(facts: Facts) -> Finding:
    """Inequality among people offline beside that among people online."""
    years = facts.sides.years
    if years is None:
        return _unknown(facts, "sides", ONLINE, "two_sides")
    said = sides.outcome(facts)
    offline_before, offline_after = (facts.sides.at(year)[1] for year in years)
    before, after = (rounding.text(c.theil_t, DIGITS) for c in (offline_before, offline_after))
    return _finding(
        facts,
        "sides",
        before if before == after else f"{before} → {after}",
        said if said == "falls_rises" else "known",
        sides.values(facts),
        value=offline_after.theil_t, unit="nats", exhibit="two_sides", series=(ONLINE,),
        named=tuple(
            Named(name, ONLINE, _in(cell.year, cell.members))
            for name, cell in (("online_before", offline_before), ("online", offline_after))
        ),
    )  # fmt: skip


def _finding(
    facts: Facts,
    name: str,
    figure: str,
    outcome: str,
    values: Mapping[str, str],
    *,
    value: float | None,
    unit: str,
    exhibit: str,
    series: tuple[str, ...],
    named: tuple[Named, ...],
    computed: str = "text",
) -> Finding:
    say, source = facts.context.words.say, facts.context.source(*series)
    text = say(f"computed.{name}", computed, **values)
    chain = finding_chain(facts.context, text, source, named)
    return Finding(
        id=name,
        figure=figure,
        sentence=say(f"findings.{name}", outcome, **values),
        value=value,
        unit=unit,
        outcome=outcome,
        exhibit=exhibit,
        source=str(source),
        chain=chain,
        remarks=facts.agreement.remarks(chain.figures),
    )


def _in(year: int, states: Sequence[str]) -> list[tuple[str, int]]:
    """These states in one year, as places of a series."""
    return [(state, year) for state in states]


def _unknown(facts: Facts, name: str, indicator: str, exhibit: str) -> Finding:
    """The finding that nothing may be published; its exhibit may still be there."""
    return Finding(
        id=name,
        figure=rounding.NO_VALUE,
        sentence=facts.context.words.say(f"findings.{name}", "unknown"),
        value=None,
        unit="",
        outcome="unknown",
        exhibit=exhibit,
        source=str(facts.context.source_or_none(indicator)),
    )
