"""Whether concepts agree with the rest: their series are known, and each is another publisher's.

The shape of a concept alone is checked by its model.
"""

from collections.abc import Iterator

from pipeline.catalog.concepts import Concept
from pipeline.catalog.mistakes import Mistake, twice, unknown
from pipeline.catalog.models import Catalog


def concepts(catalog: Catalog) -> Iterator[Mistake]:
    names: list[str] = [*catalog.indicators]
    for code, entry in catalog.concepts.items():
        for check in (_series, _publishers, _declared):
            for field, what in check(catalog, entry):
                yield Mistake("concepts", code, field, what)
        for number, figure in enumerate(entry.declared):
            if figure.id in names:
                what = f"{figure.id} is taken, expected an id of its own"
                yield Mistake("concepts", code, f"declared.{number}.id", what)
            names.append(figure.id)


def _series(catalog: Catalog, entry: Concept) -> Iterator[tuple[str, str]]:
    for number, part in enumerate(entry.series):
        for field in ("indicator", "times"):
            name = getattr(part, field)
            if name is not None and name not in catalog.indicators:
                at = f"series.{number}.{field}"
                yield at, unknown(name, catalog.indicators, "indicator")
    if (twin := twice([part.indicator for part in entry.series])) is not None:
        yield "series", f"{twin} stands twice, expected once"


def _publishers(catalog: Catalog, entry: Concept) -> Iterator[tuple[str, str]]:
    """A series agrees with itself; and what is preferred stands beside all others in the data
    files, so that its own licence must allow that."""
    known = [p.indicator for p in entry.series if p.indicator in catalog.indicators]
    publishers = [catalog.indicators[indicator].publisher for indicator in known]
    if (twin := twice(publishers)) is not None:
        yield "series", f"two of them are of {twin}, expected one a publisher"
    if entry.preferred not in known:
        return
    own = catalog.publishers[catalog.indicators[entry.preferred].publisher]
    if not own.licence.redistributable:
        yield "preferred", f"figures of {own.id} may not stand in the data package, expected others"


def _declared(catalog: Catalog, entry: Concept) -> Iterator[tuple[str, str]]:
    for number, figure in enumerate(entry.declared):
        if figure.economy not in catalog.economies:
            at = f"declared.{number}.economy"
            yield at, unknown(figure.economy, catalog.economies, "economy")
        if figure.year < entry.first_year:
            yield (
                f"declared.{number}.year",
                f"{figure.year} is not compared, expected {entry.first_year} or later",
            )
    if entry.declared and entry.chosen.partner == "each":
        yield "declared", "the series are partner by partner, expected no figures without one"
