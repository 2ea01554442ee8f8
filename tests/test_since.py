"""What an edition is compared with: chosen once, by what stands, then named in its manifest."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline.assets import by_year
from pipeline.assets.project import Project
from pipeline.catalog import Catalog
from pipeline.cli_words import WRONG_USE
from pipeline.editions import backfill as backfill_module
from pipeline.editions.backfill import Backfilled, backfill, edition_of
from pipeline.editions.since import alike, day_of, must_precede, preceding, settled
from pipeline.editions.standing import standing
from pipeline.errors import ReportError, SettingsError
from pipeline.ingest.archive import Archive
from pipeline.inputs import EditionInputs, as_bytes, inputs_of
from pipeline.report.edition_files import Draft
from pipeline.report.manifest import hash_files
from pipeline.settings import Settings
from tests.conftest import Run

DAY, EARLIER, EARLIEST = date(2026, 5, 1), date(2025, 7, 31), date(2024, 12, 31)
INPUTS = EditionInputs(DAY, {"a": "1"}, "a", "b", "c", "d")

Stand = Callable[..., EditionInputs]


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    """Put an edition of some inputs among the editions: one page and the manifest."""

    def put(inputs: EditionInputs = INPUTS, **changed: Any) -> EditionInputs:
        own = replace(inputs, **changed)
        folder = tmp_path / own.edition
        folder.mkdir()
        (folder / "report.html").write_text(own.edition, "utf-8")
        manifest = {
            "edition": own.edition,
            "files": {name: vars(entry) for name, entry in hash_files(folder).items()},
            "inputs": own.as_json(),
            "title": "A report",
        }
        (folder / "manifest.json").write_bytes(as_bytes(manifest))
        return own

    return put


class TestDefault:
    def test_without_any_edition_it_is_a_year_before(self, tmp_path: Path) -> None:
        assert settled(INPUTS, tmp_path).since is None
        assert settled(INPUTS, tmp_path / "no such folder").since is None

    def test_it_is_the_newest_edition_before(self, tmp_path: Path, stand: Stand) -> None:
        stand(as_of=EARLIEST)
        stand(as_of=EARLIER, code_sha256="of other code")
        stand(as_of=date(2026, 6, 1))
        assert settled(INPUTS, tmp_path) == replace(INPUTS, since=EARLIER)

    def test_one_of_the_same_day_is_none_before(self, tmp_path: Path, stand: Stand) -> None:
        stand(code_sha256="of other code")
        assert settled(INPUTS, tmp_path).since is None

    def test_one_of_another_bloc_does_not_count(self, tmp_path: Path, stand: Stand) -> None:
        stand(as_of=EARLIEST)
        stand(as_of=EARLIER, bloc="brics")
        assert settled(INPUTS, tmp_path).since == EARLIEST
        assert settled(replace(INPUTS, bloc="brics"), tmp_path).since == EARLIER
        assert settled(replace(INPUTS, bloc="eaeu"), tmp_path).since is None

    def test_one_that_is_not_whole_does_not_count(self, tmp_path: Path, stand: Stand) -> None:
        stand(as_of=EARLIEST)
        damaged = stand(as_of=EARLIER)
        (tmp_path / damaged.edition / "report.html").write_text("otherwise", "utf-8")
        unreadable = stand(as_of=date(2026, 1, 1))
        (tmp_path / unreadable.edition / "manifest.json").write_text("{", "utf-8")
        (tmp_path / stand(as_of=date(2026, 2, 1)).edition).rename(tmp_path / "renamed")
        assert settled(INPUTS, tmp_path).since == EARLIEST


class TestStanding:
    @pytest.mark.parametrize("since", [None, EARLIEST, EARLIER])
    def test_an_edition_stands_whatever_it_is_compared_with(
        self, tmp_path: Path, stand: Stand, since: date | None
    ) -> None:
        own = stand(since=since)
        # Made afterwards; it would be the default now.
        stand(as_of=date(2026, 1, 31))
        found = standing(settled(INPUTS, tmp_path), tmp_path)
        assert found is not None
        assert found.manifest.inputs == own

    def test_of_several_the_newest_comparison_stands(self, tmp_path: Path, stand: Stand) -> None:
        for since in (EARLIER, None, EARLIEST):
            stand(since=since)
        assert settled(INPUTS, tmp_path).since == EARLIER

    def test_what_is_wanted_must_match(self, tmp_path: Path, stand: Stand) -> None:
        own = stand(since=EARLIER)
        assert settled(INPUTS, tmp_path, wanted=EARLIER) == own
        other = settled(INPUTS, tmp_path, wanted=EARLIEST)
        assert other.since == EARLIEST
        assert standing(other, tmp_path) is None

    @pytest.mark.parametrize("field", ["archive_sha256", "catalog_sha256", "code_sha256"])
    def test_of_other_inputs_none_stands(self, tmp_path: Path, stand: Stand, field: str) -> None:
        stand(**{field: "other"})
        assert alike(INPUTS, tmp_path) is None

    def test_one_that_was_changed_does_not_stand(self, tmp_path: Path, stand: Stand) -> None:
        own = stand(since=EARLIER)
        (tmp_path / own.edition / "more.txt").write_text("more", "utf-8")
        assert alike(INPUTS, tmp_path) is None


class TestWanted:
    def test_a_day_is_a_date_or_that_of_an_edition(self, tmp_path: Path, stand: Stand) -> None:
        own = stand(as_of=EARLIER)
        folder = tmp_path / own.edition
        assert day_of("2025-07-31", tmp_path) == EARLIER
        assert day_of(own.edition, tmp_path) == EARLIER
        assert day_of(str(folder), tmp_path / "elsewhere") == EARLIER
        assert day_of(str(folder / "manifest.json"), tmp_path / "elsewhere") == EARLIER

    @pytest.mark.parametrize("text", ["yesterday", "2025-02-30", "2025-07-31-00000000", ""])
    def test_anything_else_is_an_error_that_says_what_is_expected(
        self, tmp_path: Path, text: str
    ) -> None:
        with pytest.raises(SettingsError, match=rf"since '{text}': expected a date \(YYYY-MM-DD\)"):
            day_of(text, tmp_path)

    @pytest.mark.parametrize("since", [DAY, date(2026, 5, 2)])
    def test_it_must_come_before(self, tmp_path: Path, since: date) -> None:
        with pytest.raises(SettingsError, match=rf"since {since}: .* as-of date, 2026-05-01"):
            settled(INPUTS, tmp_path, wanted=since)
        must_precede(date(2026, 4, 30), DAY)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--since", "yesterday"), "since 'yesterday': expected a date (YYYY-MM-DD) or an edi"),
            (
                ("--as-of", "2025-07-31", "--since", "2025-07-31"),
                "since 2025-07-31: expected a day",
            ),
            (
                ("--since", "2999-01-01"),
                "since 2999-01-01: expected a day before the edition's own",
            ),
            (
                ("--bloc", "EAEU", "--since", "2999-01-01"),
                "since 2999-01-01: expected a day before",
            ),
        ],
    )
    def test_of_the_command_it_is_wrong_use_told_in_a_line(
        self,
        arguments: Sequence[str],
        said: str,
        run_sco: Run,
    ) -> None:
        code, _, err = run_sco("report", "--json", *arguments)
        assert code == WRONG_USE
        (line,) = err.splitlines()
        assert said in line


class TestBackfill:
    DAYS = (date(2023, 12, 31), date(2024, 12, 31), date(2025, 12, 31), DAY)

    def test_each_day_is_compared_with_the_one_before_it(self) -> None:
        found = [preceding(day, self.DAYS, date(2020, 1, 1)) for day in self.DAYS]
        assert found == [None, *self.DAYS[:-1]]

    def test_the_order_of_the_days_does_not_matter(self) -> None:
        first = date(2020, 1, 1)
        for turned in permutations(self.DAYS):
            assert preceding(DAY, turned, first) == date(2025, 12, 31)

    def test_each_edition_is_made_with_it_in_whatever_order(
        self,
        tmp_path: Path,
        bundled_archive: Archive,
        catalog: Catalog,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        made: dict[date, date | None] = {}

        def note(*given: object, since: date | None, **_: object) -> Draft:
            made[date.fromisoformat(str(given[2]))] = since
            raise ReportError("noted, and not made")

        monkeypatch.setattr(backfill_module, "draft", note)
        here = Settings(home=tmp_path / "home", editions_dir=tmp_path / "editions")
        days = (date(2000, 12, 31), *self.DAYS)
        for turned in (days, days[::-1]):
            results = list(backfill(bundled_archive, catalog, turned, settings=here))
            assert [str(r) for r in results] == [
                f"{day}: not made: noted, and not made" for day in turned
            ]
            # In 2000 nothing had been published.
            assert made == dict(zip(days, [None, None, *self.DAYS[:-1]], strict=True))
            made.clear()

    def test_one_that_stands_is_not_made_again(
        self,
        tmp_path: Path,
        stand: Stand,
        bundled_archive: Archive,
        catalog: Catalog,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        own = stand(inputs_of(bundled_archive, catalog, self.DAYS[1], since=EARLIEST))
        monkeypatch.delattr(backfill_module, "draft")
        here = Settings(home=tmp_path / "home", editions_dir=tmp_path)
        done = edition_of(bundled_archive, catalog, self.DAYS[1], days=self.DAYS, settings=here)
        assert (done.folder, done.new) == (tmp_path / own.edition, False)

    def test_a_year_of_the_ui_is_compared_with_the_year_before(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[date | None] = []

        def note(*given: date, days: list[date], **_: object) -> Backfilled:
            asked.append(preceding(given[2], days, date(2013, 12, 21)))
            raise ReportError("noted, and not made")

        monkeypatch.setattr(by_year, "edition_of", note)
        here = Settings(home=tmp_path / "home", editions_dir=tmp_path / "editions")
        asset = by_year.build_by_year(Project(here))
        for year in ("2024", "2013", "2019"):
            with pytest.raises(ReportError, match="noted"):
                asset(dg.build_asset_context(partition_key=year))
        assert asked == [date(2023, 12, 31), None, date(2018, 12, 31)]

    def test_a_day_on_which_nothing_had_been_published_is_left_out(self) -> None:
        assert preceding(self.DAYS[1], self.DAYS, date(2024, 1, 1)) is None
        assert preceding(self.DAYS[1], self.DAYS, date(2023, 12, 31)) == date(2023, 12, 31)
