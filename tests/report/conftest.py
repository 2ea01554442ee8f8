"""What the tests of the report share: a report of invented figures, with one of everything, for
the renderers, and a small warehouse that says what a test lets it say, for the findings."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest
from pydantic import AnyUrl

from pipeline import rounding
from pipeline.catalog.models import (
    Bloc,
    Break,
    Catalog,
    Complement,
    Economy,
    Indicator,
    Licence,
    MemberSet,
    Membership,
    PlausibleRange,
    Publisher,
)
from pipeline.inputs import code_hash
from pipeline.report import svg
from pipeline.report.build import build_report
from pipeline.report.charts.text import width
from pipeline.report.content import (
    Chart,
    Column,
    Exhibit,
    Finding,
    Hover,
    MethodBox,
    Note,
    Paragraph,
    Report,
    Section,
    Source,
    Span,
    Table,
)
from pipeline.report.context import Context
from pipeline.report.facts import Facts
from pipeline.report.findings import key_findings
from pipeline.report.fonts import Faces, prepare_fonts
from pipeline.report.marts import Marts
from pipeline.settings import settings
from pipeline.wording import load_wording

EDITION = "2026-05-01-0123abcd"
YEARS = (2020, 2021, 2022, 2023)
STATES = {"Northland": ("#B3262E", 60.25), "Southland": ("#1F5FA8", 40.125)}


def value(state: str, year: int) -> float:
    return STATES[state][1] + (year - YEARS[0]) * 2.5


def drawing(width: int, height: int) -> str:
    """A chart as the charts of the project are: shapes and text, ids, colours as attributes."""
    step = (width - 120) / (len(YEARS) - 1)
    grid = "".join(
        f'<line x1="30" x2="{width - 80}" y1="{y}" y2="{y}" stroke="#DFE4E8"/>'
        f'<text x="2" y="{y + 4}" font-size="11" fill="#5A6875">{100 - y // 2}</text>'
        for y in (20, 120, 220)
    )
    paths = "".join(
        f'<path clip-path="url(#c0)" fill="none" stroke="{colour}" stroke-width="2" d="M'
        + "L".join(f"{30 + i * step:.2f},{220 - 2 * value(s, y):.2f}" for i, y in enumerate(YEARS))
        + f'"/><text x="{width - 76}" y="{220 - 2 * value(s, YEARS[-1]):.2f}" font-size="11" '
        f'font-weight="600" fill="{colour}">{s}</text>'
        for s, (colour, _) in STATES.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><defs><clipPath id="c0"><rect width="{width}" '
        f'height="{height}"/></clipPath></defs><g font-family="SCO Sans, sans-serif">'
        f"{grid}{paths}</g></svg>"
    )


def _paths() -> Exhibit:
    rows = tuple(
        {"state": s, "year": y, "value": value(s, y), "flag": None} for s in STATES for y in YEARS
    )
    stops = tuple(
        Hover(
            str(year),
            30 + i * (660 - 120) / 3,
            30 + i * (350 - 120) / 3,
            tuple((s, rounding.text(value(s, year), 1), STATES[s][0]) for s in STATES),
        )
        for i, year in enumerate(YEARS)
    )
    return Exhibit(
        id="paths",
        kind="figure",
        number=1,
        title="Northland leads <b>& stays</b> ahead",
        subtitle="Invented measure, % of people, 2020–2023",
        alt="Line chart. Northland rises from 60 to 68, Southland from 40 to 48.",
        source="Invented Office, release of 1 May 2026",
        note="Every figure here is invented.",
        table=Table(
            (
                Column("state", "Member"),
                Column("year", "Year", "year"),
                Column("value", "Online", "number", 1, "% of people"),
                Column("flag", "Flag"),
            ),
            rows,
        ),
        chart=Chart(drawing(660, 240), drawing(350, 240), stops),
    )


def _bars() -> Exhibit:
    return replace(
        _paths(),
        id="bars",
        number=2,
        title="A second picture, with nothing to hover for",
        chart=Chart(drawing(660, 240), drawing(350, 240)),
    )


def _table() -> Exhibit:
    return Exhibit(
        id="grid",
        kind="table",
        number=1,
        title="Values as a table",
        subtitle="Invented measure, points",
        alt="Table of two members.",
        source="Invented Office, release of 1 May 2026",
        note="",
        table=Table(
            (Column("state", "Member"), Column("value", "Change", "number", 2, "points")),
            (
                {"state": "=Northland", "value": -1234.005},
                {"state": "Southland", "value": None},
                {"state": "Westland", "value": 0.1 + 0.2},
            ),
        ),
    )


def make_report() -> Report:
    text = (
        Span("Use rose to "),
        Span("68 %", "number", "lead"),
        Span(" in <script>alert(1)</script> #land *and* _there_ $x$ @y `z` \\n"),
        Span("", "note", "all-ages"),
        Span(", as "),
        Span("the first figure", "link", "#paths"),
        Span(" and "),
        Span("the office", "link", "https://example.org/data?a=1&b=2"),
        Span(" show", "strong"),
        Span(" again", "emphasis"),
        Span("", "note", "break"),
        Span(" and again", "text"),
        Span("", "note", "all-ages"),
        Span("."),
    )
    return Report(
        title="Invented figures & other things",
        standfirst="Two states, one measure, and nothing of it is true.",
        bloc="none",
        edition=EDITION,
        as_of=date(2026, 5, 1),
        newest_vintage=date(2026, 4, 8),
        findings=(
            Finding("lead", "68 %", "of Northland is online.", 67.75, "%", "rises", "paths",
                    "Invented Office, release of 1 May 2026"),
            Finding("gap", "0.744 → 0.020", "an index, with and without one.", 0.744, "",
                    "falls", None, "Invented Office, release of 1 May 2026"),
        ),
        sections=(
            Section("online", "Who is online", (Paragraph(text), _paths(), _bars())),
            Section("change", "What changed", (Paragraph((Span("Little."),)), _table())),
            Section("method", "Method", (
                MethodBox("How it is done", ((Span("T = Σ s ln(s/p), ceiling ln n."),),)),
            )),
        ),
        notes=(
            Note("break", (Span("A break in the series."),)),
            Note("all-ages", (Span("All ages, as "), Span("defined", "link", "#method"),
                              Span(" by the office."))),
        ),
        sources=(
            Source("Invented Office", "Invented Indicators", "https://example.org/", "CC BY 4.0",
                   "Invented Indicators, Invented Office", date(2025, 1, 2), date(2026, 4, 8), 3,
                   ("INV.A", "INV.B"), True),
            Source("Closed Office", "Closed Index", "https://example.org/closed", "CC BY-NC-SA",
                   "Closed Index", date(2024, 9, 12), date(2024, 9, 12), 1, ("CLS",), False),
        ),
        cite_as="Invented figures & other things. Edition 2026-05-01-0123abcd.",
        warnings=((Span("Closed Index", "strong"), Span(" is older than it should be.")),),
        dark_colours={"#DFE4E8": "#2C3742", "#5A6875": "#A3AEB9", "#B3262E": "#FF8A8F",
                      "#1F5FA8": "#6CB0F5"},
    )  # fmt: skip


@pytest.fixture(scope="session")
def sample_report() -> Report:
    return make_report()


@pytest.fixture(scope="session")
def faces() -> Faces:
    """The project's own cache: the faces are made at set-up, and making them takes a while."""
    return prepare_fonts(settings().cache_dir)


