"""The languages that an edition has beside English: those asked for whose translations are whole.

One whose translations lack a text is left out and said, with file and key; it keeps no other from
being made.
"""

from pipeline.errors import ReportError, SettingsError
from pipeline.language import ENGLISH, LANGUAGES, Language
from pipeline.translations import check


def asked_for(languages: str) -> tuple[Language, ...]:
    """The languages beside English that codes with a space between, or "all", stand for.

    Raises:
        SettingsError: the report speaks no such language.
    """
    others = tuple(language for language in LANGUAGES.values() if language is not ENGLISH)
    codes = languages.replace(",", " ").split()
    unknown = [code for code in codes if code not in LANGUAGES and code != "all"]
    if unknown:
        raise SettingsError(
            f"language {unknown[0]!r}: expected all, or some of {', '.join(LANGUAGES)}"
        )
    return tuple(language for language in others if "all" in codes or language.code in codes)


def whole(languages: str) -> tuple[str, ...]:
    """Codes of those of the languages that can be spoken."""
    broken = unspoken(languages)
    return tuple(one.code for one in asked_for(languages) if one.code not in broken)


def unspoken(languages: str) -> dict[str, str]:
    """Why each of the others cannot, by code."""
    found: dict[str, str] = {}
    for language in asked_for(languages):
        try:
            check(language)
        except ReportError as error:
            found[language.code] = str(error)
    return found
