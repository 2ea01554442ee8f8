"""Reports on other blocs: found by name, named in id and manifest, apart from the project's own."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipeline import cli
from pipeline.catalog.entry import PROJECT_BLOC, PROJECT_SET
from pipeline.catalog.models import Catalog
from pipeline.catalog.of_bloc import find_bloc, of_bloc
from pipeline.cli_words import WRONG_USE
from pipeline.editions.bloc import report_on
from pipeline.editions.standing import Edition
from pipeline.editions.verify import verify
from pipeline.errors import SettingsError
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from pipeline.inputs import EditionInputs, edition_id
from pipeline.report.build import EXHIBITS, OF_THE_ARTICLE, build_report
from pipeline.report.content import Exhibit, Paragraph, Report, Section
from pipeline.report.editions_list import editions
from pipeline.report.facts import ONLINE
from pipeline.settings import Settings, settings
from pipeline.warehouse.build import build_core, build_marts
from pipeline.warehouse.readings import Readings
from tests.once import Once
from tests.small_project import small_settings

DAY = date(2026, 5, 1)
EAEU = ("ARM", "BLR", "KAZ", "KGZ", "RUS")
SQL_DIR = Path(__file__).parents[1] / "sql"


def inputs(bloc: str = PROJECT_BLOC) -> EditionInputs:
    return EditionInputs(DAY, {"a": "1"}, "a", "b", "c", "d", bloc=bloc)


@pytest.mark.parametrize("name", ["EAEU", "eaeu", "EaEu"])
def test_a_bloc_is_found_in_whatever_case(catalog: Catalog, name: str) -> None:
    assert find_bloc(catalog, name) == "eaeu"


@pytest.mark.parametrize("name", ["nato", "", "world"])
def test_an_unknown_bloc_is_an_error_that_lists_those_there_are(
    catalog: Catalog, name: str
) -> None:
    with pytest.raises(SettingsError, match=r"ASEAN.*BRICS.*EAEU.*EU.*SCO"):
        find_bloc(catalog, name)


def test_an_unknown_bloc_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["report", "--bloc", "nato"])

    assert left.value.code == WRONG_USE
    assert "'nato'" in capsys.readouterr().err


def test_the_set_of_a_bloc_is_its_members_of_the_day(catalog: Catalog) -> None:
    known = of_bloc(catalog, "eaeu", DAY)
    assert known.members(known.reported) == EAEU
    early = of_bloc(catalog, "eaeu", date(2015, 6, 1))
    assert early.members(early.reported) == ("ARM", "BLR", "KAZ", "RUS")


def test_the_composite_index_of_another_bloc_ranks_its_states(catalog: Catalog) -> None:
    known = of_bloc(catalog, "eaeu", DAY)

    assert {p.member_set for p in known.index.values()} == {known.reported}
    assert {p.member_set for p in catalog.index.values()} == {PROJECT_SET}


def test_a_bloc_that_was_not_there_yet_is_an_error(catalog: Catalog) -> None:
    with pytest.raises(SettingsError, match=r"'eaeu'.*0 members on 2014"):
        of_bloc(catalog, "eaeu", date(2014, 6, 1))


def test_of_the_projects_bloc_the_catalogue_stays_as_it_is(catalog: Catalog) -> None:
    assert of_bloc(catalog, PROJECT_BLOC, DAY) == catalog
    assert catalog.reported == PROJECT_SET


def test_the_id_of_an_edition_names_another_bloc_and_not_the_projects() -> None:
    assert edition_id(DAY, "1a2b3c4d5e") == "2026-05-01-1a2b3c4d"
    assert edition_id(DAY, "1a2b3c4d5e", "eaeu") == "2026-05-01-eaeu-1a2b3c4d"
    assert inputs("eaeu").edition != inputs("brics").edition


def test_the_manifest_keeps_the_bloc(catalog: Catalog) -> None:
    assert EditionInputs.from_json(inputs("eaeu").as_json()) == inputs("eaeu")
    assert EditionInputs.from_json(inputs().as_json()) == inputs()
    assert "bloc" not in inputs().as_json()


@dataclass(frozen=True)
class Made:
    """A report on a bloc with the warehouse that it was made from."""

    report: Report
    warehouse: Path

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            return con.execute(sql).fetchall()

    def section(self, name: str) -> Section:
        return next(s for s in self.report.sections if s.id == name)

    def exhibit(self, name: str) -> Exhibit:
        return next(e for e in self.report.exhibits() if e.id == name)


@pytest.fixture(scope="module")
def eaeu(once: Once, bundled_archive: Archive, catalog: Catalog) -> Made:
    """The report on a small bloc, from a warehouse of its own."""
    as_of = bundled_archive.newest_vintage()
    known = of_bloc(catalog, "eaeu", as_of)

    def build(path: Path) -> None:
        readings = Readings.from_settings(Settings())
        build_core(path, bundled_archive, known, as_of, SQL_DIR, readings=readings)
        build_marts(path, known, SQL_DIR)

    warehouse = once.file("eaeu.duckdb", build)

    def tell() -> Report:
        with duckdb.connect(str(warehouse), read_only=True) as con:
            return build_report(con, known, as_of=as_of, edition="x")

    return Made(once.value("eaeu-report", tell), warehouse)


def archived(archive: Archive, snapshot: str) -> pd.DataFrame:
    """Economy, year and value as the archived bytes of a snapshot say them."""
    chosen = next(s for s in archive.snapshots() if s.snapshot == snapshot)
    frame = read_observations(chosen, archive.read(chosen))
    return frame.assign(value=frame["value"].astype(float), year=frame["year"].astype(int))


def said(section: Section) -> str:
    """The paragraphs of a section as they read."""
    return " ".join(
        "".join(span.text for span in block.prose)
        for block in section.blocks
        if isinstance(block, Paragraph)
    )


@pytest.mark.slow
def test_a_report_on_another_bloc_has_every_section_but_the_articles(eaeu: Made) -> None:
    names = [s.id for s in eaeu.report.sections]

    assert names == [*(n for n in EXHIBITS if n != OF_THE_ARTICLE), "profiles", "method"]
    assert eaeu.report.bloc == "eaeu"
    assert "Eurasian Economic Union" in eaeu.report.title


@pytest.mark.slow
def test_a_report_on_another_bloc_says_nothing_of_the_article(eaeu: Made) -> None:
    report = eaeu.report
    told = repr((report.title, report.standfirst, report.sections, report.notes, report.findings))

    assert "article" not in told.replace("Journal articles", "").replace("'articles'", "")
    assert "Shanghai" not in told
    assert "claim_grid" not in {e.id for e in report.exhibits()}


@pytest.mark.slow
def test_no_sentence_counts_the_projects_ten(eaeu: Made) -> None:
    exhibits = [(e.title, e.subtitle, e.note) for e in eaeu.report.exhibits()]
    texts = [said(s) for s in eaeu.report.sections]
    told = repr((eaeu.report.standfirst, exhibits, texts))

    counted = re.findall(r"(?i)(?:of|the|all) ten (?:members|states|in)|the ten\b", told)
    assert counted == []


@pytest.mark.slow
def test_its_states_are_its_own(eaeu: Made) -> None:
    names = ["Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia"]

    for name in ("internet_tiles", "target_years", "index_scores"):
        assert sorted(str(r["member"]) for r in eaeu.exhibit(name).table.rows) == names
    assert [p.title for p in eaeu.report.profiles()] == names


@pytest.mark.slow
def test_no_finding_of_a_bloc_with_figures_is_unknown(eaeu: Made) -> None:
    assert [f.id for f in eaeu.report.findings if f.outcome == "unknown"] == []


@pytest.mark.slow
def test_exhibits_are_numbered_as_they_are_read(eaeu: Made) -> None:
    for kind in ("figure", "table"):
        shown = [
            block.number
            for section in eaeu.report.sections
            for block in section.blocks
            if isinstance(block, Exhibit) and block.kind == kind
        ]
        assert shown == sorted(shown)


@pytest.mark.slow
def test_the_spread_of_internet_use_is_that_of_the_blocs_states(
    eaeu: Made, bundled_archive: Archive
) -> None:
    """Computed a second way: the standard deviation of ln y over the states of the row."""
    ((snapshot,),) = eaeu.ask(
        f"SELECT snapshot FROM core.snapshots WHERE indicator = '{ONLINE}' AND is_current"
    )
    values = archived(bundled_archive, snapshot)
    rows = eaeu.ask(
        "SELECT year, value, members FROM marts.convergence WHERE measure = 'sd_logs' "
        f"AND indicator = '{ONLINE}' AND who = 'eaeu_today' AND published"
    )

    assert len(rows) > 5
    for year, value, members in rows:
        own = values[values["economy"].isin(members.split()) & (values["year"] == year)]["value"]
        assert set(members.split()) <= set(EAEU)
        assert value == pytest.approx(float(np.std(np.log(own.to_numpy()))), abs=1e-12)


@pytest.mark.slow
def test_trade_that_nobody_holds_is_left_out_in_a_sentence(eaeu: Made) -> None:
    section = eaeu.section("bloc_trade")

    assert "are held for four of the five members only" in said(section)
    assert [b for b in section.blocks if isinstance(b, Exhibit)] == []


@pytest.mark.slow
def test_revisions_are_counted_for_its_own_states(eaeu: Made) -> None:
    found = eaeu.ask("SELECT DISTINCT economy FROM marts.revisions")

    assert {economy for (economy,) in found} == {*EAEU, "WLD"}


@pytest.fixture(scope="module")
def project(once: Once, small_bundled: Path) -> Settings:
    """A small project in folders of its own, of which most series are missing."""
    return small_settings(once.folder / "asean", bundled_dir=small_bundled)


@pytest.fixture(scope="module")
def edition(once: Once, project: Settings, catalog: Catalog) -> Edition:
    """An edition about ASEAN from the small archive, with every check of the data."""
    archive = Archive.from_settings(project)
    made = once.value("asean", lambda: report_on("asean", archive, catalog, settings=project))
    assert made.edition is not None
    return Edition.at(made.edition)


@pytest.mark.slow
def test_an_edition_on_another_bloc_is_verified_like_any(
    edition: Edition, project: Settings, catalog: Catalog
) -> None:
    found = verify(edition, Archive.from_settings(project), catalog, settings=project)

    assert [c for c in (*found.outputs, *found.exhibits, *found.findings) if c.difference] == []
    assert found.same


@pytest.mark.slow
def test_a_section_without_figures_says_so_and_shows_nothing(edition: Edition) -> None:
    assert edition.folder is not None
    page = (edition.folder / "report.html").read_text("utf-8")

    assert "figures enough for an index that ranks them" in page
    assert "no figure of trade between two of them is held" in page
    assert "index_scores" not in {e.id for e in edition.manifest.exhibits}


@pytest.fixture
def _here(project: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The small project as that of the command."""
    monkeypatch.setenv("SCO_EDITIONS_DIR", str(project.editions_dir))
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.slow
@pytest.mark.usefixtures("_here")
def test_the_list_of_editions_has_it_and_the_pointer_to_the_newest_has_not(
    edition: Edition, project: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    name = edition.manifest.edition
    with pytest.raises(SystemExit):
        cli.main(["editions", "--json"])
    (listed,) = json.loads(capsys.readouterr().out)
    with pytest.raises(SystemExit):
        cli.main(["editions"])

    assert (listed["edition"], listed["bloc"], listed["latest"]) == (name, "asean", False)
    assert re.search(rf"{name}\s.*\sasean\s", capsys.readouterr().out)
    assert editions(project.editions_dir) == ()
    assert not (project.editions_dir / "latest").exists()
