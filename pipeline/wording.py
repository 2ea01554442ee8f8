"""Sentences as variants in YAML: which one is said follows from the figures, never by hand.

A sentence has named places for numbers and no number of its own. Here the variants are read,
checked, chosen by name and filled; which outcome there is, and the markup, is others' work.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final

import yaml

from pipeline.errors import ReportError
from pipeline.settings import PROJECT_ROOT

WORDING: Final = PROJECT_ROOT / "reports" / "wording"


class Wording:
    """Variants by key ("findings.offline") and outcome ("falls")."""

    def __init__(self, texts: Mapping[str, Any], path: Path) -> None:
        self._texts = texts
        self._path = path

    def say(self, key: str, outcome: str = "text", /, **values: str) -> str:
        """The variant of ``key`` for ``outcome`` with its places filled.

        Raises:
            ReportError: there is no such variant, or a place has no value.
        """
        template = self.template(key, outcome)
        try:
            return template.format(**values)
        except (KeyError, IndexError, ValueError) as error:
            raise ReportError(
                f"{self._path.name}: {key}: {outcome}: no value for {error}; "
                f"given are {', '.join(sorted(values)) or 'none'}"
            ) from error

    def template(self, key: str, outcome: str = "text") -> str:
        """The variant as written."""
        found: Any = self._texts
        for part in key.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        if isinstance(found, str) and outcome == "text":
            return _bound(found)
        if not isinstance(found, Mapping) or not isinstance(found.get(outcome), str):
            raise ReportError(f"{self._path.name}: {key}: expected a variant {outcome!r}")
        return _bound(str(found[outcome]))

    def templates(self) -> dict[tuple[str, str], str]:
        """Every variant by key and outcome."""
        return {key: _bound(text) for key, text in _walk(self._texts, "")}


def load_wording(*paths: Path) -> Wording:
    """The wording of these files together; of the whole project when none is given.

    Raises:
        ReportError: a file is missing, or not a mapping of texts, or two have the same text.
    """
    chosen = paths or tuple(sorted(WORDING.glob("*.en.yaml")))
    texts: Mapping[str, Any] = {}
    for path in chosen:
        texts = _joined(texts, _read(path), path, "")
    return Wording(texts, chosen[0] if len(chosen) == 1 else WORDING)


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
        texts = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReportError(f"{path}: cannot be read as wording: {error}") from error
    if not isinstance(texts, Mapping):
        raise ReportError(f"{path}: expected a mapping of texts")
    for (key, outcome), template in _walk(texts, ""):
        _check(path, key, outcome, template)
    return texts


def _bound(text: str) -> str:
    """The text with each percent sign held to its number by a space that does not break."""
    return text.strip().replace(" %", "\u00a0%")


def _walk(texts: Mapping[str, Any], prefix: str) -> list[tuple[tuple[str, str], str]]:
    found: list[tuple[tuple[str, str], str]] = []
    for name, value in texts.items():
        key = f"{prefix}.{name}" if prefix else str(name)
        if isinstance(value, Mapping):
            found += _walk(value, key)
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
