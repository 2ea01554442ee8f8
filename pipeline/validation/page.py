"""The results as one HTML page: every expectation, why it is there, what was observed, which rows.

What belongs here: what the template is given. Its look stands in ``reports/templates``, in the
style of the report, its words in ``reports/wording``. It loads nothing and takes the reader's own
fonts but for Chinese signs, so that it stays small.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from pipeline.language import ENGLISH, Language, in_force, language_of, speaking
from pipeline.report.html import render_small
from pipeline.report.words import checks_page, file_name, page_words
from pipeline.rounding import NO_VALUE
from pipeline.validation.kinds import SEVERITIES, Severity
from pipeline.validation.results import (
    Cell,
    ExpectationResult,
    Results,
    SuiteResult,
    badness,
)
from pipeline.validation.words import number, whole
from pipeline.wording import said

TEMPLATE: Final = "validation.html.j2"
CELL_DIGITS: Final = 10
"""Significant digits in an offending row: enough to see what is wrong by a rounding error."""


def render_validation(
    results: Results,
    *,
    edition: str = "",
    language: Language = ENGLISH,
    others: Sequence[str] = (),
    templates_dir: Path | None = None,
) -> str:
    """The page of all results: those that did not hold first and open, the others folded.

    Args:
        results: of one run, by table, with texts in the language (``translated.retold``).
        edition: id of the edition whose folder the page lies in; without one it links no report.
        language: of the page.
        others: codes of the other languages that the edition has it in.
        templates_dir: markup and style; the project's own when not given.

    Raises:
        ReportError: the template or a font is missing or wrong.
    """
    with speaking(language):
        tables = [_table(suite) for _, suite in sorted(results.items())]
        checks = [c for table in tables for c in table.checks]
        broken = [c for c in checks if not c.result.success]
        return render_small(
            TEMPLATE,
            language,
            others=others,
            templates_dir=templates_dir,
            edition=edition,
            page_in=[(language_of(code), checks_page(code)) for code in others],
            report=file_name("html", language.code),
            tables=tables,
            severities=SEVERITIES,
            count=_Count.of(checks),
            failed=sorted(broken, key=lambda c: badness(c.result)),
            whole=whole,
            say=_say,
        )


def _say(key: str, outcome: str = "text", **values: str) -> str:
    return said(f"checks.{key}", outcome, **values)


@dataclass(frozen=True)
class _Shown:
    text: str
    is_number: bool


@dataclass(frozen=True)
class _CheckView:
    """What the template needs of an expectation beside its result."""

    result: ExpectationResult
    anchor: str
    call: str
    """Kind and arguments."""
    asks: str
    """The query, where this expectation is the first of its table that has it."""
    shares: str
    """Otherwise the anchor of that first one."""
    columns: tuple[_Shown, ...]
    rows: tuple[tuple[_Shown, ...], ...]

    @property
    def state(self) -> str:
        """``passed``, or the severity of what failed."""
        return "passed" if self.result.success else self.result.expectation.severity


@dataclass(frozen=True)
class _Count:
    """How many expectations there are, how many held, and how many did not by severity."""

    total: int
    passed: int
    failed: dict[Severity, int]

    @classmethod
    def of(cls, checks: Sequence[_CheckView]) -> Self:
        return cls(
            total=len(checks),
            passed=sum(c.result.success for c in checks),
            failed={s: sum(c.state == s for c in checks) for s in SEVERITIES},
        )


@dataclass(frozen=True)
class _TableView:
    name: str
    about: str
    checks: tuple[_CheckView, ...]
    """Those that failed first, worst first."""

    @property
    def count(self) -> _Count:
        return _Count.of(self.checks)


def _table(suite: SuiteResult) -> _TableView:
    checks = list(_checks(suite))
    checks.sort(key=lambda c: (c.result.success, 0 if c.result.success else badness(c.result)))
    return _TableView(suite.table, suite.about, tuple(checks))


def _checks(suite: SuiteResult) -> Iterator[_CheckView]:
    first_with: dict[str | None, str] = {None: ""}
    for result in suite.results:
        expectation = result.expectation
        anchor = f"{suite.table}-{expectation.id}"
        shares = first_with.setdefault(expectation.query, anchor)
        names = tuple(result.rows[0]) if result.rows else ()
        rows = tuple(tuple(_shown(row.get(name)) for name in names) for row in result.rows)
        yield _CheckView(
            result=result,
            anchor=anchor,
            call=_call(result),
            asks=(expectation.query or "") if shares == anchor else "",
            shares="" if shares == anchor else shares,
            columns=tuple(
                _Shown(name, any(cells[n].is_number for cells in rows))
                for n, name in enumerate(names)
            ),
            rows=rows,
        )


def _call(result: ExpectationResult) -> str:
    arguments = ", ".join(
        f"{name}={json.dumps(value, ensure_ascii=False)}"
        for name, value in result.expectation.kwargs.items()
    )
    return f"{result.expectation.type}({arguments})"


def _shown(value: Cell) -> _Shown:
    if value is None:
        return _Shown(NO_VALUE, is_number=False)
    if isinstance(value, bool):
        return _Shown(page_words(in_force().code)["yes" if value else "no"], is_number=False)
    if isinstance(value, str):
        return _Shown(value, is_number=False)
    # A whole number may be a year: its thousands stay together.
    shown = str(value) if isinstance(value, int) else number(value, CELL_DIGITS)
    return _Shown(shown, is_number=True)
