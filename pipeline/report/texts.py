"""A paragraph on its way into the report: its text with markup, and the exhibits it speaks of."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """A paragraph with its markup, and the exhibits that follow it."""

    text: str
    exhibits: tuple[str, ...] = ()
