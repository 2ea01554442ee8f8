"""The archive that ships with the package: all of it, as published, and small."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest

from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations, read_snapshots
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import PROJECT_ROOT

BUNDLED = PROJECT_ROOT / "pipeline" / "bundled"


@pytest.fixture(scope="module")
def shipped() -> Archive:
    return Archive(None, BUNDLED)


@pytest.fixture(scope="module")
def frames(shipped: Archive) -> dict[str, pd.DataFrame]:
    """The observations of every snapshot, by its id."""
    return {s.snapshot: f for s, f in read_snapshots(shipped, shipped.snapshots())}


def count(frames: dict[str, pd.DataFrame], publisher: str) -> int:
    return sum(len(f) for name, f in frames.items() if name.startswith(f"{publisher}/"))


def vintages(
    archive: Archive, indicator: str, economy: str, year: int
) -> Iterator[tuple[date, str]]:
    """What every vintage says of one cell, in order."""
    wanted = [s for s in archive.snapshots() if s.indicators == (indicator,)]
    for sidecar, bodies in archive.read_many(wanted):
        frame = read_observations(sidecar, bodies)
        hit = frame[(frame["economy"] == economy) & (frame["year"] == year)]
        if len(hit):
            yield sidecar.vintage, hit["value"].item()


def test_every_snapshot_is_there(shipped: Archive) -> None:
    assert Counter(s.publisher for s in shipped.snapshots()) == {
        "world_bank_wdi": 308,
        "un_egdi": 7,
        "itu_gci": 5,
        "imf_dots": 2,
        "unctad": 2,
    }


def test_every_value_is_there(frames: dict[str, pd.DataFrame]) -> None:
    assert count(frames, "world_bank_wdi") == 2_376_518
    assert count(frames, "imf_dots") == 7_300
    assert count(frames, "unctad") == 2_609 + 2_647


def test_wdi_holds_44_indicators_from_2013_to_2026(shipped: Archive) -> None:
    wdi = [s for s in shipped.snapshots() if s.publisher == "world_bank_wdi"]

    assert len({s.indicators for s in wdi}) == 44
    assert (min(s.vintage for s in wdi), max(s.vintage for s in wdi)) == (
        date(2013, 12, 21),
        date(2026, 5, 1),
    )
    assert shipped.newest_vintage() == date(2026, 5, 1)


def test_no_cell_stands_twice_in_a_snapshot(frames: dict[str, pd.DataFrame]) -> None:
    key = ["indicator", "economy", "counterpart", "year"]

    assert [name for name, frame in frames.items() if frame.duplicated(key).any()] == []


def test_tajikistans_users_of_2021_were_revised_twice(shipped: Archive) -> None:
    said = [round(float(v), 1) for _, v in vintages(shipped, "IT.NET.USER.ZS", "TJK", 2021)]

    assert list(dict.fromkeys(said)) == [28.3, 49.8, 36.7]


def test_chinas_users_of_2023_were_revised_in_december_2025(shipped: Archive) -> None:
    said = list(vintages(shipped, "IT.NET.USER.ZS", "CHN", 2023))

    assert {round(float(v), 1) for day, v in said if day < date(2025, 12, 1)} == {77.5}
    assert {round(float(v), 1) for day, v in said if day >= date(2025, 12, 1)} == {90.6}


def test_the_newest_survey_holds_all_of_them(shipped: Archive) -> None:
    newest = [s for s in shipped.snapshots() if s.publisher == "un_egdi"][-1]
    frame = read_observations(newest, shipped.read(newest))
    kazakhstan = frame[(frame["economy"] == "KAZ") & (frame["indicator"] == "EGDI")]

    assert dict(zip(kazakhstan["year"], kazakhstan["value"], strict=True)) == {
        2010: "0.55782", 2012: "0.68438", 2014: "0.72827", 2016: "0.7249899999999999",
        2018: "0.7597", 2022: "0.86280", 2024: "0.90093",
    }  # fmt: skip


def test_every_old_score_of_cybersecurity_is_marked(frames: dict[str, pd.DataFrame]) -> None:
    gci = pd.concat(frame for name, frame in frames.items() if name.startswith("itu_gci/"))

    assert set(gci.loc[gci["year"] <= 2018, "status"]) == {"scale 0-1"}
    assert set(gci.loc[gci["year"] > 2018, "status"]) == {""}


def _wordings(sidecars: tuple[Sidecar, ...]) -> set[str]:
    return {text for s in sidecars for text in (s.vintage_basis, s.licence, s.attribution)}


def test_provenance_stands_by_itself(shipped: Archive) -> None:
    sidecars = shipped.snapshots()

    assert all(s.source.startswith("https://github.com/") for s in sidecars)
    assert not [text for text in _wordings(sidecars) if ".md" in text or "section" in text]


def test_it_is_at_most_12_megabytes() -> None:
    assert sum(p.stat().st_size for p in BUNDLED.rglob("*") if p.is_file()) <= 12_000_000
