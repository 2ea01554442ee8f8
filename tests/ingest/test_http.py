"""The HTTP client: patient with what may pass, short with what will not, bounded in everything."""

import gzip
import json
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier
from time import monotonic
from typing import Any

import pytest

from pipeline.errors import ReadError, RefusedError, ShapeError, SourceError
from pipeline.ingest import http
from pipeline.ingest.http import Client, UnavailableError
from tests.doubles.http_double import Fault, html, status
from tests.doubles.live_catalog import fast_settings
from tests.doubles.world_bank import WorldBankDouble

PATH = "/country/CHN/indicator/X?format=json&date=2020:2021&per_page=1000&page=1"
MakeClient = Callable[..., Client]


@pytest.fixture
def double() -> Iterator[WorldBankDouble]:
    with WorldBankDouble({"X": {("CHN", 2020): "1.50"}}) as started:
        yield started


@pytest.fixture
def client(double: WorldBankDouble, tmp_path: Path) -> Iterator[MakeClient]:
    """Makes clients with the settings given; they are closed at the end."""
    made: list[Client] = []

    def make(
        now: Callable[[], float] = monotonic,
        wait: Callable[[float], None] | None = None,
        **fields: Any,
    ) -> Client:
        made.append(Client(fast_settings(double.url, tmp_path, **fields), now=now, wait=wait))
        return made[-1]

    yield make
    for one in made:
        one.close()


def whole_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError as error:
        raise ReadError(f"not whole JSON: {error}") from error


def get(client: Client, double: WorldBankDouble) -> bytes:
    return client.get(double.url + PATH, whole_json)[0]


def test_a_body_comes_as_it_was_sent(client: MakeClient, double: WorldBankDouble) -> None:
    body = get(client(), double)

    assert body == double.answer("/v2" + PATH).body
    assert b'"value":1.50' in body


def test_a_body_that_was_compressed_comes_unpacked(
    client: MakeClient, double: WorldBankDouble
) -> None:
    double.fail("X", Fault(zipped=True), times=None)

    assert get(client(), double) == double.answer("/v2" + PATH).body


def test_the_project_names_itself(client: MakeClient, double: WorldBankDouble) -> None:
    get(client(), double)

    (headers,) = double.headers
    assert headers["User-Agent"].startswith("sco-digital-economy/")


PASSING = {
    "502": html(502),
    "500": status(500),
    "504 without a body": status(504),
    "429": status(429, Retry_After="0"),
    "HTML under 400": html(400),
    "HTML under 403": html(403),
    "HTML under 200": html(200),
    "HTML that calls itself JSON": Fault(body=b"\xef\xbb\xbf <!doctype html><p>Sorry"),
    "half a JSON text": Fault(cut=20),
    "less than Content-Length": Fault(extra_length=10),
    "a reset in mid-body": Fault(reset_after=40),
    "a reset in mid-chunk": Fault(chunked=True, reset_after=0),
    "broken gzip": status(200, b"no gzip", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_what_may_pass_is_asked_again(
    client: MakeClient, double: WorldBankDouble, fault: Fault
) -> None:
    double.fail("X", fault, times=2)

    assert get(client(), double) == double.answer("/v2" + PATH).body
    assert double.count() == 3


@pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING.keys())
def test_what_does_not_pass_is_given_up_after_the_retries(
    client: MakeClient, double: WorldBankDouble, fault: Fault
) -> None:
    double.fail("X", fault, times=None)

    kind = ShapeError if fault == PASSING["half a JSON text"] else UnavailableError
    with pytest.raises(kind, match=r"127\.0\.0\.1:\d+: .*\(asked 3 times\)"):
        get(client(), double)
    assert double.count() == 3


def test_an_html_page_is_reported_by_its_first_words(
    client: MakeClient, double: WorldBankDouble
) -> None:
    page = b"<html><head><style>p {}</style></head><body><p>Access &amp; entry\n denied</p>"
    double.fail("X", html(403, page), times=None)

    with pytest.raises(UnavailableError, match="403 Forbidden with an HTML page: “Access & entry"):
        get(client(), double)


def test_a_refused_connection_is_named(client: MakeClient) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"

        with pytest.raises(UnavailableError, match="connection refused"):
            client().get(url, whole_json)


def test_silence_ends_at_the_timeout(client: MakeClient, double: WorldBankDouble) -> None:
    double.fail("X", Fault(hang=True), times=None)

    with pytest.raises(UnavailableError, match="no answer in time"):
        get(client(read_timeout_s=0.1, http_retries=0), double)


def test_a_body_that_drips_ends_at_the_limit(client: MakeClient, double: WorldBankDouble) -> None:
    double.fail("X", Fault(drip=True), times=None)

    with pytest.raises(UnavailableError, match=r"was still sending after .* time was up"):
        get(client(now=count().__next__, request_time_limit_s=20), double)
    assert double.count() == 1


@pytest.mark.parametrize("zipped", [False, True])
def test_a_body_beyond_the_limit_is_refused(
    client: MakeClient, double: WorldBankDouble, zipped: bool
) -> None:
    sent = json.dumps(["0" * 200_000]).encode()
    headers = {"Content_Encoding": "gzip"} if zipped else {}
    double.fail("X", status(200, gzip.compress(sent) if zipped else sent, **headers))

    with pytest.raises(SourceError, match=r"more than 100000 bytes \(SCO_MAX_BODY_BYTES\)"):
        get(client(max_body_bytes=100_000), double)
    assert double.count() == 1


def test_any_other_status_is_final(client: MakeClient, double: WorldBankDouble) -> None:
    double.fail("X", status(404, b"no such\nresource"))

    with pytest.raises(RefusedError, match="404 Not Found: “no such resource”"):
        get(client(), double)
    assert double.count() == 1


def test_redirects_are_refused(client: MakeClient, double: WorldBankDouble) -> None:
    double.fail("X", status(302, Location="http://example.org/elsewhere"))

    with pytest.raises(RefusedError, match=r"redirects to http://example\.org/elsewhere"):
        get(client(), double)


@pytest.mark.parametrize("url", ["no url", "ftp://127.0.0.1/x", "http://", "file:///etc/hosts"])
def test_only_http_is_spoken(client: MakeClient, url: str) -> None:
    with pytest.raises(SourceError, match="expected a URL of http or https"):
        client().get(url, whole_json)


def test_waits_grow_and_jitter(client: MakeClient, double: WorldBankDouble) -> None:
    waits: list[float] = []
    double.fail("X", status(503), times=None)

    with pytest.raises(UnavailableError):
        get(client(wait=waits.append, http_retries=4, http_backoff_s=1), double)
    assert waits[0] == 0
    assert all(2**n <= wait <= 2**n + 1 for n, wait in enumerate(waits[1:], 1))
    assert any(wait != int(wait) for wait in waits)


def test_retry_after_is_heeded_within_reason(client: MakeClient, double: WorldBankDouble) -> None:
    waits: list[float] = []
    for seconds in ("7", "86400", "soon"):
        double.fail("X", status(429, Retry_After=seconds))

    get(client(wait=waits.append, http_retries=3), double)
    assert waits == [7, http.MAX_WAIT_S, 0]


def test_no_wait_goes_beyond_the_time_of_a_request(
    client: MakeClient, double: WorldBankDouble
) -> None:
    waits: list[float] = []
    double.fail("X", status(429, Retry_After="60"))

    with pytest.raises(UnavailableError, match="asked once, then the time was up"):
        get(client(wait=waits.append, request_time_limit_s=30), double)
    assert waits == []


def test_no_request_goes_beyond_the_time_of_the_refresh(
    client: MakeClient, double: WorldBankDouble
) -> None:
    seconds = 0.0
    late = client(now=lambda: seconds, refresh_time_limit_s=100)
    get(late, double)
    seconds = 101.0
    double.fail("X", status(503), times=None)

    with pytest.raises(UnavailableError, match="time was up"):
        get(late, double)


def test_four_requests_are_under_way_and_never_five(
    client: MakeClient, double: WorldBankDouble
) -> None:
    # Holds four for a while, in which a fifth would come.
    double.gate, double.gate_s = Barrier(5), 1.0
    asking = client(max_requests_at_once=4)

    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda _: get(asking, double), range(8)))
    assert len(bodies) == 8
    assert double.most_at_once == 4


