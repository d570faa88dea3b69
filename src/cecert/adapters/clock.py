"""What the machine gives: the time of its clock, and chance from the operating system."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

__all__ = ["SystemClock", "SystemRandomness"]


class SystemClock:
    """Tells the machine's time."""

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return datetime.now(UTC)


class SystemRandomness:
    """Chooses by the system's cryptographic generator: nobody can follow the slots."""

    def below(self, bound: int) -> int:
        """Return a uniform integer in [0, *bound*)."""
        return secrets.randbelow(bound)
