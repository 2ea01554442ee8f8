"""The descriptor of an edition's data: a Data Package (version 2 of the standard, datapackage.org).

It says of every table its columns, types, units, keys, sources, licence, size and hash, so that
programs read the CSV files right. The same table as Parquet stands beside each as an alternative:
version 2 knows no type of resource but a table, and common readers of it cannot open Parquet. The
DuckDB file that has them all is a resource of no type.
Nothing is computed here but sizes and hashes; dates are the edition's, never the clock's.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from pipeline.inputs import as_bytes
from pipeline.report import content
from pipeline.report.content import Exhibit, Report, Source
from pipeline.report.data_tables import DataTable, DataTables
from pipeline.report.database import DATABASE
from pipeline.report.files import exhibit_csv
from pipeline.report.manifest import FileEntry
from pipeline.report.words import day, heading
from pipeline.warehouse.tables import Column

DESCRIPTOR: Final = "datapackage.json"
PROFILE: Final = "https://datapackage.org/profiles/2.0/datapackage.json"
_PARQUET: Final = "application/vnd.apache.parquet"
_OURS: Final = {"name": "MIT", "path": "https://opensource.org/license/mit", "title": "MIT License"}
"""Of the catalogue's own tables, which hold no figure of a publisher."""
_TYPES: Final = {
    "BOOLEAN": "boolean", "DATE": "date", "DOUBLE": "number", "FLOAT": "number",
    "TIMESTAMP": "datetime", "VARCHAR": "string",
}  # fmt: skip
"""Everything else that DuckDB has in the tables is a whole number."""


def package(report: Report, data: DataTables, files: Mapping[str, FileEntry]) -> bytes:
    """The descriptor of an edition: its tables and its exhibits.

    Args:
        report: what it says.
        data: the tables in its folder ``data/``.
        files: size and hash of its files by relative name.
    """
    tables = [_table_resource(table, report.sources, files) for table in data.tables]
    shown = [_exhibit_resource(e, report, "exhibits/") for e in open_exhibits(report)]
    return as_bytes(_descriptor(report, [*tables, *shown, _database(files)], data.closed))


def package_of_exhibits(report: Report) -> bytes:
    """The descriptor of the exhibits' values alone, all in one folder: attached to the PDF."""
    return as_bytes(
        _descriptor(report, [_exhibit_resource(e, report, "") for e in open_exhibits(report)], ())
    )


def closed_series(report: Report) -> frozenset[str]:
    """The series of the report whose figures may be shown but not passed on."""
    return frozenset(i for s in report.sources if not s.redistributable for i in s.indicators)


def open_exhibits(report: Report) -> tuple[Exhibit, ...]:
    """The exhibits that rest on no series of a closed licence."""
    closed = closed_series(report)
    return tuple(e for e in report.exhibits() if not closed.intersection(_series(e)))


def sources_of(exhibit: Exhibit, report: Report) -> list[Source]:
    """Whose figures an exhibit rests on; all that may be passed on where it names none."""
    return _behind(report.sources, _series(exhibit) or None)


def _series(exhibit: Exhibit) -> tuple[str, ...]:
    return tuple(origin.indicator for origin in exhibit.origins)


def _behind(sources: Iterable[Source], series: Collection[str] | None) -> list[Source]:
    wanted = None if series is None else set(series)
    return [
        s
        for s in sources
        if s.redistributable and (wanted is None or not wanted.isdisjoint(s.indicators))
    ]


def _descriptor(
    report: Report, resources: Sequence[dict[str, Any]], closed: Sequence[str]
) -> dict[str, Any]:
    sources = _behind(report.sources, None)
    left_out = [s for s in report.sources if not s.redistributable]
    return {
        "$schema": PROFILE,
        "contributors": [
            {"title": report.title, "roles": ["creator"]},
            *(
                {"title": s.publisher, "path": s.url, "roles": ["publisher of figures"]}
                for s in sources
            ),
        ],
        "created": f"{report.as_of.isoformat()}T00:00:00Z",
        "description": _description(report, left_out),
        "keywords": ["digital economy", report.bloc, "inequality", "open data"],
        "leftOut": {
            "series": sorted({*closed, *closed_series(report)}),
            "sources": [_source(s) for s in left_out],
        },
        "licenses": _licences(sources),
        "name": f"{report.bloc.lower()}-digital-economy",
        "resources": list(resources),
        "sources": [_source(s) for s in sources],
        "title": report.title,
        "version": report.edition,
    }


