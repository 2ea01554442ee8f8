"""The connector of UNESCO UIS: what it asks, which version, and what a refresh makes of it.

Which records are taken, and that no row is wrong, is in ``test_uis_reading``.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from pipeline.catalog import Catalog
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import uis
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_observations
from pipeline.ingest.refresh import PublisherResult, refresh
from pipeline.ingest.request_plan import plan_refresh
from pipeline.ingest.uis import MAX_RECORDS, Question, fetch, newest_version
from pipeline.settings import Settings
from tests.doubles.http_double import Fault, bad_moments
from tests.doubles.live_catalog import fast_settings, live_catalog, live_indicator, publisher
from tests.doubles.uis import NEWEST, OLDER, UisDouble
from tests.ingest.made_up import cells
from tests.ingest.uis_series import CELLS, CODE, FIGURES, QUESTION, STATES, URL, YEARS, sidecar_of

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


def read(fetched: Fetched) -> pd.DataFrame:
    sidecar = sidecar_of(fetched.bodies, fetched.requests, fetched.constants["indicator"])
    return read_observations(sidecar, fetched.bodies)


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

    def test_digits_are_those_that_were_sent(self, ask: FetchIt) -> None:
        assert cells(read(ask())) == FIGURES

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
