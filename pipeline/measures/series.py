"""One indicator of one economy over the years, as the measures over time take it.

Here is what a series is: only years that have a value, and which of them may be compared. Reading
it from the warehouse and taking its breaks from the catalogue is the caller's work.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

from pipeline.errors import MeasureError

Breaks = tuple[tuple[int, int], ...]
"""First and last year of each change of method, as in the catalogue."""


@dataclass(frozen=True)
class Series:
    """Values by year, in one unit; a year without a value is absent, never filled.

    Attributes:
        years: increasing, not empty.
        values: one a year, finite.
        breaks: (first, last) years of changes of method: a value before ``last`` and a value after
            ``first`` are not comparable, so values between the two are comparable with none.
    """

    years: tuple[int, ...]
    values: tuple[float, ...]
    breaks: Breaks = ()

    def __post_init__(self) -> None:
        if not self.years or len(self.years) != len(self.values):
            raise MeasureError(
                f"a series has {len(self.years)} years and {len(self.values)} values: "
                "expected at least one, and as many of each"
            )
        if any(b <= a for a, b in pairwise(self.years)):
            raise MeasureError(f"years of a series are {self.years}: expected increasing ones")
        for year, value in zip(self.years, self.values, strict=True):
            if not math.isfinite(value):
                raise MeasureError(
                    f"value of {year} is {value!r}: expected a finite number; leave out the year"
                )

    @classmethod
    def of(cls, values: Mapping[int, float | None], breaks: Breaks = ()) -> Self:
        """A series from values by year in any order; None and NaN are years without a value.

        Raises:
            MeasureError: no value is left, or one is infinite.
        """
        there = {y: v for y, v in sorted(values.items()) if v is not None and not math.isnan(v)}
        return cls(tuple(there), tuple(there.values()), breaks)

    @property
    def first_year(self) -> int:
        return self.years[0]

    @property
    def last_year(self) -> int:
        return self.years[-1]

    @property
    def last_value(self) -> float:
        return self.values[-1]

    def at(self, year: int) -> float | None:
        """The value of a year, None where there is none."""
        return self.values[self.years.index(year)] if year in self.years else None

    def value(self, year: int) -> float:
        """The value of a year that must have one.

        Raises:
            MeasureError: it has none.
        """
        value = self.at(year)
        if value is None:
            raise MeasureError(f"there is no value for {year}: expected one of {self.years}")
        return value

    def broken(self, one: int, other: int) -> tuple[int, int] | None:
        """The first change of method that makes two years incomparable, None where there is none.

        The same rule as the catalogue's ``break_between``.
        """
        early, late = min(one, other), max(one, other)
        return next((b for b in self.breaks if early < b[1] and late > b[0] and early < late), None)

    def within(self, first: int, last: int) -> Self | None:
        """The values of some years, both ends counted; None where there are none."""
        kept = {y: v for y, v in self._items() if first <= y <= last}
        return type(self)(tuple(kept), tuple(kept.values()), self.breaks) if kept else None

    def comparable_with(self, year: int) -> Self:
        """The values by the same method as that of ``year``, which must be among them.

        Raises:
            MeasureError: the series has no value for the year.
        """
        self.value(year)
        kept = {y: v for y, v in self._items() if self.broken(y, year) is None}
        return type(self)(tuple(kept), tuple(kept.values()), self.breaks)

    def negated(self) -> Self:
        """The series upside down: what falls in this one rises in that."""
        return type(self)(self.years, tuple(-v for v in self.values), self.breaks)

    def _items(self) -> Iterator[tuple[int, float]]:
        return zip(self.years, self.values, strict=True)
