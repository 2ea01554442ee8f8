"""A refresh: every live series asked of its publisher, and archived where it says something new.

What belongs here: which series are asked, in how many threads, and what becomes of each. What does
not: how a publisher is asked (its connector) and what happens to an archive that has grown. A
series that cannot be had is reported and keeps the newest snapshot that the archive has of it.

The vintage of what was fetched is the day on which it was retrieved. The publisher's own date would
be a lie twice over: figures are revised for weeks without the date moving, so two bodies would
claim one vintage, and an edition as of that date would change afterwards. The day of retrieval is
the bound we can vouch for, and it never goes back, so what came later supersedes. Bytes that are
the same as the newest snapshot's add nothing, on whatever day they come: a vintage is the first
day on which we saw the figures so.

A body may hold several series. Each is judged by what the body says of it, so that a series keeps
its vintage where only another one of the same body has changed.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final, Literal

from pipeline.errors import ProjectError, ShapeError, SourceError
from pipeline.ingest.archive import Archive
from pipeline.ingest.asked import note
from pipeline.ingest.connectors import Answered, Fetched, Series, batches_of, fetch_batch
from pipeline.ingest.failure import WORDS, Kind, NoValuesError, kind_of
from pipeline.ingest.http import Client
from pipeline.ingest.readers import read_observations
from pipeline.ingest.sidecar import Sidecar, SidecarDraft, body_digest
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.catalog.models import Catalog, Indicator, Publisher

FIRST_YEAR: Final = 1990
State = Literal["new", "unchanged", "failed"]


@dataclass(frozen=True)
class SeriesResult:
    """What became of one series."""

    indicator: str
    state: State
    reason: str = ""
    """Why it failed and which figures stand instead, in one line; else empty."""
    kind: Kind | None = None
    """What kind of failure it is, for machines; None where it did not fail."""
    snapshot: str = ""
    """The snapshot that holds what the publisher says now; empty where it failed."""

    def __str__(self) -> str:
        return f"{self.indicator}: {self.state}" + (f": {self.reason}" if self.reason else "")


@dataclass(frozen=True)
class PublisherResult:
    """What became of the series of one publisher."""

    publisher: str
    series: tuple[SeriesResult, ...]
    """By indicator."""
    requests: int
    """Sent, retries among them."""
    bytes: int
    """Received, unpacked."""
    first_failure: SeriesResult | None = None
    """The first thing that went wrong, in the order of the answers."""

    @property
    def failed(self) -> tuple[SeriesResult, ...]:
        return tuple(series for series in self.series if series.state == "failed")

    @property
    def summary(self) -> str:
        """One line, such as "3 series: 1 new, 2 unchanged, 0 failed; 4 requests, 0.1 MB"."""
        states = [series.state for series in self.series]
        counts = ", ".join(f"{states.count(s)} {s}" for s in ("new", "unchanged", "failed"))
        return (
            f"{len(states)} series: {counts}; {self.requests} requests, {self.bytes / 1e6:.1f} MB"
        )


@dataclass(frozen=True)
class RefreshResult:
    """What became of a refresh, a publisher at a time."""

    publishers: tuple[PublisherResult, ...]

    @property
    def failed(self) -> tuple[SeriesResult, ...]:
        return tuple(series for p in self.publishers for series in p.failed)


Progress = Callable[[SeriesResult], None]


def _now() -> datetime:
    return datetime.now(UTC)


def refresh(
    archive: Archive,
    catalog: "Catalog",
    settings: Settings,
    *,
    today: date,
    publishers: Sequence[str] = (),
    progress: Progress | None = None,
    clock: Callable[[], datetime] = _now,
) -> RefreshResult:
    """Ask publishers for all their live series and archive what is new.

    Args:
        archive: takes the snapshots; it must be writable.
        catalog: says which indicators, of which economies.
        settings: where and how to ask.
        today: the last year asked for is its year, and it is the vintage of what is new.
        publishers: whom to ask; all that are asked by default when empty.
        progress: is told of each series when it is done, in the thread of the caller.
        clock: says when something was retrieved.

    Raises:
        SourceError: a publisher named is not in the catalogue or has no connector.
        ArchiveError: the archive cannot be read. What fails for one series is in the result.
    """
    asked = named(catalog, publishers)
    return RefreshResult(
        tuple(
            _Round(archive, catalog, settings, publisher, today, clock).run(progress)
            for publisher in asked
        )
    )


def named(catalog: "Catalog", names: Sequence[str]) -> list["Publisher"]:
    """The publishers of some names, sorted; when there are none, all that are asked by default.

    Raises:
        SourceError: one is not in the catalogue or has no connector.
    """
    live = {p.id: p for p in catalog.publishers.values() if p.connector}
    for name in names:
        if name not in live:
            known = ", ".join(sorted(live)) or "none"
            raise SourceError(f"publisher {name!r} cannot be asked; these can: {known}")
    default = [name for name, publisher in live.items() if publisher.by_default]
    return [live[name] for name in sorted(set(names or default))]


@dataclass(frozen=True)
class _Round:
    """The refresh of one publisher."""

    archive: Archive
    catalog: "Catalog"
    settings: Settings
    publisher: "Publisher"
    today: date
    clock: Callable[[], datetime]

    def run(self, progress: Progress | None) -> PublisherResult:
        batches = batches_of(self.settings, self._asked())
        held = self._held()
        results: list[SeriesResult] = []
        with Client(self.settings) as client:
            for series, answer in self._answers(client, batches):
                indicator = series.indicator
                result = self._settle(indicator, answer, held.get(indicator.id))
                results.append(result)
                if progress:
                    progress(result)
            done = PublisherResult(
                publisher=self.publisher.id,
                series=tuple(sorted(results, key=lambda r: r.indicator)),
                requests=client.requests,
                bytes=client.bytes,
                first_failure=next((r for r in results if r.state == "failed"), None),
            )
        note(self.settings, done, self.clock())
        return done

    def _asked(self) -> list[Series]:
        economies = self.catalog.economies_asked_of(self.publisher)
        years = (FIRST_YEAR, self.today.year)
        live = self.catalog.indicators_of(self.publisher.id, live=True)
        return [
            Series(self.publisher, indicator, economies, years, self.catalog.m49)
            for indicator in live
        ]

    def _held(self) -> dict[str, Sidecar]:
        """The newest snapshot of each indicator that the archive has."""
        snapshots = [s for s in self.archive.snapshots() if s.publisher == self.publisher.id]
        return {
            indicator: sidecar
            for sidecar in sorted(snapshots, key=_age)
            for indicator in sidecar.indicators
        }

    def _answers(self, client: Client, batches: Sequence[tuple[Series, ...]]) -> Iterator[Answered]:
        """What came for each series, in the order in which they are done."""
        pool = ThreadPoolExecutor(self.settings.max_requests_at_once)
        try:
            futures = [pool.submit(fetch_batch, client, self.settings, b) for b in batches]
            for future in as_completed(futures):
                yield from future.result()
        except BaseException:
            client.close()  # so that no thread sleeps through an interrupt
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def _settle(
        self, indicator: "Indicator", answer: Fetched | ProjectError, held: Sidecar | None
    ) -> SeriesResult:
        try:
            if isinstance(answer, ProjectError):
                raise answer
            return self._archive(indicator, answer, held)
        except ProjectError as error:
            stands = "the archive has no figures of it"
            if held:
                stands = f"the figures of {held.vintage} stand"
            kind = kind_of(error)
            reason = " ".join(f"{WORDS[kind]}: {error}; {stands}".split())
            return SeriesResult(indicator.id, "failed", reason, kind)

    def _archive(
        self, indicator: "Indicator", fetched: Fetched, held: Sidecar | None
    ) -> SeriesResult:
        """Archive what came, once it has proved readable.

        Raises:
            SourceError: it does not hold what was asked for.
            ArchiveError: it cannot be archived.
        """
        if held is not None and self._said_before(indicator, fetched, held):
            return SeriesResult(indicator.id, "unchanged", snapshot=held.snapshot)
        stored, is_new = add_proven(self.archive, self._draft(indicator, fetched), fetched.bodies)
        return SeriesResult(
            indicator.id, "new" if is_new else "unchanged", snapshot=stored.snapshot
        )

    def _said_before(self, indicator: "Indicator", fetched: Fetched, held: Sidecar) -> bool:
        """Whether the newest snapshot of a series says of it what has come now.

        The bodies need not be the same: they may be stamped with their time, or hold other series.
        """
        same_reading = (
            held.indicators == (indicator.id,)
            and held.reader == fetched.reader
            and dict(held.constants) == dict(fetched.constants)
        )
        if not same_reading:
            return False
        if [part.sha256 for part in held.parts] == list(map(body_digest, fetched.bodies)):
            return True
        return fetched.says_the_same(self.archive.read(held))

    def _draft(self, indicator: "Indicator", fetched: Fetched) -> SidecarDraft:
        return SidecarDraft(
            publisher=self.publisher.id,
            indicators=(indicator.id,),
            vintage=self.today,
            vintage_basis=f"day of retrieval; the publisher says {fetched.says}",
            retrieved_at=self.clock(),
            licence=self.publisher.licence.name,
            attribution=self.publisher.attribution,
            source=fetched.source,
            reader=fetched.reader,
            constants=fetched.constants,
            media_type=fetched.media_type,
            requests=fetched.requests,
        )


def _age(sidecar: Sidecar) -> tuple[date, datetime]:
    """Key of snapshots of a series: of two of one day the one that was retrieved later is newer."""
    return sidecar.vintage, sidecar.retrieved_at or datetime.min.replace(tzinfo=UTC)


def add_proven(
    archive: Archive, draft: SidecarDraft, bodies: Sequence[bytes]
) -> tuple[Sidecar, bool]:
    """Archive what came, once it has proved readable; True where it is new.

    Raises:
        NoValuesError: there is not one value in it.
        ShapeError: it does not hold what was asked for.
        ArchiveError: it cannot be archived.
    """
    sidecar = draft.with_bodies(bodies)
    try:
        values = len(read_observations(sidecar, bodies))
    except ProjectError as error:
        raise ShapeError(_without(f"snapshot {sidecar.snapshot}", str(error))) from error
    if not values:
        # Else a bad day of the publisher would wipe a series out of every later edition.
        raise NoValuesError("the publisher has not one value for it")
    return archive.add(draft, bodies)


def _without(subject: str, sentence: str) -> str:
    """A sentence of a reader without the snapshot, which will not exist."""
    return sentence.removeprefix(subject).lstrip(",: ")