@pytest.fixture(scope="session")
def edition_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables that an edition takes from a warehouse, with one row each way."""
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    tables = {
        "core.build(as_of, since, archive_sha256, catalog_sha256, code_sha256)": (
            "(DATE '2026-05-01', DATE '2025-07-31', repeat('a', 64), repeat('c', 64), "
            f"'{code_hash()}')"
        ),
        "core.publishers(publisher, licence, redistributable)": (
            "('office', 'CC BY 4.0', true), ('closed', 'CC BY-NC-SA', false)"
        ),
        "core.indicators(indicator, publisher)": "('INV.A', 'office'), ('CLS', 'closed')",
        "core.economies(economy, name)": "('NOR', '=1+1'), ('SOU', 'Southland')",
        "core.breaks(indicator, economy)": "('INV.A', 'NOR')",
        "core.goods_series(publisher, indicator, flow, state)": (
            "('office', 'INV.A', 'exports', 'speaks')"
        ),
        "core.groups(scheme, economy)": "('north_south', 'NOR')",
        "core.member_sets(member_set, year, economy)": "('all', 2020::SMALLINT, 'NOR')",
        "core.targets(target, indicator)": "('T1', 'INV.A')",
        "core.corrections(correction, indicator, year, found)": (
            "('c1', 'INV.A', 2020::SMALLINT, 1.0::DOUBLE), ('c2', 'CLS', 2020, 2)"
        ),
        "core.current(publisher, indicator, economy, counterpart, year, value, snapshot)": (
            "('office', 'INV.A', 'NOR', '_Z', 2020::SMALLINT, 1.5::DOUBLE, 'office/1'), "
            "('office', 'INV.A', 'SOU', '_Z', 2021, 'inf', 'office/1'), "
            "('office', 'INV.A', 'ABW', '_Z', 2020, 3, 'office/1'), "
            "('closed', 'CLS', 'NOR', '_Z', 2020, 2, 'closed/1')"
        ),
        "core.weightings(indicator, base_indicator)": "('INV.A', 'INV.A'), ('CLS.REST', 'CLS')",
        "core.snapshots(snapshot, indicator, vintage, sha256)": (
            "('office/1', 'INV.A', DATE '2026-04-08', '11'), "
            "('office/2', 'INV.A', DATE '2026-05-02', '22'), "
            "('closed/1', 'CLS', DATE '2024-09-12', '33')"
        ),
        "marts.latest_values(indicator, value)": (
            "('INV.A', 1.5::DOUBLE), ('CLS', 2), ('CLS.REST', 98)"
        ),
        "marts.claims(claim_id, left_out)": "('C1', ''), ('C2', 'NOR')",
    }
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA core; CREATE SCHEMA marts")
        for head, rows in tables.items():
            name, _, columns = head.partition("(")
            con.execute(f"CREATE TABLE {name} AS FROM (VALUES {rows}) AS t({columns}")
    return path


# --- a small warehouse whose marts say what a test lets them say

AS_OF = date(2026, 5, 1)
ONLINE = "IT.NET.USER.ZS"
OFFLINE = "IT.NET.USER.ZS.OFFLINE"
ICT_EXPORTS = "BX.GSR.CCIS.CD"
SERIES = (
    ONLINE, "SP.POP.TOTL", "NY.GDP.MKTP.CD", "NY.GDP.MKTP.PP.CD", ICT_EXPORTS, "BX.GSR.CCIS.ZS",
)  # fmt: skip
NAMES = {
    "BLR": "Belarus", "CHN": "China", "IND": "India", "IRN": "Iran", "KAZ": "Kazakhstan",
    "KGZ": "Kyrgyzstan", "PAK": "Pakistan", "RUS": "Russia", "TJK": "Tajikistan",
    "UZB": "Uzbekistan",
}  # fmt: skip
CELL = "indicator VARCHAR, year SMALLINT, weighting VARCHAR, member_set VARCHAR, "
TABLES = {
    "core.build": "as_of DATE, since DATE",
    "core.corrections": "indicator VARCHAR, economy VARCHAR, year SMALLINT, found DOUBLE, "
    "value DOUBLE, state VARCHAR, reason VARCHAR, evidence VARCHAR",
    "core.current": "publisher VARCHAR, indicator VARCHAR, economy VARCHAR, counterpart VARCHAR, "
    "year SMALLINT, value DOUBLE, unit VARCHAR, snapshot VARCHAR, status VARCHAR, "
    "corrected BOOLEAN",
    "core.goods_series": "publisher VARCHAR, indicator VARCHAR, flow VARCHAR, state VARCHAR",
    "core.indicators": "indicator VARCHAR, publisher VARCHAR",
    "core.snapshots": "snapshot VARCHAR, publisher VARCHAR, indicator VARCHAR, vintage DATE, "
    "vintage_basis VARCHAR, is_current BOOLEAN, rank_in_vintage SMALLINT, sha256 VARCHAR",
    "core.claim_cells": "claim_id VARCHAR, figure VARCHAR, indicator VARCHAR, fact VARCHAR, "
    "economy VARCHAR, counterpart VARCHAR, year_shift TINYINT, over_years TINYINT",
    "core.claims": "claim_id VARCHAR, economies VARCHAR, value DOUBLE, expression VARCHAR, "
    "rivals VARCHAR, beside VARCHAR",
    "core.index_indicators": "index_id VARCHAR, position SMALLINT, indicator VARCHAR",
    "core.index_plans": "index_id VARCHAR, name VARCHAR, member_set VARCHAR",
    "core.targets": "target VARCHAR, name VARCHAR, issuer VARCHAR, deadline SMALLINT, "
    "indicator VARCHAR, counts_from DOUBLE, counts_basis VARCHAR",
    "marts.convergence": "indicator VARCHAR, who VARCHAR, measure VARCHAR, first_year SMALLINT, "
    "year SMALLINT, left_out VARCHAR, value DOUBLE, n SMALLINT, members VARCHAR, "
    "published BOOLEAN",
    "marts.digital_economy_sizes": "size VARCHAR, economy VARCHAR, band VARCHAR, year SMALLINT, "
    "value DOUBLE, unit VARCHAR, bound VARCHAR, definition VARCHAR, reported_by VARCHAR, "
    "of_gdp_pct DOUBLE, of_gdp_basis VARCHAR, ict_exports_of_gdp_pct DOUBLE, reason VARCHAR",
    "marts.digital_service_exports": "indicator VARCHAR, economy VARCHAR, year SMALLINT, "
    "value_usd DOUBLE, per_head_usd DOUBLE, of_gdp_pct DOUBLE, of_service_exports_pct DOUBLE",
    "marts.distributions": CELL + "economy VARCHAR, outcome DOUBLE, reference DOUBLE",
    "marts.index_comparison": "index_id VARCHAR, indicator VARCHAR, year SMALLINT, "
    "economy VARCHAR, index_rank DOUBLE, other_rank DOUBLE, n SMALLINT, spearman DOUBLE",
    "marts.index_history_by_vintage": "index_id VARCHAR, seen_from DATE, year SMALLINT, "
    "part VARCHAR, economy VARCHAR, score DOUBLE, rank DOUBLE, n_released SMALLINT, "
    "published BOOLEAN",
    "marts.index_leave_one_out": "index_id VARCHAR, year SMALLINT, indicator VARCHAR, "
    "economy VARCHAR, rank_change DOUBLE, mean_shift DOUBLE",
    "marts.index_pillars": "index_id VARCHAR, economy VARCHAR, year SMALLINT, pillar VARCHAR, "
    "score DOUBLE, median DOUBLE, gap DOUBLE, weight DOUBLE, published BOOLEAN",
    "marts.index_scores": "economy VARCHAR, year SMALLINT, aggregation VARCHAR, score DOUBLE, "
    "rank DOUBLE, rank_low DOUBLE, rank_high DOUBLE, band SMALLINT, index_id VARCHAR, "
    "n_filled SMALLINT, oldest_year SMALLINT, published BOOLEAN",
    "marts.index_sensitivity": "index_id VARCHAR, year SMALLINT, output VARCHAR, "
    "factor VARCHAR, first_order DOUBLE, total DOUBLE",
    "marts.inequality": CELL + "n SMALLINT, members VARCHAR, missing VARCHAR, theil_t DOUBLE, "
    "value_range DOUBLE, ceiling DOUBLE, published BOOLEAN, reason VARCHAR",
    "marts.inequality_contributions": CELL + "economy VARCHAR, outcome_share DOUBLE, "
    "reference_share DOUBLE, contribution DOUBLE",
    "marts.inequality_groups": CELL + "scheme VARCHAR, group_id VARCHAR, outcome_share DOUBLE, "
    'reference_share DOUBLE, "between" DOUBLE, "within" DOUBLE',
    "marts.inequality_leave_one_out": CELL + "left_out VARCHAR, n SMALLINT, theil_t DOUBLE, "
    "ceiling DOUBLE",
    "marts.latest_values": "indicator VARCHAR, economy VARCHAR, year SMALLINT, "
    "published_value DOUBLE, age_years SMALLINT, reason VARCHAR",
    "marts.member_aggregates": "indicator VARCHAR, year SMALLINT, member_set VARCHAR, "
    "value DOUBLE, n SMALLINT, missing VARCHAR, published BOOLEAN",
    "marts.publisher_agreement": "concept VARCHAR, economy VARCHAR, counterpart VARCHAR, "
    "year SMALLINT, indicator VARCHAR, value_preferred DOUBLE, value_other DOUBLE, "
    "difference DOUBLE, relative_pct DOUBLE, distance DOUBLE, tolerance DOUBLE, "
    "within_tolerance BOOLEAN, published BOOLEAN",
    "marts.publisher_agreement_summary": "concept VARCHAR, indicator VARCHAR, n BIGINT, "
    "n_within BIGINT, within_pct DOUBLE, median_distance DOUBLE, first_year SMALLINT, "
    "last_year SMALLINT, largest_distance DOUBLE, largest_economy VARCHAR, "
    "largest_counterpart VARCHAR, largest_year SMALLINT",
    "marts.release_pairs": "comparison VARCHAR, publisher VARCHAR, indicator VARCHAR, "
    "snapshot_old VARCHAR, snapshot_new VARCHAR",
    "marts.revision_counts": "comparison VARCHAR, publisher VARCHAR, indicator VARCHAR, "
    "vintage_old DATE, vintage_new DATE, n_new BIGINT, n_revised BIGINT, n_large BIGINT, "
    "n_withdrawn BIGINT, n_withdrawn_beyond BIGINT, n_unchanged BIGINT, median_relative DOUBLE",
    "marts.revisions": "comparison VARCHAR, publisher VARCHAR, indicator VARCHAR, "
    "economy VARCHAR, year SMALLINT, vintage_old DATE, vintage_new DATE, value_old DOUBLE, "
    "value_new DOUBLE, kind VARCHAR, relative DOUBLE, large BOOLEAN",
    "marts.targets": "target VARCHAR, economy VARCHAR, indicator VARCHAR, year SMALLINT, "
    "value DOUBLE, reached BOOLEAN, achieved_pace DOUBLE, required_pace DOUBLE, linear DOUBLE, "
    "logit DOUBLE, leader_path DOUBLE, gompertz DOUBLE, range_low DOUBLE, range_high DOUBLE, "
    "at_deadline_low DOUBLE, at_deadline_high DOUBLE, verdict VARCHAR, published BOOLEAN",
    "marts.theil_claim_grid": CELL + "measure VARCHAR, value DOUBLE, near BOOLEAN, "
    "published BOOLEAN",
    "marts.time_distance": "indicator VARCHAR, economy VARCHAR, year SMALLINT, "
    "reference VARCHAR, versus VARCHAR, value DOUBLE, distance_years DOUBLE, "
    "at_least_years DOUBLE, newest BOOLEAN, published BOOLEAN",
    "marts.trade_balances": "reporter VARCHAR, partner VARCHAR, year SMALLINT, exports DOUBLE, "
    "imports DOUBLE, balance DOUBLE, n_partners SMALLINT, n_estimated SMALLINT, "
    "published BOOLEAN",
    "marts.trade_matrix": "flow VARCHAR, year SMALLINT, reporter VARCHAR, partner VARCHAR, "
    "value DOUBLE, estimated BOOLEAN",
    "marts.trade_mirror": "seller VARCHAR, buyer VARCHAR, year SMALLINT, sold DOUBLE, "
    "bought DOUBLE, difference DOUBLE, asymmetry DOUBLE, published BOOLEAN",
    "marts.trade_shares": "measure VARCHAR, flow VARCHAR, year SMALLINT, reporter VARCHAR, "
    "partner VARCHAR, value DOUBLE, members VARCHAR, estimated_share DOUBLE, published BOOLEAN",
    "marts.value_history": "indicator VARCHAR, economy VARCHAR, year SMALLINT, vintage DATE, "
    "value DOUBLE",
    "marts.vintage_inequality": "seen_from DATE, indicator VARCHAR, year SMALLINT, "
    "weighting VARCHAR, theil_t DOUBLE, published BOOLEAN",
    "marts.claims": "claim_id VARCHAR, section VARCHAR, claim VARCHAR, kind VARCHAR, "
    "verdict VARCHAR, "
    "value_claimed DOUBLE, value_found DOUBLE, unit VARCHAR, digits TINYINT, "
    "year_claimed SMALLINT, year SMALLINT, vintage DATE, distance_pct DOUBLE, reason VARCHAR, "
    "seen_from DATE, figures VARCHAR, snapshots VARCHAR",
    "marts.claim_figures": "claim_id VARCHAR, seen_from DATE, year SMALLINT, figure VARCHAR, "
    "value DOUBLE",
    "marts.claim_history": "claim_id VARCHAR, seen_from DATE, newest BOOLEAN, year SMALLINT, "
    "value_found DOUBLE, verdict VARCHAR",
    "marts.world_shares": "indicator VARCHAR, year SMALLINT, member_set VARCHAR, n SMALLINT, "
    "missing VARCHAR, member_total DOUBLE, world_total DOUBLE, share_pct DOUBLE, "
    "provisional BOOLEAN, published BOOLEAN",
}
"""The columns that the report reads; a test holds them against the warehouse's own."""


