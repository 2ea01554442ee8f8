"""Reading suites: the shipped ones are whole, and every mistake is named with file and field."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from pipeline.catalog import Catalog
from pipeline.errors import ExpectationError
from pipeline.validation.kinds import NO_ROWS
from pipeline.validation.model import Suite
from pipeline.validation.suites import load_suites, read_suite
from pipeline.warehouse.build import all_tables
from tests.conftest import SQL_DIR
from tests.validation.conftest import EXPECTATIONS

FILE = "marts.world_shares.yaml"
SOUND = """
table: marts.world_shares
about: Shares of the world.
key: [indicator, year, member_set]
expectations:
  - id: share_is_a_share
    type: expect_column_values_to_be_between
    kwargs: {column: share_pct, min_value: 0, max_value: 100}
    severity: critical
    why: A part is not more than the whole.
  - id: no_gap
    violations: SELECT * FROM marts.world_shares WHERE member_total IS NULL
    severity: warning
    why: A share of nothing is no share.
"""


def read(folder: Path, text: str) -> Suite:
    (folder / FILE).write_text(text, "utf-8")
    return read_suite(folder / FILE)


# --- The shipped suites


def test_every_table_of_figures_has_a_suite(suites: Mapping[str, Suite]) -> None:
    tables = {t.name for t in all_tables(SQL_DIR)}
    needed = {t for t in tables if t.startswith("marts.")} | {
        "core.observations", "core.snapshots", "core.corrections", "core.current",
        "core.goods_series",
    }  # fmt: skip
    assert set(suites) == needed


def test_every_suite_has_critical_expectations_beside_its_key(
    suites: Mapping[str, Suite],
) -> None:
    for table, suite in suites.items():
        assert sum(e.severity == "critical" for e in suite.expectations) >= 3, table


def test_keys_are_columns_of_their_tables(suites: Mapping[str, Suite]) -> None:
    columns = {t.name: {c.name for c in t.columns} for t in all_tables(SQL_DIR)}
    assert {t for t, suite in suites.items() if not columns[t].issuperset(suite.key)} == set()


def test_core_is_judged_without_marts(suites: Mapping[str, Suite]) -> None:
    # Marts are built only after core has passed.
    for table, suite in suites.items():
        if table.startswith("core."):
            assert [e.id for e in suite.expectations if "marts." in (e.query or "")] == []


# --- Reading


def test_a_suite_is_read_as_written(tmp_path: Path) -> None:
    suite = read(tmp_path, SOUND)
    share, gap = suite.expectations

    assert (suite.table, suite.source) == ("marts.world_shares", FILE)
    assert suite.key == ("indicator", "year", "member_set")
    assert share.kwargs == {"column": "share_pct", "min_value": 0, "max_value": 100}
    assert (share.severity, share.query, share.lists_violations) == ("critical", None, False)
    assert (gap.type, gap.kwargs, gap.lists_violations) == (NO_ROWS, {"value": 0}, True)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("about:", "abuot:", r"world_shares\.yaml: abuot: unknown field; did you mean 'about'\?"),
        ("table: marts.world_shares", "table: marts.shares", r"table: is 'marts\.shares', but"),
        ("about: Shares of the world.", "about: ''", r"about: a text is needed, found ''"),
        ("[indicator, year, member_set]", "year", r"key: a list of column names is needed"),
        ("[indicator, year, member_set]", "[]", r"key: a list of column names is needed"),
        ("id: no_gap", "id: share_is_a_share", r"share_is_a_share: id: stands there twice"),
        ("id: no_gap", "id: no-gap", r"id: 'no-gap' has more than letters, digits and _"),
        ("- id: no_gap\n    violations", "- violations", r"entry 2: id: a text is needed"),
        (
            "to_be_between", "to_be_betwen",
            r"share_is_a_share: type: 'expect_column_values_to_be_betwen' is unknown; did you "
            r"mean 'expect_column_values_to_be_between'\?",
        ),
        ("column: share_pct, ", "", r"kwargs: expect_column_values_to_be_between needs column"),
        ("min_value: 0, max", "min_valeu: 0, max", r"kwargs: min_valeu: unknown field; did you"),
        (", min_value: 0, max_value: 100", "", r"kwargs: give min_value or max_value; without"),
        ("kwargs: {column", "kwargs: [column", r"no YAML: .*line 8"),
        ("severity: critical", "severity: fatal", r"severity: 'fatal' is unknown; known are cri"),
        ("severity: critical", "severity: 1", r"severity: a text is needed, found 1"),
        ("why: A part is not more than the whole.", "", r"share_is_a_share: why: a text is needed"),
        ("violations: SELECT", "query: SELECT", r"no_gap: type: a text is needed, found None"),
        (
            "severity: warning", "severity: warning\n    kwargs: {value: 1}",
            r"no_gap: kwargs: not with 'violations'",
        ),
        ("severity: warning", "severity: warning\n    shows: year", r"no_gap: shows: a list of"),
        ("severity: warning", "severity: warning\n    row: 1", r"no_gap: row: unknown field"),
        ("expectations:", "expectations: []\nabout2:", r"about2: unknown field"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_entry_and_field(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    assert SOUND.count(old) >= 1
    with pytest.raises(ExpectationError, match=message) as raised:
        read(tmp_path, SOUND.replace(old, new, 1))
    assert str(raised.value).startswith(FILE)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected fields with values, found None"),
        ("- a\n", r"expected fields with values, found \['a'\]"),
        ("table: [", "no YAML: "),
        (SOUND.split("expectations:")[0], "expectations: a list of at least one is needed"),
        (SOUND.split("expectations:")[0] + "expectations: [7]", "entry 1: expected fields"),
    ],
)
def test_what_is_no_suite_at_all_is_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ExpectationError, match=message):
        read(tmp_path, text)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ExpectationError, match=r"world_shares\.yaml: cannot be read"):
        read_suite(tmp_path / FILE)


def test_a_folder_without_suites_is_named(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(ExpectationError, match=r"no suites \(\*\.yaml\) are there"):
        load_suites(tmp_path, catalog)


def test_the_shipped_files_name_no_field_twice() -> None:
    class Strict(yaml.SafeLoader):
        """Refuses a field that stands twice, where the last would win silently."""

    def mapping(loader: Strict, node: yaml.MappingNode) -> dict[object, object]:
        keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), (node.start_mark, keys)
        return {
            k: loader.construct_object(v, deep=True)
            for k, (_, v) in zip(keys, node.value, strict=True)
        }

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    for path in sorted(EXPECTATIONS.glob("*.yaml")):
        assert yaml.load(path.read_text("utf-8"), Strict)["table"] == path.stem
