"""Ports to time and chance."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

__all__ = ["Clock", "Randomness"]


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """Return the present instant, UTC, aware."""
        ...


class Randomness(Protocol):
    """Chooses by chance; status slots must not follow the order of issue."""

    def below(self, bound: int) -> int:
        """Return a uniform integer in [0, *bound*)."""
        ...
