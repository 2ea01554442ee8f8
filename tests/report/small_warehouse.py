"""A small warehouse that says what a test lets it say, for findings, texts and exhibits."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
from pydantic import AnyUrl

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
from pipeline.report.build import build_report
from pipeline.report.content import Finding, Report
from pipeline.report.context import Context
from pipeline.report.facts import Facts
from pipeline.report.findings import key_findings
from pipeline.report.marts import Marts
from pipeline.report.narrative import paragraphs
from pipeline.wording import load_wording
from tests.report.sample import EDITION
from tests.warehouse.conftest import TEN

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
    "marts.target_paths": "target VARCHAR, economy VARCHAR, model VARCHAR, year SMALLINT, "
    "value DOUBLE",
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
        return key_findings(self.facts())

    def facts(self) -> Facts:
        """What the tables say, as it is now."""
        return Facts(self.context())

    def context(self) -> Context:
        """What every text and exhibit is made from."""
        return Context(Marts(self.con, "sco_10"), self.catalog, AS_OF, load_wording())

    def report(self, **options: Any) -> Report:
        """The report that says all this."""
        return build_report(self.con, self.catalog, as_of=AS_OF, edition=EDITION, **options)


def said(facts: Facts, section: str) -> str:
    """The texts of a section, joined."""
    return " ".join(text.text for text in paragraphs(facts, section))


# --- series that the catalogue of these tests has not


def know(warehouse: ReportWarehouse, code: str, breaks: tuple[Break, ...] = ()) -> None:
    """A series in the catalogue and in the warehouse, without a figure so far."""
    entry = Indicator(
        id=code, publisher="office", name=code, short_name=code, unit="per 100 people",
        pillar="connectivity", kind="per_head", direction="higher_is_better",
        plausible=PlausibleRange(minimum=0, maximum=100), breaks=breaks,
    )  # fmt: skip
    indicators = {**warehouse.catalog.indicators, code: entry}
    warehouse.catalog = warehouse.catalog.model_copy(update={"indicators": indicators})
    warehouse.add("core.indicators", indicator=code, publisher="office")
    warehouse.release(code, AS_OF)


def newest(
    warehouse: ReportWarehouse, code: str, values: Mapping[str, float], year: int = 2024
) -> None:
    """Newest values; members that are not named have none."""
    for economy in TEN:
        value = values.get(economy)
        warehouse.add(
            "marts.latest_values", indicator=code, economy=economy,
            year=None if value is None else year, published_value=value, age_years=None,
            reason="no value" if value is None else None,
        )  # fmt: skip
    held(warehouse, code, values, year)


def held(warehouse: ReportWarehouse, code: str, values: Mapping[str, float], year: int) -> None:
    for economy, value in values.items():
        warehouse.add(
            "core.current", publisher="office", indicator=code, economy=economy, counterpart="_Z",
            year=year, value=value, corrected=False, unit="units", snapshot=f"office/{code}",
        )  # fmt: skip
