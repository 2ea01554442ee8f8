"""The command that backfills releases: first a plan, then what became of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.catalog import load_catalog
from pipeline.settings import PROJECT_ROOT
from tests.conftest import Run
from tests.doubles.world_bank import Values, WorldBankDouble

NET = "IT.NET.USER.ZS"
OF_NET = ("archive", "backfill-releases", "--from", "202401", "--indicator", NET)


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    catalog = load_catalog(PROJECT_ROOT / "pipeline" / "catalog" / "data")
    whole: Values = {(economy, 2020): "50.5" for economy in catalog.fetched_economies()}
    releases = {"202311": {NET: whole}, "202404": {NET: whole}, "202407": {NET: whole}}
    with WorldBankDouble({}, releases=releases) as started:
        yield started


@pytest.fixture
def sco(
    run_sco: Run, double: WorldBankDouble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Run the command on an empty archive."""
    monkeypatch.setenv("SCO_BUNDLED_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("SCO_WORLD_BANK_URL", double.url)
    return run_sco


def test_a_dry_run_asks_for_nothing_but_the_list(sco: Run, double: WorldBankDouble) -> None:
    code, out, _ = sco(*OF_NET, "--dry-run")

    assert code == 0
    assert out.splitlines()[-1] == (
        "2 releases, 2 series to ask for, at most 2 requests; nothing was asked for"
    )
    assert double.count() == double.count("/version?") == 1


def test_a_backfill_archives_and_the_next_has_nothing_to_ask(sco: Run) -> None:
    code, out, _ = sco(*OF_NET, "--json")
    assert (code, [(r["release"], r["state"]) for r in json.loads(out)]) == (
        0, [("202404", "new"), ("202407", "new")],
    )  # fmt: skip

    code, out, _ = sco(*OF_NET, "--dry-run", "--json")
    plan = json.loads(out)
    assert (code, plan["requests"]) == (0, 0)
    assert [list(release["held"]) for release in plan["releases"]] == [[NET], [NET]]


def test_a_release_that_fails_is_named_and_ends_with_1(sco: Run, double: WorldBankDouble) -> None:
    double.releases["202407"][NET] = {("CHN", 2020): "70"}

    code, out, err = sco(*OF_NET)
    assert code == 1
    assert out.splitlines()[-1] == "2 series of releases: 1 new, 0 unchanged, 0 absent, 1 failed"
    assert err.startswith(f"sco: 202407 {NET}: failed: grid: release 202407 left out ")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--from", "2024-01"), 2, "release is '2024-01', expected year and month as 202407"),
        ((), 2, "Missing option '--from'"),
        (("--from", "202701"), 1, "no release between 202701 and now; the publisher lists 3"),
        (("--from", "202401", "--indicator", "EGDI"), 1, "indicator 'EGDI' has no archived"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    sco: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended, _, err = sco("archive", "backfill-releases", *arguments)

    assert ended == code
    assert said in " ".join(err.replace("│", " ").split())
