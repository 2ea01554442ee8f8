"""Every cell of two sides beside each other: what became of it, counted and listed.

A cell is a series' value for an economy, a counterpart and a year. The join is DuckDB's work, what
counts as a revision is decided by ``measures.revisions``. Corrections of the catalogue have no
part in it: compared is what publishers said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from pipeline.diff.sides import Side
from pipeline.measures.revisions import KINDS, Kind, classify, rounding_error

if TYPE_CHECKING:
    import duckdb

By = Literal["indicator", "economy", "year"]
Key = tuple[str, str, int]
"""Indicator, economy and year of a cell of one publisher."""

_PAIRS: Final = """
    CREATE OR REPLACE TEMP TABLE diff_pairs AS
    WITH older AS (FROM diff_spoke WHERE NOT newer), newer AS (FROM diff_spoke WHERE newer)
    SELECT
        publisher,
        indicator,
        o.snapshot AS snapshot_old,
        n.snapshot AS snapshot_new,
        o.vintage AS vintage_old,
        n.vintage AS vintage_new,
        o.finest_digits AS digits_old,
        n.finest_digits AS digits_new,
        o.finest_place AS place_old,
        n.finest_place AS place_new
    FROM older AS o FULL JOIN newer AS n USING (publisher, indicator)
    ORDER BY publisher, indicator
"""
_SPOKE: Final = """
    INSERT INTO diff_spoke
    SELECT publisher, indicator, snapshot, vintage, finest_digits, finest_place, $newer
    FROM core.snapshots
    WHERE vintage <= $as_of AND ($every OR list_contains($chosen, snapshot))
    QUALIFY row_number() OVER (
        PARTITION BY publisher, indicator ORDER BY vintage DESC, rank_in_vintage
    ) = 1
"""
_CELLS: Final = """
    CREATE OR REPLACE TEMP TABLE diff_cells AS
    WITH older AS (
        SELECT p.publisher, p.indicator, o.economy, o.counterpart, o.year, o.value
        FROM diff_pairs AS p
        JOIN core.observations AS o ON o.snapshot = p.snapshot_old AND o.indicator = p.indicator
        WHERE $economy IS NULL OR o.economy = $economy
    ),
    newer AS (
        SELECT p.publisher, p.indicator, o.economy, o.counterpart, o.year, o.value
        FROM diff_pairs AS p
        JOIN core.observations AS o ON o.snapshot = p.snapshot_new AND o.indicator = p.indicator
        WHERE $economy IS NULL OR o.economy = $economy
    )
    SELECT
        publisher, indicator, economy, counterpart, year,
        o.value AS old, n.value AS new,
        p.digits_old, p.digits_new, p.place_old, p.place_new
    FROM older AS o
    FULL JOIN newer AS n USING (publisher, indicator, economy, counterpart, year)
    JOIN diff_pairs AS p USING (publisher, indicator)
"""


@dataclass(frozen=True)
class Counts:
    """How many cells of a group came out how; ``group`` is an indicator, economy or year."""

    group: str
    new: int
    revised: int
    withdrawn: int
    unchanged: int
    median_relative: float | None
    """Median size of a revision in parts of the older value."""
    largest_relative: float | None
    """Largest size of a revision, likewise."""


@dataclass(frozen=True)
class Change:
    """One cell that is not the same on both sides."""

    publisher: str
    indicator: str
    economy: str
    counterpart: str
    year: int
    old: float | None
    new: float | None
    kind: Kind
    change: float | None
    """Newer less older value, in the indicator's unit; None where one side has none."""
    relative: float | None
    """That in parts of the older value's size; None where it is 0 or missing, too."""


@dataclass(frozen=True)
class Figures:
    """The cells of one side that measures are computed from, and the vintage of their series."""

    cells: Mapping[Key, float]
    publishers: Mapping[str, str]
    vintages: Mapping[str, date]


