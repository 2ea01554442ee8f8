"""What every asset needs at hand: settings, catalogue, tables and suites, loaded once.

Also the paths of a run: the candidate warehouse that it builds beside the published one, and the
results of its expectations. Nothing here imports Dagster.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import Final

from pipeline.catalog import Catalog, load_catalog
from pipeline.editions.exports import Exports
from pipeline.editions.form import Form, form_of
from pipeline.editions.make import get_ready as get_ready_to_draw
from pipeline.editions.make import keys_of, start_drawing
from pipeline.ingest.archive import Archive
from pipeline.report.edition_files import Exported
from pipeline.second_process import Beside, SecondProcess, has_second_core
from pipeline.settings import Settings
from pipeline.validation.results import SuiteResult
from pipeline.validation.run import get_ready as get_ready_to_judge
from pipeline.validation.run import validate_tables
from pipeline.validation.suites import Suite, load_suites
from pipeline.warehouse.build import all_tables
from pipeline.warehouse.tables import Table

PART: Final = 4
"""Suites that are judged before their results are given."""


@dataclass(frozen=True)
class Project:
    """One project as the assets see it; tests make one with settings of their own."""

    settings: Settings

    @cached_property
    def catalog(self) -> Catalog:
        return load_catalog(self.settings.catalog_dir)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the warehouse, in the order of building."""
        return all_tables(self.settings.sql_dir)

    @cached_property
    def suites(self) -> dict[str, Suite]:
        return dict(load_suites(self.settings.expectations_dir, self.catalog))

    @cached_property
    def form(self) -> Form:
        """What the settings ask of the form of an edition; all translations are held to it."""
        return form_of(self.settings)

    @cached_property
    def archive(self) -> Archive:
        """Bundled snapshots, and refreshed ones as they stand when asked; none is parsed twice."""
        return Archive.from_settings(self.settings)

    def prepare(self) -> None:
        """Have imported what judging takes, and by a second process, where there is one, what
        drawing takes: it lasts seconds, in which this thread does something else. Twice does no
        harm."""
        if self._second_process:
            self._second_process.submit(get_ready_to_judge)
            self._second_process.submit(get_ready_to_draw)
        else:
            Thread(target=get_ready_to_judge, name="great-expectations", daemon=True).start()

    def judge(self, warehouse: Path, suites: Iterable[Suite]) -> Iterator[dict[str, SuiteResult]]:
        """Judge a warehouse by suites, as ``validate_tables`` does, and give the results by parts.

        A second process, where there is one, does it, and goes on while a part is taken: only that
        one then imports the library, which takes seconds.
        """
        in_order = sorted(suites, key=lambda s: s.table)
        parts = [in_order[n : n + PART] for n in range(0, len(in_order), PART)]
        if self._second_process:
            submit = self._second_process.submit
            judged = [submit(validate_tables, warehouse, part) for part in parts]
            start_drawing()  # there is nothing else to do but wait
            yield from (part.result() for part in judged)
        else:
            yield from (validate_tables(warehouse, part) for part in parts)

    def export(self, warehouse: Path) -> Future[Exported]:
        """The tables of a run's warehouse as files; asked for early, they are under way when they
        are needed. They are gone when the project is closed, unless an edition has taken them."""
        return self._exports.of(warehouse, keys_of(self.suites))

    @cached_property
    def _exports(self) -> Exports:
        return Exports(self.settings)

    @contextmanager
    def beside(self) -> Iterator[Beside]:
        """Who makes parts of an edition while this thread makes others. The project is closed with
        the block."""
        try:
            if self._second_process:
                yield self._second_process
            else:
                with ThreadPoolExecutor(max_workers=1) as thread:
                    yield thread
        finally:
            self.close()

    def close(self) -> None:
        """End what goes on beside a run, which may have begun it and not come to use it."""
        if self._second_process:
            self._second_process.close()
        self._exports.close()

    @cached_property
    def _second_process(self) -> SecondProcess | None:
        wanted = self.settings.second_process and has_second_core()
        return SecondProcess() if wanted else None

    def candidate(self, run_id: str) -> Path:
        """The warehouse that a run builds, beside the published one."""
        return self.settings.warehouse_path.with_name(f"candidate-{run_id}.duckdb")

    def results_dir(self, run_id: str) -> Path:
        """Where a run keeps the results of its expectations between its steps."""
        return self.settings.home / "validation" / run_id
