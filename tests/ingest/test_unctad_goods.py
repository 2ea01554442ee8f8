"""The shares of ICT goods in trade: what of a table whose shape varies is the whole of a flow.

Figures are UNCTAD's own of 2019, as a public copy of 2020 has them. That copy has the dimensions
of ``GOODS_HEAD``, one partner and one category, and a row only where there is a figure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.errors import ReadError, SourceError
from pipeline.ingest import unctad
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import Series
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_observations
from pipeline.ingest.refresh import refresh
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import Settings
from tests.doubles.live_catalog import fast_settings
from tests.doubles.unctad import (
    GONE,
    GOODS,
    GOODS_HEAD,
    GOODS_SHARE,
    MEASURE,
    Cells,
    UnctadDouble,
    columns,
    goods_row,
    packed,
    table,
)
from tests.ingest.made_up import cells, made_up_sidecar

TABLE = "US_IctGoodsShare.csv"
EXPORTS, IMPORTS = "UNCTAD.ICTG.EXPORTS.SHARE", "UNCTAD.ICTG.IMPORTS.SHARE"
PUBLISHER = "unctad_ict_goods"
FLOWS: Mapping[str, Cells] = {
    "Imports": {("0000", 2019): "13.36253", ("112", 2019): "3.69681", ("156", 2019): "22.48475"},
    "Exports": {
        ("0000", 2019): "12.48824", ("112", 2019): "0.80623", ("156", 2019): "26.50223",
        ("251", 2019): "3.78505", ("2711", 2019): "18.87343", ("356", 2019): "2.00399",
        ("926", 2018): "3.86963",
    },
    "Re-exports": {("0000", 2019): "24.25121", ("2711", 2019): "6.4638"},
    "Re-imports": {("0000", 2019): "6.37147"},
}  # fmt: skip
ECONOMIES = "112=BLR 156=CHN 250=FRA 826=GBR 356=IND 762=TJK 0000=WLD 251=FRA 926=GBR"
AS_READ = {
    ("WLD", 2019): "12.48824", ("BLR", 2019): "0.80623", ("CHN", 2019): "26.50223",
    ("FRA", 2019): "3.78505", ("IND", 2019): "2.00399", ("GBR", 2018): "3.86963",
}  # fmt: skip
ROWS = [
    goods_row(economy, year, value, flow)
    for flow, of_flow in FLOWS.items()
    for (economy, year), value in of_flow.items()
]
WITHOUT_PARTS = ("Year", "Economy", "Economy Label", "Flow", "Flow Label", *columns(GOODS_SHARE))


def sidecar_of(body: bytes) -> Sidecar:
    constants = {
        "indicator": EXPORTS, "live_code": f"{GOODS}/Exports", "measure": "share",
        "economies": ECONOMIES,
    }  # fmt: skip
    return made_up_sidecar("unctad", [body], indicator=EXPORTS, constants=constants)


def read_rows(
    rows: Sequence[Mapping[str, str]] = ROWS, head: Sequence[str] = GOODS_HEAD
) -> dict[tuple[str, int], str]:
    body = packed({TABLE: table(rows, head)})
    return cells(read_observations(sidecar_of(body), [body]))


def refused(rows: Sequence[Mapping[str, str]] = ROWS, head: Sequence[str] = GOODS_HEAD) -> str:
    with pytest.raises(ReadError) as caught:
        read_rows(rows, head)
    return str(caught.value).partition(", ")[2]


def renamed(old: str, new: str) -> tuple[list[dict[str, str]], list[str]]:
    """Rows and head in which a title and those that begin with it have another name."""
    rows = [{title.replace(old, new): text for title, text in r.items()} for r in ROWS]
    return rows, [title.replace(old, new) for title in GOODS_HEAD]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(Settings().catalog_dir)


@pytest.fixture
def series(catalog: Catalog) -> Series:
    """The exports as the catalogue has them."""
    publisher = catalog.publishers[PUBLISHER]
    economies = catalog.economies_asked_of(publisher)
    return Series(publisher, catalog.indicators[EXPORTS], economies, (1990, 2026), catalog.m49)


class TestAsking:
    def test_a_flow_of_the_shares_is_asked_for(self, series: Series) -> None:
        question = unctad.plan(series)
        assert (question.data_set, question.flow, question.kind) == (GOODS, "Exports", "share")
        assert question.url("x") == "x/bulkdownload/US.IctGoodsShare/US_IctGoodsShare"

    def test_states_are_known_by_their_customs_territory_too(self, series: Series) -> None:
        theirs = unctad.plan(series).economies
        assert {code for code, e in theirs.items() if e in ("FRA", "GBR")} == {
            "250", "251", "826", "926",
        }  # fmt: skip
        assert {code for code, e in theirs.items() if e == "IND"} == {"356"}

    @pytest.mark.parametrize("unit", ["US$", "million euros", "per 100 people"])
    def test_an_entry_that_is_neither_money_nor_percent_is_named(
        self, series: Series, unit: str
    ) -> None:
        other = series.indicator.model_copy(update={"unit": unit})
        with pytest.raises(SourceError, match=rf"{EXPORTS}: unit is '.+', expected million US\$"):
            unctad.plan(replace(series, indicator=other))


class TestKeeping:
    def test_the_whole_of_one_flow_is_kept(self) -> None:
        assert read_rows() == AS_READ

    def test_a_group_of_economies_is_no_economy(self) -> None:
        assert "18.87343" in {r[GOODS_SHARE] for r in ROWS}
        assert "18.87343" not in read_rows().values()

    def test_a_table_without_partner_and_category_is_of_the_whole(self) -> None:
        assert read_rows(head=WITHOUT_PARTS) == AS_READ

    def test_parts_and_partners_are_left_out(self) -> None:
        others = [
            goods_row("156", 2019, "9", IctProductCategory="ICT01"),
            goods_row("0000", 2019, "4", IctProductCategory="ICT05"),
            goods_row("156", 2019, "8", Partner="643"),
            goods_row("762", 2019, "7", Partner="643"),
        ]
        assert read_rows([*others, *ROWS]) == AS_READ

    def test_the_category_has_two_names(self) -> None:
        rows, head = renamed("IctProductCategory", "IctGoodsCategory")
        part = {**rows[0], "Flow Label": "Exports", "IctGoodsCategory": "ICT01"}
        assert read_rows([part, *rows], head) == AS_READ

    @pytest.mark.parametrize(
        "title", ["Percentage of total trade", "Share of total trade",
                  "Share of total merchandise trade"],
    )  # fmt: skip
    def test_the_share_may_be_spelled_otherwise(self, title: str) -> None:
        assert read_rows(*renamed(GOODS_SHARE, title)) == AS_READ

    def test_other_measures_may_stand_beside_it(self) -> None:
        others = (MEASURE, "Percentage of total world", "Percentage of total trade in services")
        head = [*GOODS_HEAD[:9], *columns(others[0]), *GOODS_HEAD[9:], *columns(*others[1:])]
        full = [{**dict.fromkeys(head, ""), **dict.fromkeys(others, "1"), **r} for r in ROWS]
        assert read_rows(full, head) == AS_READ

    def test_a_footnote_is_the_status(self) -> None:
        noted = [{**r, f"{GOODS_SHARE} Footnote": "Estimated"} for r in ROWS[:5]]
        body = packed({TABLE: table([*noted, *ROWS[5:]], GOODS_HEAD)})
        frame = read_observations(sidecar_of(body), [body])
        assert dict(zip(frame["economy"], frame["status"], strict=True)) == {
            "WLD": "Estimated", "BLR": "Estimated", "CHN": "", "FRA": "", "IND": "", "GBR": "",
        }  # fmt: skip

    def test_where_a_reason_stands_there_is_no_value(self) -> None:
        gone = {f"{GOODS_SHARE} Missing value": GONE}
        rows = [{**r, **gone} if r["Economy"] == "356" else r for r in ROWS]
        assert read_rows(rows) == {key: v for key, v in AS_READ.items() if key[0] != "IND"}

    def test_a_state_without_a_row_has_no_figure(self) -> None:
        assert "762" in ECONOMIES
        assert not any(r["Economy"] == "762" for r in ROWS)
        assert not any(economy == "TJK" for economy, _ in read_rows())


class TestRefusing:
    def test_a_world_of_another_code_is_not_passed_over(self) -> None:
        other = [{**r, "Economy": r["Economy"].replace("0000", "0001")} for r in ROWS]
        assert refused(other) == f"{TABLE}: no row for WLD"

    def test_a_state_and_its_customs_territory_in_one_year_are_refused(self) -> None:
        both = [*ROWS, goods_row("250", 2019, "3.8")]
        assert refused(both) == "grid: FRA 2019 stands twice"

    @pytest.mark.parametrize("title", ["Partner", "IctProductCategory"])
    def test_a_whole_of_another_code_is_named(self, title: str) -> None:
        assert refused([{**r, title: "ALL"} for r in ROWS]) == (
            "no row of flow Exports, Partner 0000, IctProductCategory ICT00 and the economies "
            "asked for"
        )

    def test_codes_that_lost_their_noughts_are_no_economies(self) -> None:
        numbers = [{**r, "Economy": str(int(r["Economy"]))} for r in ROWS]
        assert refused(numbers) == "row 2: Economy is '0', expected three or four digits"

    @pytest.mark.parametrize(
        "head",
        [
            [*GOODS_HEAD[:9], *columns("Percentage of total trade in services")],
            [*GOODS_HEAD[:9], *columns("Percentage of total world")],
            [*GOODS_HEAD[:9], *columns(MEASURE)],
            [*GOODS_HEAD, *columns("Percentage of total trade")],
        ],
        ids=["of services", "of the world", "in money", "two of them"],
    )
    def test_no_one_measure_that_is_the_share_is_refused(self, head: list[str]) -> None:
        told = refused(head=head)
        assert told.startswith("row 1: ['")
        assert told.endswith(f"expected one measure such as {GOODS_SHARE}")

    @pytest.mark.parametrize(
        "head",
        [
            ["Sector", "Sector Label", *GOODS_HEAD],
            [title for title in GOODS_HEAD if title != "Partner Label"],
            [title for title in GOODS_HEAD if title not in ("Flow", "Flow Label")],
            [title for title in GOODS_HEAD if title != "Year"],
        ],
        ids=["another", "without a label", "no flow", "no year"],
    )
    def test_dimensions_that_are_not_known_are_refused(self, head: list[str]) -> None:
        told = refused(head=head)
        assert told.startswith("row 1: ['")
        assert "before the values, expected Economy, Economy Label, Flow, Flow Label, Year" in told

    @pytest.mark.parametrize(
        "head",
        [
            GOODS_HEAD[:-1],
            (*GOODS_HEAD[:-2], *GOODS_HEAD[:-3:-1]),
            (*GOODS_HEAD, ""),
            (*GOODS_HEAD[:9], *columns(MEASURE), "Remark", *GOODS_HEAD[9:]),
            GOODS_HEAD[:9],
        ],
        ids=["no reasons", "another order", "a title without text", "one between", "no measure"],
    )
    def test_a_head_of_another_layout_is_refused(self, head: Sequence[str]) -> None:
        told = refused(head=head)
        assert told.startswith("row 1: ['Year', ")
        assert told.endswith("its title, the same with Footnote and with Missing value")

    def test_a_wrong_share_is_named(self) -> None:
        wrong = [{**r, GOODS_SHARE: "..."} if r["Flow Label"] == "Exports" else r for r in ROWS]
        assert refused(wrong) == f"row 5: {GOODS_SHARE} is '...', expected a number or nothing"

    def test_a_measure_that_is_not_known_is_refused(self) -> None:
        body = packed({TABLE: table(ROWS, GOODS_HEAD)})
        sidecar = sidecar_of(body)
        odd = sidecar.model_copy(update={"constants": {**sidecar.constants, "measure": "index"}})
        with pytest.raises(ReadError, match="constants: expected live_code, economies and measure"):
            read_observations(odd, [body])


class TestRefreshing:
    """As the catalogue has it, from the double."""

    @pytest.fixture
    def double(self) -> Iterator[UnctadDouble]:
        with UnctadDouble() as started:
            started.flows[GOODS] = dict(FLOWS)
            yield started

    @pytest.fixture
    def settings(self, double: UnctadDouble, tmp_path: Path) -> Settings:
        return fast_settings("http://127.0.0.1:9", tmp_path, unctad_url=double.url)

    def test_both_flows_come_once_and_then_again_when_they_change(
        self, catalog: Catalog, double: UnctadDouble, settings: Settings, archive: Archive
    ) -> None:
        def states(day: int) -> dict[str, str]:
            (told,) = refreshed(archive, catalog, settings, day)
            return told

        assert states(24) == {EXPORTS: "new", IMPORTS: "new"}
        assert states(25) == {EXPORTS: "unchanged", IMPORTS: "unchanged"}
        changed = {**FLOWS["Exports"], ("156", 2019): "26.47843"}
        double.flows[GOODS] = {**FLOWS, "Exports": changed}
        assert states(26) == {EXPORTS: "new", IMPORTS: "unchanged"}
        found = {
            (s.indicators[0], s.vintage.day): cells(read_observations(s, archive.read(s)))
            for s in archive.snapshots()
        }
        assert found[EXPORTS, 24] == AS_READ
        assert found[IMPORTS, 24]["CHN", 2019] == "22.48475"
        assert found[EXPORTS, 26] == {**AS_READ, ("CHN", 2019): "26.47843"}

    def test_the_sidecar_says_how_the_table_is_to_be_read(
        self, series: Series, catalog: Catalog, settings: Settings, double: UnctadDouble
    ) -> None:
        imports = replace(
            series, indicator=catalog.indicators[IMPORTS], economies=("CHN", "FRA", "WLD")
        )
        with Client(settings) as client:
            fetched = unctad.fetch(client, settings, imports)
        assert fetched.requests == (f"{double.url}/bulkdownload/{GOODS}/{TABLE[:-4]}",)
        assert fetched.constants == {
            "indicator": IMPORTS, "live_code": f"{GOODS}/Imports", "measure": "share",
            "economies": "156=CHN 250=FRA 0000=WLD 251=FRA",
        }  # fmt: skip


def refreshed(
    archive: Archive, catalog: Catalog, settings: Settings, day: int
) -> list[dict[str, str]]:
    """What became of each series of each publisher asked, on a day of November."""
    result = refresh(
        archive, catalog, settings, today=date(2026, 11, day), publishers=[PUBLISHER],
        clock=lambda: datetime(2026, 11, day, tzinfo=UTC),
    )  # fmt: skip
    return [{s.indicator: s.state for s in p.series} for p in result.publishers]
