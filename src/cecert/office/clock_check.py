"""Whether this machine's clock can be right: what the office has was not made tomorrow.

An office that issues, signs or publishes under a clock that is ahead makes things that
verifiers refuse until that time comes. It cannot know at that moment; it can when the
clock is right again, and says so before more is made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cecert.domain.trust.issue_dates import is_ahead, issue_date
from cecert.ports import Clock

__all__ = ["ClockCheck"]


class ClockCheck:
    """Compares what was made before with the clock, and warns once of each thing."""

    def __init__(self, warn: Callable[[str], None] | None) -> None:
        """Take who is told; None tells nobody."""
        self._warn = warn
        self._told: set[str] = set()

    def against(self, what: str, newest: datetime | None, clock: Clock, remedy: str) -> None:
        """Warn if something lies more than 300 s ahead.

        Args:
            what: What the office has: its ledger, its trust file.
            newest: The latest instant in it; None if there is none.
            clock: This machine's.
            remedy: What to do if this clock is right.
        """
        if self._warn is None or newest is None or what in self._told:
            return
        made, now = int(newest.timestamp()), int(clock.now().timestamp())
        if is_ahead(made, now):
            self._told.add(what)
            self._warn(
                f"{what} says {issue_date(made)}, and this clock {issue_date(now)}: look at this "
                f"clock; if it is right, it was ahead then, and {remedy}"
            )
