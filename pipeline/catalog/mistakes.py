"""What a mistake in the catalogue is, and how a name that is not known is told with the nearest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a field, and what was expected."""

    kind: str
    entry: str
    field: str
    what: str


def unknown(name: str, known: Iterable[str], what: str) -> str:
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6)
    return f"{name} is not in the catalogue, expected " + (
        f"{near[0]} or another {what}" if near else f"one of its {what} entries"
    )


def twice(names: Sequence[str]) -> str | None:
    """The first name that is given more than once, if one is."""
    return next((n for n in names if names.count(n) > 1), None)
