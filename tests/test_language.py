"""Languages: numbers, dates, lists, plurals and names as each says them."""

from datetime import date

import pytest

from pipeline import rounding
from pipeline.errors import ReportError
from pipeline.language import (
    CHINESE,
    ENGLISH,
    LANGUAGES,
    RUSSIAN,
    Language,
    Named,
    in_force,
    language_of,
    speaking,
)
from pipeline.report import labels
from pipeline.report.words import day, month
from pipeline.units import number_text, unit_after

MAY = date(2026, 5, 1)
SPACE = "\u00a0"


def test_english_is_in_force_unless_another_language_is_spoken() -> None:
    assert in_force() is ENGLISH
    with speaking(RUSSIAN):
        assert in_force() is RUSSIAN
    assert in_force() is ENGLISH


def test_a_language_that_fails_midway_does_not_stay_in_force() -> None:
    with pytest.raises(ZeroDivisionError), speaking(CHINESE):
        _ = 1 / 0
    assert in_force() is ENGLISH


@pytest.mark.parametrize(
    ("language", "number", "share", "sum_", "count"),
    [
        (ENGLISH, "12,345.7", f"42.1{SPACE}%", f"US$178{SPACE}billion", "nine"),
        (RUSSIAN, f"12{SPACE}345,7", f"42,1{SPACE}%", f"178{SPACE}млрд{SPACE}долл.{SPACE}США", "9"),
        (CHINESE, "12,345.7", "42.1%", "1,780亿美元", "9"),
    ],
)
def test_numbers_read_as_the_language_has_them(
    language: Language, number: str, share: str, sum_: str, count: str
) -> None:
    with speaking(language):
        assert rounding.text(12345.65, 1) == number
        assert labels.percent(42.05, 1) == share
        assert labels.dollars(178e9) == sum_
        assert labels.count(9) == count


@pytest.mark.parametrize(
    ("language", "whole", "of_month", "several"),
    [
        (ENGLISH, f"1{SPACE}May 2026", f"May{SPACE}2026", "A, B and C"),
        (RUSSIAN, f"1{SPACE}мая 2026\u202fг.", f"май{SPACE}2026\u202fг.", "A, B и C"),
        (CHINESE, "2026年5月1日", "2026年5月", "A、B和C"),
    ],
)
def test_dates_and_lists_read_as_the_language_has_them(
    language: Language, whole: str, of_month: str, several: str
) -> None:
    with speaking(language):
        assert (day(MAY), month(MAY)) == (whole, of_month)
        assert labels.listing(["A", "B", "C"]) == several


@pytest.mark.parametrize(
    ("number", "form"),
    [("1", "год"), ("2", "года"), ("5", "лет"), ("11", "лет"), ("21", "год"), ("2,5", "года"),
     (f"1{SPACE}004", "года"), ("0", "лет")],
)  # fmt: skip
def test_the_russian_plural_follows_the_number_as_it_reads(number: str, form: str) -> None:
    assert RUSSIAN.plural(number, ["год", "года", "лет"]) == form


@pytest.mark.parametrize(("number", "form"), [("one", "has"), ("None", "have"), ("13", "have")])
def test_the_english_plural_follows_words_too(number: str, form: str) -> None:
    assert ENGLISH.plural(number, ["has", "have"]) == form


def test_a_plural_needs_a_number_and_as_many_forms_as_the_language_has() -> None:
    with pytest.raises(ReportError, match="'some': expected a number"):
        RUSSIAN.plural("some", ["a", "b", "c"])
    with pytest.raises(ReportError, match="2 forms, expected 3"):
        RUSSIAN.plural("5", ["a", "b"])


def test_a_list_of_names_has_the_cases_of_its_names() -> None:
    names = [Named("Индия", {"gen": "Индии"}), Named("Китай", {"gen": "Китая"})]
    assert RUSSIAN.inflected(RUSSIAN.listing(names), "gen") == "Индии и Китая"
    assert RUSSIAN.listing(names) == "Индия и Китай"


def test_a_form_that_a_name_lacks_is_an_error() -> None:
    with pytest.raises(ReportError, match="'Индия': no form 'gen'"):
        RUSSIAN.inflected("Индия", "gen")


@pytest.mark.parametrize(("name", "read"), [("India", "India’s"), ("Philippines", "Philippines’")])
def test_an_english_name_has_a_possessive(name: str, read: str) -> None:
    assert ENGLISH.inflected(name, "possessive") == read


def test_a_language_that_the_report_does_not_speak_is_named() -> None:
    assert language_of("zh") is LANGUAGES["zh"]
    with pytest.raises(ReportError, match="language 'xx': expected one of en, ru, zh"):
        language_of("xx")


@pytest.mark.parametrize(
    ("value", "digits", "unit", "read"),
    [
        (880.0, 0, "million people", "8.8亿人"),
        (942.4, 0, "million people", "9.42亿人"),
        (150.0, 0, "billion US$", "1,500亿美元"),
        (7085.4, 1, "billion US$", "7.0854万亿美元"),
        (0.5, 1, "million US$", "50万美元"),
        (50.0, 0, "trillion yuan", "50万亿元"),
        (27.0, 0, "per million people", "27每百万人"),
    ],
)
def test_chinese_says_millions_by_its_own_scales(
    value: float, digits: int, unit: str, read: str
) -> None:
    with speaking(CHINESE):
        number = number_text(value, digits, unit)
        assert number + unit_after(unit, number) == read


def test_other_languages_keep_the_scale_of_a_unit() -> None:
    with speaking(RUSSIAN):
        number = number_text(880.0, 0, "million people")
        assert (number, unit_after("million people", number)) == ("880", "млн человек")
    assert number_text(7085.4, 1, "billion US$") == "7,085.4"


def test_a_line_of_russian_does_not_begin_with_a_dash_or_a_unit() -> None:
    held = RUSSIAN.held("Китай — 2 млрд долл. США за 2024 г.; 5 % и 3 п. п.")
    assert held.replace(SPACE, "~") == "Китай~— 2~млрд~долл.~США за 2024~г.; 5~% и 3~п.~п."
    assert ENGLISH.held("China – 2 million") == "China – 2 million"
