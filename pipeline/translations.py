"""What there is to translate, and how far the translations have come.

    python -m pipeline.translations           what is missing, stale or wrong, by language and key
    python -m pipeline.translations --write   the templates (.pot) anew, and the new texts of each
                                              language put into its files, empty or marked fuzzy

The texts are those of the wording, of a page, of the catalogue and of the expectations; rules stand
in ``messages``.
"""

import argparse
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog as Messages
from babel.messages.pofile import write_po

from pipeline.catalog import translated as of_catalog
from pipeline.catalog.loader import load_catalog
from pipeline.language import ENGLISH, LANGUAGES, Language
from pipeline.messages import (
    DOMAINS,
    LOCALES,
    Domain,
    Message,
    Problem,
    messages,
    po_file,
    problems,
    translated,
)
from pipeline.report.words import page_sources
from pipeline.settings import settings
from pipeline.validation import translated as of_suites
from pipeline.validation.suites import read_suites
from pipeline.wording import english_files, english_texts, sources_of

_WIDTH = 100


def sources(domain: Domain, language: Language) -> dict[str, str]:
    """Every English text of a domain by key, in the order in which it is written."""
    if domain == "report":
        return sources_of(english_texts(english_files())) | page_sources()
    if domain == "checks":
        return of_suites.sources(read_suites(settings().expectations_dir))
    return of_catalog.sources(load_catalog(settings().catalog_dir), language)


def found(language: Language) -> dict[Domain, list[Problem]]:
    """What is wrong with the translations into a language."""
    return {d: list(problems(language, sources(d, language), _known(language, d))) for d in DOMAINS}


def check(language: Language) -> None:
    """Hold all translations into a language to the texts.

    Raises:
        ReportError: one is missing, stale or wrong; file and key are named.
    """
    for domain in DOMAINS:
        translated(language, domain, sources(domain, language))


def po_text(
    language: Language | None,
    domain: Domain,
    texts: Mapping[str, str],
    known: Mapping[str, Message],
) -> bytes:
    """A file of translations, each text with what is known of it; with no language a template."""
    catalog = Messages(
        locale=language.locale_id if language else None,
        project="sco-digital-economy",
        domain=domain,
        charset="utf-8",
    )
    for key, source in texts.items():
        old = known.get(key)
        changed = old is not None and (old.unsure or old.source != source)
        flags = ("fuzzy",) if old is not None and old.text and changed else ()
        catalog.add(source, old.text if old else "", context=key, flags=flags)
    buffer = BytesIO()
    write_po(buffer, catalog, width=_WIDTH, omit_header=True)
    plural = f'"Plural-Forms: {catalog.plural_forms}\\n"\n' if language else ""
    name = f'"Language: {language.tag}\\n"\n' if language else ""
    head = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n{name}{plural}\n'
    return head.encode() + buffer.getvalue()


def write() -> None:
    """Bring the templates and the files of every language up to the texts of today."""
    for domain in DOMAINS:
        _save(LOCALES / f"{domain}.pot", po_text(None, domain, sources(domain, ENGLISH), {}))
        for language in _others():
            texts = sources(domain, language)
            path = po_file(language, domain)
            _save(path, po_text(language, domain, texts, _known(language, domain)))


def _others() -> list[Language]:
    return [language for language in LANGUAGES.values() if language is not ENGLISH]


def _known(language: Language, domain: Domain) -> Mapping[str, Message]:
    path = po_file(language, domain)
    return messages(path, language.locale_id) if path.exists() else {}


def _save(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def main() -> int:
    parser = argparse.ArgumentParser(description="What is to be translated, and how far that is.")
    parser.add_argument("--write", action="store_true", help="bring the files up to date")
    if parser.parse_args().write:
        write()
        messages.cache_clear()
    wrong = 0
    for language in _others():
        for domain, own in found(language).items():
            wrong += len(own)
            print(f"{po_file(language, domain)}: {len(own) or 'nothing'} to do")
            for problem in own:
                print(f"  {problem}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
