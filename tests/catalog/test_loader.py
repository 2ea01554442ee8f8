"""Reading: a mistake is one sentence with file, entry and field; the hash is of what is said."""

from pathlib import Path

import pytest

from pipeline.catalog import load_catalog
from pipeline.errors import CatalogError
from tests.catalog.conftest import Copy

FINANCE = "indicators/finance.yaml"
ACCOUNTS = "FX.OWN.TOTL.ZS"
SEVEN = """
{id}:
  name: Seven
  short_name: Seven
  unit: sevens
  publisher: world_bank_wdi
  pillar: macro
  kind: flow
  direction: neutral
  plausible: {{minimum: 0, maximum: 7}}
"""


def complaint(copy: Copy) -> str:
    """The sentence about the copy, its files named from the catalogue's folder."""
    with pytest.raises(CatalogError) as caught:
        copy.load()
    return str(caught.value).replace(f"{copy.folder}/", "")


# --- a field of an entry


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit: current US$", "unnit: current US$", "unit: is missing, expected a value"),
        ("  unit_short: US$", "  unit_shorrt: US$",
         "unit_shorrt: unknown field, expected unit_short"),
        ("  unit_short: US$", "  colour: red",
         "colour: unknown field, expected one of publisher, name, short_name, unit"),
        ("  unit_short: US$", "  7: red", "7: is no name of a field, expected text"),
        ("kind: flow", "kind: flows", "kind: 'flows' is not allowed, expected flow"),
        ("kind: flow", "kind: river", "kind: 'river' is not allowed, expected one of stock, flow"),
        ("kind: flow", "kind: no", "kind: False is not allowed, expected one of stock"),
        ("unit: current US$", "unit: 840",
         "unit: int 840, expected text (in quotes if it looks like a number)"),
        ("unit: current US$", "unit:", "unit: nothing here, expected text"),
        ("decimals: 0", "decimals: none", "decimals: 'none' is wrong, expected integer"),
        ("decimals: 0", "decimals: 9", "decimals: 9 is wrong, expected less than or equal to 6"),
        ("plausible: {minimum: 0, maximum: 2_000_000_000_000}", "plausible: {minimum: 0}",
         "plausible.maximum: is missing, expected a value"),
        ("plausible: {minimum: 0, maximum: 2_000_000_000_000}",
         "plausible: {minimum: 0, maximum: 1, maximal: 2}",
         "plausible.maximal: unknown field, expected maximum"),
        ("plausible: {minimum: 0, maximum: 2_000_000_000_000}",
         "plausible: {minimum: 7, maximum: 0}", "plausible: minimum 7.0 is not below maximum 0.0"),
        ("plausible: {minimum: 0, maximum: 2_000_000_000_000}", "plausible: 0",
         "plausible: 0 is wrong, expected dictionary"),
        ("aggregation: {method: sum}", "aggregation: {method: weighted_mean}",
         "aggregation: a weighted_mean names its weight indicator; the others have none"),
        ("max_jump: 3", "id: BX", "id: is the entry's key, expected no such field"),
        ("max_jump: 3", "breaks: [{years: [2001, 2002], reason: x, cause: y}]",
         "breaks.0.cause: unknown field, expected one of economies, years, reason, source"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_field_names_file_entry_and_field(
    copy: Copy, old: str, new: str, said: str
) -> None:
    entry = "BX.TRF.PWKR.CD.DT"
    before, own = copy.read(FINANCE).split(f"{entry}:", 1)
    assert old in own
    (copy.folder / FINANCE).write_text(f"{before}{entry}:{own.replace(old, new, 1)}", "utf-8")

    assert complaint(copy).startswith(f"{FINANCE}: {entry}: {said}")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("economies.yaml", 'm49: "076"', "m49: 076", "BRA: m49: int 62, expected text (in quotes"),
        ("economies.yaml", "#3F7D2A", "green", "BLR: colour: 'green' has the wrong form, expected"),
        ("economies.yaml", "kind: aggregate}", "kind: agregate}",
         "EUU: kind: 'agregate' is not allowed, expected aggregate"),
        ("blocs.yaml", "since: 2001-06-15", "since: 2001-06-35",
         "sco: members.0.since: '2001-06-35' is wrong, expected date or datetime, day value"),
        ("member_sets.yaml", "rule: fixed", "rule: dated",
         "sco_10: fields: a fixed set lists its economies; a dated one takes them from its bloc"),
        ("publishers.yaml", "  url: https://datatopics", "  url: datatopics",
         "world_bank_wdi: url: 'datatopics.worldbank.org/world-development-indicators/' is wrong"),
        ("publishers.yaml", "    redistributable: true\n", "",
         "world_bank_wdi: licence.redistributable: is missing, expected a value"),
        ("groups.yaml", "economies: [PAK]", "economies: []", "pakistan: economies: [] is wrong"),
    ],
)  # fmt: skip
def test_so_it_is_in_every_kind_of_entry(
    copy: Copy, name: str, old: str, new: str, said: str
) -> None:
    copy.replace(name, old, new)

    assert complaint(copy).startswith(f"{name}: {said}")


