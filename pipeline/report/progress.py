"""Who comes closer, who is how far behind, and who arrives by 2030: read from the marts.

Here are the facts behind the sections on convergence and on targets, of which only rows that their
mart publishes are taken. Words and pictures are made by ``exhibits``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.report.context import Context


@dataclass(frozen=True)
class Spread:
    """Standard deviation of logarithms over the same states in one year."""

    indicator: str
    year: int
    value: float
    members: tuple[str, ...]


@dataclass(frozen=True)
class Beta:
    """Slope of annual growth on the starting level, and its range with each state left out."""

    first: int
    last: int
    value: float
    n: int
    low: float
    high: float


@dataclass(frozen=True)
class Distance:
    """Years that a state's newest value lies behind another's path; below 0 ahead of it.

    ``at_least`` stands in where the other began above that level.
    """

    economy: str
    year: int
    versus: str
    value: float
    years: float | None
    at_least: float | None

    @property
    def shown(self) -> float:
        return self.years if self.years is not None else self.at_least or 0.0


@dataclass(frozen=True)
class Target:
    """What is to be reached by when. ``ours``: the level that counts is the catalogue's own."""

    id: str
    name: str
    issuer: str
    deadline: int
    indicator: str | None
    counts_from: float | None
    ours: bool


@dataclass(frozen=True)
class Outlook:
    """Where a state stands on the way to a target. Dates are decimal years, inf for never."""

    target: str
    economy: str
    year: int
    value: float
    reached: bool
    achieved: float | None
    required: float | None
    dates: tuple[tuple[str, float], ...]
    """Date by model, of models that answer."""
    low: float | None
    high: float | None
    end_low: float | None
    end_high: float | None
    verdict: str


Path = tuple[tuple[int, float], ...]
"""Years with the value that a model gives for each."""


@dataclass(frozen=True)
class Progress:
    """The facts of one edition about its members."""

    context: Context

    def spreads(self, indicators: Sequence[str]) -> tuple[Spread, ...]:
        """The spread of each indicator over its last decade, by indicator and year."""
        rows = self.context.marts.rows(
            "SELECT indicator, year, value, members FROM marts.convergence "
            "WHERE who = ? AND measure = 'sd_logs' AND published AND list_contains(?, indicator) "
            "ORDER BY indicator, year",
            [self.context.member_set, list(indicators)],
        )
        return tuple(Spread(i, y, v, tuple(m.split())) for i, y, v, m in rows)

    def beta(self, indicator: str) -> Beta | None:
        """The slope over the last decade, where it may be shown with a range."""
        rows = self.context.marts.rows(
            "SELECT measure, first_year, year, value, n FROM marts.convergence "
            "WHERE who = ? AND indicator = ? AND published AND value IS NOT NULL "
            "AND measure IN ('beta', 'beta_without') ORDER BY measure, left_out",
            [self.context.member_set, indicator],
        )
        slopes = [r for r in rows if r[0] == "beta"]
        without = [r[3] for r in rows if r[0] == "beta_without"]
        if not slopes or not without:
            return None
        _, first, last, value, n = slopes[0]
        return Beta(first, last, value, n, min(without), max(without))

    def distances(self, indicator: str, reference: str) -> tuple[Distance, ...]:
        """Of each member's newest value behind the leader or the median, the nearest first."""
        rows = self.context.marts.rows(
            "SELECT economy, year, versus, value, distance_years, at_least_years "
            "FROM marts.time_distance WHERE indicator = ? AND reference = ? AND newest "
            "AND published AND list_contains(?, economy) "
            "ORDER BY coalesce(distance_years, at_least_years), economy",
            [indicator, reference, list(self.context.members)],
        )
        return tuple(Distance(*row) for row in rows)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Every target of the catalogue, those without an indicator too."""
        rows = self.context.marts.rows(
            "SELECT target, name, issuer, deadline, indicator, counts_from, "
            "coalesce(counts_basis = 'ours', false) FROM core.targets ORDER BY target"
        )
        return tuple(Target(*row) for row in rows)

    def outlooks(self, target: str) -> tuple[Outlook, ...]:
        """Every member with a recent value of the target's indicator, by economy."""
        rows = self.context.marts.rows(
            "SELECT target, economy, year, value, reached, achieved_pace, required_pace, "
            "linear, logit, gompertz, leader_path, range_low, range_high, at_deadline_low, "
            "at_deadline_high, verdict FROM marts.targets WHERE target = ? AND published "
            "AND value IS NOT NULL AND list_contains(?, economy) ORDER BY economy",
            [target, list(self.context.members)],
        )
        return tuple(_outlook(*row) for row in rows)

    def paths(self, target: str) -> Mapping[str, Mapping[str, Path]]:
        """How each model that answers sees each member go on towards a target, by economy and
        model; of members that are not there yet."""
        rows = self.context.marts.rows(
            "SELECT p.economy, p.model, p.year, p.value FROM marts.target_paths AS p "
            "INNER JOIN marts.targets AS t USING (target, economy) WHERE target = ? "
            "AND t.published AND list_contains(?, economy) ORDER BY economy, model, year",
            [target, list(self.context.members)],
        )
        found: dict[str, dict[str, list[tuple[int, float]]]] = {}
        for economy, model, year, value in rows:
            found.setdefault(economy, {}).setdefault(model, []).append((year, value))
        return {
            economy: {model: tuple(points) for model, points in own.items()}
            for economy, own in found.items()
        }

    def measurable(self) -> tuple[str, ...]:
        """Targets of which some member has a recent value."""
        rows = self.context.marts.rows(
            "SELECT DISTINCT target FROM marts.targets WHERE published AND value IS NOT NULL "
            "AND list_contains(?, economy) ORDER BY target",
            [list(self.context.members)],
        )
        return tuple(row[0] for row in rows)


MODELS = ("linear", "logit", "gompertz", "leader_path")
"""In the order in which ``Outlook.dates`` has them."""


def _outlook(target: str, economy: str, year: int, value: float, reached: bool,
             achieved: float | None, required: float | None, *rest: Any) -> Outlook:  # fmt: skip
    """An outlook from a row: dates of the models, then the range, the deadline and the verdict."""
    dates = tuple((m, d) for m, d in zip(MODELS, rest[:4], strict=True) if d is not None)
    low, high, end_low, end_high, verdict = rest[4:]
    return Outlook(
        target, economy, year, value, reached, achieved, required, dates, low, high, end_low,
        end_high, verdict,
    )  # fmt: skip
