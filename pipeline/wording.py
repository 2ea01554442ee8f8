"""Sentences as variants in YAML: which one is said follows from the figures, never by hand.

A sentence has named places for numbers and no number of its own. Here the variants are read,
checked, chosen by name and filled; which outcome there is, and the markup, is others' work. English
is written first; other languages are translations of its variants (``pipeline.translations``).

A place may say more than its name: ``{count:one|many}`` is the form that goes with a number,
``{state:gen}`` a name in a case of the language.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

import yaml

from pipeline.errors import ReportError
from pipeline.language import ENGLISH, Language, in_force
from pipeline.messages import translated
from pipeline.settings import PROJECT_ROOT
from pipeline.yaml_text import safe_load

WORDING: Final = PROJECT_ROOT / "reports" / "wording"


class Wording:
    """Variants by key ("findings.offline") and outcome ("falls") in one language."""

    def __init__(
        self,
        texts: Mapping[str, Any],
        path: Path,
        language: Language = ENGLISH,
        translations: Mapping[str, str] | None = None,
    ) -> None:
        self._texts = texts
        self._path = path
        self._translations = translations
        self._filler = _Filler(language)

    def say(self, key: str, outcome: str = "text", /, **values: str) -> str:
        """The variant of ``key`` for ``outcome`` with its places filled.

        Raises:
            ReportError: there is no such variant, or a place has no value or no such form.
        """
        template = self.template(key, outcome)
        try:
            return self._filler.vformat(template, (), values)
        except (KeyError, IndexError, ValueError) as error:
            raise ReportError(
                f"{self._path.name}: {key}: {outcome}: no value for {error}; "
                f"given are {', '.join(sorted(values)) or 'none'}"
            ) from error
        except ReportError as error:
            raise ReportError(f"{self._path.name}: {key}: {outcome}: {error}") from error

    def template(self, key: str, outcome: str = "text") -> str:
        """The variant as written."""
        found: Any = self._texts
        for part in key.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, str) and outcome == "text":
            return self._in_language(key, found)
        if not isinstance(found, Mapping) or not isinstance(found.get(outcome), str):
            raise ReportError(f"{self._path.name}: {key}: expected a variant {outcome!r}")
        return self._in_language(f"{key}.{outcome}", str(found[outcome]))

    def templates(self) -> dict[tuple[str, str], str]:
        """Every variant by key and outcome."""
        return {
            (key, outcome): self._in_language(joined(key, outcome), text)
            for (key, outcome), text in _walk(self._texts, "")
        }

    def _in_language(self, name: str, text: str) -> str:
        own = text if self._translations is None or not text else self._translations[name]
        return bound(own)


class _Filler(Formatter):
    """Fills a place with its value, or with the form of it that the place asks for."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if not format_spec:
            return str(value)
        if "|" in format_spec:
            return self._language.plural(str(value), format_spec.split("|"))
        return self._language.inflected(value, format_spec)


def load_wording(*paths: Path, language: Language = ENGLISH) -> Wording:
    """The wording of these files together; of the whole project when none is given.

    Raises:
        ReportError: a file is missing, or not a mapping of texts, or two have the same text; or a
            translation into ``language`` is missing, stale or of other places.
    """
    chosen = paths or english_files()
    texts = english_texts(chosen)
    path = chosen[0] if len(chosen) == 1 else WORDING
    if language is ENGLISH:
        return Wording(texts, path)
    return Wording(texts, path, language, translated(language, "report", sources_of(texts)))


def sources_of(texts: Mapping[str, Any]) -> dict[str, str]:
    """The English texts by name; where nothing is said there is nothing to translate."""
    named = {joined(key, outcome): text.strip() for (key, outcome), text in _walk(texts, "")}
    return {name: text for name, text in named.items() if text}


def english_texts(paths: Sequence[Path]) -> Mapping[str, Any]:
    """The English texts of these files together.

    Raises:
        ReportError: see ``load_wording``.
    """
    texts: Mapping[str, Any] = {}
    for path in paths:
        texts = _joined(texts, _read(path), path, "")
    return texts


def english_files() -> tuple[Path, ...]:
    """Where the sentences are written first."""
    return tuple(sorted(WORDING.glob("*.en.yaml")))


@cache
def _spoken(language: Language) -> Wording:
    return load_wording(language=language)


def said(key: str, outcome: str = "text", /, **values: str) -> str:
    """A text of the project's wording in the language that is in force."""
    return _spoken(in_force()).say(key, outcome, **values)


def joined(key: str, outcome: str) -> str:
    """The name of a variant: that of its key and of its outcome."""
    return f"{key}.{outcome}" if key else outcome


def _joined(
    texts: Mapping[str, Any], more: Mapping[str, Any], path: Path, prefix: str
) -> Mapping[str, Any]:
    """Both mappings as one, down to single texts, none of which stands in both."""
    joined = dict(texts)
    for name, value in more.items():
        known = joined.get(name)
        if isinstance(known, Mapping) and isinstance(value, Mapping):
            joined[name] = _joined(known, value, path, f"{prefix}{name}.")
        elif known is not None:
            raise ReportError(f"{path.name}: {prefix}{name}: another file has this text already")
        else:
            joined[name] = value
    return joined


@cache
def _read(path: Path) -> Mapping[str, Any]:
    try:
        texts = safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReportError(f"{path}: cannot be read as wording: {error}") from error
    if not isinstance(texts, Mapping):
        raise ReportError(f"{path}: expected a mapping of texts")
    for (key, outcome), template in _walk(texts, ""):
        _check(path, key, outcome, template)
    return texts


def bound(text: str) -> str:
    """The text with each percent sign held to its number by a space that does not break."""
    return text.strip().replace(" %", "\u00a0%")


def _walk(texts: Mapping[str, Any], prefix: str) -> list[tuple[tuple[str, str], str]]:
    found: list[tuple[tuple[str, str], str]] = []
    for name, value in texts.items():
        if isinstance(value, Mapping):
            found += _walk(value, joined(prefix, str(name)))
        else:
            found.append(((prefix, str(name)), value))
    return found


def _check(path: Path, key: str, outcome: str, template: object) -> None:
    if not isinstance(template, str):
        raise ReportError(f"{path.name}: {key}: {outcome}: expected a text, not {template!r}")
    try:
        list(Formatter().parse(template))
    except ValueError as error:
        raise ReportError(f"{path.name}: {key}: {outcome}: {error}") from error
