"""The command: exit codes, JSON, one sentence for what a user can mend, and help with examples."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from pipeline.settings import settings
from tests.conftest import Run
from tests.small_project import small_archive

EGDI = "economy,year,value\nCHN,2024,0.8718\nRUS,2024,0.8532\n"
PROVENANCE = """\
publisher: un_egdi
indicator: EGDI
vintage: 2026-09-17
vintage_basis: day of the release
source: https://example.org/egdi-2026.csv
"""


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_archive(tmp_path_factory.mktemp("archive") / "bundled", series=("SP.POP.TOTL",))


@pytest.fixture
def sco(run_sco: Run, bundled: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on a small archive."""
    monkeypatch.setenv("SCO_BUNDLED_DIR", str(bundled))
    settings.cache_clear()
    return run_sco


@pytest.fixture(autouse=True)
def _fresh_settings() -> None:
    settings.cache_clear()


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """A warehouse of one row, where ``sco sql`` looks for it."""
    path = tmp_path / "home" / "warehouse" / "warehouse.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA core; CREATE SCHEMA marts")
        con.execute("CREATE TABLE core.build AS SELECT DATE '2026-05-01' AS as_of")
        con.execute(
            "CREATE TABLE marts.words AS SELECT 'a, \"b\"' AS word, 0.1 AS number, NULL AS nothing"
        )
    return path


@pytest.mark.parametrize(
    "command",
    [(), ("report",), ("refresh",), ("check",), ("sql",), ("ui",), ("archive",),
     ("archive", "import"), ("archive", "list"), ("archive", "verify")],
)  # fmt: skip
def test_help_is_there_and_shows_an_example(sco: Run, command: tuple[str, ...]) -> None:
    code, out, _ = sco(*command, "--help")
    assert code == 0
    assert "Usage" in out
    if command not in {(), ("archive",)}:
        assert f"sco {' '.join(command)}" in " ".join(out.split()).replace("Usage: sco", "", 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "--as-of", "yesterday"), "'yesterday' is not a date; expected YYYY-MM-DD"),
        (("report", "--no-such-option"), "No such option"),
        (("sql",), "Missing argument"),
        (("sql", "--csv", "--json", "select 1"), "--csv or --json, not both"),
        (("refresh", "--publisher", "nobody"), "publisher 'nobody' cannot be asked; these can:"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_expected(
    sco: Run, arguments: tuple[str, ...], said: str
) -> None:
    code, _, err = sco(*arguments)
    assert code == 2
    assert said in " ".join(err.replace("│", " ").split())


def test_a_query_without_a_warehouse_says_how_to_make_one(sco: Run) -> None:
    code, out, err = sco("sql", "select 1")
    assert (code, out) == (1, "")
    assert "there is no warehouse; run `sco report` to build it" in err
    assert len(err.splitlines()) == 1


def test_a_query_answers_as_csv_as_json_and_as_a_table(sco: Run, warehouse: Path) -> None:
    _, as_csv, _ = sco("sql", "--csv", "from marts.words")
    assert list(csv.reader(io.StringIO(as_csv))) == [
        ["word", "number", "nothing"],
        ['a, "b"', "0.1", ""],
    ]
    _, as_json, _ = sco("sql", "--json", "from marts.words")
    assert json.loads(as_json) == [{"word": 'a, "b"', "number": "0.1", "nothing": None}]
    code, table, _ = sco("sql", "from marts.words")
    assert code == 0
    assert [line.split() for line in table.splitlines()] == [
        ["word", "number", "nothing"],
        ["a,", '"b"', "0.1"],
    ]


def test_a_wrong_query_ends_with_1_and_names_the_place(sco: Run, warehouse: Path) -> None:
    code, _, err = sco("sql", "from marts.no_such_table")
    assert code == 1
    assert "no_such_table" in err


@pytest.mark.parametrize("query", ["drop table marts.words", "create table x as select 1"])
def test_a_query_cannot_write(sco: Run, warehouse: Path, query: str) -> None:
    before = warehouse.read_bytes()
    code, _, err = sco("sql", query)
    assert code == 1
    assert "read-only" in err
    assert warehouse.read_bytes() == before


def test_a_query_cannot_read_other_files(sco: Run, warehouse: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    code, _, err = sco("sql", f"from read_csv('{tmp_path / 'secret.csv'}')")
    assert code == 1
    assert "disabled" in err


def test_the_archive_is_listed(sco: Run) -> None:
    code, out, _ = sco("archive", "list", "--indicator", "SP.POP.TOTL", "--json")
    listed = json.loads(out)
    assert code == 0
    assert {s["publisher"] for s in listed} == {"world_bank_wdi"}
    assert [s["vintage"] for s in listed] == sorted(s["vintage"] for s in listed)
    assert all(s["vintage_basis"] for s in listed)
    assert json.loads(sco("archive", "list", "--indicator", "NO.SUCH", "--json")[1]) == []


def test_the_archive_is_verified_and_a_flipped_byte_named(
    sco: Run, tmp_path: Path, bundled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sco("archive", "verify")[0] == 0
    (pack,) = (bundled / "packs").glob("*.xz")
    body = bytearray(pack.read_bytes())
    body[len(body) // 2] ^= 1
    other = tmp_path / "damaged"
    (other / "packs").mkdir(parents=True)
    (other / "packs" / "index.jsonl").write_bytes((bundled / "packs" / "index.jsonl").read_bytes())
    (other / "packs" / pack.name).write_bytes(body)
    monkeypatch.setenv("SCO_BUNDLED_DIR", str(other))
    settings.cache_clear()
    code, _, err = sco("archive", "verify")
    assert code == 1
    assert pack.name in err


def test_a_table_is_imported_once(sco: Run, tmp_path: Path) -> None:
    table = tmp_path / "egdi.csv"
    table.write_text(EGDI)
    table.with_suffix(".yaml").write_text(PROVENANCE)
    code, out, _ = sco("archive", "import", str(table), "--json")
    first = json.loads(out)
    assert (code, first["new"], first["rows"]) == (0, True, 2)
    again = json.loads(sco("archive", "import", str(table), "--json")[1])
    assert (again["new"], again["snapshot"]) == (False, first["snapshot"])


def test_a_wrong_table_is_named_with_row_and_value_and_nothing_is_archived(
    sco: Run, tmp_path: Path
) -> None:
    table = tmp_path / "egdi.csv"
    table.write_text(EGDI.replace("0.8532", "n/a"))
    table.with_suffix(".yaml").write_text(PROVENANCE)
    code, _, err = sco("archive", "import", str(table))
    assert code == 1
    assert "egdi.csv: row 3: value is 'n/a', expected a finite number as text" in err
    assert json.loads(sco("archive", "list", "--publisher", "un_egdi", "--json")[1]) == []


def test_an_unusable_setting_is_named_with_its_value(
    sco: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCO_AS_OF", "soon")
    settings.cache_clear()
    code, _, err = sco("report")
    assert code == 2
    assert "SCO_AS_OF='soon'" in err


def test_a_folder_that_cannot_be_written_is_named(
    sco: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in the way").write_text("a file")
    monkeypatch.setenv("SCO_HOME", str(tmp_path / "in the way" / "home"))
    settings.cache_clear()
    code, _, err = sco("report")
    assert code == 2
    assert "in the way" in err
    assert "must be writable" in err
