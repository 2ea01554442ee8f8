"""One small sound series of each reader, what was asked, and how it can be damaged.

What such a series says is found by ``plain_decoders``; that the readers say the same is in
``test_readers_damage``.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Final

from pipeline.ingest import (
    comtrade,
    data360,
    ilostat,
    imts,
    uis,
    world_bank,
    world_bank_releases,
)  # fmt: skip
from pipeline.ingest.connectors import Fetched
from tests.doubles import comtrade as comtrade_double
from tests.doubles import damage, unctad
from tests.doubles import ilostat as ilostat_double
from tests.doubles import imts as imts_double
from tests.doubles.data360 import Data360Double
from tests.doubles.uis import NEWEST, UisDouble
from tests.ingest import world_bank_series
from tests.ingest.plain_decoders import (
    COMTRADE_CODES,
    UNCTAD_CODES,
    UNCTAD_FILE,
    UNCTAD_GOODS_FILE,
    Rows,
    Said,
    Whole,
    anything,
    as_many_as_counted,
    full_grid,
    has_every_economy,
    has_the_world,
    rows_of_releases,
    rows_of_world_bank,
    said_by,
    said_by_comtrade,
    said_by_data360,
    said_by_ilostat,
    said_by_imts,
    said_by_tidy,
    said_by_uis,
    said_by_unctad,
    said_by_unctad_of_goods,
    unpacked,
)

BASE: Final = "https://api.example.org"
UNCTAD_ECONOMIES: Final = " ".join(f"{theirs}={ours}" for theirs, ours in UNCTAD_CODES.items())


@dataclass(frozen=True)
class Asked:
    """What a request was for: nothing else may be read, and of a full grid nothing may be missing.

    A reader that looks up no request is asked for all economies and years.
    """

    economies: frozenset[str] | None = None
    years: range = range(1800, 2100)

    def has(self, economy: str, counterpart: str, year: int) -> bool:
        codes = {economy} if counterpart == "_Z" else {economy, counterpart}
        return year in self.years and (self.economies is None or codes <= self.economies)


def no_others(_: bytes) -> Iterator[bytes]:
    return iter(())


@dataclass(frozen=True)
class Case:
    """A sound series, what says the same plainly, and how it can be damaged."""

    bodies: tuple[bytes, ...]
    said: Callable[[Sequence[bytes]], Iterator[Said]]
    mutate: damage.Mutate
    """In the form of the bodies; all can be damaged as bytes, too."""
    requests: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=lambda: {"indicator": "X"})
    asked: Asked = Asked(frozenset({"CHN", "TJK"}), range(2000, 2100))
    whole: Whole = anything
    """Whether the bodies have a row for all that must be there, with a value or without."""
    mended: Callable[[list[bytes]], list[bytes]] = list
    """The bodies with what their heads say of rows put right: damage that the head agrees with."""
    other_rows: Callable[[bytes], Iterator[bytes]] = no_others
    """Bodies that differ in their last row; none where making one takes long."""


def counted(bodies: list[bytes]) -> list[bytes]:
    """Replies whose heads count the rows that there are, where they still can."""
    try:
        replies = [json.loads(body) for body in bodies]
        heads = [r[0] if isinstance(r, list) else r for r in replies]
        rows = [r[1] if isinstance(r, list) else r.get("value") or r["source"]["data"]
                for r in replies]  # fmt: skip
        total = sum(map(len, rows))
        for head in heads:
            if "count" in head:
                head["count"] = total
            else:
                head.update(total=total, pages=-(-total // int(head["per_page"])))
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        return bodies
    return [json.dumps(reply).encode("utf-8", "surrogatepass") for reply in replies]


def of_packed_table(body: bytes, random: Random) -> bytes:
    """An archive that is whole, of a table that is not."""
    return _packed_anew(UNCTAD_FILE, body, random)


def of_packed_goods(body: bytes, random: Random) -> bytes:
    """The same of shares of goods."""
    return _packed_anew(UNCTAD_GOODS_FILE, body, random)


def _packed_anew(name: str, body: bytes, random: Random) -> bytes:
    table = random.choice((damage.of_table, damage.of_table, damage.of_bytes))
    return unctad.packed({name: table(unpacked(body), random)})


def _data360() -> Case:
    key = ("ITU_DH", "X")
    cells = {("CHN", 2020): "1.5", ("CHN", 2021): None, ("TJK", 2021): "2.25"}
    double = Data360Double({key: cells}, page=4)
    double.parts[key], double.means[key] = {("CHN", 2020): "3"}, {("WLD", 2021): "9"}
    question = data360.Question(*key, ("CHN", "TJK"), 2000)
    requests = tuple(question.url(BASE, skip) for skip in (0, 4))
    bodies = tuple(double.answer(url.removeprefix(BASE)).body or b"" for url in requests)
    return Case(
        bodies, said_by_data360, damage.of_json, requests, {"indicator": "X", "unit": ""},
        whole=as_many_as_counted, mended=counted,
        # the last row is the mean of states, which is not read
        other_rows=partial(damage.rows_of_json, at=-2),
    )  # fmt: skip


def _uis() -> Case:
    double = UisDouble({"X": {("CHN", 2020): "1.5", ("TJK", 2020): None, ("TJK", 2021): "0"}})
    url = uis.Question("X", ("CHN", "TJK"), (2000, 2022)).url(BASE, NEWEST)
    body = double.answer(url.removeprefix(BASE)).body or b""
    asked = Asked(frozenset({"CHN", "TJK"}), range(2000, 2023))
    return Case(
        (body,), said_by_uis, damage.of_json, (url,), asked=asked, other_rows=damage.rows_of_json
    )


def _imts() -> Case:
    found = [
        imts_double.series("CHN", "TJK", imts_double.observation(2020, "1.5"),
                           imts_double.observation(2021, "2", "M"), code="XG_FOB_USD"),
        imts_double.series("CHN", "G001", imts_double.observation(2020, "7"), code="XG_FOB_USD"),
        imts_double.series("TJK", "CHN", code="XG_FOB_USD"),
        imts_double.series("TJK", "TJK", imts_double.observation(2020, "3"), code="XG_FOB_USD"),
    ]  # fmt: skip
    url = imts.Question("XG_FOB_USD", ("CHN", "G001", "TJK"), 2000).url(BASE)
    asked = Asked(frozenset({"CHN", "TJK", "WLD"}), range(2000, 2100))
    return Case((imts_double.message(found),), said_by_imts, damage.of_xml, (url,), asked=asked)


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
        "economies": UNCTAD_ECONOMIES,
    }  # fmt: skip
    return Case(
        (body,), said_by_unctad, of_packed_table, constants=constants,
        asked=Asked(frozenset(UNCTAD_CODES.values())), whole=has_every_economy,
    )  # fmt: skip


def _unctad_of_goods() -> Case:
    cells = {
        ("0000", 2020): "13.5",
        ("156", 2020): "26",
        ("156", 2021): "25.5",
        ("762", 2021): None,
    }
    rows = [
        unctad.goods_row(economy, year, value, **fields)
        for (economy, year), value in cells.items()
        for fields in ({}, {"IctProductCategory": "ICT01"}, {"Partner": "156"})
    ]
    body = unctad.packed({UNCTAD_GOODS_FILE: unctad.table(rows, unctad.GOODS_HEAD)})
    constants = {
        "indicator": "X", "live_code": "US.IctGoodsShare/Exports", "measure": "share",
        "economies": UNCTAD_ECONOMIES,
    }  # fmt: skip
    return Case(
        (body,), said_by_unctad_of_goods, of_packed_goods, constants=constants,
        asked=Asked(frozenset(UNCTAD_CODES.values())), whole=has_the_world,
    )  # fmt: skip


def _ilostat() -> Case:
    key = ("EMP", "SEX_T", "ECO_ISIC4_J")
    rows = [
        ilostat_double.row(key, "CHN", 2020, "1.5", "B"),
        ilostat_double.row(key, "TJK", 2021, "2"),
        ilostat_double.row(key, "TJK", 2020, ""),
        ilostat_double.row(("EMP", "SEX_F", "ECO_ISIC4_J"), "TJK", 2021, "1"),
    ]
    url = ilostat.Question("EMP", "ECO_ISIC4_J", ("CHN", "TJK"), 2000).url(BASE)
    return Case(
        (ilostat_double.table(rows),), said_by_ilostat, damage.of_table, (url,),
        other_rows=damage.rows_of_table,
    )  # fmt: skip


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
    asked = Asked(frozenset(COMTRADE_CODES.values()), range(2020, 2022))
    return Case(
        tuple(bodies), said_by_comtrade, damage.of_json, tuple(requests), constants, asked=asked,
        other_rows=damage.rows_of_json,
    )  # fmt: skip


def _series() -> Fetched:
    """Six cells on two pages, the second of which has room for more."""
    question = world_bank.Question(("X",), ("CHN", "TJK"), 2020, 2022, per_page=4)
    return world_bank_series.answered(question)


def _release() -> Fetched:
    """The same of an archived release."""
    release = world_bank_releases.Release("202412")
    question = world_bank_releases.Question("X", ("CHN", "TJK"), 2020, 2022, release, per_page=4)
    return world_bank_series.answered_of_release(question)


def _of_world_bank(whole: Fetched, rows: Rows) -> Case:
    return Case(
        whole.bodies, said_by(rows), damage.of_json, whole.requests, whole.constants,
        asked=Asked(frozenset({"CHN", "TJK"}), range(2020, 2023)), whole=full_grid(rows),
        mended=counted, other_rows=damage.rows_of_json,
    )  # fmt: skip


CASES: Final[Mapping[str, Case]] = {
    "comtrade": _comtrade(),
    "data360": _data360(),
    "ilostat": _ilostat(),
    "imf_imts": _imts(),
    "tidy_csv": Case(
        (b"economy,year,value,status\nCHN,2020,1.5,\nTJK,2020,0,E\nTJK,2021,2,\n",),
        said_by_tidy,
        damage.of_table,
        asked=Asked(),
        other_rows=damage.rows_of_table,
    ),
    "uis": _uis(),
    "unctad": _unctad(),
    "unctad/goods": _unctad_of_goods(),
    "world_bank_releases": _of_world_bank(_release(), rows_of_releases),
    "world_bank_v2": _of_world_bank(_series(), rows_of_world_bank),
}
"""By the reader's name, and what of it where there is more than one."""

QUOTED: Final = re.compile(r"snapshot x/x/2026-11-24/[0-9a-f]{12}, .+", re.DOTALL)
"""How every error of a reader begins."""
