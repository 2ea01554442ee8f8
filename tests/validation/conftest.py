"""What the tests of the expectations share: the shipped suites, and a small sound warehouse."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.catalog import Catalog
from pipeline.catalog.models import CorrectedCell, Correction
from pipeline.settings import PROJECT_ROOT
from pipeline.validation.suites import Suite, load_suites
from pipeline.warehouse.build import build_core, build_marts
from tests.conftest import SQL_DIR
from tests.once import Once
from tests.warehouse.conftest import TEN, ArchiveOf

EXPECTATIONS = PROJECT_ROOT / "expectations"
YEARS = range(2016, 2024)

PEOPLE, GDP, PER_HEAD = "SP.POP.TOTL", "NY.GDP.MKTP.CD", "NY.GDP.PCAP.CD"
ICT, ICT_SHARE, USERS = "BX.GSR.CCIS.CD", "BX.GSR.CCIS.ZS", "IT.NET.USER.ZS"
EGDI = ("EGDI", "EGDI.OSI", "EGDI.TII", "EGDI.HCI")
DIGITAL = "UNCTAD.DDS.EXPORTS"
INDEX_PARTS: Mapping[str, Callable[[int, int], float]] = {
    "IT.NET.BBND.P2": lambda n, t: 5.0 + 3 * n + t,
    "IT.NET.SECR.P6": lambda n, t: 100.0 * (1 + n) * 1.2**t,
    "SE.TER.ENRR": lambda n, t: 20.0 + 5 * n + t,
    "GB.XPD.RSDV.GD.ZS": lambda n, t: 0.1 + 0.2 * n,
    "IP.JRN.ARTC.SC": lambda n, t: 500.0 * (1 + n) * 1.1**t,
    "BX.GSR.ROYL.CD": lambda n, t: 1e6 * (1 + n) * 1.1**t,
    DIGITAL: lambda n, t: 300.0 * (1 + n) * 1.1**t,
    "GE.EST": lambda n, t: 0.1 * (5 - n),
    "RQ.EST": lambda n, t: 0.1 * (3 - n),
}
"""By the number of the state and of the year."""

CORRECTION = Correction(
    id="users_2016",
    indicator=USERS,
    economy="BLR",
    cells=(CorrectedCell(year=2016, expect=40, value=40.2),),
    reason="made up",
    evidence="made up",
    by="a test",
    since=date(2024, 7, 1),
)


@pytest.fixture(scope="session")
def suites(catalog: Catalog) -> Mapping[str, Suite]:
    """The suites that ship with the project."""
    return load_suites(EXPECTATIONS, catalog)


@pytest.fixture(scope="session")
def sound(once: Once, catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small warehouse that everything critical holds of; Iran has no ICT service exports."""
    with_correction = catalog.model_copy(update={"corrections": {CORRECTION.id: CORRECTION}})

    def build(path: Path) -> None:
        archive = _archive(tmp_path_factory.mktemp("sound")).archive
        build_core(path, archive, with_correction, date(2024, 10, 1), SQL_DIR)
        build_marts(path, with_correction, SQL_DIR)

    return once.file("sound.duckdb", build)


