"""Make the next thing in another thread while the last one is worked on.

It pays where one side waits for DuckDB or a disk, which let go of the interpreter.
"""

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Iterator[Item], most: int = 1) -> Generator[Item]:
    """The same items in their order, none of them None; at most some are made before one is wanted.

    What is raised while an item is made is raised where it was wanted.
    """
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = deque(maker.submit(next, items, None) for _ in range(most))
        while (item := coming.popleft().result()) is not None:
            coming.append(maker.submit(next, items, None))
            yield item
