"""What the tests of the warehouse share: a small catalogue and archive, and how to ask."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.catalog.models import (
    Aggregation,
    Bloc,
    Catalog,
    Complement,
    Economy,
    Group,
    Indicator,
    Licence,
    MemberSet,
    Membership,
    PlausibleRange,
    Publisher,
)
from pipeline.ingest.archive import Archive
from pipeline.ingest.sidecar import Sidecar, SidecarDraft
from pipeline.settings import PROJECT_ROOT
from pipeline.warehouse.build import (
    all_tables,
    build_core,
    build_marts,
    fill_core,
    fill_marts,
)
from pipeline.warehouse.store import connect_read_only
from tests.conftest import SQL_DIR

BUNDLED = PROJECT_ROOT / "pipeline" / "bundled"
TEN = ("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")
FOUNDERS = ("CHN", "KAZ", "KGZ", "RUS", "TJK", "UZB")
JOINED = {"IND": 2017, "PAK": 2017, "IRN": 2023, "BLR": 2024}
WDI = "world_bank_wdi"

Values = Mapping[tuple[str, int], str | float]
Flows = Mapping[tuple[str, str, int], str | float]
"""By reporter, partner and year."""


def _indicator(code: str, publisher: str = WDI, **fields: object) -> Indicator:
    standard: dict[str, object] = {
        "id": code,
        "publisher": publisher,
        "name": code,
        "short_name": code,
        "unit": "units",
        "pillar": "macro",
        "kind": "flow",
        "direction": "neutral",
        "plausible": PlausibleRange(minimum=-1e15, maximum=1e15),
    }
    return Indicator.model_validate(standard | fields)


def small_catalog() -> Catalog:
    """Ten members, the world, and the indicators that the marts treat specially."""
    total = Aggregation(method="sum")
    indicators = [
        _indicator("SP.POP.TOTL", kind="stock", aggregation=total),
        _indicator("NY.GDP.MKTP.CD", aggregation=total),
        _indicator(
            "BX.GSR.CCIS.CD",
            aggregation=total,
            weightings=(
                "totals",
                "per_capita_unweighted",
                "per_capita_population",
                "per_gdp_unweighted",
                "per_gdp_gdp",
                "per_services_services",
            ),
        ),
        _indicator("BX.GSR.CCIS.ZS", kind="share", weightings=("share_unweighted",)),
        _indicator("BX.GSR.NFSV.CD"),
        _indicator(
            "IT.NET.USER.ZS",
            kind="share",
            aggregation=Aggregation(method="weighted_mean", weight="SP.POP.TOTL"),
            weightings=("totals", "per_capita_population", "share_unweighted"),
            complement=Complement(id="IT.NET.USER.ZS.OFFLINE", name="Offline", short_name="Off"),
        ),
        _indicator("TRADE", publisher="imf_dots"),
    ]
    since = {c: date(2001, 6, 15) for c in FOUNDERS} | {c: date(y, 7, 4) for c, y in JOINED.items()}
    groups = {"big": ("CHN", "IND", "RUS"), "small": tuple(sorted({*TEN} - {"CHN", "IND", "RUS"}))}
    eight = tuple(c for c in TEN if c not in ("BLR", "IRN"))
    fixed = {"sco_10": TEN, "sco_8": eight, "sco_9_belarus": (*eight, "BLR")}
    return Catalog(
        economies={
            c: Economy(code=c, name=c, kind="aggregate" if c == "WLD" else "economy")
            for c in (*TEN, "WLD")
        },
        blocs={
            "sco": Bloc(
                id="sco",
                name="SCO",
                short_name="SCO",
                members=tuple(Membership(economy=c, since=since[c]) for c in TEN),
            )
        },
        groups={
            g: Group(id=g, scheme="article", bloc="sco", name=g, economies=codes)
            for g, codes in groups.items()
        },
        member_sets={
            s: MemberSet(id=s, name=s, bloc="sco", rule="fixed", economies=codes)
            for s, codes in fixed.items()
        }
        | {"sco_dated": MemberSet(id="sco_dated", name="dated", bloc="sco", rule="dated")},
        publishers={
            p: Publisher(
                id=p,
                name=p,
                short_name=p,
                dataset=p,
                url="https://example.org",
                licence=Licence(name="CC BY 4.0", redistributable=True),
                attribution=p,
                cadence_days=90,
            )
            for p in (WDI, "imf_dots")
        },
        indicators={i.id: i for i in indicators},
        sha256="0" * 64,
    )


class ArchiveOf:
    """An archive on a scratch disk, filled a snapshot at a time."""

    def __init__(self, folder: Path) -> None:
        self.archive = Archive(folder)

    def add(
        self,
        indicator: str,
        vintage: date,
        values: Values,
        *,
        publisher: str = WDI,
        source: str = "x",
    ) -> str:
        """Archive what ``values`` says by (economy, year); gives the snapshot's id."""
        rows = [f"{e},{y},{v}" for (e, y), v in sorted(values.items())]
        return self._add(indicator, vintage, ["economy,year,value", *rows], publisher, source)

    def add_flows(
        self,
        indicator: str,
        vintage: date,
        flows: Flows,
        *,
        estimated: Collection[tuple[str, str, int]] = (),
        publisher: str = "imf_dots",
    ) -> str:
        """Archive bilateral figures, of which some are estimates of the publisher."""
        rows = [
            f"{a},{b},{y},{v},{'E' if (a, b, y) in estimated else ''}"
            for (a, b, y), v in sorted(flows.items())
        ]
        head = "economy,counterpart,year,value,status"
        return self._add(indicator, vintage, [head, *rows], publisher, "x")

    def _add(
        self, indicator: str, vintage: date, lines: Sequence[str], publisher: str, source: str
    ) -> str:
        draft = SidecarDraft(
            publisher=publisher,
            indicators=(indicator,),
            vintage=vintage,
            vintage_basis="made up",
            licence="CC BY 4.0",
            attribution="made up",
            source=source,
            reader="tidy_csv",
            constants={"indicator": indicator},
        )
        body = "\n".join(lines) + "\n"
        return self.archive.add(draft, [body.encode()])[0].snapshot


