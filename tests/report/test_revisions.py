"""The section on revisions: what is chosen to be shown, and how it is told.

Here a small warehouse says what a test lets it say; that all is what the archive says is in
``test_bundled_revisions``.
"""

from datetime import date

import pytest

from pipeline.report.content import Exhibit, Paragraph, Report
from pipeline.report.exhibits import revisions as exhibits
from tests.report.small_warehouse import AS_OF, ICT_EXPORTS, ONLINE, ReportWarehouse
from tests.warehouse.conftest import TEN

DAYS = tuple(date(2025, month, 1) for month in (2, 4, 6, 8))
LIMIT = 12.0


@pytest.fixture
def told(warehouse: ReportWarehouse) -> ReportWarehouse:
    """The small warehouse with headlines that have a limit, built on a day."""
    known = warehouse.catalog.indicators
    update = {
        ONLINE: known[ONLINE].model_copy(
            update={"headline": True, "max_jump": LIMIT, "unit": "% of population"}
        ),
        ICT_EXPORTS: known[ICT_EXPORTS].model_copy(
            update={"headline": True, "unit": "current US$"}
        ),
    }
    warehouse.catalog = warehouse.catalog.model_copy(update={"indicators": {**known, **update}})
    warehouse.add("core.build", as_of=AS_OF)
    return warehouse


def say(warehouse: ReportWarehouse, economy: str, year: int, *values: float) -> None:
    """What the releases said of one figure of internet use, in turn."""
    for vintage, value in zip(DAYS, values, strict=False):
        warehouse.add(
            "marts.value_history", indicator=ONLINE, economy=economy, year=year, vintage=vintage,
            value=value,
        )  # fmt: skip


def index(warehouse: ReportWarehouse, year: int, *values: float, published: bool = True) -> None:
    for seen_from, theil_t in zip(DAYS, values, strict=False):
        warehouse.add(
            "marts.vintage_inequality", seen_from=seen_from, indicator=ICT_EXPORTS, year=year,
            weighting="per_gdp_gdp", theil_t=theil_t, published=published,
        )  # fmt: skip


def counts(
    warehouse: ReportWarehouse, indicator: str, *, before: date | None, **values: int
) -> None:
    standard = dict.fromkeys(
        ("n_new", "n_revised", "n_large", "n_withdrawn", "n_withdrawn_beyond", "n_unchanged"), 0
    )
    warehouse.add(
        "marts.revision_counts", comparison="since", publisher="office", indicator=indicator,
        vintage_old=before, vintage_new=DAYS[-1], **(standard | values),
    )  # fmt: skip


def revised(
    warehouse: ReportWarehouse, indicator: str, economy: str, old: float, new: float, *,
    year: int = 2023, large: bool = False, comparison: str = "since",
) -> None:  # fmt: skip
    warehouse.add(
        "marts.revisions", comparison=comparison, publisher="office", indicator=indicator,
        economy=economy, year=year, vintage_old=DAYS[0], vintage_new=DAYS[-1], value_old=old,
        value_new=new, kind="revised", relative=(new - old) / old, large=large,
    )  # fmt: skip


def section(report: Report) -> list[str]:
    """The paragraphs of the section, as read."""
    return [
        "".join(span.text for span in block.prose)
        for s in report.sections
        if s.id == "changes"
        for block in s.blocks
        if isinstance(block, Paragraph)
    ]


def shown(exhibit: Exhibit | None) -> Exhibit:
    assert exhibit is not None
    return exhibit


