"""What becomes of a claim: from the figures that releases held to one verdict, by rule.

A claim has a value, a kind and arithmetic; figures come by release, year and name. Here nothing is
read and nothing is known of a particular claim. The first rule that applies gives the verdict:

not_checkable            there is no arithmetic; or no figure of the claim's year, or of the years
                         before by which it may lag; or its change crosses a break of method
sources_conflict         a rival source of the same year says otherwise about whether it is met
holds                    it is met
holds_with_caveat        it is met, and the claim has a caveat or is only read as one with a number
internally_inconsistent  it is not met, and what is found rests on other claims of the article
outdated                 it is not met, but a level was so in one of the years before, or was passed
                         between two of them; or an earlier release met it for the claim's own year
not_supported            it is not met

A claim is met if what is found lies within the tolerance (``equals``), at or beyond the value
(``at_least``, ``at_most``), or on the right side of zero (``rises``, ``falls``). Which text says so
stands in ``claim_reasons``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Final, Literal, get_args

from pipeline.expressions import expression
from pipeline.rounding import half_up

Verdict = Literal[
    "holds", "holds_with_caveat", "outdated", "not_supported", "internally_inconsistent",
    "sources_conflict", "not_checkable",
]  # fmt: skip
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
"""In the order in which they are shown."""

Kind = Literal["equals", "at_least", "at_most", "rises", "falls"]
EXACT: Final = 1e-9
"""Part of a value that arithmetic may miss where no tolerance is given."""
YEARS_OF_HISTORY: Final = 5
"""Years before the claim's own whose revisions are told."""


@dataclass(frozen=True)
class Question:
    """A claim as it is asked: see the catalogue's entry for what the fields mean."""

    claim_id: str
    unit: str
    kind: Kind | None = None
    value: float | None = None
    year: int | None = None
    tolerance_pct: float = 0.0
    may_lag: int = 0
    digits: int = 1
    expression: str | None = None
    rivals: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    read_as: str | None = None
    caveat: str | None = None
    remark: str | None = None
    needs: str | None = None
    others: Mapping[str, float] = field(default_factory=dict)
    """What the article's claims say, by id."""

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Claims of the article that what is found is computed from."""
        names = expression(self.expression).names if self.expression else ()
        return tuple(n for n in names if n in self.others)

    @property
    def moves(self) -> bool:
        """Whether it is about a level, which has a past, and not about one period alone."""
        return self.kind in ("equals", "at_least", "at_most")


@dataclass(frozen=True)
class View:
    """The figures as of a release, by year that is looked at and name."""

    seen_from: date
    figures: Mapping[int, Mapping[str, float]]
    broken: frozenset[tuple[int, str]] = frozenset()
    """Figures (year, name) that span a change of method."""


@dataclass(frozen=True)
class Found:
    """What a release has for a claim in one year, in the claim's unit."""

    year: int
    value: float


@dataclass(frozen=True)
class Past:
    """When a claim was met that is no longer: in a year, between two, or by a release."""

    how: Literal["year", "passed", "release"]
    found: Found
    """Of the year; the first after it was passed; or what the release had."""
    before: Found | None = None
    seen_from: date | None = None


@dataclass(frozen=True)
class Answer:
    """The verdict and everything that its reason says. ``found`` is None where nothing speaks."""

    verdict: Verdict
    found: Found | None = None
    distance_pct: float | None = None
    """Of what is found from the value claimed, in percent of the latter."""
    unusable: Found | None = None
    """The newest figure there is, where it is too old or crosses a break."""
    broken: bool = False
    rivals: Mapping[str, float] = field(default_factory=dict)
    """What rivals say that disagree about the claim."""
    past: Past | None = None


@dataclass(frozen=True)
class Told:
    """What a release made of a claim. ``newest``: by its newest year; else a year it revised."""

    seen_from: date
    newest: bool
    year: int
    """Of the value; where nothing speaks to the claim, the year that it is about."""
    value: float | None
    verdict: Verdict


