"""The connector of UNESCO UIS: what it asks, which records it takes, and that no row is wrong."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import observations
from pipeline.catalog import Catalog
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import uis
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_observations
from pipeline.ingest.refresh import PublisherResult, refresh
from pipeline.ingest.request_plan import plan_refresh
from pipeline.ingest.sidecar import Sidecar
from pipeline.ingest.uis import MAX_RECORDS, Question, fetch, newest_version, parse
from pipeline.settings import Settings
from tests.doubles.damage import spliced
from tests.doubles.http_double import Fault, bad_moments
from tests.doubles.live_catalog import fast_settings, live_catalog, live_indicator, publisher
from tests.doubles.uis import NEWEST, OLDER, UisDouble, hint, record
from tests.ingest.made_up import cells, made_up_sidecar

CODE = "GRAD.STEM"
STATES = ("BLR", "CHN", "TJK")
YEARS = (1990, 2026)
CELLS = {
    ("BLR", 2021): "30.99165000000001",
    ("BLR", 2022): "31.5",
    ("TJK", 2020): None,
    ("TJK", 2021): "0",
}
FIGURES = {cell: value for cell, value in CELLS.items() if value is not None}
TODAY = date(2026, 11, 24)
FetchIt = Callable[..., Fetched]


@pytest.fixture
def double() -> Iterator[UisDouble]:
    with UisDouble({CODE: CELLS}, economies=set(STATES)) as started:
        yield started


@pytest.fixture
def ask(double: UisDouble, tmp_path: Path) -> FetchIt:
    """Fetches a series from the double."""

    def do(
        economies: Sequence[str] = STATES,
        code: str = CODE,
        years: tuple[int, int] = YEARS,
        **fields: Any,
    ) -> Fetched:
        fast = fast_settings("http://127.0.0.1:9", tmp_path, uis_url=double.url)
        unesco = publisher("unesco_uis", "UNESCO", connector="uis")
        indicator = live_indicator(code, publisher="unesco_uis", **fields)
        with Client(fast) as client:
            return fetch(client, fast, Series(unesco, indicator, economies, years))

    return do


def sidecar_of(bodies: Sequence[bytes], requests: Sequence[str], indicator: str = CODE) -> Sidecar:
    return made_up_sidecar(
        "uis", bodies, publisher="unesco_uis", indicator=indicator, media_type="application/json",
        requests=tuple(requests),
    )  # fmt: skip


def read(fetched: Fetched) -> pd.DataFrame:
    sidecar = sidecar_of(fetched.bodies, fetched.requests, fetched.constants["indicator"])
    return read_observations(sidecar, fetched.bodies)


QUESTION = Question(CODE, STATES, YEARS)
URL = QUESTION.url("https://api", NEWEST)


def read_records(rows: Sequence[Any], hints: Sequence[Any] = (), url: str = URL) -> pd.DataFrame:
    """What is read of a reply with these records."""
    body = json.dumps({"hints": list(hints), "records": list(rows)}).encode()
    return read_observations(sidecar_of([body], [url]), [body])


class TestAsking:
    def test_one_series_of_one_version_is_asked_for_with_explicit_economies_and_years(
        self, ask: FetchIt, double: UisDouble
    ) -> None:
        ask(["TJK", "CHN", "BLR"])
        versions, asked = double.asked
        assert versions == "/api/public/versions"
        assert urlsplit(asked).path == "/api/public/data/indicators"
        # startYear and endYear would be ignored in silence
        assert parse_qs(urlsplit(asked).query) == {
            "indicator": [CODE], "geoUnit": ["BLR", "CHN", "TJK"], "start": ["1990"],
            "end": ["2026"], "version": [NEWEST],
        }  # fmt: skip

    def test_years_that_were_not_asked_for_do_not_come(self, ask: FetchIt) -> None:
        assert cells(read(ask(years=(2022, 2026)))) == {("BLR", 2022): "31.5"}

    def test_the_version_stands_in_the_request_and_in_what_the_publisher_says(
        self, ask: FetchIt
    ) -> None:
        fetched = ask()
        (request,) = fetched.requests
        assert request.endswith(f"&version={NEWEST}")
        assert fetched.says == f"version {NEWEST}, published on 2025-03-06"
        assert NEWEST not in fetched.source

    def test_a_series_is_asked_for_by_the_code_that_the_api_knows(
        self, ask: FetchIt, double: UisDouble
    ) -> None:
        assert list(read(ask(code="STEM", live_code=CODE))["indicator"].unique()) == ["STEM"]
        assert double.count(f"indicator={CODE}&") == 1

    def test_an_unknown_economy_is_an_error_that_names_it(
        self, ask: FetchIt, double: UisDouble
    ) -> None:
        with pytest.raises(SourceError, match=r"UIS::HINT::003 The geoUnit .* QQQ"):
            ask(["BLR", "QQQ"])
        assert double.count("/data/") == 1

    def test_an_unknown_indicator_is_an_error_that_names_it(self, ask: FetchIt) -> None:
        with pytest.raises(SourceError, match=r"UIS::HINT::001 The indicator .* GRAD\.ART"):
            ask(code="GRAD.ART")

    def test_a_refusal_of_too_many_records_is_told_and_not_asked_again(
        self, ask: FetchIt, double: UisDouble
    ) -> None:
        double.most = 3
        with pytest.raises(SourceError, match=r"400 Bad Request: “.*more than 100000 records"):
            ask()
        assert double.count("/data/") == 1

    def test_no_request_is_planned_that_could_be_for_too_many_records(self) -> None:
        unesco, indicator = publisher("unesco_uis", "UNESCO"), live_indicator(CODE)
        names = [f"{n:03}" for n in range(1000)]
        full = Series(unesco, indicator, names, (1901, 2000))
        assert len(uis.plan(full).economies) * 100 == MAX_RECORDS
        with pytest.raises(SourceError, match=r"GRAD\.STEM: 1000 economies from 1900 to 2000"):
            uis.plan(Series(unesco, indicator, names, (1900, 2000)))

    @pytest.mark.parametrize("at", ["/versions", "/data/"])
    @bad_moments
    def test_a_bad_moment_is_asked_again(
        self, ask: FetchIt, double: UisDouble, fault: Fault, at: str
    ) -> None:
        double.fail(at, fault)
        assert cells(read(ask())) == FIGURES
        assert double.count(at) == 2

    def test_the_same_question_comes_back_from_its_url(self) -> None:
        assert Question.of(URL) == QUESTION
        assert Question.of("https://api/other") is None
        assert Question.of(QUESTION.url("https://api", "")) is None


class TestVersions:
    @staticmethod
    def entry(version: Any, published: Any) -> dict[str, Any]:
        return {"version": version, "publicationDate": published, "themeDataStatus": []}

    def test_the_one_published_last_is_taken_wherever_it_stands(self) -> None:
        days = {OLDER: "2025-03-07T00:00:00Z", NEWEST: "2025-03-06T23:59:59.999Z"}
        for order in (sorted(days), sorted(days, reverse=True)):
            body = json.dumps([self.entry(v, days[v]) for v in order]).encode()
            assert newest_version(body).id == OLDER

    @pytest.mark.parametrize(
        ("entries", "said"),
        [
            ([], "expected a list of versions, it is empty"),
            ({"version": NEWEST}, "expected a list of versions"),
            (["x"], "row 1 is 'x', expected an object"),
            ([("latest", "2025-03-06T14:01:51Z")], "row 1: version is 'latest', expected a date"),
            ([(NEWEST + "&geoUnit=X", "2025-03-06T14:01:51Z")], "row 1: version is"),
            ([(20250305, "2025-03-06T14:01:51Z")], "row 1: version is '20250305'"),
            ([(NEWEST, None)], "row 1: publicationDate is None, expected a moment"),
            ([(NEWEST, "3/6/2025")], "row 1: publicationDate is '3/6/2025', expected a moment"),
            ([(NEWEST, "2025-13-06T14:01:51Z")], "row 1: publicationDate is 2025-13-06T14:01:51Z"),
        ],
    )
    def test_what_is_no_list_of_versions_is_named(self, entries: Any, said: str) -> None:
        if isinstance(entries, list):
            entries = [self.entry(*e) if isinstance(e, tuple) else e for e in entries]
        with pytest.raises(ReadError, match=said):
            newest_version(json.dumps(entries).encode())


class TestReading:
    def test_digits_are_those_that_were_sent(self, ask: FetchIt) -> None:
        assert cells(read(ask())) == FIGURES

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


class TestRefreshing:
    @pytest.fixture
    def catalog(self) -> Catalog:
        found = live_catalog(live_indicator(CODE, publisher="unesco_uis"))
        unesco = publisher("unesco_uis", "UNESCO", connector="uis", aggregates=False)
        return found.model_copy(update={"publishers": {"unesco_uis": unesco}})

    @pytest.fixture
    def here(self, double: UisDouble, tmp_path: Path) -> Settings:
        return fast_settings("http://nobody", tmp_path).asking(double.origin)

    @staticmethod
    def run(archive: Archive, catalog: Catalog, here: Settings) -> PublisherResult:
        (found,) = refresh(archive, catalog, here, today=TODAY).publishers
        return found

    def test_a_new_version_with_the_same_figures_is_no_new_snapshot(
        self, archive: Archive, catalog: Catalog, here: Settings, double: UisDouble
    ) -> None:
        double.versions[OLDER] = double.versions.pop(NEWEST)
        assert [s.state for s in self.run(archive, catalog, here).series] == ["new"]
        double.versions[NEWEST] = double.versions[OLDER]
        assert [s.state for s in self.run(archive, catalog, here).series] == ["unchanged"]
        (kept,) = archive.snapshots()
        assert f"version {OLDER}" in kept.vintage_basis
        assert str(kept.parts[0].request).endswith(OLDER)

    def test_a_version_without_figures_leaves_those_that_stand(
        self, archive: Archive, catalog: Catalog, here: Settings, double: UisDouble
    ) -> None:
        self.run(archive, catalog, here)
        double.versions[NEWEST] = {CODE: {}}
        (series,) = self.run(archive, catalog, here).series
        assert series.reason == (
            "no values: the publisher has not one value for it; the figures of 2026-11-24 stand"
        )

    def test_what_is_asked_is_what_was_planned_and_one_version(
        self, archive: Archive, catalog: Catalog, here: Settings, double: UisDouble
    ) -> None:
        (planned,) = plan_refresh(catalog, here, today=TODAY)
        self.run(archive, catalog, here)
        (request,) = planned.requests
        assert double.asked[1] == request.removeprefix(double.origin) + NEWEST
        assert "WLD" not in request


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
