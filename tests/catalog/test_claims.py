"""The claims of the catalogue: a mistake is named with its entry and field, and all are there."""

import pytest

from pipeline.catalog import Catalog
from pipeline.errors import CatalogError
from tests.catalog.conftest import Copy

CLAIM = """
C01:
  section: intro
  text: A quarter are online.
  economies: [sco_10]
  unit: "% of people"
  kind: equals
  value: 25
  year: 2024
  tolerance_pct: 2
  may_lag: 2
  figures:
    online: {indicator: IT.NET.USER.ZS, economies: [WLD]}
    before: {indicator: IT.NET.USER.ZS, economies: [TJK], shift: -1, over: 2}
  expression: online
  rivals:
    other: before
  beside:
    half: claimed / 2
  caveat: It is {half:1} in {half_year}.

C02:
  section: intro
  text: It is told again.
  repeats: C01

C03:
  section: intro
  text: Something is told.
  economies: [KAZ]
  needs: A number.
"""


def complaint(copy: Copy) -> str:
    with pytest.raises(CatalogError) as caught:
        copy.load()
    return str(caught.value).replace(f"{copy.folder}/", "")


def write(copy: Copy, text: str) -> None:
    (copy.folder / "claims.yaml").write_text(text, "utf-8")


def test_a_sound_claim_is_read_as_written(copy: Copy) -> None:
    write(copy, CLAIM)

    claim = copy.load().claims["C01"]

    assert (claim.kind, claim.value, claim.year) == ("equals", 25, 2024)
    assert claim.figures["before"].over == 2
    assert claim.arithmetic() == {
        "expression": "online", "rivals.other": "before", "beside.half": "claimed / 2",
    }  # fmt: skip


def test_a_repetition_has_the_fields_of_what_it_repeats(copy: Copy) -> None:
    write(copy, CLAIM)
    catalog = copy.load()

    again, first = catalog.claim("C02"), catalog.claim("C01")

    assert (again.id, again.text, again.repeats) == ("C02", "It is told again.", "C01")
    assert (again.expression, again.value) == (first.expression, first.value)


def test_sets_groups_and_economies_are_spelled_out(catalog: Catalog) -> None:
    assert catalog.spelled_out(["central_asia", "CHN"]) == ("CHN", "KAZ", "KGZ", "TJK", "UZB")
    assert catalog.spelled_out(["sco_10", "KAZ"]) == catalog.members()
    with pytest.raises(KeyError):
        catalog.spelled_out(["atlantis"])


