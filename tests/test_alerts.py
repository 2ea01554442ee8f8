"""A failure is told by log always, and by each configured carrier, one not silencing another."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pipeline.alerts import Alert, send
from pipeline.settings import Settings

ALERT = Alert("run 1a2b failed", "core_checks: an unknown economy XXX")


class Hook(ThreadingHTTPServer):
    """A webhook on loopback that keeps what it is told and answers with ``status``."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), HookHandler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/secret-path"


class HookHandler(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    server = Hook()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_without_configuration_the_log_has_it(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="sco.alerts"):
        assert send(ALERT, Settings()) == ("log",)
    assert "an unknown economy XXX" in caplog.text


def test_a_webhook_gets_subject_and_body(hook: Hook) -> None:
    assert send(ALERT, Settings(alert_webhook_url=hook.url)) == ("log", "webhook")
    assert hook.bodies == [{"text": "run 1a2b failed\ncore_checks: an unknown economy XXX"}]


def test_a_refusing_webhook_is_logged_without_its_address(
    hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    hook.status = 500
    with caplog.at_level(logging.ERROR, logger="sco.alerts"):
        assert send(ALERT, Settings(alert_webhook_url=hook.url)) == ("log",)
    assert "could not be sent by webhook: HTTPError" in caplog.text
    assert "secret-path" not in caplog.text


def test_a_dead_mail_server_does_not_silence_the_webhook(hook: Hook) -> None:
    configured = Settings(
        alert_webhook_url=hook.url,
        alert_email_to="desk@example.org",
        smtp_host="127.0.0.1",
        smtp_port=1,
    )
    assert send(ALERT, configured) == ("log", "webhook")
