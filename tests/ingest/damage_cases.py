"""One small sound series of each reader, and what a plain decoder finds in its bodies.

A plain decoder knows the shape, trusts it, and checks nothing: where a reader reads a damaged body
at all, it must find what the decoder finds. A damaged body that the decoder cannot make sense of is
one that no reader may read.
"""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, Final

import py7zr
from py7zr.io import BytesIOFactory

from pipeline.ingest import comtrade, data360, ilostat, imts, uis
from tests.doubles import comtrade as comtrade_double
from tests.doubles import damage, unctad
from tests.doubles import ilostat as ilostat_double
from tests.doubles import imts as imts_double
from tests.doubles.data360 import Data360Double
from tests.doubles.uis import NEWEST, UisDouble
from tests.ingest.test_world_bank_damage import SMALL as WORLD_BANK
from tests.ingest.test_world_bank_releases_damage import SMALL as RELEASES

Said = tuple[str, str, int, Decimal, str]
"""Economy, counterpart, year, value and status."""
BASE: Final = "https://api.example.org"


@dataclass(frozen=True)
class Case:
    """A sound series, what says the same plainly, and how it can be damaged."""

    bodies: tuple[bytes, ...]
    said: Callable[[Sequence[bytes]], Iterator[Said]]
    mutate: damage.Mutate
    """In the form of the bodies; all can be damaged as bytes, too."""
    requests: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=lambda: {"indicator": "X"})


def json_of(body: bytes) -> Any:
    return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_int=Decimal)


def table_of(body: bytes) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))


def said_by_world_bank(bodies: Sequence[bytes]) -> Iterator[Said]:
    for body in bodies:
        for row in json_of(body)[1] or []:
            if row["value"] is not None:
                status = row.get("obs_status") or ""
                yield row["countryiso3code"], "_Z", int(row["date"]), Decimal(row["value"]), status


def said_by_releases(bodies: Sequence[bytes]) -> Iterator[Said]:
    for body in bodies:
        for row in json_of(body)["source"]["data"]:
            ids = {v["concept"]: v["id"] for v in row["variable"]}
            if row["value"] is not None:
                year = int(ids["Time"].removeprefix("YR"))
                yield ids["Country"], "_Z", year, Decimal(row["value"]), ""


def said_by_data360(bodies: Sequence[bytes]) -> Iterator[Said]:
    whole = {"SEX": "_T", "AGE": "_T", "URBANISATION": "_T", "COMP_BREAKDOWN_1": "_Z",
             "COMP_BREAKDOWN_2": "_Z", "COMP_BREAKDOWN_3": "_Z"}  # fmt: skip
    for body in bodies:
        for row in json_of(body)["value"]:
            said = row["OBS_VALUE"] not in (None, "", "null") and row["REF_AREA"] != "WLD"
            if said and all(row[name] == code for name, code in whole.items()):
                status = row.get("OBS_STATUS") or "A"
                yield (row["REF_AREA"], "_Z", int(row["TIME_PERIOD"]), Decimal(row["OBS_VALUE"]),
                       "" if status == "A" else status)  # fmt: skip


def said_by_uis(bodies: Sequence[bytes]) -> Iterator[Said]:
    for row in json_of(bodies[0])["records"]:
        if row["value"] is not None and row["magnitude"] not in ("NA", "SUPP", "INCLUDED"):
            status = " ".join(flag for flag in (row["qualifier"], row["magnitude"]) if flag)
            yield row["geoUnit"], "_Z", int(row["year"]), Decimal(row["value"]), status


def said_by_imts(bodies: Sequence[bytes]) -> Iterator[Said]:
    # A tree takes no namespace with a brace in it.
    tree = ET.fromstring(bodies[0].replace(b"{", b"(").replace(b"}", b")"))
    for series in tree.iter("Series"):
        pair = [series.attrib[name] for name in ("COUNTRY", "COUNTERPART_COUNTRY")]
        reporter, partner = (code.replace("G001", "WLD") for code in pair)
        for obs in series.iter("Obs"):
            if reporter != partner or reporter == "WLD":
                how = obs.attrib["DERIVATION_TYPE"]
                yield (reporter, partner, int(obs.attrib["TIME_PERIOD"]),
                       Decimal(obs.attrib["OBS_VALUE"]), "" if how == "O" else how)  # fmt: skip


