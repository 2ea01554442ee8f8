"""Adding an indicator is one entry: fetch plan, checks, unit, age and inequality follow from it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalog import Catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.tables_import import import_table, load_provenance
from pipeline.settings import PROJECT_ROOT
from pipeline.validation.generated import range_id, ranges
from pipeline.warehouse.build import build_core, build_marts, query
from tests.catalog.conftest import Copy

CODE = "IT.SUP.COMP.P2"
ENTRY = """
IT.SUP.COMP.P2:
  name: Supercomputers
  short_name: Supercomputers
  unit: per 100 people
  publisher: world_bank_wdi
  pillar: connectivity
  kind: per_head
  direction: higher_is_better
  plausible: {minimum: 0, maximum: 60}
  max_age_years: 5
  aggregation: {method: weighted_mean, weight: SP.POP.TOTL}
  weightings: [share_unweighted]
"""
VALUES = {
    "BLR": 12, "CHN": 44, "IND": 9, "IRN": 11, "KAZ": 20, "KGZ": 3, "PAK": 2, "RUS": 30, "TJK": 1,
    "UZB": 6,
}  # fmt: skip
PROVENANCE = """
publisher: world_bank_wdi
indicator: IT.SUP.COMP.P2
vintage: 2025-07-01
vintage_basis: made up
source: https://example.org/supercomputers.csv
"""


@pytest.fixture
def extended(copy: Copy) -> Catalog:
    """The project's catalogue and one entry more."""
    copy.append("indicators/connectivity.yaml", ENTRY)
    return copy.load()


@pytest.fixture
def warehouse(extended: Catalog, tmp_path: Path) -> Path:
    """A table of the new indicator, imported and built."""
    archive = Archive(tmp_path / "archive")
    table, provenance = tmp_path / "supercomputers.csv", tmp_path / "provenance.yaml"
    rows = [f"{code},2024,{value}" for code, value in VALUES.items()]
    table.write_text("\n".join(("economy,year,value", *rows)) + "\n", "utf-8")
    provenance.write_text(PROVENANCE, "utf-8")
    imported = import_table(archive, table, load_provenance(provenance), extended)
    assert imported.new
    path = tmp_path / "warehouse.duckdb"
    build_core(path, archive, extended, date(2026, 1, 1), PROJECT_ROOT / "sql")
    build_marts(path, extended, PROJECT_ROOT / "sql")
    return path


def row(path: Path, sql: str) -> tuple[Any, ...]:
    ((*found,),) = query(path, sql)[1]
    return tuple(found)


def test_it_is_in_every_mart_with_what_the_entry_says(warehouse: Path) -> None:
    latest = row(
        warehouse,
        "SELECT published_value, unit, max_age_years FROM marts.latest_values"
        f" WHERE indicator = '{CODE}' AND economy = 'KAZ'",
    )
    inequality = row(
        warehouse,
        "SELECT n, max_min, published FROM marts.inequality"
        f" WHERE indicator = '{CODE}' AND member_set = 'sco_10'",
    )

    assert latest == (20.0, "per 100 people", 5)
    assert inequality == (10, 44.0, True)


def test_its_plausible_range_is_checked(extended: Catalog) -> None:
    (check,) = (e for e in ranges(extended) if e.id == range_id(CODE))

    assert check.table == "core.current"
    assert (check.kwargs["min_value"], check.kwargs["max_value"]) == (0, 60)
    assert check.severity == "warning"
    assert check.why.startswith("Supercomputers (per 100 people): the plausible range")


def test_a_refresh_asks_for_it(extended: Catalog, catalog: Catalog) -> None:
    asked = extended.indicators_of("world_bank_wdi", live=True)

    assert set(asked) - set(catalog.indicators_of("world_bank_wdi", live=True)) == {
        extended.indicators[CODE]
    }


def test_it_changes_the_hash_of_the_catalogue(extended: Catalog, catalog: Catalog) -> None:
    assert extended.sha256 != catalog.sha256