@pytest.fixture(scope="session")
def _open(
    sound: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    # A copy: the sound one itself is opened read-only, which a writer would keep out.
    own = tmp_path_factory.mktemp("damaged") / "warehouse.duckdb"
    with duckdb.connect(shutil.copy(sound, own)) as con:
        yield con


@pytest.fixture
def con(_open: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The sound warehouse, to be damaged: after the test it is sound again."""
    _open.execute("BEGIN")
    yield _open
    _open.execute("ROLLBACK")


def _archive(folder: Path) -> ArchiveOf:
    """Figures of the ten and the world, with two releases of the internet users."""
    filled = ArchiveOf(folder / "archive")
    release = date(2024, 7, 1)
    people = _values(lambda n, t: (10 + 7 * n) * 1e6 * 1.01**t, world=100)
    gdp = _values(lambda n, t: (50 + 90 * n) * 1e9 * 1.05**t, world=100)
    filled.add(PEOPLE, release, people)
    filled.add(GDP, release, gdp)
    filled.add(PER_HEAD, release, {k: gdp[k] / people[k] for k in people})
    ict = _values(lambda n, t: (1 + n * n) * 1e8 * 1.1**t, world=100)
    share = _values(lambda n, t: 10.0 + n + t, world=5)
    for indicator, values in ((ICT, ict), (ICT_SHARE, share)):
        filled.add(indicator, release, {k: v for k, v in values.items() if k[0] != "IRN"})
    users = _values(lambda n, t: 40.0 + 2 * n + 3 * t, world=5)
    filled.add(USERS, date(2024, 3, 1), {k: v - 0.75 for k, v in users.items()})
    filled.add(USERS, release, users)
    for part in EGDI:
        values = {(c, y): 0.5 + 0.01 * n for n, c in enumerate(TEN) for y in (2020, 2022)}
        filled.add(part, date(2024, 9, 1), values, publisher="un_egdi")
    _add_index_and_trade(filled, release)
    _add_second_sources(filled, release, users)
    return filled


def _add_second_sources(
    filled: ArchiveOf, release: date, users: Mapping[tuple[str, int], float]
) -> None:
    """Internet users by the ITU, near the others; totals of exports, of which Iran's are not."""
    near = {k: v + 0.2 for k, v in users.items() if k[0] != "WLD"}
    filled.add("ITU_DH_INT_USER_PT", release, near, publisher="itu_datahub")
    totals = {(c, y): 20.1e9 * (1.5 if c == "IRN" else 1) for c in TEN for y in (2018, 2019, 2020)}
    filled.add("TX.VAL.MRCH.CD.WT", release, totals)


def _add_index_and_trade(filled: ArchiveOf, release: date) -> None:
    """What the composite index is made of beside the above, what it is compared with, and trade."""
    for indicator, formula in INDEX_PARTS.items():
        publisher = "unctad" if indicator == DIGITAL else "world_bank_wdi"
        # Convergence is measured over ten years.
        since = 2013 if indicator == "SE.TER.ENRR" else YEARS[0]
        values = {
            (c, y): formula(n, y - YEARS[0])
            for n, c in enumerate(TEN)
            for y in range(since, YEARS[-1] + 1)
        }
        filled.add(indicator, release, values, publisher=publisher)
    egdi = {(c, 2022): 0.5 + 0.01 * n for n, c in enumerate(TEN)}
    filled.add("GCI", release, {k: 100 * v for k, v in egdi.items()}, publisher="itu_gci")
    sold = {
        (a, b, y): 10.0 * (i + 1) * (j + 2) + y - 2018
        for i, a in enumerate(TEN)
        for j, b in enumerate(TEN)
        for y in (2018, 2019, 2020)
        if a != b
    }
    bought = {(b, a, y): 1.1 * v for (a, b, y), v in sold.items()}
    world = {("WLD", b, y): 1e5 for b in (*TEN, "WLD") for y in (2018, 2019, 2020)}
    world |= {("WLD", "WLD", y): 5e6 for y in (2018, 2019, 2020)}
    for indicator, flows in (("DOTS.EXPORTS", sold | world), ("DOTS.IMPORTS", bought)):
        totals = {(a, "WLD", y): 20_000.0 for a in TEN for y in (2018, 2019, 2020)}
        filled.add_flows(indicator, release, flows | totals, estimated={("BLR", "CHN", 2020)})


def _values(formula: Callable[[int, int], float], *, world: int) -> dict[tuple[str, int], float]:
    """Values by the number of the state, or of ``world``, and of the year."""
    numbers = {code: n for n, code in enumerate(TEN)} | {"WLD": world}
    return {(code, y): formula(n, y - YEARS[0]) for code, n in numbers.items() for y in YEARS}
