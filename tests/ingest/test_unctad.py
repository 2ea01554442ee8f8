"""The connector of UNCTADstat: what it asks, which rows it keeps, and no archive that it trusts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import py7zr
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.errors import ReadError, ShapeError, SourceError
from pipeline.ingest import seven_zip, unctad
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client
from pipeline.ingest.probe import probe
from pipeline.ingest.readers import read_observations
from pipeline.ingest.refresh import refresh
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import Settings
from tests.doubles.http_double import Fault, bad_moments
from tests.doubles.live_catalog import fast_settings, live_catalog, live_indicator, publisher
from tests.doubles.unctad import (
    GONE,
    HEAD,
    MEASURE,
    SERVICES,
    SHARE,
    Cells,
    UnctadDouble,
    packed,
    row,
    table,
)
from tests.ingest.made_up import cells, made_up_sidecar

TABLE = "US_DigitallyDeliverableServices.csv"
EXPORTS, IMPORTS = "UNCTAD.DDS.EXPORTS", "UNCTAD.DDS.IMPORTS"
IN_FULL = "US dollars at current prices in millions"
M49 = {"ARM": "051", "CHN": "156", "IND": "356", "WLD": "001"}
STATES = ("ARM", "CHN", "EUU", "IND", "WLD")
CELLS: Cells = {
    ("0000", 2022): "4083964.5", ("0000", 2023): "4462457", ("051", 2023): "740.25",
    ("156", 2022): "208964.1", ("156", 2023): "207000", ("356", 2023): None,
    ("5100", 2023): "41000", ("699", 2023): "1",
}  # fmt: skip
AS_READ = {
    ("WLD", 2022): "4083964.5", ("WLD", 2023): "4462457", ("ARM", 2023): "740.25",
    ("CHN", 2022): "208964.1", ("CHN", 2023): "207000",
}  # fmt: skip
SERIES = Series(
    publisher("unctad", "UNCTAD", connector="unctad"),
    live_indicator(EXPORTS, publisher="unctad", live_code=f"{SERVICES}/Exports", unit=unctad.MONEY),
    STATES,
    (1990, 2026),
    M49,
)
ROWS = [row(economy, year, value) for (economy, year), value in CELLS.items()]
FetchIt = Callable[[], Fetched]


@pytest.fixture
def double() -> Iterator[UnctadDouble]:
    imports = dict.fromkeys(CELLS, "7")
    with UnctadDouble({"Exports": CELLS, "Imports": imports}) as started:
        yield started


@pytest.fixture
def settings(double: UnctadDouble, tmp_path: Path) -> Settings:
    return fast_settings("http://127.0.0.1:9", tmp_path, unctad_url=double.url)


@pytest.fixture
def ask(settings: Settings) -> FetchIt:
    """Fetches the exports from the double."""

    def do() -> Fetched:
        with Client(settings) as client:
            return unctad.fetch(client, settings, SERIES)

    return do


def sidecar_of(bodies: Sequence[bytes], constants: Mapping[str, str]) -> Sidecar:
    return made_up_sidecar(
        "unctad", bodies, publisher="unctad", indicator=EXPORTS, constants=constants,
        media_type="application/x-7z-compressed",
    )  # fmt: skip


def read(fetched: Fetched) -> pd.DataFrame:
    return read_observations(sidecar_of(fetched.bodies, fetched.constants), fetched.bodies)


def read_archive(body: bytes) -> pd.DataFrame:
    economies = "0000=WLD 051=ARM 156=CHN 356=IND"
    constants = {
        "indicator": EXPORTS, "live_code": f"{SERVICES}/Exports", "economies": economies,
    }  # fmt: skip
    return read_observations(sidecar_of([body], constants), [body])


def read_rows(
    rows: Sequence[Mapping[str, str]] = ROWS, head: Sequence[str] = HEAD
) -> dict[tuple[str, int], str]:
    return cells(read_archive(packed({TABLE: table(rows, head)})))


def refused(rows: Sequence[Mapping[str, str]] = ROWS, head: Sequence[str] = HEAD) -> str:
    with pytest.raises(ReadError) as caught:
        read_rows(rows, head)
    return str(caught.value).partition(", ")[2]


def renamed(title: str, measure: str) -> str:
    """A title, with another name of the measure in its three columns."""
    return measure + title.removeprefix(MEASURE) if title.startswith(MEASURE) else title


class TestAsking:
    def test_a_data_set_is_asked_for_whole(self, ask: FetchIt, double: UnctadDouble) -> None:
        fetched = ask()
        path = f"/bulkdownload/{SERVICES}/US_DigitallyDeliverableServices"
        assert double.asked == [path]
        assert fetched.requests == (double.url + path,)

    def test_the_sidecar_says_which_rows_were_asked_for(self, ask: FetchIt) -> None:
        assert ask().constants == {
            "indicator": EXPORTS,
            "live_code": f"{SERVICES}/Exports",
            "measure": "money",
            "economies": "051=ARM 156=CHN 356=IND 0000=WLD",
        }

    @bad_moments
    def test_a_bad_moment_is_asked_again(
        self, ask: FetchIt, double: UnctadDouble, fault: Fault
    ) -> None:
        double.fail("", fault)
        assert cells(read(ask())) == AS_READ
        assert double.count() == 2

    def test_what_never_comes_whole_is_given_up(self, ask: FetchIt, double: UnctadDouble) -> None:
        double.fail("", Fault(cut=20), times=None)
        with pytest.raises(ShapeError, match=r"not a whole 7z archive.*asked 3 times"):
            ask()

    def test_a_data_set_that_is_not_there_is_a_refusal(
        self, ask: FetchIt, double: UnctadDouble
    ) -> None:
        double.flows.clear()
        with pytest.raises(SourceError, match="404"):
            ask()

    @pytest.mark.parametrize("code", [None, SERVICES, f"{SERVICES}/", "Exports"])
    def test_an_entry_without_data_set_and_flow_is_named(self, code: str | None) -> None:
        indicator = SERIES.indicator.model_copy(update={"live_code": code})
        with pytest.raises(SourceError, match=r"UNCTAD\.DDS\.EXPORTS: live_code is"):
            unctad.plan(replace(SERIES, indicator=indicator))

    def test_the_catalogues_own_series_can_be_asked_for(self) -> None:
        catalog = load_catalog(Settings().catalog_dir)
        economies = catalog.economies_asked_of(catalog.publishers["unctad"])
        for code, flow in ((EXPORTS, "Exports"), (IMPORTS, "Imports")):
            indicator = catalog.indicators[code]
            assert indicator.live
            assert indicator.unit == "million US$"
            question = unctad.plan(
                Series(SERIES.publisher, indicator, economies, (1990, 2026), catalog.m49)
            )
            assert (question.data_set, question.flow) == (SERVICES, flow)
            assert set(question.economies.values()) == set(economies) - {"EUU"}
            assert {question.economies["0000"], question.economies["356"]} == {"WLD", "IND"}


class TestKeeping:
    def test_economies_are_coded_as_in_the_bundle(self, ask: FetchIt) -> None:
        frame = read(ask())
        assert cells(frame) == AS_READ
        assert set(frame["indicator"]) == {EXPORTS}
        assert set(frame["counterpart"]) == {"_Z"}

    def test_groups_other_flows_and_parts_are_left_out(self) -> None:
        others = [
            row("156", 2023, "1", "Imports"),
            row("156", 2023, "1", Category="A1", **{SHARE: "50"}),
            row("0000", 2023, "1", Category="A1", **{SHARE: "50"}),
            row("5100", 2023, "1"),
        ]
        assert read_rows([*others, *ROWS]) == AS_READ

    def test_a_part_that_is_all_that_a_state_has_is_not_the_whole(self) -> None:
        parts = [
            row("0000", 2023, "9", Category="A1", **{SHARE: "0.1"}),
            row("156", 2023, "9", Category="A1", **{SHARE: "100"}),
        ]
        assert read_rows([*parts, *ROWS]) == AS_READ

    def test_a_table_without_parts_is_of_the_whole(self) -> None:
        head = [title for title in HEAD if not title.startswith("Category")]
        assert read_rows(head=head) == AS_READ

    def test_columns_may_come_in_another_order_and_the_measure_in_full(self) -> None:
        head = [*reversed(HEAD[:7]), *HEAD[7:]]
        rows = [{renamed(t, IN_FULL): text for t, text in r.items()} for r in ROWS]
        assert read_rows(rows, [renamed(title, IN_FULL) for title in head]) == AS_READ

    def test_a_footnote_is_the_status(self) -> None:
        noted = [{**r, f"{MEASURE} Footnote": "Estimated"} for r in ROWS]
        frame = read_archive(packed({TABLE: table(noted)}))
        assert set(frame["status"]) == {"Estimated"}
        assert set(read_archive(packed({TABLE: table(ROWS)}))["status"]) == {""}

    def test_a_missing_value_is_not_zero(self) -> None:
        assert ROWS[5][f"{MEASURE} Missing value"] == GONE
        assert not any(e == "IND" for e, _ in read_rows())

    def test_a_nought_beside_a_reason_is_no_value(self) -> None:
        nought = [{**r, MEASURE: r[MEASURE] or "0"} for r in ROWS]
        assert nought[5][MEASURE] == "0"
        assert read_rows(nought) == AS_READ


class TestRefusing:
    def test_an_india_of_another_code_is_not_passed_over(self) -> None:
        lost = [r for r in ROWS if r["Economy"] != "356"]
        assert refused(lost) == f"{TABLE}: no row for IND"

    def test_codes_that_lost_their_zeros_are_no_economies(self) -> None:
        numbers = [{**r, "Economy": str(int(r["Economy"]))} for r in ROWS]
        assert refused(numbers) == "row 2: Economy is '0', expected three or four digits"

    def test_a_whole_that_is_not_shown_is_not_guessed(self) -> None:
        blank = [{**r, SHARE: ""} for r in ROWS]
        assert refused(blank).startswith("0 of the categories ['A0'] are 100 % of the world's")
        twice = [*ROWS, row("0000", 2023, "1", Category="A9")]
        assert refused(twice).startswith("2 of the categories ['A0', 'A9'] are 100 %")

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({MEASURE: "n/a"}, f"row 2: {MEASURE} is 'n/a', expected a number or nothing"),
            ({MEASURE: "1e999"}, f"row 2: {MEASURE} is '1e999', expected a number or nothing"),
            ({MEASURE: "1,5"}, f"row 2: {MEASURE} is '1,5', expected a number or nothing"),
            ({SHARE: "all"}, f"row 2: {SHARE} is 'all', expected a number or nothing"),
            ({"Year": "2022Q1"}, "row 2: Year is '2022Q1', expected a year from 1800 to 2099"),
            ({"Economy": "CHN"}, "row 2: Economy is 'CHN', expected three or four digits"),
            ({"Year": "2023"}, "grid: WLD 2023 stands twice"),
        ],
    )
    def test_a_wrong_cell_is_named(self, changed: dict[str, str], said: str) -> None:
        assert refused([{**ROWS[0], **changed}, *ROWS[1:]]) == said

    @pytest.mark.parametrize(
        "head",
        [
            [*HEAD[:5], "Partner", *HEAD[5:]],
            [title for title in HEAD if not title.startswith(MEASURE)],
            [renamed(title, "Thousands of US$") for title in HEAD],
            [*HEAD, *(renamed(t, IN_FULL) for t in HEAD if t.startswith(MEASURE))],
            [title for title in HEAD if title != "Flow Label"],
        ],
        ids=["a new dimension", "no values", "another unit", "values twice", "no flow"],
    )
    def test_another_head_is_refused(self, head: list[str]) -> None:
        assert refused(head=head).startswith("row 1: ")

    def test_a_flow_that_is_gone_is_named(self) -> None:
        renamed = [{**r, "Flow Label": "Exports (X)"} for r in ROWS]
        assert refused(renamed) == "no row of flow Exports and the economies asked for"

    def test_a_row_that_is_cut_is_named(self) -> None:
        body = packed({TABLE: table(ROWS).rstrip(b"\r\n").rpartition(b",")[0]})
        with pytest.raises(ReadError, match="row 9: 15 cells, expected 16"):
            read_archive(body)


class TestOpening:
    """What an archive may not be. ``bomb`` is small when packed."""

    @pytest.mark.parametrize(
        ("members", "said"),
        [
            ({}, "holds nothing"),
            ({TABLE: b"a", "readme.txt": b"b"}, f"holds '{TABLE}', 'readme.txt'"),
            ({TABLE: b"a", f"copy/{TABLE}": b"b"}, f"holds '{TABLE}', 'copy/{TABLE}'"),
            ({f"../{TABLE}": b"a"}, f"holds '../{TABLE}'"),
            ({f"/etc/{TABLE}": b"a"}, f"holds '/etc/{TABLE}'"),
            ({"US_TradeMerchTotal.csv": b"a"}, "holds 'US_TradeMerchTotal.csv'"),
        ],
        ids=["nothing", "two files", "a copy", "a way out", "a root", "another table"],
    )
    def test_anything_but_the_one_table_is_refused(
        self, members: dict[str, bytes], said: str
    ) -> None:
        with pytest.raises(ReadError, match="expected one file") as caught:
            read_archive(packed(members))
        assert said in str(caught.value)

    def test_an_archive_that_would_fill_the_memory_is_refused(self) -> None:
        bomb = packed({TABLE: bytes(unctad.MAX_TABLE_BYTES + 1)})
        assert len(bomb) < 100_000
        with pytest.raises(ReadError, match=r"unpacks to 67108865 bytes, expected at most 6710886"):
            read_archive(bomb)

    def test_a_list_of_contents_that_lies_does_not_help_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        honest = py7zr.SevenZipFile.list

        def modest(archive: py7zr.SevenZipFile) -> list[py7zr.FileInfo]:
            return [replace(member, uncompressed=1) for member in honest(archive)]

        monkeypatch.setattr(py7zr.SevenZipFile, "list", modest)
        with pytest.raises(ReadError, match="unpacks to more than 1000 bytes"):
            seven_zip.only_member(packed({TABLE: bytes(1001)}), TABLE, 1000)
        assert seven_zip.only_member(packed({TABLE: bytes(1000)}), TABLE, 1000) == bytes(1000)

    def test_a_byte_that_was_changed_is_noticed(self) -> None:
        whole = packed({TABLE: table(ROWS)})
        for at in range(0, len(whole), 3):
            damaged = bytearray(whole)
            damaged[at] ^= 0x41
            with suppress(ReadError):
                assert cells(read_archive(bytes(damaged))) == AS_READ


class TestRefreshing:
    @pytest.fixture
    def catalog(self) -> Catalog:
        found = live_catalog(
            live_indicator(
                EXPORTS, publisher="unctad", live_code=f"{SERVICES}/Exports", unit=unctad.MONEY
            )
        )
        codes = {"BLR": "112", "CHN": "156", "TJK": "762", "WLD": "001"}
        economies = {
            code: economy.model_copy(update={"m49": codes[code]})
            for code, economy in found.economies.items()
        }
        return found.model_copy(
            update={
                "economies": economies,
                "publishers": {**found.publishers, "unctad": SERIES.publisher},
            }
        )

    def test_the_same_table_in_another_archive_is_no_news(
        self, catalog: Catalog, archive: Archive, double: UnctadDouble, settings: Settings
    ) -> None:
        flow: dict[tuple[str, int], str | None] = {
            (e, 2023): "5" for e in ("0000", "112", "156", "762")
        }
        double.flows[SERVICES] = {"Exports": flow}

        def again(day: int) -> str:
            result = refresh(
                archive, catalog, settings, today=date(2026, 11, day), publishers=["unctad"],
                clock=lambda: datetime(2026, 11, day, tzinfo=UTC),
            )  # fmt: skip
            return result.publishers[0].series[0].state

        assert again(24) == "new"
        assert again(25) == "unchanged"
        assert heard(settings, catalog) == heard(settings, catalog)
        double.flows[SERVICES] = {"Exports": {**flow, ("156", 2023): "6"}}
        assert again(26) == "new"
        (first, last) = archive.snapshots()
        assert first.parts[0].request == f"{double.url}/bulkdownload/{SERVICES}/{TABLE[:-4]}"
        assert cells(read_observations(last, archive.read(last)))["CHN", 2023] == "6"


def heard(settings: Settings, catalog: Catalog) -> str:
    """What a probe hears from the publisher, as a digest."""
    return probe(catalog, settings, today=date(2026, 11, 25)).digests["unctad"]
