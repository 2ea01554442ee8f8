"""A backfill: the archived releases of the World Bank, fetched into the archive as snapshots.

What belongs here: which releases of which series are asked for, and what becomes of each. What a
release says is ``world_bank_releases``' to read. The snapshots join the series of the live
connector, so that as of a past day the figures of that day speak.

The id of a release gives its month, so the vintage is that month's last day: the release is of
that day or before. A month of which the archive has a snapshot of the series already is not asked
for: what stands there is dated to the day, and a copy dated to the end of the month would speak
over it, though it may be older.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from pipeline.errors import ProjectError, SourceError
from pipeline.ingest.archive import Archive
from pipeline.ingest.connectors import Fetched
from pipeline.ingest.failure import NoValuesError
from pipeline.ingest.http import Client
from pipeline.ingest.refresh import FIRST_YEAR, add_proven
from pipeline.ingest.sidecar import SidecarDraft
from pipeline.ingest.world_bank_releases import NO_DATA, Release, fetch, last_day, plan
from pipeline.ingest.world_bank_wire import RefusalError
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.catalog.models import Catalog, Indicator

CONNECTOR: Final = "world_bank"
"""Connector of the publisher whose releases these are."""
State = Literal["new", "unchanged", "absent", "failed"]


@dataclass(frozen=True)
class Step:
    """One series of one release."""

    release: Release
    indicator: "Indicator"
    held: str
    """The snapshot of that month that the archive has already; empty where it is to be asked."""
    requests: int
    """Requests that it takes at most; none where it is held."""


@dataclass(frozen=True)
class Plan:
    """What a backfill asks for, by release and indicator."""

    steps: tuple[Step, ...]

    @property
    def releases(self) -> tuple[Release, ...]:
        return tuple(sorted({step.release for step in self.steps}))

    @property
    def requests(self) -> int:
        """Requests that it takes at most, without retries."""
        return sum(step.requests for step in self.steps)

    @property
    def asked(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if not step.held)


@dataclass(frozen=True)
class StepResult:
    """What became of one series of one release."""

    release: Release
    indicator: str
    state: State
    """absent: the release does not have the series, or no value of it."""
    reason: str = ""
    snapshot: str = ""

    def __str__(self) -> str:
        told = f"{self.release} {self.indicator}: {self.state}"
        return f"{told}: {self.reason}" if self.reason else told


Progress = Callable[[StepResult], None]


def plan_backfill(
    archive: Archive,
    catalog: "Catalog",
    known: Sequence[Release],
    *,
    first: Release,
    last: Release | None = None,
    indicators: Sequence[str] = (),
    again: bool = False,
) -> Plan:
    """What is to be asked for: every series of every release from ``first`` to ``last``.

    Args:
        archive: says which months it has of a series.
        catalog: says which series, of which economies.
        known: the releases that the publisher lists.
        first: the earliest to ask for; it need not be one of them.
        last: the latest; the newest of all when not given.
        indicators: those of the publisher's that are asked for; all when empty.
        again: ask for months that the archive has, too.

    Raises:
        SourceError: no release lies between, or an indicator is not the publisher's.
    """
    releases = [r for r in sorted(known) if first <= r and (last is None or r <= last)]
    if not releases:
        raise SourceError(
            f"no release between {first} and {last or 'now'}; the publisher lists "
            + (f"{len(known)}, from {min(known)} to {max(known)}" if known else "none")
        )
    chosen = _chosen(catalog, indicators)
    held = {} if again else _held(archive)
    economies = catalog.fetched_economies()
    return Plan(
        tuple(
            _step(release, i, held.get((i.publisher, i.id, release), ""), economies)
            for release in releases
            for i in chosen
        )
    )


def _step(release: Release, indicator: "Indicator", held: str, economies: Sequence[str]) -> Step:
    questions = () if held else plan(indicator, economies, FIRST_YEAR, release)
    return Step(release, indicator, held, sum(q.pages for q in questions))


def _chosen(catalog: "Catalog", names: Sequence[str]) -> list["Indicator"]:
    own = {
        i.id: i
        for p in catalog.publishers.values()
        if p.connector == CONNECTOR
        for i in catalog.indicators_of(p.id)
        # What has always been of another database (and was not recoded into it) is in no release.
        if i.live_source is None or i.live_code is not None
    }
    for name in names:
        if name not in own:
            raise SourceError(
                f"indicator {name!r} has no archived releases, "
                f"expected one of the World Bank's, such as {', '.join(sorted(own)[:3])}"
            )
    return [own[name] for name in sorted(set(names) or own)]


def _held(archive: Archive) -> dict[tuple[str, str, Release], str]:
    """Publisher, indicator and month of every snapshot, with its id."""
    return {
        (s.publisher, indicator, Release(f"{s.vintage:%Y%m}")): s.snapshot
        for s in archive.snapshots()
        for indicator in s.indicators
    }


def _now() -> datetime:
    return datetime.now(UTC)


def backfill(
    archive: Archive,
    catalog: "Catalog",
    settings: Settings,
    client: Client,
    plan: Plan,
    *,
    today: date,
    progress: Progress | None = None,
    clock: Callable[[], datetime] = _now,
) -> tuple[StepResult, ...]:
    """Ask for what is planned, the oldest release first, and archive it.

    Args:
        archive: takes the snapshots; it must be writable.
        catalog: the publisher's terms, and the economies.
        settings: where to ask, and how many requests at a time.
        client: asks; it is closed when the backfill is broken off.
        plan: what to ask for.
        today: no vintage is later than this.
        progress: is told of each series when it is done, in the thread of the caller.
        clock: says when something was retrieved.

    Returns:
        What became of each, by release and indicator. What fails for one stops no other.
    """
    round_ = _Round(archive, catalog, settings, client, today, clock)
    results: list[StepResult] = []
    # A release at a time, so that bodies that wait to be archived never fill the memory.
    for _, steps in groupby(plan.asked, key=lambda step: step.release):
        for step, answer in round_.answers(tuple(steps)):
            result = round_.settle(step, answer)
            results.append(result)
            if progress:
                progress(result)
    return tuple(sorted(results, key=lambda r: (r.release, r.indicator)))


@dataclass(frozen=True)
class _Round:
    archive: Archive
    catalog: "Catalog"
    settings: Settings
    client: Client
    today: date
    clock: Callable[[], datetime]

    def answers(self, steps: Sequence[Step]) -> Iterator[tuple[Step, Fetched | ProjectError]]:
        """What came for each step, in the order in which they are done."""
        economies = self.catalog.fetched_economies()
        pool = ThreadPoolExecutor(self.settings.max_requests_at_once)

        def ask(step: Step) -> Fetched | ProjectError:
            try:
                return fetch(
                    self.client, self.settings, step.indicator, economies, FIRST_YEAR, step.release
                )
            except ProjectError as error:
                return error

        try:
            futures = {pool.submit(ask, step): step for step in steps}
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            self.client.close()  # so that no thread sleeps through an interrupt
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def settle(self, step: Step, answer: Fetched | ProjectError) -> StepResult:
        state: State
        try:
            if isinstance(answer, ProjectError):
                raise answer
            stored, is_new = add_proven(self.archive, self._draft(step, answer), answer.bodies)
        except ProjectError as error:
            state = "absent" if _is_absence(error) else "failed"
            return StepResult(step.release, step.indicator.id, state, " ".join(str(error).split()))
        state = "new" if is_new else "unchanged"
        return StepResult(step.release, step.indicator.id, state, snapshot=stored.snapshot)

    def _draft(self, step: Step, fetched: Fetched) -> SidecarDraft:
        publisher = self.catalog.publishers[step.indicator.publisher]
        bound = last_day(step.release)
        known_by = (
            "last day of the month" if bound <= self.today else "day of retrieval, in the month"
        )
        return SidecarDraft(
            publisher=publisher.id,
            indicators=(step.indicator.id,),
            vintage=min(bound, self.today),
            vintage_basis=f"upper bound: {known_by} of the publisher's {fetched.says}",
            retrieved_at=self.clock(),
            licence=publisher.licence.name,
            attribution=publisher.attribution,
            source=fetched.source,
            reader=fetched.reader,
            constants=fetched.constants,
            media_type=fetched.media_type,
            requests=fetched.requests,
        )


def _is_absence(error: ProjectError) -> bool:
    """Whether the release itself has nothing, so that asking again would not help."""
    return isinstance(error, NoValuesError) or (
        isinstance(error, RefusalError) and error.number == NO_DATA
    )
