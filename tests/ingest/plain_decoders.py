"""What a plain decoder finds in the bodies of each reader, and whether all is there.

A plain decoder knows the shape, trusts it, and checks nothing: where a reader reads a damaged body
at all, it must find what the decoder finds. A damaged body that the decoder cannot make sense of is
one that no reader may read.
"""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import py7zr
from py7zr.io import BytesIOFactory

from tests.doubles import unctad

Said = tuple[str, str, int, Decimal, str]
"""Economy, counterpart, year, value and status."""
Whole = Callable[[Sequence[bytes]], bool]
"""Whether bodies have a row for all that must be there, with a value or without."""


def anything(_: Sequence[bytes]) -> bool:
    """For what need not have anything: a state without figures has no row."""
    return True


def json_of(body: bytes) -> Any:
    return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_int=Decimal)


def table_of(body: bytes) -> Iterator[dict[str, str]]:
    return csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""))


Row = tuple[str, int, Decimal | None, str]
"""Economy, year, value or none, and status."""


def rows_of_world_bank(bodies: Sequence[bytes]) -> Iterator[Row]:
    for body in bodies:
        for row in json_of(body)[1] or []:
            status = row.get("obs_status") or ""
            yield row["countryiso3code"], int(row["date"]), row["value"], status


def rows_of_releases(bodies: Sequence[bytes]) -> Iterator[Row]:
    for body in bodies:
        for row in json_of(body)["source"]["data"]:
            ids = {v["concept"]: v["id"] for v in row["variable"]}
            yield ids["Country"], int(ids["Time"].removeprefix("YR")), row["value"], ""


Rows = Callable[[Sequence[bytes]], Iterator[Row]]


def said_by(rows: Rows) -> Callable[[Sequence[bytes]], Iterator[Said]]:
    """Those rows that have a value."""

    def said(bodies: Sequence[bytes]) -> Iterator[Said]:
        for economy, year, value, status in rows(bodies):
            if value is not None:
                yield economy, "_Z", year, Decimal(value), status

    return said


def full_grid(rows: Rows) -> Whole:
    """Whether both economies have all years, up to the last that there is one of, which may be one
    that the publisher does not have yet."""

    def full(bodies: Sequence[bytes]) -> bool:
        found = {(economy, year) for economy, year, *_ in rows(bodies)}
        years = range(2020, max((year for _, year in found), default=2020) + 1)
        return found == {(e, y) for e in ("CHN", "TJK") for y in years}

    return full


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
        said = row["value"] is not None and row["magnitude"] not in ("NA", "SUPP", "INCLUDED")
        if said and row["indicatorId"] == "X":
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
UNCTAD_GOODS_FILE: Final = "US_IctGoodsShare.csv"


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
    valued = list(_valued(rows, measure))
    world = [row for row in valued if row["Economy"] == "0000"]
    parts = {row["Category"] for row in world if float(row[unctad.SHARE] or 0) != 100}
    whole = {row["Category"] for row in world} - parts
    yield from (_said(row, measure) for row in valued if row["Category"] in whole)


def said_by_unctad_of_goods(bodies: Sequence[bytes]) -> Iterator[Said]:
    for row in _valued(table_of(unpacked(bodies[0])), unctad.GOODS_SHARE):
        of_whole = (row["Partner"], row["IctProductCategory"]) == ("0000", "ICT00")
        if row["Flow Label"] == "Exports" and row["Economy"] in UNCTAD_CODES and of_whole:
            yield _said(row, unctad.GOODS_SHARE)


def _valued(rows: Iterable[dict[str, str]], measure: str) -> Iterator[dict[str, str]]:
    return (row for row in rows if row[measure] and not row[f"{measure} Missing value"])


def _said(row: dict[str, str], measure: str) -> Said:
    economy = UNCTAD_CODES[row["Economy"]]
    footnote = row[f"{measure} Footnote"]
    return economy, "_Z", int(row["Year"]), Decimal(row[measure]), footnote


def has_the_world(bodies: Sequence[bytes]) -> bool:
    """Whether the world has a row among the exports of all goods."""
    return any(
        (r["Flow Label"], r["Economy"], r["Partner"], r["IctProductCategory"])
        == ("Exports", "0000", "0000", "ICT00")
        for r in table_of(unpacked(bodies[0]))
    )


def has_every_economy(bodies: Sequence[bytes]) -> bool:
    """Whether each economy has a row among the exports, with a value or without."""
    rows = table_of(unpacked(bodies[0]))
    return {r["Economy"] for r in rows if r["Flow Label"] == "Exports"} >= UNCTAD_CODES.keys()


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


def as_many_as_counted(bodies: Sequence[bytes]) -> bool:
    """Whether the pages of Data360 have all rows that they count."""
    pages = [json_of(body) for body in bodies]
    return sum(len(page["value"]) for page in pages) == int(pages[0]["count"])
