"""The reader of UNESCO UIS: which records it takes, and that no row is wrong.

Bodies here are made by hand or damaged; how they are asked for is in ``test_uis``.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import observations
from pipeline.errors import ReadError
from pipeline.ingest.readers import read_observations
from pipeline.ingest.uis import parse
from tests.doubles.drawn_damage import spliced
from tests.doubles.uis import NEWEST, hint, record
from tests.ingest.made_up import cells
from tests.ingest.uis_series import CELLS, CODE, QUESTION, STATES, URL, YEARS, sidecar_of


def read_records(rows: Sequence[Any], hints: Sequence[Any] = (), url: str = URL) -> pd.DataFrame:
    """What is read of a reply with these records."""
    body = json.dumps({"hints": list(hints), "records": list(rows)}).encode()
    return read_observations(sidecar_of([body], [url]), [body])


class TestReading:
    @pytest.mark.parametrize(
        ("flags", "said"),
        [
            ({}, ""),
            ({"qualifier": "NAT_EST"}, "NAT_EST"),
            ({"magnitude": "NIL"}, "NIL"),
            ({"qualifier": "UIS_EST", "magnitude": "NIL"}, "UIS_EST NIL"),
        ],
    )
    def test_qualifier_and_magnitude_are_kept(self, flags: dict[str, str], said: str) -> None:
        frame = read_records([record(CODE, "CHN", 2021, "0", **flags)])
        assert (cells(frame), list(frame["status"])) == ({("CHN", 2021): "0"}, [said])

    @pytest.mark.parametrize("magnitude", ["NA", "SUPP", "INCLUDED"])
    def test_a_nought_that_is_not_applicable_is_no_figure(self, magnitude: str) -> None:
        rows = [
            record(CODE, "CHN", 2021, "0", magnitude=magnitude),
            record(CODE, "CHN", 2022, "40"),
        ]
        assert cells(read_records(rows)) == {("CHN", 2022): "40"}

    def test_no_record_at_all_is_no_value(self) -> None:
        assert len(read_records([])) == 0

    @pytest.mark.parametrize(
        ("hints", "said"),
        [
            ([hint(3, "The geoUnit could not be found, QQQ")], "UIS::HINT::003 .* QQQ"),
            ([hint(9, "Something new")], "UIS::HINT::009 Something new"),
            (["look here"], "look here"),
            ([{"text": 1}], "text"),
            ([None], "None"),
        ],
    )
    def test_a_hint_is_never_passed_over(self, hints: list[Any], said: str) -> None:
        with pytest.raises(ReadError, match=f"part 1: the publisher hints: .*{said}"):
            read_records([record(CODE, "CHN", 2021, "40")], hints)

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"year": 2027}, "a row for CHN 2027, which was not asked for"),
            ({"year": 1989}, "a row for CHN 1989, which was not asked for"),
            ({"year": "2021"}, "row 1: year is '2021', expected a year"),
            ({"year": 2021.5}, "row 1: year is '2021.5', expected a year"),
            ({"year": 21}, "row 1: year is '21', expected a year"),
            ({"year": None}, "row 1: year is None, expected a year"),
            ({"geoUnit": "RUS"}, "a row for RUS 2021, which was not asked for"),
            ({"geoUnit": "WB: World"}, "row 1: geoUnit is 'WB: World', expected an ISO 3166"),
            ({"indicatorId": "GRAD.ART"}, "CHN 2021: is of GRAD.ART, expected GRAD.STEM"),
            ({"indicatorId": 26637}, "row 1: indicatorId is '26637', expected an indicator's"),
            ({"value": "40"}, "row 1: value is '40', expected a number or null"),
            ({"value": True}, "row 1: value is True, expected a number or null"),
            ({"qualifier": "about, so"}, "row 1: qualifier is 'about, so', expected a flag"),
            ({"magnitude": 1}, "row 1: magnitude is '1', expected a flag or null"),
        ],
    )
    def test_what_is_not_as_asked_is_named(self, fields: dict[str, Any], said: str) -> None:
        with pytest.raises(ReadError, match=said):
            read_records([record(CODE, "CHN", 2021, "40") | fields])

    @pytest.mark.parametrize("name", ["value", "magnitude", "qualifier", "year", "geoUnit"])
    def test_a_field_that_is_missing_is_named(self, name: str) -> None:
        whole = record(CODE, "CHN", 2021, "40")
        del whole[name]
        with pytest.raises(ReadError, match=f"row 1: .*{name}"):
            read_records([whole])

    def test_a_cell_that_stands_twice_is_an_error(self) -> None:
        # even where one of them has no value: which of the two would be right?
        rows = [record(CODE, "CHN", 2021, "40"), record(CODE, "CHN", 2021, None)]
        with pytest.raises(ReadError, match="CHN 2021 stands twice"):
            read_records(rows)

    @pytest.mark.parametrize("version", ["", "latest", "20250305", NEWEST.upper()])
    def test_a_request_without_a_version_is_not_one_of_ours(self, version: str) -> None:
        url = QUESTION.url("https://api", version)
        with pytest.raises(ReadError, match="is not a request for a series of a version"):
            read_records([record(CODE, "CHN", 2021, "40")], url=url)

    def test_two_parts_are_one_too_many(self) -> None:
        body = b'{"hints":[],"records":[]}'
        with pytest.raises(ReadError, match="it has 2 parts, expected one"):
            read_observations(sidecar_of([body] * 2, [URL] * 2), [body] * 2)

    @pytest.mark.parametrize(
        "body",
        [b"", b"[]", b"{}", b'{"records":[]}', b'{"hints":[]}', b'{"hints":{},"records":[]}',
         b'{"hints":[],"records":{}}', b'{"hints":[],"records":[{}]}', b"<html></html>",
         b"\xff\xfe", b'{"hints":[],"records":[]', b'{"hints":[],"records":[],"records":[]}',
         b'{"hints":[],"records":[1]}'],
    )  # fmt: skip
    def test_what_is_no_reply_is_a_read_error(self, body: bytes) -> None:
        with pytest.raises(ReadError):
            parse(body)


WHOLE = json.dumps(
    {
        "hints": [],
        "records": [
            *(record(CODE, e, y, v) for (e, y), v in CELLS.items()),
            record(CODE, "CHN", 2023, "40.5", qualifier="UIS_EST"),
            record(CODE, "CHN", 2024, "0", magnitude="NA"),
        ],
        "indicatorMetadata": [],
    }
).encode()


@pytest.mark.slow
@settings(max_examples=500)
@given(spliced(WHOLE))
def test_only_a_read_error_comes_of_a_damaged_body_and_never_a_wrong_row(body: bytes) -> None:
    with suppress(ReadError):
        frame = read_observations(sidecar_of([body], [URL]), [body])
        _see_that_rows_are_in_the_body(frame, body)


@settings(max_examples=500)
@given(at=st.integers(0, len(WHOLE) - 1), put=st.sampled_from([*b'0123456789.,:-"{}[]eEXnull ']))
def test_one_wrong_character_makes_no_wrong_row_either(at: int, put: int) -> None:
    body = WHOLE[:at] + bytes([put]) + WHOLE[at + 1 :]
    with suppress(ReadError):
        frame = read_observations(sidecar_of([body], [URL]), [body])
        _see_that_rows_are_in_the_body(frame, body)


def _see_that_rows_are_in_the_body(frame: pd.DataFrame, body: bytes) -> None:
    """Each row that was read stands in the body so, as a figure."""
    assert tuple(frame.columns) == observations.COLUMNS
    # read a second way: plain JSON, a dictionary a record
    reply = json.loads(body.decode("utf-8-sig"), parse_float=str, parse_int=str)
    assert reply["hints"] == []
    stands = {
        (r["geoUnit"], int(r["year"])): (r["value"], r["qualifier"], r["magnitude"])
        for r in reply["records"]
    }
    assert len(stands) == len(reply["records"])
    keys = zip(frame["economy"], frame["year"], frame["value"], frame["status"], strict=True)
    for economy, year, value, told in keys:
        digits, qualifier, magnitude = stands[economy, year]
        assert (value, told) == (digits, " ".join(f for f in (qualifier, magnitude) if f))
        assert magnitude not in ("NA", "SUPP", "INCLUDED")
        assert economy in STATES
        assert YEARS[0] <= year <= YEARS[1]
