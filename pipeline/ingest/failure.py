"""Why a series could not be had: what kind of failure it is, in a word for machines and in words.

What belongs here: the kinds and how an error is told apart. What an error says is said where it is
raised; what is done about it is the refresh's.
"""

from collections.abc import Mapping
from typing import Final, Literal

from pipeline.errors import ProjectError, ReadError, RefusedError, SourceError
from pipeline.ingest.http import UnavailableError

Kind = Literal["outage", "refused", "shape", "empty", "ours"]
"""``outage``: nothing usable came, however often it was asked. ``refused``: the publisher is there
and does not give it. ``shape``: an answer came that is not as it was expected, in form or grid.
``empty``: it is as expected, and has not one value. ``ours``: it came, and we could not keep it."""

WORDS: Final[Mapping[Kind, str]] = {
    "outage": "nothing came",
    "refused": "refused",
    "shape": "another shape than expected",
    "empty": "no values",
    "ours": "not archived",
}


class NoValuesError(SourceError):
    """What came is whole and has no value in it."""


def kind_of(error: ProjectError) -> Kind:
    """The kind of failure that an error is."""
    match error:
        case UnavailableError():
            return "outage"
        case RefusedError():
            return "refused"
        case NoValuesError():
            return "empty"
        case SourceError() | ReadError():
            return "shape"
        case _:
            return "ours"
