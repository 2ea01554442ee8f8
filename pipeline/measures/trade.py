"""Trade among the members of a bloc, from figures that each gives about its partners.

Here are the matrix, the bloc's share, intensities, concentration, balances, and what the two ends
of one flow say about it. A flow that nobody reported is not a flow of zero.

Sources: Mikic and Gilbert, Trade Statistics in Policymaking (UNESCAP 2009) for shares, intensity
and concentration; Marini, Dippelsman and Stanger, New Estimates for Direction of Trade Statistics
(IMF WP/18/16) for the margin between the two valuations.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import MeasureError
from pipeline.measures import inequality
from pipeline.measures.formulas import Array

CIF_FOB = 1.06
"""Imports count insurance and freight (c.i.f.), exports do not (f.o.b.): 6 % on average."""


@dataclass(frozen=True)
class Flow:
    """What one economy says it sold to, or bought from, another in one year.

    Attributes:
        reporter: who says it.
        partner: about whom.
        value: in money, 0 or more, one unit throughout.
        estimated: whether the publisher filled it in, which is mostly from the partner's side.
    """

    reporter: str
    partner: str
    value: float
    estimated: bool = False


@dataclass(frozen=True)
class Matrix:
    """Flows of one kind in one year: row says, column is the partner.

    Attributes:
        economies: names of rows and columns.
        values: in the flows' unit, shape (n, n); NaN where nothing was reported and on the
            diagonal.
        estimated: True where the publisher filled it in, shape (n, n).
    """

    economies: tuple[str, ...]
    values: Array = field(repr=False)
    estimated: NDArray[np.bool_] = field(repr=False)

    def cell(self, reporter: str, partner: str) -> float | None:
        """One flow, None where nothing was reported."""
        value = self.values[self._place(reporter), self._place(partner)]
        return None if np.isnan(value) else float(value)

    def is_estimated(self, reporter: str, partner: str) -> bool:
        return bool(self.estimated[self._place(reporter), self._place(partner)])

    def missing(self, reporter: str) -> tuple[str, ...]:
        """Partners of whom one reports nothing."""
        return tuple(e for e in self.economies if e != reporter and self.cell(reporter, e) is None)

    def _place(self, economy: str) -> int:
        if economy not in self.economies:
            raise MeasureError(f"{economy} is not in the matrix: expected one of {self.economies}")
        return self.economies.index(economy)


@dataclass(frozen=True)
class IntraShare:
    """How much of the members' exports goes to members.

    Attributes:
        share: 0 to 1; None where too few members report.
        reporters: members in it, as sellers: those with a total and a flow to every partner.
        left_out: the other members, with why; as partners they stay in.
        reason: why ``share`` is None; else empty.
    """

    share: float | None
    reporters: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    reason: str


@dataclass(frozen=True)
class Intensity:
    """Trade intensity of one seller with one buyer.

    Attributes:
        reporter: the seller.
        partner: the buyer.
        index: its share in the seller's exports over its share in the world's; 1 is what its size
            explains; None where it cannot be said.
        reason: why it is None; else empty.
    """

    reporter: str
    partner: str
    index: float | None
    reason: str


@dataclass(frozen=True)
class Concentration:
    """How much one economy's trade hangs on few partners.

    Attributes:
        reporter: who reports.
        herfindahl: Σ s² over its shares among the partners of the matrix, 1/n to 1; None where
            one is missing or there is no trade.
        equivalent: number of equal partners with this concentration, 1/herfindahl.
        low: Σ s² of shares in its trade with the world, if the rest of it were spread over very
            many; None without a total.
        high: the same if the rest were with one partner; None without a total.
        reason: why ``herfindahl`` is None; else empty.
    """

    reporter: str
    herfindahl: float | None
    equivalent: float | None
    low: float | None
    high: float | None
    reason: str


@dataclass(frozen=True)
class Balance:
    """Exports less imports with one partner, as the reporter counts both.

    Attributes:
        reporter: who reports.
        partner: with whom.
        exports: in the flows' unit, f.o.b. as a rule; None where not reported.
        imports: in the flows' unit, c.i.f. as a rule; None where not reported.
        balance: exports less imports; None where one is missing.
        reason: why it is None; else empty.
    """

    reporter: str
    partner: str
    exports: float | None
    imports: float | None
    balance: float | None
    reason: str


@dataclass(frozen=True)
class Mirror:
    """One flow seen from both ends.

    Attributes:
        seller: who says it sold.
        buyer: who says it bought.
        sold: what the seller says, in the flows' unit, f.o.b.; None where not reported.
        bought: what the buyer says, in the flows' unit, c.i.f.; None where not reported.
        difference: bought without freight and insurance, less sold; above 0 the buyer counts more.
        asymmetry: difference over the mean of the two, −2 to 2; 0 where both say zero.
        reason: why ``difference`` and ``asymmetry`` are None; else empty.
    """

    seller: str
    buyer: str
    sold: float | None
    bought: float | None
    difference: float | None
    asymmetry: float | None
    reason: str


def matrix(flows: Iterable[Flow], economies: Sequence[str]) -> Matrix:
    """Flows among the economies, those with others left aside.

    Raises:
        MeasureError: an economy named twice, a flow given twice, of a partner with itself, or
            with a value that is negative or not a number.
    """
    names = tuple(economies)
    if len(set(names)) != len(names):
        raise MeasureError(f"economies of a matrix are {names}: expected different ones")
    values = np.full((len(names), len(names)), np.nan)
    estimated = np.zeros(values.shape, dtype=bool)
    places = {e: i for i, e in enumerate(names)}
    for flow in flows:
        if flow.reporter not in places or flow.partner not in places:
            continue
        cell = places[flow.reporter], places[flow.partner]
        _check_flow(flow, taken=not np.isnan(values[cell]))
        values[cell], estimated[cell] = flow.value, flow.estimated
    return Matrix(names, values, estimated)


def intra_share(exports: Matrix, totals: Mapping[str, float], minimum: int) -> IntraShare:
    """Σ exports of members to members over Σ their exports to the world.

    Args:
        exports: among the members.
        totals: exports of each to the world, in the same unit.
        minimum: members that must report for a share of the bloc.
    """
    why = {e: _why_not(exports, totals, e) for e in exports.economies}
    reporters = tuple(e for e, w in why.items() if not w)
    left_out = tuple((e, w) for e, w in why.items() if w)
    if len(reporters) < max(minimum, 1):
        reason = f"{len(reporters)} of {len(why)} members report fully, {minimum} are needed"
        return IntraShare(None, reporters, left_out, reason)
    inside = math.fsum(_to_members(exports, e) for e in reporters)
    world = math.fsum(totals[e] for e in reporters)
    return IntraShare(inside / world, reporters, left_out, "")


def intensity(to_partner: float, total: float, world_to_partner: float, world: float) -> float:
    """(x_ij / X_i) / (x_wj / X_w); from a bloc to a bloc where these are sums.

    Args:
        to_partner: exports of the seller to the partner.
        total: exports of the seller to the world.
        world_to_partner: exports of the world to the partner.
        world: exports of the world.

    Raises:
        MeasureError: a share of nothing: anything but the first is not above 0.
    """
    if not (to_partner >= 0 and min(total, world_to_partner, world) > 0):
        raise MeasureError(
            f"intensity of {to_partner} in {total} against {world_to_partner} in {world}: "
            "expected exports above 0"
        )
    return (to_partner / total) / (world_to_partner / world)


def intensities(
    exports: Matrix, totals: Mapping[str, float], world_to: Mapping[str, float], world: float
) -> tuple[Intensity, ...]:
    """Intensity of every pair, row by row.

    Args:
        exports: among the members.
        totals: exports of each to the world.
        world_to: exports of the world to each.
        world: exports of the world.
    """

    def one(reporter: str, partner: str) -> Intensity:
        flow = exports.cell(reporter, partner)
        total, into = totals.get(reporter), world_to.get(partner)
        if flow is None:
            return Intensity(reporter, partner, None, "no figure for this flow")
        if not total or not into:
            return Intensity(reporter, partner, None, "no total to compare with")
        return Intensity(reporter, partner, intensity(flow, total, into, world), "")

    return tuple(one(a, b) for a, b in _pairs(exports))


def concentration(flows: Matrix, reporter: str, total: float | None = None) -> Concentration:
    """Herfindahl index over partners; with the world total also what is left open by the rest.

    The matrix holds a few partners only: the true index over all partners lies between ``low``
    and ``high``.

    Raises:
        MeasureError: the partners add up to more than the total.
    """
    values = {e: flows.cell(reporter, e) for e in flows.economies if e != reporter}
    there = np.array([v for v in values.values() if v is not None])
    low, high = (None, None) if total is None else _bounds(there, total, reporter)
    missing = flows.missing(reporter)
    if missing or not there.any():
        why = f"no figure for {', '.join(missing)}" if missing else "no trade with these partners"
        return Concentration(reporter, None, None, low, high, why)
    index = inequality.herfindahl(there)
    return Concentration(reporter, index, 1 / index, low, high, "")


def balances(exports: Matrix, imports: Matrix, reporter: str) -> tuple[Balance, ...]:
    """The reporter's balance with each partner, in the order of the matrix."""

    def one(partner: str) -> Balance:
        out, into = exports.cell(reporter, partner), imports.cell(reporter, partner)
        if out is None or into is None:
            lacking = " and ".join(n for n, v in (("exports", out), ("imports", into)) if v is None)
            return Balance(reporter, partner, out, into, None, f"no figure for {lacking}")
        return Balance(reporter, partner, out, into, out - into, "")

    return tuple(one(e) for e in exports.economies if e != reporter)