def test_requests_start_no_faster_than_is_polite(
    client: MakeClient, double: WorldBankDouble
) -> None:
    waits: list[float] = []
    asking = client(now=lambda: 5.0, wait=waits.append, max_requests_per_s=4)

    for _ in range(4):
        get(asking, double)
    assert waits == [0.25, 0.5, 0.75]


def test_nobody_waits_for_a_turn_that_has_come(client: MakeClient, double: WorldBankDouble) -> None:
    waits: list[float] = []
    seconds = iter(range(0, 10_000, 10))
    asking = client(now=lambda: float(next(seconds)), wait=waits.append, max_requests_per_s=4)

    for _ in range(3):
        get(asking, double)
    assert waits == []


def test_a_publisher_that_is_down_is_not_asked_for_ever(
    client: MakeClient, double: WorldBankDouble
) -> None:
    double.fail("X", html(502), times=None)
    asking = client(http_retries=1)

    for _ in range(http.DOWN_AFTER):
        with pytest.raises(UnavailableError, match="asked 2 times"):
            get(asking, double)
    with pytest.raises(UnavailableError, match=r"not asked any more: .* to 5 requests .* 502"):
        get(asking, double)
    assert double.count() == 2 * http.DOWN_AFTER


def test_an_answer_between_failures_says_that_the_publisher_is_up(
    client: MakeClient, double: WorldBankDouble
) -> None:
    asking = client(http_retries=0)
    for _ in range(2 * http.DOWN_AFTER):
        double.fail("X", html(502))
        with pytest.raises(UnavailableError, match="502"):
            get(asking, double)
        get(asking, double)


def test_an_answer_of_another_shape_is_asked_for_three_times_at_most(
    client: MakeClient, double: WorldBankDouble
) -> None:
    double.fail("X", Fault(cut=20), times=None)

    with pytest.raises(ShapeError, match=r"not whole JSON: .* \(asked 3 times\)"):
        get(client(http_retries=9), double)
    assert double.count() == 3


def test_answers_of_another_shape_are_no_outage_and_end_in_time(
    client: MakeClient, double: WorldBankDouble
) -> None:
    double.fail("X", Fault(cut=20), times=None)
    asking = client(http_retries=0)

    for _ in range(http.RESHAPED_AFTER):
        with pytest.raises(ShapeError, match="asked once"):
            get(asking, double)
    with pytest.raises(
        ShapeError, match="not asked any more: 16 answers of another shape in a row"
    ):
        get(asking, double)
    assert double.count() == http.RESHAPED_AFTER


def test_requests_and_bytes_are_counted(client: MakeClient, double: WorldBankDouble) -> None:
    double.fail("X", status(503))
    asking = client()
    body = get(asking, double)

    assert (asking.requests, asking.bytes) == (2, len(body))
