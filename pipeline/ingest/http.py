"""One HTTP client for all connectors: bounded in size, time and number, patient with bad days.

What belongs here: how a publisher is asked over HTTP, and when asking it again is of use. What does
not: which URLs there are and what the bytes mean (the connectors). How long to wait before asking
again is urllib3's ``Retry``; it is driven by hand because it never sees a body, and an error page
in HTML or half a JSON text is a reason to ask again just as a 502 is.
"""

import re
from collections.abc import Callable, Mapping
from html import unescape
from http.client import HTTPException
from threading import BoundedSemaphore, Event, Lock
from time import monotonic
from typing import Final, Self, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError
from urllib3.util.retry import Retry

from pipeline import __version__
from pipeline.errors import ReadError, RefusedError, ShapeError, SourceError
from pipeline.settings import Settings

USER_AGENT: Final = f"sco-digital-economy/{__version__} (open-data report; python-requests)"
MAX_WAIT_S: Final = 120.0
"""Longest wait between two tries, whatever a publisher's Retry-After says."""
DOWN_AFTER: Final = 5
"""So many requests given up in a row, with none answered between them: the publisher is down."""
RESHAPED_AFTER: Final = 16
"""So many answers in another shape in a row, with none right between them: all of them have it.
More than of outages, as several series asked for together are asked for in parts then."""
SHAPE_TRIES: Final = 3
"""An answer in another shape may be half of one; a whole one does not change by asking again."""
_CHUNK_BYTES: Final = 64 * 1024

Content = TypeVar("Content")


class UnavailableError(SourceError):
    """The publisher could not be had, however often it was asked; nothing is known of the data."""


class NoContentError(RefusedError):
    """The publisher answered 204: it is there, and has nothing for what was asked."""


class _TransientError(Exception):
    """A try that failed in a way that may pass."""

    def __init__(self, what: str, retry_after_s: float = 0.0) -> None:
        super().__init__(what)
        self.retry_after_s = retry_after_s