def mirrors(exports: Matrix, imports: Matrix, cif_fob: float = CIF_FOB) -> tuple[Mirror, ...]:
    """Every flow as its seller and as its buyer report it, row by row of the sellers.

    What the publisher filled in for one end is taken from the other: such a pair agrees by
    construction, and says nothing.

    Args:
        exports: what each says it sold.
        imports: what each says it bought.
        cif_fob: value of imports over the same goods as exports.

    Raises:
        MeasureError: a margin that is not above 0.
    """
    if not 0 < cif_fob < math.inf:
        raise MeasureError(f"imports over exports of the same goods is {cif_fob}: expected above 0")
    return tuple(_mirror(exports, imports, a, b, cif_fob) for a, b in _pairs(exports))


def _mirror(exports: Matrix, imports: Matrix, seller: str, buyer: str, cif_fob: float) -> Mirror:
    sold, bought = exports.cell(seller, buyer), imports.cell(buyer, seller)
    if sold is None or bought is None:
        silent = " and ".join(e for e, v in ((seller, sold), (buyer, bought)) if v is None)
        return Mirror(seller, buyer, sold, bought, None, None, f"no figure from {silent}")
    if exports.is_estimated(seller, buyer) or imports.is_estimated(buyer, seller):
        why = "one end is an estimate of the publisher, made from the other"
        return Mirror(seller, buyer, sold, bought, None, None, why)
    at_border = bought / cif_fob
    difference, both = at_border - sold, at_border + sold
    # Twice the part of the sum: half of the smallest numbers loses a digit, and the bound with it.
    asymmetry = 2 * (difference / both) if both else 0.0
    return Mirror(seller, buyer, sold, bought, difference, asymmetry, "")


