"""Translations as gettext catalogues: read from ``reports/wording/locale``, held to the source.

English is the source. A message is known by its context, which is the key of the text; its id is
the English text, so that a text that has changed since it was translated is noticed. What is
translated is the affair of the wording and the catalogue; here is how, and whether it fits.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final, Literal

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from pipeline.errors import ReportError
from pipeline.language import Language
from pipeline.settings import PROJECT_ROOT

LOCALES: Final = PROJECT_ROOT / "reports" / "wording" / "locale"
Domain = Literal["report", "catalog", "checks"]
DOMAINS: Final[tuple[Domain, ...]] = ("report", "catalog", "checks")
"""Sentences and words of pages; names and texts of the catalogue; why expectations are there."""
OF_REPORT: Final[tuple[Domain, ...]] = ("report", "catalog")
"""Those whose texts the report itself may hold."""

_REFERENCES: Final = re.compile(r"\[#[\w.-]+\]|\(#[\w.-]+\)|\[\^[\w.-]+\]|\[=[\w.-]+\|")
"""Markup that leads somewhere: a translation must lead to the same places."""


@dataclass(frozen=True)
class Message:
    """An English text and its translation; ``unsure`` where the file marks it fuzzy."""

    source: str
    text: str
    unsure: bool


@dataclass(frozen=True)
class Problem:
    """What is wrong with the translation of a text."""

    kind: Literal["missing", "stale", "wrong", "left over"]
    key: str
    detail: str

    def __str__(self) -> str:
        return f"{self.key}: {self.kind}: {self.detail}"


def po_file(language: Language, domain: Domain) -> Path:
    """Where the translations of a domain stand."""
    return LOCALES / language.code / "LC_MESSAGES" / f"{domain}.po"


@cache
def messages(path: Path, locale: str) -> Mapping[str, Message]:
    """The messages of a file by context.

    Raises:
        ReportError: it is missing, or no gettext catalogue.
    """
    try:
        with path.open("rb") as file:
            found: Catalog = read_po(file, locale=locale, abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        raise ReportError(f"{path}: cannot be read as translations: {error}") from error
    return {
        str(m.context): Message(str(m.id), str(m.string or ""), m.fuzzy)
        for m in found
        if m.context is not None
    }


def translated(language: Language, domain: Domain, sources: Mapping[str, str]) -> dict[str, str]:
    """The translation of each source text, by key, its words held together.

    Raises:
        ReportError: one is missing, stale or wrong: file, key and what is wrong are named.
    """
    path = po_file(language, domain)
    known = messages(path, language.locale_id)
    found = [p for p in problems(language, sources, known) if p.kind != "left over"]
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise ReportError(f"{path}: {found[0]}{more}; see python -m pipeline.translations")
    return {key: language.held(known[key].text) for key in sources}


def problems(
    language: Language, sources: Mapping[str, str], known: Mapping[str, Message]
) -> Iterator[Problem]:
    """What keeps the messages from being a translation of the sources, in the order of these."""
    for key, source in sources.items():
        message = known.get(key)
        if message is None or not message.text:
            yield Problem("missing", key, repr(source))
        elif message.source != source or message.unsure:
            yield Problem("stale", key, f"translated from {message.source!r}, now {source!r}")
        else:
            yield from (Problem("wrong", key, why) for why in _misfits(language, source, message))
    for key in known.keys() - sources.keys():
        yield Problem("left over", key, "there is no such text any more")


def _misfits(language: Language, source: str, message: Message) -> Iterator[str]:
    try:
        wanted, given = _places(source), _places(message.text)
    except ValueError as error:
        yield f"{message.text!r}: {error}"
        return
    for name in sorted(wanted.keys() - given.keys()):
        yield f"the place {{{name}}} is missing"
    for name in sorted(given.keys() - wanted.keys()):
        yield f"the place {{{name}}} is none of the source text's"
    for name, forms in sorted(given.items()):
        yield from (
            f"the place {{{name}:{form}}}: expected {len(language.plural_forms)} plural forms or "
            f"one of the cases {', '.join(language.cases) or '(none)'}"
            for form in sorted(forms)
            if form not in language.cases
            and form.count("|") + 1 != len(language.plural_forms)
            and not form.isdigit()
        )
    led, leads = (sorted(_REFERENCES.findall(text)) for text in (source, message.text))
    if led != leads:
        yield f"it refers to {' '.join(leads) or 'nothing'}, the source text to {' '.join(led)}"


def _places(text: str) -> dict[str, set[str]]:
    """The forms that are asked for of each place."""
    found: dict[str, set[str]] = {}
    for _, name, form, _ in Formatter().parse(text):
        if name is not None:
            found.setdefault(name, set()).update({form} if form else ())
    return found
