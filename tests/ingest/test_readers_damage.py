"""Damaged bodies of every reader there is: a read error and no other, and never a wrong row."""

import math
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from random import Random

import pandas as pd
import pytest

from pipeline.errors import ReadError
from pipeline.ingest.readers import READERS, read_observations
from tests.doubles import damage
from tests.ingest.damage_cases import CASES, QUOTED, Case
from tests.ingest.made_up import made_up_sidecar
from tests.ingest.plain_decoders import Said

pytestmark = pytest.mark.slow

MUTANTS = 600
TRUSTING = {"tidy_csv"}
"""Readers that hand a row on that stands twice: a check of all observations stops the build."""
SLOWLY_MADE = {"imf_imts", "unctad", "unctad/goods"}
"""Cases whose bodies are no plain rows: their last one is changed by chance alone."""


def test_every_reader_has_a_case() -> None:
    assert {name.partition("/")[0] for name in CASES} == READERS.keys()


def read(name: str, case: Case, bodies: Sequence[bytes]) -> pd.DataFrame:
    reader = name.partition("/")[0]
    sidecar = made_up_sidecar(reader, bodies, constants=case.constants, requests=case.requests)
    return read_observations(sidecar, bodies)


def rows_of(frame: pd.DataFrame) -> Counter[Said]:
    columns = ("economy", "counterpart", "year", "value", "status")
    rows = zip(*(frame[name].tolist() for name in columns), strict=True)
    return Counter((e, c, int(y), Decimal(v), s) for e, c, y, v, s in rows)


def damaged(case: Case, random: Random) -> tuple[bytes, ...]:
    """The bodies with one of them damaged, or their order changed."""
    bodies = list(case.bodies)
    number = random.randrange(len(bodies))
    mutate = case.mutate if random.random() < 0.7 else damage.of_bytes
    bodies[number] = mutate(bodies[number], random)
    if random.random() < 0.05:
        random.shuffle(bodies)
    return tuple(case.mended(bodies) if random.random() < 0.5 else bodies)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_sound_body_is_read_as_a_plain_decoder_reads_it(name: str) -> None:
    case = CASES[name]
    found = rows_of(read(name, case, case.bodies))
    assert found == Counter(case.said(case.bodies))
    assert len(found) >= 2


@pytest.mark.parametrize("name", sorted(CASES))
def test_of_a_damaged_body_comes_a_read_error_or_what_it_says(name: str) -> None:
    case, random = CASES[name], Random(20261124)
    outcomes = Counter(judged(name, damaged(case, random)) for _ in range(MUTANTS))
    assert outcomes["refused"] > MUTANTS / 3
    assert outcomes["read"] > MUTANTS / 50


@pytest.mark.parametrize("name", sorted(set(CASES) - SLOWLY_MADE))
def test_of_another_last_row_comes_a_read_error_or_what_it_says(name: str) -> None:
    case = CASES[name]
    *others, last = case.bodies
    outcomes: Counter[str] = Counter()
    for changed in case.other_rows(last):
        for bodies in ([*others, changed], case.mended([*others, changed])):
            outcomes[judged(name, tuple(bodies))] += 1
    assert min(outcomes["refused"], outcomes["read"]) > 20


def judged(name: str, bodies: tuple[bytes, ...]) -> str:
    """Whether bodies were "refused" or "read", after seeing that either was right."""
    case = CASES[name]
    try:
        frame = read(name, case, bodies)
    except ReadError as error:
        told = str(error)
    else:
        found = rows_of(frame)
        assert found == Counter(case.said(bodies)), f"{bodies!r}"
        assert wrong(name, case, bodies, found) == "", f"{bodies!r}"
        return "read"
    assert QUOTED.fullmatch(told), f"{told}: {bodies!r}"
    return "refused"


def wrong(name: str, case: Case, bodies: Sequence[bytes], found: Counter[Said]) -> str:
    """What is wrong with rows although they are what the bodies say; empty where nothing is."""
    keys = Counter((e, c, y) for e, c, y, *_ in found.elements())
    if name not in TRUSTING and max(keys.values(), default=1) > 1:
        return "a row stands twice"
    if not all(case.asked.has(*key) for key in keys):
        return "a row was not asked for"
    if not all(math.isfinite(float(value)) for _, _, _, value, _ in found):
        return "a value is not finite"
    return "" if case.whole(bodies) else "the grid is not full"
