"""The connector of Data360: what it asks, which rows it keeps, and that no row is wrong."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from hypothesis import given, settings

from pipeline import observations
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import data360
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.data360 import Question, fetch, parse
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_observations
from pipeline.ingest.sidecar import Sidecar
from tests.doubles.data360 import PARTS, Data360Double, row
from tests.doubles.drawn_damage import spliced
from tests.doubles.http_double import Fault, bad_moments
from tests.doubles.live_catalog import fast_settings, live_indicator, publisher
from tests.ingest.made_up import cells, made_up_sidecar

KEY = ("ITU_DH", "ITU_DH_POP_COV_4G")
STATES = ("BLR", "CHN", "TJK")
CELLS = {
    ("BLR", 2023): "99",
    ("CHN", 2022): "99.9",
    ("CHN", 2023): "99.90",
    ("TJK", 2022): "80",
}
FetchIt = Callable[..., Fetched]


@pytest.fixture
def double() -> Iterator[Data360Double]:
    with Data360Double({KEY: CELLS}) as started:
        yield started


@pytest.fixture
def ask(double: Data360Double, tmp_path: Path) -> FetchIt:
    """Fetches a series from the double."""

    def do(economies: Sequence[str] = STATES, code: str = KEY[1], **fields: Any) -> Fetched:
        fast = fast_settings("http://127.0.0.1:9", tmp_path, data360_url=double.url)
        itu = publisher("itu", "ITU", connector="data360", database=KEY[0])
        indicator = live_indicator(code, publisher="itu", **fields)
        with Client(fast) as client:
            return fetch(client, fast, Series(itu, indicator, economies, (1990, 2026)))

    return do


def sidecar_of(
    bodies: Sequence[bytes], requests: Sequence[str], unit: str = "", indicator: str = KEY[1]
) -> Sidecar:
    return made_up_sidecar(
        "data360", bodies, publisher="itu", indicator=indicator,
        constants={"indicator": indicator, "unit": unit}, media_type="application/json",
        requests=tuple(requests),
    )  # fmt: skip


def read(fetched: Fetched) -> pd.DataFrame:
    constants = fetched.constants
    sidecar = sidecar_of(
        fetched.bodies, fetched.requests, constants["unit"], constants["indicator"]
    )
    return read_observations(sidecar, fetched.bodies)


QUESTION = Question(*KEY, STATES, 1990)


def read_page(rows: Sequence[Any], count: int | None = None, unit: str = "") -> pd.DataFrame:
    """What is read of one page of rows."""
    body = json.dumps({"count": len(rows) if count is None else count, "value": rows}).encode()
    return read_observations(sidecar_of([body], [QUESTION.url("", 0)], unit), [body])


class TestAsking:
    def test_one_series_of_one_database_is_asked_for_with_explicit_economies(
        self, ask: FetchIt, double: Data360Double
    ) -> None:
        ask(["TJK", "CHN", "BLR"])
        (asked,) = double.asked
        query = parse_qs(urlsplit(asked).query)
        assert urlsplit(asked).path == "/data360/data"
        assert query == {
            "DATABASE_ID": ["ITU_DH"], "INDICATOR": [KEY[1]], "REF_AREA": ["BLR,CHN,TJK"],
            "timePeriodFrom": ["1990"], "skip": ["0"],
        }  # fmt: skip

    def test_pages_are_turned_until_all_rows_are_there(
        self, ask: FetchIt, double: Data360Double
    ) -> None:
        double.page = 3
        fetched = ask()
        assert [parse_qs(urlsplit(asked).query)["skip"] for asked in double.asked] == [["0"], ["3"]]
        assert cells(read(fetched)) == CELLS

    def test_an_index_is_asked_for_by_the_code_that_the_api_knows(
        self, ask: FetchIt, double: Data360Double
    ) -> None:
        double.series[KEY[0], "UN_EGDI_EGDI"] = {("CHN", 2024): "0.8718"}
        frame = read(ask(code="EGDI", live_code="UN_EGDI_EGDI"))
        assert list(frame["indicator"]) == ["EGDI"]
        assert double.count("INDICATOR=UN_EGDI_EGDI") == 1

    def test_a_series_that_changes_between_its_pages_is_not_taken(
        self, ask: FetchIt, double: Data360Double
    ) -> None:
        double.page = 3
        double.fail("skip=3", Fault(change=lambda reply: reply | {"count": 5}))
        with pytest.raises(SourceError, match="5 rows, 4 on the page before"):
            ask()

    def test_pages_that_end_before_all_rows_are_there_are_an_error(
        self, ask: FetchIt, double: Data360Double
    ) -> None:
        double.page = 3
        double.fail("skip=3", Fault(change=lambda reply: reply | {"value": []}))
        with pytest.raises(SourceError, match="3 of 4 rows, and then an empty page"):
            ask()

    @bad_moments
    def test_a_bad_moment_is_asked_again(
        self, ask: FetchIt, double: Data360Double, fault: Fault
    ) -> None:
        double.fail("", fault)
        assert cells(read(ask())) == CELLS
        assert double.count() == 2

    def test_a_publisher_without_a_database_is_named(self, tmp_path: Path) -> None:
        series = Series(publisher("itu", "ITU"), live_indicator(KEY[1]), STATES, (1990, 2026))
        with pytest.raises(SourceError, match="publisher itu has no database"):
            data360.plan(series)

    def test_the_same_question_comes_back_from_its_url(self) -> None:
        assert Question.of(QUESTION.url("https://api", 2000)) == (QUESTION, 2000)
        assert Question.of("https://api/other") is None


class TestReading:
    def test_digits_are_those_that_were_sent(self, ask: FetchIt) -> None:
        assert cells(read(ask())) == CELLS

    @pytest.mark.parametrize("part", sorted(PARTS))
    def test_a_part_of_the_people_is_not_taken_for_all(self, part: str) -> None:
        whole = row(KEY, "CHN", 2023, "99.9")
        assert cells(read_page([whole, row(KEY, "CHN", 2023, "50", **PARTS[part])])) == {
            ("CHN", 2023): "99.9"
        }

    def test_series_with_breakdowns_are_read_through_all_pages(
        self, ask: FetchIt, double: Data360Double
    ) -> None:
        double.parts[KEY] = dict.fromkeys(CELLS, "1")
        double.page = 3
        assert cells(read(ask())) == CELLS

    def test_the_unweighted_mean_under_the_name_of_the_world_is_left_out(
        self, ask: FetchIt, double: Data360Double
    ) -> None:
        double.means[KEY] = {("WLD", 2023): "85.3"}
        assert cells(read(ask())) == CELLS

    @pytest.mark.parametrize("missing", [None, "null", ""])
    def test_a_row_without_a_value_is_no_value(self, missing: str | None) -> None:
        rows = [row(KEY, "CHN", 2022, missing), row(KEY, "CHN", 2023, "0")]
        assert cells(read_page(rows)) == {("CHN", 2023): "0"}

    def test_a_flag_is_kept_and_normal_is_none(self) -> None:
        rows = [row(KEY, "CHN", 2022, "1", OBS_STATUS="E"), row(KEY, "CHN", 2023, "2")]
        assert list(read_page(rows)["status"]) == ["E", ""]

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"UNIT_MULT": 6}, "row 1: UNIT_MULT is '6', expected 0"),
            ({"FREQ": "Q"}, "row 1: FREQ is 'Q', expected A"),
            ({"TIME_PERIOD": "2023-Q1"}, "row 1: TIME_PERIOD is '2023-Q1', expected a year"),
            ({"OBS_VALUE": "1,5"}, "row 1: OBS_VALUE is '1,5', expected a finite number"),
            ({"OBS_VALUE": "NaN"}, "row 1: OBS_VALUE is 'NaN', expected a finite number"),
            ({"OBS_VALUE": "1e999"}, "row 1: OBS_VALUE is '1e999', expected a finite number"),
            ({"OBS_VALUE": "9" * 400}, "row 1: OBS_VALUE is '999"),
            ({"OBS_VALUE": True}, "row 1: OBS_VALUE is True, expected a finite number"),
            ({"REF_AREA": "RUS"}, "a row for RUS 2023, which was not asked for"),
            ({"TIME_PERIOD": "1989"}, "a row for CHN 1989, which was not asked for"),
            ({"INDICATOR": "ITU_DH_POP_COV_5G"}, "CHN 2023: is of ITU_DH ITU_DH_POP_COV_5G"),
            ({"DATABASE_ID": "WB_WDI"}, "CHN 2023: is of WB_WDI ITU_DH_POP_COV_4G"),
            ({"SEX": None}, "row 1: SEX is None, expected the code of a breakdown"),
            ({"SEX": "F", "AGE": None}, "row 1: AGE is None, expected the code of a breakdown"),
            ({"UNIT_MEASURE": None}, "row 1: UNIT_MEASURE is None, expected a unit's code"),
        ],
    )
    def test_what_is_not_as_asked_is_named(self, fields: dict[str, Any], said: str) -> None:
        with pytest.raises(ReadError, match=said):
            read_page([row(KEY, "CHN", 2023, "99.9", **fields)])

    def test_two_units_in_one_series_are_an_error(self) -> None:
        rows = [row(KEY, "CHN", y, "1", UNIT_MEASURE=u) for y, u in ((2022, "BIT_S"), (2023, "KB"))]
        with pytest.raises(ReadError, match="CHN 2023: unit is KB, expected BIT_S"):
            read_page(rows)

    def test_another_unit_than_the_catalogues_is_an_error(self) -> None:
        with pytest.raises(ReadError, match="CHN 2023: unit is PT_POP, expected BIT_S"):
            read_page([row(KEY, "CHN", 2023, "1")], unit="BIT_S")

    def test_a_cell_that_stands_twice_is_an_error(self) -> None:
        with pytest.raises(ReadError, match="CHN 2023 stands twice"):
            read_page([row(KEY, "CHN", 2023, "1"), row(KEY, "CHN", 2023, "1")])

    def test_a_page_that_is_missing_is_an_error(self, ask: FetchIt, double: Data360Double) -> None:
        double.page = 3
        fetched = ask()
        sidecar = sidecar_of(fetched.bodies[:1], fetched.requests[:1])
        with pytest.raises(ReadError, match="part 1: 3 of 4 rows, and no further part"):
            read_observations(sidecar, fetched.bodies[:1])

    def test_pages_out_of_order_are_an_error(self, ask: FetchIt, double: Data360Double) -> None:
        double.page = 3
        fetched = ask()
        bodies, requests = fetched.bodies[::-1], fetched.requests[::-1]
        with pytest.raises(ReadError, match="part 1: leaves out 3 rows, expected 0"):
            read_observations(sidecar_of(bodies, requests), bodies)

    @pytest.mark.parametrize(
        "body",
        [b"", b"[]", b"{}", b'{"count":0}', b'{"count":1,"value":[]', b'{"count":-1,"value":[]}',
         b'{"count":0,"value":[{}]}', b"<html></html>", b"\xff\xfe", b'{"count":0,"value":"null"}'],
    )  # fmt: skip
    def test_what_is_no_page_is_a_read_error(self, body: bytes) -> None:
        with pytest.raises(ReadError):
            parse(body)


WHOLE = json.dumps(
    {
        "count": 5,
        "value": [
            *(row(KEY, e, y, v) for (e, y), v in CELLS.items()),
            row(KEY, "CHN", 2023, "1", SEX="F"),
        ],
    }
).encode()


@pytest.mark.slow
@settings(max_examples=500)
@given(spliced(WHOLE))
def test_only_a_read_error_comes_of_a_damaged_body_and_never_a_wrong_row(body: bytes) -> None:
    with suppress(ReadError):
        frame = read_observations(sidecar_of([body], [QUESTION.url("", 0)]), [body])
        _see_that_rows_are_in_the_body(frame, body)


def _see_that_rows_are_in_the_body(frame: pd.DataFrame, body: bytes) -> None:
    """Each row that was read stands in the body so, as a row of everybody."""
    assert tuple(frame.columns) == observations.COLUMNS
    # read a second way: plain JSON, a dictionary a row
    stands = {
        (r["REF_AREA"], int(r["TIME_PERIOD"]), r["OBS_VALUE"])
        for r in json.loads(body.decode("utf-8-sig"), parse_float=str, parse_int=str)["value"]
        if (r["SEX"], r["AGE"], r["URBANISATION"]) == ("_T", "_T", "_T")
    }
    for economy, year, value in zip(frame["economy"], frame["year"], frame["value"], strict=True):
        assert (economy, year, value) in stands
        assert economy in STATES
