"""The IMF's International Merchandise Trade Statistics: what to ask, and what the series say.

Goods that economies sell to and buy from one another and the world, as SDMX-ML 2.1. What belongs
here: one explicit request for a flow, and which of the series and values that come are as asked.
How such a message is written is ``sdmx``'s, retries are ``http``'s.

Values are whole US dollars although each series says SCALE="6": the scale is how the publisher
shows them, and is not applied.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import pandas as pd

from pipeline import observations
from pipeline.errors import ReadError, RefusedError
from pipeline.ingest import sdmx, tidy
from pipeline.ingest.connectors import Fetched, Series
from pipeline.ingest.http import Client, NoContentError
from pipeline.ingest.sidecar import Sidecar
from pipeline.settings import Settings

YEARLY: Final = "A"
OFFICIAL: Final = "O"
"""How a value came about: reported by the economy itself. All others the publisher has made, as M
from what the partners report; those are kept as the status."""
WORLD: Final[Mapping[str, str]] = {"WLD": "G001"}
"""The world by our code and the publisher's. Its other groups overlap and are not asked for."""

_OURS: Final = {theirs: ours for ours, theirs in WORLD.items()}
_KEY: Final = ("COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY")
_URL: Final = re.compile(
    r".*/data/IMF\.STA,IMTS/(?P<reporters>[A-Z0-9+]+)\.(?P<code>[A-Z_]+)\.(?P<partners>[A-Z0-9+]+)"
    rf"\.{YEARLY}\?startPeriod=(?P<first>[0-9]{{4}})"
)
_YEAR: Final = re.compile(tidy.PATTERNS["year"])
_VALUE: Final = re.compile(tidy.PATTERNS["value"])
_FLAG: Final = re.compile(r"[A-Z0-9_]{1,10}")
_HEADER: Final = re.compile(rb"<(\w+:)?Header\b.*?</(\w+:)?Header>", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """What is asked: a flow between some economies, every year from the first one on."""

    code: str
    economies: tuple[str, ...]
    """Reporters and partners alike, by the publisher's codes."""
    first_year: int

    def url(self, base: str) -> str:
        codes = "+".join(self.economies)
        key = f"{codes}.{self.code}.{codes}.{YEARLY}"
        return f"{base}/data/IMF.STA,IMTS/{key}?startPeriod={self.first_year}"

    @classmethod
    def of(cls, url: str) -> Self | None:
        """The question that an archived request was; None where it is not one of ours."""
        found = _URL.fullmatch(url)
        if found is None or found["reporters"] != found["partners"]:
            return None
        return cls(found["code"], tuple(found["reporters"].split("+")), int(found["first"]))


class Row(NamedTuple):
    """One value as it came."""

    reporter: str
    partner: str
    year: int
    value: str
    status: str


def plan(series: Series) -> Question:
    """The question for one series of the catalogue."""
    return Question(
        code=series.indicator.live_code or series.indicator.id,
        economies=tuple(sorted(WORLD.get(e, e) for e in set(series.economies))),
        first_year=series.years[0],
    )


def fetch(client: Client, settings: Settings, series: Series) -> Fetched:
    """The answer to one question. See ``connectors.Connector``.

    Raises:
        SourceError: the publisher could not be had, or has nothing that matches the question.
    """
    base = settings.imf_url.rstrip("/")
    question = plan(series)
    url = question.url(base)
    try:
        body, message = client.get(url, sdmx.parse)
    except NoContentError as error:
        raise _no_match(question, "204 No Content") from error
    if not message.series:
        raise _no_match(question, "a message without series")
    updated = message.about.get("UPDATE_DATE")
    return Fetched(
        bodies=(body,),
        requests=(url,),
        media_type="application/vnd.sdmx.structurespecificdata+xml",
        source=f"{base}/data/IMF.STA,IMTS",
        reader="imf_imts",
        constants={"indicator": series.indicator.id},
        says=f"UPDATE_DATE {updated}" if updated else "nothing of its date",
        lasting=without_header,
    )


def requests(settings: Settings, series: Series) -> Sequence[str]:
    """The one URL. See ``connectors.Planner``."""
    return [plan(series).url(settings.imf_url.rstrip("/"))]


def without_header(body: bytes) -> bytes:
    """A body without its header, which says when the answer was made: else no two are the same."""
    return _HEADER.sub(b"", body, count=1)


def _no_match(question: Question, answer: str) -> RefusedError:
    return RefusedError(
        f"no match: the publisher is there and has nothing for {question.code} of "
        f"{len(question.economies)} economies since {question.first_year} ({answer})"
    )


def read(sidecar: Sidecar, bodies: Sequence[bytes]) -> pd.DataFrame:
    """The observations of an archived flow, in the columns of ``observations.COLUMNS``.

    Values are US dollars. What an economy trades with itself (goods that come back) is left out.

    Raises:
        ReadError: the message is malformed, a series or value was not asked for or stands twice, or
            a value is no number; names snapshot, series and year.
    """
    try:
        question = _asked(sidecar)
        rows = [
            row
            for row in _rows(sdmx.parse(bodies[0]), question)
            if row.reporter != row.partner or row.reporter in _OURS
        ]
    except ReadError as error:
        raise ReadError(f"snapshot {sidecar.snapshot}, {error}") from error
    return _frame(rows, sidecar.constants.get("indicator", sidecar.indicators[0]))


def _asked(sidecar: Sidecar) -> Question:
    if len(sidecar.parts) != 1:
        raise ReadError(f"{len(sidecar.parts)} parts, expected one message")
    request = sidecar.parts[0].request or ""
    question = Question.of(request)
    if question is None:
        raise ReadError(f"part 1: {request!r} is not a request for a flow")
    return question


def _rows(message: sdmx.Message, question: Question) -> Iterator[Row]:
    found: set[tuple[str, str]] = set()
    for number, series in enumerate(message.series, 1):
        reporter, code, partner, frequency = (
            _attribute(f"series {number}", series.attributes, name) for name in _KEY
        )
        where = f"series {reporter}.{code}.{partner}.{frequency}"
        if code != question.code:
            raise ReadError(f"{where}: INDICATOR is {code!r}, expected {question.code}")
        if frequency != YEARLY:
            raise ReadError(f"{where}: FREQUENCY is {frequency!r}, expected {YEARLY}: yearly")
        for economy in (reporter, partner):
            if economy not in question.economies:
                raise ReadError(f"{where}: {economy} was not asked for")
        if (reporter, partner) in found:
            raise ReadError(f"{where} stands twice")
        found.add((reporter, partner))
        yield from _of_series(where, reporter, partner, series, question.first_year)


def _of_series(
    where: str, reporter: str, partner: str, series: sdmx.Series, first_year: int
) -> Iterator[Row]:
    years: set[int] = set()
    for attributes in series.observations:
        period = _matched(where, attributes, "TIME_PERIOD", _YEAR, tidy.EXPECTED["year"])
        at, year = f"{where} {period}", int(period)
        if year < first_year:
            raise ReadError(f"{at}: was not asked for, expected {first_year} or later")
        if year in years:
            raise ReadError(f"{at} stands twice")
        years.add(year)
        value = _matched(at, attributes, "OBS_VALUE", _VALUE, "a finite number")
        status = _matched(at, attributes, "DERIVATION_TYPE", _FLAG, "how it came about")
        yield Row(reporter, partner, year, value, "" if status == OFFICIAL else status)


def _attribute(where: str, attributes: Mapping[str, str], name: str) -> str:
    if name not in attributes:
        raise ReadError(f"{where}: there is no {name}")
    return attributes[name]


def _matched(
    where: str, attributes: Mapping[str, str], name: str, form: re.Pattern[str], expected: str
) -> str:
    text = _attribute(where, attributes, name)
    if form.fullmatch(text) is None:
        raise ReadError(f"{where}: {name} is {text!r}, expected {expected}")
    return text


def _frame(rows: Sequence[Row], indicator: str) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "indicator": indicator,
            "economy": pd.Series([_OURS.get(r.reporter, r.reporter) for r in rows], dtype="str"),
            "counterpart": pd.Series([_OURS.get(r.partner, r.partner) for r in rows], dtype="str"),
            "year": pd.Series([r.year for r in rows], dtype="int32"),
            "value": pd.Series([r.value for r in rows], dtype="str"),
            "status": pd.Series([r.status for r in rows], dtype="str"),
        }
    )
    return frame.astype(observations.empty().dtypes)[list(observations.COLUMNS)]
