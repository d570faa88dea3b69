"""When what the office publishes was issued, against the clock of whoever verifies.

A trust file, a status list and a re-attested list say when they were issued. One that says
a later time than it is was signed under a clock that was ahead, or waits for somebody to
keep it: either way it would stand in the way of every true one until that time comes
(docs/spec/token.md W7).
"""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["CLOCK_TOLERANCE", "LONGEST_ROLLBACK", "is_ahead", "issue_date"]

CLOCK_TOLERANCE = 300
"""Seconds a verifier's clock may be behind the issuer's."""

LONGEST_ROLLBACK = 86_400
"""Seconds between an older status list and the one that is known, within which hosts may differ."""


def is_ahead(issued_at: int, now: int) -> bool:
    """Say whether what was issued at *issued_at* cannot have been issued yet (seconds UTC)."""
    return issued_at > now + CLOCK_TOLERANCE


def issue_date(second: int) -> str:
    """Return an instant for a sentence; seconds that no calendar has, as they are.

    >>> issue_date(1_604_588_400)
    '2020-11-05 15:00:00 UTC'
    """
    try:
        return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (ValueError, OverflowError, OSError):
        return f"second {second}"
