"""What entries of the catalogue share: kinds of text, pillars, the project's own bloc."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Iso3 = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{3}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

Pillar = Literal[
    "connectivity", "access_use", "affordability", "human_capital", "digital_trade",
    "innovation", "egov_trust", "finance", "macro",
]  # fmt: skip

PROJECT_BLOC: Final = "sco"
PROJECT_SET: Final = "sco_10"
"""The bloc that the project reports on by itself, and its states."""


class Entry(BaseModel):
    """One entry of a YAML file: immutable, and a key that is not known is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")
