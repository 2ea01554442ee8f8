"""What every asset needs at hand: settings, catalogue, tables and suites, loaded once.

Also the paths of a run: the candidate warehouse that it builds beside the published one, and the
results of its expectations. Nothing here imports Dagster.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.catalog import Catalog, load_catalog
from pipeline.editions.form import Form, form_of
from pipeline.editions.make import get_ready
from pipeline.ingest.archive import Archive
from pipeline.second_process import Beside, SecondProcess, has_second_core
from pipeline.settings import Settings
from pipeline.validation.suites import Suite, load_suites
from pipeline.warehouse.build import all_tables
from pipeline.warehouse.tables import Table


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

    def prepare_edition(self) -> None:
        """Have a second process, where there is one, import what an edition is made with."""
        if self._second_process:
            self._second_process.submit(get_ready)

    @contextmanager
    def beside(self) -> Iterator[Beside]:
        """Who makes parts of an edition while this thread makes others; ended with the block."""
        if self._second_process is None:
            with ThreadPoolExecutor(max_workers=1) as thread:
                yield thread
            return
        try:
            yield self._second_process
        finally:
            self.close()

    def close(self) -> None:
        """End the second process, which a run may have started and not come to use."""
        if self._second_process:
            self._second_process.close()

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
