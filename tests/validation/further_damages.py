"""One damage for each expectation of the tables over time, of targets, the index and trade.

The same as ``damages``, which takes these in.
"""

from collections.abc import Mapping

from tests.validation.claim_damages import CLAIMS, Told

USERS: Told = {"indicator": "IT.NET.USER.ZS", "economy": "KAZ"}
OF_KAZ = "indicator = 'IT.NET.USER.ZS' AND economy = 'KAZ'"
INDEX: Told = {"index_id": "digital_development", "year": 2020}
IN_2020 = "year = 2020 AND economy = 'KAZ'"
SEEN_2022 = "year = 2022 AND economy = 'KAZ'"
INNOVATION = f"{IN_2020} AND pillar = 'innovation'"

FURTHER: Mapping[str, tuple[str, Told]] = {
    "marts.member_series.value_is_the_published_one": (
        f"UPDATE marts.member_series SET value = value + 1 WHERE {OF_KAZ} AND year = 2020",
        USERS | {"year": 2020, "published": 60.0, "value": 61.0},
    ),
    "marts.member_series.no_value_lost": (
        f"DELETE FROM marts.member_series WHERE {OF_KAZ} AND year = 2020",
        USERS | {"year": 2020},
    ),
    "marts.convergence.published_fits_its_reason": (
        "UPDATE marts.convergence SET n = 6 "
        "WHERE indicator = 'SE.TER.ENRR' AND measure = 'sigma_change'",
        {"indicator": "SE.TER.ENRR", "measure": "sigma_change", "n": 6, "published": True},
    ),
    "marts.convergence.nobody_is_compared_across_a_break": (
        "UPDATE core.breaks SET economy = 'KAZ', first_year = 2014, last_year = 2016 "
        "WHERE economy = 'TJK'; "
        "UPDATE marts.convergence SET published = true, members = 'KAZ' "
        "WHERE indicator = 'IT.NET.USER.ZS' AND measure = 'sides_disagree'; "
        "UPDATE core.breaks SET first_year = 2018, last_year = 2020 WHERE economy = 'KAZ'",
        {"indicator": "IT.NET.USER.ZS", "measure": "sides_disagree", "economy": "KAZ"},
    ),
    "marts.convergence.spread_is_that_of_the_logarithms": (
        "UPDATE marts.convergence SET value = value + 0.01 "
        "WHERE indicator = 'SE.TER.ENRR' AND measure = 'sd_logs' AND year = 2020",
        {"indicator": "SE.TER.ENRR", "year": 2020},
    ),
    "marts.convergence.change_is_last_less_first": (
        "UPDATE marts.convergence SET value = value + 0.01 "
        "WHERE indicator = 'SE.TER.ENRR' AND measure = 'sigma_change'",
        {"indicator": "SE.TER.ENRR"},
    ),
    "marts.time_distance.published_says_something": (
        "UPDATE marts.time_distance SET reason = NULL, published = false, distance_years = NULL "
        f"WHERE {OF_KAZ} AND year = 2023 AND reference = 'leader'",
        USERS | {"year": 2023, "published": False},
    ),
    "marts.time_distance.distance_is_from_year_to_crossing": (
        f"UPDATE marts.time_distance SET distance_years = 99 WHERE {OF_KAZ} AND year = 2023",
        USERS | {"year": 2023, "distance_years": 99.0},
    ),
    "marts.time_distance.newest_is_one_a_state": (
        f"UPDATE marts.time_distance SET newest = true WHERE {OF_KAZ}",
        USERS | {"reference": "leader", "n_newest": 8},
    ),
    "marts.time_distance.no_old_value_is_published_as_newest": (
        "UPDATE core.indicators SET max_age_years = 0 WHERE indicator = 'IT.NET.USER.ZS'",
        USERS | {"year": 2023, "max_age_years": 0},
    ),
    "marts.targets.every_state_has_every_target": (
        "DELETE FROM marts.targets WHERE target = 'internet_users' AND economy = 'KAZ'",
        {"target": "internet_users", "economy": "KAZ"},
    ),
    "marts.targets.verdict_holds_only_where_models_agree": (
        "UPDATE marts.targets SET verdict = 'off_track', reached = true "
        "WHERE target = 'internet_users' AND economy = 'KAZ'",
        {"target": "internet_users", "economy": "KAZ", "verdict": "off_track"},
    ),
    "marts.targets.range_is_that_of_the_models": (
        "UPDATE marts.targets SET range_low = 1999 "
        "WHERE target = 'internet_users' AND economy = 'KAZ'",
        {"target": "internet_users", "economy": "KAZ", "range_low": 1999.0},
    ),
    "marts.targets.value_is_that_of_the_path": (
        "UPDATE marts.targets SET value = 99 "
        "WHERE target = 'internet_users' AND economy = 'KAZ'",
        {"target": "internet_users", "economy": "KAZ", "value": 99.0},
    ),
    "marts.targets.pace_is_not_across_a_break": (
        "UPDATE core.breaks SET economy = 'KAZ' WHERE indicator = 'IT.NET.USER.ZS'",
        {"target": "internet_users", "economy": "KAZ"},
    ),
    "marts.target_paths.only_models_that_answer_have_a_path": (
        "DELETE FROM marts.target_paths "
        "WHERE target = 'internet_users' AND economy = 'KAZ' AND model = 'logit'",
        {"target": "internet_users", "economy": "KAZ", "model": "logit"},
    ),
    "marts.target_paths.paths_are_at_the_deadline_what_is_said_of_it": (
        "UPDATE marts.target_paths SET value = 0 "
        "WHERE target = 'internet_users' AND economy = 'KAZ' AND year = 2030",
        {"target": "internet_users", "economy": "KAZ", "low": 0.0},
    ),
    "marts.target_paths.paths_begin_with_the_newest_value": (
        "UPDATE marts.target_paths SET year = year - 1 "
        "WHERE target = 'internet_users' AND economy = 'KAZ' AND model = 'linear' "
        "AND year = (SELECT min(year) FROM marts.target_paths)",
        {"target": "internet_users", "economy": "KAZ", "model": "linear"},
    ),
    "marts.still_offline.every_state_has_a_row": (
        "DELETE FROM marts.still_offline WHERE economy = 'KAZ'",
        {"economy": "KAZ"},
    ),
    "marts.still_offline.persons_fit_share_and_people": (
        "UPDATE marts.still_offline SET persons = persons / 2 WHERE economy = 'KAZ'",
        {"economy": "KAZ", "year": 2023},
    ),
    "marts.still_offline.parts_are_the_whole": (
        "UPDATE marts.still_offline SET share_of_all_pct = 50",
        {"total": 500.0},
    ),
    "marts.index_inputs.every_cell_has_a_row": (
        f"DELETE FROM marts.index_inputs WHERE {IN_2020}",
        INDEX | {"economy": "KAZ", "indicator": "GE.EST"},
    ),
    "marts.index_inputs.no_value_is_too_old": (
        f"UPDATE marts.index_inputs SET value_year = 2010, age_years = 10 WHERE {IN_2020}",
        INDEX | {"economy": "KAZ", "value_year": 2010},
    ),
    "marts.index_inputs.no_value_is_of_an_older_method": (
        "UPDATE marts.index_inputs SET value_year = 2020, age_years = 1 "
        "WHERE indicator = 'IT.NET.USER.ZS' AND economy = 'TJK' AND year = 2021",
        {"indicator": "IT.NET.USER.ZS", "economy": "TJK", "value_year": 2020},
    ),
    "marts.index_scores.no_rank_without_its_interval": (
        f"UPDATE marts.index_scores SET rank_low = NULL WHERE {IN_2020}",
        INDEX | {"economy": "KAZ", "rank_low": None, "published": True},
    ),
    "marts.index_scores.score_is_within_0_and_100": (
        f"UPDATE marts.index_scores SET score = 101 WHERE {IN_2020}",
        INDEX | {"economy": "KAZ", "score": 101.0},
    ),
    "marts.index_scores.geometric_is_not_above_arithmetic": (
        f"UPDATE marts.index_scores SET score = 0 WHERE {IN_2020} AND aggregation = 'arithmetic'",
        INDEX | {"economy": "KAZ", "arithmetic": 0.0},
    ),
    "marts.index_scores.ranks_are_those_of_the_scores": (
        f"UPDATE marts.index_scores SET score = 0 WHERE {IN_2020} AND aggregation = 'geometric'",
        INDEX | {"economy": "KAZ", "expected": 9},
    ),
    "marts.index_scores.bands_do_not_overlap": (
        f"UPDATE marts.index_scores SET band = 99 WHERE {IN_2020}",
        INDEX | {"other": "KAZ"},
    ),
    "marts.index_scores.enough_states_are_ranked": (
        "UPDATE marts.index_scores SET published = false WHERE year = 2020 AND economy > 'IND'",
        INDEX | {"ranked": 3, "n": 10},
    ),
    "marts.index_pillars.pillars_make_the_score": (
        f"UPDATE marts.index_pillars SET score = score + 6 WHERE {INNOVATION}",
        INDEX | {"economy": "KAZ"},
    ),
    "marts.index_pillars.pillar_has_enough_indicators": (
        f"UPDATE marts.index_pillars SET present = 1 WHERE {INNOVATION}",
        INDEX | {"economy": "KAZ", "pillar": "innovation", "present": 1, "total": 3},
    ),
    "marts.index_pillars.gap_is_score_less_median": (
        f"UPDATE marts.index_pillars SET gap = 50 WHERE {INNOVATION}",
        INDEX | {"economy": "KAZ", "pillar": "innovation", "gap": 50.0},
    ),
    "marts.index_leave_one_out.every_indicator_is_left_out_once": (
        "DELETE FROM marts.index_leave_one_out WHERE indicator = 'GE.EST'",
        {"indicator": "GE.EST", "n_states": 0},
    ),
    "marts.index_leave_one_out.shift_is_the_mean_of_the_moves": (
        "UPDATE marts.index_leave_one_out SET mean_shift = 7 WHERE indicator = 'GE.EST'",
        {"indicator": "GE.EST", "mean_shift": 7.0},
    ),
    "marts.index_sensitivity.shares_are_shares": (
        "UPDATE marts.index_sensitivity SET total = 3 WHERE factor = 'weights'",
        {"factor": "weights", "total": 3.0},
    ),
    "marts.index_sensitivity.every_choice_has_its_share": (
        "DELETE FROM marts.index_sensitivity WHERE factor = 'weights'",
        {"output": "mean_shift", "n_factors": 4},
    ),
    "marts.index_comparison.both_rank_the_same_states": (
        "DELETE FROM marts.index_comparison WHERE economy = 'KAZ' AND indicator = 'EGDI'",
        {"indicator": "EGDI", "n": 9},
    ),
    "marts.index_comparison.difference_fits_its_ranks": (
        "UPDATE marts.index_comparison SET difference = 9 "
        "WHERE economy = 'KAZ' AND indicator = 'EGDI'",
        {"indicator": "EGDI", "economy": "KAZ", "difference": 9.0},
    ),
    "marts.index_inputs_by_vintage.every_cell_has_a_row": (
        f"DELETE FROM marts.index_inputs_by_vintage WHERE {SEEN_2022} AND indicator = 'GE.EST'",
        {"year": 2022, "economy": "KAZ", "indicator": "GE.EST"},
    ),
    "marts.index_inputs_by_vintage.no_value_is_too_old": (
        f"UPDATE marts.index_inputs_by_vintage SET value_year = 2010 WHERE {SEEN_2022}",
        {"year": 2022, "economy": "KAZ", "value_year": 2010},
    ),
    "marts.index_inputs_by_vintage.nothing_is_known_before_it_was_released": (
        "UPDATE marts.index_inputs_by_vintage SET seen_from = '2024-01-31' "
        f"WHERE {SEEN_2022} AND indicator = 'GE.EST' AND seen_from = '2024-10-01'",
        {"economy": "KAZ", "indicator": "GE.EST", "seen_from": "2024-01-31"},
    ),
    "marts.index_inputs_by_vintage.seen_from_today_it_is_what_the_index_is_made_of": (
        "UPDATE marts.index_inputs_by_vintage SET value = value + 1 "
        f"WHERE {SEEN_2022} AND indicator = 'SE.TER.ENRR'",
        {"year": 2022, "economy": "KAZ", "indicator": "SE.TER.ENRR"},
    ),
    "marts.index_history_by_vintage.seen_from_today_it_is_the_index": (
        f"UPDATE marts.index_history_by_vintage SET rank_high = 10 WHERE {SEEN_2022} "
        "AND part = 'index'",
        {"year": 2022, "economy": "KAZ", "rank_high": 10.0},
    ),
    "marts.index_history_by_vintage.no_rank_without_its_interval": (
        f"UPDATE marts.index_history_by_vintage SET rank_low = NULL WHERE {SEEN_2022}",
        {"year": 2022, "economy": "KAZ", "part": "index", "rank_low": None, "published": True},
    ),
    "marts.index_history_by_vintage.pillars_make_the_score": (
        f"UPDATE marts.index_history_by_vintage SET score = score + 6 WHERE {SEEN_2022} "
        "AND part = 'innovation'",
        {"year": 2022, "economy": "KAZ"},
    ),
    "marts.index_history_by_vintage.enough_states_are_ranked": (
        "UPDATE marts.index_history_by_vintage SET published = false "
        "WHERE year = 2022 AND economy > 'IND'",
        {"year": 2022, "ranked": 3, "n": 10},
    ),
    "marts.trade_matrix.value_is_not_negative": (
        "UPDATE marts.trade_matrix SET value = -1 "
        "WHERE reporter = 'KAZ' AND partner = 'CHN' AND year = 2020",
        {"reporter": "KAZ", "partner": "CHN", "value": -1.0},
    ),
    "marts.trade_matrix.nobody_trades_with_itself": (
        "UPDATE marts.trade_matrix SET partner = 'KAZ' "
        "WHERE reporter = 'KAZ' AND partner = 'CHN' AND year = 2020",
        {"reporter": "KAZ", "partner": "KAZ", "year": 2020},
    ),
    "marts.trade_matrix.partners_are_not_more_than_the_world": (
        "UPDATE marts.trade_matrix SET value = 1 "
        "WHERE reporter = 'KAZ' AND partner = 'WLD' AND year = 2020",
        {"reporter": "KAZ", "year": 2020, "world": 1.0},
    ),
    "marts.trade_matrix.no_flow_lost": (
        "DELETE FROM marts.trade_matrix WHERE reporter = 'KAZ' AND partner = 'CHN' AND year = 2020",
        {"economy": "KAZ", "counterpart": "CHN", "year": 2020, "found": None},
    ),
    "marts.trade_matrix.one_publisher_speaks": (
        "UPDATE marts.trade_matrix SET indicator = 'IMTS.XG_FOB_USD' "
        "WHERE reporter = 'KAZ' AND partner = 'CHN' AND year = 2020 AND flow = 'exports'",
        {"publisher": "imf_imts", "indicator": "IMTS.XG_FOB_USD", "first_year": 2020, "n_flows": 1},
    ),
    "marts.trade_matrix.unit_is_that_of_the_others": (
        "INSERT INTO core.current (publisher, indicator, economy, counterpart, year, value) "
        "VALUES ('imf_imts', 'IMTS.XG_FOB_USD', 'KAZ', 'WLD', 2020, 20000)",
        {"reporter": "KAZ", "year": 2020, "value": 20000.0, "value_of_other": 0.02},
    ),
    "core.goods_series.one_publisher_speaks": (
        "UPDATE core.goods_series SET state = 'speaks', n_values = 1 "
        "WHERE indicator = 'IMTS.XG_FOB_USD'",
        {"n_speaking": 2, "n_held": 2},
    ),
    "core.goods_series.the_preferred_speaks": (
        "UPDATE core.goods_series SET state = 'stands back', n_reporters = 7 "
        "WHERE indicator = 'IMTS.XG_FOB_USD'",
        {"indicator": "IMTS.XG_FOB_USD", "preference": 2, "state": "stands back"},
    ),
    "core.goods_series.values_are_those_of_the_series": (
        "DELETE FROM core.current WHERE indicator = 'DOTS.EXPORTS' AND economy = 'KAZ'",
        {"indicator": "DOTS.EXPORTS", "state": "speaks"},
    ),
    "marts.trade_shares.share_is_that_of_the_matrix": (
        "UPDATE marts.trade_shares SET value = value + 0.01 "
        "WHERE measure = 'intra_share' AND year = 2020",
        {"flow": "exports", "year": 2020},
    ),
    "marts.trade_shares.published_where_enough_report": (
        "UPDATE marts.trade_shares SET n = 6 WHERE measure = 'intra_share' AND year = 2020",
        {"measure": "intra_share", "year": 2020, "n": 6, "published": True},
    ),
    "marts.trade_shares.concentration_is_within_its_bounds": (
        "UPDATE marts.trade_shares SET low = 0.9 "
        "WHERE measure = 'concentration' AND year = 2020 AND reporter = 'KAZ'",
        {"reporter": "KAZ", "year": 2020, "low": 0.9},
    ),
    "marts.trade_shares.value_is_not_negative": (
        "UPDATE marts.trade_shares SET value = -1 "
        "WHERE measure = 'intensity' AND year = 2020 AND reporter = 'KAZ' AND partner = 'CHN'",
        {"reporter": "KAZ", "partner": "CHN", "value": -1.0},
    ),
    "marts.trade_balances.balance_fits_its_flows": (
        "UPDATE marts.trade_balances SET balance = 1 "
        "WHERE reporter = 'PAK' AND partner = 'CHN' AND year = 2020",
        {"reporter": "PAK", "partner": "CHN", "balance": 1.0},
    ),
    "marts.trade_balances.whole_is_the_sum_of_its_partners": (
        "UPDATE marts.trade_balances SET balance = balance + 1 "
        "WHERE reporter = 'PAK' AND partner = 'CHN' AND year = 2020",
        {"reporter": "PAK", "year": 2020, "n": 9},
    ),
    "marts.trade_mirror.both_ends_are_those_of_the_matrix": (
        "UPDATE marts.trade_mirror SET sold = bought "
        "WHERE seller = 'KAZ' AND buyer = 'CHN' AND year = 2020",
        {"seller": "KAZ", "buyer": "CHN", "year": 2020},
    ),
    "marts.trade_mirror.difference_fits_its_ends": (
        "UPDATE marts.trade_mirror SET difference = 1 "
        "WHERE seller = 'KAZ' AND buyer = 'CHN' AND year = 2020",
        {"seller": "KAZ", "buyer": "CHN", "difference": 1.0},
    ),
    "marts.trade_mirror.no_estimate_is_compared": (
        "UPDATE marts.trade_matrix SET estimated = true "
        "WHERE reporter = 'KAZ' AND partner = 'CHN' AND year = 2020",
        {"seller": "KAZ", "buyer": "CHN", "year": 2020},
    ),
    "marts.digital_service_exports.shares_are_of_the_same_year": (
        "UPDATE marts.digital_service_exports SET per_head_usd = 1 "
        "WHERE economy = 'KAZ' AND year = 2020 AND indicator = 'BX.GSR.CCIS.CD'",
        {"economy": "KAZ", "year": 2020, "per_head_usd": 1.0},
    ),
    "marts.digital_service_exports.ict_services_are_a_part_of_services": (
        "UPDATE marts.digital_service_exports SET of_service_exports_pct = 101 "
        "WHERE economy = 'KAZ' AND year = 2020 AND indicator = 'BX.GSR.CCIS.CD'",
        {"economy": "KAZ", "year": 2020, "of_service_exports_pct": 101.0},
    ),
    "marts.digital_economy_sizes.size_is_as_reported": (
        "UPDATE marts.digital_economy_sizes SET value = 2 WHERE size = 'uzb_2024_article'",
        {"size": "uzb_2024_article", "value": 2.0, "declared": 1.4},
    ),
    "marts.digital_economy_sizes.share_says_where_it_is_from": (
        "UPDATE marts.digital_economy_sizes SET of_gdp_basis = NULL "
        "WHERE size = 'chn_2023_core_share'",
        {"size": "chn_2023_core_share", "of_gdp_pct": 10.0},
    ),
    "marts.digital_economy_sizes.share_is_less_than_the_whole": (
        "UPDATE marts.digital_economy_sizes SET of_gdp_pct = 51 WHERE size = 'chn_2023_core_share'",
        {"size": "chn_2023_core_share", "of_gdp_pct": 51.0},
    ),
    "marts.publisher_agreement.figures_are_as_published": (
        "UPDATE marts.publisher_agreement SET value_other = value_other + 1, "
        "difference = difference + 1 "
        "WHERE concept = 'goods_exports' AND economy = 'KAZ' AND year = 2020",
        {"concept": "goods_exports", "economy": "KAZ", "year": 2020, "value_other": 21.0},
    ),
    "marts.publisher_agreement.verdict_follows_from_tolerance": (
        "UPDATE marts.publisher_agreement SET within_tolerance = true "
        "WHERE concept = 'goods_exports' AND economy = 'IRN' AND year = 2020",
        {"economy": "IRN", "year": 2020, "within_tolerance": True},
    ),
    "marts.publisher_agreement.withheld_says_why": (
        "UPDATE marts.publisher_agreement SET published = false "
        "WHERE concept = 'goods_exports' AND economy = 'KAZ' AND year = 2020",
        {"economy": "KAZ", "year": 2020, "published": False, "reason": None},
    ),
    "marts.publisher_agreement.headline_is_not_disputed": (
        "UPDATE marts.publisher_agreement SET within_tolerance = false "
        "WHERE concept = 'internet_users' AND economy = 'KAZ' AND year = 2023",
        {"concept": "internet_users", "economy": "KAZ", "year": 2023},
    ),
    "marts.publisher_agreement_summary.counts_are_those_of_the_pairs": (
        "UPDATE marts.publisher_agreement_summary SET n = n - 1 WHERE concept = 'goods_exports'",
        {"concept": "goods_exports", "n": 29, "found": 30},
    ),
    "marts.publisher_agreement_summary.largest_is_a_pair_and_the_farthest": (
        "UPDATE marts.publisher_agreement_summary SET largest_economy = 'KAZ' "
        "WHERE concept = 'goods_exports'",
        {"concept": "goods_exports", "largest_economy": "KAZ"},
    ),
    "marts.publisher_agreement_summary.parts_are_within_the_whole": (
        "UPDATE marts.publisher_agreement_summary SET n_last = n + 1 "
        "WHERE concept = 'goods_exports'",
        {"concept": "goods_exports", "n": 30, "n_last": 31},
    ),
    **CLAIMS,
}  # fmt: skip
