"""What several publishers give: what ships, that a wrong entry is named, and rivals of claims."""

import pytest

from pipeline.catalog import Catalog
from pipeline.catalog.claims import Claim, Figure
from pipeline.catalog.concepts import Concept, ConceptSeries, Tolerance
from pipeline.catalog.rivals import with_rivals
from pipeline.errors import CatalogError
from tests.catalog.conftest import Copy

FILE = "concepts.yaml"
ITU, WDI = "ITU_DH_INT_USER_PT", "IT.NET.USER.ZS"


# --- what ships


def test_every_concept_says_what_is_preferred_why_and_how_far_others_may_be(
    catalog: Catalog,
) -> None:
    assert {"internet_users", "goods_exports", "tertiary_enrolment"} <= set(catalog.concepts)
    for concept in catalog.concepts.values():
        assert concept.chosen.indicator == concept.preferred
        assert all((concept.preferred_why, concept.differ, concept.tolerance.why))
        assert concept.others or concept.declared


def test_all_series_of_a_concept_come_to_one_unit(catalog: Catalog) -> None:
    per_unit = {"US$": 1.0, "current US$": 1.0, "million US$": 1e6}
    scale = {"billion US$": 1e9, "million US$": 1e6}
    money = [c for c in catalog.concepts.values() if c.unit in scale]

    assert len(money) == 4
    for concept in money:
        for series in concept.series:
            unit = per_unit[catalog.indicators[series.indicator].unit]
            assert series.factor == pytest.approx(unit / scale[concept.unit]), series.indicator


def test_series_that_need_no_factor_have_the_unit_of_their_concept(catalog: Catalog) -> None:
    plain = [c for c in catalog.concepts.values() if all(s.factor == 1 for s in c.series)]

    assert len(plain) == 6
    for concept in plain:
        units = {catalog.indicators[s.indicator].unit for s in concept.series}
        assert units == {concept.unit}, concept.id


def test_a_survey_is_declared_with_who_says_so(catalog: Catalog) -> None:
    (survey,) = catalog.concepts["internet_users_number"].declared

    assert (survey.economy, survey.year, survey.value) == ("IND", 2024, 886)
    assert all((survey.source, survey.note))
    assert str(survey.url).startswith("https://")


