"""The order of states in one year, as each release had it: a bump chart of vintages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline import rounding
from pipeline.measures.coverage import enough
from pipeline.report import labels
from pipeline.report.charts.slopes import Heading, Slope, SlopeChart, Stop
from pipeline.report.content import Column, Exhibit, Table
from pipeline.report.exhibits.common import figure, say_names, table
from pipeline.report.facts import ONLINE, Facts
from pipeline.report.revisions import History
from pipeline.report.words import day

_LEAST_STATES: Final = 3
_MOST_RELEASES: Final = 8
"""Of more releases the newest are shown."""


@dataclass(frozen=True)
class Order:
    """The places of states in one year by release, 1 for the most; equal values share theirs."""

    year: int
    days: tuple[date, ...]
    ranks: tuple[tuple[str, tuple[float, ...]], ...]
    """By state, in the order of the newest release."""
    values: tuple[tuple[str, tuple[float, ...]], ...]
    """What was published, as ``ranks``."""
    missing: tuple[str, ...]
    """Members that some of the releases have no figure of."""

    @property
    def moved(self) -> tuple[str, ...]:
        """States whose place is not the same in every release."""
        return tuple(e for e, ranks in self.ranks if len(set(ranks)) > 1)

    @property
    def furthest(self) -> tuple[str, float, float] | None:
        """The state whose place differs most between the first release and the newest, with both;
        None where none does."""
        ends = [(e, ranks[0], ranks[-1]) for e, ranks in self.ranks if ranks[0] != ranks[-1]]
        return max(ends, key=lambda m: (abs(m[2] - m[1]), m[1] - m[2], m[0]), default=None)


def order(facts: Facts) -> Order | None:
    """The newest year that enough members have in enough releases, among the members that all of
    its releases have; None where these are too few to speak of an order."""
    found, members = facts.revisions.seen_often(ONLINE), facts.context.members
    by_day = _by_day(found)
    least = enough(len(members))
    days = [d for d, own in sorted(by_day.items()) if len(own) >= least][-_MOST_RELEASES:]
    known = [set(by_day[d]) for d in days]
    common = sorted(set.intersection(*known)) if known else []
    if len(days) < 2 or len(common) < _LEAST_STATES:
        return None
    places = [_ranked({e: by_day[d][e] for e in common}) for d in days]
    common.sort(key=lambda e: (places[-1][e], e))
    return Order(
        found[0].year, tuple(days),
        tuple((e, tuple(p[e] for p in places)) for e in common),
        tuple((e, tuple(by_day[d][e] for d in days)) for e in common),
        tuple(m for m in members if m not in common),
    )  # fmt: skip


def _by_day(found: Sequence[History]) -> dict[date, dict[str, float]]:
    by_day: dict[date, dict[str, float]] = {}
    for history in found:
        for said in history.said:
            by_day.setdefault(said.day, {})[history.economy] = said.value
    return by_day


def _ranked(values: dict[str, float]) -> dict[str, float]:
    """Places from the largest value on; of equal ones the mean of the places that they fill."""
    return {
        e: 1 + sum(other > v for other in values.values())
        + (sum(other == v for other in values.values()) - 1) / 2
        for e, v in values.items()
    }  # fmt: skip


def place(rank: float) -> str:
    """A place as it reads: a whole one, or half of one that is shared."""
    return rounding.text(rank, 0 if rank.is_integer() else 1)


def outcome(found: Order) -> str:
    """Whether a state ends at another place ("moved"), some were elsewhere in between
    ("between"), or all releases agree ("still")."""
    return "moved" if found.furthest else "between" if found.moved else "still"


def values(facts: Facts, found: Order) -> dict[str, str]:
    """The places of the sentences on the order."""
    state, before, after = found.furthest or ("", 0.0, 0.0)
    return {
        "year": str(found.year), "count": labels.count(len(found.ranks)),
        "state": facts.context.name(state) if state else "",
        "before": place(before), "after": place(after),
        "moved": labels.count(len(found.moved)), "releases": labels.count(len(found.days)),
    }  # fmt: skip


def release_ranks(facts: Facts) -> Exhibit | None:
    """Places by people online in one year, a column a release."""
    found = order(facts)
    if found is None:
        return None
    say, context = facts.context.words.say, facts.context
    count = len(found.ranks)
    return figure(
        facts,
        "release_ranks",
        SlopeChart(
            tuple(Heading(day(d), d.isoformat()) for d in found.days),
            tuple(
                Slope(
                    context.name(e), context.colours[e],
                    tuple(Stop(rank, place(rank)) for rank in ranks),
                )
                for e, ranks in found.ranks
            ),
            (count + 0.5, 0.5),
            height=26 * count + 60,
        ).render(),
        _table(facts, found),
        title=say("exhibits.release_ranks.title", outcome(found), **values(facts, found)),
        subtitle={"year": str(found.year), "count": labels.count(count),
                  "first": day(found.days[0]), "last": day(found.days[-1])},
        alt={"values": labels.enumerated(
            f"{context.name(e)} {'→'.join(place(r) for r in dict.fromkeys(ranks))}"
            for e, ranks in found.ranks
        )},
        note=say("exhibits.release_ranks.note", "missing" if found.missing else "complete",
                 states=say_names(facts, found.missing)),
        source=context.source_of(facts.revisions.releases(ONLINE)),
    )  # fmt: skip


def _table(facts: Facts, found: Order) -> Table:
    say = facts.context.words.say
    ranks = dict(found.ranks)
    return table(
        [
            Column("member", say("labels.member")),
            Column("release", say("columns.release")),
            Column("value", say("columns.share_online"), "number", 1, "%"),
            Column("place", say("columns.place"), "number", 1),
        ],
        [
            [facts.context.name(e), d.isoformat(), value, rank]
            for e, values in found.values
            for d, value, rank in zip(found.days, values, ranks[e], strict=True)
        ],
    )
