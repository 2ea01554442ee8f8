"""The tables of a warehouse as files, written in a thread while something else is done.

They are the same whether the warehouse is published or not, and nobody sees them before they move
into an edition. What is written for an edition that does not come to be is thrown away.
"""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from pipeline.report.edition_files import Exported, export
from pipeline.running import work_folder
from pipeline.settings import Settings


class Exports:
    """Of the warehouses of one run."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._begun: dict[Path, Future[Exported]] = {}
        self._held = ExitStack()

    def of(self, warehouse: Path, keys: Mapping[str, tuple[str, ...]]) -> Future[Exported]:
        """The tables of a finished warehouse, begun now unless they are under way already.

        ``keys`` are columns by table that tell its rows apart. The future raises what ``export``
        does.

        Raises:
            ArchiveError: there is no room to work in.
        """
        if warehouse not in self._begun:
            folder = self._held.enter_context(work_folder(self._settings, "export"))
            thread = self._held.enter_context(ThreadPoolExecutor(max_workers=1))
            self._begun[warehouse] = thread.submit(
                export, warehouse, folder, self._settings.sql_dir, keys
            )
        return self._begun[warehouse]

    def close(self) -> None:
        """Wait for what is under way, and throw away what no edition has taken."""
        self._begun.clear()
        self._held.close()
