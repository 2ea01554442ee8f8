"""Structure-specific SDMX-ML 2.1: the series of a message, strictly, their attributes as text.

What belongs here: what is the same whoever sends such a message. What the attributes mean is told
by the publisher's own module. A document type is refused, and with it every entity of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from pipeline.errors import ReadError
from pipeline.ingest.json_wire import text_of

_MESSAGE: Final = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
_ROOT: Final = f"{_MESSAGE} StructureSpecificData"
_HEADER: Final = f"{_MESSAGE} Header"
_DATA: Final = f"{_MESSAGE} DataSet"
_INSIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "": (_ROOT,),
    _ROOT: (_HEADER, _DATA),
    _DATA: ("Group", "Series"),
    "Series": ("Obs",),
}
"""What may stand in what. A footer is not among it: it says that the data are not all there."""
_PASSED: Final = frozenset({_HEADER, "Group"})
"""What is passed over with all that is in it: about the message, and about all series."""


@dataclass(frozen=True)
class Series:
    """One series: its attributes, and those of each of its observations, which may be none."""

    attributes: Mapping[str, str]
    observations: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Message:
    """One body."""

    about: Mapping[str, str]
    """The attributes of the data set; empty where the message has none."""
    series: tuple[Series, ...]


def parse(body: bytes) -> Message:
    """The message that a body is.

    Raises:
        ReadError: it is not UTF-8, not whole, has a document type, or anything where it should not
            be.
    """
    reading = _Reading()
    try:
        reading.parser.Parse(text_of(body), True)
    except expat.ExpatError as error:
        raise ReadError(f"not whole XML: {error}") from error
    return reading.message()


@dataclass
class _Reading:
    """A message while it is read: what is open, and what has been found."""

    open: list[str] = field(default_factory=list)
    passed: int = 0
    """Elements open in one that is passed over, that one among them."""
    about: Mapping[str, str] | None = None
    series: list[tuple[Mapping[str, str], list[Mapping[str, str]]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        # Whatever encoding a body declares, it is read as the one that was asked for.
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def message(self) -> Message:
        series = tuple(Series(own, tuple(observations)) for own, observations in self.series)
        return Message(self.about or {}, series)

    def _refused(self, what: str) -> ReadError:
        return ReadError(f"byte {self.parser.CurrentByteIndex}: {what}")

    def _doctype(self, name: str, *_: object) -> None:
        raise self._refused(f"a document type {name!r}, expected none")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self.passed:
            self.passed += 1
            return
        around = self.open[-1] if self.open else ""
        expected = _INSIDE.get(around, ())
        if name not in expected:
            says = " or ".join(_short(e) for e in expected) or "nothing"
            inside = f" in {_short(around)}" if around else ""
            raise self._refused(f"{_short(name)}{inside}, expected {says}")
        if name in _PASSED:
            self.passed = 1
            return
        self.open.append(name)
        if name == _DATA:
            if self.about is not None:
                raise self._refused("a second DataSet, expected one")
            self.about = attributes
        elif name == "Series":
            self.series.append((attributes, []))
        elif name == "Obs":
            self.series[-1][1].append(attributes)

    def _end(self, _: str) -> None:
        if self.passed:
            self.passed -= 1
        else:
            self.open.pop()

    def _text(self, text: str) -> None:
        # Text among the series is a piece of a tag that was damaged.
        if not self.passed and text.strip():
            raise self._refused(f"text {text.strip()[:40]!r}, expected none")


def _short(name: str) -> str:
    return name.rpartition(" ")[2]
