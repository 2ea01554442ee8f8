"""Translations: whole, true to their source, and a mistake in one named by file, key and place."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from pipeline import messages as gettext
from pipeline import translations
from pipeline.catalog.models import Catalog
from pipeline.catalog.translated import in_language
from pipeline.editions.languages import asked_for, unspoken, whole
from pipeline.errors import ReportError, SettingsError
from pipeline.inputs import EditionInputs
from pipeline.language import CHINESE, ENGLISH, RUSSIAN, Language, speaking
from pipeline.messages import Message, po_file, problems, translated
from pipeline.report.why import in_words
from pipeline.report.wording import prose
from pipeline.units import unit_text
from pipeline.wording import load_wording

OTHERS = [RUSSIAN, CHINESE]


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.code)
def test_every_text_is_translated_and_nothing_is_left_over(language: Language) -> None:
    assert translations.found(language) == {"report": [], "catalog": [], "checks": []}


@pytest.mark.parametrize("language", OTHERS, ids=lambda one: one.code)
def test_the_files_are_as_the_command_writes_them(language: Language) -> None:
    for domain in gettext.DOMAINS:
        path = po_file(language, domain)
        known = gettext.messages(path, language.locale_id)
        texts = translations.sources(domain, language)
        assert path.read_bytes() == translations.po_text(language, domain, texts, known)


def test_the_templates_are_as_the_command_writes_them() -> None:
    for domain in gettext.DOMAINS:
        texts = translations.sources(domain, ENGLISH)
        written = translations.po_text(None, domain, texts, {})
        assert (gettext.LOCALES / f"{domain}.pot").read_bytes() == written


@pytest.mark.parametrize(
    ("source", "translation", "said"),
    [
        ("{n} of {m}", Message("{n} of {m}", "", False), "k: missing: '{n} of {m}'"),
        ("{n} of {m}", Message("{n} in {m}", "x", False), "k: stale: translated from '{n} in {m}'"),
        ("{n} of {m}", Message("{n} of {m}", "{n} из {m}", True), "k: stale"),
        ("{n} of {m}", Message("{n} of {m}", "{n}", False), "k: wrong: the place {m} is missing"),
        ("{n}", Message("{n}", "{n} {x}", False), "k: wrong: the place {x} is none of"),
        ("{n}", Message("{n}", "{n:год|лет}", False), "expected 3 plural forms"),
        ("{n}", Message("{n}", "{n:acc}", False), "or one of the cases gen"),
        ("see [#a]", Message("see [#a]", "см. [#b]", False), "refers to [#b]"),
        ("{n}", Message("{n}", "{n", False), "k: wrong"),
    ],
)
def test_a_translation_that_does_not_fit_is_told(
    source: str, translation: Message, said: str
) -> None:
    found = list(problems(RUSSIAN, {"k": source}, {"k": translation}))
    assert len(found) == 1
    assert said in str(found[0])


def test_a_translation_that_fits_is_no_problem() -> None:
    fits = Message("{n} of {s} [#a]", "{n:год|года|лет} {n}: {s:gen} [#a]", False)
    assert list(problems(RUSSIAN, {"k": fits.source}, {"k": fits})) == []


Tear = Callable[[gettext.Domain, str], Path]


@pytest.fixture
def tear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tear]:
    """Takes a text out of a copy of the Russian translations, which then are the project's."""

    def _tear(torn: gettext.Domain, key: str) -> Path:
        for language in OTHERS:
            for domain in gettext.DOMAINS:
                text = po_file(language, domain).read_text("utf-8")
                if language is RUSSIAN and domain == torn:
                    before, _, rest = text.partition(f'msgctxt "{key}"\n')
                    _, _, rest = rest.partition("\n\n")
                    text = before + rest
                path = tmp_path / language.code / "LC_MESSAGES" / f"{domain}.po"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        monkeypatch.setattr(gettext, "LOCALES", tmp_path)
        gettext.messages.cache_clear()
        return tmp_path

    yield _tear
    gettext.messages.cache_clear()


def test_an_expectation_without_its_why_leaves_the_language_out(tear: Tear) -> None:
    tear("checks", "core.snapshots.hash_is_one")
    broken = unspoken("ru zh")
    assert list(broken) == ["ru"]
    assert "ru/LC_MESSAGES/checks.po: core.snapshots.hash_is_one: missing" in broken["ru"]


def test_a_missing_text_fails_its_language_with_file_and_key_and_no_other(tear: Tear) -> None:
    tear("report", "title")
    with pytest.raises(ReportError, match=r"ru/LC_MESSAGES/report\.po: title: missing"):
        load_wording(language=RUSSIAN)
    assert whole("all") == ("zh",)
    assert list(unspoken("ru zh")) == ["ru"]
    assert load_wording(language=CHINESE).say("title", bloc="X") == "X的数字经济"
    assert load_wording().say("title", bloc="X") == "The digital economy of the X"


def test_a_file_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gettext, "LOCALES", tmp_path)
    with pytest.raises(ReportError, match=r"report\.po: cannot be read as translations"):
        translated(RUSSIAN, "report", {"k": "text"})


def test_languages_are_asked_for_by_code_or_all_at_once() -> None:
    assert [one.code for one in asked_for("all")] == ["ru", "zh"]
    assert [one.code for one in asked_for("zh en")] == ["zh"]
    assert asked_for("") == ()
    with pytest.raises(SettingsError, match="language 'xx': expected all, or some of en, ru, zh"):
        asked_for("xx")


def test_the_catalogue_keeps_all_but_its_texts(catalog: Catalog) -> None:
    told = in_language(catalog, RUSSIAN)
    india = told.economies["IND"]
    assert (india.name, RUSSIAN.inflected(india.name, "gen")) == ("Индия", "Индии")
    assert told.indicators["IT.NET.USER.ZS"].unit == "% of population"
    assert told.claims["C07"].expression == catalog.claims["C07"].expression
    assert in_language(catalog, ENGLISH) is catalog


def test_a_unit_takes_the_form_of_its_number() -> None:
    assert unit_text("years", "24") == "years"
    with speaking(RUSSIAN):
        assert [unit_text("years", n) for n in ("1", "24", "")] == ["год", "года", "лет"]


def test_a_reason_of_the_marts_is_known_again_and_said_in_the_language() -> None:
    reason = "no recent value: the newest is for 2011, 15 years back; at most 3"
    assert in_words(reason) == reason
    with speaking(CHINESE):
        assert in_words(reason) == "无近期数值：最新为2011年，距今15年；上限为3"
        with pytest.raises(ReportError, match="reason 'because'"):
            in_words("because")


def test_an_aside_in_wide_brackets_is_one_too() -> None:
    said = prose("甲（[#a]、[#b]）。", {"a": "图1"})
    assert "".join(span.text for span in said) == "甲（图1）。"
    assert prose("甲（[#b]）。", {}) == prose("甲。", {})


def test_the_languages_of_an_edition_belong_to_its_inputs() -> None:
    one = EditionInputs(date(2026, 5, 1), {"a": "1"}, "a", "b", "c", "d")
    two = EditionInputs(date(2026, 5, 1), {"a": "1"}, "a", "b", "c", "d", languages=("ru",))
    assert "languages" not in one.as_json()
    assert one.edition != two.edition
    assert EditionInputs.from_json(two.as_json()) == two
