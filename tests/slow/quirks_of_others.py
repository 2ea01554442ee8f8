"""What the publishers other than the World Bank do, each handling of it with its removal."""

from typing import Final

from tests.slow.mutation import Mutation

D360, IMTS, UIS, UNCTAD, UNCTAD_TABLE, ILO, COMTRADE = (
    f"pipeline/ingest/{name}.py"
    for name in ("data360", "imts", "uis", "unctad", "unctad_table", "ilostat", "comtrade")
)
TEST_D360, TEST_IMTS, TEST_UIS, TEST_UNCTAD, TEST_GOODS, TEST_ILO, TEST_COMTRADE = (
    f"tests/ingest/test_{name}.py"
    for name in ("data360", "imts", "uis", "unctad", "unctad_goods", "ilostat", "comtrade")
)
TEST_UIS_READING: Final = "tests/ingest/test_uis_reading.py"
NO_MATCH: Final = (
    f"{TEST_IMTS}::TestAsking::"
    "test_an_answer_with_nothing_in_it_is_no_match_and_no_publisher_that_is_down"
)
NO_VALUE: Final = f"{TEST_D360}::TestReading::test_a_row_without_a_value_is_no_value"
LICENCES: Final = (
    "tests/catalog/test_shipped.py::test_what_may_not_be_passed_on_stays_out_of_the_data_package"
)

DATA360: Final = (
    Mutation(
        "Data360: pages of a size that nobody can set", D360,
        "    while total is None or held < total:", "    while total is None:",
        f"{TEST_D360}::TestAsking::test_pages_are_turned_until_all_rows_are_there",
    ),
    Mutation(
        "Data360: a mean of states as the world", D360,
        "if row.whole and row.economy not in MEANS]", "if row.whole]",
        f"{TEST_D360}::TestReading::"
        "test_the_unweighted_mean_under_the_name_of_the_world_is_left_out",
    ),
    Mutation(
        'Data360: missing values as null, "" or "null"', D360,
        '    if value is None or value in ("", "null"):', "    if value is None:", NO_VALUE,
    ),
    Mutation(
        'Data360: missing values as null, "" or "null"', D360,
        '    if value is None or value in ("", "null"):', '    if value in ("", "null"):', NO_VALUE,
    ),
    Mutation(
        "Data360: breakdowns among the rows of the whole", D360,
        "if row.whole and row.economy not in MEANS]", "if row.economy not in MEANS]",
        f"{TEST_D360}::TestReading::test_a_part_of_the_people_is_not_taken_for_all",
    ),
    Mutation(
        "terms of those whose figures are handed on", "pipeline/catalog/data/publishers.yaml",
        "    redistributable: false\n  attribution: International Telecommunication Union, Global",
        "    redistributable: true\n  attribution: International Telecommunication Union, Global",
        LICENCES,
    ),
)  # fmt: skip

IMF: Final = (
    Mutation(
        "IMF: 204 for a set that it does not know", "pipeline/ingest/http.py",
        '    if status == 204:\n        raise NoContentError(f"{host}: {named}")\n'
        "    if status != 200:",
        "    if status not in (200, 204):", NO_MATCH,
    ),
    Mutation(
        "IMF: 200 without a series, or groups only", IMTS,
        "    if not message.series:", "    if False:", NO_MATCH,
    ),
    Mutation(
        "IMF: 200 without a series, or groups only", "pipeline/ingest/sdmx.py",
        '    _DATA: ("Group", "Series"),', '    _DATA: ("Series",),', NO_MATCH,
    ),
    Mutation(
        "IMF: a key in another order matches nothing", IMTS,
        'f"{codes}.{self.code}.{codes}.{YEARLY}"', 'f"{self.code}.{codes}.{codes}.{YEARLY}"',
        f"{TEST_IMTS}::TestReading::test_digits_and_partners_are_those_that_were_sent",
    ),
    Mutation(
        "IMF: a scale that is not to be applied", IMTS,
        '_VALUE, "a finite number")',
        '_VALUE, "a finite number") + "0" * int(series.attributes["SCALE"])',
        f"{TEST_IMTS}::TestReading::test_values_are_whole_dollars_whatever_scale_the_series_says",
    ),
    Mutation(
        "IMF: partners without figures as series without values", IMTS,
        "    years: set[int] = set()",
        '    years: set[int] = set()\n    if not series.observations:\n'
        '        raise ReadError(f"{where}: there is no value")',
        f"{TEST_IMTS}::TestReading::test_a_series_without_values_is_no_value",
    ),
    Mutation(
        "IMF: groups of economies among their codes", IMTS,
        "            if economy not in question.economies:", "            if False:",
        f"{TEST_IMTS}::TestReading::test_a_series_that_was_not_asked_for_is_named",
    ),
    Mutation(
        "IMF: values of its own making beside reported ones", IMTS,
        '"" if status == OFFICIAL else status', '""',
        f"{TEST_IMTS}::TestReading::test_what_is_not_official_keeps_its_flag",
    ),
    Mutation(
        "IMF: goods that an economy trades with itself", IMTS,
        "            if row.reporter != row.partner or row.reporter in _OURS\n", "",
        f"{TEST_IMTS}::TestReading::test_goods_that_come_back_are_no_trade_between_states",
    ),
    Mutation(
        "IMF: the moment of the answer in its header", IMTS,
        "lasting=without_header", "lasting=None",
        f"{TEST_IMTS}::TestRefreshing::test_the_same_figures_in_another_answer_add_nothing",
    ),
)  # fmt: skip