def said_by_tidy(bodies: Sequence[bytes]) -> Iterator[Said]:
    for body in bodies:
        for row in csv.DictReader(io.StringIO(body.decode())):
            yield (
                row["economy"],
                "_Z",
                int(row["year"]),
                Decimal(row["value"]),
                row.get("status", ""),
            )


UNCTAD_CODES: Final = {"0000": "WLD", "156": "CHN", "762": "TJK"}
UNCTAD_FILE: Final = "US_DigitallyDeliverableServices.csv"


def unpacked(body: bytes) -> bytes:
    files = BytesIOFactory(10**8)
    with py7zr.SevenZipFile(io.BytesIO(body)) as archive:
        archive.extractall(factory=files)
    (file,) = files.products.values()
    file.seek(0)
    return file.read()


def said_by_unctad(bodies: Sequence[bytes]) -> Iterator[Said]:
    rows = [
        row for row in table_of(unpacked(bodies[0]))
        if row["Flow Label"] == "Exports" and row["Economy"] in UNCTAD_CODES
    ]  # fmt: skip
    measure = next(title for title in rows[0] if "at current prices in millions" in title)
    world = [row for row in rows if row["Economy"] == "0000" and row[measure]]
    parts = {row["Category"] for row in world if float(row[unctad.SHARE] or 0) != 100}
    for row in rows:
        if row["Category"] in {w["Category"] for w in world} - parts and row[measure]:
            yield (UNCTAD_CODES[row["Economy"]], "_Z", int(row["Year"]), Decimal(row[measure]),
                   row.get(f"{measure} Footnote") or "")  # fmt: skip


def of_packed_table(body: bytes, random: Random) -> bytes:
    """An archive that is whole, of a table that is not."""
    table = random.choice((damage.of_table, damage.of_table, damage.of_bytes))
    return unctad.packed({UNCTAD_FILE: table(unpacked(body), random)})


def said_by_ilostat(bodies: Sequence[bytes]) -> Iterator[Said]:
    for row in table_of(bodies[0]):
        if (row["sex"], row["classif1"]) == ("SEX_T", "ECO_ISIC4_J") and row["obs_value"]:
            yield (row["ref_area"], "_Z", int(row["time"]), Decimal(row["obs_value"]),
                   row["obs_status"])  # fmt: skip


COMTRADE_CODES: Final = {"0": "WLD", "156": "CHN", "762": "TJK"}


def said_by_comtrade(bodies: Sequence[bytes]) -> Iterator[Said]:
    for body in bodies:
        for row in json_of(body)["data"]:
            reporter, partner = (
                COMTRADE_CODES[str(row[name])] for name in ("reporterCode", "partnerCode")
            )
            whole = (row["partner2Code"], row["motCode"], row["customsCode"]) == (0, 0, "C00")
            if whole and row["primaryValue"] is not None and reporter != partner:
                yield reporter, partner, int(row["period"]), Decimal(row["primaryValue"]), ""


def _data360() -> Case:
    key = ("ITU_DH", "X")
    cells = {("CHN", 2020): "1.5", ("CHN", 2021): None, ("TJK", 2021): "2.25"}
    double = Data360Double({key: cells}, page=4)
    double.parts[key], double.means[key] = {("CHN", 2020): "3"}, {("WLD", 2021): "9"}
    question = data360.Question(*key, ("CHN", "TJK"), 2000)
    requests = tuple(question.url(BASE, skip) for skip in (0, 4))
    bodies = tuple(double.answer(url.removeprefix(BASE)).body or b"" for url in requests)
    return Case(bodies, said_by_data360, damage.of_json, requests, {"indicator": "X", "unit": ""})


def _uis() -> Case:
    double = UisDouble({"X": {("CHN", 2020): "1.5", ("TJK", 2020): None, ("TJK", 2021): "0"}})
    url = uis.Question("X", ("CHN", "TJK"), (2000, 2022)).url(BASE, NEWEST)
    body = double.answer(url.removeprefix(BASE)).body or b""
    return Case((body,), said_by_uis, damage.of_json, (url,))


