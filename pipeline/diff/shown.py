"""How ``sco diff`` shows what changed: tables, CSV of the changed cells, or one JSON document."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, fields
from typing import Any, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.diff.cells import By, Change
from pipeline.diff.compare import Diff, HeadlineChange
from pipeline.measures.revisions import Cause
from pipeline.terminal import complain, echo_json, show_rows

_CAUSES: Final[Mapping[Cause, str]] = {
    "revised": "revised data",
    "new": "new data",
    "method": "method or catalogue",
}


def show_diff(found: Diff, by: By, *, as_csv: bool, as_json: bool) -> None:
    """Cells counted, the largest revisions, and the headlines with what their change is owed to."""
    if as_json:
        echo_json(_diff_as_data(found))
        return
    if as_csv:
        columns = [field.name for field in fields(Change)]
        show_rows(columns, [astuple(c) for c in found.changes], as_csv=True, as_json=False)
        return
    total = found.total
    typer.echo(
        f"{found.older.name} → {found.newer.name}: {total.new:,} cells new, {total.revised:,} "
        f"revised, {total.withdrawn:,} withdrawn, {total.unchanged:,} unchanged\n"
    )
    _print_table(
        (by, "new", "revised", "withdrawn", "unchanged", "median revision", "largest"),
        [
            (c.group, *(f"{n:,}" for n in (c.new, c.revised, c.withdrawn, c.unchanged)),
             _percent(c.median_relative), _percent(c.largest_relative))
            for c in found.by[by]
            if c.new or c.revised or c.withdrawn
        ],
    )  # fmt: skip
    if found.largest:
        typer.echo("\nLargest revisions of headline series, members and world")
        _print_table(
            ("indicator", "economy", "year", "from", "to", "by"),
            [
                (c.indicator, c.economy, str(c.year), _number(c.old), _number(c.new),
                 _percent(c.relative, sign=True))
                for c in found.largest
            ],
        )  # fmt: skip
    if found.headlines:
        typer.echo("\nHeadlines, their change and what it is owed to")
        _print_table(
            ("measure", "unit", "from", "to", "change", *_CAUSES.values()),
            [_headline_row(h) for h in found.headlines],
        )
    for remark in found.remarks:
        complain(remark)


def _headline_row(found: HeadlineChange) -> tuple[str, ...]:
    split = found.split
    ends = [
        _number(value) + (f" ({year})" if year and value is not None else "")
        for value, year in ((split.before, found.year_old), (split.after, found.year_new))
    ]
    amounts = [_number(split.amount(cause), sign=True) for cause in _CAUSES]
    change = _number(split.change, sign=True)
    return found.headline.label, found.headline.unit, *ends, change, *amounts


def _diff_as_data(found: Diff) -> dict[str, Any]:
    return {
        "older": {"name": found.older.name, "as_of": found.older.as_of},
        "newer": {"name": found.newer.name, "as_of": found.newer.as_of},
        "cells": asdict(found.total),
        **{f"by_{by}": [asdict(c) for c in counts] for by, counts in found.by.items()},
        "largest": [asdict(c) for c in found.largest],
        "headlines": [
            {
                "name": h.name,
                **asdict(h.headline),
                "before": h.split.before,
                "year_before": h.year_old,
                "after": h.split.after,
                "year_after": h.year_new,
                "change": h.split.change,
                "parts": [asdict(part) for part in h.split.parts],
            }
            for h in found.headlines
        ],
        "changes": [asdict(c) for c in found.changes],
        "remarks": list(found.remarks),
    }


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(columns[0], box=None, header_style="bold")
    for column in columns[1:]:
        table.add_column(column, justify="right")
    for row in rows:
        table.add_row(*map(Text, row))
    # A figure is never cut: a narrow terminal breaks the line.
    unbounded = Console(width=1000)
    needed = unbounded.measure(table).maximum
    Console(width=max(Console().width, needed), soft_wrap=True).print(table)


def _number(value: float | None, *, sign: bool = False) -> str:
    """Six significant digits, and nothing of what is not there."""
    if value is None:
        return "–"
    return f"{value:+,.6g}" if sign and value else f"{value:,.6g}"


def _percent(share: float | None, *, sign: bool = False) -> str:
    if share is None:
        return "–"
    return f"{100 * share:+,.3g} %" if sign else f"{100 * share:,.3g} %"
