"""Whether a claim agrees with the rest: its names are known, its arithmetic can be computed.

The shape of a claim alone is checked by its model.
"""

from collections.abc import Iterator, Sequence
from string import Formatter
from typing import Final

from pipeline.catalog.claims import Claim
from pipeline.catalog.mistakes import Mistake, unknown
from pipeline.catalog.models import Catalog
from pipeline.expressions import ExpressionError, expression

CLAIMED: Final = "claimed"
"""Name of a claim's own value in its arithmetic."""


def claims(catalog: Catalog) -> Iterator[Mistake]:
    for code, entry in catalog.claims.items():
        for check in (_claim_repeats, _claim_figures, _claim_arithmetic, _claim_texts):
            for field, what in check(catalog, entry):
                yield Mistake("claims", code, field, what)


def _claim_repeats(catalog: Catalog, entry: Claim) -> Iterator[tuple[str, str]]:
    if entry.repeats is None:
        return
    if entry.repeats not in catalog.claims:
        yield "repeats", unknown(entry.repeats, catalog.claims, "claim")
    elif catalog.claims[entry.repeats].repeats is not None:
        first = catalog.claims[entry.repeats].repeats
        yield "repeats", f"{entry.repeats} repeats another, expected {first}"


def _claim_figures(catalog: Catalog, entry: Claim) -> Iterator[tuple[str, str]]:
    yield from _whom(catalog, "economies", entry.economies)
    kinds = {figure.fact is None for figure in entry.figures.values()}
    if len(kinds) > 1:
        yield "figures", "mix indicators and facts, which have other dates: expected one of the two"
    for name, figure in entry.figures.items():
        at = f"figures.{name}"
        if figure.indicator is not None and figure.indicator not in catalog.indicators:
            yield f"{at}.indicator", unknown(figure.indicator, catalog.indicators, "indicator")
        yield from _whom(catalog, f"{at}.economies", figure.economies)
        yield from _whom(catalog, f"{at}.partners", figure.partners)


def _whom(catalog: Catalog, field: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    fixed = {name for name, entry in catalog.member_sets.items() if entry.rule == "fixed"}
    known = {*catalog.economies, *catalog.groups, *fixed}
    for name in names:
        if name not in known:
            yield field, unknown(name, known, "economy, group or fixed member set")


def _claim_arithmetic(catalog: Catalog, entry: Claim) -> Iterator[tuple[str, str]]:
    """Every name is a figure, the value claimed, or another claim that has a value."""
    valued = {c.id for c in catalog.claims.values() if c.value is not None and c.id != entry.id}
    own = {CLAIMED} if entry.value is not None else set()
    used: set[str] = set()
    for field, text in entry.arithmetic().items():
        try:
            names = expression(text).names
        except ExpressionError as error:
            yield field, str(error)
            continue
        used.update(names)
        for name in names:
            if name not in {*entry.figures, *own, *valued}:
                yield field, unknown(name, {*entry.figures, *own}, "figure")
    for name in sorted(entry.figures.keys() - used):
        yield f"figures.{name}", "is used nowhere, expected in expression, rivals or beside"


def _claim_texts(_: Catalog, entry: Claim) -> Iterator[tuple[str, str]]:
    """A text says numbers that stand beside the claim, and no others."""
    known = {name + part for name in entry.beside for part in ("", "_year")}
    for field in ("caveat", "remark"):
        try:
            parts = list(Formatter().parse(getattr(entry, field) or ""))
        except ValueError as error:
            yield field, f"{error}, expected text with {{names}}"
            continue
        for _text, name, form, _conversion in parts:
            if name is not None and name not in known:
                yield field, unknown(name, known, "number beside")
            if form and not form.isdigit():
                yield field, f"{{{name}:{form}}}: expected the number of digits after the colon"