class TestYear:
    def test_counts_are_told_beside_the_day_they_are_since(self, told: ReportWarehouse) -> None:
        counts(told, ONLINE, before=DAYS[0], n_new=3, n_revised=5, n_unchanged=70, n_large=2)
        counts(told, ICT_EXPORTS, before=None, n_new=9)
        (text,) = section(told.report())
        assert "a year before, 1\u00a0May 2025" in text
        assert "another release since then: 1 of 2; series that were not there: one." in text
        assert "brought 12 values that had been missing, changed 5, and took none away" in text

    def test_what_was_withdrawn_is_told(self, told: ReportWarehouse) -> None:
        counts(told, ONLINE, before=DAYS[0], n_withdrawn=4, n_withdrawn_beyond=3, n_large=2)
        (text,) = section(told.report())
        assert "as of a year before, 1\u00a0May 2025. Series" in text
        assert "and took 4 away, 3 of them only because a copy does not reach so far" in text
        assert "2 of the revisions are larger" in text

    def test_of_nothing_earlier_it_says_that_nothing_can_be_compared(
        self, told: ReportWarehouse
    ) -> None:
        counts(told, ONLINE, before=None, n_new=3)
        assert section(told.report()) == [
            "Nothing in the archive had been published as of a year before, 1\u00a0May 2025, so "
            "that nothing can be compared."
        ]

    def test_title_table_and_head_say_that_it_is_a_year(self, told: ReportWarehouse) -> None:
        revised(told, ONLINE, "CHN", 50, 55)
        counts(told, ONLINE, before=DAYS[0], n_revised=1)
        report = told.report()
        (heading,) = [s.title for s in report.sections if s.id == "changes"]
        exhibit = shown(exhibits.largest_revisions(told.facts()))
        assert heading == "What changed within a year"
        assert report.since == date(2025, 5, 1)
        assert exhibit.title.endswith(": +10\u00a0% within a year")
        assert exhibit.note.startswith("As of a year before, 1\u00a0May 2025, and as of this")
        assert [c.label for c in exhibit.table.columns][3:5] == ["A year before", "Now"]

    def test_at_most_three_revisions_a_series_are_listed_and_large_ones_marked(
        self, told: ReportWarehouse
    ) -> None:
        for n, economy in enumerate(TEN[:4], 1):
            revised(told, ONLINE, economy, 50, 50 + n)
        revised(told, ICT_EXPORTS, "CHN", 2e9, 5e8, large=True)
        rows = shown(exhibits.largest_revisions(told.facts())).table.rows
        assert [(r["place"], r["old"], r["new"]) for r in rows] == [
            ("China", "US$2\u00a0billion", "US$500\u00a0million\u00a0†"),
            ("Iran", "50.0\u00a0%", "54.0\u00a0%"),
            ("India", "50.0\u00a0%", "53.0\u00a0%"),
            ("China", "50.0\u00a0%", "52.0\u00a0%"),
        ]

    def test_what_hardly_changed_is_not_listed(self, told: ReportWarehouse) -> None:
        revised(told, ONLINE, "CHN", 50, 50.4)
        assert exhibits.largest_revisions(told.facts()) is None


class TestSinceTheLastEdition:
    SINCE = date(2025, 7, 31)

    @pytest.fixture
    def told(self, told: ReportWarehouse) -> ReportWarehouse:
        """Built to be compared with an edition."""
        told.con.execute("UPDATE core.build SET since = ?", [self.SINCE])
        return told

    @pytest.mark.parametrize(("withdrawn", "told_of"), [(0, "none away"), (4, "4 away")])
    def test_the_text_names_the_day_and_claims_no_edition_of_it(
        self, told: ReportWarehouse, withdrawn: int, told_of: str
    ) -> None:
        counts(told, ONLINE, before=DAYS[0], n_revised=5, n_withdrawn=withdrawn)
        (text,) = section(told.report())
        assert "with what it said as of 31\u00a0July 2025. Series" in text
        assert "last edition" not in text
        assert f"changed 5, and took {told_of}" in text
        assert "a year before" not in text

    def test_of_nothing_earlier_it_says_that_nothing_can_be_compared(
        self, told: ReportWarehouse
    ) -> None:
        counts(told, ONLINE, before=None, n_new=3)
        assert section(told.report()) == [
            "Nothing in the archive had been published as of 31\u00a0July 2025, so that nothing "
            "can be compared."
        ]

    def test_title_table_and_head_say_which_day_it_is(self, told: ReportWarehouse) -> None:
        revised(told, ONLINE, "CHN", 50, 55)
        counts(told, ONLINE, before=DAYS[0], n_revised=1)
        report = told.report()
        (heading,) = [s.title for s in report.sections if s.id == "changes"]
        exhibit = shown(exhibits.largest_revisions(told.facts()))
        assert heading == "What changed since 31\u00a0July 2025"
        assert report.since == self.SINCE
        assert exhibit.title.endswith(": +10\u00a0% since 31\u00a0July 2025")
        assert "since 31\u00a0July 2025" in exhibit.subtitle
        assert "value as of 31\u00a0July 2025, value now" in exhibit.alt
        assert exhibit.note.startswith("As of 31\u00a0July 2025, and as of this")
        assert [c.label for c in exhibit.table.columns][3:5] == ["As of 31\u00a0July 2025", "Now"]


