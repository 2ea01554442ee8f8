"""How names, counts, amounts and sources read in the language that is in force.

Every number goes through ``rounding``; nothing here decides what is said.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pipeline import rounding
from pipeline.catalog.models import Catalog
from pipeline.language import SPACE, in_force
from pipeline.report.marts import CurrentSnapshot
from pipeline.report.words import day
from pipeline.wording import said


def count(n: int) -> str:
    """Numbers to twelve in words, others in digits; 0 is "none"."""
    return rounding.in_words(n)


def capital(text: str) -> str:
    """The text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text with its first letter small, the rest as it is; an abbreviation stays large."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def listing(items: Sequence[str]) -> str:
    """ "Belarus, Iran and Kyrgyzstan"; of none: "none"."""
    return in_force().listing(items)


def enumerated(items: Iterable[str]) -> str:
    """Items that may hold commas, one after another."""
    return in_force().semicolon.join(items)


def commas(items: Iterable[str]) -> str:
    """Items one after another, none of which holds a comma."""
    return in_force().comma.join(items)


def of(what: str, value: str) -> str:
    """ "Central Asia: Kazakhstan and Uzbekistan"."""
    return in_force().colon.join((what, value))


def sentences(*parts: str) -> str:
    """Sentences as running text; empty ones are left out."""
    return in_force().pause.join(part for part in parts if part)


def further(sentence: str) -> str:
    """A sentence to stand after another."""
    return in_force().pause + sentence


def headed(title: str, text: str) -> str:
    """A title, which has no full stop, and the sentence after it."""
    return title + in_force().ending + text


def names(catalog: Catalog, codes: Iterable[str]) -> str:
    """The names of economies in alphabetical order, as a list in prose."""
    return listing(sorted(catalog.economies[code].name for code in codes))


def years(of: Iterable[int | None]) -> str:
    """ "2024" or "2023–2024"; of none: an en dash."""
    known = sorted({year for year in of if year is not None})
    if not known:
        return rounding.NO_VALUE
    return str(known[0]) if len(known) == 1 else f"{known[0]}–{known[-1]}"


def period(days: int) -> str:
    """How often something is published, in the unit that people would use."""
    if days >= 700:
        return said("periods.years", n=count(round(days / 365)))
    if days >= 300:
        return said("periods.year")
    months = max(1, round(days / 30))
    return said("periods.month") if months == 1 else said("periods.months", n=count(months))


def percent(value: float, digits: int = 0) -> str:
    """ "42.1 %" with a space that does not break."""
    return in_force().percent.format(rounding.text(value, digits))


def with_percent(number: str) -> str:
    """A number that is text already, of percent."""
    return in_force().percent.format(number)


def tick_percent(number: str) -> str:
    """The same in a picture, where lines do not break."""
    return with_percent(number).replace(SPACE, " ")


def amount(value: float, *, short: bool = False) -> str:
    """ "178 billion" or "178 bn": three significant digits at most, half-up."""
    size = abs(value)
    for scale, word, letter in in_force().scales:
        # 999.6 million would round to "1,000 million".
        if size / scale >= 0.9995:
            number = value / scale
            digits = 2 if size / scale < 9.995 else 1 if size / scale < 99.95 else 0
            rounded = rounding.half_up(number, digits).normalize()
            shown = max(-int(rounded.as_tuple().exponent), 0)
            return (
                f"{rounding.text(number, shown)}{in_force().unit_space}{letter if short else word}"
            )
    return rounding.text(value)


def exact(value: float) -> str:
    """Every digit that a number has, grouped, and none that it has not: "1,450,935,791"."""
    number = Decimal(repr(value)).normalize()
    sign = rounding.HYPHEN if number < 0 else ""
    return sign + in_force().digits(abs(number), grouped=True)


def dollars(value: float, *, short: bool = False) -> str:
    """ "US$178 billion"."""
    return money(amount(value, short=short), short=short)


def money(number: str, *, short: bool = False) -> str:
    """A number that is text already, of US dollars."""
    language = in_force()
    return (language.short_dollars if short else language.dollars).format(number)


def source(catalog: Catalog, snapshots: Iterable[CurrentSnapshot]) -> str:
    """Publishers with their releases, as they stand under an exhibit.

    Where only the day of a copy is known, the release is that day's or older and the line says
    "current on".
    """
    found = sorted(set(snapshots), key=lambda s: (s.publisher, s.vintage, s.indicator))
    parts = []
    for publisher in dict.fromkeys(s.publisher for s in found):
        own = [s for s in found if s.publisher == publisher]
        entry = catalog.publishers[publisher]
        parts.append(commas((entry.name, entry.dataset, releases(own))))
    return enumerated(parts)


def releases(snapshots: Sequence[CurrentSnapshot]) -> str:
    """Days of releases, "release of 8 April 2026"; more than three as a span."""
    phrases = []
    for bound, kind in ((False, "dated"), (True, "current")):
        days = sorted({s.vintage for s in snapshots if s.upper_bound == bound})
        if len(days) > 3:
            phrases.append(
                said(
                    f"releases.{kind}",
                    "span",
                    n=str(len(days)),
                    first=day(days[0]),
                    last=day(days[-1]),
                )
            )
        elif days:
            phrases.append(
                said(
                    f"releases.{kind}",
                    "one" if len(days) == 1 else "many",
                    days=listing([day(d) for d in days]),
                )
            )
    return listing(phrases)
