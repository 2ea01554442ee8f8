"""What is published, and how old it is: every series by every member."""

from collections.abc import Mapping, Sequence
from typing import Final

from pipeline.report import labels, palette
from pipeline.report.charts.heatmap import Cell, Heatmap, HeatRow
from pipeline.report.content import Column, Exhibit
from pipeline.report.exhibits.common import figure, table
from pipeline.report.facts import Facts
from pipeline.report.marts import Latest
from pipeline.report.words import day

_PILLARS: Final = (
    "connectivity", "access_use", "affordability", "human_capital", "digital_trade",
    "innovation", "egov_trust", "finance", "macro",
)  # fmt: skip
_AGES: Final = (
    (1, palette.SEQUENCE[4], palette.ON_DARK_TILE, "new"),
    (2, palette.SEQUENCE[3], palette.ON_DARK_TILE, "two"),
    (3, palette.SEQUENCE[2], palette.ON_LIGHT_TILE, "three"),
    (99, palette.SEQUENCE[1], palette.ON_LIGHT_TILE, "four"),
)
_LEGEND: Final = (
    *((fill, key) for _, fill, _, key in _AGES),
    (palette.NO_RECENT, "old"),
    (palette.NOTHING, "nothing"),
)


def counted(facts: Facts) -> tuple[int, int, int]:
    """Series in all, with a recent value for every member, and for none."""
    series = _by_series(facts)
    recent = [sum(v.value is not None for v in row.values()) for row in series.values()]
    size = len(facts.context.members)
    return len(series), sum(n == size for n in recent), sum(n == 0 for n in recent)


def data_coverage(facts: Facts) -> Exhibit | None:
    """Heat map of the year of the newest value."""
    series = _by_series(facts)
    if not any(v.year is not None for row in series.values() for v in row.values()):
        return None
    context, say = facts.context, facts.context.words.say
    count, full, none = counted(facts)
    ordered = sorted(series, key=lambda i: place(facts, i))
    bilateral = any(context.catalog.indicators[i].goods for i in series)
    rows = tuple(_row(facts, i, series[i]) for i in ordered)
    used = {cell.fill for row in rows for cell in row.cells}
    values = {"count": str(count), "full": str(full), "none": str(none)}
    return figure(
        facts,
        "data_coverage",
        Heatmap(
            tuple((code, context.colours[code]) for code in context.members),
            rows,
            tuple(
                (fill, say(f"exhibits.data_coverage.{key}"))
                for fill, key in _LEGEND
                if fill in used
            ),
        ).render(),
        table(
            [
                Column("series", say("labels.series")),
                Column("code", say("columns.code")),
                *(Column(c, context.name(c), "year") for c in context.members),
            ],
            [
                [context.catalog.indicators[i].short_name, i, *_years(series[i], context.members)]
                for i in ordered
            ],
        ),
        title=say("exhibits.data_coverage.title", "known", full=labels.capital(labels.count(full)),
                  count=str(count)),
        subtitle={"day": day(context.as_of)},
        alt={**values, "states": labels.count(len(context.members))},
        note=say("exhibits.data_coverage.note",
                 bilateral=say("exhibits.data_coverage.bilateral") if bilateral else "").strip(),
        source=context.source(*ordered),
    )  # fmt: skip


def _by_series(facts: Facts) -> Mapping[str, Mapping[str, Latest]]:
    """Newest values by series and member; series that no archive holds are left out."""
    members = set(facts.context.members)
    found: dict[str, dict[str, Latest]] = {}
    for value in facts.context.latest:
        if value.economy in members and value.indicator in facts.context.catalog.indicators:
            found.setdefault(value.indicator, {})[value.economy] = value
    return {i: row for i, row in found.items() if any(v.year is not None for v in row.values())}


def place(facts: Facts, indicator: str) -> tuple[int, str]:
    """Where a series stands in lists: by pillar, then by code."""
    pillar = facts.context.catalog.indicators[indicator].pillar
    return _PILLARS.index(pillar), indicator


def _row(facts: Facts, indicator: str, row: Mapping[str, Latest]) -> HeatRow:
    entry = facts.context.catalog.indicators[indicator]
    return HeatRow(
        entry.short_name,
        facts.context.words.say(f"pillars.{entry.pillar}"),
        tuple(_cell(row.get(code)) for code in facts.context.members),
    )


def _cell(latest: Latest | None) -> Cell:
    if latest is None or latest.year is None or latest.age is None:
        return Cell(palette.NOTHING, "–", palette.MUTED)
    if latest.value is None:
        return Cell(palette.NO_RECENT, str(latest.year), palette.INK)
    age = latest.age
    _, fill, ink, _ = next(entry for entry in _AGES if age <= entry[0])
    return Cell(fill, str(latest.year), ink)


def _years(row: Mapping[str, Latest], members: Sequence[str]) -> list[int | None]:
    return [row[c].year if c in row else None for c in members]