UNESCO: Final = (
    Mutation(
        "UIS: a hint beside status 200", UIS,
        "    if reply.hints:\n        # the same would come again", "    if False:\n        #",
        f"{TEST_UIS}::TestAsking::test_an_unknown_economy_is_an_error_that_names_it",
    ),
    Mutation(
        "UIS: a parameter of a wrong name is ignored", UIS,
        'f"&start={first}&end={last}&version', 'f"&startYear={first}&endYear={last}&version',
        f"{TEST_UIS}::TestAsking::test_years_that_were_not_asked_for_do_not_come",
    ),
    Mutation(
        "UIS: too many records are a 400", "pipeline/ingest/http.py",
        "        raise RefusedError(f\"{host}: {named}: “{_first_words(body)}”\")",
        "        raise _TransientError(named)",
        f"{TEST_UIS}::TestAsking::"
        "test_a_refusal_of_too_many_records_is_told_and_not_asked_again",
    ),
    Mutation(
        "UIS: figures that change from version to version", UIS,
        "&end={last}&version={version}", "&end={last}",
        f"{TEST_UIS}::TestAsking::"
        "test_the_version_stands_in_the_request_and_in_what_the_publisher_says",
    ),
    Mutation(
        "UIS: a nought that is no figure", UIS,
        "value=None if magnitude in NO_FIGURE else value", "value=value",
        f"{TEST_UIS_READING}::TestReading::test_a_nought_that_is_not_applicable_is_no_figure",
    ),
)  # fmt: skip

