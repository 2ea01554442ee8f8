"""What a claim, a finding or a figure rests on, link by link down to the archived bytes.

The chains are those that the page unfolds (``report.chains``); here they are found by name in the
current warehouse. Nothing is computed anew but the findings and exhibits themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, Literal

from pipeline.catalog.entry import PROJECT_SET
from pipeline.catalog.models import Catalog
from pipeline.errors import SettingsError, WarehouseError
from pipeline.report.build import EXHIBITS
from pipeline.report.content import ChainFigure, Exhibit, Finding, Origin
from pipeline.report.context import Context
from pipeline.report.facts import Facts
from pipeline.report.findings import key_findings
from pipeline.report.marts import Marts
from pipeline.report.origins import with_origins
from pipeline.wording import load_wording

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Explanation:
    """The chain behind one name. ``told`` are its fields in order; the rest are its links."""

    kind: Literal["claim", "finding", "figure"]
    name: str
    told: dict[str, Any]
    figures: tuple[ChainFigure, ...] = ()
    snapshots: tuple[Origin, ...] = ()


def explain(con: "duckdb.DuckDBPyConnection", catalog: Catalog, name: str) -> Explanation:
    """The chain behind a claim (C20), a finding (online) or a figure (internet_paths).

    Raises:
        SettingsError: nothing is called so, with the names that come near.
        WarehouseError: the warehouse was built from another catalogue.
    """
    return explain_of(facts_of(con, catalog), name)


def facts_of(con: "duckdb.DuckDBPyConnection", catalog: Catalog) -> Facts:
    """What the current warehouse says, to explain many names from: its tables are read once.

    Raises:
        WarehouseError: the warehouse was built from another catalogue.
    """
    return Facts(Context(Marts(con, PROJECT_SET), catalog, _as_of(con, catalog), load_wording()))


def explain_of(facts: Facts, name: str) -> Explanation:
    """The chain behind a name, from facts at hand.

    Raises:
        SettingsError: nothing is called so, with the names that come near.
        WarehouseError: it is a figure that has nothing to show.
    """
    context, catalog, as_of = facts.context, facts.context.catalog, facts.context.as_of
    if name.upper() in catalog.claims:
        return _claim(facts, name.upper())
    builders = {b.__name__: b for own in EXHIBITS.values() for b in own}
    if name in builders:
        exhibit = builders[name](facts)
        if exhibit is None:
            raise WarehouseError(f"{name}: nothing to show as of {as_of}, so there is no figure")
        return _figure(with_origins(context, exhibit))
    findings = {f.id: f for f in key_findings(facts)}
    if name in findings:
        return _finding(findings[name])
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


def _claim(facts: Facts, code: str) -> Explanation:
    con, chain = facts.context.marts.con, facts.claims.chains[code]
    result = con.execute("SELECT * FROM marts.claims WHERE claim_id = ?", [code])
    names = [column[0] for column in result.description or ()]
    row = dict(zip(names, result.fetchall()[0], strict=True))
    told = {name: row[name] for name in _CLAIM_FIELDS}
    told["arithmetic"] = dict(chain.arithmetic)
    told["said"] = dict(chain.said)
    told["remarks"] = list(facts.agreement.remarks(chain.figures))
    told["history"] = [
        {"seen_from": day, "year": year, "value": value, "verdict": verdict}
        for day, year, value, verdict in _rows(
            con,
            "SELECT seen_from, year, value_found, verdict FROM marts.claim_history "
            "WHERE claim_id = ? ORDER BY seen_from, newest DESC, year",
            code,
        )
    ]
    return Explanation("claim", code, told, chain.figures, chain.origins)


# --- findings and figures


def _finding(finding: Finding) -> Explanation:
    chain = finding.chain
    told = {
        "figure": finding.figure, "sentence": finding.sentence, "value": finding.value,
        "unit": finding.unit, "outcome": finding.outcome, "exhibit": finding.exhibit,
        "source": finding.source, "arithmetic": dict(chain.arithmetic),
        "series": _series(chain.origins), "remarks": list(finding.remarks),
    }  # fmt: skip
    return Explanation("finding", finding.id, told, chain.figures, chain.origins)


def _figure(exhibit: Exhibit) -> Explanation:
    told = {
        "title": exhibit.title, "subtitle": exhibit.subtitle, "kind": exhibit.kind,
        "rows": len(exhibit.table.rows),
        "columns": [column.label for column in exhibit.table.columns],
        "source": exhibit.source, "series": _series(exhibit.origins),
    }  # fmt: skip
    return Explanation("figure", exhibit.id, told, (), exhibit.origins)


def _series(origins: Sequence[Origin]) -> list[str]:
    return sorted({origin.indicator for origin in origins})


def _rows(
    con: "duckdb.DuckDBPyConnection", sql: str, *parameters: object
) -> Sequence[tuple[Any, ...]]:
    return con.execute(sql, list(parameters)).fetchall()
