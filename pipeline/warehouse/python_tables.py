"""Tables that Python computes between the SQL: the inequality measures of every distribution.

Here is only the way from a table to the measures and back, with the columns documented as in a
head of SQL. The formulas stand in ``pipeline.measures``; which cells may be shown is decided by
the marts that read these tables.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.warehouse import (
    claim_tables,
    convergence_table,
    distance_table,
    index_history_table,
    index_tables,
    target_tables,
    trade_tables,
)
from pipeline.warehouse.reference import SOURCES
from pipeline.warehouse.tables import Lineage, PythonTable, Table, column_docs

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

KEY = ("indicator", "year", "weighting", "member_set")
DISTRIBUTIONS = "marts.distributions"
GROUPS, SETS = "core.groups", "core.member_sets"
VINTAGES = "marts.vintage_distributions"
VINTAGE_KEY = ("seen_from", "indicator", "year", "weighting")

_KEY_COLUMNS = """
    indicator  | VARCHAR  | code | catalogue id, or the id of a complement
    year       | SMALLINT | year | year of the distribution
    weighting  | VARCHAR  | code | which outcome against which reference
    member_set | VARCHAR  | code | which states, see core.member_sets
"""


@dataclass(frozen=True)
class Distributions:
    """Distributions end to end: the rows of ``frame`` from each start to the next are one."""

    frame: "pd.DataFrame"
    starts: "NDArray[np.intp]"
    key: Sequence[str] = KEY

    @classmethod
    def of(cls, frame: "pd.DataFrame", key: Sequence[str] = KEY) -> "Distributions":
        """Cut a frame, sorted by ``key``, where the key changes."""
        if frame.empty:
            return cls(frame, np.zeros(0, dtype=np.intp), key)
        changes = np.zeros(len(frame), dtype=bool)
        changes[0] = True
        for column in key:
            values = frame[column].to_numpy()
            changes[1:] |= values[1:] != values[:-1]
        return cls(frame, np.flatnonzero(changes), key)

    @property
    def sizes(self) -> "NDArray[np.intp]":
        return np.diff(np.append(self.starts, len(self.frame)))

    @property
    def outcome(self) -> "NDArray[np.float64]":
        return self.frame["outcome"].to_numpy(dtype=np.float64)

    @property
    def reference(self) -> "NDArray[np.float64]":
        return self.frame["reference"].to_numpy(dtype=np.float64)

    def each(self, values: "NDArray[Any]") -> "NDArray[Any]":
        """A value a distribution, repeated for each of its rows."""
        return np.repeat(values, self.sizes)

    def defined(self) -> "Distributions":
        """Only those that measures are defined for: nothing negative, and something to share."""
        if not len(self.starts):
            return self
        good = (
            (np.minimum.reduceat(self.outcome, self.starts) >= 0)
            & (np.minimum.reduceat(self.reference, self.starts) > 0)
            & (np.add.reduceat(self.outcome, self.starts) > 0)
        )
        kept = self.frame[self.each(good)].reset_index(drop=True)
        return Distributions.of(kept, self.key)

    def keys(self) -> "pd.DataFrame":
        """The key columns, one row a distribution."""
        return self.frame.loc[self.starts, list(self.key)].reset_index(drop=True)


def _inequality(distributions: "pd.DataFrame") -> "pd.DataFrame":
    from pipeline.measures import batch

    cut = Distributions.of(distributions).defined()
    measured = batch.inequality(cut.outcome, cut.reference, cut.starts)
    return cut.keys().assign(**measured)


def _contributions(distributions: "pd.DataFrame") -> "pd.DataFrame":
    from pipeline.measures import batch

    cut = Distributions.of(distributions).defined()
    s = batch.shares(cut.outcome, cut.starts)
    p = batch.shares(cut.reference, cut.starts)
    return cut.frame[[*KEY, "economy"]].assign(
        outcome_share=s, reference_share=p, contribution=batch.contributions(s, p)
    )


def _leave_one_out(distributions: "pd.DataFrame") -> "pd.DataFrame":
    from pipeline.measures import batch

    cut = Distributions.of(distributions).defined()
    whole = batch.theil_t(cut.outcome, cut.reference, cut.starts)
    rest = batch.leave_one_out(cut.outcome, cut.reference, cut.starts)
    left = cut.frame[[*KEY, "economy"]].rename(columns={"economy": "left_out"})
    return left.assign(
        n=cut.each(cut.sizes - 1),
        theil_t=rest["theil_t"],
        change=rest["theil_t"] - cut.each(whole),
        ceiling=rest["ceiling"],
    )


def _groups(
    distributions: "pd.DataFrame", groups: "pd.DataFrame", sets: "pd.DataFrame"
) -> "pd.DataFrame":
    import pandas as pd

    schemes = []
    for (bloc, scheme), part in groups.groupby(["bloc", "scheme"], sort=True):
        own = set(sets.loc[sets["bloc"] == bloc, "member_set"])
        theirs = distributions[distributions["member_set"].isin(own)].reset_index(drop=True)
        group_of = dict(zip(part["economy"], part["group_id"], strict=True))
        schemes.append(_groups_of(theirs, str(scheme), group_of))
    result = pd.concat(schemes, ignore_index=True)
    return result.sort_values([*KEY, "scheme", "group_id"], ignore_index=True)


def _groups_of(
    distributions: "pd.DataFrame", scheme: str, group_of: Mapping[str, str]
) -> "pd.DataFrame":
    from pipeline.measures import batch

    cut = Distributions.of(distributions).defined()
    economy = cut.frame["economy"]
    frame = cut.frame.assign(
        scheme=scheme,
        group_id=economy.map(group_of).fillna(economy),
        outcome_share=batch.shares(cut.outcome, cut.starts),
        reference_share=batch.shares(cut.reference, cut.starts),
    ).sort_values([*KEY, "group_id", "economy"], ignore_index=True)
    parts = Distributions.of(frame, [*KEY, "group_id"])
    s = np.add.reduceat(frame["outcome_share"].to_numpy(), parts.starts)
    p = np.add.reduceat(frame["reference_share"].to_numpy(), parts.starts)
    theil = batch.theil_t(parts.outcome, parts.reference, parts.starts)
    return frame.loc[parts.starts, [*KEY, "scheme", "group_id"]].assign(
        n=parts.sizes,
        outcome_share=s,
        reference_share=p,
        theil_t_within=theil,
        between=batch.contributions(s, p),
        # A group with nothing has no index of its own, and adds nothing.
        within=np.where(s > 0, s * theil, 0.0),
    )


def _vintage_theil(distributions: "pd.DataFrame") -> "pd.DataFrame":
    from pipeline.measures import batch

    known = distributions.dropna(subset=["outcome", "reference"]).reset_index(drop=True)
    cut = Distributions.of(known, VINTAGE_KEY).defined()
    return cut.keys().assign(theil_t=batch.theil_t(cut.outcome, cut.reference, cut.starts))


_OUTCOME = ((DISTRIBUTIONS, "outcome"),)
_REFERENCE = ((DISTRIBUTIONS, "reference"),)
_BOTH = (*_OUTCOME, *_REFERENCE)
_FROM_KEY: Lineage = {name: ((DISTRIBUTIONS, name),) for name in KEY}


def _measures(
    name: str,
    description: str,
    columns: str,
    compute: Callable[..., "pd.DataFrame"],
    lineage: Lineage,
    *,
    reads: Sequence[str] = (DISTRIBUTIONS,),
) -> PythonTable:
    """A table whose columns come from outcome and reference unless ``lineage`` says otherwise."""
    docs, types = column_docs(_KEY_COLUMNS + columns)
    origins: Lineage = {**{c.name: _BOTH for c in docs}, **_FROM_KEY, **lineage}
    return PythonTable(name, description, docs, tuple(reads), origins, types, compute)


INEQUALITY = _measures(
    "measures.inequality",
    "The inequality family of every distribution for which it is defined.\n\n"
    "It is not where an outcome is negative, a weight not positive, or there is nothing to share.",
    """
    theil_t        | DOUBLE | nats   | Theil T
    theil_l        | DOUBLE | nats   | Theil L, infinite where a state has nothing
    ge_2           | DOUBLE | –      | generalised entropy of order 2
    gini           | DOUBLE | 0 to 1 | weighted Gini coefficient
    gini_corrected | DOUBLE | 0 to 1 | Gini times n/(n-1), for unweighted distributions only
    atkinson_05    | DOUBLE | 0 to 1 | Atkinson index, aversion 0.5
    atkinson_1     | DOUBLE | 0 to 1 | Atkinson index, aversion 1
    atkinson_2     | DOUBLE | 0 to 1 | Atkinson index, aversion 2
    cv             | DOUBLE | ratio  | coefficient of variation of outcome per reference
    sd_logs        | DOUBLE | log points | standard deviation of the logarithms
    max_min        | DOUBLE | ratio  | largest outcome per reference over the smallest
    value_range    | DOUBLE | as the outcome | largest outcome per reference less the smallest
    herfindahl     | DOUBLE | 0 to 1 | sum of squared outcome shares
    ceiling        | DOUBLE | nats   | largest Theil T that this distribution could have
    """,
    _inequality,
    {"herfindahl": _OUTCOME, "ceiling": _REFERENCE},
)

CONTRIBUTIONS = _measures(
    "measures.inequality_contributions",
    "What each state adds to the Theil index of its distribution.",
    """
    economy         | VARCHAR | code  | state
    outcome_share   | DOUBLE  | share | share of the outcome, s
    reference_share | DOUBLE  | share | share of the reference, p
    contribution    | DOUBLE  | nats  | s ln(s/p); 0 where s is 0
    """,
    _contributions,
    {
        "economy": ((DISTRIBUTIONS, "economy"),),
        "outcome_share": _OUTCOME,
        "reference_share": _REFERENCE,
    },
)

LEAVE_ONE_OUT = _measures(
    "measures.inequality_leave_one_out",
    "The Theil index of each distribution with each of its states left out in turn.",
    """
    left_out | VARCHAR  | code   | state that is left out
    n        | SMALLINT | states | states that remain
    theil_t  | DOUBLE   | nats   | Theil T of those that remain
    change   | DOUBLE   | nats   | that less the Theil T of all
    ceiling  | DOUBLE   | nats   | largest Theil T that those that remain could have
    """,
    _leave_one_out,
    {
        "left_out": ((DISTRIBUTIONS, "economy"),),
        "n": ((DISTRIBUTIONS, "economy"),),
        "ceiling": _REFERENCE,
    },
)

GROUP_PARTS = _measures(
    "measures.inequality_groups",
    "The Theil index of each distribution by groups of states: between them and within each.",
    """
    scheme          | VARCHAR  | code   | partition of the members
    group_id        | VARCHAR  | code   | group, or the state itself where it is in none
    n               | SMALLINT | states | states of the group in the distribution
    outcome_share   | DOUBLE   | share  | share of the outcome, s
    reference_share | DOUBLE   | share  | share of the reference, p
    theil_t_within  | DOUBLE   | nats   | Theil T among the states of the group
    between         | DOUBLE   | nats   | s ln(s/p) of the group
    within          | DOUBLE   | nats   | s times theil_t_within
    """,
    _groups,
    {
        "scheme": ((GROUPS, "scheme"),),
        "group_id": ((GROUPS, "economy"), (GROUPS, "group_id"), (DISTRIBUTIONS, "economy")),
        "n": ((DISTRIBUTIONS, "economy"),),
        "outcome_share": _OUTCOME,
        "reference_share": _REFERENCE,
    },
    reads=(DISTRIBUTIONS, GROUPS, SETS),
)

_VINTAGE_COLUMNS, _VINTAGE_TYPES = column_docs("""
    seen_from | DATE     | date | day as of which the figures are taken
    indicator | VARCHAR  | code | catalogue id, or the id of a complement
    year      | SMALLINT | year | year of the distribution
    weighting | VARCHAR  | code | per_gdp_gdp or share_unweighted
    theil_t   | DOUBLE   | nats | Theil T
""")

VINTAGE_THEIL = PythonTable(
    "measures.vintage_theil",
    "The Theil index of every distribution that a release made, where it is defined.",
    _VINTAGE_COLUMNS,
    (VINTAGES,),
    {
        **{name: ((VINTAGES, name),) for name in VINTAGE_KEY},
        "theil_t": ((VINTAGES, "outcome"), (VINTAGES, "reference")),
    },
    _VINTAGE_TYPES,
    _vintage_theil,
)

DECLARED: Sequence[Table] = (
    *SOURCES, INEQUALITY, CONTRIBUTIONS, LEAVE_ONE_OUT, GROUP_PARTS, VINTAGE_THEIL,
    convergence_table.CONVERGENCE, distance_table.TIME_DISTANCE, *target_tables.TABLES,
    *index_tables.TABLES, index_history_table.HISTORY, *trade_tables.TABLES, *claim_tables.TABLES,
)  # fmt: skip
"""All tables that are not made by SQL."""
