"""Every variant of every sentence in every language, filled: also those that no figure has reached.

An outcome that the bundled figures do not have is otherwise first said on the day on which it
comes, and a place that cannot be filled would then stop the edition.
"""

import re
from decimal import Decimal
from string import Formatter

import pytest

from pipeline import rounding
from pipeline.catalog.models import Catalog
from pipeline.catalog.translated import in_language
from pipeline.language import LANGUAGES, Language, Named, speaking
from pipeline.report.build import exhibit_ids
from pipeline.report.wording import prose
from pipeline.report.words import page_sources, page_words
from pipeline.units import unit_text
from pipeline.wording import Wording, load_wording

NUMBERS = ("0", "1", "2", "5", "21", "1.5", "1234")
"""One of each plural form that the languages have, a fraction and one with a group of digits."""
BROKEN = re.compile(r"[{}|]|  |\(\)|（）")


@pytest.fixture(scope="module", params=list(LANGUAGES))
def language(request: pytest.FixtureRequest) -> Language:
    return LANGUAGES[request.param]


@pytest.fixture(scope="module")
def wording(language: Language) -> Wording:
    return load_wording(language=language)


def values(template: str, number: str, language: Language) -> dict[str, str]:
    """Something for each place: a number in the language's own signs, or a name in all cases."""
    found: dict[str, str] = {}
    for _, name, form, _ in Formatter().parse(template):
        if name and (name not in found or form):
            is_number = not form or "|" in form
            figure = language.digits(Decimal(number), grouped=True)
            found[name] = figure if is_number else Named("Name", dict.fromkeys(language.cases, "N"))
    return found


@pytest.mark.parametrize("number", NUMBERS)
def test_every_variant_can_be_said_with_every_number(
    language: Language, wording: Wording, number: str
) -> None:
    templates = wording.templates()
    assert len(templates) > 500
    with speaking(language):
        for (key, outcome), template in templates.items():
            given = values(template, number, language)
            said = (
                wording.say(key, outcome, **given) if key else wording.say(outcome, "text", **given)
            )
            marked = "".join(span.text for span in prose(said, {}))
            assert not BROKEN.search(marked), (key, outcome, said)


def test_numbers_in_words_choose_a_form_too(language: Language) -> None:
    forms = [f"form {n}" for n in range(len(language.plural_forms))]
    # One more than there are words, which a language without any says in digits like the others.
    for n in range(len(language.small_numbers) + 1):
        assert language.plural(language.count(n, str(n)).capitalize(), forms) in forms


def test_figures_as_the_report_writes_them_choose_a_form(language: Language) -> None:
    forms = [f"form {n}" for n in range(len(language.plural_forms))]
    with speaking(language):
        for value in (0.0, 1.0, -1.5, 0.004, 12_345_678.9):
            for digits in (0, 1, 2):
                assert language.plural(rounding.text(value, digits), forms) in forms
                assert language.plural(rounding.text(value, digits, sign=True), forms) in forms


def test_every_unit_has_a_form_for_every_number(language: Language, catalog: Catalog) -> None:
    told = in_language(catalog, language)
    units = {i.unit for i in told.indicators.values()} | {c.unit for c in told.concepts.values()}
    with speaking(language):
        for unit in units:
            for number in NUMBERS:
                shown = unit_text(unit, language.digits(Decimal(number), grouped=True))
                assert shown, unit
                assert not BROKEN.search(shown), (unit, shown)


def test_every_figure_that_a_sentence_refers_to_can_be_there(wording: Wording) -> None:
    known = set(exhibit_ids())
    for name, template in wording.templates().items():
        named = set(re.findall(r"\[#([\w.-]+)\]", template))
        assert named <= known, (name, named - known)


def test_every_word_of_a_page_can_be_filled(language: Language) -> None:
    english = page_sources()
    for key, text in page_words(language.code).items():
        places = {name for _, name, _, _ in Formatter().parse(text) if name}
        wanted = {name for _, name, _, _ in Formatter().parse(english[f"page.{key}"]) if name}
        assert places == wanted, key
