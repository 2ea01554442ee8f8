"""The reason of a verdict as text: put together from what was found, never written for a claim.

Which sentence is said follows from the answer; how it reads stands in the wording (``reasons``).
The words of the catalogue (reading, caveat, remark, needs) are added where they apply. Numbers are
rounded here, by ``rounding``, and nowhere else.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from string import Formatter
from typing import Final

from pipeline import rounding
from pipeline.language import SPACE, in_force
from pipeline.measures.claims import Answer, Found, Past, Question
from pipeline.units import number_text, rival_text, unit_after, unit_text
from pipeline.wording import Wording, bound

BARE_UNITS: Final = ("index", "–")
"""Units that are not said after the number."""
YEAR_OF: Final = "year of "
"""How the unit of a number begins that is itself a year."""
RANK: Final = "rank"
DEFAULT_DIGITS: Final = 1
"""Decimals of a number in a text that gives none."""


def amount(question: Question, value: float, *, sign: bool = False) -> str:
    """A value in the claim's unit: "93.4 % of population", "10 members", "2024"."""
    return _with_unit(question, number(question, value, question.digits, sign=sign))


def claimed(question: Question) -> str:
    """The value claimed, with the decimals that it was claimed with; empty where there is none."""
    if question.value is None:
        return ""
    return number(question, question.value, _decimals(question.value))


def _decimals(value: float) -> int:
    """How many a number of the catalogue was written with."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def claimed_amount(question: Question) -> str:
    """The same with its unit."""
    return _with_unit(question, claimed(question)) if question.value is not None else ""


def reason(question: Question, answer: Answer, numbers: Mapping[str, Found], words: Wording) -> str:
    """Why the verdict is what it is.

    Args:
        question: the claim.
        answer: what ``judge`` made of it.
        numbers: the numbers that its texts may say, see ``looked_up``.
        words: the sentences, below ``reasons``.
    """
    return in_force().pause.join(_sentences(question, answer, numbers, words))


def _sentences(
    question: Question, answer: Answer, numbers: Mapping[str, Found], words: Wording
) -> Iterator[str]:
    if question.read_as:
        yield words.say("reasons.read_as", reading=question.read_as)
    if answer.found is None:
        yield _unchecked(question, answer, words)
    else:
        yield _compared(question, answer, answer.found, words)
        if question.year is not None and answer.found.year < question.year:
            yield words.say("reasons.no_figure_of", year=str(question.year))
        yield from _verdict(question, answer, words)
        yield from _filled(question.caveat, numbers)
    yield from _filled(question.remark, numbers)
    if answer.verdict == "not_checkable" and question.needs:
        yield words.say("reasons.needed", needs=question.needs)


def _unchecked(question: Question, answer: Answer, words: Wording) -> str:
    old = answer.unusable
    if answer.broken:
        return words.say("reasons.unchecked", "broken")
    if old is not None:
        years = {"found_year": str(old.year), "year": str(question.year)}
        # What a claim is read as may say nothing of another year: a part of a rise that was a fall.
        if question.read_as:
            return words.say("reasons.unchecked", "too_old_reading", **years)
        return words.say("reasons.unchecked", "too_old", value=amount(question, old.value), **years)
    return words.say(
        "reasons.unchecked", "no_arithmetic" if question.expression is None else "no_figure"
    )


def _compared(question: Question, answer: Answer, found: Found, words: Wording) -> str:
    if question.kind in ("rises", "falls"):
        change = amount(question, found.value, sign=True)
        return words.say("reasons.compared", "change", year=str(found.year), value=change)
    lead = words.say(
        "reasons.lead", "is_year" if question.unit.startswith(YEAR_OF) else "in_year",
        year=str(found.year), value=amount(question, found.value),
    )  # fmt: skip
    return words.say(
        "reasons.compared", _outcome(question, answer, found), lead=lead,
        claimed=claimed(question),
        tolerance=rounding.text(question.tolerance_pct, _decimals(question.tolerance_pct)),
        distance=rounding.text(abs(answer.distance_pct or 0.0), 1),
    )  # fmt: skip


def _outcome(question: Question, answer: Answer, found: Found) -> str:
    """How what is found lies to the value claimed, as its kind compares the two."""
    value, distance = question.value, answer.distance_pct
    if question.kind == "at_least":
        return "not_less" if value is not None and found.value >= value else "less"
    if question.kind == "at_most":
        return "not_more" if value is not None and found.value <= value else "more"
    if distance is None or rounding.half_up(abs(distance), 1) == 0:
        return "as_claimed"
    if not question.tolerance_pct:
        return "other"
    return "above" if distance > 0 else "below"


def _verdict(question: Question, answer: Answer, words: Wording) -> Iterator[str]:
    if question.rests_on:
        contradicts = answer.verdict == "internally_inconsistent"
        yield words.say(
            "reasons.follows", "contradicts" if contradicts else "agrees",
            claims=in_force().listing(question.rests_on),
        )  # fmt: skip
    for name, value in sorted(answer.rivals.items()):
        yield words.say(
            "reasons.rival",
            source=rival_text(name),
            value=amount(question, value),
        )
    if answer.past is not None:
        yield _was(question, answer.past, words)


def _was(question: Question, past: Past, words: Wording) -> str:
    return words.say(
        "reasons.was", past.how, value=amount(question, past.found.value),
        year=str(past.found.year), claimed=claimed(question), day=str(past.seen_from),
        before=str(past.before.year if past.before else ""),
    )  # fmt: skip


def _filled(text: str | None, numbers: Mapping[str, Found]) -> Iterator[str]:
    """A text of the catalogue with its numbers; nothing where one of them is not known."""
    if text is None:
        return
    parts: list[str] = []
    for before, name, form, _ in Formatter().parse(text):
        parts.append(before)
        if name is None:
            continue
        number = numbers.get(name.removesuffix("_year"))
        if number is None:
            return
        digits = int(form) if form else DEFAULT_DIGITS
        of_year = name not in numbers
        parts.append(str(number.year) if of_year else rounding.text(number.value, digits))
    yield bound("".join(parts))


def number(question: Question, value: float | None, digits: int, *, sign: bool = False) -> str:
    """A value without the claim's unit, as it stands where that is known."""
    grouped = not question.unit.startswith(YEAR_OF)
    return number_text(value, digits, question.unit, sign=sign, grouped=grouped)


def _with_unit(question: Question, said: str) -> str:
    if question.unit in BARE_UNITS or question.unit.startswith(YEAR_OF):
        return said
    if question.unit == RANK:
        return f"{unit_text(RANK)}{SPACE}{said}"
    return said + in_force().unit_space + unit_after(question.unit, said)
