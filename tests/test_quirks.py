"""The table of quirks names tests that exist, and what is taken out of the code to see them fail.

The mutations themselves are run by ``tests.slow.quirk_mutations``: here is seen to it that none of
them has become stale.
"""

import ast
import re

import pytest
import yaml

from pipeline.ingest.readers import READERS
from pipeline.settings import PROJECT_ROOT
from tests.slow.checks_of_readers import CHECKS
from tests.slow.mutation import Mutation
from tests.slow.quirk_mutations import Outcome, weakness
from tests.slow.quirks_of_publishers import QUIRKS

TABLE = (PROJECT_ROOT / "tests" / "doubles" / "README.md").read_text("utf-8")
ROWS = [line for line in TABLE.splitlines() if line.startswith("| ")][1:]
NAMED = re.compile(r"\| (?P<quirk>.+?) \| .+ \| `(?P<file>tests/[\w/]+\.py)::(?P<test>\w+)` \|")
CHECKS_OF_EACH_READER = 4


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_the_test_of_a_quirk_is_there_and_has_a_mutation(row: str) -> None:
    found = NAMED.fullmatch(row)
    assert found, f"{row!r} names no test"
    assert f"def {found['test']}(" in (PROJECT_ROOT / found["file"]).read_text("utf-8")
    tests = {m.test.split("::")[-1] for m in QUIRKS if m.of == found["quirk"]}
    assert tests == {found["test"]}


def test_every_mutation_is_of_a_quirk_of_the_table() -> None:
    listed = [found["quirk"] for row in ROWS if (found := NAMED.fullmatch(row))]
    assert len(listed) == len(set(listed))
    assert {m.of for m in QUIRKS} == set(listed)


def test_every_reader_has_checks_taken_out() -> None:
    counts = {reader: sum(m.of == reader for m in CHECKS) for reader in READERS}
    assert all(count >= CHECKS_OF_EACH_READER for count in counts.values()), counts
    assert {m.of for m in CHECKS} == READERS.keys()


@pytest.mark.parametrize("mutation", [*QUIRKS, *CHECKS], ids=str)
def test_what_a_mutation_takes_out_stands_there_once_and_the_rest_can_be_read(
    mutation: Mutation,
) -> None:
    mutated = mutation.applied(mutation.source(PROJECT_ROOT))
    if mutation.file.endswith(".py"):
        ast.parse(mutated)
    elif mutation.file.endswith(".yaml"):
        yaml.safe_load(mutated)


MUTATION = Mutation("a quirk", "a.py", "x = 1", "x = 2", "tests/test_a.py::test_b", "", "KeyError")


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (Outcome(1, ("AssertionError: Regex pattern did not match.",), ()), ""),
        (Outcome(1, ("assert 1 == 2",), ()), ""),
        (Outcome(1, ("Failed: DID NOT RAISE ReadError",), ()), ""),
        (Outcome(1, ("pipeline.errors.ReadError: no",), ()), ""),
        (Outcome(1, ("KeyError: 'a'",), ()), ""),
        (Outcome(0, (), ()), "passes without the handling"),
        (Outcome(1, ("NameError: name 'x' is not defined",), ()), "fails for another reason: Name"),
        (Outcome(1, (), ("failed on setup with AssertionError",)), "does not run any more: failed"),
        (Outcome(2, (), ("collection failure",)), "does not run any more: collection failure"),
        (Outcome(5, (), ()), "does not run any more: "),
    ],
)
def test_only_a_failure_that_is_meant_counts(outcome: Outcome, why: str) -> None:
    told = weakness(MUTATION, outcome)
    assert told.startswith(why)
    assert bool(told) == bool(why)


@pytest.mark.parametrize(("source", "times"), [("y = 1", 0), ("x = 1\nx = 1", 2)])
def test_a_mutation_that_is_stale_is_named(source: str, times: int) -> None:
    with pytest.raises(ValueError, match=f"a quirk: a.py: x = 1: it stands there {times} times"):
        MUTATION.applied(source)
