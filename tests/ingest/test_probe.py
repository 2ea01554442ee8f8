"""A probe: one digest for what the headline series say now, and few requests for it."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from pipeline.catalog.models import Catalog
from pipeline.ingest.probe import MAX_SERIES, Probe, probe
from tests.doubles.http_double import html
from tests.doubles.live_catalog import WDI, fast_settings, live_catalog, live_indicator
from tests.doubles.world_bank import ARCHIVED, WorldBankDouble

NET, POP = "IT.NET.USER.ZS", "SP.POP.TOTL"
ProbeIt = Callable[..., Probe]


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    with WorldBankDouble({NET: {("CHN", 2024): "91.6"}, POP: {("CHN", 2024): "14"}}) as started:
        yield started


@pytest.fixture
def look(double: WorldBankDouble, tmp_path: Path) -> ProbeIt:
    headline = live_catalog(live_indicator(NET, headline=True), live_indicator(POP))

    def do(catalog: Catalog = headline) -> Probe:
        settings = fast_settings(double.url, tmp_path)
        return probe(catalog, settings, today=date(2026, 11, 24))

    return do


def test_the_same_answers_have_the_same_digest(look: ProbeIt) -> None:
    assert look() == look()


def test_a_value_that_changes_under_an_unchanged_date_changes_the_digest(
    look: ProbeIt, double: WorldBankDouble
) -> None:
    before = look()
    double.series[NET]["CHN", 2024] = "91.60"

    assert look().digests != before.digests


def test_a_date_that_changes_changes_the_digest(look: ProbeIt, double: WorldBankDouble) -> None:
    before = look()
    double.updated = "2026-10-01"

    assert look().digests != before.digests


def test_only_headline_series_and_their_newest_years_are_asked_for(
    look: ProbeIt, double: WorldBankDouble
) -> None:
    look()

    (asked,) = double.asked
    assert urlsplit(asked).path == f"/v2/country/BLR;CHN;TJK;WLD/indicator/{NET}"
    assert parse_qs(urlsplit(asked).query)["date"] == ["2022:2026"]


def test_without_headlines_a_few_series_are_asked_for(
    look: ProbeIt, double: WorldBankDouble
) -> None:
    codes = [f"X.{n}" for n in range(20)]
    double.series.update({code: {("CHN", 2024): "1"} for code in codes})

    seen = look(live_catalog(*(live_indicator(code) for code in codes)))
    (asked,) = double.asked
    assert len(urlsplit(asked).path.split("/")[-1].split(";")) == MAX_SERIES
    assert seen.summary == f"{MAX_SERIES} series of World Bank"


def test_a_publisher_that_cannot_be_had_has_no_digest(
    look: ProbeIt, double: WorldBankDouble
) -> None:
    double.fail(NET, html(502), times=None)

    seen = look()
    assert (seen.digests, list(seen.silent)) == ({}, [WDI])
    assert "502 Bad Gateway" in seen.silent[WDI]
    assert double.count() == 2


def test_a_refusal_is_a_part_of_what_is_said(look: ProbeIt, double: WorldBankDouble) -> None:
    before = look()
    double.fail(NET, ARCHIVED, times=None)

    refused = look()
    assert refused.digests != before.digests
    assert look() == refused