def report_catalog() -> Catalog:
    """Ten members by their names, one publisher, and the series that the report speaks of."""

    def indicator(code: str) -> Indicator:
        of_people = code == ONLINE
        return Indicator(
            id=code, publisher="office", name=code, short_name=code, unit="units",
            pillar="access_use" if of_people else "macro",
            kind="share" if of_people else "flow", direction="neutral",
            plausible=PlausibleRange(minimum=0, maximum=1e15),
            complement=Complement(id=OFFLINE, name="Offline", short_name="Offline")
            if of_people else None,
        )  # fmt: skip

    return Catalog(
        economies={code: Economy(code=code, name=name) for code, name in NAMES.items()},
        blocs={
            "sco": Bloc(
                id="sco", name="Ten States", short_name="TEN",
                members=tuple(Membership(economy=c, since=date(2001, 6, 15)) for c in NAMES),
            )
        },
        groups={},
        member_sets={
            "sco_10": MemberSet(
                id="sco_10", name="the ten", bloc="sco", rule="fixed", economies=tuple(NAMES)
            )
        },
        publishers={
            "office": Publisher(
                id="office", name="Invented Office", short_name="Office",
                dataset="Invented Indicators", url=AnyUrl("https://example.org"),
                licence=Licence(name="CC BY 4.0", redistributable=True),
                attribution="Invented Indicators, Invented Office", cadence_days=90,
            )
        },
        indicators={code: indicator(code) for code in SERIES},
        sha256="0" * 64,
    )  # fmt: skip


