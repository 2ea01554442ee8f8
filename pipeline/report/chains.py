"""The chain behind a claim or a finding: arithmetic, cells, and the archived bytes they come from.

``sco explain`` prints these chains and the page unfolds them, so that both say the same. Everything
is read from the warehouse; nothing is computed anew.
"""

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from pipeline.catalog.claim_consistency import CLAIMED
from pipeline.expressions import expression
from pipeline.report.content import Cell, Chain, ChainFigure
from pipeline.report.context import Context
from pipeline.report.origins import origins_of
from pipeline.report.source_line import behind

CELLS_SHOWN: Final = 12
"""Cells of one figure that a page or a terminal shows; ``CELLS_FILE`` has all."""
CELLS_FILE: Final = "data/chains.csv"
"""Where an edition has the cells of every chain."""

_CELLS_OF_CLAIMS: Final = """
    WITH used AS (
        SELECT
            claim_id,
            seen_from,
            split_part(pair, ':', 1) AS figure,
            CAST(split_part(pair, ':', 2) AS SMALLINT) AS year
        FROM (
            SELECT claim_id, seen_from, unnest(string_split(figures, ' ')) AS pair
            FROM marts.claims
            WHERE figures <> ''
        )
    )

    SELECT
        u.claim_id, u.figure, u.year, f.value, c.fact,
        v.indicator, v.economy, v.counterpart, v.year, v.value, v.unit, v.snapshot
    FROM used AS u
    INNER JOIN marts.claim_figures AS f
        ON
            f.claim_id = u.claim_id
            AND f.seen_from = u.seen_from
            AND f.figure = u.figure
            AND f.year = u.year
    INNER JOIN core.claim_cells AS c ON c.claim_id = u.claim_id AND c.figure = u.figure
    LEFT JOIN core.indicators AS i ON i.indicator = c.indicator
    LEFT JOIN core.current AS v
        ON
            v.publisher = i.publisher
            AND v.indicator = c.indicator
            AND v.economy = c.economy
            AND v.counterpart = c.counterpart
            AND v.year - c.year_shift - u.year BETWEEN 1 - c.over_years AND 0
    ORDER BY ALL
"""


def claim_chains(context: Context) -> Mapping[str, Chain]:
    """The chain behind each claim, by its id; of a claim without figures it is the arithmetic."""
    figures = _figures(context)
    asked = context.marts.rows(
        "SELECT c.claim_id, q.value, q.expression, q.rivals, q.beside, c.snapshots "
        "FROM marts.claims AS c INNER JOIN core.claims AS q ON q.claim_id = c.claim_id "
        "ORDER BY c.claim_id"
    )
    values = {code: value for code, value, *_ in asked}
    return {
        code: _claim_chain(
            context, arithmetic, {**values, CLAIMED: value}, figures.get(code, ()), snapshots
        )
        for code, value, *texts, snapshots in asked
        for arithmetic in [_arithmetic(*texts)]
    }


def _claim_chain(
    context: Context, arithmetic: tuple[tuple[str, str], ...], values: Mapping[str, float | None],
    figures: Sequence[ChainFigure], snapshots: str,
) -> Chain:  # fmt: skip
    arithmetic = tuple(_asked(arithmetic, {f.name for f in figures}))
    names = sorted({name for _, text in arithmetic for name in expression(text).names})
    said = tuple((n, value) for n in names if (value := values.get(n)) is not None)
    behind = set(snapshots.split())
    current = [s for s in context.current if s.snapshot in behind]
    return Chain(arithmetic, said, tuple(figures), origins_of(context, current))


def _asked(arithmetic: tuple[tuple[str, str], ...], held: Set[str]) -> Iterator[tuple[str, str]]:
    """The arithmetic without rivals of whose series no figure is held."""
    for field, text in arithmetic:
        if not field.startswith("rivals.") or held & set(expression(text).names):
            yield field, text


def _arithmetic(found: str | None, rivals: str, beside: str) -> tuple[tuple[str, str], ...]:
    """Every text of a claim's arithmetic by its field, as ``Claim.arithmetic`` has them."""
    own = (("expression", found),) if found is not None else ()
    more = (("rivals", json.loads(rivals)), ("beside", json.loads(beside)))
    return (*own, *((f"{field}.{name}", t) for field, texts in more for name, t in texts.items()))


def _figures(context: Context) -> Mapping[str, Sequence[ChainFigure]]:
    """The figures of each claim with their cells, by name and year."""
    found: dict[tuple[str, str, int], tuple[float, str | None, list[Cell]]] = {}
    for code, name, year, value, fact, *cell in context.marts.rows(_CELLS_OF_CLAIMS):
        _, _, cells = found.setdefault((code, name, year), (value, fact, []))
        if cell[0] is not None:
            cells.append(Cell(*cell))
    by_claim: dict[str, list[ChainFigure]] = {}
    for (code, name, year), (value, fact, cells) in found.items():
        by_claim.setdefault(code, []).append(ChainFigure(name, year, value, fact, tuple(cells)))
    return by_claim


@dataclass(frozen=True)
class Named:
    """A name in the arithmetic of a finding: one series at places, each an economy and a year."""

    name: str
    indicator: str
    places: Sequence[tuple[str, int]]


def finding_chain(context: Context, text: str, source: str, named: Sequence[Named]) -> Chain:
    """The chain behind a finding.

    Args:
        context: the edition.
        text: how the number is made, in which the names stand.
        source: the finding's source line, which says the snapshots.
        named: the series that the names stand for.
    """
    figures = tuple(
        ChainFigure(n.name, max(y for _, y in n.places), None, None,
                    context.marts.cells(n.indicator, n.places))
        for n in named
    )  # fmt: skip
    return Chain((("expression", text),), (), figures, origins_of(context, behind(source)))
