"""Damaged bodies of the World Bank: only a read error comes of one, and never a wrong row."""

import json
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.ingest import world_bank
from pipeline.ingest.connectors import Fetched
from pipeline.ingest.world_bank import Question
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
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2030) | st.floats() | st.text(max_size=4)
    | st.sampled_from(["CHN", "TJK", "2020", "2021", "X", "", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)  # fmt: skip


@st.composite
def mutated_bytes(draw: st.DrawFn, whole: tuple[bytes, bytes]) -> tuple[bytes, ...]:
    """The bodies with some bytes replaced, left out or put in, or their order changed."""
    bodies = list(draw(st.permutations(whole)) if draw(st.booleans()) else whole)
    number = draw(st.integers(0, 1))
    body = bodies[number]
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.integers(0, 40))
        body = body[:start] + draw(st.binary(max_size=3) | st.just(b"1")) + body[end:]
    bodies[number] = body
    return tuple(bodies)


@st.composite
def mutated_json(draw: st.DrawFn, whole: tuple[bytes, bytes]) -> tuple[bytes, ...]:
    """The bodies with some node of their JSON replaced by another."""
    replies = [json.loads(body) for body in whole]
    for _ in range(draw(st.integers(1, 2))):
        parent, key = draw(st.sampled_from(list(nodes(replies[draw(st.integers(0, 1))]))))
        parent[key] = draw(JSON)
    return tuple(json.dumps(reply).encode("utf-8", "surrogatepass") for reply in replies)


def mutated(whole: Fetched) -> st.SearchStrategy[tuple[bytes, ...]]:
    """The two bodies of a series, damaged as bytes or as JSON."""
    first, second = whole.bodies
    return mutated_bytes((first, second)) | mutated_json((first, second))


def nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in inside:
        yield value, key
        if isinstance(child, dict | list):
            yield from nodes(child)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([SMALL, SHARED]))
def test_only_a_read_error_comes_of_a_damaged_body_and_never_a_wrong_row(
    data: st.DataObject, whole: Fetched
) -> None:
    bodies = data.draw(mutated(whole))
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
