"""Reports on other blocs: found by name, named in id and manifest, apart from the project's own."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline import cli
from pipeline.catalog.entry import PROJECT_BLOC, PROJECT_SET
from pipeline.catalog.models import Catalog
from pipeline.catalog.of_bloc import find_bloc, of_bloc
from pipeline.cli_words import WRONG_USE
from pipeline.errors import SettingsError
from pipeline.ingest.archive import Archive
from pipeline.inputs import EditionInputs, edition_id
from pipeline.report.build import OF_ANY_BLOC, build_report
from pipeline.report.content import Report
from pipeline.warehouse.build import build_core, build_marts

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
    known, name = of_bloc(catalog, "eaeu", DAY)
    assert known.members(name) == EAEU
    early, name = of_bloc(catalog, "eaeu", date(2015, 6, 1))
    assert early.members(name) == ("ARM", "BLR", "KAZ", "RUS")


def test_a_bloc_that_was_not_there_yet_is_an_error(catalog: Catalog) -> None:
    with pytest.raises(SettingsError, match=r"'eaeu'.*0 members on 2014"):
        of_bloc(catalog, "eaeu", date(2014, 6, 1))


def test_of_the_projects_bloc_the_catalogue_stays_as_it_is(catalog: Catalog) -> None:
    assert of_bloc(catalog, PROJECT_BLOC, DAY) == (catalog, PROJECT_SET)


def test_the_id_of_an_edition_names_another_bloc_and_not_the_projects() -> None:
    assert edition_id(DAY, "1a2b3c4d5e") == "2026-05-01-1a2b3c4d"
    assert edition_id(DAY, "1a2b3c4d5e", "eaeu") == "2026-05-01-eaeu-1a2b3c4d"
    assert inputs("eaeu").edition != inputs("brics").edition


def test_the_manifest_keeps_the_bloc(catalog: Catalog) -> None:
    assert EditionInputs.from_json(inputs("eaeu").as_json()) == inputs("eaeu")
    assert EditionInputs.from_json(inputs().as_json()) == inputs()
    assert "bloc" not in inputs().as_json()


@pytest.fixture(scope="module")
def eaeu(
    tmp_path_factory: pytest.TempPathFactory, bundled_archive: Archive, catalog: Catalog
) -> Report:
    """The report on a small bloc, from a warehouse of its own."""
    path = tmp_path_factory.mktemp("eaeu") / "warehouse.duckdb"
    as_of = bundled_archive.newest_vintage()
    known, name = of_bloc(catalog, "eaeu", as_of)
    build_core(path, bundled_archive, known, as_of, SQL_DIR)
    build_marts(path, known, SQL_DIR)
    with duckdb.connect(str(path), read_only=True) as con:
        return build_report(con, known, as_of=as_of, edition="x", member_set=name)


def test_a_report_on_another_bloc_has_the_sections_that_hold_for_any(eaeu: Report) -> None:
    assert [s.id for s in eaeu.sections] == [*OF_ANY_BLOC, "profiles", "method"]
    assert (eaeu.bloc, "Eurasian Economic Union" in eaeu.title) == ("eaeu", True)


def test_a_report_on_another_bloc_says_nothing_of_the_article(eaeu: Report) -> None:
    said = repr((eaeu.title, eaeu.standfirst, eaeu.sections, eaeu.notes, eaeu.findings))

    assert "article" not in said.replace("Journal articles", "").replace("'articles'", "")
    assert "Shanghai" not in said
    assert "claim_grid" not in {e.id for e in eaeu.exhibits()}


def test_its_states_are_its_own(eaeu: Report) -> None:
    exhibit = next(e for e in eaeu.exhibits() if e.id == "internet_tiles")

    assert {r["member"] for r in exhibit.table.rows} == {
        "Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia",
    }  # fmt: skip
    assert [p.title for p in eaeu.profiles()] == [
        "Armenia", "Belarus", "Kazakhstan", "Kyrgyzstan", "Russia",
    ]  # fmt: skip


def test_no_finding_of_a_bloc_with_figures_is_unknown(eaeu: Report) -> None:
    assert [f.id for f in eaeu.findings if f.outcome == "unknown"] == []
