"""The first place where two contents differ: a JSON pointer, a line, or a byte.

Contents come as bytes with the name of their file, from which follows how they are read.
"""

import json
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Any, Final

SHOWN: Final = 80
"""Characters shown of either side of a difference."""
NOTHING: Final = "nothing"
_TEXTS: Final = {".html", ".csv", ".txt", ".svg", ".xml", ".json"}


@dataclass(frozen=True)
class Difference:
    """Where two contents differ first, and what stands there in the edition and in the rebuilt."""

    where: str
    edition: str
    rebuilt: str

    def __str__(self) -> str:
        return f"{self.where}: {self.edition} in the edition, {self.rebuilt} rebuilt"


def first_difference(name: str, edition: bytes, rebuilt: bytes) -> Difference | None:
    """The first difference of two contents of a file of this name; None where there is none."""
    if edition == rebuilt:
        return None
    suffix = PurePosixPath(name).suffix
    if suffix == ".json":
        try:
            found = json_difference(json.loads(edition), json.loads(rebuilt))
        except ValueError:
            found = None
        # One value written in two ways, or no JSON at all: the line tells.
        if found is not None:
            return found
    if suffix in _TEXTS:
        return _line_difference(edition, rebuilt)
    return _byte_difference(edition, rebuilt)


def json_difference(edition: Any, rebuilt: Any, pointer: str = "") -> Difference | None:
    """The first difference of two JSON values by its pointer (RFC 6901)."""
    if isinstance(edition, dict) and isinstance(rebuilt, dict):
        for key in sorted(edition.keys() | rebuilt.keys()):
            at = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if key not in edition:
                return Difference(at, NOTHING, _value(rebuilt[key]))
            if key not in rebuilt:
                return Difference(at, _value(edition[key]), NOTHING)
            found = json_difference(edition[key], rebuilt[key], at)
            if found:
                return found
        return None
    if isinstance(edition, list) and isinstance(rebuilt, list):
        for index, (one, other) in enumerate(zip(edition, rebuilt, strict=False)):
            found = json_difference(one, other, f"{pointer}/{index}")
            if found:
                return found
        if len(edition) != len(rebuilt):
            counts = (f"{len(edition)} entries", f"{len(rebuilt)} entries")
            return Difference(pointer or "/", *counts)
        return None
    if type(edition) is type(rebuilt) and edition == rebuilt:
        return None
    return Difference(pointer or "/", _value(edition), _value(rebuilt))


def _line_difference(edition: bytes, rebuilt: bytes) -> Difference:
    # Split as bytes: other line ends and bytes that are no UTF-8 are differences, too.
    pairs = zip_longest(edition.split(b"\n"), rebuilt.split(b"\n"))
    number, one, other = next(
        (number, one, other) for number, (one, other) in enumerate(pairs, 1) if one != other
    )
    start = 0 if one is None or other is None else _common(one, other)
    sides = (NOTHING if line is None else _excerpt(line, start) for line in (one, other))
    return Difference(f"line {number}, column {start + 1}", *sides)


def _byte_difference(edition: bytes, rebuilt: bytes) -> Difference:
    start = _common(edition, rebuilt)
    sides = (content[start : start + 8].hex(" ") or NOTHING for content in (edition, rebuilt))
    return Difference(f"byte {start}", *sides)


def _common(one: bytes, other: bytes) -> int:
    """How many bytes are the same at the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _excerpt(line: bytes, start: int) -> str:
    begin = max(0, start - SHOWN // 4)
    text = line[begin : begin + SHOWN].decode("utf-8", "replace")
    return f"“{'…' if begin else ''}{text}{'…' if len(line) > begin + SHOWN else ''}”"


def _value(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
