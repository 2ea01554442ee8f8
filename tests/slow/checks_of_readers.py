"""The checks of the readers, each with its removal: damaged bodies must find it out.

Some are found out by the test that names them: what chance damages hits them too seldom.
"""

from typing import Final

from tests.slow.mutation import Mutation

DAMAGED: Final = "tests/ingest/test_readers_damage.py"
REFUSING: Final = "tests/ingest/test_unctad.py::TestRefusing"
OF_A_VALUE: Final = (
    "tests/ingest/test_imts.py::TestReading::"
    "test_a_value_that_is_none_is_named_with_series_and_year"
)
TIDY_TEST: Final = "tests/ingest/test_tidy.py"
INGEST: Final = "pipeline/ingest"
BANK, RELEASES, SERIES, CELLS, JSON = (
    f"{INGEST}/{name}.py"
    for name in ("world_bank", "world_bank_releases", "world_bank_series", "cells", "json_wire")
)
D360, UIS, IMTS, UNCTAD, UNCTAD_TABLE, ILO, COMTRADE, TIDY = (
    f"{INGEST}/{name}.py"
    for name in (
        "data360", "uis", "imts", "unctad", "unctad_table", "ilostat", "comtrade", "tidy",
    )
)  # fmt: skip


def check(reader: str, file: str, text: str, instead: str, fails_with: str = "") -> Mutation:
    """A check of one reader that its damaged bodies must miss."""
    return Mutation(reader, file, text, instead, DAMAGED, reader, fails_with)


ONCE: Final = "        if (cell.economy, cell.year) in found:"
FINITE: Final = "not isinstance(value, Number) or not math.isfinite(float(value))"
ASKED: Final = "        if economy not in economies or not years[0] <= year <= years[1]:"

CHECKS: Final = (
    check("world_bank_v2", BANK, "    check_full(found, economies, years)", "    pass"),
    check("world_bank_v2", CELLS, ONCE, "        if False:"),
    check("world_bank_v2", SERIES, ASKED, "        if False:"),
    check("world_bank_v2", JSON, FINITE, "not isinstance(value, Number)"),
    check("world_bank_v2", BANK, "    check_codes(pages, codes)", "    pass"),
    check("world_bank_releases", RELEASES, "    check_full(found, economies, set(", "    set(set("),
    check("world_bank_releases", CELLS, ONCE, "        if False:"),
    check("world_bank_releases", SERIES, ASKED, "        if False:"),
    check("world_bank_releases", JSON, FINITE, "not isinstance(value, Number)"),
    check(
        "world_bank_releases", RELEASES, '    if ids["Version"] != release:', "    if False:",
        "KeyError",
    ),
    check("data360", CELLS, ONCE, "        if False:"),
    check(
        "data360", D360,
        "        if row.economy not in wanted or row.year < question.first_year:",
        "        if False:",
    ),
    check(
        "data360", D360, '"OBS_VALUE", value, _VALUE,', '"OBS_VALUE", value, re.compile(".*"),',
        "decimal.InvalidOperation",
    ),
    check("data360", D360, "    if held != pages[0].total:", "    if False:"),
    check("uis", CELLS, ONCE, "        if False:"),
    check(
        "uis", UIS,
        "        if row.economy not in wanted or not first <= row.year <= last:",
        "        if False:",
    ),
    check("uis", JSON, FINITE, "not isinstance(value, Number)"),
    check("uis", UIS, "        if row.indicator != question.code:", "        if False:"),
    check("imf_imts", IMTS, "        if (reporter, partner) in found:", "        if False:"),
    Mutation("imf_imts", IMTS, "        if year in years:", "        if False:", OF_A_VALUE),
    check("imf_imts", IMTS, "if economy not in question.economies:", "if False:"),
    Mutation("imf_imts", IMTS, "        if year < first_year:", "        if False:", OF_A_VALUE),
    check(
        "imf_imts", IMTS, '"OBS_VALUE", _VALUE,', '"OBS_VALUE", re.compile(".*"),',
        "decimal.InvalidOperation",
    ),
    check("unctad", CELLS, ONCE, "        if False:"),
    Mutation(
        "unctad", UNCTAD, "        if missing:", "        if False:",
        f"{REFUSING}::test_an_india_of_another_code_is_not_passed_over",
    ),
    check(
        "unctad", UNCTAD_TABLE, "    if text and _VALUE.fullmatch(text) is None:", "    if False:",
        "decimal.InvalidOperation",
    ),
    Mutation(
        "unctad", UNCTAD, "else asked & WORLD.keys()", "else set()",
        "tests/ingest/test_unctad_goods.py::TestRefusing::"
        "test_a_world_of_another_code_is_not_passed_over",
    ),
    Mutation(
        "unctad", UNCTAD_TABLE, "    if len(fitting) != 1:", "    if not fitting:",
        "tests/ingest/test_unctad_goods.py::TestRefusing::"
        "test_no_one_measure_that_is_the_share_is_refused",
    ),
    Mutation(
        "unctad", UNCTAD_TABLE, '"Year", _YEAR,', '"Year", re.compile(".*"),',
        f"{REFUSING}::test_a_wrong_cell_is_named", fails_with="ValueError",
    ),
    check("ilostat", CELLS, ONCE, "        if False:"),
    check(
        "ilostat", ILO,
        "    if economy not in question.economies or year < question.first_year:", "    if False:",
    ),
    check(
        "ilostat", ILO, "    if value and _VALUE.fullmatch(value) is None:", "    if False:",
        "decimal.InvalidOperation",
    ),
    Mutation(
        "ilostat", ILO, '    if not body.endswith(b"\\n"):', "    if False:",
        "tests/ingest/test_ilostat.py::TestRefusing::"
        "test_a_table_that_is_cut_within_its_last_cell_is_refused",
    ),
    check("comtrade", COMTRADE, "        if key in found:", "        if False:"),
    check(
        "comtrade", COMTRADE,
        "    if not isinstance(code, Number) or code not in asked:", "    if False:", "KeyError",
    ),
    Mutation(
        "comtrade", COMTRADE,
        "    if not isinstance(value, Number) or not 0 <= float(value) < math.inf:",
        "    if not isinstance(value, Number):",
        "tests/ingest/test_comtrade.py::TestRefusing::test_a_wrong_field_is_named",
    ),
    Mutation(
        "comtrade", COMTRADE, "    if year not in question.years or row.get", "    if row.get",
        "tests/ingest/test_comtrade.py::TestRefusing::test_a_wrong_field_is_named",
    ),
    check("tidy_csv", TIDY, "        if name not in known:", "        if False:", "KeyError"),
    check("tidy_csv", TIDY, "[0-9]{1,40}", "[0-9]+"),
    check("tidy_csv", TIDY, "[eE][-+]?[0-9]{1,2}", "[eE][-+]?[0-9]+"),
    Mutation(
        "tidy_csv", TIDY, '"year": r"(?:18|19|20)[0-9]{2}"', '"year": r"[0-9]{1,5}"',
        f"{TIDY_TEST}::test_a_malformed_row_is_named",
    ),
    Mutation(
        "tidy_csv", TIDY, "    if len(set(columns)) < len(columns):", "    if False:",
        f"{TIDY_TEST}::test_a_wrong_head_is_named",
    ),
)  # fmt: skip
