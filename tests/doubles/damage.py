"""Ways in which a body can be wrong: whole replies with something in them that does not belong.

What belongs here: mutations of bytes, of JSON, of tables and of XML, each drawn from a seeded
generator, so that a test sees the same ones on every machine. Those that Hypothesis draws are in
``drawn_damage``. Whether a reader notices is its tests' affair.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from random import Random
from typing import Any, Final

Mutate = Callable[[bytes, Random], bytes]

HTML: Final = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body/></html>"
WHOLE_BODIES: Final = (
    b"", b" ", b"\n", b"null", b"[]", b"{}", b"0", b'""', b"[[[[", HTML, b"\xef\xbb\xbf",
    b"\xff\xfe<\x00", b"[" * 100_000, b"{}" * 3, b'{"error":"no"}', b"\x1f\x8b\x08\x00", b"NaN",
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"a,b\n1,2\n", b"\x00" * 50,
)  # fmt: skip
"""What comes in the place of an answer."""
TEXTS: Final = (
    "", " ", "null", "NaN", "-", "..", "0", "1", "-1", "1,5", "1e3", "1e999", "9" * 400, "2020",
    "2021", "2020Q1", "20210", "CHN", "TJK", "USA", "KZ", "chn", "WLD", "156", "0156", "_T", "_Z",
    "F", "E", "A", "M", "X", "\ud800", "\u0661", "\x00", "a,b", 'a"b', "a\nb", "x" * 1000,
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = (
    *TEXTS,
    None,
    True,
    False,
    0,
    -1,
    1.5,
    2020,
    10**30,
    10**400,
    1e300,
    [],
    {},
    [1],
)


LIKELY: Final[tuple[Any, ...]] = (
    "CHN", "TJK", "USA", "WLD", "1999", "2020", "2021", "X", "Y", "", "1e999", 0, 7, 1999, 2020,
    10**400,
)  # fmt: skip
"""What could stand in a cell of another row."""


def of_bytes(body: bytes, random: Random) -> bytes:
    """Another answer altogether, or some bytes cut, repeated, left out, changed or put in."""
    start = random.randrange(len(body) + 1)
    end = min(start + random.randrange(1, 60), len(body))
    bad = random.choice((b"\xff", b"\xc3\x28", b"\x00", b"1", b"9" * 400, b",", b'"', b"<", b"}"))
    return random.choice((
        random.choice(WHOLE_BODIES), body[:start], body[start:], body[:start] + body[end:],
        body[:end] + body[start:], body[:start] + bad + body[start:],
        body[:start] + bad + body[end:], body + body, body + bad, HTML + body,
        b"\xef\xbb\xbf" + body, body.decode("utf-8", "replace").encode("utf-16"),
    ))  # fmt: skip


def of_json(body: bytes, random: Random) -> bytes:
    """Some node replaced, left out, renamed, repeated (as it is or otherwise) or swapped."""
    reply = json.loads(body)
    for _ in range(random.randrange(1, 3)):
        places = list(nodes(reply))
        how = random.choice((_replace, _replace, _leave_out, _rename, _swap, *_OF_ENTRIES))
        if how in _OF_ENTRIES:
            places = [p for p in places if isinstance(p[0], list)] or places
        parent, key = random.choice(places)
        how(reply, parent, key, random)
    return json.dumps(reply).encode("utf-8", "surrogatepass")


def nodes(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every node below a value, as what holds it and where."""
    for key, child in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(child, dict | list):
            yield from nodes(child)


def _replace(_: Any, parent: Any, key: Any, random: Random) -> None:
    parent[key] = random.choice(VALUES)


def _leave_out(_: Any, parent: Any, key: Any, random: Random) -> None:
    del parent[key]


def _rename(_: Any, parent: Any, key: Any, random: Random) -> None:
    if isinstance(parent, dict):
        parent[random.choice((key.lower(), key.upper(), f"{key}_2", "value", ""))] = parent.pop(key)


def _repeat(_: Any, parent: Any, key: Any, random: Random) -> None:
    if isinstance(parent, list):
        parent.insert(random.randrange(len(parent) + 1), json.loads(json.dumps(parent[key])))


