"""The connector of ILOSTAT: what it asks, which rows it keeps, and no wrong row."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog import load_catalog
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import ilostat
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.ilostat import Question
from pipeline.ingest.readers import read_observations
from pipeline.settings import Settings
from tests.doubles.http_double import Fault, bad_moments
from tests.doubles.ilostat import HEAD, Cells, IlostatDouble, row, table
from tests.doubles.live_catalog import fast_settings, live_indicator, publisher
from tests.ingest.made_up import made_up_sidecar

INDICATOR, PART = "EMP_TEMP_SEX_ECO_NB", "ECO_ISIC4_J"
KEY = (INDICATOR, "SEX_T", PART)
CELLS: Cells = {
    ("KAZ", 2022): ("160.125", ""), ("KAZ", 2021): ("154", "B"), ("RUS", 2020): ("1590.4", "U"),
    ("PAK", 2018): ("", ""), ("PAK", 1988): ("12", ""),
}  # fmt: skip
AS_READ = {
    ("KAZ", 2022): ("160.125", ""), ("KAZ", 2021): ("154", "B"), ("RUS", 2020): ("1590.4", "U"),
}  # fmt: skip
SERIES = Series(
    publisher("ilo", "ILO", connector="ilostat", aggregates=False),
    live_indicator("ILO.EMP.J", publisher="ilo", live_code=f"{INDICATOR}_A/{PART}"),
    ("KAZ", "PAK", "RUS"),
    (1990, 2026),
)
QUESTION = Question(INDICATOR, PART, ("KAZ", "PAK", "RUS"), 1990)
FetchIt = Callable[[], Fetched]


@pytest.fixture
def double() -> Iterator[IlostatDouble]:
    others: Cells = {("KAZ", 2022): ("1", "")}
    with IlostatDouble({
        KEY: CELLS,
        (INDICATOR, "SEX_F", PART): others,
        (INDICATOR, "SEX_T", "ECO_ISIC4_TOTAL"): others,
    }) as started:  # fmt: skip
        yield started


@pytest.fixture
def ask(double: IlostatDouble, tmp_path: Path) -> FetchIt:
    """Fetches the series from the double."""

    def do() -> Fetched:
        settings = fast_settings("http://127.0.0.1:9", tmp_path, ilostat_url=double.url)
        with Client(settings) as client:
            return ilostat.fetch(client, settings, SERIES)

    return do


def read_body(body: bytes, request: str = QUESTION.url("https://api")) -> pd.DataFrame:
    sidecar = made_up_sidecar(
        "ilostat", [body], publisher="ilo", indicator="ILO.EMP.J", media_type="text/csv",
        requests=(request,),
    )  # fmt: skip
    return read_observations(sidecar, [body])


def cells(frame: pd.DataFrame) -> dict[tuple[str, int], tuple[str, str]]:
    columns = (frame[name].tolist() for name in ("economy", "year", "value", "status"))
    return {(e, int(y)): (v, s) for e, y, v, s in zip(*columns, strict=True)}


def read(fetched: Fetched) -> dict[tuple[str, int], tuple[str, str]]:
    return cells(read_body(fetched.bodies[0], fetched.requests[0]))


def rows() -> list[list[str]]:
    return [row(KEY, e, y, *cell) for (e, y), cell in CELLS.items() if y >= 1990]


def refused(body: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_body(body)
    return str(caught.value).partition(", ")[2]


class TestAsking:
    def test_a_class_of_a_yearly_indicator_is_asked_for(
        self, ask: FetchIt, double: IlostatDouble
    ) -> None:
        ask()
        assert double.asked == [
            "/data/indicator/?id=EMP_TEMP_SEX_ECO_NB_A&ref_area=KAZ+PAK+RUS&sex=SEX_T"
            "&classif1=ECO_ISIC4_J&timefrom=1990&format=.csv"
        ]

    @bad_moments
    def test_a_bad_moment_is_asked_again(
        self, ask: FetchIt, double: IlostatDouble, fault: Fault
    ) -> None:
        double.fail("", fault)
        assert read(ask()) == AS_READ
        assert double.count() == 2

    @pytest.mark.parametrize("code", [None, INDICATOR, f"{INDICATOR}/{PART}", f"{INDICATOR}_A"])
    def test_an_entry_without_indicator_and_class_is_named(self, code: str | None) -> None:
        indicator = SERIES.indicator.model_copy(update={"live_code": code})
        with pytest.raises(SourceError, match=r"ILO\.EMP\.J: live_code is"):
            ilostat.plan(replace(SERIES, indicator=indicator))

    @given(
        st.lists(st.from_regex(r"[A-Z]{3}", fullmatch=True), min_size=1, max_size=5),
        st.integers(1000, 2099),
    )
    def test_an_archived_request_says_what_was_asked(
        self, economies: list[str], first: int
    ) -> None:
        question = Question(INDICATOR, PART, tuple(economies), first)
        assert Question.of(question.url("https://api.example.org")) == question

    def test_the_catalogues_own_series_can_be_asked_for(self) -> None:
        catalog = load_catalog(Settings().catalog_dir)
        (indicator,) = catalog.indicators_of("ilo", live=True)
        economies = catalog.economies_asked_of(catalog.publishers["ilo"])
        question = ilostat.plan(Series(SERIES.publisher, indicator, economies, (1990, 2026)))
        assert (question.indicator, question.part) == (INDICATOR, PART)
        assert "WLD" not in question.economies


class TestKeeping:
    def test_values_keep_their_digits_and_flags(self, ask: FetchIt) -> None:
        assert read(ask()) == AS_READ

    def test_other_sexes_and_classes_are_left_out_where_the_request_is_not_heeded(
        self, ask: FetchIt, double: IlostatDouble
    ) -> None:
        double.heeds_classes = False
        fetched = ask()
        assert fetched.bodies[0].count(b"\n") == 7
        assert read(fetched) == AS_READ

    def test_notes_may_stand_beside_the_columns_and_a_mark_before_them(self) -> None:
        noted = [[*cells, "R1:2383"] for cells in rows()]
        body = b"\xef\xbb\xbf" + table(noted, (*HEAD, "note_indicator")).replace(b"\n", b"\r\n")
        assert cells(read_body(body)) == AS_READ

    def test_a_code_that_is_not_known_has_no_values(self) -> None:
        assert read_body(table([])).empty


class TestRefusing:
    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"indicator": f"{INDICATOR}_A"},
             f"row 2: indicator is '{INDICATOR}_A', expected {INDICATOR}"),
            ({"ref_area": "USA"}, "row 2: USA 2022 was not asked for"),
            ({"ref_area": "KZ"}, "row 2: ref_area is 'KZ', expected an ISO 3166 alpha-3 code or a "
             "publisher's three-letter aggregate"),
            ({"time": "1989"}, "row 2: KAZ 1989 was not asked for"),
            ({"time": "2022Q1"}, "row 2: time is '2022Q1', expected a year from 1800 to 2099"),
            ({"obs_value": "NA"}, "row 2: obs_value is 'NA', expected a number or nothing"),
            ({"obs_value": "1e999"}, "row 2: obs_value is '1e999', expected a number or nothing"),
            ({"obs_status": "b"}, "row 2: obs_status is 'b', expected a flag or nothing"),
            ({"time": "2021", "source": "BB:7"}, "grid: KAZ 2021 stands twice"),
        ],
    )  # fmt: skip
    def test_a_wrong_cell_is_named(self, fields: dict[str, str], said: str) -> None:
        assert refused(table([row(KEY, "KAZ", 2022, "1", **fields), *rows()[1:]])) == said

    @pytest.mark.parametrize(
        "head",
        [HEAD[1:], (*HEAD[:5], "classif2", *HEAD[5:]), (*HEAD, "time"), ("<html>",)],
        ids=["one gone", "a further breakdown", "one twice", "a page"],
    )
    def test_another_head_is_refused(self, head: tuple[str, ...]) -> None:
        assert refused(table([], head)).startswith("row 1: ")

    def test_a_table_that_is_cut_within_its_last_cell_is_refused(self) -> None:
        whole = table([row(KEY, "KAZ", 2022, "1", "BU")])
        for cut in (1, 2, 3):
            assert "does not end with a line end" in refused(whole[:-cut])

    def test_another_request_is_refused(self) -> None:
        with pytest.raises(ReadError, match="is not a request for a table"):
            read_body(table(rows()), "https://api/data/indicator/?id=X_Q")