UN: Final = (
    Mutation(
        "Comtrade: a preview that is cut at 500 rows in silence", COMTRADE,
        '"public/v1/preview": 500', '"public/v1/preview": 100_000',
        f"{TEST_COMTRADE}::TestAsking::test_an_answer_that_is_full_is_cut_and_refused_at_once",
    ),
    Mutation(
        "Comtrade: `data` is an object where only a number is asked for", COMTRADE,
        '        raise ReadError(f"data is {shown(rows)}, expected a list of rows")',
        "        return []",
        f"{TEST_COMTRADE}::TestAsking::test_only_a_number_of_rows_is_no_answer",
    ),
    Mutation(
        "Comtrade: rows stand twice without the last filters", COMTRADE,
        "    if any(row[name] != code for name, code in WHOLE.items()):", "    if False:",
        f"{TEST_COMTRADE}::TestKeeping::"
        "test_rows_of_parts_are_left_out_where_a_filter_is_not_heeded",
    ),
    Mutation(
        "Comtrade: two years at once are a 400 without a key", COMTRADE,
        "YEARS_AT_ONCE if keyed else 1", "YEARS_AT_ONCE",
        f"{TEST_COMTRADE}::TestAsking::"
        "test_the_preview_is_asked_for_one_year_at_a_time_with_all_filters",
    ),
    Mutation(
        "Comtrade: India under a code of its own", COMTRADE,
        '{"IND": "699", "WLD": "0"}', '{"WLD": "0"}',
        f"{TEST_COMTRADE}::TestKeeping::test_values_keep_their_digits",
    ),
    Mutation(
        "Comtrade: a state that has stopped reporting", COMTRADE,
        "            rows = parse(body, question)",
        "            rows = parse(body, question)\n"
        "            if {row.reporter for row in rows} != set(question.reporters):\n"
        '                raise ReadError("a reporter is missing")',
        f"{TEST_COMTRADE}::TestKeeping::"
        "test_what_stopped_reporting_is_missing_and_its_partner_speaks",
    ),
    Mutation(
        "Comtrade: an error beside status 200", COMTRADE,
        '        if reply.get("error"):\n            raise SourceError', "        if False:\n"
        "            raise SourceError",
        f"{TEST_COMTRADE}::TestAsking::test_what_the_publisher_says_in_place_of_figures_is_told",
    ),
    Mutation(
        "Comtrade: the time that an answer took in its body", COMTRADE,
        "lasting=without_elapsed", "lasting=None",
        f"{TEST_COMTRADE}::TestByName::test_named_it_is_asked_and_the_same_figures_are_no_news",
    ),
    Mutation(
        "Comtrade: figures that may not be passed on", "pipeline/catalog/data/publishers.yaml",
        "    redistributable: false\n  attribution: United Nations, UN Comtrade",
        "    redistributable: true\n  attribution: United Nations, UN Comtrade", LICENCES,
    ),
    Mutation(
        "UNCTAD: a 7z archive that never comes whole", UNCTAD,
        "body, _ = client.get(url, question.unpacked)", "body, _ = client.get(url, len)",
        f"{TEST_UNCTAD}::TestAsking::test_what_never_comes_whole_is_given_up",
    ),
    Mutation(
        "UNCTAD: an archive that is made anew around the same table", UNCTAD,
        "lasting=question.unpacked", "lasting=None",
        f"{TEST_UNCTAD}::TestRefreshing::test_the_same_table_in_another_archive_is_no_news",
    ),
    Mutation(
        "UNCTAD: flows in one archive that are not all revised", UNCTAD,
        "of_series=question.rows_in", "of_series=None",
        "tests/ingest/test_unctad_batches.py::test_a_flow_of_which_nothing_is_new_keeps_its_vintage",
    ),
    Mutation(
        "UNCTAD: economies in digits that lose their noughts, the world as 0000", UNCTAD_TABLE,
        '{"WLD": "0000"}', "{}",
        f"{TEST_UNCTAD}::TestKeeping::test_economies_are_coded_as_in_the_bundle",
    ),
    Mutation(
        "UNCTAD: parts in the columns of the whole", UNCTAD_TABLE,
        "[row for row in rows if row.category == whole[0]]", "list(rows)",
        f"{TEST_UNCTAD}::TestKeeping::test_groups_other_flows_and_parts_are_left_out",
    ),
    Mutation(
        "UNCTAD: two spellings of the title of the values", UNCTAD_TABLE,
        '"US$ at current prices in millions", "US dollars at current prices in millions",',
        '"US$ at current prices in millions",',
        f"{TEST_UNCTAD}::TestKeeping::"
        "test_columns_may_come_in_another_order_and_the_measure_in_full",
    ),
    Mutation(
        "UNCTAD: a reason why there is no value beside a nought", UNCTAD_TABLE,
        "value=None if cells[layout.missing] else value,", "value=value,",
        f"{TEST_UNCTAD}::TestKeeping::test_a_nought_beside_a_reason_is_no_value",
    ),
    Mutation(
        "UNCTAD: partners and kinds of goods beside all of them", UNCTAD_TABLE,
        "    if any(cells[title] != whole for title, whole in layout.wholes.items()):",
        "    if False:",
        f"{TEST_GOODS}::TestKeeping::test_parts_and_partners_are_left_out",
    ),
    Mutation(
        "UNCTAD: a dimension under two names", UNCTAD_TABLE,
        '"IctProductCategory": "ICT00", "IctGoodsCategory": "ICT00",',
        '"IctProductCategory": "ICT00",',
        f"{TEST_GOODS}::TestKeeping::test_the_category_has_two_names",
    ),
    Mutation(
        "UNCTAD: a dimension that is new", UNCTAD_TABLE,
        "    if set(dimensions) != wanted | _with_labels(perhaps):",
        "    if not set(dimensions) >= wanted | _with_labels(perhaps):",
        f"{TEST_GOODS}::TestRefusing::test_dimensions_that_are_not_known_are_refused",
    ),
    Mutation(
        "UNCTAD: several measures beside each other", UNCTAD_TABLE,
        "    fitting = [title for title in measures if MEASURES[kind].fullmatch(title)]",
        "    fitting = measures[:1]",
        f"{TEST_GOODS}::TestKeeping::test_other_measures_may_stand_beside_it",
    ),
    Mutation(
        "UNCTAD: a head without the columns of footnotes and reasons", UNCTAD_TABLE,
        "    if not measures or measures != list(range(measures[0], len(head), 3)):",
        "    if not measures:",
        f"{TEST_GOODS}::TestRefusing::test_a_head_of_another_layout_is_refused",
    ),
    Mutation(
        "UNCTAD: states under the code of their customs territory", UNCTAD,
        '    if kind == "share":\n', "    if False:\n",
        f"{TEST_GOODS}::TestAsking::test_states_are_known_by_their_customs_territory_too",
    ),
    Mutation(
        "UNCTAD: shares of goods without a row where there is no figure", UNCTAD,
        'return asked if self.kind == "money" else asked & WORLD.keys()', "return asked",
        f"{TEST_GOODS}::TestKeeping::test_a_state_without_a_row_has_no_figure",
    ),
    Mutation(
        "ILOSTAT: an indicator comes back without its frequency", ILO,
        '    if cells["indicator"] != question.indicator:',
        '    if cells["indicator"] != question.indicator + YEARLY:',
        f"{TEST_ILO}::TestKeeping::test_values_keep_their_digits_and_flags",
    ),
    Mutation(
        "ILOSTAT: sexes and classes that were not asked for", ILO,
        '    if (cells["sex"], cells["classif1"]) != (BOTH_SEXES, question.part):', "    if False:",
        f"{TEST_ILO}::TestKeeping::"
        "test_other_sexes_and_classes_are_left_out_where_the_request_is_not_heeded",
    ),
    Mutation(
        "ILOSTAT: a table that is cut within its last cell", ILO,
        '    if not body.endswith(b"\\n"):', "    if False:",
        f"{TEST_ILO}::TestRefusing::test_a_table_that_is_cut_within_its_last_cell_is_refused",
    ),
    Mutation(
        "a byte-order mark and CRLF in a table", "pipeline/ingest/csv_wire.py",
        'csv.reader(io.StringIO(text_of(body), newline=""), strict=True)',
        '(line.split(",") for line in text_of(body).removesuffix("\\n").split("\\n"))',
        f"{TEST_ILO}::TestKeeping::"
        "test_notes_may_stand_beside_the_columns_and_a_mark_before_them",
    ),
)  # fmt: skip

