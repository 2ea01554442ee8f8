"""Moving labels apart: each as near as possible to where it belongs, none over another.

Least squares under a minimal distance, solved exactly by pooling neighbours that collide.
"""

from collections.abc import Sequence

from pipeline.errors import ReportError


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> tuple[float, ...]:
    """Positions at least ``gap`` apart within ``low`` to ``high``, in the order of ``wanted``.

    The sum of squared distances from ``wanted`` is the least possible; ties keep their order.
    Where there is not room for all, the gap shrinks to what there is.

    Raises:
        ReportError: ``low`` is above ``high``.
    """
    if low > high:
        raise ReportError(f"labels cannot be placed between {low} and {high}")
    if not wanted:
        return ()
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    # Without the steps of one gap each, "apart" becomes "not falling": isotonic regression.
    level = _not_falling([wanted[i] - rank * gap for rank, i in enumerate(order)])
    top = high - (len(wanted) - 1) * gap
    placed = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        placed[i] = min(max(level[rank], low), max(top, low)) + rank * gap
    return tuple(placed)


def _not_falling(values: Sequence[float]) -> list[float]:
    """The nearest sequence (least squares) that never falls: pool adjacent violators."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, size = value, 1
        while pools and pools[-1][0] > mean:
            before, count = pools.pop()
            mean, size = (mean * size + before * count) / (size + count), size + count
        pools.append((mean, size))
    return [mean for mean, size in pools for _ in range(size)]
