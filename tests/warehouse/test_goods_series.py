"""Which publisher speaks for goods trade by partner: one, whole, as the catalogue prefers.

Two publishers' figures are told apart by size: the closed set has flows below 5,000 million US$,
the one that took its place, in whole dollars, flows above.
"""

import random
from collections.abc import Collection, Mapping
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from pipeline.catalog.models import GoodsTrade
from tests.warehouse.conftest import TEN, Small

CLOSED, NEW = "imf_dots", "imf_imts"
SERIES = {
    (CLOSED, "exports"): "OLD.X", (CLOSED, "imports"): "OLD.M",
    (NEW, "exports"): "NEW.X", (NEW, "imports"): "NEW.M",
}  # fmt: skip
VINTAGES = {CLOSED: date(2021, 12, 31), NEW: date(2025, 1, 1)}
PER_MILLION = {CLOSED: 1, NEW: 1_000_000}
PREFERENCES = {CLOSED: 1, NEW: 2}
PAIRS = tuple(permutations(TEN, 2))
Flows = dict[tuple[str, str, int], float]


@pytest.fixture
def world(small: Small) -> Small:
    """The small world with both sets in its catalogue."""
    own = small.catalog
    trade = {
        code: own.indicators["TRADE"].model_copy(
            update={
                "id": code, "publisher": publisher,
                "goods": GoodsTrade.model_validate({
                    "flow": flow, "per_million": PER_MILLION[publisher],
                    "preference": PREFERENCES[publisher],
                }),
            }
        )
        for (publisher, flow), code in SERIES.items()
    }  # fmt: skip
    publishers = {**own.publishers, NEW: own.publishers[CLOSED].model_copy(update={"id": NEW})}
    catalog = own.model_copy(
        update={"indicators": {**own.indicators, **trade}, "publishers": publishers}
    )
    return Small(small.path, catalog, small.filled)


def flows_of(
    publisher: str, years: Collection[int] = (2019, 2020), states: Collection[str] = TEN
) -> Flows:
    """All flows that these states report, in the publisher's unit."""
    base = 1000.0 if publisher == CLOSED else 6000.0
    found = {
        (a, b, y): base + 10 * i + y - 2019
        for i, (a, b) in enumerate(PAIRS)
        for y in years
        if a in states
    }
    found |= {(a, "WLD", y): 100_000.0 for a in states for y in years}
    return {key: PER_MILLION[publisher] * value for key, value in found.items()}


def give(world: Small, publisher: str, flow: str, flows: Flows) -> None:
    code = SERIES[publisher, flow]
    world.filled.add_flows(code, VINTAGES[publisher], flows, publisher=publisher)


def give_both(world: Small, publisher: str, **which: Any) -> None:
    for flow in ("exports", "imports"):
        give(world, publisher, flow, flows_of(publisher, **which))


def whose(value: float) -> str:
    return CLOSED if value < 5000 else NEW


def speaking(world: Small) -> dict[str, str]:
    return dict(world.rows("SELECT indicator, state FROM core.goods_series"))


STATES_OF: Mapping[str, dict[str, str]] = {
    CLOSED: {"OLD.X": "speaks", "OLD.M": "speaks", "NEW.X": "stands back", "NEW.M": "stands back"},
    NEW: {"OLD.X": "stands back", "OLD.M": "stands back", "NEW.X": "speaks", "NEW.M": "speaks"},
}


def test_of_two_that_are_held_the_preferred_speaks_and_in_one_unit(world: Small) -> None:
    give_both(world, CLOSED)
    give_both(world, NEW)
    world.build("2025-06-01")

    assert speaking(world) == STATES_OF[NEW]
    expected = flows_of(NEW)
    rows = world.rows(
        "SELECT indicator, flow, reporter, partner, year, value FROM marts.trade_matrix"
    )
    assert len(rows) == 2 * len(expected)
    for indicator, flow, reporter, partner, year, value in rows:
        assert indicator == SERIES[NEW, flow]
        assert value == expected[reporter, partner, year] / 1e6


