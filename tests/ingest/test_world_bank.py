"""The World Bank's connector: what it asks, how pages make a series, and what is refused.

That a series has every cell that was asked for is in ``test_world_bank_grid``, damaged bodies are
in ``test_world_bank_damage``.
"""

import json
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path
from string import ascii_uppercase
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import observations
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import world_bank
from pipeline.ingest.world_bank import Question, plan
from tests.doubles.http_double import Fault
from tests.doubles.live_catalog import ECONOMIES, live_indicator
from tests.doubles.world_bank import (
    ARCHIVED,
    INVALID_VALUE,
    XML_160,
    Values,
    WorldBankDouble,
    head,
)
from tests.ingest.made_up import cells
from tests.ingest.world_bank_series import NET, VALUES, YEARS, FetchIt, fetching, read


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    series: dict[str, Values] = {NET: VALUES, "GOV_WGI_GE.EST": {("CHN", 2023): "0.67"}}
    with WorldBankDouble(series, sources={"GOV_WGI_GE.EST": 3}) as started:
        yield started


@pytest.fixture
def ask(double: WorldBankDouble, tmp_path: Path) -> FetchIt:
    return fetching(double, tmp_path)


class TestQuestions:
    """What is asked."""

    def test_years_are_explicit_and_nothing_else_is_asked_for(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        ask()

        url = urlsplit(double.asked[0])
        assert url.path == f"/v2/country/BLR;CHN;TJK;WLD/indicator/{NET}"
        assert parse_qs(url.query) == {
            "format": ["json"],
            "date": ["1990:2026"],
            "per_page": ["20000"],
            "page": ["1"],
        }

    def test_a_recoded_indicator_is_asked_for_by_its_live_code_and_source(self) -> None:
        recoded = live_indicator("GE.EST", live_code="GOV_WGI_GE.EST", live_source=3)

        (question,) = plan([recoded], ["CHN"], (2000, 2020))
        assert "/indicator/GOV_WGI_GE.EST?" in question.url("x", 1)
        assert "&source=3&" in question.url("x", 1)

    @pytest.mark.parametrize("number", [1, 374, 375, 376, 1500])
    def test_batches_hold_every_economy_once_within_the_publishers_limits(
        self, number: int
    ) -> None:
        economies = sorted(islice(map("".join, product(ascii_uppercase, repeat=3)), number))
        questions = plan([live_indicator(NET)], economies, YEARS)

        assert [e for q in questions for e in q.economies] == economies
        for question in questions:
            url = question.url("https://api.worldbank.org/v2", 99)
            assert max(map(len, url.split("/"))) <= 1500
            assert len(url) <= 4000

    @given(
        st.lists(st.from_regex(r"[A-Z]{3}", fullmatch=True), min_size=1, max_size=5),
        st.integers(1, 99),
        st.none() | st.integers(1, 99),
    )
    def test_an_archived_request_says_what_was_asked(
        self, economies: list[str], page: int, source: int | None
    ) -> None:
        question = Question((NET,), tuple(economies), 1990, 2026, source)

        assert Question.of(question.url("https://example.org/v2", page)) == (question, page)

    def test_where_there_are_no_economies_nothing_is_asked(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        everybody = double.answer(f"/v2/country//indicator/{NET}?format=json&date=2020:2020").body
        assert json.loads(everybody or b"")[0]["total"] > len(ECONOMIES)

        assert ask(economies=()).bodies == ()
        assert double.count() == 0

    def test_other_requests_are_not_ours(self) -> None:
        assert Question.of("https://example.org/v2/country/CHN/indicator/X?mrv=1") is None


class TestSeries:
    """How pages make a series."""

    def test_values_come_with_the_digits_of_the_publisher(self, ask: FetchIt) -> None:
        frame = read(ask())

        assert cells(frame) == VALUES
        assert set(frame["indicator"]) == {NET}
        assert tuple(frame.columns) == observations.COLUMNS
        pd.testing.assert_series_equal(frame.dtypes, observations.empty().dtypes)

    def test_bodies_are_archived_as_received(self, ask: FetchIt, double: WorldBankDouble) -> None:
        fetched = ask()

        assert fetched.bodies == tuple(double.answer(asked).body for asked in double.asked)
        assert [url.removeprefix(double.url) for url in fetched.requests] == [
            asked.removeprefix("/v2") for asked in double.asked
        ]

    def test_all_pages_are_fetched(
        self, ask: FetchIt, double: WorldBankDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(world_bank, "ROWS_PER_PAGE", 40)

        fetched = ask()
        assert double.count() == 4  # 4 economies × 36 years, the last page shorter
        assert [len(json.loads(body)[1]) for body in fetched.bodies] == [40, 40, 40, 24]
        assert cells(read(fetched)) == VALUES

    def test_batches_are_joined(
        self, ask: FetchIt, double: WorldBankDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(world_bank, "MAX_PATH_SEGMENT", 7)

        fetched = ask()
        assert [urlsplit(asked).path.split("/")[3] for asked in double.asked] == [
            "BLR;CHN",
            "TJK;WLD",
        ]
        assert cells(read(fetched)) == VALUES

    def test_a_recoded_indicator_keeps_the_catalogues_code(self, ask: FetchIt) -> None:
        recoded = live_indicator("GE.EST", live_code="GOV_WGI_GE.EST", live_source=3)

        frame = read(ask(recoded))
        assert frame[["indicator", "economy", "value"]].values.tolist() == [
            ["GE.EST", "CHN", "0.67"]
        ]

    def test_years_that_the_database_does_not_hold_yet_may_be_absent(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        double.years = (1960, 2024)

        assert cells(read(ask())) == VALUES

    def test_a_survey_may_hold_any_years(self, ask: FetchIt, double: WorldBankDouble) -> None:
        double.sources[NET] = 28
        double.years = (2011, 2024)

        assert cells(read(ask(live_indicator(NET, live_source=28)))) == VALUES

    def test_a_survey_holds_the_years_of_its_waves_only(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        waves = (2011, 2014, 2017, 2021, 2024)
        double.sources["g20.any"], double.waves["g20.any"] = 28, waves
        double.series["g20.any"] = {("BLR", 2014): "3", **{("CHN", year): "5" for year in waves}}

        fetched = ask(live_indicator("g20.any", live_source=28))
        assert [urlsplit(url).query for url in fetched.requests] == [
            "format=json&date=1990:2026&per_page=20000&source=28&page=1"
        ]
        assert len(json.loads(fetched.bodies[0])[1]) == len(waves) * len(ECONOMIES)
        assert cells(read(fetched)) == double.series["g20.any"]

    def test_a_wave_that_lacks_an_economy_is_not_whole(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        double.sources[NET], double.waves[NET] = 28, (2017, 2023)
        double.fail(NET, Fault(change=lambda reply: [reply[0] | {"total": 7}, reply[1][:-1]]))

        with pytest.raises(
            ReadError, match="no row for TJK 2017; 7 rows, expected 4 economies × 2 years"
        ):
            read(ask(live_indicator(NET, live_source=28)))

    def test_a_survey_that_another_database_answers_is_refused(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        double.sources[NET] = 28
        double.fail(NET, head(sourceid="14"))

        with pytest.raises(ReadError, match="is of source 14, expected 28"):
            read(ask(live_indicator(NET, live_source=28)))

    def test_a_code_may_be_answered_from_another_database_unasked(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        double.years = (2011, 2024)
        double.fail(NET, head(sourceid="63"))

        assert cells(read(ask())) == {**VALUES, ("BLR", 2023): "91.5"}

    def test_the_publishers_date_is_noted(self, ask: FetchIt) -> None:
        assert ask().says == "lastupdated 2026-07-13"


class TestRefusals:
    """The publisher's errors, which come with status 200."""

    @pytest.mark.parametrize(
        ("fault", "told"), [(INVALID_VALUE, "120"), (ARCHIVED, "175"), (XML_160, "160")]
    )
    def test_are_recognised_and_not_asked_again(
        self, ask: FetchIt, double: WorldBankDouble, fault: Fault, told: str
    ) -> None:
        double.fail(NET, fault, times=None)

        with pytest.raises(SourceError, match=f"the publisher's message {told}, "):
            ask()
        assert double.count() == 1

    def test_a_code_that_was_moved_away_is_archived(self, ask: FetchIt) -> None:
        with pytest.raises(SourceError, match="message 175"):
            ask(live_indicator("GOV_WGI_GE.EST"))

    def test_a_wrong_source_is_answered_in_xml(self, ask: FetchIt) -> None:
        with pytest.raises(SourceError, match="message 160"):
            ask(live_indicator("GOV_WGI_GE.EST", live_source=28))

    def test_more_rows_than_asked_for_are_not_followed(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        double.fail(NET, head(total=900_000, pages=900))

        with pytest.raises(SourceError, match="900000 rows, where at most 148 were asked for"):
            ask()
        assert double.count() == 1
