"""The languages of the report, and how each says numbers, dates, lists, counts and names.

Signs, months, lists and plural rules come from the CLDR by way of Babel; only what a report chooses
for itself (numbers in words, scales of amounts, cases of names) stands here. Sentences stand in the
wording. One language is in force at a time: English, unless ``speaking`` says another.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, Self

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.lists import format_list

from pipeline.errors import ReportError

SPACE: Final = "\u00a0"
"""Between a number and what belongs to it: it does not break."""
POSSESSIVE: Final = "possessive"
"""The one case of English names: "India’s"."""


class Named(str):
    """A name with its other forms by case, as sentences of a language need them."""

    forms: Mapping[str, str]

    def __new__(cls, text: str, forms: Mapping[str, str]) -> Self:
        made = super().__new__(cls, text)
        made.forms = forms
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, str]]]:
        """What a copy is made from."""
        return type(self), (str(self), self.forms)


@dataclass(frozen=True)
class Language:
    """How one language says what is not a sentence.

    Attributes:
        code: of the language, as files and pages name it.
        tag: BCP 47, as HTML has it.
        locale_id: whose rules of the CLDR hold.
        name: its own name.
        small_numbers: numbers from 0 on in words, as sentences say counts; empty: digits always.
        nothing: what a list of none reads as.
        scales: of amounts, the largest first: factor, name, short name.
        unit_space: between a number and its unit or the name of its scale.
        dollars: an amount of US dollars; ``short_dollars`` where there is little room.
        percent: a number of percent.
        pause: between two sentences.
        ending: between a title and what follows it.
        semicolon: between the items of a list whose items may hold commas.
        comma: between the items of another.
        colon: between a thing and what is said of it.
        plural_forms: CLDR categories in the order in which a template gives its forms.
        cases: forms of names that templates may ask for.
        scaled_units: how units begin that count millions and the like, by the English word; only
            where numbers are said by other scales.
        never_first: what does not begin a line; of several words the last come first.
    """

    code: str
    tag: str
    locale_id: str
    name: str
    small_numbers: tuple[str, ...]
    nothing: str
    scales: tuple[tuple[float, str, str], ...]
    unit_space: str
    dollars: str
    short_dollars: str
    percent: str
    pause: str
    ending: str
    semicolon: str
    comma: str
    colon: str
    plural_forms: tuple[str, ...]
    cases: tuple[str, ...]
    never_first: tuple[str, ...]
    scaled_units: tuple[tuple[str, str], ...]

    @cached_property
    def locale(self) -> Locale:
        return Locale.parse(self.locale_id)

    @cached_property
    def _signs(self) -> dict[int, str]:
        symbols = self.locale.number_symbols["latn"]
        return {ord(","): symbols["group"], ord("."): symbols["decimal"]}

    def digits(self, number: Decimal, *, grouped: bool) -> str:
        """A number without its sign, every digit that it has."""
        text = f"{number:,f}" if grouped else f"{number:f}"
        return text.translate(self._signs)

    def held(self, text: str) -> str:
        """A text whose dashes, units and signs of percent are held to what goes before them, by
        spaces that do not break."""
        for word in self.never_first:
            text = text.replace(f" {word}", f"{SPACE}{word}")
        return text

    def count(self, n: int, digits: str) -> str:
        """A small number in words where sentences have it so, else ``digits``."""
        return self.small_numbers[n] if 0 <= n < len(self.small_numbers) else digits

    def day(self, when: date) -> str:
        """A date as running text; its first space does not break."""
        return format_date(when, "long", locale=self.locale).replace(" ", SPACE, 1)

    def month(self, when: date) -> str:
        """The month of a day with its year."""
        return format_skeleton("yMMMM", when, locale=self.locale).replace(" ", SPACE)

    def listing(self, items: Sequence[str]) -> str:
        """ "Belarus, Iran and Kyrgyzstan"; names keep their other forms."""
        if not items:
            return self.nothing
        forms = {
            case: self._joined([item.forms[case] for item in items if isinstance(item, Named)])
            for case in self.cases
            if all(isinstance(item, Named) and case in item.forms for item in items)
        }
        return Named(self._joined(items), forms)

    def _joined(self, items: Sequence[str]) -> str:
        return format_list([str(item) for item in items], locale=self.locale)

    def plural(self, number: str, forms: Sequence[str]) -> str:
        """The form that goes with a number as it reads: "one|many" in the order of the language.

        Raises:
            ReportError: the text is no number, or there are too many or too few forms.
        """
        if len(forms) != len(self.plural_forms):
            raise ReportError(
                f"{'|'.join(forms)!r}: {len(forms)} forms, expected {len(self.plural_forms)} "
                f"({', '.join(self.plural_forms)})"
            )
        category = self.locale.plural_form(self._number(number))
        # A fraction takes the form that stands with a few: "2,5 года" like "2 года".
        wanted = category if category in self.plural_forms else self.plural_forms[1]
        return forms[self.plural_forms.index(wanted)]

    def _number(self, text: str) -> Decimal | int:
        if text.lower() in self.small_numbers:
            return self.small_numbers.index(text.lower())
        group, decimal = (self._signs[ord(sign)] for sign in ",.")
        plain = text.replace(group, "").replace(decimal, ".").lstrip("+−")
        if not plain.replace(".", "", 1).isdigit():
            raise ReportError(f"{text!r}: expected a number, by which the plural is chosen")
        return Decimal(plain) if "." in plain else int(plain)

    def inflected(self, name: str, case: str) -> str:
        """A name in a case.

        Raises:
            ReportError: the name has no such form.
        """
        if case == POSSESSIVE and POSSESSIVE in self.cases:
            return name + ("’" if name.endswith("s") else "’s")
        forms = name.forms if isinstance(name, Named) else {}
        if case not in forms:
            raise ReportError(f"{name!r}: no form {case!r} in {self.name}")
        return forms[case]


ENGLISH: Final = Language(
    code="en",
    tag="en",
    locale_id="en_GB",
    name="English",
    small_numbers=(
        "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ),
    nothing="none",
    scales=((1e12, "trillion", "tn"), (1e9, "billion", "bn"), (1e6, "million", "m")),
    unit_space=SPACE,
    dollars="US${}",
    short_dollars="US${}",
    percent=f"{{}}{SPACE}%",
    pause=" ",
    ending=". ",
    semicolon="; ",
    comma=", ",
    colon=": ",
    plural_forms=("one", "other"),
    cases=(POSSESSIVE,),
    never_first=("%",),
    scaled_units=(),
)  # fmt: skip
RUSSIAN: Final = Language(
    code="ru",
    tag="ru",
    locale_id="ru_RU",
    name="Русский",
    small_numbers=(),
    nothing="нет",
    scales=((1e12, "трлн", "трлн"), (1e9, "млрд", "млрд"), (1e6, "млн", "млн")),
    unit_space=SPACE,
    dollars=f"{{}}{SPACE}долл.{SPACE}США",
    short_dollars=f"{{}}{SPACE}долл.",
    percent=f"{{}}{SPACE}%",
    pause=" ",
    ending=". ",
    semicolon="; ",
    comma=", ",
    colon=": ",
    plural_forms=("one", "few", "many"),
    cases=("gen",),
    never_first=(
        "%",
        "—",
        "г.",
        "гг.",
        "п.",
        "США",
        "долл.",
        "тыс.",
        "млн",
        "млрд",
        "трлн",
    ),
    scaled_units=(),
)
CHINESE: Final = Language(
    code="zh",
    tag="zh-Hans",
    locale_id="zh_Hans_CN",
    name="中文",
    small_numbers=(),
    nothing="无",
    scales=((1e12, "万亿", "万亿"), (1e8, "亿", "亿"), (1e4, "万", "万")),
    unit_space="",
    dollars="{}美元",
    short_dollars="{}美元",
    percent="{}%",
    pause="",
    ending="。",
    semicolon="；",
    comma="，",
    colon="：",
    plural_forms=("other",),
    cases=(),
    never_first=("%",),
    scaled_units=(("million", "百万"), ("billion", "十亿"), ("trillion", "万亿")),
)
LANGUAGES: Final[Mapping[str, Language]] = {
    language.code: language for language in (ENGLISH, RUSSIAN, CHINESE)
}
"""By code; English, in which everything is written first, leads."""

_IN_FORCE: Final[ContextVar[Language]] = ContextVar("language", default=ENGLISH)


def in_force() -> Language:
    """The language that is spoken now."""
    return _IN_FORCE.get()


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Have everything that is said meanwhile said in ``language``."""
    token = _IN_FORCE.set(language)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def language_of(code: str) -> Language:
    """The language of a code.

    Raises:
        ReportError: the report speaks no such language.
    """
    if code not in LANGUAGES:
        raise ReportError(f"language {code!r}: expected one of {', '.join(LANGUAGES)}")
    return LANGUAGES[code]
