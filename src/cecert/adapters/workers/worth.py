"""How many workers are worth their start."""

from __future__ import annotations

import os

__all__ = ["MOST_WORKERS", "cores", "workers_worth"]

MOST_WORKERS = 256
"""Processes that may be asked for: more than machines have cores, and few enough to be started."""

START = 1.0
"""Seconds of the processor that a worker takes until it works: Python, libraries, keys."""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # a container has fewer than its machine
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def workers_worth(asked: int | None, pieces: int, seconds: float, start: float = START) -> int:
    """Return how many workers to start; 1 stands for this process alone.

    Args:
        asked: What a person asked for, which is obeyed; None for what is best here.
        pieces: Pieces of work there are.
        seconds: What one takes, roughly.
        start: What a worker takes before it works.

    Returns:
        The machine's cores, but no more than have twice their start to do each, and no
        more than there are pieces.
    """
    worth = cores() if asked is None else asked
    if asked is None:
        worth = min(worth, int(pieces * seconds / (2 * start)))
    return max(1, min(worth, pieces))
