"""``sco diff`` of the whole archive between two days, as a user runs it: a process of its own.

Every economy and indicator, about 340,000 cells in all, from a published warehouse and with none.
Times and memory are printed and never asserted; that every cell was counted is.

    python -m pytest tests/benchmarks/bench_diff.py -s
"""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.settings import PROJECT_ROOT

DAYS = ("2025-07-31", "2026-04-01")
ROUNDS = 3
# The process tells its own peak: what the system says of a child includes the fork of this one.
RUN = """
import sys
from pathlib import Path
from pipeline.cli import main
try:
    main(["diff", *sys.argv[1:], "--json"])
finally:
    status = Path("/proc/self/status").read_text()
    print(next(line for line in status.splitlines() if line.startswith("VmHWM")), file=sys.stderr)
"""


@pytest.mark.parametrize("published", [True, False], ids=["from the warehouse", "from the archive"])
def test_diff_of_two_days(bundled: Path, tmp_path: Path, published: bool) -> None:
    if published:
        (tmp_path / "warehouse").mkdir()
        shutil.copy(bundled, tmp_path / "warehouse" / "warehouse.duckdb")
    command = [sys.executable, "-c", RUN, *DAYS]
    environment = {**os.environ, "SCO_HOME": str(tmp_path)}
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        done = subprocess.run(
            command, cwd=PROJECT_ROOT, env=environment, capture_output=True, check=True
        )
        seconds.append(time.perf_counter() - start)
    cells = json.loads(done.stdout)["cells"]
    counted = sum(cells[kind] for kind in ("new", "revised", "withdrawn", "unchanged"))
    peak = int(done.stderr.split()[-2]) / 1024
    print(
        f"\n{counted:,} cells: best {min(seconds):.2f} s, worst {max(seconds):.2f} s, "
        f"peak {peak:,.0f} MiB"
    )
    assert counted > 300_000
