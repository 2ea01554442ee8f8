"""The chain behind claims and findings: page, data files and ``sco explain`` say the same."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import html5lib
import pytest

from pipeline.catalog import Catalog
from pipeline.explain.chain import explain_of, facts_of
from pipeline.ingest.archive import Archive
from pipeline.report.chain_view import chain_rows, chain_view
from pipeline.report.chains import CELLS_FILE, CELLS_SHOWN
from pipeline.report.content import Cell, Chain, ChainFigure, Finding, Origin, Report, Source
from pipeline.report.fonts import Faces
from pipeline.report.html import render_html
from pipeline.report.labels import exact
from pipeline.report.said_tables import CHAINS

BUDGET_BYTES = 3_000_000
CELL = Cell("INV.A", "NOR", "_Z", 2023, 1234567.25, "<units>", "office/1")
ORIGIN = Origin(
    "Invented (INV.A)", "Office", "release of 1\u00a0May 2026", "office/1", "ab" * 32, "INV.A",
    date(2026, 5, 1), "release date",
)  # fmt: skip


def chain_of(cells: int) -> Chain:
    own = tuple(replace(CELL, year=2000 + n) for n in range(cells))
    return Chain((("expression", "a < b"),), (("C06", 50.0),),
                 (ChainFigure("a", 2023, 2.5, None, own),
                  ChainFigure("b", 2023, 5.0, "members", ())), (ORIGIN,))  # fmt: skip


@pytest.fixture(scope="module")
def page(bundled_report: Report, faces: Faces) -> str:
    return render_html(bundled_report, faces=faces)


@pytest.fixture(scope="module")
def unfolded(page: str) -> Mapping[str, Any]:
    """What the page unfolds, by the name of the claim or the finding."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    found = {}
    for item in tree.iter("li"):
        name = str(item.get("id") or "")
        if name.startswith(("claim-", "finding-")):
            own = [d for d in item.iter("details") if d.get("class") == "chain"]
            found[name.split("-", 1)[1]] = own[0] if own else None
    return found


