"""``sco explain``: the chain from a claim, a finding or a figure to the hashes of the bytes."""

import hashlib
import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from pipeline.catalog import Catalog
from pipeline.errors import WarehouseError
from pipeline.explain.chain import explain, explain_of, facts_of
from pipeline.ingest.archive import Archive
from pipeline.report.build import exhibit_ids
from pipeline.settings import settings
from pipeline.warehouse.store import connect_read_only
from tests.conftest import Run


@pytest.fixture
def sco(run_sco: Run, bundled: Path) -> Run:
    """Run ``sco explain`` on the bundled warehouse."""
    settings.cache_clear()
    path = settings().warehouse_path
    path.parent.mkdir(parents=True)
    shutil.copy(bundled, path)
    return partial(run_sco, "explain")


def test_a_claim_is_followed_to_the_archived_bytes(sco: Run, bundled_archive: Archive) -> None:
    code, out, _ = sco("C20", "--json")
    found = json.loads(out)

    assert (code, found["kind"], found["told"]["verdict"]) == (0, "claim", "outdated")
    assert found["told"]["arithmetic"] == {"expression": "online"}
    (figure,) = found["figures"]
    (cell,) = figure["cells"]
    assert figure["value"] == cell["value"] == found["told"]["value_found"]
    (snapshot,) = found["snapshots"]
    assert cell["snapshot"] == snapshot["snapshot"]
    (sidecar,) = [s for s in bundled_archive.snapshots() if s.snapshot == snapshot["snapshot"]]
    hashes = [hashlib.sha256(body).hexdigest() for body in bundled_archive.read(sidecar)]
    assert snapshot["sha256"].split() == hashes
    told = [(s["seen_from"], round(s["value"], 1)) for s in found["told"]["history"]
            if s["year"] == 2021]  # fmt: skip
    assert told == [("2024-11-05", 28.3), ("2025-04-15", 49.8), ("2026-04-08", 36.7)]


def test_the_cells_of_a_figure_add_up_to_it(sco: Run) -> None:
    for claim in ("C04", "C26", "C31"):
        _, out, _ = sco(claim, "--json")
        for figure in json.loads(out)["figures"]:
            years = {cell["year"] for cell in figure["cells"]}
            total = sum(cell["value"] for cell in figure["cells"])
            assert figure["value"] == pytest.approx(total / len(years)), (claim, figure["name"])


def test_a_claim_is_found_in_small_letters_and_a_fact_is_named(sco: Run) -> None:
    code, out, _ = sco("c23")

    assert code == 0
    assert out.startswith("claim C23\n")
    assert ", fact theil_left_without_one_pct" in out
    assert "sha256" in out


def test_a_finding_says_its_sentence_rule_and_series(sco: Run) -> None:
    code, out, _ = sco("offline", "--json")
    found = json.loads(out)

    assert (code, found["kind"], found["told"]["exhibit"]) == (0, "finding", "offline_states")
    assert found["told"]["outcome"]
    assert found["told"]["sentence"].endswith(".")
    assert found["told"]["series"] == ["IT.NET.USER.ZS", "SP.POP.TOTL"]
    assert {s["indicator"] for s in found["snapshots"]} == set(found["told"]["series"])
    assert found["told"]["arithmetic"] == {"expression": "sum of people × (100 − online) / 100"}
    assert [f["name"] for f in found["figures"]] == ["people", "online"]
    assert {c["snapshot"] for f in found["figures"] for c in f["cells"]} == {
        s["snapshot"] for s in found["snapshots"]
    }


def test_numbers_of_the_article_are_told_apart_from_cells(sco: Run) -> None:
    _, out, _ = sco("C08")

    assert "  C06 = 50 in the article\n" in out
    assert "  claimed = 40 in the article\n" in out
    assert "    NY.GDP.MKTP.CD CHN 2024 = " in out
    assert " current US$  from world_bank_wdi/" in out


def test_a_figure_says_its_title_rows_and_series(sco: Run) -> None:
    code, out, _ = sco("internet_paths")

    assert code == 0
    assert "figure internet_paths\n  title: " in out
    assert "  rows: " in out
    assert "  series: IT.NET.USER.ZS\n  snapshot world_bank_wdi/" in out


@pytest.mark.slow
def test_every_exhibit_can_be_traced_to_snapshots(bundled: Path, catalog: Catalog) -> None:
    con = connect_read_only(bundled)
    try:
        facts = facts_of(con, catalog)
        untraced = [name for name in exhibit_ids() if not explain_of(facts, name).snapshots]
    finally:
        con.close()
    assert untraced == []


def test_an_unknown_name_is_answered_with_those_near_it(sco: Run) -> None:
    code, out, err = sco("internet_path")

    assert (code, out) == (2, "")
    assert err.startswith("sco: 'internet_path': no claim, finding or figure is called so; ")
    assert "internet_paths" in err


def test_a_warehouse_of_another_catalogue_is_not_explained(bundled: Path, catalog: Catalog) -> None:
    con = connect_read_only(bundled)
    try:
        with pytest.raises(WarehouseError, match="another catalogue; run `sco report`"):
            explain(con, catalog.model_copy(update={"sha256": "0" * 64}), "C20")
    finally:
        con.close()
