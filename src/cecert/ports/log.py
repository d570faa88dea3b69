"""The port behind which the log of an office is kept: its leaves, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from cecert.domain.log.index import Tick

__all__ = ["Log"]


class Log(Protocol):
    """The leaves of a provider's log; what has a place is never changed or moved.

    Leaves about certificates are added by the ledger, in the transaction of each act.
    """

    def size(self) -> int:
        """Return how many leaves there are."""
        ...

    def leaf(self, position: int) -> bytes | None:
        """Return the leaf at a place, counted from 0; None if there is none."""
        ...

    def leaves(self, start: int = 0) -> Iterator[bytes]:
        """Yield the leaves from a place on, a few at a time; what is added meanwhile too."""
        ...

    def add_tick(self, position: int, tick: Tick) -> bool:
        """Add a tick as the leaf at *position*; say False, and add nothing, if one is there."""
        ...

    def adopt(self, position: int, leaves: Sequence[bytes]) -> None:
        """Take back leaves that were published and that this log has forgotten.

        Args:
            position: Of the first, which is the log's next.
            leaves: As they were published, in their order.

        Raises:
            LedgerError: If others were added meanwhile; none of these is then.
            ValueError: If one is no leaf of this log; none of them is added.
        """
        ...
