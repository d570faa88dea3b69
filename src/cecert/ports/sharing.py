"""The port by which several runs over one list share the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Share", "Taken", "Work"]


@dataclass(frozen=True, slots=True)
class Work:
    """A certificate that is to be made, as others would claim it too.

    Attributes:
        participant: Whose.
        credentials: Of its credit lines.
    """

    participant: str
    credentials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What of some work is this run's now, and what nobody need do any more.

    Attributes:
        own: What this run makes before it asks again: places in what was wanted, counted from 0.
        done: What another run entered meanwhile: places likewise, counted from 0.
    """

    own: tuple[int, ...]
    done: tuple[int, ...] = ()


class Share(Protocol):
    """Says what of a list this run makes, where others may be at work on it too.

    While it is alone nothing is written anywhere.
    """

    @property
    def owner(self) -> str:
        """Under what name it claims; "" while it is alone."""
        ...

    def take(self, wanted: Sequence[Work], most: int) -> Taken:
        """Take at most *most* of what is *wanted*; wait where others are at all of it.

        Raises:
            LedgerError: If the ledger cannot be read or written.
        """
        ...
