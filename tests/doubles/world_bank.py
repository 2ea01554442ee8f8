"""A World Bank on loopback: the v2 API in the publisher's wire shape, from a table of values.

What belongs here: a server that a test starts, tells what to say and how to misbehave, and asks
afterwards what it was asked. It answers only what the real one would: explicit years that its
database holds, economies that it knows, errors with status 200.
"""

import gzip
import json
import os
import socket
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, BrokenBarrierError, Event, Lock, Thread
from typing import Any, Self
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pandas as pd

from tests.doubles import world_bank_releases as released

Values = Mapping[tuple[str, int], str | float | int]
"""By economy and year; text stands in the answer digit by digit."""

NAMES = {
    "BLR": "Belarus", "CHN": "China", "EUU": "European Union", "IND": "India",
    "IRN": "Iran, Islamic Rep.", "KAZ": "Kazakhstan", "KGZ": "Kyrgyz Republic", "PAK": "Pakistan",
    "RUS": "Russian Federation", "TJK": "Tajikistan", "UZB": "Uzbekistan", "WLD": "World",
}  # fmt: skip
AGGREGATES = {"EUU": "EU", "WLD": "1W"}
"""Iso2 of those that the publisher lists before the states."""
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
    """A byte at a time, without end."""
    hang: bool = False
    """No answer at all, until the double is closed."""
    zipped: bool = False


def status(code: int, body: bytes = b"", **headers: str) -> Fault:
    """An answer with that status; underscores in names of headers are hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(status=code, headers=named, content_type="text/plain", body=body)


def html(code: int, body: bytes = HTML) -> Fault:
    return Fault(status=code, content_type="text/html", body=body)


def message(number: str, key: str, value: str) -> Fault:
    """The publisher's own error, with status 200."""
    told = [{"message": [{"id": number, "key": key, "value": value}]}]
    return Fault(body=json.dumps(told).encode())


INVALID_VALUE = message("120", "Invalid value", "The provided parameter value is not valid")
ARCHIVED = message("175", "Invalid format", "The indicator was not found, or it was archived.")
XML_160 = Fault(
    content_type="text/xml",
    body=b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?>\r\n'
    b'<wb:error xmlns:wb="http://www.worldbank.org">\r\n'
    b'  <wb:message id="160" key="Data not found">No data under these filters.</wb:message>\r\n'
    b"</wb:error>",
)


def changed(change: Callable[[list[dict[str, Any]]], object]) -> Fault:
    """An answer whose rows ``change`` alters in place; the head stays as it is."""

    def apply(reply: Any) -> Any:
        change(reply[1])
        return reply

    return Fault(change=apply)


def head(**fields: Any) -> Fault:
    """An answer with these fields of its head replaced."""
    return Fault(change=lambda reply: [reply[0] | fields, reply[1]])


