"""Fixtures of the report's tests: the sample report, a small warehouse, and the bundled figures."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Browser

from pipeline.catalog.models import Catalog
from pipeline.inputs import EditionInputs, code_hash
from pipeline.language import ENGLISH
from pipeline.report.build import build_report
from pipeline.report.content import Chart, Report
from pipeline.report.edition import write_edition
from pipeline.report.edition_files import Draft
from pipeline.report.fonts import Faces, prepare_fonts
from pipeline.report.site.files import write_language, write_shared
from pipeline.report.views import views_of
from pipeline.settings import settings
from tests.once import Once
from tests.report.chromium import launched
from tests.report.placed_texts import ReadSvg
from tests.report.sample import EDITION, make_report
from tests.report.site_pages import WriteSite
from tests.report.small_warehouse import ReportWarehouse


@pytest.fixture(scope="session")
def sample_report() -> Report:
    return make_report()


@pytest.fixture(scope="session")
def faces() -> Faces:
    """The project's own cache: the faces are made at set-up, and making them takes a while."""
    return prepare_fonts(settings().cache_dir)


@pytest.fixture(scope="session")
def edition_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables that an edition takes from a warehouse, with one row each way."""
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    tables = {
        "core.build(as_of, since, archive_sha256, catalog_sha256, code_sha256)": (
            "(DATE '2026-05-01', DATE '2025-07-31', repeat('a', 64), repeat('c', 64), "
            f"'{code_hash()}')"
        ),
        "core.publishers(publisher, licence, redistributable)": (
            "('office', 'CC BY 4.0', true), ('closed', 'CC BY-NC-SA', false)"
        ),
        "core.indicators(indicator, publisher)": "('INV.A', 'office'), ('CLS', 'closed')",
        "core.economies(economy, name)": "('NOR', '=1+1'), ('SOU', 'Southland')",
        "core.breaks(indicator, economy)": "('INV.A', 'NOR')",
        "core.goods_series(publisher, indicator, flow, state)": (
            "('office', 'INV.A', 'exports', 'speaks')"
        ),
        "core.groups(scheme, economy)": "('north_south', 'NOR')",
        "core.member_sets(member_set, year, economy)": "('all', 2020::SMALLINT, 'NOR')",
        "core.targets(target, indicator)": "('T1', 'INV.A')",
        "core.corrections(correction, indicator, year, found)": (
            "('c1', 'INV.A', 2020::SMALLINT, 1.0::DOUBLE), ('c2', 'CLS', 2020, 2)"
        ),
        "core.current(publisher, indicator, economy, counterpart, year, value, snapshot)": (
            "('office', 'INV.A', 'NOR', '_Z', 2020::SMALLINT, 1.5::DOUBLE, 'office/1'), "
            "('office', 'INV.A', 'SOU', '_Z', 2021, 'inf', 'office/1'), "
            "('office', 'INV.A', 'ABW', '_Z', 2020, 3, 'office/1'), "
            "('closed', 'CLS', 'NOR', '_Z', 2020, 2, 'closed/1')"
        ),
        "core.weightings(indicator, base_indicator)": "('INV.A', 'INV.A'), ('CLS.REST', 'CLS')",
        "core.snapshots(snapshot, indicator, vintage, sha256)": (
            "('office/1', 'INV.A', DATE '2026-04-08', '11'), "
            "('office/2', 'INV.A', DATE '2026-05-02', '22'), "
            "('closed/1', 'CLS', DATE '2024-09-12', '33')"
        ),
        "marts.latest_values(indicator, value)": (
            "('INV.A', 1.5::DOUBLE), ('CLS', 2), ('CLS.REST', 98)"
        ),
        "marts.claims(claim_id, left_out)": "('C1', ''), ('C2', 'NOR')",
    }
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE SCHEMA core; CREATE SCHEMA marts")
        for head, rows in tables.items():
            name, _, columns = head.partition("(")
            con.execute(f"CREATE TABLE {name} AS FROM (VALUES {rows}) AS t({columns}")
    return path


# --- a small warehouse whose marts say what a test lets them say


@pytest.fixture(scope="module")
def inputs() -> EditionInputs:
    """What the sample edition is made of."""
    snapshots = {"b/2": "22", "a/1": "11"}
    return EditionInputs(date(2026, 5, 1), snapshots, "a" * 64, "c" * 64, "d" * 64, "e" * 64)


@pytest.fixture(scope="module")
def draft(sample_report: Report, edition_warehouse: Path, inputs: EditionInputs) -> Draft:
    """The sample, to be written as an edition."""
    return Draft(
        report=replace(sample_report, edition=inputs.edition, as_of=inputs.as_of),
        inputs=inputs,
        warehouse=edition_warehouse,
        checks={"en": "<!DOCTYPE html><title>checks</title>"},
        validation_json="{}",
    )


@pytest.fixture
def write(draft: Draft, faces: Faces, tmp_path: Path) -> Callable[..., Path]:
    """Write the sample as an edition; keywords replace parts of its draft, or the folder."""

    def _write(editions_dir: Path = tmp_path / "editions", **changed: Any) -> Path:
        if "inputs" in changed and "report" not in changed:
            own: EditionInputs = changed["inputs"]
            changed["report"] = replace(draft.report, edition=own.edition, as_of=own.as_of)
        return write_edition(replace(draft, **changed), editions_dir, faces=faces)

    return _write


@pytest.fixture(scope="module")
def made(draft: Draft, faces: Faces, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as an edition, for those who only look at it; not to be changed."""
    return write_edition(draft, tmp_path_factory.mktemp("editions"), faces=faces)