# --- keys and ids


def test_a_field_that_stands_twice_is_refused(copy: Copy) -> None:
    copy.replace("groups.yaml", "  name: Pakistan\n", "  name: Pakistan\n  name: Pakistan again\n")

    assert complaint(copy) == (
        "groups.yaml: pakistan: name: stands in line 26 and in line 27, expected once"
    )


def test_a_field_of_a_field_that_stands_twice_is_refused(copy: Copy) -> None:
    copy.replace("blocs.yaml", "economy: KAZ, since", "economy: KAZ, economy: KGZ, since")

    assert complaint(copy) == (
        "blocs.yaml: sco: members.1.economy: stands in line 12 and in line 12, expected once"
    )


def test_an_entry_that_stands_twice_in_a_file_is_refused(copy: Copy) -> None:
    copy.append("groups.yaml", "\npakistan: {}\n")

    assert complaint(copy).startswith("groups.yaml: pakistan: stands in line 23 and in line 29")


def test_an_entry_that_stands_in_two_files_is_refused(copy: Copy) -> None:
    copy.append("indicators/more.yaml", SEVEN.format(id=ACCOUNTS))

    assert complaint(copy) == (
        f"indicators/more.yaml: {ACCOUNTS}: stands in {FINANCE} too, expected once"
    )


def test_an_id_that_is_no_text_is_refused(copy: Copy) -> None:
    copy.append(FINANCE, "\nno: {name: Norway}\n")

    assert complaint(copy) == f"{FINANCE}: False: id is bool False, expected text in quotes"


def test_an_id_of_the_wrong_form_is_refused(copy: Copy) -> None:
    copy.append(FINANCE, SEVEN.format(id="FX OWN"))

    assert complaint(copy).startswith(f"{FINANCE}: FX OWN: id: 'FX OWN' has the wrong form")


# --- files


def test_yaml_that_cannot_be_parsed_names_its_line(copy: Copy) -> None:
    (copy.folder / FINANCE).write_text("A:\n  name: x\n b: [\n", "utf-8")

    assert complaint(copy).startswith(f"{FINANCE}: line 3: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing here, expected a mapping of entries by id"),
        ("# only a comment\n", "nothing here, expected a mapping of entries by id"),
        ("- a\n- b\n", "a list, expected a mapping of entries by id"),
        ("A: seven\n", "A: text 'seven', expected a mapping of fields"),
        ("A:\n", "A: nothing here, expected a mapping of fields"),
        ("A: &a\n  b: *a\n", "A: nested deeper than any field, expected plain entries"),
        ("A: !!python/name:os.system\n", "could not determine a constructor"),
    ],
)
def test_a_file_that_holds_no_entries_is_refused(copy: Copy, text: str, said: str) -> None:
    (copy.folder / FINANCE).write_text(text, "utf-8")

    assert said in complaint(copy)


def test_a_file_that_is_not_utf8_is_refused(copy: Copy) -> None:
    (copy.folder / FINANCE).write_bytes(b"A: {name: \xff}\n")

    assert complaint(copy) == f"{FINANCE}: byte 10 is not UTF-8, expected text in UTF-8"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("indicators/odd.yml", "is not read, expected files that end in .yaml"),
        ("indicator.yaml", "indicator is no kind, expected indicators"),
        ("weather/odd.yaml", "weather is no kind, expected one of economies, blocs"),
    ],
)
def test_a_file_that_would_silently_not_be_read_is_refused(
    copy: Copy, name: str, said: str
) -> None:
    (copy.folder / name).parent.mkdir(exist_ok=True)
    (copy.folder / name).write_text("A: {}\n", "utf-8")

    assert complaint(copy).startswith(f"{name}: {said}")


def test_what_an_editor_leaves_behind_is_no_entry(copy: Copy) -> None:
    before = copy.load().sha256
    (copy.folder / "indicators" / ".finance.yaml.swp").write_bytes(b"\xff")

    assert copy.load().sha256 == before


