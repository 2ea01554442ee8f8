"""The warehouse as a file: opened read-only, asked, swapped whole, and clear when it fails."""

import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from pipeline.errors import WarehouseError
from pipeline.inputs import code_hash
from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse.store import check_origin, connect_read_only, new_file, publish, query
from tests.warehouse.conftest import Small


def make(path: Path, content: str = "old") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_file(path) as con:
        con.execute("CREATE SCHEMA core")
        con.execute("CREATE TABLE core.build AS SELECT DATE '2026-05-01' AS as_of")
        con.execute("CREATE TABLE core.word AS SELECT ? AS word", [content])
    return path


def word(path: Path) -> object:
    return query(path, "SELECT word FROM core.word")[1][0][0]


def python(code: str, *args: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, args)],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def say(process: "subprocess.Popen[str]", line: str = "") -> str:
    """Wait for a line of the process, or first give it one."""
    assert process.stdin
    assert process.stdout
    if line:
        process.stdin.write(line + "\n")
        process.stdin.flush()
    return process.stdout.readline().strip()


def test_a_query_yields_columns_and_rows(tmp_path: Path) -> None:
    path = make(tmp_path / "w.duckdb")
    assert query(path, "SELECT as_of, 1 AS one FROM core.build") == (
        ("as_of", "one"),
        [(date(2026, 5, 1), 1)],
    )


def test_a_path_with_spaces_and_a_quote_is_fine(tmp_path: Path) -> None:
    path = make(tmp_path / "a folder's name" / "w.duckdb", "new")
    assert word(path) == "new"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '{out}'",
        "EXPORT DATABASE '{out}'",
        "ATTACH '{out}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "CREATE TABLE core.more AS SELECT 1",
        "DROP TABLE core.word",
        "UPDATE core.word SET word = 'changed'",
        "DETACH warehouse",
    ],
)
def test_a_query_reaches_no_other_file_and_changes_nothing(tmp_path: Path, sql: str) -> None:
    path = make(tmp_path / "w.duckdb")
    before = path.read_bytes()
    with pytest.raises(WarehouseError, match="the query failed"):
        query(path, sql.format(out=tmp_path / "out"))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["w.duckdb"]


def test_a_query_sees_no_variable_of_the_program(tmp_path: Path) -> None:
    path = make(tmp_path / "w.duckdb")
    with pytest.raises(WarehouseError, match="statements"):
        query(path, "SELECT * FROM statements")


@pytest.mark.parametrize("sql", ["", "SELECT 1; SELECT 2"])
def test_a_query_is_one_statement(tmp_path: Path, sql: str) -> None:
    with pytest.raises(WarehouseError, match="one SQL statement"):
        query(make(tmp_path / "w.duckdb"), sql)


def test_a_wrong_query_is_reported_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"LINE 1: SELECT wrod"):
        query(make(tmp_path / "w.duckdb"), "SELECT wrod FROM core.word")


def test_a_missing_warehouse_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"w\.duckdb: there is no warehouse; run `sco report`"):
        connect_read_only(tmp_path / "w.duckdb")


@pytest.mark.parametrize("body", [b"", b"not a database at all", b"\0" * 20000])
def test_a_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "w.duckdb"
    path.write_bytes(body)
    with pytest.raises(WarehouseError, match=r"w\.duckdb: .*delete it and run"):
        connect_read_only(path)


def test_a_truncated_warehouse_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = make(tmp_path / "w.duckdb")
    path.write_bytes(path.read_bytes()[:20000])
    with pytest.raises(WarehouseError, match=r"w\.duckdb: the warehouse is damaged"):
        query(path, "SELECT * FROM core.word")


