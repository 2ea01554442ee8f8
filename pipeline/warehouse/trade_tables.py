"""The tables of trade among the members: shares and intensities, balances, both ends of a flow.

Here is the way from ``marts.trade_matrix`` to ``pipeline.measures.trade`` and back, and which rows
may be shown. A flow that nobody reported is missing everywhere, never zero.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pipeline.errors import MeasureError
from pipeline.measures import trade
from pipeline.measures.trade import Flow, Matrix
from pipeline.warehouse.declared import frame_of, python_table
from pipeline.warehouse.paths import GROUPS, SETS, Reported, reported

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

FLOWS, WORLD = "marts.trade_matrix", "WLD"
VALUE = (FLOWS, "value")
EXPORTS, IMPORTS = "exports", "imports"


@dataclass(frozen=True)
class Year:
    """Trade of one year among the members, and theirs with the world.

    Attributes:
        year: the year.
        flows: matrix by ``exports`` and ``imports``.
        totals: trade with the world by flow and member.
        world: exports of the world by member, and to the world under ``WLD``.
    """

    year: int
    flows: Mapping[str, Matrix]
    totals: Mapping[str, Mapping[str, float]]
    world: Mapping[str, float]


def years_of(flows: "pd.DataFrame", economies: Sequence[str]) -> Iterator[Year]:
    """Every year with a flow, in order."""
    columns = ("year", "flow", "reporter", "partner", "value", "estimated")
    by_year: dict[int, list[tuple[str, Flow]]] = {}
    for year, kind, reporter, partner, value, estimated in zip(
        *(flows[name].tolist() for name in columns), strict=True
    ):
        flow = Flow(reporter, partner, value, bool(estimated))
        by_year.setdefault(year, []).append((kind, flow))
    for year, rows in sorted(by_year.items(), key=itemgetter(0)):
        among: dict[str, list[Flow]] = {EXPORTS: [], IMPORTS: []}
        totals: dict[str, dict[str, float]] = {EXPORTS: {}, IMPORTS: {}}
        world: dict[str, float] = {}
        for kind, flow in rows:
            if flow.reporter == WORLD:
                if kind == EXPORTS:
                    world[flow.partner] = flow.value
            elif flow.partner == WORLD:
                totals[kind][flow.reporter] = flow.value
            else:
                among[kind].append(flow)
        matrices = {kind: trade.matrix(own, economies) for kind, own in among.items()}
        yield Year(year, matrices, totals, world)


# --- shares, intensity, concentration


def _shares(flows: "pd.DataFrame", sets: "pd.DataFrame") -> "pd.DataFrame":
    rows: list[Row] = []
    own = reported(sets)
    for at in years_of(flows, own.economies):
        for flow in (EXPORTS, IMPORTS):
            rows += _of_the_bloc(at, flow, own)
            rows += [_concentration(at, flow, e, own.name) for e in own.economies]
        rows += _intensities(at)
    rows.sort(key=lambda r: [r[k] for k in SHARES_KEY])
    return frame_of(SHARES.types, rows)


def _of_the_bloc(at: Year, flow: str, own: Reported) -> Iterator[Row]:
    """What part of the members' trade is with members; of exports also against the world's."""
    matrix, totals = at.flows[flow], at.totals[flow]
    found = trade.intra_share(matrix, totals, own.least)
    base = {
        "flow": flow,
        "year": at.year,
        "reporter": own.name,
        "partner": own.name,
        "n": len(found.reporters),
        "members": " ".join(found.reporters),
        "missing": " ".join(e for e, _ in found.left_out),
        "estimated_share": _estimated(matrix, found.reporters),
    }
    yield base | _said("intra_share", found.share, found.reason)
    if flow == EXPORTS:
        value, reason = _bloc_intensity(at, found)
        yield base | _said("intensity", value, reason)


def _bloc_intensity(at: Year, found: trade.IntraShare) -> tuple[float | None, str]:
    if found.share is None:
        return None, found.reason
    missing = [e for e in (*at.flows[EXPORTS].economies, WORLD) if not at.world.get(e)]
    if missing:
        return None, f"no exports of the world to {', '.join(missing)}"
    total = math.fsum(at.totals[EXPORTS][e] for e in found.reporters)
    to_members = math.fsum(at.world[e] for e in at.flows[EXPORTS].economies)
    return trade.intensity(found.share * total, total, to_members, at.world[WORLD]), ""


def _intensities(at: Year) -> Iterator[Row]:
    world = at.world.get(WORLD)
    if not world:
        return
    exports = at.flows[EXPORTS]
    for pair in trade.intensities(exports, at.totals[EXPORTS], at.world, world):
        there = pair.index is not None
        yield {
            "flow": EXPORTS,
            "year": at.year,
            "reporter": pair.reporter,
            "partner": pair.partner,
            "n": int(there),
            "estimated_share": float(exports.is_estimated(pair.reporter, pair.partner))
            if there
            else None,
        } | _said("intensity", pair.index, pair.reason)


def _concentration(at: Year, flow: str, economy: str, whole: str) -> Row:
    matrix = at.flows[flow]
    base = {
        "flow": flow,
        "year": at.year,
        "reporter": economy,
        "partner": whole,
        "n": len(matrix.economies) - 1 - len(matrix.missing(economy)),
        "missing": " ".join(matrix.missing(economy)),
        "estimated_share": _estimated(matrix, (economy,)),
    }
    try:
        found = trade.concentration(matrix, economy, at.totals[flow].get(economy))
    except MeasureError as refused:
        return base | _said("concentration", None, str(refused))
    ends = {"low": found.low, "high": found.high, "equivalent": found.equivalent}
    return base | ends | _said("concentration", found.herfindahl, found.reason)


def _estimated(matrix: Matrix, reporters: Sequence[str]) -> float | None:
    """Share of the reporters' trade with members that the publisher estimated."""
    rows = [matrix.economies.index(e) for e in reporters]
    values = np.nan_to_num(matrix.values[rows])
    total = float(values.sum())
    return float(values[matrix.estimated[rows]].sum()) / total if total > 0 else None


