"""Marts of revisions: which releases are compared, what is told apart, what each release said."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from pipeline.ingest.sidecar import SidecarDraft
from pipeline.measures import inequality
from pipeline.measures.revisions import KINDS, classify, rounding_error
from tests.warehouse.conftest import TEN, Small

Ask = Callable[[str], list[tuple[Any, ...]]]

USERS, GDP, ICT = "IT.NET.USER.ZS", "NY.GDP.MKTP.CD", "BX.GSR.CCIS.CD"
# Figures with so many digits that nobody rounded them.
A, B, C = 12.3456789012345, 23.4567890123456, 34.5678901234567


def with_fields(small: Small, fields: Mapping[str, Mapping[str, object]]) -> Small:
    """The small world with other fields of some indicators in its catalogue."""
    known = small.catalog.indicators
    changed = {code: known[code].model_copy(update=dict(new)) for code, new in fields.items()}
    indicators = {**known, **changed}
    return replace(small, catalog=small.catalog.model_copy(update={"indicators": indicators}))


def revisions(small: Small, comparison: str = "release") -> list[tuple[Any, ...]]:
    return small.rows(
        "SELECT economy, year, kind, value_old, value_new FROM marts.revisions"
        f" WHERE comparison = '{comparison}'"
    )


def counts(small: Small, comparison: str = "release") -> list[tuple[Any, ...]]:
    return small.rows(
        "SELECT n_new, n_revised, n_withdrawn, n_unchanged FROM marts.revision_counts"
        f" WHERE comparison = '{comparison}'"
    )


class TestRevisions:
    def test_a_figure_is_new_revised_withdrawn_or_only_counted(self, small: Small) -> None:
        small.add(
            USERS,
            "2024-01-01",
            {("CHN", 2020): A, ("IND", 2020): A, ("KAZ", 2020): B, ("TJK", 2020): C},
        )
        small.add(
            USERS,
            "2025-01-01",
            {("CHN", 2020): A, ("IND", 2020): C, ("KAZ", 2020): B, ("CHN", 2021): C},
        )
        small.build("2025-06-01")
        assert revisions(small) == [
            ("CHN", 2021, "new", None, C),
            ("IND", 2020, "revised", A, C),
            ("TJK", 2020, "withdrawn", C, None),
        ]
        assert counts(small) == [(1, 1, 1, 2)]

    def test_size_is_given_in_the_unit_and_in_parts_of_the_older_value(self, small: Small) -> None:
        small.add(USERS, "2024-01-01", {("TJK", 2021): 40.0, ("CHN", 2021): -A, ("IND", 2021): 0})
        small.add(USERS, "2025-01-01", {("TJK", 2021): 50.0, ("CHN", 2021): A, ("IND", 2021): 1})
        small.build("2025-06-01")
        assert small.rows(
            "SELECT economy, change, relative FROM marts.revisions WHERE comparison = 'release'"
        ) == [("CHN", 2 * A, 2.0), ("IND", 1, None), ("TJK", 10, 0.25)]

    def test_the_rounding_of_a_mirror_is_no_revision(self, small: Small) -> None:
        small.add(USERS, "2024-01-01", {("TJK", 2021): 49.840912, ("CHN", 2021): A})
        small.add(USERS, "2025-01-01", {("TJK", 2021): 49.8, ("CHN", 2021): 12.3})
        small.build("2025-06-01")
        assert revisions(small) == []
        assert counts(small) == [(0, 0, 0, 2)]

    def test_a_short_figure_in_a_full_copy_is_compared_in_full(self, small: Small) -> None:
        small.add(USERS, "2024-01-01", {("TJK", 2021): 49.8, ("CHN", 2021): A})
        small.add(USERS, "2025-01-01", {("TJK", 2021): 49.840912, ("CHN", 2021): A})
        small.build("2025-06-01")
        assert [row[:3] for row in revisions(small)] == [("TJK", 2021, "revised")]

    def test_releases_are_compared_each_with_the_one_before(self, small: Small) -> None:
        for vintage, value in (("2023-01-01", A), ("2024-01-01", B), ("2025-01-01", C)):
            small.add(USERS, vintage, {("TJK", 2021): value})
        small.build("2025-06-01")
        assert [row[3:] for row in revisions(small)] == [(A, B), (B, C)]

    def test_of_two_snapshots_of_one_vintage_only_one_takes_part(self, small: Small) -> None:
        small.add(USERS, "2024-01-01", {("TJK", 2021): A, ("CHN", 2021): A})
        small.add(USERS, "2024-01-01", {("TJK", 2021): C})
        small.add(USERS, "2025-01-01", {("TJK", 2021): B, ("CHN", 2021): A})
        small.build("2025-06-01")
        assert revisions(small) == [("TJK", 2021, "revised", A, B)]

    def test_what_was_published_after_the_as_of_date_is_no_revision_yet(self, small: Small) -> None:
        small.add(USERS, "2024-01-01", {("TJK", 2021): A})
        small.add(USERS, "2025-01-01", {("TJK", 2021): B})
        small.build("2024-12-31")
        assert revisions(small) == []

    def test_other_economies_are_left_out_and_the_world_is_not(self, small: Small) -> None:
        small.add(USERS, "2024-01-01", {("DEU", 2021): A, ("WLD", 2021): A})
        small.add(USERS, "2025-01-01", {("DEU", 2021): B, ("WLD", 2021): B})
        small.build("2025-06-01")
        assert [row[0] for row in revisions(small)] == ["WLD"]

    def test_a_bilateral_series_is_read_towards_the_world(self, small: Small) -> None:
        for vintage, value in ((date(2024, 1, 1), A), (date(2025, 1, 1), B)):
            body = f"economy,year,value,counterpart\nTJK,2020,{value},CHN\nTJK,2020,{value},WLD\n"
            small.filled.archive.add(
                SidecarDraft(
                    publisher="imf_dots",
                    indicators=("TRADE",),
                    vintage=vintage,
                    vintage_basis="made up",
                    licence="made up",
                    attribution="made up",
                    source="x",
                    reader="tidy_csv",
                    constants={"indicator": "TRADE"},
                ),
                [body.encode()],
            )
        small.build("2025-06-01")
        assert revisions(small) == [("TJK", 2020, "revised", A, B)]

    def test_a_copy_that_does_not_reach_a_year_has_not_withdrawn_it(self, small: Small) -> None:
        full = {(e, y): A for e in ("TJK", "CHN", "IND") for y in (2019, 2020, 2021)}
        small.add(USERS, "2024-01-01", full)
        cut = {k: v for k, v in full.items() if k[0] != "IND" and k[1] > 2019}
        del cut["TJK", 2020]
        small.add(USERS, "2025-01-01", cut)
        small.build("2025-06-01")
        assert small.rows(
            "SELECT economy, year, beyond FROM marts.revisions WHERE comparison = 'release'"
        ) == [
            ("CHN", 2019, True),
            ("IND", 2019, True),
            ("IND", 2020, True),
            ("IND", 2021, True),
            ("TJK", 2019, True),
            ("TJK", 2020, False),
        ]

    @pytest.mark.parametrize(
        ("indicator", "old", "new", "large"),
        [(USERS, 40.0, 52.0, False), (USERS, 52.1, 40.0, True), (GDP, 10.0, 20.0, False),
         (GDP, 40.0, 10.0, True), (GDP, 0.0, 10.0, False)],
    )  # fmt: skip
    def test_a_revision_is_large_by_the_indicators_own_limit(
        self, small: Small, indicator: str, old: float, new: float, large: bool
    ) -> None:
        small = with_fields(small, {USERS: {"max_jump": 12.0}, GDP: {"max_jump": 3.0}})
        small.add(indicator, "2024-01-01", {("TJK", 2021): old})
        small.add(indicator, "2025-01-01", {("TJK", 2021): new})
        small.build("2025-06-01")
        assert small.rows("SELECT large FROM marts.revisions WHERE comparison = 'release'") == [
            (large,)
        ]


class TestSince:
    @pytest.mark.parametrize(
        ("since", "before"), [("2024-12-31", B), ("2024-06-01", B), ("2024-05-31", A)]
    )
    def test_what_speaks_now_is_compared_with_what_spoke_on_the_day_named(
        self, small: Small, since: str, before: float
    ) -> None:
        for vintage, value in (("2023-01-01", A), ("2024-06-01", B), ("2025-01-01", C)):
            small.add(USERS, vintage, {("TJK", 2021): value})
        small.build("2025-05-31", since=since)
        assert [row[3:] for row in revisions(small, "since")] == [(before, C)]
        assert counts(small, "since") == [(0, 1, 0, 0)]
        assert small.row("SELECT CAST(since AS VARCHAR) FROM core.build") == (since,)

    def test_of_a_day_before_the_first_release_all_is_new(self, small: Small) -> None:
        small.add(USERS, "2025-01-01", {("TJK", 2021): A})
        small.build("2025-06-01", since="2024-12-31")
        assert revisions(small, "since") == [("TJK", 2021, "new", None, A)]


class TestYearBefore:
    def test_what_speaks_now_is_compared_with_what_spoke_a_year_ago(self, small: Small) -> None:
        for vintage, value in (("2023-01-01", A), ("2024-06-01", B), ("2025-01-01", C)):
            small.add(USERS, vintage, {("TJK", 2021): value})
        small.build("2025-05-31")
        assert [row[3:] for row in revisions(small, "since")] == [(A, C)]

    def test_a_series_that_was_not_there_is_new(self, small: Small) -> None:
        small.add(USERS, "2025-01-01", {("TJK", 2021): A})
        small.build("2025-06-01")
        assert revisions(small, "since") == [("TJK", 2021, "new", None, A)]
        assert counts(small, "since") == [(1, 0, 0, 0)]

    def test_a_series_of_no_newer_release_is_unchanged(self, small: Small) -> None:
        small.add(USERS, "2023-01-01", {("TJK", 2021): A, ("CHN", 2021): B})
        small.build("2025-06-01")
        assert revisions(small, "since") == []
        assert counts(small, "since") == [(0, 0, 0, 2)]


class TestHistories:
    def test_a_headline_figure_has_a_value_a_release(self, small: Small) -> None:
        small = with_fields(small, {USERS: {"headline": True}})
        small.add(USERS, "2024-01-01", {("TJK", 2021): A})
        small.add(USERS, "2025-01-01", {("TJK", 2021): B})
        small.add(GDP, "2025-01-01", {("TJK", 2021): B})
        small.build("2025-06-01")
        assert small.rows("SELECT indicator, vintage, value FROM marts.value_history") == [
            (USERS, date(2024, 1, 1), A),
            (USERS, date(2025, 1, 1), B),
        ]

    def test_an_index_is_seen_from_every_release_of_either_series(self, small: Small) -> None:
        small = with_fields(small, {ICT: {"headline": True}, GDP: {"headline": True}})
        exports = {(e, 2021): float(n) for n, e in enumerate(TEN, 1)}
        output = {(e, 2021): 10.0 for e in TEN}
        small.add(GDP, "2023-01-01", output)
        small.add(ICT, "2024-01-01", exports)
        small.add(GDP, "2025-01-01", output | {("UZB", 2021): 20.0})
        small.build("2025-06-01")
        rows = small.rows(
            "SELECT seen_from, theil_t, published FROM marts.vintage_inequality"
            f" WHERE indicator = '{ICT}'"
        )
        before = inequality.theil_t(list(exports.values()))
        after = inequality.theil_t(list(exports.values()), [10.0] * 9 + [20.0])
        assert rows == [
            (date(2024, 1, 1), pytest.approx(before, abs=1e-12), True),
            (date(2025, 1, 1), pytest.approx(after, abs=1e-12), True),
        ]

    def test_an_index_of_six_states_is_not_published(self, small: Small) -> None:
        small = with_fields(small, {USERS: {"headline": True}})
        small.add(USERS, "2024-01-01", {(e, 2021): 50.0 for e in TEN[:6]})
        small.build("2025-06-01")
        assert small.rows(
            f"SELECT n, published FROM marts.vintage_inequality WHERE indicator = '{USERS}'"
        ) == [(6, False)]


@pytest.mark.slow
class TestBundled:
    def test_the_known_revisions_are_found(self, ask: Ask) -> None:
        found = ask(
            "SELECT economy, year, vintage_new, round(value_old, 1), round(value_new, 1), large"
            f" FROM marts.revisions WHERE comparison = 'release' AND indicator = '{USERS}'"
            " AND (economy, year) IN (('TJK', 2021), ('CHN', 2023)) AND kind = 'revised'"
        )
        assert found == [
            ("TJK", 2021, date(2025, 4, 15), 28.3, 49.8, True),
            ("CHN", 2023, date(2025, 12, 8), 77.5, 90.6, True),
            ("TJK", 2021, date(2026, 4, 8), 49.8, 36.7, True),
        ]

    def test_the_mart_and_the_measure_agree_on_every_cell(self, ask: Ask) -> None:
        cells = ask(
            """
            WITH cells AS (
                SELECT o.* FROM core.observations AS o
                WHERE o.counterpart IN ('_Z', 'WLD') AND o.economy IN (
                    SELECT economy FROM core.member_sets WHERE bloc = 'sco' UNION SELECT 'WLD'
                )
            )
            SELECT a.value, b.value, p.digits_old, p.place_old, p.digits_new, p.place_new, r.kind
            FROM marts.release_pairs AS p
            JOIN cells AS a ON a.snapshot = p.snapshot_old AND a.indicator = p.indicator
            JOIN cells AS b ON b.snapshot = p.snapshot_new AND b.indicator = p.indicator
                AND b.economy = a.economy AND b.year = a.year
            LEFT JOIN marts.revisions AS r
                ON r.comparison = p.comparison AND r.indicator = p.indicator
                AND r.vintage_new = p.vintage_new AND r.economy = a.economy AND r.year = a.year
            WHERE p.comparison = 'release'
            """
        )
        old, new, digits_old, place_old, digits_new, place_new = np.array(
            [row[:6] for row in cells], dtype=np.float64
        ).T
        codes = classify(
            old,
            new,
            rounding_error(old, digits_old, place_old),
            rounding_error(new, digits_new, place_new),
        )
        said = [row[6] or "unchanged" for row in cells]
        assert said.count("revised") > 20_000
        assert [KINDS[c] for c in codes] == said
