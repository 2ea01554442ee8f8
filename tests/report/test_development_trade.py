"""Trade inside the bloc in words: the variant that is said follows from the figures."""

import itertools
from collections.abc import Sequence

import pytest

from pipeline.report.exhibits import balances, bloc_trade
from pipeline.report.goods import Balance, Goods, Mirror
from pipeline.wording import load_wording
from tests.report.small_warehouse import ReportWarehouse
from tests.warehouse.conftest import TEN


def test_a_balance_has_a_sentence_for_each_pair_of_signs() -> None:
    words = load_wording()

    def balance(million: float) -> Balance:
        return Balance("x", 2020, 10.0, 10.0 - million, million, 9, 0)

    for whole, circle in itertools.product((-5.0, 0.4, 5.0), repeat=2):
        outcome = balances.balance_outcome(balance(whole), balance(circle))
        signs = {-5.0: "deficit", 0.4: "even", 5.0: "surplus"}
        assert outcome == f"{signs[whole]}_{signs[circle]}"
        assert words.template("exhibits.focus_balance.title", outcome)


@pytest.mark.parametrize(
    ("sold", "difference", "outcome"),
    [(100.0, -50.0, "sold_more"), (100.0, 50.0, "bought_more"), (100.0, 0.04, "alike")],
)
def test_who_reports_more_is_told_by_the_figures_as_they_read(
    sold: float, difference: float, outcome: str
) -> None:
    pair = Mirror("CHN", "KGZ", 2020, sold, (sold + difference) * 1.06, difference, 0.1)

    assert bloc_trade.mirror_outcome(pair) == outcome
    assert load_wording().template("exhibits.trade_mirror.title", outcome)


def flow(warehouse: ReportWarehouse, kind: str, year: int, states: Sequence[str]) -> None:
    for reporter in states:
        partner = next(c for c in TEN if c != reporter)
        warehouse.add("marts.trade_matrix", flow=kind, year=year, reporter=reporter,
                      partner=partner, value=7.0, estimated=False)  # fmt: skip


def goods_of(warehouse: ReportWarehouse, *, closed: bool) -> Goods:
    """Goods trade by the office's first two series, of a set that is closed or not."""
    exports, imports, *_ = warehouse.catalog.indicators
    for kind, code in (("exports", exports), ("imports", imports)):
        warehouse.add("core.goods_series", publisher="office", indicator=code, flow=kind,
                      state="speaks")  # fmt: skip
    office = warehouse.catalog.publishers["office"].model_copy(update={"closed": closed})
    warehouse.catalog = warehouse.catalog.model_copy(update={"publishers": {"office": office}})
    return warehouse.facts().goods


@pytest.mark.parametrize(
    ("sellers", "buyers", "year", "later"),
    [(10, 10, 2021, "yet"), (7, 7, 2021, "yet"), (6, 10, 2020, "few"), (10, 6, 2020, "few")],
)
def test_the_year_of_goods_trade_is_one_that_enough_sell_and_buy_in(
    warehouse: ReportWarehouse, sellers: int, buyers: int, year: int, later: str
) -> None:
    for kind, count in (("exports", sellers), ("imports", buyers)):
        flow(warehouse, kind, 2020, TEN)
        flow(warehouse, kind, 2021, TEN[:count])
    goods = goods_of(warehouse, closed=False)

    assert (goods.year, goods.later) == (year, later)


def test_where_no_year_has_enough_the_newest_is_shown(warehouse: ReportWarehouse) -> None:
    flow(warehouse, "exports", 2019, TEN[:5])
    flow(warehouse, "exports", 2020, TEN[:3])
    flow(warehouse, "imports", 2021, TEN[:3])

    assert goods_of(warehouse, closed=False).year == 2020


@pytest.mark.parametrize(
    ("closed", "newer", "said_of_it"),
    [
        (True, False, "The set was closed with this year: later flows are in no release that is "
                      "held."),
        (True, True, "Of later years fewer than seven members have both flows."),
        (False, True, "Of later years fewer than seven members have both flows."),
        (False, False, ""),
    ],
)  # fmt: skip
def test_why_no_later_year_is_shown_is_told_of_the_set_that_is_used(
    warehouse: ReportWarehouse, closed: bool, newer: bool, said_of_it: str
) -> None:
    for kind in ("exports", "imports"):
        flow(warehouse, kind, 2020, TEN)
        if newer:
            flow(warehouse, kind, 2021, TEN[:2])
    goods_of(warehouse, closed=closed)

    shown = bloc_trade.trade_matrix(warehouse.facts())
    assert shown is not None
    assert shown.note == said_of_it
    assert ", 2020; rows sell" in shown.subtitle