@pytest.fixture
def warehouse() -> Iterator[ReportWarehouse]:
    with duckdb.connect(":memory:") as con:
        yield ReportWarehouse(con)


# --- what stands in a report, and where


@pytest.fixture(scope="session")
def read_svg() -> Callable[[str], ReadSvg]:
    return ReadSvg


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, int | float):
        yield repr(value)
    elif isinstance(value, Chart):
        for picture in (value.wide, value.narrow):
            yield from (placed.text for placed in ReadSvg(picture).texts())
        yield from _texts(value.hover)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _texts(getattr(value, part.name))
    elif isinstance(value, Mapping):
        yield from _texts(tuple(value.values()))
    elif isinstance(value, tuple):
        for part in value:
            yield from _texts(part)


@pytest.fixture(scope="session")
def texts_of() -> Callable[[Report], list[str]]:
    """Everything that a report says, draws as text or tables, a text each."""
    return lambda report: list(_texts(report))


# --- a site, which is read by ``site_pages``


@pytest.fixture(scope="session")
def make_site(faces: Faces, tmp_path_factory: pytest.TempPathFactory) -> WriteSite:
    """Write the site of some reports as an edition would; gives its folder."""

    def _make(*reports: Report, address: str = "") -> Path:
        edition = tmp_path_factory.mktemp("an edition")
        for name in ("report.pdf", "report.ru.pdf", "report.zh.pdf"):
            (edition / name).write_bytes(b"%PDF")
        (edition / "LICENCES.txt").write_text("terms")
        paths: list[str] = []
        for report in reports:
            others = [other.language for other in reports if other is not report]
            paths += write_language(
                report, views_of(report), others, edition, faces=faces, address=address
            )
        write_shared(reports, paths, edition, address=address)
        return edition / "site"

    return _make


# --- a browser, for those that need one (see ``chromium``)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as chromium:
        yield chromium


# --- the report on the bundled archive


@pytest.fixture(scope="session")
def tell_bundled(once: Once, bundled: Path, catalog: Catalog) -> Callable[[str], Report]:
    """Makes the report on the bundled archive in a language."""

    def tell(code: str) -> Report:
        with duckdb.connect(str(bundled), read_only=True) as con:
            (as_of,) = con.execute("SELECT as_of FROM core.build").fetchall()[0]
            return build_report(con, catalog, as_of=as_of, edition=EDITION, language=code)

    return lambda code: once.value(f"bundled-report-{code}", lambda: tell(code))


@pytest.fixture(scope="session")
def bundled_report(tell_bundled: Callable[[str], Report]) -> Report:
    """The report as a user first sees it, on real figures."""
    return tell_bundled(ENGLISH.code)


@pytest.fixture(scope="session")
def values(bundled: Path) -> dict[str, dict[tuple[str, int], float]]:
    """Every value that speaks, by indicator, economy and year: what the marts are made from."""
    with duckdb.connect(str(bundled), read_only=True) as con:
        rows = con.execute(
            "SELECT indicator, economy, year, value FROM core.current WHERE counterpart = '_Z'"
        ).fetchall()
    found: dict[str, dict[tuple[str, int], float]] = {}
    for indicator, economy, year, value in rows:
        found.setdefault(indicator, {})[economy, year] = value
    return found
