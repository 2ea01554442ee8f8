"""Which table is built when: none before those that it reads, and as many at once as pays.

DuckDB leaves Python its turn while it makes a table, so that another is computed meanwhile. What
most others wait for comes first.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final, TypeVar

from pipeline.warehouse.tables import PythonTable, Table

Built = TypeVar("Built")

AT_ONCE: Final = Counter({"DuckDB": 2, "Python": 2})
"""Tables that are made at the same time, by who makes them."""


def build_in_turn(tables: Sequence[Table], build: Callable[[Table], Built]) -> list[Built]:
    """Call ``build`` for each table, in threads, once it is through with those that the table
    reads; what else is read must be there already.

    Args:
        tables: each after those that it reads.
        build: makes one.

    Returns:
        What ``build`` gave, in the order of ``tables``. Where it raised, that is raised once all
        that had been begun is over; nothing more is begun.
    """
    waiting = _needs(tables)
    heights = _heights(waiting)
    by_name = {t.name: t for t in tables}
    done: dict[str, Built] = {}
    under_way: dict[Future[Built], str] = {}
    with ThreadPoolExecutor(max_workers=AT_ONCE.total()) as pool:
        while len(done) < len(tables):
            free = AT_ONCE - Counter(_maker(by_name[name]) for name in under_way.values())
            ready = [name for name, needs in waiting.items() if needs <= done.keys()]
            for name in sorted(ready, key=lambda name: -heights[name]):
                maker = _maker(by_name[name])
                if free[maker] > 0:
                    free[maker] -= 1
                    del waiting[name]
                    under_way[pool.submit(build, by_name[name])] = name
            finished, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in finished:
                done[under_way.pop(future)] = future.result()
    return [done[t.name] for t in tables]


def _needs(tables: Sequence[Table]) -> dict[str, set[str]]:
    """Those of some tables that each of them reads, by its name."""
    names = {t.name for t in tables}
    return {t.name: names.intersection(t.depends_on) for t in tables}


def _heights(needs: dict[str, set[str]]) -> dict[str, int]:
    """How many tables stand, one upon the other, on each; they come in an order of building."""
    heights = dict.fromkeys(needs, 0)
    for name in reversed(needs):
        for below in needs[name]:
            heights[below] = max(heights[below], heights[name] + 1)
    return heights


def _maker(table: Table) -> str:
    return "Python" if isinstance(table, PythonTable) else "DuckDB"
