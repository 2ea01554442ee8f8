"""The bundle command: compiled tables of figures become packs, the same bytes every time."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pipeline.ingest.archive import Archive
from pipeline.ingest.bundle import main
from pipeline.ingest.readers import read_observations
from pipeline.ingest.sidecar import Sidecar

MIRROR = "someone/figures,data/table 1.csv,0123456789abcdef0123456789abcdef01234567"
AT = "https://github.com/someone/figures/blob/0123456789abcdef0123456789abcdef01234567/"
MIRROR_HEAD = "mirror_repository,mirror_path,mirror_commit"

TABLES = {
    "wdi.csv": [
        "snapshot_id,economy_iso3,year,value",
        "new,TJK,2021,36.7",
        "new,CHN,2023,90.6",
        "old,TJK,2021,28.3",
    ],
    "snapshots.csv": [
        f"snapshot_id,indicator_code,vintage,vintage_basis,{MIRROR_HEAD},licence,n_values",
        f"old,IT.NET.USER.ZS,2023-05-01,commit date,{MIRROR},CC BY 4.0,1",
        f"new,IT.NET.USER.ZS,2025-12-19,Last Updated Date in file,{MIRROR},CC BY 4.0,2",
    ],
    "dots.csv": [
        f"reporter_iso3,partner_iso3,flow,year,value_usd_millions,flag,{MIRROR_HEAD}",
        f"BLR,CHN,export,1992,27.731,,{MIRROR}",
        f"BLR,CHN,import,1992,5,e,{MIRROR}",
        f"BLR,WLD,export,1992,28,,{MIRROR}",
    ],
    "dds.csv": [
        f"economy_iso3,indicator_code,year,value,unit_mult,obs_status,{MIRROR_HEAD}",
        f"CHN,UNCTAD_DE_DIG_SERVTRADE_ANN_EXP,2023,207,6,A,{MIRROR}",
        f"AND,UNCTAD_DE_DIG_SERVTRADE_ANN_EXP,2023,,6,O,{MIRROR}",
        f"CHN,UNCTAD_DE_DIG_SERVTRADE_ANN_IMP,2023,171,6,A,{MIRROR}",
    ],
    "egdi.csv": [
        f"economy_iso3,survey_year,rank,egdi,osi,hci,tii,epi,{MIRROR_HEAD}",
        f"KAZ,2022,28,0.86280,0.9,0.8,0.7,0.8,{MIRROR}",
        f"TJK,2022,,0.5039,0.9,0.8,0.7,0.8,{MIRROR}",
        f"KAZ,2024,24,0.90093,0.9,0.8,0.7,0.8,{MIRROR}",
        f",2024,69,0.77923,0.9,0.8,0.7,0.8,{MIRROR}",
    ],
    "gci.csv": [
        f"economy_iso3,edition,score,scale,{MIRROR_HEAD}",
        f"KAZ,2018,0.778,0-1,{MIRROR}",
        f"KAZ,2024,94.04,0-100,{MIRROR}",
        f"HKG,2024,#N/A,0-100,{MIRROR}",
        f",2024,100,0-100,{MIRROR}",
    ],
}

Build = Callable[..., Archive]


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "figures"
    folder.mkdir()
    for name, lines in TABLES.items():
        (folder / name).write_text("\n".join(lines) + "\n")
    return folder


def options(tables: Path, out: Path) -> list[str]:
    chosen = ["--wdi", str(tables / "wdi.csv"), str(tables / "snapshots.csv")]
    for name in ("dots", "dds", "egdi", "gci"):
        chosen += [f"--{name}", str(tables / f"{name}.csv")]
    return [*chosen, "--out", str(out)]


@pytest.fixture
def build(tables: Path, tmp_path: Path) -> Build:
    """Builds all tables and opens the result."""

    def do() -> Archive:
        assert main(options(tables, tmp_path / "out")) == 0
        return Archive(None, tmp_path / "out")

    return do


def of(archive: Archive, publisher: str) -> list[Sidecar]:
    return [s for s in archive.snapshots() if s.publisher == publisher]


def rows(archive: Archive, sidecar: Sidecar) -> list[tuple[str, str, str, int, str, str]]:
    return [*read_observations(sidecar, archive.read(sidecar)).itertuples(index=False, name=None)]


def test_the_same_tables_give_the_same_bytes(tables: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main(options(tables, tmp_path / name)) == 0

    one, two = (
        {p.name: p.read_bytes() for p in (tmp_path / name / "packs").iterdir()}
        for name in ("one", "two")
    )
    assert one == two
    assert len(one) == 8  # packs of wdi, egdi and gci, two of dots and dds each, and the index


def test_it_says_what_it_wrote(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(options(tables, tmp_path / "out"))

    assert capsys.readouterr().out.startswith("10 snapshots, 39 values in 7 packs, 0.0")


def test_each_snapshot_of_wdi_keeps_its_provenance(build: Build) -> None:
    archive = build()
    old, new = of(archive, "world_bank_wdi")

    assert (old.vintage, new.vintage) == (date(2023, 5, 1), date(2025, 12, 19))
    assert old.vintage_basis == "date of the commit that brought the copy: an upper bound"
    assert new.source == AT + "data/table%201.csv"
    assert new.licence == "CC BY 4.0"
    assert rows(archive, new) == [
        ("IT.NET.USER.ZS", "CHN", "_Z", 2023, "90.6", ""),
        ("IT.NET.USER.ZS", "TJK", "_Z", 2021, "36.7", ""),
    ]


def test_trade_is_bilateral_and_estimates_are_flagged(build: Build) -> None:
    archive = build()
    exports, imports = of(archive, "imf_dots")

    assert rows(archive, exports) == [
        ("DOTS.EXPORTS", "BLR", "CHN", 1992, "27.731", ""),
        ("DOTS.EXPORTS", "BLR", "WLD", 1992, "28", ""),
    ]
    assert rows(archive, imports) == [("DOTS.IMPORTS", "BLR", "CHN", 1992, "5", "E")]
    assert "upper bound" in exports.vintage_basis


def test_services_without_a_value_are_left_out(build: Build) -> None:
    archive = build()
    exports, imports = of(archive, "unctad")

    assert rows(archive, exports) == [("UNCTAD.DDS.EXPORTS", "CHN", "_Z", 2023, "207", "A")]
    assert rows(archive, imports) == [("UNCTAD.DDS.IMPORTS", "CHN", "_Z", 2023, "171", "A")]


def test_a_survey_holds_all_surveys_up_to_it(build: Build) -> None:
    archive = build()
    first, second = of(archive, "un_egdi")

    assert first.vintage == date(2022, 12, 31)
    assert {row[3] for row in rows(archive, first)} == {2022}
    assert {row[3] for row in rows(archive, second)} == {2022, 2024}
    assert ("EGDI", "KAZ", "_Z", 2022, "0.86280", "") in rows(archive, second)
    assert ("EGDI.RANK", "KAZ", "_Z", 2024, "24", "") in rows(archive, second)
    assert not [row for row in rows(archive, second) if row[:2] == ("EGDI.RANK", "TJK")]
    assert second.indicators == (
        "EGDI", "EGDI.EPI", "EGDI.HCI", "EGDI.OSI", "EGDI.RANK", "EGDI.TII",
    )  # fmt: skip
    assert "earlier ones" in second.vintage_basis


def test_scores_on_the_old_scale_say_so(build: Build) -> None:
    archive = build()
    first, second = of(archive, "itu_gci")

    assert (first.vintage, second.vintage) == (date(2019, 12, 31), date(2024, 12, 31))
    assert rows(archive, second) == [
        ("GCI", "KAZ", "_Z", 2018, "0.778", "scale 0-1"),
        ("GCI", "KAZ", "_Z", 2024, "94.04", ""),
    ]


def test_tidy_tables_with_provenance_are_bundled_too(tmp_path: Path) -> None:
    folder = tmp_path / "tidy"
    folder.mkdir()
    (folder / "a.csv").write_text("economy,year,value\nCHN,2020,1\n")
    (folder / "a.json").write_text(
        json.dumps(
            {
                "publisher": "un_egdi", "indicator": "EGDI", "vintage": "2024-12-31",
                "vintage_basis": "survey", "source": "here", "licence": "UN", "attribution": "UN",
            }
        )
    )  # fmt: skip

    assert main(["--tidy", str(folder), "--out", str(tmp_path / "out")]) == 0

    assert len(Archive(None, tmp_path / "out").snapshots()) == 1


@pytest.mark.parametrize(
    ("table", "old", "new", "complaint"),
    [
        ("wdi.csv", "old,TJK", "odd,TJK", "no values of snapshot 'old'"),
        ("wdi.csv", "90.6", "90.6%", "wdi.csv: row 3: value is '90.6%', expected a finite number"),
        ("snapshots.csv", "CC BY 4.0,1", "CC BY 4.0,9", "snapshot 'old' has 1 values, "),
        ("snapshots.csv", "2023-05-01", "May 2023", "snapshot 'old': vintage: "),
        ("snapshots.csv", "indicator_code", "indicator", "no column 'indicator_code'"),
        ("dots.csv", "import", "re-import", "row 3: flow is 're-import', expected one of"),
        ("dds.csv", "207,6,", "207,3,", "column unit_mult is not 6 throughout"),
        ("egdi.csv", "2022,28", "MMXXII,28", "row 2: survey_year is 'MMXXII', expected a year"),
        ("egdi.csv", "tii", "iit", "no column 'tii'"),
        ("gci.csv", "KAZ,2018", "KAZ,2016", "edition '2016': year of publication unknown"),
    ],
)
def test_a_wrong_table_is_one_sentence_and_nothing_is_written(
    tables: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    table: str,
    old: str,
    new: str,
    complaint: str,
) -> None:
    path = tables / table
    path.write_text(path.read_text().replace(old, new))

    assert main(options(tables, tmp_path / "out")) == 2

    error = capsys.readouterr().err
    assert complaint in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_snapshot_nobody_lists_is_an_error(
    tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (tables / "wdi.csv").open("a") as file:
        file.write("third,CHN,2020,1\n")

    assert main(options(tables, tmp_path / "out")) == 2
    assert "no row for snapshot 'third'" in capsys.readouterr().err


def test_a_folder_without_tables_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--tidy", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "no table in .csv or .parquet" in capsys.readouterr().err