DATA: Final = "pipeline/catalog/data/indicators"
SHIPPED: Final = "tests/catalog/test_shipped.py"
COVERAGE: Final = (
    Mutation(
        "ICT exports that a member never published", "sql/marts/inequality.sql",
        "FILTER (WHERE NOT present), '')\n            AS missing",
        "FILTER (WHERE NOT present AND reference IS NULL), '')\n            AS missing",
        "tests/warehouse/test_bundled.py::"
        "test_iran_has_no_ict_exports_and_the_ten_are_never_complete",
    ),
    Mutation(
        "breaks and estimates that are flagged nowhere", f"{DATA}/access_use.yaml",
        "    - economies: [TJK]\n      years: [2017, 2021]\n",
        "    - economies: [TJK]\n      years: [2021, 2022]\n",
        f"{SHIPPED}::test_tajikistans_internet_users_are_broken_between_2017_and_2021",
    ),
    Mutation(
        "extremes that look like mistakes and are none", f"{DATA}/digital_trade.yaml",
        "maximum: 60}  # Kazakhstan's above 40", "maximum: 40}  # Kazakhstan's above 40",
        f"{SHIPPED}::test_a_real_extreme_is_no_mistake",
    ),
)  # fmt: skip

MUTATIONS: Final = (*DATA360, *IMF, *UNESCO, *UN, *COVERAGE)
