"""A handling taken out of the code: where it stands, what is left without it, and who must notice.

What belongs here: what a mutation is and how it is made in a copy of the project. The tables of
them are ``quirks_of_publishers`` and ``checks_of_readers``; they are run by ``quirk_mutations``.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutation:
    """One handling and its removal."""

    of: str
    """The quirk, as the table in ``tests/doubles/README.md`` has it; or the reader."""
    file: str
    """Where the handling is, from the root of the project."""
    text: str
    """The handling, exactly as it stands there, once."""
    instead: str
    """What stands there without it: code that runs, and does what a careless author would do."""
    test: str
    """The test that must fail then, as pytest names it, without parameters."""
    only: str = ""
    """Which of its parameters to run, as pytest's ``-k`` takes it; all of them where empty."""
    fails_with: str = ""
    """Type of the error that it fails with, where it is neither an assertion nor one of ours."""

    def __str__(self) -> str:
        return f"{self.of}: {self.file}: {' '.join(self.text.split())[:60]}"

    def applied(self, source: str) -> str:
        """The source without the handling.

        Raises:
            ValueError: the handling does not stand there, or more than once.
        """
        found = source.count(self.text)
        if found != 1:
            raise ValueError(f"{self}: it stands there {found} times, expected once")
        return source.replace(self.text, self.instead)

    def source(self, root: Path) -> str:
        """The file as it stands below ``root``."""
        return (root / self.file).read_text("utf-8")
