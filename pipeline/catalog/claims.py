"""The model of a claim: what the article says, and the arithmetic by which it is asked about.

Here is the shape of ``claims.yaml``. Whether its names are known is ``claim_consistency``'s work,
what becomes of a claim that of ``pipeline.measures.claims``.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, FiniteFloat, StringConstraints, model_validator

from pipeline.catalog.entry import Entry, Slug, Text

ClaimKind = Literal["equals", "at_least", "at_most", "rises", "falls"]
Fact = Literal[
    "members", "years_since_foundation", "accession_year",
    "theil_nearest_to_claim", "theil_cells_near_claim", "theil_left_without_one_pct",
]  # fmt: skip
"""What ``marts.claim_facts`` knows beside the published series."""
ClaimId = Annotated[str, StringConstraints(pattern=r"^C[0-9]{2}$")]
Who = Annotated[str, StringConstraints(pattern=r"^([A-Z0-9]{3}|[a-z][a-z0-9_]*)$")]
"""The code of an economy, or the id of a group or fixed member set, which stands for its states."""


class Figure(Entry):
    """A number that a claim's arithmetic names: of a published series, or a fact of the marts.

    It is the sum over the economies (and partners), complete or not there at all; over several
    years it is their mean.
    """

    indicator: str | None = None
    fact: Fact | None = None
    economies: tuple[Who, ...] = ()
    """Empty: those that the claim is about."""
    partners: tuple[Who, ...] = ()
    """Partners in a bilateral series."""
    shift: int = Field(0, ge=-10, le=0)
    """Years between the year that is looked at and the one that is meant: -1 is the year before."""
    over: int = Field(1, ge=1, le=10)
    """Mean of as many years, of which that is the last."""

    @model_validator(mode="after")
    def _series_or_fact(self) -> Self:
        if (self.indicator is None) == (self.fact is None):
            raise ValueError("a figure is of an indicator or a fact, expected one of them")
        if self.fact and (self.partners or self.shift or self.over > 1):
            raise ValueError("a fact has no partners, shift or over, expected none")
        return self


class Claim(Entry):
    """Something that the article says, in our words, and how the warehouse is asked about it.

    Its verdict follows by rule, see ``pipeline.measures.claims``. The arithmetic names figures,
    ``claimed`` for the value, and other claims by their ids for theirs: what rests on another claim
    of the article is a check of the article against itself.
    """

    id: ClaimId
    section: Literal[
        "intro", "big_three", "central_asia", "new_members", "pakistan", "shared_challenges",
        "what_next", "derived",
    ]  # fmt: skip
    text: Text
    economies: tuple[Who, ...] = ()
    unit: str = "–"
    digits: int = Field(1, ge=0, le=4)
    kind: ClaimKind | None = None
    """How the value is claimed; a claim that is only told has none."""
    value: FiniteFloat | None = None
    year: int | None = Field(None, ge=1990, le=2100)
    """Year that it speaks of; none: the newest there is."""
    tolerance_pct: float = Field(0.0, ge=0, le=50)
    """Distance, in percent of the value claimed, within which it is met."""
    may_lag: int = Field(0, ge=0, le=5)
    """Years by which a figure may be older than the claim and still speak to it."""
    figures: Mapping[Slug, Figure] = Field(default_factory=dict)
    expression: str | None = None
    """What is found, in the claim's unit; none: no open figure can say."""
    rivals: Mapping[Slug, str] = Field(default_factory=dict)
    """The same by other sources: if they disagree about the claim, the sources conflict."""
    beside: Mapping[Slug, str] = Field(default_factory=dict)
    """Numbers that caveat and remark may say, as {name}, and {name_year}."""
    read_as: Text | None = None
    """How a claim without a number is read as one that can be checked."""
    caveat: Text | None = None
    """What must be said even if it holds."""
    remark: Text | None = None
    """What is said whatever the verdict."""
    needs: Text | None = None
    """What would be needed to check it, where that is not openly there."""
    repeats: ClaimId | None = None
    """The article says it twice: everything else stands with the claim that this one repeats."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.repeats is not None:
            more = self.model_fields_set - {"id", "section", "text", "repeats"}
            if more:
                raise ValueError(f"repeats {self.repeats}, expected no {min(more)} of its own")
            return self
        if not self.economies:
            raise ValueError("economies are missing, expected whom the claim is about")
        if self.expression is None and self.needs is None:
            raise ValueError("has no expression, expected needs: what would be needed to check it")
        if self.expression is not None and self.kind is None:
            raise ValueError("has an expression, expected a kind")
        return self

    @model_validator(mode="after")
    def _kinds_have_values(self) -> Self:
        numeric = self.kind in ("equals", "at_least", "at_most")
        if self.kind is not None and numeric != (self.value is not None):
            raise ValueError(
                f"kind {self.kind} " + ("has no value, expected one" if numeric else
                "compares with no value, expected none")
            )  # fmt: skip
        if self.tolerance_pct and self.kind != "equals":
            raise ValueError("a bound or a direction has no tolerance_pct, expected none")
        return self

    def arithmetic(self) -> Mapping[str, str]:
        """Every text of arithmetic by its field."""
        own = {"expression": self.expression} if self.expression is not None else {}
        more = {f"rivals.{name}": text for name, text in self.rivals.items()}
        return own | more | {f"beside.{name}": text for name, text in self.beside.items()}