# --- mistakes


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    - indicator: ITU_DH_INT_USER_PT", "    - indicator: ITU_DH_INT_USERS",
         "internet_users: series.1.indicator: ITU_DH_INT_USERS is not in the catalogue, "
         "expected ITU_DH_INT_USER_PT"),
        ("    - indicator: ITU_DH_INT_USER_PT", "    - indicator: IT.NET.USER.FE.ZS",
         "internet_users: series: two of them are of world_bank_wdi, expected one a publisher"),
        ("  preferred: IT.NET.USER.ZS", "  preferred: SP.POP.TOTL",
         "internet_users: fields: preferred SP.POP.TOTL is none of its series, expected one"),
        ("  preferred: IT.NET.USER.ZS", "  preferred: ITU_DH_INT_USER_PT",
         "internet_users: preferred: figures of itu_datahub may not stand in the data package"),
        ("    - indicator: ITU_DH_INT_USER_PT\n", "",
         "internet_users: fields: one series and no declared figure, expected at least two"),
        ("      times: SP.POP.TOTL", "      times: SP.POP",
         "internet_users_number: series.0.times: SP.POP is not in the catalogue"),
        ("      economy: IND", "      economy: IDN_",
         "internet_users_number: declared.0.economy: 'IDN_' has the wrong form"),
        ("      economy: IND", "      economy: QQQ",
         "internet_users_number: declared.0.economy: QQQ is not in the catalogue"),
        ("      year: 2024", "      year: 1999",
         "internet_users_number: declared.0.year: 1999 is not compared, expected 2000 or later"),
        ("    - id: iamai_kantar_2024", "    - id: iamai kantar",
         "internet_users_number: declared.0.id: 'iamai kantar' has the wrong form"),
        ("    measure: units", "    measure: points",
         "tolerance.measure: 'points' is not allowed, expected one of percent, units"),
        ("    value: 0.5", "    value: 0", "fixed_broadband: tolerance.value: 0 is wrong"),
        ("      factor: 1.0e-6\n      partner: each", "      factor: 1.0e-6",
         "goods_exports_by_partner: fields: some series are partner by partner"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named(copy: Copy, old: str, new: str, said: str) -> None:
    copy.replace(FILE, old, new)

    with pytest.raises(CatalogError) as caught:
        copy.load()
    assert said in str(caught.value)


# --- rivals of claims


def concept(*others: ConceptSeries, preferred: ConceptSeries) -> Concept:
    return Concept(
        id="thing", name="A thing", short_name="Thing", unit="units",
        series=(preferred, *others), preferred=preferred.indicator, preferred_why="it is first",
        tolerance=Tolerance(measure="percent", value=5, why="so far"), differ="they count apart",
    )  # fmt: skip


def claim(expression: str, **figures: Figure) -> Claim:
    return Claim(
        id="C99", section="intro", text="There are many.", economies=("KAZ",), kind="at_least",
        value=1, figures=figures, expression=expression,
    )  # fmt: skip


PUBLISHERS = {
    "A": ("office", "Office, Figures"), "B": ("bureau", "Bureau, Numbers"),
    "P": ("office", "Office, Figures"),
}  # fmt: skip


def rivals_of(asked: Claim, *concepts: Concept) -> Claim:
    return with_rivals(asked, {str(n): c for n, c in enumerate(concepts)}, PUBLISHERS)


def test_a_claim_is_asked_of_every_publisher_that_gives_the_same_thing(catalog: Catalog) -> None:
    found = catalog.claim("C13")

    assert found.rivals == {
        "ITU, DataHub, ICT indicators": "online_itu_datahub / 100 * people / 1e6"
    }
    assert found.figures["online_itu_datahub"].indicator == ITU
    assert found.figures["online"].indicator == WDI


def test_a_rival_in_another_unit_is_brought_to_the_claims() -> None:
    same = concept(
        ConceptSeries(indicator="B", factor=1000), preferred=ConceptSeries(indicator="A")
    )

    found = rivals_of(claim("100 * a / p", a=Figure(indicator="A"), p=Figure(indicator="P")), same)

    assert found.rivals == {"Bureau, Numbers": "100 * (a_bureau * 1000.0) / p"}


def test_a_name_within_another_name_is_left_alone() -> None:
    same = concept(ConceptSeries(indicator="B"), preferred=ConceptSeries(indicator="A"))

    found = rivals_of(claim("a / aa", a=Figure(indicator="A"), aa=Figure(indicator="P")), same)

    assert found.rivals == {"Bureau, Numbers": "a_bureau / aa"}


def test_a_rival_of_all_partners_has_the_world_as_partner() -> None:
    world = ConceptSeries(indicator="B", partner="world")
    same = concept(world, preferred=ConceptSeries(indicator="A"))

    found = rivals_of(claim("a", a=Figure(indicator="A")), same)

    assert found.figures["a_bureau"].partners == ("WLD",)


def test_the_year_before_stays_the_year_before() -> None:
    same = concept(ConceptSeries(indicator="B"), preferred=ConceptSeries(indicator="A"))

    found = rivals_of(claim("a", a=Figure(indicator="A", shift=-1)), same)

    assert found.figures["a_bureau"].shift == -1


def test_a_claim_without_arithmetic_or_without_the_thing_has_no_rival(catalog: Catalog) -> None:
    same = concept(ConceptSeries(indicator="B"), preferred=ConceptSeries(indicator="A"))
    other = claim("p", p=Figure(indicator="P"))

    assert rivals_of(other, same) == other
    assert catalog.claim("C06") == catalog.claims["C06"]