def test_a_kind_that_is_missing_is_named(copy: Copy) -> None:
    (copy.folder / "groups.yaml").unlink()

    assert complaint(copy) == "groups.yaml: no groups, expected at least one entry"


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"gone: no such folder, expected the YAML"):
        load_catalog(tmp_path / "gone")


# --- the hash


def test_the_hash_is_of_the_entries_and_not_of_their_order_files_or_comments(copy: Copy) -> None:
    before = copy.load().sha256
    path = copy.folder / "groups.yaml"
    blocks = path.read_text("utf-8").split("\n\n")
    path.write_text("\n\n".join(reversed(blocks[1:])) + "\n# said differently\n", "utf-8")
    (copy.folder / FINANCE).rename(copy.folder / "indicators" / "zz_money.yaml")

    assert copy.load().sha256 == before


def test_entries_stand_in_the_order_of_their_ids(copy: Copy) -> None:
    catalog = copy.load()

    for entries in (catalog.economies, catalog.groups, catalog.indicators):
        assert list(entries) == sorted(entries)


def test_saying_a_default_changes_nothing(copy: Copy) -> None:
    before = copy.load().sha256
    copy.append("groups.yaml", "")
    copy.replace(FINANCE, f"{ACCOUNTS}:\n", f"{ACCOUNTS}:\n  live: true\n")

    assert copy.load().sha256 == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (FINANCE, "max_age_years: 4", "max_age_years: 5"),
        ("economies.yaml", "name: Laos", "name: Lao PDR"),
        ("blocs.yaml", "since: 2017-06-09", "since: 2017-06-10"),
        ("publishers.yaml", "cadence_days: 75", "cadence_days: 76"),
    ],
)
def test_any_change_changes_the_hash(copy: Copy, name: str, old: str, new: str) -> None:
    before = copy.load().sha256
    copy.replace(name, old, new)

    assert copy.load().sha256 != before


def test_a_file_that_changed_is_read_again(copy: Copy) -> None:
    assert copy.load().indicators[ACCOUNTS].max_age_years == 4
    copy.replace(FINANCE, "max_age_years: 4", "max_age_years: 5")

    assert copy.load().indicators[ACCOUNTS].max_age_years == 5


# --- kinds that may be empty


CORRECTION = """
tjk_users:
  indicator: IT.NET.USER.ZS
  economy: TJK
  cells:
    - {year: 2021, expect: 49.8, value: 36.7}
    - {year: 2020, expect: 0, withdraw: true}
  reason: of another survey
  evidence: release of April 2026
  by: the editors
  since: 2025-04-15
"""


def test_a_register_of_comments_alone_has_no_corrections(copy: Copy) -> None:
    (copy.folder / "corrections.yaml").write_text("# none today\n", "utf-8")

    assert copy.load().corrections == {}


def test_there_need_be_no_register_and_its_absence_changes_no_hash(copy: Copy) -> None:
    before = copy.load().sha256
    (copy.folder / "corrections.yaml").unlink()

    assert copy.load().sha256 == before


def test_a_correction_is_read_and_changes_the_hash(copy: Copy) -> None:
    before = copy.load().sha256
    (copy.folder / "corrections.yaml").write_text(CORRECTION, "utf-8")

    read = copy.load()
    assert [c.value for c in read.corrections["tjk_users"].cells] == [36.7, None]
    assert read.sha256 != before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  by: the editors\n", "", "by: is missing, expected a value"),
        ("  evidence: release of April 2026\n", "", "evidence: is missing, expected a value"),
        ("expect: 49.8, ", "", "cells.0.expect: is missing, expected a value"),
        (", value: 36.7", "",
         "cells.0: a cell has a corrected value or withdraw: true, expected one of them"),
        ("value: 36.7", "value: 36.7, withdraw: true",
         "cells.0: a cell has a corrected value or withdraw: true, expected one of them"),
        ("value: 36.7", "value: .nan", "cells.0.value: nan is wrong, expected a finite number"),
        ("expect: 49.8", "expected: 49.8", "cells.0.expect: is missing"),
        ("economy: TJK", "economy: TJ", "economy: 'TJ' has the wrong form"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_correction_names_its_field(
    copy: Copy, old: str, new: str, said: str
) -> None:
    assert old in CORRECTION
    (copy.folder / "corrections.yaml").write_text(CORRECTION.replace(old, new, 1), "utf-8")

    assert complaint(copy).startswith(f"corrections.yaml: tjk_users: {said}")
