"""Slopes, panels, groups, fans and places of the bundled archive: every figure made a second way.

The second way is numpy and pandas on the values that speak, and on the archived releases.
"""

import math

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import Catalog
from pipeline.report.build import IN_SHORT, exhibit_ids
from pipeline.report.content import Exhibit, Report, Value
from tests.warehouse.conftest import TEN

Values = dict[str, dict[tuple[str, int], float]]
USERS, PEOPLE, GDP, ICT = "IT.NET.USER.ZS", "SP.POP.TOTL", "NY.GDP.MKTP.CD", "BX.GSR.CCIS.CD"


@pytest.fixture(scope="module")
def shown(bundled_report: Report) -> dict[str, Exhibit]:
    return {e.id: e for e in bundled_report.exhibits()}


@pytest.fixture(scope="module")
def codes(catalog: Catalog) -> dict[Value, str]:
    return {catalog.economies[c].name: c for c in TEN}


def number(value: Value) -> float:
    assert isinstance(value, int | float)
    return float(value)


def of_state(values: Values, indicator: str, economy: str) -> pd.Series:
    found = {y: v for (e, y), v in values[indicator].items() if e == economy}
    return pd.Series(found, dtype=float).sort_index()


def test_slopes_are_the_shares_that_speak(
    shown: dict[str, Exhibit], values: Values, codes: dict[Value, str]
) -> None:
    rows = shown["ict_weight"].table.rows
    shares = values["BX.GSR.CCIS.ZS"]

    for row in rows:
        code = codes[row["member"]]
        assert row["value"] == of_state(values, "BX.GSR.CCIS.ZS", code).iloc[-1]
        assert row["base"] == shares[code, 2010]
    assert sum(number(r["change"]) > 0.05 for r in rows) == 6
    assert "in six of seven states; in Pakistan 6.6" in shown["ict_weight"].title


def test_subscriptions_are_counted_as_pandas_counts_them(
    shown: dict[str, Exhibit], values: Values
) -> None:
    newest = pd.DataFrame(
        {
            indicator: {code: of_state(values, indicator, code).iloc[-1] for code in TEN}
            for indicator in ("IT.CEL.SETS.P2", "IT.NET.BBND.P2", "IT.MLT.MAIN.P2")
        }
    )
    more = int((newest["IT.CEL.SETS.P2"] >= 100.5).sum())
    leads = int((newest["IT.NET.BBND.P2"] > newest["IT.MLT.MAIN.P2"]).sum())

    assert (more, leads) == (7, 7)
    assert shown["mobile_and_fixed"].title == (
        "Mobile subscriptions outnumber people in seven of ten states, fixed broadband outnumbers "
        "fixed telephones in seven of ten"
    )


def decomposed(
    outcome: dict[str, float], reference: dict[str, float], groups: list[list[str]]
) -> tuple[float, list[float]]:
    """What lies between groups, and within each of them, by the formula of Theil."""
    s = pd.Series(outcome) / sum(outcome.values())
    p = pd.Series(reference) / sum(reference.values())
    between: float = 0.0
    within: list[float] = []
    for group in groups:
        own = [c for c in group if c in s.index]
        if not own:
            within.append(0.0)
            continue
        part, weight = float(s[own].sum()), float(p[own].sum())
        between += part * math.log(part / weight)
        inner: pd.Series = s[own] / part * np.log((s[own] / part) / (p[own] / weight))
        within.append(part * float(inner.sum()))
    return between, within


@pytest.mark.parametrize(
    ("measure", "indicator", "reference", "year"),
    [
        ("ICT service exports per GDP", ICT, GDP, 2024),
        ("ICT service exports per head", ICT, PEOPLE, 2024),
        ("Journal articles per head", "IP.JRN.ARTC.SC", PEOPLE, 2022),
        ("Digital service exports per head", "UNCTAD.DDS.EXPORTS", PEOPLE, 2023),
    ],
)
def test_parts_of_an_index_are_those_of_the_formula(
    shown: dict[str, Exhibit], values: Values, catalog: Catalog, measure: str, indicator: str,
    reference: str, year: int,
) -> None:  # fmt: skip
    (row,) = (r for r in shown["between_within"].table.rows if r["measure"] == measure)
    both = [c for c in TEN if (c, year) in values[indicator] and (c, year) in values[reference]]
    groups = [list(g.economies) for _, g in sorted(catalog.groups.items())]
    between, within = decomposed(
        {c: values[indicator][c, year] for c in both},
        {c: values[reference][c, year] for c in both}, groups,
    )  # fmt: skip

    assert (row["year"], row["n"]) == (year, len(both))
    assert row["between"] == pytest.approx(between, rel=1e-9)
    assert row["within"] == pytest.approx(max(within), rel=1e-9)
    assert row["theil_t"] == pytest.approx(between + sum(within), rel=1e-9)