class WorldBankDouble:
    """The server; a context manager that has it listen on a port of its own."""

    def __init__(
        self,
        series: Mapping[str, Values],
        *,
        years: tuple[int, int] = (1960, 2025),
        updated: str = "2026-07-13",
        sources: Mapping[str, int] | None = None,
        releases: Mapping[str, Mapping[str, Values]] | None = None,
    ) -> None:
        """
        Args:
            series: what is published, by the publisher's code.
            years: those that the database holds; others are left out of an answer in silence.
            updated: what ``lastupdated`` says.
            sources: databases other than the second, by code; asked without, they are archived.
            releases: what each archived release says, by its id and code; see ``releases``.
        """
        self.series: dict[str, dict[tuple[str, int], str | float | int]] = {
            code: dict(values) for code, values in series.items()
        }
        self.years, self.updated, self.sources = years, updated, dict(sources or {})
        self.releases: dict[str, dict[str, Values]] = {
            release: dict(series_of) for release, series_of in (releases or {}).items()
        }
        self.economies = {*NAMES, *(e for values in series.values() for e, _ in values)}
        self.asked: list[str] = []
        """Path and query of every request, in the order of their coming."""
        self.headers: list[dict[str, str]] = []
        self.most_at_once = 0
        self.gate: Barrier | None = None
        """Holds requests until there are as many of them as it has parties."""
        self.closed = Event()
        self._faults: list[tuple[str, Fault, list[int | None]]] = []
        self._at_once = 0
        self._lock = Lock()

    @classmethod
    def of(cls, observations: pd.DataFrame, **options: Any) -> Self:
        """A double that publishes what readers made of snapshots."""
        series: dict[str, dict[tuple[str, int], str | float | int]] = {}
        columns = ("indicator", "economy", "year", "value")
        for code, economy, year, value in zip(*(observations[c] for c in columns), strict=True):
            series.setdefault(code, {})[economy, int(year)] = value
        return cls(series, **options)

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

    @property
    def url(self) -> str:
        """What ``SCO_WORLD_BANK_URL`` must be."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v2"

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
                self.gate.wait(GRACE_S)
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

    def answer(self, target: str) -> Fault:
        """What the API says to a well-formed request; every other is an invalid value."""
        url = urlsplit(target)
        if url.path.startswith("/v2/sources/57/"):
            return self._released(url.path, url.query)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        parts = url.path.split("/")
        if len(parts) != 6 or (parts[1], parts[2], parts[4]) != ("v2", "country", "indicator"):
            return status(404, b"no such resource")
        codes, code = parts[3].split(";"), parts[5]
        known = code in self.series and query.get("format") == "json" and "date" in query
        if not known or not self.economies.issuperset(codes):
            return INVALID_VALUE
        source = int(query.get("source", 2))
        if source != self.sources.get(code, 2):
            return XML_160 if "source" in query else ARCHIVED
        first, last = (int(year) for year in query["date"].split(":"))
        cells = [
            (e, y)
            for e in sorted(codes, key=lambda e: (e not in AGGREGATES, NAMES.get(e, e)))
            for y in range(min(last, self.years[1]), max(first, self.years[0]) - 1, -1)
        ]
        page, size = int(query.get("page", 1)), int(query.get("per_page", 50))
        rows = [self._row(code, e, y) for e, y in cells[(page - 1) * size : page * size]]
        about = (
            f'{{"page":{page},"pages":{-(-len(cells) // size)},"per_page":{size},'
            f'"total":{len(cells)},"sourceid":"{source}","lastupdated":"{self.updated}"}}'
        )
        return Fault(body=f"[{about},[{','.join(rows)}]]".encode())

    def _released(self, path: str, query: str) -> Fault:
        """What source 57 says: errors in XML, unknown members left out in silence."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        page, size = int(asked.get("page", 1)), int(asked.get("per_page", 50))
        if asked.get("format") != "json":
            return XML_160
        reply = released.answer(self.releases, path.split("/")[4:], page, size)
        return XML_160 if reply is None else Fault(body=reply.encode())

    def _row(self, code: str, economy: str, year: int) -> str:
        value = self.series[code].get((economy, year), "null")
        iso2 = AGGREGATES.get(economy, economy[:2])
        return (
            f'{{"indicator":{{"id":"{code}","value":"{code}, in words"}},'
            f'"country":{{"id":"{iso2}","value":"{NAMES.get(economy, economy)}"}},'
            f'"countryiso3code":"{economy}","date":"{year}","value":{value},'
            '"unit":"","obs_status":"","decimal":1}'
        )


def _server(double: WorldBankDouble) -> ThreadingHTTPServer:
    class Handler(_Handler):
        world_bank = double

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
    world_bank: WorldBankDouble

    def log_message(self, *_: Any) -> None:
        """Say nothing: the double keeps what it was asked."""

    def do_GET(self) -> None:
        fault = self.world_bank.enter(self.path, self.headers.items())
        try:
            if fault.hang:
                self.world_bank.closed.wait(GRACE_S)
            answer = fault if fault.body is not None else self.world_bank.answer(self.path)
        finally:
            # before the last byte, or the next request could come before this one has ended
            self.world_bank.leave()
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
        while not self.world_bank.closed.wait(0.01):
            self.wfile.write(b" ")

    def _reset(self) -> None:
        """Close so that the other side sees a reset and not an end."""
        self.wfile.flush()
        at_once = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.close_connection = True
        self.connection.close()
