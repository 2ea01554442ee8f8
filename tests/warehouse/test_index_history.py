"""The index as past days would have had it: scores by pandas as well, and what is withheld."""

import math
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import Catalog
from pipeline.catalog.plans import IndexIndicator, IndexPlan
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from tests.warehouse.conftest import TEN, Ask, Small

USERS, SHARE = "IT.NET.USER.ZS", "BX.GSR.CCIS.ZS"
HISTORY = "marts.index_history_by_vintage"
INDEX = "digital_development"


class AsOf:
    """The archive as a day had it: of each series the newest release, year × economy."""

    def __init__(self, archive: Archive, day: date) -> None:
        self.archive, self.day = archive, day
        self.tables: dict[str, pd.DataFrame] = {}

    def table(self, indicator: str) -> pd.DataFrame:
        if indicator not in self.tables:
            own = [s for s in self.archive.snapshots()
                   if s.indicators == (indicator,) and s.vintage <= self.day]  # fmt: skip
            frames = [
                read_observations(s, self.archive.read(s))
                for s in own
                if s.vintage == max(o.vintage for o in own)
            ]
            # Of two copies of one release the fuller speaks, then the more precise.
            frames.sort(key=lambda f: (f["economy"].nunique(), f["value"].str.len().mean()))
            frame = frames[-1]
            wide = frame.assign(value=frame["value"].astype(float)).pivot(
                index="year", columns="economy", values="value"
            )
            self.tables[indicator] = wide.reindex(columns=list(TEN))
        return self.tables[indicator]

    def score(self, catalog: Catalog, economy: str, year: int) -> float:
        """The arithmetic score, step by step; every pillar has a value here."""
        pillars: dict[str, list[float]] = {}
        for part in catalog.index[INDEX].indicators:
            values = self.table(part.indicator)[economy]
            if part.per is not None:
                values = values / self.table(part.per)[economy] * part.times
            entry = catalog.indicators[part.indicator]
            recent = values.loc[year - entry.max_age_years : year].dropna()
            ends = [
                b.years[1]
                for b in entry.breaks
                if (not b.economies or economy in b.economies) and b.years[1] <= year
            ]
            # A value from before a change of method does not stand for a year after it.
            recent = recent.loc[max(ends, default=0) :]
            if recent.empty:
                continue
            value, worst, best = float(recent.iloc[-1]), part.worst, part.best
            if part.scale == "log":
                value, worst, best = math.log(max(value, worst)), math.log(worst), math.log(best)
            score = min(max(100 * (value - worst) / (best - worst), 0), 100)
            pillars.setdefault(entry.pillar, []).append(score)
        return float(np.mean([np.mean(scores) for scores in pillars.values()]))


@pytest.mark.parametrize("day", [date(2026, 3, 31), date(2026, 4, 30)])
def test_a_score_of_a_past_day_is_what_pandas_makes_of_the_releases_of_then(
    ask: Ask, bundled_archive: Archive, catalog: Catalog, day: date
) -> None:
    rows = ask(
        f"SELECT economy, score FROM {HISTORY}"
        f" WHERE seen_from = DATE '{day}' AND year = 2023 AND part = 'index'"
    )
    then = AsOf(bundled_archive, day)

    assert [economy for economy, _ in rows] == list(TEN)
    for economy, score in rows:
        assert score == pytest.approx(then.score(catalog, economy, 2023), abs=1e-9), economy


def test_what_releases_changed_of_one_year_is_points_and_no_rank(ask: Ask) -> None:
    rows = ask(
        f"SELECT economy, min(score), max(score), min(rank), max(rank) FROM {HISTORY}"
        " WHERE year = 2023 AND part = 'index' AND published GROUP BY economy"
    )
    moved = {economy: high - low for economy, low, high, *_ in rows}

    assert max(moved, key=lambda e: moved[e]) == "PAK"
    assert moved["PAK"] == pytest.approx(1.41, abs=0.01)
    assert all(best == worst for *_, best, worst in rows)


