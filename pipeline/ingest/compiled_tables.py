"""The compiled tables of published figures behind the bundled archive, and their provenance.

Each function takes one table as compiled (its own columns, many snapshots in one file) and yields
tables that ``tables_import`` takes, with their provenance. What a vintage rests on is said here
where the table does not say it; nothing else about the figures is decided.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pipeline.errors import ReadError
from pipeline.ingest import tidy
from pipeline.ingest.tables_import import Provenance, Table, parse_provenance, read_table

Compiled = Iterator[tuple[Table, Provenance]]

_WDI_BASIS: Final = {
    "commit date": "date of the commit that brought the copy: an upper bound",
    "Last Updated Date in file": "“Last Updated Date” in the file",
    "date in file name": "date in the name of the file",
    '"data last updated 1st July 2025" in the repo\'s R script': (
        "the script beside the copy says “data last updated 1st July 2025”"
    ),
    "bounded from content (commit date not available)": (
        "bounded from the content, because the copy is not dated: an upper bound"
    ),
}
_INFERRED: Final = "inferred: every revisable series equals the dated 2025-04-15 WDI files"

_WDI_SNAPSHOT_COLUMNS: Final = (
    "snapshot_id", "indicator_code", "vintage", "vintage_basis", "licence", "n_values",
)  # fmt: skip
_MIRROR: Final = ("mirror_repository", "mirror_path", "mirror_commit")
_DOTS: Final = {"export": "DOTS.EXPORTS", "import": "DOTS.IMPORTS"}
_DDS: Final = {
    "UNCTAD_DE_DIG_SERVTRADE_ANN_EXP": "UNCTAD.DDS.EXPORTS",
    "UNCTAD_DE_DIG_SERVTRADE_ANN_IMP": "UNCTAD.DDS.IMPORTS",
}

_GCI_APPEARED: Final = {"2014": 2015, "2017": 2017, "2018": 2019, "2020": 2021, "2024": 2024}
"""Year in which an edition of the index was published."""

_EGDI_COLUMNS: Final = {
    "egdi": "EGDI",
    "osi": "EGDI.OSI",
    "hci": "EGDI.HCI",
    "tii": "EGDI.TII",
    "epi": "EGDI.EPI",
    "rank": "EGDI.RANK",
}


def wdi(figures: Path, snapshots: Path) -> Compiled:
    """World Development Indicators: one table with a snapshot column, one row of provenance each.

    Columns: snapshot_id, economy_iso3, year, value; and of the provenance: snapshot_id,
    indicator_code, vintage, vintage_basis, licence, mirror_repository, -path and -commit.
    """
    table = _with_columns(read_table(figures), "snapshot_id", "economy_iso3", "year", "value")
    parts = _split(table, "snapshot_id")
    listed = _with_columns(read_table(snapshots), *_WDI_SNAPSHOT_COLUMNS, *_MIRROR)
    for row in _rows(listed):
        part = parts.pop(row["snapshot_id"], None)
        if part is None:
            raise ReadError(f"{figures}: no values of snapshot {row['snapshot_id']!r}")
        if str(len(part.row_numbers)) != row["n_values"]:
            raise ReadError(
                f"{figures}: snapshot {row['snapshot_id']!r} has {len(part.row_numbers)} values, "
                f"{snapshots} says {row['n_values']}"
            )
        yield (
            part,
            parse_provenance(
                {
                    "publisher": "world_bank_wdi",
                    "indicator": row["indicator_code"],
                    "vintage": row["vintage"],
                    "vintage_basis": _wdi_basis(row["vintage_basis"]),
                    "source": _stood_at(row),
                    "licence": row["licence"],
                    "attribution": "World Development Indicators, The World Bank",
                    "columns": {"economy": "economy_iso3"},
                },
                f"{snapshots}: snapshot {row['snapshot_id']!r}",
            ),
        )
    if parts:
        raise ReadError(f"{snapshots}: no row for snapshot {min(parts)!r} of {figures}")


def _wdi_basis(text: str) -> str:
    """The basis in a sentence that stands by itself."""
    if text.startswith(_INFERRED):
        return "inferred: the series that are revised equal, cell by cell, files dated 2025-04-15"
    return _WDI_BASIS.get(text, text)


def dots(figures: Path) -> Compiled:
    """IMF Direction of Trade Statistics: bilateral goods trade in millions of US dollars.

    Columns: reporter_iso3, partner_iso3, flow, year, value_usd_millions, flag, mirror_*.
    """
    for flow, part in _split(_with_columns(read_table(figures), "flag"), "flow", _DOTS).items():
        status = ["E" if flag == "e" else flag for flag in part.columns["flag"]]
        yield (
            Table(part.name, {**part.columns, "status": status}, part.row_numbers),
            Provenance(
                publisher="imf_dots",
                indicator=_DOTS[flow],
                vintage=date(2021, 12, 31),
                vintage_basis=(
                    "the copy is not dated: its annual figures end with 2020, and those of 2021 "
                    "began to appear in 2022, so the end of 2021 is an upper bound"
                ),
                source=_all_stood_at(part),
                licence="IMF terms of use for data: free with attribution",
                attribution="International Monetary Fund, Direction of Trade Statistics",
                columns={
                    "economy": "reporter_iso3",
                    "counterpart": "partner_iso3",
                    "value": "value_usd_millions",
                },
            ),
        )


def dds(figures: Path) -> Compiled:
    """UNCTAD digitally deliverable services, in millions of US dollars; empty cells left out.

    Columns: economy_iso3, indicator_code, year, value, unit_mult (6), obs_status, mirror_*.
    """
    table = _with_columns(read_table(figures), "unit_mult")
    if set(table.columns["unit_mult"]) != {"6"}:
        raise ReadError(f"{figures}: column unit_mult is not 6 throughout, expected millions")
    for code, part in _split(table, "indicator_code", _DDS).items():
        yield (
            part,
            Provenance(
                publisher="unctad",
                indicator=_DDS[code],
                vintage=date(2025, 12, 31),
                vintage_basis=(
                    "the copy is not dated: its figures end with 2023, and those of 2024 appeared "
                    "in the course of 2025, so the end of 2025 is an upper bound"
                ),
                source=_all_stood_at(part),
                licence="CC BY 3.0 IGO",
                attribution="UNCTAD, International trade in digitally deliverable services",
                columns={"economy": "economy_iso3", "status": "obs_status"},
                missing=("",),
            ),
        )


def egdi(figures: Path) -> Compiled:
    """UN E-Government Development Index: a snapshot a survey, with all surveys up to it.

    Columns: economy_iso3, survey_year, rank, egdi, osi, hci, tii, epi, mirror_*. A row whose name
    the compiler could not code has no economy and is left out.
    """
    table = _coded(
        _with_columns(read_table(figures), "economy_iso3", "survey_year", *_EGDI_COLUMNS)
    )
    for survey in _years(table, "survey_year"):
        upto = _where(table, [year <= survey for year in table.columns["survey_year"]])
        yield (
            _long(upto, _EGDI_COLUMNS),
            Provenance(
                publisher="un_egdi",
                vintage=date(int(survey), 12, 31),
                vintage_basis=(
                    f"survey of {survey} with the earlier ones as they stood in their own copies; "
                    "its day is not recorded there: the end of its year is an upper bound"
                ),
                source=_all_stood_at(upto),
                licence="United Nations: free with attribution",
                attribution="United Nations, E-Government Survey",
                columns={"economy": "economy_iso3", "year": "survey_year"},
                missing=("",),
            ),
        )


def gci(figures: Path) -> Compiled:
    """ITU Global Cybersecurity Index: a snapshot an edition, with all editions up to it.

    Columns: economy_iso3, edition, score, scale, mirror_*. Scores on the scale from 0 to 1 carry
    the status "scale 0-1"; rows without a code or a score are left out.
    """
    table = _coded(_with_columns(read_table(figures), "economy_iso3", "edition", "score", "scale"))
    for edition in _years(table, "edition"):
        upto = _where(table, [e <= edition for e in table.columns["edition"]])
        status = ["" if scale == "0-100" else f"scale {scale}" for scale in upto.columns["scale"]]
        appeared = _GCI_APPEARED.get(edition)
        if appeared is None:
            raise ReadError(f"{figures}: edition {edition!r}: year of publication unknown")
        yield (
            Table(upto.name, {**upto.columns, "status": status}, upto.row_numbers),
            Provenance(
                publisher="itu_gci",
                indicator="GCI",
                vintage=date(appeared, 12, 31),
                vintage_basis=(
                    f"edition {edition}, published in {appeared}, with the earlier ones as they "
                    "stand in one copy; the day is not recorded there: the end of the year is an "
                    "upper bound"
                ),
                source=_all_stood_at(upto),
                licence="CC BY-NC-SA 3.0 IGO",
                attribution="International Telecommunication Union, Global Cybersecurity Index",
                columns={"economy": "economy_iso3", "year": "edition", "value": "score"},
                missing=("#N/A",),
            ),
        )


def _with_columns(table: Table, *names: str) -> Table:
    for name in names:
        if name not in table.columns:
            raise ReadError(f"{table.name}: no column {name!r}, there are: {list(table.columns)}")
    return table


def _rows(table: Table) -> Iterator[dict[str, str]]:
    for cells in zip(*table.columns.values(), strict=True):
        yield dict(zip(table.columns, cells, strict=True))


def _where(table: Table, keep: Sequence[bool]) -> Table:
    rows = [i for i, kept in enumerate(keep) if kept]
    return _take(table, rows)


def _take(table: Table, rows: Sequence[int]) -> Table:
    columns = {name: [cells[i] for i in rows] for name, cells in table.columns.items()}
    return Table(table.name, columns, [table.row_numbers[i] for i in rows])


def _coded(table: Table) -> Table:
    return _where(table, [code != "" for code in table.columns["economy_iso3"]])


def _split(table: Table, by: str, known: Iterable[str] | None = None) -> dict[str, Table]:
    """The parts of a table that are alike in a column, by its value (one of ``known``)."""
    rows: dict[str, list[int]] = {}
    for i, key in enumerate(_with_columns(table, by).columns[by]):
        rows.setdefault(key, []).append(i)
    strangers = sorted(set(rows).difference(known)) if known is not None else []
    if known is not None and strangers:
        at = table.row_numbers[rows[strangers[0]][0]]
        raise ReadError(
            f"{table.name}: row {at}: {by} is {strangers[0]!r}, expected one of {sorted(known)}"
        )
    return {key: _take(table, rows[key]) for key in sorted(rows)}


def _years(table: Table, column: str) -> tuple[str, ...]:
    """The years of a column, ascending."""
    for at, year in zip(table.row_numbers, table.columns[column], strict=True):
        if re.fullmatch(tidy.PATTERNS["year"], year) is None:
            raise ReadError(
                f"{table.name}: row {at}: {column} is {year!r}, expected {tidy.EXPECTED['year']}"
            )
    return tuple(sorted(set(table.columns[column])))


def _long(table: Table, indicators: Mapping[str, str]) -> Table:
    """A column a indicator becomes a row an indicator."""
    kept = [name for name in table.columns if name not in indicators]
    columns: dict[str, list[str]] = {name: [] for name in (*kept, "indicator", "value")}
    row_numbers: list[int] = []
    for name, code in indicators.items():
        for other in kept:
            columns[other].extend(table.columns[other])
        columns["indicator"].extend([code] * len(table.row_numbers))
        columns["value"].extend(table.columns[name])
        row_numbers.extend(table.row_numbers)
    return Table(table.name, columns, row_numbers)


def _stood_at(row: Mapping[str, str]) -> str:
    repository, commit = row["mirror_repository"], row["mirror_commit"]
    return f"https://github.com/{repository}/blob/{commit}/{quote(row['mirror_path'])}"


def _all_stood_at(table: Table) -> str:
    _with_columns(table, *_MIRROR)
    places = sorted(set(zip(*(table.columns[name] for name in _MIRROR), strict=True)))
    return "; ".join(_stood_at(dict(zip(_MIRROR, place, strict=True))) for place in places)
