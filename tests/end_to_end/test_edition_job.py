"""The whole job on real figures: what it makes, what it tells Dagster, what stops it."""

import json
import shutil
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import yaml
from dagster._core.storage.tags import REPOSITORY_LABEL_TAG
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from pipeline.assets.keys import EDITION, exhibit_key, table_key
from pipeline.catalog import load_catalog
from pipeline.dagster_event_log import EventLog
from pipeline.editions.since import settled
from pipeline.editions.standing import Edition
from pipeline.errors import RunError, SettingsError
from pipeline.ingest.archive import Archive
from pipeline.ingest.asked import last_asked
from pipeline.inputs import as_bytes
from pipeline.report.build import exhibit_ids
from pipeline.run import Outcome, run_edition, run_refresh
from pipeline.settings import Settings
from pipeline.terminal import StageTimes, show_outcome
from tests.doubles.http_double import status
from tests.doubles.publishers import PublishersDouble
from tests.end_to_end.conftest import SINCE, World
from tests.small_project import SERIES, few_suites, newest


def metadata(world: World, key: dg.AssetKey) -> dict[str, Any]:
    event = world.instance.get_latest_materialization_event(key)
    assert event is not None, key
    assert event.asset_materialization is not None
    return {name: value.value for name, value in event.asset_materialization.metadata.items()}


def test_it_is_done_and_says_its_findings(world: World) -> None:
    assert world.outcome.clean, world.outcome
    assert world.outcome.new_edition
    assert len(world.outcome.findings) == 5
    assert "without India" in world.outcome.findings[0]