class TestHistories:
    def test_each_member_is_shown_in_the_year_that_releases_disagree_on_most(
        self, told: ReportWarehouse
    ) -> None:
        say(told, "TJK", 2021, 28.34, 49.8, 49.84, 36.7)
        say(told, "TJK", 2022, 36, 53)
        say(told, "CHN", 2023, 77.5, 90.6)
        say(told, "KAZ", 2023, 80, 92)
        exhibit = shown(exhibits.revision_history(told.facts()))
        assert exhibit.title == (
            "Tajikistan’s share online in 2021: 28.3\u00a0%, then 49.8\u00a0%, then 36.7\u00a0%"
        )
        assert {(r["state"], r["year"]) for r in exhibit.table.rows} == {
            ("Tajikistan", 2021),
            ("China", 2023),
        }

    def test_old_years_have_no_history(self, told: ReportWarehouse) -> None:
        say(told, "RUS", 2015, 20, 60)
        assert exhibits.revision_history(told.facts()) is None

    def test_one_year_is_seen_from_many_releases_where_seven_members_are_in_four(
        self, told: ReportWarehouse
    ) -> None:
        for economy in TEN[:7]:
            say(told, economy, 2021, 50, 50, 50, 51)
        for economy in TEN:
            say(told, economy, 2022, 50, 50, 51)
        exhibit = shown(exhibits.same_year_online(told.facts()))
        assert {r["year"] for r in exhibit.table.rows} == {2021}
        assert exhibit.title.startswith("2021 seen later: ")

    def test_a_figure_that_the_newest_release_has_lost_is_told(self, told: ReportWarehouse) -> None:
        for economy in TEN:
            say(told, economy, 2021, 50, 50, 50, 50)
        told.add("marts.value_history", indicator=ONLINE, economy="CHN", year=2021,
                 vintage=date(2025, 9, 1), value=50)  # fmt: skip
        exhibit = shown(exhibits.same_year_online(told.facts()))
        assert exhibit.title == "2021 seen later: releases agree"
        assert "Belarus, India, Iran, Kazakhstan" in exhibit.note
        assert "China" not in exhibit.note

    def test_a_figure_that_was_revised_much_is_ringed_where_it_is_drawn(
        self, told: ReportWarehouse
    ) -> None:
        revised(told, ONLINE, "TJK", 50, 36, year=2021, large=True, comparison="release")
        for year, value in ((2021, 36.0), (2022, 49.0)):
            told.add("core.current", publisher="office", indicator=ONLINE, economy="TJK",
                     counterpart="_Z", year=year, value=value)  # fmt: skip
        told.add("marts.latest_values", indicator=ONLINE, economy="TJK", year=2022,
                 published_value=49.0, age_years=4)  # fmt: skip
        (paths,) = [e for e in told.report().exhibits() if e.id == "internet_paths"]
        assert "revised the value by more than 12 points (Tajikistan 2021)" in paths.note


class TestIndex:
    def test_a_release_that_moves_the_index_is_named(self, told: ReportWarehouse) -> None:
        index(told, 2012, 0.39, 0.4, 0.4, 1.0)
        told.add(
            "marts.revision_counts", comparison="release", publisher="office",
            indicator=ICT_EXPORTS, vintage_new=DAYS[3], n_revised=70, n_unchanged=0,
            median_relative=0.717,
        )  # fmt: skip
        exhibit = shown(exhibits.same_year_index(told.facts()))
        assert exhibit.title == "The index of 2012 was 0.40; since 1\u00a0August 2025 it is 1.00"
        assert "changed all 70 earlier values of the exports" in exhibit.note
        assert "at least 72\u00a0%" in exhibit.note

    def test_an_index_that_no_release_moves_is_steady(self, told: ReportWarehouse) -> None:
        index(told, 2012, 0.79, 0.79, 0.80, 0.80)
        exhibit = shown(exhibits.same_year_index(told.facts()))
        assert exhibit.title == "The index of 2012 hardly depends on the release"
        assert section(told.report())[-1].startswith(
            "An index moves with the figures below it, if little"
        )

    def test_every_other_year_is_drawn_and_what_may_not_be_published_is_not(
        self, told: ReportWarehouse
    ) -> None:
        for year in range(2005, 2013):
            index(told, year, 0.1, 0.2, 0.3, 0.4)
        index(told, 2013, 0.1, 0.2, 0.3, 0.4, published=False)
        index(told, 2014, 0.1, 0.2)
        assert list(exhibits.index_lines(told.facts())) == [2006, 2008, 2010, 2012]