def met(question: Question, value: float) -> bool:
    """Whether a value is as claimed.

    Raises:
        ValueError: the claim has no kind, so nothing could meet it.
    """
    claimed = 0.0 if question.value is None else question.value
    match question.kind:
        case "equals":
            allowed = max(question.tolerance_pct / 100, EXACT) * abs(claimed)
            return abs(value - claimed) <= allowed * (1 + EXACT)
        case "at_least":
            return value >= claimed
        case "at_most":
            return value <= claimed
        case "rises":
            return value > 0
        case "falls":
            return value < 0
    raise ValueError(f"{question.claim_id}: has no kind, expected one beside its expression")


def judge(question: Question, views: Sequence[View]) -> Answer:
    """The verdict on a claim by the last of ``views``, which are in the order of releases."""
    return _judge(question, [_evaluate(question, view) for view in views])


def history(question: Question, views: Sequence[View]) -> tuple[Told, ...]:
    """What each release made of a claim, told where it changed.

    A row is told where verdict, year or value (to the claim's digits) differ from the release
    before. Years of the last few that releases revised are told beside, each judged by itself.
    """
    if question.expression is None:
        return ()
    seen = [_evaluate(question, view) for view in views]
    told: list[Told] = []
    for n, one in enumerate(seen, start=1):
        answer = _judge(question, seen[:n])
        found = answer.found
        year = found.year if found else question.year or one.seen_from.year
        row = Told(one.seen_from, True, year, found.value if found else None, answer.verdict)
        if not told or _shown(question, told[-1]) != _shown(question, row):
            told.append(row)
    said = {(row.seen_from, row.year) for row in told}
    beside = [r for r in _revised(question, seen) if (r.seen_from, r.year) not in said]
    return tuple(sorted([*told, *beside], key=_order))


def looked_up(question: Question, view: View) -> Mapping[str, Found]:
    """The numbers that stand beside a claim: each of the newest year that has it.

    A number that rests on claims alone is of no year: it has the year 0.
    """
    numbers: dict[str, Found] = {}
    for name, text in question.beside.items():
        values = _values(question, text, view)
        years = [y for y in values if question.year is None or y <= question.year]
        if years:
            numbers[name] = Found(max(years), values[max(years)])
    return numbers


def used(question: Question, view: View, found: Found | None) -> tuple[tuple[str, int], ...]:
    """The figures (name, year looked at) that verdict and texts rest on, sorted."""
    pairs: set[tuple[str, int]] = set()
    if found is not None and question.expression is not None:
        for text in (question.expression, *question.rivals.values()):
            pairs |= {(name, found.year) for name in expression(text).names}
    for name, number in looked_up(question, view).items():
        pairs |= {(part, number.year) for part in expression(question.beside[name]).names}
    return tuple(sorted((n, y) for n, y in pairs if n in view.figures.get(y, {})))


@dataclass(frozen=True)
class _Seen:
    """A view with the claim's arithmetic done."""

    seen_from: date
    values: Mapping[int, float]
    rivals: Mapping[str, Mapping[int, float]]
    broken: frozenset[int]


def _evaluate(question: Question, view: View) -> _Seen:
    names = set(expression(question.expression).names) if question.expression else set()
    return _Seen(
        view.seen_from,
        _values(question, question.expression, view) if question.expression else {},
        {name: _values(question, text, view) for name, text in question.rivals.items()},
        frozenset(year for year, name in view.broken if name in names),
    )


def _values(question: Question, text: str, view: View) -> Mapping[int, float]:
    """Arithmetic by year; of no year (0) where it names no figure."""
    parsed = expression(text)
    constants = dict(question.others)
    if question.value is not None:
        constants["claimed"] = question.value
    if set(parsed.names) <= set(constants):
        value = parsed.value(constants)
        return {} if value is None else {question.year or 0: value}
    results = {
        year: parsed.value(constants | dict(figures)) for year, figures in view.figures.items()
    }
    return {year: value for year, value in sorted(results.items()) if value is not None}


