"""One damage for each expectation of the tables of core: observations, snapshots, corrections.

The same as ``damages``, which takes these in.
"""

from collections.abc import Mapping

from tests.validation.claim_damages import Told

CORE: Mapping[str, tuple[str, Told]] = {
    "core.observations.value_is_a_number": (
        "UPDATE core.observations SET value = 'nan' "
        "WHERE indicator = 'SP.POP.TOTL' AND economy = 'KAZ' AND year = 2020",
        {"indicator": "SP.POP.TOTL", "economy": "KAZ", "year": 2020, "value": "nan"},
    ),
    "core.observations.year_is_plausible": (
        "UPDATE core.observations SET year = 2025 "
        "WHERE indicator = 'SP.POP.TOTL' AND economy = 'KAZ' AND year = 2020",
        {"economy": "KAZ", "year": 2025},
    ),
    "core.observations.economy_is_a_code": (
        "UPDATE core.observations SET economy = 'Kazakhstan' "
        "WHERE economy = 'KAZ' AND indicator = 'SP.POP.TOTL'",
        {"indicator": "SP.POP.TOTL", "economy": "Kazakhstan", "n_values": 8},
    ),
    "core.observations.snapshot_is_known": (
        "DELETE FROM core.snapshots WHERE indicator = 'SP.POP.TOTL'",
        {"indicator": "SP.POP.TOTL", "n_values": 88},
    ),
    "core.observations.indicator_is_in_the_catalogue": (
        "UPDATE core.observations SET unit = NULL WHERE indicator = 'SP.POP.TOTL'",
        {"indicator": "SP.POP.TOTL", "n_values": 88},
    ),
    "core.observations.economy_is_not_a_stranger": (
        """
        INSERT INTO core.snapshots BY NAME
        SELECT publisher, indicator || range AS indicator FROM core.snapshots, range(10)
        WHERE indicator = 'SP.POP.TOTL';
        UPDATE core.observations SET economy = 'XYZ'
        WHERE indicator = 'SP.POP.TOTL' AND economy = 'KAZ'
        """,
        {"economy": "XYZ", "only_in": "SP.POP.TOTL", "n_values": 8},
    ),
    "core.snapshots.no_value_lost": (
        "DELETE FROM core.observations WHERE indicator = 'SP.POP.TOTL' AND year = 2020",
        {"indicator": "SP.POP.TOTL", "n_values": 88, "found": 77},
    ),
    "core.snapshots.current_is_not_empty": (
        "UPDATE core.snapshots SET n_values = 0, n_economies = 0 WHERE indicator = 'SP.POP.TOTL'",
        {"indicator": "SP.POP.TOTL", "n_values": 0},
    ),
    "core.snapshots.one_current_a_series": (
        "UPDATE core.snapshots SET is_current = true WHERE indicator = 'IT.NET.USER.ZS'",
        {"indicator": "IT.NET.USER.ZS", "n_current": 2},
    ),
    "core.snapshots.current_is_the_newest": (
        "UPDATE core.snapshots SET is_current = NOT is_current WHERE indicator = 'IT.NET.USER.ZS'",
        {"indicator": "IT.NET.USER.ZS", "vintage": "2024-03-01", "newest": "2024-07-01"},
    ),
    "core.snapshots.publisher_is_known": (
        "UPDATE core.snapshots SET publisher = 'nobody' WHERE indicator = 'SP.POP.TOTL'",
        {"indicator": "SP.POP.TOTL", "publisher": "nobody"},
    ),
    "core.snapshots.hash_is_one": (
        "UPDATE core.snapshots SET sha256 = 'abc' WHERE indicator = 'SP.POP.TOTL'",
        {"indicator": "SP.POP.TOTL", "sha256": "abc"},
    ),
    **{
        f"core.snapshots.{name}": (
            f"UPDATE core.snapshots SET {column} = ' ' WHERE indicator = 'SP.POP.TOTL'",
            {"indicator": "SP.POP.TOTL", column: None},
        )
        for name, column in (
            ("licence_is_named", "licence"),
            ("attribution_is_named", "attribution"),
            ("vintage_has_a_basis", "vintage_basis"),
            ("source_is_named", "source"),
        )
    },
    "core.snapshots.no_state_dropped": (
        "DELETE FROM core.current WHERE indicator = 'IT.NET.USER.ZS' AND economy = 'KAZ'",
        {"indicator": "IT.NET.USER.ZS", "economy": "KAZ", "n_values_before": 8},
    ),
    "core.snapshots.publisher_is_fresh": (
        "UPDATE core.publishers SET cadence_days = 30 WHERE publisher = 'world_bank_wdi'",
        {"publisher": "world_bank_wdi", "age_days": 92},
    ),
    "core.corrections.release_says_what_is_expected": (
        "UPDATE core.corrections SET found = 40.2, state = 'overtaken'",
        {"correction": "users_2016", "economy": "BLR", "year": 2016, "expected": 40.0,
         "found": 40.2, "vintage": "2024-07-01"},
    ),
    "core.corrections.correction_is_used": (
        "UPDATE core.current SET value = 40 WHERE corrected",
        {"correction": "users_2016", "corrected": 40.2, "value": 40.0},
    ),
    "core.corrections.mark_has_its_correction": (
        "UPDATE core.current SET corrected = true "
        "WHERE indicator = 'IT.NET.USER.ZS' AND economy = 'KAZ' AND year = 2016",
        {"indicator": "IT.NET.USER.ZS", "economy": "KAZ", "year": 2016},
    ),
    "core.corrections.value_is_as_published": (
        "UPDATE core.current SET value = 1 "
        "WHERE indicator = 'SP.POP.TOTL' AND economy = 'KAZ' AND year = 2020",
        {"indicator": "SP.POP.TOTL", "economy": "KAZ", "year": 2020, "value": 1.0},
    ),
    "core.current.no_value_lost": (
        "DELETE FROM core.current WHERE indicator = 'SP.POP.TOTL' AND economy = 'KAZ'",
        {"indicator": "SP.POP.TOTL", "n_values": 88, "found": 80},
    ),
    "core.current.nothing_from_the_future": (
        "UPDATE core.current SET vintage = DATE '2025-01-01' "
        "WHERE indicator = 'SP.POP.TOTL' AND economy = 'KAZ' AND year = 2020",
        {"indicator": "SP.POP.TOTL", "economy": "KAZ", "vintage": "2025-01-01"},
    ),
    "core.current.one_unit_a_series": (
        "UPDATE core.current SET unit = 'thousands' "
        "WHERE indicator = 'SP.POP.TOTL' AND economy = 'KAZ'",
        {"indicator": "SP.POP.TOTL", "n_units": 2},
    ),
    "core.current.members_have_denominators": (
        "DELETE FROM core.current WHERE indicator = 'SP.POP.TOTL' AND economy = 'KAZ' "
        "AND year = 2021",
        {"indicator": "SP.POP.TOTL", "economy": "KAZ", "year": 2021},
    ),
    "core.current.gdp_per_head_fits": (
        "UPDATE core.current SET value = 1.03 * value "
        "WHERE indicator = 'NY.GDP.PCAP.CD' AND economy = 'KAZ' AND year = 2021",
        {"economy": "KAZ", "year": 2021},
    ),
    "core.current.egdi_is_the_mean_of_its_parts": (
        "UPDATE core.current SET value = value + 0.04 "
        "WHERE indicator = 'EGDI.OSI' AND economy = 'KAZ' AND year = 2022",
        {"economy": "KAZ", "year": 2022},
    ),
    "core.current.no_jump_between_years": (
        "UPDATE core.current SET value = value + 20 "
        "WHERE indicator = 'IT.NET.USER.ZS' AND economy = 'KAZ' AND year >= 2022",
        {"indicator": "IT.NET.USER.ZS", "economy": "KAZ", "year_before": 2021, "year": 2022},
    ),
    "core.current.no_jump_between_vintages": (
        "UPDATE core.current SET value = value + 20 "
        "WHERE indicator = 'IT.NET.USER.ZS' AND economy = 'KAZ' AND year >= 2022",
        {"economy": "KAZ", "first_year": 2022, "last_year": 2023, "n_values": 2},
    ),
}  # fmt: skip
