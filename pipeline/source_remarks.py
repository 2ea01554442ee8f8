"""The sentence that tells readers of a publisher that did not give its series, and what it names.

It is said when the publisher was asked, long before there is a report, and kept with the edition;
the report finds the series in it again, to say which of its exhibits are older for it.
"""

import re
from collections.abc import Iterable
from typing import Final

_SERIES: Final = re.compile(
    r" did not give (?P<series>[\w.]+(?:, [\w.]+)*) when it was last asked \(", re.ASCII
)


def remark(publisher: str, series: Iterable[str], reason: str) -> str:
    """A sentence such as "Office did not give A.B when it was last asked (nothing came: …); …"."""
    return (
        f"{publisher} did not give {', '.join(sorted(series))} when it was last asked ({reason}); "
        "the newest figures in the archive stand in."
    )


def series_of(said: str) -> tuple[str, ...]:
    """The series that a remark names; none where it is of another kind."""
    found = _SERIES.search(said)
    return tuple(found["series"].split(", ")) if found else ()