def _imts() -> Case:
    found = [
        imts_double.series("CHN", "TJK", imts_double.observation(2020, "1.5"),
                           imts_double.observation(2021, "2", "M"), code="XG_FOB_USD"),
        imts_double.series("CHN", "G001", imts_double.observation(2020, "7"), code="XG_FOB_USD"),
        imts_double.series("TJK", "CHN", code="XG_FOB_USD"),
        imts_double.series("TJK", "TJK", imts_double.observation(2020, "3"), code="XG_FOB_USD"),
    ]  # fmt: skip
    url = imts.Question("XG_FOB_USD", ("CHN", "G001", "TJK"), 2000).url(BASE)
    return Case((imts_double.message(found),), said_by_imts, damage.of_xml, (url,))


def _unctad() -> Case:
    cells = {("0000", 2020): "90", ("0000", 2021): "99.5", ("156", 2020): "12", ("762", 2021): None}
    rows = [
        unctad.row(economy, year, value, **fields)
        for (economy, year), value in cells.items()
        for fields in ({}, {"Category": "A1", unctad.SHARE: "25"})
    ]
    body = unctad.packed({UNCTAD_FILE: unctad.table(rows)})
    constants = {
        "indicator": "X", "live_code": "US.DigitallyDeliverableServices/Exports",
        "economies": " ".join(f"{theirs}={ours}" for theirs, ours in UNCTAD_CODES.items()),
    }  # fmt: skip
    return Case((body,), said_by_unctad, of_packed_table, constants=constants)


def _ilostat() -> Case:
    key = ("EMP", "SEX_T", "ECO_ISIC4_J")
    rows = [
        ilostat_double.row(key, "CHN", 2020, "1.5", "B"),
        ilostat_double.row(key, "TJK", 2021, "2"),
        ilostat_double.row(key, "TJK", 2020, ""),
        ilostat_double.row(("EMP", "SEX_F", "ECO_ISIC4_J"), "TJK", 2021, "1"),
    ]
    url = ilostat.Question("EMP", "ECO_ISIC4_J", ("CHN", "TJK"), 2000).url(BASE)
    return Case((ilostat_double.table(rows),), said_by_ilostat, damage.of_table, (url,))


def _comtrade() -> Case:
    bodies, requests = [], []
    for year in (2020, 2021):
        rows = [
            comtrade_double.row("X", "156", "762", year, "1.5"),
            comtrade_double.row("X", "762", "0", year, "2"),
            comtrade_double.row("X", "762", "156", year, None),
            comtrade_double.row("X", "762", "0", year, "1", motCode=2100),
        ]
        codes = tuple(COMTRADE_CODES)
        question = comtrade.Question("public/v1/preview", "X", codes[1:], codes, (year,))
        bodies.append(comtrade_double.reply(rows))
        requests.append(question.url(BASE))
    economies = " ".join(f"{theirs}={ours}" for theirs, ours in COMTRADE_CODES.items())
    constants = {"indicator": "X", "economies": economies}
    return Case(tuple(bodies), said_by_comtrade, damage.of_json, tuple(requests), constants)


CASES: Final[Mapping[str, Case]] = {
    "comtrade": _comtrade(),
    "data360": _data360(),
    "ilostat": _ilostat(),
    "imf_imts": _imts(),
    "tidy_csv": Case(
        (b"economy,year,value,status\nCHN,2020,1.5,\nTJK,2020,0,E\nTJK,2021,2,\n",),
        said_by_tidy,
        damage.of_table,
    ),
    "uis": _uis(),
    "unctad": _unctad(),
    "world_bank_releases": Case(
        RELEASES.bodies, said_by_releases, damage.of_json, RELEASES.requests, RELEASES.constants
    ),
    "world_bank_v2": Case(
        WORLD_BANK.bodies, said_by_world_bank, damage.of_json, WORLD_BANK.requests,
        WORLD_BANK.constants,
    ),
}  # fmt: skip
"""By the reader's name."""

QUOTED: Final = re.compile(r"snapshot x/x/2026-11-24/[0-9a-f]{12}, .+", re.DOTALL)
"""How every error of a reader begins."""
