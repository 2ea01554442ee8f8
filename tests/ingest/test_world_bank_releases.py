"""The World Bank's archived releases: what is asked, how they are read, that nothing is dropped."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice, product
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import observations
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import world_bank_releases
from pipeline.ingest.connectors import Fetched
from pipeline.ingest.http import Client
from pipeline.ingest.world_bank_releases import (
    Question,
    Release,
    fetch,
    fetch_releases,
    last_day,
    parse_releases,
    plan,
    release_of,
)
from tests.doubles.http_double import Fault, html
from tests.doubles.live_catalog import ECONOMIES, fast_settings, live_indicator
from tests.doubles.world_bank import XML_160, Values, WorldBankDouble
from tests.ingest.made_up import cells
from tests.ingest.world_bank_series import read

NET, POP = "IT.NET.USER.ZS", "SP.POP.TOTL"
JULY = Release("202407")
FIRST = 2015
VALUES: Values = {
    ("BLR", 2015): "62.23",
    ("CHN", 2023): "77.50",
    ("TJK", 2021): "49.8",
    ("WLD", 2022): "63.1",
}
FetchIt = Callable[..., Fetched]


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    releases = {"199309": {}, "202404": {NET: VALUES}, JULY: {NET: VALUES}}
    with WorldBankDouble({}, releases=releases) as started:
        yield started


@pytest.fixture
def ask(double: WorldBankDouble, tmp_path: Path) -> FetchIt:
    """Fetches a series of a release from the double."""

    def do(
        code: str = NET, economies: Sequence[str] = ECONOMIES, release: Release = JULY
    ) -> Fetched:
        fast = fast_settings(double.url, tmp_path)
        with Client(fast) as client:
            return fetch(client, fast, live_indicator(code), economies, FIRST, release)

    return do


class TestList:
    """Which releases there are."""

    def test_ids_are_taken_and_labels_are_not(
        self, double: WorldBankDouble, tmp_path: Path
    ) -> None:
        fast = fast_settings(double.url, tmp_path)
        with Client(fast) as client:
            assert fetch_releases(client, fast) == ("199309", "202404", "202407")

        assert double.asked == ["/v2/sources/57/version?format=json&per_page=1000&page=1"]

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (lambda v: v.pop(), "2 releases, expected 3 by the head"),
            (lambda v: v.append(v[0]), "3 releases, expected 3 by the head"),
            (lambda v: v.__setitem__(1, v[0]), "2 releases, expected 3 by the head"),
            (lambda v: v[0].update(id="2024 Jul"), "release is '2024 Jul', expected year and"),
            (lambda v: v[0].update(id="202413"), "release is '202413', expected year and month"),
            (lambda v: v.clear(), "variable is \\[\\], expected a list"),
        ],
    )
    def test_a_list_that_is_not_whole_is_refused(
        self, double: WorldBankDouble, change: Callable[[list[Any]], object], told: str
    ) -> None:
        listed = json.loads(
            double.answer("/v2/sources/57/version?format=json&per_page=9").body or b""
        )
        change(listed["source"][0]["concept"][0]["variable"])

        with pytest.raises(ReadError, match=told):
            parse_releases(json.dumps(listed).encode())

    @pytest.mark.parametrize("body", [b"[]", b"{}", b'{"total":1}', b'{"total":1,"source":[1]}'])
    def test_so_is_what_is_no_list(self, body: bytes) -> None:
        with pytest.raises(ReadError):
            parse_releases(body)

    @pytest.mark.parametrize(
        ("release", "day"),
        [("202407", "2024-07-31"), ("202402", "2024-02-29"), ("198904", "1989-04-30")],
    )
    def test_a_release_is_of_the_last_day_of_its_month_or_before(
        self, release: str, day: str
    ) -> None:
        assert last_day(release_of(release)) == date.fromisoformat(day)


class TestQuestions:
    """What is asked."""

    def test_series_economies_and_years_stand_in_the_path(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        ask()

        years = ";".join(f"YR{year}" for year in range(2015, 2025))
        assert double.asked == [
            f"/v2/sources/57/series/{NET}/country/BLR;CHN;TJK;WLD/time/{years}/version/202407"
            "?format=json&per_page=5000&page=1"
        ]

    def test_a_recoded_indicator_is_asked_for_by_the_code_of_then(self) -> None:
        recoded = live_indicator("GE.EST", live_code="GOV_WGI_GE.EST", live_source=3)

        (question,) = plan(recoded, ["CHN"], FIRST, JULY)
        assert "/series/GE.EST/" in question.url("x", 1)

    @pytest.mark.parametrize("number", [1, 375, 376, 1500])
    def test_batches_hold_every_economy_once_within_the_publishers_limits(
        self, number: int
    ) -> None:
        economies = sorted(islice(map("".join, product(ascii_uppercase, repeat=3)), number))
        questions = plan(live_indicator(NET), economies, 1960, Release("202607"))

        assert [e for q in questions for e in q.economies] == economies
        for question in questions:
            url = question.url("https://api.worldbank.org/v2", 99)
            assert max(map(len, url.split("/"))) <= 1500
            assert len(url) <= 4000

    @given(
        st.lists(st.from_regex(r"[A-Z]{3}", fullmatch=True), min_size=1, max_size=5),
        st.integers(1, 99),
        st.integers(1960, 2024),
    )
    def test_an_archived_request_says_what_was_asked(
        self, economies: list[str], page: int, first: int
    ) -> None:
        question = Question(NET, tuple(economies), first, 2024, JULY)

        assert Question.of(question.url("https://example.org/v2", page)) == (question, page)

    def test_a_request_that_leaves_out_a_year_is_not_ours(self) -> None:
        url = Question(NET, ("CHN",), 2015, 2024, JULY).url("x", 1)

        assert Question.of(url.replace("YR2020;", "")) is None


class TestSeries:
    """What a release says."""

    def test_values_come_with_the_digits_of_the_publisher(self, ask: FetchIt) -> None:
        frame = read(ask())

        assert cells(frame) == VALUES
        assert set(frame["indicator"]) == {NET}
        assert tuple(frame.columns) == observations.COLUMNS

    def test_all_pages_are_fetched_and_bodies_kept_as_received(
        self, ask: FetchIt, double: WorldBankDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(world_bank_releases, "ROWS_PER_PAGE", 10)

        fetched = ask()
        assert [len(json.loads(b)["source"]["data"]) for b in fetched.bodies] == [10, 10, 10, 6]
        assert fetched.bodies == tuple(double.answer(asked).body for asked in double.asked)
        assert cells(read(fetched)) == VALUES

    def test_batches_are_joined(
        self, ask: FetchIt, double: WorldBankDouble, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(world_bank_releases, "MAX_PATH_SEGMENT", 7)

        assert cells(read(ask())) == VALUES
        assert [asked.split("/")[7] for asked in double.asked] == ["BLR;CHN", "TJK;WLD"]

    def test_a_series_that_the_release_has_not_is_refused_in_xml(self, ask: FetchIt) -> None:
        with pytest.raises(SourceError, match="the publisher's message 160, "):
            ask(POP)

    def test_the_refusal_is_not_asked_for_again(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        double.fail(NET, XML_160, times=None)

        with pytest.raises(SourceError, match="message 160"):
            ask()
        assert double.count() == 1

    def test_a_bad_day_is_waited_out(self, ask: FetchIt, double: WorldBankDouble) -> None:
        double.fail(NET, html(502))
        double.fail(NET, Fault(cut=40))

        assert cells(read(ask())) == VALUES

    def test_more_rows_than_asked_for_are_not_followed(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        double.fail(NET, Fault(change=lambda reply: reply | {"total": 90_000, "pages": 18}))

        with pytest.raises(SourceError, match="90000 rows, where at most 40 were asked for"):
            ask()


def altered(change: Callable[[list[dict[str, Any]]], object]) -> Fault:
    """A reply whose rows were changed, its head telling those that are left."""

    def apply(reply: Any) -> Any:
        rows = reply["source"]["data"]
        change(rows)
        return reply | {"total": len(rows)}

    return Fault(change=apply)


def without(*ids: str) -> Fault:
    def remove(rows: list[dict[str, Any]]) -> None:
        rows[:] = [r for r in rows if not {v["id"] for v in r["variable"]} >= set(ids)]

    return altered(remove)


def with_id(place: int, concept: str, new: object) -> Fault:
    def put(rows: list[dict[str, Any]]) -> None:
        for variable in rows[place]["variable"]:
            if variable["concept"] == concept:
                variable["id"] = new

    return altered(put)


class TestGrid:
    """Every economy asked, every year asked, once, and of this release."""

    def test_an_economy_that_was_dropped_in_silence_is_named(self, ask: FetchIt) -> None:
        fetched = ask(economies=(*ECONOMIES, "XKX", "ROM"))

        with pytest.raises(ReadError, match="release 202407 left out ROM, XKX without a word"):
            read(fetched)

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            (without("TJK", "YR2017"), "grid: no row for TJK 2017; 35 rows, expected 4"),
            (without("YR2015"), "grid: no row for BLR 2015; 32 rows"),
            (without("YR2018"), "grid: no row for BLR 2018; 32 rows"),
            (without("WLD"), "left out WLD without a word"),
            (altered(lambda rows: rows.append(rows[3])), "grid: BLR 2018 stands twice"),
            (with_id(3, "Country", "FRA"), "grid: a row for FRA 2018, which was not asked for"),
            (with_id(3, "Time", "YR2014"), "grid: a row for BLR 2014, which was not asked for"),
            (with_id(3, "Series", POP), "part 1: row 4: indicator is 'SP.POP.TOTL', expected 'IT"),
            (
                Fault(change=lambda reply: reply | {"page": 2}),
                "part 1: is page 2 with 5000 rows a page, expected page 1 with 5000",
            ),
            (
                Fault(change=lambda reply: reply | {"total": 37}),
                "part 1: 36 rows, expected 37 by its head",
            ),
        ],
    )
    def test_what_is_not_full_is_named(
        self, ask: FetchIt, double: WorldBankDouble, fault: Fault, told: str
    ) -> None:
        double.fail(NET, fault)
        fetched = ask()

        with pytest.raises(ReadError, match=f"snapshot world_bank_wdi/it_net_user_zs/.*{told}"):
            read(fetched)

    def test_a_year_at_the_end_may_be_missing_for_all(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        double.fail(NET, without("YR2023"))

        frame = read(ask())
        assert set(cells(frame)) == set(VALUES) - {("CHN", 2023)}

    def test_a_row_of_another_release_is_not_taken(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        double.fail(NET, with_id(3, "Version", "202404"), times=None)

        with pytest.raises(SourceError, match="row 4: Version is '202404', expected '202407'"):
            ask()

    def test_a_body_of_another_request_is_not_taken(self, ask: FetchIt) -> None:
        july, april = ask(), ask(release=Release("202404"))
        mixed = Fetched(**(vars(july) | {"bodies": april.bodies}))
        other = Fetched(**(vars(july) | {"requests": april.requests}))

        with pytest.raises(ReadError, match="Version is '202404', expected '202407'"):
            read(mixed)
        with pytest.raises(ReadError, match=r"was asked for IT\.NET\.USER\.ZS of 202404"):
            read(other)

    def test_without_requests_a_release_cannot_be_judged(self, ask: FetchIt) -> None:
        bare = Fetched(**(vars(ask()) | {"requests": ()}))

        with pytest.raises(ReadError, match="part 1: None is not a request for a release"):
            read(bare)


# --- damaged bodies
