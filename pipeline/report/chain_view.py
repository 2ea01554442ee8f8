"""How a chain reads, in the page and in the data files: cells in rows, releases by number.

What a chain holds is made by ``chains``; markup stands in the template.
"""

from dataclasses import dataclass

from pipeline.report.chains import CELLS_FILE, CELLS_SHOWN
from pipeline.report.content import NO_PARTNER, Cell, Chain, ChainFigure, Origin, Report
from pipeline.report.labels import exact
from pipeline.units import unit_text


@dataclass(frozen=True)
class FigureView:
    """A name of the arithmetic: the cells that are shown of it, and how many more there are."""

    name: str
    year: int
    value: str
    rows: tuple[tuple[str, str, int, str, str, int], ...]
    """Series, economy (and partner), year, value, unit, number of the release."""
    more: int


@dataclass(frozen=True)
class ChainView:
    """A chain as text; ``file`` has all its cells."""

    arithmetic: tuple[tuple[str, str], ...]
    said: tuple[tuple[str, str], ...]
    """Names that stand for numbers of the article, with these."""
    facts: tuple[tuple[str, int, str, str], ...]
    """Names that stand for facts of the marts: name, year, value, fact."""
    figures: tuple[FigureView, ...]
    origins: tuple[Origin, ...]
    file: str


def chain_view(chain: Chain) -> ChainView | None:
    """The chain as it is shown; nothing of one that has no link."""
    if chain == Chain():
        return None
    numbers = {origin.snapshot: n for n, origin in enumerate(chain.origins, start=1)}
    return ChainView(
        arithmetic=chain.arithmetic,
        said=tuple((name, exact(value)) for name, value in chain.said),
        facts=tuple((f.name, f.year, _value(f), f.fact) for f in chain.figures if f.fact),
        figures=tuple(_figure(f, numbers) for f in chain.figures if not f.fact),
        origins=chain.origins,
        file=CELLS_FILE,
    )


def _figure(figure: ChainFigure, numbers: dict[str, int]) -> FigureView:
    shown = figure.cells[:CELLS_SHOWN]
    return FigureView(
        name=figure.name,
        year=figure.year,
        value=_value(figure),
        rows=tuple(
            (c.indicator, _where(c), c.year, exact(c.value), unit_text(c.unit), numbers[c.snapshot])
            for c in shown
        ),
        more=len(figure.cells) - len(shown),
    )


def _value(figure: ChainFigure) -> str:
    return "" if figure.value is None else exact(figure.value)


def _where(cell: Cell) -> str:
    """An economy, or both ends of a flow."""
    return (
        cell.economy if cell.counterpart == NO_PARTNER else f"{cell.economy} – {cell.counterpart}"
    )


def chain_rows(report: Report) -> list[tuple[object, ...]]:
    """Every cell of every chain, a row each; those that may not be passed on are left out."""
    closed = {i for s in report.sources if not s.redistributable for i in s.indicators}
    chains = [("finding", f.id, f.chain) for f in report.findings]
    chains += [("claim", card.id, card.chain) for card in report.claim_cards()]
    return [
        (kind, name, figure.name, figure.year, c.indicator, c.economy, c.counterpart, c.year,
         c.value, c.unit, c.snapshot)
        for kind, name, chain in chains
        for figure in chain.figures
        for c in figure.cells
        if c.indicator not in closed
    ]  # fmt: skip
