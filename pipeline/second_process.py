"""A second process of this program, so that two cores do Python's work; threads take turns at it.

It does what is submitted, one thing after the other, and answers over a pipe. It ends when its
standard input does: with the process that started it, however that one ended.
"""

import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, Final, ParamSpec, Protocol, TypeVar

from pipeline.errors import ProjectError, RunError
from pipeline.garbage import collect_seldom

P = ParamSpec("P")
T = TypeVar("T")
_ENDS_WITHIN_S: Final = 10.0
_STANDARD_ERROR: Final = 2


class Beside(Protocol):
    """Who does things while this thread goes on, in the order in which they are submitted: a
    second process, or an executor of the standard library with one thread."""

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have ``do`` called; the future holds what it returns or raises."""
        ...


def has_second_core() -> bool:
    """Whether a second process would have a core to itself."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1  # macOS does not say which of them are ours


@dataclass(frozen=True)
class _Running:
    process: "subprocess.Popen[bytes]"
    line: Connection
    talk: ThreadPoolExecutor
    """Its one thread asks and waits for the answer."""


class SecondProcess:
    """The process; it is started when something is submitted and none is running.

    Functions must stand at the top of a module of this project, and arguments and results are
    pickled. It sees the environment as it is when it starts.
    """

    def __init__(self) -> None:
        self._running: _Running | None = None

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have it call ``do``.

        The future raises what ``do`` raises, or RunError where the process has ended before.
        """
        if self._running is None:
            self._running = _start()
        return self._running.talk.submit(_ask, self._running.line, do, args, kwargs)

    def close(self) -> None:
        """End it; what it has not done is cancelled. The next thing submitted starts another."""
        running, self._running = self._running, None
        if running is not None:
            running.talk.shutdown(wait=False, cancel_futures=True)
            _end(running.process)
            running.talk.shutdown()
            running.line.close()


def _start() -> _Running:
    ours, theirs = Pipe()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, str(theirs.fileno())],
            stdin=subprocess.PIPE,
            stdout=_STANDARD_ERROR,  # what a library prints is no output of the command
            pass_fds=[theirs.fileno()],
        )
    return _Running(process, ours, ThreadPoolExecutor(max_workers=1))


def _ask(line: Connection, do: Callable[..., T], args: Any, kwargs: Any) -> T:
    try:
        line.send((do, args, kwargs))
        well, answer = line.recv()
    except (OSError, EOFError) as error:
        raise RunError(
            f"the second process of this run ended while it worked ({do.__qualname__}); if the "
            "machine is short of memory, let it work alone: SCO_SECOND_PROCESS=false"
        ) from error
    if not well:
        raise answer
    result: T = answer
    return result


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _serve(line: Connection) -> None:
    while True:
        try:
            do, args, kwargs = line.recv()
        except EOFError:
            return
        except Exception as error:  # it names what cannot be imported here
            line.send_bytes(_failed(error))
        else:
            line.send_bytes(_answer(do, args, kwargs))


def _answer(do: Callable[..., Any], args: Any, kwargs: Any) -> bytes:
    """Whether a call went well, and what it returned or raised, pickled."""
    try:
        return _pickled(True, do(*args, **kwargs))
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> bytes:
    if not isinstance(error, ProjectError):
        error.add_note(f"In the second process:\n{traceback.format_exc()}")
    return _pickled(False, error)


def _pickled(well: bool, what: Any) -> bytes:
    """An answer; what cannot travel, or would not arrive, is told in words."""
    try:
        told = pickle.dumps((well, what))
        if not well:
            pickle.loads(told)  # noqa: S301 - pickled a line above, to see that it can be read
    except Exception as error:
        untold = error if well else what
        return pickle.dumps((False, RunError(f"{type(untold).__name__}: {untold}")))
    return told


def _end_with_input() -> None:
    """End at once when the process that started this one closes our input, or has ended."""
    sys.stdin.buffer.read()
    os._exit(0)  # nobody waits for what is still being done


def main() -> None:
    """Serve the process that has started this one, over the pipe that it names."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who asks says when it is over
    collect_seldom()
    Thread(target=_end_with_input, daemon=True).start()
    with Connection(int(sys.argv[1])) as line:
        _serve(line)


if __name__ == "__main__":
    main()