def test_people_online_and_offline_are_taken_apart_by_their_number(
    shown: dict[str, Exhibit], values: Values, catalog: Catalog
) -> None:
    groups = [list(g.economies) for _, g in sorted(catalog.groups.items())]
    people = {c: values[PEOPLE][c, 2024] for c in TEN}
    online = {c: values[USERS][c, 2024] / 100 * people[c] for c in TEN}
    offline = {c: people[c] - online[c] for c in TEN}
    by = {r["measure"]: r for r in shown["between_within"].table.rows}

    for name, outcome in (("Internet users", online), ("People offline", offline)):
        between, within = decomposed(outcome, people, groups)
        assert by[name]["between"] == pytest.approx(between, rel=1e-9)
        assert by[name]["theil_t"] == pytest.approx(between + sum(within), rel=1e-9)


@pytest.mark.parametrize("state", ["India", "Iran"])
def test_fans_are_what_numpy_fits(
    shown: dict[str, Exhibit], values: Values, codes: dict[Value, str], state: str
) -> None:
    online = of_state(values, USERS, codes[state])
    last = int(online.index[-1])
    rows = {int(number(r["year"])): r for r in shown["target_fans"].table.rows
            if r["member"] == state}  # fmt: skip
    five, ten = online.loc[last - 5 : last], online.loc[last - 10 : last]
    years = np.arange(last, 2041)
    line = np.polyval(np.polyfit(five.index, five, 1), years)
    logit = np.polyval(np.polyfit(ten.index - last, np.log(ten / (100 - ten)), 1), years - last)
    loglog = np.polyval(np.polyfit(ten.index - last, -np.log(-np.log(ten / 100)), 1), years - last)

    assert list(rows) == list(years)
    assert [r["linear"] for r in rows.values()] == pytest.approx(np.minimum(line, 100), rel=1e-9)
    assert [r["logit"] for r in rows.values()] == pytest.approx(
        100 / (1 + np.exp(-logit)), rel=1e-9
    )
    assert [r["gompertz"] for r in rows.values()] == pytest.approx(
        100 * np.exp(-np.exp(-loglog)), rel=1e-9
    )


def test_the_leader_s_path_is_that_of_russia_later(
    shown: dict[str, Exhibit], values: Values
) -> None:
    russia = of_state(values, USERS, "RUS")
    india = of_state(values, USERS, "IND")
    last = int(india.index[-1])
    # Since 2000 the Russian share has only risen, so that each level is crossed once.
    path = russia.loc[2000:]
    shift = last - float(np.interp(india.iloc[-1], path, path.index.astype(float)))
    told = {
        int(number(r["year"])): r["leader_path"] for r in shown["target_fans"].table.rows
        if r["member"] == "India" and r["leader_path"] is not None
    }  # fmt: skip

    assert len(told) > 5
    for year, value in told.items():
        assert value == pytest.approx(
            float(np.interp(year - shift, path.index.astype(float), path)), rel=1e-9
        )
    assert max(told) == math.floor(path.index[-1] + shift)


def test_places_are_those_of_the_shares_beside_them(shown: dict[str, Exhibit]) -> None:
    frame = pd.DataFrame(shown["release_ranks"].table.rows)
    frame["expected"] = frame.groupby("release")["value"].rank(ascending=False, method="average")

    assert len(frame) > 20
    assert (frame["place"] == frame["expected"]).all()
    assert frame.groupby("release").size().nunique() == 1
    newest = frame[frame["release"] == frame["release"].max()]
    assert newest.set_index("member")["place"].is_monotonic_increasing


def test_the_summary_says_titles_of_exhibits_of_its_sections(bundled_report: Report) -> None:
    sections = {s.id: s for s in bundled_report.sections}
    told = [(line, exhibit) for line in bundled_report.summary for exhibit in line.said]

    assert {exhibit for _, (exhibit, _) in told} == set(IN_SHORT)
    assert set(IN_SHORT) <= set(exhibit_ids())
    for line, (exhibit, title) in told:
        own = {b.id: b.title for b in sections[line.section].blocks if isinstance(b, Exhibit)}
        assert (line.title, title) == (sections[line.section].title, own[exhibit])
