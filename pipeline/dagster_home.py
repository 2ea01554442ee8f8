"""The persistent home of Dagster: runs, events and switches, under the project's own state.

Both the command line and the UI prepare it the same way, so that a run started by ``sco`` is seen
in the UI. Telemetry and the sign-up window are off; freshness is on.
"""

import os
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.settings import Settings

DAGSTER_YAML = """\
# Written by the project at every start; changes here are lost.
telemetry:
  enabled: false
nux:
  enabled: false
freshness:
  enabled: true
event_log_storage:
  module: pipeline.dagster_event_log
  class: EventLog
  config:
    base_dir:
      env: DAGSTER_HOME
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      failure: 30
      success: -1
"""

EVENT_BATCH = 1000
"""Events that are written at once where Dagster has them together: what a run intends to make."""


def prepare(settings: Settings) -> Path:
    """Make the home, write its ``dagster.yaml`` and point ``DAGSTER_HOME`` of this process at it.

    Raises:
        SettingsError: the folder cannot be written.
    """
    home = settings.dagster_home.resolve()
    config = home / "dagster.yaml"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not config.exists() or config.read_text("utf-8") != DAGSTER_YAML:
            fresh = config.with_suffix(".tmp")
            fresh.write_text(DAGSTER_YAML, "utf-8")
            fresh.replace(config)
    except OSError as error:
        raise SettingsError(
            f"{error.filename or home}: {error.strerror}; the project keeps its state in SCO_HOME "
            f"({settings.home}), which must be writable"
        ) from error
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_EVENT_BATCH_SIZE"] = str(EVENT_BATCH)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    return home


def main() -> None:
    """Make the home with its databases once, at set-up: no run then has to wait for that."""
    from dagster import DagsterInstance

    from pipeline.settings import settings

    prepare(settings())
    with DagsterInstance.get() as instance:
        instance.get_runs(limit=1)


if __name__ == "__main__":
    main()
