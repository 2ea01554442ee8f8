"""The warehouse as a file: opening, asking, publishing, and saying clearly why it does not work.

Here is everything that touches the file as a whole. What stands in it is made by ``build``. The
published file is only ever replaced whole, so a reader that has it open keeps what it has.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from pipeline.errors import WarehouseError
from pipeline.ingest.files import fsync
from pipeline.warehouse.quoting import quoted

LOCK_TIMEOUT_S = 30.0
CATALOG_NAME = "warehouse"
"""Name under which a warehouse is attached to a reader's connection."""

Options = dict[str, str | bool | int | float | list[str]]

_WRITER: Options = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}
_READER: Options = {**_WRITER, "temp_directory": ""}
_FAST_TEXT = "SET disabled_compression_methods = 'fsst,dict_fsst,zstd'"
"""Codes repeat: a dictionary stores them as small as the others, and faster."""
_NO_PROGRESS_BAR = "SET enable_progress_bar = false"
"""DuckDB draws one over whatever else is on the terminal."""


@contextmanager
def reporting(path: Path, doing: str) -> Iterator[None]:
    """Turn what DuckDB and the disk complain about into one sentence that names the file."""
    try:
        yield
    except (duckdb.Error, OSError) as e:
        raise WarehouseError(f"{path}: {doing}: {_reason(e)}") from e


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def connect_read_only(path: Path, *, writes_files: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection that reads the warehouse and nothing else; tables by "schema.table".

    The connection keeps the file that it opened, also when a newer one is published meanwhile.
    It cannot reach other files, load extensions or change its settings, unless it is to export
    (``writes_files``): never for SQL that somebody else wrote.

    Raises:
        WarehouseError: the file is missing, damaged, locked by a writer, or no warehouse.
    """
    if not path.is_file():
        raise WarehouseError(f"{path}: there is no warehouse; run `sco report` to build it")
    # Attached to a database in memory: DuckDB would otherwise hand out, within one process, the
    # file that an older connection has open, though another one has replaced it since.
    con = duckdb.connect(":memory:", config=_READER)
    try:
        con.execute(f"ATTACH {quoted(path)} AS {CATALOG_NAME} (READ_ONLY)")
        con.execute(f"USE {CATALOG_NAME}")
        con.execute(_NO_PROGRESS_BAR)
        if not writes_files:
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
        con.execute("SELECT as_of FROM core.build").fetchone()
    except duckdb.Error as e:
        con.close()
        raise WarehouseError(f"{path}: {_why_closed(e)}") from e
    return con


def _why_closed(error: duckdb.Error) -> str:
    text = str(error)
    if "lock on file" in text or "file handle conflict" in text:
        return "the warehouse is being written to; wait until that is finished"
    mend = "delete it and run `sco report`"
    if isinstance(error, duckdb.CatalogException):
        return f"this is not a finished warehouse (core.build is missing); {mend}"
    if "not a valid DuckDB database" in text:
        return f"the warehouse is damaged, or no DuckDB file; {mend}"
    return f"the warehouse is damaged: {_reason(error)}; {mend}"


def check_origin(path: Path, *, catalog_sha256: str, code_sha256: str) -> None:
    """See that a warehouse was built from this catalogue and by this code, so that what is asked of
    it by name is there.

    Raises:
        WarehouseError: it was not; or see ``connect_read_only``.
    """
    _, rows = query(path, "SELECT catalog_sha256, code_sha256 FROM core.build")
    for found, ours, what in zip(
        rows[0],
        (catalog_sha256, code_sha256),
        ("from another catalogue", "by other code"),
        strict=True,
    ):
        if found != ours:
            raise WarehouseError(
                f"{path}: the warehouse was built {what}; run `sco report` to build it again"
            )


def query(path: Path, sql: str) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Columns and rows of one statement on the warehouse, read-only and without any other file.

    Raises:
        WarehouseError: see ``connect_read_only``; or the statement is wrong, with the place.
    """
    con = connect_read_only(path)
    try:
        statements = con.extract_statements(sql)
        if len(statements) != 1:
            raise WarehouseError(f"expected one SQL statement, got {len(statements)}")
        result = con.execute(statements[0])
        columns = tuple(column[0] for column in result.description or ())
        return columns, result.fetchall()
    except duckdb.Error as e:
        raise WarehouseError(f"the query failed: {e}") from e
    finally:
        con.close()


def publish(
    candidate: Path, target: Path, *, keep: bool = False, timeout_s: float = LOCK_TIMEOUT_S
) -> None:
    """Make ``candidate`` the published warehouse, in one step that is either done or not.

    Args:
        candidate: the finished warehouse, on the same disk as the target.
        target: where readers look.
        keep: leave the candidate where it is, as a second name of the same file.
        timeout_s: how long to wait for another process that publishes.

    Raises:
        WarehouseError: the candidate is missing or unfinished, another process publishes for
            longer than ``timeout_s``, or the disk refuses.
    """
    if not candidate.is_file():
        raise WarehouseError(f"{candidate}: there is no candidate to publish")
    if _wal(candidate).exists():
        raise WarehouseError(f"{candidate}: still open or left unfinished by a crash; build again")
    with reporting(target, "cannot publish the warehouse"):
        target.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(target.with_name(f"{target.name}.lock"), timeout=timeout_s)
        try:
            with lock:
                fsync(candidate)
                (_twin(candidate) if keep else candidate).replace(target)
                fsync(target.parent)
        except Timeout as e:
            raise WarehouseError(
                f"{lock.lock_file}: another process has held this lock for {timeout_s:g} s;"
                " wait for it to finish, then publish again"
            ) from e


def _twin(path: Path) -> Path:
    """A second name of the file, beside it."""
    twin = path.with_name(f"{path.name}.twin")
    twin.unlink(missing_ok=True)
    twin.hardlink_to(path)
    return twin


@contextmanager
def new_file(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a new, empty database file; removed again when the block fails.

    Raises:
        WarehouseError: the folder cannot be written, or the disk is full.
    """
    with reporting(path, "cannot write the warehouse"):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove(path)
    try:
        with open_for_writing(path) as con:
            yield con
    except BaseException:
        _remove(path)
        raise


@contextmanager
def open_for_writing(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes to a candidate; everything is in the file when the block ends."""
    with reporting(path, "cannot write the warehouse"):
        con = duckdb.connect(path, config=_WRITER)
        try:
            con.execute(_NO_PROGRESS_BAR)
            con.execute(_FAST_TEXT)
            yield con
            con.execute("CHECKPOINT")
        finally:
            con.close()


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to an empty database that is gone when the block ends."""
    with duckdb.connect(":memory:", config=_WRITER) as con:
        con.execute(_NO_PROGRESS_BAR)
        con.execute(_FAST_TEXT)
        yield con


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    _wal(path).unlink(missing_ok=True)
