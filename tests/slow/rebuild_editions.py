"""Ten editions made twice, on machines that look different: the same bytes must come out.

``python -m tests.slow.rebuild_editions`` makes the editions of ten days from 2016 to 2026 from the
bundled archive, in a process with one time zone, locale and hash seed; then again with
others in another folder, and compares every file. It takes a minute or more an edition.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pipeline.editions.compare import first_difference
from pipeline.settings import PROJECT_ROOT

DAYS: Final = tuple(
    date.fromisoformat(day)
    for day in (
        "2016-12-31", "2018-03-31", "2019-06-30", "2020-12-31", "2021-09-30",
        "2022-12-31", "2023-12-31", "2024-06-30", "2025-07-31", "2026-05-01",
    )
)  # fmt: skip
MACHINES: Final[Mapping[str, Mapping[str, str]]] = {
    "one": {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"},
    "another place": {
        "TZ": "Asia/Tashkent",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONHASHSEED": "4242",
    },
}
"""Name of the folder of each, and what is different in its environment."""


def make(days: Sequence[date], folder: Path, environment: Mapping[str, str]) -> None:
    """Make the editions of some days below ``folder`` in a process with that environment.

    Raises:
        subprocess.CalledProcessError: one was not made.
    """
    own = {"SCO_HOME": str(folder / "home"), "SCO_EDITIONS_DIR": str(folder / "editions")}
    command = [sys.executable, "-m", __spec__.name, "--only-make", *(d.isoformat() for d in days)]
    subprocess.run(command, check=True, cwd=PROJECT_ROOT, env={**os.environ, **environment, **own})


def make_here(days: Sequence[date]) -> None:
    """Make the editions of some days where the environment says."""
    from pipeline.catalog import load_catalog
    from pipeline.editions.backfill import backfill
    from pipeline.ingest.archive import Archive
    from pipeline.settings import settings

    time.tzset()
    here = settings()
    archive, catalog = Archive(None, here.bundled_dir), load_catalog(here.catalog_dir)
    for result in backfill(archive, catalog, tuple(days), settings=here):
        print(time.strftime("%X"), result, flush=True)
        if result.folder is None:
            sys.exit(1)


def differences(one: Path, other: Path) -> tuple[int, list[str]]:
    """How many files were compared, and a line for each that is not the same on both sides."""
    sides = [
        {p.relative_to(side).as_posix(): p for p in side.rglob("*") if p.is_file()}
        for side in (one, other)
    ]
    found = []
    names = sorted(sides[0].keys() | sides[1].keys())
    for name in names:
        if name not in sides[0] or name not in sides[1]:
            found.append(f"{name}: on one side only")
            continue
        differs = first_difference(name, *(side[name].read_bytes() for side in sides))
        if differs:
            found.append(f"{name}: {differs}")
    return len(names), found


def rebuild(days: Sequence[date], folder: Path) -> tuple[int, list[str]]:
    """Make the editions on every machine, below ``folder``, and compare them."""
    for name, environment in MACHINES.items():
        print(name, dict(environment), flush=True)
        make(days, folder / name, environment)
    one, other = (folder / name / "editions" for name in MACHINES)
    return differences(one, other)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 where something differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("days", nargs="*", type=date.fromisoformat, default=DAYS)
    parser.add_argument("--only-make", action="store_true", help="where the environment says")
    options = parser.parse_args(arguments)
    if options.only_make:
        make_here(options.days)
        return 0
    start = time.perf_counter()
    with TemporaryDirectory() as folder:
        compared, found = rebuild(options.days, Path(folder))
    print(*found, sep="\n")
    print(
        f"{len(options.days)} editions twice, {compared} files compared, {len(found)} different; "
        f"{time.perf_counter() - start:.0f} s"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
