"""How many states of a set are enough to speak of all of them."""


def enough(size: int) -> int:
    """States of a set of ``size`` that a year, a spread or a median needs: seven of ten, rounded
    up."""
    return -(-7 * size // 10)
