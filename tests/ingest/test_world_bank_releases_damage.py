"""Damaged bodies of archived releases: only our own errors come of one, and never a wrong row."""

import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError, SourceError
from pipeline.ingest.connectors import Fetched
from pipeline.ingest.readers import read_observations
from pipeline.ingest.world_bank_releases import (
    Question,
    Release,
    parse_releases,
    release_of,
)
from tests.doubles.damage import nodes
from tests.doubles.drawn_damage import JSON, mutated
from tests.doubles.world_bank import WorldBankDouble
from tests.ingest.made_up import cells
from tests.ingest.world_bank_series import answered_of_release, sidecar_of


def small_series() -> Fetched:
    """A series of two pages without a server."""
    return answered_of_release(
        Question("X", ("CHN", "TJK"), 2020, 2021, Release("202212"), per_page=3)
    )


SMALL = small_series()


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(mutated(SMALL.bodies))
def test_only_a_read_error_comes_of_a_damaged_body_and_never_a_wrong_row(
    bodies: tuple[bytes, ...],
) -> None:
    sidecar = sidecar_of(Fetched(**(vars(SMALL) | {"bodies": bodies})))
    frame = None
    with suppress(ReadError):
        frame = read_observations(sidecar, bodies)
    event("read" if frame is not None else "refused")
    if frame is None:
        return
    # What was read is what a plain decoder finds, and the grid that was asked for is full.
    rows = [r for b in bodies for r in json.loads(b, parse_float=Decimal)["source"]["data"]]
    ids = [{v["concept"]: v["id"] for v in r["variable"]} for r in rows]
    said = {(i["Country"], int(i["Time"][2:])): r["value"] for i, r in zip(ids, rows, strict=True)}
    assert set(said) == {(e, y) for e in ("CHN", "TJK") for y in (2020, 2021)}
    assert len(rows) == 4
    assert {(i["Series"], i["Version"]) for i in ids} == {("X", "202212")}
    found = {cell: Decimal(value) for cell, value in cells(frame).items()}
    assert found == {cell: Decimal(value) for cell, value in said.items() if value is not None}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_only_project_errors_come_of_a_damaged_list(data: st.DataObject) -> None:
    double = WorldBankDouble({}, releases={"202404": {}, "202407": {}})
    body = double.answer("/v2/sources/57/version?format=json&per_page=9").body or b""
    listed = json.loads(body)
    parent, key = data.draw(st.sampled_from(list(nodes(listed))))
    parent[key] = data.draw(JSON)
    found: tuple[Release, ...] = ()
    with suppress(ReadError, SourceError):
        found = parse_releases(json.dumps(listed).encode("utf-8", "surrogatepass"))
    assert all(release_of(release) == release for release in found)