def test_before_enough_series_were_released_there_is_a_reason_and_no_score(ask: Ask) -> None:
    rows = ask(
        f"SELECT seen_from, max(n_released), max(n_states), count(score), bool_or(published),"
        f" count(reason) FROM {HISTORY} WHERE part = 'index' AND year < 2025"
        " AND seen_from IN ('2018-12-31', '2024-12-31', '2025-12-31') GROUP BY seen_from"
        " ORDER BY seen_from"
    )

    assert [(d.year, n, states, scores, shown) for d, n, states, scores, shown, _ in rows] == [
        (2018, 8, 0, 0, False),
        (2024, 9, 0, 0, False),
        (2025, 11, 0, 0, False),
    ]
    assert all(reasons > 0 for *_, reasons in rows)
    ((reason,),) = ask(
        f"SELECT DISTINCT reason FROM {HISTORY} WHERE part = 'egov_trust' AND year = 2023"
        " AND seen_from = '2025-12-31'"
    )
    assert reason == "1 of 2 indicators have a value, 60% are needed"


def test_a_pillar_is_seen_from_days_on_which_the_index_is_not(ask: Ask) -> None:
    rows = ask(
        f"SELECT part, min(seen_from) FROM {HISTORY} WHERE published GROUP BY part ORDER BY part"
    )

    first: Mapping[str, date] = dict(rows)
    assert first["connectivity"] == first["access_use"] == date(2025, 7, 31)
    assert first["index"] == first["egov_trust"] == date(2026, 3, 31)


# --- a small archive


def with_index(small: Small) -> Small:
    own = small.catalog.indicators
    plan = IndexPlan(
        id="small", name="small", note="x", member_set="sco_10", first_year=2020,
        pillars={"access_use": 1, "digital_trade": 1},
        indicators=(
            IndexIndicator(indicator=USERS, worst=0, best=100, why="x"),
            IndexIndicator(indicator=SHARE, worst=0, best=50, why="x"),
        ),
        draws=200, sobol_base=64, seed=1,
    )  # fmt: skip
    better = {"direction": "higher_is_better"}
    indicators = {
        **own,
        USERS: own[USERS].model_copy(update={**better, "pillar": "access_use"}),
        SHARE: own[SHARE].model_copy(update={**better, "pillar": "digital_trade"}),
    }
    catalog = small.catalog.model_copy(update={"indicators": indicators, "index": {"small": plan}})
    return Small(small.path, catalog, small.filled)


def filled(small: Small) -> Small:
    """Two releases of one series, the second of which lowers TJK, and one of the other."""
    world = with_index(small)
    first = {(e, 2023): 50.0 + n for n, e in enumerate(TEN)}
    world.add(USERS, "2024-11-10", first)
    world.add(USERS, "2025-02-10", first | {("TJK", 2023): 20.0})
    world.add(SHARE, "2025-01-15", {(e, 2023): 25.0 for e in TEN})
    return world


def test_each_day_has_the_release_that_was_its_newest_and_no_later_one(small: Small) -> None:
    world = filled(small)
    world.build("2025-03-15")

    assert world.rows(
        f"SELECT seen_from, score, n_released FROM {HISTORY} WHERE economy = 'TJK'"
        " AND year = 2023 AND part = 'index' AND seen_from >= '2024-10-31'"
    ) == [
        (date(2024, 10, 31), None, 0),
        (date(2024, 11, 30), None, 1),
        (date(2024, 12, 31), None, 1),
        (date(2025, 1, 31), (58 + 50) / 2, 2),
        (date(2025, 2, 28), (20 + 50) / 2, 2),
        (date(2025, 3, 15), (20 + 50) / 2, 2),
    ]


def test_ranks_move_with_the_release_and_never_stand_without_an_interval(small: Small) -> None:
    world = filled(small)
    world.build("2025-03-15")

    rows = world.rows(
        f"SELECT seen_from, rank, rank_low <= rank AND rank <= rank_high FROM {HISTORY}"
        " WHERE economy = 'TJK' AND part = 'index' AND rank IS NOT NULL AND year = 2023"
        " AND seen_from <= '2025-02-28'"
    )
    assert rows == [(date(2025, 1, 31), 2.0, True), (date(2025, 2, 28), 10.0, True)]


def test_what_an_earlier_edition_saw_a_later_one_still_says(small: Small) -> None:
    world = filled(small)
    query = f"FROM {HISTORY} WHERE seen_from = '2025-01-31'"
    world.build("2025-01-31")
    then = world.rows(query)
    world.build("2025-03-15")

    assert then
    assert world.rows(query) == then
