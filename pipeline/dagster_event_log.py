"""Dagster's event log in one SQLite file, with an engine that is made once.

Dagster's own storage makes a new engine for every event, which compiles each statement anew and
waits for the disk each time: twenty seconds of a run of a thousand events. Nothing else is changed
here. A lost event of the last moment before a power cut is no loss to an edition.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event


class EventLog(ConsolidatedSqliteEventLogStorage):
    """The event log of this installation; ``dagster.yaml`` names it."""

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine(
            self._conn_string, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
        )
        event.listen(engine, "connect", _in_step_with_the_log)
        return engine

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the log has such a table, looked up once: it is asked at every event."""
        if table_name not in self._tables:
            with self._engine.connect() as connection:
                if not self._engine.dialect.has_table(connection, table_name):
                    return False
            self._tables.add(table_name)
        return True

    @cached_property
    def _tables(self) -> set[str]:
        return set()

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]
    ) -> "EventLog":
        return cls(inst_data=inst_data, **config_value)


def _in_step_with_the_log(connection: Any, _record: object) -> None:
    # With a write-ahead log this is safe against crashes of the process, and writes at memory's
    # speed.
    connection.execute("PRAGMA synchronous=NORMAL")