def test_another_database_is_no_warehouse(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    duckdb.connect(path).close()
    with pytest.raises(WarehouseError, match=r"core\.build is missing"):
        connect_read_only(path)


def test_a_warehouse_that_another_process_writes_to_is_said_to_be_locked(tmp_path: Path) -> None:
    path = make(tmp_path / "w.duckdb")
    writer = python(
        """
        import sys, duckdb
        con = duckdb.connect(sys.argv[1])
        print("open", flush=True)
        sys.stdin.readline()
        """,
        path,
    )
    try:
        assert say(writer) == "open"
        with pytest.raises(WarehouseError, match=r"w\.duckdb: .* being written to; wait"):
            connect_read_only(path)
    finally:
        writer.communicate("\n")


def test_publishing_replaces_the_file_and_leaves_no_candidate(tmp_path: Path) -> None:
    target = make(tmp_path / "published" / "w.duckdb", "old")
    candidate = make(tmp_path / "published" / "candidate.duckdb", "new")
    publish(candidate, target)
    assert word(target) == "new"
    assert not candidate.exists()


def test_a_candidate_that_is_kept_outlives_the_next_publication(tmp_path: Path) -> None:
    target = tmp_path / "w.duckdb"
    first, second = make(tmp_path / "one.duckdb", "one"), make(tmp_path / "two.duckdb", "two")
    publish(first, target, keep=True)
    publish(second, target, keep=True)
    assert (word(first), word(second), word(target)) == ("one", "two", "two")
    assert sorted(p.name for p in tmp_path.glob("*.duckdb*")) == [
        "one.duckdb", "two.duckdb", "w.duckdb", "w.duckdb.lock",
    ]  # fmt: skip


def test_a_reader_in_another_process_goes_on_while_a_new_file_is_published(
    tmp_path: Path,
) -> None:
    target = make(tmp_path / "w.duckdb", "old")
    reader = python(
        """
        import sys
        from pathlib import Path
        from pipeline.warehouse.store import connect_read_only
        path = Path(sys.argv[1])
        con = connect_read_only(path)
        print(*con.execute("SELECT word FROM core.word").fetchone(), flush=True)
        sys.stdin.readline()
        again = connect_read_only(path)
        for c in (con, again):
            print(*c.execute("SELECT word FROM core.word").fetchone(), flush=True)
        """,
        target,
    )
    try:
        assert say(reader) == "old"
        publish(make(tmp_path / "candidate.duckdb", "new"), target)
        assert say(reader, "published") == "old"
        assert say(reader) == "new"
    finally:
        reader.communicate()
    assert word(target) == "new"


def test_a_reader_in_the_same_process_gets_the_new_file_beside_the_old_one(
    tmp_path: Path,
) -> None:
    target = make(tmp_path / "w.duckdb", "old")
    with connect_read_only(target) as old:
        publish(make(tmp_path / "candidate.duckdb", "new"), target)
        assert word(target) == "new"
        assert old.execute("SELECT word FROM core.word").fetchone() == ("old",)


def test_publishing_waits_for_the_lock_and_then_says_who_has_it(tmp_path: Path) -> None:
    target = make(tmp_path / "w.duckdb", "old")
    candidate = make(tmp_path / "candidate.duckdb", "new")
    with (
        FileLock(tmp_path / "w.duckdb.lock"),
        pytest.raises(WarehouseError, match=r"w\.duckdb\.lock: another process has held"),
    ):
        publish(candidate, target, timeout_s=0.1)
    assert word(target) == "old"
    assert word(candidate) == "new"


def test_a_candidate_that_a_crash_left_open_is_not_published(tmp_path: Path) -> None:
    target = make(tmp_path / "w.duckdb", "old")
    candidate = tmp_path / "candidate.duckdb"
    crashed = python(
        """
        import os, sys, duckdb
        con = duckdb.connect(sys.argv[1])
        con.execute("CREATE TABLE half AS SELECT 1")
        os._exit(1)
        """,
        candidate,
    )
    crashed.communicate()
    with pytest.raises(WarehouseError, match="left unfinished by a crash"):
        publish(candidate, target)
    assert word(target) == "old"


def test_publishing_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="no candidate"):
        publish(tmp_path / "candidate.duckdb", tmp_path / "w.duckdb")


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("in the way")
    with (
        pytest.raises(WarehouseError, match=r"folder/w\.duckdb: cannot write the warehouse: "),
        new_file(tmp_path / "folder" / "w.duckdb"),
    ):
        pass


def test_a_full_disk_is_one_sentence_and_leaves_no_half_file(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk: writing fails in the same way."""
    path = tmp_path / "w.duckdb"
    process = python(
        """
        import resource, signal, sys
        from pathlib import Path
        from pipeline.errors import WarehouseError
        from pipeline.warehouse.store import new_file
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        try:
            with new_file(Path(sys.argv[1])) as con:
                con.execute("CREATE TABLE much AS SELECT hash(i) AS i FROM range(1000000) AS t(i)")
        except WarehouseError as e:
            print(e)
        """,
        path,
    )
    out, _ = process.communicate()
    assert out.startswith(f"{path}: cannot write the warehouse: "), out
    assert len(out.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_failed_build_leaves_no_half_file(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"

    def build() -> None:
        with new_file(path) as con:
            con.execute("CREATE TABLE half AS SELECT 1")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        build()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [("catalog_sha256", "from another catalogue"), ("code_sha256", "by other code")],
)
def test_a_warehouse_of_another_origin_is_named_as_that(
    small: Small, changed: str, what: str
) -> None:
    small.add("IT.NET.USER.ZS", "2024-01-01", {("TJK", 2020): 1})
    small.build("2025-01-01")
    small.write("core.current")
    ours = {"catalog_sha256": small.catalog.sha256, "code_sha256": code_hash()}
    check_origin(small.path, **ours)
    with pytest.raises(WarehouseError, match=f"was built {what}; run `sco report`"):
        check_origin(small.path, **(ours | {changed: "f" * 64}))
