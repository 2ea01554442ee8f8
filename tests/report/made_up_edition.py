"""A small edition of made-up figures, right through from archive to content model.

The catalogue is the project's own, cut down to the series that are archived here, so that names are
there in every language. Every figure follows from a formula: what comes out changes with code,
catalogue and wording, and not with what publishers release. None of it is true of any state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pipeline.catalog.models import Catalog
from pipeline.report.build import build_report
from pipeline.report.content import Report
from pipeline.warehouse.build import build_core, build_marts
from pipeline.warehouse.store import connect_read_only
from tests.conftest import SQL_DIR
from tests.report.sample import EDITION
from tests.warehouse.conftest import TEN, ArchiveOf

FIRST, SECOND, AS_OF = date(2025, 4, 2), date(2026, 4, 8), date(2026, 5, 1)
SINCE = date(2025, 12, 31)
YEARS: Final = range(2017, 2025)
STATES: Final = {code: place for place, code in enumerate((*TEN, "WLD"))}
SERIES: Final[Mapping[str, tuple[float, float, float]]] = {
    "SP.POP.TOTL": (5e6, 3e6, 1.01),
    "NY.GDP.MKTP.CD": (4e9, 7e9, 1.05),
    "NY.GDP.MKTP.PP.CD": (1e10, 1.5e10, 1.04),
    "BX.GSR.CCIS.CD": (2e7, 5e7, 1.1),
    "BX.GSR.CCIS.ZS": (2.5, 1.5, 1.02),
    "BX.GSR.NFSV.CD": (5e8, 4e8, 1.03),
    "BX.GSR.ROYL.CD": (1e5, 2e5, 1.02),
    "EGDI": (0.3, 0.04, 1.03),
    "GB.XPD.RSDV.GD.ZS": (0.1, 0.12, 1.02),
    "GE.EST": (-1.2, 0.2, 0.98),
    "IP.JRN.ARTC.SC": (40.0, 700.0, 1.05),
    "IT.NET.BBND.P2": (1.0, 2.5, 1.05),
    "IT.NET.SECR.P6": (20.0, 90.0, 1.2),
    "IT.NET.USER.ZS": (30.0, 3.5, 1.05),
    "RQ.EST": (-1.5, 0.25, 0.97),
    "SE.TER.ENRR": (15.0, 6.0, 1.02),
    "TX.VAL.TECH.MF.ZS": (1.5, 2.0, 1.01),
    "UNCTAD.DDS.EXPORTS": (200.0, 90.0, 1.08),
}
"""By series: of the first state in the first year, more by each state, times by each year."""
SHARES_AND_INDICES: Final = frozenset(
    ("BX.GSR.CCIS.ZS", "EGDI", "GB.XPD.RSDV.GD.ZS", "GE.EST", "IT.NET.BBND.P2", "IT.NET.SECR.P6",
     "IT.NET.USER.ZS", "RQ.EST", "SE.TER.ENRR", "TX.VAL.TECH.MF.ZS")
)  # fmt: skip
"""Of which the world has that of the sixth state; of the others it has twenty times the last's."""
FLOWS: Final = {"DOTS.EXPORTS": 1.0, "DOTS.IMPORTS": 1.1}
CLAIMS: Final = ("C01", "C02", "C13", "C46")


def made_up_catalog(catalog: Catalog) -> Catalog:
    """The entries that speak of nothing but ``SERIES`` and ``FLOWS``."""
    kept = {*SERIES, *FLOWS}
    only: dict[str, Any] = {
        "indicators": {i: e for i, e in catalog.indicators.items() if i in kept},
        "claims": {i: catalog.claims[i] for i in CLAIMS},
        "corrections": {},
        "targets": {
            i: e for i, e in catalog.targets.items() if e.indicator is None or e.indicator in kept
        },
        "concepts": {
            i: e for i, e in catalog.concepts.items() if {s.indicator for s in e.series} <= kept
        },
    }
    return catalog.model_copy(update=only)


def figure(series: str, place: int, year: int) -> float:
    """What a state has of a series in a year."""
    start, more, times = SERIES[series]
    return (start + more * place) * times ** (year - YEARS[0])


def figures(series: str, *, revised: bool) -> dict[tuple[str, int], str]:
    """A release: the second revises China's by a tenth and is a year longer."""
    found: dict[tuple[str, int], str] = {}
    for state, place in STATES.items():
        for year in YEARS if revised else YEARS[:-1]:
            if state != "WLD":
                value = figure(series, place, year)
            elif series in SHARES_AND_INDICES:
                value = figure(series, 5, year)
            else:
                value = 20 * figure(series, len(TEN) - 1, year)
            if revised and state == "CHN":
                value *= 1.1
            found[state, year] = f"{value:.8g}"
    # Of one state nothing is recent, another has a gap.
    if series == "IT.NET.USER.ZS":
        for year in range(2021, YEARS[-1] + 1):
            found.pop(("TJK", year), None)
        found.pop(("PAK", 2020), None)
    return found


def flows(times: float) -> dict[tuple[str, str, int], str]:
    """Goods trade of each pair of states and with the world, in million US dollars."""
    partners = {**STATES, "WLD": 40}
    return {
        (state, partner, year): f"{times * (place + 2) * (other + 3) * (year - 2000):.8g}"
        for state, place in STATES.items()
        for partner, other in partners.items()
        for year in YEARS
        if state not in ("WLD", partner)
    }


@dataclass(frozen=True)
class MadeUp:
    """The warehouse of the made-up figures, and the reports on it."""

    warehouse: Path
    catalog: Catalog

    def report(self, language: str) -> Report:
        with connect_read_only(self.warehouse) as con:
            return build_report(con, self.catalog, as_of=AS_OF, edition=EDITION, language=language)


def make_up(folder: Path, catalog: Catalog) -> MadeUp:
    """Archive the figures in ``folder`` and build the warehouse there."""
    own, filled = made_up_catalog(catalog), ArchiveOf(folder / "archive")
    for series in SERIES:
        publisher = own.indicators[series].publisher
        for vintage in (FIRST, SECOND):
            said = figures(series, revised=vintage == SECOND)
            filled.add(series, vintage, said, publisher=publisher)
    for series, times in FLOWS.items():
        publisher = own.indicators[series].publisher
        filled.add_flows(series, SECOND, flows(times), publisher=publisher)
    path = folder / "made-up.duckdb"
    build_core(path, filled.archive, own, AS_OF, SQL_DIR, since=SINCE)
    build_marts(path, own, SQL_DIR)
    return MadeUp(path, own)
