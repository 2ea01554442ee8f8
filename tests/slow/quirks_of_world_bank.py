"""What the World Bank does, each handling of it with its removal."""

from typing import Final

from tests.slow.mutation import Mutation

BANK: Final = "pipeline/ingest/world_bank.py"
BATCHES: Final = "pipeline/ingest/world_bank_batches.py"
RELEASES: Final = "pipeline/ingest/world_bank_releases.py"
WIRE: Final = "pipeline/ingest/world_bank_wire.py"
SERIES: Final = "pipeline/ingest/world_bank_series.py"
TEST: Final = "tests/ingest/test_world_bank.py"
TEST_GRID: Final = "tests/ingest/test_world_bank_grid.py"
TEST_BATCHES: Final = "tests/ingest/test_world_bank_batches.py"
TEST_REPLY: Final = "tests/ingest/test_world_bank_reply.py"
TEST_RELEASES: Final = "tests/ingest/test_world_bank_releases.py"
NOT_FULL: Final = f"{TEST_GRID}::TestGrid::test_a_grid_that_is_not_full_is_named"
UNFULL: Final = "rows missing, twice, or of somebody else"

MUTATIONS: Final = (
    Mutation(
        "an error with status 200, in JSON", WIRE,
        'isinstance(reply[0], dict) and "message" in reply[0]:',
        'isinstance(reply[0], dict) and "message" in reply:',
        f"{TEST}::TestRefusals::test_are_recognised_and_not_asked_again",
    ),
    Mutation(
        "an error in XML although JSON was asked for", WIRE,
        '    if text.lstrip()[:1] == "<":', "    if False:",
        f"{TEST}::TestRefusals::test_a_wrong_source_is_answered_in_xml",
    ),
    Mutation(
        "figures in XML where no format is asked for", BANK,
        'f"?format=json&date=', 'f"?date=',
        f"{TEST}::TestQuestions::test_years_are_explicit_and_nothing_else_is_asked_for",
    ),
    Mutation(
        "everybody's figures where no economy is asked for", BANK,
        "        for start in range(0, len(places), size)",
        "        for start in range(0, max(len(places), 1), size)",
        f"{TEST}::TestQuestions::test_where_there_are_no_economies_nothing_is_asked",
    ),
    Mutation(
        "one bad code and a whole request of many is refused", BATCHES,
        "    except ProjectError:\n        half = len(batch) // 2\n"
        "        yield from fetch(client, settings, batch[:half])\n"
        "        yield from fetch(client, settings, batch[half:])\n        return",
        "    except ProjectError as error:\n        yield from ((s, error) for s in batch)\n"
        "        return",
        f"{TEST_BATCHES}::TestIsolation::test_a_refused_code_takes_no_other_with_it",
    ),
    Mutation(
        "a series of many is left out in silence", BATCHES,
        "        if live_code(series.indicator) in held:", "        if True:",
        f"{TEST_BATCHES}::TestIsolation::"
        "test_a_series_that_is_left_out_in_silence_is_asked_for_alone",
    ),
    Mutation(
        "a request of too many indicators, or with too long a path", BATCHES,
        "MAX_INDICATORS: Final = 60", "MAX_INDICATORS: Final = 600",
        f"{TEST_BATCHES}::TestQuestions::test_no_request_is_for_more_than_the_publisher_takes",
    ),
    Mutation(
        "a request of too many indicators, or with too long a path", BATCHES,
        "(longest <= MAX_PATH_SEGMENT and max(map(len, urls)) <= MAX_URL)", "longest",
        f"{TEST_BATCHES}::TestQuestions::test_no_request_is_for_more_than_the_publisher_takes",
    ),
    Mutation(
        "several indicators without the number of their database", BANK,
        "        source = int(WDI_SOURCE)", "        pass",
        f"{TEST_BATCHES}::TestQuestions::test_series_of_one_database_are_asked_for_together",
    ),
    Mutation(
        "a series on more pages than one", BANK,
        "        pages = -(-page.total // question.per_page)", "        pages = 1",
        f"{TEST}::TestSeries::test_all_pages_are_fetched",
    ),
    Mutation(
        "years without a value as rows of null", "pipeline/ingest/cells.py",
        "[cell for cell in cells if cell.value is not None]",
        "[cell._replace(value=cell.value or '0') for cell in cells]",
        f"{TEST}::TestSeries::test_values_come_with_the_digits_of_the_publisher",
    ),
    Mutation(
        "the newest years, which are not there yet", BANK,
        "YEARS_BEHIND: Final = 2", "YEARS_BEHIND: Final = 0",
        f"{TEST}::TestSeries::test_years_that_the_database_does_not_hold_yet_may_be_absent",
    ),
    Mutation(
        "a survey that holds the years of its waves only", BANK,
        '    if held and not sources <= {WDI_SOURCE, ""}:', "    if False:",
        f"{TEST}::TestSeries::test_a_survey_holds_the_years_of_its_waves_only",
    ),
    Mutation(
        "a code that was moved to another database", BANK,
        "return indicator.live_code or indicator.id", "return indicator.id",
        f"{TEST}::TestSeries::test_a_recoded_indicator_keeps_the_catalogues_code",
    ),
    Mutation(
        "an income group, which has no code", "pipeline/ingest/world_bank_reply.py",
        '    if economy == "":', "    if False:",
        f"{TEST_REPLY}::test_an_income_group_was_not_asked_for",
    ),
    Mutation(
        "counts in a head as numbers and as text", "pipeline/ingest/json_wire.py",
        "not isinstance(value, str) or _COUNT", "not isinstance(value, Number) or _COUNT",
        f"{TEST_REPLY}::test_counts_may_be_text",
    ),
    Mutation(
        "another query's body, out of a cache", BANK,
        "        years |= _years_due(asked[0], years, sources)", "        pass",
        f"{TEST_GRID}::TestGrid::test_a_body_of_another_query_is_noticed",
    ),
    Mutation(
        UNFULL, SERIES,
        "        if len(page.cells) != rows:", "        if False:", NOT_FULL,
    ),
    Mutation(
        UNFULL, "pipeline/ingest/cells.py",
        "        if (cell.economy, cell.year) in found:", "        if False:", NOT_FULL,
    ),
    Mutation(
        UNFULL, BANK,
        "        check_asked(found, economies, (asked[0].first_year, asked[0].last_year))",
        "        pass", NOT_FULL,
    ),
    Mutation(UNFULL, BANK, "    check_full(found, economies, years)", "    pass", NOT_FULL),
    Mutation(UNFULL, BANK, "    check_codes(pages, codes)", "    pass", NOT_FULL),
    Mutation(
        "an archived release that drops members in silence", RELEASES,
        "economies = {economy for question in asked for economy in question.economies}",
        "economies = {economy for economy, _ in found}",
        f"{TEST_RELEASES}::TestGrid::test_an_economy_that_was_dropped_in_silence_is_named",
    ),
    Mutation(
        "archived releases under wrong labels", RELEASES,
        '.get("id", ""))) for entry in entries]', '.get("value", ""))) for entry in entries]',
        f"{TEST_RELEASES}::TestList::test_ids_are_taken_and_labels_are_not",
    ),
    Mutation(
        "a list of releases that is cut", RELEASES,
        "    if len(found) != total or len(set(found)) != total:", "    if False:",
        f"{TEST_RELEASES}::TestList::test_a_list_that_is_not_whole_is_refused",
    ),
)  # fmt: skip
