"""Read the YAML of the catalogue into its models, and name every mistake.

Here files become entries and entries a ``Catalog``: where they stand, how a wrong one is reported,
and the hash of them all. What an entry looks like is ``models``' work; whether entries agree with
each other is ``consistency``'s.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from pipeline.catalog.claims import Claim
from pipeline.catalog.concepts import Concept
from pipeline.catalog.consistency import first_mistake
from pipeline.catalog.entry import Entry
from pipeline.catalog.mistakes import Mistake
from pipeline.catalog.models import (
    Bloc,
    Catalog,
    Correction,
    Economy,
    Group,
    Indicator,
    MemberSet,
    Publisher,
)
from pipeline.catalog.plans import DigitalEconomySize, IndexPlan, Target
from pipeline.errors import CatalogError
from pipeline.yaml_text import SafeLoader

KINDS: Final[Mapping[str, type[Entry]]] = {
    "economies": Economy,
    "blocs": Bloc,
    "groups": Group,
    "member_sets": MemberSet,
    "publishers": Publisher,
    "indicators": Indicator,
    "corrections": Correction,
    "claims": Claim,
    "targets": Target,
    "index": IndexPlan,
    "digital_economy_sizes": DigitalEconomySize,
    "concepts": Concept,
}
"""Model by kind. Its entries stand in ``<kind>.yaml`` or in the files of a folder ``<kind>``."""

MAY_BE_EMPTY: Final = frozenset({
    "corrections", "claims", "targets", "index", "digital_economy_sizes", "concepts",
})  # fmt: skip
"""Kinds of which there need be no entry; a file of theirs may hold comments alone."""

_DEEPEST: Final = 8
"""More levels than any entry has: an alias that holds itself would never end."""

Texts = tuple[tuple[Path, str], ...]
Tables = dict[str, dict[str, Any]]


class _Loader(SafeLoader):
    """Plain YAML.

    Dates stay text for the models to read: a day that does not exist is then a field's mistake.
    """


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if tag != "tag:yaml.org,2002:timestamp"]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_catalog(directory: Path) -> Catalog:
    """The catalogue in ``directory``, its cross-references checked.

    A file is a mapping of entries by id. Files are read every time; if they say what they said
    before, the catalogue of then is returned.

    Raises:
        CatalogError: the first mistake, as "file: entry: field: what is wrong, what was expected".
    """
    return _parse(directory, tuple((path, _text(path)) for path in _files(directory)))


def _files(directory: Path) -> list[Path]:
    """The files of the catalogue, sorted.

    Raises:
        CatalogError: there is no such folder, or a file in it that would silently not be read.
    """
    if not directory.is_dir():
        raise CatalogError(f"{directory}: no such folder, expected the YAML of the catalogue")
    # Hidden files are an editor's or a system's, never entries.
    paths = sorted(p for p in directory.rglob("[!.]*") if p.is_file())
    for path in paths:
        if path.suffix != ".yaml":
            raise CatalogError(f"{path}: is not read, expected files that end in .yaml")
        kind = _kind(directory, path)
        if kind not in KINDS:
            raise CatalogError(f"{path}: {kind} is no kind, expected {_one_of(kind, KINDS)}")
    return paths


def _kind(directory: Path, path: Path) -> str:
    return path.relative_to(directory).with_suffix("").parts[0]


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as e:
        raise CatalogError(f"{path}: byte {e.start} is not UTF-8, expected text in UTF-8") from e
    except OSError as e:
        raise CatalogError(f"{path}: cannot be read: {e.strerror}") from e


@lru_cache(maxsize=8)
def _parse(directory: Path, texts: Texts) -> Catalog:
    """The catalogue of these texts: a pure function of its arguments, hence the cache."""
    tables: Tables = {kind: {} for kind in KINDS}
    places: dict[tuple[str, str], Path] = {}
    for path, text in texts:
        kind = _kind(directory, path)
        for name, entry in _entries(path, text, kind):
            if name in tables[kind]:
                first = places[kind, name]
                raise CatalogError(f"{path}: {name}: stands in {first} too, expected once")
            tables[kind][name] = entry
            places[kind, name] = path
    for kind, table in tables.items():
        if not table and kind not in MAY_BE_EMPTY:
            raise CatalogError(f"{directory / kind}.yaml: no {kind}, expected at least one entry")
    catalog = _catalog(tables)
    mistake = first_mistake(catalog)
    if mistake is not None:
        home = directory / f"{mistake.kind}.yaml"
        raise _located(mistake, places.get((mistake.kind, mistake.entry), home))
    return catalog


def _catalog(tables: Tables) -> Catalog:
    """Entries in the order of their ids, whatever the order of files."""
    ordered = {kind: dict(sorted(table.items())) for kind, table in tables.items()}
    return Catalog(**ordered, sha256=_digest(ordered))


def _digest(tables: Tables) -> str:
    """SHA-256 of the entries as canonical JSON: defaults spelled out, keys sorted, no spaces."""
    content = {
        kind: {name: entry.model_dump(mode="json") for name, entry in table.items()}
        for kind, table in tables.items()
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _located(mistake: Mistake, place: Path) -> CatalogError:
    return CatalogError(f"{place}: {mistake.entry}: {mistake.field}: {mistake.what}")


# --- one file


def _entries(path: Path, text: str, kind: str) -> Iterator[tuple[str, Entry]]:
    """The entries of a file by id.

    Raises:
        CatalogError: it is not a mapping of entries, a key stands twice, or an entry is wrong.
    """
    content = _content(path, text)
    if content is None and kind in MAY_BE_EMPTY:
        return
    if not isinstance(content, dict) or not content:
        raise CatalogError(f"{path}: {_shape(content)}, expected a mapping of entries by id")
    for name, fields in content.items():
        if not isinstance(name, str):
            raise CatalogError(f"{path}: {name}: id is {_shape(name)}, expected text in quotes")
        if not isinstance(fields, dict):
            raise CatalogError(f"{path}: {name}: {_shape(fields)}, expected a mapping of fields")
        yield name, _entry(path, name, fields, KINDS[kind])


def _content(path: Path, text: str) -> Any:
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _refuse_twins(path, node, ())
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as e:
        where = f"line {e.problem_mark.line + 1}: " if e.problem_mark else ""
        raise CatalogError(f"{path}: {where}{e.problem}, expected YAML") from e
    except (yaml.YAMLError, ValueError) as e:
        raise CatalogError(f"{path}: {' '.join(str(e).split())}, expected YAML") from e
    finally:
        loader.dispose()


def _refuse_twins(path: Path, node: yaml.Node, at: tuple[str, ...]) -> None:
    """YAML takes the last of two equal keys in silence; here they are a mistake."""
    if len(at) > _DEEPEST:
        raise CatalogError(f"{path}: {at[0]}: nested deeper than any field, expected plain entries")
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _refuse_twins(path, item, (*at, str(number)))
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                where = ": ".join(filter(None, (at[0] if at else "", ".".join((*at[1:], name)))))
                raise CatalogError(
                    f"{path}: {where}: stands in line {seen[name]} and in line {line}, "
                    "expected once"
                )
            seen[name] = line
            _refuse_twins(path, value, (*at, name))


def _entry(path: Path, name: str, fields: Mapping[Any, Any], model: type[Entry]) -> Entry:
    own = "code" if model is Economy else "id"
    if own in fields:
        raise CatalogError(f"{path}: {name}: {own}: is the entry's key, expected no such field")
    try:
        return model.model_validate({own: name, **fields})
    except ValidationError as e:
        error = e.errors(include_url=False)[0]
        field = ".".join(str(part) for part in error["loc"]) or "fields"
        raise CatalogError(f"{path}: {name}: {field}: {_said(error, model)}") from e


# --- what is wrong, in words


def _said(error: ErrorDetails, model: type[Entry]) -> str:
    """What pydantic found, as "value: what is wrong, what was expected"."""
    value, context = error["input"], error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "is missing, expected a value"
        case "invalid_key":
            return "is no name of a field, expected text"
        case "extra_forbidden":
            return (
                f"unknown field, expected {_one_of(str(error['loc'][-1]), _fields(error, model))}"
            )
        case "literal_error":
            allowed = [word.strip("'") for word in _words(context["expected"])]
            return f"{value!r} is not allowed, expected {_one_of(str(value), allowed)}"
        case "string_pattern_mismatch":
            return f"{value!r} has the wrong form, expected {context['pattern']}"
        case "string_type":
            return f"{_shape(value)}, expected text (in quotes if it looks like a number)"
        case "value_error":
            return str(context["error"])
        case _:
            wanted = error["msg"].removeprefix("Input should be ").removeprefix("a valid ")
            return f"{value!r} is wrong, expected {wanted[:1].lower()}{wanted[1:]}"


def _words(text: str) -> list[str]:
    return text.replace(" or ", ", ").split(", ")


def _fields(error: ErrorDetails, model: type[Entry]) -> Sequence[str]:
    """Fields of the (nested) model that the unknown field stands in."""
    owner: Any = model
    for part in error["loc"][:-1]:
        if isinstance(part, str):
            owner = _nested(owner.model_fields[part].annotation)
    own = {"code"} if owner is Economy else {"id"} if owner is model else set()
    return [name for name in owner.model_fields if name not in own]


def _nested(annotation: Any) -> Any:
    """The model in ``Break``, ``Break | None`` or ``tuple[Break, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, Entry):
        return annotation
    return next(filter(None, map(_nested, getattr(annotation, "__args__", ()))), None)


def _one_of(given: str, allowed: Sequence[str] | Mapping[str, Any]) -> str:
    """The near one where there is one, otherwise all."""
    near = get_close_matches(given, list(allowed), n=1, cutoff=0.7)
    return near[0] if near else "one of " + ", ".join(allowed)


def _shape(value: object) -> str:
    match value:
        case None:
            return "nothing here"
        case {} | []:
            return "nothing here"
        case dict():
            return "a mapping"
        case list():
            return "a list"
        case str():
            return f"text {value!r}"
        case _:
            return f"{type(value).__name__} {value}"
