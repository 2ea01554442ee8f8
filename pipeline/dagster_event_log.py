"""Dagster's event log in one SQLite file, with an engine that is made once.

Dagster's own storage makes a new engine for every event, which compiles each statement anew and
waits for the disk each time: twenty seconds of a run of a thousand events. Here the engine stays,
and what belongs together is one transaction: an event with its traces in the other tables, and the
events that Dagster hands over as a batch. A lost event of the last moment before a power cut is no
loss to an edition.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dagster._core.storage.event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

if TYPE_CHECKING:
    from dagster import EventLogEntry


class EventLog(ConsolidatedSqliteEventLogStorage):
    """The event log of this installation; ``dagster.yaml`` names it."""

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine(
            self._conn_string, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
        )
        event.listen(engine, "connect", _in_step_with_the_log)
        return engine

    @cached_property
    def _under_way(self) -> threading.local:
        """The connection whose transaction this thread is in, if it is in one."""
        return threading.local()

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        connection = getattr(self._under_way, "connection", None)
        if connection is not None:
            yield connection
            return
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _one_transaction(self) -> Iterator[None]:
        with self._connect() as connection:
            outer = getattr(self._under_way, "connection", None)
            self._under_way.connection = connection
            try:
                yield
            finally:
                self._under_way.connection = outer

    def store_event(self, event: "EventLogEntry") -> None:
        with self._one_transaction():
            super().store_event(event)

    def store_event_batch(self, events: "Sequence[EventLogEntry]") -> None:
        """Store all events or, where one cannot be stored, none: Dagster then tries each alone."""
        with self._one_transaction():
            super().store_event_batch(events)

    def has_table(self, table_name: str) -> bool:
        """Whether the log has such a table; what is there is looked up once, not at every event."""
        if table_name not in self._seen:
            with self._connect() as connection:
                if not connection.dialect.has_table(connection, table_name):
                    return False
            self._seen.add(table_name)
        return True

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        column = f"asset_keys.{column_name}"
        if column not in self._seen:
            if not super()._has_asset_key_col_on_connection(conn, column_name):
                return False
            self._seen.add(column)
        return True

    @cached_property
    def _seen(self) -> set[str]:
        """Tables and columns that are there. Dagster adds some in an upgrade, and drops none."""
        return set()

    def dispose(self) -> None:
        """Close the connections as well, of which Dagster's own storage keeps none."""
        ConsolidatedSqliteEventLogStorage.dispose(self)
        self._engine.dispose()

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]
    ) -> "EventLog":
        return cls(inst_data=inst_data, **config_value)


def _in_step_with_the_log(connection: Any, _record: object) -> None:
    # With a write-ahead log this is safe against crashes of the process, and writes at memory's
    # speed.
    connection.execute("PRAGMA synchronous=NORMAL")