def _resemble(_: Any, parent: Any, key: Any, random: Random) -> None:
    """One more such entry with something else in it, as a row of another year: often in a field
    that tells the entries apart."""
    if not isinstance(parent, list) or not isinstance(parent[key], dict):
        return
    other = json.loads(json.dumps(parent[key]))
    said: dict[str, set[str]] = {}
    for entry in parent:
        for path, inside, name in _leaves(entry):
            said.setdefault(path, set()).add(repr(inside[name]))
    leaves = list(_leaves(other))
    telling = [leaf for leaf in leaves if len(said[leaf[0]]) > 1]
    if leaves:
        _, inside, name = random.choice(random.choice((telling, leaves)) or leaves)
        inside[name] = random.choice(LIKELY)
    parent.insert(random.randrange(len(parent) + 1), other)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every node below a value that holds no others: its path, what holds it and where."""
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(child, dict | list):
                yield from _leaves(child, f"{path}/{key}")
            else:
                yield f"{path}/{key}", value, key


_OF_ENTRIES: Final = (_repeat, _resemble, _resemble)
"""What is done to an entry of a list, such as a row."""


def _swap(reply: Any, parent: Any, key: Any, random: Random) -> None:
    other, there = random.choice(list(nodes(reply)))
    one, two = parent[key], other[there]
    # A node that is put into itself would have no end.
    parent[key], other[there] = json.loads(json.dumps(two)), json.loads(json.dumps(one))


def rows_of_json(body: bytes, at: int = -1) -> Iterator[bytes]:
    """The reply without one row; and with another in its place or at the end, which has one cell
    changed: every cell, to everything that is likely.

    Args:
        body: the reply.
        at: which row; the last by default.
    """
    rows = _rows_in(json.loads(body))
    row = rows.pop(at)
    yield _with_rows(body, rows)
    for number, (_, inside, name) in enumerate(_leaves(row)):
        for value in LIKELY:
            if value != inside[name]:
                other = json.loads(json.dumps(row))
                _, inside_other, _ = list(_leaves(other))[number]
                inside_other[name] = value
                yield _with_rows(body, [*rows, other])
                yield _with_rows(body, [*rows, row, other])


def _rows_in(reply: Any) -> list[Any]:
    """The list of objects that is nearest to the top."""
    level = [reply]
    while level:
        for value in level:
            if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
                return value
        level = [
            child for value in level if isinstance(value, dict | list)
            for child in (value.values() if isinstance(value, dict) else value)
        ]  # fmt: skip
    raise ValueError("the reply has no rows")


def _with_rows(body: bytes, rows: list[Any]) -> bytes:
    reply = json.loads(body)
    _rows_in(reply)[:] = rows
    return json.dumps(reply).encode("utf-8", "surrogatepass")


def rows_of_table(body: bytes) -> Iterator[bytes]:
    """The same of a table."""
    *rows, last = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
    for column, value in product(range(len(last)), map(str, LIKELY)):
        other = [*last[:column], value, *last[column + 1 :]]
        for changed in ([*rows, other], [*rows, last, other]):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(changed)
            yield text.getvalue().encode()


def of_table(body: bytes, random: Random) -> bytes:
    """A cell replaced, a row or column left out, a row repeated (as it is or otherwise), titles or
    cells swapped."""
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    number, other = random.randrange(len(rows)), random.randrange(len(rows))
    column, another = (random.randrange(len(rows[0])) for _ in range(2))
    match random.randrange(9):
        case 0 | 1 | 2:
            rows[number][column] = random.choice(TEXTS)
        case 3:
            rows.insert(other, list(rows[number]))
        case 4:
            del rows[number]
        case 5:
            for row in rows:
                del row[column]
        case 6:
            head = rows[0]
            head[column], head[another] = head[another], head[column]
        case 7:
            rows.insert(other, list(rows[number]))
            rows[other][column] = str(random.choice((*LIKELY, *TEXTS)))
        case _:
            rows[number][column], rows[other][another] = rows[other][another], rows[number][column]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


_SERIES: Final = re.compile(rb"<Series\b[^>]*?(?:/>|>.*?</Series>)", re.DOTALL)


def of_xml(body: bytes, random: Random) -> bytes:
    """An attribute or tag left out, replaced, repeated or renamed; or a whole series repeated."""
    whole = list(_SERIES.finditer(body))
    if whole and random.random() < 0.1:
        series = random.choice(whole)
        return body[: series.end()] + series[0] + body[series.end() :]
    # one after the other: a tag that is found takes its attributes along
    attributes, tags = (list(re.finditer(p, body)) for p in (rb'\w+="[^"]*"', rb"<[^>]+>"))
    one, other = (random.choice(random.choice((attributes, tags))) for _ in range(2))
    text = random.choice(TEXTS).encode("utf-8", "surrogatepass")
    value = re.sub(rb'"[^"]*"', lambda _: b'"' + text + b'"', one[0], count=1)
    twice = random.choice((one[0], value)) + one[0]
    new = random.choice((b"", value, value, value, twice, other[0], one[0].lower(), text))
    return body[: one.start()] + new + body[one.end() :]
