"""What other publishers say of a claim: its arithmetic again, over their series of the same thing.

A claim names the series that the report uses. Where a concept of the catalogue has another
publisher's, that one is a rival source of the claim, and nobody has to write it down twice.
"""

import re
from collections.abc import Iterator, Mapping

from pipeline.catalog.claims import Claim, Figure
from pipeline.catalog.concepts import Concept, ConceptSeries

Publishers = Mapping[str, tuple[str, str]]
"""Id and name (with that of its data set) of the publisher by indicator."""


def with_rivals(claim: Claim, concepts: Mapping[str, Concept], publishers: Publishers) -> Claim:
    """The claim with a rival for every publisher that gives one of its figures, too.

    The rival's figures are named after the claim's and the publisher's id, the rival itself after
    the publisher and its data set. Rivals that the claim declares stay.
    """
    if claim.expression is None:
        return claim
    figures, rivals = dict(claim.figures), dict(claim.rivals)
    for publisher in sorted({publishers[s.indicator] for *_, s in _found(claim, concepts)}):
        text = claim.expression
        for name, factor, series in _found(claim, concepts):
            if publishers[series.indicator] != publisher:
                continue
            own = f"{name}_{publisher[0]}"
            figures[own] = _of(claim.figures[name], series)
            term = own if factor == 1 else f"({own} * {factor!r})"
            text = re.sub(rf"\b{name}\b", term, text)
        if text != claim.expression:
            rivals[publisher[1]] = text
    used = {n: f for n, f in figures.items() if n in claim.figures or _named(n, rivals)}
    return claim.model_copy(update={"figures": used, "rivals": rivals})


def _found(
    claim: Claim, concepts: Mapping[str, Concept]
) -> Iterator[tuple[str, float, ConceptSeries]]:
    """Figures of the claim that another series has: name, factor to the claim's unit, series."""
    for name, figure in claim.figures.items():
        for concept in concepts.values():
            chosen = concept.chosen
            by_partner = chosen.partner == "each"
            if figure.indicator != chosen.indicator or by_partner != bool(figure.partners):
                continue
            for other in concept.others:
                if chosen.times is None and other.times is None:
                    yield name, other.factor / chosen.factor, other


def _of(figure: Figure, series: ConceptSeries) -> Figure:
    """The same figure of the other series."""
    partners = ("WLD",) if series.partner == "world" else figure.partners
    return figure.model_copy(update={"indicator": series.indicator, "partners": partners})


def _named(name: str, rivals: Mapping[str, str]) -> bool:
    return any(re.search(rf"\b{name}\b", text) for text in rivals.values())