def _said(measure: str, value: float | None, reason: str) -> Row:
    return {
        "measure": measure,
        "value": value,
        "published": value is not None,
        "reason": reason or None,
    }


# --- balances


def _balances(
    flows: "pd.DataFrame", sets: "pd.DataFrame", groups: "pd.DataFrame"
) -> "pd.DataFrame":
    own = reported(sets)
    of_bloc = groups[groups["bloc"] == own.bloc]
    circles = {str(g): tuple(sorted(p["economy"])) for g, p in of_bloc.groupby("group_id")}
    # A group of one is that state, which has its own row.
    circles = {own.name: own.economies} | {g: p for g, p in circles.items() if len(p) > 1}
    rows: list[Row] = []
    for at in years_of(flows, own.economies):
        for economy in own.economies:
            pairs = {
                b.partner: b for b in trade.balances(at.flows[EXPORTS], at.flows[IMPORTS], economy)
            }
            rows += [_balance_row(at, economy, p, [b]) for p, b in pairs.items()]
            for circle, states in circles.items():
                partners = [pairs[e] for e in states if e in pairs]
                rows.append(_balance_row(at, economy, circle, partners))
    rows.sort(key=lambda r: [r[k] for k in BALANCES_KEY])
    return frame_of(BALANCES.types, rows)


def _balance_row(at: Year, economy: str, partner: str, balances: Sequence[trade.Balance]) -> Row:
    """Trade with one partner or several: their sum only where none is missing."""
    lacking = [b.partner for b in balances if b.balance is None]
    exports = [b.exports for b in balances if b.exports is not None]
    imports = [b.imports for b in balances if b.imports is not None]
    whole_out, whole_in = len(exports) == len(balances), len(imports) == len(balances)
    out, into = at.flows[EXPORTS], at.flows[IMPORTS]
    single = balances[0].reason if len(balances) == 1 else ""
    return {
        "reporter": economy,
        "partner": partner,
        "year": at.year,
        "exports": math.fsum(exports) if whole_out else None,
        "imports": math.fsum(imports) if whole_in else None,
        "balance": math.fsum(exports) - math.fsum(imports) if not lacking else None,
        "n_partners": len(balances),
        "n_estimated": sum(
            out.is_estimated(economy, b.partner) or into.is_estimated(economy, b.partner)
            for b in balances
        ),
        "published": not lacking,
        "reason": single or f"no figures for {', '.join(lacking)}" if lacking else None,
    }


# --- both ends


def _mirror(flows: "pd.DataFrame", sets: "pd.DataFrame") -> "pd.DataFrame":
    rows = [
        {
            "seller": pair.seller,
            "buyer": pair.buyer,
            "year": at.year,
            "sold": pair.sold,
            "bought": pair.bought,
            "difference": pair.difference,
            "asymmetry": pair.asymmetry,
            "published": pair.difference is not None,
            "reason": pair.reason or None,
        }
        for at in years_of(flows, reported(sets).economies)
        for pair in trade.mirrors(at.flows[EXPORTS], at.flows[IMPORTS])
    ]
    rows.sort(key=lambda r: [r[k] for k in MIRROR_KEY])
    return frame_of(MIRROR.types, rows)