class ReportWarehouse:
    """A warehouse of one release of ``SERIES`` that says nothing until a test adds to it.

    Cells are of ``YEAR`` and of the ten members unless said otherwise.
    """

    YEAR = 2023
    complement = OFFLINE

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.catalog = report_catalog()
        con.execute("CREATE SCHEMA core; CREATE SCHEMA marts")
        for name, columns in TABLES.items():
            con.execute(f"CREATE TABLE {name} ({columns})")
        for code in SERIES:
            self.add("core.indicators", indicator=code, publisher="office")
            self.release(code, date(2026, 4, 8))

    def add(self, table: str, **values: object) -> None:
        """One row; columns that are not named stay empty."""
        columns = ", ".join(f'"{name}"' for name in values)
        places = ", ".join("?" * len(values))
        self.con.execute(
            f"INSERT INTO {table} ({columns}) VALUES ({places})", list(values.values())
        )

    def release(self, indicator: str, vintage: date, basis: str = "release date") -> None:
        self.add(
            "core.snapshots", snapshot=f"office/{indicator}", publisher="office",
            indicator=indicator, vintage=vintage, vintage_basis=basis, is_current=True,
            rank_in_vintage=1, sha256=f"hash of {indicator}",
        )  # fmt: skip

    def index(
        self,
        indicator: str,
        year: int,
        theil_t: float,
        *,
        weighting: str,
        n: int = 10,
        published: bool = True,
        reason: str | None = None,
    ) -> None:
        """A cell of the inequality table."""
        self.add(
            "marts.inequality", indicator=indicator, year=year, weighting=weighting,
            member_set="sco_10", n=n, members=" ".join(NAMES), missing="", theil_t=theil_t,
            value_range=50.0, ceiling=2.3, published=published, reason=reason,
        )  # fmt: skip

    def concentration(
        self,
        whole: float,
        without: Mapping[str, float],
        *,
        published: bool = True,
        reason: str | None = None,
    ) -> None:
        """The index of ICT service exports against GDP, and what it is without some states."""
        key = {
            "indicator": ICT_EXPORTS, "year": self.YEAR, "weighting": "per_gdp_gdp",
            "member_set": "sco_10",
        }  # fmt: skip
        self.index(
            ICT_EXPORTS, self.YEAR, whole, weighting="per_gdp_gdp",
            published=published, reason=reason,
        )  # fmt: skip
        for economy, theil_t in without.items():
            self.add(
                "marts.inequality_leave_one_out", **key, left_out=economy, n=9, theil_t=theil_t,
                ceiling=2.2,
            )  # fmt: skip

    def online(self, values: Mapping[str, float | None]) -> None:
        """The newest share of people online of each state; None: no value recent enough."""
        for economy, value in values.items():
            self.add(
                "marts.latest_values", indicator=ONLINE, economy=economy,
                year=None if value is None else self.YEAR, published_value=value,
                age_years=None if value is None else 3,
                reason="no value" if value is None else None,
            )  # fmt: skip
            if value is not None:
                self.add(
                    "core.current", publisher="office", indicator=ONLINE, economy=economy,
                    counterpart="_Z", year=self.YEAR, value=value, corrected=False,
                    unit="units", snapshot=f"office/{ONLINE}",
                )  # fmt: skip

    def offline(
        self, persons: Mapping[str, float], *, published: bool = True, reason: str | None = None
    ) -> None:
        """People offline, in persons by state."""
        self.index(
            OFFLINE, self.YEAR, 1.0, weighting="totals", n=len(persons), published=published,
            reason=reason,
        )  # fmt: skip
        for economy, outcome in persons.items():
            self.add(
                "marts.distributions", indicator=OFFLINE, year=self.YEAR, weighting="totals",
                member_set="sco_10", economy=economy, outcome=outcome, reference=1.0,
            )  # fmt: skip

    def sides(self, online: Mapping[int, float], offline: Mapping[int, float]) -> None:
        """The index of people online and that of people offline, by year."""
        for indicator, cells in ((ONLINE, online), (OFFLINE, offline)):
            for year, theil_t in cells.items():
                self.index(indicator, year, theil_t, weighting="share_unweighted")

    def without(
        self, economy: str, online: Mapping[int, float], offline: Mapping[int, float]
    ) -> None:
        """Both sides' indices with one state left out, by year."""
        for indicator, cells in ((ONLINE, online), (OFFLINE, offline)):
            for year, theil_t in cells.items():
                self.add(
                    "marts.inequality_leave_one_out", indicator=indicator, year=year,
                    weighting="share_unweighted", member_set="sco_10", left_out=economy, n=9,
                    theil_t=theil_t,
                )  # fmt: skip

    def breaks(self, *breaks: Break) -> None:
        """Have the series of people online break."""
        online = self.catalog.indicators[ONLINE].model_copy(update={"breaks": breaks})
        indicators = {**self.catalog.indicators, ONLINE: online}
        self.catalog = self.catalog.model_copy(update={"indicators": indicators})

    def share(self, indicator: str, year: int, pct: float, *, published: bool = True) -> None:
        """The ten's share of the world's total."""
        self.add(
            "marts.world_shares", indicator=indicator, year=year, member_set="sco_10", n=10,
            missing="", member_total=pct, world_total=100.0, share_pct=pct, provisional=False,
            published=published,
        )  # fmt: skip

    def findings(self) -> tuple[Finding, ...]:
        """The key findings alone: without exhibits, which take far longer to draw."""
        return key_findings(Facts(self.context()))

    def context(self) -> Context:
        """What every text and exhibit is made from."""
        return Context(Marts(self.con, "sco_10"), self.catalog, AS_OF, load_wording())

    def report(self, **options: Any) -> Report:
        """The report that says all this."""
        return build_report(self.con, self.catalog, as_of=AS_OF, edition=EDITION, **options)


