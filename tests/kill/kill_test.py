"""The kill test: refreshes killed at random moments, after each of which everything must be whole.

``python -m tests.kill.kill_test [KILLS] [--short]`` (200 by default) refreshes a small project from
a double of the World Bank that says something new every time, and sends SIGKILL at a moment drawn
from the whole length of a run, the writing of the edition among it. Moments are counted in CPU
seconds of the process, which do not depend on what else the machine does. A process is forked for
each run from one that has loaded the libraries, so that the kills fall into work and not into
imports. Every so often a run is left alone: it must do all its work and sweep what those killed
before have left. With --short the job does nothing but write, and more kills fall into writing.
"""

import argparse
import math
import multiprocessing
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import yaml

from pipeline.catalog import load_catalog
from pipeline.catalog.loader import MAY_BE_EMPTY
from pipeline.dagster_home import prepare
from pipeline.editions.standing import Edition, tampered
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from pipeline.report.editions_list import LATEST
from pipeline.report.feed import FEED
from pipeline.report.fonts import prepare_fonts
from pipeline.report.manifest import MANIFEST
from pipeline.settings import PROJECT_ROOT, Settings, settings
from pipeline.stages import Stage, listening
from pipeline.warehouse.store import connect_read_only
from tests.doubles.world_bank import WorldBankDouble
from tests.kill import jobs
from tests.small_project import few_suites, small_archive, small_settings

SERIES = ("SP.POP.TOTL", "IT.NET.USER.ZS")
"""So few that a run is short; what it writes is of every kind."""
REVISED = ("IT.NET.USER.ZS", "TJK", 2021)
"""The value that the publisher says otherwise every time."""


Job = Callable[[Settings], bool]
"""Does its work in a project; whether all went well."""


@dataclass
class Seen:
    """What was whole once, and so must stay: snapshots, and manifests of editions by folder."""

    snapshots: set[str] = field(default_factory=set)
    editions: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Tally:
    """What a kill test came to. ``stages``: how many kills fell into each stage of a run."""

    kills: int
    stages: Mapping[str, int]
    finished: int
    """Runs that were done before their kill came."""
    completed: int
    """Runs that were left alone, after kills, and did their work."""
    snapshots: int
    editions: int
    seconds: float


@contextmanager
def project(folder: Path) -> Iterator[tuple[Settings, WorldBankDouble]]:
    """A small project in ``folder`` whose publisher is a double."""
    bundled = Archive(None, small_archive(folder / "bundled", series=SERIES, count=1))
    frames = [read_observations(s, bundled.read(s)) for s in bundled.snapshots()]
    with WorldBankDouble.of(pd.concat(frames, ignore_index=True)) as double:
        here = small_settings(
            folder,
            world_bank_url=double.url,
            http_backoff_s=0,
            catalog_dir=small_catalog(folder / "catalog"),
            expectations_dir=few_suites(folder / "expectations"),
        )
        double.economies |= set(load_catalog(here.catalog_dir).fetched_economies())
        yield here, double


def small_catalog(folder: Path) -> Path:
    """The project's catalogue with the series of the double only: Dagster has less to note."""
    shutil.copytree(
        PROJECT_ROOT / "pipeline" / "catalog" / "data",
        folder,
        # They speak of series that are left out.
        ignore=lambda _, names: [n for n in names if n.partition(".")[0] in MAY_BE_EMPTY],
    )
    for path in (folder / "indicators").glob("*.yaml"):
        entries = yaml.safe_load(path.read_text("utf-8"))
        kept = {code: entry for code, entry in entries.items() if code in SERIES}
        if kept:
            path.write_text(yaml.safe_dump(kept, allow_unicode=True), "utf-8")
        else:
            path.unlink()
    return folder


