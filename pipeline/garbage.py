"""How often Python looks for garbage in a process that makes an edition and ends."""

import atexit
import gc
from typing import Final

FEW_COLLECTIONS: Final = (50_000, 20, 100)
"""Thresholds: libraries and tables are many objects and few cycles."""


def collect_seldom() -> None:
    """Look for cycles seldom, and not at all when the process ends."""
    gc.set_threshold(*FEW_COLLECTIONS)
    atexit.register(gc.freeze)