def _judge(question: Question, seen: Sequence[_Seen]) -> Answer:
    newest = seen[-1] if seen else None
    if question.expression is None or newest is None:
        return Answer("not_checkable")
    found = _found(question, newest)
    if found is None:
        years = [y for y in newest.values if question.year is None or y <= question.year]
        old = Found(max(years), newest.values[max(years)]) if years else None
        return Answer("not_checkable", unusable=old)
    if found.year in newest.broken:
        return Answer("not_checkable", unusable=found, broken=True)
    is_met = met(question, found.value)
    distance = _distance(question, found.value)
    other = {
        name: values[found.year]
        for name, values in newest.rivals.items()
        if found.year in values and met(question, values[found.year]) != is_met
    }
    if other:
        return Answer("sources_conflict", found, distance, rivals=other)
    if is_met:
        careful = question.caveat is not None or question.read_as is not None
        return Answer("holds_with_caveat" if careful else "holds", found, distance)
    if question.rests_on:
        return Answer("internally_inconsistent", found, distance)
    past = _past(question, seen, found) if question.moves else None
    past = past or _by_release(question, seen)
    return Answer("outdated" if past else "not_supported", found, distance, past=past)


def _found(question: Question, seen: _Seen) -> Found | None:
    """The newest value that may speak to the claim."""
    last = question.year
    years = [y for y in seen.values if last is None or last - question.may_lag <= y <= last]
    return Found(max(years), seen.values[max(years)]) if years else None


def _distance(question: Question, value: float) -> float | None:
    if not question.value:
        return None
    return 100 * (value - question.value) / abs(question.value)


def _past(question: Question, seen: Sequence[_Seen], found: Found) -> Past | None:
    """The last year before that met a level, or the last two that it was passed between."""
    before = [Found(y, v) for y, v in sorted(seen[-1].values.items()) if y <= found.year]
    for earlier, later in reversed(list(pairwise(before))):
        if met(question, earlier.value):
            return Past("year", earlier)
        if question.kind == "equals" and _passed(question, earlier, later):
            return Past("passed", later, before=earlier)
    return None


def _passed(question: Question, earlier: Found, later: Found) -> bool:
    level = question.value or 0.0
    return (earlier.value - level) * (later.value - level) < 0


def _by_release(question: Question, seen: Sequence[_Seen]) -> Past | None:
    """The last release before the newest by which the claim was met."""
    for one in reversed(seen[:-1]):
        found = _found(question, one)
        if found is not None and found.year not in one.broken and met(question, found.value):
            return Past("release", found, seen_from=one.seen_from)
    return None


def _revised(question: Question, seen: Sequence[_Seen]) -> list[Told]:
    """Years that releases give different values, where a year speaks for itself."""
    if question.year is None or not question.may_lag or not question.moves:
        return []
    rows: list[Told] = []
    for year in range(question.year - YEARS_OF_HISTORY, question.year + 1):
        own: list[Told] = []
        for one in seen:
            if year not in one.values:
                continue
            value = one.values[year]
            alone = replace(question, year=year, may_lag=0)
            verdict = _judge(alone, [_only(one, year)]).verdict
            row = Told(one.seen_from, False, year, value, verdict)
            if not own or _shown(question, own[-1]) != _shown(question, row):
                own.append(row)
        rows += own if len(own) > 1 else []
    return rows


def _only(seen: _Seen, year: int) -> _Seen:
    return _Seen(seen.seen_from, {year: seen.values[year]}, seen.rivals, seen.broken)


def _shown(question: Question, told: Told) -> tuple[object, ...]:
    value = None if told.value is None else half_up(told.value, question.digits)
    return told.verdict, told.year, value


def _order(told: Told) -> tuple[date, bool, int]:
    return told.seen_from, not told.newest, told.year
