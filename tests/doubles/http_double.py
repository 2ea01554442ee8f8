"""What every publisher's double on loopback is made of: a server that can misbehave on request.

What belongs here: listening, counting what was asked, and every way in which an answer can go wrong
on the wire. What a publisher answers is told by its own double.
"""

import gzip
import json
import os
import socket
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, BrokenBarrierError, Event, Lock, Thread
from typing import Any, Self
from unittest.mock import patch

import pytest

HTML = b"<!DOCTYPE html><html><head><title>Bad Request</title></head><body>No luck</body></html>"
JSON_TYPE = "application/json;charset=utf-8"
GRACE_S = 5.0


@dataclass(frozen=True)
class Fault:
    """What the double does in place of, or to, its answer."""

    status: int = 200
    reason: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON_TYPE
    body: bytes | None = None
    """Sent in the place of the answer."""
    change: Callable[[Any], Any] | None = None
    """Makes another reply of the JSON; numbers lose their text."""
    cut: int | None = None
    """So many bytes of the body are left out at its end, and the length says so."""
    extra_length: int = 0
    """Content-Length is this much more than is sent; the connection is closed then."""
    reset_after: int | None = None
    """The connection is reset after so many bytes of the body."""
    chunked: bool = False
    drip: bool = False
    """A byte at a time, for longer than anybody waits."""
    hang: bool = False
    """No answer at all, until the double is closed."""
    zipped: bool = False


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """An answer with that status; underscores in names of headers are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(status=code, headers=named, content_type="text/plain", body=body)


def html(code: int, body: bytes = HTML) -> Fault:
    return Fault(status=code, content_type="text/html", body=body)


bad_moments = pytest.mark.parametrize(
    "fault",
    [html(502), status(429, Retry_After="0"), Fault(cut=9), Fault(reset_after=40), html(200),
     status(200, b"")],
    ids=["502", "429", "cut short", "reset", "a page for people", "an empty body"],
)  # fmt: skip
"""For a test of each publisher: what passes, so that asking again is of use."""


class HttpDouble(ABC):
    """The server; a context manager that has it listen on a port of its own."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        """Path and query of every request, in the order of their coming."""
        self.headers: list[dict[str, str]] = []
        self.most_at_once = 0
        self.gate: Barrier | None = None
        """Holds requests until there are as many of them as it has parties."""
        self.gate_s = GRACE_S
        """Seconds after which the gate gives up and lets all in."""
        self.latency_s = 0.0
        """Seconds that every answer takes, as over a long line."""
        self.closed = Event()
        self._faults: list[tuple[str, Fault, list[int | None]]] = []
        self._at_once = 0
        self._lock = Lock()

    @abstractmethod
    def answer(self, target: str) -> Fault:
        """What the publisher says to a request for a path and query."""

    @property
    def origin(self) -> str:
        """Where it listens: scheme, host and port."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        # loopback must be reached directly, whatever proxy the machine has
        self._direct = patch.dict(os.environ, {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"})
        self._direct.start()
        self._server = _server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._direct.stop()

    def fail(self, where: str, fault: Fault, times: int | None = 1) -> None:
        """Answer the next requests whose path or query has ``where`` in it so (None: all of them).

        Faults for one request queue up: the first that is not used up is taken.
        """
        with self._lock:
            self._faults.append((where, fault, [times]))

    def count(self, where: str = "") -> int:
        """How many requests had ``where`` in their path or query."""
        with self._lock:
            return sum(where in asked for asked in self.asked)

    def enter(self, target: str, headers: Iterable[tuple[str, str]]) -> Fault:
        """Note a request, hold it at the gate, and say how it fails (or does not)."""
        with self._lock:
            self.asked.append(target)
            self.headers.append(dict(headers))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            fault = self._next_fault(target)
        if self.gate:
            try:
                self.gate.wait(self.gate_s)
            except BrokenBarrierError:
                self.gate = None
        return fault

    def leave(self) -> None:
        with self._lock:
            self._at_once -= 1

    def _next_fault(self, target: str) -> Fault:
        for where, fault, left in self._faults:
            if where in target and left[0] != 0:
                left[0] = None if left[0] is None else left[0] - 1
                return fault
        return Fault()


def _server(double: HttpDouble) -> ThreadingHTTPServer:
    class Handler(_Handler):
        publisher = double

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = 64

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that went away is a part of the game."""

    return Server(("127.0.0.1", 0), Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    publisher: HttpDouble

    def log_message(self, *_: Any) -> None:
        """Say nothing: the double keeps what it was asked."""

    def do_GET(self) -> None:
        fault = self.publisher.enter(self.path, self.headers.items())
        try:
            self.publisher.closed.wait(GRACE_S if fault.hang else self.publisher.latency_s)
            answer = fault if fault.body is not None else self.publisher.answer(self.path)
        finally:
            # before the last byte, or the next request could come before this one has ended
            self.publisher.leave()
        if fault.hang:
            self.close_connection = True
        else:
            self._send_answer(answer, fault)

    def _send_answer(self, answer: Fault, fault: Fault) -> None:
        body = answer.body or b""
        if fault.change:
            body = json.dumps(fault.change(json.loads(body))).encode()
        if fault.cut:
            body = body[: -fault.cut]
        if fault.zipped:
            body = gzip.compress(body)
        self.send_response(answer.status, answer.reason)
        self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if fault.zipped:
            self.send_header("Content-Encoding", "gzip")
        if fault.drip:
            self._drip()
        elif fault.chunked:
            self._send_chunked(body, fault)
        else:
            self.send_header("Content-Length", str(len(body) + fault.extra_length))
            self.end_headers()
            self._send(body, fault)

    def _send(self, body: bytes, fault: Fault) -> None:
        if fault.reset_after is not None:
            self.wfile.write(body[: fault.reset_after])
            self._reset()
        else:
            self.wfile.write(body)
            self.close_connection = bool(fault.extra_length)

    def _send_chunked(self, body: bytes, fault: Fault) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in range(0, len(body), 500):
            chunk = body[start : start + 500]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            if fault.reset_after is not None and start >= fault.reset_after:
                self._reset()
                return
        self.wfile.write(b"0\r\n\r\n")

    def _drip(self) -> None:
        self.end_headers()
        self.close_connection = True
        # without an end of its own a client that does not give up would hang its test
        for _ in range(int(GRACE_S / 0.01)):
            if self.publisher.closed.wait(0.01):
                return
            self.wfile.write(b" ")

    def _reset(self) -> None:
        """Close so that the other side sees a reset and not an end."""
        self.wfile.flush()
        at_once = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.close_connection = True
        self.connection.close()