def test_before_its_first_release_the_closed_set_speaks(world: Small) -> None:
    give_both(world, CLOSED)
    give_both(world, NEW)
    world.build("2024-12-31")

    assert speaking(world) == STATES_OF[CLOSED] | {"NEW.X": "not held", "NEW.M": "not held"}
    assert {whose(v) for (v,) in world.rows(
        "SELECT value FROM marts.trade_matrix WHERE partner <> 'WLD'"
    )} == {CLOSED}  # fmt: skip


@pytest.mark.parametrize(
    ("exports", "imports"),
    [
        ({}, None),
        ({}, {"states": TEN[:6]}),
        ({"years": (2019,)}, {"years": (2020,)}),
    ],
    ids=["one flow", "six of ten states", "no year of both flows"],
)
def test_half_an_answer_does_not_speak(
    world: Small, exports: dict[str, Any], imports: dict[str, Any] | None
) -> None:
    give_both(world, CLOSED)
    give(world, NEW, "exports", flows_of(NEW, **exports))
    if imports is not None:
        give(world, NEW, "imports", flows_of(NEW, **imports))
    world.build("2025-06-01")

    found = speaking(world)
    assert (found["OLD.X"], found["OLD.M"], found["NEW.X"]) == ("speaks", "speaks", "stands back")
    assert world.row("SELECT count(DISTINCT indicator) FROM marts.trade_matrix") == (2,)


def test_seven_of_ten_states_are_enough(world: Small) -> None:
    give_both(world, CLOSED)
    give_both(world, NEW, states=TEN[:7])
    world.build("2025-06-01")

    assert speaking(world) == STATES_OF[NEW]


def test_alone_it_speaks_however_little_it_has(world: Small) -> None:
    give(world, NEW, "imports", flows_of(NEW, states=TEN[:2]))
    world.build("2025-06-01")

    assert speaking(world)["NEW.M"] == "speaks"
    assert world.row("SELECT DISTINCT indicator FROM marts.trade_matrix") == ("NEW.M",)


def test_a_flag_marks_an_estimate_whatever_its_letter(world: Small) -> None:
    give(world, CLOSED, "imports", flows_of(CLOSED))
    world.filled.add_flows(
        "OLD.X", VINTAGES[CLOSED], flows_of(CLOSED), estimated={("IRN", "CHN", 2020)}
    )
    world.build("2025-06-01")

    assert world.rows(
        "SELECT flow, reporter, partner, year FROM marts.trade_matrix WHERE estimated"
    ) == [("exports", "IRN", "CHN", 2020)]


@pytest.mark.parametrize("seed", range(6))
def test_publishers_are_never_mixed_whatever_is_missing(world: Small, seed: int) -> None:
    rng = random.Random(seed)
    held: dict[tuple[str, str], Flows] = {}
    for publisher, flow in SERIES:
        states = rng.sample(TEN, rng.choice((3, 7, 9, 10)))
        years = rng.sample((2018, 2019, 2020, 2021), rng.choice((1, 2, 4)))
        every = flows_of(publisher, years, states)
        held[publisher, flow] = {k: v for k, v in every.items() if rng.random() < 0.9}
        give(world, publisher, flow, held[publisher, flow])
    world.build("2025-06-01")

    def enough(publisher: str) -> bool:
        pairs = [
            {(a, y) for a, b, y in held[publisher, flow] if b != "WLD"}
            for flow in ("exports", "imports")
        ]
        years = [y for _, y in pairs[0] & pairs[1]]
        return any(years.count(y) >= 7 for y in set(years))

    expected = NEW if enough(NEW) or not enough(CLOSED) else CLOSED
    assert {c for c, state in speaking(world).items() if state == "speaks"} == {
        SERIES[expected, flow] for flow in ("exports", "imports")
    }
    shown = [
        row
        for table, ends in (
            ("trade_matrix WHERE partner <> 'WLD'", "value, NULL"),
            ("trade_mirror", "sold, bought"),
            (f"trade_balances WHERE partner IN {TEN}", "exports, imports"),
        )
        for row in world.rows(f"SELECT {ends} FROM marts.{table}")
    ]
    assert {whose(value) for row in shown for value in row if value is not None} == {expected}