def test_a_catalogue_needs_no_claims(copy: Copy) -> None:
    write(copy, "# none\n")

    assert copy.load().claims == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("indicator: IT.NET.USER.ZS, economies: [WLD]", "indicator: IT.NET.USR.ZS",
         "C01: figures.online.indicator: IT.NET.USR.ZS is not in the catalogue, "
         "expected IT.NET.USER.ZS or another indicator"),
        ("economies: [sco_10]", "economies: [sco_11]",
         "C01: economies: sco_11 is not in the catalogue, "
         "expected sco_10 or another economy, group or fixed member set"),
        ("economies: [sco_10]", "economies: [sco_dated]",
         "C01: economies: sco_dated is not in the catalogue"),
        ("economies: [TJK]", "economies: [TKJ]",
         "C01: figures.before.economies: TKJ is not in the catalogue, expected TJK or another"),
        ("economies: [TJK]", "economies: [TJK], partners: [CNH]",
         "C01: figures.before.partners: CNH is not in the catalogue, expected CHN"),
        ("{indicator: IT.NET.USER.ZS, economies: [WLD]}", "{fact: members}",
         "C01: figures: mix indicators and facts, which have other dates"),
        ("expression: online", "expression: onlin",
         "C01: expression: onlin is not in the catalogue, expected online or another figure"),
        ("expression: online", "expression: online +",
         "C01: expression: 'online +' cannot be read, expected arithmetic"),
        ("expression: online", "expression: max(online, 1)",
         "C01: expression: 'max(online, 1)' is not arithmetic, expected numbers, names"),
        ("other: before", "other: before.value",
         "C01: rivals.other: 'before.value' is not arithmetic"),
        ("half: claimed / 2", "half: claimed / two",
         "C01: beside.half: two is not in the catalogue"),
        ("half: claimed / 2", "half: C03 / 2",
         "C01: beside.half: C03 is not in the catalogue"),
        ("other: before", "other: online",
         "C01: figures.before: is used nowhere, expected in expression, rivals or beside"),
        ("{half:1}", "{halve:1}",
         "C01: caveat: halve is not in the catalogue, expected half or another number beside"),
        ("{half:1}", "{half:.1f}",
         "C01: caveat: {half:.1f}: expected the number of digits after the colon"),
        ("{half_year}", "{half_year", "C01: caveat: expected '}' before end of string, "
         "expected text with {names}"),
        ("repeats: C01", "repeats: C09", "C02: repeats: C09 is not in the catalogue"),
        ("repeats: C01", "repeats: C02", "C02: repeats: C02 repeats another, expected C02"),
        ("repeats: C01", "repeats: C01\n  unit: members",
         "C02: fields: repeats C01, expected no unit of its own"),
        ("  economies: [KAZ]\n", "", "C03: fields: economies are missing, expected whom"),
        ("  needs: A number.\n", "",
         "C03: fields: has no expression, expected needs: what would be needed to check it"),
        ("  kind: equals\n", "", "C01: fields: has an expression, expected a kind"),
        ("  kind: equals\n  value: 25", "  value: 25\n  kind: at_mots",
         "C01: kind: 'at_mots' is not allowed, expected at_most"),
        ("  value: 25\n", "", "C01: fields: kind equals has no value, expected one"),
        ("kind: equals", "kind: rises",
         "C01: fields: kind rises compares with no value, expected none"),
        ("kind: equals", "kind: at_most",
         "C01: fields: a bound or a direction has no tolerance_pct, expected none"),
        ("shift: -1", "shift: 1", "C01: figures.before.shift: 1 is wrong"),
        ("{indicator: IT.NET.USER.ZS, economies: [WLD]}", "{}",
         "C01: figures.online: a figure is of an indicator or a fact, expected one of them"),
        ("{indicator: IT.NET.USER.ZS, economies: [WLD]}", "{fact: members, over: 2}",
         "C01: figures.online: a fact has no partners, shift or over, expected none"),
        ("{indicator: IT.NET.USER.ZS, economies: [WLD]}", "{fact: member}",
         "C01: figures.online.fact: 'member' is not allowed, expected members"),
        ("section: intro", "section: into", "C01: section: 'into' is not allowed, expected intro"),
        ("tolerance_pct: 2", "tolerance: 2",
         "C01: tolerance: unknown field, expected tolerance_pct"),
        ("\nC03:", "\nC3:", "C3: id: 'C3' has the wrong form, expected ^C[0-9]{2}$"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_claim_names_file_entry_and_field(
    copy: Copy, old: str, new: str, said: str
) -> None:
    assert old in CLAIM
    write(copy, CLAIM.replace(old, new, 1))

    assert complaint(copy).startswith(f"claims.yaml: {said}")


# --- the claims that ship


def test_all_forty_seven_claims_are_there(catalog: Catalog) -> None:
    assert list(catalog.claims) == [f"C{n:02}" for n in range(1, 48)]


def test_what_is_claimed_more_than_once_is_asked_once(catalog: Catalog) -> None:
    assert {c.id: c.repeats for c in catalog.claims.values() if c.repeats} == {
        "C27": "C03", "C41": "C22",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "kind", "value", "year", "economies"),
    [
        ("C01", "equals", 10, 2025, ("sco_10",)),
        ("C06", "at_least", 50, 2024, ("CHN",)),
        ("C07", "equals", 6.9, 2024, ("CHN",)),
        ("C13", "at_least", 880, 2024, ("IND",)),
        ("C16", "at_least", 400, 2024, ("KAZ",)),
        ("C20", "at_most", 50, 2024, ("TJK",)),
        ("C22", "equals", 0.77, None, ("sco_10",)),
        ("C29", "equals", 0.6, 2025, ("PAK",)),
        ("C31", "equals", 8.3, 2023, ("PAK",)),
        ("C32", "equals", 11.7, 2024, ("PAK",)),
    ],
)
def test_claims_have_the_articles_numbers(
    catalog: Catalog, code: str, kind: str, value: float, year: int, economies: tuple[str, ...]
) -> None:
    claim = catalog.claims[code]

    assert (claim.kind, claim.value, claim.year, claim.economies) == (kind, value, year, economies)


def test_a_size_is_claimed_as_the_table_of_reported_sizes_has_it(catalog: Catalog) -> None:
    """The article's sizes stand in two files; they say the same."""
    scale = {"trillion yuan": 1.0, "billion US$": 1.0, "trillion US$": 1.0}
    claims = [c for c in catalog.claims.values() if c.unit in scale and len(c.economies) == 1]
    told = [s for s in catalog.digital_economy_sizes.values() if s.id.endswith("_article")]

    for size in told:
        alike = [
            c
            for c in claims
            if (c.economies, c.unit, c.year) == ((size.economy,), size.unit, size.year)
        ]
        assert any(c.value == size.value for c in alike), size.id
    assert len(told) == 5


def test_what_cannot_be_checked_says_what_would_be_needed(catalog: Catalog) -> None:
    for claim in map(catalog.claim, catalog.claims):
        assert claim.expression or claim.needs, claim.id
