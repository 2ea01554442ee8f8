"""The tidy table: the project's own form of a snapshot whose figures came as a table.

A body is plain CSV with the columns economy, year, value and, where they vary, indicator,
counterpart and status; LF at line ends, rows sorted, no quotes, values as published. Here is how
it is read. How a table of somebody else's becomes one is ``tables_import``'s work.
"""

import io
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import pandas as pd

from pipeline import observations
from pipeline.errors import ReadError
from pipeline.ingest.sidecar import Sidecar

REQUIRED: Final = ("economy", "year", "value")
OPTIONAL: Final = ("indicator", "counterpart", "status")
DEFAULTS: Final = {"counterpart": observations.NOT_BILATERAL, "status": ""}

PATTERNS: Final = {
    "indicator": r"[A-Za-z0-9._]+",
    "economy": r"[A-Z0-9]{3}",
    "counterpart": r"[A-Z0-9]{3}|_Z",
    "year": r"(?:18|19|20)[0-9]{2}",
    # of so many digits that none is beyond what a float can hold
    "value": r"-?[0-9]{1,40}(?:\.[0-9]{1,400})?(?:[eE][-+]?[0-9]{1,2})?",
    "status": r"[^,\"\r\n]*",
}
EXPECTED: Final = {
    "indicator": "an indicator's code",
    "economy": "an ISO 3166 alpha-3 code or a publisher's three-letter aggregate",
    "counterpart": "an economy's code or _Z",
    "year": "a year from 1800 to 2099",
    "value": "a finite number as text",
    "status": "a flag without comma, quote or line end",
}


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of a tidy snapshot, in the columns of ``observations.COLUMNS``.

    All columns are text but ``year`` (int32). Columns that the body does not have come from the
    sidecar's constants; counterpart and status may be in neither.

    Raises:
        ReadError: a column is missing or a row malformed; the message names snapshot and row.
    """
    return pd.concat(
        [_read_body(sidecar, number, body) for number, body in enumerate(bodies, 1)],
        ignore_index=True,
    )


def _read_body(sidecar: Sidecar, number: int, body: bytes) -> pd.DataFrame:
    where = f"snapshot {sidecar.snapshot}, part {number}"
    end_of_head = body.find(b"\n") + 1
    columns = tuple(body[:end_of_head].decode("ascii", "replace").strip("\n").split(","))
    constants = {**DEFAULTS, **sidecar.constants}
    _check_columns(where, columns, constants)
    # one pass over the bytes is ten times faster than checking columns, and as strict
    if _row_pattern(columns).fullmatch(body, end_of_head) is None:
        raise _first_bad_row(where, columns, body)
    try:
        frame = pd.read_csv(
            io.BytesIO(body),
            dtype={name: "int32" if name == "year" else "str" for name in columns},
            na_filter=False,
        )
    except UnicodeDecodeError as error:
        raise ReadError(f"{where}: a status is not UTF-8: {error}") from error
    missing = {name: constants[name] for name in observations.COLUMNS if name not in columns}
    return frame.assign(**{name: _repeated(v, len(frame)) for name, v in missing.items()})[
        list(observations.COLUMNS)
    ]


def _repeated(value: str, length: int) -> pd.api.extensions.ExtensionArray:
    return pd.array([value], dtype="str").repeat(length)


def _check_columns(where: str, columns: Sequence[str], constants: dict[str, str]) -> None:
    known = (*REQUIRED, *OPTIONAL)
    for name in columns:
        if name not in known:
            raise ReadError(f"{where}: row 1: unknown column {name!r}, expected some of {known}")
    if len(set(columns)) < len(columns):
        raise ReadError(f"{where}: row 1: a column stands twice in {','.join(columns)!r}")
    for name in observations.COLUMNS:
        if name not in columns and name not in constants:
            raise ReadError(
                f"{where}: no column {name!r} in {','.join(columns)!r} and no constant for it"
            )


@lru_cache(maxsize=32)
def _row_pattern(columns: tuple[str, ...]) -> "re.Pattern[bytes]":
    """Any number of well-formed rows, without backtracking (possessive throughout)."""
    row = ",".join(f"(?>{PATTERNS[name]})" for name in columns)
    return re.compile(f"(?:{row}\n)*+".encode())


def _first_bad_row(where: str, columns: Sequence[str], body: bytes) -> ReadError:
    lines = body.decode("utf-8", "replace").split("\n")
    for number, line in enumerate(lines[1:-1], 2):
        cells = line.split(",")
        if len(cells) != len(columns):
            return ReadError(
                f"{where}: row {number}: {len(cells)} cells in {line!r}, expected {len(columns)}"
            )
        for name, cell in zip(columns, cells, strict=True):
            if re.fullmatch(PATTERNS[name], cell) is None:
                return ReadError(
                    f"{where}: row {number}: {name} is {cell!r}, expected {EXPECTED[name]}"
                )
    return ReadError(f"{where}: row {len(lines)}: {lines[-1]!r} does not end with a line end")
