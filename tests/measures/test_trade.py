"""Trade among members, by hand and on real bilateral figures."""

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import MeasureError
from pipeline.measures.trade import (
    Flow,
    Matrix,
    balances,
    concentration,
    intensities,
    intensity,
    intra_share,
    matrix,
    mirrors,
)

calm = settings(deadline=None, max_examples=40)

FOUR = ("CHN", "KAZ", "KGZ", "UZB")
EXPORTS_2019 = (
    ("CHN", "KAZ", 12806.97853), ("CHN", "KGZ", 6312.09122), ("CHN", "UZB", 5044.5706),
    ("KAZ", "CHN", 7823.406348), ("KAZ", "KGZ", 604.042518), ("KAZ", "UZB", 1981.570542),
    ("KGZ", "CHN", 81.469047), ("KGZ", "KAZ", 337.531664), ("KGZ", "UZB", 138.879699),
    ("UZB", "CHN", 2388.202786), ("UZB", "KAZ", 1307.014477), ("UZB", "KGZ", 656.563952),
)  # fmt: skip
IMPORTS_2019 = (
    ("CHN", "KAZ", 9258.81734), ("CHN", "KGZ", 65.9609), ("CHN", "UZB", 2180.63389),
    ("KAZ", "CHN", 6566.470673), ("KAZ", "KGZ", 251.92192), ("KAZ", "UZB", 771.182991),
    ("KGZ", "CHN", 1734.970508), ("KGZ", "KAZ", 609.961254), ("KGZ", "UZB", 200.887625),
    ("UZB", "CHN", 5052.278146), ("UZB", "KAZ", 1909.195949), ("UZB", "KGZ", 146.216486),
)  # fmt: skip
"""Reporter, partner, US$ million: IMF Direction of Trade Statistics, 2019."""


def built(cells: Iterable[tuple[str, str, float]], economies: tuple[str, ...] = FOUR) -> Matrix:
    return matrix((Flow(a, b, v) for a, b, v in cells), economies)


@pytest.fixture
def exports() -> Matrix:
    return built(EXPORTS_2019)


@pytest.fixture
def imports() -> Matrix:
    return built(IMPORTS_2019)


class TestMatrix:
    def test_rows_say_and_columns_are_partners(self, exports: Matrix) -> None:
        assert exports.cell("KAZ", "CHN") == 7823.406348
        assert exports.values[FOUR.index("KAZ"), FOUR.index("CHN")] == 7823.406348

    def test_what_nobody_reported_is_missing_and_not_zero(self) -> None:
        found = built(EXPORTS_2019[1:])
        assert found.cell("CHN", "KAZ") is None
        assert found.missing("CHN") == ("KAZ",)

    def test_flows_with_others_are_left_aside(self) -> None:
        found = built((*EXPORTS_2019, ("CHN", "DEU", 1.0), ("DEU", "CHN", 1.0)))
        assert np.nansum(found.values) == pytest.approx(sum(v for _, _, v in EXPORTS_2019))

    @pytest.mark.parametrize(
        ("cell", "said"),
        [
            (("CHN", "CHN", 1.0), "other than the reporter"),
            (("CHN", "KAZ", -1.0), "0 or more"),
            (("CHN", "KAZ", float("nan")), "0 or more"),
        ],
    )
    def test_what_is_no_flow_is_refused(self, cell: tuple[str, str, float], said: str) -> None:
        with pytest.raises(MeasureError, match=said):
            built([cell])

    def test_a_flow_given_twice_is_refused(self) -> None:
        with pytest.raises(MeasureError, match="CHN with KAZ is given twice"):
            built((*EXPORTS_2019, EXPORTS_2019[0]))

    def test_an_economy_outside_the_matrix_is_refused(self, exports: Matrix) -> None:
        with pytest.raises(MeasureError, match="DEU"):
            exports.cell("DEU", "CHN")


TOTALS = {"A": 100.0, "B": 50.0, "C": 50.0}
CELLS = (("A", "B", 10.0), ("A", "C", 5.0), ("B", "A", 20.0), ("B", "C", 0.0),
         ("C", "A", 4.0), ("C", "B", 1.0))  # fmt: skip


class TestIntraShare:
    def test_it_is_what_members_sell_to_members(self) -> None:
        found = intra_share(built(CELLS, ("A", "B", "C")), TOTALS, minimum=3)
        assert found.share == pytest.approx(40 / 200)

    def test_a_member_that_does_not_report_all_is_no_seller_but_stays_a_buyer(self) -> None:
        found = intra_share(built(CELLS[:-1], ("A", "B", "C")), TOTALS, minimum=2)
        assert found.share == pytest.approx(35 / 150)
        assert found.left_out == (("C", "no figure for B"),)

    def test_too_few_reporters_are_no_bloc(self) -> None:
        found = intra_share(built(CELLS, ("A", "B", "C")), {"A": 100.0}, minimum=2)
        assert found.share is None
        assert found.reason == "1 of 3 members report fully, 2 are needed"
        assert ("B", "no total") in found.left_out


