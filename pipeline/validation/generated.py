"""What is added to the suites as written: their keys, and the ranges of the catalogue.

A suite names its key once and is held to it. Adding an indicator to the catalogue adds its range
here with no line of YAML or Python; why they are there is said in the language in force. The other
expectations stand in ``expectations/`` and read thresholds and breaks from the warehouse's own copy
of the catalogue.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.catalog.models import Catalog, Indicator
from pipeline.units import unit_text
from pipeline.validation.kinds import BETWEEN, NO_ROWS
from pipeline.validation.model import Expectation, Suite
from pipeline.warehouse.quoting import quoted
from pipeline.wording import said

RANGED_TABLE = "core.current"
KEY_IS_UNIQUE = "key_is_unique"


def complete(suite: Suite, catalog: Catalog) -> Suite:
    """The suite with its key first and, for ``core.current``, the ranges last."""
    more = ranges(catalog) if suite.table == RANGED_TABLE else ()
    return replace(suite, expectations=(key_is_unique(suite), *suite.expectations, *more))


def key_is_unique(suite: Suite) -> Expectation:
    """No two rows of one key, and no gap in a key."""
    key = ", ".join(suite.key)
    gap = " OR ".join(f"{column} IS NULL" for column in suite.key)
    return Expectation(
        id=KEY_IS_UNIQUE,
        table=suite.table,
        type=NO_ROWS,
        kwargs={"value": 0},
        severity="critical",
        why=said("checks.key", key=key),
        query=f"SELECT {key}, count(*) AS times\nFROM {suite.table}\nGROUP BY {key}\n"
        f"HAVING times > 1 OR {gap}",
    )


def ranges(catalog: Catalog) -> Iterator[Expectation]:
    """One expectation an indicator: its current values lie in the catalogue's plausible range.

    Indicators whose range holds for the same economies share one frame, a column each.
    """
    for scope in ("members", "all"):
        chosen = [
            i for _, i in sorted(catalog.indicators.items()) if i.plausible_economies == scope
        ]
        query = _wide_query(chosen, everyone=scope == "all")
        for indicator in chosen:
            yield _range(indicator, query)


def _range(indicator: Indicator, query: str) -> Expectation:
    low, high = indicator.plausible.minimum, indicator.plausible.maximum
    variant = f"{indicator.plausible_economies}_{'headline' if indicator.headline else 'other'}"
    return Expectation(
        id=range_id(indicator.id),
        table=RANGED_TABLE,
        type=BETWEEN,
        kwargs={"column": indicator.id, "min_value": low, "max_value": high},
        severity="critical" if indicator.headline else "warning",
        why=said("checks.range", variant, name=indicator.name, unit=unit_text(indicator.unit)),
        query=query,
        shows=("economy", "counterpart", "year", indicator.id),
    )


def range_id(indicator: str) -> str:
    """``IT.NET.USER.ZS`` → ``range_IT_NET_USER_ZS``."""
    return "range_" + re.sub(r"[^A-Za-z0-9]", "_", indicator)


def _wide_query(indicators: list[Indicator], *, everyone: bool) -> str:
    columns = ",\n  ".join(
        f'max(value) FILTER (WHERE indicator = {quoted(i.id)}) AS "{i.id}"' for i in indicators
    )
    where = (
        ""
        if everyone
        # The catalogue's ranges are those of the project's own states, whomever a report is about.
        else "WHERE economy = 'WLD'\n  OR economy IN "
        "(SELECT economy FROM core.member_sets WHERE member_set = 'sco_10')\n"
    )
    return (
        f"SELECT economy, counterpart, year,\n  {columns}\nFROM core.current\n{where}"
        "GROUP BY economy, counterpart, year"
    )
