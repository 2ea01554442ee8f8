"""Corrections: used while the release says the wrong value, marked, and never longer."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.catalog.models import Break, CorrectedCell, Correction
from pipeline.ingest.sidecar import SidecarDraft
from tests.warehouse.conftest import Small

USERS, POP = "IT.NET.USER.ZS", "SP.POP.TOTL"
WRONG, RIGHT = 49.8, 36.7


def correction(**fields: Any) -> Correction:
    """Of the internet users of Tajikistan in 2021; any field can be given."""
    standard: dict[str, Any] = {
        "id": "tjk_users",
        "indicator": USERS,
        "economy": "TJK",
        "cells": (CorrectedCell(year=2021, expect=WRONG, value=RIGHT),),
        "reason": "of another survey",
        "evidence": "release of April 2026",
        "by": "the editors",
        "since": date(2025, 4, 15),
    }
    return Correction(**(standard | fields))


def corrected(small: Small, *corrections: Correction) -> Small:
    """The same world, its catalogue with these corrections."""
    register = {k.id: k for k in corrections}
    return replace(small, catalog=small.catalog.model_copy(update={"corrections": register}))


def trade_table(*rows: str) -> tuple[SidecarDraft, list[bytes]]:
    """A bilateral series of another publisher, of rows "economy,counterpart,year,value"."""
    draft = SidecarDraft(
        publisher="imf_dots",
        indicators=("TRADE",),
        vintage=date(2025, 4, 15),
        vintage_basis="made up",
        licence="CC BY 4.0",
        attribution="made up",
        source="x",
        reader="tidy_csv",
        constants={"indicator": "TRADE"},
    )
    return draft, ["\n".join(("economy,counterpart,year,value", *rows, "")).encode()]


def current(small: Small) -> dict[int, tuple[float, bool]]:
    rows = small.rows("SELECT year, value, corrected FROM core.current WHERE economy = 'TJK'")
    return {year: (value, mark) for year, value, mark in rows}


@pytest.fixture
def release(small: Small) -> Small:
    """A release with the wrong value of 2021 and a right one of 2020."""
    small.add(USERS, "2025-04-15", {("TJK", 2020): 28.3, ("TJK", 2021): WRONG})
    return small


def test_the_corrected_value_is_used_and_marked(release: Small) -> None:
    world = corrected(release, correction())
    world.build("2025-12-31")

    assert current(world) == {2020: (28.3, False), 2021: (RIGHT, True)}


def test_the_published_value_stays_in_the_observations(release: Small) -> None:
    world = corrected(release, correction())
    world.build("2025-12-31")

    assert world.rows("SELECT year, value FROM core.observations") == [(2020, 28.3), (2021, WRONG)]


def test_marts_are_built_on_the_corrected_value(release: Small) -> None:
    world = corrected(release, correction())
    world.build("2025-12-31")

    newest = world.row(
        f"SELECT value FROM marts.latest_values WHERE indicator = '{USERS}' AND economy = 'TJK'"
    )
    assert newest == (RIGHT,)


def test_a_value_taken_away_is_gone_and_the_one_before_is_the_newest(release: Small) -> None:
    taken = CorrectedCell(year=2021, expect=WRONG, withdraw=True)
    world = corrected(release, correction(cells=(taken,)))
    world.build("2025-12-31")

    assert current(world) == {2020: (28.3, False)}


def test_the_register_says_what_became_of_each_value_and_why(release: Small) -> None:
    cells = (
        CorrectedCell(year=2021, expect=WRONG, value=RIGHT),
        CorrectedCell(year=2020, expect=28.3, withdraw=True),
    )
    world = corrected(release, correction(cells=cells))
    world.build("2025-12-31")

    assert world.rows(
        "SELECT correction, year, expected, found, value, state, vintage, reason, evidence,"
        " corrected_by, since, until FROM core.corrections"
    ) == [
        ("tjk_users", year, wrong, wrong, right, "applied", date(2025, 4, 15), "of another survey",
         "release of April 2026", "the editors", date(2025, 4, 15), None)
        for year, wrong, right in ((2020, 28.3, None), (2021, WRONG, RIGHT))
    ]  # fmt: skip


@pytest.mark.parametrize(
    "later", [{("TJK", 2021): RIGHT}, {("TJK", 2021): 49.81}, {("TJK", 2020): 28.3}]
)
def test_a_release_that_says_otherwise_or_nothing_overtakes_the_correction(
    release: Small, later: dict[tuple[str, int], float]
) -> None:
    release.add(USERS, "2026-04-08", later)
    world = corrected(release, correction())
    world.build("2026-05-01")

    found = later.get(("TJK", 2021))
    assert world.rows("SELECT state, found FROM core.corrections") == [("overtaken", found)]
    assert current(world) == {year: (value, False) for (_, year), value in later.items()}


def test_a_copy_rounded_to_six_digits_says_the_same(small: Small) -> None:
    small.add(POP, "2025-04-15", {("TJK", 2021): 9966910})
    cell = CorrectedCell(year=2021, expect=9966908, value=9966000)
    world = corrected(small, correction(indicator=POP, cells=(cell,)))
    world.build("2025-12-31")

    assert current(world) == {2021: (9966000, True)}


def test_a_zero_is_expected_as_zero(small: Small) -> None:
    small.add(USERS, "2025-04-15", {("TJK", 2020): "0.0", ("TJK", 2021): "0.0001"})
    cells = tuple(CorrectedCell(year=y, expect=0, withdraw=True) for y in (2020, 2021))
    world = corrected(small, correction(cells=cells))
    world.build("2025-12-31")

    states = world.rows("SELECT year, state FROM core.corrections")
    assert states == [(2020, "applied"), (2021, "overtaken")]


@pytest.mark.parametrize(
    ("as_of", "state", "value"),
    [
        ("2025-04-15", "not yet", WRONG),
        ("2025-05-31", "not yet", WRONG),
        ("2025-06-01", "applied", RIGHT),
        ("2026-04-07", "applied", RIGHT),
        ("2026-04-08", "mended", 36.6),
    ],
)
def test_a_correction_speaks_from_its_day_until_the_release_that_mends(
    release: Small, as_of: str, state: str, value: float
) -> None:
    release.add(USERS, "2026-04-08", {("TJK", 2021): 36.6})
    world = corrected(release, correction(since=date(2025, 6, 1), until=date(2026, 4, 8)))
    world.build(as_of)

    assert world.rows("SELECT state FROM core.corrections") == [(state,)]
    assert current(world)[2021] == (value, state == "applied")


def test_a_series_without_a_release_has_nothing_to_correct(small: Small) -> None:
    small.add(POP, "2025-04-15", {("TJK", 2021): 1})
    world = corrected(small, correction())
    world.build("2025-12-31")

    assert world.rows("SELECT state, found FROM core.corrections") == [("no release", None)]


def test_a_value_of_one_partner_leaves_the_others_alone(small: Small) -> None:
    small.filled.archive.add(*trade_table("TJK,CHN,2021,5", "TJK,KAZ,2021,5", "KAZ,CHN,2021,5"))
    cell = CorrectedCell(year=2021, expect=5, value=6)
    world = corrected(small, correction(indicator="TRADE", counterpart="CHN", cells=(cell,)))
    world.build("2025-12-31")

    assert world.rows("SELECT economy, counterpart, value FROM core.current") == [
        ("KAZ", "CHN", 5.0), ("TJK", "CHN", 6.0), ("TJK", "KAZ", 5.0),
    ]  # fmt: skip


def test_breaks_are_told_by_economy_and_none_means_all(small: Small) -> None:
    small.add(USERS, "2025-04-15", {("TJK", 2021): 1})
    breaks = (
        Break(economies=("TJK", "KAZ"), years=(2017, 2021), reason="surveys", source="notes"),
        Break(years=(2010, 2011), reason="all"),
    )
    users = small.catalog.indicators[USERS].model_copy(update={"breaks": breaks})
    indicators = {**small.catalog.indicators, USERS: users}
    world = replace(small, catalog=small.catalog.model_copy(update={"indicators": indicators}))
    world.build("2025-12-31")

    assert world.rows("FROM core.breaks") == [
        (USERS, "KAZ", 2017, 2021, "surveys", "notes"),
        (USERS, "TJK", 2017, 2021, "surveys", "notes"),
        (USERS, None, 2010, 2011, "all", None),
    ]
