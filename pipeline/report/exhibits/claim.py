"""The article's index among all that can be computed: which cells of the grid come near."""

from typing import Final

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.charts.dots import Dot, DotPlot, DotRow
from pipeline.report.charts.scale import ceiling
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.common import figure, number_ticks, table
from pipeline.report.exhibits.inequality import WEIGHTINGS
from pipeline.report.facts import GDP, ICT_EXPORTS, ICT_SHARE, POPULATION, Facts
from pipeline.report.marts import GridCell

CLAIMED: Final = 0.77
"""The index as the article reports it; the mart's distances are from the same number."""
_MEASURES: Final = (
    "theil_t", "theil_t_normalised", "theil_t_bits", "theil_l", "gini", "gini_corrected",
    "atkinson_1", "herfindahl",
)  # fmt: skip


def claimed() -> str:
    return rounding.text(CLAIMED, 2)


def outcome(facts: Facts) -> str:
    """How many cells round to the article's index: "none", "one" or "many"."""
    if not facts.claim.cells:
        return "unknown"
    near = len(facts.claim.near)
    return "none" if near == 0 else "one" if near == 1 else "many"


def cell_text(facts: Facts, cell: GridCell) -> str:
    """ "Gini, totals, every state alike (the eight members of the time, 2021)"."""
    say = facts.context.words.say
    weighting = labels.small(say(f"weightings.{cell.weighting}"))
    return say(
        "labels.cell_of_grid", measure=say(f"measures.{cell.measure}"), weighting=weighting,
        states=say(f"member_sets.{cell.member_set}"), year=str(cell.year),
    )  # fmt: skip


def claim_grid(facts: Facts) -> Exhibit | None:
    """One row a measure and weighting; every Theil T, and whatever comes near."""
    cells = facts.claim.cells
    if not cells:
        return None
    say, near = facts.context.words.say, facts.claim.near
    near_rows = {(c.measure, c.weighting) for c in near}
    shown = [c for c in cells if c.measure == "theil_t" or (c.measure, c.weighting) in near_rows]
    top = ceiling(max(c.value for c in shown))
    return figure(
        facts,
        "claim_grid",
        DotPlot(
            tuple(_rows(facts, shown)),
            number_ticks(0, top, 5),
            CLAIMED,
            say("labels.claimed", value=claimed()),
        ).render(),
        table(
            [
                Column("measure", say("columns.measure")),
                Column("weighting", say("columns.weighting")),
                Column("member_set", say("columns.states")),
                Column("year", say("labels.year"), "year"),
                Column("value", say("columns.index"), "number", 4),
                Column("near", say("columns.rounds_to", value=claimed())),
            ],
            [
                [say(f"measures.{c.measure}"), say(f"weightings.{c.weighting}"),
                 say(f"member_sets.{c.member_set}"), c.year, c.value, c.near]
                for c in cells
            ],
        ),
        title=say("exhibits.claim_grid.title", outcome(facts), cells=str(len(cells)),
                  near=labels.capital(labels.count(len(near))), value=claimed()),
        subtitle={"years": labels.years(c.year for c in cells), "value": claimed()},
        alt={"cells": str(len(cells)), "value": claimed(),
             "near": labels.capital(labels.count(len(near))),
             "values": labels.enumerated(f"{cell_text(facts, c)}: {rounding.text(c.value, 3)}"
                                         for c in near) or labels.listing(())},
        note=say("exhibits.claim_grid.note", value=claimed(), cells=str(len(cells))),
        source=facts.context.source(ICT_EXPORTS, ICT_SHARE, POPULATION, GDP),
    )  # fmt: skip


def _rows(facts: Facts, shown: list[GridCell]) -> list[DotRow]:
    keys = sorted(
        {(c.measure, c.weighting) for c in shown},
        key=lambda k: (_MEASURES.index(k[0]), WEIGHTINGS.index(k[1])),
    )
    return [
        DotRow(
            _row_name(facts, measure, weighting, ""),
            _row_name(facts, measure, weighting, "_short"),
            tuple(
                Dot(c.value, c.near)
                for c in shown
                if (c.measure, c.weighting) == (measure, weighting)
            ),
        )
        for measure, weighting in keys
    ]


def _row_name(facts: Facts, measure: str, weighting: str, form: str) -> str:
    say = facts.context.words.say
    of = labels.small(say(f"weightings{form}.{weighting}"))
    return f"{say(f'measures{form}.{measure}')}: {of}"
