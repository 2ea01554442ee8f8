"""Several indicators in one request: few requests, and yet each a series of its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog.models import Catalog
from pipeline.errors import ReadError
from pipeline.ingest import world_bank
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import Series, batches_of, requests_of
from pipeline.ingest.readers import read_snapshots
from pipeline.ingest.refresh import RefreshResult, refresh
from pipeline.ingest.sidecar import Sidecar, SidecarDraft
from pipeline.ingest.world_bank import Question
from pipeline.settings import PROJECT_ROOT, Settings
from pipeline.warehouse.build import build_core
from pipeline.warehouse.store import connect_read_only
from tests.doubles.http_double import Fault
from tests.doubles.live_catalog import WDI, fast_settings, live_catalog, live_indicator, publisher
from tests.doubles.world_bank import ARCHIVED, INVALID_VALUE, XML_160, WorldBankDouble, message

CODES = ("A.X", "B.X", "C.X", "D.X", "E.X", "F.X")
TODAY, LATER = date(2026, 11, 24), date(2026, 12, 5)
RefreshIt = Callable[..., RefreshResult]


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    series = {code: {("CHN", 2023): "90.6", ("TJK", 2021): "36.7"} for code in CODES}
    with WorldBankDouble(series) as started:
        yield started


def six_series(**fields: Any) -> Catalog:
    return live_catalog(*(live_indicator(code, **fields) for code in CODES))


@pytest.fixture
def do(double: WorldBankDouble, archive: Archive, tmp_path: Path) -> RefreshIt:
    """Refreshes the archive from the double."""

    def run(today: date = TODAY, catalog: Catalog | None = None) -> RefreshResult:
        return refresh(
            archive,
            catalog or six_series(),
            fast_settings(double.url, tmp_path),
            today=today,
            clock=lambda: datetime(today.year, today.month, today.day, 4, 5, 6, tzinfo=UTC),
        )

    return run


def states(result: RefreshResult) -> dict[str, str]:
    return {s.indicator: s.state for p in result.publishers for s in p.series}


def of_series(archive: Archive, code: str) -> list[Sidecar]:
    return [s for s in archive.snapshots() if s.indicators == (code,)]


class TestQuestions:
    """Which series share a request."""

    def test_series_of_one_database_are_asked_for_together(
        self, do: RefreshIt, double: WorldBankDouble
    ) -> None:
        do()

        assert double.count() == 1
        asked = urlsplit(double.asked[0])
        assert asked.path == f"/v2/country/BLR;CHN;TJK;WLD/indicator/{';'.join(CODES)}"
        assert parse_qs(asked.query) == {
            "format": ["json"],
            "date": ["1990:2026"],
            "per_page": ["20000"],
            "source": ["2"],  # without it several are refused
            "page": ["1"],
        }

    def test_each_database_has_a_request_of_its_own(
        self, do: RefreshIt, double: WorldBankDouble
    ) -> None:
        double.sources["B.X"] = 3
        recoded = live_indicator("B.X", live_source=3)

        do(catalog=live_catalog(live_indicator("A.X"), recoded, live_indicator("C.X")))
        asked = sorted(urlsplit(a).path.rpartition("/")[2] for a in double.asked)
        assert asked == ["A.X;C.X", "B.X"]

    @pytest.mark.parametrize(
        ("codes", "requests"),
        [
            ([f"X.{n:02}" for n in range(70)], 2),  # of 60 indicators at most
            ([f"{'X' * 60}.{n:02}" for n in range(30)], 2),  # of 1,500 characters between slashes
        ],
    )
    def test_no_request_is_for_more_than_the_publisher_takes(
        self, do: RefreshIt, double: WorldBankDouble, codes: list[str], requests: int
    ) -> None:
        double.series = {code: {("CHN", 2023): "1"} for code in codes}

        result = do(catalog=live_catalog(*(live_indicator(code) for code in codes)))
        assert set(states(result).values()) == {"new"}
        assert double.count() == requests

    @given(
        number=st.integers(1, 130),
        letters=st.integers(5, 60),
        economies=st.integers(1, 400),
        years=st.integers(1, 120),
    )
    def test_every_series_is_asked_for_once_within_the_publishers_limits(
        self, number: int, letters: int, economies: int, years: int
    ) -> None:
        places = ["".join(p) for p in product(ascii_uppercase, repeat=3)][:economies]
        asked = [
            Series(
                publisher(connector="world_bank"),
                live_indicator(code),
                places,
                (1901, 1900 + years),
            )
            for code in (f"{n:03}".rjust(letters, "A") for n in range(number))
        ]
        settings = Settings(world_bank_url="https://api.worldbank.org/v2")
        batches = batches_of(settings, asked)

        assert sorted(s.indicator.id for b in batches for s in b) == [s.indicator.id for s in asked]
        for batch in batches:
            assert len(batch) <= 60
            assert len(batch) == 1 or len(batch) * economies * years <= world_bank.ROWS_PER_PAGE
            for url in requests_of(settings, batch):
                assert max(map(len, url.split("/"))) <= 1500
                assert len(url) <= 4000


class TestSnapshots:
    """How a body of many series is archived."""

    def test_it_is_archived_once_as_received_and_each_series_refers_to_it(
        self, do: RefreshIt, archive: Archive, double: WorldBankDouble
    ) -> None:
        assert set(states(do()).values()) == {"new"}

        snapshots = archive.snapshots()
        assert [s.indicators for s in snapshots] == [(code,) for code in CODES]
        (body,) = {archive.read(s) for s in snapshots}
        assert body == (double.answer(double.asked[0]).body,)
        objects = [p for p in (archive.roots[0].folder / "objects").rglob("*") if p.is_file()]
        assert len(objects) == 1
        assert archive.verify().sound

    def test_each_series_is_read_with_its_own_values_and_flags(
        self, do: RefreshIt, archive: Archive, double: WorldBankDouble
    ) -> None:
        double.series["B.X"]["CHN", 2023] = "1.50"
        double.flags["B.X", "CHN", 2023] = "E"
        do()

        columns = ["economy", "year", "value", "status"]
        a, b, *_ = (
            frame[columns].values.tolist()
            for _, frame in read_snapshots(archive, archive.snapshots())
        )
        assert a == [["CHN", 2023, "90.6", ""], ["TJK", 2021, "36.7", ""]]
        assert b == [["CHN", 2023, "1.50", "E"], ["TJK", 2021, "36.7", ""]]

    def test_only_a_series_that_changed_has_a_new_vintage(
        self, do: RefreshIt, archive: Archive, double: WorldBankDouble, tmp_path: Path
    ) -> None:
        do()
        double.series["C.X"]["TJK", 2021] = "49.8"
        double.updated = "2026-12-01"

        assert [code for code, state in states(do(LATER)).items() if state == "new"] == ["C.X"]
        assert [s.vintage for s in of_series(archive, "C.X")] == [TODAY, LATER]
        assert all(len(of_series(archive, code)) == 1 for code in CODES if code != "C.X")
        path = tmp_path / "warehouse.duckdb"
        build_core(path, archive, six_series(), LATER, PROJECT_ROOT / "sql")
        with connect_read_only(path) as con:
            rows = con.execute(
                "SELECT c.indicator, value, s.vintage FROM core.current AS c"
                " JOIN core.snapshots AS s USING (snapshot) WHERE economy = 'TJK' ORDER BY 1"
            ).fetchall()
        assert rows == [(c, *((49.8, LATER) if c == "C.X" else (36.7, TODAY))) for c in CODES]

    @pytest.mark.parametrize("field", ["value", "flag"])
    def test_a_change_of_a_figure_or_its_flag_is_news(
        self, do: RefreshIt, archive: Archive, double: WorldBankDouble, field: str
    ) -> None:
        do()
        if field == "value":
            double.series["D.X"]["CHN", 2023] = "90.60"
        else:
            double.flags["D.X", "CHN", 2023] = "E"

        assert states(do(LATER))["D.X"] == "new"

    def test_figures_that_come_back_are_said_anew(
        self, do: RefreshIt, archive: Archive, double: WorldBankDouble
    ) -> None:
        do(date(2026, 11, 1))
        double.series["A.X"]["CHN", 2023] = "1"
        do(date(2026, 11, 2))
        double.series["A.X"]["CHN", 2023] = "90.6"
        do(date(2026, 11, 3))

        assert [s.vintage.day for s in of_series(archive, "A.X")] == [1, 2, 3]
        assert [s.vintage.day for s in of_series(archive, "B.X")] == [1]

    def test_a_snapshot_of_a_series_that_was_asked_for_alone_stands(
        self, do: RefreshIt, archive: Archive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as alone:
            alone.setattr(world_bank, "ROWS_PER_PAGE", 150)
            do()
        assert len({s.parts for s in archive.snapshots()}) == len(CODES)

        assert set(states(do(LATER)).values()) == {"unchanged"}
        assert {s.vintage for s in archive.snapshots()} == {TODAY}

    def test_a_series_that_was_not_asked_for_is_not_read_from_the_body(
        self, do: RefreshIt, archive: Archive
    ) -> None:
        do()
        sidecar = of_series(archive, "A.X")[0]
        named = {name: getattr(sidecar, name) for name in ("vintage", "vintage_basis", "licence")}
        stranger = SidecarDraft(
            publisher=WDI,
            indicators=("G.X",),
            attribution="made up",
            source="made up",
            reader="world_bank_v2",
            constants={"indicator": "G.X", "live_code": "G.X"},
            requests=tuple(str(part.request) for part in sidecar.parts),
            **named,
        ).with_bodies(archive.read(sidecar))

        with pytest.raises(ReadError, match=r"they are for A\.X, B\.X, .*, expected G\.X"):
            world_bank.read(stranger, archive.read(sidecar))


def without_rows(code: str, number: int | None = None) -> Fault:
    """An answer that lacks rows of a series, and says so in its head."""

    def apply(reply: Any) -> Any:
        head, rows = reply
        gone = [row for row in rows if row["indicator"]["id"] == code][:number]
        rows[:] = [row for row in rows if row not in gone]
        return [head | {"total": len(rows)}, rows]

    return Fault(change=apply)


class TestIsolation:
    """One bad series in a request costs no other."""

    @pytest.mark.parametrize("fault", [INVALID_VALUE, ARCHIVED, XML_160, message("999", "?", "?")])
    def test_a_refused_code_takes_no_other_with_it(
        self, do: RefreshIt, double: WorldBankDouble, fault: Fault
    ) -> None:
        double.fail("E.X", fault, times=None)

        assert states(do()) == dict.fromkeys(CODES, "new") | {"E.X": "failed"}
        # all; two halves; D, E F; E, F
        assert double.count() == 7

    def test_a_code_that_is_not_there_any_more_is_told_in_the_publishers_words(
        self, do: RefreshIt, double: WorldBankDouble
    ) -> None:
        del double.series["B.X"]

        (failed,) = do().failed
        assert failed.indicator == "B.X"
        assert failed.reason.startswith("refused: the publisher's message 120, Invalid value")

    def test_a_code_that_was_moved_to_another_database_takes_no_other_with_it(
        self, do: RefreshIt, double: WorldBankDouble
    ) -> None:
        double.sources["B.X"] = 3

        (failed,) = do().failed
        assert failed.indicator == "B.X"
        assert failed.reason.startswith("refused: the publisher's message 175")

    def test_a_series_that_is_left_out_in_silence_is_asked_for_alone(
        self, do: RefreshIt, double: WorldBankDouble
    ) -> None:
        double.fail("F.X", without_rows("F.X"))

        assert set(states(do()).values()) == {"new"}
        assert [urlsplit(a).path.rpartition("/")[2] for a in double.asked] == [
            ";".join(CODES),
            "F.X",
        ]

    def test_a_hole_in_one_series_is_a_failure_of_that_one(
        self, do: RefreshIt, double: WorldBankDouble
    ) -> None:
        double.fail("F.X", without_rows("F.X", 1), times=None)

        (failed,) = do().failed
        assert failed.indicator == "F.X"
        assert "grid: no row for WLD 2025" in failed.reason
        assert double.count() == 1

    def test_a_body_that_cannot_be_used_is_asked_for_in_parts(
        self, do: RefreshIt, double: WorldBankDouble
    ) -> None:
        double.fail(
            f"{CODES[-2]};{CODES[-1]}", Fault(change=lambda reply: {"rows": reply[1]}), None
        )

        assert set(states(do()).values()) == {"new"}

    def test_rows_that_nobody_asked_for_make_the_body_useless(
        self, do: RefreshIt, double: WorldBankDouble
    ) -> None:
        def stranger(reply: Any) -> Any:
            reply[1][0]["indicator"]["id"] = "G.X"
            return reply

        double.fail("A.X;B.X;C.X;D.X", Fault(change=stranger), None)
        assert set(states(do()).values()) == {"new"}
        assert double.count() == 3


def test_pages_of_many_economies_are_joined(
    do: RefreshIt, archive: Archive, double: WorldBankDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world_bank, "MAX_PATH_SEGMENT", 7)

    assert set(states(do()).values()) == {"new"}
    assert [urlsplit(asked).path.split("/")[3] for asked in double.asked[:2]] == [
        "BLR;CHN",
        "TJK;WLD",
    ]
    for _, frame in read_snapshots(archive, archive.snapshots()):
        assert frame["value"].tolist() == ["90.6", "36.7"]


def test_an_archived_request_says_which_series_it_was_for() -> None:
    question = Question(("A.X", "B.X"), ("CHN",), 1990, 2026, 2)

    assert Question.of(question.url("https://example.org/v2", 3)) == (question, 3)
