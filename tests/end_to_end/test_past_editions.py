"""Editions that are there: those of past years are made and told, one is verified anywhere."""

import shutil
from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipeline.assets.keys import BY_YEAR
from pipeline.editions import verify as verify_module
from pipeline.editions.backfill import Backfilled
from pipeline.editions.every import Every
from pipeline.editions.standing import Edition, find_edition
from pipeline.editions.verify import needed_snapshots, verify
from pipeline.errors import ArchiveError, SettingsError
from pipeline.ingest.archive import Archive
from pipeline.ingest.bundle import export_snapshots
from pipeline.ingest.merge import merge_archive
from pipeline.run import run_backfill
from pipeline.settings import Settings
from tests.end_to_end.conftest import SINCE, World

pytestmark = pytest.mark.slow

YEAR = 2025


def test_a_backfill_makes_the_years_that_dagster_then_knows_and_keeps_the_newest(
    fresh: Settings, world: World
) -> None:
    shutil.copytree(world.settings.editions_dir, fresh.editions_dir, symlinks=True)

    made, newest = run_backfill(fresh, YEAR, Every.YEAR)
    again, _ = run_backfill(fresh, YEAR, Every.YEAR)

    assert isinstance(made, Backfilled)
    assert isinstance(newest, Backfilled)
    assert isinstance(again, Backfilled)
    assert (made.as_of, made.new) == (date(YEAR, 12, 31), True)
    assert (again.folder, again.new) == (made.folder, False)
    # The newest of all stood already, and stays the latest.
    assert not newest.new
    assert Edition.at(newest.folder).manifest.inputs.since == SINCE
    assert (fresh.editions_dir / "latest").resolve() == newest.folder.resolve()
    said = Edition.at(made.folder).manifest
    # The first of a backfill is compared with a year before.
    assert said.inputs.since is None
    with dg.DagsterInstance.get() as instance:
        assert instance.get_materialized_partitions(BY_YEAR) == {str(YEAR)}
        event = instance.get_latest_materialization_event(BY_YEAR)
    assert event is not None
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["edition"].value == said.edition


def test_a_backfill_from_a_year_to_come_is_wrong_use(fresh: Settings) -> None:
    with pytest.raises(SettingsError, match="--from 2100: the newest release in the archive is of"):
        list(run_backfill(fresh, 2100, Every.YEAR))


@pytest.fixture
def carried(tmp_path: Path, world: World) -> Archive:
    """An archive elsewhere that has only what the edition of the world was made of."""
    bundled = Archive.from_settings(world.settings)
    needed = needed_snapshots(find_edition("latest", world.settings.editions_dir), bundled)
    export_snapshots(bundled, needed, tmp_path / "carried")
    archive = Archive(tmp_path / "fresh")
    merge_archive(archive, tmp_path / "carried")
    return archive


def test_an_edition_of_which_one_byte_was_flipped_is_the_same_but_for_that(
    tmp_path: Path, world: World, fresh: Settings, carried: Archive
) -> None:
    folder = tmp_path / "edition"
    shutil.copytree((world.settings.editions_dir / "latest").resolve(), folder)
    flipped = folder / "data" / "marts.inequality.csv"
    body = bytearray(flipped.read_bytes())
    body[len(body) // 2] ^= 1
    flipped.write_bytes(body)

    found = verify(Edition.at(folder), carried, world.project.catalog, settings=fresh)

    assert not found.same
    assert [t.file for t in found.tampered] == ["data/marts.inequality.csv"]
    (different,) = [o for o in found.outputs if o.verdict == "different"]
    assert different.name == "data/marts.inequality.csv"
    assert different.difference is not None
    assert different.difference.where.startswith("line ")
    assert len(found.outputs) > 90
    assert {e.verdict for e in found.exhibits} == {"same"}
    assert {f.verdict for f in found.findings} == {"same"}
    # No other edition stands there: what this one is compared with stands in its manifest.
    assert find_edition(str(folder), fresh.editions_dir).manifest.inputs.since == SINCE
    assert not fresh.editions_dir.exists()
    assert set(found.inputs.values()) == {"same"}


def test_of_a_manifest_alone_outputs_are_compared_by_their_hashes(
    tmp_path: Path,
    world: World,
    fresh: Settings,
    carried: Archive,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    manifest, rebuilt = tmp_path / "carried.json", tmp_path / "rebuilt"
    shutil.copytree((world.settings.editions_dir / "latest").resolve(), rebuilt)
    shutil.copyfile(rebuilt / "manifest.json", manifest)
    # The test above makes it anew.
    monkeypatch.setattr(verify_module, "_rebuild", lambda *_: rebuilt)
    edition = find_edition(str(manifest), fresh.editions_dir)

    same = verify(edition, carried, world.project.catalog, settings=fresh)
    (rebuilt / "report.html").write_text("otherwise", "utf-8")
    other = verify(edition, carried, world.project.catalog, settings=fresh)

    assert same.same
    assert len(same.outputs) > 90
    (different,) = [o for o in other.outputs if o.verdict == "different"]
    assert different.name == "report.html"
    assert different.difference is not None
    assert different.difference.where == "only its hash is at hand"


def test_without_its_snapshots_an_edition_cannot_be_verified_nor_carried(
    tmp_path: Path, world: World, fresh: Settings
) -> None:
    edition = find_edition("latest", world.settings.editions_dir)
    empty = Archive(tmp_path / "nothing")

    found = verify(edition, empty, world.project.catalog, settings=fresh)

    assert not found.same
    assert set(found.missing_snapshots) == set(edition.manifest.inputs.snapshots)
    with pytest.raises(ArchiveError, match=r"12 of its snapshots are not in the archive;"):
        needed_snapshots(edition, empty)
