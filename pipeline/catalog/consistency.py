"""Whether the entries of a catalogue agree: references, partitions, places, dates.

Each check yields what is wrong with one field of one entry. A single entry's own shape is checked
by its model; where entries stand, and how a mistake is reported, is the loader's work.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final

from pipeline.catalog.claim_consistency import claims
from pipeline.catalog.concept_consistency import concepts
from pipeline.catalog.entry import PROJECT_BLOC, PROJECT_SET
from pipeline.catalog.goods_consistency import goods
from pipeline.catalog.mistakes import Mistake, twice, unknown
from pipeline.catalog.models import (
    Bloc,
    Catalog,
    Correction,
    Group,
    Indicator,
    Kind,
    Membership,
    Weighting,
)
from pipeline.catalog.plan_consistency import index, sizes, targets

_AMOUNTS: Final[frozenset[Weighting]] = frozenset({
    "totals", "per_capita_unweighted", "per_capita_population", "per_gdp_unweighted",
    "per_gdp_gdp", "per_services_services",
})  # fmt: skip
_PEOPLE: Final[frozenset[Weighting]] = frozenset({
    "totals", "per_capita_unweighted", "per_capita_population", "share_unweighted",
})  # fmt: skip
WEIGHTINGS: Final[Mapping[Kind, frozenset[Weighting]]] = {
    "stock": _AMOUNTS,
    "flow": _AMOUNTS,
    "share": _PEOPLE,
    "per_head": _PEOPLE,
    "ratio": frozenset({"share_unweighted"}),
    "index": frozenset({"share_unweighted"}),
    "growth": frozenset(),
}
"""Weightings a kind can have. Growth has a sign, so it is not shared out. Nobody owns a part of an
index either, and its zero is its maker's: it only says how unlike the states are, each counting the
same. What goes below zero has none, whatever its kind."""


def first_mistake(catalog: Catalog) -> Mistake | None:
    """The first mistake, in the order of the checks and of ids; none if entries agree."""
    return next((m for check in _CHECKS for m in check(catalog)), None)


# --- economies


def _economies(catalog: Catalog) -> Iterator[Mistake]:
    """Colours, tiles and codes belong to one economy each; colours come in pairs."""
    seen: dict[tuple[str, object], str] = {}
    for code, economy in catalog.economies.items():
        if (economy.colour is None) != (economy.colour_dark is None):
            field = "colour" if economy.colour is None else "colour_dark"
            yield Mistake("economies", code, field, "is missing, expected one for either ground")
        if economy.tile is not None and min(economy.tile) < 0:
            yield Mistake(
                "economies", code, "tile", f"{economy.tile}: expected columns and rows from 0"
            )
        for field in ("name", "iso2", "m49", "colour", "colour_dark", "tile"):
            value = getattr(economy, field)
            if value is None:
                continue
            if (field, value) in seen:
                other = seen[field, value]
                what = f"{value} is that of {other} too, expected one of its own"
                yield Mistake("economies", code, field, what)
            seen[field, value] = code


# --- blocs, groups, member sets


def _blocs(catalog: Catalog) -> Iterator[Mistake]:
    if PROJECT_BLOC not in catalog.blocs:
        yield Mistake(
            "blocs", PROJECT_BLOC, "members", "is missing, expected the project's own bloc"
        )
    for code, bloc in catalog.blocs.items():
        yield from (Mistake("blocs", code, f, w) for f, w in _bloc(catalog, bloc))


def _bloc(catalog: Catalog, bloc: Bloc) -> Iterator[tuple[str, str]]:
    if not bloc.members and bloc.aggregate is None:
        yield "members", "is missing, expected members or an aggregate"
    if bloc.aggregate is not None:
        entry = catalog.economies.get(bloc.aggregate)
        if entry is None:
            yield "aggregate", unknown(bloc.aggregate, catalog.economies, "economy")
        elif entry.kind != "aggregate":
            yield "aggregate", f"{bloc.aggregate} is an economy, expected an aggregate"
    for number, member in enumerate(bloc.members):
        for field, what in _membership(catalog, bloc, member):
            yield f"members.{number}.{field}", what
    ordered = sorted(bloc.members, key=lambda m: (m.economy, m.since))
    for before, after in pairwise(ordered):
        if before.economy == after.economy and (before.until is None or before.until > after.since):
            yield "members", f"{after.economy} is a member twice on {after.since}, expected once"


def _membership(catalog: Catalog, bloc: Bloc, member: Membership) -> Iterator[tuple[str, str]]:
    entry = catalog.economies.get(member.economy)
    if entry is None:
        yield "economy", unknown(member.economy, catalog.economies, "economy")
    elif entry.kind != "economy":
        yield "economy", f"{member.economy} is an aggregate, expected an economy"
    if bloc.founded is not None and member.since < bloc.founded:
        yield (
            "since",
            f"{member.since} lies before the foundation, expected {bloc.founded} or later",
        )
    if member.until is not None and member.until <= member.since:
        yield "until", f"{member.until} is not after since, expected a day after {member.since}"


def _members_now(bloc: Bloc) -> set[str]:
    return {m.economy for m in bloc.members if m.until is None}


def _groups(catalog: Catalog) -> Iterator[Mistake]:
    """The groups of a scheme hold every member of their bloc once."""
    holder: dict[tuple[str, str], str] = {}
    schemes: dict[str, list[Group]] = {}
    for code, group in catalog.groups.items():
        schemes.setdefault(group.scheme, []).append(group)
        if group.bloc not in catalog.blocs:
            what = unknown(group.bloc, catalog.blocs, "bloc")
            yield Mistake("groups", code, "bloc", what)
            return
        for economy in group.economies:
            if economy not in _members_now(catalog.blocs[group.bloc]):
                what = f"{economy} is no member of {group.bloc}, expected members"
                yield Mistake("groups", code, "economies", what)
            if (group.scheme, economy) in holder:
                what = f"{economy} is in {holder[group.scheme, economy]} too, expected in one group"
                yield Mistake("groups", code, "economies", what)
            holder[group.scheme, economy] = code
    for scheme, groups in schemes.items():
        yield from _scheme(catalog, scheme, groups)


def _scheme(catalog: Catalog, scheme: str, groups: Sequence[Group]) -> Iterator[Mistake]:
    first = groups[0]
    for group in groups:
        if group.bloc != first.bloc:
            what = f"{group.bloc} is not the scheme's, expected {first.bloc} as in {first.id}"
            yield Mistake("groups", group.id, "bloc", what)
    held = {economy for group in groups for economy in group.economies}
    homeless = sorted(_members_now(catalog.blocs[first.bloc]) - held)
    if homeless:
        what = (
            f"no group of scheme {scheme} has {', '.join(homeless)}, "
            f"expected every member of {first.bloc} in one"
        )
        yield Mistake("groups", first.id, "economies", what)


def _member_sets(catalog: Catalog) -> Iterator[Mistake]:
    if PROJECT_SET not in catalog.member_sets:
        what = "is missing, expected the report's own set"
        yield Mistake("member_sets", PROJECT_SET, "economies", what)
    for code, entry in catalog.member_sets.items():
        if entry.bloc not in catalog.blocs:
            what = unknown(entry.bloc, catalog.blocs, "bloc")
            yield Mistake("member_sets", code, "bloc", what)
            continue
        ever = {m.economy for m in catalog.blocs[entry.bloc].members}
        for economy in entry.economies:
            if economy not in ever:
                what = f"{economy} was never a member of {entry.bloc}, expected members"
                yield Mistake("member_sets", code, "economies", what)
        twin = twice(entry.economies)
        if twin:
            yield Mistake("member_sets", code, "economies", f"{twin} stands twice, expected once")


# --- indicators


def _indicators(catalog: Catalog) -> Iterator[Mistake]:
    for code, indicator in catalog.indicators.items():
        for check in (_references, _ids, _numbers, _breaks, _sharing, _fetching):
            for field, what in check(catalog, indicator):
                yield Mistake("indicators", code, field, what)


def _references(catalog: Catalog, indicator: Indicator) -> Iterator[tuple[str, str]]:
    if indicator.publisher not in catalog.publishers:
        yield "publisher", unknown(indicator.publisher, catalog.publishers, "publisher")
    weight = indicator.aggregation.weight
    if weight == indicator.id:
        yield "aggregation.weight", f"{weight} is the indicator itself, expected another"
    elif weight is not None and weight not in catalog.indicators:
        yield "aggregation.weight", unknown(weight, catalog.indicators, "indicator")


def _ids(catalog: Catalog, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """Ids name assets, checks and rows, some of which know no case and no punctuation."""
    for other in catalog.indicators.values():
        if other.id < indicator.id and _plain(other.id) == _plain(indicator.id):
            yield "id", f"differs from {other.id} in case or punctuation only, expected more"
        if other.complement is None:
            continue
        taken = _plain(other.complement.id)
        what = f"is that of the complement of {other.id} too, expected one of its own"
        if taken == _plain(indicator.id):
            yield "id", what
        own = indicator.complement
        if own is not None and other.id < indicator.id and taken == _plain(own.id):
            yield "complement.id", what


def _plain(code: str) -> str:
    return code.replace(".", "_").lower()


def _numbers(_: Catalog, indicator: Indicator) -> Iterator[tuple[str, str]]:
    low, high = indicator.plausible.minimum, indicator.plausible.maximum
    if indicator.kind == "share" and not (low >= 0 and high <= 100):
        yield "plausible", f"{low:g} to {high:g} for a share, expected a range within 0 to 100"
    if indicator.max_jump is None or indicator.kind == "share":
        return
    if indicator.max_jump <= 1:
        yield (
            "max_jump",
            f"{indicator.max_jump:g} is a factor for a {indicator.kind}, expected above 1",
        )
    if low < 0:
        yield "max_jump", "is a factor, which values below zero do not have, expected none"


def _breaks(catalog: Catalog, indicator: Indicator) -> Iterator[tuple[str, str]]:
    for number, entry in enumerate(indicator.breaks):
        if entry.years[0] > entry.years[1]:
            first, last = entry.years
            yield f"breaks.{number}.years", f"{first}, {last}: expected the first year first"
        for economy in entry.economies:
            if economy not in catalog.economies:
                what = unknown(economy, catalog.economies, "economy")
                yield f"breaks.{number}.economies", what


def _sharing(_: Catalog, indicator: Indicator) -> Iterator[tuple[str, str]]:
    twin = twice(indicator.weightings)
    if twin:
        yield "weightings", f"{twin} stands twice, expected once"
    for weighting in indicator.weightings:
        if weighting not in WEIGHTINGS[indicator.kind]:
            allowed = ", ".join(sorted(WEIGHTINGS[indicator.kind])) or "none"
            yield (
                "weightings",
                f"{weighting} makes no sense for a {indicator.kind}, expected {allowed}",
            )
    if indicator.complement and indicator.kind != "share":
        yield "complement", f"only a share has one, expected none for a {indicator.kind}"


def _fetching(catalog: Catalog, indicator: Indicator) -> Iterator[tuple[str, str]]:
    publisher = catalog.publishers[indicator.publisher]
    if indicator.live and publisher.connector is None:
        yield "live", f"publisher {publisher.id} has no connector, expected false"
    if not indicator.live:
        for field in ("live_code", "live_source", "live_unit"):
            if getattr(indicator, field) is not None:
                yield field, "the indicator is not live, expected none"
    if indicator.headline and not publisher.licence.redistributable:
        what = f"figures of {publisher.id} may not stand in the data package, expected false"
        yield "headline", what


# --- corrections


def _corrections(catalog: Catalog) -> Iterator[Mistake]:
    for code, entry in catalog.corrections.items():
        for field, what in _correction(catalog, entry):
            yield Mistake("corrections", code, field, what)
    for one, other in combinations(catalog.corrections.values(), 2):
        if _cells(one) & _cells(other) and one.overlaps(other):
            year = min(year for *_, year in _cells(one) & _cells(other))
            what = f"{one.id} corrects {year} for the same days, expected one correction of a value"
            yield Mistake("corrections", other.id, "cells", what)


def _correction(catalog: Catalog, entry: Correction) -> Iterator[tuple[str, str]]:
    if entry.indicator not in catalog.indicators:
        yield "indicator", unknown(entry.indicator, catalog.indicators, "indicator")
        return
    if entry.economy not in catalog.economies:
        yield "economy", unknown(entry.economy, catalog.economies, "economy")
    if entry.counterpart not in ("_Z", *catalog.economies):
        yield "counterpart", unknown(entry.counterpart, catalog.economies, "economy")
    if entry.until is not None and entry.until <= entry.since:
        yield "until", f"{entry.until} is not after since, expected a day after {entry.since}"
    plausible = catalog.indicators[entry.indicator].plausible
    years = [cell.year for cell in entry.cells]
    for number, cell in enumerate(entry.cells):
        if cell.year in years[:number]:
            yield f"cells.{number}.year", f"{cell.year} stands twice, expected once"
        if cell.value is None:
            continue
        if cell.value == cell.expect:
            yield f"cells.{number}.value", f"{cell.value:g} is what is published, expected another"
        if not plausible.minimum <= cell.value <= plausible.maximum:
            yield (
                f"cells.{number}.value",
                f"{cell.value:g} is not plausible, expected "
                f"{plausible.minimum:g} to {plausible.maximum:g}",
            )


def _cells(entry: Correction) -> frozenset[tuple[str, str, str, int]]:
    where = (entry.indicator, entry.economy, entry.counterpart)
    return frozenset((*where, cell.year) for cell in entry.cells)


_CHECKS: Final[Sequence[Callable[[Catalog], Iterator[Mistake]]]] = (
    _economies,
    _blocs,
    _groups,
    _member_sets,
    _indicators,
    goods,
    _corrections,
    claims,
    targets,
    index,
    sizes,
    concepts,
)
