"""The tidy reader: bytes to observations, strictly, with the published digits kept."""

from collections.abc import Callable

import pandas as pd
import pytest

from pipeline import observations
from pipeline.errors import ReadError
from pipeline.ingest import readers
from pipeline.ingest.readers import read_observations
from pipeline.ingest.sidecar import SidecarDraft

MakeDraft = Callable[..., SidecarDraft]
Read = Callable[..., pd.DataFrame]


@pytest.fixture
def read(make_draft: MakeDraft) -> Read:
    """Reads bodies under a sidecar made of the given fields."""

    def do(*bodies: bytes, **fields: object) -> pd.DataFrame:
        return read_observations(make_draft(**fields).with_bodies(bodies), bodies)

    return do


def test_rows_become_observations(read: Read) -> None:
    frame = read(b"economy,year,value\nCHN,2023,90.6\nTJK,2021,36.70\n")

    assert tuple(frame.columns) == observations.COLUMNS
    assert frame.to_dict("records") == [
        {"indicator": "IT.NET.USER.ZS", "economy": "CHN", "counterpart": "_Z", "year": 2023,
         "value": "90.6", "status": ""},
        {"indicator": "IT.NET.USER.ZS", "economy": "TJK", "counterpart": "_Z", "year": 2021,
         "value": "36.70", "status": ""},
    ]  # fmt: skip


def test_types_are_those_of_no_observations(read: Read) -> None:
    frame = read(b"economy,year,value\nCHN,2023,90.6\n")

    pd.testing.assert_series_equal(frame.dtypes, observations.empty().dtypes)


@pytest.mark.parametrize(
    "text", ["0", "-3.5", "0.32783000000000004", "1.50", "5.1E-05", "-1.86264514923096e-09", "7e9"]
)
def test_values_keep_their_text(read: Read, text: str) -> None:
    assert read(f"economy,year,value\nCHN,2023,{text}\n".encode())["value"].tolist() == [text]


def test_namibia_in_two_letters_is_not_missing(read: Read) -> None:
    body = b"economy,year,value,status\nNAN,2020,1,NA\n"

    assert read(body)[["economy", "status"]].values.tolist() == [["NAN", "NA"]]


def test_columns_may_vary_or_be_constant(read: Read) -> None:
    frame = read(
        b"indicator,economy,counterpart,year,value\nX,CHN,RUS,2020,1\nX,CHN,WLD,2020,2\n",
        indicators=("X", "Y"),
        constants={"status": "E"},
    )

    assert frame["counterpart"].tolist() == ["RUS", "WLD"]
    assert frame["status"].tolist() == ["E", "E"]


def test_parts_follow_each_other(read: Read) -> None:
    frame = read(b"economy,year,value\nCHN,2020,1\n", b"economy,year,value\nRUS,2020,2\n")

    assert frame["economy"].tolist() == ["CHN", "RUS"]
    assert frame.index.tolist() == [0, 1]


def test_no_rows_are_no_observations(read: Read) -> None:
    assert len(read(b"economy,year,value\n")) == 0


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (b"CHN,2020,n/a\n", "row 3: value is 'n/a', expected a finite number"),
        (b"CHN,2020,1e999\n", "row 3: value is '1e999', expected a finite number"),
        (b"CHN,2020,\n", "row 3: value is ''"),
        (b"CHN,2020,1e\n", "row 3: value is '1e'"),
        (b"CHN,2020,nan\n", "row 3: value is 'nan'"),
        (b"CHN,2020,1,5\n", "row 3: 4 cells in 'CHN,2020,1,5', expected 3"),
        (b"CHN,2020\n", "row 3: 2 cells"),
        (b"China,2020,1\n", "row 3: economy is 'China', expected an ISO 3166 alpha-3 code"),
        (b"CHN,20,1\n", "row 3: year is '20', expected a year from 1800 to 2099"),
        (b"CHN,2020 ,1\n", "row 3: year is '2020 '"),
        (b"CHN,2020,1\r\n", r"row 3: value is '1\\r'"),
        (b"\n", "row 3: 1 cells"),
        (b"CHN,2020,1", "row 3: 'CHN,2020,1' does not end"),
        (b"CHN,2020,\xff\n", "row 3: value is"),
    ],
)
def test_a_malformed_row_is_named(read: Read, row: bytes, complaint: str) -> None:
    with pytest.raises(ReadError, match=f"snapshot world_bank_wdi/.*, part 1: {complaint}"):
        read(b"economy,year,value\nRUS,2020,1\n" + row)


@pytest.mark.parametrize(
    ("head", "complaint"),
    [
        (b"economy,value\n", "no column 'year' in 'economy,value' and no constant"),
        (b"economy,year,value,note\n", "row 1: unknown column 'note'"),
        (b"economy,year,value,year\n", "row 1: a column stands twice"),
        (b"", "row 1: unknown column ''"),
        (b"\xef\xbb\xbfeconomy,year,value\n", "row 1: unknown column"),
    ],
)
def test_a_wrong_head_is_named(read: Read, head: bytes, complaint: str) -> None:
    with pytest.raises(ReadError, match=complaint):
        read(head)


def test_an_indicator_that_nobody_declared_is_missing(read: Read) -> None:
    with pytest.raises(ReadError, match="no column 'indicator'"):
        read(b"economy,year,value\nCHN,2020,1\n", constants={})


def test_an_indicator_that_the_sidecar_does_not_announce_is_refused(read: Read) -> None:
    with pytest.raises(ReadError, match="holds indicator 'OTHER', its sidecar announces X"):
        read(b"economy,year,value\nCHN,2020,1\n", indicator="X", constants={"indicator": "OTHER"})


def test_an_unknown_reader_is_named() -> None:
    with pytest.raises(ReadError, match=r"no reader 'excel', expected one of comtrade, .*tidy_csv"):
        readers.reader_of("excel")
