"""What exhibits share: tick texts, the text of missing states, the making of a figure.

Numbers are given when the report is put together, in reading order; here they are 0.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from pipeline import rounding
from pipeline.report import labels
from pipeline.report.charts.canvas import Tick
from pipeline.report.charts.scale import ticks
from pipeline.report.content import Chart, Column, Exhibit, Table, Value
from pipeline.report.facts import Facts
from pipeline.report.why import in_words
from pipeline.wording import said


def number_ticks(
    low: float, high: float, about: int = 5, *, last: Callable[[str], str] = str
) -> tuple[Tick, ...]:
    """Ticks with as many digits as their step needs; ``last`` puts a unit to the highest only."""
    values = ticks(low, high, about)
    step = values[1] - values[0] if len(values) > 1 else 1.0
    digits = next((d for d in range(6) if abs(round(step, d) - step) < step * 1e-6), 6)
    texts = [rounding.text(v, digits) for v in values]
    if texts:
        texts[-1] = last(texts[-1])
    return tuple(Tick(v, t) for v, t in zip(values, texts, strict=True))


def say_names(facts: Facts, codes: Iterable[str]) -> str:
    """Names in prose, "none" of none."""
    return facts.context.names(tuple(codes))


def class_names(edges: Sequence[float], *, percent: bool = False) -> tuple[str, ...]:
    """The names of the classes between edges, from the lowest; of percent the first says so."""
    texts = [rounding.text(edge) for edge in edges]
    first = labels.tick_percent(texts[0]) if percent else texts[0]
    between = [said("classes.between", low=a, high=b) for a, b in pairwise(texts)]
    return (said("classes.under", high=first), *between, said("classes.over", low=texts[-1]))


def why(reason: str | None) -> str:
    """Why there is no value, as the marts say it; nothing of nothing."""
    return "" if reason is None else in_words(reason)


def of_years(facts: Facts, code: str, first: int, last: int) -> str:
    """A state with two years: "Tajikistan 2017–2021"."""
    return f"{facts.context.name(code)} {first}–{last}"


def usual_year(years: Sequence[int]) -> int | None:
    """The year that most of ``years`` are; of equals the later."""
    counted = Counter(years)
    return max(counted, key=lambda y: (counted[y], y), default=None)


def figure(
    facts: Facts,
    name: str,
    chart: Chart,
    table: Table,
    *,
    title: str,
    subtitle: Mapping[str, str],
    alt: Mapping[str, str],
    note: str,
    source: str,
    alt_outcome: str = "text",
) -> Exhibit:
    """A figure whose subtitle and alt text stand in the wording under its name.

    The alt text opens with the title, so that it says the finding.
    """
    say = facts.context.words.say
    return Exhibit(
        id=name,
        kind="figure",
        number=0,
        title=title,
        subtitle=say(f"exhibits.{name}.subtitle", **subtitle),
        alt=labels.headed(title, say(f"exhibits.{name}.alt", alt_outcome, **alt)),
        source=source,
        note=note,
        table=table,
        chart=chart,
    )


def table(columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> Table:
    """A table from columns and rows of values in their order."""
    keys = [c.key for c in columns]
    return Table(tuple(columns), tuple(dict(zip(keys, row, strict=True)) for row in rows))
