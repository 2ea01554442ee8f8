"""A series of UNESCO UIS for the tests of its connector: what is asked for, and what it has.

What must be found of it stands in the tests.
"""

from collections.abc import Sequence

from pipeline.ingest.sidecar import Sidecar
from pipeline.ingest.uis import Question
from tests.doubles.uis import NEWEST
from tests.ingest.made_up import made_up_sidecar

CODE = "GRAD.STEM"
STATES = ("BLR", "CHN", "TJK")
YEARS = (1990, 2026)
CELLS = {
    ("BLR", 2021): "30.99165000000001",
    ("BLR", 2022): "31.5",
    ("TJK", 2020): None,
    ("TJK", 2021): "0",
}
FIGURES = {cell: value for cell, value in CELLS.items() if value is not None}
QUESTION = Question(CODE, STATES, YEARS)
URL = QUESTION.url("https://api", NEWEST)


def sidecar_of(bodies: Sequence[bytes], requests: Sequence[str], indicator: str = CODE) -> Sidecar:
    return made_up_sidecar(
        "uis", bodies, publisher="unesco_uis", indicator=indicator, media_type="application/json",
        requests=tuple(requests),
    )  # fmt: skip
