"""Every handling of a publisher's quirk taken out, one at a time: its test must fail then.

``python -m tests.slow.quirk_mutations`` copies the project into a temporary folder, runs all tests
that the tables name as they stand, which must pass, and then once for each mutation the named test
in a copy in which the handling is gone. A test that passes without the handling cannot fail, and
neither counts one that fails because the code does not run any more. It takes some minutes;
words after the command choose the mutations that have one of them in their name.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from pipeline.settings import PROJECT_ROOT
from tests.slow.checks_of_readers import CHECKS
from tests.slow.mutation import Mutation
from tests.slow.quirks_of_publishers import QUIRKS

COPIED: Final = (
    "pipeline", "sql", "expectations", "reports/wording", "reports/templates", "tests",
    "pyproject.toml",
)  # fmt: skip
LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "bundled")
LIMIT_S: Final = 120
"""A test that takes longer than that without the handling hangs, which is no way to fail."""
MEANT: Final = re.compile(
    r"AssertionError|assert |Failed: DID NOT RAISE"
    r"|pipeline\.errors\.\w+Error|pipeline\.ingest\.\w+\.\w+Error"
)
"""How a test says that something is not as it should be: it asserts, or an error of ours comes."""


class Outcome(NamedTuple):
    """What became of one run of pytest."""

    code: int
    failures: tuple[str, ...]
    """First line of what each failed test says."""
    errors: tuple[str, ...]
    """The same of what went wrong outside a test."""


def copy_of_project(folder: Path) -> Path:
    """The project below ``folder``, without what it has generated; the bundle is linked."""
    root = folder / "project"
    root.mkdir()
    for name in COPIED:
        there = PROJECT_ROOT / name
        if there.is_dir():
            shutil.copytree(there, root / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(there, root / name)
    (root / "pipeline" / "bundled").symlink_to(PROJECT_ROOT / "pipeline" / "bundled")
    return root


def run_tests(
    root: Path, tests: Sequence[str], only: str = "", limit_s: float | None = None
) -> Outcome:
    """Run some tests of a copy, in one process.

    Raises:
        subprocess.TimeoutExpired: they hang.
    """
    report = root / "report.xml"
    report.unlink(missing_ok=True)
    chosen = ["-k", only] if only else []
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, f"--junitxml={report}", *chosen, *tests],
        cwd=root,
        # no compiled code is left behind, which could be taken for that of the next mutation
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        timeout=limit_s,
    )
    if not report.exists():
        return Outcome(done.returncode, (), (done.stderr.decode("utf-8", "replace")[-400:],))
    found = ET.parse(report)
    return Outcome(done.returncode, *(tuple(_said(found, n)) for n in ("failure", "error")))


def _said(report: "ET.ElementTree[ET.Element]", kind: str) -> Iterator[str]:
    for entry in report.iter(kind):
        yield (entry.get("message") or "nothing").strip().splitlines()[0]


def weakness(mutation: Mutation, outcome: Outcome) -> str:
    """Why the test does not prove that the handling is needed; empty where it does."""
    if outcome.code == 0:
        return "passes without the handling"
    if outcome.errors or not outcome.failures or outcome.code != 1:
        return f"does not run any more: {' '.join((*outcome.errors, *outcome.failures))[:200]}"
    expected = mutation.fails_with
    meant = [f for f in outcome.failures if MEANT.match(f) or (expected and f.startswith(expected))]
    if not meant:
        return f"fails for another reason: {outcome.failures[0][:200]}"
    return ""


def tried(mutation: Mutation, root: Path) -> tuple[str, str]:
    """The weakness of a mutation's test, and how the test failed, from a run in a copy."""
    path = root / mutation.file
    whole = path.read_text("utf-8")
    path.write_text(mutation.applied(whole), "utf-8")
    try:
        outcome = run_tests(root, [mutation.test], mutation.only, LIMIT_S)
    except subprocess.TimeoutExpired:
        return f"hangs for {LIMIT_S} s without the handling", ""
    finally:
        path.write_text(whole, "utf-8")
    return weakness(mutation, outcome), next(iter(outcome.failures), "")[:100]


def try_all(mutations: Sequence[Mutation], folder: Path, jobs: int) -> list[tuple[Mutation, str]]:
    """Those whose test is weak, with why; each is told as it is done."""
    copies: SimpleQueue[Path] = SimpleQueue()
    for number in range(jobs):
        (folder / str(number)).mkdir()
        copies.put(copy_of_project(folder / str(number)))

    def one(mutation: Mutation) -> tuple[Mutation, str]:
        root = copies.get()
        try:
            weak, how = tried(mutation, root)
        finally:
            copies.put(root)
        print(f"{'WEAK  ' if weak else 'noticed'} {mutation}\n        {weak or how}", flush=True)
        return mutation, weak

    with ThreadPoolExecutor(jobs) as pool:
        return [(mutation, weak) for mutation, weak in pool.map(one, mutations) if weak]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 1 where a test is weak, or fails as it stands."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("words", nargs="*", help="of the mutations to try; all of them by default")
    parser.add_argument("--jobs", type=int, default=2, help="copies to work in at once")
    options = parser.parse_args(arguments)
    chosen = [
        m for m in (*QUIRKS, *CHECKS)
        if not options.words or any(word in f"{m} {m.test}" for word in options.words)
    ]  # fmt: skip
    start = time.perf_counter()
    with TemporaryDirectory() as folder:
        (Path(folder) / "whole").mkdir()
        whole = copy_of_project(Path(folder) / "whole")
        standing = run_tests(whole, sorted({m.test for m in chosen}))
        if standing.code != 0:
            print("as it stands:", *standing.failures, *standing.errors, sep="\n")
            return 1
        weak = try_all(chosen, Path(folder), options.jobs)
    print(
        f"{len(chosen)} mutations of {len({m.of for m in chosen})} quirks and readers, "
        f"{len(weak)} not noticed; {time.perf_counter() - start:.0f} s"
    )
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
