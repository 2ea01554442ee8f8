"""The section on revisions of the bundled archive: every figure looked up another way.

The second way is the archived bodies themselves; what is chosen to be shown is in
``test_revisions``.
"""

import math
import re
from collections.abc import Iterable
from datetime import date

import pytest

from pipeline.catalog import Catalog
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_snapshots
from pipeline.report.content import Exhibit, Report
from tests.warehouse.conftest import TEN

ONLINE, ICT, GDP = "IT.NET.USER.ZS", "BX.GSR.CCIS.CD", "NY.GDP.MKTP.CD"


@pytest.fixture(scope="module")
def bundled_section(bundled_report: Report) -> dict[str, Exhibit]:
    """The report's exhibits by their ids."""
    return {e.id: e for e in bundled_report.exhibits()}


@pytest.fixture(scope="module")
def archived(bundled_archive: Archive) -> dict[str, dict[date, dict[tuple[str, int], float]]]:
    """Values of the members by series and vintage, straight from the archived bodies.

    Of several copies of one vintage the one with most values, then with the longest texts.
    """
    found: dict[str, dict[date, tuple[int, int, dict[tuple[str, int], float]]]] = {}
    wanted = [s for s in bundled_archive.snapshots() if set(s.indicators) & {ONLINE, ICT, GDP}]
    for sidecar, frame in read_snapshots(bundled_archive, wanted):
        rows = list(zip(frame["economy"], frame["year"], frame["value"], strict=True))
        cells = {(e, int(y)): float(v) for e, y, v in rows if e in TEN}
        rank = (frame["economy"].nunique(), sum(len(v) for _, _, v in rows))
        by_vintage = found.setdefault(sidecar.indicators[0], {})
        known = by_vintage.get(sidecar.vintage)
        if known is None or rank > known[:2]:
            by_vintage[sidecar.vintage] = (*rank, cells)
    return {i: {v: kept[2] for v, kept in of.items()} for i, of in found.items()}


def newest(releases: dict[date, dict[tuple[str, int], float]], day: date) -> dict[
    tuple[str, int], float
]:  # fmt: skip
    return releases[max(v for v in releases if v <= day)]


def percentages(text: str) -> Iterable[str]:
    return re.findall(r"[\d.]+(?=\u00a0%)", text)


def test_the_history_of_tajikistan_is_what_the_releases_say(
    bundled_section: dict[str, Exhibit],
    archived: dict[str, dict[date, dict[tuple[str, int], float]]],
) -> None:
    exhibit = bundled_section["revision_history"]
    said = [
        archived[ONLINE][v].get(("TJK", 2021)) for v in sorted(archived[ONLINE])
    ]  # fmt: skip
    distinct = list(dict.fromkeys(f"{v:.1f}" for v in said if v is not None))
    assert list(percentages(exhibit.title)) == distinct == ["28.3", "49.8", "36.7"]


def test_every_point_of_the_histories_is_a_published_value(
    bundled_section: dict[str, Exhibit],
    archived: dict[str, dict[date, dict[tuple[str, int], float]]],
    catalog: Catalog,
) -> None:
    codes = {catalog.economies[c].name: c for c in TEN}
    for name in ("revision_history", "same_year_online"):
        rows = bundled_section[name].table.rows
        assert len(rows) > 20
        for row in rows:
            release = archived[ONLINE][date.fromisoformat(str(row["release"]))]
            year = row["year"]
            assert isinstance(year, int)
            assert row["value"] == release[codes[str(row["state"])], year]


def test_every_point_of_the_index_follows_from_the_releases_of_its_day(
    bundled_section: dict[str, Exhibit],
    archived: dict[str, dict[date, dict[tuple[str, int], float]]],
) -> None:
    rows = bundled_section["same_year_index"].table.rows
    assert len(rows) > 20
    for row in rows:
        day, year = date.fromisoformat(str(row["release"])), row["year"]
        assert isinstance(year, int)
        exports, gdp = (newest(archived[code], day) for code in (ICT, GDP))
        both = [c for c in TEN if (c, year) in exports and (c, year) in gdp]
        x, w = ([of[c, year] for c in both] for of in (exports, gdp))
        expected = sum(
            a / sum(x) * math.log(a / sum(x) / (b / sum(w))) for a, b in zip(x, w, strict=True)
        )
        assert row["theil"] == pytest.approx(expected, rel=1e-12)


def test_the_largest_revisions_are_those_between_two_days(
    bundled_section: dict[str, Exhibit],
    archived: dict[str, dict[date, dict[tuple[str, int], float]]],
    catalog: Catalog,
) -> None:
    rows = bundled_section["largest_revisions"].table.rows
    for code in (ONLINE, ICT, GDP):
        before = newest(archived[code], date(2025, 5, 1))
        now = newest(archived[code], date(2026, 5, 1))
        sizes = {k: now[k] / before[k] - 1 for k in before.keys() & now.keys() if before[k]}
        name = catalog.indicators[code].short_name
        # The world is among those listed, and not in this archive of members.
        listed = [r for r in rows if r["series"] == name and r["place"] != "the world"]
        largest = sorted(sizes, key=lambda k: -abs(sizes[k]))[: len(listed)]
        assert [(r["place"], r["year"]) for r in listed] == [
            (catalog.economies[c].name, y) for c, y in largest
        ]
        assert [r["change"] for r in listed] == [pytest.approx(100 * sizes[k]) for k in largest]
