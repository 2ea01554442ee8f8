"""Labels: names, counts, amounts, periods and source lines as they read in English."""

from datetime import date

import pytest

from pipeline.report import labels
from pipeline.report.marts import CurrentSnapshot
from tests.report.small_warehouse import ReportWarehouse


@pytest.mark.parametrize(
    ("days", "read"),
    [
        (7, "month"),
        (30, "month"),
        (60, "two months"),
        (91, "three months"),
        (182, "six months"),
        (299, "ten months"),
        (300, "year"),
        (365, "year"),
        (699, "year"),
        (730, "two years"),
        (1095, "three years"),
    ],
)
def test_a_period_is_read_in_the_unit_that_people_use(days: int, read: str) -> None:
    assert labels.period(days) == read


@pytest.mark.parametrize(
    ("value", "read", "short"),
    [
        (999.4, "999", "999"),
        (999_499.0, "999,499", "999,499"),
        (999_500.0, "1 million", "1 m"),
        (1_250_000.0, "1.25 million", "1.25 m"),
        (12_500_000.0, "12.5 million", "12.5 m"),
        (712_500_000.0, "713 million", "713 m"),
        (999_600_000.0, "1 billion", "1 bn"),
        (178e9, "178 billion", "178 bn"),
        (2e12, "2 trillion", "2 tn"),
    ],
)
def test_an_amount_has_three_significant_digits_at_most(
    value: float, read: str, short: str
) -> None:
    assert labels.amount(value) == read.replace(" ", "\u00a0")
    assert labels.amount(value, short=True) == short.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Internet users", "internet users"),
        ("ICT goods", "ICT goods"),
        ("ИКТ-товары", "ИКТ-товары"),
        ("E-government", "e-government"),
        ("", ""),
    ],
)
def test_a_name_in_a_sentence_begins_small_unless_it_is_an_abbreviation(
    name: str, read: str
) -> None:
    assert labels.small(name) == read


@pytest.mark.parametrize(
    ("items", "read"),
    [
        ((), "none"),
        (("A",), "A"),
        (("A", "B"), "A and B"),
        (("A", "B", "C"), "A, B and C"),
    ],
)
def test_a_list_reads_as_in_a_sentence(items: tuple[str, ...], read: str) -> None:
    assert labels.listing(items) == read


def test_counts_are_words_up_to_twelve() -> None:
    assert [labels.count(n) for n in (0, 1, 12, 13, 1000)] == [
        "none", "one", "twelve", "13", "1,000",
    ]  # fmt: skip


def test_years_read_as_one_year_or_a_span() -> None:
    assert [labels.years(of) for of in ([], [2024, None], [2024, 2019, 2021])] == [
        "–", "2024", "2019–2024",
    ]  # fmt: skip


def test_names_are_in_alphabetical_order_whatever_their_codes(warehouse: ReportWarehouse) -> None:
    assert labels.names(warehouse.catalog, ("TJK", "CHN", "BLR")) == "Belarus, China and Tajikistan"


def snapshot(vintage: date, basis: str = "release date") -> CurrentSnapshot:
    return CurrentSnapshot("office", f"S{vintage}", vintage, basis, f"office/{vintage}")


def test_a_source_line_names_publisher_data_and_release(warehouse: ReportWarehouse) -> None:
    assert labels.source(warehouse.catalog, [snapshot(date(2026, 4, 8))]) == (
        "Invented Office, Invented Indicators, release of 8\u00a0April 2026"
    )


def test_the_day_of_a_copy_is_said_to_be_one(warehouse: ReportWarehouse) -> None:
    found = [
        snapshot(date(2026, 4, 8)),
        snapshot(date(2026, 2, 3), "date of the copy: an upper bound"),
    ]

    assert labels.source(warehouse.catalog, found).endswith(
        "release of 8\u00a0April 2026 and release current on 3\u00a0February 2026"
    )


def test_many_releases_are_counted(warehouse: ReportWarehouse) -> None:
    found = [snapshot(date(2026, month, 1)) for month in (1, 2, 3, 4)]

    assert labels.source(warehouse.catalog, found).endswith(
        "4 releases of 1\u00a0January 2026 to 1\u00a0April 2026"
    )