class Client:
    """Asks one publisher, from any number of threads; a context manager.

    At most ``max_requests_at_once`` requests are under way at a time, and no more than
    ``max_requests_per_s`` start in a second. A publisher that gives
    nothing ``DOWN_AFTER`` times in a row, or answers in another shape ``RESHAPED_AFTER`` times, is
    not asked again: what waits is given up at once.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Callable[[], float] = monotonic,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        """
        Args:
            settings: timeouts, limits and retries.
            now: seconds of a clock that never goes back.
            wait: waits for some seconds; by default it ends at once when the client is closed.
        """
        self.requests = 0
        """Requests sent so far, retries among them."""
        self.bytes = 0
        """Bytes of the bodies received so far, unpacked."""
        self._settings = settings
        self._now = now
        self._ends = now() + settings.refresh_time_limit_s
        self._next_start = now()
        self._slots = BoundedSemaphore(settings.max_requests_at_once)
        self._lock = Lock()
        self._given_up_in_a_row = {UnavailableError: 0, ShapeError: 0}
        self._down: SourceError | None = None
        self._stop = Event()
        self._wait = wait or self._stop.wait
        self._retry = Retry(
            total=settings.http_retries,
            backoff_factor=settings.http_backoff_s,
            backoff_jitter=settings.http_backoff_s,
            backoff_max=MAX_WAIT_S,
        )
        self._session = _session(settings.max_requests_at_once)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all waits and connections."""
        self._call_off(UnavailableError("not asked any more: the refresh was ended"))
        self._session.close()

    def get(
        self,
        url: str,
        parse: Callable[[bytes], Content],
        headers: Mapping[str, str] | None = None,
    ) -> tuple[bytes, Content]:
        """The body at ``url``, as received but for its compression, and what ``parse`` makes of it.

        Args:
            url: of http or https; redirects are refused.
            parse: raises ``ReadError`` for a body that is not whole or not in the right shape
                (asked again), ``SourceError`` for a publisher's own refusal (not asked again).
            headers: sent beside the client's own, such as a key.

        Raises:
            UnavailableError: nothing usable came within the limits, or the publisher is down.
            ShapeError: what came is not what ``parse`` expects, however often it was asked.
            RefusedError: the answer is a refusal or a redirect; or ``parse`` said so.
            SourceError: it is too large, or there is no such URL.
        """
        ends = min(self._ends, self._now() + self._settings.request_time_limit_s)
        retry = self._retry
        while True:
            self._check_up()
            try:
                body = self._try(url, ends, headers)
                content = parse(body)
            except (_TransientError, ReadError) as fault:
                retry = self._again(retry, url, fault, ends)
            except SourceError:
                self._note_answer()
                raise
            else:
                self._note_answer()
                return body, content

    def _again(
        self, retry: Retry, url: str, fault: _TransientError | ReadError, ends: float
    ) -> Retry:
        """Wait as long as it takes until the next try, or give the request up."""
        times = len(retry.history) + 1
        tried = f"asked {times} times" if times > 1 else "asked once"
        misshapen = isinstance(fault, ReadError)
        kind = ShapeError if misshapen else UnavailableError
        try:
            retry = retry.increment("GET", url, error=fault)
        except MaxRetryError:
            raise self._give_up(url, f"{fault} ({tried})", kind) from fault
        if misshapen and times >= SHAPE_TRIES:
            raise self._give_up(url, f"{fault} ({tried})", kind) from fault
        asked_for = fault.retry_after_s if isinstance(fault, _TransientError) else 0.0
        wait = min(max(retry.get_backoff_time(), asked_for), MAX_WAIT_S)
        if self._now() + wait >= ends:
            raise self._give_up(url, f"{fault} ({tried}, then the time was up)", kind) from fault
        self._wait(wait)
        return retry

    def _give_up(
        self, url: str, why: str, kind: type[UnavailableError] | type[ShapeError]
    ) -> SourceError:
        host = urlsplit(url).netloc
        with self._lock:
            self._given_up_in_a_row[kind] += 1
            if kind is ShapeError:
                self._given_up_in_a_row[UnavailableError] = 0  # something came
            down = self._given_up_in_a_row[UnavailableError] >= DOWN_AFTER
            reshaped = self._given_up_in_a_row[ShapeError] >= RESHAPED_AFTER
        if down:
            told = f"no usable answer to {DOWN_AFTER} requests in a row, the last: {why}"
            self._call_off(UnavailableError(f"{host}: not asked any more: {told}"))
        elif reshaped:
            told = f"{RESHAPED_AFTER} answers of another shape in a row, the last: {why}"
            self._call_off(ShapeError(f"{host}: not asked any more: {told}"))
        return kind(f"{host}: {why}")

    def _note_answer(self) -> None:
        with self._lock:
            self._given_up_in_a_row = dict.fromkeys(self._given_up_in_a_row, 0)

    def _call_off(self, why: SourceError) -> None:
        with self._lock:
            self._down = self._down or why
        self._stop.set()

    def _check_up(self) -> None:
        with self._lock:
            down = self._down
        if down:
            raise type(down)(str(down))

    def _try(self, url: str, ends: float, headers: Mapping[str, str] | None) -> bytes:
        """One request and its answer.

        Raises:
            _TransientError: something that may pass.
            SourceError: something that will not.
        """
        with self._slots:
            self._take_turn()
            with self._lock:
                self.requests += 1
            try:
                return self._exchange(url, ends, headers)
            except (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL) as error:
                raise SourceError(f"{url}: expected a URL of http or https ({error})") from error
            except requests.exceptions.MissingSchema as error:
                raise SourceError(f"{url}: expected a URL of http or https") from error
            except (requests.RequestException, HTTPError, HTTPException, OSError) as error:
                raise _TransientError(_in_words(error)) from error

    def _take_turn(self) -> None:
        """Wait until the next request may start; turns are given out evenly."""
        with self._lock:
            now = self._now()
            start = max(now, self._next_start)
            self._next_start = start + 1 / self._settings.max_requests_per_s
        if start > now:
            self._wait(start - now)

    def _exchange(self, url: str, ends: float, headers: Mapping[str, str] | None) -> bytes:
        left = max(ends - self._now(), 0.001)
        timeouts = (
            min(self._settings.connect_timeout_s, left),
            min(self._settings.read_timeout_s, left),
        )
        with self._session.get(
            url, headers=headers, stream=True, allow_redirects=False, timeout=timeouts
        ) as response:
            if 300 <= response.status_code < 400:
                to = response.headers.get("Location", "nowhere")
                raise RefusedError(f"{urlsplit(url).netloc}: redirects to {to}, which is refused")
            body = self._receive(response, ends)
            with self._lock:
                self.bytes += len(body)
            _check_answer(response, body)
            return body

    def _receive(self, response: requests.Response, ends: float) -> bytes:
        """The body, unpacked; never more than the limit of it in memory, never past the end."""
        host, limit = urlsplit(response.url).netloc, self._settings.max_body_bytes
        body = bytearray()
        # read1 returns what has come; read would wait for a whole chunk, however slowly it drips
        while chunk := response.raw.read1(_CHUNK_BYTES, decode_content=True):
            body += chunk
            if len(body) > limit:
                raise SourceError(f"{host}: sends more than {limit} bytes (SCO_MAX_BODY_BYTES)")
            if self._now() > ends:
                raise _TransientError(f"was still sending after {len(body)} bytes")
        return bytes(body)


