"""A report of invented figures with one of everything, for the renderers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline import rounding
from pipeline.report.content import (
    Chart,
    Column,
    Exhibit,
    Finding,
    Hover,
    MethodBox,
    Note,
    Origin,
    Paragraph,
    Report,
    Section,
    Source,
    Span,
    Table,
)

EDITION = "2026-05-01-0123abcd"
RELEASE = "Invented Office, release of 1 May 2026"
YEARS = (2020, 2021, 2022, 2023)
STATES = {"Northland": ("#B3262E", 60.25), "Southland": ("#1F5FA8", 40.125)}


def value(state: str, year: int) -> float:
    return STATES[state][1] + (year - YEARS[0]) * 2.5


def drawing(width: int, height: int) -> str:
    """A chart as the charts of the project are: shapes and text, ids, colours as attributes."""
    step = (width - 120) / (len(YEARS) - 1)
    grid = "".join(
        f'<line x1="30" x2="{width - 80}" y1="{y}" y2="{y}" stroke="#DFE4E8"/>'
        f'<text x="2" y="{y + 4}" font-size="11" fill="#5A6875">{100 - y // 2}</text>'
        for y in (20, 120, 220)
    )
    paths = "".join(
        f'<path clip-path="url(#c0)" fill="none" stroke="{colour}" stroke-width="2" d="M'
        + "L".join(f"{30 + i * step:.2f},{220 - 2 * value(s, y):.2f}" for i, y in enumerate(YEARS))
        + f'"/><text x="{width - 76}" y="{220 - 2 * value(s, YEARS[-1]):.2f}" font-size="11" '
        f'font-weight="600" fill="{colour}">{s}</text>'
        for s, (colour, _) in STATES.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}"><defs><clipPath id="c0"><rect width="{width}" '
        f'height="{height}"/></clipPath></defs><g font-family="SCO Sans, sans-serif">'
        f"{grid}{paths}</g></svg>"
    )


def _paths() -> Exhibit:
    rows = tuple(
        {"state": s, "year": y, "value": value(s, y), "flag": None} for s in STATES for y in YEARS
    )
    stops = tuple(
        Hover(
            str(year),
            30 + i * (660 - 120) / 3,
            30 + i * (350 - 120) / 3,
            tuple((s, rounding.text(value(s, year), 1), STATES[s][0]) for s in STATES),
        )
        for i, year in enumerate(YEARS)
    )
    return Exhibit(
        id="paths",
        kind="figure",
        number=1,
        title="Northland leads <b>& stays</b> ahead",
        subtitle="Invented measure, % of people, 2020–2023",
        alt="Line chart. Northland rises from 60 to 68, Southland from 40 to 48.",
        source=RELEASE,
        note="Every figure here is invented.",
        table=Table(
            (
                Column("state", "Member"),
                Column("year", "Year", "year"),
                Column("value", "Online", "number", 1, "% of people"),
                Column("flag", "Flag"),
            ),
            rows,
        ),
        chart=Chart(drawing(660, 240), drawing(350, 240), stops),
    )


def _bars() -> Exhibit:
    return replace(
        _paths(),
        id="bars",
        number=2,
        title="A second picture, with nothing to hover for",
        chart=Chart(drawing(660, 240), drawing(350, 240)),
    )


def _table() -> Exhibit:
    return Exhibit(
        id="grid",
        kind="table",
        number=1,
        title="Values as a table",
        subtitle="Invented measure, points",
        alt="Table of two members.",
        source=RELEASE,
        note="",
        table=Table(
            (Column("state", "Member"), Column("value", "Change", "number", 2, "points")),
            (
                {"state": "=Northland", "value": -1234.005},
                {"state": "Southland", "value": None},
                {"state": "Westland", "value": 0.1 + 0.2},
            ),
        ),
    )


def make_report() -> Report:
    text = (
        Span("Use rose to "),
        Span("68 %", "number", "lead"),
        Span(" in <script>alert(1)</script> #land *and* _there_ $x$ @y `z` \\n"),
        Span("", "note", "all-ages"),
        Span(", as "),
        Span("the first figure", "link", "#paths"),
        Span(" and "),
        Span("the office", "link", "https://example.org/data?a=1&b=2"),
        Span(" show", "strong"),
        Span(" again", "emphasis"),
        Span("", "note", "break"),
        Span(" and again", "text"),
        Span("", "note", "all-ages"),
        Span("."),
    )
    return Report(
        title="Invented figures & other things",
        standfirst="Two states, one measure, and nothing of it is true.",
        bloc="none",
        edition=EDITION,
        as_of=date(2026, 5, 1),
        newest_vintage=date(2026, 4, 8),
        findings=(
            Finding("lead", "68 %", "of Northland is online.", 67.75, "%", "rises", "paths",
                    RELEASE),
            Finding("gap", "0.744 → 0.020", "an index, with and without one.", 0.744, "",
                    "falls", None, RELEASE),
        ),
        sections=(
            Section("online", "Who is online", (Paragraph(text), _paths(), _bars())),
            Section("change", "What changed", (Paragraph((Span("Little."),)), _table())),
            Section("method", "Method", (
                MethodBox("How it is done", ((Span("T = Σ s ln(s/p), ceiling ln n."),),)),
            )),
        ),
        notes=(
            Note("break", (Span("A break in the series."),)),
            Note("all-ages", (Span("All ages, as "), Span("defined", "link", "#method"),
                              Span(" by the office."))),
        ),
        sources=(
            Source("Invented Office", "Invented Indicators", "https://example.org/", "CC BY 4.0",
                   "Invented Indicators, Invented Office", date(2025, 1, 2), date(2026, 4, 8), 3,
                   ("INV.A", "INV.B"), True),
            Source("Closed Office", "Closed Index", "https://example.org/closed", "CC BY-NC-SA",
                   "Closed Index", date(2024, 9, 12), date(2024, 9, 12), 1, ("CLS",), False),
        ),
        cite_as="Invented figures & other things. Edition 2026-05-01-0123abcd.",
        warnings=((Span("Closed Index", "strong"), Span(" is older than it should be.")),),
        dark_colours={"#DFE4E8": "#2C3742", "#5A6875": "#A3AEB9", "#B3262E": "#FF8A8F",
                      "#1F5FA8": "#6CB0F5"},
    )  # fmt: skip


def resting_on(report: Report, exhibit: str, series: str) -> Report:
    """The report with an exhibit that names a release of a series."""
    origin = Origin(series, "Office", "May", "s/1", "11", series, date(2026, 4, 8), "said")
    section = replace(
        report.sections[0],
        blocks=tuple(
            replace(b, origins=(origin,)) if isinstance(b, Exhibit) and b.id == exhibit else b
            for b in report.sections[0].blocks
        ),
    )
    return replace(report, sections=(section, *report.sections[1:]))


def names(folder: Path) -> set[str]:
    """The files of a folder, by their paths in it."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
