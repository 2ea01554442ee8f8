"""The tables of claims: the verdict on each, and what each release made of it.

Here is the way from the catalogue's claims and ``marts.claim_figures`` to
``pipeline.measures.claims`` and back. The rules of the verdicts stand there.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from pipeline.measures.claim_reasons import reason
from pipeline.measures.claims import Kind, Question, View, history, judge, looked_up, used
from pipeline.warehouse.declared import frame_of, python_table
from pipeline.wording import WORDING, Wording, load_wording

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.catalog.models import Catalog

Row = dict[str, Any]

REASONS: Final = WORDING / "reasons.en.yaml"
"""The sentences of which a reason is put together."""

DECLARED, FIGURES = "core.claims", "marts.claim_figures"
VALUE: Final = (FIGURES, "value")
NOTHING: Final = View(date.min, {})
"""What is known of a claim that rests on no figure."""


class Figure(NamedTuple):
    """A row of ``marts.claim_figures`` within its claim and release."""

    year: int
    name: str
    value: float
    vintage: date | None
    snapshots: str
    broken: bool


Releases = Mapping[date, Sequence[Figure]]


def _claims(declared: "pd.DataFrame", figures: "pd.DataFrame") -> "pd.DataFrame":
    rows: list[Row] = []
    words = load_wording(REASONS)
    for entry, question, releases in _asked(declared, figures):
        views = _views(releases)
        answer = judge(question, views)
        newest = views[-1] if views else NOTHING
        found = answer.found
        numbers = looked_up(question, newest)
        rests = used(question, newest, found or answer.unusable)
        vintages, snapshots = _behind(releases, rests)
        rows.append({
            "claim_id": question.claim_id,
            "section": entry["section"],
            "claim": entry["claim"],
            "kind": question.kind,
            "verdict": answer.verdict,
            "value_claimed": question.value,
            "value_found": found.value if found else None,
            "unit": question.unit,
            "digits": question.digits,
            "year_claimed": question.year,
            "year": found.year if found else None,
            "vintage": max(vintages, default=None),
            "distance_pct": answer.distance_pct,
            "tolerance_pct": question.tolerance_pct,
            "reason": reason(question, answer, numbers, words),
            "repeats": _text(entry["repeats"]),
            "seen_from": views[-1].seen_from if views else None,
            "figures": " ".join(f"{name}:{year}" for name, year in rests),
            "snapshots": " ".join(snapshots),
        })  # fmt: skip
    return frame_of(CLAIMS.types, rows)


def reasons_in(
    declared: "pd.DataFrame", figures: "pd.DataFrame", words: Wording, catalog: "Catalog"
) -> Mapping[str, str]:
    """The reason of each verdict by claim, in the words and with the texts of another language."""
    found: dict[str, str] = {}
    for _, question, releases in _asked(declared, figures):
        views = _views(releases)
        entry = catalog.claim(question.claim_id)
        told = replace(
            question, read_as=entry.read_as, caveat=entry.caveat, remark=entry.remark,
            needs=entry.needs,
        )  # fmt: skip
        numbers = looked_up(question, views[-1] if views else NOTHING)
        found[question.claim_id] = reason(told, judge(question, views), numbers, words)
    return found


def _history(declared: "pd.DataFrame", figures: "pd.DataFrame") -> "pd.DataFrame":
    rows: list[Row] = []
    for _, question, releases in _asked(declared, figures):
        rows += (
            {
                "claim_id": question.claim_id,
                "seen_from": told.seen_from,
                "newest": told.newest,
                "year": told.year,
                "value_found": told.value,
                "verdict": told.verdict,
            }
            for told in history(question, _views(releases))
        )
    return frame_of(HISTORY.types, rows)


def _asked(
    declared: "pd.DataFrame", figures: "pd.DataFrame"
) -> Iterator[tuple[Mapping[str, Any], Question, Releases]]:
    """Each claim, as it is asked, with its figures by release, oldest first."""
    entries = cast("list[dict[str, Any]]", declared.sort_values("claim_id").to_dict("records"))
    said = {e["claim_id"]: float(e["value"]) for e in entries if _number(e["value"]) is not None}
    by_claim = _released(figures)
    for entry in entries:
        yield entry, _question(entry, said), by_claim.get(entry["claim_id"], {})


def _released(figures: "pd.DataFrame") -> dict[str, dict[date, list[Figure]]]:
    """The figures by claim and release, in the order of the table: oldest release first."""
    found: dict[str, dict[date, list[Figure]]] = {}
    days = (None if day != day else day.date() for day in figures["vintage"])  # NaT is none
    for code, seen, day, *cell in zip(
        figures["claim_id"], figures["seen_from"], days, figures["year"], figures["figure"],
        figures["value"], figures["snapshots"], figures["broken"], strict=True,
    ):  # fmt: skip
        year, name, value, snapshots, broken = cell
        one = Figure(int(year), str(name), float(value), day, str(snapshots), bool(broken))
        found.setdefault(str(code), {}).setdefault(seen.date(), []).append(one)
    return found


def _question(entry: Mapping[str, Any], said: Mapping[str, float]) -> Question:
    code, year = str(entry["claim_id"]), _number(entry["year"])
    return Question(
        claim_id=code,
        unit=str(entry["unit"]),
        kind=cast("Kind | None", _text(entry["kind"])),
        value=_number(entry["value"]),
        year=None if year is None else int(year),
        tolerance_pct=float(entry["tolerance_pct"]),
        may_lag=int(entry["may_lag"]),
        digits=int(entry["digits"]),
        expression=_text(entry["expression"]),
        rivals=json.loads(entry["rivals"]),
        beside=json.loads(entry["beside"]),
        read_as=_text(entry["read_as"]),
        caveat=_text(entry["caveat"]),
        remark=_text(entry["remark"]),
        needs=_text(entry["needs"]),
        others={name: value for name, value in said.items() if name != code},
    )


def _views(releases: Releases) -> list[View]:
    return [_view(day, part) for day, part in releases.items()]


def _view(day: date, figures: Sequence[Figure]) -> View:
    by_year: dict[int, dict[str, float]] = {}
    for figure in figures:
        by_year.setdefault(figure.year, {})[figure.name] = figure.value
    return View(day, by_year, frozenset((f.year, f.name) for f in figures if f.broken))


def _behind(releases: Releases, rests: Sequence[tuple[str, int]]) -> tuple[list[date], list[str]]:
    """Vintages and snapshots, sorted, of figures (name, year) as the newest release has them."""
    newest = releases[max(releases)] if releases else ()
    own = [f for f in newest if (f.name, f.year) in rests]
    vintages = {f.vintage for f in own if f.vintage is not None}
    return sorted(vintages), sorted({s for f in own for s in f.snapshots.split()})


def _number(value: object) -> float | None:
    """A cell as a number; None where it is missing, however pandas says so."""
    if value is None or not isinstance(value, int | float):
        return None
    return None if math.isnan(value) else float(value)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


CLAIMS = python_table(
    "marts.claims",
    "Each claim of the article with what is found and one verdict, given by rule.\n\n"
    "The rules stand in pipeline/measures/claims.py. Figures are those of the newest release.",
    """
    claim_id      | VARCHAR  | code | id in the catalogue
    section       | VARCHAR  | code | part of the article
    claim         | VARCHAR  | –    | what is said, in our words
    kind          | VARCHAR  | code | equals, at_least, at_most, rises or falls
    verdict       | VARCHAR  | code | one of the seven
    value_claimed | DOUBLE   | as unit says | value claimed; empty where none is
    value_found   | DOUBLE   | as unit says | value found; empty where nothing speaks to the claim
    unit          | VARCHAR  | –    | unit of both
    digits        | TINYINT  | digits | decimals with which what is found is said
    year_claimed  | SMALLINT | year | year that the claim speaks of; empty: the newest there is
    year          | SMALLINT | year | year of what is found
    vintage       | DATE     | date | day of the newest release behind verdict and reason
    distance_pct  | DOUBLE   | %    | of what is found from what is claimed
    tolerance_pct | DOUBLE   | %    | distance within which the claim is met
    reason        | VARCHAR  | –    | why, put together by rule
    repeats       | VARCHAR  | code | claim that says the same
    seen_from     | DATE     | date | day of the newest release of any of its figures
    figures       | VARCHAR  | codes | figures (name:year) behind verdict and reason
    snapshots     | VARCHAR  | codes | snapshots that they come from, with a space between
    """,
    _claims,
    (DECLARED, FIGURES),
    measured=(VALUE, (DECLARED, "expression"), (DECLARED, "value")),
    taken={
        "claim_id": (DECLARED, "claim_id"),
        "section": (DECLARED, "section"),
        "claim": (DECLARED, "claim"),
        "kind": (DECLARED, "kind"),
        "value_claimed": (DECLARED, "value"),
        "unit": (DECLARED, "unit"),
        "digits": (DECLARED, "digits"),
        "year_claimed": (DECLARED, "year"),
        "year": (FIGURES, "year"),
        "vintage": (FIGURES, "vintage"),
        "tolerance_pct": (DECLARED, "tolerance_pct"),
        "repeats": (DECLARED, "repeats"),
        "seen_from": (FIGURES, "seen_from"),
        "figures": (FIGURES, "figure"),
        "snapshots": (FIGURES, "snapshots"),
    },
)

HISTORY = python_table(
    "marts.claim_history",
    "What each release made of a claim, told where it changed the verdict, the year or the value.\n"
    "\nA value counts as changed where it differs in the claim's own decimals.",
    """
    claim_id    | VARCHAR  | code | id in the catalogue
    seen_from   | DATE     | date | day as of which the figures are taken
    newest      | BOOLEAN  | –    | whether by its newest year; else a year that releases revised
    year        | SMALLINT | year | year of what is found; of the claim where nothing is
    value_found | DOUBLE   | as the claim's unit | what that release has
    verdict     | VARCHAR  | code | verdict on the claim; of a revised year, had it been about it
    """,
    _history,
    (DECLARED, FIGURES),
    measured=(VALUE, (DECLARED, "expression"), (DECLARED, "value")),
    taken={
        "claim_id": (DECLARED, "claim_id"),
        "seen_from": (FIGURES, "seen_from"),
        "year": (FIGURES, "year"),
    },
)

TABLES: Final = (CLAIMS, HISTORY)
