"""The next item is made while the last is worked on, and nothing else is different."""

from collections.abc import Iterator
from threading import Barrier, Event

import pytest

from pipeline.ahead import ahead, several


def test_the_next_is_made_while_the_last_is_worked_on() -> None:
    second_is_made = Event()

    def items() -> Iterator[int]:
        yield 1
        second_is_made.set()
        yield 2

    found = []
    for item in ahead(items()):
        assert second_is_made.wait(10)
        found.append(item)
    assert found == [1, 2]


def test_as_many_are_made_before_they_are_wanted_as_is_said() -> None:
    made: list[int] = []
    third_is_made = Event()

    def items() -> Iterator[int]:
        for n in range(1, 6):
            made.append(n)
            if n == 3:
                third_is_made.set()
            yield n

    taken = ahead(items(), most=2)
    assert next(taken) == 1
    assert third_is_made.wait(10)
    taken.close()  # which waits for what is being made
    assert made == [1, 2, 3]


def test_what_is_raised_comes_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("no second")

    made = ahead(items())
    assert next(made) == 1
    with pytest.raises(ValueError, match="no second"):
        next(made)


def test_several_are_made_at_once_and_stand_in_their_order() -> None:
    both = Barrier(2)

    def make(n: int) -> int:
        both.wait(10)  # raises where the other is not under way
        return n * n

    assert several(make, [1, 2, 3, 4]) == [1, 4, 9, 16]


def test_what_one_of_several_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        several(lambda n: 1 // n, [1, 0, 2])


def test_nothing_is_made_of_nothing() -> None:
    assert list(ahead(iter(()))) == []
