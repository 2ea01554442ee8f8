"""Import: a table and its provenance become a snapshot, or one sentence says why not."""

import json
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog.models import Catalog, Indicator, Publisher
from pipeline.errors import ArchiveError, ReadError
from pipeline.ingest.archive import Archive
from pipeline.ingest.readers import read_observations
from pipeline.ingest.tables_import import (
    ImportResult,
    Provenance,
    Table,
    import_table,
    load_provenance,
    number_text,
    snapshot_of,
)

PROVENANCE = {
    "publisher": "un_egdi",
    "indicator": "EGDI",
    "vintage": "2024-12-31",
    "vintage_basis": "survey of 2024: the end of its year is an upper bound",
    "source": "https://example.org/egdi.csv",
    "licence": "United Nations: free with attribution",
    "attribution": "United Nations, E-Government Survey",
}

Import = Callable[..., ImportResult]


def provenance(**fields: Any) -> Provenance:
    return Provenance.model_validate(PROVENANCE | fields)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "egdi.csv"


@pytest.fixture
def run(archive: Archive, table: Path) -> Import:
    """Writes the text as the table and imports it."""

    def do(text: str, catalog: Catalog | None = None, **fields: Any) -> ImportResult:
        table.write_text(text, encoding="utf-8", newline="")
        return import_table(archive, table, provenance(**fields), catalog)

    return do


def test_a_table_becomes_a_snapshot(archive: Archive, run: Import) -> None:
    result = run("economy,year,value\nKAZ,2024,0.90093\nCHN,2024,0.87180\n")

    assert (result.new, result.rows, result.left_out) == (True, 2, 0)
    assert archive.read(result.sidecar) == (
        b"economy,year,value\nCHN,2024,0.87180\nKAZ,2024,0.90093\n",
    )
    assert result.sidecar.vintage == date(2024, 12, 31)
    assert result.sidecar.constants == {"indicator": "EGDI"}


def test_the_order_of_rows_and_columns_does_not_matter(run: Import) -> None:
    first = run("economy,year,value\nKAZ,2024,1\nCHN,2024,2\n")
    second = run('value,economy,note,year\r\n2,CHN,x,2024\r\n\r\n1,KAZ,"y,z",2024\r\n')

    assert second == ImportResult(first.sidecar, False, 2, 0)


def test_columns_called_differently_are_mapped(archive: Archive, run: Import) -> None:
    result = run("iso3,period,score\nKAZ,2024,1\n",
                 columns={"economy": "iso3", "year": "period", "value": "score"})  # fmt: skip

    assert archive.read(result.sidecar) == (b"economy,year,value\nKAZ,2024,1\n",)


def test_several_indicators_stand_in_one_snapshot(archive: Archive, run: Import) -> None:
    result = run(
        "indicator,economy,year,value\nEGDI,KAZ,2024,0.9\nEGDI.RANK,KAZ,2024,24\n", indicator=None
    )

    assert result.sidecar.indicators == ("EGDI", "EGDI.RANK")
    frame = read_observations(result.sidecar, archive.read(result.sidecar))
    assert frame["indicator"].tolist() == ["EGDI", "EGDI.RANK"]


def test_declared_missing_values_are_left_out_and_counted(run: Import) -> None:
    result = run("economy,year,value\nKAZ,2024,1\nHKG,2024,#N/A\nPLW,2024,\n", missing=["#N/A", ""])

    assert (result.rows, result.left_out) == (1, 2)