class Part(Archive):
    """The bundled archive, but only the snapshots of some indicators."""

    def __init__(self, *indicators: str) -> None:
        super().__init__(None, BUNDLED)
        self.indicators = set(indicators)

    def snapshots(self) -> tuple[Sidecar, ...]:
        return tuple(s for s in super().snapshots() if self.indicators.issuperset(s.indicators))


_TABLE = re.compile(r"\b(?:core|marts|measures)\.\w+")


@dataclass
class Small:
    """The small world of a test: archive it, build it, ask it.

    Only the tables that a query names are built, and what they rest on: a test waits for no others.
    They are built in memory, unless a test asks for the file.
    """

    path: Path
    catalog: Catalog
    filled: ArchiveOf
    as_of: date = field(init=False)
    since: date | None = field(init=False)
    there: set[str] = field(init=False, default_factory=set)
    """The tables that are built."""
    memory: duckdb.DuckDBPyConnection | None = field(init=False, default=None)
    """Where they are built, if not in the file."""

    def add(self, indicator: str, vintage: str, values: Values, publisher: str = WDI) -> str:
        return self.filled.add(indicator, date.fromisoformat(vintage), values, publisher=publisher)

    def build(self, as_of: str, *, whole: bool = False, since: str | None = None) -> None:
        """Say of which day it is; and build its file, for a test that asks without ``rows``."""
        self.as_of = date.fromisoformat(as_of)
        self.since = date.fromisoformat(since) if since else None
        self.there.clear()
        self.memory = None
        if whole:
            self.write(*(t.name for t in all_tables(SQL_DIR)))

    def write(self, *names: str) -> None:
        """Build some tables into the file, with all that they rest on."""
        core, rest = _parts(names)
        build_core(
            self.path, self.filled.archive, self.catalog, self.as_of, SQL_DIR, core,
            since=self.since,
        )  # fmt: skip
        if rest:
            build_marts(self.path, self.catalog, SQL_DIR, rest)
        self.there.update(core, rest)

    def _make(self, names: Iterable[str]) -> duckdb.DuckDBPyConnection:
        """Build some tables in memory, with those that are there and all that they rest on."""
        core, rest = _parts(self.there.union(names))
        con = self.memory
        if con is None or not core <= self.there:
            con = duckdb.connect(":memory:")
            fill_core(
                con, self.filled.archive, self.catalog, self.as_of, SQL_DIR, core,
                since=self.since,
            )  # fmt: skip
        if rest:
            fill_marts(con, SQL_DIR, rest)
        self.there.update(core, rest)
        return con

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        named = set(_TABLE.findall(sql))
        if not named <= self.there:
            self.memory = self._make(named)
        if self.memory is not None:
            return self.memory.execute(sql).fetchall()
        with connect_read_only(self.path) as con:
            return con.execute(sql).fetchall()

    def row(self, sql: str) -> tuple[Any, ...]:
        (row,) = self.rows(sql)
        return row

    def cell(self, columns: str, indicator: str, **where: object) -> tuple[Any, ...]:
        """One row of marts.inequality."""
        given = " AND ".join(f"{k} = '{v}'" for k, v in where.items())
        return self.row(
            f"SELECT {columns} FROM marts.inequality WHERE indicator = '{indicator}' AND {given}"
        )


def _parts(names: Iterable[str]) -> tuple[set[str], set[str]]:
    """Some tables with all that they rest on: those of core, and the others."""
    wanted = {t.name for t in all_tables(SQL_DIR, set(names))}
    core = {name for name in wanted if name.startswith("core.")}
    return core, wanted - core


def make_small(folder: Path) -> Small:
    return Small(folder / "w.duckdb", small_catalog(), ArchiveOf(folder / "archive"))


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return make_small(tmp_path)


Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def ask(bundled: Path) -> Ask:
    """Rows of a query on the bundled warehouse."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        con: duckdb.DuckDBPyConnection = connect_read_only(bundled)
        try:
            return con.execute(sql).fetchall()
        finally:
            con.close()

    return rows
