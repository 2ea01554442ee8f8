"""One damage for each expectation of the tables of claims.

The same as ``damages``, which takes these in.
"""

from collections.abc import Mapping

Told = dict[str, object]

TAJIKISTAN: Told = {"claim_id": "C20"}
OF_C20 = "claim_id = 'C20'"
FIRST_RELEASE = f"{OF_C20} AND seen_from = DATE '2024-03-01'"

CLAIMS: Mapping[str, tuple[str, Told]] = {
    "marts.claim_facts.members_are_those_of_the_year": (
        "UPDATE marts.claim_facts SET value = 8 WHERE fact = 'members' AND year = 2023",
        {"year": 2023, "value": 8.0, "expected": 9},
    ),
    "marts.claim_facts.no_index_is_nearer_than_the_nearest": (
        "UPDATE marts.claim_facts SET value = 0.1 WHERE fact = 'theil_nearest_to_claim'",
        {"fact": "theil_nearest_to_claim", "value": 0.1, "other_year": 2018},
    ),
    "marts.claim_facts.what_is_left_is_that_without_the_state_that_makes_most": (
        "UPDATE marts.claim_facts SET value = 99 "
        "WHERE fact = 'theil_left_without_one_pct' AND year = 2020",
        {"year": 2020, "value": 99.0},
    ),
    "marts.claim_figures.newest_are_the_current_ones": (
        f"UPDATE marts.claim_figures SET value = value + 1 WHERE {OF_C20} AND year = 2023",
        TAJIKISTAN | {"figure": "online", "year": 2023, "value": 78.0, "expected": 77.0},
    ),
    "marts.claim_figures.nothing_is_newer_than_its_release": (
        f"UPDATE marts.claim_figures SET vintage = DATE '2024-07-01' WHERE {FIRST_RELEASE}",
        TAJIKISTAN | {"figure": "online", "year": 2023},
    ),
    "marts.claim_figures.nothing_is_of_a_year_after_the_claim": (
        f"UPDATE core.claims SET year = 2022 WHERE {OF_C20}",
        TAJIKISTAN | {"figure": "online", "year": 2023, "claim_year": 2022},
    ),
    "marts.claim_figures.snapshots_are_known": (
        f"UPDATE marts.claim_figures SET snapshots = '' WHERE {OF_C20} AND year = 2023",
        TAJIKISTAN | {"figure": "online", "year": 2023, "snapshot": ""},
    ),
    "marts.claims.verdict_is_one_of_seven": (
        f"UPDATE marts.claims SET verdict = 'true' WHERE {OF_C20}",
        TAJIKISTAN | {"verdict": "true"},
    ),
    "marts.claims.every_claim_is_judged": (
        f"DELETE FROM marts.claims WHERE {OF_C20}",
        TAJIKISTAN,
    ),
    "marts.claims.verdict_fits_what_is_found": (
        f"UPDATE marts.claims SET verdict = 'holds' WHERE {OF_C20}",
        TAJIKISTAN | {"kind": "at_most", "value_claimed": 50.0, "value_found": 77.0},
    ),
    "marts.claims.what_cannot_be_checked_has_no_value": (
        f"UPDATE marts.claims SET verdict = 'not_checkable' WHERE {OF_C20}",
        TAJIKISTAN | {"value_found": 77.0, "year": 2023},
    ),
    "marts.claims.year_is_not_too_old": (
        f"UPDATE marts.claims SET year = 2021 WHERE {OF_C20}",
        TAJIKISTAN | {"year_claimed": 2024, "year": 2021, "may_lag": 2},
    ),
    "marts.claims.a_repetition_has_the_verdict_of_the_first": (
        "UPDATE marts.claims SET verdict = 'outdated' WHERE claim_id = 'C27'",
        {"claim_id": "C27", "repeats": "C03", "verdict_of_first": "holds"},
    ),
    "marts.claim_history.last_row_is_the_verdict": (
        f"UPDATE marts.claims SET verdict = 'outdated' WHERE {OF_C20}",
        TAJIKISTAN | {"verdict": "outdated", "last_verdict": "not_supported"},
    ),
    "marts.claim_history.every_row_is_a_change": (
        f"UPDATE marts.claim_history SET value_found = 77 WHERE {OF_C20} AND newest",
        TAJIKISTAN | {"year": 2023, "value_found": 77.0, "verdict": "not_supported"},
    ),
    "marts.claim_history.figures_were_seen_that_day": (
        f"DELETE FROM marts.claim_figures WHERE {FIRST_RELEASE}",
        TAJIKISTAN | {"year": 2023},
    ),
}
