"""Damaged bodies of the World Bank: only a read error comes of one, and never a wrong row."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.ingest import world_bank
from pipeline.ingest.connectors import Fetched
from pipeline.ingest.world_bank import Question
from tests.doubles.drawn_damage import mutated
from tests.ingest.made_up import cells
from tests.ingest.world_bank_series import answered, sidecar_of


def small_series() -> Fetched:
    """A series of two pages without a server."""
    question = Question(("X",), ("CHN", "TJK"), 2020, 2021, per_page=3)
    return answered(question)


def one_of_two() -> Fetched:
    """The same series asked for together with another, which it takes turns with in the pages."""
    return answered(Question(("X", "Y"), ("CHN", "TJK"), 2020, 2021, source=2, per_page=5))


SMALL, SHARED = small_series(), one_of_two()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([SMALL, SHARED]))
def test_only_a_read_error_comes_of_a_damaged_body_and_never_a_wrong_row(
    data: st.DataObject, whole: Fetched
) -> None:
    bodies = data.draw(mutated(whole.bodies))
    sidecar = sidecar_of(Fetched(**(vars(whole) | {"bodies": bodies})))
    frame = None
    with suppress(ReadError):
        frame = world_bank.read(sidecar, bodies)
    event("read" if frame is not None else "refused")
    if frame is None:
        return
    # What was read is what a plain decoder finds, and the grid that was asked for is full.
    all_rows = [row for body in bodies for row in json.loads(body, parse_float=Decimal)[1] or []]
    rows = [row for row in all_rows if row["indicator"]["id"] == "X"]
    said = {(row["countryiso3code"], int(row["date"])): row["value"] for row in rows}
    assert set(said) == {(e, y) for e in ("CHN", "TJK") for y in (2020, 2021)}
    assert len(rows) == 4
    found = {cell: Decimal(value) for cell, value in cells(frame).items()}
    assert found == {cell: Decimal(value) for cell, value in said.items() if value is not None}
    assert {row["indicator"]["id"] for row in all_rows} <= set(whole_codes(whole))


def whole_codes(whole: Fetched) -> tuple[str, ...]:
    """The codes that were asked for."""
    asked = Question.of(whole.requests[0])
    assert asked is not None
    return asked[0].codes
