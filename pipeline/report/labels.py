"""How names, counts, amounts and sources read in the report's English.

Every number goes through ``rounding``; nothing here decides what is said.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from pipeline import rounding
from pipeline.catalog.models import Catalog
from pipeline.report.marts import CurrentSnapshot
from pipeline.report.words import day

_AMOUNTS: Final = ((1e12, "trillion", "tn"), (1e9, "billion", "bn"), (1e6, "million", "m"))


def count(n: int) -> str:
    """Numbers to twelve in words, others in digits; 0 is "none"."""
    return rounding.in_words(n)


def capital(text: str) -> str:
    """The text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text with its first letter small, the rest as it is."""
    return text[:1].lower() + text[1:]


def listing(items: Sequence[str]) -> str:
    """ "Belarus, Iran and Kyrgyzstan"; of none: "none"."""
    if not items:
        return "none"
    if len(items) == 1:
        return items[0]
    return ", ".join(items[:-1]) + " and " + items[-1]


def names(catalog: Catalog, codes: Iterable[str]) -> str:
    """The names of economies in alphabetical order, as a list in prose."""
    return listing(sorted(catalog.economies[code].name for code in codes))


def possessive(name: str) -> str:
    """ "India’s"; names on s take the apostrophe alone."""
    return name + ("’" if name.endswith("s") else "’s")


def years(of: Iterable[int | None]) -> str:
    """ "2024" or "2023–2024"; of none: an en dash."""
    known = sorted({year for year in of if year is not None})
    if not known:
        return rounding.NO_VALUE
    return str(known[0]) if len(known) == 1 else f"{known[0]}–{known[-1]}"


def period(days: int) -> str:
    """How often something is published, in the unit that people would use."""
    if days >= 700:
        return f"{count(round(days / 365))} years"
    if days >= 300:
        return "year"
    months = max(1, round(days / 30))
    return "month" if months == 1 else f"{count(months)} months"


def percent(value: float, digits: int = 0) -> str:
    """ "42.1 %" with a space that does not break."""
    return rounding.text(value, digits, unit="\u00a0%")


def amount(value: float, *, short: bool = False) -> str:
    """ "178 billion" or "178 bn": three significant digits at most, half-up."""
    size = abs(value)
    for scale, word, letter in _AMOUNTS:
        # 999.6 million would round to "1,000 million".
        if size / scale >= 0.9995:
            number = value / scale
            digits = 2 if size / scale < 9.995 else 1 if size / scale < 99.95 else 0
            text = rounding.text(number, digits)
            if digits:
                text = text.rstrip("0").rstrip(".")
            return f"{text}\u00a0{letter if short else word}"
    return rounding.text(value)


def exact(value: float) -> str:
    """Every digit that a number has, grouped, and none that it has not: "1,450,935,791"."""
    return f"{Decimal(repr(value)).normalize():,f}"


def dollars(value: float, *, short: bool = False) -> str:
    """ "US$178 billion"."""
    return "US$" + amount(value, short=short)


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
        parts.append(f"{entry.name}, {entry.dataset}, {releases(own)}")
    return "; ".join(parts)


def releases(snapshots: Sequence[CurrentSnapshot]) -> str:
    """Days of releases, "release of 8 April 2026"; more than three as a span."""
    phrases = []
    for bound, word in ((False, "of"), (True, "current on")):
        days = sorted({s.vintage for s in snapshots if s.upper_bound == bound})
        if len(days) > 3:
            phrases.append(f"{len(days)} releases {word} {day(days[0])} to {day(days[-1])}")
        elif days:
            noun = "release" if len(days) == 1 else "releases"
            phrases.append(f"{noun} {word} {listing([day(d) for d in days])}")
    return " and ".join(phrases)
