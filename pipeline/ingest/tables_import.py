"""Import: somebody's table of figures, with its provenance, becomes a snapshot.

Here a CSV or Parquet table is checked row by row and written as a tidy body; nothing is archived
unless all of it is right. Reading tidy bodies is ``tidy``'s work, keeping them the archive's.
"""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline import observations
from pipeline.errors import ReadError
from pipeline.ingest import tidy
from pipeline.ingest.archive import Archive
from pipeline.ingest.sidecar import Moment, Sidecar, SidecarDraft, Slug, Text
from pipeline.yaml_text import safe_load

if TYPE_CHECKING:
    from pipeline.catalog.models import Catalog

PROVENANCE_SUFFIXES: Final = (".yaml", ".yml", ".json")

_KEY: Final = ("indicator", "economy", "counterpart", "year")


class Provenance(BaseModel):
    """Where a table of figures comes from: the file beside it, or given by option."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    publisher: Slug
    vintage: date
    """When the publisher said this; an upper bound where the day is unknown."""
    vintage_basis: Text
    """How the vintage is known."""
    source: Text
    """Where the copy stood."""
    licence: Text | None = None
    """Licence of the figures; the publisher's in the catalogue when not given."""
    attribution: Text | None = None
    retrieved_at: Moment | None = None
    indicator: str | None = None
    counterpart: str | None = None
    status: str | None = None
    columns: Mapping[str, str] = {}
    """Column of the table by tidy name, where they are called differently."""
    missing: tuple[str, ...] = ()
    """Values that say "no value" (such as "#N/A"): their rows are left out and counted."""


@dataclass(frozen=True)
class Table:
    """A table as text, by column, with the row number of each row in its file."""

    name: str
    columns: Mapping[str, Sequence[str]]
    row_numbers: Sequence[int]


@dataclass(frozen=True)
class ImportResult:
    """What an import did."""

    sidecar: Sidecar
    new: bool
    """False: the archive already had these figures."""
    rows: int
    left_out: int
    """Rows whose value the provenance declares to mean "no value"."""
    unknown_economies: tuple[str, ...] = ()
    """Codes that the catalogue does not have: aggregates, other states, or slips of the pen."""


def import_table(
    archive: Archive,
    table: Path,
    provenance: Provenance | Path | None = None,
    catalog: "Catalog | None" = None,
) -> ImportResult:
    """Check a table of figures and add it to the archive as one snapshot, whole or not at all.

    Args:
        archive: takes the snapshot.
        table: CSV (UTF-8) or Parquet with economy, year and value, and optionally indicator,
            counterpart and status.
        provenance: given, or its file; by default the one beside the table, which is called like
            it but for the ending ``.yaml`` or ``.json``.
        catalog: when given, publisher and indicators must be in it, and it knows the licence.

    Raises:
        ReadError: table or provenance are wrong; names file, row, column, value, expectation.
        ArchiveError: the snapshot cannot be written.
    """
    if not isinstance(provenance, Provenance):
        provenance = load_provenance(provenance or provenance_beside(table))
    content = read_table(table)
    draft, body, rows = snapshot_of(content, provenance, catalog)
    sidecar, new = archive.add(draft, [body])
    unknown: set[str] = set()
    if catalog is not None:
        economies = content.columns[provenance.columns.get("economy", "economy")]
        unknown = set(economies).difference(catalog.economies)
    left_out = len(content.row_numbers) - rows
    return ImportResult(sidecar, new, rows, left_out, tuple(sorted(unknown)))


def provenance_beside(table: Path) -> Path:
    """The provenance file of a table.

    Raises:
        ReadError: there is none.
    """
    candidates = [table.with_suffix(suffix) for suffix in PROVENANCE_SUFFIXES]
    for path in candidates:
        if path.is_file():
            return path
    raise ReadError(f"{table}: no provenance beside it, expected {candidates[0].name}")


def load_provenance(path: Path) -> Provenance:
    """A provenance file, YAML or JSON.

    Raises:
        ReadError: missing, not YAML or JSON, or a field is wrong; names file and field.
    """
    text = _read_text(path)
    try:
        record: Any = json.loads(text) if path.suffix == ".json" else safe_load(text)
    except (ValueError, yaml.YAMLError) as e:
        raise ReadError(f"{path}: not {path.suffix[1:].upper()}: {e}") from e
    return parse_provenance(record, str(path))


