"""A whole ``sco refresh`` of all publishers from a double, as a user runs it: a process of its own.

100 ms an answer; first on an empty home, then once more with nothing changed, then with one
publisher that answers in another shape. Seconds on the clock and of the processor, requests and
bytes are printed: on a busy machine the two kinds of seconds drift apart. That all publishers
answered, that nothing is new the second time, that no host is asked more than four things at
once, and that the report names what is older the third time is asserted, no time is.

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
from pipeline.settings import PROJECT_ROOT
from tests.doubles.http_double import Fault
from tests.doubles.publishers import PublishersDouble, newest_of

LATENCY_S = 0.1


@pytest.fixture
def double(bundled_archive: Archive, catalog: Catalog) -> Iterator[PublishersDouble]:
    newest = newest_of(bundled_archive)
    with PublishersDouble.of(bundled_archive, catalog, newest) as started:
        started.latency_s = LATENCY_S
        yield started


def refresh(double: PublishersDouble, home: Path) -> Any:
    """What the command said; how long it took is printed."""
    environment = {
        **os.environ, "SCO_HOME": str(home), "SCO_EDITIONS_DIR": str(home / "editions"),
    }  # fmt: skip
    command = [sys.executable, "-m", "pipeline.cli", "refresh", "--json", "--base-url"]
    start, before = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    done = subprocess.run(
        [*command, double.origin], cwd=PROJECT_ROOT, env=environment, capture_output=True
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


def test_a_whole_refresh(double: PublishersDouble, tmp_path: Path) -> None:
    first = refresh(double, tmp_path)
    tell("first refresh", first)
    assert first["edition"], first["failures"]
    counted = [source["summary"] for source in first["sources"]]
    assert len(counted) == len(double.by_path) + 4  # Data360 hands on four publishers' figures
    snapshots = Archive(tmp_path / "archive").snapshots()
    assert snapshots

    second = refresh(double, tmp_path)
    tell("nothing changed", second)
    assert all(" 0 new" in source["summary"] for source in second["sources"])
    assert Archive(tmp_path / "archive").snapshots() == snapshots
    assert (second["edition"], second["new_edition"]) == (first["edition"], False)

    double.fail("/v2/", Fault(body=b'{"rows": []}'), times=None)
    third = refresh(double, tmp_path)
    tell("another shape", third)
    (bank,) = (s for s in third["sources"] if s["publisher"] == "world_bank_wdi")
    assert set(bank["kinds"].values()) == {"shape"}
    assert "another shape than expected" in bank["first"]
    assert "exhibits that rest on them are" in (Path(third["edition"]) / "report.html").read_text()

    assert double.most_at_once <= 4
    print(f"\nat most {double.most_at_once} requests at once")
