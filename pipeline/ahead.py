"""Make the next thing in another thread while the last one is worked on, or several at once.

It pays where one side waits for DuckDB, a disk or a hash, which let go of the interpreter.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


def ahead(items: Iterator[Item], most: int = 1) -> Generator[Item]:
    """The same items in their order, none of them None; at most some are made before one is wanted.

    What is raised while an item is made is raised where it was wanted.
    """
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = deque(maker.submit(next, items, None) for _ in range(most))
        while (item := coming.popleft().result()) is not None:
            coming.append(maker.submit(next, items, None))
            yield item


def several(make: Callable[[Item], Made], items: Iterable[Item], at_once: int = 2) -> list[Made]:
    """What ``make`` gives for each item, in their order; some are made at the same time.

    The first thing that is raised is raised once what was begun is over.
    """
    with ThreadPoolExecutor(at_once) as makers:
        return list(makers.map(make, items))
