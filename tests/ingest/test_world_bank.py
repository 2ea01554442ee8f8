"""The World Bank's connector: what it asks, how pages make a series, and that no row is wrong."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import observations
from pipeline.catalog.models import Indicator
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import world_bank
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_observations
from pipeline.ingest.sidecar import Sidecar
from pipeline.ingest.world_bank import Question, fetch, plan
from tests.doubles.http_double import Fault
from tests.doubles.live_catalog import ECONOMIES, fast_settings, live_indicator, publisher
from tests.doubles.world_bank import (
    ARCHIVED,
    INVALID_VALUE,
    XML_160,
    Values,
    WorldBankDouble,
    changed,
    head,
)
from tests.ingest.made_up import cells, made_up_sidecar

YEARS = (1990, 2026)
NET = "IT.NET.USER.ZS"
VALUES: Values = {
    ("BLR", 2023): "91.50",
    ("CHN", 2023): "90.6",
    ("TJK", 2017): "21.9586700473744",
    ("WLD", 2024): "71.2",
}
FetchIt = Callable[..., Fetched]


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    series: dict[str, Values] = {NET: VALUES, "GOV_WGI_GE.EST": {("CHN", 2023): "0.67"}}
    with WorldBankDouble(series, sources={"GOV_WGI_GE.EST": 3}) as started:
        yield started


@pytest.fixture
def ask(double: WorldBankDouble, tmp_path: Path) -> FetchIt:
    """Fetches an indicator from the double."""

    def do(
        indicator: Indicator | None = None,
        economies: Sequence[str] = ECONOMIES,
        years: tuple[int, int] = YEARS,
    ) -> Fetched:
        fast = fast_settings(double.url, tmp_path)
        with Client(fast) as client:
            series = Series(publisher(), indicator or live_indicator(NET), economies, years)
            return fetch(client, fast, series)

    return do


def sidecar_of(fetched: Fetched) -> Sidecar:
    return made_up_sidecar(
        fetched.reader, fetched.bodies, publisher="world_bank_wdi",
        indicator=fetched.constants["indicator"], source=fetched.source,
        constants=fetched.constants, requests=fetched.requests, media_type=fetched.media_type,
    )  # fmt: skip


def read(fetched: Fetched) -> pd.DataFrame:
    return read_observations(sidecar_of(fetched), fetched.bodies)


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


def without(economy: str, year: str) -> Callable[[list[dict[str, Any]]], None]:
    def remove(rows: list[dict[str, Any]]) -> None:
        rows[:] = [r for r in rows if (r["countryiso3code"], r["date"]) != (economy, year)]

    return remove


def row_changed(**fields: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda rows: rows[5].update(fields)


def consistent(change: Callable[[list[dict[str, Any]]], object]) -> Fault:
    """A change whose head tells the rows that are left."""

    def apply(reply: Any) -> Any:
        change(reply[1])
        reply[0]["total"] = len(reply[1])
        return reply

    return Fault(change=apply)


class TestGrid:
    """Every economy asked, every year asked, once."""

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            (changed(lambda rows: rows.pop()), "part 1: 143 rows, expected 144 by its head"),
            (consistent(without("TJK", "2007")), "grid: no row for TJK 2007; 143 rows, expected 4"),
            (consistent(lambda rows: rows.__delitem__(slice(36, 72))), "grid: no row for BLR 1990"),
            (consistent(lambda rows: rows.append(rows[7])), "grid: WLD 2018 stands twice"),
            (changed(lambda rows: rows.__setitem__(3, rows[7])), "grid: WLD 2018 stands twice"),
            (changed(row_changed(countryiso3code="FRA")), "grid: a row for FRA 2020, which was"),
            (changed(row_changed(date="1989")), "grid: a row for WLD 1989, which was not asked"),
            (
                changed(row_changed(indicator={"id": "SP.POP.TOTL"})),
                "part 1: row 6: indicator is 'SP.POP.TOTL', expected 'IT.NET.USER.ZS'",
            ),
            (head(page=2), "part 1: is page 2 with 20000 rows a page, expected page 1 with 20000"),
            (head(per_page=50), "part 1: is page 1 with 50 rows a page, expected page 1"),
            (head(pages=2), "part 1: says 2 pages for 144 rows"),
            (head(total=99), "part 1: 144 rows, expected 99 by its head"),
        ],
    )
    def test_a_grid_that_is_not_full_is_named(
        self, ask: FetchIt, double: WorldBankDouble, fault: Fault, told: str
    ) -> None:
        double.fail(NET, fault)
        fetched = ask()

        with pytest.raises(ReadError, match=f"snapshot world_bank_wdi/it_net_user_zs/.*{told}"):
            read(fetched)

    def test_a_body_of_another_query_is_noticed(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        asked = Question((NET,), ECONOMIES, 2005, 2020).url("/v2", 1)
        double.fail(NET, Fault(body=double.answer(asked).body))
        fetched = ask()

        with pytest.raises(ReadError, match="grid: no row for BLR 1990; 64 rows"):
            read(fetched)

    @pytest.mark.parametrize("years", [(1991, 2025), (1960, 2023)])
    def test_the_indicators_of_the_database_itself_have_all_years(
        self, ask: FetchIt, double: WorldBankDouble, years: tuple[int, int]
    ) -> None:
        double.years = years
        fetched = ask()

        with pytest.raises(ReadError, match=r"grid: no row for BLR (1990|2024)"):
            read(fetched)

    def test_no_data_at_all_is_a_missing_grid(self, ask: FetchIt, double: WorldBankDouble) -> None:
        nothing = b'[{"page":0,"pages":0,"per_page":0,"total":0,"lastupdated":null},null]'
        double.fail(NET, Fault(body=nothing))
        fetched = ask()

        with pytest.raises(ReadError, match="grid: no row for BLR 1990; 0 rows"):
            read(fetched)

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            (head(lastupdated="2026-07-14"), "part 2: lastupdated 2026-07-14, in the part before"),
            (head(sourceid="3"), "part 2: is of source 3, others of 2"),
            (head(total=148), "part 2: is page 2 of 148 rows, expected page 2 of 144"),
        ],
    )
    def test_pages_speak_of_one_state_of_one_database(
        self,
        ask: FetchIt,
        double: WorldBankDouble,
        monkeypatch: pytest.MonkeyPatch,
        fault: Fault,
        told: str,
    ) -> None:
        monkeypatch.setattr(world_bank, "ROWS_PER_PAGE", 72)
        double.fail("page=2", fault)
        fetched = ask()

        with pytest.raises(ReadError, match=told):
            read(fetched)

    def test_a_page_that_is_missing_is_missed(self, paged: Fetched) -> None:
        short = only(paged, 0)

        with pytest.raises(ReadError, match="part 1: 72 of 144 rows, and no further part"):
            read(short)

    def test_a_page_that_comes_first_is_not_the_first(self, paged: Fetched) -> None:
        with pytest.raises(ReadError, match="part 1: is page 2 of 144 rows, expected page 1"):
            read(only(paged, 1))

    def test_without_requests_the_grid_is_that_of_what_is_there(self, paged: Fetched) -> None:
        def bare(fetched: Fetched) -> pd.DataFrame:
            return read(Fetched(**(vars(fetched) | {"requests": ()})))

        assert cells(bare(paged)) == VALUES
        two = [json.loads(b) for b in paged.bodies]
        two[1][1].pop()
        for page in two:
            page[0]["total"] = 143
        shorter = tuple(json.dumps(page).encode() for page in two)
        with pytest.raises(ReadError, match="no row for TJK 1990"):
            bare(Fetched(**(vars(paged) | {"bodies": shorter})))


def only(fetched: Fetched, *numbers: int) -> Fetched:
    parts = {
        "bodies": tuple(fetched.bodies[n] for n in numbers),
        "requests": tuple(fetched.requests[n] for n in numbers),
    }
    return Fetched(**(vars(fetched) | parts))


@pytest.fixture
def paged(ask: FetchIt, double: WorldBankDouble, monkeypatch: pytest.MonkeyPatch) -> Fetched:
    """The series in two pages of 72 rows."""
    monkeypatch.setattr(world_bank, "ROWS_PER_PAGE", 72)
    return ask()
