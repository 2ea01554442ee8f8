"""The fixed words of a page and how single values read: buttons, headings, cells of a table.

HTML and PDF both take them from here, so that a figure reads alike in the two. What an edition
says (titles, findings, prose) is content and does not belong here.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from pipeline import rounding
from pipeline.errors import ReportError
from pipeline.language import ENGLISH, in_force, language_of
from pipeline.messages import translated
from pipeline.report.content import Column, Exhibit, Value
from pipeline.settings import PROJECT_ROOT

WORDING_DIR: Final = PROJECT_ROOT / "reports" / "wording"
PAGE: Final = "page"
"""Before the keys of these words among the messages that are translated."""


@cache
def page_words(language: str, directory: Path = WORDING_DIR) -> Mapping[str, str]:
    """The fixed words of ``language`` by key.

    Raises:
        ReportError: there is no wording in this language, or it is not a JSON object of texts.
    """
    read, spoken = _english(directory), language_of(language)
    if spoken is ENGLISH:
        return read
    found = translated(spoken, "report", page_sources(directory))
    return {key: found[f"{PAGE}.{key}"] for key in read}


def page_sources(directory: Path = WORDING_DIR) -> dict[str, str]:
    """The English words by the key of their message."""
    return {f"{PAGE}.{key}": text for key, text in _english(directory).items()}


def _english(directory: Path) -> dict[str, str]:
    path = directory / f"page.{ENGLISH.code}.json"
    try:
        read = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: the words of a page: {error}") from error
    if not isinstance(read, dict) or not all(isinstance(text, str) for text in read.values()):
        raise ReportError(f"{path}: expected one JSON object of texts by key")
    return read


def day(when: date) -> str:
    """A date as running text, "1 May 2026", its first space unbreakable: no locale is asked."""
    return in_force().day(when)


def month(when: date) -> str:
    """The month of a day, "May 2026"."""
    return in_force().month(when)


def file_name(kind: str, language: str, stem: str = "report") -> str:
    """What a file in a language is called in its folder: "report.html", "report.ru.html"."""
    middle = "" if language == ENGLISH.code else f".{language}"
    return f"{stem}{middle}.{kind}"


def checks_page(language: str) -> str:
    """What the page of checks is called in the folder of an edition."""
    return file_name("html", language, "validation")


def label(exhibit: Exhibit, words: Mapping[str, str]) -> str:
    """ "Figure 3" or "Table 1"."""
    return words["numbered"].format(kind=words[exhibit.kind], number=exhibit.number)


def cell(value: Value, column: Column, words: Mapping[str, str]) -> str:
    """``value`` as a table shows it: numbers half-up to the column's digits, missing as a dash."""
    if value is None:
        return rounding.NO_VALUE
    if isinstance(value, bool):
        return words["yes" if value else "no"]
    if isinstance(value, str):
        return value
    if column.kind == "year":
        return str(int(value))
    if column.kind == "date":
        return rounding.text(value, column.digits, grouped=False)
    return rounding.text(value, column.digits)


def heading(column: Column) -> str:
    """The label of a column with its unit, as it heads a table or a file."""
    return in_force().comma.join((column.label, column.unit)) if column.unit else column.label
