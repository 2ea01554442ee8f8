"""The grid of a World Bank series: every economy and every year that was asked for, once.

Bodies here are whole and say something that was not asked; how a series is asked for is in
``test_world_bank``.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.errors import ReadError
from pipeline.ingest import world_bank
from pipeline.ingest.connectors import Fetched
from pipeline.ingest.world_bank import Question
from tests.doubles.http_double import Fault
from tests.doubles.live_catalog import ECONOMIES
from tests.doubles.world_bank import WorldBankDouble, changed, head
from tests.ingest.made_up import cells
from tests.ingest.world_bank_series import NET, VALUES, FetchIt, fetching, read


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    with WorldBankDouble({NET: VALUES}) as started:
        yield started


@pytest.fixture
def ask(double: WorldBankDouble, tmp_path: Path) -> FetchIt:
    return fetching(double, tmp_path)


@pytest.fixture
def paged(ask: FetchIt, double: WorldBankDouble, monkeypatch: pytest.MonkeyPatch) -> Fetched:
    """The series in two pages of 72 rows."""
    monkeypatch.setattr(world_bank, "ROWS_PER_PAGE", 72)
    return ask()


def only(fetched: Fetched, *numbers: int) -> Fetched:
    parts = {
        "bodies": tuple(fetched.bodies[n] for n in numbers),
        "requests": tuple(fetched.requests[n] for n in numbers),
    }
    return Fetched(**(vars(fetched) | parts))


def without(economy: str, year: str) -> Callable[[list[dict[str, Any]]], None]:
    def remove(rows: list[dict[str, Any]]) -> None:
        rows[:] = [r for r in rows if (r["countryiso3code"], r["date"]) != (economy, year)]

    return remove


def row_changed(**fields: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda rows: rows[5].update(fields)


def consistent(change: Callable[[list[dict[str, Any]]], object]) -> Fault:
    """A change whose head tells the rows that are left."""

    def apply(reply: Any) -> Any:
        change(reply[1])
        reply[0]["total"] = len(reply[1])
        return reply

    return Fault(change=apply)


class TestGrid:
    """Every economy asked, every year asked, once."""

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            (changed(lambda rows: rows.pop()), "part 1: 143 rows, expected 144 by its head"),
            (consistent(without("TJK", "2007")), "grid: no row for TJK 2007; 143 rows, expected 4"),
            (consistent(lambda rows: rows.__delitem__(slice(36, 72))), "grid: no row for BLR 1990"),
            (consistent(lambda rows: rows.append(rows[7])), "grid: WLD 2018 stands twice"),
            (changed(lambda rows: rows.__setitem__(3, rows[7])), "grid: WLD 2018 stands twice"),
            (changed(row_changed(countryiso3code="FRA")), "grid: a row for FRA 2020, which was"),
            (changed(row_changed(date="1989")), "grid: a row for WLD 1989, which was not asked"),
            (
                changed(row_changed(indicator={"id": "SP.POP.TOTL"})),
                "part 1: row 6: indicator is 'SP.POP.TOTL', expected 'IT.NET.USER.ZS'",
            ),
            (head(page=2), "part 1: is page 2 with 20000 rows a page, expected page 1 with 20000"),
            (head(per_page=50), "part 1: is page 1 with 50 rows a page, expected page 1"),
            (head(pages=2), "part 1: says 2 pages for 144 rows"),
            (head(total=99), "part 1: 144 rows, expected 99 by its head"),
        ],
    )
    def test_a_grid_that_is_not_full_is_named(
        self, ask: FetchIt, double: WorldBankDouble, fault: Fault, told: str
    ) -> None:
        double.fail(NET, fault)
        fetched = ask()

        with pytest.raises(ReadError, match=f"snapshot world_bank_wdi/it_net_user_zs/.*{told}"):
            read(fetched)

    def test_a_body_of_another_query_is_noticed(
        self, ask: FetchIt, double: WorldBankDouble
    ) -> None:
        asked = Question((NET,), ECONOMIES, 2005, 2020).url("/v2", 1)
        double.fail(NET, Fault(body=double.answer(asked).body))
        fetched = ask()

        with pytest.raises(ReadError, match="grid: no row for BLR 1990; 64 rows"):
            read(fetched)

    @pytest.mark.parametrize("years", [(1991, 2025), (1960, 2023)])
    def test_the_indicators_of_the_database_itself_have_all_years(
        self, ask: FetchIt, double: WorldBankDouble, years: tuple[int, int]
    ) -> None:
        double.years = years
        fetched = ask()

        with pytest.raises(ReadError, match=r"grid: no row for BLR (1990|2024)"):
            read(fetched)

    def test_no_data_at_all_is_a_missing_grid(self, ask: FetchIt, double: WorldBankDouble) -> None:
        nothing = b'[{"page":0,"pages":0,"per_page":0,"total":0,"lastupdated":null},null]'
        double.fail(NET, Fault(body=nothing))
        fetched = ask()

        with pytest.raises(ReadError, match="grid: no row for BLR 1990; 0 rows"):
            read(fetched)

    @pytest.mark.parametrize(
        ("fault", "told"),
        [
            (head(lastupdated="2026-07-14"), "part 2: lastupdated 2026-07-14, in the part before"),
            (head(sourceid="3"), "part 2: is of source 3, others of 2"),
            (head(total=148), "part 2: is page 2 of 148 rows, expected page 2 of 144"),
        ],
    )
    def test_pages_speak_of_one_state_of_one_database(
        self,
        ask: FetchIt,
        double: WorldBankDouble,
        monkeypatch: pytest.MonkeyPatch,
        fault: Fault,
        told: str,
    ) -> None:
        monkeypatch.setattr(world_bank, "ROWS_PER_PAGE", 72)
        double.fail("page=2", fault)
        fetched = ask()

        with pytest.raises(ReadError, match=told):
            read(fetched)

    def test_a_page_that_is_missing_is_missed(self, paged: Fetched) -> None:
        short = only(paged, 0)

        with pytest.raises(ReadError, match="part 1: 72 of 144 rows, and no further part"):
            read(short)

    def test_a_page_that_comes_first_is_not_the_first(self, paged: Fetched) -> None:
        with pytest.raises(ReadError, match="part 1: is page 2 of 144 rows, expected page 1"):
            read(only(paged, 1))

    def test_without_requests_the_grid_is_that_of_what_is_there(self, paged: Fetched) -> None:
        def bare(fetched: Fetched) -> pd.DataFrame:
            return read(Fetched(**(vars(fetched) | {"requests": ()})))

        assert cells(bare(paged)) == VALUES
        two = [json.loads(b) for b in paged.bodies]
        two[1][1].pop()
        for page in two:
            page[0]["total"] = 143
        shorter = tuple(json.dumps(page).encode() for page in two)
        with pytest.raises(ReadError, match="no row for TJK 1990"):
            bare(Fetched(**(vars(paged) | {"bodies": shorter})))