def run(job: Job, here: Settings) -> None:
    """One job, in a process of its own; its output and the stage it is in go to files."""

    def note(event: Stage) -> None:
        name = event.name if event.state == "started" else f"after {event.name}"
        stage_file(here).write_text(name, "utf-8")

    note(Stage("begin", "started"))
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
    with (
        output_file(here).open("w") as out,
        redirect_stdout(out),
        redirect_stderr(out),
        listening(note),
    ):
        done = job(here)
    note(Stage("end", "started"))
    sys.exit(0 if done else 1)


def stage_file(here: Settings) -> Path:
    return here.home.with_name("stage")


def output_file(here: Settings) -> Path:
    return here.home.with_name("output")


def kill_runs(
    folder: Path,
    kills: int,
    *,
    job: Job = jobs.refresh,
    seed: int = 0,
    leave_alone: int = 20,
    tell: Callable[[str], None] = lambda _: None,
) -> Tally:
    """Kill ``kills`` runs in a small project in ``folder``, looking at it after each.

    Args:
        folder: empty, for the project.
        kills: how many.
        job: what is killed.
        seed: of the moments.
        leave_alone: after so many kills, and after the last, a run is left to complete.
        tell: takes a line a run.

    Raises:
        AssertionError: something is lost, torn or blocked; the message says what.
    """
    chance = random.Random(seed)
    prepare_fonts(settings().cache_dir)
    start = time.perf_counter()
    with project(folder) as (here, double):
        context = forkserver("tests.kill.warm")
        seen = Seen()
        runs, stages, finished, completed = 0, Counter[str](), 0, 0

        def start_new() -> ForkServerProcess:
            nonlocal runs
            publish_anew(double, runs)
            runs += 1
            return context.Process(target=run, args=(job, here))

        # The first has to load some more: the second tells how long a run takes.
        complete(start_new(), here, seen)
        length = complete(start_new(), here, seen)
        while stages.total() < kills:
            for moment in spread(length, min(kills - stages.total(), leave_alone), chance):
                stage = kill_after(moment, start_new(), here)
                look(here, seen)
                stages.update([stage] if stage else [])
                finished += stage is None
                tell(f"{stages.total()}: {stage or 'had ended'} ({moment:.1f} of {length:.1f} s)")
            length = complete(start_new(), here, seen)
            completed += 1
            tell(f"left alone: done in {length:.1f} s; {len(seen.editions)} editions whole")
    return Tally(
        kills=stages.total(),
        stages=dict(stages.most_common()),
        finished=finished,
        completed=completed,
        snapshots=len(seen.snapshots),
        editions=len(seen.editions),
        seconds=round(time.perf_counter() - start, 1),
    )


def spread(length: float, count: int, chance: random.Random) -> list[float]:
    """Random moments, one in each of ``count`` equal parts of a run's length, shuffled."""
    moments = [length * (part + chance.random()) / count for part in range(count)]
    chance.shuffle(moments)
    return moments


def publish_anew(double: WorldBankDouble, number: int) -> None:
    """Have the publisher revise one value, so that every refresh finds a changed body."""
    code, economy, year = REVISED
    double.series[code][economy, year] = f"{36 + number / 1000:.3f}"