# --- the tables

SHARES_KEY: Final = ("measure", "flow", "year", "reporter", "partner")
BALANCES_KEY: Final = ("reporter", "partner", "year")
MIRROR_KEY: Final = ("seller", "buyer", "year")

_TAKEN: Final = {
    "year": (FLOWS, "year"),
    "flow": (FLOWS, "flow"),
    "reporter": (FLOWS, "reporter"),
    "partner": (FLOWS, "partner"),
}

SHARES = python_table(
    "marts.trade_shares",
    "How much the members trade with one another, and how much hangs on few partners.\n\n"
    "intra_share: members' trade with members over their trade with the world, of those members "
    "that report every partner. intensity: share in the seller's exports over share in the "
    "world's, 1 being what size explains. concentration: Herfindahl index over all partners; "
    "over all partners of the world it lies between low and high.",
    """
    measure    | VARCHAR  | code | intra_share, intensity or concentration
    flow       | VARCHAR  | code | exports or imports
    year       | SMALLINT | year | year of the trade
    reporter   | VARCHAR  | code | state that reports, or the member set for all that do
    partner    | VARCHAR  | code | state, or the member set
    value      | DOUBLE   | as the measure | share 0 to 1, ratio, index 1/9 to 1
    low        | DOUBLE   | 0 to 1 | least concentration over all partners of the world
    high       | DOUBLE   | 0 to 1 | greatest concentration over all partners of the world
    equivalent | DOUBLE   | partners | number of equal partners with this concentration
    n          | SMALLINT | states | states that report it all; of a concentration partners reported
    members    | VARCHAR  | codes | those states, of measures of the whole
    missing    | VARCHAR  | codes | states left out, or partners not reported
    estimated_share | DOUBLE | share | share of the trade that the publisher estimated
    published  | BOOLEAN  | –    | whether it may be shown
    reason     | VARCHAR  | –    | why it may not; empty where it may
    """,
    _shares,
    (FLOWS, SETS),
    measured=(VALUE, (FLOWS, "estimated")),
    taken=_TAKEN,
)

BALANCES = python_table(
    "marts.trade_balances",
    "Goods sold less goods bought, by partner and group of partners, as the reporter counts "
    "both.\n\n"
    "Exports free on board, imports with freight and insurance, which makes balances look a "
    "little worse. A group's sum stands only where none of its states is missing.",
    """
    reporter    | VARCHAR  | code | state that reports
    partner     | VARCHAR  | code | state, group of members, or the member set for all others
    year        | SMALLINT | year | year of the trade
    exports     | DOUBLE   | million US$ | goods sold
    imports     | DOUBLE   | million US$ | goods bought
    balance     | DOUBLE   | million US$ | exports less imports
    n_partners  | SMALLINT | states | partners in it
    n_estimated | SMALLINT | states | partners with a flow that the publisher estimated
    published   | BOOLEAN  | –    | whether the balance may be shown
    reason      | VARCHAR  | –    | why it may not; empty where it may
    """,
    _balances,
    (FLOWS, SETS, GROUPS),
    measured=(VALUE, (GROUPS, "group_id")),
    taken={"year": (FLOWS, "year"), "reporter": (FLOWS, "reporter")},
)

MIRROR = python_table(
    "marts.trade_mirror",
    "What one member says it sold to another against what that one says it bought.\n\n"
    "Imports are taken without 6 % for freight and insurance. A pair of which the publisher "
    "estimated one end says nothing: the estimate was made from the other.",
    """
    seller     | VARCHAR  | code | state that sells
    buyer      | VARCHAR  | code | state that buys
    year       | SMALLINT | year | year of the trade
    sold       | DOUBLE   | million US$ | what the seller reports, free on board
    bought     | DOUBLE   | million US$ | what the buyer reports, with freight and insurance
    difference | DOUBLE   | million US$ | bought without freight and insurance, less sold
    asymmetry  | DOUBLE   | −2 to 2 | difference over the mean of both
    published  | BOOLEAN  | –    | whether it may be shown
    reason     | VARCHAR  | –    | why it may not; empty where it may
    """,
    _mirror,
    (FLOWS, SETS),
    measured=(VALUE, (FLOWS, "estimated")),
    taken={
        "seller": (FLOWS, "reporter"),
        "buyer": (FLOWS, "partner"),
        "year": (FLOWS, "year"),
    },
)

TABLES: Final = (SHARES, BALANCES, MIRROR)
