"""Whether targets, the index and declared sizes agree with the rest of the catalogue.

The shape of each alone is checked by its model.
"""

from collections.abc import Iterator

from pipeline.catalog.mistakes import Mistake, twice, unknown
from pipeline.catalog.models import Catalog, Indicator
from pipeline.catalog.plans import IndexIndicator, IndexPlan, Target


def targets(catalog: Catalog) -> Iterator[Mistake]:
    for code, entry in catalog.targets.items():
        for field, what in _target(catalog, entry):
            yield Mistake("targets", code, field, what)


def _target(catalog: Catalog, entry: Target) -> Iterator[tuple[str, str]]:
    if entry.deadline < entry.published.year:
        yield "deadline", f"{entry.deadline} lies before {entry.published}, expected a later year"
    for field in ("indicator", "relative_to"):
        code = getattr(entry, field)
        if code is not None and code not in catalog.indicators:
            yield field, unknown(code, catalog.indicators, "indicator")
    if entry.indicator is None or entry.counts is None or entry.indicator not in catalog.indicators:
        return
    if entry.relative_to == entry.indicator:
        yield "relative_to", f"{entry.relative_to} is the indicator itself, expected another"
    level = entry.counts.level
    # The two curves level off at the ceiling and are there after any finite time only below it.
    if entry.ceiling is not None and not 0 < level < entry.ceiling:
        yield "counts.level", f"{level:g}: expected between 0 and the ceiling {entry.ceiling:g}"
    if entry.counts.basis == "target" and level != entry.level:
        yield "counts.level", f"{level:g} is not the target's own, expected {entry.level:g}"
    indicator = catalog.indicators[entry.indicator]
    if indicator.kind in ("stock", "flow", "growth"):
        yield "indicator", f"is a {indicator.kind}, expected what has a level of its own (a share)"
    right = {"at_least": "higher_is_better", "at_most": "lower_is_better"}[entry.direction]
    if indicator.direction != right:
        yield "direction", f"{entry.direction} although {indicator.direction}, expected the other"


def index(catalog: Catalog) -> Iterator[Mistake]:
    for code, entry in catalog.index.items():
        for field, what in _index_plan(catalog, entry):
            yield Mistake("index", code, field, what)


def _index_plan(catalog: Catalog, entry: IndexPlan) -> Iterator[tuple[str, str]]:
    if entry.member_set not in catalog.member_sets:
        yield "member_set", unknown(entry.member_set, catalog.member_sets, "member set")
    elif catalog.member_sets[entry.member_set].rule != "fixed":
        yield "member_set", f"{entry.member_set} changes with the year, expected a fixed set"
    twin = twice([part.indicator for part in entry.indicators])
    if twin:
        yield "indicators", f"{twin} stands twice, expected once"
    filled: set[str] = set()
    for number, part in enumerate(entry.indicators):
        at = f"indicators.{number}"
        if part.per is not None and part.per not in catalog.indicators:
            yield f"{at}.per", unknown(part.per, catalog.indicators, "indicator")
        if part.indicator not in catalog.indicators:
            yield f"{at}.indicator", unknown(part.indicator, catalog.indicators, "indicator")
            continue
        indicator = catalog.indicators[part.indicator]
        if indicator.pillar not in entry.pillars:
            yield (
                f"{at}.indicator",
                f"is of {indicator.pillar}, expected one of {', '.join(entry.pillars)}",
            )
        filled.add(indicator.pillar)
        yield from (
            (f"{at}.{field}", what) for field, what in _index_part(catalog, indicator, part)
        )
    for pillar in entry.pillars:
        if pillar not in filled:
            yield "pillars", f"{pillar} has no indicator, expected at least one"


def _index_part(
    catalog: Catalog, indicator: Indicator, part: IndexIndicator
) -> Iterator[tuple[str, str]]:
    better = {"higher_is_better": part.best > part.worst, "lower_is_better": part.best < part.worst}
    if indicator.direction not in better:
        yield "indicator", "no way is better, expected one with a direction"
    elif not better[indicator.direction]:
        yield "best", f"{part.best:g} to {part.worst:g} although {indicator.direction}"
    # What may not be passed on would be, as a part of the scores.
    if not catalog.publishers[indicator.publisher].licence.redistributable:
        yield "indicator", f"figures of {indicator.publisher} may not stand in the data package"


def sizes(catalog: Catalog) -> Iterator[Mistake]:
    for code, entry in catalog.digital_economy_sizes.items():
        if entry.economy not in catalog.economies:
            what = unknown(entry.economy, catalog.economies, "economy")
            yield Mistake("digital_economy_sizes", code, "economy", what)
        if entry.unit == "% of GDP" and not 0 < entry.value < 100:
            what = f"{entry.value:g} % of GDP, expected between 0 and 100"
            yield Mistake("digital_economy_sizes", code, "value", what)
        elif entry.value <= 0:
            what = f"{entry.value:g}: expected a size above 0"
            yield Mistake("digital_economy_sizes", code, "value", what)
