"""What every entry of the catalogue shares: the kinds of text in it, and that no key is unknown."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Iso3 = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{3}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Entry(BaseModel):
    """One entry of a YAML file: immutable, and a key that is not known is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")
