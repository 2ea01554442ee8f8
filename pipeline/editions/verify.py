"""Verification of an edition: rebuilt from the snapshots that its manifest names, and compared.

First its files are hashed again, which tells whether they are those that were written; then the
edition is made anew and compared output by output, exhibit by exhibit and finding by finding. It
is made under the name of the one in question, so that other code that says the same counts as the
same; that the code is another is said beside.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pipeline.catalog.models import Catalog
from pipeline.editions.compare import Difference, first_difference, json_difference
from pipeline.editions.make import draft
from pipeline.editions.standing import Edition, Tampered, tampered
from pipeline.errors import ArchiveError
from pipeline.ingest.archive import Archive, Selection
from pipeline.ingest.sidecar import Sidecar
from pipeline.inputs import EditionInputs, archive_hash, body_hashes, code_hash, lock_hash
from pipeline.report.as_data import REPORT_DATA, data_hash
from pipeline.report.edition import write_apart
from pipeline.report.manifest import MANIFEST, Manifest, hash_files, load_manifest
from pipeline.running import work_folder
from pipeline.settings import Settings
from pipeline.stages import stage

Verdict = Literal["same", "different"]
ONLY_HASH = "only its hash is at hand"


@dataclass(frozen=True)
class Compared:
    """One output, exhibit or finding: the same or not, and where it differs first."""

    name: str
    verdict: Verdict
    difference: Difference | None = None


@dataclass(frozen=True)
class Verification:
    """What a verification came to. ``inputs`` says of data, catalogue, code and lock file whether
    those of this machine are the ones that the edition was made of."""

    edition: str
    tampered: tuple[Tampered, ...]
    inputs: Mapping[str, Verdict]
    missing_snapshots: tuple[str, ...] = ()
    outputs: tuple[Compared, ...] = ()
    exhibits: tuple[Compared, ...] = ()
    findings: tuple[Compared, ...] = ()

    @property
    def same(self) -> bool:
        """The files are those that were written, and came out the same when made again."""
        compared = (*self.outputs, *self.exhibits, *self.findings)
        rebuilt = bool(compared) and all(c.verdict == "same" for c in compared)
        return rebuilt and not self.tampered and not self.missing_snapshots


def verify(
    edition: Edition, archive: Archive, catalog: Catalog, *, settings: Settings
) -> Verification:
    """Rebuild an edition from exactly the snapshots that it names, and compare.

    Args:
        edition: of this machine or of another; its manifest alone will do.
        archive: must hold the snapshots; what else it holds does not matter.
        catalog: of this machine.
        settings: where SQL and expectations stand, and where there is room to work.

    Raises:
        ExpectationError: a critical expectation failed on the rebuilt warehouse.
        ArchiveError, WarehouseError, ReportError: it cannot be rebuilt.
    """
    manifest = edition.manifest
    with stage("hash files"):
        misfits = tampered(edition)
    places = archive.places()
    missing = tuple(name for name in sorted(manifest.inputs.snapshots) if name not in places)
    found = [places[name].sidecar for name in manifest.inputs.snapshots if name in places]
    inputs = _compare_inputs(manifest.inputs, found, catalog)
    if missing:
        return Verification(manifest.edition, misfits, inputs, missing)
    with work_folder(settings, "verify") as work:
        rebuilt = _rebuild(manifest, archive, catalog, settings, work)
        return Verification(
            edition=manifest.edition,
            tampered=misfits,
            inputs=inputs,
            outputs=tuple(_outputs(edition, rebuilt)),
            exhibits=tuple(_parts(edition, rebuilt, "exhibits")),
            findings=tuple(_parts(edition, rebuilt, "findings")),
        )


def needed_snapshots(edition: Edition, archive: Archive) -> tuple[Sidecar, ...]:
    """The snapshots that an edition was made of, for another archive.

    Raises:
        ArchiveError: one is not in the archive.
    """
    places, named = archive.places(), sorted(edition.manifest.inputs.snapshots)
    missing = [name for name in named if name not in places]
    if missing:
        raise ArchiveError(
            f"edition {edition.manifest.edition}: {len(missing)} of its snapshots are not in the "
            f"archive; the first is {missing[0]}"
        )
    return tuple(places[name].sidecar for name in named)


def _compare_inputs(
    said: EditionInputs, found: Sequence[Sidecar], catalog: Catalog
) -> dict[str, Verdict]:
    bodies = {s.snapshot: body_hashes(s) for s in found}
    data = bodies == dict(said.snapshots) and archive_hash(found) == said.archive_sha256
    return {
        "data": _verdict(data),
        "catalogue": _verdict(catalog.sha256 == said.catalog_sha256),
        "code": _verdict(code_hash() == said.code_sha256),
        "lock": _verdict(lock_hash() == said.lock_sha256),
    }


def _verdict(same: bool) -> Verdict:
    return "same" if same else "different"


def _rebuild(
    manifest: Manifest, archive: Archive, catalog: Catalog, settings: Settings, work: Path
) -> Path:
    said = manifest.inputs
    made = draft(
        Selection(archive, said.snapshots),
        catalog,
        said.as_of,
        settings=settings,
        work_dir=work,
        remarks=said.remarks,
        claimed=said,
        bloc=said.bloc,
        since=said.since,
    )
    with stage("edition"):
        return write_apart(made, work / "edition")


def _outputs(edition: Edition, rebuilt: Path) -> Iterator[Compared]:
    """Every file of either; a file that is not at hand is compared by its hash."""
    said, made = edition.manifest.files, hash_files(rebuilt)
    there = hash_files(edition.folder) if edition.folder else {}
    for name in sorted(said.keys() | made.keys() | there.keys()):
        wanted = there.get(name) or said.get(name)
        if wanted == made.get(name):
            yield Compared(name, "same")
        elif name in there and name in made and edition.folder:
            sides = ((folder / name).read_bytes() for folder in (edition.folder, rebuilt))
            yield Compared(name, "different", first_difference(name, *sides))
        elif wanted is None:
            yield Compared(name, "different", Difference("file", "not there", "there"))
        elif name not in made:
            yield Compared(name, "different", Difference("file", "there", "not there"))
        else:
            yield Compared(
                name, "different", Difference(ONLY_HASH, wanted.sha256, _sha(made, name))
            )


def _sha(files: Mapping[str, Any], name: str) -> str:
    return str(files[name].sha256)


def _parts(
    edition: Edition, rebuilt: Path, kind: Literal["exhibits", "findings"]
) -> Iterator[Compared]:
    """Exhibits or findings by id, in reading order; those of one side only are different."""
    said = {entry.id: entry.sha256 for entry in getattr(edition.manifest, kind)}
    made = {e.id: e.sha256 for e in getattr(load_manifest(rebuilt / MANIFEST), kind)}
    data_there = _data(edition.folder, kind) if edition.folder else {}
    data_made = _data(rebuilt, kind)
    for name in dict.fromkeys([*said, *made, *data_there]):
        own = data_hash(data_there[name]) if name in data_there else said.get(name)
        if own == made.get(name):
            yield Compared(name, "same")
            continue
        difference = Difference(ONLY_HASH, str(own), str(made.get(name)))
        if name in data_there or own is None:
            at = f"/{kind}/{name}"
            found = json_difference(data_there.get(name), data_made.get(name), at)
            difference = found or difference
        yield Compared(name, "different", difference)


def _data(folder: Path, kind: str) -> Mapping[str, Any]:
    """What ``report.json`` says of exhibits or findings; nothing where it is damaged or missing."""
    try:
        found = json.loads((folder / REPORT_DATA).read_text("utf-8"))[kind]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}
