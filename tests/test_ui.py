"""Editions are served on loopback only, and nothing beside them."""

import http.client
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from pipeline.errors import SettingsError
from pipeline.settings import Settings
from pipeline.ui import editions_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    here = Settings(home=tmp_path / "home", editions_dir=tmp_path / "editions")
    (here.editions_dir / "e1").mkdir(parents=True)
    (here.editions_dir / "e1" / "report.html").write_text("an edition")
    (here.home / "validation").mkdir(parents=True)
    (here.home / "validation" / "latest.html").write_text("a validation")
    (here.home / "secret.txt").write_text("state")
    running = editions_server(here, 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


def get(server: ThreadingHTTPServer, path: str, host: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.request("GET", path, headers={"Host": host} if host else {})
    reply = connection.getresponse()
    return reply.status, reply.read().decode()


def test_an_edition_and_the_last_validation_are_served(server: ThreadingHTTPServer) -> None:
    assert get(server, "/e1/report.html") == (200, "an edition")
    assert get(server, "/validation/latest.html") == (200, "a validation")


@pytest.mark.parametrize(
    "path",
    ["/../home/secret.txt", "/validation/../secret.txt", "/validation/%2e%2e/secret.txt"],
)
def test_nothing_beside_them_is_reached(server: ThreadingHTTPServer, path: str) -> None:
    assert get(server, path)[0] == 404


def test_a_foreign_host_name_is_refused(server: ThreadingHTTPServer) -> None:
    assert get(server, "/e1/report.html", host="evil.example")[0] == 403


def test_it_listens_on_loopback(server: ThreadingHTTPServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_taken_port_is_named(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    here = Settings(home=tmp_path / "h", editions_dir=tmp_path / "e")
    with pytest.raises(SettingsError, match=f"port {server.server_port} on 127.0.0.1"):
        editions_server(here, server.server_port)