def test_doubles_of_parquet_become_their_shortest_text(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "figures.parquet"
    duckdb.sql(
        "copy (select * from (values ('CHN', 2020, 83.0::double), ('RUS', 2020, 0.1::double), "
        "('IND', 2020, 1e-5::double), ('KAZ', 2020, 1927379.1::double)) t(economy, year, value)) "
        f"to '{path}' (format parquet)"
    )

    result = import_table(archive, path, provenance())

    (body,) = archive.read(result.sidecar)
    assert body.decode().splitlines()[1:] == [
        "CHN,2020,83", "IND,2020,1e-05", "KAZ,2020,1927379.1", "RUS,2020,0.1",
    ]  # fmt: skip


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_shortest_text_reads_back_as_the_same_number(value: float) -> None:
    assert float(number_text(value)) == value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("economy,year,value\nKAZ,2024,1\nCHN,2024,n.a.\n",
         r"row 3: value is 'n\.a\.', expected a finite number"),
        ("economy,year,value\nKAZ,2024,\"1,5\"\n", "row 2: value is '1,5'"),
        ("economy,year,value\nKAZ,2024,\n", "row 2: value is ''"),
        ("economy,year,value\nKAZ,2024,inf\n", "row 2: value is 'inf'"),
        ("economy,year,value\nKZ,2024,1\n", "row 2: economy is 'KZ', expected an ISO 3166"),
        ("economy,year,value\nkaz,2024,1\n", "row 2: economy is 'kaz'"),
        ("economy,year,value\nKAZ,24,1\n", "row 2: year is '24', expected a year"),
        ("economy,year,value\nKAZ,2024-01,1\n", "row 2: year is '2024-01'"),
        ("economy,year,value\nKAZ,2024,1\nKAZ,2024,2\n",
         "row 3: KAZ, 2024 stands already in row 2"),
        ("economy,year,value\nKAZ,2024\n", "row 2: 2 cells, expected 3"),
        ("economy,year,value\nKAZ,2024,1,2\n", "row 2: 4 cells, expected 3"),
        ("economy,value\nKAZ,1\n", "no column 'year', there are: economy, value"),
        ("economy,year,value,year\nKAZ,2024,1,2024\n", "row 1: a column stands twice"),
        ("indicator,economy,year,value\nX,KAZ,2024,1\n",
         "indicator is column 'indicator' and 'EGDI' in the provenance"),
        ("economy,year,value,status\nKAZ,2024,1,\"a,b\"\n",
         "row 2: status is 'a,b', expected a flag without comma"),
        ("economy,year,value\n", "no row with a value"),
        ("", "no column 'economy', there are: none"),
        ("economy,year,value\n\"KAZ,2024,1\n", "row 2: not CSV"),
        ("economy,year,value\nKAZ,2024,\"a\nb\"\nCHN,x,1\n", "row 3: value is"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_named_by_file_row_column_and_value(
    archive: Archive, run: Import, table: Path, tmp_path: Path, text: str, complaint: str
) -> None:
    with pytest.raises(ReadError, match=f"{table}: {complaint}"):
        run(text)

    assert not (tmp_path / "archive").exists()


def test_one_wrong_row_among_many_leaves_nothing_archived(archive: Archive, run: Import) -> None:
    run("economy,year,value\nKAZ,2022,1\n")
    rows = "".join(f"KAZ,{year},1\n" for year in range(1900, 2025))

    with pytest.raises(ReadError, match="row 127: value is '1 '"):
        run(f"economy,year,value\n{rows}CHN,2024,1 \n")

    assert len(archive.snapshots()) == 1


def test_a_table_that_cannot_be_read_is_named(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"nowhere\.csv: cannot be read: No such file"):
        import_table(archive, tmp_path / "nowhere.csv", provenance())
    (tmp_path / "latin.csv").write_bytes("economy,year,value,Größe".encode("latin-1"))
    with pytest.raises(ReadError, match=r"latin\.csv: not UTF-8 at byte 21"):
        import_table(archive, tmp_path / "latin.csv", provenance())
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    with pytest.raises(ReadError, match=r"broken\.parquet: cannot be read as Parquet"):
        import_table(archive, tmp_path / "broken.parquet", provenance())
    with pytest.raises(ReadError, match=r"figures\.xlsx: expected a table in \.csv or \.parquet"):
        import_table(archive, tmp_path / "figures.xlsx", provenance())


def test_a_full_disk_is_the_archives_error(table: Path, tmp_path: Path) -> None:
    table.write_text("economy,year,value\nKAZ,2024,1\n")
    (tmp_path / "file").write_text("")

    with pytest.raises(ArchiveError, match="cannot add un_egdi/egdi/2024-12-31/"):
        import_table(Archive(tmp_path / "file" / "archive"), table, provenance())


# --- provenance


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_provenance_is_found_beside_the_table(archive: Archive, table: Path, suffix: str) -> None:
    table.write_text("economy,year,value\nKAZ,2024,1\n")
    table.with_suffix(suffix).write_text(json.dumps(PROVENANCE))  # JSON is YAML, too

    assert import_table(archive, table).sidecar.publisher == "un_egdi"


def test_a_date_in_yaml_needs_no_quotes(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    lines = [f"{key}: {json.dumps(value)}" for key, value in PROVENANCE.items()]
    path.write_text("\n".join(lines).replace('"2024-12-31"', "2024-12-31"))

    assert load_provenance(path) == provenance()


def test_a_table_without_provenance_is_refused(archive: Archive, table: Path) -> None:
    table.write_text("economy,year,value\nKAZ,2024,1\n")

    with pytest.raises(ReadError, match=r"no provenance beside it, expected egdi\.yaml"):
        import_table(archive, table)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"vintage": "last summer"}, "vintage: .*date.* \\(is 'last summer'\\)"),
        ({"publisher": "UN EGDI"}, "publisher: .*"),
        ({"vintage_basis": " "}, "vintage_basis: .*"),
        ({"licence": 5}, "licence: .*"),
        ({"editor": "me"}, "editor: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_field_of_provenance_is_named(
    tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps(PROVENANCE | change))

    with pytest.raises(ReadError, match=f"{path}: {complaint}"):
        load_provenance(path)


def test_provenance_that_is_not_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("publisher: [un_egdi\n")

    with pytest.raises(ReadError, match=f"{path}: not YAML"):
        load_provenance(path)


def test_a_mapped_column_must_be_a_column_of_observations(run: Import) -> None:
    with pytest.raises(ReadError, match="provenance maps column 'country'"):
        run("economy,year,value\nKAZ,2024,1\n", columns={"country": "economy"})


def test_without_a_catalogue_the_licence_must_be_given(run: Import) -> None:
    with pytest.raises(ReadError, match="the provenance gives no licence"):
        run("economy,year,value\nKAZ,2024,1\n", licence=None)


# --- with a catalogue


@pytest.fixture
def catalog() -> Catalog:
    publisher = Publisher.model_validate(
        {
            "id": "un_egdi", "name": "United Nations", "short_name": "UN", "dataset": "EGDI",
            "url": "https://example.org", "attribution": "UN E-Government Survey",
            "licence": {"name": "UN terms", "redistributable": True}, "cadence_days": 730,
        }
    )  # fmt: skip
    indicator = Indicator.model_validate(
        {
            "id": "EGDI", "publisher": "un_egdi", "name": "E-Government Development Index",
            "short_name": "EGDI", "unit": "index", "pillar": "egov_trust", "kind": "index",
            "direction": "higher_is_better", "plausible": {"minimum": 0, "maximum": 1},
        }
    )  # fmt: skip
    kazakhstan = {"code": "KAZ", "name": "Kazakhstan"}
    return Catalog.model_validate(
        {
            "economies": {"KAZ": kazakhstan}, "blocs": {}, "groups": {}, "member_sets": {},
            "publishers": {"un_egdi": publisher}, "indicators": {"EGDI": indicator}, "sha256": "",
        }
    )  # fmt: skip


def test_the_catalogue_knows_licence_and_attribution(run: Import, catalog: Catalog) -> None:
    text = "economy,year,value\nKAZ,2024,1\nKZA,2024,1\n"

    result = run(text, catalog, licence=None, attribution=None)

    assert (result.sidecar.licence, result.sidecar.attribution) == (
        "UN terms", "UN E-Government Survey",
    )  # fmt: skip
    assert result.unknown_economies == ("KZA",)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            {"publisher": "undp"},
            "publisher 'undp' is not in the catalogue, expected one of un_egdi",
        ),
        (
            {"indicator": "EGDII"},
            "indicator 'EGDII' is not in the catalogue among those of un_egdi",
        ),
    ],
)
def test_what_the_catalogue_does_not_know_is_refused(
    run: Import, catalog: Catalog, change: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ReadError, match=complaint):
        run("economy,year,value\nKAZ,2024,1\n", catalog, **change)


