"""The command that builds the archive that ships with the package, from tables of figures.

``python -m pipeline.ingest.bundle --help``. It takes compiled tables (see ``compiled_tables``)
and tidy tables with provenance (see ``tables_import``) and writes packs; the same tables give the
same bytes.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.errors import ProjectError, ReadError
from pipeline.ingest import compiled_tables
from pipeline.ingest.archive import Archive
from pipeline.ingest.packs import INDEX, write_packs
from pipeline.ingest.sidecar import Sidecar
from pipeline.ingest.tables_import import (
    Provenance,
    Table,
    load_provenance,
    provenance_beside,
    read_table,
    snapshot_of,
)

Compiled = compiled_tables.Compiled


@dataclass(frozen=True)
class BundleResult:
    """What was written."""

    snapshots: int
    values: int
    packs: int
    size: int
    """Bytes on disk, index included."""


def build_bundle(tables: Iterator[tuple[Table, Provenance]], out: Path) -> BundleResult:
    """Write the packs of all tables under ``out / "packs"``.

    Raises:
        ReadError: a table is wrong (nothing is written then).
        ArchiveError: the packs cannot be written.
    """
    snapshots: list[tuple[Sidecar, list[bytes]]] = []
    values = 0
    for table, provenance in tables:
        draft, body, rows = snapshot_of(table, provenance)
        snapshots.append((draft.with_bodies([body]), [body]))
        values += rows
    folder = out / "packs"
    packs = write_packs(folder, snapshots)
    size = sum(p.size for p in packs.values()) + (folder / INDEX).stat().st_size
    return BundleResult(len(snapshots), values, len(packs), size)


def export_snapshots(archive: Archive, sidecars: Iterable[Sidecar], out: Path) -> None:
    """Write some snapshots of an archive as packs under ``out``: an archive that reads alone.

    Raises:
        ArchiveError: a snapshot is damaged, or the packs cannot be written.
    """
    write_packs(out / "packs", archive.read_many(sidecars))


def tidy_folder(folder: Path) -> Compiled:
    """Every table of a folder that has its provenance beside it.

    Raises:
        ReadError: there is none, or one is wrong.
    """
    paths = sorted(p for p in folder.rglob("*") if p.suffix in {".csv", ".parquet"})
    if not paths:
        raise ReadError(f"{folder}: no table in .csv or .parquet")
    for path in paths:
        yield read_table(path), load_provenance(provenance_beside(path))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0 when the packs are written, 2 when a table is wrong."""
    options = _parser().parse_args(arguments)
    try:
        result = build_bundle(chain.from_iterable(_chosen(options)), options.out)
    except ProjectError as e:
        sys.stderr.write(f"{e}\n")
        return 2
    sys.stdout.write(
        f"{result.snapshots} snapshots, {result.values} values in {result.packs} packs, "
        f"{result.size / 1e6:.2f} MB under {options.out}\n"
    )
    return 0


def _chosen(options: argparse.Namespace) -> Iterator[Compiled]:
    if options.wdi:
        yield compiled_tables.wdi(*options.wdi)
    for name in ("dots", "dds", "egdi", "gci"):
        if path := getattr(options, name):
            yield getattr(compiled_tables, name)(path)
    for folder in options.tidy:
        yield tidy_folder(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipeline.ingest.bundle", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--wdi",
        nargs=2,
        type=Path,
        metavar=("FIGURES", "SNAPSHOTS"),
        help="World Development Indicators: the values, and one row of provenance a snapshot",
    )
    parser.add_argument("--dots", type=Path, help="IMF Direction of Trade Statistics")
    parser.add_argument("--dds", type=Path, help="UNCTAD digitally deliverable services")
    parser.add_argument("--egdi", type=Path, help="UN E-Government Development Index")
    parser.add_argument("--gci", type=Path, help="ITU Global Cybersecurity Index")
    parser.add_argument(
        "--tidy", type=Path, action="append", default=[], metavar="FOLDER",
        help="tidy tables with a provenance file beside each",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, required=True, help="the archive's folder")
    return parser


if __name__ == "__main__":
    sys.exit(main())