def text_of(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def cells_of(chain: Any) -> Iterator[tuple[str, ...]]:
    """Series, place, year, value and unit of each cell, and the hash of its release."""
    releases = [text_of(item) for item in chain.iter("li")]
    for row in chain.iter("tr"):
        cells = [text_of(cell) for cell in row.iter("td")]
        if len(cells) == 6:
            yield (*cells[:5], releases[int(cells[5]) - 1].rpartition("SHA-256 ")[2])


def names(report: Report) -> list[str]:
    return [f.id for f in report.findings] + [c.id for c in report.claim_cards()]


def test_the_page_unfolds_the_chain_that_sco_explain_prints(
    bundled: Path, catalog: Catalog, bundled_report: Report, unfolded: Mapping[str, Any]
) -> None:
    assert set(unfolded) == set(names(bundled_report))
    with duckdb.connect(str(bundled), read_only=True) as con:
        facts = facts_of(con, catalog)
        for name, shown in unfolded.items():
            found = explain_of(facts, name)
            hashes = {s.snapshot: s.sha256 for s in found.snapshots}
            expected = [
                (c.indicator, c.economy if c.counterpart == "_Z" else
                 f"{c.economy} – {c.counterpart}", str(c.year), exact(c.value), c.unit,
                 hashes[c.snapshot])
                for figure in found.figures for c in figure.cells[:CELLS_SHOWN]
            ]  # fmt: skip
            if shown is None:
                assert (expected, found.snapshots, found.told["arithmetic"]) == ([], (), {}), name
                continue
            assert list(cells_of(shown)) == expected, name
            said = text_of(shown)
            for field, text in found.told["arithmetic"].items():
                assert f"{field} {' '.join(text.split())}" in said, name
            for figure in found.figures:
                assert f"{figure.name} ({figure.year})" in said, name


def test_the_hashes_in_the_page_are_those_of_the_archive(
    bundled_archive: Archive, unfolded: Mapping[str, Any]
) -> None:
    archived = {s.snapshot: " ".join(p.sha256 for p in s.parts)
                for s in bundled_archive.snapshots()}  # fmt: skip
    shown = [text_of(li) for chain in unfolded.values() if chain is not None
             for li in chain.iter("li")]  # fmt: skip

    assert len(shown) > 40
    for text in shown:
        head, _, sha256 = text.rpartition(" SHA-256 ")
        assert archived[head.rpartition(" ")[2]] == sha256


# --- a finding follows from the cells of its chain


def cells(report: Report, finding: str) -> dict[str, dict[str, float]]:
    """Values by name in the arithmetic and by economy."""
    chain = next(f.chain for f in report.findings if f.id == finding)
    return {f.name: {c.economy: c.value for c in f.cells} for f in chain.figures}


def theil(outcome: Mapping[str, float], reference: Mapping[str, float]) -> float:
    s, p = ({c: x / sum(of.values()) for c, x in of.items()} for of in (outcome, reference))
    return sum(s[c] * math.log(s[c] / p[c]) for c in outcome)


def test_every_finding_follows_from_the_cells_of_its_chain(bundled_report: Report) -> None:
    found = {f.id: f.value for f in bundled_report.findings}

    own = cells(bundled_report, "concentration")
    exports, gdp = ({c: v for c, v in own[n].items() if c != "IND"} for n in ("exports", "gdp"))
    assert found["concentration"] == pytest.approx(theil(exports, gdp))
    own = cells(bundled_report, "world")
    share = 100 * sum(own["people"].values()) / own["people_of_the_world"]["WLD"]
    assert found["world"] == pytest.approx(share)
    online = cells(bundled_report, "online")["online"]
    assert found["online"] == sum(v > 80 for v in online.values())
    own = cells(bundled_report, "offline")
    assert found["offline"] == pytest.approx(
        sum(people * (100 - own["online"][c]) / 100 for c, people in own["people"].items())
    )
    offline = {c: 100 - v for c, v in cells(bundled_report, "sides")["online"].items()}
    assert found["sides"] == pytest.approx(theil(offline, dict.fromkeys(offline, 1.0)))
    assert set(found) == {"concentration", "world", "online", "offline", "sides"}


# --- what is shown of a chain, and what the data files hold


def test_text_of_a_chain_is_escaped_and_its_cells_are_bounded(
    sample_report: Report, faces: Faces
) -> None:
    lead = replace(sample_report.findings[0], chain=chain_of(CELLS_SHOWN + 3))
    page = render_html(
        replace(sample_report, findings=(lead, *sample_report.findings[1:])), faces=faces
    )
    (shown,) = (d for d in html5lib.parse(page, namespaceHTMLElements=False).iter("details")
                if d.get("class") == "chain")  # fmt: skip

    assert len(list(cells_of(shown))) == CELLS_SHOWN
    said = text_of(shown)
    assert f"… 3 more; all of them stand in {CELLS_FILE}" in said
    assert "expression a < b" in said
    assert "C06 50 in the article" in said
    assert "b (2023) 5, in marts.claim_facts: members" in said
    assert "1,234,567.25 <units>" in said
    assert "<units>" not in page


def test_nothing_is_unfolded_where_there_is_no_chain() -> None:
    assert chain_view(Chain()) is None


def test_a_number_is_said_with_every_digit_it_has() -> None:
    for value in (1450935791.0, 0.1 + 0.2, -1.5e-7, 3.9e12, 0.0):
        assert float(exact(value).replace(",", "")) == value
    assert exact(1450935791.0) == "1,450,935,791"


def rows(report: Report) -> list[dict[str, Any]]:
    names = tuple(column.name for column in CHAINS.columns)
    return [dict(zip(names, row, strict=True)) for row in chain_rows(report)]


def test_the_data_file_has_every_cell(bundled_report: Report) -> None:
    chains = {f.id: f.chain for f in bundled_report.findings}
    chains |= {c.id: c.chain for c in bundled_report.claim_cards()}
    expected = [
        (name, figure.name, cell.indicator, cell.economy, str(cell.year), cell.value)
        for name, chain in chains.items() for figure in chain.figures for cell in figure.cells
    ]  # fmt: skip

    found = [(r["name"], r["figure"], r["indicator"], r["economy"], str(r["year"]), r["value"])
             for r in rows(bundled_report)]  # fmt: skip
    assert found == expected
    assert len(found) > 200


def test_the_data_file_leaves_out_what_may_not_be_passed_on(sample_report: Report) -> None:
    closed = replace(CELL, indicator="CLS")
    chain = Chain(figures=(ChainFigure("a", 2023, None, None, (CELL, closed)),))
    finding: Finding = replace(sample_report.findings[0], chain=chain)
    sources: tuple[Source, ...] = sample_report.sources

    assert [s.indicators for s in sources if not s.redistributable] == [("CLS",)]
    assert [r["indicator"] for r in rows(replace(sample_report, findings=(finding,)))] == ["INV.A"]


def test_the_whole_page_stays_light(page: str) -> None:
    assert len(page.encode()) < BUDGET_BYTES