def forkserver(*modules: str) -> ForkServerContext:
    """Where processes come from that have loaded some modules already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    return context


def complete(process: ForkServerProcess, here: Settings, seen: Seen) -> float:
    """Let one refresh do all its work, and see that it did; its CPU seconds."""
    process.start()
    seconds = until(process)
    assert process.exitcode == 0, f"left alone, yet {process.exitcode}: {said(here)}"
    look(here, seen)
    up_to_date(here, seen)
    at_rest(here)
    return seconds


def kill_after(moment: float, process: ForkServerProcess, here: Settings) -> str | None:
    """Start a process and kill it after ``moment`` CPU seconds.

    Returns:
        The stage it was in; None where it had ended by then.
    """
    stage_file(here).write_text("fork", "utf-8")
    process.start()
    until(process, moment)
    process.kill()
    process.join()
    if process.exitcode != -SIGKILL:
        assert process.exitcode == 0, f"after a kill, {process.exitcode}: {said(here)}"
        return None
    # Empty where it was being written.
    return stage_file(here).read_text("utf-8") or "between stages"


def until(process: ForkServerProcess, moment: float = math.inf) -> float:
    """Wait until a process has used ``moment`` CPU seconds or has ended; those it has used."""
    assert process.pid is not None
    # The id of another process's clock, as clock_getcpuclockid(3) makes it on Linux.
    clock, used = ~process.pid << 3 | 2, 0.0
    while process.exitcode is None and used < moment:
        time.sleep(0.002)
        with suppress(OSError):
            used = time.clock_gettime(clock)
    return used


def said(here: Settings) -> str:
    return output_file(here).read_text("utf-8")


def look(here: Settings, seen: Seen) -> None:
    """Nothing is torn, and nothing is lost of what was there before."""
    archive = Archive.from_settings(here)
    problems = archive.verify().problems
    assert not problems, problems
    snapshots = {s.snapshot for s in archive.snapshots()}
    assert snapshots >= seen.snapshots, f"lost: {sorted(seen.snapshots - snapshots)}"
    seen.snapshots |= snapshots

    editions = {p.name: Edition.at(p) for p in visible(here.editions_dir) if p.name != LATEST}
    for edition in editions.values():
        assert not tampered(edition), edition.path
    manifests = {name: edition.path.read_bytes() for name, edition in editions.items()}
    assert manifests.items() >= seen.editions.items(), "an edition is lost or was changed"
    seen.editions |= manifests
    latest = here.editions_dir / LATEST
    assert (latest / MANIFEST).is_file()
    feed = ET.fromstring((here.editions_dir / FEED).read_bytes())
    listed = [link.get("href", "") for link in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert listed
    assert all((here.editions_dir / href).is_file() for href in listed)

    with connect_read_only(here.warehouse_path) as con:
        (rows,) = con.execute("SELECT count(*) FROM core.snapshots").fetchone() or (0,)
    assert rows > 0


def visible(folder: Path) -> Sequence[Path]:
    """The folders that a reader sees."""
    return sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith("."))


def up_to_date(here: Settings, seen: Seen) -> None:
    """The newest edition is of all snapshots, and index and feed list every edition."""
    newest = Edition.at(here.editions_dir / LATEST)
    assert newest.manifest.inputs.snapshots.keys() == seen.snapshots
    for page in (FEED, "index.html"):
        text = (here.editions_dir / page).read_text("utf-8")
        assert all(f'href="{name}/report.html"' in text for name in seen.editions), page


def at_rest(here: Settings) -> None:
    """After a run that was left alone no litter is there, and no run seems to be under way."""
    import dagster as dg

    warehouse, lock = here.warehouse_path, here.warehouse_path.with_name("warehouse.duckdb.lock")
    litter = [
        *(p for p in warehouse.parent.iterdir() if p not in (warehouse, lock)),
        *(p for p in here.editions_dir.iterdir() if p.name.startswith(".") and p.name != ".lock"),
        *(p for p in (here.home / "runs").iterdir() if p.name != "turn"),
        *here.archive_dir.rglob("*.tmp"),
        *here.archive_dir.glob(".unfinished"),
    ]
    assert not litter, litter
    prepare(here)
    with dg.DagsterInstance.get() as instance:
        under_way = [r.run_id for r in instance.get_runs() if not r.is_finished]
    assert not under_way


def main(arguments: Sequence[str] | None = None) -> Any:
    """The command; an AssertionError ends it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("kills", nargs="?", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--short", action="store_true", help="kill a job that only writes")
    options = parser.parse_args(arguments)
    job = jobs.store if options.short else jobs.refresh
    with TemporaryDirectory() as folder:
        tell = partial(print, flush=True)
        print(kill_runs(Path(folder), options.kills, job=job, seed=options.seed, tell=tell))


if __name__ == "__main__":
    main()
