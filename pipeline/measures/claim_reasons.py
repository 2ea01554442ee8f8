"""The reason of a verdict as text: put together from what was found, never written for a claim.

Which sentence is said follows from the answer; the words of the catalogue (reading, caveat, remark,
needs) are added where they apply. Numbers are rounded here, by ``rounding``, and nowhere else.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from string import Formatter
from typing import Final

from pipeline import rounding
from pipeline.measures.claims import Answer, Found, Past, Question

BARE_UNITS: Final = ("index", "–")
"""Units that are not said after the number."""
YEAR_OF: Final = "year of "
"""How the unit of a number begins that is itself a year."""
RANK: Final = "rank"
SPACE: Final = "\u00a0"
"""Between a number and its unit: it does not break."""
DEFAULT_DIGITS: Final = 1
"""Decimals of a number in a text that gives none."""


def amount(question: Question, value: float, *, sign: bool = False) -> str:
    """A value in the claim's unit: "93.4 % of population", "10 members", "2024"."""
    return _with_unit(question, _number(question, value, question.digits, sign=sign))


def claimed(question: Question) -> str:
    """The value claimed, with the decimals that it was claimed with; empty where there is none."""
    if question.value is None:
        return ""
    exponent = Decimal(repr(question.value)).normalize().as_tuple().exponent
    digits = max(-exponent, 0) if isinstance(exponent, int) else 0
    return _number(question, question.value, digits)


def claimed_amount(question: Question) -> str:
    """The same with its unit."""
    return _with_unit(question, claimed(question)) if question.value is not None else ""


def reason(question: Question, answer: Answer, numbers: Mapping[str, Found]) -> str:
    """Why the verdict is what it is.

    Args:
        question: the claim.
        answer: what ``judge`` made of it.
        numbers: the numbers that its texts may say, see ``looked_up``.
    """
    return " ".join(_sentences(question, answer, numbers))


def _sentences(question: Question, answer: Answer, numbers: Mapping[str, Found]) -> Iterator[str]:
    if question.read_as:
        yield f"Read as: {question.read_as}"
    if answer.found is None:
        yield from _unchecked(question, answer)
    else:
        yield _compared(question, answer, answer.found)
        if question.year is not None and answer.found.year < question.year:
            yield f"There is no figure of {question.year}."
        yield from _verdict(question, answer)
        yield from _filled(question.caveat, numbers)
    yield from _filled(question.remark, numbers)
    if answer.verdict == "not_checkable" and question.needs:
        yield f"Needed: {question.needs}"


def _unchecked(question: Question, answer: Answer) -> Iterator[str]:
    if answer.broken:
        yield "The method of the series changed between the years that are compared."
    elif answer.unusable is not None:
        old = answer.unusable
        # What a claim is read as may say nothing of another year: a part of a rise that was a fall.
        value = "" if question.read_as else f", {amount(question, old.value)},"
        yield (
            f"The newest open figure{value} is of {old.year}: too old to speak of {question.year}."
        )
    elif question.expression is not None:
        yield "There is no open figure as of this date."
    else:
        yield "No open figure can say."


def _compared(question: Question, answer: Answer, found: Found) -> str:
    said, value = amount(question, found.value), question.value
    lead = f"In {found.year} it is {said}"
    if question.unit.startswith(YEAR_OF):
        lead = f"It is {said}"
    match question.kind:
        case "rises" | "falls":
            change = amount(question, found.value, sign=True)
            return f"The change to {found.year} is {change}."
        case "at_least":
            enough = value is not None and found.value >= value
            return (
                f"{lead}, {'not less' if enough else 'less'} than the {claimed(question)} claimed."
            )
        case "at_most":
            enough = value is not None and found.value <= value
            return (
                f"{lead}, {'not more' if enough else 'more'} than the {claimed(question)} claimed."
            )
    distance = answer.distance_pct
    if distance is None or rounding.half_up(abs(distance), 1) == 0:
        return f"{lead}, as claimed."
    if not question.tolerance_pct:
        return f"{lead}, not {claimed(question)}."
    side = "above" if distance > 0 else "below"
    return (
        f"{lead}, {rounding.text(abs(distance), 1)}{SPACE}% {side} the {claimed(question)} claimed "
        f"(tolerance {question.tolerance_pct:g}{SPACE}%)."
    )


def _verdict(question: Question, answer: Answer) -> Iterator[str]:
    others = " and ".join(question.rests_on)
    if answer.verdict == "internally_inconsistent":
        yield f"That follows from {others} of the same article, which contradicts itself here."
    elif others:
        yield f"That follows from {others} of the same article."
    for name, value in sorted(answer.rivals.items()):
        source = name.replace("_", " ")
        yield f"By another source ({source}) it is {amount(question, value)}, which says otherwise."
    if answer.past is not None:
        yield _was(question, answer.past)


def _was(question: Question, past: Past) -> str:
    value = amount(question, past.found.value)
    if past.how == "release":
        return f"By the release of {past.seen_from} it was so, with {value} for {past.found.year}."
    if past.before is not None:
        return f"It passed {claimed(question)} between {past.before.year} and {past.found.year}."
    return f"It was last so in {past.found.year}, with {value}."


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
    yield "".join(parts).replace(" %", f"{SPACE}%")


def _number(question: Question, value: float, digits: int, *, sign: bool = False) -> str:
    grouped = not question.unit.startswith(YEAR_OF)
    return rounding.text(value, digits, sign=sign, grouped=grouped)


def _with_unit(question: Question, number: str) -> str:
    if question.unit in BARE_UNITS or question.unit.startswith(YEAR_OF):
        return number
    if question.unit == RANK:
        return f"{RANK}{SPACE}{number}"
    return f"{number}{SPACE}{question.unit}"
