"""Whether the series of goods trade by partner agree, so that one publisher can speak alone.

As in ``consistency`` each check yields what is wrong with one field of one entry.
"""

from collections.abc import Iterator

from pipeline.catalog.mistakes import Mistake
from pipeline.catalog.models import Catalog


def goods(catalog: Catalog) -> Iterator[Mistake]:
    """A publisher has each flow once and one preference, which is no other publisher's."""
    flows: dict[tuple[str, str], str] = {}
    preferences: dict[str, int] = {}
    for code, indicator in sorted(catalog.indicators.items()):
        if indicator.goods is None:
            continue
        publisher, own = indicator.publisher, indicator.goods
        first = flows.setdefault((publisher, own.flow), code)
        if first != code:
            what = f"{own.flow} of {publisher} are those of {first} too, expected one series a flow"
            yield Mistake("indicators", code, "goods.flow", what)
        held = preferences.setdefault(publisher, own.preference)
        if held != own.preference:
            what = f"{own.preference}: another series of {publisher} has {held}, expected the same"
            yield Mistake("indicators", code, "goods.preference", what)
        rival = next(
            (p for p, n in preferences.items() if n == own.preference and p != publisher), None
        )
        if rival is not None:
            what = f"{own.preference} is that of {rival} too, expected one of its own"
            yield Mistake("indicators", code, "goods.preference", what)
        if not catalog.publishers[publisher].licence.redistributable:
            what = f"figures of {publisher} may not stand in the data package, expected none"
            yield Mistake("indicators", code, "goods", what)