class TestIntensity:
    def test_one_is_what_the_size_of_the_partner_explains(self) -> None:
        assert intensity(10, 100, 200, 2000) == pytest.approx(1)
        assert intensity(30, 100, 200, 2000) == pytest.approx(3)

    @calm
    @given(st.floats(0, 1e6), st.floats(1, 1e6), st.floats(1, 1e6), st.floats(1e-3, 1e3))
    def test_the_unit_of_money_does_not_matter(
        self, flow: float, total: float, into: float, unit: float
    ) -> None:
        expected = intensity(flow, total, into, 1e7)
        assert intensity(flow * unit, total * unit, into * unit, 1e7 * unit) == pytest.approx(
            expected
        )

    def test_every_pair_has_one_or_says_why_not(self, exports: Matrix) -> None:
        found = intensities(exports, {"KAZ": 57676.727675}, {"UZB": 20208.193673}, 18771028.665814)
        pairs = {(i.reporter, i.partner): i for i in found}
        assert len(pairs) == 12
        # Kazakhstan sells 3.4 % to a buyer of 0.1 % of the world's exports.
        assert pairs["KAZ", "UZB"].index == pytest.approx(31.913, abs=0.001)
        assert pairs["KAZ", "CHN"].reason == "no total to compare with"

    def test_a_flow_nobody_reported_has_none(self) -> None:
        found = intensities(built([("A", "B", 1.0)], ("A", "B")), {"B": 1.0}, {"A": 1.0}, 9.0)
        assert {i.reason for i in found} == {"no total to compare with", "no figure for this flow"}

    def test_a_share_of_nothing_is_refused(self) -> None:
        with pytest.raises(MeasureError, match="above 0"):
            intensity(0, 0, 1, 1)


class TestConcentration:
    def test_equal_partners_count_as_many_as_they_are(self) -> None:
        equal = built([("A", e, 5.0) for e in "BCDE"], tuple("ABCDE"))
        found = concentration(equal, "A")
        assert found.herfindahl == pytest.approx(0.25)
        assert found.equivalent == pytest.approx(4)

    def test_the_world_outside_leaves_it_between_two_bounds(self) -> None:
        flows = built([("A", "B", 30.0), ("A", "C", 10.0)], ("A", "B", "C"))
        found = concentration(flows, "A", total=100)
        assert found.low == pytest.approx(0.10)
        assert found.high == pytest.approx(0.10 + 0.36)

    def test_a_missing_partner_is_somewhere_in_the_rest(self) -> None:
        flows = built([("A", "B", 30.0)], ("A", "B", "C"))
        found = concentration(flows, "A", total=100)
        assert found.herfindahl is None
        assert found.reason == "no figure for C"
        assert found.high == pytest.approx(0.09 + 0.49)

    def test_no_trade_has_no_concentration(self) -> None:
        found = concentration(built([("A", "B", 0.0)], ("A", "B")), "A", total=0)
        assert (found.herfindahl, found.low) == (None, None)
        assert found.reason == "no trade with these partners"

    def test_parts_beyond_the_total_are_refused(self) -> None:
        with pytest.raises(MeasureError, match="add up to 30"):
            concentration(built([("A", "B", 30.0)], ("A", "B")), "A", total=20)


class TestBalance:
    def test_it_is_exports_less_imports_as_the_reporter_counts(
        self, exports: Matrix, imports: Matrix
    ) -> None:
        found = {b.partner: b for b in balances(exports, imports, "KAZ")}
        assert list(found) == ["CHN", "KGZ", "UZB"]
        assert found["CHN"].balance == pytest.approx(7823.406348 - 6566.470673)

    def test_one_side_alone_is_no_balance(self, exports: Matrix) -> None:
        found = balances(exports, built([]), "KAZ")
        assert {(b.balance, b.reason) for b in found} == {(None, "no figure for imports")}


class TestMirror:
    def test_china_says_it_sold_far_more_to_kyrgyzstan_than_kyrgyzstan_bought(
        self, exports: Matrix, imports: Matrix
    ) -> None:
        found = {(m.seller, m.buyer): m for m in mirrors(exports, imports)}
        assert len(found) == 12
        kyrgyz = found["CHN", "KGZ"]
        assert (kyrgyz.sold, kyrgyz.bought) == (6312.09122, 1734.970508)
        assert kyrgyz.difference == pytest.approx(1734.970508 / 1.06 - 6312.09122)
        assert kyrgyz.asymmetry == pytest.approx(-1.176, abs=0.001)
        assert found["CHN", "UZB"].asymmetry == pytest.approx(-0.057, abs=0.001)

    @calm
    @given(st.floats(0, 1e9), st.floats(0, 1e9))
    def test_the_asymmetry_is_bounded_and_turns_its_sign_with_the_ends(
        self, a: float, b: float
    ) -> None:
        def one(sold: float, bought: float) -> float:
            sales = built([("A", "B", sold)], ("A", "B"))
            purchases = built([("B", "A", bought)], ("A", "B"))
            found = mirrors(sales, purchases, cif_fob=1.0)[0].asymmetry
            assert found is not None
            return found

        assert -2 <= one(a, b) <= 2
        assert one(a, b) == pytest.approx(-one(b, a))

    def test_freight_and_insurance_are_no_asymmetry(self) -> None:
        sales = built([("A", "B", 100.0)], ("A", "B"))
        purchases = built([("B", "A", 106.0)], ("A", "B"))
        assert mirrors(sales, purchases)[0].asymmetry == pytest.approx(0, abs=1e-12)

    def test_who_is_silent_is_named(self) -> None:
        sales = built([("A", "B", 100.0)], ("A", "B"))
        found = mirrors(sales, built([], ("A", "B")))
        assert [m.reason for m in found] == ["no figure from B", "no figure from B and A"]

    def test_an_end_that_was_made_from_the_other_says_nothing(self) -> None:
        sales = matrix([Flow("A", "B", 100.0, estimated=True)], ("A", "B"))
        purchases = built([("B", "A", 106.0)], ("A", "B"))
        found = mirrors(sales, purchases)[0]
        assert found.asymmetry is None
        assert "estimate" in found.reason

    def test_a_margin_that_is_none_is_refused(self, exports: Matrix, imports: Matrix) -> None:
        with pytest.raises(MeasureError, match="above 0"):
            mirrors(exports, imports, cif_fob=0)
