"""The connector of UN Comtrade: what it asks and keeps, that it is asked by name, and the key."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import SecretStr

from pipeline.catalog import Catalog, load_catalog
from pipeline.errors import ReadError, ShapeError, SourceError
from pipeline.ingest import comtrade
from pipeline.ingest.archive import Archive
from pipeline.ingest.comtrade import Question
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.failure import kind_of
from pipeline.ingest.http import Client
from pipeline.ingest.probe import probe
from pipeline.ingest.readers import read_observations
from pipeline.ingest.refresh import refresh
from pipeline.ingest.request_plan import plan_refresh
from pipeline.settings import Settings
from tests.doubles.comtrade import CAP, FILTERS, KEYED, PREVIEW, ComtradeDouble, Flows, reply, row
from tests.doubles.http_double import Fault, bad_moments
from tests.doubles.live_catalog import fast_settings, live_catalog, live_indicator, publisher
from tests.ingest.made_up import made_up_sidecar

SECRET = "a1B2c3D4e5F6"  # of no publisher
M49 = {"CHN": "156", "IND": "356", "RUS": "643", "WLD": "001"}
FLOWS: Flows = {
    ("X", "156", "643", 2023): "110972142411.5", ("X", "156", "0", 2023): "3379255182003",
    ("X", "699", "156", 2023): "16249862054", ("X", "643", "156", 2021): "68028991301",
    ("X", "156", "156", 2023): "5", ("M", "156", "643", 2023): "129139291212",
}  # fmt: skip
AS_READ = {
    ("CHN", "RUS", 2023): "110972142411.5", ("CHN", "WLD", 2023): "3379255182003",
    ("IND", "CHN", 2023): "16249862054", ("RUS", "CHN", 2021): "68028991301",
}  # fmt: skip
SERIES = Series(
    publisher("un", "UN", connector="comtrade", bilateral=True, by_default=False),
    live_indicator("COMTRADE.EXPORTS", publisher="un", live_code="X"),
    ("CHN", "IND", "RUS", "WLD"),
    (2021, 2023),
    M49,
)
CODES = ("156", "699", "643", "0")
QUESTION = Question("public/v1/preview", "X", CODES[:3], CODES, (2023,))
ECONOMIES = "156=CHN 699=IND 643=RUS 0=WLD"
FetchIt = Callable[..., Fetched]


@pytest.fixture
def double() -> Iterator[ComtradeDouble]:
    with ComtradeDouble(FLOWS, key=SECRET) as started:
        yield started


@pytest.fixture
def ask(double: ComtradeDouble, tmp_path: Path) -> FetchIt:
    """Fetches the exports from the double, with a key or without."""

    def do(key: str | None = None, series: Series = SERIES) -> Fetched:
        settings = settings_of(double, tmp_path, key)
        with Client(settings) as client:
            return comtrade.fetch(client, settings, series)

    return do


def settings_of(double: ComtradeDouble, home: Path, key: str | None = None) -> Settings:
    secret = SecretStr(key) if key else None
    return fast_settings("http://127.0.0.1:9", home, comtrade_url=double.url, comtrade_key=secret)


def read_bodies(bodies: Sequence[bytes], requests: Sequence[str]) -> pd.DataFrame:
    code = "COMTRADE.EXPORTS"
    sidecar = made_up_sidecar(
        "comtrade", bodies, publisher="un", indicator=code, requests=tuple(requests),
        constants={"indicator": code, "economies": ECONOMIES}, media_type="application/json",
    )  # fmt: skip
    return read_observations(sidecar, bodies)


def read(fetched: Fetched) -> dict[tuple[str, str, int], str]:
    return cells(read_bodies(fetched.bodies, fetched.requests))


def read_rows(*rows: Any, question: Question = QUESTION) -> dict[tuple[str, str, int], str]:
    return cells(read_bodies([reply(list(rows))], [question.url("https://api")]))


def cells(frame: pd.DataFrame) -> dict[tuple[str, str, int], str]:
    columns = (frame[n].tolist() for n in ("economy", "counterpart", "year", "value"))
    return {(e, c, int(y)): v for e, c, y, v in zip(*columns, strict=True)}


def refused(*rows: Any, **fields: Any) -> str:
    with pytest.raises(ReadError) as caught:
        read_bodies([reply(list(rows), **fields)], [QUESTION.url("https://api")])
    return str(caught.value).partition(", part 1: ")[2]


class TestAsking:
    def test_the_preview_is_asked_for_one_year_at_a_time_with_all_filters(
        self, ask: FetchIt, double: ComtradeDouble
    ) -> None:
        ask()
        assert double.asked == [
            f"{PREVIEW}?reporterCode=156,699,643&partnerCode=156,699,643,0&period={year}"
            "&flowCode=X&cmdCode=TOTAL&partner2Code=0&motCode=0&customsCode=C00"
            for year in (2021, 2022, 2023)
        ]

    def test_with_a_key_many_years_are_asked_for_at_once(
        self, ask: FetchIt, double: ComtradeDouble
    ) -> None:
        fetched = ask(SECRET, replace(SERIES, years=(2010, 2023)))
        assert [url.partition("?")[0] for url in double.asked] == [KEYED, KEYED]
        assert ["period=2010," in double.asked[0], "period=2022,2023&" in double.asked[1]] == [
            True, True,
        ]  # fmt: skip
        assert read(fetched) == AS_READ

    @bad_moments
    def test_a_bad_moment_is_asked_again(
        self, ask: FetchIt, double: ComtradeDouble, fault: Fault
    ) -> None:
        double.fail("2022", fault)
        assert read(ask()) == AS_READ
        assert double.count() == 4

    def test_an_answer_that_is_full_is_cut_and_refused_at_once(
        self, ask: FetchIt, double: ComtradeDouble
    ) -> None:
        codes = [str(n) for n in range(100, 125)]
        double.flows = {("X", r, p, 2021): "1" for r, p in product(codes, codes[:21])}
        series = replace(
            SERIES, economies=codes, m49={code: code for code in codes}, years=(2021, 2021)
        )
        with pytest.raises(SourceError, match=f"{CAP} rows, which is the most that one answer"):
            ask(series=series)
        assert double.count() == 1

    def test_what_the_publisher_says_in_place_of_figures_is_told(
        self, ask: FetchIt, double: ComtradeDouble
    ) -> None:
        double.fail("2021", Fault(body=reply([], error="The query took too long")))
        with pytest.raises(SourceError, match="says: 'The query took too long'"):
            ask()
        assert double.count() == 1

    def test_only_a_number_of_rows_is_no_answer(self, ask: FetchIt, double: ComtradeDouble) -> None:
        counted = double.answer  # what it says where only the number is asked for
        double.headers.append({})
        body = counted(QUESTION.url("").replace("period=2023", "period=2023&countOnly=true")).body
        double.fail("2021", Fault(body=body), times=None)
        with pytest.raises(ShapeError, match=r"data is .*, expected a list of rows"):
            ask()

    def test_an_entry_without_a_flow_is_named(self) -> None:
        indicator = SERIES.indicator.model_copy(update={"live_code": "RX"})
        with pytest.raises(SourceError, match=r"COMTRADE\.EXPORTS: live_code is 'RX'"):
            comtrade.plan(replace(SERIES, indicator=indicator), keyed=False)

    @pytest.mark.parametrize("keyed", [True, False])
    def test_an_archived_request_says_what_was_asked(self, keyed: bool) -> None:
        for question in comtrade.plan(SERIES, keyed=keyed):
            assert Question.of(question.url("https://api.example.org")) == question

    def test_the_ten_and_the_world_fit_into_the_preview(self) -> None:
        catalog = load_catalog(Settings().catalog_dir)
        un = catalog.publishers["un_comtrade"]
        economies = catalog.economies_asked_of(un)
        for indicator in catalog.indicators_of(un.id, live=True):
            series = Series(un, indicator, economies, (2023, 2023), catalog.m49)
            (question,) = comtrade.plan(series, keyed=False)
            assert len(question.reporters) * len(question.partners) == 10 * 11 < CAP
            assert set(question.partners) == {
                "156", "643", "699", "586", "398", "860", "417", "762", "364", "112", "0",
            }  # fmt: skip


class TestKeeping:
    def test_values_keep_their_digits(self, ask: FetchIt) -> None:
        assert read(ask()) == AS_READ

    def test_what_stopped_reporting_is_missing_and_its_partner_speaks(self, ask: FetchIt) -> None:
        found = read(ask())
        assert {y for e, _, y in found if e == "RUS"} == {2021}
        assert ("CHN", "RUS", 2023) in found

    @pytest.mark.parametrize("name", list(FILTERS))
    def test_rows_of_parts_are_left_out_where_a_filter_is_not_heeded(
        self, double: ComtradeDouble, name: str
    ) -> None:
        double.headers.append({})
        url = QUESTION.url("").replace(f"&{name}={FILTERS[name]}", "")
        body = double.answer(url).body or b""
        assert body.count(b'"typeCode"') == 2 * 4
        whole = {key: value for key, value in AS_READ.items() if key[2] == 2023}
        assert cells(read_bodies([body], [QUESTION.url("https://api")])) == whole

    def test_a_row_without_a_value_is_no_zero(self) -> None:
        rows = [row("X", "156", "643", 2023, None), row("X", "156", "0", 2023, "0")]
        assert read_rows(*rows) == {("CHN", "WLD", 2023): "0"}


class TestRefusing:
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"reporterCode": 356}, "reporterCode is '356', which was not asked for"),
            ({"reporterCode": "156"}, "reporterCode is '156', which was not asked for"),
            ({"partnerCode": 490}, "partnerCode is '490', which was not asked for"),
            ({"flowCode": "RX"}, "flowCode is 'RX', expected X"),
            ({"cmdCode": "1201"}, "cmdCode is '1201', expected TOTAL"),
            ({"freqCode": "M"}, "freqCode is 'M', expected A"),
            ({"typeCode": "S"}, "typeCode is 'S', expected C"),
            ({"period": "202301"}, "period is '202301', expected a year from 1800 to 2099"),
            ({"period": "2022"}, "period 2022 of refYear '2023' was not asked for"),
            ({"period": "2022", "refYear": 2022}, "period 2022 of refYear '2022' was not asked"),
            ({"refYear": 2022}, "period 2023 of refYear '2022' was not asked for"),
            ({"primaryValue": "1"}, "primaryValue is '1', expected a number from 0 or null"),
            ({"primaryValue": -1}, "primaryValue is '-1', expected a number from 0 or null"),
            ({"primaryValue": 10**400}, "primaryValue is '1000"),
        ],
    )  # fmt: skip
    def test_a_wrong_field_is_named(self, fields: dict[str, Any], said: str) -> None:
        assert refused(row("X", "156", "643", 2023, "1", **fields)).startswith(f"row 1: {said}")

    def test_a_field_that_tells_parts_apart_must_be_there(self) -> None:
        for name in FILTERS:
            bare = row("X", "156", "643", 2023, "1")
            bare[name] = False
            assert refused(bare) == f"row 1: {name} is False, expected a code"
            del bare[name]
            assert refused(bare) == f"row 1: {name} is None, expected a code"

    def test_a_pair_that_stands_twice_is_refused(self) -> None:
        twice = [row("X", "156", "643", 2023, value) for value in ("1", "2")]
        with pytest.raises(ReadError, match="CHN RUS 2023 stands twice"):
            read_rows(*twice)

    def test_another_number_of_rows_than_is_said_is_refused(self) -> None:
        assert refused(row("X", "156", "643", 2023, "1"), count=2) == "1 rows, though count is 2"

    def test_a_full_page_is_refused_from_the_archive_too(self) -> None:
        full = [row("X", "156", "643", 2023, "1") for _ in range(CAP)]
        assert refused(*full) == f"{CAP} rows, which is the most that one answer has: it may be cut"

    def test_requests_that_do_not_belong_together_are_refused(self) -> None:
        empty, url = reply([]), QUESTION.url("https://api")
        for other in (url, url.replace("flowCode=X", "flowCode=M")):
            with pytest.raises(ReadError, match="expected one flow, and each year once"):
                read_bodies([empty, empty], [url, other])
        with pytest.raises(ReadError, match="is not a request for these totals"):
            read_bodies([empty], [url + "&subscription-key=x"])


class TestTheKey:
    """It is sent in a header and stands nowhere else."""

    def test_goes_into_a_header_and_into_nothing_that_is_kept(
        self, ask: FetchIt, double: ComtradeDouble
    ) -> None:
        fetched = ask(SECRET)
        assert [h[comtrade.KEY_HEADER] for h in double.headers] == [SECRET]
        kept = [*double.asked, *fetched.requests, fetched.source, str(fetched.constants)]
        assert not any(SECRET in text for text in kept)
        assert not any(SECRET.encode() in body for body in fetched.bodies)

    def test_is_not_sent_where_there_is_none(self, ask: FetchIt, double: ComtradeDouble) -> None:
        ask()
        assert not any(comtrade.KEY_HEADER in h for h in double.headers)

    def test_is_in_no_error_though_the_publisher_repeats_it(
        self, ask: FetchIt, double: ComtradeDouble
    ) -> None:
        double.key = "another"
        with pytest.raises(SourceError, match=r"401.*the key … is not known") as caught:
            ask(SECRET)
        assert SECRET not in str(caught.value)
        assert caught.value.__suppress_context__
        assert kind_of(caught.value) == "refused"

    def test_an_answer_that_repeats_it_is_not_archived(
        self, ask: FetchIt, double: ComtradeDouble
    ) -> None:
        double.fail("", Fault(body=reply([]).replace(b"secs", SECRET.encode())))
        with pytest.raises(SourceError, match="repeats the key") as caught:
            ask(SECRET)
        assert SECRET not in str(caught.value)

    @pytest.mark.parametrize("key", ["a b", "a\nb", "ключ", "a,b"])
    def test_what_cannot_be_one_is_refused_unseen(
        self, ask: FetchIt, double: ComtradeDouble, key: str
    ) -> None:
        with pytest.raises(SourceError, match="SCO_COMTRADE_KEY has other characters") as caught:
            ask(key)
        assert key not in str(caught.value)
        assert double.count() == 0

    def test_is_in_no_plan_and_in_no_text_of_the_settings(
        self, double: ComtradeDouble, tmp_path: Path
    ) -> None:
        settings = settings_of(double, tmp_path, SECRET)
        urls = comtrade.requests(settings, SERIES)
        assert len(urls) == 1
        assert "/data/v1/get/" in urls[0]
        assert not any(SECRET in text for text in (*urls, repr(settings), str(settings)))

    def test_is_not_given_to_a_double(self, double: ComtradeDouble, tmp_path: Path) -> None:
        assert settings_of(double, tmp_path, SECRET).asking("http://x").comtrade_key is None


class TestByName:
    """It is a cross-check: nobody asks it who has not named it."""

    @pytest.fixture
    def catalog(self) -> Catalog:
        found = live_catalog(live_indicator("COMTRADE.EXPORTS", publisher="un", live_code="X"))
        codes = {"BLR": "112", "CHN": "156", "TJK": "762", "WLD": "001"}
        economies = {
            e: found.economies[e].model_copy(update={"m49": m49}) for e, m49 in codes.items()
        }
        return found.model_copy(
            update={"publishers": {"un": SERIES.publisher}, "economies": economies}
        )

    def test_a_refresh_and_the_daily_look_leave_it_alone(
        self, catalog: Catalog, archive: Archive, double: ComtradeDouble, tmp_path: Path
    ) -> None:
        settings = settings_of(double, tmp_path)
        today = date(2023, 11, 24)
        assert refresh(archive, catalog, settings, today=today).publishers == ()
        assert plan_refresh(catalog, settings, today=today) == ()
        assert probe(catalog, settings, today=today).digests == {}
        assert double.count() == 0

    def test_named_it_is_asked_and_the_same_figures_are_no_news(
        self, catalog: Catalog, archive: Archive, double: ComtradeDouble, tmp_path: Path
    ) -> None:
        settings = settings_of(double, tmp_path)
        double.flows = {("X", "156", "762", 2022): "5", ("X", "762", "0", 2022): "7"}

        def state(day: int) -> str:
            result = refresh(
                archive, catalog, settings, today=date(2023, 11, day), publishers=["un"],
                clock=lambda: datetime(2023, 11, day, tzinfo=UTC),
            )  # fmt: skip
            return result.publishers[0].series[0].state

        assert [state(24), state(25)] == ["new", "unchanged"]
        assert len(list(archive.snapshots())) == 1
        assert double.count() == 2 * len(range(1990, 2024))
