"""When a retired key's window ends: soon after its retirement, and after all that it issued.

Who copied a retired key could else go on signing until the window that it was made with is
over, up to 400 days later. What the office's ledger holds was issued, though, also where
another machine still had the key; so no end lies before an issue that is entered.
"""

from __future__ import annotations

__all__ = ["UNDERWAY", "last_second"]

UNDERWAY = 600
"""Seconds for what was being issued when the key was retired."""


def last_second(not_before: int, not_after: int, retired: int, newest: int | None) -> int:
    """Return the last second of a retired key's window (seconds UTC, inclusive).

    Args:
        not_before: First second of the window that the key was made with.
        not_after: Its last second, which is never passed.
        retired: When it was retired.
        newest: The newest issue by it that the ledger holds; None if there is none.

    >>> last_second(0, 9_000, 5_000, None), last_second(0, 9_000, 5_000, 6_000)
    (5600, 6600)
    """
    end = max(retired, retired if newest is None else newest) + UNDERWAY
    return min(max(end, not_before + 1), not_after)
