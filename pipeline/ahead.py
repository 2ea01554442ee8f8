"""Make the next thing in another thread while the last one is worked on.

It pays where one side waits for DuckDB or a disk, which let go of the interpreter.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items in their order, none of them None; at most one is made before it is wanted.

    What is raised while an item is made is raised where it was wanted.
    """
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = maker.submit(next, items, None)
            yield item
