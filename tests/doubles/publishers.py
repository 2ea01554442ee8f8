"""All publishers that can be asked, on one address: what ``sco refresh --base-url`` is tried with.

    python -m tests.doubles.publishers

serves the newest snapshots of the bundled archive in each publisher's own wire format, and says
where. Requests go to the double of the publisher whose path it is.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import pandas as pd

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import PROJECT_ROOT, Settings
from tests.doubles.comtrade import ComtradeDouble
from tests.doubles.data360 import Data360Double
from tests.doubles.http_double import Fault, HttpDouble
from tests.doubles.ilostat import IlostatDouble
from tests.doubles.imts import ImtsDouble
from tests.doubles.uis import UisDouble
from tests.doubles.unctad import GOODS, SERVICES, UnctadDouble
from tests.doubles.world_bank import WorldBankDouble

FLOWS: Final = {"DOTS.EXPORTS": "XG_FOB_USD", "DOTS.IMPORTS": "MG_CIF_USD"}
"""Flows of goods by partner as they are bundled, in million US dollars, and as the IMF has them."""
SHARES: Final = {"TX.VAL.ICTG.ZS.UN": "Exports", "TM.VAL.ICTG.ZS.UN": "Imports"}
"""Shares of ICT goods as they are bundled, which the World Bank passes on, and UNCTAD's flows."""


class PublishersDouble(HttpDouble):
    """All publishers' doubles at one address; faults and counts are of all."""

    def __init__(
        self, world_bank: WorldBankDouble, data360: Data360Double, imts: ImtsDouble
    ) -> None:
        super().__init__()
        self.world_bank, self.data360 = world_bank, data360
        self.uis = UisDouble({})
        self.comtrade = ComtradeDouble()
        self.ilostat = IlostatDouble()
        self.unctad = UnctadDouble()
        self.by_path: dict[str, HttpDouble] = {
            "/data360/": data360,
            "/api/public/": self.uis,
            "/external/sdmx/": imts,
            "/bulkdownload/": self.unctad,
            "/public/v1/": self.comtrade,
            "/data/indicator/": self.ilostat,
        }
        """Whose a path is, by its beginning; the World Bank's are all others."""

    def answer(self, target: str) -> Fault:
        own = (double for start, double in self.by_path.items() if target.startswith(start))
        return next(own, self.world_bank).answer(target)

    @classmethod
    def of(
        cls, archive: Archive, catalog: Catalog, snapshots: Sequence[Sidecar]
    ) -> "PublishersDouble":
        """A double that publishes what snapshots say, each series by its live code."""
        frames = [read_observations(s, archive.read(s)) for s in snapshots]
        found = pd.concat(frames, ignore_index=True)
        world_bank = WorldBankDouble.of(_live(found, catalog, "world_bank"))
        world_bank.economies |= set(catalog.fetched_economies())
        world_bank.sources = {
            i.live_code or i.id: i.live_source
            for i in catalog.indicators.values()
            if i.live_source is not None
        }
        data360 = Data360Double({})
        databases = {p.id: p.database or "" for p in catalog.publishers.values()}
        for code, rows in _live(found, catalog, "data360").groupby("indicator"):
            publisher = catalog.indicators[str(rows["original"].iloc[0])].publisher
            cells = zip(rows["economy"], rows["year"], rows["value"], strict=True)
            data360.series[databases[publisher], str(code)] = {(e, int(y)): v for e, y, v in cells}
        double = cls(world_bank, data360, _imts(found))
        double.uis.publish(_cells(_live(found, catalog, "uis")), catalog.fetched_economies())
        theirs = {**catalog.m49, "WLD": "0000"}
        for flow, values in _cells(_live(found, catalog, "unctad")).items():
            known = {(theirs[e], y): v for (e, y), v in values.items() if e in theirs}
            # It has a row for every economy of the world, with a value or without.
            given = dict.fromkeys(((e, 2023) for e in theirs.values()), None) | known
            double.unctad.flows[SERVICES][flow.rpartition("/")[2]] = given
        bundled = found[found["indicator"].isin(list(SHARES))]
        for code, values in _cells(bundled).items():
            known = {(theirs[e], y): v for (e, y), v in values.items() if e in theirs}
            # The newest copy of the exports has no figure of the world: a row that says so.
            double.unctad.flows[GOODS][SHARES[code]] = {("0000", 2021): None} | known
        return double


def _cells(live: pd.DataFrame) -> dict[str, dict[tuple[str, int], str | None]]:
    """Values by live code, economy and year."""
    series: dict[str, dict[tuple[str, int], str | None]] = {}
    for row in live.itertuples():
        series.setdefault(str(row.indicator), {})[str(row.economy), int(str(row.year))] = str(
            row.value
        )
    return series


def _imts(found: pd.DataFrame) -> ImtsDouble:
    """The bundled flows in whole dollars; estimates as made from the partner's figures."""
    double = ImtsDouble({})
    for code, rows in found[found["indicator"].isin(list(FLOWS))].groupby("indicator"):
        pairs = rows[["economy", "counterpart"]].replace("WLD", "G001")
        double.flows[FLOWS[str(code)]] = {
            (reporter, partner, int(year)): (f"{Decimal(value).scaleb(6):f}", "M" if flag else "O")
            for reporter, partner, year, value, flag in zip(
                pairs["economy"], pairs["counterpart"], rows["year"], rows["value"], rows["status"],
                strict=True,
            )
        }  # fmt: skip
    return double


def _live(found: pd.DataFrame, catalog: Catalog, connector: str) -> pd.DataFrame:
    """The live series of one connector, by the codes that its API knows."""
    codes = {
        i.id: i.live_code or i.id
        for i in catalog.indicators.values()
        if i.live and catalog.publishers[i.publisher].connector == connector
    }
    rows = found[found["indicator"].isin(list(codes))]
    return rows.assign(original=rows["indicator"], indicator=rows["indicator"].map(codes))


def newest_of(archive: Archive) -> list[Sidecar]:
    """The newest snapshot of each series."""
    newest: dict[tuple[str, ...], Sidecar] = {}
    for sidecar in sorted(archive.snapshots(), key=lambda s: s.vintage):
        newest[sidecar.indicators] = sidecar
    return list(newest.values())


def main() -> None:
    """Serve until the process is ended."""
    bundled = PROJECT_ROOT / "pipeline" / "bundled"
    archive, catalog = Archive(None, bundled), load_catalog(Settings().catalog_dir)
    with PublishersDouble.of(archive, catalog, newest_of(archive)) as double:
        print(f"sco refresh --base-url {double.origin}", flush=True)
        double.closed.wait()


if __name__ == "__main__":
    main()