def _description(report: Report, left_out: Sequence[Source]) -> str:
    parts = [
        report.cite_as,
        "Each row that names a series or a publisher is under the licence of that publisher: "
        "core.indicators says whose a series is, core.publishers on what terms.",
        "A text that begins with a sign that spreadsheets take for a formula has an apostrophe in "
        "front in the CSV files, and only there.",
    ]
    if left_out:
        names = ", ".join(f"{s.publisher} ({s.dataset}, {s.licence})" for s in left_out)
        parts.append(
            f"Left out are the figures of {names}, and exhibits that rest on them: the licence "
            "does not allow them to be passed on."
        )
    return "\n\n".join(parts)


def _source(source: Source) -> dict[str, str]:
    first, last = (
        day(d).replace("\u00a0", " ") for d in (source.first_vintage, source.last_vintage)
    )
    return {
        "title": f"{source.publisher}, {source.dataset}",
        "path": source.url,
        "version": f"releases of {first} to {last}" if first != last else f"release of {first}",
    }


def _licences(sources: Iterable[Source]) -> list[dict[str, str]]:
    """Each licence once; one without an address points at where the figures are published."""
    found: dict[str, dict[str, str]] = {}
    for source in sources:
        entry = {"path": source.licence_url or source.url, "title": source.licence}
        if source.licence.startswith("CC "):
            entry["name"] = source.licence.replace(" ", "-")
        found.setdefault(source.licence, entry)
    return [found[name] for name in sorted(found)]


def _terms(sources: Sequence[Source]) -> dict[str, Any]:
    """Sources and licences of a resource; without any those of the package hold."""
    if not sources:
        return {}
    return {"licenses": _licences(sources), "sources": [_source(s) for s in sources]}


def _table_resource(
    table: DataTable, sources: Sequence[Source], files: Mapping[str, FileEntry]
) -> dict[str, Any]:
    title, _, more = table.description.partition("\n\n")
    terms = _terms(_behind(sources, table.series)) if table.has_figures else {"licenses": [_OURS]}
    columnar = f"data/{table.name}.parquet"
    return {
        **_resource(table.name, f"data/{table.name}.csv", files),
        **terms,
        "alternatives": [
            {"path": columnar, "format": "parquet", "mediatype": _PARQUET, **_size(files[columnar])}
        ],
        "description": " ".join(more.split()),
        "schema": _schema(table),
        "title": " ".join(title.split()),
    }


def _exhibit_resource(exhibit: Exhibit, report: Report, folder: str) -> dict[str, Any]:
    path, csv = f"{folder}{exhibit.id}.csv", exhibit_csv(exhibit.table).encode("utf-8")
    entry = FileEntry(len(csv), hashlib.sha256(csv).hexdigest())
    return {
        **_resource(f"exhibits.{exhibit.id}", path, {path: entry}),
        **_terms(sources_of(exhibit, report)),
        "description": f"{exhibit.subtitle} {exhibit.note} Source: {exhibit.source}",
        "schema": {
            "fields": [_exhibit_field(c) for c in exhibit.table.columns],
            "missingValues": [""],
        },
        "title": exhibit.title,
    }


def _database(files: Mapping[str, FileEntry]) -> dict[str, Any]:
    """All tables in one file, which readers of tables take as it is: it is no table."""
    path = f"data/{DATABASE}"
    return {
        "name": "database",
        "path": path,
        "format": "duckdb",
        "mediatype": "application/octet-stream",
        "title": "All tables of the folder data/ in one DuckDB file, read-only.",
        **_size(files[path]),
    }


def _resource(name: str, path: str, files: Mapping[str, FileEntry]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_size(files[path]),
    }


def _size(entry: FileEntry) -> dict[str, Any]:
    return {"bytes": entry.bytes, "hash": f"sha256:{entry.sha256}"}


def _schema(table: DataTable) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column, table.key) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [
            {
                "fields": list(r.columns),
                "reference": {"resource": r.table, "fields": list(r.their_columns)},
            }
            for r in table.references
        ]
    return schema


def _field(column: Column, key: Sequence[str]) -> dict[str, Any]:
    kind = _TYPES.get(column.type, "integer")
    field: dict[str, Any] = {
        "name": column.name,
        "type": "year" if kind == "integer" and column.unit == "year" else kind,
        "description": column.description,
    }
    if column.unit not in ("", "–"):
        field["unit"] = column.unit
    if column.name in key:
        field["constraints"] = {"required": True}
    return field


def _exhibit_field(column: content.Column) -> dict[str, Any]:
    kind = {"text": "string", "year": "year"}.get(column.kind, "number")
    field = {"name": heading(column), "type": kind, "title": column.label}
    return field | ({"unit": column.unit} if column.unit else {})
