"""A second process of this program, so that two cores do Python's work; threads take turns at it.

It does what is submitted, one thing after the other, and answers over a pipe. It ends when its
input does: with the process that started it, however that one ended.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, Final, ParamSpec, Protocol, TypeVar

from pipeline.errors import RunError
from pipeline.garbage import collect_seldom

P = ParamSpec("P")
T = TypeVar("T")
_ENDS_WITHIN_S: Final = 10.0


class Beside(Protocol):
    """Who does things while this thread goes on, in the order in which they are submitted: a
    second process, or an executor of the standard library with one thread."""

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have ``do`` called; the future holds what it returns or raises."""
        ...


def has_second_core() -> bool:
    """Whether a second process would have a core to itself."""
    return len(os.sched_getaffinity(0)) > 1 if hasattr(os, "sched_getaffinity") else False


class SecondProcess:
    """The process; it is started when something is submitted and none is running.

    Functions must stand at the top of a module of this project, and arguments and results are
    pickled. It sees the environment as it is when it starts.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._talk: ThreadPoolExecutor | None = None

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have it call ``do``.

        The future raises what ``do`` raises, or RunError where the process has ended before.
        """
        if self._process is None or self._talk is None:
            self._talk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="second-process")
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        return self._talk.submit(_ask, self._process, do, args, kwargs)

    def close(self) -> None:
        """End it; what it has not done is cancelled. The next thing submitted starts another."""
        process, talk = self._process, self._talk
        self._process = self._talk = None
        if process is None or talk is None:
            return
        talk.shutdown(wait=False, cancel_futures=True)
        _end(process)
        talk.shutdown()


def _ask(process: "subprocess.Popen[bytes]", do: Callable[..., T], args: Any, kwargs: Any) -> T:
    if process.stdin is None or process.stdout is None:
        raise AssertionError("started with pipes")
    asked = pickle.dumps((do, args, kwargs), pickle.HIGHEST_PROTOCOL)
    try:
        process.stdin.write(asked)
        process.stdin.flush()
        well, answer = pickle.load(process.stdout)  # noqa: S301
    except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
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
        with suppress(OSError):
            process.stdin.close()
    try:
        process.wait(_ENDS_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """Do what is asked; another thread sees meanwhile whether the asker is still there."""
    waiting: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_read, args=(asked, waiting), daemon=True).start()
    while True:
        do, args, kwargs = waiting.get()
        try:
            answer = (True, do(*args, **kwargs))
        except Exception as error:
            answer = (False, error)
        answers.write(_pickled(answer))
        answers.flush()


def _read(asked: IO[bytes], waiting: "SimpleQueue[Any]") -> None:
    while True:
        try:
            waiting.put(pickle.load(asked))  # noqa: S301
        except EOFError:
            os._exit(0)  # nobody waits for what is still being done


def _pickled(answer: tuple[bool, Any]) -> bytes:
    """The answer; an error that cannot travel is told in words."""
    well, what = answer
    try:
        done = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        if not well:
            pickle.loads(done)  # noqa: S301
    except Exception as error:
        told = what if not well else error
        return pickle.dumps((False, RunError(f"{type(told).__name__}: {told}")))
    return done


def main() -> None:
    """Serve the process that has started this one."""
    collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the asker says when it is over
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
