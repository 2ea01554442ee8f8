"""Damage to bodies as Hypothesis draws it: bytes or nodes of JSON that do not belong there.

What is the same on every machine is in ``damage``. Whether a reader notices is its tests' affair.
"""

import json

from hypothesis import strategies as st

from tests.doubles.damage import nodes

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 2030) | st.floats() | st.text(max_size=4)
    | st.sampled_from(["CHN", "TJK", "2020", "2021", "X", "", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)  # fmt: skip


@st.composite
def mutated_bytes(draw: st.DrawFn, whole: tuple[bytes, bytes]) -> tuple[bytes, ...]:
    """The bodies with some bytes replaced, left out or put in, or their order changed."""
    bodies = list(draw(st.permutations(whole)) if draw(st.booleans()) else whole)
    number = draw(st.integers(0, 1))
    body = bodies[number]
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.integers(0, 40))
        body = body[:start] + draw(st.binary(max_size=3) | st.just(b"1")) + body[end:]
    bodies[number] = body
    return tuple(bodies)


@st.composite
def mutated_json(draw: st.DrawFn, whole: tuple[bytes, bytes]) -> tuple[bytes, ...]:
    """The bodies with some node of their JSON replaced by another."""
    replies = [json.loads(body) for body in whole]
    for _ in range(draw(st.integers(1, 2))):
        parent, key = draw(st.sampled_from(list(nodes(replies[draw(st.integers(0, 1))]))))
        parent[key] = draw(JSON)
    return tuple(json.dumps(reply).encode("utf-8", "surrogatepass") for reply in replies)


def mutated(bodies: tuple[bytes, ...]) -> st.SearchStrategy[tuple[bytes, ...]]:
    """The two bodies of a series, damaged as bytes or as JSON."""
    first, second = bodies
    return mutated_bytes((first, second)) | mutated_json((first, second))


def spliced(
    whole: bytes,
    at: st.SearchStrategy[int] | None = None,
    put: st.SearchStrategy[bytes] | None = None,
) -> st.SearchStrategy[bytes]:
    """The body with up to 40 bytes at some place replaced by others, for Hypothesis.

    Args:
        whole: the sound body.
        at: where; anywhere when not given.
        put: what stands there then; at most 20 bytes when not given.
    """

    def splice(start: int, length: int, new: bytes) -> bytes:
        return whole[:start] + new + whole[start + length :]

    places = st.integers(0, len(whole) - 1) if at is None else at
    return st.builds(
        splice, places, st.integers(0, 40), st.binary(max_size=20) if put is None else put
    )