# --- any table

_ROWS = st.dictionaries(
    st.tuples(
        st.sampled_from(["A", "B.C"]),
        st.sampled_from(["CHN", "RUS", "WLD"]),
        st.sampled_from(["_Z", "IND", "1W0"]),
        st.integers(1800, 2099).map(str),
    ),
    st.tuples(
        st.floats(-1e90, 1e90).filter(lambda v: v == 0 or abs(v) > 1e-90).map(number_text),
        st.sampled_from(["", "E", "scale 0-1", "ø"]),
    ),
    min_size=1,
)


@pytest.mark.slow
@given(_ROWS)
def test_any_right_table_is_read_back_cell_by_cell(
    rows: dict[tuple[str, str, str, str], tuple[str, str]],
) -> None:
    cells = [(*key, *value) for key, value in rows.items()]
    names = ("indicator", "economy", "counterpart", "year", "value", "status")
    columns = dict(zip(names, zip(*cells, strict=True), strict=True))
    table = Table("table", columns, range(len(cells)))

    draft, body, count = snapshot_of(table, provenance(indicator=None))
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        sidecar, _ = archive.add(draft, [body])
        frame = read_observations(sidecar, archive.read(sidecar))

    read = [tuple(map(str, row)) for row in frame.itertuples(index=False)]
    assert count == len(cells)
    assert read == sorted(cells)
