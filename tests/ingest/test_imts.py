"""The connector of the IMF's trade by partner: what it asks, what it keeps, and no wrong row."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import observations
from pipeline.catalog.models import Catalog
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import imts, sdmx
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client, UnavailableError
from pipeline.ingest.imts import Question, fetch
from pipeline.ingest.probe import Probe, probe
from pipeline.ingest.readers import read_observations
from pipeline.ingest.refresh import RefreshResult, refresh
from pipeline.ingest.request_plan import plan_refresh
from pipeline.ingest.sidecar import Sidecar
from tests.doubles.drawn_damage import spliced
from tests.doubles.http_double import Fault, bad_moments, status
from tests.doubles.imts import Flows, ImtsDouble, message, observation, series
from tests.doubles.live_catalog import fast_settings, live_catalog, live_indicator, publisher
from tests.ingest.made_up import made_up_sidecar

EXPORTS, IMPORTS = "XG_FOB_USD", "MG_CIF_USD"
STATES = ("BLR", "CHN", "TJK", "WLD")
FLOWS: Flows = {
    ("BLR", "CHN", 2019): ("674318205.25", "O"),
    ("BLR", "G001", 2019): ("32955119000", "O"),
    ("BLR", "TJK", 2018): ("44017", "O"),
    ("G001", "TJK", 2019): ("3349120441", "O"),
    ("G001", "G001", 2019): ("18771028665814", "O"),
    ("TJK", "CHN", 2019): ("53880119", "M"),
    ("TJK", "G001", 2019): ("1174000000", "M"),
}
AS_READ = {
    ("BLR", "CHN", 2019): ("674318205.25", ""),
    ("BLR", "WLD", 2019): ("32955119000", ""),
    ("BLR", "TJK", 2018): ("44017", ""),
    ("WLD", "TJK", 2019): ("3349120441", ""),
    ("WLD", "WLD", 2019): ("18771028665814", ""),
    ("TJK", "CHN", 2019): ("53880119", "M"),
    ("TJK", "WLD", 2019): ("1174000000", "M"),
}
QUESTION = Question(EXPORTS, ("BLR", "CHN", "G001", "TJK"), 1990)
FetchIt = Callable[..., Fetched]


@pytest.fixture
def double() -> Iterator[ImtsDouble]:
    with ImtsDouble({EXPORTS: FLOWS}) as started:
        yield started


@pytest.fixture
def ask(double: ImtsDouble, tmp_path: Path) -> FetchIt:
    """Fetches a flow from the double."""

    def do(economies: Sequence[str] = STATES, code: str = EXPORTS) -> Fetched:
        fast = fast_settings("http://127.0.0.1:9", tmp_path, imf_url=double.url)
        asked = Series(imf(), live_indicator(f"IMTS.{code}", live_code=code), economies, (1990, 26))
        with Client(fast) as client:
            return fetch(client, fast, asked)

    return do


def imf(**fields: Any) -> Any:
    return publisher("imf_imts", "IMF", connector="imf_imts", bilateral=True, **fields)


def sidecar_of(bodies: Sequence[bytes], requests: Sequence[str]) -> Sidecar:
    return made_up_sidecar(
        "imf_imts", bodies, publisher="imf_imts", indicator="IMTS.XG_FOB_USD",
        media_type="application/xml", requests=tuple(requests),
    )  # fmt: skip


def read(fetched: Fetched) -> pd.DataFrame:
    return read_observations(sidecar_of(fetched.bodies, fetched.requests), fetched.bodies)


def read_body(body: bytes) -> pd.DataFrame:
    return read_observations(sidecar_of([body], [QUESTION.url("https://api")]), [body])


def read_series(*found: str) -> pd.DataFrame:
    return read_body(message(found))


def cells(frame: pd.DataFrame) -> dict[tuple[str, str, int], tuple[str, str]]:
    columns = ("economy", "counterpart", "year", "value", "status")
    rows = zip(*(frame[name].tolist() for name in columns), strict=True)
    return {(e, c, int(y)): (v, s) for e, c, y, v, s in rows}


class TestAsking:
    def test_a_flow_is_asked_for_among_the_states_and_the_world_in_one_request(
        self, ask: FetchIt, double: ImtsDouble
    ) -> None:
        ask(["TJK", "WLD", "CHN"])
        assert double.asked == [
            "/external/sdmx/2.1/data/IMF.STA,IMTS/"
            "CHN+G001+TJK.XG_FOB_USD.CHN+G001+TJK.A?startPeriod=1990"
        ]

    def test_the_day_of_the_publishers_update_is_told(self, ask: FetchIt) -> None:
        assert ask().says == "UPDATE_DATE 2026-08-31"

    @bad_moments
    def test_a_bad_moment_is_asked_again(
        self, ask: FetchIt, double: ImtsDouble, fault: Fault
    ) -> None:
        double.fail("", fault)
        assert cells(read(ask())) == AS_READ
        assert double.count() == 2

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (status(204), "204 No Content"),
            (Fault(body=message([])), "a message without series"),
        ],
        ids=["204", "200 with no series"],
    )
    def test_an_answer_with_nothing_in_it_is_no_match_and_no_publisher_that_is_down(
        self, ask: FetchIt, double: ImtsDouble, fault: Fault, said: str
    ) -> None:
        double.fail("", fault)
        with pytest.raises(SourceError, match=r"no match: .* for XG_FOB_USD of 4") as failure:
            ask()
        assert said in str(failure.value)
        assert not isinstance(failure.value, UnavailableError)
        assert double.count() == 1

    def test_a_flow_that_the_publisher_does_not_know_is_no_match(self, ask: FetchIt) -> None:
        with pytest.raises(SourceError, match=r"no match: .* for MG_CIF_USD"):
            ask(code=IMPORTS)

    def test_a_publisher_that_is_down_is_called_so(self, ask: FetchIt, double: ImtsDouble) -> None:
        double.fail("", status(503), times=None)
        with pytest.raises(UnavailableError, match="503"):
            ask()

    def test_the_same_question_comes_back_from_its_url(self) -> None:
        assert Question.of(QUESTION.url("https://api")) == QUESTION
        assert (
            Question.of("https://api/data/IMF.STA,IMTS/A.XG_FOB_USD.B.A?startPeriod=1990") is None
        )
        assert Question.of("https://api/other") is None


class TestReading:
    def test_digits_and_partners_are_those_that_were_sent(self, ask: FetchIt) -> None:
        assert cells(read(ask())) == AS_READ

    def test_values_are_whole_dollars_whatever_scale_the_series_says(self) -> None:
        body = message([series("BLR", "CHN", observation(2019, "674318205"), code=EXPORTS)])
        assert b'SCALE="6"' in body
        assert cells(read_body(body)) == {("BLR", "CHN", 2019): ("674318205", "")}

    def test_a_series_without_values_is_no_value(self) -> None:
        filled = series("TJK", "CHN", observation(2019, "0"), code=EXPORTS)
        assert cells(read_series(series("BLR", "CHN", code=EXPORTS), filled)) == {
            ("TJK", "CHN", 2019): ("0", "")
        }

    def test_what_is_not_official_keeps_its_flag(self) -> None:
        values = [observation(2018 + n, "1", flag) for n, flag in enumerate("OME")]
        frame = read_series(series("TJK", "CHN", *values, code=EXPORTS))
        assert list(frame["status"]) == ["", "M", "E"]

    def test_goods_that_come_back_are_no_trade_between_states(self) -> None:
        own = series("CHN", "CHN", observation(2019, "1"), code=EXPORTS)
        world = series("G001", "G001", observation(2019, "9"), code=EXPORTS)
        assert cells(read_series(own, world)) == {("WLD", "WLD", 2019): ("9", "")}

    @pytest.mark.parametrize(
        ("found", "said"),
        [
            (series("BLR", "GX901", observation(2019, "1"), code=EXPORTS),
             r"series BLR.XG_FOB_USD.GX901.A: GX901 was not asked for"),
            (series("LAO", "CHN", code=EXPORTS), "LAO was not asked for"),
            (series("BLR", "CHN", code=IMPORTS), "INDICATOR is 'MG_CIF_USD', expected XG_FOB_USD"),
            (series("BLR", "CHN", code=EXPORTS, frequency="M"), "FREQUENCY is 'M', expected A"),
            (series("BLR", "CHN", code=EXPORTS) * 2, "BLR.XG_FOB_USD.CHN.A stands twice"),
            ("<Series/>", "series 1: there is no COUNTRY"),
        ],
    )  # fmt: skip
    def test_a_series_that_was_not_asked_for_is_named(self, found: str, said: str) -> None:
        with pytest.raises(ReadError, match=said):
            read_series(found)

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ([observation(2019, "NaN")], "2019: OBS_VALUE is 'NaN', expected a finite number"),
            ([observation(2019, "1,5")], "2019: OBS_VALUE is '1,5', expected a finite number"),
            ([observation(2019, "1e999")], "2019: OBS_VALUE is '1e999', expected a finite"),
            ([observation(2019, "")], "2019: OBS_VALUE is '', expected a finite number"),
            ([observation(2019, "1", "")], "2019: DERIVATION_TYPE is '', expected how"),
            ([observation(2019, "1"), observation(2019, "1")], "2019 stands twice"),
            ([observation(1989, "1")], "1989: was not asked for, expected 1990 or later"),
            ([observation(19, "1")], "TIME_PERIOD is '19', expected a year"),
            (['<Obs TIME_PERIOD="2019" DERIVATION_TYPE="O"/>'], "2019: there is no OBS_VALUE"),
            (['<Obs TIME_PERIOD="2019" OBS_VALUE="1"/>'], "2019: there is no DERIVATION_TYPE"),
            (['<Obs OBS_VALUE="1" DERIVATION_TYPE="O"/>'], "there is no TIME_PERIOD"),
        ],
    )
    def test_a_value_that_is_none_is_named_with_series_and_year(
        self, values: Sequence[str], said: str
    ) -> None:
        with pytest.raises(ReadError, match=f"series TJK.XG_FOB_USD.CHN.A.*{said}"):
            read_series(series("TJK", "CHN", *values, code=EXPORTS))

    def test_a_body_that_was_not_asked_for_is_an_error(self) -> None:
        body = message([])
        with pytest.raises(ReadError, match="part 1: 'https://api/other' is not a request"):
            read_observations(sidecar_of([body], ["https://api/other"]), [body])
        twice = [QUESTION.url("https://api")] * 2
        with pytest.raises(ReadError, match="2 parts, expected one message"):
            read_observations(sidecar_of([body, body], twice), [body, body])


class TestMessage:
    """What is refused as a message, before anybody looks at its attributes."""

    def test_the_attributes_of_the_data_set_are_told(self) -> None:
        assert sdmx.parse(message([], updated="2026-01-02")).about["UPDATE_DATE"] == "2026-01-02"

    @pytest.mark.parametrize(
        "doctype",
        ["<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY e "1">]>', '<!DOCTYPE a SYSTEM "file:///etc/passwd">'],
    )  # fmt: skip
    def test_a_document_type_is_refused_and_its_entities_with_it(self, doctype: str) -> None:
        head, rest = message([]).split(b"?>", 1)
        with pytest.raises(ReadError, match="a document type 'a', expected none"):
            sdmx.parse(head + b"?>" + doctype.encode() + rest)

    def test_an_entity_that_nobody_declared_is_refused(self) -> None:
        with pytest.raises(ReadError, match="undefined entity"):
            read_series(series("BLR", "CHN", observation(2019, "&amount;"), code=EXPORTS))

    def test_a_footer_says_that_something_is_missing_and_is_refused(self) -> None:
        body = message([]).replace(b"</message:Str", b"<message:Footer/></message:Str")
        with pytest.raises(ReadError, match="Footer in StructureSpecificData, expected Header or"):
            sdmx.parse(body)

    @pytest.mark.parametrize(
        ("inside", "said"),
        [
            ("<Obs/>", "Obs in DataSet, expected Group or Series"),
            ("<Series><Series/></Series>", "Series in Series, expected Obs"),
            ("<Series><Obs><Obs/></Obs></Series>", "Obs in Obs, expected nothing"),
            ("<Series>Obs TIME_PERIOD=</Series>", "text 'Obs TIME_PERIOD=', expected none"),
            ("</message:DataSet><message:DataSet>", "a second DataSet, expected one"),
        ],
    )
    def test_what_stands_where_it_should_not_is_named(self, inside: str, said: str) -> None:
        with pytest.raises(ReadError, match=said):
            sdmx.parse(message([inside]))

    @pytest.mark.parametrize(
        "body",
        [b"", b"<a/>", b"{}", b"\xff\xfe", b"<Series/>", message([])[:-1], message([]) + b"<a/>",
         message([]).replace(b"IMF", b"\xe4\xf6"), message([]).replace(b"Z<", b"\x00<")],
    )  # fmt: skip
    def test_what_is_no_message_is_a_read_error(self, body: bytes) -> None:
        with pytest.raises(ReadError):
            sdmx.parse(body)


class TestRefreshing:
    """Each answer says when it was made: that alone is no news."""

    @pytest.fixture
    def catalog(self) -> Catalog:
        flow = live_indicator("IMTS.XG_FOB_USD", live_code=EXPORTS, publisher="imf_imts")
        return live_catalog(flow).model_copy(update={"publishers": {"imf_imts": imf()}})

    @pytest.fixture
    def do(
        self, double: ImtsDouble, archive: Archive, tmp_path: Path, catalog: Catalog
    ) -> Callable[[int], RefreshResult]:
        def run(day: int) -> RefreshResult:
            fast = fast_settings("http://127.0.0.1:9", tmp_path, imf_url=double.url)
            at = datetime(2026, 11, day, 4, tzinfo=UTC)
            return refresh(archive, catalog, fast, today=at.date(), clock=lambda: at)

        return run

    @staticmethod
    def state(result: RefreshResult) -> str:
        ((series,),) = (p.series for p in result.publishers)
        return series.state

    def test_the_same_figures_in_another_answer_add_nothing(
        self, do: Callable[[int], RefreshResult], archive: Archive, double: ImtsDouble
    ) -> None:
        assert self.state(do(24)) == "new"
        again = do(25)
        assert self.state(again) == "unchanged"
        (held,) = archive.snapshots()
        assert again.publishers[0].series[0].snapshot == held.snapshot
        assert double.count() == 2

    def test_a_value_that_is_revised_is_new_and_so_is_one_that_is_revised_back(
        self, do: Callable[[int], RefreshResult], archive: Archive, double: ImtsDouble
    ) -> None:
        before = double.flows[EXPORTS]["TJK", "CHN", 2019]
        do(23)
        double.flows[EXPORTS]["TJK", "CHN", 2019] = ("53880120", "O")
        assert self.state(do(24)) == "new"
        double.flows[EXPORTS]["TJK", "CHN", 2019] = before
        assert self.state(do(25)) == "new"
        assert len(archive.snapshots()) == 3
        assert archive.verify().sound

    def test_a_look_at_the_publisher_sees_figures_and_not_the_hour(
        self, catalog: Catalog, double: ImtsDouble, tmp_path: Path
    ) -> None:
        def look() -> Probe:
            fast = fast_settings("http://127.0.0.1:9", tmp_path, imf_url=double.url)
            return probe(catalog, fast, today=date(2019, 11, 24))

        first = look()
        assert look() == first
        double.flows[EXPORTS]["TJK", "CHN", 2019] = ("53880120", "O")
        assert look().digests != first.digests

    def test_the_plan_counts_every_pair(self, catalog: Catalog, tmp_path: Path) -> None:
        (plan,) = plan_refresh(catalog, fast_settings("", tmp_path), today=date(2026, 11, 24))
        assert plan.cells == 4 * 4 * len(range(1990, 2027))
        assert [imts.Question.of(url) for url in plan.requests] == [QUESTION]


WHOLE = message(
    [
        series(
            "BLR", "CHN", observation(2018, "1234567"), observation(2019, "8", "M"), code=EXPORTS
        ),
        series("BLR", "TJK", code=EXPORTS),
        series("TJK", "G001", observation(2019, "1174000000.5"), code=EXPORTS),
    ]
)
DATA = WHOLE.index(b"<Series")


@pytest.mark.slow
@settings(max_examples=500)
@given(
    spliced(
        WHOLE,
        st.integers(0, len(WHOLE) - 1) | st.integers(DATA, len(WHOLE) - 1),
        st.binary(max_size=20) | st.text('ABCTJK0189O<>/"&;= ', max_size=12).map(str.encode),
    )
)
def test_only_a_read_error_comes_of_a_damaged_body_and_never_a_wrong_row(body: bytes) -> None:
    with suppress(ReadError):
        _see_that_rows_are_those_of_the_body(read_body(body), body)


def _see_that_rows_are_those_of_the_body(frame: pd.DataFrame, body: bytes) -> None:
    """The rows are all that stand in the body, read a second way: as a tree of elements."""
    assert tuple(frame.columns) == observations.COLUMNS
    # A tree writes names as {namespace}name, and takes no namespace with a brace in it.
    tree = ET.fromstring(body.replace(b"{", b"(").replace(b"}", b")"))
    stand = {
        (s.attrib["COUNTRY"], s.attrib["COUNTERPART_COUNTRY"], int(o.attrib["TIME_PERIOD"])): (
            o.attrib["OBS_VALUE"],
            o.attrib["DERIVATION_TYPE"],
        )
        for s in tree.iter("Series")
        if s.attrib["COUNTRY"] != s.attrib["COUNTERPART_COUNTRY"]
        for o in s.iter("Obs")
    }
    assert {economy for economy, _, _ in stand} <= {"BLR", "CHN", "G001", "TJK"}
    assert cells(frame) == {
        (e, "WLD" if c == "G001" else c, y): (v, "" if flag == "O" else flag)
        for (e, c, y), (v, flag) in stand.items()
    }
