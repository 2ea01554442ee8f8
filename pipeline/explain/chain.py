"""What a claim, a finding or a figure rests on, link by link down to the archived bytes.

Everything is read from the current warehouse and the catalogue that it was built from; nothing is
computed anew but the findings and exhibits themselves. Names are those of the report.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, Literal

from pipeline.catalog.entry import PROJECT_SET
from pipeline.catalog.models import Catalog
from pipeline.errors import SettingsError, WarehouseError
from pipeline.report.build import EXHIBITS
from pipeline.report.context import Context
from pipeline.report.facts import Facts
from pipeline.report.findings import key_findings
from pipeline.report.marts import Marts
from pipeline.report.wording import load_wording

if TYPE_CHECKING:
    import duckdb

    from pipeline.report.content import Exhibit, Finding


@dataclass(frozen=True)
class Snapshot:
    """Where figures come from: whose release, how its day is known, and the hash of its bytes."""

    snapshot: str
    publisher: str
    indicator: str
    vintage: date
    vintage_basis: str
    sha256: str


@dataclass(frozen=True)
class Cell:
    """A published value, as the catalogue may have corrected it."""

    indicator: str
    economy: str
    counterpart: str
    year: int
    value: float
    snapshot: str


@dataclass(frozen=True)
class FigureOfClaim:
    """A number of a claim's arithmetic with the cells that it is made of."""

    name: str
    year: int
    value: float
    fact: str | None
    """What marts.claim_facts calls it; it has no cells then."""
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Explanation:
    """The chain behind one name. ``told`` are its fields in order; the rest are its links."""

    kind: Literal["claim", "finding", "figure"]
    name: str
    told: dict[str, Any]
    figures: tuple[FigureOfClaim, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()


def explain(con: "duckdb.DuckDBPyConnection", catalog: Catalog, name: str) -> Explanation:
    """The chain behind a claim (C20), a finding (online) or a figure (internet_paths).

    Raises:
        SettingsError: nothing is called so, with the names that come near.
        WarehouseError: the warehouse was built from another catalogue.
    """
    as_of = _as_of(con, catalog)
    if name.upper() in catalog.claims:
        return _claim(con, catalog, name.upper())
    context = Context(Marts(con, PROJECT_SET), catalog, as_of, load_wording())
    facts = Facts(context)
    builders = {b.__name__: b for own in EXHIBITS.values() for b in own}
    if name in builders:
        exhibit = builders[name](facts)
        if exhibit is None:
            raise WarehouseError(f"{name}: nothing to show as of {as_of}, so there is no figure")
        return _figure(con, context, exhibit)
    findings = {f.id: f for f in key_findings(facts)}
    if name in findings:
        return _finding(con, context, findings[name])
    known = [*catalog.claims, *findings, *builders]
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    raise SettingsError(
        f"{name!r}: no claim, finding or figure is called so; "
        + (f"near are {', '.join(near)}" if near else "expected one of " + ", ".join(known))
    )


def _as_of(con: "duckdb.DuckDBPyConnection", catalog: Catalog) -> date:
    as_of, sha256 = _rows(con, "SELECT as_of, catalog_sha256 FROM core.build")[0]
    if sha256 != catalog.sha256:
        raise WarehouseError(
            "the warehouse was built from another catalogue; run `sco report` to build it again"
        )
    found: date = as_of
    return found


# --- claims

_CLAIM_FIELDS: Final = (
    "claim", "verdict", "reason", "kind", "value_claimed", "tolerance_pct", "value_found", "unit",
    "year_claimed", "year", "distance_pct", "vintage", "repeats",
)  # fmt: skip


def _claim(con: "duckdb.DuckDBPyConnection", catalog: Catalog, code: str) -> Explanation:
    entry = catalog.claim(code)
    result = con.execute("SELECT * FROM marts.claims WHERE claim_id = ?", [code])
    names = [column[0] for column in result.description or ()]
    row = dict(zip(names, result.fetchall()[0], strict=True))
    told = {name: row[name] for name in _CLAIM_FIELDS}
    figures_used, snapshots, seen_from = row["figures"], row["snapshots"], row["seen_from"]
    told["arithmetic"] = dict(entry.arithmetic())
    told["history"] = [
        {"seen_from": day, "year": year, "value": value, "verdict": verdict}
        for day, year, value, verdict in _rows(
            con,
            "SELECT seen_from, year, value_found, verdict FROM marts.claim_history "
            "WHERE claim_id = ? ORDER BY seen_from, newest DESC, year",
            code,
        )
    ]
    figures = tuple(
        _figure_of_claim(con, code, seen_from, *pair.split(":")) for pair in figures_used.split()
    )
    return Explanation("claim", code, told, figures, _snapshots(con, snapshots.split()))


def _figure_of_claim(
    con: "duckdb.DuckDBPyConnection", code: str, seen_from: date, name: str, year: str
) -> FigureOfClaim:
    ((value, fact),) = _rows(
        con,
        "SELECT f.value, any_value(c.fact) FROM marts.claim_figures AS f "
        "INNER JOIN core.claim_cells AS c ON c.claim_id = f.claim_id AND c.figure = f.figure "
        "WHERE f.claim_id = ? AND f.seen_from = ? AND f.figure = ? AND f.year = ? GROUP BY ALL",
        code, seen_from, name, int(year),
    )  # fmt: skip
    cells = _rows(
        con,
        "SELECT v.indicator, v.economy, v.counterpart, v.year, v.value, v.snapshot "
        "FROM core.claim_cells AS c "
        "INNER JOIN core.indicators AS i ON i.indicator = c.indicator "
        "INNER JOIN core.current AS v ON v.publisher = i.publisher AND v.indicator = c.indicator "
        "AND v.economy = c.economy AND v.counterpart = c.counterpart "
        "AND v.year - c.year_shift - ? BETWEEN 1 - c.over_years AND 0 "
        "WHERE c.claim_id = ? AND c.figure = ? ORDER BY ALL",
        int(year), code, name,
    )  # fmt: skip
    return FigureOfClaim(name, int(year), value, fact, tuple(Cell(*cell) for cell in cells))


# --- findings and figures


def _finding(con: "duckdb.DuckDBPyConnection", context: Context, finding: "Finding") -> Explanation:
    told = {
        "figure": finding.figure, "sentence": finding.sentence, "value": finding.value,
        "unit": finding.unit, "outcome": finding.outcome, "exhibit": finding.exhibit,
        "source": finding.source,
    }  # fmt: skip
    return _with_series(con, context, "finding", finding.id, told)


def _figure(con: "duckdb.DuckDBPyConnection", context: Context, exhibit: "Exhibit") -> Explanation:
    told = {
        "title": exhibit.title, "subtitle": exhibit.subtitle, "kind": exhibit.kind,
        "rows": len(exhibit.table.rows),
        "columns": [column.label for column in exhibit.table.columns],
        "source": exhibit.source,
    }  # fmt: skip
    return _with_series(con, context, "figure", exhibit.id, told)


def _with_series(
    con: "duckdb.DuckDBPyConnection", context: Context, kind: Literal["finding", "figure"],
    name: str, told: dict[str, Any],
) -> Explanation:  # fmt: skip
    heard = context.behind(str(told["source"]))
    series = sorted({s.indicator for s in heard})
    found = _snapshots(con, (s.snapshot for s in heard))
    snapshots = tuple(s for s in found if s.indicator in series)
    return Explanation(kind, name, told | {"series": series}, (), snapshots)


def _snapshots(con: "duckdb.DuckDBPyConnection", names: Iterable[str]) -> tuple[Snapshot, ...]:
    rows = _rows(
        con,
        "SELECT snapshot, publisher, indicator, vintage, vintage_basis, sha256 "
        "FROM core.snapshots WHERE list_contains(?, snapshot) ORDER BY ALL",
        sorted(set(names)),
    )
    return tuple(Snapshot(*row) for row in rows)


def _rows(
    con: "duckdb.DuckDBPyConnection", sql: str, *parameters: object
) -> Sequence[tuple[Any, ...]]:
    return con.execute(sql, list(parameters)).fetchall()
