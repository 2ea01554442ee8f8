"""Tables over time of a set that is not the project's: what is enough follows from its size."""

from typing import Any

import pandas as pd
import pytest

from pipeline.measures.coverage import enough
from pipeline.warehouse.convergence_table import CONVERGENCE
from pipeline.warehouse.distance_table import TIME_DISTANCE
from pipeline.warehouse.paths import reported
from pipeline.warehouse.target_tables import TARGET_OUTLOOKS

FIVE = ("ARM", "BLR", "KAZ", "KGZ", "RUS")
CODE = "IT.NET.USER.ZS"
SETS = pd.DataFrame(
    [
        {"member_set": name, "bloc": bloc, "year": 2024, "economy": e, "reported": own}
        for name, bloc, economies, own in (
            ("five", "eaeu", FIVE, True),
            ("sco_10", "sco", ("CHN", "IND", *FIVE[1:]), False),
        )
        for e in economies
    ]
)
BREAKS = pd.DataFrame(columns=["indicator", "economy", "first_year", "last_year"])
INDICATORS = pd.DataFrame(
    [
        {
            "indicator": CODE, "complement": None, "direction": "higher_is_better",
            "headline": False, "max_age_years": 3,
        }
    ]
)  # fmt: skip
BUILD = pd.DataFrame([{"as_of": pd.Timestamp(2026, 5, 1)}])
GROUPS = pd.DataFrame(columns=["scheme", "group_id", "bloc", "economy"])
PEOPLE = pd.DataFrame(columns=["economy", "year", "population"])


def paths(states: tuple[str, ...]) -> pd.DataFrame:
    """A value a year from 2014 to 2024 of each state, the later in the alphabet the higher."""
    return pd.DataFrame(
        [
            {"indicator": CODE, "economy": e, "year": year, "value": 20.0 + 5 * n + year - 2014}
            for n, e in enumerate(states)
            for year in range(2014, 2025)
        ]
    )


def convergence(states: tuple[str, ...]) -> list[dict[str, Any]]:
    found = CONVERGENCE.compute(paths(states), BREAKS, PEOPLE, INDICATORS, GROUPS, SETS)
    return [{str(k): v for k, v in row.items()} for row in found.to_dict("records")]


@pytest.mark.parametrize(("size", "least"), [(10, 7), (5, 4), (11, 8), (27, 19), (2, 2), (20, 14)])
def test_seven_of_ten_are_enough_of_a_set_of_any_size(size: int, least: int) -> None:
    assert enough(size) == least


def test_the_set_reported_on_is_the_one_that_is_marked() -> None:
    own = reported(SETS)

    assert (own.name, own.bloc, own.economies) == ("five", "eaeu", FIVE)
    assert (own.size, own.least, own.the) == (5, 4, "the five")


def test_the_spread_of_four_of_five_states_is_published_under_the_name_of_their_set() -> None:
    rows = convergence(FIVE[:4])

    assert {row["who"] for row in rows} == {"five"}
    assert [row["n"] for row in rows if row["measure"] == "sigma_change"] == [4]
    assert all(row["published"] for row in rows if row["measure"] != "speed")


def test_that_of_three_is_not_and_says_how_many_are_needed() -> None:
    rows = convergence(FIVE[:3])

    assert [(row["published"], row["reason"]) for row in rows] == [
        (False, "no year has a value of 4 of the five")
    ]


@pytest.mark.parametrize(("there", "leading"), [(4, "KGZ"), (3, None)])
def test_a_state_leads_where_enough_of_its_set_have_the_year(
    there: int, leading: str | None
) -> None:
    found = TIME_DISTANCE.compute(paths(FIVE[:there]), BREAKS, INDICATORS, BUILD, SETS)
    own = found[(found["reference"] == "leader") & found["newest"] & (found["economy"] == "ARM")]
    versus = own["versus"].iloc[0]

    assert (versus if isinstance(versus, str) else None) == leading
    if leading is None:
        assert own["reason"].iloc[0] == "fewer than 4 of the five have a value of 2024"


def test_every_state_of_the_set_has_a_row_of_a_target() -> None:
    declared = pd.DataFrame(
        [
            {
                "target": "t", "indicator": CODE, "relative_to": None, "deadline": 2030,
                "counts_from": 90.0, "ceiling": 100.0, "direction": "at_least",
            }
        ]
    )  # fmt: skip
    found = TARGET_OUTLOOKS.compute(declared, paths(FIVE[:4]), BREAKS, INDICATORS, BUILD, SETS)

    assert list(found["economy"]) == list(FIVE)
    assert found.set_index("economy").loc["RUS", "reason"] == "no value in the release"
