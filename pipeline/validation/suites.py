"""Read the suites: one YAML file a table, read strictly, every mistake named.

What belongs here: the way from a file to a suite. What a suite is stands in ``model``, what the
catalogue adds is made in ``generated``, judging is ``run``'s work. Nothing here opens a database
or imports Great Expectations.
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from pipeline.catalog.models import Catalog
from pipeline.errors import ExpectationError
from pipeline.validation.generated import complete
from pipeline.validation.kinds import KINDS, NO_ROWS, SEVERITIES, Severity
from pipeline.validation.model import Expectation, Suite
from pipeline.yaml_text import safe_load

__all__ = ["Expectation", "Suite", "load_suites", "read_suite", "read_suites", "suggestion"]

ENTRY_FIELDS = ("id", "type", "kwargs", "severity", "why", "query", "violations", "shows")
SUITE_FIELDS = ("table", "about", "key", "expectations")


def load_suites(directory: Path, catalog: Catalog) -> Mapping[str, Suite]:
    """Every suite of ``directory`` by its table, sorted, with what the catalogue adds.

    Raises:
        ExpectationError: no suite is there, or one is wrong: file, entry and field are named.
    """
    return {suite.table: complete(suite, catalog) for suite in read_suites(directory)}


def read_suites(directory: Path) -> tuple[Suite, ...]:
    """Every suite of ``directory`` as written, sorted by table.

    Raises:
        ExpectationError: no suite is there, or one is wrong: file, entry and field are named.
    """
    paths = sorted(directory.glob("*.yaml"))
    if not paths:
        raise ExpectationError(f"{directory}: no suites (*.yaml) are there")
    return tuple(sorted(map(read_suite, paths), key=lambda s: s.table))


def read_suite(path: Path) -> Suite:
    """The suite of one file, as written.

    Raises:
        ExpectationError: the file cannot be read or says something that cannot be expected.
    """
    raw = _mapping(_yaml(path), path.name)
    _known(raw, SUITE_FIELDS, path.name)
    table = _text(raw, "table", path.name)
    if table != path.stem:
        raise ExpectationError(f"{path.name}: table: is {table!r}, but the file says {path.stem!r}")
    entries = raw.get("expectations")
    if not isinstance(entries, list) or not entries:
        raise ExpectationError(f"{path.name}: expectations: a list of at least one is needed")
    return Suite(
        table=table,
        expectations=tuple(_read(entry, n, table, path.name) for n, entry in enumerate(entries, 1)),
        about=_text(raw, "about", path.name),
        key=tuple(_texts(raw, "key", path.name)),
        source=path.name,
    )


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """ "; did you mean 'x'?" for the nearest of ``known``, or a list of them."""
    options = sorted(known)
    near = get_close_matches(wrong, options, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(options)}"


def _yaml(path: Path) -> object:
    try:
        return safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ExpectationError(f"{path.name}: cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise ExpectationError(f"{path.name}: no YAML: {' '.join(str(error).split())}") from error


def _read(raw: object, number: int, table: str, file: str) -> Expectation:
    entry = _mapping(raw, f"{file}: entry {number}")
    place = f"{file}: {entry.get('id', f'entry {number}')}"
    _known(entry, ENTRY_FIELDS, place)
    kind, kwargs, query = _judgement(entry, place)
    return Expectation(
        id=_identifier(entry, f"{file}: entry {number}"),
        table=table,
        type=kind,
        kwargs=kwargs,
        severity=_severity(entry, place),
        why=_text(entry, "why", place),
        query=query,
        shows=tuple(_texts(entry, "shows", place)) if "shows" in entry else (),
    )


def _judgement(entry: Mapping[str, Any], place: str) -> tuple[str, Mapping[str, Any], str | None]:
    """Kind, arguments and query; ``violations`` is short for a query that must have no rows."""
    if "violations" in entry:
        extra = sorted({"type", "kwargs", "query"} & set(entry))
        if extra:
            raise ExpectationError(
                f"{place}: {extra[0]}: not with 'violations', which is itself "
                f"{NO_ROWS} 0 on its query"
            )
        return NO_ROWS, {"value": 0}, _text(entry, "violations", place)
    kind = _text(entry, "type", place)
    if kind not in KINDS:
        raise ExpectationError(f"{place}: type: {kind!r} is unknown{suggestion(kind, KINDS)}")
    kwargs = _mapping(entry.get("kwargs", {}), f"{place}: kwargs")
    _check_arguments(kind, kwargs, place)
    return kind, kwargs, _text(entry, "query", place) if "query" in entry else None


def _check_arguments(kind: str, kwargs: Mapping[str, Any], place: str) -> None:
    takes = KINDS[kind].required | KINDS[kind].optional
    _known(kwargs, takes, f"{place}: kwargs")
    missing = sorted(KINDS[kind].required - set(kwargs))
    if missing:
        raise ExpectationError(f"{place}: kwargs: {kind} needs {', '.join(missing)}")
    if "min_value" in takes and not {"min_value", "max_value"} & set(kwargs):
        raise ExpectationError(
            f"{place}: kwargs: give min_value or max_value; without both nothing can fail"
        )


def _severity(entry: Mapping[str, Any], place: str) -> Severity:
    given = _text(entry, "severity", place)
    for severity in SEVERITIES:
        if severity == given:
            return severity
    raise ExpectationError(
        f"{place}: severity: {given!r} is unknown{suggestion(given, SEVERITIES)}"
    )


def _identifier(entry: Mapping[str, Any], place: str) -> str:
    given = _text(entry, "id", place)
    if not (given.replace("_", "").isalnum() and given.isascii()):
        raise ExpectationError(f"{place}: id: {given!r} has more than letters, digits and _")
    return given


def _mapping(raw: object, place: str) -> Mapping[str, Any]:
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise ExpectationError(f"{place}: expected fields with values, found {raw!r}")
    return raw


def _known(raw: Mapping[str, Any], fields: Iterable[str], place: str) -> None:
    for name in raw:
        if name not in set(fields):
            raise ExpectationError(f"{place}: {name}: unknown field{suggestion(name, fields)}")


def _text(raw: Mapping[str, Any], name: str, place: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ExpectationError(f"{place}: {name}: a text is needed, found {value!r}")
    return value.strip()


def _texts(raw: Mapping[str, Any], name: str, place: str) -> Sequence[str]:
    value = raw.get(name)
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise ExpectationError(
            f"{place}: {name}: a list of column names is needed, found {value!r}"
        )
    return value