def parse_provenance(record: object, where: str) -> Provenance:
    """Provenance from a mapping of its fields.

    Raises:
        ReadError: a field is missing, wrong or unknown; names ``where`` and the field.
    """
    try:
        return Provenance.model_validate(record)
    except ValidationError as e:
        first = e.errors()[0]
        field = ".".join(map(str, first["loc"])) or "provenance"
        raise ReadError(f"{where}: {field}: {first['msg']} (is {first['input']!r})") from e


def snapshot_of(
    table: Table, provenance: Provenance, catalog: "Catalog | None" = None
) -> tuple[SidecarDraft, bytes, int]:
    """The draft, the tidy body and the number of rows of a table.

    Raises:
        ReadError: the table is wrong; names file, row, column, value and expectation.
    """
    columns = _tidy_columns(table, provenance)
    columns, row_numbers = _without_missing(columns, table.row_numbers, provenance.missing)
    if not row_numbers:
        raise ReadError(f"{table.name}: no row with a value")
    _check_cells(table.name, columns, row_numbers)
    indicators = tuple(sorted(set(columns["indicator"])))
    licence, attribution = _terms(table.name, provenance, indicators, catalog)
    varying, constants = _split_constants(columns)
    draft = SidecarDraft(
        publisher=provenance.publisher,
        indicators=indicators,
        vintage=provenance.vintage,
        vintage_basis=provenance.vintage_basis,
        retrieved_at=provenance.retrieved_at,
        licence=licence,
        attribution=attribution,
        source=provenance.source,
        reader="tidy_csv",
        constants=constants,
    )
    return draft, _body(table.name, varying, row_numbers), len(row_numbers)


def read_table(path: Path) -> Table:
    """A CSV or Parquet file as text.

    Raises:
        ReadError: it cannot be read or is ragged.
    """
    if path.suffix == ".parquet":
        return _read_parquet(path)
    if path.suffix == ".csv":
        return _read_csv(path)
    raise ReadError(f"{path}: expected a table in .csv or .parquet")