def test_the_edition_is_whole(world: World) -> None:
    folder = world.outcome.edition
    assert folder is not None
    assert (folder / "report.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert "BX.GSR.CCIS.CD" in (folder / "data" / "marts.inequality.csv").read_text("utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    archived = Archive(None, world.settings.bundled_dir).snapshots()
    assert set(manifest["inputs"]["snapshots"]) == {s.snapshot for s in archived}
    assert (world.settings.editions_dir / "latest").resolve() == folder.resolve()


def test_how_the_publishers_stand_is_told_beside_the_edition(world: World) -> None:
    folder = world.settings.editions_dir
    page = (folder / "sources.html").read_text("utf-8")
    assert all(f"<code>{name}</code>" in page for name in world.project.catalog.publishers)
    assert 'href="sources.html"' in (folder / "index.html").read_text("utf-8")


def test_the_edition_says_what_changed_since_the_day_named(world: World) -> None:
    folder = world.outcome.edition
    assert folder is not None
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    page = (folder / "report.html").read_text("utf-8")
    changed = json.loads((folder / "report.json").read_text("utf-8"))["exhibits"][
        "largest_revisions"
    ]
    assert manifest["inputs"]["since"] == SINCE.isoformat()
    assert "What changed since 31\u00a0March 2026</h2>" in page
    assert "with what it said as of 31\u00a0March 2026. Series" in page
    assert '<dt>Compared with</dt><dd><time datetime="2026-03-31">31\u00a0March 2026' in page
    assert "As of 31\u00a0March 2026" in [column["label"] for column in changed["columns"]]
    assert metadata(world, EDITION)["since"] == SINCE.isoformat()
    index = (world.settings.editions_dir / "index.html").read_text("utf-8")
    assert "compared with 31\u00a0March 2026" in index


def test_dagster_knows_rows_columns_and_a_preview_of_every_table(world: World) -> None:
    with duckdb.connect(str(world.settings.warehouse_path), read_only=True) as con:
        for table in world.project.tables:
            told = metadata(world, table_key(table.name))
            (rows,) = con.execute(f"SELECT count(*) FROM {table.name}").fetchone() or (None,)
            assert told["dagster/row_count"] == rows
            schema = told["dagster/column_schema"]
            assert [c.name for c in schema.columns] == [c.name for c in table.columns]
            assert all(c.description for c in schema.columns)
            assert told["preview"].startswith("| " + table.columns[0].name)


def test_dagster_knows_where_a_column_comes_from(world: World) -> None:
    lineage = metadata(world, table_key("marts.inequality"))["dagster/column_lineage"]
    sources = {(d.asset_key, d.column_name) for d in lineage.deps_by_column["theil_t"]}
    assert sources == {(table_key("measures.inequality"), "theil_t")}


def test_dagster_shows_the_picture_of_every_exhibit_and_links_the_edition(world: World) -> None:
    assert world.outcome.edition is not None
    manifest = json.loads((world.outcome.edition / "manifest.json").read_text("utf-8"))
    for name in exhibit_ids():
        if f"exhibits/{name}.svg" in manifest["files"]:
            told = metadata(world, exhibit_key(name))
            assert told["picture"].startswith(f"![{name}](data:image/svg+xml;base64,")
            assert told["title"]
    told = metadata(world, EDITION)
    assert told["page"] == f"http://127.0.0.1:3001/{manifest['edition']}/report.html"


def test_every_expectation_was_judged_and_says_why_and_what_was_observed(world: World) -> None:
    for suite in world.project.suites.values():
        for expectation in suite.expectations:
            key = dg.AssetCheckKey(table_key(suite.table), expectation.id)
            (record,) = world.instance.event_log_storage.get_asset_check_execution_history(
                key, limit=1
            )
            assert record.event is not None
            evaluation = record.event.get_dagster_event().asset_check_evaluation_data
            told = {name: str(value.value) for name, value in evaluation.metadata.items()}
            assert told["why"] == expectation.why
            assert told["severity"] == expectation.severity
            assert told["observed"]
            assert told["page"].endswith(f"/validation/{world.outcome.run_id}/validation.html")


def test_the_run_stands_in_dagsters_list(world: World) -> None:
    run = world.instance.get_run_by_id(world.outcome.run_id)
    assert run is not None
    assert (run.job_name, run.status) == ("edition", dg.DagsterRunStatus.SUCCESS)
    # Else the page of jobs in the UI would say that this one had never run.
    assert run.tags[REPOSITORY_LABEL_TAG] == "__repository__@pipeline.definitions"


# --- what stands


@pytest.fixture
def standing(fresh: Settings, world: World) -> Settings:
    """A project with yesterday's edition and warehouse."""
    shutil.copytree(world.settings.editions_dir, fresh.editions_dir, symlinks=True)
    fresh.warehouse_path.parent.mkdir()
    shutil.copyfile(world.settings.warehouse_path, fresh.warehouse_path)
    return fresh


@pytest.mark.slow
def test_how_the_publishers_stand_is_told_anew_where_the_edition_stands(
    standing: Settings,
) -> None:
    page = standing.editions_dir / "sources.html"
    page.write_text("of last month", "utf-8")
    assert not run_edition(standing).new_edition
    assert "<code>world_bank_wdi</code>" in page.read_text("utf-8")


@pytest.mark.slow
def test_it_stands_whatever_it_is_compared_with_also_after_an_older_one_was_made(
    standing: Settings, world: World
) -> None:
    """Made now, it would be compared with the older one."""
    newest = Edition.at((world.settings.editions_dir / "latest").resolve())
    older = replace(newest.manifest.inputs, as_of=date(2025, 12, 31), since=None)
    folder = standing.editions_dir / older.edition
    folder.mkdir()
    record = {"edition": older.edition, "title": "Older", "files": {}, "inputs": older.as_json()}
    (folder / "manifest.json").write_bytes(as_bytes(record))
    other = replace(newest.manifest.inputs, code_sha256="of other code")
    assert settled(other, standing.editions_dir).since == older.as_of
    before = standing.warehouse_path.read_bytes()

    outcome = run_edition(standing)

    assert outcome.clean, outcome
    assert not outcome.new_edition
    assert outcome.edition == standing.editions_dir / newest.manifest.edition
    assert standing.warehouse_path.read_bytes() == before


def test_a_comparison_with_the_own_day_is_wrong_use(standing: Settings) -> None:
    with pytest.raises(SettingsError, match=r"since 2026-05-01: .* as-of date, 2026-05-01"):
        run_edition(standing, since=date(2026, 5, 1))


# --- what stops it


def everything(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and not p.name.startswith(".")
    }


def nothing_changed(settings: Settings, world: World, outcome: Outcome) -> bool:
    return (
        outcome.edition is None
        and not outcome.clean
        and everything(settings.editions_dir) == everything(world.settings.editions_dir)
        and settings.warehouse_path.read_bytes() == world.settings.warehouse_path.read_bytes()
    )


def catalog_with(settings: Settings, folder: Path, file: str, entry: str, **fields: Any) -> Path:
    """A copy of the catalogue in which one entry has other fields."""
    shutil.copytree(settings.catalog_dir, folder)
    path = folder / file
    entries = yaml.safe_load(path.read_text("utf-8"))
    entries[entry] |= fields
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")
    return folder


def test_a_critical_check_stops_everything_downstream_and_leaves_yesterday(
    standing: Settings, tmp_path: Path, world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = catalog_with(
        standing,
        tmp_path / "catalog",
        "indicators/access_use.yaml",
        "IT.NET.USER.ZS",
        plausible={"minimum": 0, "maximum": 50},
    )
    settings = standing.model_copy(update={"catalog_dir": changed})

    outcome = run_edition(settings)
    show_outcome(outcome, StageTimes(), as_json=False)
    told = capsys.readouterr().err

    assert nothing_changed(settings, world, outcome)
    failed = [c for c in outcome.failed_checks if c.severity == "critical"]
    assert [(c.asset, c.check) for c in failed] == [("core/current", "range_IT_NET_USER_ZS")]
    page = settings.home / "validation" / outcome.run_id / "validation.html"
    assert "range_IT_NET_USER_ZS" in page.read_text("utf-8")
    (critical,) = failed
    assert critical.why in told
    assert "| BLR |" in told


def test_a_corrupt_snapshot_is_named_and_leaves_yesterday(
    standing: Settings, tmp_path: Path, world: World
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(standing.bundled_dir, damaged)
    pack = damaged / "packs" / "world_bank_wdi-it_net_user_zs.xz"
    body = bytearray(pack.read_bytes())
    body[len(body) // 2] ^= 1
    pack.write_bytes(body)
    # Something must have changed for a run to read the archive at all.
    catalog = catalog_with(
        standing, tmp_path / "catalog", "indicators/access_use.yaml", "IT.NET.USER.ZS", note="other"
    )
    settings = standing.model_copy(update={"bundled_dir": damaged, "catalog_dir": catalog})

    outcome = run_edition(settings)

    assert nothing_changed(settings, world, outcome)
    (said,) = outcome.failures
    assert pack.name in said
    assert "damaged" in said


@pytest.mark.slow
def test_a_date_before_the_first_snapshot_is_named_and_leaves_yesterday(
    standing: Settings, world: World
) -> None:
    outcome = run_edition(standing, as_of=date(1999, 1, 1))

    assert nothing_changed(standing, world, outcome)
    (said,) = outcome.failures
    assert said.startswith("as of 1999-01-01: nothing had been published; the first snapshot is of")


@pytest.mark.slow
def test_a_disk_too_full_to_note_the_run_is_named_and_leaves_yesterday(
    standing: Settings, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full as soon as the candidate stands: it is what has filled the disk, and has to go."""
    real = EventLog._connect
    warehouses = standing.warehouse_path.parent

    def connect(log: EventLog) -> AbstractContextManager[Connection]:
        if any(warehouses.glob("candidate-*")):
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))
        return real(log)

    monkeypatch.setattr(EventLog, "_connect", connect)
    with pytest.raises(RunError, match=r"dagster: the run cannot be noted here: .* full; "):
        run_edition(standing, force=True)

    assert everything(standing.editions_dir) == everything(world.settings.editions_dir)
    assert standing.warehouse_path.read_bytes() == world.settings.warehouse_path.read_bytes()
    assert list(warehouses.iterdir()) == [standing.warehouse_path]


# --- asking the publishers


@pytest.mark.slow
def test_a_refresh_takes_what_publishers_give_and_tells_of_what_they_do_not(
    tmp_path: Path, fresh: Settings
) -> None:
    from pipeline.ingest.bundle import export_snapshots

    bundled = Archive(None, fresh.bundled_dir)
    catalog = load_catalog(fresh.catalog_dir)
    recent = newest(bundled, SERIES, 1)
    older = tmp_path / "older"
    export_snapshots(bundled, [s for s in bundled.snapshots() if s not in recent], older)
    with PublishersDouble.of(bundled, catalog, recent) as double:
        double.fail("BX.GSR.CCIS.ZS", status(502), times=None)
        double.fail("DATABASE_ID=PCH_IXP", status(503), times=None)
        settings = fresh.model_copy(
            update={
                "bundled_dir": older,
                "http_retries": 1,
                "http_backoff_s": 0,
                "expectations_dir": few_suites(tmp_path / "expectations"),
            }
        ).asking(double.origin)
        outcome = run_refresh(settings)
        assert double.most_at_once <= 4

    assert outcome.edition is not None
    failures = {
        source.publisher: {line.partition(":")[0] for line in source.failures}
        for source in outcome.sources
    }
    assert failures["pch"] == {"PCH_IXP_NUM"}
    assert "BX.GSR.CCIS.ZS" in failures["world_bank_wdi"]
    assert not failures["world_bank_wdi"] & (set(SERIES) - {"BX.GSR.CCIS.ZS"})
    assert not outcome.clean
    page = (outcome.edition / "report.html").read_text("utf-8")
    assert "BX.GSR.CCIS.ZS" in page
    asked = last_asked(settings, "pch")
    assert asked is not None
    assert "503" in asked.failed["PCH_IXP_NUM"]