def _pairs(flows: Matrix) -> Iterator[tuple[str, str]]:
    return ((a, b) for a in flows.economies for b in flows.economies if a != b)


def _check_flow(flow: Flow, *, taken: bool) -> None:
    pair = f"{flow.reporter} with {flow.partner}"
    if flow.reporter == flow.partner:
        raise MeasureError(f"flow of {pair}: expected a partner other than the reporter")
    if not 0 <= flow.value < math.inf:
        raise MeasureError(f"flow of {pair} is {flow.value}: expected a number of 0 or more")
    if taken:
        raise MeasureError(f"flow of {pair} is given twice: expected one value a pair")


def _why_not(exports: Matrix, totals: Mapping[str, float], economy: str) -> str:
    if not totals.get(economy):
        return "no total"
    missing = exports.missing(economy)
    return f"no figure for {', '.join(missing)}" if missing else ""


def _to_members(exports: Matrix, reporter: str) -> float:
    flows = (exports.cell(reporter, e) for e in exports.economies)
    return math.fsum(v for v in flows if v is not None)


def _bounds(there: Array, total: float, reporter: str) -> tuple[float | None, float | None]:
    """Σ s² in all trade, with the rest spread over very many and with it all in one place."""
    rest = total - float(there.sum())
    # Published figures are rounded, so partners can add up to a little more than the total.
    if rest < -1e-6 * total or total < 0:
        raise MeasureError(
            f"partners of {reporter} add up to {there.sum():g}, the total is {total:g}: "
            "expected no more than the total"
        )
    if total == 0:
        return None, None
    low = float(((there / total) ** 2).sum())
    return low, low + (max(rest, 0.0) / total) ** 2