class Comparison:
    """Two sides compared, on a connection to a warehouse that holds them both.

    Its tables are temporary ones of the connection: one comparison at a time.
    """

    def __init__(
        self,
        con: "duckdb.DuckDBPyConnection",
        older: Side,
        newer: Side,
        *,
        indicator: str | None = None,
        economy: str | None = None,
    ) -> None:
        """Compare; ``indicator`` and ``economy`` narrow it to one of each."""
        self._con = con
        _pair(con, older, newer, indicator)
        con.execute(_CELLS, {"economy": economy})
        _classify(con)

    def counts(self, by: By | None = None) -> tuple[Counts, ...]:
        """Cells by what became of them: in all, or a row an indicator, economy or year."""
        group = f"CAST({by} AS VARCHAR)" if by else "'all'"
        rows = self._con.execute(
            f"""
            SELECT
                {group} AS member,
                count(*) FILTER (WHERE kind = 'new'),
                count(*) FILTER (WHERE kind = 'revised'),
                count(*) FILTER (WHERE kind = 'withdrawn'),
                count(*) FILTER (WHERE kind = 'unchanged'),
                median(abs(relative)),
                max(abs(relative))
            FROM diff_changes
            GROUP BY member
            ORDER BY member
            """  # noqa: S608 (a column's name out of three)
        ).fetchall()
        return tuple(Counts(*row) for row in rows)

    def changes(self) -> tuple[Change, ...]:
        """Every cell that is not unchanged, by publisher, indicator, economy and year."""
        rows = self._con.execute(
            f"{_LISTED} ORDER BY publisher, indicator, economy, counterpart, year"
        ).fetchall()
        return tuple(Change(*row) for row in rows)

    def largest(
        self, count: int, indicators: Sequence[str], economies: Sequence[str]
    ) -> tuple[Change, ...]:
        """The largest revisions in parts of the older value, among these series and economies."""
        rows = self._con.execute(
            f"{_LISTED} AND kind = 'revised' AND list_contains(?, indicator)"
            " AND list_contains(?, economy)"
            " ORDER BY abs(relative) DESC NULLS LAST, indicator, economy, year LIMIT ?",
            [list(indicators), list(economies), count],
        ).fetchall()
        return tuple(Change(*row) for row in rows)

    def figures(self, indicators: Sequence[str], economies: Sequence[str]) -> tuple[Figures, ...]:
        """What the older and the newer side say of some series that are not bilateral."""
        return tuple(self._figures(side, indicators, economies) for side in ("old", "new"))

    def _figures(self, side: str, indicators: Sequence[str], economies: Sequence[str]) -> Figures:
        cells = self._con.execute(
            f"SELECT indicator, economy, year, {side} FROM diff_changes"  # noqa: S608
            f" WHERE {side} IS NOT NULL AND counterpart = '_Z' AND list_contains(?, indicator)"
            " AND list_contains(?, economy) ORDER BY indicator, economy, year",
            [list(indicators), list(economies)],
        ).fetchall()
        series = self._con.execute(
            f"SELECT indicator, publisher, vintage_{side} FROM diff_pairs"  # noqa: S608
            f" WHERE vintage_{side} IS NOT NULL AND list_contains(?, indicator)",
            [list(indicators)],
        ).fetchall()
        return Figures(
            cells={(i, e, y): value for i, e, y, value in cells},
            publishers={i: publisher for i, publisher, _ in series},
            vintages={i: vintage for i, _, vintage in series},
        )


_LISTED: Final = """
    SELECT publisher, indicator, economy, counterpart, year, old, new, kind, change, relative
    FROM diff_changes
    WHERE kind <> 'unchanged'
"""


def _pair(
    con: "duckdb.DuckDBPyConnection", older: Side, newer: Side, indicator: str | None
) -> None:
    """Which snapshot speaks for each series on either side."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE diff_spoke AS"
        " SELECT publisher, indicator, snapshot, vintage, finest_digits, finest_place,"
        " false AS newer FROM core.snapshots LIMIT 0"
    )
    for is_newer, side in ((False, older), (True, newer)):
        chosen = sorted(side.snapshots or ())
        con.execute(
            _SPOKE,
            {
                "newer": is_newer,
                "as_of": side.as_of,
                "every": side.snapshots is None,
                "chosen": chosen,
            },
        )
        if side.one_vintage:
            con.execute(
                "DELETE FROM diff_spoke WHERE newer = ? AND vintage <> ?", [is_newer, side.as_of]
            )
    con.execute(_PAIRS)
    if older.one_vintage or newer.one_vintage:
        # A single release says nothing of the series that it does not have.
        con.execute("DELETE FROM diff_pairs WHERE snapshot_old IS NULL OR snapshot_new IS NULL")
    if indicator is not None:
        con.execute("DELETE FROM diff_pairs WHERE indicator <> ?", [indicator])


def _classify(con: "duckdb.DuckDBPyConnection") -> None:
    """Add to every cell what became of it, and by how much."""
    columns = con.execute(
        "SELECT old, new, digits_old, digits_new, place_old, place_new FROM diff_cells"
    ).fetchnumpy()
    cells = {
        name: np.ma.filled(np.ma.asarray(values, dtype=np.float64), np.nan)
        for name, values in columns.items()
    }
    codes = classify(
        cells["old"],
        cells["new"],
        rounding_error(cells["old"], cells["digits_old"], cells["place_old"]),
        rounding_error(cells["new"], cells["digits_new"], cells["place_new"]),
    )
    con.register("diff_codes", pd.DataFrame({"code": codes}))
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE diff_changes AS
        SELECT
            publisher, indicator, economy, counterpart, year, old, new,
            list_extract(?, code + 1) AS kind,
            CASE WHEN kind = 'revised' THEN new - old END AS change,
            change / nullif(abs(old), 0) AS relative
        FROM diff_cells POSITIONAL JOIN diff_codes
        """,
        [list(KINDS)],
    )
    con.unregister("diff_codes")
    con.execute("DROP TABLE diff_cells")
