"""One damage for each expectation of the shipped suites: SQL on the sound warehouse that breaks
it, and what an offending row must then say. Nothing here is judged."""

from collections.abc import Mapping

from tests.validation.claim_damages import Told
from tests.validation.core_damages import CORE
from tests.validation.further_damages import FURTHER

__all__ = ["DAMAGES", "Told"]

CELL = "indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND weighting = 'totals'"
IN_SET = f"{CELL} AND member_set = 'sco_8'"
NAMED: Told = {"indicator": "BX.GSR.CCIS.CD", "year": 2020}

DAMAGES: Mapping[str, tuple[str, Told]] = {
    **CORE,
    "marts.denominators.population_is_positive": (
        "UPDATE marts.denominators SET population = 0 WHERE economy = 'KAZ' AND year = 2020",
        {"economy": "KAZ", "year": 2020, "population": 0.0},
    ),
    "marts.denominators.gdp_is_positive": (
        "UPDATE marts.denominators SET gdp_usd = -1 WHERE economy = 'KAZ' AND year = 2020",
        {"economy": "KAZ", "year": 2020, "gdp_usd": -1.0},
    ),
    "marts.denominators.service_exports_are_not_negative": (
        "UPDATE marts.denominators SET service_exports_usd = -1 "
        "WHERE economy = 'KAZ' AND year = 2020",
        {"economy": "KAZ", "year": 2020, "service_exports_usd": -1.0},
    ),
    "marts.denominators.basis_goes_with_service_exports": (
        "UPDATE marts.denominators SET service_exports_basis = 'published' "
        "WHERE economy = 'KAZ' AND year = 2020",
        {"economy": "BLR", "year": 2016, "service_exports_basis": "derived"},
    ),
    "marts.denominators.no_value_lost": (
        "DELETE FROM marts.denominators WHERE economy = 'KAZ' AND year = 2020",
        {"indicator": "SP.POP.TOTL", "economy": "KAZ", "year": 2020, "found": None},
    ),
    "marts.denominators.ict_services_are_part_of_services": (
        "UPDATE marts.denominators SET service_exports_usd = 1 "
        "WHERE economy = 'KAZ' AND year = 2020",
        {"economy": "KAZ", "year": 2020},
    ),
    "marts.outcomes.no_state_lost": (
        f"DELETE FROM marts.outcomes WHERE {CELL} AND economy = 'KAZ'",
        NAMED | {"weighting": "totals", "economy": "KAZ"},
    ),
    "marts.outcomes.every_state_has_a_row": (
        f"DELETE FROM marts.outcomes WHERE {CELL} AND economy = 'IRN'",
        NAMED | {"weighting": "totals", "economy": "IRN"},
    ),
    "marts.outcomes.economy_is_a_member_of_the_year": (
        f"UPDATE marts.outcomes SET economy = 'WLD' WHERE {CELL} AND economy = 'KAZ'",
        NAMED | {"economy": "WLD"},
    ),
    "marts.outcomes.numbers_are_finite": (
        f"UPDATE marts.outcomes SET outcome = 'inf' WHERE {CELL} AND economy = 'KAZ'",
        NAMED | {"economy": "KAZ", "outcome": "inf"},
    ),
    "marts.outcomes.reference_is_positive": (
        f"UPDATE marts.outcomes SET reference = 0 WHERE {CELL} AND economy = 'KAZ'",
        NAMED | {"economy": "KAZ", "reference": 0.0},
    ),
    "marts.outcomes.unweighted_means_one": (
        f"UPDATE marts.outcomes SET reference = 2 WHERE {CELL} AND economy = 'KAZ'",
        NAMED | {"economy": "KAZ", "reference": 2.0},
    ),
    "marts.outcomes.complement_makes_a_hundred": (
        "UPDATE marts.outcomes SET outcome = outcome + 1 WHERE indicator = 'IT.NET.USER.ZS' "
        "AND weighting = 'share_unweighted' AND year = 2020 AND economy = 'KAZ'",
        {"base_indicator": "IT.NET.USER.ZS", "year": 2020, "economy": "KAZ"},
    ),
    "marts.outcomes.outcome_is_not_negative": (
        f"UPDATE marts.outcomes SET outcome = -1 WHERE {CELL} AND economy = 'KAZ'",
        NAMED | {"economy": "KAZ", "outcome": -1.0},
    ),
    "marts.distributions.no_state_lost": (
        f"DELETE FROM marts.distributions WHERE {IN_SET} AND economy = 'KAZ'",
        NAMED | {"member_set": "sco_8", "economy": "KAZ"},
    ),
    "marts.distributions.values_are_those_of_outcomes": (
        f"UPDATE marts.distributions SET outcome = outcome + 1 WHERE {IN_SET} AND economy = 'KAZ'",
        NAMED | {"member_set": "sco_8", "economy": "KAZ"},
    ),
    "marts.inequality.no_cell_lost": (
        f"DELETE FROM marts.inequality WHERE {IN_SET}",
        NAMED | {"member_set": "sco_8", "n": None, "states": 8},
    ),
    "marts.inequality.every_state_is_present_or_missing": (
        f"UPDATE marts.inequality SET members = replace(members, 'KAZ ', '') WHERE {IN_SET}",
        NAMED | {"member_set": "sco_8", "members": "CHN IND KGZ PAK RUS TJK UZB"},
    ),
    "marts.inequality.published_where_coverage_allows": (
        f"UPDATE marts.inequality SET coverage = 0.5 WHERE {IN_SET}",
        NAMED | {"member_set": "sco_8", "coverage": 0.5, "published": True},
    ),
    "marts.inequality.theil_within_its_ceiling": (
        f"UPDATE marts.inequality SET theil_t = ceiling * (1 + 1e-6) WHERE {IN_SET}",
        NAMED | {"member_set": "sco_8"},
    ),
    "marts.inequality.ceiling_of_equal_weights": (
        f"UPDATE marts.inequality SET ceiling = 3 WHERE {IN_SET}",
        NAMED | {"member_set": "sco_8", "ceiling": 3.0},
    ),
    "marts.inequality.measures_within_their_bounds": (
        f"UPDATE marts.inequality SET gini = 1.1 WHERE {IN_SET}",
        NAMED | {"member_set": "sco_8", "gini": 1.1},
    ),
    "marts.inequality.measures_agree_with_each_other": (
        f"UPDATE marts.inequality SET theil_l = theil_l + 1e-6 WHERE {IN_SET}",
        NAMED | {"member_set": "sco_8"},
    ),
    "marts.inequality.parts_of_states_sum_to_theil": (
        f"UPDATE marts.inequality SET theil_t = theil_t + 1e-6 WHERE {IN_SET}",
        NAMED | {"member_set": "sco_8"},
    ),
    "marts.inequality.headline_index_is_published": (
        "UPDATE marts.inequality SET published = false "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND weighting = 'totals'",
        {"indicator": "BX.GSR.CCIS.CD", "weighting": "totals", "last_published": None},
    ),
    "marts.inequality_contributions.no_state_lost": (
        f"DELETE FROM marts.inequality_contributions WHERE {IN_SET} AND economy = 'KAZ'",
        NAMED | {"member_set": "sco_8", "economy": "KAZ"},
    ),
    "marts.inequality_contributions.shares_sum_to_one": (
        f"UPDATE marts.inequality_contributions SET outcome_share = outcome_share + 1e-6 "
        f"WHERE {IN_SET} AND economy = 'KAZ'",
        NAMED | {"member_set": "sco_8"},
    ),
    "marts.inequality_contributions.contribution_fits_its_shares": (
        f"UPDATE marts.inequality_contributions SET contribution = contribution + 1e-6 "
        f"WHERE {IN_SET} AND economy = 'KAZ'",
        NAMED | {"member_set": "sco_8", "economy": "KAZ"},
    ),
    "marts.inequality_leave_one_out.every_state_is_left_out_once": (
        f"DELETE FROM marts.inequality_leave_one_out WHERE {IN_SET} AND left_out = 'KAZ'",
        NAMED | {"member_set": "sco_8", "state": "KAZ", "was_left_out": False},
    ),
    "marts.inequality_leave_one_out.one_state_fewer": (
        f"UPDATE marts.inequality_leave_one_out SET n = 8 WHERE {IN_SET} AND left_out = 'KAZ'",
        NAMED | {"member_set": "sco_8", "left_out": "KAZ", "n": 8, "n_of_all": 8},
    ),
    "marts.inequality_leave_one_out.change_is_the_difference": (
        f"UPDATE marts.inequality_leave_one_out SET change = change + 1e-6 "
        f"WHERE {IN_SET} AND left_out = 'KAZ'",
        NAMED | {"member_set": "sco_8", "left_out": "KAZ"},
    ),
    "marts.inequality_leave_one_out.theil_within_its_ceiling": (
        f"UPDATE marts.inequality_leave_one_out SET ceiling = 0 "
        f"WHERE {IN_SET} AND left_out = 'KAZ'",
        NAMED | {"member_set": "sco_8", "left_out": "KAZ", "ceiling": 0.0},
    ),
    "marts.inequality_groups.between_and_within_sum_to_theil": (
        f'UPDATE marts.inequality_groups SET "between" = "between" + 1e-6 WHERE {IN_SET} '
        "AND group_id = 'central_asia'",
        NAMED | {"member_set": "sco_8"},
    ),
    "marts.inequality_groups.no_state_lost": (
        f"UPDATE marts.inequality_groups SET n = n - 1 WHERE {IN_SET} "
        "AND group_id = 'central_asia'",
        NAMED | {"member_set": "sco_8", "states": 7.0, "n": 8},
    ),
    "marts.inequality_groups.shares_sum_to_one": (
        f"UPDATE marts.inequality_groups SET reference_share = 0 WHERE {IN_SET} "
        "AND group_id = 'central_asia'",
        NAMED | {"member_set": "sco_8"},
    ),
    "marts.inequality_groups.within_is_not_negative": (
        f'UPDATE marts.inequality_groups SET "within" = -1 WHERE {IN_SET} '
        "AND group_id = 'central_asia'",
        NAMED | {"member_set": "sco_8", "group_id": "central_asia", "within": -1.0},
    ),
    "marts.theil_claim_grid.grid_is_complete": (
        f"DELETE FROM marts.theil_claim_grid WHERE {IN_SET} AND measure = 'gini'",
        NAMED | {"member_set": "sco_8", "measures": "atkinson_1 theil_l theil_t theil_t_bits"},
    ),
    "marts.theil_claim_grid.nearness_is_the_distance": (
        f"UPDATE marts.theil_claim_grid SET near = NOT near WHERE {IN_SET} AND measure = 'gini'",
        NAMED | {"member_set": "sco_8", "measure": "gini"},
    ),
    "marts.theil_claim_grid.values_are_those_of_inequality": (
        f"UPDATE marts.theil_claim_grid SET value = value + 1e-6 "
        f"WHERE {IN_SET} AND measure = 'gini'",
        NAMED | {"member_set": "sco_8", "measure": "gini"},
    ),
    "marts.member_aggregates.every_state_is_present_or_missing": (
        "UPDATE marts.member_aggregates SET missing = '' "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10", "n": 9, "missing": ""},
    ),
    "marts.member_aggregates.published_where_coverage_allows": (
        "UPDATE marts.member_aggregates SET coverage = 0.5 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10", "coverage": 0.5, "published": True},
    ),
    "marts.member_aggregates.coverage_is_a_share": (
        "UPDATE marts.member_aggregates SET coverage = 1.5 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10", "coverage": 1.5},
    ),
    "marts.member_aggregates.aggregate_fits_its_states": (
        "UPDATE marts.member_aggregates SET value = 2 * value "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10", "method": "sum"},
    ),
    "marts.member_aggregates.no_year_lost": (
        "DELETE FROM marts.member_aggregates "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10"},
    ),
    "marts.world_shares.share_fits_its_totals": (
        "UPDATE marts.world_shares SET share_pct = share_pct + 1e-6 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10"},
    ),
    "marts.world_shares.part_is_not_more_than_the_whole": (
        "UPDATE marts.world_shares SET share_pct = 101 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10", "share_pct": 101.0},
    ),
    "marts.world_shares.share_is_not_negative": (
        "UPDATE marts.world_shares SET share_pct = -1 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10", "share_pct": -1.0},
    ),
    "marts.world_shares.published_where_coverage_allows": (
        "UPDATE marts.member_aggregates SET published = false "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10", "published": True, "total_published": False},
    ),
    "marts.world_shares.no_total_lost": (
        "DELETE FROM marts.world_shares "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10", "member_total": None},
    ),
    "marts.world_shares.provisional_is_the_newest_world_year": (
        "UPDATE marts.world_shares SET provisional = true "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10", "newest_year": 2023},
    ),
    "marts.world_shares.share_does_not_jump": (
        "UPDATE marts.world_shares SET share_pct = share_pct + 11 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year >= 2020 AND member_set = 'sco_10'",
        NAMED | {"member_set": "sco_10"},
    ),
    "marts.latest_values.every_place_has_a_row": (
        "DELETE FROM marts.latest_values WHERE indicator = 'BX.GSR.CCIS.CD' AND economy = 'IRN'",
        {"indicator": "BX.GSR.CCIS.CD", "economy": "IRN"},
    ),
    "marts.latest_values.economy_is_a_member_or_the_world": (
        "UPDATE marts.latest_values SET economy = 'DEU' "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND economy = 'KAZ'",
        {"indicator": "BX.GSR.CCIS.CD", "economy": "DEU"},
    ),
    "marts.latest_values.published_only_where_recent": (
        "UPDATE marts.latest_values SET age_years = 9 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND economy = 'KAZ'",
        {"indicator": "BX.GSR.CCIS.CD", "economy": "KAZ", "age_years": 9, "recent": True},
    ),
    "marts.latest_values.age_is_not_negative": (
        "UPDATE marts.latest_values SET age_years = -1 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND economy = 'KAZ'",
        {"indicator": "BX.GSR.CCIS.CD", "economy": "KAZ", "age_years": -1.0},
    ),
    "marts.latest_values.value_is_the_newest": (
        "UPDATE marts.latest_values SET year = 2022 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND economy = 'KAZ'",
        {"indicator": "BX.GSR.CCIS.CD", "economy": "KAZ", "year": 2022, "newest_year": 2023},
    ),
    "marts.latest_values.headline_has_seven_of_ten": (
        "UPDATE marts.latest_values SET recent = false "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND economy IN ('KAZ', 'RUS', 'UZB')",
        {"indicator": "BX.GSR.CCIS.CD", "n_recent": 6, "without": "IRN KAZ RUS UZB"},
    ),
    "marts.release_pairs.newer_comes_later": (
        "UPDATE marts.release_pairs SET vintage_old = vintage_new WHERE comparison = 'release'",
        {"indicator": "IT.NET.USER.ZS", "vintage_old": "2024-07-01", "vintage_new": "2024-07-01"},
    ),
    "marts.release_pairs.both_spoke": (
        "UPDATE core.snapshots SET rank_in_vintage = 2 WHERE vintage = '2024-03-01'",
        {"indicator": "IT.NET.USER.ZS", "rank_in_vintage": 2},
    ),
    "marts.release_pairs.no_release_skipped": (
        "DELETE FROM marts.release_pairs WHERE comparison = 'release'",
        {"indicator": "IT.NET.USER.ZS", "vintages": 2, "pairs": 0},
    ),
    "marts.release_pairs.since_had_been_published_by_then": (
        "UPDATE marts.release_pairs SET vintage_old = '2024-03-01' "
        "WHERE comparison = 'since' AND indicator = 'IT.NET.USER.ZS'",
        {"indicator": "IT.NET.USER.ZS", "vintage_old": "2024-03-01", "since": None,
         "as_of": "2024-10-01"},
    ),
    "marts.release_pairs.since_comes_before": (
        "UPDATE core.build SET since = as_of",
        {"indicator": "IT.NET.USER.ZS", "since": "2024-10-01", "as_of": "2024-10-01"},
    ),
    "marts.revisions.kind_fits_the_values": (
        "UPDATE marts.revisions SET kind = 'new' WHERE economy = 'KAZ' AND kind = 'revised'",
        {"indicator": "IT.NET.USER.ZS", "economy": "KAZ", "kind": "new"},
    ),
    "marts.revisions.size_fits_the_values": (
        "UPDATE marts.revisions SET change = -change WHERE economy = 'KAZ' AND kind = 'revised'",
        {"indicator": "IT.NET.USER.ZS", "economy": "KAZ", "change": -0.75},
    ),
    "marts.revisions.newer_value_is_as_published": (
        "UPDATE marts.revisions SET value_new = 99 "
        "WHERE economy = 'KAZ' AND year = 2020 AND kind = 'revised'",
        {"indicator": "IT.NET.USER.ZS", "economy": "KAZ", "value_new": 99},
    ),
    "marts.revisions.headline_is_not_revised_beyond_plausible": (
        "UPDATE marts.revisions SET large = true, comparison = 'since' "
        "WHERE economy = 'KAZ' AND year = 2020 AND kind = 'revised'",
        {"indicator": "IT.NET.USER.ZS", "economy": "KAZ", "year": 2020},
    ),
    "marts.revision_counts.every_value_is_counted": (
        "UPDATE marts.revision_counts SET n_revised = n_revised - 1 "
        "WHERE comparison = 'release'",
        {"indicator": "IT.NET.USER.ZS", "n_revised": 87, "n_values": 88},
    ),
    "marts.revision_counts.no_count_is_negative": (
        "UPDATE marts.revision_counts SET n_unchanged = -1 WHERE comparison = 'release'",
        {"indicator": "IT.NET.USER.ZS", "n_unchanged": -1},
    ),
    "marts.value_history.every_release_speaks": (
        "DELETE FROM marts.value_history WHERE vintage = '2024-03-01'",
        {"indicator": "IT.NET.USER.ZS", "vintage": "2024-03-01"},
    ),
    "marts.value_history.newest_is_what_speaks": (
        "UPDATE marts.value_history SET value = value + 1 "
        "WHERE indicator = 'IT.NET.USER.ZS' AND economy = 'KAZ' AND year = 2020",
        {"indicator": "IT.NET.USER.ZS", "economy": "KAZ", "year": 2020},
    ),
    "marts.vintage_distributions.every_state_has_a_row": (
        "DELETE FROM marts.vintage_distributions WHERE economy = 'KAZ' AND year = 2020",
        {"indicator": "IT.NET.USER.ZS", "year": 2020, "states": 9, "expected": 10},
    ),
    "marts.vintage_distributions.figures_were_published_by_then": (
        "UPDATE marts.vintage_distributions SET seen_from = '2025-01-01' WHERE year = 2020",
        {"indicator": "IT.NET.USER.ZS", "seen_from": "2025-01-01"},
    ),
    "marts.vintage_inequality.newest_view_is_what_the_report_says": (
        "UPDATE marts.vintage_inequality SET theil_t = theil_t + 0.01 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020",
        NAMED,
    ),
    "marts.vintage_inequality.index_is_within_its_limits": (
        "UPDATE marts.vintage_inequality SET theil_t = -1 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020",
        NAMED | {"theil_t": -1.0},
    ),
    "marts.vintage_inequality.published_fits_coverage": (
        "UPDATE marts.vintage_inequality SET n = 6 "
        "WHERE indicator = 'BX.GSR.CCIS.CD' AND year = 2020",
        NAMED | {"n": 6, "published": True},
    ),
    **FURTHER,
}  # fmt: skip
