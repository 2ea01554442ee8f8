"""Serve the Dagster UI and the editions, both on loopback only.

Browsers do not open ``file://`` links from a page of the UI, so the editions and the validation
page of the last run stand on a small HTTP server beside it.
"""

import os
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg

from pipeline.dagster_home import prepare
from pipeline.errors import SettingsError
from pipeline.running import end_killed_runs
from pipeline.settings import PROJECT_ROOT, Settings

LOOPBACK = "127.0.0.1"


class EditionHandler(SimpleHTTPRequestHandler):
    """Files below the editions, and below the last validation, to this machine only."""

    def __init__(self, *args: Any, validation: Path, **kwargs: Any) -> None:
        self._validation = validation
        super().__init__(*args, **kwargs)

    def send_head(self) -> Any:
        host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
        if host not in {LOOPBACK, "localhost"}:
            # A page elsewhere that rebinds its name to this address must not read the editions.
            self.send_error(403, "this server answers to 127.0.0.1 and localhost only")
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        # The standard translation drops every step upwards, so what it gives is inside.
        inside = super().translate_path(path)
        alias = Path(self.directory) / "validation"
        if Path(inside).is_relative_to(alias):
            return str(self._validation / Path(inside).relative_to(alias))
        return inside

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal belongs to Dagster."""


def editions_server(settings: Settings, port: int) -> ThreadingHTTPServer:
    """A server of the editions folder on loopback, bound but not yet serving.

    Raises:
        SettingsError: the port is taken.
    """
    settings.editions_dir.mkdir(parents=True, exist_ok=True)
    handler = partial(
        EditionHandler,
        directory=str(settings.editions_dir),
        validation=settings.home / "validation",
    )
    try:
        return ThreadingHTTPServer((LOOPBACK, port), handler)
    except OSError as error:
        raise SettingsError(f"port {port} on {LOOPBACK}: {error.strerror}") from error


def serve(settings: Settings, *, port: int, editions_port: int) -> int:
    """Run the UI, its daemon and the editions server until interrupted; the UI's exit code."""
    prepare(settings)
    with dg.DagsterInstance.get() as instance:
        # One run at a time: a killed one that seems to be under way would hold back all others.
        end_killed_runs(settings, instance)
    server = editions_server(settings, editions_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"Dagster UI  http://{LOOPBACK}:{port}")
    print(f"Editions    http://{LOOPBACK}:{editions_port}", flush=True)
    os.environ["SCO_EDITIONS_URL"] = f"http://{LOOPBACK}:{editions_port}"
    # Its successor is a package of its own, which the project does without.
    quiet = ["-W", "ignore:Function `dev_command` is superseded:FutureWarning"]
    command = [sys.executable, *quiet, "-m", "dagster", "dev"]
    command += ["--module-name", "pipeline.definitions"]
    options = ["--host", LOOPBACK, "--port", str(port)]
    process = subprocess.Popen([*command, *options], cwd=PROJECT_ROOT)
    try:
        return process.wait()
    except KeyboardInterrupt:
        # Dagster got the same signal and shuts down its own processes.
        return process.wait()
    finally:
        server.shutdown()
