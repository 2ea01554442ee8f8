"""The suites in another language: the same expectations; what a table is and why each is there.

Ids, kinds, arguments and queries stay as they are. What is made from the catalogue is made in the
language; what stands in ``expectations/`` is translated by the key of its table and its id.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.catalog.models import Catalog
from pipeline.catalog.translated import in_language
from pipeline.language import Language, speaking
from pipeline.messages import translated
from pipeline.validation.generated import complete
from pipeline.validation.model import Suite
from pipeline.validation.results import Results, SuiteResult


def sources(written: Iterable[Suite]) -> dict[str, str]:
    """The English texts of suites by key: "core.current", "core.current.no_value_lost"."""
    return {key: text for suite in written for key, text in _texts(suite).items()}


def suites_in(
    language: Language, written: Sequence[Suite], catalog: Catalog
) -> Mapping[str, Suite]:
    """The suites by table, as ``load_suites`` gives them, in ``language``.

    Args:
        language: another than English.
        written: all suites as their files have them.
        catalog: in English.

    Raises:
        ReportError: a translation is missing, stale or wrong.
    """
    said = translated(language, "checks", sources(written))
    suites = [_said(suite, said) for suite in written]
    known = in_language(catalog, language)
    with speaking(language):
        return {suite.table: complete(suite, known) for suite in suites}


def retold(results: Results, suites: Mapping[str, Suite]) -> dict[str, SuiteResult]:
    """The same results with the texts of these suites, which hold all that was judged."""
    return {table: _retold(suite, suites[table]) for table, suite in results.items()}


def _retold(result: SuiteResult, suite: Suite) -> SuiteResult:
    why = {expectation.id: expectation.why for expectation in suite.expectations}
    return replace(
        result,
        about=suite.about,
        results=tuple(
            replace(r, expectation=replace(r.expectation, why=why[r.expectation.id]))
            for r in result.results
        ),
    )


def _texts(suite: Suite) -> dict[str, str]:
    return {suite.table: suite.about} | {_key(suite, e.id): e.why for e in suite.expectations}


def _said(suite: Suite, said: Mapping[str, str]) -> Suite:
    return replace(
        suite,
        about=said[suite.table],
        expectations=tuple(replace(e, why=said[_key(suite, e.id)]) for e in suite.expectations),
    )


def _key(suite: Suite, name: str) -> str:
    return f"{suite.table}.{name}"
