"""A whole ``sco refresh`` of all publishers from a double, as a user runs it: a process of its own.

100 ms an answer; first on a home as set-up leaves it, then once more with nothing changed, then
with one publisher that answers in another shape. Series that the bundled archive has no figures of
are answered with made-up ones. Seconds on the clock and of the processor, requests and bytes are
printed: on a busy machine the two kinds of seconds drift apart. That all publishers answered, that
nothing is new the second time, that no host is asked more than four things at once, and that the
report names what is older the third time is asserted, no time is.

    python -m pytest tests/benchmarks/bench_refresh.py -s
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import pytest

from pipeline.catalog import Catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.refresh import named
from pipeline.settings import PROJECT_ROOT
from tests.doubles.http_double import Fault
from tests.doubles.publishers import PublishersDouble, newest_of

LATENCY_S = 0.1
MADE_UP_YEARS = range(2015, 2025)


@pytest.fixture
def double(bundled_archive: Archive, catalog: Catalog) -> Iterator[PublishersDouble]:
    newest = newest_of(bundled_archive)
    with PublishersDouble.of(bundled_archive, catalog, newest) as started:
        make_up(started, catalog)
        started.latency_s = LATENCY_S
        yield started


def make_up(double: PublishersDouble, catalog: Catalog) -> None:
    """Give every live series of the World Bank and of Data360 that has no figures some within its
    plausible range, others for each economy, and together less than the world's."""
    economies = sorted(catalog.fetched_economies())
    for indicator in catalog.indicators.values():
        publisher, code = catalog.publishers[indicator.publisher], indicator.live_code
        low, high = indicator.plausible.minimum, indicator.plausible.maximum
        cells: dict[tuple[str, int], str | float | int] = {
            (economy, year): round(low + (high - low) * (0.9 if economy == "WLD" else n / 1e4), 6)
            for n, economy in enumerate(economies, 1)
            for year in MADE_UP_YEARS
        }
        if indicator.live and publisher.connector == "world_bank":
            double.world_bank.series.setdefault(code or indicator.id, cells)
        if indicator.live and publisher.connector == "data360":
            key = (publisher.database or "", code or indicator.id)
            double.data360.series.setdefault(key, {cell: str(v) for cell, v in cells.items()})
            double.data360.units.setdefault(key, indicator.live_unit or "PT_POP")


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "SCO_HOME": str(home), "SCO_EDITIONS_DIR": str(home / "editions")}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home as set-up leaves it: with fonts, Dagster's store and readings of the bundle."""
    for module in ("report.fonts", "dagster_home", "warehouse.readings"):
        subprocess.run(
            [sys.executable, "-m", f"pipeline.{module}"],
            cwd=PROJECT_ROOT,
            env=environment(tmp_path),
            check=True,
        )
    return tmp_path


def refresh(double: PublishersDouble, home: Path) -> Any:
    """What the command said; how long it took is printed."""
    command = [sys.executable, "-m", "pipeline.cli", "refresh", "--json", "--base-url"]
    start, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    done = subprocess.run(
        [*command, double.origin], cwd=PROJECT_ROOT, env=environment(home), capture_output=True
    )
    seconds, after = time.perf_counter() - start, getrusage(RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\n{seconds:.1f} s on the clock, {busy:.1f} s of the processor")
    assert done.stdout, done.stderr.decode()
    return json.loads(done.stdout)


def tell(name: str, said: Mapping[str, Any]) -> None:
    requests = sum(source["requests"] for source in said["sources"])
    size = sum(source["bytes"] for source in said["sources"]) / 1e6
    print(f"{name}: {requests} requests, {size:.1f} MB")
    for stage, taken in said["seconds"].items():
        print(f"  {stage:32} {taken:6.2f} s")


def test_a_whole_refresh(double: PublishersDouble, catalog: Catalog, home: Path) -> None:
    first = refresh(double, home)
    tell("first refresh", first)
    assert first["edition"], [c for c in first["failed_checks"] if c["severity"] == "critical"]
    counted = [source["summary"] for source in first["sources"]]
    assert len(counted) == len(named(catalog, ()))
    snapshots = Archive(home / "archive").snapshots()
    assert snapshots

    second = refresh(double, home)
    tell("nothing changed", second)
    assert all(" 0 new" in source["summary"] for source in second["sources"])
    assert Archive(home / "archive").snapshots() == snapshots
    assert (second["edition"], second["new_edition"]) == (first["edition"], False)

    double.fail("/v2/", Fault(body=b'{"rows": []}'), times=None)
    third = refresh(double, home)
    tell("another shape", third)
    (bank,) = (s for s in third["sources"] if s["publisher"] == "world_bank_wdi")
    assert set(bank["kinds"].values()) == {"shape"}
    assert "another shape than expected" in bank["first"]
    assert "exhibits that rest on them are" in (Path(third["edition"]) / "report.html").read_text()

    assert double.most_at_once <= 4
    print(f"\nat most {double.most_at_once} requests at once")
