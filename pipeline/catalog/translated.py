"""The catalogue in another language: the same entries, with the names and texts that are shown.

Codes, units, expressions and licences stay as they are; units are said by ``pipeline.units``,
credits that a licence asks for are quoted. Names of economies, blocs and groups carry their other
cases.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from pipeline.catalog.models import Catalog
from pipeline.language import ENGLISH, Language, Named
from pipeline.messages import translated
from pipeline.units import RIVALS, UNITS

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "economies": ("name",),
    "blocs": ("name",),
    "groups": ("name",),
    "publishers": ("name", "short_name", "dataset"),
    "indicators": ("name", "short_name"),
    "claims": ("text", "read_as", "caveat", "remark", "needs"),
    "index": ("name",),
    "digital_economy_sizes": ("definition", "reported_by"),
    "corrections": ("reason", "evidence"),
    "concepts": ("name", "short_name", "preferred_why", "differ"),
}
"""The fields that are shown, by kind of entry."""
INFLECTED: Final = ("economies", "blocs", "groups")
"""Kinds of entry whose names stand in sentences, in any case."""


def sources(catalog: Catalog, language: Language) -> dict[str, str]:
    """The English texts by key, with one more for each case of a name, units, and sources
    by which a claim may be judged otherwise."""
    found = dict(_texts(catalog))
    for key, text in list(found.items()):
        if key.split(".")[0] in INFLECTED:
            found |= {_of_case(key, case): text for case in language.cases}
    found |= {f"{UNITS}.{unit}": unit for unit in sorted(_units(catalog))}
    rivals = {name.replace("_", " ") for c in catalog.claims for name in catalog.claim(c).rivals}
    return found | {f"{RIVALS}.{name}": name for name in sorted(rivals)}


def in_language(catalog: Catalog, language: Language) -> Catalog:
    """The catalogue with its shown texts in ``language``.

    Raises:
        ReportError: a translation is missing, stale or wrong.
    """
    if language is ENGLISH:
        return catalog
    said = translated(language, "catalog", sources(catalog, language))
    return catalog.model_copy(
        update={
            kind: {i: _entry(kind, i, entry, said, language) for i, entry in entries.items()}
            for kind in FIELDS
            if (entries := getattr(catalog, kind))
        }
    )


def _entry(
    kind: str, name: str, entry: BaseModel, said: Mapping[str, str], language: Language
) -> BaseModel:
    update: dict[str, Any] = {}
    for field in FIELDS[kind]:
        key = f"{kind}.{name}.{field}"
        if key in said:
            forms = {case: said.get(_of_case(key, case), "") for case in language.cases}
            update[field] = Named(said[key], forms) if kind in INFLECTED else said[key]
    complement = getattr(entry, "complement", None)
    if complement is not None:
        own = {f: said[f"{kind}.{name}.complement.{f}"] for f in ("name", "short_name")}
        update["complement"] = complement.model_copy(update=own)
    breaks = getattr(entry, "breaks", ())
    if breaks:
        update["breaks"] = tuple(
            b.model_copy(update={"reason": said[f"{kind}.{name}.breaks.{n}.reason"]})
            for n, b in enumerate(breaks)
        )
    declared = getattr(entry, "declared", ())
    if declared:
        update["declared"] = tuple(
            d.model_copy(update={"note": said[f"{kind}.{name}.declared.{d.id}.note"]})
            for d in declared
        )
    return entry.model_copy(update=update)


def _texts(catalog: Catalog) -> Iterator[tuple[str, str]]:
    for kind, fields in FIELDS.items():
        for name, entry in getattr(catalog, kind).items():
            for field in fields:
                text = getattr(entry, field)
                if text:
                    yield f"{kind}.{name}.{field}", text
            complement = getattr(entry, "complement", None)
            if complement is not None:
                yield f"{kind}.{name}.complement.name", complement.name
                yield f"{kind}.{name}.complement.short_name", complement.short_name
            for n, broken in enumerate(getattr(entry, "breaks", ())):
                yield f"{kind}.{name}.breaks.{n}.reason", broken.reason
            for figure in getattr(entry, "declared", ()):
                yield f"{kind}.{name}.declared.{figure.id}.note", figure.note


def _units(catalog: Catalog) -> set[str]:
    found = {i.unit for i in catalog.indicators.values()}
    found |= {s.unit for s in catalog.digital_economy_sizes.values()}
    found |= {c.unit for c in catalog.concepts.values()}
    return found | {c.unit for c in catalog.claims.values()}


def _of_case(key: str, case: str) -> str:
    return f"{key}@{case}"