def number_text(value: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without ".0"."""
    return repr(value).removesuffix(".0")


def _read_text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as e:
        raise ReadError(f"{path}: cannot be read: {e.strerror or e}") from e
    except UnicodeDecodeError as e:
        raise ReadError(f"{path}: not UTF-8 at byte {e.start}") from e


def _read_csv(path: Path) -> Table:
    reader = csv.reader(io.StringIO(_read_text(path), newline=""), strict=True)
    rows: list[list[str]] = []
    row_numbers: list[int] = []
    try:
        head = next(reader, [])
        for row in reader:
            if not row:  # a blank line
                continue
            if len(row) != len(head):
                raise ReadError(
                    f"{path}: row {reader.line_num}: {len(row)} cells, expected {len(head)}"
                )
            rows.append(row)
            row_numbers.append(reader.line_num)
    except csv.Error as e:
        raise ReadError(f"{path}: row {reader.line_num}: not CSV: {e}") from e
    if len(set(head)) < len(head):
        raise ReadError(f"{path}: row 1: a column stands twice in {','.join(head)!r}")
    cells = zip(*rows, strict=True) if rows else ([] for _ in head)
    return Table(str(path), dict(zip(head, cells, strict=True)), row_numbers)


def _read_parquet(path: Path) -> Table:
    import duckdb

    try:
        with duckdb.connect() as con:
            relation = con.read_parquet(str(path))
            names, rows = relation.columns, relation.fetchall()
    except duckdb.Error as e:
        raise ReadError(f"{path}: cannot be read as Parquet: {e}") from e
    cells = zip(*rows, strict=True) if rows else ([] for _ in names)
    texts = {n: [_cell_text(c) for c in col] for n, col in zip(names, cells, strict=True)}
    return Table(str(path), texts, range(1, len(rows) + 1))


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    return number_text(cell) if isinstance(cell, float) else str(cell)


def _tidy_columns(table: Table, provenance: Provenance) -> dict[str, Sequence[str]]:
    """The columns of observations, taken from the table or from a constant."""
    for name in provenance.columns:
        if name not in observations.COLUMNS:
            raise ReadError(
                f"{table.name}: provenance maps column {name!r}, "
                f"expected some of {', '.join(observations.COLUMNS)}"
            )
    found: dict[str, Sequence[str]] = {}
    for name in observations.COLUMNS:
        column = provenance.columns.get(name, name)
        constant = getattr(provenance, name, None)
        if column in table.columns and constant is not None:
            raise ReadError(
                f"{table.name}: {name} is column {column!r} and {constant!r} in the provenance, "
                "expected one of both"
            )
        if column in table.columns:
            found[name] = table.columns[column]
        elif constant is None and name not in tidy.DEFAULTS:
            there = ", ".join(table.columns) or "none"
            raise ReadError(f"{table.name}: no column {column!r}, there are: {there}")
        else:
            fill = tidy.DEFAULTS.get(name, "") if constant is None else constant
            found[name] = [fill] * len(table.row_numbers)
    return found


def _without_missing(
    columns: Mapping[str, Sequence[str]], row_numbers: Sequence[int], missing: Sequence[str]
) -> tuple[dict[str, Sequence[str]], Sequence[int]]:
    absent = set(missing)
    keep = [i for i, value in enumerate(columns["value"]) if value not in absent]
    if len(keep) == len(row_numbers):
        return dict(columns), row_numbers
    kept: dict[str, Sequence[str]] = {
        name: [column[i] for i in keep] for name, column in columns.items()
    }
    return kept, [row_numbers[i] for i in keep]


def _check_cells(
    name: str, columns: Mapping[str, Sequence[str]], row_numbers: Sequence[int]
) -> None:
    first: tuple[int, str] | None = None
    for column, cells in columns.items():
        pattern = re.compile(tidy.PATTERNS[column])
        wrong = {cell for cell in set(cells) if pattern.fullmatch(cell) is None}
        if wrong:
            at = next(i for i, cell in enumerate(cells) if cell in wrong)
            first = min(first or (at, column), (at, column))
    if first is not None:
        at, column = first
        raise ReadError(
            f"{name}: row {row_numbers[at]}: {column} is {columns[column][at]!r}, "
            f"expected {tidy.EXPECTED[column]}"
        )


def _terms(
    name: str, provenance: Provenance, indicators: Sequence[str], catalog: "Catalog | None"
) -> tuple[str, str]:
    """Licence and attribution; with a catalogue, publisher and indicators must be in it."""
    licence, attribution = provenance.licence, provenance.attribution
    if catalog is not None:
        publisher = catalog.publishers.get(provenance.publisher)
        if publisher is None:
            raise ReadError(
                f"{name}: publisher {provenance.publisher!r} is not in the catalogue, "
                f"expected one of {', '.join(sorted(catalog.publishers))}"
            )
        own = {i.id for i in catalog.indicators_of(publisher.id)}
        for indicator in indicators:
            if indicator not in own:
                raise ReadError(
                    f"{name}: indicator {indicator!r} is not in the catalogue among those of "
                    f"{publisher.id}"
                )
        licence = licence or publisher.licence.name
        attribution = attribution or publisher.attribution
    if licence is None or attribution is None:
        field = "licence" if licence is None else "attribution"
        raise ReadError(f"{name}: the provenance gives no {field}, and there is no catalogue")
    return licence, attribution


def _split_constants(
    columns: Mapping[str, Sequence[str]],
) -> tuple[dict[str, Sequence[str]], dict[str, str]]:
    """Columns that vary, and the value of optional ones that do not (defaults left out)."""
    varying: dict[str, Sequence[str]] = {}
    constants: dict[str, str] = {}
    for name, cells in columns.items():
        if name in tidy.OPTIONAL and len(set(cells)) == 1:
            if cells[0] != tidy.DEFAULTS.get(name):
                constants[name] = cells[0]
        else:
            varying[name] = cells
    return varying, constants


def _body(name: str, columns: Mapping[str, Sequence[str]], row_numbers: Sequence[int]) -> bytes:
    """The tidy body: sorted by key, which must be unique."""
    keys = list(zip(*(columns[c] for c in _KEY if c in columns), strict=True))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    for first, second in pairwise(order):
        if keys[first] == keys[second]:
            raise ReadError(
                f"{name}: row {row_numbers[second]}: {', '.join(keys[second])} stands already in "
                f"row {row_numbers[first]}, expected one value each"
            )
    rows = list(zip(*columns.values(), strict=True))
    lines = [",".join(columns), *(",".join(rows[i]) for i in order)]
    return ("\n".join(lines) + "\n").encode()
