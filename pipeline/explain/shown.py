"""How ``sco explain`` says a chain: one JSON document, or lines that step down link by link."""

from dataclasses import asdict
from typing import Any

import typer

from pipeline.explain.chain import Explanation
from pipeline.report import labels
from pipeline.report.chains import CELLS_SHOWN
from pipeline.report.content import NO_PARTNER, ChainFigure
from pipeline.terminal import echo_json


def show_explanation(found: Explanation, *, as_json: bool) -> None:
    if as_json:
        echo_json(_plain(asdict(found)))
        return
    typer.echo(f"{found.kind} {found.name}")
    for name, value in found.told.items():
        if value not in (None, "", [], {}):
            _show_field(name, value)
    for figure in found.figures:
        _show_figure(figure)
    for s in found.snapshots:
        typer.echo(f"  snapshot {s.snapshot}")
        typer.echo(f"    {s.indicator} of {s.publisher}, {s.vintage} ({s.vintage_basis})")
        typer.echo(f"    sha256 {s.sha256}")


def _show_field(name: str, value: object) -> None:
    if isinstance(value, dict):
        for key, text in value.items():
            of_article = name == "said"
            typer.echo(
                f"  {key} = {labels.exact(text)} in the article"
                if of_article
                else f"  {key}: {text}"
            )
    elif name == "history" and isinstance(value, list):
        typer.echo("  history:")
        for step in value:
            said = "–" if step["value"] is None else f"{step['value']:.6g}"
            typer.echo(f"    {step['seen_from']}: {said} for {step['year']}, {step['verdict']}")
    elif isinstance(value, list):
        typer.echo(f"  {name}: {', '.join(map(str, value))}")
    else:
        typer.echo(f"  {name}: {value}")


def _show_figure(figure: ChainFigure) -> None:
    origin = f", fact {figure.fact} of marts.claim_facts" if figure.fact else ""
    value = "" if figure.value is None else f" = {labels.exact(figure.value)}"
    typer.echo(f"  {figure.name} ({figure.year}){value}{origin}")
    for cell in figure.cells[:CELLS_SHOWN]:
        partner = "" if cell.counterpart == NO_PARTNER else f" with {cell.counterpart}"
        where = f"{cell.indicator} {cell.economy}{partner} {cell.year}"
        typer.echo(f"    {where} = {labels.exact(cell.value)} {cell.unit}  from {cell.snapshot}")
    if len(figure.cells) > CELLS_SHOWN:
        typer.echo(f"    … and {len(figure.cells) - CELLS_SHOWN} more cells; --json has all")


def _plain(value: Any) -> Any:
    """The same with days as text."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | float | None) else str(value)
