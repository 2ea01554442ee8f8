"""The claims of the article as the marts have them: verdicts, and what each release made of them.

Here are the facts behind the section on claims, read and counted. Words, cards and the scoreboard
are made by ``exhibits.claims``; verdicts are given by ``pipeline.measures.claims``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from pipeline.catalog.entry import PROJECT_SET
from pipeline.language import ENGLISH, in_force
from pipeline.measures.claims import VERDICTS, Question, Verdict
from pipeline.report.chains import claim_chains
from pipeline.report.content import Chain
from pipeline.report.context import Context
from pipeline.rounding import half_up
from pipeline.warehouse.claim_tables import DECLARED, FIGURES, reasons_in


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict. ``question`` has its value and unit, to say amounts in."""

    question: Question
    claim: str
    verdict: Verdict
    found: float | None
    year: int | None
    vintage: date | None
    distance_pct: float | None
    reason: str
    indicators: tuple[str, ...]
    """Series that verdict and reason rest on."""
    derived: bool = False
    """Whether the article does not say it: it follows from what it says."""
    states: tuple[str, ...] = ()
    """Members that it is about by name; none of a claim about the bloc or a group."""

    @property
    def claim_id(self) -> str:
        return self.question.claim_id


@dataclass(frozen=True)
class Step:
    """What a release made of a claim. ``newest``: by its newest year, else a year it revised."""

    day: date
    newest: bool
    year: int
    value: float | None
    verdict: Verdict


@dataclass(frozen=True)
class Ledger:
    """All claims; there are none in a report on other states than those the article is about."""

    context: Context

    @cached_property
    def judged(self) -> tuple[Judged, ...]:
        if self.context.member_set != PROJECT_SET:
            return ()
        rows = self.context.marts.rows(
            """
            SELECT c.claim_id, c.unit, c.kind, c.value_claimed, c.year_claimed, c.digits, c.claim,
                c.verdict, c.value_found, c.year, c.vintage, c.distance_pct, c.reason,
                coalesce(string_agg(DISTINCT s.indicator, ' ' ORDER BY s.indicator), ''),
                c.section = 'derived', coalesce(q.economies, '')
            FROM marts.claims AS c
            LEFT JOIN core.claims AS q ON q.claim_id = c.claim_id
            LEFT JOIN core.snapshots AS s
                ON list_contains(string_split(c.snapshots, ' '), s.snapshot)
            GROUP BY ALL
            ORDER BY c.claim_id
            """
        )
        said, reasons = self.context.catalog.claims, self._reasons
        return tuple(
            Judged(
                Question(code, unit, kind, value, said_of, digits=digits),
                said[code].text if code in said else claim, verdict, found, year, vintage, distance,
                reasons.get(code, reason), tuple(series.split()),
                bool(derived),
                tuple(c for c in self.context.members if c in whom.split()),
            )
            for code, unit, kind, value, said_of, digits, claim, verdict, found, year, vintage,
                distance, reason, series, derived, whom in rows
        )  # fmt: skip

    @cached_property
    def _reasons(self) -> Mapping[str, str]:
        """The reasons in another language than that of the marts, by claim."""
        if in_force() is ENGLISH:
            return {}
        con = self.context.marts.con
        declared, figures = (con.sql(f"FROM {name}").df() for name in (DECLARED, FIGURES))
        return reasons_in(declared, figures, self.context.words, self.context.catalog)

    def about(self, state: str) -> tuple[Judged, ...]:
        """Claims that name a state, in the order of the article."""
        return tuple(j for j in self.judged if state in j.states)

    @cached_property
    def counts(self) -> Mapping[Verdict, int]:
        """Claims by verdict, all seven, in their order."""
        return {v: sum(j.verdict == v for j in self.judged) for v in VERDICTS}

    @cached_property
    def chains(self) -> Mapping[str, Chain]:
        """What each claim is computed from, by its id."""
        return claim_chains(self.context)

    @cached_property
    def steps(self) -> Mapping[str, tuple[Step, ...]]:
        """What releases made of each claim, the oldest first."""
        rows = self.context.marts.rows(
            "SELECT claim_id, seen_from, newest, year, value_found, verdict "
            "FROM marts.claim_history ORDER BY claim_id, seen_from, newest DESC, year"
        )
        found: dict[str, list[Step]] = {}
        for code, *step in rows:
            found.setdefault(code, []).append(Step(*step))
        return {code: tuple(steps) for code, steps in found.items()}

    def path(self, claim: Judged) -> tuple[Step, ...]:
        """Its newest year as each release had it, where there was something to say."""
        steps = self.steps.get(claim.claim_id, ())
        return tuple(s for s in steps if s.newest and s.value is not None)

    def disputed(self, claim: Judged) -> tuple[Step, ...]:
        """The year to which releases gave most values; of equals where they lie furthest apart."""
        by_year: dict[int, list[Step]] = {}
        for step in self.steps.get(claim.claim_id, ()):
            if step.value is None:
                continue
            own = by_year.setdefault(step.year, [])
            if not own or _shown(claim, own[-1]) != _shown(claim, step):
                own.append(step)
        several = {year: steps for year, steps in by_year.items() if len(steps) > 1}
        most = max(several, key=lambda year: (*_spread(several[year]), year), default=None)
        return () if most is None else tuple(several[most])

    @cached_property
    def turned(self) -> tuple[Judged, ...]:
        """Claims on which the verdict changed from one release to another."""
        return tuple(
            j for j in self.judged if any(a.verdict != b.verdict for a, b in pairwise(self.path(j)))
        )


def _shown(claim: Judged, step: Step) -> object:
    return half_up(step.value or 0.0, claim.question.digits)


def _spread(steps: list[Step]) -> tuple[int, float]:
    values = [s.value for s in steps if s.value is not None]
    return len(values), max(values) - min(values)