@pytest.fixture
def warehouse() -> Iterator[ReportWarehouse]:
    with duckdb.connect(":memory:") as con:
        yield ReportWarehouse(con)


# --- what stands in a report, and where


@dataclass(frozen=True)
class PlacedText:
    """A text of a picture and the box that its letters fill, in user units."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: "PlacedText") -> bool:
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.5
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.5
        )


class ReadSvg:
    """The texts of a picture as a reader sees them."""

    def __init__(self, picture: str) -> None:
        self._root = ET.fromstring(picture)
        self.width, self.height = svg.size(picture)

    def texts(self) -> list[PlacedText]:
        return list(self._walk(self._root, 0.0, 0.0))

    def _walk(self, element: ET.Element, x: float, y: float) -> Iterator[PlacedText]:
        moved = re.findall(r"translate\(([-\d.]+),\s*([-\d.]+)\)", element.get("transform", ""))
        x += sum(float(dx) for dx, _ in moved)
        y += sum(float(dy) for _, dy in moved)
        if element.tag.endswith("}text") and element.text:
            yield self._placed(element, element.text, x, y)
        for child in element:
            yield from self._walk(child, x, y)

    @staticmethod
    def _placed(element: ET.Element, text: str, x: float, y: float) -> PlacedText:
        size = float((element.get("font-size") or "11").removesuffix("px"))
        wide = width(text, size)
        left = x - {"middle": wide / 2, "end": wide}.get(element.get("text-anchor", ""), 0.0)
        return PlacedText(text, left, left + wide, y - 0.72 * size, y + 0.2 * size)


@pytest.fixture(scope="session")
def read_svg() -> Callable[[str], ReadSvg]:
    return ReadSvg


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float):
        yield repr(value)
    elif isinstance(value, Chart):
        for picture in (value.wide, value.narrow):
            yield from (placed.text for placed in ReadSvg(picture).texts())
        yield from _texts(value.hover)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _texts(getattr(value, part.name))
    elif isinstance(value, Mapping):
        yield from _texts(tuple(value.values()))
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)


@pytest.fixture(scope="session")
def texts_of() -> Callable[[Report], list[str]]:
    """Everything that a report says, draws as text or tables, a text each."""
    return lambda report: list(_texts(report))


# --- the report on the bundled archive


@pytest.fixture(scope="session")
def bundled_report(bundled: Path, catalog: Catalog) -> Report:
    """The report as a user first sees it, on real figures."""
    with duckdb.connect(str(bundled), read_only=True) as con:
        (as_of,) = con.execute("SELECT as_of FROM core.build").fetchall()[0]
        return build_report(con, catalog, as_of=as_of, edition=EDITION)


@pytest.fixture(scope="session")
def values(bundled: Path) -> dict[str, dict[tuple[str, int], float]]:
    """Every value that speaks, by indicator, economy and year: what the marts are made from."""
    with duckdb.connect(str(bundled), read_only=True) as con:
        rows = con.execute(
            "SELECT indicator, economy, year, value FROM core.current WHERE counterpart = '_Z'"
        ).fetchall()
    found: dict[str, dict[tuple[str, int], float]] = {}
    for indicator, economy, year, value in rows:
        found.setdefault(indicator, {})[economy, year] = value
    return found