def _session(connections: int) -> requests.Session:
    session = requests.Session()
    session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"})
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=connections)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _check_answer(response: requests.Response, body: bytes) -> None:
    """Let pass a 200 that is not a page for people.

    Raises:
        _TransientError: 429, 5xx, or HTML under whatever status: a firewall or a gateway speaks.
        NoContentError: 204.
        RefusedError: any other status.
    """
    status = response.status_code
    named = f"{status} {response.reason or ''}".strip()
    if status == 429 or status >= 500:
        raise _TransientError(named, _retry_after_s(response))
    if _is_html(response, body):
        raise _TransientError(f"{named} with an HTML page: “{_first_words(body)}”")
    host = urlsplit(response.url).netloc
    if status == 204:
        raise NoContentError(f"{host}: {named}")
    if status != 200:
        raise RefusedError(f"{host}: {named}: “{_first_words(body)}”")


def _retry_after_s(response: requests.Response) -> float:
    try:
        return Retry().get_retry_after(response.raw) or 0.0
    except InvalidHeader:
        return 0.0


def _is_html(response: requests.Response, body: bytes) -> bool:
    start = body[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    declared = "html" in response.headers.get("Content-Type", "").lower()
    # JSON under a wrong type is still JSON, and an error in XML is the connector's to read
    return start.startswith((b"<!doctype html", b"<html")) or (declared and start[:1] not in b"[{")


def _first_words(body: bytes, length: int = 80) -> str:
    text = body[:4000].decode("utf-8", "replace").removeprefix("\ufeff")
    text = re.sub(r"(?is)<(script|style)\b.*?(</\1>|$)|<[^>]*>", " ", text)
    text = "".join(c for c in " ".join(unescape(text).split()) if c.isprintable())
    return text if len(text) <= length else text[:length].rstrip() + "…"


def _in_words(error: BaseException) -> str:
    """What went wrong on the wire: the system's own word for it where there is one."""
    if isinstance(error, requests.exceptions.Timeout) or "timed out" in str(error).lower():
        return "no answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return f"no trusted connection: {error}"
    cause: BaseException | None = error
    while cause is not None:
        # requests' errors are OSErrors, too, without a number
        if isinstance(cause, OSError) and cause.errno is not None and cause.strerror:
            return cause.strerror.lower()
        cause = _cause_of(cause)
    return f"the answer broke off ({type(error).__name__})"


def _cause_of(error: BaseException) -> BaseException | None:
    """What an error wraps: urllib3 keeps it as reason or argument where it does not chain it."""
    wrapped = [getattr(error, "reason", None), error.__cause__, error.__context__, *error.args]
    return next((e for e in wrapped if isinstance(e, BaseException)), None)
